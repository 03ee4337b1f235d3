"""Learn assistant/weights/doubt.json: from which signals to conclude that the collection does not say.

Learned from the learning suite, 450 answerable questions and 150 that the articles nearly answer (with our own as well
fewer of these were refused); the doubt from which a question is refused is the one at which TOLERATED of the answerable
ones are, cross-validated. The other suites
only report.

    python benchmarks/learn_doubt.py [--index DIR]      (DIR: a collection of the news, as search.py makes it)
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import material
import numpy as np
import numpy.typing as npt
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant import Assistant, doubt, sentences, spans
from assistant.evaluation import Case
from assistant.reader import Reader
from index import Index

TARGET = material.REPOSITORY / "assistant" / "weights" / "doubt.json"
TOLERATED = 0.07
"""The share of answerable questions that may be refused."""
STRENGTHS = (0.01, 0.03, 0.1)
"""Inverse penalties tried."""


def told(assistant: Assistant, case: Case, reader: Reader) -> dict[str, float]:
    """The signals of a question's evidence."""
    question = assistant.understand(case.question)
    words = assistant.index.weigh(question.standalone).weights
    hits = assistant.index.search(question.query)
    read = reader.read(question, hits, sentences.choose(question, hits, words), words, assistant.index)
    return doubt.signals(question, hits, read, spans.choose(question, read.picks, words, read.bounds), words)


def refused(doubts: npt.NDArray[np.float64], unanswerable: npt.NDArray[np.bool_], tolerated: float) -> float:
    """The share of unanswerable questions above the doubt that so many answerable ones reach."""
    return float((doubts[unanswerable] >= np.quantile(doubts[~unanswerable], 1 - tolerated)).mean())


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

    def model(strength: float) -> object:
        return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=5_000))

    doubts = {
        strength: cross_val_predict(model(strength), table, wanting, cv=10, method="predict_proba")[:, 1]
        for strength in STRENGTHS
    }
    shares = {s: refused(some, wanting, TOLERATED) for s, some in doubts.items()}
    for strength, share in shares.items():
        print(f"strength {strength}: refuses {share:.3f} of the unanswerable (n={wanting.sum()})")
    best = max(STRENGTHS, key=lambda strength: shares[strength])
    learned = make_pipeline(StandardScaler(), LogisticRegression(C=best, max_iter=5_000)).fit(table, wanting)
    scale, logistic = learned[0], learned[1]
    slopes = logistic.coef_[0] / scale.scale_
    always = float(logistic.intercept_[0] - (slopes * scale.mean_).sum())
    weights = {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)} | {"always": always}
    answerable = doubts[best][~wanting]
    for tolerated in (0.04, 0.06, 0.08, 0.1, TOLERATED):
        limit = float(np.quantile(answerable, 1 - tolerated))
        told_of = {name: np.mean([doubt.doubt(row, weights) >= limit for row in rows[name]]) for name in rows}
        print(f"tolerating {tolerated}: refused " + ", ".join(f"{name} {share:.3f}" for name, share in told_of.items()))
    TARGET.write_text(
        json.dumps(
            {
                "about": "Weights of assistant/doubt.py's signals, learned by benchmarks/learn_doubt.py from questions"
                " over news articles of 2015 and 2016 that they answer or nearly answer; neither is part of the"
                " project.",
                "encoder": material.ENCODER,
                "questions": len(wanting),
                "strength": best,
                "cross_validated": {"refused_unanswerable": round(shares[best], 3)},
                "refused": round(limit, 4),
                "weights": weights,
            },
            indent=2,
        )
        + "\n",
        encoding="utf-8",
    )
    print(f"written: {TARGET}")


if __name__ == "__main__":
    main()
