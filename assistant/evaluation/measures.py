"""The scores that a run reports, declared once: what a case's outcome is worth, and how cases become a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from assistant.evaluation.results import Group, Outcome, Score
from assistant.evaluation.scores import bootstrap
from index.records import Record

Better = Literal["higher", "lower", "neither"]
How = Literal["mean", "p50", "p95", "precision", "f1"]

ROUNDS = 2000
"""Samples of a bootstrap."""

VALUES_OF_A_TAG = 12
"""A tag with more values than that tells cases apart, and groups none."""


@dataclass(frozen=True, slots=True)
class Measure(Record):
    """A score: its name, the part of the table that it stands in, in words what it says, which way is better.

    `how` makes a figure of the cases' values named `of`; `yes_no` values are 0 or 1.
    """

    name: str
    part: str
    says: str
    better: Better = "higher"
    how: How = "mean"
    of: str = ""
    yes_no: bool = False

    @property
    def key(self) -> str:
        """The name of the cases' values that it is made of."""
        return self.of or self.name


MEASURES = (
    Measure("right", "answer", "says the answer, or rightly that the collection does not", yes_no=True),
    Measure("contains", "answer", "the text says gold or an alias", yes_no=True),
    Measure("contains-60", "answer", "the first 60 words of the text say it", yes_no=True),
    Measure("short", "answer", "the short answer says it", yes_no=True),
    Measure("exact", "answer", "exact match, as SQuAD's script", yes_no=True),
    Measure("f1", "answer", "token F1, as SQuAD's script"),
    Measure("turns", "answer", "turns of a conversation that are right"),
    Measure("found@1", "retrieval", "a gold quote in the first hit", yes_no=True),
    Measure("found@5", "retrieval", "a gold quote in the first five hits", yes_no=True),
    Measure("found@10", "retrieval", "a gold quote in the first ten hits", yes_no=True),
    Measure("recall@1", "retrieval", "gold quotes that the first hit has"),
    Measure("recall@5", "retrieval", "gold quotes that the first five hits have"),
    Measure("recall@10", "retrieval", "gold quotes that the first ten hits have"),
    Measure("mrr", "retrieval", "reciprocal rank of the first gold quote"),
    Measure("ndcg@10", "retrieval", "discounted gain of the first ten hits"),
    Measure("article-recall@1", "retrieval", "gold articles that the first article is"),
    Measure("article-recall@5", "retrieval", "gold articles among the first five articles"),
    Measure("article-recall@10", "retrieval", "gold articles among those of the ten hits"),
    Measure("article-mrr", "retrieval", "reciprocal rank of the first gold article"),
    Measure("article-ndcg@10", "retrieval", "discounted gain by article"),
    Measure("cited", "citations", "one of the first four citations overlaps a gold quote", yes_no=True),
    Measure("citation-precision", "citations", "of the first four citations, those that overlap a gold quote"),
    Measure("citation-recall", "citations", "gold quotes that the first four citations overlap"),
    Measure("spans", "citations", "citations that are their span of the text, to the character"),
    Measure("self-consistency", "citations", "sentences that our own grounding finds borne out"),
    Measure("alce-recall", "citations", "sentences that their citations entail (NLI)"),
    Measure("alce-precision", "citations", "citations that their sentence needs (NLI)"),
    Measure("refusal-precision", "refusal", "of the refusals, those that were right", how="precision", of="refusal"),
    Measure("refusal-recall", "refusal", "of the questions without answer, those refused", yes_no=True),
    Measure("refusal-f1", "refusal", "F1 of saying that the collection does not say", how="f1", of="refusal"),
    Measure("origin", "provenance", "the origin named is the right one", yes_no=True),
    Measure("answer-words", "lengths", "words of an answer", "neither"),
    Measure("short-words", "lengths", "words of a short answer", "neither"),
    Measure("quote-words", "lengths", "words of a citation, on average", "neither"),
    Measure("seconds-p50", "time", "seconds of an answer, median", "lower", "p50", "seconds"),
    Measure("seconds-p95", "time", "seconds of an answer, 95th percentile", "lower", "p95", "seconds"),
    Measure("search-p50", "time", "seconds of a search, median", "lower", "p50", "search"),
    Measure("search-p95", "time", "seconds of a search, 95th percentile", "lower", "p95", "search"),
    Measure("tokens-in", "model", "tokens sent to the model, about", "lower"),
    Measure("tokens-out", "model", "tokens that it wrote, about", "lower"),
    Measure("cost", "model", "what they cost, in the price's currency", "lower"),
    Measure("judge", "judged by a model", "the model says that it agrees with gold", yes_no=True),
)
"""Every score, in the order of the table."""

BY_NAME: Mapping[str, Measure] = {measure.name: measure for measure in MEASURES}

TIMINGS = {"seconds", "search"}
"""Values that differ from run to run."""

REFUSAL = {"right": 1.0, "wrong": 2.0, "missed": 3.0, "rest": 0.0}
"""The value `refusal` of a case refused rightly, refused wrongly, answered though it should have been refused."""

Floats = npt.NDArray[np.float64]


def summed(outcomes: Sequence[Outcome]) -> tuple[Score, ...]:
    """Every score that a case of these has, in the order of the table."""
    return tuple(score for measure in MEASURES if (score := _score(measure, outcomes)))


def grouped(outcomes: Sequence[Outcome]) -> tuple[Group, ...]:
    """The scores by type, and by each tag whose few values cases share; one group of all is none."""
    sorted_by: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        for place in {("type", outcome.case.type), *_tagged(outcome)}:
            sorted_by.setdefault(place, []).append(outcome)
    names = {by for by, _ in sorted_by}
    told = {by: [value for name, value in sorted_by if name == by] for by in names}
    useful = {by for by, values in told.items() if by == "type" or _groups(by, values, sorted_by)}
    return tuple(
        Group(by, value, len(of), summed(of))
        for (by, value), of in sorted(sorted_by.items(), key=lambda item: (item[0][0] != "type", item[0]))
        if by in useful and len(told[by]) > (1 if by == "type" else 0)
    )


def _groups(by: str, values: Sequence[str], sorted_by: Mapping[tuple[str, str], Sequence[Outcome]]) -> bool:
    """Whether a tag's values put cases together."""
    return len(values) <= VALUES_OF_A_TAG and any(len(sorted_by[by, value]) > 1 for value in values)


def _tagged(outcome: Outcome) -> Iterable[tuple[str, str]]:
    """Its tags as texts; of a list, each of its items."""
    for name, told in outcome.case.tags.items():
        for value in told if isinstance(told, list | tuple) else [told]:
            if isinstance(value, str | int | float):
                yield name, str(value)


def _score(measure: Measure, outcomes: Sequence[Outcome]) -> Score | None:
    values = [outcome.values[measure.key] for outcome in outcomes if measure.key in outcome.values]
    n = sum(value in COUNTED[measure.how] for value in values) if measure.how in COUNTED else len(values)
    if not n:
        return None
    if measure.how == "mean":
        return Score(measure.name, float(np.mean(values)), n, *bootstrap(values))
    figure = FIGURES[measure.how]
    counted = np.asarray(values, dtype=float)
    samples = np.random.default_rng(0).choice(counted, size=(ROUNDS, len(counted)))
    low, high = np.percentile(figure(samples), [2.5, 97.5])
    return Score(measure.name, float(figure(counted[None])[0]), n, float(low), float(high))


def _mean(samples: Floats) -> Floats:
    means: Floats = samples.mean(axis=1)
    return means


def _precision(samples: Floats) -> Floats:
    """For each row of the values `refusal`, the share of refusals that were right; of none, 0."""
    right, wrong = (_count(samples, name) for name in ("right", "wrong"))
    return _share(right, right + wrong)


def _f1(samples: Floats) -> Floats:
    """For each row of the values `refusal`, the F1 of refusing; of nothing to refuse and nothing refused, 0."""
    right, wrong, missed = (_count(samples, name) for name in ("right", "wrong", "missed"))
    return _share(2 * right, 2 * right + wrong + missed)


def _count(samples: Floats, name: str) -> Floats:
    counted: Floats = (samples == REFUSAL[name]).sum(axis=1).astype(float)
    return counted


def _share(part: Floats, whole: Floats) -> Floats:
    share: Floats = part / np.maximum(whole, 1.0)
    return share


def _percentile(share: float) -> Callable[[Floats], Floats]:
    def figure(samples: Floats) -> Floats:
        found: Floats = np.percentile(samples, share, axis=1)
        return found

    return figure


FIGURES: Mapping[str, Callable[[Floats], Floats]] = {
    "mean": _mean,
    "p50": _percentile(50),
    "p95": _percentile(95),
    "precision": _precision,
    "f1": _f1,
}
"""For each way, rows of values to a figure for each row."""

COUNTED: Mapping[str, set[float]] = {
    "precision": {REFUSAL["right"], REFUSAL["wrong"]},
    "f1": {REFUSAL["right"], REFUSAL["wrong"], REFUSAL["missed"]},
}
"""The values that a figure is about; of the others it does not depend."""
