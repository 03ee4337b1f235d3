"""Every live passage's vector in memory, with its outlet and day: what is nearest under filters, by exact products.

Chroma's own filters cost 100 times as much. Also what meaning is searched by while Chroma's store cannot be used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from index.archive import Archive
from index.encoders import Floats
from index.records import Query

AT_ONCE = 1_000
"""Articles whose vectors are read from the archive at once."""

BROAD = 4
"""A filter that lets more than one in so many pass is applied after the products, for copying its rows takes longer."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """As of one generation: keys in order, and for each its outlet (by its place in `outlets`), day and unit vector.

    `days` are ordinals, 0 where unknown. 100,000 vectors of 384 dimensions take 154 MB.
    """

    generation: int
    encoder: str | None
    outlets: tuple[str | None, ...]
    keys: npt.NDArray[np.int64]
    outlet_of: npt.NDArray[np.int32]
    days: npt.NDArray[np.int32]
    vectors: Floats

    @classmethod
    def of(cls, archive: Archive, before: Table | None = None) -> Table:
        """The archive's passages as of now; only vectors that the table `before` lacks are read."""
        with archive.reading():
            generation, encoder = archive.generation, archive.meta("encoder")
            if before is not None and before.encoder != encoder:
                before = None
            filed = archive.filed()
            keys = np.array([key for key, _, _, _ in filed], np.int64)
            known = np.isin(keys, before.keys) if before is not None else np.zeros(len(keys), np.bool_)
            if before is not None and known.all() and len(keys) == len(before.keys):
                vectors, held = before.vectors, known
            else:
                vectors, held = _vectors(archive, before, keys, known, [filed[i][1] for i in np.flatnonzero(~known)])
        names = tuple(dict.fromkeys(outlet for _, _, outlet, _ in filed))
        places = {outlet: place for place, outlet in enumerate(names)}
        outlet_of = np.array([places[outlet] for _, _, outlet, _ in filed], np.int32)
        days = np.array([day for _, _, _, day in filed], np.int32)
        made = cls(generation, encoder, names, keys, outlet_of, days, vectors)
        return made if held.all() else _only(made, held)

    def nearest(self, query: Query, vector: Floats, limit: int) -> set[int]:
        """Keys of the `limit` passages nearest to the vector that pass the query's filters."""
        allowed = np.flatnonzero(self._passes(query))
        if not len(allowed):
            return set()
        if len(allowed) * BROAD > len(self.keys):
            cosines = (self.vectors @ vector)[allowed]
        else:
            cosines = self.vectors[allowed] @ vector
        best = np.argsort(-cosines, kind="stable")[:limit]
        return set(self.keys[allowed[best]].tolist())

    def _passes(self, query: Query) -> npt.NDArray[np.bool_]:
        passes = np.ones(len(self.keys), np.bool_)
        if query.outlets:
            wanted = [place for place, outlet in enumerate(self.outlets) if outlet in query.outlets]
            passes &= np.isin(self.outlet_of, wanted)
        if query.since:
            passes &= self.days >= query.since.toordinal()
        if query.until:
            passes &= (self.days <= query.until.toordinal()) & (self.days > 0)
        return passes


def _vectors(
    archive: Archive, before: Table | None, keys: npt.NDArray[np.int64], known: npt.NDArray[np.bool_], new: list[int]
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The vectors of those keys, and which of them have one: the known are in the table before, the others in articles
    of the new numbers."""
    held, vectors = known.copy(), np.empty((len(keys), 0), np.float32)
    if before is not None and len(before.keys):
        vectors = np.empty((len(keys), before.vectors.shape[1]), np.float32)
        vectors[known] = before.vectors[np.searchsorted(before.keys, keys[known])]
    numbers = sorted(set(new))
    for i in range(0, len(numbers), AT_ONCE):
        found, rows = archive.vectors(numbers[i : i + AT_ONCE])
        if not len(found):
            continue
        if not vectors.shape[1]:
            vectors = np.empty((len(keys), rows.shape[1]), np.float32)
        places = np.searchsorted(keys, found)
        vectors[places], held[places] = rows, True
    return vectors, held


def _only(made: Table, held: npt.NDArray[np.bool_]) -> Table:
    """The table with those passages alone."""
    return replace(
        made, keys=made.keys[held], outlet_of=made.outlet_of[held], days=made.days[held], vectors=made.vectors[held]
    )
