"""What is asked: the kind of answer wanted, the filters spoken in the question, a wording that stands alone. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence

from assistant.correction import corrected
from assistant.followups import own, standalone
from assistant.records import Answer, Kind, Question, Turn
from assistant.wanted import PERSON, SEVERAL, Asked, in_keywords, wanted
from index.records import Query, Span

_OUTLET = (
    r"(?:outlet|paper|newspaper|network|broadcaster|station|channel|website|site|magazine|newsroom|publication|agency"
    r"|news (?:organi[sz]ation|agency|site)|wire service)"
)
_TELL = r"(?:report|publish|reveal|break|broke|run|carr|obtain|make public|say)"
_SPEAK = (
    r"(?:said|says|told|calle?d|claimed|argued|accused|warned|predicted|described|compared|likened|objected|tweeted"
    r"|complained|insisted|dismissed|praised|mocked|joked|admitted|conceded|denied|urged|advised|cautioned|remarked"
    r"|quipped|lamented|bemoaned|suggested|labell?ed|branded|dubbed|declared|announced|acknowledged|recalled|noted"
    r"|observed|defended|critici[sz]ed|slammed|blasted|attributed|characteri[sz]ed|forecast|proclaimed|vowed|pledged"
    r"|asserted|contended|alleged|griped|vouched|rated|judged|doubted|invoked|deplored|denounced|condemned|scoffed|blogged"
    r"|teased|pointed out|spoke (?:of|out)|singled out|charged|faulted|portrayed)"
)
_ADJECTIVES = r"alleged|pledged|forecast|noted|branded|labell?ed|dubbed|condemned|rated|charged"
"""Of these words those that may as well stand before a noun: "pledged delegates"."""

_HOLDERS = r"(?:(?:news ?)?(?:outlets?|papers?|newspapers?|publications?|sources?))"
_THIS = r"(?:this|the|your) (?:collection|archive|index|corpus)"
_COVERS = r"(?: (?:cover|span|hold|contain|reach)\w*)?(?: (?:from|to|about|of))?"
_HELD = (
    r"\b(?:(?:are|is) (?:there|in|here|held|covered)\b|do you (?:have|know|hold|cover|use)"
    rf"|(?:does|do) {_THIS}|here\b|{_THIS})"
)
_NO_RACE = r"(?!.*\b(?:first|earliest)\b)"
_ON = r"on|about|of|that|which|mention\w*|to"
_SAID = r"(?:said|says|told|called|claimed|argued|accused|warned|predicted|described|compared|likened|objected|tweeted)"
_NAMED_ONLY = (
    r"(?!.*(?:['’]s |s['’] |\b(?:the|an?|in|on|of|to|for|by|with|at|from|her|his|their|\w+ing|\w+ed)\b))"
    r"[\w'’.-]+(?: [\w'’.-]+){0,3}"
)
_WHETHER = r"(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should)"
"""What a question whether something is so begins with."""
_ARTICLES = r"(?:articles?|stories|reports?|coverage|news)"
_ON_IT = r"(?:mention\w*|(?:(?:is|are|was|were) )?(?:about|on|of)|cover\w*|deal\w* with|discuss\w*|regarding)"
_ARTICLES_ON = (
    rf"(?:(?:which|what) {_ARTICLES}(?: (?:is|are) there| do you have)?"
    r"|(?:list|show(?: me)?|find(?: me)?|give me|(?:is|are) there|do you have|have you(?: got)?|any)"
    rf"(?: all| some| the| any)*? {_ARTICLES}(?: that| which)?) {_ON_IT}"
)
"""What asks for the articles on a topic, up to the topic."""
_WORDINGS: tuple[tuple[Kind, str], ...] = (
    ("chat", r"^(?:hi|hello|hey|thanks|thank you|good (?:morning|evening|afternoon)|bye)\b(?!.{40})"),
    ("chat", r"\bhow(?:'s| is) (?:your|it going)|\bwho are you\b|\bwhat can (?:you do|i ask)\b|\bhow are you\b"),
    ("chat", r"^(?:help|how (?:do|does|can) (?:you|this|it) work|what (?:is|are) (?:this|you|whence))\W*$"),
    ("collection", r"\bhow many (?:of the )?(?:news )?(?:articles|stories)\b(?! of (?:faith|war|impeachment))"),
    ("collection", rf"\b(?:which|what) {_HOLDERS}\b.*\b(?:most|fewest|more|fewer) (?:articles|stories|reports)\b"),
    ("collection", rf"\b(?:which|what|how many|name the|list the) {_HOLDERS}\b.{{0,20}}{_HELD}{_NO_RACE}"),
    ("collection", rf"\b(?:newest|oldest|latest|most recent) (?:article|story|report)s?\b(?! (?:{_ON})\b)"),
    ("collection", rf"\b(?:how (?:big|large)|what|when|tell me about|describe)\b.*\b{_THIS}{_COVERS}\W*$"),
    ("comparison", r"^(?:please |can you )?compare\b|\bhow (?:do|does|did)\b.*\bcompare\b"),
    ("comparison", r"\b(?:differ(?:s|ed|ence)?|disagree[ds]?|versus|vs\.?)\b"),
    (
        "comparison",
        r"^(?!(?:in |on |to )?(?:which|who|what|when|why|how)\b.*\bagree[ds]? (?:to|with)\b).*\bagree[ds]?\b(?! to\b)",
    ),
    ("comparison", r"\band what did\b.*\b(?:say|put|report)"),
    ("order", r"\b(?:before|after|earlier|later)\b.*\breport|\bwhat changed\b|\bin what order\b"),
    ("origin", rf"\b(?:first|earliest|originally)\b.{{0,60}}\b{_TELL}|\b{_TELL}\w*\b.{{0,40}}\bfirst\b"),
    ("origin", r"\bbroke the (?:story|news)\b|\b(?:which|what|who)\b.*\bscoop|\boriginal(?:ly)? (?:source|from)"),
    ("origin", rf"\bwhich {_OUTLET}\b.*\b(?:credited|supplied|originat|obtained|acknowledge)|\bwhich agency\b"),
    ("origin", r"\bwhere (?:did|does)\b.*\b(?:come|originate)"),
    (
        "yes-no",
        r"^(?:and |so )?(?:did|does|do|has|have|had|will|would|is|was|were) "
        r"(?!(?:you|we|any\w*|some\w*|the (?:article|collection|archive|stor)\w*|articles|reports|it known)\b)"
        r".{2,60}\b(?:say|said|saying|announc\w+|tell|told|telling|reveal\w*|disclos\w+|explain\w*|specif\w+|give|given"
        r"|name|named|confirm\w*|clarif\w+) (?:exactly |just )?(?:who|whom|whose|which|what|how|when|where|why)\b",
    ),
    ("summary", rf"^(?:and )?{_ARTICLES_ON}\b(?!.*\b(?:did|does|do|has|had|collection|archive)\b)"),
    ("which-outlet", rf"\bwh(?:ich|at) (?:[\w-]+ ){{0,2}}{_OUTLET}\b"),
    (
        "who-said",
        rf"\bwho (?:\w+ly |first |also )?{_SPEAK}\b|\bwho \w+ed that\b"
        rf"|\b(?:which|what) (?!(?:was|is|were) said\b).{{2,60}}\b(?!called\W*$){_SAID}\b",
    ),
    ("who-said", rf"\b(?:which|what)\b(?: [\w'’.-]+){{0,7}}? (?:{PERSON})(?:,[^,]{{3,60}},)?(?: \w+ly)? {_SPEAK}\b"),
    ("who-said", rf"^(?!what|how|when|where|why|{_WHETHER}\b)(?:[\w'’-]+ ){{0,5}}(?:{PERSON}) {_SPEAK}\b"),
    ("who-said", rf"^(?!(?:{_ADJECTIVES})\b){_SPEAK}\b(?!.*\b(?:who|whom|what|when|where|why|how|which)\b)"),
    (
        "what-said",
        r"\bwhat (?:did|do|does|has|have) .{2,80}\b(?:say|said|tell|told|call|claim|argue|promise|warn|write"
        r"|tweet|compare|liken|think|make of|conclude|insist|predict|admit|joke)\b",
    ),
    (
        "what-said",
        r"\bwhat (?:was|were|is|are) .{2,60}[’']s? (?:answer|responses?|reaction|reply|views?|opinions?|take"
        r"|position|stance|comments?) (?:to|on|of|about)\b",
    ),
    ("what-said", r"\bhow did .{2,80}\b(?:explain|describe|respond|react|reply|answer|justify|characteri[sz]e|tell)\b"),
    ("number", r"\bhow (?:many|much|old|long|far|large|big|high|tall|fast)\b|\bat what (?:rate|price)\b"),
    ("number", r"\bwhat (?:percent|percentage|share|number|amount|figure|sum|price|cost|fraction|proportion|age)\b"),
    ("when", r"^(?:and )?when\b|\b(?:what|which) (?:day|date|month|year|time)\b"),
    (
        "where",
        r"^(?:and )?where\b|\b(?:what|which) (?:city|town|state|country|place|county|venue|hotel)\b"
        r"(?! (?:part(?:y|ies)|senators?|lawmakers?|laws?|officials?|courts?|departments?|agenc\w+|councils?|attorneys?"
        r"|police|governments?|legislat\w+|representatives?|singers?|clubs?|managers?|clerks?|sheriffs?|chains?|owners?)\b)",
    ),
    (
        "summary",
        r"\b(?:summari[sz]e|summary|overview|gist|what happened|tell me (?:more |everything |all )?about"
        r"|timeline|chronology|what is (?:known|reported)"
        r"|what(?:['’]s| is) (?:the )?(?:latest|newest|news?) (?:on|about|with|in|from))\b",
    ),
    ("summary", r"^(?:please |can you )?(?:sum up|brief me (?:on|about)|explain|describe)\b"),
    ("summary", r"^what(?:'s|’s| is| was| are| were) (?:the |this |that |all )?.{3,80} (?:all )?about\W*$"),
    ("summary", rf"^who(?: is| was| are| were|['’]s) {_NAMED_ONLY}\W*$"),
    ("list", r"\b(?:list|which|what|name) (?:the |all )?(?:two|three|four|five|six|seven|several|all)\b"),
    ("list", r"\bname (?:the|all|some)\b"),
    ("yes-no", rf"^(?:and |so )?{_WHETHER}\b"),
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
_DAY = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?(?P<month>{_MONTH})\b(?: (?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?\b)?"
    r"(?:,? (?P<year>(?:19|20)\d\d))?\b|\b(?P<only>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_OUTLETS_OWN = re.compile(
    r"^(?:what (?:did|does|do|has|have) (?P<outlet>.{2,60}?) (?:report(?:ed)?|publish(?:ed)?|writ(?:e|ten)"
    r"|cover(?:ed)?|carry|carried|run|print(?:ed)?)|(?:which |what |list |show )?(?:me |all )?(?:the )?articles"
    r"(?: (?:are|is))? (?:by|from|of) (?P<by>.{2,60}?))(?: here| so far)?\W*$",
    re.IGNORECASE,
)
"""A question for all that an outlet has printed."""
_OUTLET_ON = re.compile(
    r"^what (?:did|does|do|has|have) (?P<outlet>.{2,60}?) (?:report(?:ed)?|sa(?:y|id)|publish(?:ed)?|writ(?:e|ten)"
    r"|print(?:ed)?|cover(?:ed)?) (?:about|on|of|regarding) (?P<topic>.+)$",
    re.IGNORECASE,
)
"""A question for what an outlet has printed of a topic."""
_FRAME = re.compile(
    rf"^{_ARTICLES_ON} |"
    r"^(?:(?:please|can you|could you|give me|what(?:['’]s| is| was| are| were| has| had| do)?|do you know|tell me"
    r"|sum up|brief me|summari[sz]e|summary|overview|timeline|chronology|gist|describe|explain|happen(?:s|ed|ing)?"
    r"|known|reported|said|in (?:\w+ ){0,2}(?:sentences?|words?|lines?|paragraphs?|brief|short)|we know|been"
    r"|everything|all|more|an?|the|short|brief|quick|latest|newest|news?|about|on|of|to|in|at|with|around|regarding) )+"
    r"|\bwhat(?: has)? happened\W*$",
    re.IGNORECASE,
)
"""How a summary is asked for."""
_WHETHER_TRUE = re.compile(
    r"^(?:and |so )?is it (?:really )?(?:true|correct|right|a fact|the case) (?:that )?", re.IGNORECASE
)
"""How it is asked whether something is true."""
_OWN = re.compile(
    r"^(?:'s|’s|s')?\s*(?:(?:own|\w+ \d{4}|\d{4}) )?(?:stor(?:y|ies)|articles?|reports?|item|piece|coverage|profile"
    r"|account|fact check)\b"
    r"|^ (?:have|had|give|gave)\b"
    r"|^ (?:say|said|report(?:ed)?|write|wrote|call(?:ed)?|carry|carried|ran|run|print(?:ed)?|publish(?:ed)?|put)\b",
    re.IGNORECASE,
)
_BESIDE: tuple[Kind, ...] = ("chat", "collection")
"""Kinds of question that are beside the conversation: they lean on nothing, and nothing leans on them."""
_ACCORDING = re.compile(r"(?:\baccording to|, as) (?:the )?$", re.IGNORECASE)
_SOMEBODY_ELSES = re.compile(r"\b(?:to|by|of|citing|with|told) (?:the )?$", re.IGNORECASE)
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
    talk = [turn for turn in history if kind_of(turn.question) not in _BESIDE]
    resolved = question.strip() if kind_of(question) in _BESIDE else standalone(question, talk, mentions)
    alone = resolved if kind_of(resolved) in _BESIDE else corrected(resolved, nearest)
    asked = own(alone)
    kind = kind_of(asked)
    topic = _topic(alone, kind)
    if (whole := _OUTLETS_OWN.match(asked)) and _is_outlet(whole["outlet"] or whole["by"], held, mentions):
        kind = "collection"
    elif (on := _OUTLET_ON.match(asked)) and _is_outlet(on["outlet"], held, mentions):
        kind, topic = "summary", on["topic"]
    # where it was first, or how outlets differ, is answered by what several of them print
    across = kind in ("comparison", "origin", "order")
    follows = resolved.split() != question.split()
    named = () if across else ((span, name) for span, name in mentions(asked) if name in held)
    about = kind == "collection"
    spoken = (name for span, name in named if about or _publishes(asked, span, follows))
    since, until = _between(asked) if about else _period(asked)
    given = filters or Query("")
    query = Query(
        topic,
        outlets=given.outlets or tuple(dict.fromkeys(spoken)),
        since=given.since or (None if given.until else since),
        until=given.until or (None if given.since else until),
        limit=given.limit,
    )
    names = tuple(dict.fromkeys(_NAME.findall(alone)))
    return Question(question, alone, kind, query, names, follows)


def outlets_in(
    text: str, held: Sequence[str], known: Callable[[str], Sequence[tuple[Span, str]]]
) -> list[tuple[Span, str]]:
    """Where a text names outlets, in order: those that the world knows, the collection's own, and "the Post" where
    the collection holds one such outlet only.

    Args:
        text: Any.
        held: The collection's outlets.
        known: Finds the outlets that the world knows, as (span, name).
    """
    found = list(known(text))
    lasts = Counter(name.split()[-1] for name in held)
    wordings = [(_wording(name), name) for name in held]
    wordings += [(rf"(?<=\b[Tt]he ){re.escape(last)}\b", name)
                 for name in held if lasts[last := name.split()[-1]] == 1 and " " in name]  # fmt: skip
    for wording, name in wordings:
        for match in re.finditer(wording, text):
            start, end = match.span()
            if not any(a < end and start < b for (a, b), _ in found):
                found.append(((start, end), name))
    return sorted(found)


def _wording(name: str) -> str:
    """A pattern of an outlet's name as people type it: one of several words without its "The" and in any case, one of
    a single word so behind "from" and "by" alone, for it may be a common word."""
    bare = name.removeprefix("The ")
    the, typed = "(?:[Tt]he )?" if bare != name else "", re.escape(bare)
    if " " in bare:
        return rf"\b{the}(?i:{typed})\b"
    return rf"\b{the.rstrip('?')}{typed}\b|(?:(?<=\bfrom )|(?<=\bby ))(?i:{typed})\b"


_BY_FORM: dict[Asked, Kind] = {
    "percent": "number", "money": "number", "age": "number", "number": "number", "date": "when", "year": "when",
    "place": "where",
}  # fmt: skip
"""What a question without a question word wants to know, by the form of answer that its words ask for."""


def kind_of(question: str) -> Kind:
    """What a question wants to know."""
    text = question.strip()
    told = next((kind for pattern, kind in _KINDS if pattern.search(text)), None)
    if told is None and in_keywords(text) and SEVERAL.match(text):
        return "list"
    if told or not in_keywords(text):
        return told or "who"
    return _BY_FORM.get(wanted(text).forms[0], "who")


def _is_outlet(words: str, held: Sequence[str], mentions: Callable[[str], Sequence[tuple[Span, str]]]) -> bool:
    """Whether words are the name of an outlet that the collection has, and nothing else."""
    named = [span for span, name in mentions(words) if name in held]
    return any(words[:a].strip().lower() in ("", "the") and not words[b:].strip() for a, b in named)


def _topic(question: str, kind: Kind) -> str:
    """What a question is about: without the words that ask for a summary, or whether something is true."""
    frame = {"summary": _FRAME, "yes-no": _WHETHER_TRUE}.get(kind)
    return (frame.sub("", question).strip() if frame else "") or question


def _publishes(question: str, span: Span, follows: bool) -> bool:
    """Whether the question speaks of what that outlet itself printed, not of it as somebody's source or subject; in a
    follow-up "according to the Post" asks for the Post's own account, else others may tell what the Post says."""
    before, behind = question[: span[0]], question[span[1] :]
    if follows and _ACCORDING.search(before):
        return True
    return bool(_OWN.search(behind)) and not _SOMEBODY_ELSES.search(before)


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


def _between(question: str) -> tuple[dt.date | None, dt.date | None]:
    """The days that a question about the collection names, however it does ("between May and June 2016")."""
    found = list(_DAY.finditer(question))
    years = [match["year"] or match["only"] for match in found]
    last_year = next((year for year in reversed(years) if year), None)
    bounds = [
        _bounds(int(year or last_year or 0), match["month"], int(match["day"] or match["day_after"] or 0) or None)
        for match, year in zip(found, years, strict=True)
        if year or last_year
    ]
    if not bounds:
        return None, None
    before = question[: found[0].start()].rstrip().rpartition(" ")[2].lower()
    first, last = bounds[0][0], bounds[-1][1]
    if len(bounds) == 1 and before in ("since", "after"):
        return first, None
    if len(bounds) == 1 and before in ("until", "till"):
        return None, last
    if len(bounds) == 1 and before == "before":
        return None, first - dt.timedelta(days=1)
    return first, last


def _bounds(year: int, month: str | None, day: int | None) -> tuple[dt.date, dt.date]:
    """First and last day of a year, a month or a day; a day that the month lacks counts as the whole month."""
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    number = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month.lower()[:3]))
    last = dt.date(year + number // 12, number % 12 + 1, 1) - dt.timedelta(days=1)
    if day is not None and 1 <= day <= last.day:
        return dt.date(year, number, day), dt.date(year, number, day)
    return dt.date(year, number, 1), last
