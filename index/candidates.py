"""Keys of passages that words and meaning found become candidates, with all that is needed to judge them; ranked
candidates become hits."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from functools import lru_cache

import numpy as np

from index import words
from index.archive import Archive, Stored
from index.encoders import Floats, restore
from index.folding import fold
from index.ranking import Candidate, Ranked
from index.records import Copy, Found, Hit, Passage, Query
from index.stages import sight

REMEMBERED = 8_192
"""Passages whose stems are kept in memory, some 4 kB each: to find them is half the work of a search."""


def gather(archive: Archive, vector: Floats, by_words: Mapping[int, float], by_meaning: Set[int]) -> list[Candidate]:
    """The passages found, in no order; those that are no longer live are dropped.

    Args:
        archive: Where they are.
        vector: The query's.
        by_words: BM25 scores of those that words found, by key.
        by_meaning: Keys of those that meaning found.
    """
    stored = archive.around(by_words.keys() | by_meaning)
    places = {(s.number, s.passage.number): s.passage for s in stored}
    found = [s for s in stored if s.passage.key in by_words or s.passage.key in by_meaning]
    embeddings = archive.embeddings({s.folded for s in found})
    candidates = []
    for one in found:
        passage, place = one.passage, one.passage.number
        near = (places.get((one.number, place - 1)), places.get((one.number, place + 1)))
        cosine, cosines = 0.0, np.zeros(len(passage.sentences), np.float32)
        if one.folded in embeddings:
            whole, sentences = embeddings[one.folded]
            cosine, cosines = float(whole @ vector), restore(sentences, len(vector)) @ vector
        candidates.append(
            Candidate(
                passage=passage,
                article=one.article,
                folded=one.folded,
                bm25=by_words.get(passage.key, 0.0),
                cosine=cosine,
                cosines=cosines,
                stems=_stems(passage),
                about=_about(words.about(one.article)),
                near=frozenset(stem for p in near if p for sentence in _stems(p) for stem in sentence),
                by_words=passage.key in by_words,
                by_meaning=passage.key in by_meaning,
            )
        )
    return candidates


@lru_cache(REMEMBERED)
def _stems(passage: Passage) -> tuple[tuple[str, ...], ...]:
    """The stems of each of its sentences."""
    seen = sight(passage)
    return tuple(tuple(map(sys.intern, words.stems(seen.text[start:end]))) for start, end in seen.sentences)


@lru_cache(REMEMBERED)
def _about(text: str) -> frozenset[str]:
    return frozenset(map(sys.intern, words.stems(fold(text).text)))


def merged(archive: Archive, ranked: Sequence[Ranked], query: Query) -> list[tuple[Ranked, tuple[Copy, ...]]]:
    """The ranked candidates, best first, each text once: its earliest article in front, then where else it stands."""
    alike = archive.alike({one.candidate.folded for one in ranked}, query)
    best: dict[str, Ranked] = {}
    for one in ranked:
        best.setdefault(one.candidate.folded, one)
    told: list[tuple[Ranked, tuple[Copy, ...]]] = []
    for text, one in best.items():
        same = sorted(alike.get(text, ()), key=_age)
        told.append((_moved(one, same[0]) if same else one, tuple(map(_copy, same[1:]))))
    return told


def _age(stored: Stored) -> tuple[bool, str, str, int]:
    """Order of equal passages: dated before undated, earlier before later."""
    article = stored.article
    return article.published is None, str(article.published), article.id, stored.passage.start


def _moved(ranked: Ranked, to: Stored) -> Ranked:
    """What was found, as it stands in another article; equal texts have equal sentences."""
    spans = to.passage.sentences
    sentences = tuple(replace(s, start=a, end=b) for s, (a, b) in zip(ranked.sentences, spans, strict=True))
    candidate = replace(ranked.candidate, passage=to.passage, article=to.article)
    return replace(ranked, candidate=candidate, sentences=sentences)


def _copy(stored: Stored) -> Copy:
    article, passage = stored.article, stored.passage
    return Copy(article.id, article.revision, article.outlet, article.published, passage.start, passage.end)


def hit(ranked: Ranked, copies: tuple[Copy, ...]) -> Hit:
    """What a search answers with."""
    one = ranked.candidate
    found: Found = "both" if one.by_words and one.by_meaning else "words" if one.by_words else "meaning"
    return Hit(one.passage, one.article, ranked.score, found, ranked.sentences, copies, ranked.signals)
