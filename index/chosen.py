"""The encoder that the settings ask for, loaded when first wanted, and whether it is the one that a collection has."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from index.archive import Archive
from index.encoders import Encoder
from index.errors import WrongEncoder
from index.folding import FOLD_VERSION
from index.splitter import SPLITTER_VERSION


class Chosen:
    """The encoder that `load` gives, for the collection in that folder; safe to share between threads."""

    def __init__(self, path: Path, archive: Archive, load: Callable[[], Encoder]) -> None:
        self._path = path
        self._archive = archive
        self._load = load
        self._loaded: Encoder | None = None
        self._loading = threading.Lock()

    @property
    def asked(self) -> Encoder:
        """The encoder, even where the collection has another."""
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    @property
    def own(self) -> Encoder:
        """The encoder, which is the collection's.

        Raises:
            WrongEncoder: the collection was built with another.
        """
        built, identity = self._archive.meta("encoder"), self.identity
        if built not in (None, identity):
            raise WrongEncoder(
                f"The collection at {self._path} was built with {built!r}; the settings ask for {identity!r}."
                " Set WHENCE_ENCODER (and WHENCE_PRECISION) to what it was built with,"
                " or encode it anew with `whence rebuild --encode`."
            )
        return self.asked

    @property
    def identity(self) -> str:
        """What must be equal for vectors to be comparable: encoder, folding, splitting."""
        return f"{self.asked.identity} fold-{FOLD_VERSION} split-{SPLITTER_VERSION}"
