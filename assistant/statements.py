"""A text into what can be compared about it: words with their clauses, names, figures and days. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
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
ONES = {word: value for value, word in enumerate(f"{_SMALL} eighteen nineteen".split())}
TENS = {word: 10 * ten for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "decade": 10,
    "decades": 10,
    "century": 100,
    "centuries": 100,
}
_ALL = "|".join((*TENS, *ONES))
_FIGURE = re.compile(
    rf"(?P<dollar>\$\s?)?(?:(?P<digits>\d[\d,]*(?:\.\d+)?|(?<![\d,])\.\d+)|\b(?P<written>{_ALL}|a(?= (?:hundred"
    rf"|thousand|million|billion|decade|century)\b))\b"
    rf"(?:[- ](?P<more>{'|'.join(list(ONES)[1:10])})\b)?)(?P<ordinal>(?:st|nd|rd|th)\b)?"
    r"(?:(?:-plus)?[ -]?(?P<scale>hundred|thousand|million|billion|trillion|[mb]n|decades?|century|centuries)\b)?"
    r"(?P<percent>\s?%|[ -](?:percentage|per ?cent)\b)?",
    re.IGNORECASE,
)
_PART = "half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_PARTS = {part: of for of, part in enumerate("half third quarter fifth sixth seventh eighth ninth tenth".split(), 2)}
_PARTS["fourth"] = 4
_FRACTION = re.compile(
    rf"\b(?:(?P<half>half(?: of)?(?= the| of| all| its| his))"
    rf"|(?P<parts>a|an|{_ALL}|[1-9])[ -](?P<part>{_PART})s?\b(?! (?:time|day|week|month|year|place|term|round|debate))"
    rf"|(?P<some>{_ALL}|\d{{1,2}}) (?:in|out of) (?:every )?(?P<of>{_ALL}|\d{{1,2}})(?!\d|,\d)\b"
    r"|(?P<dozen>half[- ]a?[- ]?dozen|a dozen|dozen))\b",
    re.IGNORECASE,
)
_CENTURY = re.compile(r"\b(?:a )?(?P<part>half|quarter)(?:[- ]of)?(?:[- ]a)?[- ]century\b", re.IGNORECASE)
_SENSES: tuple[tuple[Sense, str], ...] = (
    ("above", r"(?:more|older|better|greater|higher|larger) than|over|above|at least|exceed\w*|upwards? of|in excess of"
              r"|north of|surpass\w*|topped|(?:a )?minimum of"),
    ("below", r"(?:less|fewer|younger|lower|smaller|shorter) than|not quite|short of|shy of|under|below|up to"
              r"|as (?:many|much|long|high) as|at most|(?:a )?maximum of"),
    ("about", r"about|around|some|roughly|approx\w+|nearly|almost|close(?:r)? to|near(?:er to| to)?|(?:an )?estimated"
              r"|likely"),
)  # fmt: skip
_SENSES_AFTER: tuple[tuple[Sense, str], ...] = (
    ("above", r"(?: \w+){0,2} or (?:more|higher|beyond)\b|(?: \w+)? (?:or|and) (?:over|older|above|up)\b|[ -]plus\b"),
    ("below", r"(?: \w+){0,2} or (?:less|fewer)\b|(?: \w+)? (?:or|and) (?:under|younger|below)\b"),
)
_LASTS = re.compile(r"\s*(?:hour|day|week|month|year|decade)s?\b")
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
_PLAIN = frozenset((files("assistant") / "weights" / "openers.txt").read_text("utf-8").split())
"""Words that begin a sentence with a capital and yet name nobody; how they are known, benchmarks/learn_openers.py
tells."""
SAYING = frozenset(
    "say said says saying suggest argue announce state declare explain note predict told tell tells wrote write"
    " writes added adds argued argue argues claimed claim claims insisted"
    " insists warned warns warn tweeted tweets explained explains noted notes joked asked asks declared stated states"
    " announced announces acknowledged predicted remarked replied responded recalled suggested suggests called calls"
    " cites cited described describes concluded contended maintained observed conceded admitted complained"
    " reported reports".split()
)
"""Words of saying: what they govern is hearsay, whoever says it."""
_OPENING = STOPWORDS | _PLAIN | frozenset(ONES) | frozenset(TENS)
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
    | frozenset(ONES)
    | frozenset(TENS)
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

    def equals(self, other: Figure) -> bool:
        """Whether both may be the same number."""
        return any(abs(a - b) <= 1e-6 * max(abs(a), 1) for a in self.values for b in other.values)


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
        or WEEKDAY.fullmatch(word.removesuffix("'s"))
        or word.casefold() in ("i", *_MONTHS)
        or "i'" in word.casefold()[:2]
    ):
        return False
    if not opening or (word.isupper() and len(word) > 1):
        return word.casefold() not in STOPWORDS or word == "Will" or word.isupper()
    low = word.casefold()
    if re.split("['-]", low)[0] in _OPENING:
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
    for match in _CENTURY.finditer(text):
        years = 50.0 if match["part"].casefold() == "half" else 25.0
        yield Figure(match[0], (years,), "", *_sense(text, *match.span()), *match.span())
    text = _CENTURY.sub(lambda m: " " * len(m[0]), text)
    for match in _FRACTION.finditer(text):
        value = _dozen(match[0]) if match["dozen"] else _share(match)
        if value is not None:
            around = tuple(dict.fromkeys((value, float(int(value)), float(round(value)))))  # two thirds: 66.7, 66, 67
            yield Figure(match[0], around, "" if match["dozen"] else "%", *_sense(text, *match.span()), *match.span())
    text = _FRACTION.sub(lambda m: " " * len(m[0]) if m["dozen"] or _share(m) is not None else m[0], text)
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
            value = float(TENS.get(low, ONES.get(low, 1)) + ONES.get((match["more"] or "").casefold(), 0))
        scale = "" if match["ordinal"] else (match["scale"] or "").casefold()  # the 20th century
        value *= _SCALES.get(scale, 1e6 if scale == "mn" else 1e9 if scale == "bn" else 1)
        after = text[match.end() : match.end() + 9].casefold()
        unit = "%" if match["percent"] else "$" if match["dollar"] or after.startswith((" dollar", "-dollar")) else ""
        yield Figure(match[0].strip(), (value,), unit, *_sense(text, *match.span()), *match.span())


def _dozen(printed: str) -> float:
    return 6.0 if printed.casefold().startswith("half") else 12.0


def _share(match: re.Match[str]) -> float | None:
    """What a fraction is in percent; None for what is none, as "one in 1990" or "6 of 5"."""
    if match["half"]:
        return 50.0
    some, of = match["parts"] or match["some"], match["part"] or match["of"]
    whole = _PARTS.get(of.casefold()) or _count(of)
    part = _count(some)
    return round(100 * part / whole, 1) if 0 < part < whole else None


def _count(word: str) -> int:
    low = word.casefold()
    return int(low) if low.isdigit() else TENS.get(low, ONES.get(low, 1))


def _sense(text: str, start: int, end: int) -> tuple[Sense, str]:
    """How a figure is meant by the words right before it, or by "or more" and the like right after."""
    before, after = text[max(0, start - 24) : start], text[end : end + 30]
    for sense, words in _SENSE:
        if (match := words.search(before)) and not (match[0].casefold().startswith("over") and _LASTS.match(after)):
            return sense, match[0]
    for sense, told in _SENSES_AFTER:
        if match := re.match(told, after):
            return sense, match[0]
    return "just", ""


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
