"""Turns an object of an input, an article's fields under any of their names, into a draft or the reason against it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from index.readers import newsml
from index.readers.draft import Draft
from index.records import Origin, Refusal

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "text": (
        "text", "body", "content", "fulltext", "articletext", "articlebody", "bodytext", "maintext", "article", "story",
    ),
    "id": ("id", "articleid"),
    "url": ("url", "link", "articleurl", "weburl", "permalink"),
    "title": ("title", "headline", "articletitle", "webtitle", "newstitle"),
    "outlet": (
        "outlet", "source", "publisher", "publication", "newspaper", "newsoutlet", "sourcename", "publishername",
        "newssource", "sitename", "sourcedomain",
    ),
    "author": ("author", "byline", "authors", "authorname", "writer"),
    "published": (
        "published", "date", "publishedat", "publicationdate", "pubdate", "datepublished", "publisheddate",
        "publishdate", "datepublish", "webpublicationdate", "datetime", "timestamp",
    ),
    "wire": ("wire",),
    "language": ("language", "lang"),
}  # fmt: skip
"""What an article's fields may be called, as `known` writes names; the first that is not null counts."""

_FIELD_OF: Final = {name: field for field, names in FIELDS.items() for name in names}


@lru_cache(1024)
def known(name: str) -> str | None:
    """The field of an article that a name means, in any case, words parted by anything: "Publication Date",
    "publication_date" and "publicationDate" are `published`; None for another name."""
    return _FIELD_OF.get("".join(filter(str.isalnum, name)).lower())


def draft(content: Mapping[str, Any], origin: Origin, alone: bool = False) -> Draft | Refusal:
    """The draft of an object as JSON knows it; refused where it has no text, or a field of another type.

    Outlet and author may be objects with a name, as NewsAPI gives them, or lists of these. A ninjs item is read as one.
    """
    if newsml.is_ninjs(content):
        return newsml.draft_of(content, origin, alone)
    given = _given(content)
    for field in ("outlet", "author"):
        name, value = given[field]
        given[field] = name, _named(value)
    name, value = given["id"]
    given["id"] = name, str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    for field, (name, value) in given.items():
        if value is not None and not isinstance(value, str) and not (field == "published" and _is_number(value)):
            return refusal(origin, f"{name!r} is {kind(value)}; expected a string")
    values = {field: value for field, (_, value) in given.items()}
    if values["text"] is None:
        found = ", ".join(repr(name[:40]) for name in list(content)[:8]) or "no fields"
        return refusal(origin, f"no article text; expected it as 'text', 'body' or 'content', found {found}")
    if not values["text"].strip("\ufeff\x00 \t\r\n"):
        return refusal(origin, f"{given['text'][0]!r} is empty; expected the article's text")
    return Draft(origin=origin, alone=alone, **values)


def refusal(origin: Origin, reason: str) -> Refusal:
    """The refusal of what stands at that place, which its reason names where it is no line."""
    return Refusal(origin.path, f"{origin.member}: {reason}" if origin.member else reason, origin.line)


def kind(value: object) -> str:
    """What a JSON value is, in words."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    kinds = {"dict": "an object", "list": "a list", "str": "a string"}
    return kinds.get(type(value).__name__, "a number")


def _given(content: Mapping[str, Any]) -> dict[str, tuple[str, Any]]:
    """For each field the best of the names that have a value, and the value; an empty string only where no other name
    has one."""
    called: dict[str, list[str]] = {field: [] for field in FIELDS}
    for name in content:
        if field := known(name):
            called[field].append(name)
    return {
        field: _first(content, sorted(names, key=_rank) if len(names) > 1 else names) for field, names in called.items()
    }


def _rank(name: str) -> int:
    """How early a name stands among those of its field."""
    bare = "".join(filter(str.isalnum, name)).lower()
    return FIELDS[_FIELD_OF[bare]].index(bare)


def _first(content: Mapping[str, Any], names: list[str]) -> tuple[str, Any]:
    empty: tuple[str, Any] = (names[0] if names else "", None)
    for name in names:
        value = content[name]
        if value not in (None, ""):
            return name, value
        if value is not None and empty[1] is None:
            empty = name, value
    return empty


def _named(value: Any) -> Any:
    """The name of an object that has one, and the names of a list joined by commas; anything else as it is."""
    given = value if isinstance(value, list) else [value]
    names = [one.get("name", one) if isinstance(one, dict) else one for one in given]
    told = [name for name in names if name is not None]
    return (", ".join(told) or None) if all(isinstance(name, str) for name in told) else value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
