"""A model's drafts into sentences that their passages bear out: each mended once at most, or dropped with its fault."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from assistant.compose import REFUSAL, Draft, ModelFailed
from assistant.records import Dropped

MENDING = 5.0
"""Seconds that a sentence under repair holds back those after it."""

MENDED = 6
"""Sentences of one answer that are tried again; of a model that invents more, the rest is dropped at once."""

T = TypeVar("T")

AGAIN = "it says the same again"
"""Why a sentence is dropped that was said before."""

Faults = Callable[[Draft], str | None]
"""Why a draft's passages do not bear it out; None when they do."""

Mend = Callable[[Draft, str, float], Iterator[Draft | None]]
"""A draft written anew for a reason, within so many seconds; may raise ModelFailed."""


@dataclass(frozen=True, slots=True)
class Refused:
    """That the model says the passages do not tell."""


@contextmanager
def begun(drafts: Generator[T, None, None], now: bool) -> Iterator[Iterator[T]]:
    """The drafts, closed with the block. Asked for `now`, the first is made before the block is entered, and what went
    wrong with it is raised when it is wanted."""
    first: list[T] = []
    failed: ModelFailed | None = None

    def all_of_them() -> Iterator[T]:
        if failed:
            raise failed
        yield from first
        yield from drafts

    with closing(drafts):
        try:
            first += islice(drafts, 1 if now else 0)
        except ModelFailed as error:
            failed = error
        yield all_of_them()


def checked(drafts: Iterator[Draft | None], fault: Faults, mend: Mend) -> Iterator[Draft | Dropped | Refused | None]:
    """The drafts in order as they are found to be borne out, or dropped; None in between, as in the drafts.

    A draft with a fault is written anew while the next ones come, and holds them back for `MENDING` seconds at most.
    What comes of it stands in its place when it is borne out; else the draft is dropped for its first fault.

    Raises:
        ModelFailed: as the drafts do, once all before it has been given.
    """
    waiting: deque[Draft | _Mending] = deque()
    said: set[str] = set()
    repairs, failed, first = 0, None, True
    try:
        coming = True
        while coming or waiting:
            try:
                draft = next(drafts) if coming else None
            except StopIteration:
                coming = False
                continue
            except ModelFailed as error:
                coming, failed = False, error
                continue
            if draft and draft.text == REFUSAL:
                if first:
                    yield Refused()
                    return
            elif draft:
                first = False
                why = fault(draft)
                if why is None:
                    waiting.append(draft)
                else:
                    repairs += 1
                    waiting.append(_Mending(draft, why, mend if repairs <= MENDED else None, fault))
            yielded = False
            while waiting and (settled := _settled(waiting[0], coming)):
                first_written = waiting.popleft()
                yielded = True
                if isinstance(settled, Draft) and settled.text in said:
                    settled = _again(first_written, settled)
                said.add(settled.text)
                yield settled
            if not yielded:
                yield None
    finally:
        for one in waiting:
            if isinstance(one, _Mending):
                one.left.set()
    if failed:
        raise failed


def _settled(one: Draft | _Mending, coming: bool) -> Draft | Dropped | None:
    """What came of it; None while that is open. When no drafts come any more there is time to wait a little."""
    if isinstance(one, Draft):
        return one
    return one.outcome(0.0 if coming else 0.05)


def _again(written: Draft | _Mending, settled: Draft) -> Dropped:
    """A sentence that was said before, or became one when it was mended."""
    if isinstance(written, Draft):
        return Dropped(settled.text, AGAIN)
    return Dropped(written.draft.text, written.why)


class _Mending:
    """A draft that is being written anew, in a thread of its own."""

    def __init__(self, draft: Draft, why: str, mend: Mend | None, fault: Faults) -> None:
        self.draft, self.why, self.fault = draft, why, fault
        self.until = time.monotonic() + MENDING
        self.left = threading.Event()
        self.mended: Draft | None = None
        self.thread = threading.Thread(target=self._mend, args=(mend,), daemon=True) if mend else None
        if self.thread:
            self.thread.start()

    def outcome(self, wait: float) -> Draft | Dropped | None:
        """The mended draft, or that it is dropped; None after `wait` seconds when neither is known yet."""
        if self.thread and time.monotonic() < self.until:
            self.thread.join(wait)
            if self.thread.is_alive():
                return None
        self.left.set()
        return self.mended or Dropped(self.draft.text, self.why)

    def _mend(self, mend: Mend) -> None:
        try:
            pieces = mend(self.draft, self.why, MENDING)
            draft = next((piece for piece in pieces if piece or self.left.is_set()), None)
        except ModelFailed:
            return
        if draft and draft.text != REFUSAL and self.fault(draft) is None:
            self.mended = draft
