"""Articles whose run ended when they were kept and not yet split: whatever runs next, none of them is lost."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import CountingEncoder

from index import stages
from index.index import Index

FERRY = {"id": "ferry", "text": "The night ferry to Lowmarsh stops on Friday."}
MUSEUM = {"id": "museum", "text": "The museum found a map under a staircase."}
BRIDGE = {"id": "bridge", "text": "Engineers closed the bridge after a crack appeared."}
EMPTY = {"id": "empty", "text": "Subscribe now"}


def add(index: Index, *articles: dict[str, str]) -> None:
    index.add(["-"], stdin=io.BytesIO("\n".join(map(json.dumps, articles)).encode()))


def add_anew(index: Index, article: dict[str, str]) -> None:
    index.remove([article["id"]])
    add(index, article)


@pytest.fixture
def broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """A collection that holds the bridge, and to which ferry and museum had just been added when the run ended."""

    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        add(index, BRIDGE)
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(stages, "split", ended)
            add(index, FERRY, MUSEUM)
        yield index


def test_what_was_kept_is_in_the_collection_before_it_is_split(broken_off: Index) -> None:
    assert [article.id for article in broken_off.articles()] == ["bridge", "ferry", "museum"]
    assert (broken_off.passages("ferry"), broken_off.status().unfinished) == ([], 2)
    assert [hit.article.id for hit in broken_off.search("ferry museum bridge")] == ["bridge"]


@pytest.mark.parametrize(
    "then",
    [
        lambda index: add(index, EMPTY),
        lambda index: add(index, FERRY | {"text": "The night ferry sails again."}),
        lambda index: index.rebuild(),
        lambda index: index.rebuild(encode=True),
        lambda index: add_anew(index, BRIDGE),
        lambda index: add_anew(index, MUSEUM),
    ],
)
def test_what_was_kept_and_not_split_is_found_after_the_next_run(
    broken_off: Index, then: Callable[[Index], None]
) -> None:
    then(broken_off)
    assert {hit.article.id for hit in broken_off.search("ferry museum bridge")} == {"bridge", "ferry", "museum"}
    assert (broken_off.verify(), broken_off.status().unfinished) == ([], 0)
    assert len(broken_off.passages("ferry")) == 1


def test_a_removal_leaves_what_is_not_split_to_the_next_run(broken_off: Index) -> None:
    broken_off.remove(["bridge"])
    assert (broken_off.search("ferry"), broken_off.status().unfinished) == ([], 2)
