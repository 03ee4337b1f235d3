"""What was removed is in no file of the collection any longer: neither its words nor its vectors."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import CountingEncoder

from index import vectors
from index.index import Index
from index.vectors import Vectors

STORY = "The night ferry to {town} stops on Friday. The mayor of {town} said that engine {town} flooded twice."
TOWNS = ("Lowmarsh", "Highmarsh", "Saltby", "Fenwick", "Oakholm", "Reedham")


def holding(folder: Path, content: bytes) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.is_file() and content in file.read_bytes()]


def test_a_removed_article_s_vectors_are_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vectors.GRAPH, "sync_threshold", 2)  # Chroma writes its graph at two vectors
    monkeypatch.setitem(vectors.GRAPH, "batch_size", 2)
    for town in TOWNS:
        (tmp_path / f"{town}.txt").write_text(STORY.format(town=town))
    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        index.add([tmp_path / f"{town}.txt" for town in TOWNS])
        gone = (tmp_path / "Saltby.txt").as_posix()
        (passage,) = index.passages(gone)
        (store,) = (path for path in (tmp_path / "news" / "vectors").iterdir() if path.is_dir())
        opened = Vectors(store)
        ((_, [row]),) = opened.rows([passage.key])
        opened.close()
        assert holding(tmp_path / "news", row.tobytes())
        index.remove([gone])
        assert holding(tmp_path / "news", row.tobytes()) == []
        assert holding(tmp_path / "news", b"Saltby") == []
        assert (index.verify(), len(index.search("ferry", 10))) == ([], 5)
