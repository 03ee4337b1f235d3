"""A collection's derived stores as a reader needs them: opened when first wanted, renewed, done without when damaged.

A search needs words or meaning, not both; what it had to do without is told by `notices`.
"""

from __future__ import annotations

import logging
import shutil
import threading
from pathlib import Path

from index import stages
from index.archive import Archive
from index.encoders import Floats
from index.errors import Damaged
from index.records import Query
from index.table import Table
from index.vectors import Vectors
from index.words import Words

log = logging.getLogger(__name__)

WORDS, VECTORS = "words", "vectors"
"""The stores' folders within the collection's."""

NO_WORDS = "The words of the collection are damaged: this was found by meaning alone. Run `whence rebuild`."
NO_VECTORS = "The vectors of the collection are damaged: meaning is compared one by one. Run `whence rebuild`."
NO_VECTORS_YET = "The vectors of the collection are still being opened: this was found by words alone."


class Stores:
    """The words and vectors in the collection's folder, as of the archive's newest commit; safe to share by threads."""

    def __init__(self, path: Path, archive: Archive) -> None:
        self.path = path
        self._archive = archive
        self._lock = threading.RLock()
        self._words: Words | None = None
        self._seen = -1
        self._words_damaged = False
        self._vectors: Vectors | None = None
        self._opening = False
        self._broken: str | None = None
        self._table: Table | None = None
        self._filing = threading.Lock()

    def close(self) -> None:
        """Let go of every file."""
        with self._lock:
            if self._vectors is not None:
                self._vectors.close()
            self._vectors = self._words = None

    def notices(self) -> list[str]:
        """What searches do without at present, each as a sentence for the reader."""
        with self._lock:
            told = {
                NO_WORDS: self._words_damaged,
                NO_VECTORS: self._broken is not None,
                NO_VECTORS_YET: self._opening and self._vectors is None,
            }
        return [notice for notice, holds in told.items() if holds]

    # -- words -------------------------------------------------------------------------------------------------------

    @property
    def words(self) -> Words:
        """The words, as of the newest commit.

        Raises:
            Damaged: they cannot be used.
        """
        with self._lock:
            generation = self._archive.generation
            if self._words is None:
                self._words, self._seen = Words(self.path / WORDS), -1
            elif generation > self._seen:
                self._words.reload()
            if generation > self._seen:
                self._words.languages = tuple(stages.languages(self._archive))
            self._seen = generation
            return self._words

    def words_if_whole(self) -> Words | None:
        """The words; None when they are damaged, which `notices` then tells."""
        try:
            found = self.words
        except Damaged as error:
            self._lost(error)
            return None
        self._words_damaged = False
        return found

    def by_words(self, query: Query, text: str, limit: int) -> dict[int, float]:
        """Passages that the words find, with their scores; none when they are damaged."""
        found = self.words_if_whole()
        try:
            return dict(found.search(query, text, limit)) if found else {}
        except Damaged as error:
            self._lost(error)
            return {}

    def _lost(self, error: Damaged) -> None:
        log.warning("%s", error)
        with self._lock:
            self._words, self._words_damaged = None, True

    def make_words(self) -> None:
        """New, empty words in place of damaged ones."""
        with self._lock:
            self._words = None
            shutil.rmtree(self.path / WORDS, ignore_errors=True)
            Words.create(self.path / WORDS)

    # -- meaning -----------------------------------------------------------------------------------------------------

    def by_meaning(self, query: Query, vector: Floats, limit: int) -> set[int]:
        """The passages nearest in meaning; under filters, or when Chroma's store is damaged, by exact products.

        While another thread opens the first vectors (more than a second, with Chroma's import), there are none yet.
        """
        if query.filtered:
            return self._filed().nearest(query, vector, limit)
        for _ in range(2):  # what was deleted just now has been replaced
            vectors = self._newest()
            if vectors is None:
                break
            try:
                return {key for key, _ in vectors.search(vector, limit)}
            except Damaged as error:
                self._unusable(vectors.path.name, error)
        return self._filed().nearest(query, vector, limit) if self._broken else set()

    def _newest(self) -> Vectors | None:
        """The newest vectors, or while another thread opens them those before; None while there are none to use."""
        with self._lock:
            name = self._archive.meta("vectors")
            if name is None or name == self._broken:
                return None
            self._broken = None
            if self._opening or (self._vectors is not None and self._vectors.path.name == name):
                return self._vectors
            self._opening = True
        opened = None
        try:
            opened = Vectors(self.path / VECTORS / name)
        except Damaged as error:
            self._unusable(name, error)
        finally:
            with self._lock:
                self._opening = False
                self._vectors = opened
        return opened or (None if self._broken else self._newest())

    def _unusable(self, name: str, error: Damaged) -> None:
        """That store is not asked again, unless newer vectors have taken its place."""
        with self._lock:
            if self._archive.meta("vectors") == name:
                log.warning("%s", error)
                self._broken = name
            if self._vectors is not None and self._vectors.path.name == name:
                self._vectors = None

    def _filed(self) -> Table:
        with self._filing:
            if self._table is None or self._table.generation != self._archive.generation:
                self._table = Table.of(self._archive, self._table)
            return self._table
