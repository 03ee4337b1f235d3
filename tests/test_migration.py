"""A collection that an older version wrote: read as it is, made one of this version by the next writer."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pytest
from fakes import CountingEncoder

from index.index import Index
from index.records import Hit
from index.schema import SCHEMA

ARTICLES = [
    {"id": "ferry", "outlet": "CNN", "published": "2016-03-02", "text": "The night ferry stops on Friday. It flooded."},
    {"id": "bridge", "outlet": "NPR", "text": "Engineers closed the harbour bridge. Traffic now crosses by ferry."},
]
QUESTIONS = ("Who closed the harbour bridge?", "When does the night ferry stop?", "flooded")

THIRD_SCHEMA = """
ALTER TABLE passages DROP COLUMN stems;
ALTER TABLE passages ADD COLUMN stems TEXT NOT NULL DEFAULT '';
UPDATE passages SET stems = ' the harbour bridg is close ';
UPDATE meta SET value = '3' WHERE name = 'schema';
"""
"""What the third version's file was like where it differs from today's: stems were text."""

SECOND_SCHEMA = f"""
{THIRD_SCHEMA}
DROP TABLE pages;
DROP TABLE marks;
DROP TABLE prints;
DROP TABLE pairs;
UPDATE meta SET value = '2' WHERE name = 'schema';
"""
"""What the second version's file was like where it differs from the third's: these were made when first wanted."""

FIRST_SCHEMA = f"""
{SECOND_SCHEMA}
DROP INDEX articles_by_outlet;
CREATE INDEX articles_by_outlet ON articles (live, outlet);
CREATE TABLE old (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    number INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    sentences TEXT NOT NULL, folded TEXT NOT NULL
);
INSERT INTO old SELECT key, article, number, start, end, sentences, folded FROM passages;
DROP TABLE passages;
ALTER TABLE old RENAME TO passages;
CREATE INDEX passages_by_article ON passages (article, number);
CREATE INDEX passages_by_folded ON passages (folded);
UPDATE meta SET value = '1' WHERE name = 'schema';
"""
"""What the first version's file was like where it differs from the second's: passages had no stems."""


@pytest.fixture(params=["1", "2", "3"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path, version: str) -> Path:
    """A collection with the tables of that version."""
    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        add(index)
    with sqlite3.connect(tmp_path / "news" / "archive.sqlite") as archive:
        archive.executescript({"1": FIRST_SCHEMA, "2": SECOND_SCHEMA, "3": THIRD_SCHEMA}[version])
    archive.close()
    return tmp_path / "news"


def add(index: Index) -> None:
    index.add(["-"], stdin=io.BytesIO("\n".join(map(json.dumps, ARTICLES)).encode()))


def asked(index: Index) -> list[list[tuple[str, int, float]]]:
    def told(hit: Hit) -> tuple[str, int, float]:
        return hit.article.id, hit.passage.start, round(hit.score, 5)

    return [[told(hit) for hit in index.search(question)] for question in QUESTIONS]


def schema(folder: Path) -> str:
    with sqlite3.connect(folder / "archive.sqlite") as archive:
        ((found,),) = archive.execute("SELECT value FROM meta WHERE name = 'schema'").fetchall()
    archive.close()
    return str(found)


def test_a_reader_searches_an_older_collection_and_leaves_it_as_it_is(
    folder: Path, version: str, tmp_path: Path
) -> None:
    with Index.open(tmp_path / "today", CountingEncoder()) as today, Index.open(folder, CountingEncoder()) as index:
        add(today)
        assert asked(index) == asked(today)
        assert (index.verify(), index.copies()) == ([], [])
    assert schema(folder) == version


def test_the_next_writer_migrates_it_and_nothing_is_encoded_again(folder: Path, tmp_path: Path) -> None:
    encoder = CountingEncoder()
    with Index.open(tmp_path / "today", CountingEncoder()) as today, Index.open(folder, encoder) as index:
        add(today)
        add(index)
        assert (index.fingerprint, asked(index), index.verify()) == (today.fingerprint, asked(today), [])
    assert (schema(folder), encoder.texts_read) == (str(SCHEMA), 0)


def test_a_reader_that_had_it_open_meanwhile_goes_on(folder: Path) -> None:
    with Index.open(folder, CountingEncoder()) as reader, Index.open(folder, CountingEncoder()) as writer:
        before = asked(reader)
        writer.remove(["nothing"])
        assert schema(folder) == str(SCHEMA)
        assert asked(reader) == asked(writer) == before


@pytest.mark.parametrize("version", ["1"], indirect=True)
def test_a_migration_that_was_interrupted_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(seen: object) -> str:
        raise KeyboardInterrupt

    with Index.open(folder, CountingEncoder()) as index:
        before = asked(index)
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr("index.stages.stemmed", broken)
            index.remove(["nothing"])
        assert (schema(folder), asked(index)) == ("1", before)
        index.remove(["nothing"])
        assert (schema(folder), asked(index)) == (str(SCHEMA), before)
