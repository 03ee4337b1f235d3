"""Work that outlasts a request: articles to be taken in, one job after the other, each kept in the ledger until done.

What is to be taken in lies in the collection's folder `jobs/` until then, so that a job goes on when the service is
started again. Adding is repeatable: what an interrupted run took in already is counted as unchanged.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import shutil
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from assistant.ledger import Ledger, moment, now
from index import Index
from index.errors import Locked, WhenceError
from index.readers.fetch import Web
from index.records import Added, Progress, Record, Refusal

log = logging.getLogger(__name__)

State = Literal["waiting", "running", "done", "failed", "stopped"]
Kind = Literal["articles", "file", "addresses"]

FOLDER, PAYLOAD = "jobs", "payload"
MOST_WAITING = 200
"""Jobs that may wait at once."""

KEPT = 1_000
"""Jobs that are remembered."""

MOST_REFUSALS = 100
"""Refusals that are told of one job; the rest is counted."""

_TABLES = """
create table if not exists jobs (
    number integer primary key, id text not null unique, kind text not null, name text not null, bearer text,
    state text not null, made text not null, ended text, outcome text not null default '{}', why text
) strict;
"""
_COLUMNS = "id, kind, name, bearer, state, made, ended, outcome, why"


class TooManyJobs(WhenceError):
    """As many jobs wait as may."""


class UnknownJob(WhenceError):
    """No job has that id."""


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """What a job took in: numbers of articles, and the first refusals."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    refusals: tuple[Refusal, ...] = ()


NOTHING = Outcome()


@dataclass(frozen=True, slots=True)
class Job(Record):
    """A job: what is taken in (`name` is the file's, or says how many), how far it has come, and what came of it.

    `bearer` is whose token or login asked for it; `why` says why it failed.
    """

    id: str
    kind: Kind
    name: str
    bearer: str | None
    state: State
    made: datetime
    ended: datetime | None = None
    progress: Progress | None = None
    outcome: Outcome | None = None
    why: str | None = None


class BadName(WhenceError):
    """An uploaded file cannot be called that."""


class Stopped(Exception):
    """Somebody wants the work stopped."""


class Jobs:
    """The jobs of one collection, worked off by one thread that gives way to those who ask.

    Args:
        index: The collection.
        ledger: Where jobs are kept.
        web: What makes the fetcher of addresses.
    """

    def __init__(self, index: Index, ledger: Ledger, web: Callable[[], Web]) -> None:
        self._index, self._ledger, self._web = index, ledger, web
        self.folder = index.path / FOLDER
        self._stopping = threading.Event()
        self._stopped: set[str] = set()
        self._progress: dict[str, Progress] = {}
        self._worker: ThreadPoolExecutor | None = None

    # -- beginning and end --------------------------------------------------------------------------------------------

    def tidy(self) -> None:
        """Delete what uploads left that broke off; before anybody can upload."""
        waiting = self._waiting()
        for left in self.folder.iterdir() if self.folder.exists() else ():
            if left.name not in waiting:
                shutil.rmtree(left)

    def start(self) -> None:
        """Work off what waits, and from now on whatever comes."""
        self._stopping.clear()
        self._worker = ThreadPoolExecutor(1, "jobs", initializer=_give_way)
        for id in self._waiting():
            self._submit(id)

    def stop(self) -> None:
        """Break off at the next step; what is not done goes on when started again."""
        self._stopping.set()
        if self._worker:
            self._worker.shutdown(cancel_futures=True)
            self._worker = None

    # -- jobs in ------------------------------------------------------------------------------------------------------

    def place(self) -> Path:
        """A new folder for what is to be taken in; it becomes a job by `add`, or is deleted.

        Raises:
            TooManyJobs: as many wait as may.
        """
        if sum(job.state == "waiting" for job in self.all()) >= MOST_WAITING:
            raise TooManyJobs(f"{MOST_WAITING} jobs wait already. Ask again when some are done.")
        place = self.folder / secrets.token_hex(8)
        place.mkdir(parents=True)
        return place

    def add(self, place: Path, kind: Kind, name: str, bearer: str | None = None) -> Job:
        """What lies in `place` is to be taken in: a file of that name; else, as `PAYLOAD`, JSON Lines or addresses."""
        with self._ledger.opened(_TABLES) as db:
            db.execute("insert into jobs (id, kind, name, bearer, state, made) values (?, ?, ?, ?, 'waiting', ?)",
                       (place.name, kind, name, bearer, now()))  # fmt: skip
            db.execute(
                "delete from jobs where ended is not null"
                " and number <= (select number from jobs order by number desc limit 1 offset ?)",
                (KEPT,),
            )
        self._submit(place.name)
        return self.get(place.name)

    def halt(self, id: str) -> Job:
        """Stop a job that is not done; what it took in stays.

        Raises:
            UnknownJob: there is none of that id.
        """
        if self.get(id).state == "waiting" and self._end(id, "stopped", of="waiting"):
            return self.get(id)
        if self.get(id).state == "running":
            self._stopped.add(id)
        return self.get(id)

    # -- looking at them ----------------------------------------------------------------------------------------------

    def get(self, id: str) -> Job:
        """A job as it is now.

        Raises:
            UnknownJob: there is none of that id.
        """
        rows = self._rows("where id = ?", id)
        if not rows:
            raise UnknownJob(f"There is no job {id!r}; the last {KEPT:,} are remembered.")
        return rows[0]

    def all(self) -> list[Job]:
        """The jobs, the newest first."""
        return self._rows("order by number desc")

    def _waiting(self) -> list[str]:
        """The ids of those that are not done, the oldest first."""
        return [job.id for job in reversed(self.all()) if job.state in ("waiting", "running")]

    def _rows(self, which: str, *values: str) -> list[Job]:
        if not self._ledger.path.exists():
            return []
        with self._ledger.opened(_TABLES) as db:
            return [self._job(*row) for row in db.execute(f"select {_COLUMNS} from jobs {which}", values)]

    def _job(
        self, id: str, kind: Kind, name: str, bearer: str | None, state: State, made: str, ended: str | None,
        outcome: str, why: str | None,
    ) -> Job:  # fmt: skip
        told: dict[str, Any] = json.loads(outcome)
        refusals = tuple(Refusal(**one) for one in told.pop("refusals", ()))
        return Job(
            id, kind, name, bearer, state, moment(made), moment(ended) if ended else None, self._progress.get(id),
            Outcome(**told, refusals=refusals) if state == "done" else None, why,
        )  # fmt: skip

    # -- the work -----------------------------------------------------------------------------------------------------

    def _submit(self, id: str) -> None:
        if self._worker:
            self._worker.submit(self._work, id).add_done_callback(partial(self._broke, id))

    def _broke(self, id: str, work: Future[None]) -> None:
        """A mistake of the program ends the job, not the worker."""
        if not work.cancelled() and (error := work.exception()):
            log.error("job %s failed", id, exc_info=error)
            self._end(id, "failed", why="The program made a mistake; its log says more.")

    def _work(self, id: str) -> None:
        if not self._mark(id, "running"):
            return
        try:
            added = self._added(self.get(id))
        except Stopped:
            if self._stopping.is_set():
                self._mark(id, "waiting")
            else:
                self._end(id, "stopped")
        except WhenceError as error:
            self._end(id, "failed", why=str(error))
        else:
            self._end(id, "done", _outcome(added))

    def _added(self, job: Job) -> Added:
        """The job's articles, taken in as soon as nobody else writes. Raises Stopped."""
        folder, watch = self.folder / job.id, partial(self._watch, job.id)
        payload = folder / (job.name if job.kind == "file" else PAYLOAD)
        if not payload.exists():
            raise WhenceError("What was to be taken in is no longer there. Send it again.")
        while True:
            self._watch(job.id)
            try:
                if job.kind == "articles":
                    with payload.open("rb") as lines:
                        return self._index.add(["-"], watch, lines)
                if job.kind == "file":
                    return self._index.add([payload], watch, under=folder)
                addresses = payload.read_text("utf-8").splitlines()
                return self._index.add(addresses, watch, fetcher=self._web())
            except Locked:
                self._stopping.wait(1.0)

    def _watch(self, id: str, progress: Progress | None = None) -> None:
        if progress:
            self._progress[id] = progress
        if self._stopping.is_set() or id in self._stopped:
            raise Stopped

    def _mark(self, id: str, state: State) -> bool:
        """Note how a job stands; whether it was still to be done."""
        with self._ledger.opened(_TABLES) as db:
            return bool(db.execute("update jobs set state = ? where id = ? and ended is null", (state, id)).rowcount)

    def _end(self, id: str, state: State, outcome: Outcome = NOTHING, why: str | None = None, of: str = "%") -> bool:
        """Note how a job has ended if its state still is `of` (by default any); whether it was."""
        with self._ledger.opened(_TABLES) as db:
            ended = db.execute(
                "update jobs set state = ?, ended = ?, outcome = ?, why = ? where id = ? and state like ?",
                (state, now(), json.dumps(outcome.to_dict()), why, id, of),
            ).rowcount
        if ended:
            self._progress.pop(id, None)
            self._stopped.discard(id)
            shutil.rmtree(self.folder / id, ignore_errors=True)
        return bool(ended)


def file_name(name: str) -> str:
    """The name of an uploaded file, as the articles in it are known by: one that leads nowhere else.

    Raises:
        BadName: nothing is left of it, or too much.
    """
    parts = [re.sub(r"[\x00-\x1f\x7f]", "", part).strip() for part in re.split(r"[/\\]", name)]
    kept = [part for part in parts if part not in ("", ".", "..")]
    if not kept:
        raise BadName("An uploaded file needs a name, whose suffix tells what it holds.")
    if len(kept) > 20 or any(len(part.encode()) > 200 for part in kept):
        raise BadName("The name is too long: at most 20 parts between slashes, each of 200 bytes.")
    return "/".join(kept)


def _outcome(done: Added) -> Outcome:
    added, updated, unchanged, refused = map(len, (done.added, done.updated, done.unchanged, done.refused))
    return Outcome(added, updated, unchanged, refused, done.refused[:MOST_REFUSALS])


def _give_way() -> None:
    """Let this thread, and those that it starts, have what those who ask leave over; Linux alone knows that."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
