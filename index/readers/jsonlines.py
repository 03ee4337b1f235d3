"""Turns a JSON Lines file into articles, one for each line: {"title": ..., "outlet": ..., "text": ...}."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator
from typing import Final

from index.readers.draft import LONGEST, Draft, NotText, decode
from index.readers.fields import draft, kind
from index.records import Origin, Refusal

SUFFIXES: Final = (".jsonl", ".ndjson")

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
