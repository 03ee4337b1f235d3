"""Work under way for the page's visitors, each of whom can stop their own."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

PATIENCE = 5.0
"""Seconds that are waited for a run to end that was told to."""


@dataclass(frozen=True, slots=True)
class Run:
    """One piece of work for one visitor: it looks several times a second whether it shall stop, and tells when it has
    ended."""

    stopped: threading.Event = field(default_factory=threading.Event)
    forgotten: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)


class Runs:
    """The run under way of each visitor; Gradio's own cancelling would leave the page waiting."""

    def __init__(self) -> None:
        self._under_way: dict[str, Run] = {}

    def begin(self, visitor: str) -> Run:
        """A new run, in place of the visitor's last, which shows nothing more."""
        self.stop(visitor, forget=True)
        self._under_way[visitor] = run = Run()
        return run

    def stop(self, visitor: str, forget: bool = False) -> None:
        """End the visitor's run, if there is one, and come back when it has ended; with `forget` it shows nothing
        more, else that it was stopped."""
        if run := self._under_way.get(visitor):
            if forget:
                run.forgotten.set()
            run.stopped.set()
            run.ended.wait(PATIENCE)

    def end(self, visitor: str, run: Run) -> None:
        """The run has ended."""
        if self._under_way.get(visitor) is run:
            del self._under_way[visitor]
        run.ended.set()
