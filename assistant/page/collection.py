"""The collection as it is browsed: filtered, sorted, counted over time, a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.views.markup import day
from index.errors import BadQuery
from index.index import Index
from index.records import Article, Query

LISTED = 50
"""Articles shown of the collection at a time."""

ORDERS = ("Newest first", "Oldest first", "By outlet", "By headline")

ANY_WIRE, NO_WIRE = "All", "Not wire copy"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a reader asked to see of the collection."""

    query: Query
    order: str = ORDERS[0]
    wire: str = ANY_WIRE


def filtered(outlets: Sequence[str] | None, since: str | None, until: str | None, text: str = "") -> Query:
    """The filters as a query.

    Raises:
        BadQuery: a day that is none, or a last day before the first.
    """
    first, last = day_in(since), day_in(until)
    if first and last and last < first:
        raise BadQuery(f"No day lies from {day(first)} until {day(last)}. Put the earlier day first.")
    return Query(text, tuple(outlets or ()), first, last)


def day_in(text: str | None) -> dt.date | None:
    """The day that was typed; None where nothing was.

    Raises:
        BadQuery: it is no day.
    """
    typed = (text or "").strip()
    try:
        return dt.date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise BadQuery(f"{typed!r} is not a day. Write it as 2014-08-27.") from error


def listed(index: Index, shelf: Shelf) -> list[Article]:
    """The live articles that pass the filters and, where there is text, hold all its words.

    Raises:
        BadQuery: a filter that cannot be applied.
    """
    if shelf.query.text:
        found = list({hit.article.id: hit.article for hit in index.scan(shelf.query)}.values())
    else:
        found = list(index.articles(shelf.query))
    if shelf.wire == NO_WIRE:
        found = [article for article in found if article.wire is None]
    elif shelf.wire != ANY_WIRE:
        found = [article for article in found if article.wire == shelf.wire]
    if shelf.order == "By outlet":
        return sorted(found, key=lambda a: (a.outlet is None, a.outlet))
    if shelf.order == "By headline":
        return sorted(found, key=lambda a: (a.title is None, (a.title or "").casefold()))
    undated = [article for article in found if article.day is None]
    dated = sorted((a for a in found if a.day), key=lambda a: str(a.day), reverse=shelf.order == "Newest first")
    return dated + undated


def wires(articles: Sequence[Article]) -> list[str]:
    """What a reader can choose of wire copy."""
    agencies = sorted({article.wire for article in articles if article.wire})
    return [ANY_WIRE, *agencies, NO_WIRE] if agencies else [ANY_WIRE]
