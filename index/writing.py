"""What changes a collection, in one process at a time: articles come and go, and all else is made from the archive.

Whatever is interrupted leaves the archive whole and says there what is still to be done; the next writer does it.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index import stages
from index.archive import Archive
from index.chosen import Chosen
from index.errors import Damaged
from index.intake import Intake
from index.locks import only_writer
from index.outlets import Outlets, using
from index.records import Added, Article, Progress, Refusal
from index.schema import SCHEMA
from index.stages import Watch
from index.stores import VECTORS, Stores

log = logging.getLogger(__name__)


class Writer:
    """The one who writes to the collection in that folder; each method is a turn at it.

    Raises:
        Locked: another process, or another index of this one, is writing; so do all methods.
    """

    def __init__(self, path: Path, archive: Archive, stores: Stores, encoder: Chosen, catalogue: Outlets) -> None:
        self._path = path
        self._archive = archive
        self._stores = stores
        self._encoder = encoder
        self._catalogue = catalogue

    def take(self, items: Iterable[Article | Refusal], tell: Watch) -> Added:
        """What is new or changed among those goes through every stage; so does what was left undone before.

        Raises:
            WrongEncoder: the collection was built with another encoder.
        """
        with self._turn(), using(self._catalogue):
            encoder = self._encoder.own
            self._archive.set_meta("encoder", self._encoder.identity)
            intake = Intake(self._archive)
            for came in intake.wanted(_counted(items, tell), stages.ARTICLES_AT_ONCE):
                stages.keep(self._archive, came)
                stages.split(self._archive, encoder)
                stages.index_words(self._archive, self._stores.words)
            stages.split(self._archive, encoder)  # where an interrupted run left some, and this one brings none
            stages.compare(self._archive, encoder, self._catalogue)
            self._finish(tell)
        return intake.told()

    def remove(self, article_ids: Iterable[str]) -> int:
        """Delete those articles, every revision, from every file; returns how many there were."""
        with self._turn():
            with self._archive.writing():
                gone = self._archive.remove(article_ids)
                if gone:
                    self._archive.set_meta("erasing", "yes")
            self._erase()
        return gone

    def rebuild(self, tell: Watch, encode: bool) -> None:
        """Make words, vectors and credits again; with `encode`, the embeddings too, as the encoder asked for does."""
        with self._turn():
            with self._archive.writing():
                self._archive.unmark("credited")
                if encode:
                    self._archive.unmark("words", "encoded", "vectors")
                    self._archive.forget_embeddings()
                    self._archive.set_meta("vectors", None)
                    self._archive.set_meta("encoder", self._encoder.identity)
                    stages.split_anew(self._archive, self._encoder.asked, self._catalogue)
            if stages.unsplit(self._archive):
                stages.split(self._archive, self._encoder.own)
            self._words_anew(tell)
            stages.find_copies(self._archive)
            self._read(tell)
            stages.index_meaning_anew(self._archive, self._path / VECTORS)
            self._shrink()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Be the one writer of this collection."""
        writer = self._archive.meta("writer")  # asked first: locking would make a removed folder anew
        with only_writer(self._path, writer):
            now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
            self._archive.set_meta("writer", f"process {os.getpid()} on {socket.gethostname()} since {now}")
            if self._archive.schema < SCHEMA:
                stages.migrate(self._archive)
            yield
            self._archive.set_meta("writer", None)

    def _finish(self, tell: Watch) -> None:
        """Every stage that is still to be done, for every article."""
        self._erase()
        stages.index_words(self._archive, self._stores.words)
        stages.find_copies(self._archive)
        self._read(tell)
        stages.index_meaning(self._archive, self._path / VECTORS)

    def _read(self, tell: Watch) -> None:
        """Passages not yet read are, and their articles credited."""
        if self._archive.missing("encoded", 1):
            stages.encode(self._archive, self._encoder.own, self._catalogue, tell)
        if uncredited := self._archive.missing("credited"):
            stages.credit(self._archive, self._encoder.asked, self._catalogue, uncredited)

    def _words_anew(self, tell: Watch) -> None:
        """All words again, in a new folder if the old one is damaged."""
        try:
            stages.index_words_anew(self._archive, self._stores.words, tell)
        except Damaged as error:
            log.warning("%s They are made anew.", error)
            with self._archive.writing():
                self._archive.unmark("words")
            self._stores.make_words()
            stages.index_words_anew(self._archive, self._stores.words, tell)

    def _erase(self) -> None:
        """What was removed leaves every file."""
        if self._archive.meta("erasing"):
            self._words_anew(untold)
            stages.sweep_meaning(self._archive, self._path / VECTORS)
            self._shrink()

    def _shrink(self) -> None:
        """The archive's log is emptied if what was removed may still stand there."""
        if not self._archive.meta("erasing"):
            return
        if self._archive.shrink():
            self._archive.set_meta("erasing", None)
        else:
            log.warning("A reader keeps what was removed in the log of %s; the next writer empties it.", self._path)


def _counted(items: Iterable[Article | Refusal], tell: Watch) -> Iterator[Article | Refusal]:
    """The items as they come, each told."""
    for read, item in enumerate(items, 1):
        tell(Progress("reading", read))
        yield item


def untold(progress: Progress) -> None:
    """Progress that nobody watches."""
