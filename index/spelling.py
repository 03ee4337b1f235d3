"""Which of a collection's words a misspelt one stands for. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORT, LONG = 4, 9
"""Letters of the shortest word that may be a misspelling, and of the shortest that may have two slips."""

PLAIN = 6
"""Letters of the shortest word in which any slip counts: of shorter ones too many lie one letter apart, and only two
letters swapped, one doubled and one left out are read as slips."""

RARER = 1.0
"""How much likelier a word must be, as a logarithm of how often it stands, to make up for a slip one step odder."""


def likeliest(written: str, counts: Mapping[str, int]) -> str | None:
    """The word that a misspelt one stands for: few and common slips, and the commonest word; None for none so near.

    Args:
        written: In lower case, without accents; a word that the collection does not hold.
        counts: The collection's words and how often each stands.
    """
    near = process.extract(written, list(counts), scorer=OSA.distance, score_cutoff=2, limit=None)
    odd = {word: one for word, _, _ in near if (one := oddness(written, word)) is not None}
    return max(odd, key=lambda word: (math.log1p(counts[word]) - RARER * odd[word], word), default=None)


def oddness(written: str, meant: str) -> float | None:
    """How odd it is to write the one for the other: 0 for letters swapped or doubled, more for others, most for two
    slips or a wrong first letter; None where it is no slip but another word or ending."""
    distance = OSA.distance(written, meant)
    if distance and distance <= 2 and len(written) >= PLAIN and _once(written) == _once(meant):
        return 0.5
    if distance == 2 and len(written) >= LONG:
        begun, ended = written[:3] == meant[:3], written[-3:] == meant[-3:]
        return 4.0 if written[0] == meant[0] and (begun or ended) and written[:-3] != meant[:-3] else None
    if distance != 1 or len(written) < SHORT:
        return None
    at = next((i for i, (a, b) in enumerate(zip(written, meant, strict=False)) if a != b), -1)
    if len(written) == len(meant):
        return _exchanged(written, meant, at)
    longer = max(written, meant, key=len)
    at = at if at >= 0 else len(longer) - 1
    if longer[at] == longer[at - 1 : at]:  # a letter doubled, or one of two left out
        return 0.0
    if at == len(longer) - 1 or (len(written) < PLAIN and (at == 0 or written == longer)):
        return None
    return 4.0 if at == 0 else 1.5 if written == longer else 1.0


def _exchanged(written: str, meant: str, at: int) -> float | None:
    """How odd one wrong letter is, or two letters swapped, from that place on."""
    if written[at] == meant[at + 1 : at + 2]:
        return 0.0
    pair = {written[at], meant[at]}
    if len(written) < PLAIN or (at == len(written) - 1 and pair != {"i", "y"}):
        return None
    return 4.0 if at == 0 else 1.0 if pair <= set("aeiouy") else 2.0


def _once(word: str) -> str:
    """A word with each doubled letter once."""
    return re.sub(r"(.)\1", r"\1", word)
