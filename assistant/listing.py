"""The several things that a question asks for, gathered from a sentence that has them in a row. Pure."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.forms import TITLES, WORD
from assistant.names import NameKind, kind_of_name, speakers
from assistant.sentences import Pick
from assistant.spans import Candidate
from assistant.wanted import Asked, wanted
from index.records import Span
from index.words import STOPWORDS, stems

_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6}
_NUMBER = "|".join(_COUNTS)
_COUNTED = re.compile(
    rf"\b(?:which|what|name|list|who (?:are|were)|of which|in which|to which|with (?:which|what))(?: the)?"
    rf" (?P<asked>{_NUMBER})\b(?!-|[.,]\d)|^(?P<first>{_NUMBER}) (?!(?:minute|hour|day|week|month|year|decade)s\b)",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"\b(?:which|what) (?:[\w-]+ ){0,2}?(?!(?:does|was|has|is|this|its|says|plus|news)\b)[a-z]{2,}[a-rt-z]s\b"
    r"|\bwho (?:are|were)\b",
    re.IGNORECASE,
)
FITS = 0.0
"""The score of a sentence whose row tells even where there is doubt: of 103 questions for so many things 5 have such a
row where the article that answers is left out, and 13 would below it."""

NEAR = 3.0
"""How far below the best sentence's score one may be whose row has just as many names as are asked for."""

_JOINT = r"(?:,? (?:and|or|as well as|along with|plus) |[,;] |, ?& | & )(?:(?:and|or|also|then|later|from|by) ){0,3}"
_BEFORE = (
    r"(?:(?!(?:an?|of|to|in|with|by|for|that|who|which|but|while|as|against|on|at|than|he|she|it|they|was|were|is|are|has"
    r"|have|had|will|would|when|where|after|before|two|three|four|five|six|[a-z]+ed)\b)[\w’'-]+\.? ){0,5}"
)
_BEHIND = r"\.?(?:[’']s)?(?: \([^)]*\))?(?:, [RDI]-[A-Z][\w.]*\.?)?(?:, \d+)?"
_GAP = re.compile(rf"{_BEHIND}(?:, (?:an?|the|\d[\w,]*) [a-z][\w ’'-]{{2,60}}?(?=[,;]))?{_JOINT}(?:the )?{_BEFORE}")
"""What stands between two names of a row, with the parties and offices that go with them: " (D-Ohio), Utah Sen. "."""
_OF_ONE = re.compile(rf"{_BEHIND} (?:at|from|in|of|for) (?:the )?")
"""What stands between a name of a row and that of a place or company which only goes with it: "Cook at Apple"."""
_NAME = re.compile(rf"(?:The )?{WORD}(?: (?:(?:of(?: the)?|de|van|von|der|al|del) )?{WORD})*")
_OPENER = re.compile(r"(?:Both|Besides|And|But|In|With|For|From|Of|Like|Even|Only|Then) ")
_ITS = re.compile(r" (?!\w+ed\b|(?:in|of|at|and|or|for|to|on|by|with|from|as|who|is|was)\b)[a-z]+ (?=[A-Z])")
"""What stands between a name that only describes and whom it describes: "the Supreme Court justice Ada Marsh"."""
_ASIDE = re.compile(r"\([^)]*\)|<[^>]*>")
_DAY = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|August"
    r"|(?:Septem|Octo|Novem|Decem)ber|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)(?=\W|$)"
)
_NO_NAME = re.compile(
    rf"(?:^|\s)(?:Sens?|Reps?|Govs?|Mrs?|Ms|Dr|Republicans?|Democrats?|Democratic|GOP|American|PAC|Congress|House|Senate"
    rf"|[RDI]-[A-Z]\w*\.?|I|{_DAY})\.?$|^(?:{_DAY})\b|[’']s$"
)
"""What has a capital and names none of several."""
_ONE = re.compile(r"\b(?:which|what|whose)\b", re.IGNORECASE)
_JOINED = re.compile(r", | and | or ")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LOW = r"[a-z][\w-]+"
_WORDS = re.compile(rf"(?<![\w-]){_LOW}(?:(?:, {_LOW})+,? (?:and|or) {_LOW}|(?:, {_LOW}){{2,}})")
_HEADED = re.compile(
    r"(?:\b(?:like|such as|includ(?:ing|e|ed|es)|namely|were|are|consists? of) |: ?|[—–-] ?)(?:the )?$"
)
"""What leads a row of examples."""
_UNFIT: Mapping[Asked, frozenset[NameKind]] = {
    "person": frozenset({"place", "group"}), "place": frozenset({"person"}), "group": frozenset({"person", "place"}),
    "outlet": frozenset({"person", "place"}),
}  # fmt: skip
"""What no name of a row may name where such are asked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """Things that a sentence names one after another, by their spans in the article."""

    pick: Pick
    items: tuple[Span, ...]

    @property
    def told(self) -> str:
        """The things, as a list is written."""
        names = [self.pick.hit.article.text[a:b] for a, b in self.items]
        return f"{', '.join(names[:-1])} and {names[-1]}"


def count(question: str) -> int | None:
    """How many things a question asks for; None where it does not say."""
    found = _COUNTED.search(question)
    return _COUNTS[(found["asked"] or found["first"]).lower()] if found else None


def row(question: str, picks: Sequence[Pick]) -> str | None:
    """The row in the best sentence of just as many things as the question asks for, none of which it names; where it
    only asks "which states", the row that such a noun leads ("states like Ohio and Utah"). None without one.

    Of the learning suite's questions and our own that doubt would refuse 13 have such a row, and all are right.
    """
    number = count(question)
    if not picks or picks[0].score < FITS or (number is None and not _PLURAL.search(question)):
        return None
    if number is not None:
        return next((one.told for one in rows(question, picks[0]) if len(one.items) == number), None)
    return next((one.told for one in rows(question, picks[0]) if _leads(question, one)), None)


def gathered(question: str, told: Sequence[Candidate]) -> str | None:
    """The row of things that a question for several asks for, from the sentences of the candidates, which come best
    first; None where it asks for one, or none has them.

    As many as it asks for, from the best sentence that has just so many; where it only says "which states", those that
    stand in a row with the best candidate; where it asks who, or has no question word, all of a row of which the best
    candidate is a part.
    """
    if not told:
        return None
    number, best = count(question), told[0]
    if number is not None:
        picks: dict[tuple[str, int], Pick] = {}
        for pick in sorted((one.pick for one in told), key=lambda pick: -pick.score):
            picks.setdefault((pick.hit.article.id, pick.start), pick)
        near = [pick for pick in picks.values() if pick.score >= best.pick.score - NEAR]
        return next((one.told for pick in near for one in rows(question, pick) if len(one.items) == number), None)
    if not _PLURAL.search(question) and (not joins(best) or _ONE.search(question)):
        return None
    found = rows(question, best.pick)
    return next((one.told for one in found if any(a < best.end and best.start < b for a, b in one.items)), None)


def joins(one: Candidate) -> bool:
    """Whether a candidate is of several things: "guns and butter"."""
    return bool(_JOINED.search(one.quote))


def rows(question: str, pick: Pick) -> list[Row]:
    """The rows of at least two things that a sentence names and the question does not, those of names first; of more
    than it asks for those that it describes ("Navy SEALs Vale and Roy")."""
    want, number = wanted(question), count(question)
    asked = set(re.findall(r"\w+", question.casefold())) - STOPWORDS
    unfit = _UNFIT.get(want.forms[0], frozenset()) if number or _PLURAL.search(question) else frozenset[NameKind]()
    quote, known = pick.quote, speakers(pick.hit.article.text)
    years = [match.span() for match in _YEAR.finditer(quote)]
    found = [*_series(quote, list(_names(pick))), *_series(quote, years), *_plain(quote)]
    kept: list[list[Span]] = []
    for one in found:
        fresh = [_bare(quote, span, asked) for span in one if not _named(quote[slice(*span)], asked)]
        kinds = [kind_of_name(_alone(quote[a:b]), known) for a, b in fresh]
        fitting = [span for span, kind in zip(fresh, kinds, strict=True) if kind not in unfit]
        if len(fitting) == number:
            kept.append(fitting)
        elif len(fresh) > 1 and (len(fitting) == len(fresh) or set(kinds) - unfit - {"anything"}):
            kept.append(_described(quote, fresh, want.head, number) if number else fresh)
    return [Row(pick, tuple((pick.start + a, pick.start + b) for a, b in one)) for one in kept]


def _named(name: str, asked: Container[str]) -> bool:
    """Whether a question has a name, at least its last word."""
    words = re.findall(r"\w+", _alone(name).casefold().removesuffix("’s").removesuffix("'s"))
    return not words or words[-1] in asked


def _bare(quote: str, span: Span, asked: Container[str]) -> Span:
    """A name of two words or more without words of the question before it: "Navy SEALs Tom Vale"."""
    start, end = span
    while quote.count(" ", start, end) > 1 and (word := re.match(r"[\w-]+ ", quote[start:end])):
        if word[0].strip().casefold() not in asked:
            break
        start += word.end()
    return start, end


def _described(quote: str, row: list[Span], head: Sequence[str], number: int) -> list[Span]:
    """The last so many of a row where the thing asked for stands right before them; else all of it."""
    if len(row) <= number or not head:
        return row
    before = quote[row[-number - 1][1] : row[-number][0]]
    return row[-number:] if set(head) & set(stems(before)) else row


def _alone(name: str) -> str:
    """A name without the place or company behind it: "Mark Kirk" of "Mark Kirk of Illinois"."""
    return name.partition(" of ")[0]


def _names(pick: Pick) -> Iterator[Span]:
    """The names of a sentence, without titles, and without what is between brackets."""
    quote, article = pick.quote, pick.hit.article.text
    aside = [match.span() for match in _ASIDE.finditer(quote)]
    for match in _NAME.finditer(quote):
        start, end = match.span()
        for lead in (_OPENER, TITLES):
            if (before := lead.match(quote, start)) and before.end() < end:
                start = before.end()
        name = quote[start:end]
        common = " " not in name and re.search(rf"(?<![.\w]){re.escape(name.lower())}\b", article)
        describes = _ITS.match(quote, end) and (name.startswith("The ") or quote[:start].endswith("the "))
        if not (any(a <= start < b for a, b in aside) or _NO_NAME.search(name) or common or describes):
            yield start, end


def _series(quote: str, spans: Sequence[Span]) -> list[list[Span]]:
    """Spans that only commas, "and", offices and places part, together."""
    found: list[list[Span]] = []
    reach = 0  # where the last one of a row ends, with the place or company behind it
    for start, end in spans:
        if found and _OF_ONE.fullmatch(quote, reach, start):
            reach = end
        elif found and _GAP.fullmatch(quote, reach, start):
            found[-1].append((start, end))
            reach = end
        else:
            found.append([(start, end)])
            reach = end
    return found


def _plain(quote: str) -> Iterator[list[Span]]:
    """Rows of at least three single words: "death, destruction and weakness"."""
    for match in _WORDS.finditer(quote):
        yield [
            one.span() for one in re.compile(r"[\w-]+").finditer(quote, *match.span()) if one[0] not in ("and", "or")
        ]


def _leads(question: str, one: Row) -> bool:
    """Whether a noun of the question leads a row: "states like Ohio and Utah"."""
    text = one.pick.hit.article.text[one.pick.start : one.items[0][0]]
    led = _HEADED.search(text)
    return bool(led and set(wanted(question).head) & set(stems(text[: led.start()])[-2:]))
