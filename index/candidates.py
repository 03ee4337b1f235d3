"""Keys of passages that words and meaning found become candidates, with all that is needed to judge them; ranked
candidates become hits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, chain, pairwise

import numpy as np

from index import words
from index.archive import Archive, Stems, Stored
from index.copies import SHARED, contained
from index.encoders import Floats, restore
from index.folding import fold
from index.ranking import Candidate, Ranked, Words, diversify
from index.records import Copy, Found, Hit, Passage, Query
from index.stages import sight, stemmed

REMEMBERED = 8_192
"""Headlines whose stems are kept in memory, some 1 kB each."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A passage that was found, told of only those stems that the query has too: see `Candidate`."""

    stored: Stored
    stems: tuple[tuple[str, ...], ...]
    about: frozenset[str]
    near: frozenset[str]


def gather(
    archive: Archive, asked: Words, by_words: Mapping[int, float], meaning: Callable[[], tuple[Floats, Set[int]]]
) -> list[Candidate]:
    """The passages found, in no order; dropped if no longer live.

    Args:
        archive: Where they are.
        asked: The query's words.
        by_words: BM25 scores of those that words found, by key.
        meaning: Gives the query's vector and the keys of those that meaning found. Asked for as late as may be, for
            they are looked for meanwhile.
    """
    read = _read(archive, asked, by_words.keys())
    embeddings = archive.embeddings({one.stored.folded for one in read})
    vector, by_meaning = meaning()
    read += (others := _read(archive, asked, by_meaning - by_words.keys()))
    embeddings |= archive.embeddings({one.stored.folded for one in others})
    cosines = _cosines(embeddings, [one.stored for one in read], vector)
    candidates = []
    for one in read:
        passage = one.stored.passage
        whole, sentences = cosines.get(one.stored.folded) or (0.0, np.zeros(len(passage.sentences), np.float32))
        candidates.append(
            Candidate(
                passage=passage,
                article=one.stored.article,
                number=one.stored.number,
                folded=one.stored.folded,
                bm25=by_words.get(passage.key, 0.0),
                cosine=whole,
                cosines=sentences,
                stems=one.stems,
                about=one.about,
                near=one.near,
                by_words=passage.key in by_words,
                by_meaning=passage.key in by_meaning,
            )
        )
    return candidates


def _read(archive: Archive, asked: Words, keys: Set[int]) -> list[_Read]:
    """The live passages of those keys."""
    found = archive.found(keys)
    kept = archive.stems(stored.passage.key for stored in found)
    for one in found:
        if (one.number, one.passage.number) not in kept:  # a file of an older version has none
            kept[one.number, one.passage.number] = stemmed(sight(one.passage))
    told = dict(zip(kept, _asked(asked.weights, [*kept.values()]), strict=True))
    abouts = {
        number: _about(words.about(article)).intersection(asked.weights)
        for number, article in {one.number: one.article for one in found}.items()
    }
    read = []
    for one in found:
        place, about = one.passage.number, abouts[one.number]
        own, before, after = (told.get((one.number, place + step), ()) for step in (0, -1, 1))
        read.append(_Read(one, own, about, frozenset(chain(*before, *after)).difference(about, *own)))
    return read


def _asked(wanted: Iterable[str], passages: Sequence[Stems]) -> list[tuple[tuple[str, ...], ...]]:
    """Of each passage, sentence by sentence, those of its stems that are wanted, in order."""
    known = {words.number(stem): stem for stem in wanted}
    together = np.concatenate([*passages, np.empty(0, np.uint32)])
    ends = np.concatenate([[0], np.cumsum(together == 0)])  # of sentences, so many before each place
    firsts = ends[np.cumsum([0, *map(len, passages)])].tolist()
    places = np.flatnonzero(np.isin(together, np.array([*known], np.uint32)))
    found = defaultdict[int, tuple[str, ...]](tuple)
    for sentence, number in zip(ends[places].tolist(), together[places].tolist(), strict=True):
        found[sentence] += (known[number],)
    return [tuple(found.get(sentence, ()) for sentence in range(*span)) for span in pairwise(firsts)]


def _cosines(
    embeddings: Mapping[str, tuple[Floats, bytes]], found: Sequence[Stored], vector: Floats
) -> dict[str, tuple[float, Floats]]:
    """How near each text that has been encoded is to the vector, and each of its sentences."""
    if not embeddings:
        return {}
    wholes = np.stack([whole for whole, _ in embeddings.values()]) @ vector
    sentences = restore(b"".join(packed for _, packed in embeddings.values()), len(vector)) @ vector
    lengths = {stored.folded: len(stored.passage.sentences) for stored in found}
    ends = accumulate(lengths[text] for text in embeddings)
    return {
        text: (float(whole), sentences[end - lengths[text] : end])
        for text, whole, end in zip(embeddings, wholes, ends, strict=True)
    }


@lru_cache(REMEMBERED)
def _about(text: str) -> frozenset[str]:
    return frozenset(words.stems(fold(text).text))


def merged(
    archive: Archive, ranked: Sequence[Ranked], query: Query, limit: int
) -> list[tuple[Ranked, tuple[Copy, ...]]]:
    """The ranked candidates, best first, each text once: its earliest article in front, then where else it stands.

    Those of which `diversify` takes `limit`, and no more: what comes after them counts as copies of them alone.
    """
    alike = archive.alike({one.candidate.folded for one in ranked}, query)
    best: dict[str, Ranked] = {}
    for one in ranked:
        best.setdefault(one.candidate.folded, one)
    told: list[tuple[Ranked, tuple[Copy, ...]]] = []
    for text, one in best.items():
        same = sorted(alike.get(text, ()), key=_age)
        told.append((_moved(one, same[0]) if same else one, tuple(map(_copy, same[1:]))))
    return _folded(archive, told, limit)


def _folded(
    archive: Archive, told: Sequence[tuple[Ranked, tuple[Copy, ...]]], limit: int
) -> list[tuple[Ranked, tuple[Copy, ...]]]:
    """Passages of copied articles that share most of their words are one as well, the best in front of its copies."""
    copies = defaultdict[int, set[int]](set)
    for copied, other in archive.copied({one.candidate.number for one, _ in told}):
        copies[copied].add(other)
        copies[other].add(copied)
    kept: list[tuple[Ranked, tuple[Copy, ...]]] = []
    fronts = defaultdict[int, list[int]](list)  # places of those kept, by their articles
    enough = False
    for one, others in told:
        number, article, passage = one.candidate.number, one.candidate.article, one.candidate.passage
        near = sorted(place for other in copies.get(number, ()) for place in fronts.get(other, ()))
        front = next((place for place in near if _same(kept[place][0].candidate.passage, passage)), None)
        if front is None:
            if not enough:
                fronts[number].append(len(kept))
                kept.append((one, others))
                enough = len(kept) >= limit and len(diversify([ranked for ranked, _ in kept], limit)) == limit
            continue
        copy = Copy(article.id, article.revision, article.outlet, article.published, passage.start, passage.end)
        kept[front] = (kept[front][0], (*kept[front][1], copy, *others))
    return kept


def _same(one: Passage, other: Passage) -> bool:
    """Whether most of the shorter of two passages stands in the other."""
    shorter, longer = sorted((one.text, other.text), key=len)
    return contained(shorter, longer) >= SHARED


def _age(stored: Stored) -> tuple[bool, str, str, int]:
    """Order of equal passages: dated before undated, earlier before later."""
    article = stored.article
    return article.published is None, str(article.published), article.id, stored.passage.start


def _moved(ranked: Ranked, to: Stored) -> Ranked:
    """What was found, as it stands in another article; equal texts have equal sentences."""
    moved = replace(ranked.candidate, passage=to.passage, article=to.article, number=to.number)
    return replace(ranked, candidate=moved)


def _copy(stored: Stored) -> Copy:
    article, passage = stored.article, stored.passage
    return Copy(article.id, article.revision, article.outlet, article.published, passage.start, passage.end)


def hit(ranked: Ranked, copies: tuple[Copy, ...]) -> Hit:
    """What a search answers with."""
    one = ranked.candidate
    found: Found = "both" if one.by_words and one.by_meaning else "words" if one.by_words else "meaning"
    return Hit(one.passage, one.article, ranked.score, found, ranked.sentences, copies, ranked.signals)
