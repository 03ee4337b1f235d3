"""What is asked: the kind of answer wanted, the filters spoken in the question, a wording that stands alone. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from assistant.records import Answer, Kind, Question, Turn
from index.records import Query, Span

_OUTLET = (
    r"(?:outlet|paper|newspaper|network|broadcaster|station|channel|website|site|magazine|newsroom|publication|agency"
    r"|news (?:organi[sz]ation|agency|site)|wire service)"
)
_TELL = r"(?:report|publish|reveal|break|broke|run|carr|obtain|make public|say)"
_SPEAK = (
    r"(?:said|says|told|called|claimed|argued|accused|warned|predicted|described|compared|likened|objected|tweeted)"
)

_WORDINGS: tuple[tuple[Kind, str], ...] = (
    ("chat", r"^(?:hi|hello|hey|thanks|thank you|good (?:morning|evening|afternoon)|bye)\b(?!.{40})"),
    ("chat", r"\bhow(?:'s| is) (?:your|it going)|\bwho are you\b|\bwhat can you do\b|\bhow are you\b"),
    ("collection", r"\bhow many articles\b|\bwhich outlets\b.*\b(?:collection|here|have)\b|\b(?:new|old)est article"),
    ("comparison", r"\b(?:compare|differ(?:s|ed|ence)?|disagree[ds]?|agree[ds]?|versus|vs\.?)\b"),
    ("comparison", r"\band what did\b.*\b(?:say|put|report)"),
    ("order", r"\b(?:before|after|earlier|later)\b.*\breport|\bwhat changed\b|\bin what order\b"),
    ("origin", rf"\b(?:first|earliest|originally)\b.{{0,60}}\b{_TELL}|\b{_TELL}\w*\b.{{0,40}}\bfirst\b"),
    ("origin", r"\bbroke the (?:story|news)\b|\b(?:which|what|who)\b.*\bscoop|\boriginal(?:ly)? (?:source|from)"),
    ("origin", rf"\bwhich {_OUTLET}\b.*\b(?:credited|supplied|originat|obtained|acknowledge)|\bwhich agency\b"),
    ("origin", r"\bwhere (?:did|does)\b.*\b(?:come|originate)"),
    ("which-outlet", rf"\bwh(?:ich|at) (?:[\w-]+ ){{0,2}}{_OUTLET}\b"),
    ("who-said", rf"\bwho {_SPEAK}|\b(?:which|what) .{{2,60}}\b{_SPEAK}\b"),
    ("what-said", r"\bwhat did .{2,80}\b(?:say|tell|call|claim|argue|promise|warn)\b"),
    ("what-said", r"\bhow did .{2,80}\b(?:explain|describe|respond|react|answer|justify|characteri[sz]e)\b"),
    ("number", r"\bhow (?:many|much|old|long|far|large|big|high|tall|fast)\b|\bat what (?:rate|price)\b"),
    ("number", r"\bwhat (?:percent|percentage|share|number|amount|figure|sum|price|cost|fraction|proportion|age)\b"),
    ("when", r"^(?:and )?when\b|\b(?:what|which) (?:day|date|month|year|time)\b"),
    ("where", r"^(?:and )?where\b|\b(?:what|which) (?:city|town|state|country|place|county|venue|hotel)\b"),
    ("summary", r"\b(?:summari[sz]e|summary|overview|what happened|tell me about|what is (?:known|reported))\b"),
    ("list", r"\b(?:list|which|what|name) (?:the |all )?(?:two|three|four|five|six|seven|several|all)\b"),
    ("list", r"\bname (?:the|all|some)\b"),
    ("yes-no", r"^(?:and |so )?(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should)\b"),
    ("who", r"\bwho(?:m|se)?\b"),
    ("what-said", r"\b(?:say|said|told)\b"),
)
"""Tried in this order; what none fits asks for a person or thing by description, like most questions: `who`."""

_KINDS = tuple((re.compile(pattern, re.IGNORECASE), kind) for kind, pattern in _WORDINGS)
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_PUBLISHED = re.compile(
    r"\b(?:(?:published|printed|written|articles?|stories|story|coverage|reports?) (?P<how>in|on|from|since|after"
    rf"|before|until)|(?P<bound>since|until)) (?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?(?:(?P<month>{_MONTH}) )?"
    r"(?:(?P<day_after>\d{1,2})(?:st|nd|rd|th)?,? )?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"^(?:'s|’s|s')?\s*(?:(?:own|\w+ \d{4}|\d{4}) )?(?:stor(?:y|ies)|articles?|reports?|item|piece|coverage|profile"
    r"|account|fact check)\b"
    r"|^ (?:say|said|report(?:ed)?|write|wrote|call(?:ed)?|carry|carried|ran|run|print(?:ed)?|publish(?:ed)?|put)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SHORT_NAMES = {
    "wapo": "Washington Post", "nyt": "New York Times", "wsj": "Wall Street Journal", "latimes": "Los Angeles Times",
    "huffpo": "Huffington Post", "huffpost": "Huffington Post",
}  # fmt: skip
"""What people type for an outlet, and what articles print."""
_SOMEBODY_ELSES = re.compile(r"\b(?:to|by|of|citing|with|told) (?:the )?$", re.IGNORECASE)
_LEANS = re.compile(
    r"\b(?:he|she|it|they|him|her|his|hers|its|their|them|that|this|those|these|there|then|ones?|same)\b"
    r"|^(?:and|but|so|what about|how about|why|when|where)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<![.!?] )(?<!^)\b[A-Z][\w'’&.-]*(?:\s+(?:of\s+|the\s+)?[A-Z][\w'’&.-]*)*|@\w+|[“\"][^”\"]{3,80}[”\"]"
)


def understand(
    question: str,
    mentions: Callable[[str], Sequence[tuple[Span, str]]],
    held: Sequence[str],
    history: Sequence[Answer | Turn] = (),
    filters: Query | None = None,
    nearest: Callable[[str], str | None] = lambda word: None,
) -> Question:
    """A question as typed -> what to look for.

    Args:
        question: As typed.
        mentions: Finds the outlets named in a text, as (span, name).
        held: The outlets that the collection has; only these become filters.
        history: The conversation so far, oldest first.
        filters: Filters set beside the question; they stand, whatever the question says.
        nearest: The collection's word that a misspelt one stands for, None for a word that it holds.
    """
    resolved = standalone(question, history)
    alone = corrected(resolved, nearest)
    kind = kind_of(alone)
    # where it was first, or how outlets differ, is answered by what several of them print
    across = kind in ("comparison", "origin", "order")
    spoken = () if across else (name for span, name in mentions(alone) if name in held and _publishes(alone, span))
    since, until = _period(alone)
    given = filters or Query("")
    query = Query(
        alone,
        outlets=given.outlets or tuple(dict.fromkeys(spoken)),
        since=given.since or (None if given.until else since),
        until=given.until or (None if given.since else until),
        limit=given.limit,
    )
    names = tuple(dict.fromkeys(_NAME.findall(alone)))
    return Question(question, alone, kind, query, names, follows=resolved != question.strip())


def kind_of(question: str) -> Kind:
    """What a question wants to know."""
    text = question.strip()
    return next((kind for pattern, kind in _KINDS if pattern.search(text)), "who")


def standalone(question: str, history: Sequence[Answer | Turn]) -> str:
    """A follow-up that leans on what was said, with the names of the last question behind it; others as they are."""
    text = question.strip()
    if not history or (len(text.split()) > 4 and not _LEANS.search(text)):
        return text
    last = history[-1]
    before = last.standalone if isinstance(last, Answer) else last.question
    names = [name for name in _NAME.findall(before) if name.lower() not in text.lower()]
    return f"{text} ({', '.join(dict.fromkeys(names)) or before.rstrip('?')})"


def corrected(question: str, nearest: Callable[[str], str | None]) -> str:
    """The question with misspelt words as the collection writes them, and the press's short names written out."""

    def written(match: re.Match[str]) -> str:
        word = match[0]
        if full := _SHORT_NAMES.get(word.casefold()):
            return full
        near = nearest(word)
        return (near.title() if word[0].isupper() else near) if near else word

    return _WORD.sub(written, question)


def _publishes(question: str, span: Span) -> bool:
    """Whether the question speaks of what that outlet itself printed, not of it as somebody's source or subject."""
    return bool(_OWN.search(question[span[1] :])) and not _SOMEBODY_ELSES.search(question[: span[0]])


def _period(question: str) -> tuple[dt.date | None, dt.date | None]:
    """The days of publication that a question names ("articles from March 2016", "since June 2016")."""
    match = _PUBLISHED.search(question)
    if not match:
        return None, None
    how = (match["how"] or match["bound"]).lower()
    day = match["day"] or match["day_after"]
    first, last = _bounds(int(match["year"]), match["month"], int(day) if day else None)
    if how in ("since", "after"):
        return first, None
    if how == "before":
        return None, first - dt.timedelta(days=1)
    return (None, last) if how == "until" else (first, last)


def _bounds(year: int, month: str | None, day: int | None) -> tuple[dt.date, dt.date]:
    """First and last day of a year, a month or a day; a day that the month lacks counts as the whole month."""
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    number = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month.lower()[:3]))
    last = dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)
    if day is not None and 1 <= day <= last.day:
        return dt.date(year, number, day), dt.date(year, number, day)
    return dt.date(year, number, 1), last
