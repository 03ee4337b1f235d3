"""Turns a line above a story into what it says: who wrote it, when it was published and by whom; or into nothing.

Such a line is put together of few parts in any order: "Posted by Jane Roe | March 3, 2016 | World | 0 comments". It
counts only when every part is known; of a sentence, some part never is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from index import clutter, dates, outlets
from index.records import AsideKind, Record


@dataclass(frozen=True, slots=True)
class Said(Record):
    """What a line is and says; None where it does not."""

    kind: AsideKind
    author: str | None = None
    published: dates.Published | None = None
    outlet: str | None = None


_LONGEST: Final = 180  # characters of a line that holds nothing but such parts
_LOOSE: Final = 40  # characters that a line may have besides twice those of the name that it prints
_PARTS = re.compile(r"\s*[|•·/»–—\t]\s*|\s-\s|\s{3,}|\s?(?=\b\d+ comments?\b)")
_BY = re.compile(
    r"(?:(?:written|posted|published|reported|edited|story|words|text) )?by(?::\s*|\s+)|(?:von|por|par|door"
    r"|di)\s+(?=[A-ZÀ-Þ])",
    re.IGNORECASE,
)
_ROLES = (
    r"(?:editor|reporter|correspondent|writer|contributor|journalist|columnist|producer|analyst|staff|bureau|desk"
    r"|blogger"
    r"|intern|author|contributing|newsroom|team|admin|guest|administrator|editorial|web)s?"
)
_ROLE = re.compile(rf"(?:[\w’'&-]+,? ){{0,5}}{_ROLES}(?:(?: at| for|,) .{{2,50}})?(?: [\w’'-]+)?", re.IGNORECASE)
_ROLE_AFTER = re.compile(rf",?\s+(?:for|in|at|of)\s.*|,.*\b{_ROLES}\b.*|\s@\w+.*", re.IGNORECASE)
_PLACE_BEFORE = re.compile(r"^[,\s]*(?:for|in|at|of)\s+(?:the\s+)?|^[,\s]+")
_SECTION = re.compile(r"(?:in )?(?:[A-Z][\w’'-]*|&|and)(?:,? (?:[A-Z][\w’'-]*|&|and)){0,3}")
_SECTIONS: Final = frozenset(
    "world news national nation local politics political business economy finance markets money sport sports opinion "
    "tech "
    "technology science health culture entertainment celebrity lifestyle life travel food weather war live video "
    "videos "
    "photos breaking exclusive update updates analysis region regional international europe africa asia americas us uk "
    "ukraine russia category uncategorized uncategorised home latest top story stories press release".split()
)
_WORD, _MARKS = re.compile(r"\w"), re.compile(r"[\W_]+")
_HANDLE = re.compile(r"(\D+?),? \(?@\w+\)?")
_NUMBER = re.compile(r"\W{0,3}\d[\d,.]*\s?[km]?\+?(?:\s*[/|]?\s*\d[\d,.]*[km]?\+?){0,3}", re.IGNORECASE)
_PARTICLES: Final = frozenset("de da di del della der den van von la le el al bin bint ibn dos du ter ten y e".split())
_NO_NAMES: Final = frozenset(
    "the a an this that these those my our your his her their its what how why when where who all using doing being "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december now then way law".split()
)


def read(line: str, author: str | None = None) -> Said | None:
    """What a line says, whose words are given as `clutter.bare` has them. `author` is who is known to have written."""
    if author and len(line) <= 2 * len(author) + _LOOSE and squashed(line) == squashed(author):
        return Said("byline", author=line)
    if not line or len(line) > _LONGEST:
        return None
    kind = clutter.kind(line)
    if kind and kind not in ("byline", "date"):
        return Said(kind)
    lifted = dates.lift(line)
    said = Said("date" if lifted.dated else "counter", published=lifted.published)
    doubtful, sure = list[str](), lifted.dated
    for part in filter(_WORD.search, (clutter.bare(part) for part in _PARTS.split(lifted.rest))):
        one = _part(part)
        if one is None:
            doubtful.append(part)
            continue
        sure = True
        said = Said(
            one.kind if said.kind == "counter" or one.kind == "byline" else said.kind,
            said.author or one.author,
            said.published or one.published,
            said.outlet or one.outlet,
        )
    if not sure:
        return None
    for part in doubtful:  # what only its company tells
        if not (said.author or said.outlet) and lone_name(part):
            said = replace(said, kind="byline", author=part)
        elif not (((_SECTION.fullmatch(part) and len(part) < 40) or role(part)) and (lifted.dated or said.author)):
            return None
    return said


def lone_name(text: str) -> bool:
    """Whether a text looks like one person's name: two to four words, none of them a section's of a newspaper."""
    words = text.split()
    return (
        2 <= len(words) <= 4
        and names(text)
        and not role(text)
        and not any(word.lower().strip(".") in _SECTIONS for word in words)
    )


def role(text: str) -> bool:
    """Whether a text is what a writer is: "Staff Writer", "World News Editor"."""
    return len(text) < 70 and text[:1].isupper() and bool(_ROLE.fullmatch(text))


def names(text: str) -> bool:
    """Whether a text is names of persons or houses: one to four groups of one to five words in capitals."""
    groups = re.split(r",\s+|\s+(?:and|&|with)\s+", text.strip())
    if not 1 <= len(groups) <= 4:
        return False
    for group in groups:
        words = group.split()
        if not 1 <= len(words) <= 5 or any(word.lower().strip(".") in _NO_NAMES for word in words):
            return False
        named = [word for word in words if word[0].isupper()]
        if not named or any(word.lower() not in _PARTICLES for word in words if word not in named):
            return False
        if any(character.isdigit() for character in group):
            return False
        if len(words) == 1 and len(groups) == 1 and not outlets.known().named(group):
            return False
    return True


def squashed(text: str) -> str:
    """A text's letters and digits alone, in one case: what two printings of a headline or a name share."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text[:1000]).casefold())


def _part(part: str) -> Said | None:
    """What a part of a line says by itself."""
    by = _BY.match(part)
    if by:
        return _named(part[by.end() :])
    if _NUMBER.fullmatch(part):
        return Said("counter")
    outlet = _outlet(part)
    if outlet:
        return Said("byline", outlet=outlet)
    kind = clutter.kind(part)
    if kind:
        return Said(kind)
    handle = _HANDLE.fullmatch(part) if "@" in part else None
    if handle and lone_name(handle[1]):
        return Said("byline", author=handle[1])
    if all(word.lower() in _SECTIONS for word in part.split()):
        return Said("title")
    who, comma, rest = part.partition(", ")
    if comma and len(who.split()) in (2, 3) and names(who) and (_outlet(rest) or role(rest)):
        return Said("byline", author=who, outlet=_outlet(rest))
    return None


def _named(text: str) -> Said | None:
    """What follows a "by": the names, with where and as what they write; a "Staff Writer" names nobody."""
    head, comma, house = text.partition(", ")
    if comma and names(head) and _outlet(house):
        return Said("byline", author=head, outlet=_outlet(house))
    after = _ROLE_AFTER.search(text)
    who = clutter.bare(text[: after.start()] if after else text)
    if role(who):
        return Said("byline")
    if not names(who):
        return None
    return Said("byline", author=who, outlet=_outlet(_PLACE_BEFORE.sub("", after[0])) if after else None)


def _outlet(text: str) -> str | None:
    """The outlet that a text names and does nothing else, but for a place after a comma ("BBC News, Kyiv")."""
    house, _, place = text.partition(", ")
    if place and not _SECTION.fullmatch(place):
        return None
    mentions = outlets.known().mentions(house) if 0 < len(house) < 60 else []
    return mentions[0][1].name if mentions and mentions[0][0] == (0, len(house)) else None
