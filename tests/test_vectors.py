"""Passages by their meaning: stores that are never changed, only followed by others."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import vectors
from index.errors import Damaged
from index.vectors import Floats, Vectors, discard, drafted

EAST, NORTH, UP = np.eye(3, dtype=np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vectors"


@pytest.fixture
def first(folder: Path) -> str:
    """A store with three vectors, by name."""
    with drafted(folder, None) as (name, store):
        store.put([1, 2, 3], np.stack([EAST, NORTH, UP]))
    return name


@pytest.fixture
def opened(folder: Path, first: str) -> Iterator[Vectors]:
    store = Vectors(folder / first)
    yield store
    store.close()


def tilted(cosine: float) -> Floats:
    """A unit vector that far from EAST, towards NORTH."""
    vector: Floats = np.float32(cosine) * EAST + np.float32((1 - cosine**2) ** 0.5) * NORTH
    return vector


def test_the_nearest_come_first_with_their_cosines(opened: Vectors) -> None:
    found = opened.search(tilted(0.8), 2)
    assert [key for key, _ in found] == [1, 2]
    assert [cosine for _, cosine in found] == pytest.approx([0.8, 0.6], abs=1e-6)


def test_asking_for_more_than_there_is_gives_all(opened: Vectors) -> None:
    assert sorted(key for key, _ in opened.search(EAST, 80)) == [1, 2, 3]


def test_an_empty_store_finds_nothing(folder: Path) -> None:
    with drafted(folder, None) as (_, store):
        assert (store.search(EAST, 5), store.keys()) == ([], [])


def test_a_draft_holds_its_base_with_the_changes_and_leaves_the_base_alone(
    folder: Path, first: str, opened: Vectors
) -> None:
    with drafted(folder, first) as (name, store):
        store.drop([2, 99])
        store.put([3, 4], np.stack([EAST, NORTH]))
    second = Vectors(folder / name)
    assert sorted(second.keys()) == [1, 3, 4]
    assert sorted(key for key, _ in second.search(EAST, 2)) == [1, 3]
    assert sorted(opened.keys()) == [1, 2, 3]
    assert [key for key, _ in opened.search(UP, 1)] == [3]
    second.close()


def test_a_draft_that_fails_leaves_nothing(folder: Path, first: str) -> None:
    with pytest.raises(KeyboardInterrupt), drafted(folder, first) as (_, store):
        store.drop([1])
        raise KeyboardInterrupt
    assert {entry.name for entry in folder.iterdir()} == {first, "lock"}


def test_discarding_keeps_one_store_and_those_opened_before_can_be_searched(
    folder: Path, first: str, opened: Vectors
) -> None:
    (folder / "half-made").mkdir()
    with drafted(folder, first) as (name, store):
        store.drop([1])
    discard(folder, keep=name)
    assert {entry.name for entry in folder.iterdir()} == {name, "lock"}
    assert [key for key, _ in opened.search(EAST, 1)] == [1]


def test_more_vectors_than_chroma_takes_at_once_go_in(folder: Path) -> None:
    angles = np.linspace(0, 1, 6_000, dtype=np.float32)
    with drafted(folder, None) as (_, store):
        store.put(range(6_000), np.stack([np.cos(angles), np.sin(angles)], axis=1))
        assert sorted(store.keys()) == list(range(6_000))
        store.drop(range(5_999))
        assert store.keys() == [5_999]


def test_a_folder_opened_twice_is_open_until_both_have_closed_it(folder: Path, first: str) -> None:
    one, two = Vectors(folder / first), Vectors(folder / first)
    one.close()
    assert len(two.search(EAST, 3)) == 3
    two.close()


def test_threads_may_open_search_and_close_at_once(folder: Path, first: str) -> None:
    def nearest(_: int) -> int:
        store = Vectors(folder / first)
        found = store.search(NORTH, 1)
        store.close()
        return found[0][0]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(nearest, range(24))) == [2] * 24


def test_behind_the_last_vector_of_a_store_its_graph_holds_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vectors.GRAPH, "sync_threshold", 2)  # Chroma writes its graph at two vectors
    monkeypatch.setitem(vectors.GRAPH, "batch_size", 2)
    with drafted(folder, None) as (name, store):
        store.put([1, 2, 3], np.stack([EAST, NORTH, UP]))
    (graph,) = (folder / name).glob("*/data_level0.bin")
    whole, size = graph.read_bytes(), 132 + 3 * 4 + 8  # links, three numbers, a label
    held = [np.frombuffer(whole[place * size + 132 :][:12], np.float32).tolist() for place in range(3)]
    assert sorted(held) == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert not whole[3 * size :].strip(b"\0")


def test_a_missing_store_is_told_and_not_made(folder: Path) -> None:
    with pytest.raises(Damaged, match=r"The vectors at .*none are missing\. Run `whence rebuild`"):
        Vectors(folder / "none")
    with (
        pytest.raises(Damaged, match=r"The vectors at .*none are missing\. Run `whence rebuild`"),
        drafted(folder, "none"),
    ):
        pass
    assert not (folder / "none").exists()


def test_rubbish_in_place_of_the_database_is_told(folder: Path, first: str) -> None:
    (folder / first / "chroma.sqlite3").write_bytes(b"rubbish" * 1_000)
    with pytest.raises(Damaged, match=r"The vectors at .* cannot be used \(.*file is not a database"):
        Vectors(folder / first)


def test_vectors_of_other_dimensions_are_told(opened: Vectors) -> None:
    with pytest.raises(Damaged, match="dimension"):
        opened.search(np.ones(4, np.float32), 1)
