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
    """What a line is and says; None where it does not. `revised`: it dates only a later version."""

    kind: AsideKind
    author: str | None = None
    published: dates.Published | None = None
    outlet: str | None = None
    revised: bool = False


_LONGEST: Final = 180  # characters of a line that holds nothing but such parts
_WORDY: Final = 80  # characters of a line that holds neither a number nor "by", nor parts with marks between them
_LOOSE: Final = 40  # characters that a line may have besides twice those of the name that it prints
_PARTS = re.compile(r"\s*[|•·/»–—\t]\s*|\s-\s|\s{3,}|\s?(?=\b\d+ comments?\b)")
_WORK = (
    r"(?:written|posted|published|reported|submitted|compiled|story|words|text|report|special report|analysis|opinion"
    r"|comment|commentary|perspective|review|essay|column|exclusive|interview|article|guest post)"
)
_BY = re.compile(
    rf"(?:{_WORK} )?by(?::\s*|\s+|(?-i:(?<=By)(?=[A-Z])))|(?:von|por|par|door|di|av|af|od|автор|yazan)\s+"
    r"|(?:authors?|bylines?|writers?|reporters?|correspondent|words|text|autor(?:in|a)?|auteur|autore|автор"
    r"|yazar)\s?:\s*",
    re.IGNORECASE,
)
_TELLING = re.compile(r"\d|\bby\b|[|•·/»]", re.IGNORECASE)
_AND_OTHERS = re.compile(
    r",? (?:and|with|&) (?:(?:news |other )?agencies|(?:the )?(?:wires|staff|others)|(?:agency|wire) (?:staff"
    r"|reports?))$",
    re.IGNORECASE,
)
_BY_ONE = re.compile(r"(?:posted )?by \w+", re.IGNORECASE)
_GLUED = re.compile(r"(?<=\d)(?=[A-Z][a-z])|(?<=[ap]m)(?=[Bb]y\s|In\s)|(?<=[a-z])(?=\d{1,2}:\d\d)")
"""Where pages lose the space between the parts of such a line: "March 3, 2016In News6:12 pmby Jane"."""

_OTHERS = re.compile(
    r"(?:(?:edited|reviewed|fact[- ]checked|translated|produced|photograph(?:s|ed)?|photos?|videos?|illustrations?) by"
    r"|(?:editors?|editing|producers?|photographers?|photos?|translators?)\s?:)\s*:?\s*",
    re.IGNORECASE,
)
"""What stands before those who did not write the story, but worked on it."""

_SOURCE = re.compile(r"(?:source|from|via|quelle|fonte|fuente|источник|джерело|来源|來源)\s?[:：]\s*", re.IGNORECASE)
_ROLES = (
    r"(?:editor|reporter|correspondent|writer|contributor|journalist|columnist|producer|analyst|staff|bureau|desk"
    r"|blogger"
    r"|intern|author|contributing|newsroom|team|admin|guest|administrator|editorial|web)s?"
)
_ROLE = re.compile(rf"(?:[\w’'&-]+,? ){{0,5}}{_ROLES}(?:(?: at| for|,) .{{2,50}})?(?: [\w’'-]+)?", re.IGNORECASE)
_ROLE_AFTER = re.compile(rf",?\s+(?:for|in|at|of|special to)\s.*|,.*\b{_ROLES}\b.*|\s@\w+.*", re.IGNORECASE)
_PLACE_BEFORE = re.compile(r"^[,\s]*(?:for|in|at|of|special to)\s+|^[,\s]+", re.IGNORECASE)
_AND = re.compile(r",\s+|\s+(?:and|&|with|und|et|y|e|og|och|и|та|і)\s+", re.IGNORECASE)
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
_HANDLE_ALONE = re.compile(r"@\w{2,30}")
_NUMBER = re.compile(r"\W{0,3}\d[\d,.]*\s?[km]?\+?(?:\s*[/|]?\s*\d[\d,.]*[km]?\+?){0,3}", re.IGNORECASE)
_PARTICLES: Final = frozenset("de da di del della der den van von la le el al bin bint ibn dos du ter ten y e".split())
_SURNAMES: Final = frozenset("post star daily press mail mercury guardian".split())  # borne by people and papers
_NO_NAMES: Final = frozenset(
    "the a an this that these those my our your his her their its what how why when where who all using doing being "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december now then way law".split()
)


def repeats(line: str, author: str) -> bool:
    """Whether a line is a name that is known from elsewhere, up to case and marks."""
    return len(line) <= 2 * len(author) + _LOOSE and squashed(line) == squashed(author)


def read(line: str) -> Said | None:
    """What a line says, whose words are given as `clutter.bare` has them."""
    if not line or len(line) > _LONGEST or (len(line) > _WORDY and not _TELLING.search(line)):
        return None
    if _HANDLE_ALONE.fullmatch(line):
        return Said("byline")
    kind = clutter.kind(line)
    if kind and kind not in ("byline", "date"):
        return Said(kind)
    lifted = dates.lift(_GLUED.sub(" | ", line))
    revised = lifted.published is not None and dates.first(line) is None
    said = Said("date" if lifted.dated else "counter", published=lifted.published, revised=revised)
    if not lifted.dated and dates.yearless(line):
        return Said("date")
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
            said.revised,
        )
    if not sure:
        return None
    for part in doubtful:  # what only its company tells
        source = _SOURCE.match(part)
        if not (source or said.author or said.outlet) and lone_name(part):
            said = replace(said, kind="byline", author=part)
        elif lifted.dated and _BY_ONE.fullmatch(part):
            said = replace(said, kind="byline")
        elif not said.outlet and outlets.paper(part) and (lifted.dated or said.author):
            said = replace(said, outlet=part)
        elif source and (lifted.dated or said.author):
            said = replace(said, outlet=said.outlet or _outlet(part[source.end() :]))
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
        and not (outlets.paper(text) and (len(words) > 2 or words[1].lower() not in _SURNAMES))
        and not any(word.lower().strip(".") in _SECTIONS for word in words)
    )


def role(text: str) -> bool:
    """Whether a text is what a writer is: "Staff Writer", "World News Editor", "admin"."""
    return len(text) < 70 and (text[:1].isupper() or text.isalpha()) and bool(_ROLE.fullmatch(text))


def signature(text: str) -> str | None:
    """The person's name that a text begins with which only goes on with where, for whom or as what that person writes:
    "Jane Roe in Berlin", "Jane Roe Environment correspondent"; or ends with after such a role. None for any other."""
    words = text.split()
    for count in (2, 3):
        role_first = " ".join(words[:-count])
        if role_first and role(role_first) and lone_name(" ".join(words[-count:])):
            return " ".join(words[-count:])
        who, rest = " ".join(words[:count]), " ".join(words[count:])
        place = re.fullmatch(r"(?:in|for|at) ((?:the |The )?[A-ZÀ-Þ][^.!?]{2,40})", rest)
        if rest and lone_name(who) and (role(rest) or place or _outlet(rest)):
            return who
    return None


def employer(text: str) -> str | None:
    """The outlet that the words beside a writer's name are, or end with: "for The Scrap", "Staff Writer, The Scrap";
    one that no list knows where it bears such a name as papers do."""
    named = _PLACE_BEFORE.sub("", text)
    for name in (named, named.rpartition(", ")[2]):
        if found := _outlet(name) or (name if outlets.paper(name) and not role(name) else None):
            return found
    return None


def source(text: str) -> str | None:
    """The outlet that a line beside a byline names as its source; never an agency, which is a credit."""
    match = _SOURCE.match(text)
    named = employer(text[match.end() :]) if match else None
    listed = outlets.known().named(named) if named else None
    return None if listed and listed.agency else named


def names(text: str) -> bool:
    """Whether a text is names of persons or houses: one to four groups of one to five words in capitals."""
    if ":" in text:
        return False
    groups = _AND.split(text.strip())
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
    by, other = _BY.match(part), _OTHERS.match(part)
    if by:
        return _named(part[by.end() :])
    if other and names(part[other.end() :]):
        return Said("byline")
    if _NUMBER.fullmatch(part):
        return Said("counter")
    outlet = _outlet(part)
    if outlet:
        return Said("byline", outlet=outlet)
    kind = clutter.kind(part)
    if kind:
        return Said(kind)
    if _HANDLE_ALONE.fullmatch(part):
        return Said("byline")
    handle = _HANDLE.fullmatch(part) if "@" in part else None
    if handle and lone_name(handle[1]):
        return Said("byline", author=handle[1])
    if all(word.lower() in _SECTIONS for word in part.split()):
        return Said("title")
    who, comma, rest = part.partition(", ")
    if comma and len(who.split()) in (2, 3) and names(who) and (employer(rest) or role(rest)):
        return Said("byline", author=who, outlet=employer(rest))
    return None


def _named(text: str) -> Said | None:
    """What follows a "by": the names, with where and as what they write; a "Staff Writer" names nobody."""
    head, comma, house = text.partition(", ")
    if comma and names(head) and employer(house):
        return Said("byline", author=head, outlet=employer(house))
    after = _ROLE_AFTER.search(text)
    who = _AND_OTHERS.sub("", clutter.bare(text[: after.start()] if after else text))
    if role(who):
        agencies = [outlet for group in _AND.split(who) if (outlet := outlets.known().named(group)) and outlet.agency]
        return Said("byline", author=who) if agencies else Said("byline", outlet=_staffed(who))
    if not names(who):
        return Said("byline", outlet=who) if outlets.paper(who) else None
    if comma and len(head.split()) > 1 and " " not in house and who == text:  # a place
        who = head
    return Said("byline", author=who, outlet=employer(after[0]) if after else None)


def _staffed(role: str) -> str | None:
    """The outlet whose staff a role names: "Al Jazeera Staff"."""
    words = role.split()
    houses = (_outlet(" ".join(words[:count])) for count in range(len(words) - 1, 0, -1))
    return next(filter(None, houses), None)


def _outlet(text: str) -> str | None:
    """The outlet that a text names and does nothing else, but for a place after a comma ("BBC News, Kyiv")."""
    house, _, place = text.partition(", ")
    if place and not _SECTION.fullmatch(place):
        return None
    if not 0 < len(house) < 60:
        return None
    mentions = outlets.known().mentions(house)
    if mentions and mentions[0][0] == (0, len(house)):
        return mentions[0][1].name
    listed = outlets.known().named(house)
    clear = not any(map(outlets.known().doubtful, (house, house.title(), house.upper(), house.capitalize())))
    return listed.name if listed and clear else None
