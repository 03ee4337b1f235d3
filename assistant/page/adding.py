"""Takes files that were dropped on the page into the collection, telling how far it has come, until done or stopped."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.page.runs import Run
from assistant.views.adding import Pace, added_view, adding_view, stopped_view
from assistant.views.answers import failure_view, remark_view
from index.errors import Locked, WhenceError
from index.index import Index
from index.records import Added, Progress

log = logging.getLogger(__name__)

TOLD_EVERY = 0.2
"""Seconds between two words on how far it has come."""

TRIED_EVERY = 1.0
"""Seconds between two tries while somebody else writes."""


class Stopped(WhenceError):
    """Whoever added the files wants no more of them."""


def adding(index: Index, files: Sequence[str], run: Run | None = None) -> Iterator[str]:
    """Take files in and remove them from where they lie; tells how far it has come, last what became of them.

    While somebody else writes, it waits. Once `run` is stopped, or the iterator closed, the work ends at the next
    passages; what was taken in until then stays. An article without an id of its own is known by its file's name, so
    that a file that is dropped again becomes a revision.
    """
    run, work = run or Run(), _Work(index, files)
    work.start()
    try:
        while work.is_alive():
            if run.stopped.is_set():
                work.stopping.set()
            yield work.shown
            work.join(TOLD_EVERY)
        yield work.shown
    finally:
        work.stopping.set()


class _Work(threading.Thread):
    """One run of adding; `outcome` is what became of it, or in words why it failed; None while it is under way."""

    def __init__(self, index: Index, files: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self.index = index
        self.files = [Path(file) for file in files]
        self.pace = Pace(Progress("reading", 0), 0.0)
        self.stopping = threading.Event()
        self.outcome: Added | Stopped | str | None = None
        self._waiting = False
        self._begun = time.monotonic()

    @property
    def shown(self) -> str:
        """How far it has come, or what became of it."""
        match self.outcome:
            case Added():
                return added_view(self.outcome)
            case Stopped():
                return stopped_view()
            case str():
                return failure_view(self.outcome)
        if self.stopping.is_set():
            return remark_view("Stopping …")
        if self._waiting:
            return remark_view("Waiting until nobody else adds or removes articles …")
        return adding_view(self.pace)

    def run(self) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="whence-") as folder:
                self.outcome = self._added(gathered(self.files, Path(folder)))
        except Stopped as stopped:
            self.outcome = stopped
        except WhenceError as error:
            self.outcome = str(error)
        except Exception:  # a bug, in a thread of its own: nobody else would tell it
            log.exception("adding failed")
            self.outcome = "The program made a mistake; its log says more."

    def _added(self, folder: Path) -> Added:
        """What lies in the folder, taken in as soon as nobody else writes. Raises Stopped."""
        while not self.stopping.is_set():
            try:
                return self.index.add([folder], self._tell, under=folder)
            except Locked:
                self._waiting = True
                self.stopping.wait(TRIED_EVERY)
        raise Stopped("Stopped.")

    def _tell(self, progress: Progress) -> None:
        if self.stopping.is_set():
            raise Stopped("Stopped.")
        self._waiting = False
        if progress.stage != self.pace.progress.stage:
            self._begun = time.monotonic()
        self.pace = Pace(progress, time.monotonic() - self._begun)


def gathered(files: Sequence[Path], folder: Path) -> Path:
    """The folder with all the files in it, under their own names; of those that share one, the later lie in folders."""
    for number, file in enumerate(files):
        taken = (folder / file.name).exists()
        place = folder / str(number) if taken else folder
        place.mkdir(exist_ok=True)
        shutil.move(file, place / file.name)
    return folder
