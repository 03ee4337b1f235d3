"""What a question about provenance seeks: a source credited, the earliest article, an order in time, what differs.
Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.records import Record, Span

Seeks = Literal["credited", "author", "earliest", "order", "versions", "note", "accounts", "figures"]
"""Whom an article credits; who wrote it; who of those held was first; which of two articles came first; what changed
between versions of one article; what a correction says; what each of several outlets gives; which figures there are,
whoever gives them."""

Sort = Literal["outlet", "paper", "broadcaster", "agency", "magazine", "site", "group", "person", "work", "poll", "any"]
"""What sort of source is asked for; a `work` is a book, a podcast, a study, a `poll` whoever took one; `any` where a
figure comes from."""

_SORTS: tuple[tuple[Sort, str], ...] = (
    ("agency", r"(?:news |wire |press )?agency|(?:wire|news) services?|newswire|wire copy|wire"),
    ("broadcaster", r"networks?|broadcasters?|stations?|channels?|(?:tv |radio |television |cable |news )?shows?"
    r"|program(?:me)?(?!\w)|(?:tv|radio|television|cable|news|talk) program(?:me)?s?"),
    ("paper", r"(?:news)?papers?|tabloids?|dail(?:y|ies)|weekl(?:y|ies)|broadsheets?"),
    ("magazine", r"magazines?|journals?"),
    ("site", r"(?:web)?sites?|blogs?|news sites?|portals?"),
    ("work", r"books?|podcasts?|memoirs?|documentary|documentaries|stud(?:y|ies)"),
    ("group", r"groups?|watchdogs?|think tanks?|nonprofits?|super pacs?|organi[sz]ations?|firms?|compan(?:y|ies)"),
    ("poll", r"pollsters?|polls?|surveys?|polling (?:firms?|groups?|institutes?|organi[sz]ations?)"),
    ("person", r"reporters?|journalists?|columnists?|authors?|correspondents?"),
    ("outlet", r"outlets?|newsrooms?|publications?|news organi[sz]ations?|publishers?|reporting|one"),
)  # fmt: skip
_NOUN = "|".join(f"(?P<{sort}>{nouns})" for sort, nouns in _SORTS)
_STAFF = r"(?:editors?|founders?|hosts?|reporters?|anchors?|columnists?|owners?|chiefs?|executives?|contributors?)\b"
_WHICH = re.compile(
    rf"\b(?:which|what|whose)\b(?: (?!{_STAFF})[\w'’.,-]+){{0,4}}? (?:news organi[sz]ations?|(?:{_NOUN}))\b"
    rf"(?! {_STAFF})",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:report|reveal|publish|broke?n?|break|behind|exclusive|obtain|credit|acknowledg|suppl|produc|cit(?:e|ing)|quot"
    r"|c[oa]me (?:out |originally )?from"
    r"|t(?:ake|ook|aken) |pick|voice|told|tell|interview|descri|accord|rel(?:y|ied)|carr|unearth|dug|dig|uncover"
    r"|scoop|originat|quickest|fastest|soonest|before (?:every|any)(?:one|body) else"
    r"|sign-?off|wire|attribut|leak|disclos|said|say|talk|spoke|speak|aired?|first|earliest|originally|anecdote"
    r"|relay|get|got"
    r"|account|spoke|appear|supply|source|write|wrote|written|copy|dateline|learn|print|publish|hat|thank|run\b|ran\b)",
    re.IGNORECASE,
)
_BEAT = r"beat (?:(?:all )?the (?:others|rest|competition)|everyone|everybody)"
_BEFORE_ALL = r"before (?:every|any)(?:one|body) else"
_WHO = re.compile(
    r"\bwho\b(?: \w+){0,2} (?:report|broke the|reveal|unearth|uncover|dug up|obtain|publish|disclos|leak"
    r"|found out|expose)\w*"
    r"|\bwho\b.{0,20}\bfirst\b.{0,12}(?:report|reveal|publish|disclos|obtain|tell|break|word|news)"
    r"|\bwho\b.{0,30}\b(?:scoop|credited)|\bwhere (?:did|does)\b.*\b(?:come|came|originate|stem)"
    r"|\bwhere (?:is|was|are|were) (?:the |that |this |its |[\w .-]{1,40}['’]s? )?"
    r"(?:claim|story|report|figure|quot|allegation|account|news|number|count|item|article|copy)\w*\b.*\bfrom\W*$"
    r"|\b(?:whose|which) (?:\w+(?:['’]s)? )?exclusive\b|\bwhat source (?:do|does|did|is)\b"
    rf"|\bwho was (?:the )?(?:quickest|fastest|soonest)\b|\bwho {_BEAT}\b|\bwho\b.*\b{_BEFORE_ALL}\b"
    r"|\b(?:on|by|from|through|via|to) wh(?:ose|om)\b.*\b(?:report|account|word|copy|say|said|quot|told|tak|took)"
    r"|\bwhose (?:\w+ )?(?:report|copy|story|scoop|exclusive|account|wire|count|tally|figure|poll|analysis|estimate"
    r"|dispatch)"
    r"|\bwho (?:had|got|ran|carried) .{1,60}\bfirst\b"
    r"|\bwho was (?:the )?first (?:with|to (?:say|write|cover|mention|run))"
    r"|\bwho\b.{0,15}\bbehind the (?:report|story|scoop|news|revelation)"
    r"|\b(?:who|what|which)\b.{0,40}\bsources? (?:for|of|behind) (?:[\w'’]+ ){0,4}"
    r"(?:claim|story|report|figure|quot|allegation|account|news|information|rumou?r|assertion|number|count)"
    r"|^\W*(?:the )?(?:original )?(?:source|origin) (?:of|for) (?:the |that |this )?"
    r"(?:claim|story|report|figure|quot|allegation|rumou?r)"
    r"|\bwhom?\b.{0,60}\b(?:talking|speaking|spoke|talk|speak) (?:to|with)(?=\W*$| when\b)"
    r"|\b(?:report|reveal|publish|obtain|quot|told|said|leak|unearth|broke|cit)\w*\b.{0,60}"
    r"\b(?:by|to|via|through|from|on) (?:whom?|whose|which|what)\W*$"
    r"|\binterview with whom\b|\bto whom\b.*\b(?:talking|speaking)\b|^\W*(?:to|with) whom\W*$"
    r"|\bwhere (?:was|were|had|has|did|is) (?:it|this|that|they|the \w+)(?: been)?"
    r" (?:appear|publish|run|ran|print|post)\w*(?: \w+){0,2} (?:before|first|originally|earlier)\b"
    r"|\bwhere (?:did|do|does|had|has) (?:they|it) (?:get|got|have|take|find)"
    r" (?:(?:that|this|the|those|these|its|their) )?(?:claim|story|report|figure|quot|allegation|account|news"
    r"|information|number|count|from\b)",
    re.IGNORECASE,
)  # fmt: skip
_FIGURE = re.compile(
    r"\bwhere\b.*\b(?:get|got|have|take|find|come|from)\b.*\b(?:number|figure|count|tally|estimate)s?\b", re.IGNORECASE
)
_HAT = re.compile(r"\bh/t\b|\bhat[- ]tip|\btip\w* (?:its|the|their|a) hat", re.IGNORECASE)
_ITS_SOURCE = re.compile(r"\b(?:where|how|whom?|what) (?:did|does|do|has|had) (?:the )?$", re.IGNORECASE)
_TAKES = re.compile(
    r"(?:[’']s? .{0,60}?\b(?:story|piece|article|item|report)\b.{0,60}?)?(?: [\w'’]+)?? "
    r"(?:get|got|take|find|learn|know|hear|pick|cite|credit|quote|thank|acknowledge|attribute|rely|draw)\b",
    re.IGNORECASE,
)
"""What stands before an outlet's name, and right behind it, where it is asked whom that outlet has something from."""

_FROM = re.compile(r"\b(?:is|was|are|were) (?:that|this|it|the \w+(?: \w+)?) from\b", re.IGNORECASE)
_WIRE = re.compile(
    r"\b(?:agency|wire)(?:['’]s)? (?:copy|story|report|dispatch)\b|\bwhose (?:\w+ )?(?:copy|dispatch|wire)\b"
    r"|\bfrom (?:an?|the) (?:(?:news )?agency|(?:news|wire) service|wire)\b|\bor an? (?:news )?agency['’]s\b",
    re.IGNORECASE,
)
_THROUGH = re.compile(r"\b(?:to|through|via) (?:which|what|whose)\b(?!.*\b(?:compar|liken))", re.IGNORECASE)
_ON = re.compile(r"\bon (?:which|what|whose)\b", re.IGNORECASE)
_BARE = 4
"""Words of a last sentence, "On which network?", that leans on the one before for what was said there."""

_DUG = re.compile(
    r"\b(?:unearth|dug up|dig up|uncover|obtain|first|original|reveal|broke|disclos|leak|scoop|come from|came from"
    r"|tak\w+ from|drawn? from)",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^\W*who (?:wrote|filed|authored|is the author of|was the author of|has the byline)\b.*"
    r"\b(?:story|piece|article|item|report|column|op-ed)\b",
    re.IGNORECASE,
)
_WROTE_ARTICLE = re.compile(
    r"^\W*who (?:wrote|filed|authored|is the author of|was the author of|has the byline (?:of|on)) (?:the|this|that)"
    r" (?:\w+ )?(?:article|story|piece|column|op-ed) (?:about|on|of|titled|called|headlined|with)\b",
    re.IGNORECASE,
)
_POLL = re.compile(
    r"\b(?:whose|which)(?: (?!in\b|of\b|did\b)[\w'’-]+){0,2} (?:poll|survey|pollster)s?\b"
    r"|\bwho (?:took|conducted|ran|did) the .*(?:poll|survey)"
    r"|\b(?:which|what) polling\b",
    re.IGNORECASE,
)
_SPEAKERS = frozenset({"group", "person", "work"})
"""Sorts of source that say and do much else: only words of finding out make a question one of provenance."""

_FIRST = re.compile(
    r"\b(?:first|earliest|originally|scoop|exclusive|broke|break|breaking|reveal\w*|uncover\w*|quickest|fastest|soonest"
    rf"|{_BEFORE_ALL}|{_BEAT})\b",
    re.IGNORECASE,
)

_OUTLETS = r"(?:outlets?|(?:news)?papers?|networks?|publications?|articles?|sources?|stories)"
_HERE = re.compile(
    r"\b(?:in|of|among|within|from|across) (?:all )?(?:this|the|these|our|those)\b(?: \w+)?"
    rf" (?:archive|collection|corpus|database|{_OUTLETS} (?:here|held|in the))\b"
    rf"|\b(?:of|among) (?:all )?(?:these|the|our|those) {_OUTLETS}\b|\bhere\b|\bbefore (?:the|any"
    rf"|all)(?: of the)? others?\b"
    r"|\bearliest (?:\w+ )?(?:article|report|story|mention|account|coverage|item|piece)\b",
    re.IGNORECASE,
)
_EARLIEST = re.compile(
    r"\b(?:first|earliest|soonest|oldest|before (?:the|any|all)(?: of the)? others?)\b", re.IGNORECASE
)
_ORDER = re.compile(
    r"\bbefore or after\b|\bafter or before\b|\bearlier or later\b|\b(?:c[oa]me|appear(?:ed)?|r[au]n|out|published"
    r"|printed|reported) first\b"
    r"|\b(?:earlier|later|sooner) than\b|\bhow (?:long|far|many (?:days|weeks|months)|much (?:earlier"
    r"|later))\b.*\b(?:apart|before|after|between|earlier|later)\b"
    r"|^(?:did|was|were|has|had)\b.*\bor\b.*\bfirst\b"
    r"|\bfirst\b.*, .* or\b|\bwh(?:o|ich)\b.*\b(?:first|earlier|sooner)\b.*\bor\b|\bin what order\b"
    r"|\bwh(?:o|ich)\b.*\bor\b.*\b(?:first|earlier|sooner)\b|\bwhich (?:one )?of (?:the|these|those) two\b.*"
    r"\b(?:first|earlier|sooner|before)\b",
    re.IGNORECASE,
)  # fmt: skip
_BEFORE = re.compile(r"^(?:did|was|were|had|has|is)\b.*\b(?:before|after|earlier|later|ahead of)\b", re.IGNORECASE)
_SIDE_BY_SIDE = re.compile(r"\b(?:both|each|compare|differ|disagree|agree)", re.IGNORECASE)
_VERSIONS = re.compile(
    r"\b(?:versions?|drafts?|write-?ups?|rewrit\w+|updated|editions?)\b|\b(?:ran|run|printed|published|filed"
    r"|carried)\b.*\btwice\b"
    r"|\bwhat changed\b|\bwhat did .{2,60} change in (?:its|the|their)\b"
    r"|\bhow (?:did|has|was) .{2,60}\b(?:story|article|piece|report)\b.*\bchanged?\W*$"
    r"|\b(?:story|article|piece|report|item)\b.*\b(?:(?:was|were|been|got) (?:\w+ )?(?:changed|altered|revised"
    r"|amended)|two days (?:running|in a row)|on (?:two|both) (?:consecutive )?days)\b"
    r"|\bwhat(?:['’]?s| is| was)? (?:new|different|added|changed|left out) in the"
    r" (?:later|earlier|first|second|new|old)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\b(?:correct(?:ed|ions?|ing)\b|ha(?:d|ve|s) to correct|mistakenly|by mistake|in error|erroneous|misstat"
    r"|retract|editor['’]?s['’]? note"
    r"|inadvertent|mis(?:identif|nam|spel|quot|attribut|label|report)"
    r"|mix(?:ed|es|ing)? up|confus(?:ed|es) .{2,60} with"
    r"|g[eo]t (?:\w+ )?wrong\b.*\b(?:story|article|piece|report|item)"
    r"|wrongly (?:said|report|stat|put|name|identif))",
    re.IGNORECASE,
)
_DISAGREE = re.compile(
    r"\b(?:disagree|differ(?:s|ent|ing|ences?)?|conflict\w*|contradict\w*|discrepan\w*|var(?:y|ies|ying)"
    r"|agree)\b.{0,60}\b(?:figures?|numbers?|"
    r"reports?|accounts?|estimates?|tolls?|counts?)\b|\b(?:figures?|numbers?|reports?|accounts?|estimates?|tolls?"
    r"|counts?)\b.{0,60}\b(?:disagree|differ"
    r"|conflict|contradict|vary|agree)",
    re.IGNORECASE,
)
_ASKING = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bbefore (?:the|any|all)(?: of the)? others?\b.*$",
        rf"\b{_BEFORE_ALL}\b|\b{_BEAT} (?:to|on|with)\b|\b(?:quickest|fastest|soonest) (?:to|with)\b",
        r"^\W*exclusive was\b",
        rf"\b(?:in|of|among|from|within|across) (?:all )?(?:this|the|these|our|those)(?: \w+)? (?:archive"
        rf"|collection|corpus|database|{_OUTLETS}"
        r"(?: (?:here|held|in (?:this|the) (?:archive|collection|corpus)))?),?",
        rf"\b(?:which|what|whose)(?: of)?(?: the| these)? (?:[\w-]+ )?{_OUTLETS}(?:['’]s?)?(?: {_OUTLETS})?\b",
        r"^\W*(?:who|which)\b",
        r"\bhere\b",
        r"\b(?:(?:was|is|were|had|has|have) )?(?:the )?(?:very )?(?:first|earliest|originally)\b(?: (?:to|in|with"
        r"|who|that)\b)?",
        r"\b(?:mention|report|cover|note|write|writing|wrote|tell|told|carry|carri|run|ran|publish|describe|discuss"
        r"|break|broke|brought"
        r"|record|address|pick)(?:ed|d|s|es|ing)?(?: (?:readers|word|news|up))?(?: (?:on|about|that|of))?\b",
        rf"\b(?:{_OUTLETS}|coverage) (?:on|about|of) (?:that|this|it)\b",
        r"^\W*(?:article|report|story|mention|account|coverage|item|piece)s? (?:on|of|about|that)\b"
        r"|\b(?:is|was|comes?|came) (?:from|by)\W*$",
        r"^\W*(?:was|is|has|had|to|that|on|about|it)\b",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sought(Record):
    """What is sought, in which sort of source; `first`: the very first is meant; `topic` is the question without the
    words that only ask."""

    kind: Seeks
    sort: Sort
    first: bool
    topic: str


def sought(question: str, mentions: Sequence[tuple[Span, str]]) -> Sought | None:
    """What a question seeks about provenance; None for one that seeks something else.

    Args:
        question: As it stands alone.
        mentions: The collection's outlets that it names, where.
    """
    clause = asking(question)
    several = len({name for _, name in mentions}) > 1
    kind: Seeks | None = None
    which, sort = _sort(clause)
    wire = not which and bool(_WIRE.search(clause))
    sort = "agency" if wire else "any" if not which and _FIGURE.search(clause) else sort
    if len(mentions) > 1 and (_ORDER.search(question) or _BEFORE.search(clause)):
        kind = "order"
    elif _EARLIEST.search(question) and _HERE.search(question):
        kind = "earliest"
    elif _VERSIONS.search(question):
        kind = "versions"
    elif _NOTE.search(question):
        kind = "note"
    elif (mentions and _WROTE.search(clause)) or _WROTE_ARTICLE.search(clause):
        kind = "author"
    elif (which and _finds(sort, question, clause)) or wire or _WHO.search(clause) or _asks_whence(question, mentions):
        kind = "credited"
    elif several and _beside(question, mentions):
        kind = "accounts"
    elif _DISAGREE.search(question):
        kind = "figures"
    about = _DISAGREE.sub(" ", question) if kind == "figures" else question
    return Sought(kind, sort, sort != "work" and bool(_FIRST.search(clause)), topic(about)) if kind else None


def _finds(sort: Sort, question: str, clause: str) -> bool:
    """Whether it is asked where something was reported, not what such a source did besides."""
    if sort == "poll":
        return bool(_POLL.search(clause))
    if sort == "agency":
        return bool(_REPORTED.search(question) or _WIRE.search(clause))
    if sort not in _SPEAKERS and (_THROUGH.search(clause) or _FROM.search(clause)):
        return True
    if sort == "broadcaster" and clause != question.strip() and _ON.search(clause):
        return True  # "On which channel did he mention that?": what was said goes before
    if sort not in _SPEAKERS and len(clause.split()) <= _BARE:
        return bool(_REPORTED.search(question))
    return bool((_DUG if sort in _SPEAKERS else _REPORTED).search(clause))


def _asks_whence(question: str, mentions: Sequence[tuple[Span, str]]) -> bool:
    """Whether it is asked whom an outlet has something from, or thanks for it."""
    if _HAT.search(question):
        return True
    return any(_ITS_SOURCE.search(question[:start]) and _TAKES.match(question, end) for (start, end), _ in mentions)


def _beside(question: str, mentions: Sequence[tuple[Span, str]]) -> bool:
    """Whether two outlets are set side by side."""
    first, last = mentions[0][0][1], mentions[-1][0][0]
    return bool(_SIDE_BY_SIDE.search(question) or re.search(r"\b(?:and|versus|vs|than)\b", question[first:last]))


def topic(question: str) -> str:
    """The question without the words that ask who was first, and where."""
    text = question
    for pattern in _ASKING:
        text = pattern.sub(" ", text)
    return " ".join(text.split()).strip(" ,;:?.") or question


def asking(question: str) -> str:
    """The sentence that ends in the question mark, where some context goes before it."""
    sentences = re.split(r"(?<=\w\w[.!?])\s+(?=[A-Z'\"“])", question.strip())
    return next((s for s in sentences if s.endswith("?")), sentences[-1])


def _sort(clause: str) -> tuple[bool, Sort]:
    """Whether "which" or the like asks for a source, and its sort."""
    match = _WHICH.search(clause)
    if match is None:
        return False, "outlet"
    return True, next((sort for sort, _ in _SORTS if match[sort]), "outlet")
