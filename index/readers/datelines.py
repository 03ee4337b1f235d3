"""Finds when a web page was published, and how surely that is known, by its tags, its print and its address."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from index import dates
from index.dates import Published
from index.records import Dated

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNDER: Final = 40  # pieces of text under the headline in which a date is looked for
_HEADINGS: Final = 5  # of which the longest is the headline; the others name the site
_LATER: Final = re.compile(r"\b(?:updated|modified|revised)\b", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d\d)([/_-]?)([01]\d)\2([0-3]\d)(?!\d)")
_AHEAD: Final = 14 * 60  # minutes ahead of UTC that a clock can be
_BEHIND: Final = 12 * 60


def published(given: Iterable[str], tree: HtmlElement, url: str | None) -> tuple[Published | None, Dated]:
    """When a page was published: by what its tags give, best first, else by its print, its address or its structure.

    A moment given in UTC is put into the page's own zone where print, address or another tag show that it was the day
    before or after there: the instant stays, the zone is the nearest one with that day. A moment that is printed whole
    goes before one given: sites mark their local time as UTC, and the reverse.
    """
    days = [day for value in given if (day := _parsed(value))]
    printed = next(_printed(tree), None)
    addressed = _addressed(url)
    stated = next(iter(days), None)
    if isinstance(stated, dt.datetime):
        shown = [*filter(None, (printed, addressed)), *(day for day in days if not isinstance(day, dt.datetime))]
        return _local(stated, next(iter(shown), None)), "metadata"
    if stated or printed:
        return stated or printed, "metadata" if stated else "stated"
    if addressed:
        return addressed, "metadata"
    guessed = _guessed(tree, url)
    return guessed, "inferred" if guessed else "unknown"


def _local(moment: dt.datetime, shown: Published | None) -> dt.datetime:
    """A moment as the page shows it, where that is the day before or after."""
    if shown is None or abs((_day(shown) - moment.date()).days) != 1:
        return moment
    if isinstance(shown, dt.datetime):
        return shown
    if moment.utcoffset():
        return moment
    minutes = moment.hour * 60 + moment.minute
    offset = -(moment.hour + 1) * 60 if shown < moment.date() else -(-(24 * 60 - minutes) // 60) * 60
    if not -_BEHIND <= offset <= _AHEAD:
        return moment
    return moment.astimezone(dt.timezone(dt.timedelta(minutes=offset)))


def _printed(tree: HtmlElement) -> Iterator[Published]:
    """The dates printed under the headline, but for those of later versions. A date that stands anywhere else is as
    likely the day on which the page was served."""
    for piece in under_headline(tree):
        line, element = " ".join(piece.split()), piece.getparent()
        time = element.get("datetime") if element is not None and element.tag == "time" else None
        if _LATER.match(line) and time:
            continue
        found = (dates.parse(time) if time else None) or dates.find_in_line(line)
        if found:
            yield found


def under_headline(tree: HtmlElement) -> list[Any]:
    """The pieces of text right under a page's headline, which know their elements; none where it has no headline."""
    headings = tree.xpath(f"(//h1)[position() <= {_HEADINGS}]")
    if not headings:
        return []
    headline = max(headings, key=lambda heading: len(heading.text_content().strip()))
    pieces: list[Any] = headline.xpath(
        f"(following::text()[normalize-space()][not(parent::script or parent::style)])[position() <= {_UNDER}]"
    )
    return pieces


def _parsed(value: str) -> Published | None:
    """The date of a value that is to hold one, whatever stands beside it there."""
    return dates.parse(value) or dates.lift(value).published


def _addressed(url: str | None) -> dt.date | None:
    """The day that an address holds: /2016/03/03/, -2016-03-03, 20160303."""
    found = _IN_ADDRESS.search(url or "")
    return _day(day) if found and (day := dates.parse(f"{found[1]}-{found[3]}-{found[4]}")) else None


def _guessed(tree: HtmlElement, url: str | None) -> Published | None:
    """The day that the page's structure suggests to htmldate."""
    from htmldate import find_date  # imports dateparser

    logging.getLogger("htmldate").setLevel(logging.CRITICAL + 1)  # what it cannot use is no failure of ours
    return dates.parse(find_date(tree, url=url, original_date=True, extensive_search=False))


def _day(published: Published) -> dt.date:
    return published.date() if isinstance(published, dt.datetime) else published
