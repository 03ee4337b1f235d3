"""Turns archives into what their members hold, each handed to the reader of its suffix; nothing is written to disk.

`news.zip` holding `a.txt` gives an article of path `news.zip` and member `a.txt`; an archive within it, `in.zip/a.txt`.
A packed file (`news.jsonl.gz`) is read as what it holds, under its own path.
"""

from __future__ import annotations

import bz2
import collections
import dataclasses
import functools
import gzip
import io
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any, Final, cast

from index.readers.draft import Draft, Reader
from index.readers.streams import Chunks, Stream, seekable
from index.records import Origin, Refusal


def _gunzip(stream: Any) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=stream)


_PACKED: Final[dict[str, tuple[Callable[[Any], Any], str]]] = {
    ".gz": (_gunzip, ""),
    ".tgz": (_gunzip, ".tar"),
    ".bz2": (bz2.BZ2File, ""),
    ".tbz2": (bz2.BZ2File, ".tar"),
    ".xz": (lzma.LZMAFile, ""),
    ".txz": (lzma.LZMAFile, ".tar"),
}
"""What unpacks a suffix, and the suffix that stands for it in the name of what is packed."""

SUFFIXES: Final = (".zip", ".tar", *_PACKED)

_DEPTH: Final = 5  # archives and packings inside one another
_RATIO: Final = 200  # bytes unpacked for one packed; text gives 3 to 30, a bomb 1,000 and more
_FREE: Final = 64 * 2**20  # bytes unpacked before the ratio counts
_TOTAL: Final = 256 * 2**30  # bytes unpacked of one archive
_HELD: Final = 128 * 2**20  # bytes of an archive inside another, which is held whole, and of one read
_NAMED: Final = 100  # members that no reader takes which are refused by name; the rest is counted

_PIECE: Final = 2**18  # bytes skipped at once
_LEADS_OUT = re.compile(r"^[/\\]|^[A-Za-z]:[/\\]|(?:^|[/\\])\.\.(?:[/\\]|$)")
_NOT_A_FILE: Final = "a link or a device, not a file"

_DAMAGE: Final = (
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    EOFError,
    OSError,
    ValueError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,  # in tar: a header that announces a header that announces ...
    struct.error,
)
"""What the libraries raise over an archive that is damaged, or packed in a way they do not know."""


class _Damaged(Exception):
    """An archive, or a member of one, that cannot be unpacked further."""


class _Bomb(Exception):
    """More bytes than an archive of its size may hold; `path` is the member that went too far."""

    path: str | None = None


def read(readers: Mapping[str, Reader], path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The articles of an archive or a packed file, by `readers` of suffixes. What cannot be read is refused by name,
    and the rest goes on as far as the damage allows."""
    stream = seekable(chunks, _HELD)
    if stream is None:
        yield Refusal(path, f"an archive of more than {_HELD // 2**20} MB that is no file; save it first")
        return
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if not size:
        yield Refusal(path, "empty")
        return
    unpacking = _Unpacking(readers, size)
    try:
        for draft in unpacking.read(path, path, stream):
            yield draft if isinstance(draft, Refusal) else dataclasses.replace(draft, origin=_place(path, draft.origin))
    except _Bomb as error:
        yield Refusal(error.path or path, str(error))
    yield from unpacking.uncounted(path)


def _place(path: str, origin: Origin) -> Origin:
    """A member's origin, whose path is `path` and what follows in it, as the archive's path and the member."""
    member = "/".join(filter(None, (origin.path[len(path) + 1 :], origin.member)))
    return dataclasses.replace(origin, path=path, member=member or None)


class _Unpacking:
    """The reading of one archive with all that lies inside it: what it may still unpack to, and what it leaves out."""

    def __init__(self, readers: Mapping[str, Reader], size: int) -> None:
        self._readers = readers
        self._left = min(_TOTAL, _FREE + _RATIO * size)
        self._unfit: collections.Counter[str] = collections.Counter()

    def read(self, path: str, name: str, stream: Stream, depth: int = 0) -> Iterator[Draft | Refusal]:
        """What the reader of a name's suffix makes of a file; `path` says where it is."""
        try:
            if depth > _DEPTH:
                yield Refusal(path, f"more than {_DEPTH} archives inside one another")
            else:
                yield from self._file(path, name, stream, depth)
        except _Damaged as error:
            yield Refusal(path, f"damaged, or not what its name says: {str(error)[:200]}")
        except _Bomb as error:
            error.path = error.path or path
            raise

    def uncounted(self, path: str) -> Iterator[Refusal]:
        """One refusal for the members that were left out without being named."""
        unnamed = self._unfit.total() - _NAMED
        if unnamed > 0:
            reasons = ", ".join(f"{reason} ({count})" for reason, count in self._unfit.most_common(5))
            yield Refusal(path, f"{unnamed} more members are left out; with the {_NAMED} named: {reasons}")

    def spend(self, size: int) -> None:
        """Counts bytes that were unpacked. Raises _Bomb when they are too many."""
        self._left -= size
        if self._left < 0:
            raise _Bomb(
                f"unpacks to more than {_RATIO} times the archive's size or {_TOTAL // 2**30} GB; "
                "where it can be trusted, unpack it and add the folder"
            )

    def _file(self, path: str, name: str, stream: Stream, depth: int) -> Iterator[Draft | Refusal]:
        suffix = PurePosixPath(name).suffix.lower()
        if suffix == ".zip":
            yield from self._members(path, _zip(stream), depth)
        elif suffix == ".tar":
            yield from self._members(path, _tar(_Unpacked(lambda: stream, self)), depth)
        elif suffix in _PACKED:
            unpack, ending = _PACKED[suffix]
            unpacked = _Unpacked(lambda: unpack(stream), self)
            yield from self.read(path, name[: -len(suffix)] + ending, unpacked, depth + 1)
        elif reader := self._readers.get(suffix):
            yield from reader(path, Chunks(stream))
        else:
            yield from self._left_out(path, f"no reader for '{suffix}' files" if suffix else "no suffix, so no reader")

    def _members(self, path: str, members: Iterator[_Member], depth: int) -> Iterator[Draft | Refusal]:
        found = False
        for member in members:
            name = _clean(member.name)
            out = not name or _LEADS_OUT.search(member.name)
            reason = "its name leads out of the archive" if out else member.unfit
            if not reason and any(part.startswith(".") or part == "__MACOSX" for part in name.split("/")):
                continue
            found = True
            if reason:
                yield from self._left_out(f"{path}/{name}", reason)
            else:
                yield from self.read(f"{path}/{name}", name, _Unpacked(member.open, self), depth + 1)
        if not found:
            yield Refusal(path, "the archive holds no files")

    def _left_out(self, path: str, reason: str) -> Iterator[Refusal]:
        self._unfit[reason] += 1
        if self._unfit.total() <= _NAMED:
            yield Refusal(path, reason)


class _Unpacked(io.BufferedIOBase):
    """A stream that is unpacked while it is read, forward only: its bytes are counted, and damage is _Damaged, again at
    each further read."""

    def __init__(self, open_: Callable[[], Stream], unpacking: _Unpacking) -> None:
        self._open, self._unpacking = open_, unpacking
        self._stream: Stream | None = None
        self._damage: _Damaged | None = None
        self._at = 0
        self.last = b""  # what was read last

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Goes forward to an offset from the beginning, or as far as there are bytes."""
        while self._at < offset and self.read(min(offset - self._at, _PIECE)):
            pass
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes, fewer at the end. Raises _Damaged, also for more than fits in memory, and _Bomb."""
        if self._damage:
            raise self._damage
        if size is None or not 0 <= size <= _HELD:
            raise _Damaged(f"{size} bytes to be read at once")
        try:
            self._stream = self._stream or self._open()
            self.last = self._stream.read(size)
        except _DAMAGE as error:
            self._damage = _Damaged(str(error) or type(error).__name__)
            raise self._damage from None
        self._unpacking.spend(len(self.last))
        self._at += len(self.last)
        return self.last


@dataclass(frozen=True, slots=True)
class _Member:
    """A file in an archive: its name as it stands there, why it cannot be read if so, and what opens it."""

    name: str
    unfit: str | None
    open: Callable[[], Stream]


def _zip(stream: Stream) -> Iterator[_Member]:
    """The files of a ZIP archive. Raises _Damaged."""
    file = seekable(Chunks(stream), _HELD)
    if file is None:
        raise _Damaged(f"a ZIP archive of more than {_HELD // 2**20} MB inside another; unpack that")
    try:
        archive = zipfile.ZipFile(cast(IO[bytes], file))
    except _DAMAGE as error:
        raise _Damaged(str(error)) from None
    for info in archive.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)  # 0 where the archive was not made on Unix
        unfit = "encrypted; save it without a password" if info.flag_bits & 1 else None
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            unfit = _NOT_A_FILE
        if not info.filename.endswith("/"):
            yield _Member(info.filename, unfit, functools.partial(archive.open, info))


def _tar(stream: _Unpacked) -> Iterator[_Member]:
    """The files of a tar archive, each to be read before the next is taken. Raises _Damaged."""
    try:
        archive: Any = tarfile.TarFile(fileobj=stream)
        while info := archive.next():
            archive.members = []  # else it keeps every header
            if not info.isdir():
                unfit = None if info.isfile() else _NOT_A_FILE
                yield _Member(info.name, unfit, functools.partial(_opened, archive, info))
    except _DAMAGE as error:
        raise _Damaged(str(error)) from None
    if stream.last.strip(b"\0"):  # a header that tarfile takes for the end
        raise _Damaged("a broken header; what follows was not read")


def _opened(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Stream:
    file = archive.extractfile(info)
    if file is None:
        raise tarfile.ReadError("no content")
    return file


def _clean(name: str) -> str:
    """A member's name with plain slashes and without "." parts; what cannot be printed as U+FFFD."""
    parts = (part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in "/".join(parts))
