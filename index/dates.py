"""Turns what a field or a printed line says about the day of publication into a date or a moment, or into nothing.

Only what is written counts: a day without a year, "two hours ago" or 3/4/2016 (March or April?) give None, and a time
without a zone gives the date alone. Month names are English.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

Published = dt.date | dt.datetime

YEARS: Final = range(1600, 2200)
"""Years a newspaper can bear; the first appeared in 1605. Anything else is a misprint or no date."""

_LONGEST = 120  # characters of a value or line that are looked at; a date with its words takes no more
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        r"\b" + _MONTH.format("month") + r"\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})\b",
        r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+"
        + _MONTH.format("month")
        + r",?[\s-]+(?P<year>\d{4})\b",
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})(?!\d)",
    )
)
_MONTH_AND_YEAR = re.compile(
    _MONTH.format("month") + r"(?:\s+\d{1,2}(?:st|nd|rd|th)?,?)?\s+(?P<year>\d{4})\b", re.IGNORECASE
)
_TIME = re.compile(
    r"(?<![\d:.])(?:(?:T|at\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?|\s*h(?:rs)?\b)?|(?P<hour12>\d{1,2})\s*(?P<half12>[ap])\.?m\b\.?)"
    r"(?:\s*\(?(?P<zone>(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?|[A-Z]{1,5})\b(?:\s*\([A-Z]{1,5}\)|\))?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:GMT|UTC)?\s?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_LATER = re.compile(r"\b(?:last\s+)?(?:updated|modified|revised)\b", re.IGNORECASE)
_WORDS = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|published|posted|created|uploaded|issued|released"
    r"|printed|first|last|date|time|online|on|at|in|print|edition)\b\.?",
    re.IGNORECASE,
)
_PLACES: Final = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
_ABBREVIATED: Final = (
    "0 Z UT UTC GMT WET, 1 WEST BST CET WAT, 2 CEST EET CAT SAST, 3 EEST MSK EAT, 5 PKT, 5.5 IST, 7 WIB, "
    "8 SGT HKT PHT AWST, 9 JST KST, 9.5 ACST, 10 AEST, 11 AEDT, 12 NZST, 13 NZDT, "
    "-4 EDT, -5 EST CDT, -6 CST MDT, -7 MST PDT, -8 PST AKDT, -9 AKST, -10 HST"
)
_HOURS: Final = {name: float(group.split()[0]) for group in _ABBREVIATED.split(", ") for name in group.split()[1:]}
"""Hours ahead of UTC. Abbreviations that name several zones are read as the news prints them most: CST as Chicago's."""


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
    return find_in_line(text)


def months(text: str) -> frozenset[tuple[int, int]]:
    """The months that a running text names with their year ("in late May 2016"), as (year, month)."""
    return frozenset(
        (int(match["year"]), _MONTHS.index(match["month"][:3].lower()) + 1) for match in _MONTH_AND_YEAR.finditer(text)
    )


def find_in_line(line: str) -> Published | None:
    """The date of a line that holds nothing else than a date, a time and words such as "Published" and "Updated".

    Of a first and a later version the first counts. None when anything else stands in the line.
    """
    if len(line) > _LONGEST:
        return None
    versions = [_one(part) for part in _LATER.split(line)]
    if not all(only_date for only_date, _ in versions):
        return None
    return next((published for _, published in versions if published), None)


def _one(text: str) -> tuple[bool, Published | None]:
    """Whether a text holds nothing but a date and a time, and the date, when one is there and possible."""
    match = next((found for pattern in _DATES if (found := pattern.search(text))), None)
    rest = text[: match.start()] + " " + text[match.end() :] if match else text
    time = _TIME.search(rest)
    rest = rest[: time.start()] + " " + rest[time.end() :] if time else rest
    if re.search(r"\w", _WORDS.sub(" ", rest)):
        return False, None
    day = _day(match) if match else None
    if day is None or time is None:
        return True, day
    try:
        clock = _clock(time)
    except ValueError:
        return False, None
    zone = _zone(time["zone"] or "")
    return True, dt.datetime.combine(day, clock, zone) if zone else day


def _day(match: re.Match[str]) -> dt.date | None:
    parts = match.groupdict()
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = max(first, second), min(first, second)
    else:
        day = int(parts["day"])
        month = int(parts["month"]) if parts["month"].isdigit() else _MONTHS.index(parts["month"][:3].lower()) + 1
    return _date(int(parts["year"]), month, day)


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
