"""Turns paths (files, folders, web addresses, standard input) into articles, and into refusals: which holds none, why.

One module reads each kind of input: its `read` turns a file's bytes into drafts, which `draft.article` completes.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from index.readers import archives, feeds, html, jsonlines, jsons, mail, newsml, pdf, tables, text, warc, web
from index.readers.draft import Draft, Reader, article
from index.readers.fetch import Web
from index.readers.streams import Chunks
from index.records import Article, Refusal

READERS: Final[dict[str, Reader]] = {
    suffix: reader.read
    for reader in (text, jsonlines, jsons, tables, html, pdf, mail, feeds, newsml, warc)
    for suffix in reader.SUFFIXES
}
"""Which reader takes files of which suffix."""
READERS.update(dict.fromkeys(tables.PARQUET, tables.read_parquet))
READERS.update(dict.fromkeys(archives.SUFFIXES, functools.partial(archives.read, READERS)))

_HEAD: Final = 4096  # bytes by which standard input is told
_PAGE: Final = frozenset("html head body title meta link script style article section main header div h1 p".split())
"""What the first element of a web page, or of a piece of one, may be called."""


def read(
    paths: Iterable[str | Path],
    stdin: IO[bytes] | None = None,
    held: web.Held = lambda _: None,
    fetcher: Web | None = None,
    under: Path | None = None,
) -> Iterator[Article | Refusal]:
    """The articles of files and folders (with all that lies below them, hidden names aside), and every refusal.

    `-` is standard input (`stdin`, else the process's own), told by how it begins: JSON, JSON Lines, a web page, XML,
    or else one plain text. A web address is fetched, politely, by `fetcher`: a page, the items of a feed or the pages
    of a sitemap; an article that is `held` already and unchanged there is given as it is held. Files that lie below
    `under` are called by their path from there.
    """
    with contextlib.closing(fetcher or Web()) as fetching:
        for path in paths:
            if str(path) == "-":
                drafts: Iterator[Draft | Article | Refusal] = _standard_input(stdin or sys.stdin.buffer)
            elif isinstance(path, str) and web.is_address(path):
                drafts = web.read(path, fetching, held)
            else:
                drafts = _path(Path(path), under)
            for draft in drafts:
                yield article(draft) if isinstance(draft, Draft) else draft


def reread(held: Iterable[tuple[Article, bytes]]) -> Iterator[Article | Refusal]:
    """Articles taken anew out of the web pages that were kept with them."""
    for found, page in held:
        draft = html.reread(found, page)
        yield article(draft) if isinstance(draft, Draft) else draft


def _path(given: Path, under: Path | None) -> Iterator[Draft | Refusal]:
    """What a file, or every file below a folder, in order of names, holds."""
    waiting, visited = [given], set[tuple[int, int]]()
    while waiting:
        path = waiting.pop()
        name = _name(path.relative_to(under) if under and path.is_relative_to(under) else path)
        try:
            found = path.stat()
            if not stat.S_ISDIR(found.st_mode):
                yield from _file(path, name, found.st_mode)
            elif (place := (found.st_dev, found.st_ino)) not in visited:  # links may lead round in circles
                visited.add(place)
                entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
                if path == given and not entries:
                    yield Refusal(name, "the folder holds no files")
                waiting.extend(reversed(entries))
        except FileNotFoundError:
            yield Refusal(name, "there is no such file or folder")
        except OSError as error:
            yield Refusal(name, f"cannot be read: {error.strerror}")


def _file(path: Path, name: str, mode: int) -> Iterator[Draft | Refusal]:
    suffix = path.suffix.lower()
    reader = READERS.get("".join(path.suffixes[-2:]).lower()) or READERS.get(suffix)  # .warc.gz goes before .gz
    if reader is None:
        what = f"'{suffix}' files" if suffix else "files without a suffix"
        yield Refusal(name, f"no reader for {what}; readable: {' '.join(READERS)}")
    elif not stat.S_ISREG(mode):
        yield Refusal(name, "not a regular file")
    else:
        with path.open("rb") as stream:
            yield from reader(name, Chunks(stream))


def _standard_input(stream: IO[bytes]) -> Iterator[Draft | Refusal]:
    chunks, head = Chunks(stream), b""
    for chunk in chunks:
        head += chunk
        if len(_bare(head)) > _HEAD:
            break
    yield from _reader_of(_bare(head[:_HEAD]))("-", itertools.chain([head], chunks))


def _reader_of(head: bytes) -> Reader:
    """Which reader takes what begins so."""
    if head.startswith((b"{", b"[")):
        return jsons.read
    outermost = newsml.outermost(head)
    if outermost.lower() in _PAGE:
        return html.read
    return newsml.read if head.startswith(b"<?xml") or outermost in newsml.ROOTS else text.read


def _bare(head: bytes) -> bytes:
    """The bytes from the first that is neither blank nor a byte order mark."""
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")


def _name(path: Path) -> str:
    """A path as we print it and as an article is named by it; bytes in it that are no UTF-8 are shown as U+FFFD."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
