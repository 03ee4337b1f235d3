"""Turns an input's bytes into what readers take: pieces, pieces of text, or a file to seek in."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import IO, Final

from index.readers.draft import decode, encoding

_PIECE: Final = 2**18  # bytes read at once
_HIGH: Final = bytes(range(128, 256))

Stream = IO[bytes] | io.BufferedIOBase


class Chunks:
    """A stream's bytes in pieces. A reader that must seek takes the stream through `seekable`."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self.stream.read(_PIECE)
        if not piece:
            raise StopIteration
        return piece


def seekable(chunks: Iterator[bytes], most: int) -> Stream | None:
    """The file behind the pieces where it lets itself be sought, else their bytes in memory; None: more than `most`."""
    if isinstance(chunks, Chunks) and chunks.stream.seekable():
        return chunks.stream
    held = io.BytesIO()
    for chunk in chunks:
        if held.tell() + len(chunk) > most:
            return None
        held.write(chunk)
    held.seek(0)
    return held


def texts(chunks: Iterator[bytes]) -> Iterator[str]:
    """Bytes in pieces as text in pieces, without a byte order mark, in the encoding that `draft.encoding` finds in the
    first piece with more than ASCII. Raises NotText."""
    held = next(chunks, b"")
    decode(held.rstrip(_HIGH))  # only to refuse what is no text
    while held and (sample := held.rstrip(_HIGH) or held[_PIECE:]).isascii():  # the last letter may be cut
        yield sample.decode("ascii")
        piece = next(chunks, b"")
        if not piece:
            sample = held = held[len(sample) :]
            break
        held = held[len(sample) :] + piece
    name = encoding(sample) if held else "utf-8"
    decoder = codecs.getincrementaldecoder("utf-8-sig" if name == "utf-8" else name)("replace")
    yield decoder.decode(held)
    for piece in chunks:
        yield decoder.decode(piece)
    yield decoder.decode(b"", True)
