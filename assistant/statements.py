"""A text into what can be compared about it: words with their clauses, names, figures and days. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.dates import resolve
from index.folding import fold
from index.words import STOPWORDS, stems

Sense = Literal["about", "above", "below", "just"]
"""How a figure is meant: roughly, more than, less than (or at most), or as it stands."""

Names = frozenset[str]
"""The words of one name in lower case, without titles and possessives."""

_WORD = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|St|Jr|Sr|[A-Z])\.(?!\w)|[^\W\d_]+(?:\.[^\W\d_]+)+\.?"
    r"|[^\W_]+(?:['-][^\W_]+)*|[.!?;:,()\"]|--|[–—]"
)
_ENDS = frozenset('. ! ? ; : — – -- , ( ) "'.split())
_CLAUSES = frozenset("but while although though whereas which because".split())

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_ONES = {word: value for value, word in enumerate(f"{_SMALL} eighteen nineteen".split())}
_TENS = {word: 10 * ten for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_ALL = "|".join((*_TENS, *_ONES))
_FIGURE = re.compile(
    rf"(?P<dollar>\$\s?)?(?:(?P<digits>\d[\d,]*(?:\.\d+)?|(?<![\d,])\.\d+)|\b(?P<written>{_ALL}|a(?= (?:hundred"
    rf"|thousand|million|billion)\b))\b"
    rf"(?:[- ](?P<more>{'|'.join(list(_ONES)[1:10])})\b)?)(?P<ordinal>(?:st|nd|rd|th)\b)?"
    r"(?:[ -]?(?P<scale>hundred|thousand|million|billion|trillion|[mb]n)\b)?"
    r"(?P<percent>\s?%|[ -](?:percentage|per ?cent)\b)?",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"\b(?:(?P<part>half(?: of)?(?= the| of| all| its| his)|(?:two|2)[ -]thirds|(?:one|a|1)[ -]third|(?:three"
    r"|3)[ -]quarters|(?:a|one)[ -]quarter)"
    r"|(?P<dozen>half[- ]a?[- ]?dozen|a dozen|dozen))\b",
    re.IGNORECASE,
)
_PARTS = {"h": (50.0,), "2": (66.0, 67.0, 66.7), "1": (33.0, 33.3), "3": (75.0,), "q": (25.0,)}
_SENSES: tuple[tuple[Sense, str], ...] = (
    ("above", r"more than|over|above|at least|exceed\w*|upwards? of|in excess of|north of|surpass\w*|topped"),
    ("below", r"less than|fewer than|not quite|short of|shy of|under|below|up to|as (?:many|much) as|at most"),
    ("about", r"about|around|some|roughly|approx\w+|nearly|almost|close to|\w+er to|(?:an )?estimated|likely"),
)  # fmt: skip
_SENSE = tuple(
    (sense, re.compile(rf"\b(?:{words})(?: (?:the|worth|to|\$))?\s*$", re.IGNORECASE)) for sense, words in _SENSES
)
_MONTHS = {name.casefold(): month for month, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: month for name, month in _MONTHS.items()} | {"sept": 9}
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.?|Feb\.?|Mar\.|Apr\.|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"  # noqa: E501
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})(?!\w)(?:,? (?P<year>(?:19|20)\d\d))?"
    rf"|(?P<month2>{_MONTH})(?!\w)(?: (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:,]*\d|\.\d"
    rf"| ?[ap]\.?m)(?:,? (?P<year2>(?:19|20)\d\d))?)?(?:,? (?:of )?(?P<year3>(?:19|20)\d\d))?"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d))\b"
)  # fmt: skip
WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
TITLES = frozenset(
    "mr mrs ms dr sen sens rep reps gov govs senator senators representative congressman congresswoman governor"
    " president"
    " vice-president vice secretary mayor chairman chairwoman director judge justice professor minister"
    " chancellor king queen"
    " prime former attorney general chief candidate sir lady st father strategist".split()
)
_OPENERS = STOPWORDS | frozenset(
    "according since until however meanwhile both each no one two three among with under over before after while"
    " although"
    " though despite because neither nor never most more many some several all another such every only once"
    " during through"
    " between against without within instead then there now today yesterday here yet still even also nobody"
    " nothing none"
    " asked given like unlike near soon later earlier half as per four five six seven eight nine ten".split()
)
SAYING = frozenset(
    "say said says saying suggest argue announce state declare explain note predict told tell tells wrote write"
    " writes added adds argued argue argues claimed claim claims insisted"
    " insists warned warns warn tweeted tweets explained explains noted notes joked asked asks declared stated states"
    " announced announces acknowledged predicted remarked replied responded recalled suggested suggests called calls"
    " cites cited described describes concluded contended maintained observed conceded admitted complained"
    " reported reports".split()
)
"""Words of saying: what they govern is hearsay, whoever says it."""
_LIGHT = (
    frozenset(
        "say said told tell wrote write add make made take took get got go going went come came give gave put use"
        " used want"
        " time year day week month people thing way new last next first one mr mrs ms while still even just only"
        " also more most"
        " much many some any all about over after before under up down out off into back away such very so too"
        " now then there"
        " here both either neither nor not no never n't since ago although though against above behind given"
        " himself herself"
        " itself themselves might may according around toward towards whether being far few once own together"
        " because would"
        " could must shall should until unless along among between during within upon per than like else ever"
        " almost always"
        " another other others same several every each enough put puts set sets turn turned point pointing points"
        " again let lets"
        " former formerly later earlier around whom whose yet hundred thousand million billion percent seem seems"
        " seemed"
        " figure number part author writer speaker times making less cover expects expect undoubtedly".split()
    )
    | frozenset(_ONES)
    | frozenset(_TENS)
    | frozenset(["halves", "half", "thirds", "third", "quarter", "quarters"])
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark where it stands; `clause` counts from 0 in its text, `name` says whether it names."""

    text: str
    low: str
    start: int
    end: int
    clause: int
    name: bool

    @property
    def stem(self) -> str:
        return stem(self.low)

    @property
    def content(self) -> bool:
        """Whether it says something of its own: no mark, no name, no figure, none of the commonest words."""
        return self.low.isalpha() and not self.name and self.low not in STOPWORDS and self.low not in _LIGHT


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is meant: its values (several for a fraction), its unit (`%`, `$` or nothing), its sense, and the
    words that give that."""

    printed: str
    values: tuple[float, ...]
    unit: str
    sense: Sense
    qualifier: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is written: None for what is left out."""

    printed: str
    year: int | None
    month: int
    day: int | None

    def agrees(self, other: Day) -> bool:
        """Whether what both state is the same, and the other states the day where this does."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(a == b or a is None or (b is None and a is self.year) for a, b in pairs)


@dataclass(frozen=True)
class Statement:
    """One text read."""

    text: str
    words: tuple[Word, ...]
    figures: tuple[Figure, ...]
    days: tuple[Day, ...]

    @functools.cached_property
    def stems(self) -> frozenset[str]:
        parts = (part for word in self.words if "-" in word.low for part in word.low.split("-") if len(part) > 2)
        return frozenset((*(word.stem for word in self.words if word.low not in _ENDS), *map(stem, parts)))

    @functools.cached_property
    def names(self) -> tuple[tuple[Word, ...], ...]:
        """Each name as the words that it is made of."""
        return tuple(tuple(self.words[i:j]) for i, j in runs(self.words))


@functools.lru_cache(64)
def read(text: str) -> Statement:
    """A text, folded and read."""
    plain = re.sub(r"\s+", " ", fold(text).text)
    days, rest = [], plain
    for match in _DATE.finditer(plain):
        if day := _day(match):
            days.append(day)
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    return Statement(plain, tuple(_words(plain)), tuple(_figures(rest)), tuple(days))


def meant(text: str, days: Sequence[Day]) -> list[Day]:
    """The days that "on Thursday" and the like mean in a text published on one of those days."""
    published = [dt.date(d.year, d.month, d.day) for d in days if d.year and d.day]
    found = [one for day in published for _, one in resolve(text, day)]
    return [Day(one.isoformat(), one.year, one.month, one.day) for one in found]


def weekdays(text: str) -> set[str]:
    """The days of the week that a text names."""
    return set(WEEKDAY.findall(text))


@functools.lru_cache(20_000)
def stem(word: str) -> str:
    """A word without its possessive, accents and ending."""
    bare = re.sub(r"'s?$", "", word).replace(".", "")
    return next(iter(stems(bare)), bare)


def who(run: Sequence[Word]) -> Names:
    """A name's words, to be compared: accents, dots and titles gone."""
    return frozenset(low for low in (_flat(word.low) for word in run) if low not in TITLES)


def _flat(word: str) -> str:
    bare = re.sub(r"'s?$", "", word).replace(".", "")
    return "".join(c for c in unicodedata.normalize("NFD", bare) if not unicodedata.combining(c))


# -- words ------------------------------------------------------------------------------------------------------------


def _words(text: str) -> Iterator[Word]:
    clause, opening = 0, True
    found = list(_WORD.finditer(text))
    for place, match in enumerate(found):
        word = match[0]
        low = word.casefold().rstrip(".") or word
        following = found[place + 1][0] if place + 1 < len(found) else ""
        clause += low in _CLAUSES
        yield Word(word, low, *match.span(), clause, _named(word, opening, following))
        clause += low in _ENDS and low != '"'
        if low != '"' or text[match.start() - 1 : match.start()].isspace():  # a closing mark changes nothing
            opening = low in _ENDS and low not in ",()"


def _named(word: str, opening: bool, following: str) -> bool:
    """Whether a word is (part of) a name: a capital, and at the opening of a sentence a second sign."""
    if (
        not word[0].isupper()
        or WEEKDAY.fullmatch(word)
        or word.casefold() in ("i", *_MONTHS)
        or "i'" in word.casefold()[:2]
    ):
        return False
    if not opening or (word.isupper() and len(word) > 1):
        return word.casefold() not in STOPWORDS or word == "Will" or word.isupper()
    low = word.casefold()
    if low in _OPENERS or re.split("['-]", low)[0] in {*_OPENERS, *_ONES, *_TENS}:
        return False
    return (
        following[:1].isupper()
        or following in SAYING
        or not re.search(r"(?:ed|ing|ly|ors|ers|ists|ents|ans|ies|tions?|ates)$", low)
    )


def runs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Where each name begins and ends; a possessive ends one."""
    begin = None
    for i, word in enumerate(words):
        if begin is not None and (not word.name or words[i - 1].low.endswith("'s")):
            yield begin, i
            begin = None
        if word.name and begin is None:
            begin = i
    if begin is not None:
        yield begin, len(words)


# -- figures and days -------------------------------------------------------------------------------------------------


def _figures(text: str) -> Iterator[Figure]:
    for match in _FRACTION.finditer(text):
        low = match[0].casefold()
        values = ((6.0,) if low.startswith("half") else (12.0,)) if match["dozen"] else _parts(low)
        yield Figure(match[0], values, "" if match["dozen"] else "%", *_sense(text, match.start()), *match.span())
    text = _FRACTION.sub(lambda m: " " * len(m[0]), text)
    for match in _FIGURE.finditer(text):
        if (
            match["written"] in ("one", "One", "zero")
            and not match["scale"]
            and not match["percent"]
            and not match["more"]
        ):
            continue
        if match["digits"]:
            value = float(match["digits"].replace(",", ""))
        else:
            low = match["written"].casefold()
            value = float(_TENS.get(low, _ONES.get(low, 1)) + _ONES.get((match["more"] or "").casefold(), 0))
        scale = (match["scale"] or "").casefold()
        value *= _SCALES.get(scale, 1e6 if scale == "mn" else 1e9 if scale == "bn" else 1)
        after = text[match.end() : match.end() + 9].casefold()
        unit = "%" if match["percent"] else "$" if match["dollar"] or after.startswith(" dollar") else ""
        yield Figure(match[0].strip(), (value,), unit, *_sense(text, match.start()), *match.span())


def _parts(low: str) -> tuple[float, ...]:
    if "quarter" in low:
        return _PARTS["3"] if low[0] in "t3" else _PARTS["q"]
    return _PARTS["h"] if low[0] == "h" else _PARTS["2"] if low[0] in "t2" else _PARTS["1"]


def _sense(text: str, start: int) -> tuple[Sense, str]:
    before = text[max(0, start - 24) : start]
    found = ((sense, match[0]) for sense, words in _SENSE if (match := words.search(before)))
    return next(found, ("just", ""))


def _day(match: re.Match[str]) -> Day | None:
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return Day(match[0], year, month, day) if 1 <= month <= 12 else None
    name, day_of = match["month"] or match["month2"], match["day"] or match["day2"]
    given = match["year"] or match["year2"] or match["year3"]
    if (
        name in ("May", "March")
        and not day_of
        and not given
        and not re.search(r"\b(?:in|since|until|by|of|last) $", match.string[: match.start()], re.IGNORECASE)
    ):
        return None
    return Day(
        match[0], int(given) if given else None, _MONTHS[name.casefold().rstrip(".")], int(day_of) if day_of else None
    )
