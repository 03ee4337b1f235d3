"""Turns rows of the archive into records and back, and a query's filters into conditions."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import operator
from collections.abc import Sequence

from index.database import Row
from index.records import Article, Aside, Credit, Origin, Query, Span

ARTICLE = (
    "SELECT a.number, a.id, a.revision, a.url, a.title, a.outlet, a.author, a.published, a.dated, a.first_day,"
    " a.last_day, a.wire, a.language, a.text, a.asides, a.origin FROM articles a"
)
"""The columns that `to_article` takes, in order."""


def digest(article: Article) -> str:
    """A hash of all that makes an article what it is; equal for an article read again unchanged."""
    told = [article.url, article.title, article.outlet, article.author, to_iso(article.published), article.wire]
    return hashlib.blake2b(json.dumps([*told, article.text]).encode(), digest_size=16).hexdigest()


def conditions(query: Query | None) -> tuple[str, list[str]]:
    """SQL conditions (each led by AND) for a query's filters, and their values."""
    if query is None:
        return "", []
    where, values = "", list[str]()
    if query.outlets:
        where += f" AND a.outlet IN ({','.join('?' * len(query.outlets))})"
        values += query.outlets
    if query.since:
        where += " AND a.day >= ?"
        values.append(query.since.isoformat())
    if query.until:
        where += " AND a.day <= ?"
        values.append(query.until.isoformat())
    return where, values


def to_iso(value: dt.date | None) -> str | None:
    """A day or a moment as it is kept."""
    return None if value is None else value.isoformat()


def to_day(value: str | None) -> dt.date | None:
    """A day that was kept."""
    return None if value is None else dt.date.fromisoformat(value)


def _to_moment(value: str | None) -> dt.date | dt.datetime | None:
    if value is None or len(value) == len("2016-01-01"):
        return to_day(value)
    return dt.datetime.fromisoformat(value)


def to_article(row: Row) -> Article:
    """The article of a row of `ARTICLE`."""
    (
        _,
        id_,
        revision,
        url,
        title,
        outlet,
        author,
        published,
        dated,
        first,
        last,
        wire,
        language,
        text,
        asides,
        origin,
    ) = row
    window = (dt.date.fromisoformat(first), dt.date.fromisoformat(last)) if first and last else None
    return Article(
        id=id_,
        text=text,
        revision=revision,
        url=url,
        title=title,
        outlet=outlet,
        author=author,
        published=_to_moment(published),
        dated=dated,
        window=window,
        wire=wire,
        language=language,
        asides=tuple(Aside(*aside) for aside in json.loads(asides)),
        origin=_to_origin(origin),
    )


_FIELDS = operator.attrgetter(*(field.name for field in dataclasses.fields(Origin)))


def from_origin(origin: Origin) -> str:
    """An origin as it is kept: its fields, in order."""
    return json.dumps(_FIELDS(origin))


def from_asides(asides: Sequence[Aside]) -> str:
    """Asides as they are kept."""
    return json.dumps([[aside.kind, aside.start, aside.end] for aside in asides])


def _to_origin(value: str) -> Origin:
    """An origin as it was kept; earlier versions of the program knew fewer of its fields."""
    values = json.loads(value)
    return Origin(*values[:6], *(tuple(pages) for pages in values[6:]))


def to_spans(values: list[list[int]]) -> tuple[Span, ...]:
    """Spans that were kept as JSON."""
    return tuple([(start, end) for start, end in values])  # a third of a generator's time


def to_credit(row: Row) -> Credit:
    """The credit of a row: its article's id and revision, name, kind, relation, how sure, its spans as JSON."""
    article_id, revision, name, kind, relation, sure, spans = row
    source, cue, content, about = map(to_spans, json.loads(spans))
    return Credit(article_id, revision, source, cue, content, name, kind, relation, about, sure)
