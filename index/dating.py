"""Turns the days that a text tells of into when it was published where nothing says so, or into doubt of its date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Final

from index import calendars, dates
from index.records import Article, Aside, Span

SOON: Final = dt.timedelta(days=7)
"""How long after a day that a report names with its weekday, or after a post that it quotes, it appears at most: so for
all 24 of 1,008 articles whose newest day is one of these, 21 within three days."""

SLACK: Final = dt.timedelta(days=1)
"""What two printings of one day may differ by: the zones of the event and the outlet, a paper of the next morning."""

NEAR: Final = dt.timedelta(days=7)
"""How far apart copies of one text appear at most: all 7 pairs of copies among 1,008 articles within a day."""

_HEAD: Final = 120  # characters of a story in which its dateline stands
_ENGLISH = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b"
)

_AHEAD = re.compile(
    r"(?:\b(?:will|would|until|by|before|through|next|scheduled|set|due|expires?|upcoming|deadline|after|from|since|beginning"
    r"|starting|effective|election|called)\b[^.;!?\n]{0,60}|\bfor )$",
    re.IGNORECASE,
)
_PAST_BEFORE = re.compile(
    r"\b(?:\w{2,}ed|was|were|said|told|held|had|died|won|lost|went|came|began|took|left|met|fell)\b[^.;!?\n]{0,60}$"
)
_PAST_AFTER = re.compile(
    r"[^.;!?\n]{0,60}\b(?:was|were|said|told|held|had|died|won|lost|went|came|began|took|left|met|fell)\b"
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+),? (?:(?:the|den|le|el|il|o|a|de|på|w|в|у) )?$")
_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
_DATELINE = re.compile(r"(?:(?:[^\W\d_a-zà-öø-ÿ][\w.'’-]*|d[aeiou]l?|of|and|la|le|el),? ){1,6}")
_DATELINE_AFTER = re.compile(r"\.? ?(?:\([^()\n]{2,40}\)|/[^/\n]{2,20}/\.?)? ?(?:[-–—]{1,2} |/)")
_POST_BEFORE = re.compile(r"(?:\(@\w+\)|\bdate=\")\s*$")
_YEARS = re.compile(r"(?<![\d,.$#:/])(?:19|20)\d\d(?![\d,]?\d)")


def inferred(
    text: str, asides: Sequence[Aside], today: dt.date
) -> tuple[dt.date | None, tuple[dt.date, dt.date] | None]:
    """When a text without a date was published, as far as what it tells of shows: the likeliest day, and the first and
    last possible. The day is None where they lie far apart, both are where nothing shows.

    It cannot have appeared before the newest day that it tells of, nor after `today`, on which it is read. A day named
    with its weekday, or a post quoted with its date, is news. A text that names a later year is about the past.
    """
    told = [(span, day) for span, day in _told(text, asides) if day <= today]
    if not told:
        return None, None
    (start, _), newest = max(told, key=lambda mention: mention[1])
    if any(newest.year < int(year[0]) <= today.year for year in _YEARS.finditer(text)):
        return None, None
    before = text[max(0, start - 40) : start]
    if _weekday(before, text[start : start + 40]) or _POST_BEFORE.search(before):
        return newest, (newest - SLACK, min(newest + SOON, today))
    return None, (newest, today)


def dateline(story: str) -> dt.date | None:
    """The day that the dateline which opens a story names with its year ("PARIS, March 3, 2016 (AFP) - "), on which it
    was filed."""
    head = story[:_HEAD]
    for (start, end), day in dates.mentioned(head):
        if _DATELINE.fullmatch(head[:start]) and _DATELINE_AFTER.match(head, end):
            return day
    return None


def _weekday(before: str, printed: str) -> bool:
    """Whether a date stands beside its weekday, in any language."""
    found = _WORD_BEFORE.search(before)
    if found is None:
        return False
    return bool(_WEEKDAY.fullmatch(found[1])) or (not _ENGLISH.match(printed) and calendars.weekday(found[1]))


def beside(article: Article, first: dt.date, last: dt.date, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """The first and last possible day of an article without a date that is a copy of dated ones, the first and last of
    which appeared on those days: a week around them, as far as the days that its own text tells of allow.

    None where its text tells of a later day. Which of them copied which is not known, so no single day is.
    """
    _, told = inferred(article.text, article.asides, today)
    begin, end = max(first - NEAR, told[0] if told else dt.date.min), min(last + NEAR, today)
    return (begin, end) if begin <= end else None


def doubt(article: Article) -> str | None:
    """Why the article's date cannot be right, in a few words; None where its text does not contradict it.

    It does when it tells of a later day as past, or prints another date of its own, by more than a day.
    """
    day = article.day
    if day is None or article.dated == "inferred":
        return None
    for span, told in _told(article.text, article.asides):
        if told > day + SLACK and _past(article.text, span):
            return f"the text tells of {_printed(told)} as past"
    for aside in article.asides:
        line = article.text[aside.start : aside.end]
        own = dates.first(line) if aside.kind in ("date", "byline") else None
        if own and abs(own - day) > SLACK:
            return f"the text itself is dated {_printed(own)}"
    return None


def _told(text: str, asides: Sequence[Aside]) -> Iterator[tuple[Span, dt.date]]:
    """The days of the story itself that it does not look ahead to."""
    for (start, end), day in dates.mentioned(text):
        if any(aside.start <= start < aside.end for aside in asides):
            continue
        if not _AHEAD.search(text[max(0, start - 70) : start]):
            yield (start, end), day


def _past(text: str, span: Span) -> bool:
    start, end = span
    return bool(_PAST_BEFORE.search(text[max(0, start - 80) : start]) or _PAST_AFTER.match(text[end : end + 70]))


def _printed(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
