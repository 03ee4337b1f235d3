"""Turns a JSON document into articles: a list of them, one alone, or a list somewhere below; JSON Lines too."""

from __future__ import annotations

import codecs
import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from index.readers import fields, jsonlines, newsml
from index.readers.draft import LONGEST, Draft, NotText
from index.readers.streams import texts
from index.records import Origin, Refusal

SUFFIXES: Final = (".json",)

_LISTS: Final = ("articles", "items", "data", "results", "documents", "hits")
"""What a list of articles is usually called: others count only where none of these holds any."""

_LARGEST: Final = 4 * LONGEST  # bytes of a document that is no list, which is held whole
_DEPTH: Final = 6  # objects inside one another in which lists are looked for
_BETWEEN = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder(strict=False)
_BLANK: Final = codecs.BOM_UTF8 + codecs.BOM_UTF16 + b"\x00 \t\r\n"
_LINES = re.compile(rb"\s*\{[^\n]*\}[ \t\r]*\n\s*\{")
_EXPECTED: Final = "expected an article, a list of articles, or an object that holds one list of them"


class _Broken(Exception):
    """A list that is no JSON from some line on."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The articles of a file given as its bytes. A list is read article by article, whatever its length."""
    head = b""
    for chunk in chunks:
        head += chunk
        if head.lstrip(_BLANK).startswith(b"[") or b"\n" in head.lstrip() or len(head) > LONGEST:
            break
    head += next(chunks, b"")  # the second line's beginning
    whole = itertools.chain([head], chunks)
    try:
        if _LINES.match(head.removeprefix(codecs.BOM_UTF8)):
            yield from jsonlines.read(path, whole)
        elif head.lstrip(_BLANK).startswith(b"["):
            yield from _list(path, texts(whole))
        else:
            yield from _document(path, whole)
    except NotText as error:
        yield Refusal(path, str(error))


def _list(path: str, pieces: Iterator[str]) -> Iterator[Draft | Refusal]:
    """The articles of a list, of which one is held at a time."""
    number = 0
    try:
        for line, value in _elements(pieces):
            yield _draft(value, path, f"[{number}]", line)
            number += 1
    except _Broken as error:
        yield Refusal(path, f"not JSON ({error.reason}); what follows was not read", error.line)
    else:
        if not number:
            yield Refusal(path, f"an empty list; {_EXPECTED}")


def _document(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The articles of a document that is no list."""
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > _LARGEST:
            reason = f"more than {_LARGEST // 2**20} MB in one object; save its articles as a list or as JSON Lines"
            yield Refusal(path, f"{reason} (jq -c '.articles[]')")
            return
    if not raw.strip(_BLANK):
        yield Refusal(path, f"empty; {_EXPECTED}")
        return
    text = "".join(texts(iter([bytes(raw)])))
    try:
        document = json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        yield Refusal(path, f"not JSON ({error.msg})", error.lineno)
        return
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, thousands of nested brackets
        yield Refusal(path, f"not JSON ({error})")
        return
    if not isinstance(document, dict):
        yield Refusal(path, f"{fields.kind(document)}; {_EXPECTED}")
        return
    if _is_article(document):
        origin = Origin(path, sha256=hashlib.sha256(raw).hexdigest())
        yield fields.draft(_unwrapped(document), origin, alone=path != "-")
        return
    lists = _articles(document)
    if len(lists) > 1:
        yield Refusal(path, f"more than one list of articles: {', '.join(lists)}; {_EXPECTED}")
    elif not lists:
        found = ", ".join(repr(name[:40]) for name in list(document)[:8]) or "no fields"
        yield Refusal(path, f"no articles; {_EXPECTED}, found {found}")
    for place, values in lists.items() if len(lists) == 1 else ():
        if not values:
            yield Refusal(path, f"{place} is empty; expected articles")
        for number, value in enumerate(values):
            yield _draft(value, path, f"{place}[{number}]", None)


def _draft(value: object, path: str, place: str, line: int | None) -> Draft | Refusal:
    """The draft of an element, whose place is written as jq writes it."""
    sha256 = hashlib.sha256(json.dumps(value).encode()).hexdigest()
    origin = Origin(path, place, line, sha256)
    if not isinstance(value, dict):
        return fields.refusal(origin, f"{fields.kind(value)}; expected an article")
    return fields.draft(_unwrapped(value), origin)


def _articles(document: dict[str, Any]) -> dict[str, list[Any]]:
    """The lists, by their places, that articles are to be read from: one where it is clear which."""
    lists = dict(_lists(document, "", _DEPTH))
    named = {place: values for place, values in lists.items() if place.rpartition(".")[2] in _LISTS}
    for some in (named, lists):
        found = {place: values for place, values in some.items() if any(map(_is_article, values))}
        if found:
            return found
    return named


def _lists(document: dict[str, Any], place: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """Every list below an object, but for lists in lists, and its place."""
    for name, value in document.items():
        if isinstance(value, list):
            yield place + name, value
        elif isinstance(value, dict) and depth:
            yield from _lists(value, f"{place}{name}.", depth - 1)


def _is_article(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    content = _unwrapped(value)
    return newsml.is_ninjs(content) or any(
        fields.known(name) == "text" and isinstance(given, str) for name, given in content.items()
    )


def _unwrapped(value: dict[str, Any]) -> dict[str, Any]:
    """An article without the wrapping in which search engines give it: {"_id": ..., "_source": {...}}."""
    source = value.get("_source")
    return {"id": value.get("_id"), **source} if isinstance(source, dict) else value


def _elements(pieces: Iterator[str]) -> Iterator[tuple[int, object]]:
    """Each element of a list and its line. Raises _Broken where the list breaks off."""
    held = next(pieces, "")
    at = held.index("[") + 1
    line = 1 + held.count("\n", 0, at)
    while True:
        gap = _BETWEEN.match(held, at)
        start = gap.end() if gap else at
        line, at = line + held.count("\n", at, start), start
        if held.startswith("]", at):
            break
        try:
            value, end, reason = *_DECODER.raw_decode(held, at), ""
        except json.JSONDecodeError as error:
            value, end, reason = None, 0, error.msg if at < len(held) else "the list is never closed"
        except (ValueError, RecursionError) as error:  # numbers of thousands of digits, thousands of nested brackets
            raise _Broken(line, str(error)) from None
        if reason or end == len(held):  # perhaps cut: a number would not show it
            if len(held) - at > LONGEST:
                raise _Broken(line, f"or an article of more than {LONGEST // 2**20} MB")
            more = _more(pieces, len(held) - at)
            if more:
                held, at = held[at:] + more, 0
                continue
        if reason:
            raise _Broken(line, reason)
        yield line, value
        line, at = line + held.count("\n", at, end), end
    if held[at + 1 :].strip() or any(piece.strip() for piece in pieces):
        raise _Broken(line, "text after the end of the list")


def _more(pieces: Iterator[str], size: int) -> str:
    """At least so many further characters, so that reading again costs no more than reading; fewer at the end."""
    more: list[str] = []
    for piece in pieces:
        more.append(piece)
        size -= len(piece)
        if size <= 0:
            break
    return "".join(more)
