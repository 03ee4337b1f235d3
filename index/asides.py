"""Turns an article's text into the spans that are not its story, and what its printed header says of it.

It reads lines, and takes a line only when its whole form gives it away: a sentence of the story must never be lost.
The kinds, beyond what their names say: `title` is the headline with the labels and front matter about it, `byline` also
an outlet's name alone, `counter` any line without words, `promotion` also advertising,
`cookie` whatever a website says of itself, `related` the headings and links that lead elsewhere.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Final

from index import clutter, dates, headers
from index.headers import NOTE, Found, Line, mark, self_evident
from index.outlets import Outlet, canonical, known, paper
from index.records import Aside

__all__ = ["Found", "find_asides"]

_TAIL: Final = 6  # lines at the end that a bare heading "CORRECTION:" covers
_NAME: Final = 60  # characters of an outlet's name alone in a line
_LISTED: Final = 15  # headlines that a heading such as "Related articles" leads

_LINE = re.compile(r"\S(?:.*\S)?")
_NUMBER = re.compile(r"\d[\d,.]*[km]?\+?(?:\s*[/|]\s*\d[\d,.]*[km]?\+?)?", re.IGNORECASE)

_NOTE_INSIDE = re.compile(  # led by a letter, to which the search skips fast
    r"E(?:(?<=[.!?)”\"]E)|(?<=[.!?)”\"]\sE))(?:ditor|DITOR)['’](?:s|S) [Nn](?:ote|OTE):"
)
_CAPTIONED = re.compile(r"(?:image|picture|photo):", re.IGNORECASE)
_TAGS = re.compile(r"filed under|tags?|tagged|(?:related )?topics|keywords|categories", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…][\"”'’)\]*]*$")

_BIOGRAPHY = re.compile(  # of the house's own writers; who a guest is may be asked
    r",? (?:is|has been|was|covers|writes|reports|works|joined)\b.{0,160}?\b(?:reporter|correspondent|journalist|editor"
    r"|columnist|staff writer|covers|covering|based in|freelance)\b(?!.{0,200}(?:first|originally) published)"
    r"|.{0,160} (?:@\w|Follow )",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)[\s:]*(?:©|\(c\))?\s*(?:by\s+)?(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)\d\d)?,?)?\s*"
    r"(?:by\s+)?(?P<name>\w[^\n.,|©]{1,60}?)(?=\s*(?:[.,|©\n]|$|all rights|(?:19|20)\d\d))",
    re.IGNORECASE,
)
_POST = re.compile(r"^The post .{3,160} appeared first on (?P<name>[^\n]{2,60}?)\.?$", re.MULTILINE)
_ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")


def find_asides(text: str, title: str | None = None, author: str | None = None) -> Found:
    """The asides of an article's text, and what its printed header says.

    `title` and `author` are those known from elsewhere; without a title, a first line that looks like a headline is
    taken for one. A text that would be nothing but asides keeps its headline, captions and notes as its story.
    """
    lines = [Line(line.start(), line[0]) for line in _LINE.finditer(text)]
    found = headers.read(lines, title, author, _owner(text))
    held = clutter.holding(text)
    for line in lines:
        line.kind = line.kind or self_evident(line, held)
    _neighbours(lines)
    _listed(lines)
    _biographies(lines, author or found.author)
    _notes(lines)
    if all(line.kind and not line.offset for line in lines):
        lines = [line for line in lines if line.kind not in ("title", "caption", "note")]
    owner = found.owner or _signature(lines) or _advertiser(lines)
    return dataclasses.replace(found, owner=owner, asides=tuple(_joined(lines)))


def _owner(text: str) -> str | None:
    """The outlet that claims the rights in a text; None where none does, or no outlet."""
    if "appeared first on" in text and (post := _POST.search(text)):
        return canonical(post["name"])
    if "©" not in text and "opyright" not in text and "(c)" not in text and "COPYRIGHT" not in text:
        return None
    for match in _OWNER.finditer(text):
        name = match["name"].strip()
        listed = known().named(name)
        if listed or paper(name):
            return listed.name if listed else name
    return None


def _signature(lines: list[Line]) -> str | None:
    """The outlet whose name alone closes a text, an agency's aside, which is a credit; its line is marked."""
    last = next((line for line in reversed(lines) if not line.kind), None)
    outlet = known().named(last.text) if last and last is not lines[0] and len(last.text) < _NAME else None
    if last is None or outlet is None or outlet.agency or _ENDS.search(last.text):
        return None
    last.kind = "byline"
    return outlet.name


def _advertiser(lines: list[Line]) -> str | None:
    """The one outlet that the lines beside the story advertise, or whose address they give."""
    named = set[Outlet]()
    for line in lines:
        if line.kind in ("promotion", "cookie"):
            named |= {outlet for _, outlet in known().mentions(line.text)}
            named |= {outlet for host in _ADDRESS.findall(line.text) if (outlet := known().of_url(host))}
    return named.pop().name if len(named) == 1 else None


def _neighbours(lines: list[Line]) -> None:
    """Marks what only its place gives away: a bare number beside clutter, a caption's few words right below it."""
    around = ("counter", "promotion", "cookie", "related", "caption")
    for number, line in enumerate(lines):
        before = lines[number - 1].kind if number else None
        after = lines[number + 1].kind if number + 1 < len(lines) else None
        if line.kind or not (before in around or after in around):
            continue
        if _NUMBER.fullmatch(line.bare):
            line.kind = "counter"
        elif number and _captions(lines[number - 1], line):
            line.kind = "caption"


def _captions(above: Line, line: Line) -> bool:
    """Whether a line that is no sentence is the caption of what stands above it: "Image:", a sharing bar."""
    if _CAPTIONED.fullmatch(above.text):
        return not _ENDS.search(line.text)
    return above.kind in ("promotion", "cookie") and len(line.text.split()) <= 5 and line.text[-1].isalpha()


def _listed(lines: list[Line]) -> None:
    """Marks the headlines below a heading such as "Related articles" or "Most read", up to a sentence of the story."""
    left, tags = 0, False
    for line in lines:
        if line.kind:
            left = _LISTED if line.kind == "related" and len(line.text) < 40 else left
            tags = _TAGS.fullmatch(line.bare) is not None or (tags and line.kind == "related")
        elif left and (_listable(line.text) or (tags and _tag(line))):
            line.kind, left = "related", left - 1
        else:
            left, tags = 0, False


def _tag(line: Line) -> bool:
    """Whether a line looks like a subject's name in a list of them: a few words in any case, or a date's mark."""
    return len(line.text.split()) <= 4 and line.text[-1].isalnum()


def _listable(line: str) -> bool:
    """Whether a line looks like a headline in a list of links: short, and no sentence unless in capitals."""
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words)
    return 0 < len(line) <= 160 and not line[0].islower() and (not _ENDS.search(line) or capitals > 0.7 * len(words))


def _biographies(lines: list[Line], author: str | None) -> None:
    """Marks the lines at the end that tell who the author is."""
    for name in re.split(r",\s+|\s+(?:and|&)\s+", author or ""):
        for line in lines[-_TAIL:] if len(name) > 3 else ():
            if not line.kind and line.text.startswith(name) and _BIOGRAPHY.match(line.text, len(name)):
                line.kind = "byline"


def _notes(lines: list[Line]) -> None:
    """Marks editor's notes, corrections and retractions with the lines over which they run on."""
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if line.kind:
            continue
        match, inside = NOTE.match(line.text), _NOTE_INSIDE.search(line.text)
        if not match and not inside:
            continue
        line.offset = inside.start() if inside and not match else 0
        rest = line.text[match.end() :].strip() if match and match["head"] else line.text
        if not rest or dates.parse(rest):
            left = len(lines) - number
            taken = left if left <= _TAIL else 1
        else:
            taken = _unfinished(lines, number - 1)
        mark("note", lines[number - 1 : number + taken])
        number += taken


def _unfinished(lines: list[Line], number: int) -> int:
    """How many lines directly below belong to a note that breaks off without a full stop."""
    taken = 0
    for line, later in zip(lines[number:], lines[number + 1 : number + _TAIL], strict=False):
        if _ENDS.search(line.text) or later.start - line.end > 1:
            break
        taken += 1
    return taken


def _joined(lines: list[Line]) -> list[Aside]:
    asides: list[Aside] = []
    for line in lines:
        if line.kind and line.goes_on:
            asides[-1] = dataclasses.replace(asides[-1], end=line.end)
        elif line.kind:
            asides.append(Aside(line.kind, line.start + line.offset, line.end))
    return asides
