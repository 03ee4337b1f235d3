"""The several things that a question asks for by their number, gathered from the sentence that answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.spans import Candidate

_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6}
_NUMBER = "|".join(_COUNTS)
_COUNTED = re.compile(
    rf"\b(?:which|what|name|list|who are|of which|in which)(?: the)? (?P<asked>{_NUMBER})\b|^(?P<first>{_NUMBER}) ",
    re.IGNORECASE,
)
_JOINED = re.compile(r", (?:and |or )?| and | or ")
_LINK = re.compile(
    r"(?: \([^)]*\)| [RDI]-[A-Z][\w.]*)?(?:, (?:and |or )?| and | or | & )(?:(?:from|by|in|to|for|with|former|the) )*"
    r"(?:(?:Sens?|Reps?|Govs?|Mrs?|Ms|Dr)\. )?"
)
"""What stands between two names of a row."""
_PLURAL = re.compile(
    r"\b(?:which|what) (?:[\w-]+ ){0,2}?(?!(?:does|was|has|is|this|its|says|plus|news)\b)[a-z]{2,}[a-rt-z]s\b"
    r"|\bwho (?:are|were)\b",
    re.IGNORECASE,
)
_SEAT = re.compile(r"[RDI]-[A-Z]")
"""What tells a politician's party and state: "R-Texas"."""


def count(question: str) -> int | None:
    """How many things a question asks for; None where it does not say."""
    found = _COUNTED.search(question)
    return _COUNTS[(found["asked"] or found["first"]).lower()] if found else None


def gathered(question: str, told: Sequence[Candidate]) -> str | None:
    """The names that a question for several asks for, from the best candidate's sentence, in its order.

    As many as it asks for, the best; where it only says "which states", those that stand in a row with the best. None
    where it asks for one, where that candidate lists them itself, or where the sentence has not so many.
    """
    wanted = count(question)
    if not told or (wanted is None and not _PLURAL.search(question)):
        return None
    asked = set(re.findall(r"\w+", question.casefold()))

    def items(quote: str) -> list[str]:
        parts = [part for part in _JOINED.split(quote) if not _SEAT.match(part)]
        return [part for part in parts if not asked.issuperset(re.findall(r"\w+", part.casefold()))]

    if len(items(told[0].quote)) >= (wanted or 2):
        return None
    names: list[Candidate] = []
    for one in told:
        apart = all(one.end <= other.start or other.end <= one.start for other in names)
        if one.pick is told[0].pick and one.form == "name" and items(one.quote) == [one.quote] and apart:
            names.append(one)
    names = sorted(names[:wanted], key=lambda one: one.start)
    if wanted is None:
        names = _in_a_row(names, told[0])
    if len(names) < (wanted or 2):
        return None
    return f"{', '.join(one.short for one in names[:-1])} and {names[-1].short}"


def _in_a_row(names: Sequence[Candidate], best: Candidate) -> list[Candidate]:
    """The names about the best that only commas, "and" and the like part from one another, given in order."""
    text = best.pick.hit.article.text
    rows: list[list[Candidate]] = []
    for one in names:
        if rows and _LINK.fullmatch(text, rows[-1][-1].end, one.start):
            rows[-1].append(one)
        else:
            rows.append([one])
    return next((row for row in rows if best in row), [])
