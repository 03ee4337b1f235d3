"""What form of answer a question's wording asks for: a sum, a share, a day, a person, a title, words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.followups import own
from index.words import STOPWORDS, stems

Asked = Literal[
    "money",
    "percent",
    "number",
    "age",
    "date",
    "year",
    "person",
    "place",
    "title",
    "outlet",
    "group",
    "words",
    "list",
    "thing",
]

PERSON = (
    r"who|whom|whose|candidates?|senators?|congress(?:man|woman|men)|representatives?|reps?|governors?|gov"
    r"|mayors?|presidents?|officials?|aides?"
    r"|advis[eo]rs?|spokes\w+|strategists?|consultants?|pollsters?|lawyers?|attorneys?|judges?|justices?"
    r"|professors?|historians?"
    r"|economists?|analysts?|experts?|authors?|writers?|journalists?|reporters?|columnists?|editors?"
    r"|hosts?|anchors?|moderators?"
    r"|commentators?|actors?|actress(?:es)?|singers?|comedians?|directors?|producers?|billionaires?"
    r"|millionaires?|executives?|ceo|tycoons?"
    r"|moguls?|donors?|chair(?:man|woman)?|leaders?|members?|lawmakers?|politicians?|ministers?|generals?"
    r"|officers?|sheriffs?|chiefs?"
    r"|activists?|organizers?|managers?|founders?|scientists?|doctors?|pastors?|bishops?|man|woman|person"
    r"|men|women|people|voters?|students?|wife|husband"
    r"|son|daughter|brother|sister|father|mother|friend|rivals?|opponents?|nominees?|star|player|coach"
    r"|scholars?|researchers?|critics?|hackers?|delegates?|secretary|speaker|figure|personalit(?:y|ies)|celebrit(?:y|ies)"
    r"|laureates?|magnates?|contributors?|diplomats?|ambassadors?|prosecutors?|psychologists?|pundits?|bloggers?"
    r"|heads? (?:of )?(?:state|government)"
)
"""Nouns for people, as one asks for them."""
_PLACE = (
    r"where|city|town|state|states|country|countries|county|counties|place|venue|hotel|island"
    r"|neighbou?rhood|village|capital|location|street|building|stadium|airport|restaurant|university"
    r"|school|college|church|region|district|nation|nations|park|bar|club"
)
_TITLE = (
    r"book|memoir|novel|show|program|programme|series|film|movie|song|album|documentary|play|slogan"
    r"|nickname|phrase|title|headline|hashtag|poem|podcast|word|words|term|motto|game|episode|sitcom"
    r"|musical|opera"
)
GROUP = (
    r"group|company|companies|firm|organi[sz]ation|agency|committee|pac|super pac|union|party|bank|team"
    r"|university|school|newspaper|website|think tank|association|foundation|department|court|institute"
    r"|coalition|campaign|industry|business|brand|airline|network|board|panel|church|club|tribe|council"
)
OUTLET = (
    r"outlet|paper|newspaper|broadcaster|station|channel|website|site|magazine|newsroom|publication|news"
    r" agency|wire service|blog"
)
_WORDINGS: tuple[tuple[Asked, str], ...] = (
    (
        "percent",
        r"\b(?:what|which) (?:percent\w*|share|proportion|fraction)|%|\bpercent(?:age)?\b|\bpct\b|\bhow many"
        r" (?:percentage )?points\b|\bwhat portion\b|\bby how (?:much|many)|\bmargin\b",
    ),
    (
        "money",
        r"\bhow much (?:money|cash|did|does|do|was|were|is|are|has|had|have|would|will|in|of|more|would)?"
        r"|\b(?:price|cost|fee|salary|fine|fines|pay|paid|worth|sum|amount|donat\w+|rais(?:ed?|es|ing)|spen[dt]|earn\w*"
        r"|\$)\b",
    ),
    ("age", r"\bhow old\b|\bage\b"),
    (
        "number",
        r"\bhow (?:many|long|far|large|big|high|tall|fast|often|heavy|wide|deep)\b|\b(?:what|which) (?:number"
        r"|figure|total|rate|score|size|count|vote|tally|rank)|\b(?:number|size|count|total|#) (?:of )?|\bhow"
        r" much\b",
    ),
    ("year", r"\b(?:what|which) year\b|\byear\b"),
    (
        "date",
        r"\bwhen\b|\b(?:what|which) (?:day|date|month|weekday|time|evening|night|morning)\b|\bdate\b|\bwhat"
        r" day\b",
    ),
    (
        "title",
        rf"\b(?:what|which|whose|name of|the)\b(?:(?! (?:did|does|was|is)\b).){{0,40}}\b(?:{_TITLE})\b"
        rf"|\b(?:{_TITLE})\b",
    ),
    ("outlet", rf"\b(?:{OUTLET})\b(?!['’]s)"),
    ("group", rf"\b(?:{GROUP})\b(?!['’]s)"),
    ("place", rf"\b(?:{_PLACE})\b(?!['’]s)"),
    ("person", rf"\b(?:{PERSON})\b(?!['’]s)"),
    (
        "words",
        r"\bhow did .{2,90}\b(?:explain|describe|respond|react|answer|justify|characteri[sz]e|label|brand"
        r"|dismiss|sum)|\bwhat did .{2,90}\b(?:say|tell|call|claim|argue|promise|warn|compare|liken|advise"
        r"|urge|blame)|\bwhat (?:was|were|is) .{2,60}(?:reason|response|explanation|reaction)|\bwhy\b|\bcalled"
        r" .{2,40} what\b|\bsaid what\b|\bwhat word",
    ),
    (
        "list",
        r"\b(?:which|what|name|who are|the) (?:the )?(?:two|three|four|five|six|2|3|4|5)\b|^(?:2|3|4|5|two"
        r"|three|four) ",
    ),
)
"""Tried in this order; the plainest forms first."""

_ASKING = tuple((asked, re.compile(pattern, re.IGNORECASE)) for asked, pattern in _WORDINGS)
_SPOKEN = dict(_ASKING)["words"]
_HEAD = re.compile(
    r"\b(?:which|what|whose|name (?:the|of)|how many|how much|what (?:percent|percentage|share|number|amount) of)\s+"
    r"((?:[\w’'-]+\s?){1,6})",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"^(?:did|does|do|was|were|is|are|has|had|have|would|will|can|could|should|said|told|called|made|gave"
    r"|in|on|at|for|to|of|by|from|with|after|during|who|that|over|about|when|and)$",
    re.I,
)

_OPENING = re.compile(
    r"\bhow (?:much|many|old|long)\b|\b(?:who|whom|when|where|which|what|whose|why)\b"
    r"|\bhow(?= (?:did|does|do|was|were|is|are|has|had|have|would|will)\b)",
    re.IGNORECASE,
)
_OPENERS: dict[str, Asked] = {
    "how many": "number", "how long": "number", "how old": "age", "who": "person", "whom": "person", "when": "date",
    "where": "place", "why": "words", "how": "words",
}  # fmt: skip
_PAID = re.compile(r"\b(?:money|cash|pay|paid|cost|rais(?:ed?|es|ing)|spen[dt]|donat\w+|g[ai]ve\w*|worth|earn\w*"
                   r"|charge\w*|owe\w*|contribut\w+|invest\w*|bill|price|fee|funds?|rent|salary|tax\w*|debt|loan|income)\b",
                   re.IGNORECASE)  # fmt: skip
_NOUN_FORMS: tuple[tuple[Asked, str], ...] = (
    ("percent", r"percent\w*|share|proportion|fraction|portion|margin"),
    ("money", r"price|cost|fee|salary|fine|sum|amount|rent|debt"),
    ("age", r"age"),
    ("number", r"number|figure|total|rate|score|size|count|vote|tally|rank"),
    ("year", r"years?"),
    ("date", r"day|date|month|weekday|time|evening|night|morning"),
    ("outlet", OUTLET),
    ("title", _TITLE),
    ("place", _PLACE),
    ("group", GROUP),
    ("person", PERSON),
)
KEYWORDS = 4
"""Words at the beginning of a question without a question word among which its noun is looked for."""
SEVERAL = re.compile(
    r"(?:two|three|four|five|six|[2-6]) (?!years?|months?|weeks?|days?|hours?|[mb]illion|percent)", re.I
)
"""What opens a question without a question word for several things."""
_COUNTED = re.compile(
    r"people|voters|workers|employees|states|members|pages|incidents|jobs|votes|delegates|seats|articles|refugees|soldiers"
    r"|students|cases|deaths|attacks|accounts|emails|times|days|years|hours|miles|homes|houses|women|men|children|donors"
)
_NOUNS = tuple((asked, re.compile(nouns, re.IGNORECASE)) for asked, nouns in _NOUN_FORMS)
"""What the noun behind "which" or "what" asks for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The forms of answer asked for, the plainest first, and the stems of the thing described ("which oil company")."""

    forms: tuple[Asked, ...]
    head: tuple[str, ...]


def wanted(question: str) -> Wanted:
    """What a question, as it stands alone, asks for: what its first question word asks for, then what else fits."""
    question = own(question)
    fitting = [asked for asked, pattern in _ASKING if pattern.search(question)]
    opened = _opened(question)
    forms = tuple(dict.fromkeys([opened, *fitting] if opened else fitting))
    return Wanted(forms or ("thing",), tuple(stem for stem in stems(_head(question)) if stem not in STOPWORDS))


def in_keywords(question: str) -> bool:
    """Whether a question has no question word."""
    return _OPENING.search(question) is None


def _opened(question: str) -> Asked | None:
    """The form that the first question word asks for, with the noun behind it; None when the wording must tell."""
    match = _OPENING.search(question)
    if match is None:
        return _by_keywords(question)
    word = " ".join(match[0].lower().split())
    if word in ("which", "what", "whose"):
        nouns = reversed(_head(question).lower().split())
        left_open: Asked = "words" if _SPOKEN.search(question) else "thing"
        return next((form for noun in nouns for form, pattern in _NOUNS if pattern.fullmatch(noun)), left_open)
    if word == "how much":
        return "money" if _PAID.search(question) else None
    return _OPENERS.get(word)


def _by_keywords(question: str) -> Asked | None:
    """The form that the first noun of a question without a question word asks for: "tulsa police chief 2016"; people
    and things in the plural are most often to be counted, unless so many of them are asked for: "three states"."""
    several = SEVERAL.match(question)
    for word in re.findall(r"[\w’'-]+", question[several.end() if several else 0 :].lower())[:KEYWORDS]:
        if _COUNTED.fullmatch(word) and not several:
            return "number"
        for form, pattern in _NOUNS:
            if pattern.fullmatch(word):
                return form
    return None


def _head(question: str) -> str:
    """The thing described behind the question word, up to the verb."""
    match = _HEAD.search(question)
    words: list[str] = []
    for word in match[1].split() if match else ():
        if _VERB.match(word):
            break
        words.append(word)
    return " ".join(words)
