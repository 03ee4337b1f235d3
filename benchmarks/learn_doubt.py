"""Learn assistant/weights/doubt.json: from which signals to conclude that the collection does not say.

Learned from the learning suite, 450 answerable questions and 150 that the articles nearly answer (with our own as well
fewer of these were refused); the doubt from which a question is refused is the one at which TOLERATED of the answerable
ones are, cross-validated. The other suites only report.

    python benchmarks/learn_doubt.py [--index DIR]      (DIR: a collection of the news, as search.py makes it)
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import material
import numpy as np
import numpy.typing as npt
from logistic import fitted
from rich.progress import track
from sklearn.model_selection import StratifiedKFold

from assistant import Assistant, doubt, sentences, spans
from assistant.evaluation import Case
from assistant.reader import Reader
from index import Index

TARGET = material.REPOSITORY / "assistant" / "weights" / "doubt.json"
TOLERATED = 0.07
"""The share of the learning suite's answerable questions that may be refused: a third of them are typed in haste, and
of those typed in full fewer are."""
STRENGTH = 0.003
"""What the weights' squares cost."""
PARTS = 10
"""Of the questions, for cross-validation."""
Floats = npt.NDArray[np.float64]
Sign = tuple[float | None, float | None]
_FOR: Sign = (0.0, None)
_AGAINST: Sign = (None, 0.0)
SIGNS: dict[str, Sign] = {**dict.fromkeys(("silent", "seldom", "other form"), _FOR), "lower case": (None, None)}
"""Which signals can only speak for doubt, and which either way. Those not named tell of what was found and of how much
is asked, and can only speak against it: left free, a figure where one is asked for spoke for it, and facts and
unanswerable were told apart in 0.92 of all pairs where it is 0.94."""


def told(assistant: Assistant, case: Case, reader: Reader) -> dict[str, float]:
    """The signals of a question's evidence."""
    question = assistant.understand(case.question)
    words = assistant.index.weigh(question.standalone).weights
    hits = assistant.index.search(question.query)
    read = reader.read(question, hits, sentences.choose(question, hits, words), words, assistant.index)
    return doubt.signals(question, read, spans.choose(question, read.picks, words, read.bounds), words)


def refused(doubts: npt.NDArray[np.float64], unanswerable: npt.NDArray[np.bool_], tolerated: float) -> float:
    """The share of unanswerable questions above the doubt that so many answerable ones reach."""
    return float((doubts[unanswerable] >= np.quantile(doubts[~unanswerable], 1 - tolerated)).mean())


def learn(table: Floats, wanting: npt.NDArray[np.bool_], names: Sequence[str]) -> tuple[Floats, float]:
    """Logistic regression in which signals can only count as SIGNS has it: their weights, and what is always
    added. Free ones gave what the question lacks the wrong sign here and there, which held on no other collection."""
    middle, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    bounds = [SIGNS.get(name, _AGAINST) for name in names]
    scaled, always = fitted((table - middle) / spread, wanting, bounds, STRENGTH)
    weights = scaled / spread
    return weights, always - float(weights @ middle)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=material.RESULTS / "news-fp32")
    options = parser.parse_args()
    suites = {name: material.suite(name) for name in ("train", "facts", "unanswerable")}
    with Index.open(options.index, create=False) as news:
        assistant = Assistant(news)
        reader = Reader.load()
        rows = {name: [told(assistant, case, reader) for case in track(cases, name)] for name, cases in suites.items()}
    names = sorted({name for row in rows["train"] for name in row})
    table = np.array([[row.get(name, 0.0) for name in names] for row in rows["train"]])
    wanting = np.array([case.answer is None for case in suites["train"]])
    doubts = np.zeros(len(wanting))
    for rest, part in StratifiedKFold(PARTS, shuffle=True, random_state=0).split(table, wanting):
        weights, always = learn(table[rest], wanting[rest], names)
        doubts[part] = 1 / (1 + np.exp(-(table[part] @ weights + always)))
    weights, always = learn(table, wanting, names)
    counts = {name: round(float(w), 4) for name, w in zip(names, weights, strict=True) if abs(w) >= 1e-4}
    counts["always"] = always
    for tolerated in (0.04, 0.06, 0.08, 0.1, TOLERATED):
        limit = float(np.quantile(doubts[~wanting], 1 - tolerated))
        told_of = {name: np.mean([doubt.doubt(row, counts) >= limit for row in rows[name]]) for name in rows}
        share = refused(doubts, wanting, tolerated)
        print(f"tolerating {tolerated}: refuses {share:.3f} of the unanswerable (n={wanting.sum()}); all refused: "
              + ", ".join(f"{name} {share:.3f}" for name, share in told_of.items()))  # fmt: skip
    TARGET.write_text(
        json.dumps(
            {
                "about": "Weights of assistant/doubt.py's signals, learned by benchmarks/learn_doubt.py from questions"
                " over news articles of 2015 and 2016 that they answer or nearly answer; neither is part of the"
                " project.",
                "encoder": material.ENCODER,
                "questions": len(wanting),
                "strength": STRENGTH,
                "cross_validated": {"refused_unanswerable": round(share, 3)},
                "refused": round(limit, 4),
                "weights": counts,
            },
            indent=2,
        )
        + "\n",
        encoding="utf-8",
    )
    print(f"written: {TARGET}")


if __name__ == "__main__":
    main()
