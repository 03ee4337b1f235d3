"""What somebody says of something: the sentences in which the one whom a question names speaks of that. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.followups import own
from assistant.names import FIRST
from assistant.records import Question
from assistant.sentences import Pick, about, share
from assistant.speakers import SPEAKING, described, speaker
from assistant.wanted import PERSON
from index.records import Article, Credit
from index.words import STOPWORDS, stems

ABOUT = 1.2
"""What the shares of a question's weight, the speaker's name aside, that a sentence and its surroundings hold must
come to together (0 to 2) for it to be of what is asked about. Of the questions for somebody's words that doubt would
refuse, of the learning suite and our own, it lets through 1 of 36 that can be answered and 2 of 90 that cannot; those
ask for one particular word. Of 27 asked as people do ("what did she say about the toll") 19 were refused before, and
4 are now."""

LOOKED_AT, BEHIND = 20, 6.0
"""Sentences looked at, and how far below the best one's score."""

OF_IT, OF_ONE_THING = 3.0, 1.0
"""What it adds to the score of somebody's sentence to hold all that is asked about, less in proportion; the one where
all that they say of it is asked for. Of 46 questions of our own for one thing that they say 28 get the right sentence
first with the other, and 26 with the one."""

PLAIN, BESIDE = 1.0, 0.35
"""The score of the best sentence of all, and how much of what is asked about it must have, for it to be what is asked
where it is one of theirs."""

_VERB = (
    r"(?:say|said|tell|told|think|thought|claim|argue|promise|warn|describe|respond|react|reply|answer|explain|compare"
    r"|liken|suggest|predict|write|tweet|insist|accuse|conclude|admit|joke|make of|feel|characteri[sz]e|defend"
    r"|criticize|justify)"
)
_WORDS = (
    r"(?:answer|responses?|reaction|reply|views?|opinions?|take|position|stance|comments?|statement|message|argument"
    r"|explanation|verdict)"
)
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:what|how)(?: \w+){0,2}? (?:did|does|do|has|had|have)"
        rf" (?P<who>(?:(?!did\b|does\b)[\w’'.,-]+ ){{1,9}}?){_VERB}\b",
        rf"\bwhat (?:was|were|is|are) (?P<who>(?:[\w’'.,-]+ ){{0,6}}?[\w’'.-]+)[’']s? {_WORDS}"
        r" (?:to|on|of|about|for)\b",
    )
)
_AT_LARGE = re.compile(
    r"\b(?:say|said|think|thought|feel|write|make|tweet|tell [\w’'. -]{2,40}?|told [\w’'. -]{2,40}?) "
    r"(?:about|of|on|regarding|concerning|in|to|when|after)\b"
    rf"|\b(?:respond|react|reply|answer|{_WORDS}) (?:to|on|of|about|when|after)\b|\bdefend\b|\bcriticize\b",
    re.IGNORECASE,
)
"""What asks for all that somebody says of something, which no few words of it answer."""
_SAYS = (
    r"(?:said|says|told|tells|wrote|writes|calls?|called|tweeted|responded|replied|argue[ds]|claim(?:ed|s)|added"
    r"|insist(?:ed|s)|answered|warn(?:ed|s)|(?:shot|fired|hit) back|pledged|vowed|promised|suggested|declared|described"
    r"|compared|likened"
    r"|accused|dismissed|denied|defended|criticized|blasted|praised|mocked|joked|noted|predicted|explained|complained"
    r"|concluded|acknowledged|admitted|conceded|announced|posted|remarked|quipped|urged|swiped)"
)
_WITHIN = (
    r"(?:,[^,“”\"]{2,80},| \([^)]*\))?"
    r"(?: (?:\w+ly|also|later|then|has|had|have|once|again|first|himself|herself|(?:on )?\w+day|in \w+)){0,3}"
)
"""What may stand between somebody's name and that they speak."""
_STANCE = re.compile(r"\b(?:in (?:praise|support|favou?r|defen[cs]e) of|praising|defending)\b", re.IGNORECASE)
"""What presumes how somebody speaks of something, which a sentence must bear out."""
_OFFICE = re.compile(rf"\b(?:{PERSON})\b", re.IGNORECASE)
_WORD = re.compile(r"\w[\w-]*")
_QUOTED = re.compile(r"“([^“”]+)|(?<!\S)\"([^\"]+)|(?<!\S)''(.+?)(?:''|$)")
_MARKS = " ,.;:“”\"‘’'\n"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in which the one asked about speaks, and how much of what is asked about it has, from 0 to 2."""

    pick: Pick
    about: float


def whose(question: str) -> str | None:
    """Whose words a question asks for, as it calls them ("judge hale"); None for another question."""
    match = next((match for pattern in _ASKED if (match := pattern.search(own(question)))), None)
    return match["who"].strip() if match else None


def presumes(question: str) -> bool:
    """Whether a question for somebody's words presumes for or against what they speak: "in praise of the toll"."""
    return bool(_STANCE.search(own(question)))


def at_large(question: str) -> bool:
    """Whether all that somebody says of something is asked for, rather than what they call or liken it to."""
    return bool(_AT_LARGE.search(own(question)))


def said(
    question: Question,
    picks: Sequence[Pick],
    words: Mapping[str, float],
    credits: Callable[[Article], Sequence[Credit]],
) -> list[Said]:
    """The sentences in which the one whose words are asked for speaks, the best first; none for another question.

    Args:
        question: Understood.
        picks: Sentences, best first.
        words: How much each stem of the question weighs.
        credits: Whom an article credits.
    """
    who = whose(question.standalone)
    if who is None or question.kind != "what-said":
        return []
    described_as = [stem for stem in stems(who) if stem not in STOPWORDS and len(stem) > 1]
    weights = {stem: weight for stem, weight in words.items() if stem not in described_as}
    credited: dict[str, Sequence[Credit]] = {}  # several sentences are of one article, and its credits take reading

    def theirs(pick: Pick) -> bool:
        article = pick.hit.article
        if article.id not in credited:
            credited[article.id] = credits(article)
        by = speaker(article, credited[article.id], (pick.start, pick.end))
        if by is not None and _namesake(by.name, who):
            return _called(by.name, who)
        by_office = by is not None and _OFFICE.search(who) and described(article, by, described_as) == 1.0
        return bool(by_office) or _speaks(who, pick.quote)

    of_it = OF_IT if at_large(question.standalone) else OF_ONE_THING
    found: list[Said] = []
    for pick in picks[:LOOKED_AT]:
        if pick.score < picks[0].score - BEHIND:
            break
        if theirs(pick):
            better = replace(pick, score=pick.score + of_it * share(weights, pick.quote))
            found.append(Said(better, about(pick, weights)))
    found.sort(key=lambda one: -one.pick.score)
    after = _next(found[0].pick, picks) if found else None
    if after is None or not theirs(after):
        return found
    goes_on = Said(replace(after, score=found[0].pick.score), found[0].about)
    return [found[0], goes_on, *(one for one in found[1:] if one.pick.start != after.start)]


def _next(pick: Pick, picks: Sequence[Pick]) -> Pick | None:
    """The sentence that goes on with a quotation which a sentence leaves open."""
    quote = pick.quote
    left_open = quote.count("“") > quote.count("”") or quote.count('"') % 2 or quote.count("''") % 2
    following = (one for one in picks if one.hit is pick.hit and pick.end <= one.start <= pick.end + 2)
    return next(following, None) if left_open else None


def statement(pick: Pick, credits: Sequence[Credit]) -> str | None:
    """What somebody says in a sentence: its longest quotation, else the most that they are credited with; None where
    it has less than three words of either."""
    inside = [
        pick.hit.article.text[max(a, pick.start) : min(b, pick.end)]
        for credit in credits
        if credit.kind in SPEAKING and credit.relation == "quote"
        for a, b in credit.content
        if a < pick.end and pick.start < b
    ]
    quoted = [next(filter(None, match.groups())) for match in _QUOTED.finditer(pick.quote)]
    told = (max(texts, key=len, default="").strip(_MARKS).removeprefix("that ") for texts in (quoted, inside))
    return next((text for text in told if text.count(" ") >= 2), None)


def spoken(pick: Pick, credits: Sequence[Credit], start: int, end: int) -> bool:
    """Whether a span of a sentence is of the words that somebody is credited with there."""
    contents = [
        piece
        for credit in credits
        if credit.kind in SPEAKING and credit.touches(pick.start, pick.end)
        for piece in credit.content
    ]
    return any(a <= start and end <= b for a, b in contents)


def _namesake(name: str, who: str) -> bool:
    """Whether whom the question calls so has the surname of somebody of that name."""
    parts = _WORD.findall(name.casefold())
    return bool(parts) and parts[-1] in _asked(who)


def _called(name: str, who: str) -> bool:
    """Whether a namesake is whom the question calls so: it calls them by no other's given name."""
    asked, parts = _asked(who), _WORD.findall(name.casefold())
    given = [word for word in asked[: asked.index(parts[-1])] if word in FIRST]
    return len(parts) == 1 or all(word[0] == parts[0][0] for word in given)


def _asked(who: str) -> list[str]:
    return [word.removesuffix("s") if "’s" in who or "'s" in who else word for word in _WORD.findall(who.casefold())]


def _speaks(who: str, sentence: str) -> bool:
    """Whether a sentence plainly has the one whom the question calls so speak: "Hale, the mayor, later said"."""
    words = _WORD.findall(who.partition(" of ")[0])
    name = rf"(?i:{re.escape(words[-1])})" if words else ""
    outside = re.sub(r"“[^”]*”?|\"[^\"]*\"?", "", sentence)
    before = rf"\b{name}{_WITHIN} {_SAYS}\b"
    verb = r"(?:said|says|wrote|added|tweeted|asked|explained)"
    behind = rf"(?:^\W*|[,”\"'] ){verb} (?:[A-Z][\w.’'-]* ){{0,4}}{name}\b(?![’'])"
    return bool(words) and bool(re.search(rf"{before}|{behind}", outside))
