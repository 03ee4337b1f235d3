"""Learn the weights of a sum of signals from which candidates are right: a linear listwise model, easily read.

The right candidates of a question together are to get the most of a softmax over all of them. The penalty on the
weights' squares is chosen by cross-validation.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import material
import numpy as np
import numpy.typing as npt
import torch

from assistant.evaluation import Case

Floats = npt.NDArray[np.float32]
PENALTIES = (1e-5, 1e-4, 3e-4, 1e-3, 3e-3)
PARTS = 5
"""Of the questions, for cross-validation."""
ASIDE = 8
"""Of so many articles, the questions on one are set aside."""
AS_SUITES_ASK = 5204
"""So many of our own questions, the first, ask as the suites do. Those after them were written so that neither length
nor wording tells whether there is an answer: reading learns from them all, what goes by the wording from the first."""


@dataclass(frozen=True)
class Judged:
    """One question's candidates: signals (candidates, names), which are right, and of which article each is."""

    names: list[str]
    signals: Floats
    right: npt.NDArray[np.bool_]
    articles: list[str]

    def ranked(self, weights: Floats) -> list[int]:
        """The candidates' places, best first."""
        return [int(i) for i in np.argsort(-(self.signals @ weights), kind="stable")]


def aside(case: Case) -> bool:
    """Whether one of our own questions is set aside when the network of assistant/reader.py is learned: those on one
    article in eight are."""
    on = case.evidence[0].article if case.evidence else case.id
    return zlib.crc32(on.encode()) % ASIDE == 0


def as_suites_ask() -> list[Case]:
    """Our own questions that ask as the suites do."""
    return material.questions()[:AS_SUITES_ASK]


def set_aside() -> list[Case]:
    """The questions from which what comes after reading is learned: the learning suite, and our own set aside."""
    return material.suite("train") + [case for case in as_suites_ask() if aside(case)]


Score = Callable[[Sequence[Judged], Floats], list[float]]


def learn(judged: Sequence[Judged], penalty: float) -> Floats:
    """The weights that give the right candidates the most of a softmax, with a penalty on their squares."""
    answered = [j for j in judged if j.right.any()]
    signals = torch.from_numpy(np.concatenate([j.signals for j in answered]))
    right = torch.from_numpy(np.concatenate([j.right for j in answered]))
    question = torch.from_numpy(np.repeat(np.arange(len(answered)), [len(j.right) for j in answered]))
    weights = torch.zeros(signals.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=120, history_size=20, line_search_fn="strong_wolfe")

    def most(scores: torch.Tensor) -> torch.Tensor:
        """For each question the logarithm of the sum of its candidates' exponentials."""
        top = torch.full((len(answered),), -1e9).scatter_reduce(0, question, scores, "amax").detach()
        return top + torch.log(torch.zeros(len(answered)).scatter_add(0, question, torch.exp(scores - top[question])))

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        scores = signals @ weights
        lost = most(scores) - most(scores.masked_fill(~right, -1e9))
        total: torch.Tensor = lost.mean() + penalty * (weights**2).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    learned: Floats = weights.detach().numpy()
    return learned


def cross_validated(judged: Sequence[Judged], penalty: float, score: Score) -> list[float]:
    """The mean score of each fold under weights learned on the others."""
    order = np.random.default_rng(0).permutation(len(judged))
    scores = []
    for fold in range(PARTS):
        held = set(order[fold::PARTS].tolist())
        weights = learn([j for i, j in enumerate(judged) if i not in held], penalty)
        scores.append(score([judged[i] for i in sorted(held)], weights))
    return [round(float(share), 3) for share in np.mean(scores, axis=0)]


def chosen(
    judged: Sequence[Judged], score: Score, penalties: Sequence[float] = PENALTIES
) -> tuple[float, list[float], dict[str, float]]:
    """The penalty whose cross-validated scores are highest in sum, those scores, and the weights learned with it."""
    table = {penalty: cross_validated(judged, penalty, score) for penalty in penalties}
    for penalty, shares in table.items():
        print(f"penalty {penalty:g}: cross-validated {shares}", flush=True)
    best = max(penalties, key=lambda penalty: sum(table[penalty]))
    weights = learn(judged, best)
    return best, table[best], {n: round(float(w), 3) for n, w in zip(judged[0].names, weights, strict=True)}
