"""The record of truth: what goes in comes out equal, in whole transactions, for any number of threads and values."""

from __future__ import annotations

import datetime as dt
import gc
import resource
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.archive import Archive
from index.errors import UnknownArticle, WhenceError
from index.records import Article, Aside, Credit, Origin, Passage, Query
from index.rows import digest
from index.splitter import passages
from index.stages import sight, stemmed

STORY = "The harbour froze. Nobody skated."


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    Archive.create(tmp_path / "archive.sqlite")
    archive = Archive(tmp_path / "archive.sqlite")
    yield archive
    archive.close()


def keep(archive: Archive, article: Article, parts: list[Passage] | None = None) -> int:
    """Put the article with its passages; returns its number."""
    parts = passages(article) if parts is None else parts
    with archive.writing():
        number = archive.put(article, digest(article))
        archive.split(
            number, parts, [f"hash of {part.text}" for part in parts], [stemmed(sight(part)) for part in parts]
        )
    return number


def one_sentence_each(article: Article) -> list[Passage]:
    return passages(article, limit=1 + max(len(line) for line in article.text.splitlines()))


@pytest.mark.parametrize(
    "published",
    [None, dt.date(2016, 2, 29), dt.datetime(2016, 2, 29, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))],
)
def test_an_article_comes_out_as_it_went_in(archive: Archive, published: dt.date | None) -> None:
    article = Article(
        id="öl/1",
        text="Byline\n\n" + STORY + "\n\xa0😀",
        url="https://example.org/1",
        title="Cold",
        outlet="CNN",
        author="A. Writer",
        published=published,
        dated="inferred",
        window=(dt.date(2016, 2, 1), dt.date(2016, 3, 1)),
        wire="Reuters",
        language="en",
        asides=(Aside("byline", 0, 6),),
        origin=Origin("news.zip", "a.jsonl", 7, "ab12"),
    )
    keep(archive, article)
    assert archive.article("öl/1") == article


def test_passages_and_credits_come_out_as_they_went_in(archive: Archive) -> None:
    article = Article(id="a", text=STORY + "\n\n" + STORY * 40)
    number = keep(archive, article)
    credit = Credit("a", 1, ((4, 11),), ((12, 17),), ((0, 3), (19, 25)), "Nobody", "person", "quote", ((0, 18),), 0.5)
    with archive.writing():
        archive.credit(number, [credit])
    assert archive.passages("a", 1) == passages(article)
    assert archive.credits("a", 1) == [credit]


def test_an_unknown_article_is_named(archive: Archive) -> None:
    with pytest.raises(UnknownArticle, match=r"There is no article 'a' in this collection"):
        archive.article("a")
    with pytest.raises(UnknownArticle, match=r"There is no revision 2 of article 'a'"):
        archive.article("a", 2)


def test_what_is_interrupted_leaves_nothing_and_the_generation_as_it_was(archive: Archive) -> None:
    keep(archive, Article(id="a", text=STORY))
    with pytest.raises(KeyboardInterrupt), archive.writing():
        archive.put(Article(id="b", text=STORY), "a digest")
        raise KeyboardInterrupt
    assert (archive.generation, [article.id for article in archive.articles()]) == (1, ["a"])
    keep(archive, Article(id="b", text=STORY))
    assert archive.generation == 2


def test_a_full_disk_is_told_and_ends_the_transaction(archive: Archive) -> None:
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, unlimited[1]))
    try:
        with pytest.raises(WhenceError, match=r"cannot be used: .*See that its disk has room"):
            keep(archive, Article(id="a", text=STORY * 50_000), [])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    keep(archive, Article(id="a", text=STORY))
    assert archive.article("a").text == STORY


def test_a_snapshot_does_not_see_what_another_thread_commits(archive: Archive) -> None:
    keep(archive, Article(id="a", text=STORY))
    with archive.reading():
        assert archive.generation == 1
        writer = threading.Thread(target=keep, args=(archive, Article(id="b", text=STORY)))
        writer.start()
        writer.join()
        with archive.reading():
            assert [article.id for article in archive.articles()] == ["a"]
    assert [article.id for article in archive.articles()] == ["a", "b"]


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files as Linux shows them")
def test_a_thread_that_ended_leaves_no_file_open(archive: Archive) -> None:
    def open_files() -> int:  # of the log: SQLite keeps the others for its next connection
        gc.collect()
        return sum(str(entry.resolve()).endswith("archive.sqlite-wal") for entry in Path("/proc/self/fd").iterdir())

    archive.counts()
    before = open_files()
    for _ in range(20):
        reader = threading.Thread(target=archive.counts)
        reader.start()
        reader.join()
    assert open_files() == before


def test_shrinking_empties_the_log(archive: Archive) -> None:
    keep(archive, Article(id="a", text=STORY))
    assert archive.path.with_name("archive.sqlite-wal").stat().st_size > 0
    assert archive.shrink()
    assert archive.path.with_name("archive.sqlite-wal").stat().st_size == 0


def test_more_values_than_sqlite_has_variables_are_looked_up_at_once(archive: Archive) -> None:
    number = keep(archive, Article(id="a", text=STORY))
    assert list(archive.numbered(range(300_000))) == [number]


def test_a_passage_is_found_and_the_stems_around_it_are_told(archive: Archive) -> None:
    article = Article(id="a", text="\n\n".join(f"Pier {i} is closed for good." for i in range(6)))
    number = keep(archive, article, parts := one_sentence_each(article))
    assert {stored.passage for stored in archive.found([parts[0].key, parts[3].key])} == {parts[0], parts[3]}
    stems = archive.stems([parts[0].key, parts[3].key])
    assert {place: one.tolist() for place, one in stems.items()} == {
        (number, i): stemmed(sight(parts[i])).tolist() for i in (0, 1, 2, 3, 4)
    }


def test_passages_that_left_are_leftovers_of_both_stores_and_not_given_any_more(archive: Archive) -> None:
    old = Article(id="a", text=STORY)
    keep(archive, old)
    keep(archive, Article(id="a", revision=2, text="It thawed."))
    (gone,) = passages(old)
    assert archive.found([gone.key]) == []
    assert archive.leftovers("words") == archive.leftovers("vectors") == [gone.key]
    with archive.writing():
        archive.swept("words", [gone.key])
    assert (archive.leftovers("words"), archive.leftovers("vectors")) == ([], [gone.key])


def test_texts_that_several_passages_share_are_told_and_others_left_out(archive: Archive) -> None:
    for id_, text, outlet in (("a", STORY, "CNN"), ("b", STORY, "NPR"), ("c", "It thawed.", "CNN")):
        keep(archive, Article(id=id_, text=text, outlet=outlet))
    asked = [f"hash of {STORY}", "hash of It thawed.", "hash of nothing"]
    alike = archive.alike(asked, Query(""))
    assert {text: [s.article.id for s in those] for text, those in alike.items()} == {f"hash of {STORY}": ["a", "b"]}
    assert archive.alike(asked, Query("", outlets=("CNN",))) == {}


def test_stages_are_missing_until_they_are_marked(archive: Archive) -> None:
    one, two = (keep(archive, Article(id=id_, text=STORY)) for id_ in "ab")
    assert archive.missing("words") == [one, two]
    assert archive.missing("words", 1) == [one]
    with archive.writing():
        archive.mark("words", [one])
    assert (archive.missing("words"), archive.missing("encoded"), archive.waiting("words")) == ([two], [one, two], 1)
    with archive.writing():
        archive.unmark("words")
    assert archive.missing("words") == [one, two]


def test_vectors_come_with_the_keys_they_belong_to(archive: Archive) -> None:
    article = Article(id="a", text="\n\n".join(f"Pier {i} is closed for good." for i in range(4)))
    number = keep(archive, article, parts := one_sentence_each(article))
    with archive.writing():
        archive.embed((f"hash of {p.text}", np.array([p.number, 1], np.float32), b"packed") for p in parts[:3])
    keys, rows = archive.vectors([number])
    assert dict(zip(keys.tolist(), rows.tolist(), strict=True)) == {p.key: [p.number, 1] for p in parts[:3]}
    assert archive.embedded(f"hash of {p.text}" for p in parts) == {f"hash of {p.text}" for p in parts[:3]}
    assert [len(part) for part in archive.vectors([])] == [0, 0]


def test_an_embedding_goes_with_the_last_passage_that_has_its_text(archive: Archive) -> None:
    for id_ in "ab":
        keep(archive, Article(id=id_, text=STORY))
    with archive.writing():
        archive.embed([(f"hash of {STORY}", np.ones(2, np.float32), b"packed")])
        archive.remove(["a"])
    assert archive.embedded([f"hash of {STORY}"]) == {f"hash of {STORY}"}
    with archive.writing():
        archive.remove(["b"])
    assert archive.embedded([f"hash of {STORY}"]) == set()
