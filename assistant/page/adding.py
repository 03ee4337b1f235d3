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
from assistant.views.answers import failure_view
from index.errors import WhenceError
from index.index import Index
from index.records import Added, Progress

log = logging.getLogger(__name__)

TOLD_EVERY = 0.2
"""Seconds between two words on how far it has come."""


class Stopped(WhenceError):
    """Whoever added the files wants no more of them."""


def adding(index: Index, files: Sequence[str], run: Run | None = None) -> Iterator[str]:
    """Take files in and remove them from where they lie; tells how far it has come, last what became of them.

    Once `run` is stopped, or the iterator closed, the work ends at the next passage; what was taken in until then
    stays. An article without an id of its own is known by its file's name, so that a file that is dropped again becomes
    a revision.
    """
    run, work = run or Run(), _Work(index, files)
    work.start()
    try:
        while work.is_alive() and not run.stopped.is_set():
            yield adding_view(work.pace)
            work.join(TOLD_EVERY)
        if work.is_alive():
            yield stopped_view()
        elif isinstance(work.outcome, Added):
            yield added_view(work.outcome)
        else:
            yield failure_view(work.outcome)
    finally:
        work.stopping.set()


class _Work(threading.Thread):
    """One run of adding; `outcome` is what became of it, or in words why it failed."""

    def __init__(self, index: Index, files: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self.index = index
        self.files = [Path(file) for file in files]
        self.pace = Pace(Progress("reading", 0), 0.0)
        self.stopping = threading.Event()
        self.outcome: Added | str = "The program made a mistake; its log says more."
        self._begun = time.monotonic()

    def run(self) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="whence-") as folder:
                self.outcome = self.index.add([gathered(self.files, Path(folder))], self._tell, under=Path(folder))
        except WhenceError as error:
            self.outcome = str(error)
        except Exception:  # a bug, in a thread of its own: nobody else would tell it
            log.exception("adding failed")

    def _tell(self, progress: Progress) -> None:
        if self.stopping.is_set():
            raise Stopped("Stopped.")
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
