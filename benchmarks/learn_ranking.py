"""Learn index/weights/ranking.json: how much each signal of index/ranking.py counts.

For each answerable question of the learning suite, the passages found are candidates, right where they overlap a gold
quote; the weights are those under which the right ones together get the most of a softmax over all (a linear listwise
model: few weights, easily read). The penalty is chosen by five-fold cross-validation. The other suites only report.

    python benchmarks/learn_ranking.py [--index DIR]      (DIR: a collection of the news, made by benchmarks/search.py)
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import material
import numpy as np
import numpy.typing as npt
import torch
from rich.progress import track

from assistant.evaluation import Case
from assistant.evaluation.scores import overlap
from index import Index
from index.ranking import PER_ARTICLE

TARGET = material.REPOSITORY / "index" / "weights" / "ranking.json"
PENALTIES = (1e-5, 1e-4, 3e-4, 1e-3, 3e-3)
FOLDS = 5
CUT = 1_000
"""Characters of a passage that count, as everywhere in the scores."""


@dataclass(frozen=True)
class Judged:
    """One question's candidates: signals (candidates, names), which are right, and of which article each is."""

    names: list[str]
    signals: npt.NDArray[np.float32]
    right: npt.NDArray[np.bool_]
    articles: list[str]


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


def learn(judged: list[Judged], penalty: float) -> npt.NDArray[np.float32]:
    """The weights that give the right candidates the most of a softmax, with a penalty on their squares."""
    rows = [(torch.from_numpy(j.signals), torch.from_numpy(j.right)) for j in judged if j.right.any()]
    weights = torch.zeros(len(judged[0].names), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        total = penalty * (weights**2).sum()
        for signals, right in rows:
            scores = signals @ weights
            total = total + (torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0)) / len(rows)
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    learned: npt.NDArray[np.float32] = weights.detach().numpy()
    return learned


def found(judged: list[Judged], weights: npt.NDArray[np.float32]) -> list[float]:
    """The share of questions with a right passage first, in three, five and ten, few of one article."""
    hits = []
    for j in judged:
        taken: dict[str, int] = {}
        order: list[int] = []
        for i in np.argsort(-(j.signals @ weights), kind="stable"):
            if taken.get(j.articles[i], 0) < PER_ARTICLE:
                taken[j.articles[i]] = taken.get(j.articles[i], 0) + 1
                order.append(int(i))
        hits.append([bool(j.right[order[:n]].any()) for n in (1, 3, 5, 10)])
    return [round(float(share), 3) for share in np.mean(hits, axis=0)]


def cross_validated(judged: list[Judged], penalty: float) -> list[float]:
    """`found` on each fold by weights learned on the others."""
    order = np.random.default_rng(0).permutation(len(judged))
    shares = []
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS].tolist())
        weights = learn([j for i, j in enumerate(judged) if i not in held], penalty)
        shares.append(found([judged[i] for i in held], weights))
    return [round(float(share), 3) for share in np.mean(shares, axis=0)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=material.RESULTS / "news-fp32")
    options = parser.parse_args()
    with Index.open(options.index, create=False) as news:
        suites = {
            name: [judge(news, case) for case in track(material.suite(name), name) if case.evidence]
            for name in ("train", "facts", "provenance")
        }
    train = suites["train"]
    print("right passage first, in three, five, ten")
    table = {penalty: cross_validated(train, penalty) for penalty in PENALTIES}
    for penalty, shares in table.items():
        print(f"penalty {penalty:g}: cross-validated {shares}")
    best = max(PENALTIES, key=lambda penalty: sum(table[penalty]))
    weights = learn(train, best)
    for name, judged in suites.items():
        print(f"{name} (n={len(judged)}): {found(judged, weights)}")
    told = {
        "about": "Weights of index/ranking.py's signals, learned by benchmarks/learn_ranking.py from questions with"
        " marked passages over news articles of 2015 and 2016; questions and articles are not part of the project.",
        "questions": len(train),
        "penalty": best,
        "cross_validated": dict(zip(("first", "in_three", "in_five", "in_ten"), table[best], strict=True)),
        "weights": {name: round(float(w), 3) for name, w in zip(train[0].names, weights, strict=True)},
    }
    TARGET.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"written: {TARGET}")


if __name__ == "__main__":
    main()
