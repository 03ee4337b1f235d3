"""Candidates in, hits in order out: one weighted sum of signals of words, meaning and setting. Pure.

Words find names and figures, vectors find other wordings, and the article around a passage tells what a sentence
leaves unsaid. Each signal runs from 0 to 1; the weights were learned by benchmarks/learn_ranking.py.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from index.records import Article, Passage, SentenceScore

Floats = npt.NDArray[np.float32]

WEIGHTS: Mapping[str, float] = json.loads((files("index") / "weights" / "ranking.json").read_text())["weights"]
"""What each signal counts; the file beside tells how it was learned."""

PER_ARTICLE = 3
"""Passages of one article among the hits of a query; more would crowd out other accounts."""


@dataclass(frozen=True)
class Words:
    """The query's words: how much each stem weighs (its rarity), which stems stand side by side; whose report it names.

    `outlets` are those that the query names, `months` the (year, month) pairs.
    """

    weights: Mapping[str, float]
    pairs: frozenset[tuple[str, str]]
    outlets: frozenset[str] = frozenset()
    months: frozenset[tuple[int, int]] = frozenset()

    @cached_property
    def total(self) -> float:
        """The weight of all of them together."""
        return sum(self.weights.values()) or 1.0

    @cached_property
    def paired(self) -> Mapping[tuple[str, str], float]:
        """What each pair weighs."""
        return {(a, b): self.weights[a] + self.weights[b] for a, b in self.pairs}

    def covered(self, stems: frozenset[str]) -> float:
        """The share of the query's weight that stands among the stems, 0 to 1."""
        known = self._covered.get(stems)
        if known is None:
            weight = sum(weight for stem, weight in self.weights.items() if stem in stems)
            known = self._covered[stems] = weight / self.total
        return known

    @cached_property
    def _covered(self) -> dict[frozenset[str], float]:
        """What `covered` has said: one search asks it 2,000 times, mostly about the same few stems."""
        return {}


def weigh(
    stems: Sequence[str],
    frequencies: Sequence[int],
    passages: int,
    stopwords: frozenset[str],
    outlets: frozenset[str] = frozenset(),
    months: frozenset[tuple[int, int]] = frozenset(),
) -> Words:
    """The words of a query with their rarity: log of passages in all over passages with the word (idf).

    Args:
        stems: The query's stems, in order, with repetitions.
        frequencies: For each, in how many passages it stands.
        passages: How many there are in all.
        stopwords: Stems that weigh nothing, unless there is no other.
        outlets: The outlets that the query names.
        months: The months that it names, as (year, month).
    """
    weights = {
        stem: math.log((passages + 1) / (frequency + 0.5))
        for stem, frequency in zip(stems, frequencies, strict=True)
        if stem not in stopwords
    } or dict.fromkeys(stems, 1.0)
    kept = [stem for stem in stems if stem in weights]
    return Words(weights, frozenset(pairwise(kept)), outlets, months)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that words or meaning found, with all that is needed to judge it.

    `stems` are those of each sentence of the passage, `about` those of its article's headline, outlet and date,
    `near` those of the passages before and after it. `bm25` is 0 when words did not find it; `cosine` and `cosines`
    (one a sentence) are to the query.
    """

    passage: Passage
    article: Article
    folded: str
    bm25: float
    cosine: float
    cosines: Floats
    stems: tuple[tuple[str, ...], ...]
    about: frozenset[str]
    near: frozenset[str]
    by_words: bool
    by_meaning: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score, what the score is made of, and its sentences' scores."""

    candidate: Candidate
    score: float
    signals: Mapping[str, float]
    sentences: tuple[SentenceScore, ...]


def _paired(words: Words, sentences: Sequence[Sequence[str]]) -> float:
    """The share of the query's neighbouring words that are neighbours in a sentence too, 0 to 1."""
    if not words.pairs:
        return 0.0
    kept = [[s for s in sentence if s in words.weights] for sentence in sentences]
    found = {pair for sentence in kept for pair in pairwise(sentence)}
    return sum(w for pair, w in words.paired.items() if pair in found) / (sum(words.paired.values()) or 1.0)


def signals(words: Words, candidate: Candidate, top_bm25: float, shared: Mapping[str, float]) -> dict[str, float]:
    """What speaks for a candidate, by name, each from 0 to 1.

    Args:
        words: The query's words.
        candidate: The passage.
        top_bm25: The best BM25 score among all candidates.
        shared: For each article id, the share of the query's weight that its candidates cover together.
    """
    inside = frozenset(stem for sentence in candidate.stems for stem in sentence)
    best = max((words.covered(frozenset(s)) for s in candidate.stems), default=0.0)
    return {
        "bm25": candidate.bm25 / top_bm25 if top_bm25 else 0.0,
        "cosine": max(0.0, candidate.cosine),
        "sentence_cosine": max(0.0, float(candidate.cosines.max(initial=0.0))),
        "covered": words.covered(inside),
        "covered_sentence": best,
        "covered_setting": words.covered(inside | candidate.about | candidate.near),
        "covered_article": shared.get(candidate.article.id, 0.0),
        "about": words.covered(candidate.about),
        "pairs": _paired(words, candidate.stems),
        "outlet": float(candidate.article.outlet in words.outlets),
        "dated": _dated(words, candidate.article),
    }


def _dated(words: Words, article: Article) -> float:
    """1 when the article is of a month that the query names, a half when of one beside it."""
    if not words.months or article.day is None:
        return 0.0
    month = article.day.year * 12 + article.day.month
    apart = min(abs(year * 12 + number - month) for year, number in words.months)
    return {0: 1.0, 1: 0.5}.get(apart, 0.0)


def rank(words: Words, candidates: Sequence[Candidate], weights: Mapping[str, float] = WEIGHTS) -> list[Ranked]:
    """All candidates, best first; equal scores in order of article and place, so that a query has one answer."""
    top = max((c.bm25 for c in candidates), default=0.0)
    together: dict[str, set[str]] = {}
    for c in candidates:
        together.setdefault(c.article.id, set(c.about)).update(s for sentence in c.stems for s in sentence)
    shared = {article: words.covered(frozenset(stems)) for article, stems in together.items()}
    ranked = []
    for candidate in candidates:
        told = signals(words, candidate, top, shared)
        score = sum(weights[name] * value for name, value in told.items())
        ranked.append(Ranked(candidate, score, told, _sentences(words, candidate)))
    return sorted(ranked, key=lambda r: (-r.score, r.candidate.article.id, r.candidate.passage.start))


def _sentences(words: Words, candidate: Candidate) -> tuple[SentenceScore, ...]:
    """Each sentence of the passage: half how much of the query's weight it covers, half its nearness in meaning."""
    scored = []
    spans = candidate.passage.sentences
    for (start, end), stems, cosine in zip(spans, candidate.stems, candidate.cosines, strict=True):
        covered, near = words.covered(frozenset(stems)), max(0.0, float(cosine))
        scored.append(SentenceScore(start, end, (covered + near) / 2, covered, near))
    return tuple(scored)


def diversify(ranked: Sequence[Ranked], limit: int, per_article: int = PER_ARTICLE) -> list[Ranked]:
    """The first `limit`, with at most `per_article` passages of one article."""
    taken: Counter[str] = Counter()
    kept: list[Ranked] = []
    for one in ranked:
        if len(kept) == limit:
            break
        if taken[one.candidate.article.id] < per_article:
            taken[one.candidate.article.id] += 1
            kept.append(one)
    return kept
