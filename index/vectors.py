"""Passages by their meaning: the only code that knows Chroma. Ids and numbers only; derived from the archive.

Chroma's folders bear no second process while one writes: even a search applies what waits in its log, and both
processes end in a segmentation fault or a broken graph. So a store is never changed: each change makes a new one from a
copy, and whoever searched the old one opens the new one next time. And so its graph's checksums can be kept beside it:
a damaged graph would end the process.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import threading
import uuid
import weakref
import zlib
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

SEAL = "seal.json"
"""How many vectors a store holds and its graph's checksums, as it was when it was made."""

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

        # AttributeError: what Chroma ends in when it lets go of a database that it could not open
        told = (ChromaError, ValueError, LookupError, OSError, RuntimeError, AttributeError)
        self._errors: tuple[type[Exception], ...] = told
        self.path = path
        if not path.is_dir():
            raise Damaged(f"The vectors at {path} are missing. Run `whence rebuild`.")
        with self._told(), _opening, turn(path.parent):  # opening writes a little, which a copy must not half see
            if not path.is_dir():  # or Chroma would make it anew
                raise FileNotFoundError("deleted just now")
            sealed = _sealed(path)
            client = chromadb.PersistentClient(str(path.absolute()), Settings(anonymized_telemetry=False))
            self.close = weakref.finalize(self, _close, client)
            self._collection = client.get_or_create_collection(
                COLLECTION,
                configuration={"hnsw": GRAPH},
                embedding_function=None,
            )
            count = self._collection.count()  # reads the graph, so that what is broken shows now
            if count != sealed.get("vectors", count):
                raise ValueError(f"{count} of {sealed['vectors']} vectors are left")

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

    def rows(self, keys: Sequence[int]) -> Iterator[tuple[list[int], Floats]]:
        """The vectors of those keys, as far as they are held: keys and rows, some at a time, in no order."""
        for i in range(0, len(keys), BATCH):
            with self._told():
                found = self._collection.get([str(k) for k in keys[i : i + BATCH]], include=["embeddings"])
            yield [int(key) for key in found["ids"]], np.asarray(found["embeddings"], np.float32)

    def __len__(self) -> int:
        with self._told():
            return self._collection.count()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise Damaged(f"The vectors at {self.path} cannot be used ({error}). Run `whence rebuild`.") from error


def _close(client: ClientAPI) -> None:
    with _opening:
        client.close()  # type: ignore[attr-defined]  # on the class, not yet on its interface


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Damaged(
            f"The vectors at {folder} cannot be written ({error}). See that the disk has room; run `whence rebuild`."
        ) from error


def _copy(old: Path, new: Path) -> None:
    """A copy to be changed, without the seal; only of what is whole."""
    if not old.is_dir():
        raise Damaged(f"The vectors at {old} are missing. Run `whence rebuild`.")
    with _opening, turn(old.parent):
        try:
            _sealed(old)
        except ValueError as error:
            raise Damaged(f"The vectors at {old} cannot be used ({error}). Run `whence rebuild`.") from error
        shutil.copytree(old, new, ignore=shutil.ignore_patterns(SEAL))


@contextmanager
def drafted(folder: Path, base: str | None) -> Iterator[tuple[str, Vectors]]:
    """A new store in `folder` and its name: a copy of the store `base`, else empty. For others only once it is left.

    Raises:
        Damaged: there is no store `base`.
    """
    draft, store = folder / uuid.uuid4().hex, None
    try:
        with _writing(folder):
            if base is None:
                draft.mkdir(parents=True)
            else:
                _copy(folder / base, draft)
        store = Vectors(draft)
        yield draft.name, store
        held = len(store)
        store.close()
        with _writing(folder):
            _blank(draft)
            (draft / SEAL).write_text(json.dumps({"vectors": held, "graph": _checksums(draft)}))
    except BaseException:
        if store is not None:
            store.close()
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _blank(store: Path) -> None:
    """Zeros behind the last vector of the graph: there Chroma writes what its memory happens to hold, which may be one
    that was removed. The header begins with a version, then four numbers: an offset, how many vectors there is room
    for, how many there are, the bytes of each with its links (hnswlib's `saveIndex`, after Chroma's version)."""
    for header in store.glob("*/header.bin"):
        _, _, _, held, size = struct.unpack_from("<iQQQQ", header.read_bytes())
        with header.with_name("data_level0.bin").open("r+b") as file:
            end = file.seek(0, os.SEEK_END)
            file.truncate(min(held * size, end))
            file.truncate(end)


def _checksums(store: Path) -> dict[str, int]:
    """Of each file of the graph, by its path within the store; none until Chroma keeps a graph, at 1,000 vectors."""
    return {
        str(file.relative_to(store)): zlib.crc32(file.read_bytes())
        for metadata in store.glob("*/index_metadata.pickle")
        for file in sorted(metadata.parent.iterdir())
    }


def _sealed(store: Path) -> dict[str, Any]:
    """The seal of a store; empty where there is none yet. Raises ValueError when the graph is not as it was made."""
    try:
        seal: dict[str, Any] = json.loads((store / SEAL).read_text())
    except FileNotFoundError:
        return {}
    graph, found = seal["graph"], _checksums(store)
    if wrong := [file for file in graph.keys() | found if graph.get(file) != found.get(file)]:
        raise ValueError(f"{Path(min(wrong)).name} of its graph is not as it was made")
    return seal


def discard(folder: Path, keep: str) -> None:
    """Delete every store of the folder but that one; those who have one open can still search it."""
    with _opening, turn(folder):
        for entry in folder.iterdir():
            if entry.name not in (keep, NAME):
                shutil.rmtree(entry, ignore_errors=True)  # what is left of it goes with the next
