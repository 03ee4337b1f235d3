"""What is asked: the kind of answer wanted, the filters spoken in the question, a wording that stands alone. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence

from assistant.records import Answer, Kind, Question, Turn
from index.records import Query, Span

_OUTLET = (
    r"(?:outlet|paper|newspaper|network|broadcaster|station|channel|website|site|news (?:organi[sz]ation|agency|site)"
)
_OUTLET += r"|magazine|newsroom|publication|agency|wire service)"

KINDS: tuple[tuple[str, Kind], ...] = (
    (r"^(?:hi|hello|hey|thanks|thank you|good (?:morning|evening|afternoon)|bye)\b(?!.{40})", "chat"),
    (r"\bhow(?:'s| is) (?:your|it going)|\bwho are you\b|\bwhat can you do\b|\bhow are you\b", "chat"),
    (
        r"\bhow many articles\b|\bwhich outlets\b.*\b(?:collection|here|have)\b|\bnewest article\b|\boldest article\b",
        "collection",
    ),
    (
        r"\b(?:compare|differ(?:s|ed|ence)?|disagree[ds]?|agree[ds]?|versus|vs\.?)\b|\band what did\b.*\b(?:say|put|report)",
        "comparison",
    ),
    (
        rf"\b(?:first|earliest|originally)\b.{{0,60}}\b(?:report|publish|reveal|break|broke|run|carr|obtain|make public|say)"
        rf"|\b(?:report|publish|reveal|broke|break|carr|obtain)\w*\b.{{0,40}}\bfirst\b|\bbroke the (?:story|news)\b"
        rf"|\b(?:which|what|who)\b.*\bscoop|\bwhich {_OUTLET}\b.*\b(?:credited|supplied|originat|obtained|acknowledge)"
        rf"|\bwhere (?:did|does)\b.*\b(?:come|originate)|\boriginal(?:ly)? (?:source|from|reported)"
        rf"|\bwhich (?:news )?agency\b",
        "origin",
    ),
    (r"\b(?:before|after|earlier|later)\b.*\breport|\bwhat changed\b|\bin what order\b", "order"),
    (rf"\bwh(?:ich|at) (?:[\w-]+ ){{0,2}}{_OUTLET}\b", "which-outlet"),
    (
        r"\bwho (?:said|says|told|called|claimed|argued|accused|warned|predicted|described|compared|likened|objected)"
        r"|\b(?:which|what) .{2,60}\b(?:said|told|called|claimed|argued|warned|likened|objected|predicted|compared)\b",
        "who-said",
    ),
    (
        r"\bwhat did .{2,80}\b(?:say|tell|call|claim|argue|promise|warn)\b|\bhow did .{2,80}\b(?:explain|describe|respond"
        r"|react|answer|justify|characteri[sz]e)\b|\baccording to\b.*\bwhy\b",
        "what-said",
    ),
    (
        r"\bhow (?:many|much|old|long|far|large|big|high|tall|fast)\b|\bwhat (?:percent|percentage|share|number|amount|figure"
        r"|sum|price|cost|fraction|proportion|salary|age)\b|\bat what (?:rate|price)\b",
        "number",
    ),
    (r"^(?:and )?when\b|\b(?:what|which|on what|on which) (?:day|date|month|year|time)\b", "when"),
    (r"^(?:and )?where\b|\b(?:what|which) (?:city|town|state|country|place|county|venue|hotel)\b", "where"),
    (r"\b(?:summari[sz]e|summary|overview|what happened|tell me about|what is known)\b", "summary"),
    (
        r"\b(?:list|which|what|name) (?:the |all )?(?:two|three|four|five|six|seven|several|all)\b|\bname (?:the|all|some)\b",
        "list",
    ),
    (r"^(?:and |so )?(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should)\b", "yes-no"),
    (r"^(?:and )?who(?:m|se)?\b", "who"),
)
_KINDS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in KINDS)

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
_MONTH += r"|nov(?:ember)?|dec(?:ember)?)\.?"
_WHEN = rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?(?:(?P<month>{_MONTH}) )?(?:(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? )?(?P<year>(?:19|20)\d\d)"
_PUBLISHED = re.compile(
    rf"\b(?:published|printed|written|articles?|stories|story|coverage|reports?)\s+(?P<how>in|on|from|since|after|before|until)\s+{_WHEN}\b"
    rf"|\b(?P<bound>since|until)\s+(?P<since_day>)(?:(?P<month2>{_MONTH}) )?(?P<year2>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"(?:\b(?:in|on|by|from|does|did|has|had|do)\s+(?:the\s+)?$)", re.IGNORECASE)
_OWN = re.compile(
    r"^(?:'s|’s|s')?\s*(?:(?:own|\w+\s+\d{4}|\d{4})\s+)?(?:stor(?:y|ies)|articles?|reports?|item|piece|coverage|profile|account|fact check)\b"
    r"|^\s+(?:say|said|report|reported|write|wrote|call|called|carry|carried|ran|run|print|printed|publish|published|give|have|put|describe[d]?)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\b(?:he|she|it|they|him|her|his|hers|its|their|them|that|this|those|these|there|then|one|ones|same)\b|^(?:and|but|so"
    r"|what about|how about|why|when|where)\b",
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
) -> Question:
    """A question as typed -> what to look for.

    Args:
        question: As typed.
        mentions: Finds the outlets named in a text, as (span, name).
        held: The outlets that the collection has; only these become filters.
        history: The conversation so far, oldest first.
        filters: Filters set beside the question; they stand, whatever the question says.
    """
    alone = standalone(question, history)
    spoken = tuple(name for span, name in mentions(alone) if name in held and _publishes(alone, span))
    since, until = _period(alone)
    given = filters or Query("")
    query = Query(
        alone,
        outlets=given.outlets or tuple(dict.fromkeys(spoken)),
        since=given.since or (None if given.until else since),
        until=given.until or (None if given.since else until),
        limit=given.limit,
    )
    kind = kind_of(alone)
    if kind in ("comparison", "origin", "order") and not given.outlets:
        query = Query(alone, (), query.since, query.until, query.limit)
    return Question(question, alone, kind, query, tuple(dict.fromkeys(_NAME.findall(alone))))


def kind_of(question: str) -> Kind:
    """What a question wants to know; `what-said` and the like by its verbs, `who` where nothing else is told."""
    for pattern, kind in _KINDS:
        if pattern.search(question.strip()):
            return kind
    return (
        "who"
        if re.search(r"\bwho\b", question, re.IGNORECASE)
        else "what-said"
        if "say" in question
        else "summary"
        if len(question.split()) < 2
        else "who"
    )


def standalone(question: str, history: Sequence[Answer | Turn]) -> str:
    """A follow-up that leans on what was said, with the last question it leans on in front; others as they are."""
    text = question.strip()
    if not history or not _LEANS.search(text) and len(text.split()) > 4:
        return text
    last = history[-1]
    before = last.standalone if isinstance(last, Answer) else last.question
    names = [name for name in _NAME.findall(before) if name.lower() not in text.lower()]
    return f"{text} ({', '.join(dict.fromkeys(names)) or before.rstrip('?')})"


def _publishes(question: str, span: Span) -> bool:
    """Whether the question speaks of that outlet's own pages, not of it as somebody's source or subject."""
    before, after = question[: span[0]], question[span[1] :]
    return (
        bool(_OWN.search(after))
        and not re.search(r"\b(?:to|by|of|citing|with)\s+(?:the\s+)?$", before, re.IGNORECASE)
        or bool(_SPOKEN.search(before) and re.search(r"\b(?:in|on)\s+(?:the\s+)?$", before) and "reported" in question)
    )


def _period(question: str) -> tuple[dt.date | None, dt.date | None]:
    """The days of publication that a question names ("articles from March 2016", "since June 2016")."""
    match = _PUBLISHED.search(question)
    if not match:
        return None, None
    how = (match["how"] or match["bound"]).lower()
    year = int(match["year"] or match["year2"])
    month = match["month"] or match["month2"]
    day = match["day"] or match["day2"]
    first, last = _bounds(year, month, int(day) if day else None)
    if how in ("since", "after"):
        return first, None
    if how == "before":
        return None, first - dt.timedelta(days=1)
    if how == "until":
        return None, last
    return first, last


def _bounds(year: int, month: str | None, day: int | None) -> tuple[dt.date, dt.date]:
    """First and last day of a year, a month or a day."""
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    number = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month.lower().rstrip(".")[:3]))
    if day is not None and 1 <= day <= 28:
        return dt.date(year, number, day), dt.date(year, number, day)
    following = dt.date(year + number // 12, number % 12 + 1, 1)
    return dt.date(year, number, 1), following - dt.timedelta(days=1)
