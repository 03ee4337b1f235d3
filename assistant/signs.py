"""How a sentence and the quotes it rests on differ, measured: names that the quotes have elsewhere or of another,
figures beside others, denials and doubts added or gone. No sign settles it; each counts a little. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant import akin
from assistant.deeds import Deed, deeds
from assistant.faults import Evidence, denies_by_prefix, vouches
from assistant.statements import SAYING, Figure, Names, Statement, Word, runs, who
from index.splitter import sentences

NEAR = 8
"""Words on either side of another that may be told of it."""

TOLD = 4
"""Of those on one side, so many that say something count, the nearest most."""

_FADING = tuple(0.75**i for i in range(TOLD))
_PRONOUNS = frozenset("he she they it we i his her their him them who you".split())
_WISHES = frozenset("expected believed thought would should plans hopes".split())
_ROUGHLY = akin.MODAL | frozenset("about around some roughly approximately nearly almost estimated close".split())
_FUTURE = re.compile(
    r"will$|shall$|won't$|going$|due$|scheduled$|plann?(?:s|ed)$|vow|pledg|promis|head(?:ed|ing)$|next$|upcoming$|tomorrow$|intend|.*'ll$"
)
_SURE = re.compile(r"\bwill\b(?! (?:not|probably|likely|perhaps))")
_UNSURE = re.compile(
    r"\b(?:probably|likely|hop(?:es?|ed|ing)|expects?|expected|wants?|wish\w*|doubt\w*|whether|unless)\b"
)
_ARTICLES = frozenset(["the", "a", "an"])

Keys = frozenset[str]
"""By which words are alike: stem, beginning, the groups that they are akin in."""

Places = Sequence[int]
"""Numbers of words in their text."""


@dataclass(frozen=True)
class Text:
    """A text laid out for comparing."""

    read: Statement

    @cached_property
    def keys(self) -> dict[int, Keys]:
        """The words that say something, by their places in order."""
        return {i: _keys(word) for i, word in enumerate(self.read.words) if word.content or word.low in SAYING}

    @cached_property
    def names(self) -> tuple[tuple[int, int, Names], ...]:
        """Where each name begins and ends, and its words."""
        found = ((begin, end, _named(self.read.words[begin:end])) for begin, end in runs(self.read.words))
        return tuple(one for one in found if one[2])

    def named(self, places: Iterable[int]) -> Names:
        """All words that stand at places, as those of names are compared."""
        return _named(self.read.words[i] for i in places)

    def around(self, begin: int, end: int) -> tuple[Places, Places]:
        """The places of what is told before and after the words from begin to end, the nearest first."""
        before = [i for i in range(begin - 1, max(begin - NEAR, 0) - 1, -1) if i in self.keys]
        after = [i for i in range(end, min(end + NEAR, len(self.read.words))) if i in self.keys]
        return before[:TOLD], after[:TOLD]

    def after(self, place: int, count: int) -> Places:
        """The places of what is told after a word, within its clause."""
        words = self.read.words
        near = range(place + 1, min(place + NEAR, len(words)))
        return [i for i in near if i in self.keys and words[i].clause == words[place].clause][:count]

    def beside(self, figure: Figure) -> tuple[Places, Places]:
        """The places of what is told before and after a figure, the nearest first."""
        words = self.read.words
        before = [i for i in self.keys if words[i].end <= figure.start]
        return before[:-3:-1], [i for i in self.keys if words[i].start >= figure.end][:3]

    def alike(self, keys: Keys) -> Places:
        """The places of the words that are like one with these keys."""
        return [i for i, own in self.keys.items() if own & keys]


def _keys(word: Word) -> Keys:
    keys = {word.stem, *(f"={group}" for group in akin.CLASSES.get(word.stem, ()))}
    if word.low in SAYING:
        keys.add("=say")
    if len(word.low) > 5:
        keys.add(f"{word.stem[:5]}-")
    return frozenset(keys)


def _named(words: Iterable[Word]) -> Names:
    return frozenset(word for word in who(tuple(words)) if word[:1].isalnum())


@dataclass(frozen=True)
class Compared:
    """A sentence, what it cites, the words of what else vouches for names, and all that it may rest on."""

    said: Text
    cited: Text
    vouched: Names
    evidence: Evidence

    @cached_property
    def top(self) -> range:
        """The places of the cited sentence that has most of what is said."""
        words, text = self.cited.read.words, self.cited.read.text
        found = [(0.0, range(0))]
        for start, end in sentences(text):
            inside = [i for i, word in enumerate(words) if start <= word.start < end]
            if inside:
                places = range(inside[0], inside[-1] + 1)
                found.append((self._shared_with(places) - len(places) / 100, places))
        return max(found[1:] or found, key=lambda one: one[0])[1]

    def _shared_with(self, places: range) -> int:
        """How many words, names and figures of what is said stand at those places."""
        keys = frozenset[str]().union(*(own for i, own in self.cited.keys.items() if i in places))
        named, words = self.cited.named(places), self.cited.read.words
        span = range(words[places[0]].start, words[places[-1]].end)
        held = [one for one in self.cited.read.figures if one.start in span]
        return (
            sum(bool(own & keys) for own in self.said.keys.values())
            + sum(bool(name & named) for *_, name in self.said.names)
            + sum(any(one.equals(other) for other in held) for one in self.said.read.figures)
        )

    @cached_property
    def named(self) -> list[tuple[int, int, Names]]:
        """The names in what is said, but for whoever is said to report it and is vouched for: outlets, sources."""
        return [one for one in self.said.names if not (self._reports(*one[:2]) and vouches(one[2], self.evidence))]

    def _reports(self, begin: int, end: int) -> bool:
        words = self.said.read.words
        before = " ".join(word.low for word in words[max(begin - 3, 0) : begin])
        return "according to" in before or (end < len(words) and words[end].low.startswith("report"))

    @cached_property
    def spoken_of(self) -> Names:
        """The words of all names in what is said."""
        return frozenset[str]().union(*(name for *_, name in self.said.names))

    @cached_property
    def unsaid(self) -> int:
        """How many names of the nearest sentence are not said."""
        return sum(begin in self.top and not _shares(name, self.spoken_of) for begin, _, name in self.cited.names)

    def shared(self, mine: tuple[Places, Places], theirs: tuple[Places, Places]) -> float:
        """How much of what stands on either side in what is said does so in what is cited, near words most."""
        return sum(
            max(
                (_FADING[k] * _FADING[m] for m, j in enumerate(right) if self.said.keys[i] & self.cited.keys[j]),
                default=0.0,
            )
            for left, right in zip(mine, theirs, strict=True)
            for k, i in enumerate(left)
        )


def signs(said: Statement, evidence: Evidence) -> dict[str, float]:
    """Each sign that what is said is not borne out, by its name: 0 where nothing is amiss, and else from 0 up."""
    compared = Compared(Text(said), Text(evidence.cited), _named(evidence.vouched.words), evidence)
    found: dict[str, float] = {}
    for measure in (_of_names, _of_doers, _of_figures, _of_denials, _of_doubts):
        found |= measure(compared)
    return found


def worded(sign: str) -> str:
    """What a sign, by its name, tells, in words fit to be shown."""
    return _WORDED[sign.split()[0]]


# -- names and who does what ------------------------------------------------------------------------------------------


def _of_names(c: Compared) -> dict[str, float]:
    top, cited = c.cited.named(c.top), c.cited.named(range(len(c.cited.read.words)))
    apart = [name for *_, name in c.named if not _shares(name, cited)]
    vouched = sum(_shares(name, c.vouched) for name in apart)
    nowhere = len(apart) - vouched
    aside = sum(_shares(name, cited) and not _shares(name, top) for *_, name in c.named)
    meant = any(c.cited.read.words[i].low in _PRONOUNS for i in c.top)
    return {
        "name nowhere": float(nowhere),
        "name nowhere, another there": float(nowhere * bool(c.unsaid)),
        "name vouched": float(vouched),
        "name vouched, another there": float(vouched * bool(c.unsaid)),
        "name vouched, no pronoun there": float(vouched * (not meant)),
        "name aside, another there": float(aside * bool(c.unsaid)),
        "name in part": float(sum(_in_part(name, cited | c.vouched) for *_, name in c.named)),
        "name of another": _exchanged(c),
        "name as a thing": _as_thing(c),
        "name unsaid": c.unsaid / 3,
    }


def _shares(name: Names, held: Names) -> bool:
    return bool(name & held) or akin.same_name(name, held)


def _in_part(name: Names, held: Names) -> bool:
    """Whether some of a name is held and some is not."""
    return not name <= held and bool(name & held) and not all(_shares(frozenset([one]), held) for one in name)


def _exchanged(c: Compared) -> float:
    """By how much more the quotes tell of another name what the sentence tells of one than of that one, at most."""
    theirs = [(name, c.cited.around(begin, end)) for begin, end, name in c.cited.names]
    most = 0.0
    for begin, end, name in c.named:
        mine = c.said.around(begin, end)
        own = max((c.shared(mine, there) for other, there in theirs if _shares(other, name)), default=0.0)
        others = (there for other, there in theirs if not _shares(other, name) and not other & c.spoken_of)
        most = max([most, *(c.shared(mine, there) - own for there in others)])
    return most


def _as_thing(c: Compared) -> float:
    """Whether a name that stands alone has an article, as it never has in the quotes, or lacks the one it always
    has."""
    words, most = c.said.read.words, 0.0
    for begin, end, name in c.named:
        if not begin or (end < len(words) and words[end].content):
            continue
        before = {c.cited.read.words[i - 1].low for i, _, other in c.cited.names if i and _shares(other, name)}
        if before and words[begin - 1].low in _ARTICLES:
            most = max(most, float(not before & _ARTICLES))
        elif before == {"the"}:
            most = max(most, 0.5)
    return most


def _of_doers(c: Compared) -> dict[str, float]:
    mine, theirs = deeds(c.said.read.text), deeds(c.cited.read.text)
    speakers = _speakers(theirs)
    strange = [
        name
        for name in _speakers(mine)
        if not any(_shares(name, other) for other in speakers) and not vouches(name, c.evidence)
    ]
    top = c.cited.named(c.top)
    return {
        "speaker other": float(bool(strange and speakers)),
        "speaker beside": float(any(not _shares(name, top) for name in strange)),
        "doer other": float(sum(_done_by_another(deed, theirs) for deed in mine if deed.verb != "say")),
    }


def _speakers(told: Iterable[Deed]) -> list[Names]:
    return [deed.who for deed in told if deed.verb == "say" and deed.doer and deed.who and not deed.pronoun]


def _done_by_another(deed: Deed, theirs: Sequence[Deed]) -> bool:
    if deed.who is None or deed.pronoun:
        return False
    same = [one for one in theirs if one.doer == deed.doer and one.verb == deed.verb]
    return bool(same) and not any(one.who is None or one.pronoun or _shares(deed.who, one.who) for one in same)


# -- figures ----------------------------------------------------------------------------------------------------------


def _of_figures(c: Compared) -> dict[str, float]:
    words, held = c.cited.read.words, c.cited.read.figures
    here = range(words[c.top[0]].start, words[c.top[-1]].end) if c.top else range(0)
    unsaid = [one for one in held if not any(one.equals(other) for other in c.said.read.figures)]
    aside = exchanged = 0.0
    for figure in c.said.read.figures:
        same = [one for one in held if figure.equals(one)]
        instead = any(one.start in here and one.unit == figure.unit for one in unsaid)
        aside += instead and not any(one.start in here for one in same)
        if same:
            own = max(_met(c, figure, one) for one in same)
            exchanged = max([exchanged, *(_met(c, figure, one) - own for one in unsaid)])
    return {"figure aside, another there": aside, "figure of another": exchanged}


def _met(c: Compared, figure: Figure, other: Figure) -> float:
    """How much two figures are told of the same."""
    return c.shared(c.said.beside(figure), c.cited.beside(other)) + 0.4 * (figure.unit == other.unit)


# -- denial and doubt -------------------------------------------------------------------------------------------------


def _of_denials(c: Compared) -> dict[str, float]:
    said, cited = c.said.read, c.cited.read
    mine, theirs = _denials(said), _denials(cited)
    here = [i for i in theirs if i in c.top]
    negative = [
        0.6 * len(akin.NEGATIVE.findall(text))
        for text in (said.text, cited.text, " ".join(cited.words[i].low for i in c.top))
    ]
    prefix = float(denies_by_prefix(said, cited))
    return {
        "denial added": max(0.0, len(mine) - len(here) - negative[2] - prefix),
        "denial added to all": max(0.0, len(mine) - len(theirs) - negative[1] - prefix),
        "denial gone": max(0.0, len(theirs) - len(mine) - negative[0]),
        "denial gone there": max(0.0, len(here) - len(mine) - negative[0]),
        "denial of what is stated": max((_stated(i, c.said, c.cited) for i in mine), default=0.0),
        "denial of a word stated": float(any(_next_stated(i, c.said, c.cited) for i in mine)),
        "denial unmet": float(sum(_unmet(i, c.said, c.cited, theirs) for i in mine)),
        "denial of what is stated gone": max((_stated(i, c.cited, c.said) for i in here), default=0.0),
        "denial of a word stated gone": float(any(_next_stated(i, c.cited, c.said) for i in theirs)),
    }


def _unmet(place: int, text: Text, other: Text, denials: Places) -> bool:
    """Whether some of what stands beside a denial stands in the other text, but none of it beside a denial there."""
    keys = frozenset[str]().union(*(text.keys[i] for i in _borne(text, place)))
    beside = {i for one in denials for i in _borne(other, one)}
    same = other.alike(keys)
    return bool(same) and not beside.intersection(same) and not any(_near_negative(other.read, i) for i in same)


def _borne(text: Text, place: int) -> Places:
    """The places of what a denial bears on: what is told after it, then before it, in its clause."""
    words = text.read.words
    before = [i for i in text.around(place, place)[0] if words[i].clause == words[place].clause]
    return [*text.after(place, 3), *before[:2]]


def _denials(text: Statement) -> Places:
    """The places of the words that deny by themselves."""
    merely = (" only", " just")
    return [
        i for i, word in enumerate(text.words) if akin.denies(word) and text.text[word.end : word.end + 5] not in merely
    ]


def _stated(place: int, text: Text, other: Text) -> float:
    """By how much more of what stands beside a denial the other text states than denies, near words most."""
    stated = 0.0
    for rank, i in enumerate(_borne(text, place)):
        if same := other.alike(text.keys[i]):
            denied = any(_near_denial(other.read, j) for j in same)
            stated += _FADING[min(rank, TOLD - 1)] * (-1 if denied else 1)
    return max(stated, 0.0)


def _next_stated(place: int, text: Text, other: Text) -> bool:
    """Whether the other text states, and never denies, the first word that a denial bears on."""
    same = [j for i in text.after(place, 1) for j in other.alike(text.keys[i])]
    return bool(same) and not any(_near_denial(other.read, j) for j in same)


def _near_denial(text: Statement, place: int) -> bool:
    """Whether anything denies or is negative near a word in its clause."""
    return any(map(akin.denies, _near(text, place))) or _near_negative(text, place)


def _near_negative(text: Statement, place: int) -> bool:
    return bool(akin.NEGATIVE.search(" ".join(word.low for word in _near(text, place))))


def _near(text: Statement, place: int) -> list[Word]:
    word = text.words[place]
    around = text.words[max(place - NEAR, 0) : place + NEAR]
    return [one for one in around if one.clause == word.clause and one is not word]


def _of_doubts(c: Compared) -> dict[str, float]:
    hedged = bool(akin.HEDGES.search(c.said.read.text))
    will = bool(_SURE.search(c.said.read.text)) and not _UNSURE.search(c.said.read.text)
    words = c.cited.read.words
    rough = sum(_without_its_doubt(figure, c) for figure in c.said.read.figures)
    return {
        "doubt gone": 0.0 if hedged else _told_for_sure(c, akin.MODAL),
        "doubt of a wish gone": 0.0 if hedged else _told_for_sure(c, _WISHES),
        "doubt of a figure gone": float(rough),
        "will not told": float(will and not any(_FUTURE.match(word.low) for word in words)),
        "will not told there": float(will and not any(_FUTURE.match(words[i].low) for i in c.top)),
    }


def _told_for_sure(c: Compared, doubts: frozenset[str]) -> float:
    """The share of what stands after one of those words in the quotes that the sentence tells, at most."""
    most = 0.0
    for i, word in enumerate(c.cited.read.words):
        if word.low in doubts and word.text != "May" and (scope := c.cited.after(i, 3)):
            most = max(most, sum(bool(c.said.alike(c.cited.keys[j])) for j in scope) / len(scope))
    return most


def _without_its_doubt(figure: Figure, c: Compared) -> bool:
    """Whether a figure is told as it stands that the quotes only tell with a word of doubt close before it."""
    same = [one for one in c.cited.read.figures if figure.equals(one)]
    return figure.sense == "just" and bool(same) and all(_rough(one, c.cited.read.words) for one in same)


def _rough(figure: Figure, words: Sequence[Word]) -> bool:
    close = (word for word in words if 0 < figure.start - word.start < 30)
    return figure.sense == "about" or any(word.low in _ROUGHLY for word in close)


_WORDED = {
    "name": "the passage does not tell that of whom the sentence names",
    "speaker": "the passage has somebody else say that",
    "doer": "the passage has somebody else do that",
    "figure": "the passage has that figure of something else",
    "denial": "the passage does not deny that",
    "doubt": "the passage is not so sure of that",
    "will": "the passage does not say that it will be so",
    "unlikely": "the passage does not say that",
}
