"""Which articles are copies of one another: hashed runs of five words, one in eight kept, compared by containment.
Pure.

What is kept of an article is a fingerprint of about a word in eight; two that share half of the shorter one's are
copies. Measured against MinHash of the same size, containment finds revisions that share half of their text every time.
"""

from __future__ import annotations

import functools
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np
import numpy.typing as npt

from index.records import Article, Record

Prints = npt.NDArray[np.uint32]
"""An article's fingerprint: hashes of runs of words, ascending, each once."""

CopyKind = Literal["reprint", "update", "wire", "shared-quote"]
"""The same text in another outlet; the same or a later version in the same outlet; an agency's text; a long quotation
in common, be the rest as it may."""

RUN = 5
"""Words to a run."""

KEPT = 8
"""One run in so many is kept, by its hash."""

LEAST = 6
"""Hashes that an article needs to be compared: about fifty words."""

SHARED = 0.5
"""The share of the shorter fingerprint that copies have in common."""

QUOTED = 0.6
"""The share of the words in common that stand between quotation marks where only a quotation is shared."""

LONG = 8
"""Hashes in common, some 65 words, that make a pair of articles worth a look for a long shared quotation."""

BITS = 24
LOWER = np.uint32((1 << BITS) - 1)
"""The lower bits of a hash, by which the hashes that no new article has are dismissed: a table of 16 MB."""

REMEMBERED = 512
"""Passages whose runs are kept in memory, some 12 kB each."""

COMMON = 40
"""Articles with a run of words beyond which it is taken for an outlet's standing line."""


@dataclass(frozen=True, slots=True)
class Pair(Record):
    """Two articles with words in common, by their numbers: how many hashes, and what share of the shorter
    fingerprint."""

    one: int
    other: int
    hashes: int
    share: float

    @property
    def copies(self) -> bool:
        """Whether one is a copy of the other; else they may still share a long quotation."""
        return self.share >= SHARED


@dataclass(frozen=True, slots=True)
class Group(Record):
    """Articles that are one account: the ids, the earliest first, which is the origin; undated ones last."""

    kind: CopyKind
    articles: tuple[str, ...]

    @property
    def origin(self) -> str:
        """The earliest article's id."""
        return self.articles[0]


def story(article: Article) -> str:
    """An article's text without what is not its story: lines that an outlet prints under each of its articles are no
    copy."""
    kept, place = [], 0
    for aside in sorted(article.asides, key=lambda aside: aside.start):
        kept.append(article.text[place : max(place, aside.start)])
        place = max(place, aside.end)
    return "\n".join([*kept, article.text[place:]])


def prints(text: str) -> Prints:
    """The fingerprint of a text; empty when it has fewer than five words."""
    hashes = _runs(text)
    return np.unique((hashes[_kept(hashes)] >> np.uint64(32)).astype(np.uint32))


def pairs(new: Mapping[int, Prints], held: Iterable[tuple[int, Prints]] = ()) -> list[Pair]:
    """Copies, and what may share a long quotation, among new articles and with held ones; each pair once, in order.

    Args:
        new: Fingerprints by the articles' numbers.
        held: Further articles, of which each is compared with the new ones only; read once, one at a time.
    """
    owners: dict[int, list[int]] = defaultdict(list)
    for number, own in new.items():
        for hash_ in own.tolist():
            owners[hash_].append(number)
    sizes = {number: len(own) for number, own in new.items()}
    shared: Counter[tuple[int, int]] = Counter()
    for having in owners.values():
        if len(having) <= COMMON:
            shared.update((min(a, b), max(a, b)) for i, a in enumerate(having) for b in having[i + 1 :])
    for number, size, met in _meeting(held, owners.keys()):
        sizes[number] = size
        near = Counter(n for hash_ in met if len(owners[hash_]) <= COMMON for n in owners[hash_])
        shared.update({(min(number, n), max(number, n)): count for n, count in near.items() if n != number})
    found = []
    for (one, other), count in sorted(shared.items()):
        least = min(sizes[one], sizes[other])
        if least >= LEAST and (count >= SHARED * least or count >= LONG):
            found.append(Pair(one, other, count, count / least))
    return found


def _meeting(held: Iterable[tuple[int, Prints]], wanted: Set[int]) -> Iterator[tuple[int, int, list[int]]]:
    """Of each held article that has some of the wanted hashes: its number, how many hashes it has, and those wanted.

    A table of the hashes' lower bits dismisses nearly all others at once.
    """
    table = np.zeros(1 << BITS, bool)
    table[np.fromiter(wanted, np.uint32) & LOWER] = True
    left = iter(held)
    while some := list(islice(left, 1_000)):
        ends = np.cumsum([len(own) for _, own in some])
        flat = np.concatenate([own for _, own in some])
        places = np.flatnonzero(table[flat & LOWER])
        starts = np.searchsorted(places, ends - [len(own) for _, own in some])
        stops = np.searchsorted(places, ends)
        for (number, own), start, stop in zip(some, starts.tolist(), stops.tolist(), strict=True):
            if met := [hash_ for hash_ in flat[places[start:stop]].tolist() if hash_ in wanted]:
                yield number, len(own), met


def groups(articles: Mapping[int, Article], found: Sequence[Pair]) -> list[Group]:
    """Copies of copies together, and articles that share a long quotation; each group with what it is, the earliest
    first.

    Args:
        articles: By number; pairs of others are left out.
        found: Which have words in common.
    """
    held = [pair for pair in found if pair.one in articles and pair.other in articles]
    told = [_group(articles, numbers) for numbers in _together(pair for pair in held if pair.copies)]
    quoting = [p for p in held if not p.copies and _quotes(articles[p.one].text, articles[p.other].text) >= QUOTED]
    told += [_group(articles, numbers, "shared-quote") for numbers in _together(quoting)]
    return sorted(told, key=lambda group: group.articles)


def _together(found: Iterable[Pair]) -> list[set[int]]:
    """Numbers that pairs link, directly or by others."""
    linked: dict[int, set[int]] = {}
    for pair in found:
        one, other = linked.setdefault(pair.one, {pair.one}), linked.setdefault(pair.other, {pair.other})
        if one is not other:
            fewer, more = sorted((one, other), key=len)
            more |= fewer
            linked |= dict.fromkeys(fewer, more)
    return list({id(numbers): numbers for numbers in linked.values()}.values())


def _group(articles: Mapping[int, Article], numbers: Set[int], kind: CopyKind | None = None) -> Group:
    members = sorted((articles[n] for n in numbers), key=_age)
    return Group(kind or _kind(members), tuple(a.id for a in members))


def similar(articles: Sequence[Article]) -> list[Group]:
    """The groups of copies among a few articles."""
    numbered = dict(enumerate(articles))
    return groups(numbered, pairs({n: prints(story(a)) for n, a in numbered.items()}))


def contained(one: str, other: str) -> float:
    """The share of a text's runs of words that stand in another text, 0 to 1."""
    own, theirs = _distinct(one), _distinct(other)
    return len(own & theirs) / len(own) if own else 0.0


@functools.lru_cache(REMEMBERED)  # a passage is compared with each of its article's copies
def _distinct(text: str) -> frozenset[int]:
    words = [*_words(text)]
    return frozenset(map(hash, zip(*(words[start:] for start in range(RUN)), strict=False)))


def _kind(members: Sequence[Article]) -> CopyKind:
    first, others = members[0], members[1:]
    if all(_quotes(first.text, other.text) >= QUOTED for other in others):
        return "shared-quote"
    if len({a.outlet for a in members}) == 1:
        return "update"
    return "wire" if any(a.wire for a in members) else "reprint"


def _quotes(text: str, other: str) -> float:
    """The share of the runs that a text has in common with another that stand between quotation marks."""
    words = list(re.finditer(r"\w+", text))
    inside = np.zeros(len(text) + 1, bool)
    for match in re.finditer(r"“[^”]*”|\"[^\"\n]*\"|''[^'\n]*''", text):
        inside[slice(*match.span())] = True
    common = np.isin(_runs(text), _runs(other))
    quoted = np.array([inside[word.start()] for word in words[: len(common)]], bool)
    return float(quoted[common].mean()) if common.any() else 0.0


def _age(article: Article) -> tuple[bool, str, int, str]:
    """Order of versions: dated before undated, earlier before later, of one day the shorter one first."""
    return article.published is None, str(article.published), len(article.text), article.id


def _runs(text: str) -> npt.NDArray[np.uint64]:
    """A hash for each run of five words, in order."""
    codes = np.fromiter((zlib.crc32(word.encode()) for word in _words(text)), np.uint64)
    if len(codes) < RUN:
        return np.zeros(0, np.uint64)
    length = len(codes) - RUN + 1
    rolled = np.zeros(length, np.uint64)
    for step in range(RUN):
        rolled = rolled * np.uint64(0x9E3779B97F4A7C15) + codes[step : step + length]
    mixed: npt.NDArray[np.uint64] = (rolled ^ (rolled >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return mixed


def _words(text: str) -> Iterator[str]:
    return iter(re.findall(r"\w+", text.casefold()))


def _kept(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    kept: npt.NDArray[np.bool_] = (hashes >> np.uint64(20)) % np.uint64(KEPT) == 0
    return kept
