"""Learn assistant/weights/doubt.json: from which signals to conclude that the collection does not say.

Learned from the learning suite, 450 answerable questions and 150 that the articles nearly answer, and half as much from
our own on small collections on which reading is not learned (small.py): people ask these more briefly. The doubt from
which a question is refused is the one at which TOLERATED of the learning suite's answerable ones are, cross-validated.
Of questions of yes or no, which that suite lacks, all is learned from those on small collections, and of the answerable
ones UNDECIDED may be refused. The other suites and the sample collection only report.

    python benchmarks/learn_doubt.py [--index DIR]      (DIR: a collection of the news, as search.py makes it)
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import material
import numpy as np
import numpy.typing as npt
import small
from logistic import fitted
from rich.progress import track
from sklearn.model_selection import StratifiedKFold

from assistant import Assistant, doubt, sentences, spans
from assistant.evaluation import Case
from assistant.reader import Reader
from index import Index

TARGET = material.REPOSITORY / "assistant" / "weights" / "doubt.json"
TOLERATED = 0.08
"""The share of the learning suite's answerable questions that may be refused: a third of them are typed in haste, and
of those typed in full fewer are."""
UNDECIDED = 0.2
"""The same share of the questions of yes or no: they are briefer, and half of what they ask is not told."""
BRIEF = 0.5
"""What the questions on small collections count together, beside those of the learning suite."""
STRENGTH = 0.003
"""What the weights' squares cost."""
WHETHER = ", yes or no"
"""What is put behind the name of a suite for its questions of yes or no."""
PARTS = 10
"""Of the questions, for cross-validation."""
Floats = npt.NDArray[np.float64]
Sign = tuple[float | None, float | None]
_FOR: Sign = (0.0, None)
_AGAINST: Sign = (None, 0.0)
_EITHER: Sign = (None, None)
SIGNS: dict[str, Sign] = {
    "silent": _FOR, "seldom": _FOR, "other form": _FOR, "lower case": _EITHER, "asked briefly": _EITHER,
}  # fmt: skip
"""Which signals can only speak for doubt, and which either way. Those not named tell of what was found and of how much
is asked, and can only speak against it: left free, a figure where one is asked for spoke for it, and facts and
unanswerable were told apart in 0.92 of all pairs where it is 0.94."""


def told(assistant: Assistant, case: Case, reader: Reader) -> dict[str, float]:
    """The signals of a question's evidence."""
    question = assistant.understand(case.question)
    words = assistant.index.weigh(question.query.text).weights
    hits = assistant.index.search(question.query)
    read = reader.read(question, hits, sentences.choose(question, hits, words), words)
    return doubt.signals(question, read, spans.choose(question, read.picks, words, read.bounds), words)


def refused(doubts: npt.NDArray[np.float64], unanswerable: npt.NDArray[np.bool_], tolerated: float) -> float:
    """The share of unanswerable questions above the doubt that so many answerable ones reach."""
    return float((doubts[unanswerable] >= np.quantile(doubts[~unanswerable], 1 - tolerated)).mean())


def shares(over: npt.NDArray[np.bool_], cases: Sequence[Case]) -> list[float]:
    """Which share is over, of the cases that have an answer and of those that have none; of a sort that is there."""
    wanting = np.array([case.answer is None for case in cases])
    return [round(float(over[sort].mean()), 3) for sort in (~wanting, wanting) if sort.any()]


@dataclass(frozen=True)
class Weighed:
    """Questions: each one's signals, `(questions, signals)`, whether it has no answer, and how much each counts."""

    table: Floats
    wanting: npt.NDArray[np.bool_]
    shares: Floats

    def part(self, rows: npt.NDArray[np.int64]) -> Weighed:
        """Some of them."""
        return Weighed(self.table[rows], self.wanting[rows], self.shares[rows])

    def beside(self, others: Weighed) -> Weighed:
        """These and others."""
        pairs = zip(vars(self).values(), vars(others).values(), strict=True)
        return Weighed(*(np.concatenate(pair) for pair in pairs))


def weighed(rows: Sequence[Mapping[str, float]], cases: Sequence[Case], names: Sequence[str], share: float) -> Weighed:
    """Questions that count so much together."""
    table = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    return Weighed(table, np.array([case.answer is None for case in cases]), np.full(len(rows), share / len(rows)))


def learn(given: Weighed, names: Sequence[str]) -> tuple[Floats, float]:
    """Logistic regression in which signals can only count as SIGNS has it: their weights, and what is always
    added. Free ones gave what the question lacks the wrong sign here and there, which held on no other collection."""
    middle, spread = given.table.mean(axis=0), given.table.std(axis=0) + 1e-9
    bounds = [SIGNS.get(name, _AGAINST) for name in names]
    shares = given.shares / given.shares.sum()
    scaled, always = fitted((given.table - middle) / spread, given.wanting, bounds, STRENGTH, shares)
    weights = scaled / spread
    return weights, always - float(weights @ middle)


def whether(
    rows: Mapping[str, Sequence[Mapping[str, float]]], suites: Mapping[str, Sequence[Case]], limit: float
) -> dict[str, float]:
    """What counts where a question is one of yes or no, so that it is refused from the same doubt as others."""
    name = "brief" + WHETHER
    names = sorted(rows[name][0])
    given = weighed(rows[name], suites[name], names, 1)
    collections = np.array([case.tags["collection"] for case in suites[name]])
    odds = np.zeros(len(collections))
    for one in sorted(set(collections)):
        weights, always = learn(given.part(np.flatnonzero(collections != one)), names)
        odds[collections == one] = given.table[collections == one] @ weights + always
    print(f"of yes or no, told and untold told apart {area(odds[given.wanting], odds[~given.wanting]):.3f}")
    for tolerated in (0.1, 0.15, 0.25, 0.3, UNDECIDED):
        reached = float(np.quantile(odds[~given.wanting], 1 - tolerated))
        counts = named(names, *learn(given, names))
        counts["always"] += math.log(limit / (1 - limit)) - reached
        print(
            f"tolerating {tolerated}: {(odds[given.wanting] >= reached).mean():.3f} refused; of told and untold in all"
        )
        report(rows, suites, counts, limit, whether=True)
    return counts


def area(above: Floats, below: Floats) -> float:
    """How often one of the first is above one of the others."""
    return float((above[:, None] > below).mean())


def named(names: Sequence[str], weights: Floats, always: float) -> dict[str, float]:
    """The weights that count, by their names."""
    return {name: round(float(w), 4) for name, w in zip(names, weights, strict=True) if abs(w) >= 1e-4} | {
        "always": always
    }


def report(
    rows: Mapping[str, Sequence[Mapping[str, float]]],
    suites: Mapping[str, Sequence[Case]],
    counts: Mapping[str, float],
    limit: float,
    whether: bool,
) -> None:
    """Which share of each suite of a sort is refused, of what is told and of what is not."""
    for name, cases in suites.items():
        if name.endswith(WHETHER) is whether:
            over = np.array([doubt.doubt(row, counts) >= limit for row in rows[name]])
            print(f"  {name:<20}", *shares(over, cases))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=material.RESULTS / "news-fp32")
    options = parser.parse_args()
    reader = Reader.load()
    suites = {name: material.suite(name) for name in ("train", "facts", "unanswerable")}
    with Index.open(options.index, create=False) as news:
        assistant = Assistant(news)
        rows = {name: [told(assistant, case, reader) for case in track(cases, name)] for name, cases in suites.items()}
    for one in small.collections(small.SET_ASIDE | {small.SAMPLE}):
        assistant = Assistant(one.index)
        for case in track(one.cases, one.name):
            name = "sample" if one.name == small.SAMPLE else "brief"
            name += WHETHER if assistant.understand(case.question).kind == small.WHETHER else ""
            suites.setdefault(name, []).append(case)
            rows.setdefault(name, []).append(told(assistant, case, reader))
    names = sorted({name for row in rows["train"] for name in row})
    train, brief = (weighed(rows[name], suites[name], names, share) for name, share in (("train", 1), ("brief", BRIEF)))
    wanting = train.wanting
    doubts = np.zeros(len(wanting))
    for rest, part in StratifiedKFold(PARTS, shuffle=True, random_state=0).split(train.table, wanting):
        weights, always = learn(train.part(rest).beside(brief), names)
        doubts[part] = 1 / (1 + np.exp(-(train.table[part] @ weights + always)))
    counts = named(names, *learn(train.beside(brief), names))
    for tolerated in (0.04, 0.06, 0.07, 0.1, TOLERATED):
        limit = float(np.quantile(doubts[~wanting], 1 - tolerated))
        share = refused(doubts, wanting, tolerated)
        print(f"tolerating {tolerated}: {share:.3f} of the unanswerable refused; of told and untold in all")
        report(rows, suites, counts, limit, whether=False)
    undecided = whether(rows, suites, limit)
    TARGET.write_text(
        json.dumps(
            {
                "about": "Weights of assistant/doubt.py's signals, learned by benchmarks/learn_doubt.py from questions"
                " over news articles of 2015 and 2016 that they answer or nearly answer, which are no part of the"
                " project, and from some of benchmarks/small.jsonl.",
                "encoder": material.ENCODER,
                "questions": sum(len(rows[name]) for name in ("train", "brief", "brief" + WHETHER)),
                "strength": STRENGTH,
                "cross_validated": {"refused_unanswerable": round(share, 3)},
                "refused": round(limit, 4),
                "weights": counts,
                "undecided": undecided,
            },
            indent=2,
        )
        + "\n",
        encoding="utf-8",
    )
    print(f"written: {TARGET}")


if __name__ == "__main__":
    main()
