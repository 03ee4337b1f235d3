"""Whether a figure that a sentence tells follows from those that its quotes give: rounded as it says, the share that
one is of another, how far two lie apart, or both together. Pure."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from assistant.statements import Figure, Sense

YEARS = range(1900, 2100)
"""Figures that are rather years."""

COUNTED = 4
"""Up to this a figure in words may count what the quotes only name: "two other polls"."""

SPELLS = ("a decade", "a century")
"""Figures that may only be a way to say how long something has gone on."""

Rough = Mapping[Sense, tuple[float, float]]
"""Between which parts of a figure lies what it stands for, by how it is meant."""

ROUNDED: Rough = {"about": (0.95, 1.05), "above": (1.0, 1.1), "below": (0.9, 1.0), "just": (1.0, 1.0)}
"""Of a figure in digits, or a number of things."""

SPOKEN: Rough = {"about": (0.9, 1.1), "above": (1.0, 1.3), "below": (0.85, 1.0), "just": (0.97, 1.03)}
"""Of a share in words ("nearly a quarter"), and of "eleven times"."""

BESIDE = 24
"""Characters on either side of a figure within which a word tells that it is how far two others lie apart."""

_SHARE = re.compile(r"half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth| in | out of ", re.IGNORECASE)
_LASTS = re.compile(r"decade|centur", re.IGNORECASE)
_YEAR = re.compile(r"[ -]years?\b")
_APART = re.compile(
    r"\b(?:points?|more|fewer|less|ahead|behind|higher|lower|dearer|cheaper|apart|short|margin|lead|gap|difference|by"
    r"|rose|rise|risen|fell|fall|fallen|up|down|left|remain\w*|further|extra|another)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\b(?:in all|in total|total\w*|together|altogether|combined|sum|overall|both)\b", re.IGNORECASE)


def follows(figure: Figure, text: str, held: Sequence[Figure], years: Collection[float]) -> bool:
    """Whether a figure follows from others.

    Args:
        figure: The one that a sentence tells.
        text: The sentence.
        held: Those of the quotes, and of what vouches for them.
        years: The years of the days that are written or meant there.
    """
    value = figure.values[0]
    if (value <= COUNTED and figure.printed.isalpha()) or figure.printed.casefold() in SPELLS:
        return True
    found = [one for other in held for one in other.values]
    if figure.sense != "just" and value not in YEARS and any(_fits(one, figure, ROUNDED) for one in found):
        return True
    if _SHARE.search(figure.printed) and figure.unit == "%":
        return any(_fits(share, figure, SPOKEN) for share in _shares(held))
    before, after = text[max(0, figure.start - BESIDE) : figure.start], text[figure.end : figure.end + BESIDE]
    pairs = [*_pairs(figure, after, held)]
    if after.startswith(" times "):
        return any(_fits(max(pair) / min(pair), figure, SPOKEN) for pair in pairs if min(pair) > 0)
    lasts = _LASTS.search(figure.printed)
    away = 0.1 * value if lasts else float(figure.sense != "just")
    if lasts or _YEAR.match(after):
        return any(abs(abs(a - b) - value) <= away for a, b in itertools.combinations([*found, *years], 2))
    if " point" in text:
        return any(abs(abs(a - b) - value) <= max(away, 0.5) for a, b in pairs)
    if _APART.search(f"{before} {after}"):
        return any(math.isclose(abs(a - b), value) for a, b in pairs)
    return bool(_TOGETHER.search(text)) and any(math.isclose(a + b, value) for a, b in pairs)


def _pairs(figure: Figure, after: str, held: Sequence[Figure]) -> Iterator[tuple[float, float]]:
    """Two numbers each of one kind, and of the figure's, unless that is a multiple: money is not counted with shares.
    What has no unit may be of any."""
    of_any = after.startswith(" times ")
    numbers = [(one, other.unit) for other in held for one in other.values]
    for (a, unit), (b, same) in itertools.combinations(numbers, 2):
        if len({unit, same, "" if of_any else figure.unit} - {""}) <= 1:
            yield a, b


def _fits(found: float, figure: Figure, rough: Rough) -> bool:
    """Whether a figure may stand for that number."""
    low, high = rough[figure.sense]
    return low * figure.values[0] <= found <= high * figure.values[0]


def _shares(held: Sequence[Figure]) -> Iterator[float]:
    """In percent: what is given so, and what one number of things is of another."""
    counts = [(one, other.unit) for other in held for one in other.values if one not in YEARS]
    yield from (one for one, unit in counts if unit == "%")
    yield from (100 * a / b for (a, unit), (b, same) in itertools.permutations(counts, 2) if unit == same and 0 < a < b)
