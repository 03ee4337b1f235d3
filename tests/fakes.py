"""Stand-ins that compute: what tests use where the real thing would be slow."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from index import Index
from index.encoders import Floats, Reading
from index.records import Span


@contextmanager
def collection(folder: Path, articles: Iterable[Mapping[str, object]]) -> Iterator[Index]:
    """A collection in a folder, of articles as JSON Lines have them, open, with vectors that count words."""
    file = folder / "articles.jsonl"
    file.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    with Index.open(folder / "news", encoder=CountingEncoder()) as index:
        index.add([file])
        yield index


class CountingEncoder:
    """An encoder whose vectors count words: the more words two texts share, the nearer they are.

    `texts_read` is how many texts `read` was given, so that a test can claim that nothing is encoded twice; queries,
    which `encode` sees, are not counted.
    """

    def __init__(self, name: str = "counting") -> None:
        self.name = name
        self.identity = f"{name} 000000000000 fp32"
        self.tagger: str | None = None
        self.dimensions = 64
        self.window = 256
        self.texts_read = 0

    def count(self, texts: Sequence[str]) -> list[int]:
        return [sum(1 for _ in _words(text)) for text in texts]

    def read(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        self.texts_read += len(texts)
        return [self._reading(text, wanted) for text, wanted in zip(texts, spans, strict=True)]

    def encode(self, texts: Sequence[str]) -> Floats:
        readings = [self._reading(text, ()) for text in texts]
        return np.array([one.vector for one in readings], np.float32).reshape(len(texts), self.dimensions)

    def _reading(self, text: str, spans: Sequence[Span]) -> Reading:
        seen = list(_words(text))[: self.window]
        whole = self._vector(word for word, _, _ in seen)
        rows = [
            self._vector(inside) if inside else whole
            for inside in ([word for word, a, b in seen if a < end and start < b] for start, end in spans)
        ]
        return Reading(whole, np.array(rows, np.float32).reshape(len(spans), self.dimensions))

    def _vector(self, words: Iterable[str]) -> Floats:
        counts = np.zeros(self.dimensions, np.float32)
        for word in words:
            counts[zlib.crc32(word.encode()) % self.dimensions] += 1
        if not counts.any():
            counts[0] = 1  # a text without words must have some direction
        unit: Floats = counts / np.linalg.norm(counts)
        return unit


def _words(text: str) -> Iterable[tuple[str, int, int]]:
    """Each word in lower case, and where it stands."""
    return ((found[0].lower(), *found.span()) for found in re.finditer(r"\w+", text))
