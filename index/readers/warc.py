"""Turns a web archive (WARC, as crawlers keep what they fetched) into articles, one for each web page in it.

The day of a crawl is not the day of publication, so it dates nothing.
"""

from __future__ import annotations

import dataclasses
import email.message
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from index.readers import html
from index.readers.draft import LONGEST, Draft
from index.records import Refusal

SUFFIXES: Final = (".warc", ".warc.gz")

_PIECE: Final = 2**16  # bytes read at once
_KINDS: Final = ("text/html", "application/xhtml+xml")


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The articles of an archive given as its bytes. Where it breaks off it is refused; what came before stays."""
    try:
        from warcio.archiveiterator import WARCIterator  # 0.1 s, and installed only where wanted
    except ModuleNotFoundError:
        yield Refusal(path, "reading web archives needs a library more; run: pip install 'whence[warc]'")
        return
    crawl = _Crawl(_Unpacked(chunks), WARCIterator)
    for page in crawl.pages():
        yield _article(path, page)
    if not crawl.found + crawl.skipped:
        yield Refusal(path, f"not a web archive that can be read ({crawl.broken or 'empty'})")
    elif crawl.broken:
        yield Refusal(path, f"breaks off ({crawl.broken}); web pages read before it: {crawl.found}")
    elif not crawl.found:
        yield Refusal(path, f"no web page in it; records of other kinds or statuses skipped: {crawl.skipped}")


@dataclass(frozen=True, slots=True)
class _Page:
    """A web page as it was fetched: its address, its bytes, and the encoding that its header names."""

    url: str
    content: bytes
    charset: str | None


def _article(path: str, page: _Page) -> Draft | Refusal:
    draft = html.read_page(path, page.content, page.url, page.charset)
    if isinstance(draft, Refusal):
        return Refusal(path, f"{page.url}: {draft.reason}")
    return dataclasses.replace(draft, alone=False, origin=dataclasses.replace(draft.origin, member=page.url))


class _Crawl:
    """An archive's records, read once: how many pages were found, how many records skipped, and why it ended where it
    does not end by itself."""

    def __init__(self, archive: _Unpacked, iterator: Any) -> None:
        self.found = self.skipped = 0
        self.broken: str | None = None
        self._archive, self._iterator = archive, iterator

    def pages(self) -> Iterator[_Page]:
        """Each web page, as it comes."""
        record: Any = None
        try:
            for record in self._iterator(self._archive):
                page = _page(record)
                if page is None:
                    self.skipped += 1
                    continue
                while record.raw_stream.read(_PIECE):  # what stands after the page
                    pass
                if _cut(record):
                    break
                self.found += 1
                yield page
        except Exception as error:  # warcio meets a broken archive with many kinds: ValueError, AttributeError, its own
            self.broken = f"{type(error).__name__}: {str(error)[:120]}"
        if record is not None and (_cut(record) or not self._archive.tail.endswith((b"\n\r\n", b"\n\n"))):
            self.broken = "in the middle of a record"  # warcio says nothing of one that ends in its header
        self.broken = self._archive.broken or self.broken


def _page(record: Any) -> _Page | None:
    """The page that a record holds; None where it holds none, or not the whole."""
    answer, url = record.http_headers, record.rec_headers.get_header("WARC-Target-URI")
    if record.rec_type != "response" or answer is None or answer.get_statuscode() != "200" or not url:
        return None
    kind = email.message.Message()
    kind["content-type"] = answer.get_header("Content-Type") or ""
    if kind.get_content_type() not in _KINDS or record.rec_headers.get_header("WARC-Truncated"):
        return None
    content: bytes = record.content_stream().read(html.LONGEST + 1)
    return _Page(url.strip("<>"), content, kind.get_content_charset()) if len(content) <= html.LONGEST else None


def _cut(record: Any) -> bool:
    """Whether a record that was read to its end is shorter than it says."""
    return bool(getattr(record.raw_stream, "limit", True))


class _Unpacked:
    """An archive's bytes, unpacked where they are packed, as a file that is read once; `broken` says why it ended,
    `tail` is its last bytes so far."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.broken: str | None = None
        packed = io.BufferedReader(_Chunked(chunks))
        self._bytes = gzip.GzipFile(fileobj=packed) if packed.peek(2).startswith(b"\x1f\x8b") else packed
        self._line = 0
        self.tail = b""

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes of those that come next; none at the end."""
        try:
            piece = self._bytes.read1(size)  # not `read`: where packed bytes are cut, that keeps back those before
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            self.broken = str(error)
            return b""
        self.tail = (self.tail + piece)[-4:]
        end = piece.rfind(b"\n")
        self._line = len(piece) - end - 1 if end >= 0 else self._line + len(piece)
        if self._line > LONGEST:  # a line of a header would be held whole
            self.broken = f"no line's end in {LONGEST // 2**20} MB"
            return b""
        return piece


class _Chunked(io.RawIOBase):
    """Pieces of bytes as a raw file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._held = chunks, b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, room: Any, /) -> int:
        """Fills the room with what comes next, as far as it goes; 0 at the end."""
        view = memoryview(room).cast("B")
        self._held = self._held or next(self._chunks, b"")
        piece, self._held = self._held[: len(view)], self._held[len(view) :]
        view[: len(piece)] = piece
        return len(piece)
