"""How far the adding of files has come, and what became of them, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.views.markup import counted, safe
from index.records import Added, Progress

STAGES: Mapping[str, tuple[str, str]] = {
    "reading": ("Reading", "article"),
    "words": ("Making them findable by words", "passage"),
    "encoding": ("Making them findable by meaning", "passage"),
}
"""What is done in each stage, and to what."""

REFUSALS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Pace:
    """How far the work has come, `seconds` after its stage began."""

    progress: Progress
    seconds: float

    @property
    def rate(self) -> float | None:
        """Articles or passages a second; None before anything is done."""
        return self.progress.done / self.seconds if self.progress.done and self.seconds > 0 else None

    @property
    def left(self) -> float | None:
        """Seconds that the stage will still take at this rate; None while nobody can say."""
        if self.rate is None or self.progress.total is None:
            return None
        return max(0, self.progress.total - self.progress.done) / self.rate


def adding_view(pace: Pace) -> str:
    """A bar, the rate and the time left."""
    doing, thing = STAGES[pace.progress.stage]
    done, total = pace.progress.done, pace.progress.total
    told = [f"{done:,} of {counted(total, thing)}" if total is not None else counted(done, thing)]
    if pace.rate is not None:
        told.append(f"{pace.rate:,.0f} a second" if pace.rate >= 1 else f"{60 * pace.rate:,.0f} a minute")
    if pace.left is not None:
        told.append(f"{lasting(pace.left)} left")
    bar = f'<progress max="{total}" value="{done}"></progress>' if total else "<progress></progress>"
    return (
        f'<div class="adding" role="status"><div class="label">{doing}</div>{bar}'
        f'<div class="pace">{" · ".join(told)}</div></div>'
    )


def lasting(seconds: float) -> str:
    """So long, roughly, in words."""
    if seconds < 100:
        return counted(round(seconds), "second")
    minutes = round(seconds / 60)
    return counted(minutes, "minute") if minutes < 100 else f"{seconds / 3600:.1f} hours"


def added_view(added: Added) -> str:
    """What became of the articles, and of each input that was refused, why."""
    parts = {"added": added.added, "updated": added.updated, "unchanged": added.unchanged, "refused": added.refused}
    told = " · ".join(f"{len(items):,} {name}" for name, items in parts.items())
    rows = "".join(f"<li>{safe(str(refusal))}</li>" for refusal in added.refused[:REFUSALS_SHOWN])
    more = len(added.refused) - REFUSALS_SHOWN
    if more > 0:
        rows += f"<li>and {counted(more, 'other')}</li>"
    refused = f'<div class="heading">Refused, and why</div><ul class="refusals">{rows}</ul>' if rows else ""
    return (
        f'<div class="added" role="status"><div class="label">Done</div><div class="pace">{told}</div>{refused}</div>'
    )


def stopped_view() -> str:
    """That the reader wanted no more."""
    return (
        '<div class="added" role="status"><div class="label">Stopped</div><div class="pace">What was read until then is'
        " kept. Drop the files again to go on.</div></div>"
    )
