"""Which figure of a sentence answers "how many", "how much", "how long": of the measure asked for, with its own words.
Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.records import Span
from index.words import STOPWORDS, stems

_NUMBER = (
    r"(?:[$£€]\s?)?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:-plus|\+)?(?:\s?(?:million|billion|trillion|thousand"
    r"|hundred|percent|per cent|%))?"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|hundreds|thousands|millions|half"
    r"|nearly half"
    r"|two-thirds|a third|a quarter)\b"
)
_HEDGE = (
    r"(?:more than|over|at least|nearly|almost|about|roughly|approximately|around|some|up to|as many as|less than"
    r"|fewer than|an estimated"
    r"|just over|just under|close to)"
)
_FIGURE = re.compile(rf"(?<![\w.,/])(?:{_HEDGE} )?(?:{_NUMBER})(?![\w.,/]*\d)(?!(?:st|nd|rd|th)\b)", re.IGNORECASE)
_HEDGED = re.compile(rf"{_HEDGE}\b", re.IGNORECASE)
_OVER = re.compile(r"(?:more than|over|at least|just over)\b", re.IGNORECASE)
_AFTER = re.compile(
    r"(?:[ -](?!(?:and|or|of|in|on|at|to|for|from|by|with|as|that|who|were|was|are|is|had|has|have|the|a|an|its|his"
    r"|her)\b)[a-z]+){0,2}"
)
_YEAR = re.compile(r"^(?:19|20)\d\d$")

_MEASURES: tuple[tuple[str, str, str], ...] = (
    (
        r"\b(?:cost|how much|price|budget|spen[dt]|worth|sum|fee|salary|loss|losses|rais(?:e|ed|ing)"
        r"|donat|money|pa(?:y|id)|debt|million|income|fine)\b",
        r"[$£€]|\b(?:dollars|euros|pounds)\b",
        "",
    ),
    (r"\bhow (?:long|old)\b|\b(?:years|months|weeks|days|hours|minutes)\b|\bage\b", r"\b(?:years?|months?|weeks?"
    r"|days?|hours?|minutes?|decades?)\b|-year", ""),
    (
        r"\b(?:soldiers|troops|servicemen|paratroopers|fighters|recruits|conscripts)\b",
        r"\b(?:soldiers|troops|service(?:men|members)|paratroopers|fighters|recruits|conscripts|men|people)\b",
        "",
    ),
    (r"\b(?:percent|percentage|share|rate|proportion|points?|poll(?:s|ed|ing)?|support|margin)\b", r"%|\bper ?cent"
    r"|\bpoints?\b", ""),
    (
        r"\b(?:deaths?|died?|dead|kill(?:ed|s)?|toll|casualties|victims|fatalities|lives)\b",
        "",
        r"\b(?:deaths?|died|dead|kill(?:ed|ing|s)?|toll|lives|victims|fatal\w*|slain|massacred)\b",
    ),
    (r"\b(?:audiences?|viewers?|viewership|ratings)\b", "", r"\b(?:viewers?|audiences?|watch(?:ed|ing)?|tuned in)\b"),
)  # fmt: skip
"""What the question says, what must stand in the figure itself or right behind it, what must stand in its sentence."""

REACH = 60
"""Characters from a figure within which a word for what is counted belongs to it, the nearer the surer."""

_MANY = re.compile(
    r"\bhow many (?:more )?(?:of (?:the|his|her|its|their|[\w’'.-]+['’]s) )?((?:[\w'’-]+ ?){1,3})", re.IGNORECASE
)
_SUM = re.compile(
    r"\b(?:what|which) (?:\w+ )?(loss|costs?|price|fee|debt|salary|budget|tolls?|margin|lead|turnout)\b", re.IGNORECASE
)
_PART = re.compile(r"\b(?:half|third|quarter|two-thirds)\b", re.IGNORECASE)
_PLURAL = re.compile(r"(?:[\w’'-]+ )?((?!this|was|has|does)\w{2,}[^\Ws]s)\b", re.IGNORECASE)
_THINGS = re.compile(
    r"[ -](?:(?!and|or|of|in|on|at|to|for|from|by|with|as|that|who|were|was|are|is|had|has|have|percent|million"
    r"|billion)[a-z-]+ )?(?!(?:was|has|is|as|this|its|his|says|does|times)\b)"
    r"[a-z]{2,}[a-rt-z]s\b"
)
"""The things that a figure right before them counts."""

OF_OTHERS, UNCOUNTED = -0.3, -0.15
"""How much less surely a figure is the one asked for that counts other things, or nothing that is named near it."""

ASKS = re.compile(
    r"\bhow (?:many|much|long|old|large|big|high|far)\b|\b(?:costs?|toll|size|number|figure|count|total|share"
    r"|percentage|margin|lead|amount|sum|tally"
    r"|estimate|length|rate|loss|losses|debt|price|fee|salary|budget|turnout|worth|audience)\b"
    r"|\bput (?:it|them|that|this) at\b",
    re.IGNORECASE,
)
"""Whether a question asks for a figure at all."""


FITS = 0.6
"""How well a figure fits from which on it surely is of the measure asked for."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What sort of figure is asked for: patterns for the figure with the words behind it, and for its sentence ("" for
    any); stems of what is counted, and of the things that are, none in "how many died"; the figures that the question
    itself gives."""

    figure: str
    sentence: str
    counted: frozenset[str]
    things: frozenset[str]
    given: frozenset[str]


def measure(question: str) -> Measure:
    """The sort of figure that a question asks for."""
    many = _MANY.search(question)
    called = many or _SUM.search(question)
    counted = frozenset(stems(called[1])) - STOPWORDS if called else frozenset()
    given = frozenset(m[0].casefold() for m in _FIGURE.finditer(question))
    places = []
    for asked, figure, sentence in _MEASURES:
        found = re.search(asked, question, re.IGNORECASE)
        if found and not (many and figure and not re.search(asked, many[1], re.IGNORECASE)):
            places.append((found.start(), figure, sentence))
    _, figure, sentence = min(places, default=(0, "", ""))
    plural = _PLURAL.match(many[1]) if many else None
    return Measure(figure, sentence, counted, frozenset(stems(plural[1])) if plural else frozenset(), given)


def value(sentence: str, wanted: Measure) -> tuple[str, float] | None:
    """The figure of a sentence that fits best, with its hedge and unit, and from 0 to 1 how well; None without any."""
    best: tuple[str, float] | None = None
    for match in _FIGURE.finditer(sentence):
        after = _AFTER.match(sentence, match.end())
        printed = sentence[match.start() : after.end() if after else match.end()]
        number = match[0].strip()
        if number.casefold() in wanted.given or _YEAR.match(number):
            continue
        fit = 0.3
        behind = re.match(r"(?:[ -][A-Za-z’'-]+){0,2}", sentence[match.end() :])
        unit = match[0] + (behind[0] if behind else "")
        if wanted.figure:
            fit += 0.5 if re.search(wanted.figure, unit) else -0.3
        if wanted.sentence:
            places = [m.start() for m in re.finditer(wanted.sentence, sentence, re.IGNORECASE)]
            apart = min((abs(place - match.end()) for place in places), default=REACH)
            fit += 0.5 * (1 - apart / REACH) if apart < REACH else -0.1
        fit += _beside(sentence, match.span(), wanted)
        fit += 0.05 if re.search(r"\d", number) else -0.3 if _PART.search(number) else -0.1
        if best is None or fit > best[1]:
            words = " ".join(printed.split())
            best = (words[:1].lower() + words[1:], fit)
    return best


def others(text: str, end: int, wanted: Measure) -> str | None:
    """The other things than those asked for that a figure counts which ends there; None where it names none."""
    behind = _THINGS.match(text, end) if wanted.things else None
    return behind[0].strip(" -") if behind and not wanted.counted & frozenset(stems(behind[0])) else None


def _beside(sentence: str, figure: Span, wanted: Measure) -> float:
    """How surely a figure counts those things: they are named soon after it, or shortly before; hardly, where other
    things are named right behind it."""
    start, end = figure
    if others(sentence, end, wanted):
        return OF_OTHERS
    places = ((0.4, sentence[end : end + 40]), (0.2, sentence[max(0, start - 40) : start]))
    near = (fit for fit, words in places if wanted.counted & frozenset(stems(words)))
    return next(near, UNCOUNTED if wanted.things else 0.0)


def counting(sentence: str, wanted: Measure) -> list[str]:
    """All figures of a sentence that names what is counted."""
    if not wanted.counted & frozenset(stems(sentence)):
        return []
    return [match[0].strip() for match in _FIGURE.finditer(sentence) if not _YEAR.match(match[0])]


def sharper(figure: str, others: Iterable[str]) -> str | None:
    """Of other figures one that says exactly what a rounded and hedged one ("more than 1,200") leaves open; None
    where the figure is exact, or no other fits it."""
    hedge, number = _HEDGED.match(figure), _amount(figure)
    if hedge is None or number is None:
        return None
    low, high = (number, 1.1 * number) if _OVER.match(figure) else (0.95 * number, 1.05 * number)
    fitting = [
        (digits, other)
        for other in others
        if not _HEDGED.match(other)
        and (amount := _amount(other)) is not None
        and low < amount < high
        and _scale(other) == _scale(figure)
        and (digits := _digits(other)) > _digits(figure)
    ]
    return max(fitting, key=lambda pair: pair[0], default=(0, None))[1]


def _amount(figure: str) -> float | None:
    """The number, without what scales it: like is only compared with like."""
    match = re.search(r"\d[\d,]*(?:\.\d+)?", figure)
    return float(match[0].replace(",", "")) if match else None


def _scale(figure: str) -> tuple[str, ...]:
    """What a figure is of, as far as its own sign or scale tells."""
    return tuple(re.findall(r"[$£€%]|thousand|million|billion|trillion|per ?cent", figure.casefold()))


def _digits(figure: str) -> int:
    """How many digits of a figure tell something."""
    return len(re.sub(r"\D", "", figure).strip("0"))
