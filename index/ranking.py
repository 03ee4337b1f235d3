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

from index.records import Article, Passage, SentenceScore, Span

Floats = npt.NDArray[np.float32]

WEIGHTS: Mapping[str, float] = json.loads((files("index") / "weights" / "ranking.json").read_text())["weights"]
"""What each signal counts; the file beside tells how it was learned."""

PER_ARTICLE = 5
"""Passages of one article among the hits of a query at most. More would crowd out other accounts; with three, those of
a long article that only tell of the same hide the one that answers (2 of 100 questions)."""


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

    @cached_property
    def all_pairs(self) -> float:
        """The weight of all pairs together."""
        return sum(self.paired.values()) or 1.0

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

    `number` is its article's in the archive. Of the query's stems, `stems` are those of each sentence of the passage,
    `about` those of its article's headline, outlet and date, `near` further ones of the passages before and after it.
    `bm25` is 0 when words did not find it; `cosine` and `cosines` (one a sentence) are to the query.
    """

    passage: Passage
    article: Article
    number: int
    folded: str
    bm25: float
    cosine: float
    cosines: Floats
    stems: tuple[tuple[str, ...], ...]
    about: frozenset[str]
    near: frozenset[str]
    by_words: bool
    by_meaning: bool


@dataclass(frozen=True)
class Ranked:
    """A candidate with its score and what the score is made of, for the query of those words."""

    candidate: Candidate
    score: float
    signals: Mapping[str, float]
    words: Words

    @cached_property
    def sentences(self) -> tuple[SentenceScore, ...]:
        """The passage's sentences with their scores; only of the few candidates that become hits are they asked for."""
        one = self.candidate
        return _sentences(self.words, one.passage.sentences, one.stems, one.cosines)


def _paired(words: Words, sentences: Sequence[Sequence[str]]) -> float:
    """The share of the query's neighbouring words that are neighbours in a sentence too, 0 to 1."""
    found = {pair for sentence in sentences if len(sentence) > 1 for pair in pairwise(sentence)}
    return sum(words.paired[pair] for pair in words.pairs & found) / words.all_pairs if found else 0.0


def signals(words: Words, candidate: Candidate, top_bm25: float, shared: Mapping[str, float]) -> dict[str, float]:
    """What speaks for a candidate, by name, each from 0 to 1.

    Args:
        words: The query's words.
        candidate: The passage.
        top_bm25: The best BM25 score among all candidates.
        shared: For each article id, the share of the query's weight that its candidates cover together.
    """
    told = [frozenset(sentence) for sentence in candidate.stems if sentence]
    inside = frozenset[str]().union(*told)
    return {
        "bm25": candidate.bm25 / top_bm25 if top_bm25 else 0.0,
        "cosine": max(0.0, candidate.cosine),
        "sentence_cosine": max(0.0, *candidate.cosines.tolist()),
        "covered": words.covered(inside),
        "covered_sentence": max(map(words.covered, told), default=0.0),
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
        together.setdefault(c.article.id, set(c.about)).update(*c.stems)
    shared = {article: words.covered(frozenset(stems)) for article, stems in together.items()}
    ranked = []
    for candidate in candidates:
        told = signals(words, candidate, top, shared)
        score = sum(weights[name] * value for name, value in told.items())
        ranked.append(Ranked(candidate, score, told, words))
    return sorted(ranked, key=lambda r: (-r.score, r.candidate.article.id, r.candidate.passage.start))


def _sentences(
    words: Words, spans: Sequence[Span], stems: Sequence[Sequence[str]], cosines: Floats
) -> tuple[SentenceScore, ...]:
    """Each sentence of a passage: half how much of the query's weight it covers, half its nearness in meaning."""
    scored = []
    for (start, end), own, cosine in zip(spans, stems, cosines.tolist(), strict=True):
        covered, near = words.covered(frozenset(own)), max(0.0, cosine)
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
