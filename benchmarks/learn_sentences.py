"""Learn assistant/weights/sentences.json: how much each signal of assistant/sentences.py counts.

For each answerable question of the learning suite and of our own, the sentences of the ten best passages are
candidates, right where they overlap a gold quote. The other suites only report.

    python benchmarks/learn_sentences.py [--index DIR]      (DIR: a collection of the news, as search.py makes it)
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import material
import numpy as np
from learning import Floats, Judged, chosen
from rich.progress import track

from assistant import Assistant
from assistant.evaluation import Case
from assistant.evaluation.scores import overlap
from assistant.sentences import signals
from index import Index

TARGET = material.REPOSITORY / "assistant" / "weights" / "sentences.json"
CUT = 400
"""Characters of a citation that count, as everywhere in the scores."""


def judge(assistant: Assistant, case: Case) -> Judged:
    """The sentences of a question's hits, marked by the gold quotes."""
    question = assistant.understand(case.question)
    hits = assistant.index.search(question.query)
    told = signals(question, hits, assistant.index.weigh(question.query.text).weights)
    names = list(told[0][2])
    spans = [(hit.article, hit.sentences[i]) for hit, i, _ in told]
    quotes = [(article.id, article.text[s.start : s.end][:CUT]) for article, s in spans]
    return Judged(
        names,
        np.array([[values[name] for name in names] for _, _, values in told], np.float32),
        np.array([any(overlap(article, quote, gold) for gold in case.evidence) for article, quote in quotes]),
        [article for article, _ in quotes],
    )


def found(judged: Sequence[Judged], weights: Floats) -> list[float]:
    """The share of questions with a right sentence first, and in the first three."""
    hits = [[bool(j.right[j.ranked(weights)[:n]].any()) for n in (1, 3)] for j in judged]
    return [round(float(share), 3) for share in np.mean(hits, axis=0)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=material.RESULTS / "news-fp32")
    options = parser.parse_args()
    with Index.open(options.index, create=False) as news:
        assistant = Assistant(news)
        cases = {name: material.suite(name) for name in ("train", "facts", "provenance")}
        cases["train"] += material.questions()
        suites = {
            name: [judge(assistant, case) for case in track(cases[name], name) if case.evidence] for name in cases
        }
    print("right sentence first, in three")
    penalty, scores, weights = chosen(suites["train"], found)
    for name, judged in suites.items():
        print(f"{name} (n={len(judged)}): {found(judged, np.array(list(weights.values()), np.float32))}")
    told = {
        "about": "Weights of assistant/sentences.py's signals, learned by benchmarks/learn_sentences.py from"
        " questions with marked sentences over news articles of 2015 and 2016; neither is part of the project.",
        "questions": len(suites["train"]),
        "penalty": penalty,
        "cross_validated": dict(zip(("first", "in_three"), scores, strict=True)),
        "weights": weights,
    }
    TARGET.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"written: {TARGET}")


if __name__ == "__main__":
    main()
