"""Turns a JSON Lines file into articles, one for each line: {"title": ..., "outlet": ..., "text": ...}."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator
from typing import Final

from index.readers.draft import LONGEST, Draft, decode
from index.readers.fields import draft, kind
from index.records import Origin, Refusal

SUFFIXES: Final = (".jsonl", ".ndjson")

_DECODER: Final = json.JSONDecoder(strict=False)
_EXPECTED = "expected one JSON object on each line"
_HOPELESS: Final = 100  # broken lines before the first that is JSON, after which the rest of a file is left
_BLANK = b" \t\r\n"


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The articles of a file given as its bytes. A line without one is refused by its number, and the rest goes on,
    unless the first hundred are no JSON."""
    begun, broken, whole = False, 0, False
    for number, size, line in _lines(_utf8(chunks)):
        if line is None:
            yield Refusal(path, f"a line of {size / 2**20:.1f} MB; at most {LONGEST // 2**20} MB are read", number)
        elif not begun and (line.strip(_BLANK) in (b"{", b"[") or line.lstrip(_BLANK).startswith(b"[{")):
            yield Refusal(path, f"one JSON document for all; {_EXPECTED} (jq -c '.[]' makes that of a list)", number)
            return
        elif line.strip(_BLANK):
            try:
                content, why = _content(line), ""
            except ValueError as error:
                content, why = None, str(error)
            yield Refusal(path, why, number) if why else _draft(path, number, line, content)
            broken, whole = broken + bool(why), whole or not why
            if broken == _HOPELESS and not whole:
                yield Refusal(path, f"no JSON in {_HOPELESS} lines; what follows was not read", number)
                return
        begun = begun or line is None or bool(line.strip(_BLANK))
    if not begun:
        yield Refusal(path, f"empty; {_EXPECTED}")


def _content(line: bytes) -> object:
    """What a line says. Raises ValueError, which says why it is no JSON."""
    text = decode(line)
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:  # RecursionError: thousands of nested brackets
        raise ValueError(f"not JSON ({error}); {_EXPECTED}") from error


def _draft(path: str, number: int, line: bytes, content: object) -> Draft | Refusal:
    if not isinstance(content, dict):
        return Refusal(path, f"{kind(content)}; {_EXPECTED}", number)
    return draft(content, Origin(path, line=number, sha256=hashlib.sha256(line).hexdigest()))


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
