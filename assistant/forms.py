"""Every span of a sentence that could be an answer, with its form: a sum, a day, a name, a quotation. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from index.records import Span

Form = Literal["money", "percent", "number", "date", "name", "quotation", "clause", "list", "phrase"]
"""What a span is like. No pattern finds a phrase: reading does (assistant/spans.py)."""

SPELLED = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|half|third|quarter|dozens?|hundreds?"
    r"|thousands?|millions?|twice)"
)
_SCALE = r"(?:[ -](?:thousand|million|billion|trillion|hundred|dozen))"
MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec)\.)"
)
DAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
WORD = r"(?:(?:[A-Z]\.){2,}|[A-Z][\w’'&.]*[\w’']|[A-Z]\.?)(?:-[\w’']+)*"
"""A word of a name."""
_FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    (
        "money",
        re.compile(
            rf"(?:US)?[$€£]\s?\d[\d,]*(?:\.\d+)?(?:{_SCALE}|(?:k|m|bn|tn)\b)?"
            r"(?:[ -](?:a|per|an)[ -](?:year|month|week|day|hour|person|plate|head|night|share))?"
            rf"|\b\d[\d,.]*{_SCALE}? (?:dollars|euros|pounds|cents)\b",
            re.I,
        ),
    ),
    (
        "percent",
        re.compile(
            rf"\b(?:\d[\d,]*(?:\.\d+)?|{SPELLED})(?:[ -]to[ -]\d+)?(?:\s?%| ?(?:percent|per cent)(?:age)?(?:["
            rf" -]points?)?|[ -]points?\b)",
            re.I,
        ),
    ),
    (
        "date",
        re.compile(
            rf"(?:{DAY},? )?{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? (?:19|20)\d\d)?\b|\b\d{{1,2}} {MONTH}(?:"
            rf" (?:19|20)\d\d)?"
            rf"|{MONTH}(?: of)?,? (?:19|20)\d\d\b|\b(?:early |late |mid-)?{MONTH}(?!\w)|\b(?:(?:in|since|by|the)"
            rf" )?(?:19|20)\d\ds?\b"
            rf"|\b(?:last |next |this |on )?{DAY}(?: (?:morning|afternoon|evening|night))?"
            r"|\b(?:yesterday|today|tomorrow|tonight|last (?:week|month|year|night|summer|fall|spring|winter)|next"
            r" (?:week|month|year))\b"
            r"|\b(?:(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d+) )(?:days?|weeks?|months?|years?)"
            r" (?:ago|earlier|later|before)\b"
        ),
    ),
    (
        "number",
        re.compile(
            rf"(?:\b\d[\d,]*(?:\.\d+)?{_SCALE}?|\b{SPELLED}(?:[ -]{SPELLED})*{_SCALE}?)\b(?:[ -](?:years?|months?"
            rf"|weeks?|days?|hours?|minutes?|seconds?|miles?|feet|foot|inches|pounds|acres|people|votes|delegates"
            rf"|times|members|states|points?|degrees|tons?)(?:[ -]old)?\b)?|\b\d+(?:-\d+)+\b|\bNo\. \d+",
            re.I,
        ),
    ),
    (
        "name",
        re.compile(
            rf"@\w+|#\w+|\b(?:{WORD})(?:(?:,? (?:of|the|for|and|de|van|von|der|al|del|on|in|at|to|&))* (?:{WORD})"
            rf"| \d+\b)*(?:, (?:Jr|Sr)\.)?"
        ),
    ),
    ("quotation", re.compile(r"(?<=[“\"])[^“”\"]{2,120}(?=[”\"])|(?<='')[^'“”]{2,120}(?='')|(?<=‘)[^‘’]{2,60}(?=’)")),
)
_CLAUSES = re.compile(
    r"[,;:—–()“”\"]|\s-\s|\b(?:that|because|which|who|when|while|after|before|if|but|and|to|by|for|as|with"
    r"|from|of|is|was|were|are|said|says|called|saying|calling|about|like|into|over|against)\b"
)
TITLES = re.compile(
    r"(?:(?:The |Former |Then-)?(?:Sens?|Reps?|Govs?|Mr|Mrs|Ms|Dr|Gen|Lt|Col|Prof|Rev|Hon|Sgt|Capt|Maj|Adm)\. ?"
    r"|(?:Former |Then-)?(?:President|Vice President|Senator|Representative|Governor|Gov|Sen|Rep|Mayor"
    r"|Secretary of State|Secretary|Judge|Justice|Professor"
    r"|Congressman|Congresswoman|Republican|Democrat|Democratic|Chairman|Chairwoman|Speaker|Director|Attorney General"
    r"|General|Pope|King|Prince|Sir|Rabbi|Chancellor|Prime Minister|House Speaker|Sheriff) )+"
)
"""What stands before a name."""
_OPENERS = frozenset(
    "the but and in on at when while as for after before if so yet that this these those his her their"
    " its it he she they we i"
    " a an what who why how there here not no now then my our your you with to by from of is was are even still just"
    " according also like since until however meanwhile".split()
)
_MARKS = " ,;:.’'\"“”‘()[]\n\t\xa0"
_LIST = re.compile(rf"{WORD}(?: {WORD}| of| the| for)*(?:,? (?:\([^)]*\),? )?(?:and )?(?:{WORD}(?: {WORD})*))+")


def candidates(sentence: str, phrased: bool = True) -> Iterator[tuple[int, int, Form]]:
    """Every span of a sentence that could be an answer, with its form; `phrased` adds clauses and lists."""
    seen: set[Span] = set()
    taken: list[Span] = []
    for form, pattern in _FORMS:
        for match in pattern.finditer(sentence):
            if form in ("date", "number") and any(a <= match.start() < b for a, b in taken):
                continue
            if form == "quotation" and not _opened(sentence, match.start()):
                continue
            if form in ("money", "percent", "date"):
                taken.append(match.span())
            for start, end in _names(sentence, match.span()) if form == "name" else [trimmed(sentence, *match.span())]:
                if start < end and (start, end) not in seen:
                    seen.add((start, end))
                    yield start, end, form
    for start, end, form in _phrases(sentence) if phrased else ():
        if start < end and (start, end) not in seen:
            seen.add((start, end))
            yield start, end, form


def _phrases(sentence: str) -> Iterator[tuple[int, int, Form]]:
    """Runs of up to five clauses, of two to twelve words; and listings."""
    edges = [0, *(place for match in _CLAUSES.finditer(sentence) for place in match.span()), len(sentence)]
    for i, first in enumerate(edges[:-1]):
        for last in edges[i + 1 : i + 6]:
            start, end = trimmed(sentence, first, last)
            if 2 <= sentence.count(" ", start, end) + 1 <= 12 and _whole(sentence[start:end]):
                yield start, end, "clause"
    for match in _LIST.finditer(sentence):
        start, end = trimmed(sentence, *match.span())
        if re.search(r", | and ", sentence[start:end]):
            yield start, end, "list"


def _opened(sentence: str, start: int) -> bool:
    """Whether the mark before a place opens a quotation: a straight one that stands after a word closes one."""
    return sentence[start - 1] != '"' or start < 2 or sentence[start - 2] in " (—–-‘'"


def _whole(clause: str) -> bool:
    """Whether no quotation begins or ends amid a clause."""
    return clause.count("“") == clause.count("”") and clause.count('"') % 2 == 0


def _names(sentence: str, span: Span) -> Iterator[Span]:
    """A run of capitals as a name, without openers and titles; then the parts that "and" or "of" join."""
    start, end = trimmed(sentence, *span)
    while (
        (word := re.match(r"[\w’']+(?=\s)", sentence[start:end])) and word[0] != "The" and word[0].lower() in _OPENERS
    ):
        start, end = trimmed(sentence, start + word.end(), end)
    if sentence[start:end].lower() in _OPENERS:
        return
    if (title := TITLES.match(sentence, start)) and title.end() < end:
        start = title.end()
    text = sentence[start:end]
    yield start, end
    if text.startswith("The "):
        yield start + 4, end
    for joint in re.finditer(r",? (?:and|of|for|on|in|at|to) ", text):
        if text[joint.end() :][:1].isupper():
            yield start, start + joint.start()
            yield start + joint.end(), end
    if text.endswith(("’s", "'s")):
        yield start, end - 2


def trimmed(sentence: str, start: int, end: int) -> Span:
    """The span without marks at its ends; a full stop stays where it may be an abbreviation's."""
    while start < end and sentence[start] in _MARKS:
        start += 1
    while (
        end > start
        and sentence[end - 1] in _MARKS
        and not (sentence[end - 1] == "." and (end - start <= 5 or sentence[end - 3 : end - 2] == "."))
    ):
        end -= 1
    return start, end
