"""A question that leans on the conversation before it becomes one that stands alone. Pure.

What can be replaced in place is: "he" by the person spoken of, "there" by the place, in "and the Post?" or "what about
October?" the like of it in the question before. What else it takes from that question stands in brackets behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.names import FEMALE, MALE, kind_of_name
from assistant.records import Answer, Turn
from index.records import Span
from index.words import STOPWORDS, stems

Mentions = Callable[[str], Sequence[tuple[Span, str]]]

TOPIC = 24
"""Words at most that a follow-up takes over in brackets."""

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_DATE = re.compile(
    rf"\b(?:(?:early |late |mid-)?{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?(?:,? (?:19|20)\d\d)?|(?:19|20)\d\d"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_LOWER = re.compile(_DATE.pattern, re.IGNORECASE)
_NAME = re.compile(
    r"(?<![.!?] )(?<!^)(?<!^[“\"'])(?<!-)\b(?:[A-Z][\w'’&.-]*|\d+(?=[A-Z]))"
    r"(?:\s+(?:of\s+(?=[A-Z])|the\s+(?=[A-Z]))?[A-Z][\w'’&.-]*)*"
    r"|@\w+|[“\"][^”\"]{3,80}[”\"]"
)
_AND = r"(?:and|but|so|then|also|ok(?:ay)?|well|now|or)"
_OPENER = re.compile(
    rf"^(?:{_AND}\b,?\s+)*(?:(?:what|how) about|same (?:question )?for|what of)\b\s*|^(?:{_AND}\b,?\s+)+",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:(?:by|to|with|for|from|of|about|in|on|at) )?"
    r"(?:why|how|when|where|who|whom|whose|what|which|how (?:many|much|long|old|so|come)|(?:since|until) when|what for"
    r"|why not|(?:what|who) else|(?:where|when) exactly)(?: (?:exactly|then|there|of (?:them|those|these)))?$",
    re.IGNORECASE,
)
_AUX = (
    r"(?:did|does|do|was|were|is|are|has|have|had|will|would|can|could|should|might|may|didn['’]t|doesn['’]t|wasn['’]t"
    r"|isn['’]t|['’]s|['’]d)"
)
_ASKS = re.compile(r"(?:who|what|which|when|where|why|how)\b", re.IGNORECASE)
_SOMEBODY = re.compile(
    r"(?:and |but |so )?(?:who|which|what)\b(?! (?:[\w-]+ )?(?:did|does|do|is|are|has|have|had)\b)", re.IGNORECASE
)
"""A question for the one who did something."""
_THERE_IN = re.compile(r"(?<!is )(?<!are )(?<!was )(?<!were )\bthere\b", re.IGNORECASE)
_PERSONAL = re.compile(r"\b(?:he|him|his|she|hers?|himself|herself)\b", re.IGNORECASE)
_OWNED = re.compile(r"\b(?:hers|theirs)\b|\bhis(?= (?:in|on|at|for|from|to)\b|\W*$)", re.IGNORECASE)
_THINGS = re.compile(
    r"\b(?:it(?! (?:rain|snow|likely|possible|legal))|its|they|them|their|theirs|itself|themselves)\b", re.IGNORECASE
)
_BEHIND = re.compile(r"\b(?:of|to|for|in|on|at|by|with|about|from|against|over|under|into) $")
_ASKED_FOR = re.compile(
    rf"^(?:which|what|who)\b(?! (?:\w+ )?{_AUX}\b).{{4,}}\b(?:say|said|that|told|when|after|because|if|while)\b",
    re.IGNORECASE,
)  # fmt: skip
"""Words behind which "he" is the one asked for: "which senator said he would"."""
_FEMALE = re.compile(r"\b(?:she|hers?|herself)\b", re.IGNORECASE)
_MALE = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_POINTS = re.compile(
    r"\b(?:this|these|those)\b(?! (?:week|month|year|morning|evening|collection|archive))"
    r"|\bthat(?=\W*$)|\bthat (?=one\b|same\b|(?:first |last )?(?:time|day|night|morning|evening|week|month|year)\b)"
    r"|\b(?:of|for|in|on|about|from|at|by|after|before|than|with|did|does|was|is|were|on|over|behind|against) that\b"
    r"|\bthat [\w-]+(?= *\?*$)",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!been )(?<!be )\bthere\b(?! (?:is|are|was|were|be|been|any|an?)\b)"
    r"|\b(?:back |before |since |by |until )then\b|\bthen(?= *\?*$)",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"\bthe (?:same|others?|rest|former|latter)\b|\belse\b|\b(?:the )?ones?\b", re.IGNORECASE)
_RESPONDS = re.compile(
    r"^(?:and |but |so )?(?:how|what|why) (?:did|does|do|has|have) (?:[\w’'.-]+ ){1,4}?"
    r"(?:respond(?:ed)?|react(?:ed)?|repl(?:y|ied)|answer(?:ed)?|say|said|comment(?:ed)?|explain(?:ed)?)\W*$",
    re.IGNORECASE,
)
"""A question for a response that does not tell to what."""
_DEFINITE = re.compile(r"\bthe (?!(?:first|most|best|last|same|united|white|us|u\.s|supreme)\b)[a-z]", re.IGNORECASE)
_PUBLISHED_BY = re.compile(
    r",? (?:according to|as reported by|in|as) (?:the )?(?P<outlet>[A-Z][\w'’&.]*(?: [A-Z][\w'’&.]*)*)"
    r"(?: (?:put|reported|had|has|tells?|told|says?|said|wrote|describes?d?)(?: it)?)?(?= in [A-Z]|[?.,]|$)"
)
_TELLS = re.compile(
    r" (?:says?|said|reports?|reported|puts?|tells?|told|writes?|wrote|counts?|have|has|had|gives?|gave|cites?)\b"
)
_EDGES = re.compile(
    r"^\W*(?:and |but |so )*(?:(?:on|in|at|by|to|for|with|from|of) )?"
    r"(?:how (?:many|much|long|old|far|often|big)|who|whom|whose|what|which|when|where|why|how)(?:['’]s)?\b"
    r"|\b(?:did|does|do|was|were|is|are|has|have|had|will|would|says?|said)\b"
    r"|\b(?:he|she|it|they|him|her|hers|them)\b(?:['’]s\b)?|[?()]|\b(?:that|this|those|these|there|then)\b(?= *$)",
    re.IGNORECASE,
)
_CAPITALS = r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*"
_SUBJECT = re.compile(
    rf"\b(?i:{_AUX})\s+(?P<subject>(?:the |an? |its |his |her |their )?{_CAPITALS}(?:['’]s [a-z]+| campaign| team)?"
    r"|(?:the|his|her|its|their) [a-z-]+(?: [a-z-]+)?|he|she|it|they)(?= [a-z])"
)
_BRACKETS = re.compile(r" \((?P<inside>[^()]*)\)$")


@dataclass(frozen=True, slots=True)
class Before:
    """What was asked before, as it stood alone, and the short answer to it where there was one."""

    question: str
    short: str | None

    @property
    def own(self) -> str:
        """The question without what it had itself taken over."""
        return own(self.question)


def own(question: str) -> str:
    """A question that stands alone, without what it took over in brackets."""
    return _BRACKETS.sub("", question)


def standalone(question: str, history: Sequence[Answer | Turn], mentions: Mentions = lambda text: ()) -> str:
    """A question that leans on what was said, so worded that it stands alone; a new topic as it is.

    Args:
        question: As typed.
        history: The conversation so far, oldest first.
        mentions: Finds the outlets named in a text, as (span, name).
    """
    text = " ".join(question.split())
    if not history:
        return text
    before = _before(history, mentions)
    if not leans(text, before.question):
        return text
    fragment = _fragment(text)
    return (swapped(fragment, before, mentions) if fragment else None) or _placed(text, before, mentions)


def _before(history: Sequence[Answer | Turn], mentions: Mentions) -> Before:
    """The last question, with the topic of the one before it where both speak of the same."""
    last, earlier = history[-1], history[:-1]
    short = last.short if isinstance(last, Answer) and not last.refused else None
    asked = last.standalone if isinstance(last, Answer) else standalone(last.question, earlier, mentions)
    if not earlier or _BRACKETS.search(asked):
        return Before(asked, short)
    previous = _before(earlier, mentions)
    same = any(_bare(name).casefold() in previous.question.casefold() for name in _own_names(asked))
    about = topic(previous, asked, mentions) if same else ""
    return Before(f"{asked} ({about})" if about else asked, short)


def subject(question: str) -> str | None:
    """Who does what a question asks about, by name ("what did Martha Hale say"); None without one."""
    match = _SUBJECT.search(question)
    name = _bare(match["subject"].removeprefix("the ")) if match else ""
    return name if name[:1].isupper() else None


def leans(text: str, before: str) -> bool:
    """Whether a question cannot be understood without the one before it."""
    bare = text.strip(" ?!.")
    if _OPENER.match(text) or _BARE.match(bare) or _OTHERS.search(text):
        return True
    if _RESPONDS.match(text) or _POINTS.search(text) or _THERE.search(text) or _OWNED.search(text):
        return True
    named = _own_names(text)
    new = [name for name in named if name.casefold() not in before.casefold()]
    if any(not _person_before(text[: match.start()], match[0]) for match in _PERSONAL.finditer(text)):
        return True
    if any(not new or _nothing_before(text, match) for match in _THINGS.finditer(text)):
        return True
    content = {stem for stem in stems(text) if stem not in STOPWORDS}
    known = content & set(stems(before))
    if text.islower() or (not named and not text[:1].isupper()):  # no capitals to know names by
        return len(content) <= 2 or (bool(_DEFINITE.search(text)) and len(content) <= 4 and not content - known)
    return not named and len(text.split()) <= 12 and bool(_DEFINITE.search(text) or len(content) <= 3)


def _own_names(text: str) -> list[str]:
    """The names in a question that are no dates."""
    return [name for name in _NAME.findall(text) if not _DATE.fullmatch(name)]


def _person_before(text: str, pronoun: str) -> bool:
    """Whether somebody is spoken of in those words whom a "he" or "she" behind them may mean."""
    other = MALE if _FEMALE.fullmatch(pronoun) else FEMALE
    for match in _NAME.finditer(text):
        kind = kind_of_name(match[0], frozenset())
        several = match[0].endswith("s") or bool(re.search(r"\b(?:the|many) $", text[: match.start()], re.IGNORECASE))
        somebody = kind == "person" or (kind == "anything" and not several and not _DATE.fullmatch(match[0]))
        if somebody and match[0].split()[0].casefold() not in other:
            return True
    return bool(_ASKED_FOR.search(text))


def _nothing_before(text: str, pronoun: re.Match[str]) -> bool:
    """Whether an "it" or "they" comes where nothing before it can be what it means: behind the question's first verb,
    or where only people are spoken of; or, behind a preposition, ends the question."""
    before, behind = text[: pronoun.start()], text[pronoun.end() :]
    if _BEHIND.search(before) and not behind.strip(" ?!."):
        return True
    names = _own_names(before)
    if not names and re.fullmatch(rf"(?:[\w'’-]+ ){{0,4}}?(?:{_AUX} )", before, re.IGNORECASE):
        return True
    people = bool(names) and all(kind_of_name(_bare(name), frozenset()) == "person" for name in names)
    return pronoun[0].casefold() == "its" and people


def _fragment(text: str) -> str | None:
    """What is left of "and X?", "what about X?" where X has no verb of its own; None for a whole question."""
    match = _OPENER.match(text)
    rest = (text[match.end() :] if match else text).strip(" ?!.")
    if match is None and not re.match(r"(?:in|on|by|for|at|during|since|from) (?:the |[A-Z]|\d)", rest):
        return None
    if not rest or len(rest.split()) > 6 or _BARE.match(rest) or _ASKS.match(rest):
        return None
    return None if re.search(rf"\b{_AUX}\b(?!['’])", rest, re.IGNORECASE) else rest


# -- one for another ---------------------------------------------------------------------------------------------------


def swapped(fragment: str, before: Before, mentions: Mentions) -> str | None:
    """The question before, asked again of something else; None where it has nothing of that sort.

    Args:
        fragment: What it is to be asked of: "the Post", "in October", "Ohio", "the co-pilot".
        before: The question.
        mentions: Finds outlets.
    """
    asked = before.own
    bare = re.sub(r"^(?:back )?(?:in|on|by|for|at|during|since|from|to|with|of|according to)\b\s*", "", fragment)
    if (date := _date(bare)) and len(bare.split()) <= 4:
        return _dated(date[0], fragment, before.question)
    named = mentions(fragment)
    if named and named[0][0][1] >= len(fragment) - 2:
        return _by(bare, asked, before.question, mentions)
    name = bare.removesuffix("’s").removesuffix("'s")
    if name[:1].isupper():
        wanted = kind_of_name(name, frozenset())
        alike = [one for one in _own_names(asked) if _alike(kind_of_name(_bare(one), frozenset()), wanted)]
        if alike:
            words = set(name.split())
            old = max(alike, key=lambda one: len(words & set(_bare(one).split())))
            return _again(asked, _bare(old), name, before.question)
    subject = _SUBJECT.search(asked)
    if subject and re.match(r"(?:the|his|her|its|their|[A-Z])", bare):
        place = subject.span("subject")
        return asked[: place[0]] + bare + asked[place[1] :] + _rest(before.question)
    return None


def _date(text: str) -> re.Match[str] | None:
    """The first date in a text; where all is in lower case, so are months."""
    return _LOWER.search(text) if text.islower() else _DATE.search(text)


def _alike(kind: str, wanted: str) -> bool:
    return kind == wanted or "anything" in (kind, wanted)


def _bare(name: str) -> str:
    return re.sub(r"['’]s?$", "", name)


def _again(asked: str, old: str, new: str, question: str) -> str:
    return asked.replace(old, new) + _rest(question)


def _rest(question: str) -> str:
    match = _BRACKETS.search(question)
    return match[0] if match else ""


def _dated(date: str, fragment: str, question: str) -> str:
    """The question with another date, of the old one's year where the new has none."""
    old = _date(question)
    if old is None:
        words = fragment if re.match(r"(?:in|on|since|by|during) ", fragment) else f"in {date}"
        return _asked(f"{own(question).rstrip('?').rstrip()} {words}", question)
    year = re.search(r"(?:19|20)\d\d", old[0])
    known = re.search(r"(?:19|20)\d\d", date)
    new = f"{date} {year[0]}" if year and not known and year[0] != old[0] else date
    return question[: old.start()] + new + question[old.end() :]


def _by(outlet: str, asked: str, question: str, mentions: Mentions) -> str:
    """The question about what another outlet reports."""
    found = mentions(asked)
    if found:
        (start, end), _ = found[-1]
        start -= 4 if asked[:start].endswith("the ") and outlet.startswith("the ") else 0
        return asked[:start] + outlet + asked[end:] + _rest(question)
    return _asked(f"{asked.rstrip('?').rstrip()}, according to {outlet}", question)


def _asked(text: str, question: str) -> str:
    return text + ("?" if own(question).rstrip().endswith("?") else "") + _rest(question)


# -- the rest ----------------------------------------------------------------------------------------------------------


def _placed(text: str, before: Before, mentions: Mentions) -> str:
    """The question with "he" and "there" by name, and behind it in brackets what else was spoken of."""
    placed = _peopled(text, before)
    match = _THERE_IN.search(placed)
    if match and before.short and kind_of_name(before.short, frozenset()) == "place":
        placed = f"{placed[: match.start()]}in {before.short}{placed[match.end() :]}"
    about = topic(before, placed, mentions)
    return f"{placed} ({about})" if about else placed


def _peopled(text: str, before: Before) -> str:
    """The question with its first "he", "she", "him" or "his" by name, where it is plain who is meant."""
    open_ones = (m for m in _PERSONAL.finditer(text) if not _person_before(text[: m.start()], m[0]))
    match = next(open_ones, None)
    if match is None or _OWNED.match(text, match.start()):
        return text
    female = bool(_FEMALE.fullmatch(match[0]))
    person = _person(before, female)
    if person is None:
        return text
    word = match[0].casefold()
    theirs = word == "his" or (word == "her" and bool(re.match(r" [a-z]", text[match.end() :])))
    possessive = ("’" if person.endswith("s") else "’s") if theirs or word == "hers" else ""
    return text[: match.start()] + person + possessive + text[match.end() :]


def _person(before: Before, female: bool) -> str | None:
    """Who was spoken of last: the answer, where it is a person, else the first person of the question."""
    other = MALE if female else FEMALE

    def fits(name: str) -> bool:
        return name.split()[0].casefold() not in other

    if before.short and _somebody(before) and fits(before.short):
        return before.short
    if _SOMEBODY.match(before.own):
        return None  # the one who was asked for, whom the answer does not tell
    names = [_bare(name) for name in _own_names(before.question)]
    people = [n for n in names if kind_of_name(n, frozenset()) == "person" and fits(n)]
    sure = {MALE: FEMALE, FEMALE: MALE}[other]
    best = [n for n in people if n.split()[0].casefold() in sure]
    subject = _SUBJECT.search(before.question)
    doer = _bare(subject["subject"]) if subject else ""
    if doer in names and fits(doer) and kind_of_name(doer, frozenset()) in ("person", "anything"):
        return doer
    lone = [
        n for n in names if kind_of_name(n, frozenset()) == "anything" and fits(n) and " " not in n and n[-1] != "s"
    ]
    return next(iter(best or people or lone), None)


def _somebody(before: Before) -> bool:
    """Whether the answer is a person: by their name, or because one was asked for and it is a name of two words."""
    kind = kind_of_name(before.short or "", frozenset())
    named = re.fullmatch(r"[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){1,2}", before.short or "")
    return kind == "person" or (kind == "anything" and bool(named) and bool(_SOMEBODY.match(before.own)))


def topic(before: Before, text: str, mentions: Mentions) -> str:
    """What the question before was about, in its own words, without those that only asked, and what `text` has."""
    cut = _PUBLISHED_BY.sub(lambda m: "" if mentions(m["outlet"]) else m[0], before.own)
    for (start, end), _ in reversed(list(mentions(cut))):
        if _TELLS.match(cut[end:]):
            cut = f"{cut[:start].removesuffix('the ')}|{cut[end:]}"
    inside = _BRACKETS.search(before.question)
    pieces = [" ".join(piece.split()) for piece in _EDGES.sub("|", cut).split("|")]
    pieces += inside["inside"].split(", ") if inside else []
    taken = {stem for stem in stems(text) if stem not in STOPWORDS}
    kept: list[str] = []
    room = TOPIC
    for piece in pieces:
        piece = piece.strip(" ,;:.’'")
        while piece.split() and piece.split()[0].casefold() in _LOOSE:
            piece = piece.partition(" ")[2]
        while piece.split() and piece.split()[-1].casefold() in _LOOSE:
            piece = piece.rpartition(" ")[0]
        said = {stem for stem in stems(piece) if stem not in STOPWORDS}
        new = said - taken
        if not new or 2 * len(new) < len(said) or len(piece.split()) > room:
            continue
        kept.append(piece)
        taken |= new
        room -= len(piece.split())
    return ", ".join(kept)


_LOOSE = frozenset("the a an of in on at to for by and or with from it that than as its his her their".split())
