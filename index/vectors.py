"""Passages by their meaning: the only code that knows Chroma. Ids and numbers only; derived from the archive.

Chroma's folders bear no second process while one writes: even a search applies what waits in its log, and both
processes end in a segmentation fault or a broken graph. So a store is never changed: each change makes a new one from a
copy, and whoever searched the old one opens the new one next time.
"""

from __future__ import annotations

import shutil
import threading
import uuid
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.errors import Damaged
from index.locks import NAME, turn

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

Floats = npt.NDArray[np.float32]
COLLECTION = "passages"
GRAPH: CreateHNSWConfiguration = {
    "space": "cosine",
    "sync_threshold": 1_000,
    "ef_search": 400,
    "ef_construction": 200,
}
"""How Chroma links vectors: of the 80 nearest among 6,000 it then finds 0.999, by its own defaults 0.962."""

BATCH = 2_000
"""Vectors handed to Chroma at once; its own limit is a little over 5,000."""

_opening = threading.RLock()
"""Chroma counts who uses a folder, but not safely between threads. Opening may let a collected store go: hence R."""


class Vectors:
    """The store in the folder `path`, for unit vectors; any thread of any process may read.

    It is let go when it is closed or no longer referred to.

    Raises:
        Damaged: the folder is not there, or cannot be used; so do all methods.
    """

    def __init__(self, path: Path) -> None:
        # imported here: 1.4 s, which neither `whence --help` nor a search by words alone should pay
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        self._errors: tuple[type[Exception], ...] = (ChromaError, ValueError, OSError, RuntimeError)
        self.path = path
        if not path.is_dir():
            raise Damaged(f"The vectors at {path} are missing. Run `whence rebuild`.")
        with self._told(), _opening, turn(path.parent):  # opening writes a little, which a copy must not half see
            if not path.is_dir():  # or Chroma would make it anew
                raise FileNotFoundError("deleted just now")
            client = chromadb.PersistentClient(str(path.absolute()), Settings(anonymized_telemetry=False))
            self.close = weakref.finalize(self, _close, client)
            self._collection = client.get_or_create_collection(
                COLLECTION,
                configuration={"hnsw": GRAPH},
                embedding_function=None,
            )
            self._collection.count()  # reads the graph, so that what is broken shows now

    def put(self, keys: Sequence[int], vectors: Floats) -> None:
        """Hold these vectors, (len(keys), dimensions), in place of equal keys; only in a draft."""
        with self._told():
            for i in range(0, len(keys), BATCH):
                self._collection.upsert([str(k) for k in keys[i : i + BATCH]], embeddings=vectors[i : i + BATCH])

    def drop(self, keys: Sequence[int]) -> None:
        """Hold these keys no longer, unknown ones passed over; only in a draft."""
        with self._told():
            for i in range(0, len(keys), BATCH):
                self._collection.delete([str(k) for k in keys[i : i + BATCH]])

    def search(self, vector: Floats, limit: int) -> list[tuple[int, float]]:
        """The `limit` nearest passages, as (key, cosine)."""
        with self._told():
            found: Any = self._collection.query(query_embeddings=vector[None], n_results=limit, include=["distances"])
        return [(int(i), 1 - float(d)) for i, d in zip(found["ids"][0], found["distances"][0], strict=True)]

    def keys(self) -> list[int]:
        """Every key that the store holds."""
        with self._told():
            return [int(key) for key in self._collection.get(include=[])["ids"]]

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise Damaged(f"The vectors at {self.path} cannot be used ({error}). Run `whence rebuild`.") from error


def _close(client: ClientAPI) -> None:
    with _opening:
        client.close()  # type: ignore[attr-defined]  # on the class, not yet on its interface


def _copy(old: Path, new: Path) -> None:
    try:
        with _opening, turn(old.parent):
            shutil.copytree(old, new)
    except OSError as error:
        raise Damaged(f"The vectors at {old} cannot be copied ({error}). Run `whence rebuild`.") from error


@contextmanager
def drafted(folder: Path, base: str | None) -> Iterator[tuple[str, Vectors]]:
    """A new store in `folder` and its name: a copy of the store `base`, else empty. For others only once it is left.

    Raises:
        Damaged: there is no store `base`.
    """
    name = uuid.uuid4().hex
    folder.mkdir(exist_ok=True)
    if base is None:
        (folder / name).mkdir()
    else:
        _copy(folder / base, folder / name)
    store = Vectors(folder / name)
    try:
        yield name, store
    except BaseException:
        store.close()
        shutil.rmtree(folder / name)
        raise
    store.close()


def discard(folder: Path, keep: str) -> None:
    """Delete every store of the folder but that one; those who have one open can still search it."""
    with _opening, turn(folder):
        for entry in folder.iterdir():
            if entry.name not in (keep, NAME):
                shutil.rmtree(entry, ignore_errors=True)  # what is left of it goes with the next
