"""Turns the lines at the top of a text into what they say: headline, byline, date and outlet; and marks them so."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from index import bylines, clutter, dates, outlets
from index.records import Aside, AsideKind, Record


@dataclass(frozen=True, slots=True)
class Found(Record):
    """The asides of a text, in order and not overlapping, and what its header says; None where it says nothing.

    `owner` is who claims its rights or advertises in it, which is weaker than an outlet that its header names.
    `revised`: all that is known of `published` is that of a later version."""

    asides: tuple[Aside, ...] = ()
    title: str | None = None
    author: str | None = None
    published: dt.date | dt.datetime | None = None
    outlet: str | None = None
    owner: str | None = None
    url: str | None = None
    revised: bool = False


class Line:
    """A line that is not blank, without the space around it; `kind` once it is known to be an aside, which begins
    `offset` characters into it, or `goes_on` from the line before."""

    kind: AsideKind | None = None
    offset = 0
    goes_on = False

    def __init__(self, start: int, text: str) -> None:
        self.start, self.text = start, text
        self.bare = clutter.bare(text)
        """Its words without the marks around them."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def said(self) -> bylines.Said | None:
        """What it says as a line above a story."""
        return bylines.read(self.bare)


_HEADER: Final = 20  # lines at the top among which headline, byline, date and counters are looked for
_SUMMARY: Final = 3  # lines between headline and byline that say what the story is about
_SENTENCES: Final = 300  # characters of such a line
_NAMES: Final = 90  # characters of a line that is a writer's name by its neighbours alone
_LOOSE: Final = 40  # characters that a line may have besides twice those of the headline that it prints

_NO_WORDS = re.compile(r"[\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_ENDS = re.compile(r"[.!?…][\"”'’)\]*]*$")
_LABELS: Final = ("abstract", "full text")  # as press archives print them, alone, above a text's parts
_THIS = r"this (?:story|article|post|piece|report|column|headline)"
NOTE: Final = re.compile(
    r"\W{0,3}(?:"
    r"(?P<head>(?:editor['’]?s?['’]? ?note|ed\. note|publisher['’]s note|note to (?:our )?readers|corrections?"
    r"|clarifications?|retraction|erratum)(?: \([^)]{1,40}\)|, [^:.]{3,24}\b\d{4})?\s?(?:[:.—–-](?=\s|$)|$))"
    r"|correction appended\b"
    rf"|{_THIS} (?:has been|was) (?:\w+ly )?(?:updated|corrected|amended|revised|clarified|retracted|edited)\b"
    rf"|(?:an|a) (?:earlier|previous|prior) version of {_THIS}\b)",
    re.IGNORECASE,
)
"""How an editor's note, a correction or a retraction begins; `head` where it is only called so."""

_DATED: Final = frozenset("published posted updated date modified uploaded created first-published".split()) | {
    "published on", "posted on", "first published", "last updated", "last modified", "updated on", "news provided by",
    "date published", "publish date",
}  # fmt: skip
"""What stands alone above a date."""

_BY: Final = ("by", "written by", "posted by", "story by", "author", "authors", "words by", "analysis by")
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
    "subject": "title",
    "sent": "published",
    "from": "address",
    "to": "address",
    "cc": "address",
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
    "address": "byline",
}


def read(lines: Sequence[Line], title: str | None, author: str | None, owner: str | None) -> Found:
    """Marks headline, byline, date, outlet and counters at the top, and gives what they say.

    `title` and `author` are those known from elsewhere, `owner` is who claims the text's rights.
    """
    found = _front_matter(lines) or _labelled(lines)
    found = dataclasses.replace(found, owner=owner) if owner else found
    title = title or found.title
    number = next((place for place, line in enumerate(lines) if not line.kind), len(lines))
    last = min(number + _HEADER, len(lines))
    summed_up = False
    above: list[Line] = []  # lines of which only a headline below them shows what they are
    while number < last:
        line = lines[number]
        if line.kind or (not title and NOTE.match(line.text)):
            number += 1
        elif title and (repeated := _repeats(lines, number, title)):
            mark("title", lines[number : number + repeated])
            found = dataclasses.replace(found, title=found.title or title)
            number += repeated
        elif told := _told(lines, number, found, author, title is not None):
            found, count = told
            number += count
        elif not title and _above(lines, number) and _titled(lines[number + 1 : last]):
            above.append(line)
            number += 1
        elif not title and not summed_up and _headline(lines, number):
            title = line.bare if line.text.startswith("# ") else line.text.strip("*_ ")
            line.kind, found = "title", _over(above, dataclasses.replace(found, title=title))
            number += 1
        elif (found.author and found.published) or not _goes_on(lines, number, author):
            break
        else:
            summed_up = True
            number += 1
    return found


def self_evident(line: Line, held: clutter.Holding = clutter.HOLDING) -> AsideKind | None:
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


def mark(kind: AsideKind, lines: Sequence[Line]) -> None:
    """Makes the lines one aside."""
    for number, line in enumerate(lines):
        line.kind, line.goes_on = kind, number > 0


# Fields


def _front_matter(lines: Sequence[Line]) -> Found | None:
    """Fields between two lines of dashes at the very top, as Markdown files carry them."""
    if not lines or lines[0].text != "---":
        return None
    close = next((number for number, line in enumerate(lines[1:40], 1) if line.text == "---"), None)
    if close is None:
        return None
    mark("title", lines[: close + 1])
    return _from_fields(line.text for line in lines[1:close])


def _labelled(lines: Sequence[Line]) -> Found:
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


# Bylines and dates


def _told(
    lines: Sequence[Line], number: int, found: Found, author: str | None, titled: bool
) -> tuple[Found, int] | None:
    """What was found with what the lines from that one on say, marked, and how many they are; None for no header's."""
    line = lines[number]
    if len(line.text) > _NAMES and _ENDS.search(line.text):
        line.kind = self_evident(line)
        return (found, 1) if line.kind else None
    marked, line.kind = _header_line(line, found, author)
    if line.kind:
        return marked, 1
    if paired := _paired(lines, number, found):
        return paired
    if number and lines[number - 1].kind in ("byline", "date") and (outlet := bylines.source(line.bare)):
        line.kind = "byline"
        return _with(found, bylines.Said("byline", outlet=outlet)), 1
    signed = _signed(lines, number, found) if titled or number else None
    if signed is None:
        return None
    said, count = signed
    mark("byline", lines[number : number + count])
    return _with(found, said), count


def _header_line(line: Line, found: Found, author: str | None) -> tuple[Found, AsideKind | None]:
    """What kind of header line it is, and what was found with its contents added."""
    said = _signs(line, author) or line.said
    if said is None and found.owner and bylines.squashed(line.bare) == bylines.squashed(found.owner):
        said = bylines.Said("byline", outlet=found.owner)
    return (found, self_evident(line)) if said is None else (_with(found, said), said.kind)


def _signs(line: Line, author: str | None) -> bylines.Said | None:
    """What a line says that is the name of who is known to have written the story."""
    return bylines.Said("byline", author=line.bare) if author and bylines.repeats(line.bare, author) else None


def _with(found: Found, said: bylines.Said) -> Found:
    better = said.published and (found.published is None or (found.revised and not said.revised))
    return dataclasses.replace(
        found,
        author=found.author or said.author,
        published=said.published if better else found.published,
        revised=said.revised if better else found.revised,
        outlet=found.outlet or said.outlet,
    )


def _paired(lines: Sequence[Line], number: int, found: Found) -> tuple[Found, int] | None:
    """What a word such as "Published" alone says together with the date in the line or two below it."""
    label = lines[number].bare.lower()
    if label not in _DATED:
        return None
    for count, line in enumerate(lines[number + 1 : number + 3], 2):
        said = line.said
        if said and said.kind == "date":
            mark("date", lines[number : number + count])
            return (found if label in ("updated", "last updated") else _with(found, said)), count
        if label != "news provided by":
            break
    return None


def _signed(lines: Sequence[Line], number: int, found: Found) -> tuple[bylines.Said, int] | None:
    """What the lines from that one on say, and how many they are, where only their neighbours show that they are a
    byline: "By" above a name, a name above a date, a paper's name or a writer's role, a role below a byline."""
    bare = lines[number].bare
    if len(bare) > _NAMES:
        return None
    following = [line for line in lines[number + 1 : number + 4] if line.bare and line.bare != bare]
    below = following[0].bare if following else ""
    if bare.lower() in _BY and bylines.names(below):
        return bylines.Said("byline", author=below), 2
    if found.author:
        role = bylines.role(bare) and lines[number - 1].kind == "byline"
        return (bylines.Said("byline", outlet=bylines.employer(bare)), 1) if role or bare == found.author else None
    said = following[0].said if following else None
    told = said is not None and not said.author and said.kind != "promotion"
    alone = bylines.lone_name(bare)
    if alone and not told and (bylines.role(below) or outlets.paper(below)):
        return bylines.Said("byline", author=bare, outlet=bylines.employer(below)), 2
    signature = bare if alone else bylines.signature(bare)
    if signature is None and not (bylines.role(bare) and told):
        return None
    dated = any(line.bare.lower() in _DATED or (line.said and line.said.kind == "date") for line in following[:2])
    dated = dated or (alone and found.title is not None and lines[number - 1].kind == "date")
    return (bylines.Said("byline", author=signature), 1) if dated or (alone and told) else None


def _goes_on(lines: Sequence[Line], number: int, author: str | None, most: int = _SUMMARY) -> bool:
    """Whether the header goes on below a line that says nothing of it, a summary: below it and others, at most `most`,
    stands who wrote the story, or when it was published. A bare date may head a part of the story, too, and counts
    only where no sentence stands before it."""
    summary = sentences = 0
    for place in range(number, min(number + _HEADER, len(lines))):
        line = lines[place]
        ends = bool(_ENDS.search(line.text))
        if len(line.text) > _SENTENCES:
            break
        if place > number and not (ends and len(line.text) > _NAMES):
            said = _signs(line, author) or line.said
            if said and (said.author or (said.kind == "date" and not (sentences and dates.alone(line.bare)))):
                return True
            if line.bare.lower() in _DATED or _signed(lines, place, Found()):
                return True
            if said or line.kind or self_evident(line):
                continue
            if NOTE.match(line.text):
                break
        if summary == most:
            break
        summary += 1
        sentences += ends
    return False


# The headline


def _headline(lines: Sequence[Line], number: int) -> bool:
    """Whether a line at the top looks like a headline: what follows it is a header or clearly another paragraph, and
    its form is not that of a sentence of the story."""
    line, words = lines[number].text, lines[number].bare.split()
    following = lines[number + 1 :]
    if following and len(words) > 1 and _repeats(lines, number + 1, line):
        return True
    if not following or (len(words) < 3 and not _unspaced(line)) or len(line) > 200 or line[-1] in ",;:":
        return False
    sentence = bool(_ENDS.search(line))
    if line.startswith("# ") or _goes_on(lines, number, None, 1 if sentence else _SUMMARY + 1):
        return True
    below = _header_line(following[0], Found(), None)[1]
    if not sentence and (below in ("date", "counter", "title", "byline") or _dateline(following[0])):
        return True
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in long)
    if len(long) >= 3 and capitals >= (0.9 if sentence else 0.75) * len(long):
        return True
    if len(words) > 3 and all(word[0].isupper() for word in words):
        return True
    asks = line.endswith("?") and len(words) > 3 and len(re.findall(r"[.!?](?=\s|$)", line)) == 1
    if (sentence and not asks) or line[0].islower() or following[0].text[0].islower():
        return False
    if following[0].start - lines[number].end > 1:
        return not asks or len(following[0].text) > len(line)
    if not _ENDS.search(following[0].text) and len(following) > 1:  # perhaps a second, smaller headline
        return len(following[1].text) > 1.5 * max(len(line), len(following[0].text)) or len(following[0].text) > 200
    return len(following[0].text) > (1.3 * len(line) if _ENDS.search(following[0].text) else 200)


def _dateline(line: Line) -> bool:
    """Whether a story begins with that line, and its dateline names an agency."""
    return "(" in line.text[:_NAMES] and outlets.known().dateline(line.text) is not None


def _unspaced(line: str) -> bool:
    """Whether a line is long enough for a headline in a script that parts no words."""
    return len(_UNSPACED.findall(line)) >= 6


def _titled(following: Sequence[Line]) -> bool:
    """Whether the first of these lines that says nothing of a header is a headline, up to its form."""
    rest = [line for line in following if not line.kind and _header_line(line, Found(), None)[1] is None]
    long = next((place for place, line in enumerate(rest[:3]) if len(line.bare.split()) > 2), None)
    return long is not None and len(rest[long].bare.split()) > 3 and _headline(rest, long)


def _above(lines: Sequence[Line], number: int) -> bool:
    """Whether a line may stand above a headline and not be one: a word or two, or a paper's name."""
    few = len(lines[number].bare.split()) < 3 and not _unspaced(lines[number].bare)
    return few or _masthead(lines, number)


def _masthead(lines: Sequence[Line], number: int) -> bool:
    """Whether a line looks like a paper's name above its date."""
    said = lines[number + 1].said if number + 1 < len(lines) else None
    return said is not None and said.kind == "date" and outlets.paper(lines[number].bare)


def _over(above: Sequence[Line], found: Found) -> Found:
    """What was found, and the lines above the headline marked: a paper's name, the name of a section."""
    for line in above:
        named = outlets.paper(line.bare)
        line.kind = "byline" if named else "title"
        if named:
            found = dataclasses.replace(found, outlet=found.outlet or line.bare)
    return found


def _repeats(lines: Sequence[Line], number: int, title: str) -> int:
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
