"""Credits by pattern: what the tagger's training lacks (scoops, hat tips, agencies' lines), and all where it is silent.

Each rule gives source, cue and content as spans, and what the source is to the report; who it is, `sources` tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.records import Article, Relation, Span

Spans = tuple[Span, ...]

_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_WORD = rf"{_CAPITAL}[\w'’&/-]*(?:\.[A-Z]\.?)*"
NAME = rf"(?:{_WORD}|@\w+)(?: (?:of the |of |for |and |de |van |von |al-|the )?(?:{_WORD}|\d+\b|[A-Z]\.))*"
_SOURCE = rf"(?P<source>(?:[Tt]he |[Oo]ne |[Aa]n? |[Oo]ur |[Ss]everal |[Ss]ome |[Tt]wo )?(?:[a-z-]+ ){{0,2}}?{NAME})"
_ANYONE = (
    r"(?P<source>(?:(?:[Tt]he|[Oo]ne|[Aa]n?|[Oo]ur|[Ss]everal|[Ss]ome|[Tt]wo|[Tt]hree|[Mm]ultiple) )?(?:[\w-]+ ){0,2}?"
    r"(?:sources?|officials?|officers?|relatives|witnesses|lawyers|residents|documents|records|spokes\w+)\b)"
)
_PRINT = (
    r"(?P<source>[Tt]he (?:(?:news)?paper|newsletter|outlet|(?:web)?site|magazine|agency|network|broadcaster|tabloid"
    r"|blog)\b)"
)
_SAY = r"said|says|told|added|adds|explained|argued|insisted|warned|declared|stated|replied|recalled|tweeted|asked"
_REPORT = (
    r"reports|reported|writes|wrote|revealed|reveals|claims|claimed|notes|noted|quoted|quotes|published|disclosed"
    r"|announced|confirmed|described|describes|put|puts|tells|found"
)
_SCOOP = r"reported|published|obtained|broken|revealed|disclosed|posted|aired|unearthed|uncovered|spotted|noticed"
_ROMANCE = r"déclaré|affirmé|annoncé|indiqué|expliqué"


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern with groups `source` and `cue`; what it means for the content's place and the credit's relation.

    Only sentences that match `trigger`, which is quick, are searched for the pattern, which is not. A `lasting` rule
    is for what the tagger has not learned: it counts beside it, the others only where the tagger has read nothing.
    """

    trigger: re.Pattern[str]
    pattern: re.Pattern[str]
    relation: Relation
    content: str  # "after" the cue, "before" it, or "around": the whole sentence but source and cue
    sure: float
    lasting: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody credited by some words with something, as spans of an article's text; nobody is named yet.

    `relation` is None where only the source's kind tells it. `about` are further spans that the source vouches for.
    """

    source: Spans
    cue: Spans
    content: Spans
    relation: Relation | None = None
    about: Spans = ()
    sure: float = 1.0

    @property
    def place(self) -> int:
        """Where it stands: at its cue."""
        return min(start for start, _ in (self.cue or self.source))


def _lasting(trigger: str, pattern: str, relation: Relation, content: str, sure: float) -> Rule:
    return Rule(re.compile(trigger), re.compile(pattern), relation, content, sure, True)


def _fallback(trigger: str, pattern: str, relation: Relation, content: str, sure: float) -> Rule:
    return Rule(re.compile(trigger), re.compile(pattern), relation, content, sure, False)


RULES = (
    *(
        _lasting(
            r"irst|riginally",
            rf"(?P<cue>(?:was |were |had been )?(?:[Ff]irst|[Oo]riginally) (?:{_SCOOP}|appeared)"
            r"(?: (?:[A-Z]?[a-z]+day|earlier|last [a-z]+|this [a-z]+)){0,2}"
            rf" (?:by|in|on)) {source}",
            "first", "around", 0.95,
        )
        for source in (_SOURCE, _PRINT)
    ),
    _lasting(
        r"first|broke |scoop",
        rf"(?:\b[Aa]s )?{_SOURCE},?(?: which)? (?P<cue>(?:(?:was |were )?(?:the )?first to |first )"
        r"(?:report|reveal|publish|obtain|disclose|post|air|broadcast|notice|spot)(?:ed|d)?"
        r"|broke the (?:story|news|scandal|scoop)|scooped|(?:had|got|landed) the scoop)",
        "first", "around", 0.95,
    ),
    _lasting(
        r"\b[Hh](?:/[Tt]|at tip)\b",
        rf"(?P<cue>\b[Hh](?:/[Tt]/?|at tip)(?: to)?:?) {_SOURCE}",
        "first", "around", 0.8,
    ),
    _lasting(r"^\W*[Vv]ia\b", rf"^\W*(?P<cue>[Vv]ia:?) {_SOURCE}\W*$", "relay", "around", 0.7),
    _lasting(
        r"has learned|can reveal|previously reported|reported earlier|has obtained",
        rf"{_SOURCE} (?P<cue>has learned|can reveal|previously reported|reported earlier|has obtained)",
        "self", "around", 0.9,
    ),
    *(
        _lasting(
            r"btained |nearthed |eaked |ncovered |ublished |osted |elayed ",
            r"(?P<cue>\b(?:(?:exclusively )?(?:[Oo]btained|[Uu]nearthed|[Uu]ncovered|[Pp]ublished|[Pp]osted|[Rr]elayed)"
            rf" (?:exclusively )?by|[Ll]eaked to)) {source}",
            "relay", "around", 0.85,
        )
        for source in (_SOURCE, _PRINT)
    ),
    _lasting(
        r"(?:tweet|post|message) ",
        rf"(?P<cue>\b(?:tweet|post|message) (?:read|reads|said|says):) [“\"‘']?(?P<source>{NAME})(?=:)",
        "via", "after", 0.9,
    ),
    _fallback(
        r"ccording to",
        rf"(?P<cue>\b[Aa]ccording to) (?:(?:an?|the|its|this) (?:[a-z-]+ )?"
        rf"(?:report|story|article|analysis|account|interview) (?:by|in|from|on|with) )?(?:{_SOURCE})",
        "relay", "around", 0.9,
    ),
    _fallback(r"ccording to", rf"(?P<cue>\b[Aa]ccording to) {_ANYONE}", "quote", "around", 0.8),
    _fallback(
        r" (?:by|in) |[Cc]it(?:ing|ed|es) |[Qq]uoting|[Cc]redit|nterview",
        r"(?P<cue>\b(?:[Rr]eported|[Oo]btained|[Pp]ublished|[Cc]arried|[Uu]nearthed|[Cc]redited|[Rr]elayed) (?:by|in)"
        r"|\b(?:[Cc]iting|[Qq]uoting|[Cc]ites|[Cc]ited|[Cc]rediting|[Cc]redited|[Cc]redits)"
        rf"(?: (?:an?|the) (?:report|story) (?:by|in|from))?|\b[Ii]n an interview (?:with|on)) {_SOURCE}",
        "relay", "around", 0.8,
    ),
    _fallback(
        r" (?:by|from) ",
        rf"(?P<cue>\b[Ii]n an? (?:tweet|post|statement|message|letter|memo) (?:by|from)) {_SOURCE}",
        "quote", "around", 0.9,
    ),
    _fallback(
        rf"\b(?:{_REPORT})\b",
        rf"{_SOURCE},?(?: [^,.;:“”\"]{{1,60}},)? (?P<cue>{_REPORT})\b",
        "relay", "after", 0.7,
    ),
    _fallback(
        rf"\b(?:{_SAY})\b",
        rf"{_SOURCE},?(?: [^.;:“”\"]{{1,80}},)? (?P<cue>(?:also |later |further )?(?:{_SAY}))\b",
        "quote", "after", 0.75,
    ),
    _fallback(rf"\b(?:{_SAY})\b", rf"(?P<cue>\b(?:{_SAY})) {_SOURCE}", "quote", "before", 0.75),
    _fallback(
        rf"\b(?:{_SAY}|{_REPORT})\b",
        rf"{_ANYONE}(?: [^.;:“”\"]{{1,80}})? (?P<cue>{_SAY}|{_REPORT})\b",
        "quote", "after", 0.6,
    ),
    _fallback(rf"\b(?:{_SAY})\b", rf"(?P<cue>\b(?:{_SAY})) {_ANYONE}", "quote", "before", 0.6),
    # The commonest cues of German, French and Spanish news.
    _fallback(
        r"\b(?:[Ll]aut|[Ss]elon|[Ss]egún|[Bb]erufung auf|[Dd][’'’]après|berichtete?|rapporte)\b",
        rf"(?P<cue>\b(?:[Ll]aut|[Ss]elon|[Ss]egún|[Uu]nter Berufung auf|[Dd][’']après))(?: d[ae][rs]n?| le| la| el| les"
        rf"| los)? (?P<source>{NAME})",
        "relay", "around", 0.7,
    ),
    _fallback(
        rf"\b(?:sagte|erklärte|berichtet|berichtete|schreibt|{_ROMANCE}|rapporte|dijo|afirmó|aseguró|informó|anunció)\b",
        rf"(?P<cue>\b(?:sagte|erklärte|berichtete?|schreibt|(?:a )?(?:{_ROMANCE})|rapporte|dijo|afirmó|aseguró"
        rf"|informó|anunció))(?: d[ae][rs]n?| le| la| el)? (?P<source>{NAME})",
        "quote", "before", 0.6,
    ),
    _fallback(
        rf"\b(?:sagte|erklärte|berichtet|berichtete|schreibt|{_ROMANCE}|rapporte|dijo|afirmó|aseguró|informó|anunció)\b",
        rf"(?P<source>{NAME}) (?P<cue>sagte|erklärte|berichtete?|schreibt|a (?:{_ROMANCE})|rapporte|dijo|afirmó|aseguró"
        rf"|informó|anunció)\b",
        "quote", "after", 0.6,
    ),
)  # fmt: skip
_TOLD = re.compile(rf"\b(?P<cue>told|interview (?:with|on)) {_SOURCE}")
_DATELINE = re.compile(r"^\s*[A-Z][A-Za-z .,-]{2,40}? ?\((?P<source>[A-Z][A-Za-z]{1,20})\) ?(?P<cue>[-–—]+)", re.M)
_CLOSING = re.compile(
    r"\((?P<cue>(?:Additional r|R)eporting by)[^)]*\)|(?P<dash>[-–—]) ?(?P<source>Reuters|AP|AFP|UPI)\.?\s*$"
)
_NOBODY = re.compile(
    r"(?:he|she|it|they|this|that|there|but|and|if|in|on|the|a|an|i|we|you|what|who|when|where|as|so|for|at|now|then"
    r"|while|after|before|still|yet|also|more|most|last|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|january|february|march|april|june|july|august|september|october|november|december)$",
    re.IGNORECASE,
)
_PRONOUNS = re.compile(r"^(?:He|She|They|It|We|I|This|That)\b")
_HAT_TIP = re.compile(r"h/t|hat tip|via", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(?:report|story|article|news|information|account|details|it|this|that|existence|piece|which|scoop)\b", re.I
)
"""Words that stand for a fact told elsewhere, when somebody is credited with it."""

_LOOK_BACK = 3
"""Paragraphs before a scoop's credit in which the fact itself is sought."""


def agencies(article: Article) -> Iterator[Attribution]:
    """Lines by which an article is an agency's copy: its dateline, its closing line."""
    whole = ((0, len(article.text)),)
    dateline = _DATELINE.search(article.text[:600])
    end = len(article.text.rstrip())
    closing = _CLOSING.search(article.text, max(0, end - 300), end)
    for match in filter(None, (dateline, closing)):
        if match["source"]:
            cue = match.span("cue") if match["cue"] else match.span("dash")
            yield Attribution((match.span("source"),), (cue,), (), "wire", whole, 0.95)
        elif dateline is None:  # nobody but Reuters signs so, and yet it does not say so
            yield Attribution((match.span(),), (match.span("cue"),), (), "wire", whole, 0.7)


def found(
    article: Article, sentence: Span, following: Sequence[Span], paragraphs: Sequence[Span], lasting: bool
) -> Iterator[Attribution]:
    """What the rules see in a sentence, one for each cue.

    Args:
        article: Whose text it is.
        sentence: Its span.
        following: The sentences after it, of which one that ends with a colon speaks.
        paragraphs: The article's, for a scoop's credit often follows the fact by one or more.
        lasting: Whether only those rules count that go beyond what the tagger has learned.
    """
    text, (start, end) = article.text, sentence
    cues: list[Span] = []
    for rule in RULES:
        if (lasting and not rule.lasting) or not rule.trigger.search(text, start, end):
            continue
        for match in rule.pattern.finditer(text, start, end):
            cue, source = match.span("cue"), trimmed(text, match.span("source"))
            if any(a < cue[1] and cue[0] < b for a, b in cues) or not _someone(text[slice(*source)]):
                continue
            cues.append(cue)
            content = _content(text, rule, sentence, source, cue, following)
            about: Spans = ()
            if rule.relation in ("self", "via"):
                about = (sentence,)
            elif _HAT_TIP.match(text[slice(*cue)]):
                about = ((0, len(text)),)
            elif rule.lasting:
                about = (*_fact(text, sentence, (source, cue), paragraphs), sentence)
            yield Attribution((source,), (cue,), content, rule.relation, about, rule.sure)
    for match in _TOLD.finditer(text, start, end):  # starts at its literal words, so it is quick
        source = trimmed(text, match.span("source"))
        content = tuple(piece for piece in [trimmed(text, (start, match.start()))] if piece[0] < piece[1])
        yield Attribution((source,), (match.span("cue"),), content, "via", (sentence,), 0.85)


def _fact(text: str, sentence: Span, without: Sequence[Span], paragraphs: Sequence[Span]) -> Spans:
    """The sentences' paragraph before a scoop's credit that tells what the credit only names.

    It shares a rare enough word (a long or capital one) with the credit; where the credit has none but a word such as
    "the report", it is the paragraph right before.
    """
    own = "".join(
        character if not any(a <= sentence[0] + i < b for a, b in without) else " "
        for i, character in enumerate(text[slice(*sentence)])
    )
    words = {word.casefold()[:6] for word in re.findall(r"\b(?:[A-Z][\w’'-]{2,}|[a-z]{5,})", own)} - _COMMON
    before = [p for p in paragraphs if p[1] <= sentence[0]][-_LOOK_BACK:][::-1]
    same = [(p[0], sentence[0]) for p in paragraphs if p[0] < sentence[0] < p[1]]
    for span in (*same, *before):
        told = {word.casefold()[:6] for word in re.findall(r"\b\w{3,}", text[slice(*span)])}
        if words & told:
            return (trimmed(text, span, " \n\t"),)
    near = [*same, *before][:1] if _VAGUE.search(own) else []
    return tuple(trimmed(text, span, " \n\t") for span in near)


_COMMON = frozenset(
    "report story articl news inform accoun detail existe first origin which about their there could would after before"
    " monday tuesda wednes thursd friday saturd sunday".split()
)
"""Beginnings of words that tell nothing of which fact is meant."""


def _content(text: str, rule: Rule, sentence: Span, source: Span, cue: Span, following: Sequence[Span]) -> Spans:
    """The spans that are credited: in the sentence beside the cue, or the paragraph that a closing colon announces."""
    start, end = sentence
    if text[start:end].rstrip().endswith(":") and following:
        first = following[0]
        line_end = text.find("\n", first[0])
        last = [s for s in following if line_end < 0 or s[0] < line_end][-1]
        return ((first[0], last[1]),)
    left, right = min(source[0], cue[0]), max(source[1], cue[1])
    before, after = (trimmed(text, piece, " ,;:.-–—\n\t") for piece in ((start, left), (right, end)))
    pieces = {"after": [after], "before": [before], "around": [before, after]}[rule.content]
    if rule.content == "after" and (re.search('["“”]', text[slice(*before)]) or after[1] - after[0] <= 3):
        pieces = [before, after]  # "..., the Courier reported."
    return tuple(piece for piece in pieces if piece[1] - piece[0] > 3)


def _someone(printed: str) -> bool:
    """Whether a match can be a source at all: not a bare pronoun, weekday or sentence opener."""
    name = re.search(NAME, printed)
    return not (_PRONOUNS.match(printed) or _NOBODY.match(printed.strip()) or (name and _NOBODY.match(name[0])))


def trimmed(text: str, span: Span, strip: str = " ,;:\n\t") -> Span:
    """The span without those characters at its ends."""
    start, end = span
    while start < end and text[start] in strip:
        start += 1
    while end > start and text[end - 1] in strip:
        end -= 1
    return start, end
