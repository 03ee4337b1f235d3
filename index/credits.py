"""Whom an article credits: rules turn cues such as "according to" into source, cue and content. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.outlets import Outlet, Outlets
from index.records import Article, Credit, CreditKind, Passage, Relation, Span

_WORD = r"[A-Z][\w'’&-]*(?:\.[A-Z]\.?)*"
_NAME = rf"(?:{_WORD}|@\w+)(?: (?:of the |of |for |and |de |van |von |al-|the )?(?:{_WORD}|\d+\b|[A-Z]\.))*"
_SOURCE = rf"(?P<source>(?:[Tt]he |[Oo]ne |[Aa]n? |[Oo]ur |[Ss]everal |[Ss]ome |[Tt]wo )?(?:[a-z-]+ ){{0,2}}?{_NAME})"
_ANYONE = (
    r"(?P<source>(?:(?:[Tt]he|[Oo]ne|[Aa]n?|[Oo]ur|[Ss]everal|[Ss]ome|[Tt]wo|[Tt]hree|[Mm]ultiple) )?(?:[\w-]+ ){0,2}?"
    r"(?:sources?|officials?|officers?|relatives|witnesses|lawyers|residents|documents|records|spokes\w+)\b)"
)
_SAY = r"said|says|told|added|adds|explained|argued|insisted|warned|declared|stated|replied|recalled|tweeted|asked"
_REPORT = (
    r"reports|reported|writes|wrote|revealed|reveals|claims|claimed|notes|noted|quoted|quotes|published|disclosed"
    r"|announced|confirmed|described|describes|put|puts|tells|found"
)
_SCOOP = r"reported|published|obtained|broken|revealed|disclosed|posted|aired|unearthed"


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern with groups `source` and `cue`; what it means for the content's place and the credit's relation.

    Only sentences that match `trigger`, which is quick, are searched for the pattern, which is not.
    """

    trigger: re.Pattern[str]
    pattern: re.Pattern[str]
    relation: Relation
    content: str  # "after" the cue, "before" it, or "around": the whole sentence but source and cue
    sure: float


def _rule(trigger: str, pattern: str, relation: Relation, content: str, sure: float) -> Rule:
    return Rule(re.compile(trigger), re.compile(pattern), relation, content, sure)


RULES = (
    _rule(
        r"irst|riginally",
        rf"(?P<cue>(?:was |were )?(?:[Ff]irst|[Oo]riginally) (?:{_SCOOP}) (?:by|in|on)) {_SOURCE}",
        "first", "around", 0.95,
    ),
    _rule(
        r"first|broke the",
        rf"(?:\b[Aa]s )?{_SOURCE} (?P<cue>(?:was |were )?(?:the )?first (?:to )?"
        r"(?:report|reveal|publish|obtain|disclose)(?:ed|d)?|broke the (?:story|news))",
        "first", "around", 0.95,
    ),
    _rule(r"/[Tt]\b", rf"(?P<cue>\b[Hh]/[Tt]:?) {_SOURCE}", "first", "around", 0.8),
    _rule(
        r"has learned|can reveal|previously reported|reported earlier",
        rf"{_SOURCE} (?P<cue>has learned|can reveal|previously reported|reported earlier)",
        "self", "around", 0.9,
    ),
    _rule(
        r"ccording to",
        rf"(?P<cue>\b[Aa]ccording to) (?:(?:an?|the|its|this) (?:[a-z-]+ )?"
        rf"(?:report|story|article|analysis|account|interview) (?:by|in|from|on|with) )?(?:{_SOURCE})",
        "relay", "around", 0.9,
    ),
    _rule(r"ccording to", rf"(?P<cue>\b[Aa]ccording to) {_ANYONE}", "quote", "around", 0.8),
    _rule(
        r" (?:by|in) |[Cc]it(?:ing|ed|es) |[Qq]uoting|[Cc]redit|nterview",
        r"(?P<cue>\b(?:[Rr]eported|[Oo]btained|[Pp]ublished|[Cc]arried|[Uu]nearthed|[Cc]redited|[Rr]elayed) (?:by|in)"
        r"|\b(?:[Cc]iting|[Qq]uoting|[Cc]ites|[Cc]ited|[Cc]rediting|[Cc]redited|[Cc]redits)"
        rf"(?: (?:an?|the) (?:report|story) (?:by|in|from))?|\b[Ii]n an interview (?:with|on)) {_SOURCE}",
        "relay", "around", 0.8,
    ),
    _rule(
        r" (?:by|from) ",
        rf"(?P<cue>\b[Ii]n an? (?:tweet|post|statement|message|letter|memo) (?:by|from)) {_SOURCE}",
        "quote", "around", 0.9,
    ),
    _rule(
        r"(?:tweet|post|message) ",
        rf"(?P<cue>\b(?:tweet|post|message) (?:read|reads|said|says):) [“\"‘']?(?P<source>{_NAME})(?=:)",
        "via", "after", 0.9,
    ),
    _rule(
        rf"\b(?:{_REPORT})\b",
        rf"{_SOURCE},?(?: [^,.;:“”\"]{{1,60}},)? (?P<cue>{_REPORT})\b",
        "relay", "after", 0.7,
    ),
    _rule(
        rf"\b(?:{_SAY})\b",
        rf"{_SOURCE},?(?: [^.;:“”\"]{{1,80}},)? (?P<cue>(?:also |later |further )?(?:{_SAY}))\b",
        "quote", "after", 0.75,
    ),
    _rule(rf"\b(?:{_SAY})\b", rf"(?P<cue>\b(?:{_SAY})) {_SOURCE}", "quote", "before", 0.75),
    _rule(
        rf"\b(?:{_SAY}|{_REPORT})\b",
        rf"{_ANYONE}(?: [^.;:“”\"]{{1,80}})? (?P<cue>{_SAY}|{_REPORT})\b",
        "quote", "after", 0.6,
    ),
    _rule(rf"\b(?:{_SAY})\b", rf"(?P<cue>\b(?:{_SAY})) {_ANYONE}", "quote", "before", 0.6),
)  # fmt: skip
_TOLD = re.compile(rf"\b(?P<cue>told|interview (?:with|on)) {_SOURCE}")
_DATELINE = re.compile(r"^\s*[A-Z][A-Za-z .,-]{2,40}? ?\((?P<source>[A-Z][A-Za-z]{1,20})\) ?(?P<cue>[-–—]+)", re.M)
_CLOSING = re.compile(
    r"\((?P<cue>(?:Additional r|R)eporting by)[^)]*\)|(?P<dash>[-–—]) ?(?P<source>Reuters|AP|AFP|UPI)\s*$"
)
_NOBODY = re.compile(
    r"(?:he|she|it|they|this|that|there|but|and|if|in|on|the|a|an|i|we|you|what|who|when|where|as|so|for|at|now|then"
    r"|while|after|before|still|yet|also|more|most|last|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|january|february|march|april|june|july|august|september|october|november|december)$",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:Party|Committee|Department|University|Institute|Ministry|Council|Office|Agency|Group|Association|Court"
    r"|Bureau|Foundation|House|Commission|Center|Union|Society)\b"
)
_PUBLISHES = re.compile(r"\b(?:News|Channel|TV|Radio|Herald|Gazette|Tribune|Courier|Chronicle|Observer|Newspaper)\b")
"""Words in a name that only an outlet bears, for those that no list knows."""
_PRONOUNS = re.compile(r"^(?:He|She|They|It|We|I|This|That)\b")
_ARTICLE = re.compile(r"^(?:the|a|an|one|our|some|several|two|three|multiple)\s+", re.IGNORECASE)
_OPENER = re.compile(
    r"^(?:As|But|And|When|While|Though|Although|If|Since|Because|After|Before|In|On|Also)\s+(?:the\s+)?"
)


def find(article: Article, passages: Sequence[Passage], outlets: Outlets) -> list[Credit]:
    """Every credit that the rules see, in the order of the text; at most one for each cue.

    Args:
        article: Whose text it is.
        passages: The article's passages, in order; nothing outside them is looked at, but for an agency's lines.
        outlets: Who is known as an outlet or agency.
    """
    found = list(_agency(article, outlets))
    sentences = [span for passage in passages for span in passage.sentences]
    for i, (start, end) in enumerate(sentences):
        cues: list[Span] = []
        for rule in RULES:
            if not rule.trigger.search(article.text, start, end):
                continue
            for match in rule.pattern.finditer(article.text, start, end):
                cue = match.span("cue")
                source = _trimmed(article.text, match.span("source"))
                if any(a < cue[1] and cue[0] < b for a, b in cues) or not _someone(article.text[slice(*source)]):
                    continue
                cues.append(cue)
                content = _content(article.text, rule, (start, end), source, cue, sentences[i + 1 : i + 6])
                found.append(_credit(article, rule.relation, rule.sure, source, cue, content, (start, end), outlets))
        for match in _TOLD.finditer(article.text, start, end):  # starts at its literal words, so it is quick
            source = _trimmed(article.text, match.span("source"))
            if outlet := outlets.named(article.text[slice(*source)]):
                kind: CreditKind = "agency" if outlet.agency else "outlet"
                content = ((start, match.start()),)
                found.append(
                    Credit(
                        article.id,
                        article.revision,
                        (source,),
                        (match.span("cue"),),
                        content,
                        outlet.name,
                        kind,
                        "via",
                        ((start, end),),
                        0.85,
                    )
                )
    return sorted(found, key=lambda c: (c.cue[0] if c.cue else c.source[0], c.source))


def _agency(article: Article, outlets: Outlets) -> Iterator[Credit]:
    """The agency whose copy the article is, by dateline or closing line."""
    lines = [_DATELINE.search(article.text[:600])]
    tail = max(0, len(article.text.rstrip()) - 300)
    lines.append(_CLOSING.search(article.text.rstrip(), tail))
    for match in filter(None, lines):
        name = match.group("source") or "Reuters"
        agency = outlets.agency(name)
        if agency is None:
            continue
        source = match.span("source") if match.group("source") else match.span()
        cue = match.span("cue") if match.group("cue") else match.span("dash")
        whole = ((0, len(article.text)),)
        yield Credit(article.id, article.revision, (source,), (cue,), (), agency.name, "agency", "wire", whole, 0.95)


def _content(
    text: str, rule: Rule, sentence: Span, source: Span, cue: Span, following: Sequence[Span]
) -> tuple[Span, ...]:
    """The spans that are credited: in the sentence beside the cue, or the paragraph that a closing colon announces."""
    start, end = sentence
    if text[start:end].rstrip().endswith(":") and following:
        first = following[0]
        line_end = text.find("\n", first[0])
        last = [s for s in following if line_end < 0 or s[0] < line_end][-1]
        return ((first[0], last[1]),)
    left, right = min(source[0], cue[0]), max(source[1], cue[1])
    pieces = {"after": [(right, end)], "before": [(start, left)], "around": [(start, left), (right, end)]}[rule.content]
    if rule.content == "after" and '"' in text[start:left].replace("“", '"').replace("”", '"'):
        pieces = [(start, left), (right, end)]
    trimmed = [_trimmed(text, piece, " ,;:.-–—\n\t") for piece in pieces]
    return tuple(piece for piece in trimmed if piece[1] - piece[0] > 3)


def _credit(
    article: Article,
    relation: Relation,
    sure: float,
    source: Span,
    cue: Span,
    content: tuple[Span, ...],
    sentence: Span,
    outlets: Outlets,
) -> Credit:
    """A rule's match as a credit: the source's name resolved, its kind told, an outlet's credit to itself seen."""
    printed = article.text[slice(*source)]
    name, kind = _named(printed, outlets)
    if kind == "person" and (full := _full_name(article.text[: source[0]], name or "")):
        name = full
    if kind in ("outlet", "agency") and relation == "quote":
        relation = "relay"
    if relation in ("relay", "first") and name and name == article.outlet:
        relation = "self"
    if kind not in ("outlet", "agency") and relation == "relay":
        relation = "quote"
    about = (sentence,) if relation in ("first", "self", "via") else ()
    return Credit(article.id, article.revision, (source,), (cue,), content, name, kind, relation, about, sure)


def _named(printed: str, outlets: Outlets) -> tuple[str | None, CreditKind]:
    """A source as printed -> its name and what it is; an anonymous source has no name."""
    printed = _OPENER.sub("", printed)
    bare = _ARTICLE.sub("", printed)
    if outlet := outlets.named(printed) or outlets.named(bare) or _within(printed, outlets):
        return outlet.name, "agency" if outlet.agency else "outlet"
    if re.search(r"\b(?:sources?|officials?|officers?|relatives|witnesses|residents|lawyers)\b", printed):
        return None, "anonymous"
    if re.search(r"\b(?:polls?|survey)\b", printed, re.I):
        return bare, "poll"
    if re.search(r"\b(?:documents?|records?|study|memo|report|book)\b", printed):
        return bare, "document"
    name = re.search(_NAME, printed)
    if name is None:
        return None, "anonymous"
    if _PUBLISHES.search(name[0]):
        return name[0], "outlet"
    return name[0], "organisation" if _ORGANISATION.search(name[0]) else "person"


def _within(printed: str, outlets: Outlets) -> Outlet | None:
    """The one outlet that a longer source names ("British reporting outlet Express")."""
    name = re.search(rf"{_NAME}$", printed)
    if name and (known := outlets.named(name[0])):
        return known
    named = [outlet for _, outlet in outlets.mentions(printed)]
    return named[0] if len({outlet.name for outlet in named}) == 1 else None


def _full_name(before: str, short: str) -> str | None:
    """The longest earlier naming that ends in this surname, None when the article has none."""
    if not short or " " in short:
        return None
    longer = re.findall(rf"\b((?:[A-Z][\w'’.-]+ ){{1,2}}{re.escape(short)})\b", before)
    return longer[-1] if longer else None


def _someone(printed: str) -> bool:
    """Whether a match can be a source at all: not a bare pronoun, weekday or sentence opener."""
    name = re.search(_NAME, printed)
    return not (_PRONOUNS.match(printed) or _NOBODY.match(printed.strip()) or (name and _NOBODY.match(name[0])))


def _trimmed(text: str, span: Span, strip: str = " ,;:\n\t") -> Span:
    """The span without those characters at its ends."""
    start, end = span
    while start < end and text[start] in strip:
        start += 1
    while end > start and text[end - 1] in strip:
        end -= 1
    return start, end
