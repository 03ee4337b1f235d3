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
from index.ranking import Candidate, Ranked, Words
from index.records import Copy, Found, Hit, Passage, Query
from index.stages import sight

REMEMBERED = 8_192
"""Passages whose stems are kept in memory, some 4 kB each: to find them is half the work of a search."""


def gather(
    archive: Archive, asked: Words, vector: Floats, by_words: Mapping[int, float], by_meaning: Set[int]
) -> list[Candidate]:
    """The passages found, in no order, told of only those stems that the query has too; dropped if no longer live.

    Args:
        archive: Where they are.
        asked: The query's words.
        vector: The query's.
        by_words: BM25 scores of those that words found, by key.
        by_meaning: Keys of those that meaning found.
    """
    stored = archive.around(by_words.keys() | by_meaning)
    stems = {(s.number, s.passage.number): _shared(s.passage, asked) for s in stored}
    found = [s for s in stored if s.passage.key in by_words or s.passage.key in by_meaning]
    cosines = _cosines(archive, found, vector)
    candidates = []
    for one in found:
        passage, number, place = one.passage, one.number, one.passage.number
        whole, sentences = cosines.get(one.folded) or (0.0, np.zeros(len(passage.sentences), np.float32))
        candidates.append(
            Candidate(
                passage=passage,
                article=one.article,
                folded=one.folded,
                bm25=by_words.get(passage.key, 0.0),
                cosine=whole,
                cosines=sentences,
                stems=stems[number, place],
                about=_about(words.about(one.article)),
                near=frozenset().union(*stems.get((number, place - 1), ()), *stems.get((number, place + 1), ())),
                by_words=passage.key in by_words,
                by_meaning=passage.key in by_meaning,
            )
        )
    return candidates


def _cosines(archive: Archive, found: Sequence[Stored], vector: Floats) -> dict[str, tuple[float, Floats]]:
    """How near each text that has been encoded is to the vector, and each of its sentences."""
    embeddings = archive.embeddings({stored.folded for stored in found})
    if not embeddings:
        return {}
    wholes = np.stack([whole for whole, _ in embeddings.values()]) @ vector
    sentences = restore(b"".join(packed for _, packed in embeddings.values()), len(vector)) @ vector
    lengths = {stored.folded: len(stored.passage.sentences) for stored in found}
    parts = np.split(sentences, np.cumsum([lengths[text] for text in embeddings])[:-1])
    return {text: (float(whole), part) for text, whole, part in zip(embeddings, wholes, parts, strict=True)}


def _shared(passage: Passage, asked: Words) -> tuple[tuple[str, ...], ...]:
    """For each sentence its stems that the query has too."""
    return tuple(tuple(filter(asked.weights.__contains__, sentence)) for sentence in _stems(passage))


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
