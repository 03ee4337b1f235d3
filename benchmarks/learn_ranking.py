"""Learn index/weights/ranking.json: how much each signal of index/ranking.py counts.

For each answerable question of the learning suite the passages found are candidates, right where they overlap a gold
quote. The other suites only report.

    python benchmarks/learn_ranking.py [--index DIR]      (DIR: a collection of the news, made by benchmarks/search.py)
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

from assistant.evaluation import Case
from assistant.evaluation.scores import overlap
from index import Index
from index.ranking import PER_ARTICLE

TARGET = material.REPOSITORY / "index" / "weights" / "ranking.json"
CUT = 1_000
"""Characters of a passage that count, as everywhere in the scores."""


def judge(news: Index, case: Case) -> Judged:
    """The candidates of a question, marked by the gold quotes."""
    ranked = news.judged(case.question)
    names = list(ranked[0].signals)
    passages = [r.candidate.passage for r in ranked]
    return Judged(
        names,
        np.array([[r.signals[name] for name in names] for r in ranked], np.float32),
        np.array([any(overlap(p.article_id, p.text[:CUT], gold) for gold in case.evidence) for p in passages]),
        [p.article_id for p in passages],
    )


def found(judged: Sequence[Judged], weights: Floats) -> list[float]:
    """The share of questions with a right passage first, in three, five and ten, few of one article."""
    hits = []
    for j in judged:
        taken: dict[str, int] = {}
        order: list[int] = []
        for i in j.ranked(weights):
            if taken.get(j.articles[i], 0) < PER_ARTICLE:
                taken[j.articles[i]] = taken.get(j.articles[i], 0) + 1
                order.append(i)
        hits.append([bool(j.right[order[:n]].any()) for n in (1, 3, 5, 10)])
    return [round(float(share), 3) for share in np.mean(hits, axis=0)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=material.RESULTS / "news-fp32")
    options = parser.parse_args()
    with Index.open(options.index, create=False) as news:
        suites = {
            name: [judge(news, case) for case in track(material.suite(name), name) if case.evidence]
            for name in ("train", "facts", "provenance")
        }
    print("right passage first, in three, five, ten")
    penalty, scores, weights = chosen(suites["train"], found)
    for name, judged in suites.items():
        print(f"{name} (n={len(judged)}): {found(judged, np.array(list(weights.values()), np.float32))}")
    told = {
        "about": "Weights of index/ranking.py's signals, learned by benchmarks/learn_ranking.py from questions with"
        " marked passages over news articles of 2015 and 2016; questions and articles are not part of the project.",
        "questions": len(suites["train"]),
        "penalty": penalty,
        "cross_validated": dict(zip(("first", "in_three", "in_five", "in_ten"), scores, strict=True)),
        "weights": weights,
    }
    TARGET.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"written: {TARGET}")


if __name__ == "__main__":
    main()
