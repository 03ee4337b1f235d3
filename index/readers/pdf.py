"""Turns a PDF's text layer into one article, its paragraphs put together again from the lines of its pages."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import hashlib
import io
import itertools
import logging
import re
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from index.asides import find_asides
from index.readers.draft import LONGEST, Draft
from index.records import Origin, Refusal

SUFFIXES: Final = (".pdf",)

_ENDS = re.compile(r"[.!?…:][\"”'’»)\]]*$")
_PAGE: Final = "\f"  # before the first words of a page, until it is known where they stand; no line holds one
_BROKEN_WORD = re.compile(rf"([^\W\d_]+)-\n({_PAGE}*)([^\W\d_]+)")
_NUMBERED = re.compile(r"\W*(?:page |p\. ?|seite )?\d{1,4}(?: ?(?:/|of|von|de) ?\d{1,4})?\W*", re.IGNORECASE)
_FILE_NAME = re.compile(
    r"(?:microsoft word - |untitled\b).*|.*\.(?:docx?|odt|rtf|indd|qxp|pages|pdf|html?)", re.IGNORECASE
)
_MOST: Final = 2**22  # characters of text; a book has fewer
_SHORT: Final = 0.75  # of the page's usual line; a shorter one that ends a sentence ends its paragraph
_APART: Final = 1.35  # of the page's usual distance between lines
_HEADS: Final = 3  # pages on which a first or last line stands before it counts as the page's, not the story's


class _TooLong(Exception):
    """More text than one article's, from a file that was small when packed."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line: its words, where it begins (points from the page's lower left) and its letters' size."""

    text: str
    x: float
    y: float
    size: float


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The one article of a PDF given as its bytes, or the reason why there is none."""
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > LONGEST:
            yield Refusal(path, f"a PDF of more than {LONGEST // 2**20} MB; expected one article")
            return
    if not raw.strip():
        yield Refusal(path, "empty")
        return
    try:
        import pypdf  # 0.1 s, and installed only where wanted
    except ModuleNotFoundError:
        yield Refusal(path, "reading PDF files needs a library more; run: pip install 'whence[pdf]'")
        return
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # else a line for each flaw that it puts right by itself
    try:
        yield _draft(path, bytes(raw), pypdf.PdfReader(io.BytesIO(raw)))
    except _TooLong:
        yield Refusal(path, "more text than one article holds")
    except pypdf.errors.DependencyError:
        yield Refusal(path, "encrypted with AES; run: pip install cryptography, or save the PDF without encryption")
    except Exception as error:  # pypdf meets a broken file with nearly any error: KeyError, TypeError, RecursionError
        yield Refusal(path, f"not a PDF that can be read ({type(error).__name__}: {str(error)[:120]})")


def _draft(path: str, raw: bytes, document: Any) -> Draft | Refusal:
    if document.is_encrypted and not document.decrypt(""):  # most need no password to be read
        return Refusal(path, "encrypted; save the PDF without its password")
    text, starts = _parted(_joined(_paragraphs(_marked(_without_heads(list(_pages(document)))))))
    if not text:
        return Refusal(path, "no text layer; scanned pages need OCR (ocrmypdf adds the layer)")
    title, author, created = _information(document)
    printed = find_asides(text, title, author).published  # a PDF is often made long after its story was printed
    return Draft(
        text,
        Origin(path, sha256=hashlib.sha256(raw).hexdigest(), pages=starts),
        alone=True,
        title=title,
        author=author,
        published=None if printed or not created else created.isoformat(),
    )


def _information(document: Any) -> tuple[str | None, str | None, dt.datetime | None]:
    """Title, author and moment of creation as the document's own information gives them."""
    information = document.metadata
    if not information:
        return None, None, None
    try:
        created = information.creation_date
    except ValueError:
        created = None
    title = str(information.title or "").strip()
    return None if _FILE_NAME.fullmatch(title) else title, information.author, created


def _pages(document: Any) -> Iterator[list[_Line]]:
    """Each page's lines in the order in which they are drawn, blank ones left out."""
    size = 0
    for page in document.pages:
        drawn: list[_Line] = []

        def note(
            text: str, cm: list[float], tm: list[float], _: object, font: float, drawn: list[_Line] = drawn
        ) -> None:
            drawn.append(_Line(text, *_place(cm, tm), font * abs(tm[3] * cm[3])))

        page.extract_text(visitor_text=note)
        lines = list(_lines(drawn))
        size += sum(len(line.text) for line in lines)
        if size > _MOST:
            raise _TooLong
        yield lines


def _place(cm: list[float], tm: list[float]) -> tuple[float, float]:
    """Where a piece of text begins: its text matrix within the page's."""
    return tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]


def _lines(drawn: Iterable[_Line]) -> Iterator[_Line]:
    """The pieces put together as lines, each placed where its first words are."""
    words, first = "", None
    for piece in drawn:
        *ends, rest = piece.text.split("\n")
        for end in ends:
            first = first or piece
            if (words + end).strip():
                yield _Line(" ".join((words + end).split()), first.x, first.y, first.size)
            words, first = "", None
        if rest.strip() and not words.strip():
            first = piece
        words += rest
    if words.strip() and first:
        yield _Line(" ".join(words.split()), first.x, first.y, first.size)


def _without_heads(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The pages without page numbers, and the first or last lines that most of them repeat (numbers aside)."""
    counts = collections.Counter(mark for page in pages for mark in {_mark(line) for line in (*page[:1], *page[-1:])})
    heads = {mark for mark, count in counts.items() if count >= _HEADS and count * 2 > len(pages)}
    return [
        [
            line
            for place, line in enumerate(page)
            if place not in (0, len(page) - 1) or not (_mark(line) in heads or _NUMBERED.fullmatch(line.text))
        ]
        for page in pages
    ]


def _marked(pages: list[list[_Line]]) -> Iterator[list[_Line]]:
    """The pages with a sign before their first words; what follows a blank page has one more for that."""
    blank = 0
    for page in pages:
        blank += 1
        if page:
            yield [dataclasses.replace(page[0], text=_PAGE * blank + page[0].text), *page[1:]]
            blank = 0


def _parted(text: str) -> tuple[str, tuple[int, ...]]:
    """A text without the signs of its pages, and where they stood."""
    pieces = text.split(_PAGE)
    return "".join(pieces), tuple(itertools.accumulate(map(len, pieces[:-1])))


def _mark(line: _Line) -> str:
    return re.sub(r"\d+", "0", line.text)


def _paragraphs(pages: Iterable[list[_Line]]) -> Iterator[str]:
    """The text of each paragraph, LF between its lines."""
    held: list[str] = []
    before: _Line | None = None
    for page in pages:
        usual = statistics.median(len(line.text) for line in page) if page else 0
        gaps = sorted(gap for above, below in itertools.pairwise(page) if (gap := above.y - below.y) > above.size / 2)
        apart = _APART * gaps[len(gaps) // 4] if gaps else 0  # the lower quarter: lines of one paragraph
        for number, line in enumerate(page):
            if before and _begins(before, line, usual, apart if number else 0):
                yield "\n".join(held)
                held = []
            held.append(line.text)
            before = line
    if held:
        yield "\n".join(held)


def _begins(before: _Line, line: _Line, usual: float, apart: float) -> bool:
    """Whether a line begins a paragraph, given the one before, how long lines of its page usually are and how far
    below one another they stand at most (0 on another page)."""
    ended = bool(_ENDS.search(before.text))
    gap = before.y - line.y
    if abs(before.size - line.size) > 0.1 * max(before.size, line.size):
        return True
    if not apart or gap <= 0:  # the next page or column: a sentence that has not ended goes on there
        return ended
    indent = line.x - before.x
    return gap > apart or (ended and (len(before.text) < _SHORT * usual or 0.8 * line.size < indent < 4 * line.size))


def _joined(paragraphs: Iterator[str]) -> str:
    """The paragraphs, their lines joined. A word broken at a line's end loses its hyphen where the document spells it
    without one elsewhere ("hun-dred", when "hundred" occurs) or the hyphen is a soft one."""
    text = re.sub("\u00ad\n?", "", "\n\n".join(paragraphs))
    spelt = {word.lower() for word in re.findall(r"[^\W\d_]+", text)}
    hyphenated = {word.lower() for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", text)}

    def mended(match: re.Match[str]) -> str:
        whole, parted = match[1] + match[3], f"{match[1]}-{match[3]}"
        word = whole if whole.lower() in spelt and parted.lower() not in hyphenated else parted
        return match[2] + word

    return re.sub(r"(?<!\n)\n(?!\n)", " ", _BROKEN_WORD.sub(mended, text)).strip("\n ")
