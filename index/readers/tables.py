"""Turns tables into articles, a row each: CSV and TSV under a header row, and Parquet. A row stands at its first line;
in Parquet, at its number from 1."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import importlib
import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from index.readers import fields
from index.readers.draft import LONGEST, Draft, NotText
from index.readers.streams import seekable, texts
from index.records import Origin, Refusal

SUFFIXES: Final = (".csv", ".tsv")
PARQUET: Final = (".parquet",)

_ROW: Final = 4 * 2**20  # characters; a longer row is refused without being held
_SAMPLE: Final = 64  # rows that tell how cells are quoted
_REREADS: Final = 100  # times in one file that the lines after a quote never closed are read again
_BATCH: Final = 64  # rows of a Parquet file held at once
_QUOTED = re.compile(r'"[^"]*"\s*')
_EXPECTED: Final = "expected a first row that names the columns, 'text', 'body' or 'content' among them"

csv.field_size_limit(max(_ROW, csv.field_size_limit()))  # for all of csv; else 131,072, less than a long report


class _Dialect(csv.Dialect):
    """How a table's cells are told apart: in strict form, so that no quote is dropped from a text unseen."""

    quotechar = '"'
    lineterminator = "\n"
    strict = True

    def __init__(
        self, delimiter: str, doublequote: bool = True, escapechar: str | None = None, quoting: Any = csv.QUOTE_MINIMAL
    ) -> None:
        self.delimiter, self.doublequote, self.escapechar, self.quoting = delimiter, doublequote, escapechar, quoting
        super().__init__()


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's first line, its characters, and its cells or why it has none."""

    line: int
    text: str
    cells: list[str]
    reason: str | None = None


class _TooLong(Exception):
    """A row that goes on for more than `_ROW` characters."""


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The articles of a table of text given as its bytes. A row without one is refused by its line."""
    try:
        yield from _articles(path, _lines(texts(chunks)))
    except NotText as error:
        yield Refusal(path, str(error))


def _articles(path: str, lines: Iterator[str]) -> Iterator[Draft | Refusal]:
    head = _head(lines)
    dialect = _dialect(head)
    rows = _rows(itertools.chain(head, lines), dialect)
    header = next(rows, None)
    if header is None:
        yield Refusal(path, f"empty; {_EXPECTED}")
        return
    names = [_name(cell) for cell in header.cells]
    if "text" not in map(fields.known, names):
        found = ", ".join(repr(name[:40]) for name in names[:8]) or header.reason
        yield Refusal(path, f"no column for the text: found {found}; {_EXPECTED}", header.line)
        return
    whole, refused = True, 0
    for row in rows:
        fits = row.reason is None and len(row.cells) >= len(names) and not any(row.cells[len(names) :])
        if fits:
            yield _article(path, names, row)
        elif (whole or row.reason) and row.line != refused:  # else the remains of a row that broke off
            yield Refusal(path, row.reason or f"{len(row.cells)} cells; the first row names {len(names)}", row.line)
            refused = row.line
        whole = fits or (whole and row.reason is None)


def _article(path: str, names: list[str], row: _Row) -> Draft | Refusal:
    origin = Origin(path, line=row.line, sha256=hashlib.sha256(row.text.encode()).hexdigest())
    if "\x00" in row.text:
        return fields.refusal(origin, "NUL bytes; expected text")
    pairs = zip(names, row.cells, strict=False)  # further cells are empty
    return fields.draft(dict(reversed(list(pairs))), origin)  # of two columns of one name the first counts


def _name(cell: str) -> str:
    return "_".join(cell.lower().split())


def _lines(pieces: Iterator[str]) -> Iterator[str]:
    """The lines of a text with their ends (LF, or CR in a text of none); one longer than any row comes in pieces."""
    held, end = "", ""
    for piece in pieces:
        held += piece
        end = end or ("\n" if "\n" in held or "\r" not in held else "\r")
        *lines, held = held.split(end)
        yield from (line + end for line in lines)
        if len(held) > _ROW:
            yield held
            held = ""
    if held:
        yield held


def _head(lines: Iterator[str]) -> list[str]:
    """Lines enough to tell how the table is written; blank ones at the top stay, for they count."""
    head: list[str] = []
    size = 0
    for line in itertools.islice(lines, 8 * _SAMPLE):
        head.append(line)
        size += len(line)
        if size > _ROW:
            break
    return head


def _dialect(head: list[str]) -> _Dialect:
    """The delimiter that gives the first row the most names of an article's fields; the quoting that gives most rows
    as many cells as it has. Of equals the first: commas, quotes doubled within quotes."""
    delimiter = max((",", ";", "\t", "|"), key=lambda delimiter: _named(head, _Dialect(delimiter)))
    quoting = [_Dialect(delimiter), _Dialect(delimiter, quoting=csv.QUOTE_NONE)]
    if any('\\"' in line for line in head):  # without that it would forgive what the first does not
        quoting.insert(1, _Dialect(delimiter, doublequote=False, escapechar="\\"))
    return max(quoting, key=lambda dialect: _fitting(head, dialect))


def _named(head: list[str], dialect: _Dialect) -> int:
    """How many of the first row's cells are names of an article's fields."""
    first = next(_rows(iter(head), dialect), None)
    return len(set(filter(None, map(fields.known, first.cells)))) if first else 0


def _fitting(head: list[str], dialect: _Dialect) -> float:
    """The share of rows with as many cells as the first; 0 where that says nothing: quotes are kept as they stand
    though they enclose cells, or there is one column."""
    rows = list(itertools.islice(_rows(iter(head), dialect), _SAMPLE))
    cells = [cell for row in rows for cell in row.cells]
    bare = dialect.quoting == csv.QUOTE_NONE
    if len(rows) < 2 or (bare and (len(rows[0].cells) < 2 or any(_QUOTED.fullmatch(cell) for cell in cells))):
        return 0
    return sum(len(row.cells) == len(rows[0].cells) for row in rows[1:]) / (len(rows) - 1)


def _rows(lines: Iterator[str], dialect: _Dialect) -> Iterator[_Row]:
    """The rows of a table that are not blank. One whose quote is never closed is its first line only: what stands
    below is read again."""
    number, rereads = 1, 0
    while True:
        held: list[str] = []
        try:
            cells, reason = next(csv.reader(_held(lines, held), dialect)), None
        except StopIteration:
            return
        except (_TooLong, csv.Error) as error:
            cells, reason = [], f"cannot be read ({error}); left out up to the next row that fits"
            unclosed = isinstance(error, _TooLong) or str(error) == "unexpected end of data"
            if unclosed and len(held) > 1 and rereads < _REREADS:
                reason, rereads = "a quote is opened and never closed", rereads + 1
                lines = itertools.chain(held[1:], lines)
                del held[1:]
        if any(cells) or reason:
            yield _Row(number, "".join(held), cells, reason)
        number += sum(line.endswith(("\n", "\r")) for line in held)


def _held(lines: Iterable[str], held: list[str]) -> Iterator[str]:
    """The lines, each kept in `held` as it is taken."""
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > _ROW:
            raise _TooLong(f"a row of more than {_ROW // 2**20} MB")
        yield line


def read_parquet(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The articles of a Parquet file, a few rows of a row group at a time."""
    try:
        arrow = importlib.import_module("pyarrow")  # 0.3 s, and installed only where wanted
        parquet = importlib.import_module("pyarrow.parquet")
    except ModuleNotFoundError:
        yield Refusal(path, "reading Parquet files needs a library more; run: pip install 'whence[parquet]'")
        return
    stream = seekable(chunks, 4 * LONGEST)
    if stream is None:
        yield Refusal(path, f"a Parquet file of more than {4 * LONGEST // 2**20} MB inside an archive; unpack it first")
        return
    number = 0
    try:
        table = parquet.ParquetFile(stream)
        names = {name: _name(name) for name in table.schema_arrow.names}
        if "text" not in map(fields.known, names):
            found = ", ".join(repr(name[:40]) for name in list(names)[:8])
            yield Refusal(path, f"no column for the text: found {found}; expected 'text', 'body' or 'content'")
            return
        columns = [name for name in names if fields.known(name)]
        for batch in table.iter_batches(batch_size=_BATCH, columns=columns):
            for row in batch.to_pylist():
                number += 1
                content = {names[name]: _plain(value) for name, value in row.items()}
                digest = hashlib.sha256(repr(content).encode("utf-8", "replace")).hexdigest()
                yield fields.draft(content, Origin(path, line=number, sha256=digest))
    except (arrow.ArrowException, OSError, UnicodeDecodeError) as error:
        yield Refusal(path, f"damaged or not a Parquet file: {str(error)[:200]}", number + 1 if number else None)
    else:
        if not number:
            yield Refusal(path, "no rows in it")


def _plain(value: object) -> object:
    """A cell as JSON would have it: days and moments in ISO 8601, bytes and whole numbers as text."""
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and math.isnan(value):
        return None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
