"""Turns an object of an input, an article's fields under any of their names, into a draft or the reason against it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from index.readers import newsml
from index.readers.draft import Draft
from index.records import Origin, Refusal

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "text": ("text", "body", "content"),
    "id": ("id",),
    "url": ("url",),
    "title": ("title", "headline"),
    "outlet": ("outlet", "source", "publisher"),
    "author": ("author", "byline"),
    "published": ("published", "date", "published_at", "publishedAt"),
    "wire": ("wire",),
    "language": ("language",),
}
"""What an article's fields may be called; the first that is not null counts."""


def draft(content: Mapping[str, Any], origin: Origin, alone: bool = False) -> Draft | Refusal:
    """The draft of an object as JSON knows it; refused where it has no text, or a field of another type.

    Outlet and author may be objects with a name, as NewsAPI gives them, or lists of these. A ninjs item is read as one.
    """
    if newsml.is_ninjs(content):
        return newsml.draft_of(content, origin, alone)
    given = {field: _first(content, names) for field, names in FIELDS.items()}
    for field in ("outlet", "author"):
        name, value = given[field]
        given[field] = name, _named(value)
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


def _first(content: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of the names that has a value, and the value; an empty string only where no other name has one."""
    empty: tuple[str, Any] = (names[0], None)
    for name in names:
        value = content.get(name)
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
