"""Turns a JSON Lines file into articles, one for each line: {"title": ..., "outlet": ..., "text": ...}."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from index.readers.draft import LONGEST, Draft, NotText, decode
from index.records import Origin, Refusal

SUFFIXES: Final = (".jsonl", ".ndjson")
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "text": ("text", "body", "content"),
    "id": ("id",),
    "url": ("url",),
    "title": ("title", "headline"),
    "outlet": ("outlet", "source", "publisher"),
    "author": ("author", "byline"),
    "published": ("published", "date", "published_at"),
    "wire": ("wire",),
    "language": ("language",),
}
"""What an article's fields may be called; the first that is not null counts."""

_EXPECTED = "expected one JSON object on each line"
_BLANK = b" \t\r\n"


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The articles of a file given as its bytes. A line without one is refused by its number, and the rest goes on."""
    begun = False
    for number, size, line in _lines(_utf8(chunks)):
        if line is None:
            yield Refusal(path, f"a line of {size / 2**20:.1f} MB; at most {LONGEST // 2**20} MB are read", number)
        elif not begun and (line.strip(_BLANK) in (b"{", b"[") or line.lstrip(_BLANK).startswith(b"[{")):
            yield Refusal(path, f"one JSON document for all; {_EXPECTED} (jq -c '.[]' makes that of a list)", number)
            return
        elif line.strip(_BLANK):
            yield _draft(path, number, line)
        begun = begun or line is None or bool(line.strip(_BLANK))
    if not begun:
        yield Refusal(path, f"empty; {_EXPECTED}")


def _draft(path: str, number: int, line: bytes) -> Draft | Refusal:
    try:
        content = json.loads(decode(line), strict=False)
    except NotText as error:
        return Refusal(path, str(error), number)
    except (ValueError, RecursionError) as error:  # RecursionError: thousands of nested brackets
        return Refusal(path, f"not JSON ({error}); {_EXPECTED}", number)
    if not isinstance(content, dict):
        return Refusal(path, f"{_kind(content)}; {_EXPECTED}", number)
    given = {field: _first(content, names) for field, names in FIELDS.items()}
    for field, (name, value) in given.items():
        if value is not None and not isinstance(value, str) and not (field == "published" and _is_number(value)):
            return Refusal(path, f"{name!r} is {_kind(value)}; expected a string", number)
    values = {field: value for field, (_, value) in given.items()}
    if values["text"] is None:
        found = ", ".join(repr(name[:40]) for name in list(content)[:8]) or "no fields"
        return Refusal(path, f"no article text; expected it as 'text', 'body' or 'content', found {found}", number)
    if not values["text"].strip("\ufeff\x00 \t\r\n"):
        return Refusal(path, f"{given['text'][0]!r} is empty; expected the article's text", number)
    return Draft(origin=Origin(path, line=number, sha256=hashlib.sha256(line).hexdigest()), **values)


def _first(content: dict[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of the names that has a value, and the value; an empty string only where no other name has one."""
    present = [(name, content[name]) for name in names if content.get(name) is not None]
    filled = (pair for pair in present if pair[1] != "")
    return next(filled, present[0] if present else (names[0], None))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(value: object) -> str:
    """What a JSON value is, in words."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    kinds = {"dict": "an object", "list": "a list", "str": "a string"}
    return kinds.get(type(value).__name__, "a number")


def _utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of a file in UTF-8, as they are but for a byte order mark; of one in UTF-16, transcoded."""
    first = next(chunks, b"")
    if not first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    yield decoder.decode(first).encode("utf-8", "replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")


def _lines(chunks: Iterator[bytes]) -> Iterator[tuple[int, int, bytes | None]]:
    """Each line's number, size and bytes without its end; None for the bytes of one that is too long to hold."""
    number, size, held = 1, 0, bytearray()
    for chunk in chunks:
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            size += len(end)
            yield number, size, bytes(held + end) if size <= LONGEST else None
            number, size = number + 1, 0
            held.clear()
        size += len(rest)
        if size <= LONGEST:
            held += rest
        else:
            held.clear()
    if size:
        yield number, size, bytes(held) if size <= LONGEST else None
