"""Turns a plain text or Markdown file into one article, whose title, byline and date are those printed in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from index.readers.draft import LONGEST, Draft, NotText, decode
from index.records import Origin, Refusal

SUFFIXES: Final = (".txt", ".text", ".md", ".markdown")


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The one article of a file given as its bytes, or the reason why there is none."""
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > LONGEST:
            yield Refusal(path, f"more than {LONGEST // 2**20} MB of text; expected one article")
            return
    try:
        text = decode(bytes(raw))
    except NotText as error:
        yield Refusal(path, str(error))
        return
    if not text.strip("\ufeff\x00 \t\r\n"):
        yield Refusal(path, "no text in it" if raw else "empty")
        return
    yield Draft(text, Origin(path, sha256=hashlib.sha256(raw).hexdigest()), alone=path != "-")
