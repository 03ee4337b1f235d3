"""Turns what a field or a printed line says about the day of publication into a date or a moment, or into nothing.

Of such a value only what is written counts: a day without a year, "two hours ago" or 3/4/2016 (March or April?) give
None, and a time without a zone gives the date alone. Months are read in English and the languages that `calendars`
knows. In running text, `resolve` turns "on Thursday" into the day that it means in an article of a given day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from index import calendars
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
_ENGLISH_MONTH = re.compile(_ENGLISH, re.IGNORECASE)
_ANY_MONTH = r"(?P<month>(?:[^\W\d_]|[\u0900-\u0dff]){2,15})\.?"  # with the vowel signs of India, which are no letters
_NO_MONTHS: Final = frozenset("the of and for a an de del".split())
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        rf"(?<![^\W\d_]){_ANY_MONTH}\s*(?P<day>\d{{1,2}}){_ORDINAL},?\s+(?P<year>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}(?:\s+(?:of|de))?[\s-]+{_ANY_MONTH},?(?:\s+del?)?[\s-]+(?P<year>\d{{4}})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|\d\d)(?![\d/])",
        r"(?<![\d-])(?P<first>\d{1,2})-(?P<second>\d{1,2})-(?P<year>\d{4})(?![\d-])",
        rf"(?<!\d)(?P<year>\d{{4}})\.?\s+{_ANY_MONTH}\s+(?P<day>\d{{1,2}})(?![\d:]|,? \d{{4}})",
        r"(?<!\d)(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]",
        r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?:,|\s+năm)?\s+(?P<year>\d{4})(?!\d)",
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
_FEW: Final = {"a": 1} | {
    word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)
}
_YEARS_AWAY: Final = {"this": 0, "last": -1, "next": 1}
_CAPITAL = "|".join(name.capitalize() for name in _ENGLISH.split("|"))
_YEARLESS = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s?[:%°$€£]|[,.]\d)(?!,?\s+(?:19|20)\d\d\b| attacks| terror)"
_RELATIVE = re.compile(
    r"\b(?:(?:[MTWFS]\w{2,5}day,? )?(?:"
    rf"(?P<month>(?:{_CAPITAL})\b\.?)\s{_YEARLESS.format('number')}"
    rf"|{_YEARLESS.format('number2')}\s(?:of )?(?P<month2>(?:{_CAPITAL})\b)(?!\.?,?\s+(?:19|20)\d\d\b))"
    r"(?P<year>,? (?:this|last|next) year)?"
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
_WEEKDAY = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?", re.IGNORECASE)
_DAY_ALONE = re.compile(rf"(?:{_ENGLISH})\b\.? \d{{1,2}}\b|\b\d{{1,2}} (?:{_ENGLISH})\b", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}|/\d\d")
_FOUR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_OFFSET = re.compile(r"(?:GMT|UTC)?\s?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_AMERICAN = re.compile(r"[ecmp][sd]?t|ak[sd]t|hst", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:last\s+)?(?:updated|modified|revised|mis(?:e)? à jour|modifiée?|actualizad[oa]|atualizad[oa]|aktualisiert"
    r"|aggiornato|bijgewerkt|zaktualizowano|aktualizacja|aktualizováno|обновлено|оновлено|güncelle\w+|diperbarui"
    r"|uppdaterad|oppdatert|opdateret|päivitetty|frissítve)\b|更新|수정",
    re.IGNORECASE,
)
_VERSION = re.compile(rf"({_LATER.pattern}|\b(?:first\s+)?(?:published|posted|created)\b)", re.IGNORECASE)
_GLUED = re.compile(r"(?<=[ ,](?:19|20)\d\d)(?=\d{1,2}:\d\d)|\bthe\s(?=\d{1,2}(?:st|nd|rd|th)\b)")
_AGO = re.compile(
    r"\b(?:há|hace|il y a|vor)\s\d+\s\w+|\b\d+\s\w+\s(?:ago|fa|назад|тому|temu|önce|geleden|sedan|siden)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|published|posted|created|uploaded|issued"
    r"|released"
    r"|printed|first|last|date|time|online|on|at|in|print|edition)\b\.?",
    re.IGNORECASE,
)
_AROUND = _WORDS.pattern + r"|\b(?:and|gmt|utc|local)\b"
_WORDS_AROUND = re.compile(rf"^(?:\W*(?:{_AROUND}))+|(?:(?:{_AROUND})\W*)+$|^\W+$", re.IGNORECASE)
_PLACES: Final = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "UK": "Europe/London",
    "EASTERN": "America/New_York",
    "CENTRAL": "America/Chicago",
    "MOUNTAIN": "America/Denver",
    "PACIFIC": "America/Los_Angeles",
}
_ABBREVIATED: Final = (
    "0 Z UT UTC GMT WET, 1 WEST BST CET WAT, 2 CEST EET CAT SAST, 3 EEST MSK EAT IDT TRT, 3.5 IRST, 4 GST, 5 PKT, "
    "5.5 IST, 5.75 NPT, 7 WIB ICT, 8 SGT HKT PHT MYT WITA AWST, 9 JST KST WIT, 9.5 ACST, 10 AEST, 10.5 ACDT, 11 AEDT, "
    "12 NZST, 13 NZDT, -3 BRT ART, -4 EDT, -5 EST CDT COT PET, -6 CST MDT, -7 MST PDT, -8 PST AKDT, -9 AKST, -10 HST"
)
_HOURS: Final = {name: float(group.split()[0]) for group in _ABBREVIATED.split(", ") for name in group.split()[1:]}
"""Hours ahead of UTC. Abbreviations that name several zones are read as the news prints them most: CST as Chicago's."""
_TIME = re.compile(
    r"(?<![\d:.])(?:(?:T|(?:at|à|às|um)\s+)?(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?|\s*h(?:rs)?\b)?|(?P<hour12>\d{1,2})\s*(?P<half12>[ap])\.?m\b\.?"
    r"|(?P<hour4>\d{2})(?P<minute4>\d{2})\s?(?=GMT|UTC|hrs))"
    r"(?:,?\s*\(?(?P<zone>(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?"
    r"|(?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)?(?: (?:Standard|Daylight))? [Tt]ime\b|Eastern\b|Central\b|Mountain\b|Pacific\b)"
    r"|(?:{ZONES})\b|(?-i:[A-Z]{2,5})\b)(?:\s*\([A-Z]{1,5}\)|\))?)?"
    r"(?:\s*uhr\b)?(?:\s*\(\d{4} [A-Z]{3,4}\))?".replace("{ZONES}", "|".join((*_PLACES, *_HOURS))),
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
        if month and match["year"]:
            return _date(day.year + _YEARS_AWAY[match["year"].split()[-2]], month, number)
        return _nearest(month, number, day, past=bool(_SAID_BEFORE.search(before))) if month else None
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
    labels = _VERSION.split(_GLUED.sub(" ", _AGO.sub(" ", line)))
    parts = [_lifted(part) for part in labels[::2]]
    if len(parts) == 1:
        return parts[0]
    if sum(part.dated for part in parts) < 2:  # one day, and perhaps the time of a later version
        return _lifted(" ".join(labels[::2]))
    later = [bool(_LATER.fullmatch(label)) for label in ("", *labels[1::2])]
    by_version = [part.published for _, part in sorted(zip(later, parts, strict=True), key=itemgetter(0))]
    return Lifted(" | ".join(part.rest for part in parts), True, next(filter(None, by_version), None))


def alone(line: str) -> bool:
    """Whether a line is the bare date of a day, perhaps without its year or with its weekday, without time or any word
    that says what happened then."""
    if len(line) > _LONGEST or _TIME.search(_without(line, list(_matches(line)))):
        return False
    return yearless(line) or not re.search(r"\w", _WEEKDAY.sub("", _without(line, list(_matches(line)))))


def yearless(line: str) -> bool:
    """Whether a line is nothing but a day without its year, with or without weekday and time: "3 Feb, 12:45"."""
    if len(line) > _LONGEST or not any(map(str.isdigit, line)) or not _DAY_ALONE.search(line):
        return False
    return not re.search(r"\w", _WORDS_AROUND.sub("", _TIME.sub(" ", _DAY_ALONE.sub(" ", line, count=1))))


def _lifted(text: str) -> Lifted:
    matches = list(_matches(text))
    if not matches:
        return Lifted(text if re.search(r"\w", _WORDS.sub(" ", text)) else "")
    rest = _without(text, matches)
    times = list(_TIME.finditer(rest))
    time = next(iter(times), None)
    rest = _without(rest, times)
    foreign = not all(_ENGLISH_MONTH.fullmatch(match.groupdict().get("month") or "") for match in matches)
    parts = [part.strip(" ,()") for part in rest.split("|")]
    named = (time["zone"] or next((part for part in parts if _zone(part)), "")) if time else ""
    rest = "|".join(filter(None, (_unworded(part, foreign) for part in parts if not named or part != named)))
    zone, american = _zone(named), bool(_AMERICAN.fullmatch(named))
    days = {day for match in matches if (day := _day(match, american))}
    if len(days) > 1:  # from one day to another
        return Lifted(text)
    day = next(iter(days), None)
    if day is None or time is None:
        return Lifted(rest, True, day)
    try:
        clock = _clock(time)
    except ValueError:
        return Lifted(text)
    return Lifted(rest, True, dt.datetime.combine(day, clock, zone) if zone else day)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """The dates in a text, in order and not overlapping, possible or not."""
    if not _YEAR.search(text):
        return
    at = 0
    found = sorted(
        (match for pattern in _DATES for match in pattern.finditer(text)),
        key=lambda match: (match.start(), -match.end()),
    )
    for match in found:
        month = match.groupdict().get("month")
        if match.start() >= at and (month is None or _month(month)):
            at = match.end()
            yield match


def _without(text: str, matches: list[re.Match[str]]) -> str:
    """A text with "|" where the matches stand."""
    for match in reversed(matches):
        text = f"{text[: match.start()]} | {text[match.end() :]}"
    return text


def _unworded(part: str, foreign: bool) -> str:
    """What stands beside a date without the words that belong to it."""
    part = _WORDS_AROUND.sub("", part)
    if not foreign or not part:
        return part
    words = part.split()
    while words and calendars.filler(words[0].strip(":,.")):
        words.pop(0)
    while words and calendars.filler(words[-1].strip(":,.")):
        words.pop()
    return " ".join(words) if any(map(str.isalnum, " ".join(words))) else ""


def _day(match: re.Match[str], american: bool) -> dt.date | None:
    """The day, None when there is no such day, or 3/4/2016 may be two; in America the month stands first."""
    parts = match.groupdict()
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    if "first" not in parts:
        month = _month(parts["month"])
        return _date(year, month, int(parts["day"])) if month else None
    first, second = int(parts["first"]), int(parts["second"])
    if american or second > 12 or first == second:
        return _date(year, first, second)
    return _date(year, second, first) if first > 12 else None


def _month(name: str) -> int | None:
    """A month by its number or its name, 1 to 12; None for any other word."""
    if name.isdigit():
        return int(name)
    if _ENGLISH_MONTH.fullmatch(name):
        return 1 + _MONTHS.index(name[:3].lower())
    return None if name.lower() in _NO_MONTHS else calendars.month(name)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _clock(time: re.Match[str]) -> dt.time:
    """The time of day; raises ValueError when there is no such time."""
    hour = int(time["hour"] or time["hour12"] or time["hour4"])
    half = (time["half"] or time["half12"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"{hour} {half}.m.")
        hour = hour % 12 + (12 if half == "p" else 0)
    return dt.time(hour, int(time["minute"] or time["minute4"] or 0), int(time["second"] or 0))


def _zone(name: str) -> dt.tzinfo | None:
    """The zone of an abbreviation or an offset; None for one that is not known, or that means several."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        ahead = dt.timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return dt.timezone(ahead if offset[1] == "+" else -ahead) if ahead < dt.timedelta(hours=15) else None
    place = re.sub(r"(?: standard| daylight)? time$", "", name, flags=re.IGNORECASE)
    if place.upper() in _PLACES:
        return ZoneInfo(_PLACES[place.upper()])
    if place != name:
        return ZoneInfo(_cities()[place.lower()]) if place.lower() in _cities() else None
    hours = _HOURS.get(name.upper())
    return None if hours is None else dt.UTC if hours == 0 else dt.timezone(dt.timedelta(hours=hours))


@cache
def _cities() -> dict[str, str]:
    """The zones by the cities that name them: "Moscow time" is that of Europe/Moscow."""
    return {zone.rpartition("/")[2].replace("_", " ").lower(): zone for zone in sorted(available_timezones())}


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
