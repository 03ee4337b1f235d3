"""The several things that a question asks for by their number, gathered from the sentence that answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.names import kind_of_name, speakers
from assistant.sentences import Pick
from assistant.spans import Candidate, candidates
from assistant.wanted import wanted
from index.records import Span

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
_GAP = re.compile(
    r"(?: \([^)]*\)| of (?:[A-Z][\w.]+ ?)+)?(?:,? and |,? or |, |; )(?:(?:and|or) )?(?:[\w’'-]+\.? ){0,4}"
)
"""What stands between two names of a row, with the offices and places that go before the next: ", Ohio Sen. "."""
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec)\w*"
_NO_NAME = re.compile(
    r"\b(?:Sens?|Reps?|Govs?|Mr|Mrs|Ms|Dr)\.?$|^(?:Republicans?|Democrats?|Democratic|GOP|American|PAC)$"
    rf"|^(?:{_DAY})\b"
)
"""What has a capital and names none of several."""
_WHEN = re.compile(rf" (?:on|in|at) (?:{_DAY})$")
"""A day that stands behind a name."""
_SEAT = re.compile(r"[RDI]-[A-Z]")
"""What tells a politician's party and state: "R-Texas"."""


def count(question: str) -> int | None:
    """How many things a question asks for; None where it does not say."""
    found = _COUNTED.search(question)
    return _COUNTS[(found["asked"] or found["first"]).lower()] if found else None


def row(question: str, picks: Sequence[Pick]) -> str | None:
    """The row of names in the best sentence, just as many as the question asks for and none of which it names; None
    where it does not say how many, or there is no such row.

    Of the learning suite's questions and our own that doubt would refuse, 8 have such a row, and all are right.
    """
    number = count(question)
    if number is None or not picks:
        return None
    asked = set(re.findall(r"\w{3,}", question.casefold()))
    for names in _rows(picks[0], wanted(question).forms[0] == "person"):
        if len(names) == number and not any(asked & set(re.findall(r"\w{3,}", name.casefold())) for name in names):
            return _joined(names)
    return None


def _rows(pick: Pick, people: bool) -> Iterator[list[str]]:
    """The rows of names in a sentence that only commas, "and", offices and places part; of people only, where asked."""
    known = speakers(pick.hit.article.text)
    names: list[Span] = []
    spans = [(a, b) for a, b, form in candidates(pick.quote, phrased=False) if form == "name"]
    found = [(a, when.start() if (when := _WHEN.search(pick.quote, a, b)) else b) for a, b in spans]
    for start, end in sorted(found, key=lambda span: span[0] - span[1]):
        text = pick.quote[start:end]
        kind = kind_of_name(text, known)
        fits = not _NO_NAME.search(text) and (not people or kind in ("person", "anything"))
        if fits and " and " not in text and all(end <= a or b <= start for a, b in names):
            names.append((start, end))
    rows: list[list[Span]] = []
    for span in sorted(names):
        if rows and _GAP.fullmatch(pick.quote, rows[-1][-1][1], span[0]):
            rows[-1].append(span)
        else:
            rows.append([span])
    yield from ([pick.quote[a:b] for a, b in row] for row in rows)


def _joined(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


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
        named = one.form == "name" and not _NO_NAME.search(one.quote)
        if one.pick is told[0].pick and named and items(one.quote) == [one.quote] and apart:
            names.append(one)
    names = sorted(names[:wanted], key=lambda one: one.start)
    if wanted is None:
        names = _in_a_row(names, told[0])
    if len(names) < (wanted or 2):
        return None
    return _joined([one.short for one in names])


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
