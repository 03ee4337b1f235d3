"""Turns what a field or a printed line says about the day of publication into a date or a moment, or into nothing.

Of such a value only what is written counts: a day without a year, "two hours ago" or 3/4/2016 (March or April?) give
None, and a time without a zone gives the date alone. Months are read in English and the languages of Western Europe. In
running text, `resolve` turns "on Thursday" into the day that it means in an article of a given day.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from index.records import Record, Span

Published = dt.date | dt.datetime

YEARS: Final = range(1600, 2200)
"""Years a newspaper can bear; the first appeared in 1605. Anything else is a misprint or no date."""

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_LONGEST = 120  # characters of a value or line that are looked at; a date with its words takes no more
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = rf"(?P<month>{_ENGLISH})\b\.?"
_ABROAD: Final = (
    "januar janvier enero gennaio janeiro januari, februar février febrero febbraio fevereiro februari, "
    "märz mars marzo março maart, avril abril aprile, mai mayo maggio maio mei, juni juin junio giugno junho, "
    "juli juillet julio luglio julho, août agosto augustus, septembre septiembre setiembre settembre setembro, "
    "oktober octobre octubre ottobre outubro, novembre noviembre novembro, dezember décembre diciembre dicembre "
    "dezembro december"
)
_ELSEWHERE: Final = {name: month for month, group in enumerate(_ABROAD.split(", "), 1) for name in group.split()}
_ANY_MONTH = rf"(?P<month>{'|'.join(_ELSEWHERE)}|{_ENGLISH})\b\.?"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"\b" + _ANY_MONTH + rf"\s*(?P<day>\d{{1,2}}){_ORDINAL},?\s+(?P<year>\d{{4}})\b",
        rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}(?:\s+(?:of|de))?[\s-]+"
        + _ANY_MONTH
        + r",?(?:\s+del?)?[\s-]+(?P<year>\d{4})\b",
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|\d\d)(?![\d/])",
    )
)
_MONTH_AND_YEAR = re.compile(_MONTH + r"(?:\s+\d{1,2}(?:st|nd|rd|th)?,?)?\s+(?P<year>\d{4})\b", re.IGNORECASE)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFTS: Final = {
    **dict.fromkeys(["today", "tonight", "this morning", "this afternoon", "this evening", "earlier today"], 0),
    **dict.fromkeys(["yesterday", "last night", "yesterday morning", "yesterday afternoon", "yesterday evening"], -1),
    **dict.fromkeys(["tomorrow", "tomorrow morning", "tomorrow night"], 1),
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}
_FEW: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_CAPITAL = "|".join(name.capitalize() for name in _ENGLISH.split("|"))
_YEARLESS = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s?[:%°$€£]|[,.]\d)(?!,?\s+(?:19|20)\d\d\b| attacks| terror)"
_RELATIVE = re.compile(
    r"\b(?:(?:[MTWFS]\w{2,5}day,? )?(?:"
    rf"(?P<month>(?:{_CAPITAL})\b\.?)\s{_YEARLESS.format('number')}"
    rf"|{_YEARLESS.format('number2')}\s(?P<month2>(?:{_CAPITAL})\b)(?!\.?,?\s+(?:19|20)\d\d\b))"
    rf"|(?i:(?P<ago>\d{{1,2}}|{'|'.join(_FEW)}) (?P<unit>day|week)s? ago)"
    rf"|(?<!USA )(?P<word>(?i:{'|'.join(sorted(_SHIFTS, key=len, reverse=True))}))"
    r"|(?:(?P<which>(?i:this coming|this past|last|next|this|past|coming)) )?"
    r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)(?: (?:morning|afternoon|evening|night))?"
    rf"(?!,? (?:{_CAPITAL})\b\.? \d|,? \d{{1,2}} (?:{_CAPITAL})\b)"
    r")\b"
)
_NO_DAY_BEFORE = re.compile(
    r"\b(?:every|each|any|a|an|one|black|good|super|cyber|ash|bloody|easter|palm|fat|casual|giving|the following"
    r"|the previous"
    r"|that|the)\s$",
    re.IGNORECASE,
)
_NO_DAY_AFTER = re.compile(
    r"['’]?s?\s(?:Times|Telegraph|Mirror|Express|Mail|Post|Herald|Star|Tribune|Sun|People|World|Night (?:Live"
    r"|Football)|Show)\b"
    r"|\s(?:after|before) (?:that|the)\b"
)
_SAID_BEFORE = re.compile(
    r"\b(?:\w+ed|said|told|wrote|spoke|met|went|came|won|lost|held|began|took|made)\s(?:on\s|late\s|early\s)?$"
)
_AHEAD_BEFORE = re.compile(
    r"(?:\b(?:until|till|by|before|starting|beginning|effective)\s(?:on\s)?|\b(?:will|would|shall|is to|are to|to be"
    r"|set (?:to|for)"
    r"|scheduled|expected|plans?|planned|planning|due|upcoming|begins?|opens?|starts?|meets?|votes?"
    r"|takes? place)\b[^.;!?\n]{0,60})$"
)
_AHEAD_AFTER = re.compile(r"[^.;!?\n]{0,40}\b(?:will|shall|(?:is|are) (?:to|set|due|scheduled|expected))\b")
_FOUR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_OFFSET = re.compile(r"(?:GMT|UTC)?\s?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_AMERICAN = re.compile(r"[ecmp][sd]?t|ak[sd]t|hst", re.IGNORECASE)
_LATER = re.compile(r"\b(?:last\s+)?(?:updated|modified|revised)\b", re.IGNORECASE)
_WORDS = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|published|posted|created|uploaded|issued"
    r"|released"
    r"|printed|first|last|date|time|online|on|at|in|print|edition)\b\.?",
    re.IGNORECASE,
)
_AROUND = (
    _WORDS.pattern + r"|\b(?:and|gmt|utc|publicado|publié|veröffentlicht|pubblicato|gepubliceerd|el|le|am|il|op|en)\b"
)
_WORDS_AROUND = re.compile(rf"^(?:\W*(?:{_AROUND}))+|(?:(?:{_AROUND})\W*)+$|^\W+$", re.IGNORECASE)
_PLACES: Final = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "UK": "Europe/London",
}
_ABBREVIATED: Final = (
    "0 Z UT UTC GMT WET, 1 WEST BST CET WAT, 2 CEST EET CAT SAST, 3 EEST MSK EAT, 5 PKT, 5.5 IST, 7 WIB, "
    "8 SGT HKT PHT AWST, 9 JST KST, 9.5 ACST, 10 AEST, 11 AEDT, 12 NZST, 13 NZDT, "
    "-4 EDT, -5 EST CDT, -6 CST MDT, -7 MST PDT, -8 PST AKDT, -9 AKST, -10 HST"
)
_HOURS: Final = {name: float(group.split()[0]) for group in _ABBREVIATED.split(", ") for name in group.split()[1:]}
"""Hours ahead of UTC. Abbreviations that name several zones are read as the news prints them most: CST as Chicago's."""
_TIME = re.compile(
    r"(?<![\d:.])(?:(?:T|(?:at|à|um)\s+)?(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?|\s*h(?:rs)?\b)?|(?P<hour12>\d{1,2})\s*(?P<half12>[ap])\.?m\b\.?)"
    r"(?:,?\s*\(?(?P<zone>(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?|(?:{ZONES})\b"
    r"|(?-i:[A-Z]{2,5})\b)(?:\s*\([A-Z]{1,5}\)|\))?)?"
    r"(?:\s*uhr\b)?".replace("{ZONES}", "|".join((*_PLACES, *_HOURS))),
    re.IGNORECASE,
)


def parse(value: object) -> Published | None:
    """A field's value as a date, or as a moment with its zone: ISO 8601, RFC 2822, the usual English forms, or a number
    of seconds or milliseconds since 1970 (UTC). None for anything else, for impossible dates and for other types."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _epoch(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return _epoch(int(text)) if len(text) in (10, 13) else _compact(text)
    if iso := _ISO.fullmatch(text):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    return find_in_line(text)


def first(line: str) -> dt.date | None:
    """The day that a line of a header gives for a first version, None where it gives none or only a later one's."""
    published = None if _LATER.search(line) else lift(line).published
    return published.date() if isinstance(published, dt.datetime) else published


def mentioned(text: str) -> list[tuple[Span, dt.date]]:
    """The days that a running text names with month and year ("on Oct. 26, 2022"), in order, each with its span."""
    found = dict[Span, dt.date]()
    for year in _FOUR.finditer(text):  # first, for few texts have many
        for pattern in _DATES[1:3]:
            match = pattern.search(text, max(0, year.start() - 24), year.end())
            day = _day(match, american=False) if match and match.end() == year.end() else None
            if match and day:
                found.setdefault(match.span(), day)
    return sorted(found.items())


def resolve(text: str, day: dt.date) -> tuple[tuple[Span, dt.date], ...]:
    """The days that a text published on that day means by words such as "on Thursday", "yesterday", "last night",
    "next Friday", "three days ago" or "Nov. 4" (whose year it leaves out), in order, each with the span of the words.

    A weekday alone is the last one up to that day, or the next one where the sentence looks ahead ("will meet on
    Friday", "until Friday"). What any rule leaves open ("every Monday", "a Sunday") is not among them.
    """
    found = [(match.span(), meant) for match in _RELATIVE.finditer(text) if (meant := _meant(match, day)) is not None]
    return tuple(found)


def _meant(match: re.Match[str], day: dt.date) -> dt.date | None:
    """The day of one such expression, None where it means no single day."""
    before, after = match.string[max(0, match.start() - 100) : match.start()], match.string[match.end() :][:60]
    if match["month"] or match["month2"]:
        month, number = _month(match["month"] or match["month2"]), int(match["number"] or match["number2"])
        return _nearest(month, number, day, past=bool(_SAID_BEFORE.search(before)))
    if match["ago"]:
        number = _FEW.get(match["ago"].lower()) or int(match["ago"] if match["ago"].isdigit() else 0)
        return day - dt.timedelta(days=number * (7 if match["unit"].lower() == "week" else 1)) if number else None
    if match["word"]:
        return day + dt.timedelta(days=_SHIFTS[" ".join(match["word"].lower().split())])
    if _NO_DAY_BEFORE.search(before) or _NO_DAY_AFTER.match(after):
        return None
    ahead = (_WEEKDAYS.index(match["weekday"][:3].lower()) - day.weekday()) % 7
    which = (match["which"] or "").lower().split()[-1:]
    if which in (["next"], ["coming"]):
        return day + dt.timedelta(days=ahead or 7)
    if which in (["last"], ["past"]):
        return day + dt.timedelta(days=ahead - 7)
    if which == ["this"]:
        return day + dt.timedelta(days=ahead if day.weekday() + ahead < 7 else ahead - 7)
    if not ahead:
        return day
    coming = not _SAID_BEFORE.search(before) and (_AHEAD_BEFORE.search(before) or _AHEAD_AFTER.match(after))
    return day + dt.timedelta(days=ahead if coming else ahead - 7)


def _nearest(month: int, number: int, day: dt.date, past: bool) -> dt.date | None:
    """That day of the year nearest to another day, or the last one up to it."""
    years = (_date(year, month, number) for year in (day.year - 1, day.year, day.year + 1))
    near = [one for one in years if one and not (past and one > day + dt.timedelta(days=1))]
    return min(near, key=lambda one: abs(one - day), default=None)


def months(text: str) -> frozenset[tuple[int, int]]:
    """The months that a running text names with their year ("in late May 2016"), as (year, month)."""
    return frozenset(
        (int(match["year"]), _MONTHS.index(match["month"][:3].lower()) + 1) for match in _MONTH_AND_YEAR.finditer(text)
    )


@dataclass(frozen=True, slots=True)
class Lifted(Record):
    """A line's date, if it holds one (`dated`) and that is possible and clear, and the rest, "|" where date and time
    stood."""

    rest: str
    dated: bool = False
    published: Published | None = None


def find_in_line(line: str) -> Published | None:
    """The date of a line that holds nothing else than a date, a time and words such as "Published" and "Updated".

    Of a first and a later version the first counts. None when anything else stands in the line.
    """
    lifted = lift(line)
    return None if re.search(r"\w", lifted.rest) else lifted.published


def lift(line: str) -> Lifted:
    """The date of a line and what else stands in it, without words such as "Published". A long line has no date."""
    if len(line) > _LONGEST or not re.search(r"\d", line):
        return Lifted(line)
    versions = [_lifted(part) for part in _LATER.split(line)]
    return Lifted(
        " | ".join(version.rest for version in versions),
        any(version.dated for version in versions),
        next((version.published for version in versions if version.published), None),
    )


def _lifted(text: str) -> Lifted:
    match = next((found for pattern in _DATES if (found := pattern.search(text))), None)
    if match is None:
        return Lifted(text if re.search(r"\w", _WORDS.sub(" ", text)) else "")
    rest = text[: match.start()] + " | " + text[match.end() :]
    time = _TIME.search(rest)
    rest = rest[: time.start()] + " | " + rest[time.end() :] if time else rest
    rest = "|".join(filter(None, (_WORDS_AROUND.sub("", part) for part in rest.split("|"))))
    zone = _zone(time["zone"] or "") if time else None
    day = _day(match, american=bool(time and _AMERICAN.fullmatch(time["zone"] or "")))
    if day is None or time is None:
        return Lifted(rest, True, day)
    try:
        clock = _clock(time)
    except ValueError:
        return Lifted(text)
    return Lifted(rest, True, dt.datetime.combine(day, clock, zone) if zone else day)


def _day(match: re.Match[str], american: bool) -> dt.date | None:
    """The day, None when there is no such day, or 3/4/2016 may be two; in America the month stands first."""
    parts = match.groupdict()
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    if "first" not in parts:
        return _date(year, _month(parts["month"]), int(parts["day"]))
    first, second = int(parts["first"]), int(parts["second"])
    if american or second > 12 or first == second:
        return _date(year, first, second)
    return _date(year, second, first) if first > 12 else None


def _month(name: str) -> int:
    """A month by its number or its name, 1 to 12."""
    return int(name) if name.isdigit() else _ELSEWHERE.get(name.lower()) or 1 + _MONTHS.index(name[:3].lower())


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _clock(time: re.Match[str]) -> dt.time:
    """The time of day; raises ValueError when there is no such time."""
    hour, half = int(time["hour"] or time["hour12"]), (time["half"] or time["half12"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"{hour} {half}.m.")
        hour = hour % 12 + (12 if half == "p" else 0)
    return dt.time(hour, int(time["minute"] or 0), int(time["second"] or 0))


def _zone(name: str) -> dt.tzinfo | None:
    """The zone of an abbreviation or an offset; None for one that is not known, or that means several."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        ahead = dt.timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return dt.timezone(ahead if offset[1] == "+" else -ahead) if ahead < dt.timedelta(hours=15) else None
    if name.upper() in _PLACES:
        return ZoneInfo(_PLACES[name.upper()])
    hours = _HOURS.get(name.upper())
    return None if hours is None else dt.UTC if hours == 0 else dt.timezone(dt.timedelta(hours=hours))


def _compact(digits: str) -> dt.date | None:
    return _date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) == 8 else None


def _epoch(number: float) -> Published | None:
    """Seconds or milliseconds since 1970; too small a number (1973 in seconds) could be anything. 20160303 is a day."""
    if isinstance(number, int) and 16_000_000 <= number < 22_000_000:
        return _compact(str(number))
    if not 1e8 <= number < 1e14:
        return None
    moment = dt.datetime.fromtimestamp(number / 1000 if number >= 1e11 else number, dt.UTC)
    return moment if moment.year in YEARS else None
