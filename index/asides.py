"""Turns an article's text into the spans that are not its story, and what its printed header says of it.

It reads lines, and takes a line only when its whole form gives it away: a sentence of the story must never be lost.
The kinds, beyond what their names say: `title` is the headline with the labels and front matter about it, `byline` also
an outlet's name alone, `counter` any line without words, `promotion` also advertising,
`cookie` whatever a website says of itself, `related` the headings and links that lead elsewhere.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from index import bylines, clutter, dates
from index.records import Aside, AsideKind, Record


@dataclass(frozen=True, slots=True)
class Found(Record):
    """The asides of a text, in order and not overlapping, and what its header says; None where it says nothing."""

    asides: tuple[Aside, ...] = ()
    title: str | None = None
    author: str | None = None
    published: dt.date | dt.datetime | None = None
    outlet: str | None = None
    url: str | None = None


_HEADER: Final = 14  # lines at the top among which headline, byline, date and counters are looked for
_LOOSE: Final = 40  # characters that a line may have besides twice those of the headline that it prints
_TAIL: Final = 6  # lines at the end that a bare heading "CORRECTION:" covers
_LISTED: Final = 15  # headlines that a heading such as "Related articles" leads

_LINE = re.compile(r"\S(?:.*\S)?")
_NUMBER = re.compile(r"\d[\d,.]*[km]?\+?(?:\s*[/|]\s*\d[\d,.]*[km]?\+?)?", re.IGNORECASE)
_NO_WORDS = re.compile(r"[\W_]+")
_LABELS: Final = ("abstract", "full text")  # as press archives print them, alone, above a text's parts

_THIS = r"this (?:story|article|post|piece|report|column|headline)"
_NOTE = re.compile(
    r"\W{0,3}(?:"
    r"(?P<head>(?:editor['’]?s?['’]? ?note|ed\. note|publisher['’]s note|note to (?:our )?readers|corrections?"
    r"|clarifications?|retraction|erratum)(?: \([^)]{1,40}\)|, [^:.]{3,24}\b\d{4})?\s?(?:[:.—–-](?=\s|$)|$))"
    r"|correction appended\b"
    rf"|{_THIS} (?:has been|was) (?:\w+ly )?(?:updated|corrected|amended|revised|clarified|retracted|edited)\b"
    rf"|(?:an|a) (?:earlier|previous|prior) version of {_THIS}\b)",
    re.IGNORECASE,
)
_NOTE_INSIDE = re.compile(  # led by a letter, to which the search skips fast
    r"E(?:(?<=[.!?)”\"]E)|(?<=[.!?)”\"]\sE))(?:ditor|DITOR)['’](?:s|S) [Nn](?:ote|OTE):"
)
_ENDS = re.compile(r"[.!?…][\"”'’)\]*]*$")

_BIOGRAPHY = re.compile(  # of the house's own writers; who a guest is may be asked
    r",? (?:is|has been|was|covers|writes|reports|works|joined)\b.{0,160}?\b(?:reporter|correspondent|journalist|editor"
    r"|columnist|staff writer|covers|covering|based in|freelance)\b(?!.{0,200}(?:first|originally) published)"
    r"|.{0,160} (?:@\w|Follow )",
    re.IGNORECASE,
)
_FIELDS: Final = {
    "title": "title",
    "headline": "title",
    "author": "author",
    "byline": "author",
    "by": "author",
    "date": "published",
    "published": "published",
    "publication date": "published",
    "outlet": "outlet",
    "source": "outlet",
    "publisher": "outlet",
    "publication": "outlet",
    "newspaper": "outlet",
    "url": "url",
    "link": "url",
    "permalink": "url",
}
_FIELD = re.compile(r"\s*([A-Za-z_ ]{2,20}):\s+(\S.*)")
_FIELD_KINDS: Final[dict[str, AsideKind]] = {
    "title": "title",
    "author": "byline",
    "published": "date",
    "outlet": "byline",
    "url": "byline",
}


def find_asides(text: str, title: str | None = None, author: str | None = None) -> Found:
    """The asides of an article's text, and what its printed header says.

    `title` and `author` are those known from elsewhere; without a title, a first line that looks like a headline is
    taken for one. A text that would be nothing but asides keeps its headline, captions and notes as its story.
    """
    lines = [_Line(line.start(), line[0]) for line in _LINE.finditer(text)]
    found = _front_matter(lines) or _labelled(lines)
    found = _header(lines, found, title or found.title, author)
    held = clutter.holding(text)
    for line in lines:
        line.kind = line.kind or _clutter(line, held)
    _neighbours(lines)
    _listed(lines)
    _biographies(lines, author or found.author)
    _notes(lines)
    if all(line.kind and not line.offset for line in lines):
        lines = [line for line in lines if line.kind not in ("title", "caption", "note")]
    return dataclasses.replace(found, asides=tuple(_joined(lines)))


class _Line:
    """A line that is not blank, without the space around it; `kind` once it is known to be an aside, which begins
    `offset` characters into it, or `goes_on` from the line before."""

    kind: AsideKind | None = None
    offset = 0
    goes_on = False

    def __init__(self, start: int, text: str) -> None:
        self.start, self.text = start, text

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def bare(self) -> str:
        """Its words without the marks around them."""
        return clutter.bare(self.text)


def _front_matter(lines: list[_Line]) -> Found | None:
    """Fields between two lines of dashes at the very top, as Markdown files carry them."""
    if not lines or lines[0].text != "---":
        return None
    close = next((number for number, line in enumerate(lines[1:40], 1) if line.text == "---"), None)
    if close is None:
        return None
    _mark("title", lines[: close + 1])
    return _from_fields(line.text for line in lines[1:close])


def _labelled(lines: list[_Line]) -> Found:
    """Fields printed as "Title: ...", "Date: ..." in the first lines, two of them at least."""
    names = []
    for line in lines[:_HEADER]:
        name = _field(line.text)
        if not name:
            break
        names.append(name[0])
    if len(set(names)) < 2:
        return Found()
    for line, field in zip(lines, names, strict=False):
        line.kind = _FIELD_KINDS[field]
    return _from_fields(line.text for line in lines[: len(names)])


def _field(line: str) -> tuple[str, str] | None:
    match = _FIELD.fullmatch(line)
    name = _FIELDS.get(match[1].lower().replace("_", " ").strip()) if match else None
    return (name, match[2].strip().strip("\"'")) if match and name else None


def _from_fields(lines: Iterator[str]) -> Found:
    values: dict[str, str] = {}
    for name, value in filter(None, map(_field, lines)):
        values.setdefault(name, value)
    return Found(
        title=values.get("title"),
        author=values.get("author"),
        published=dates.parse(values.get("published")),
        outlet=values.get("outlet"),
        url=values.get("url"),
    )


def _header(lines: list[_Line], found: Found, title: str | None, author: str | None) -> Found:
    """Marks headline, byline, date, outlet and counters at the top, and adds what they say to what was found."""
    number = next((place for place, line in enumerate(lines) if not line.kind), len(lines))
    last = min(number + _HEADER, len(lines))
    while number < last:
        line = lines[number]
        number += 1
        if line.kind:
            continue
        repeated = _repeats(lines, number - 1, title) if title else 0
        if repeated:
            _mark("title", lines[number - 1 : number - 1 + repeated])
            number += repeated - 1
            found = dataclasses.replace(found, title=found.title or title)
            continue
        marked, line.kind = _header_line(line, found, author)
        if line.kind:
            found = marked
        elif (title or number > 1) and (signed := _signed(lines, number - 1, found)):
            _mark("byline", lines[number - 1 : number - 1 + signed])
            writer = next(
                (one.bare for one in lines[number - 1 : number - 1 + signed] if bylines.names(one.bare)), None
            )
            found = dataclasses.replace(found, author=found.author or writer)
            number += signed - 1
        elif not title and _headline(lines, number - 1):
            title = line.bare if line.text.startswith("#") else line.text.strip("*_ ")
            line.kind, found = "title", dataclasses.replace(found, title=title)
        elif not any(_byline(later, author) for later in lines[number : number + 2]):
            break  # else a line or two between headline and byline, a summary
    return found


def _header_line(line: _Line, found: Found, author: str | None) -> tuple[Found, AsideKind | None]:
    """What kind of header line it is, and what was found with its contents added."""
    said = bylines.read(line.bare, author)
    if said is None:
        return found, _clutter(line)
    return dataclasses.replace(
        found,
        author=found.author or said.author,
        published=found.published or said.published,
        outlet=found.outlet or said.outlet,
    ), said.kind


def _signed(lines: list[_Line], number: int, found: Found) -> int:
    """How many lines from that one on, 0 to 2, are a byline only by their neighbours: "By" above a name, a name above
    a date or a writer's role, a role below a byline."""
    bare, following = lines[number].bare, next((line.bare for line in lines[number + 1 : number + 3] if line.bare), "")
    if bare.lower() in ("by", "written by", "posted by", "author") and bylines.names(following):
        return 2
    if found.author and bylines.role(bare) and lines[number - 1].kind == "byline":
        return 1
    if found.author or not bylines.lone_name(bare):
        return 0
    said = bylines.read(following)
    if said and not said.author and said.kind != "promotion":
        return 1
    return 2 if bylines.role(following) else 0


def _byline(line: _Line, author: str | None) -> bool:
    """Whether a line says who wrote the story, or when it was published in so many words."""
    said = bylines.read(line.bare, author)
    return bool(said and said.author) or _clutter(line, ()) == "date"


def _headline(lines: list[_Line], number: int) -> bool:
    """Whether a line at the top looks like a headline: what follows it is a header or clearly another paragraph, and
    its form is not that of a sentence of the story."""
    line, words = lines[number].text, lines[number].bare.split()
    following = lines[number + 1 :]
    if not following or len(words) < 3 or len(line) > 200 or line[-1] in ",;:":
        return False
    if line.startswith("# "):
        return True
    if _byline(following[0], None):
        return True
    sentence = bool(_ENDS.search(line))
    if not sentence and (
        _header_line(following[0], Found(), None)[1] in ("date", "counter", "title", "byline")
        or _signed(lines, number + 1, Found())
    ):
        return True
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in long)
    if len(long) >= 3 and capitals >= (0.9 if sentence else 0.75) * len(long):
        return True
    if len(words) > 3 and all(word[0].isupper() for word in words):
        return True
    apart = following[0].start - lines[number].end > 1 or len(following[0].text) > 200
    return apart and not sentence and len(following[0].text) > len(line) and not line[0].islower()


def _repeats(lines: list[_Line], number: int, title: str) -> int:
    """How many lines from that one on are the title, up to punctuation and case: 0 to 3."""
    if len(lines[number].text) > 2 * len(title) + _LOOSE:
        return 0
    wanted = bylines.squashed(title)
    printed = ""
    for count, line in enumerate(lines[number : number + 3], 1):
        printed += bylines.squashed(line.text)
        if printed == wanted:
            return count
        if not wanted.startswith(printed):
            return 0
    return 0


def _clutter(line: _Line, held: clutter.Holding = clutter.HOLDING) -> AsideKind | None:
    """The kind of a line that gives itself away wherever it stands; `held` is what `clutter` tells of its text."""
    bare = line.bare
    if not bare:
        return "counter" if len(line.text) <= clutter.LONGEST and _NO_WORDS.fullmatch(line.text) else None
    head = bare[:40].lower()
    if head in _LABELS:
        return "title"
    if ("published" in head or "posted" in head or "updated" in head) and dates.find_in_line(line.text):
        return "date"
    return clutter.kind(bare, held)


def _neighbours(lines: list[_Line]) -> None:
    """Marks what only its place gives away: a bare number beside clutter, a caption's few words right below it."""
    around = ("counter", "promotion", "cookie", "related", "caption")
    for number, line in enumerate(lines):
        before = lines[number - 1].kind if number else None
        after = lines[number + 1].kind if number + 1 < len(lines) else None
        if line.kind or not (before in around or after in around):
            continue
        if _NUMBER.fullmatch(line.bare):
            line.kind = "counter"
        elif before in ("promotion", "cookie") and len(line.text.split()) <= 5 and line.text[-1].isalpha():
            line.kind = "caption"


def _listed(lines: list[_Line]) -> None:
    """Marks the headlines below a heading such as "Related articles" or "Most read", up to a sentence of the story."""
    left = 0
    for line in lines:
        if line.kind:
            left = _LISTED if line.kind == "related" and len(line.text) < 40 else left
        elif left and _listable(line.text):
            line.kind, left = "related", left - 1
        else:
            left = 0


def _listable(line: str) -> bool:
    """Whether a line looks like a headline in a list of links: short, and no sentence unless in capitals."""
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return 0 < len(line) <= 160 and not line[0].islower() and (not _ENDS.search(line) or capitals > 0.7 * len(words))


def _biographies(lines: list[_Line], author: str | None) -> None:
    """Marks the lines at the end that tell who the author is."""
    for name in re.split(r",\s+|\s+(?:and|&)\s+", author or ""):
        for line in lines[-_TAIL:] if len(name) > 3 else ():
            if not line.kind and line.text.startswith(name) and _BIOGRAPHY.match(line.text, len(name)):
                line.kind = "byline"


def _notes(lines: list[_Line]) -> None:
    """Marks editor's notes, corrections and retractions with the lines over which they run on."""
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if line.kind:
            continue
        match, inside = _NOTE.match(line.text), _NOTE_INSIDE.search(line.text)
        if not match and not inside:
            continue
        line.offset = inside.start() if inside and not match else 0
        rest = line.text[match.end() :].strip() if match and match["head"] else line.text
        if not rest or dates.parse(rest):
            left = len(lines) - number
            taken = left if left <= _TAIL else 1
        else:
            taken = _unfinished(lines, number - 1)
        _mark("note", lines[number - 1 : number + taken])
        number += taken


def _unfinished(lines: list[_Line], number: int) -> int:
    """How many lines directly below belong to a note that breaks off without a full stop."""
    taken = 0
    for line, later in zip(lines[number:], lines[number + 1 : number + _TAIL], strict=False):
        if _ENDS.search(line.text) or later.start - line.end > 1:
            break
        taken += 1
    return taken


def _mark(kind: AsideKind, lines: list[_Line]) -> None:
    """Makes the lines one aside."""
    for number, line in enumerate(lines):
        line.kind, line.goes_on = kind, number > 0


def _joined(lines: list[_Line]) -> list[Aside]:
    asides: list[Aside] = []
    for line in lines:
        if line.kind and line.goes_on:
            asides[-1] = dataclasses.replace(asides[-1], end=line.end)
        elif line.kind:
            asides.append(Aside(line.kind, line.start + line.offset, line.end))
    return asides
