"""Two runs become paired differences: per score how large and how surely not chance, and the cases that flipped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.evaluation.measures import BY_NAME, FIGURES, MEASURES, ROUNDS, TIMINGS, Floats, Measure
from assistant.evaluation.results import Outcome, Results
from index.errors import WhenceError
from index.records import Record

LEVEL = 0.05
"""A difference counts when chance would make one as large less often than that."""

MID_P = "McNemar's test, mid-p"
PAIRED = "paired bootstrap"
UNTESTED = "not tested: times differ from run to run"


class NothingInCommon(WhenceError):
    """Two runs that share no case."""


@dataclass(frozen=True, slots=True)
class Difference(Record):
    """A score over the cases that both runs have it for: earlier, now, and the difference with its 95 % interval.

    `p` is how often chance alone would make a difference as large, None where that is not tested; `method` names the
    test. `gained` and `lost` count the cases whose value rose and fell.
    """

    name: str
    earlier: float
    now: float
    difference: float
    low: float
    high: float
    n: int
    gained: int
    lost: int
    p: float | None
    method: str

    @property
    def significant(self) -> bool:
        """Whether it counts as a difference."""
        return self.p is not None and self.p < LEVEL

    @property
    def verdict(self) -> str:
        """better, worse, other (of scores without a better way), or same."""
        if not self.significant or self.difference == 0:
            return "same"
        better = BY_NAME[self.name].better
        if better == "neither":
            return "other"
        return "better" if (self.difference > 0) == (better == "higher") else "worse"


@dataclass(frozen=True, slots=True)
class Flip(Record):
    """A case that was right and is not, or the other way about: `change` is lost or won."""

    suite: str
    id: str
    change: str


@dataclass(frozen=True, slots=True)
class Comparison(Record):
    """How a run differs from an earlier one, over the cases that both asked in the same words.

    `changed` is what the versions differ in, as `name: earlier -> now`. `doubts` are why the runs do not compare well.
    """

    cases: int
    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]
    changed: tuple[str, ...]
    doubts: tuple[str, ...]
    earlier: Results

    @property
    def found(self) -> tuple[Difference, ...]:
        """The differences that count."""
        return tuple(difference for difference in self.differences if difference.verdict != "same")


def compare(now: Results, earlier: Results) -> Comparison:
    """Pair the cases of two runs by suite and id.

    Raises:
        NothingInCommon: there is no such pair.
    """
    before = {outcome.key: outcome for outcome in earlier.outcomes}
    both = [(before[outcome.key], outcome) for outcome in now.outcomes if outcome.key in before]
    pairs = [pair for pair in both if _same_case(*pair)]
    if not pairs:
        raise NothingInCommon("The two runs share no case: other suites, or every question was changed.")
    return Comparison(
        cases=len(pairs),
        differences=tuple(found for measure in MEASURES if (found := _difference(measure, pairs))),
        flips=tuple(Flip(*a.key, "won" if a.right else "lost") for b, a in pairs if a.right != b.right),
        changed=tuple(_changed(now, earlier)),
        doubts=tuple(_doubts(now, earlier, len(pairs), len(both))),
        earlier=earlier,
    )


def _same_case(earlier: Outcome, now: Outcome) -> bool:
    """Whether both were asked the same and held against the same answer; tags may differ."""
    return replace(earlier.case, tags={}) == replace(now.case, tags={})


def _difference(measure: Measure, pairs: Sequence[tuple[Outcome, Outcome]]) -> Difference | None:
    key = measure.key
    values = [(b.values[key], a.values[key]) for b, a in pairs if key in b.values and key in a.values]
    if not values:
        return None
    before, after = (np.asarray(side, dtype=np.float64) for side in zip(*values, strict=True))
    figure = FIGURES[measure.how]
    drawn = np.random.default_rng(0).integers(len(values), size=(ROUNDS, len(values)))
    samples = figure(after[drawn]) - figure(before[drawn])
    low, high = np.percentile(samples, [2.5, 97.5])
    gained, lost = int((after > before).sum()), int((after < before).sum())
    if key in TIMINGS:
        p, method = None, UNTESTED
    elif measure.yes_no:
        p, method = mid_p(gained, lost), MID_P
    else:
        p, method = _bootstrap_p(samples), PAIRED
    earlier, now = float(figure(before[None])[0]), float(figure(after[None])[0])
    return Difference(
        measure.name, earlier, now, now - earlier, float(low), float(high), len(values), gained, lost, p, method
    )


def mid_p(gained: int, lost: int) -> float:
    """McNemar's test of paired yes-or-no values, by its exact distribution with the mid-p correction.

    Of the pairs that differ, either way is equally likely by chance. Fagerland, Lydersen & Laake, "The McNemar test for
    binary matched-pairs data", BMC Medical Research Methodology 13:91 (2013), who recommend it over the uncorrected.
    """
    n, fewer = gained + lost, min(gained, lost)
    if n == 0:
        return 1.0
    at = math.comb(n, fewer) / (1 << n)
    if gained == lost:
        return 1 - at / 2
    return 2 * sum(math.comb(n, k) for k in range(fewer + 1)) / (1 << n) - at


def _bootstrap_p(samples: Floats) -> float:
    """Twice the share of resampled differences on the lesser side of nothing: Efron & Tibshirani (1993), chapter 15.

    No difference at all is 1; a share of none is told as one of the rounds.
    """
    if not samples.any():
        return 1.0
    least = min(int((samples <= 0).sum()), int((samples >= 0).sum()))
    return min(1.0, max(2 * least, 1) / len(samples))


def _changed(now: Results, earlier: Results) -> list[str]:
    then, on = earlier.on, now.on
    told = [
        (name, str(getattr(then, name)), str(getattr(on, name))) for name in ("version", "code", "encoder", "model")
    ]
    for word, old, new in (("prompt", then.prompts, on.prompts), ("setting", then.settings, on.settings)):
        told += [(f"{word} {name}", old.get(name, "none"), new.get(name, "none")) for name in {*old, *new}]
    return sorted(f"{name}: {before} -> {after}" for name, before, after in told if before != after)


def _doubts(now: Results, earlier: Results, paired: int, both: int) -> list[str]:
    """What makes the runs differ beside the versions compared."""
    told = []
    then, on = earlier.on, now.on
    if then.fingerprint != on.fingerprint:
        told.append(f"The collections differ ({then.articles} articles {then.fingerprint[:8]}, now {on.articles}"
                    f" {on.fingerprint[:8]}): a difference may be theirs.")  # fmt: skip
    if paired < len(now.outcomes) or paired < len(earlier.outcomes):
        told.append(f"Only {paired} cases are in both runs (earlier {len(earlier.outcomes)}, now {len(now.outcomes)}).")
    if paired < both:
        told.append(f"{both - paired} cases have another question, answer or evidence now; they are left out.")
    hashes = {suite.name: suite.sha256 for suite in then.suites}
    told += [f"The suite {s.name} was edited." for s in on.suites if hashes.get(s.name, s.sha256) != s.sha256]
    if then.settings.get("jobs") != on.settings.get("jobs"):
        told.append("Another number of cases was asked at once: times do not compare.")
    return told
