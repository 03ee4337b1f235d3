"""Passages by their meaning: the only code that knows Chroma. Ids and numbers only; derived from the archive.

Chroma keeps one client for each spelling of a path within a process, and its index goes stale when another process
writes. So a store that is opened again takes a spelling of its own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.errors import Damaged

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

Floats = npt.NDArray[np.float32]
COLLECTION = "passages"
BATCH = 2_000
"""Vectors handed to Chroma at once; its own limit is a little over 5,000."""

_spellings: set[str] = set()
_spelling = threading.Lock()


def _spell(path: Path) -> str:
    """The shortest spelling of the path that no open store of this process uses."""
    with _spelling:
        spelled = str(path.absolute())
        while spelled in _spellings:
            spelled += os.sep + "."
        _spellings.add(spelled)
        return spelled


class Vectors:
    """The folder of Chroma at `path`, for unit vectors; one process writes, any thread may read.

    Raises:
        Damaged: the folder is there and cannot be read.
    """

    def __init__(self, path: Path) -> None:
        # imported here: 1.4 s, which neither `whence --help` nor a search by words alone should pay
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        self._errors: tuple[type[Exception], ...] = (ChromaError, ValueError, OSError, RuntimeError)
        self.path = path
        self._spelled = _spell(path)
        self._client: ClientAPI | None = None
        try:
            self._client = chromadb.PersistentClient(self._spelled, Settings(anonymized_telemetry=False))
            self._collection = self._client.get_or_create_collection(
                COLLECTION,
                configuration={"hnsw": {"space": "cosine", "sync_threshold": 1_000}},
                embedding_function=None,
            )
            self._count = self._collection.count()
        except self._errors as error:
            self.close()
            raise Damaged(f"The vectors at {path} cannot be read ({error}). Run `whence rebuild`.") from error

    def __len__(self) -> int:
        return int(self._collection.count())

    def put(self, keys: Sequence[int], vectors: Floats) -> None:
        """Hold these vectors, (len(keys), dimensions), in place of equal keys."""
        for i in range(0, len(keys), BATCH):
            self._collection.upsert([str(k) for k in keys[i : i + BATCH]], embeddings=vectors[i : i + BATCH])

    def drop(self, keys: Sequence[int]) -> None:
        """Hold these keys no longer; unknown ones are passed over."""
        for i in range(0, len(keys), BATCH):
            self._collection.delete([str(k) for k in keys[i : i + BATCH]])

    def search(self, vector: Floats, limit: int) -> list[tuple[int, float]]:
        """The `limit` nearest passages, as (key, cosine).

        Raises:
            Damaged: Chroma cannot read its index.
        """
        limit = min(limit, len(self))
        if not limit:
            return []
        try:
            found: Any = self._collection.query(query_embeddings=vector[None], n_results=limit, include=["distances"])
        except self._errors as error:
            raise Damaged(f"The vectors at {self.path} cannot be read ({error}). Run `whence rebuild`.") from error
        return [(int(i), 1 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def keys(self) -> set[int]:
        """Every key that the store holds."""
        return {int(key) for key in self._collection.get(include=[])["ids"]}

    def close(self) -> None:
        """Let go of the folder."""
        if self._client is not None:
            with suppress(KeyError):  # Chroma forgets a system that another client of the process closed
                self._client.close()  # type: ignore[attr-defined]  # on the class, not yet on its interface
            self._client = None
        with _spelling:
            _spellings.discard(self._spelled)
