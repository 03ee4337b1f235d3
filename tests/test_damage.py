"""Words and vectors damaged on disk: said by `verify`, done without by searches with a notice, mended by `rebuild`."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import CountingEncoder

from assistant import Assistant
from index import vectors
from index.errors import Damaged
from index.index import Index
from index.stores import NO_VECTORS, NO_VECTORS_YET, NO_WORDS, Stores
from index.vectors import Floats, Vectors
from index.words import Words

TOWNS = ("Lowmarsh", "Highmarsh", "Saltby", "Fenwick", "Oakholm", "Reedham", "Thornsea", "Millport")
STORY = "The night ferry to {town} stops on Friday. The mayor of {town} said that the engine room flooded twice."
QUESTION = "Which ferry stops at Saltby?"


@pytest.fixture(autouse=True)
def _graph_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chroma writes its graph at two vectors instead of a thousand."""
    monkeypatch.setitem(vectors.GRAPH, "sync_threshold", 2)
    monkeypatch.setitem(vectors.GRAPH, "batch_size", 2)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A collection of eight articles, closed."""
    (tmp_path / "articles").mkdir()
    for town in TOWNS:
        (tmp_path / "articles" / f"{town}.txt").write_text(STORY.format(town=town))
    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        index.add([tmp_path / "articles"])
    yield tmp_path / "news"


Damage = Callable[[Path], None]


def deleted(file: Path) -> None:
    file.unlink()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flipped(file: Path) -> None:
    written = bytearray(file.read_bytes())
    written[len(written) // 3] ^= 16
    file.write_bytes(written)


def found(index: Index) -> list[tuple[str, str]]:
    return [(Path(hit.article.id).stem, hit.found) for hit in index.search(QUESTION, 2)]


WORD_FILES = ("*.term", "*.idx", "*.pos", "*.fast", "*.fieldnorm")
GRAPH_FILES = ("data_level0.bin", "header.bin", "length.bin", "index_metadata.pickle")


@pytest.mark.parametrize("damage", [deleted, emptied, truncated, flipped])
@pytest.mark.parametrize("files", [WORD_FILES, ("meta.json",)], ids=["segment", "meta"])
def test_damaged_words_are_reported_and_done_without_and_made_again(
    folder: Path, damage: Damage, files: tuple[str, ...]
) -> None:
    for pattern in files:
        for file in (folder / "words").glob(pattern):
            damage(file)
    encoder = CountingEncoder()
    with Index.open(folder, encoder) as index:
        assert [finding.store for finding in index.verify()] == ["words"]
        assert found(index)[0] == ("Saltby", "meaning")
        answer = Assistant(index).ask(QUESTION)
        assert (answer.refused, answer.notices) == (False, (NO_WORDS,))
        index.rebuild()
        assert (index.verify(), found(index)[0], index.notices(), encoder.texts_read) == ([], ("Saltby", "both"), [], 0)


@pytest.mark.parametrize("damage", [deleted, emptied, truncated, flipped])
@pytest.mark.parametrize("name", GRAPH_FILES)
def test_a_damaged_graph_is_reported_and_done_without_and_made_again(folder: Path, damage: Damage, name: str) -> None:
    (graph,) = (folder / "vectors").glob(f"*/*/{name}")
    damage(graph)
    encoder = CountingEncoder()
    with Index.open(folder, encoder) as index:
        (finding,) = index.verify()
        assert finding.store == "vectors"
        assert "of its graph is not as it was made" in finding.what
        assert found(index)[0] == ("Saltby", "both")
        answer = Assistant(index).ask(QUESTION)
        assert (answer.refused, answer.notices) == (False, (NO_VECTORS,))
        index.rebuild()
        assert (index.verify(), found(index)[0], index.notices(), encoder.texts_read) == ([], ("Saltby", "both"), [], 0)


def without_folder(store: Path) -> None:
    shutil.rmtree(store)


def without_graph(store: Path) -> None:
    (graph,) = (path for path in store.iterdir() if path.is_dir())
    shutil.rmtree(graph)


def without_database(store: Path) -> None:
    (store / "chroma.sqlite3").unlink()


def with_half_a_database(store: Path) -> None:
    truncated(store / "chroma.sqlite3")


def with_an_empty_database(store: Path) -> None:
    emptied(store / "chroma.sqlite3")


def with_rubbish_in_the_seal(store: Path) -> None:
    (store / "seal.json").write_text("{")


@pytest.mark.parametrize(
    "damage",
    [
        without_folder,
        without_graph,
        without_database,
        with_half_a_database,
        with_an_empty_database,
        with_rubbish_in_the_seal,
    ],
)
def test_a_damaged_store_of_vectors_is_never_taken_for_an_empty_one(folder: Path, damage: Damage) -> None:
    (store,) = (path for path in (folder / "vectors").iterdir() if path.is_dir())
    damage(store)
    with Index.open(folder, CountingEncoder()) as index:
        assert [finding.store for finding in index.verify()] == ["vectors"]
        assert found(index)[0] == ("Saltby", "both")
        assert index.notices() == [NO_VECTORS]
        index.rebuild()
        assert (index.verify(), found(index)[0], index.notices()) == ([], ("Saltby", "both"), [])


def test_vectors_that_are_not_the_archives_are_reported(folder: Path) -> None:
    with sqlite3.connect(folder / "archive.sqlite") as archive:
        archive.execute("UPDATE embeddings SET vector = zeroblob(length(vector)) WHERE rowid = 3")
    with Index.open(folder, CountingEncoder()) as index:
        (finding,) = index.verify()
    assert (finding.store, finding.what) == ("vectors", "1 passages have another vector than in the archive")


def test_with_words_and_vectors_gone_meaning_is_still_searched_in_the_archive(folder: Path) -> None:
    shutil.rmtree(folder / "words")
    shutil.rmtree(folder / "vectors")
    with Index.open(folder, CountingEncoder()) as index:
        assert found(index)[0] == ("Saltby", "meaning")
        assert index.notices() == [NO_WORDS, NO_VECTORS]


def test_what_needs_the_words_themselves_says_that_they_are_damaged(folder: Path) -> None:
    shutil.rmtree(folder / "words")
    with Index.open(folder, CountingEncoder()) as index, pytest.raises(Damaged, match=r"words at .* are missing"):
        index.scan("ferry")


def test_words_answer_while_another_thread_opens_the_vectors(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Index.open(folder, CountingEncoder()) as index:
        met: list[tuple[str, list[str]]] = []

        class Slow(Vectors):
            def __init__(self, path: Path) -> None:
                if not met:  # as a search in another thread would come in now
                    met.append((found(index)[0][1], index.notices()))
                super().__init__(path)

        monkeypatch.setattr("index.stores.Vectors", Slow)
        assert found(index)[0] == ("Saltby", "both")
        assert met == [("words", [NO_VECTORS_YET])]
        assert (index.notices(), Stores(folder, index._archive).notices()) == ([], [])


def test_vectors_that_went_under_a_search_take_no_newer_ones_with_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(folder, CountingEncoder()) as index:
        found(index)
        old, newer, whole = index._stores._vectors, list[Vectors | None](), Vectors.search

        def replaced_meanwhile(store: Vectors, vector: Floats, limit: int) -> list[tuple[int, float]]:
            if store is not old:
                return whole(store, vector, limit)
            index.rebuild()
            found(index)  # opens the newer ones
            newer.append(index._stores._vectors)
            raise Damaged("The vectors are missing.")

        monkeypatch.setattr(Vectors, "search", replaced_meanwhile)
        assert found(index)[0] == ("Saltby", "both")
        assert newer == [index._stores._vectors] != [old]


@pytest.mark.parametrize(("key", "off"), [("max_doc", 1), ("max_doc", -1), ("max_doc", 2**31), ("num_deleted_docs", 1)])
def test_a_list_of_words_with_another_count_is_reported_before_it_can_end_the_process(
    folder: Path, key: str, off: int
) -> None:
    listed = folder / "words" / "meta.json"
    with Index.open(folder, CountingEncoder()) as index:
        index._stores.words.change([next(iter(index._archive.keys()))], [])
    written = listed.read_text()
    listed.write_text(re.sub(rf'("{key}": )(\d+)', lambda found: f"{found[1]}{int(found[2]) + off}", written))
    assert listed.read_text() != written
    with pytest.raises(Damaged, match=r"meta.json counts other passages than"):
        Words(folder / "words")
