"""Turns what a field, an address or a sentence calls a news outlet into the outlet (listed in outlets.toml)."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from index.errors import WhenceError
from index.records import Record, Span

LISTED: Final = Path(__file__).with_name("outlets.toml")

_VERB = re.compile(
    r"(?:['’]s?)? (?:has |had |first |also |exclusively |previously )*"
    r"(?:report(?:s|ed)|writes|wrote|reveal(?:s|ed)|publish(?:es|ed)|claims|says|said|quot(?:es|ed)|understands)\b"
)
_KIND_AFTER = re.compile(r"(?:['’]s)? (?:magazine|newspaper|tabloid|newsroom|news site)\b")
_STAFF_AFTER = re.compile(
    r"(?:['’]s)? (?:reporter|correspondent|columnist|editor|editorial|journalist|report|article|poll|interview)s?\b"
)
_KIND_BEFORE = re.compile(
    r"\b(?:outlet|newspaper|paper|tabloid|broadsheet|daily|weekly|magazine|broadcaster|channel|website|site|publication"
    r"|publisher|agency)\s(?:the\s)?$",
    re.IGNORECASE,
)
_TITLE_BEFORE = re.compile(r"(?:^|[\s“\"(])[a-z]+,?\sThe\s$")  # "told The Hill": nothing but a name has that capital
_GOES_ON = re.compile(r"[ \u00a0]?(?:[A-Z0-9&]|of\b)|[-/]\w")  # "Post Office", "Star Wars", "The Age of Reason"
_DATELINE = re.compile(r"^[^\n]{0,60}?(?:\(([^()\n]{2,40})\)\s*(?:[-–—:]|$)|/([^/\n]{2,20})/)|^\(([^()\n]{2,40})\)")
_SIGNED = re.compile(r"[,/;|]|\b(?:by|from|for|with|via|and)\b", re.IGNORECASE)
_LEARNED = re.compile(
    r"\s(?:(?:has|have)\s(?:\w+ly\s)?learn(?:ed|t)\b|can\s(?:\w+ly\s)?(?:reveal|report|confirm|disclose)\b"
    r"|understands\s(?:that|the)\b|(?:has|have)\s(?:contacted|approached|asked|reached\sout\sto|written\sto)\b"
    r"[^.\n]{1,90}\sfor\s(?:\w+\s)?(?:comment|statement|response|clarification)\b)"
)
_EARLIER = re.compile(r"\s(?:has\s)?(?:previously|exclusively|earlier)\sreported\b")
_ASKED_BEFORE = re.compile(
    r"\b(?:requests?|inquir(?:y|ies)|enquir(?:y|ies)|questions?)\s(?:for\scomment\s)?from\s(?:the\s)?$"
)
_ASKED_AFTER = re.compile(
    r"[’']s?\s(?:\w+\s)?(?:requests?|inquir(?:y|ies)|enquir(?:y|ies))\sfor\s(?:\w+\s)?(?:comment|statement)\b"
)
_UNLISTED = re.compile(
    r"(?<![\w.@-])(?:The )?[A-Z0-9][\w&’'-]*(?:\.(?:com|net|org|news|tv|info|co|[a-z]{2}))*"
    r"(?: (?:(?:of|and|the|&) )?[A-Z][\w&’'-]*){0,4}(?=\s(?:has|have|can|previously|exclusively|earlier|understands)\s)"
)
_ASKED_UNLISTED = re.compile(
    r"\b(?:requests?|inquir(?:y|ies)|enquir(?:y|ies))\s(?:for\scomment\s)?from\s"
    r"(?P<name>(?:[Tt]he )?[A-Z][\w&’'-]*(?:\.(?:com|net|org|news|co|[a-z]{2}))*"
    r"(?: (?:(?:of|and|the|&) )?[A-Z][\w&’'-]*){0,4})"
)
_SITE = re.compile(r"[\w-]+(?:\.\w{2,5}){1,2}")
_PAPER = re.compile(
    r"\b(?:times|news|herald|gazette|tribune|courier|chronicle|observer|post|star|daily|weekly|telegraph|journal|press"
    r"|mail|standard|register|sentinel|examiner|inquirer|enquirer|dispatch|bulletin|record|monitor|argus|echo"
    r"|globe|mercury|advertiser|express|guardian|mirror|review|magazine|radio|tv|gazeta"
    r"|newspaper|zeitung|tagblatt|journaal|diario|periodico|noticias|jornal|corriere)\b",
    re.IGNORECASE,
)
_LONGEST: Final = 200  # characters of a field that names an outlet, or is its address
_REGARD = 60  # characters read on each side of an ambiguous name


@dataclass(frozen=True, slots=True)
class Outlet(Record):
    """A publisher of news: its name as we print it, what else it is called, its domains, its home (ISO 3166)."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    country: str | None = None
    agency: bool = False


class Outlets:
    """The outlets known, and the ways of finding them. Immutable: share it between threads."""

    def __init__(
        self,
        outlets: Iterable[Outlet],
        needs_the: Iterable[str] = (),
        ambiguous: Iterable[str] = (),
        contested: Iterable[str] = (),
    ) -> None:
        """Of two outlets that claim a name, an alias or a domain, the first keeps it, but a name beats an alias."""
        self.all: Final = tuple(outlets)
        self._domains: Final[dict[str, Outlet]] = {}
        self._keys: Final[dict[str, Outlet]] = {}
        self._exact: Final[dict[str, Outlet]] = {}
        for outlet in self.all:
            self._keys.setdefault(_key(outlet.name), outlet)
            self._exact.setdefault(_core(outlet.name), outlet)
            for domain in outlet.domains:
                self._domains.setdefault(domain.lower(), outlet)
        for outlet in self.all:
            for alias in outlet.aliases:
                self._keys.setdefault(_key(alias), outlet)
                self._exact.setdefault(_core(alias), outlet)
        self._needs_the: Final = frozenset(needs_the)
        self._contested: Final = frozenset(contested)
        self._doubtful: Final = self._needs_the | self._contested | frozenset(ambiguous)
        self._short: Final[dict[str, set[Outlet]]] = {word: set() for word in self._doubtful}
        for form, outlet in self._exact.items():
            for word in (form, form.rpartition(" ")[2]):
                if word in self._short:
                    self._short[word].add(outlet)
        self._pattern: Final = re.compile(
            rf"(?<![\w@#.]){_alternatives(sorted({*self._exact, *self._doubtful}))}(?!\w)"
        )

    @classmethod
    def load(cls, extra: Path | None = None) -> Outlets:
        """The outlets listed with the program; those of `extra`, a file of the same form, go before them.

        Raises WhenceError when `extra` cannot be read or is not such a file.
        """
        parts = [_read(extra), _read(LISTED)] if extra else [_read(LISTED)]
        lists = {key: [word for part in parts for word in part.get(key, ())] for key in _LISTS}
        return cls([outlet for part in parts for outlet in part["outlets"]], **lists)

    def named(self, text: str) -> Outlet | None:
        """The outlet that a field's whole value names, by name, alias or domain, in any case."""
        if len(text) > _LONGEST:
            return None
        return self._keys.get(_key(text)) or (self.of_url(text) if "." in text and " " not in text.strip() else None)

    def of_url(self, url: str) -> Outlet | None:
        """The outlet at whose domain, or a subdomain of it, an address lies."""
        try:
            host = urlsplit(url if "//" in url else f"//{url.strip()}").hostname or ""
        except ValueError:
            return None
        labels = host.split(".")
        parents = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((self._domains[parent] for parent in parents if parent in self._domains), None)

    def mentions(self, text: str) -> list[tuple[Span, Outlet]]:
        """Where running text names outlets, in order: whole names and aliases, in their own capitals.

        A name that is also an ordinary word, or that several papers share, counts only when its form leaves no doubt
        ("the tabloid Express", "told The Hill") or when the outlet's full name stands in the same text.
        """
        found: list[tuple[Span, Outlet]] = []
        doubtful: list[tuple[Span, str]] = []
        for match in self._pattern.finditer(text):
            form = match[0].replace("\u00a0", " ").replace("’", "'")
            if form in self._doubtful:
                doubtful.append((match.span(), form))
                continue
            outlet = self._exact[form]
            found.append((_with_article(text, match.span(), outlet), outlet))
        if not doubtful:
            return found
        places: dict[Outlet, list[int]] = {}
        for (start, _), outlet in found:
            places.setdefault(outlet, []).append(start)
        settled = [(span, self._settled(text, span, form, places)) for span, form in doubtful]
        found += [(_with_article(text, span, outlet), outlet) for span, outlet in settled if outlet]
        return sorted(found, key=lambda mention: mention[0])

    def doubtful(self, text: str) -> bool:
        """Whether a name is also an ordinary word, a person's, or what several papers are called for short."""
        return _core(" ".join(text.split())) in self._doubtful

    def contested(self, text: str) -> bool:
        """Whether several papers are called so for short."""
        return _core(" ".join(text.split())) in self._contested

    def agency(self, text: str) -> Outlet | None:
        """The agency whose copy a field ("reuters"), a byline ("Jane Roe, Associated Press") or the dateline at the
        start of a text ("PARIS (AFP) -") says it is."""
        parts = reversed(_SIGNED.split(text[-_REGARD:]))
        named = (self.named(text), self.dateline(text), *(self.named(part) for part in parts))
        return next((outlet for outlet in named if outlet and outlet.agency), None)

    def dateline(self, text: str) -> Outlet | None:
        """The agency that the dateline at the very start of a text names."""
        match = _DATELINE.search(text)
        outlet = self.named(match[1] or match[2] or match[3]) if match else None
        return outlet if outlet and outlet.agency else None

    def publisher(self, text: str) -> Outlet | None:
        """The outlet that speaks of itself in an article's text ("X has learned", "as X previously reported", "did not
        answer a request for comment from X"), one that is not listed by its name there.

        None when no outlet or more than one does. Short names ("The Post") and quotations do not count: there an
        article repeats another one.
        """
        if not (_LEARNED.search(text) or _EARLIER.search(text) or " for comment" in text):
            return None
        named = [*self.mentions(text), *self._unlisted(text)]
        speaking = {
            outlet
            for (start, end), outlet in named
            if _of_itself(text, start, end)
            and _core(text[start:end]) not in self._doubtful
            and not _quoted(text, start)
        }
        return speaking.pop() if len(speaking) == 1 else None

    def _unlisted(self, text: str) -> Iterator[tuple[Span, Outlet]]:
        """Where a text speaks of what looks like a paper or a site that is not listed."""
        places = [match.span() for match in _UNLISTED.finditer(text)]
        places += [match.span("name") for match in _ASKED_UNLISTED.finditer(text)]
        for start, end in places:
            name = text[start:end]
            if (_SITE.fullmatch(name) or paper(name)) and not self.mentions(name):
                called = f"The {name[4:]}" if name.startswith("the ") else name
                yield (start, end), self.named(name) or Outlet(called)

    def _settled(self, text: str, span: Span, form: str, places: dict[Outlet, list[int]]) -> Outlet | None:
        """The outlet meant by a doubtful form, given where outlets are named without doubt."""
        start, end = span
        before, after = text[max(0, start - _REGARD) : start], text[end : end + _REGARD]
        if _GOES_ON.match(after):
            return None
        article = before.endswith(("the ", "The ", "the\u00a0", "The\u00a0"))
        if article or _KIND_AFTER.match(after) or _STAFF_AFTER.match(after):
            owners = [outlet for outlet in self._short[form] if outlet in places]
            earlier = [(places[owner][bisect(places[owner], start) - 1], owner) for owner in owners]
            nearest = max(
                ((place, owner) for place, owner in earlier if place < start), key=itemgetter(0), default=None
            )
            if nearest or len(owners) == 1:
                return nearest[1] if nearest else owners[0]
        told_apart = _KIND_AFTER.match(after) or _KIND_BEFORE.search(before)
        a_title = article and (form in self._needs_the or _VERB.match(after) or _TITLE_BEFORE.search(before))
        clear = told_apart or (a_title and form not in self._contested)
        return self._exact.get(form) if clear else None


_IN_FORCE: ContextVar[Outlets | None] = ContextVar("outlets", default=None)


def known() -> Outlets:
    """The outlets in force: those that `using` sets here, else those listed with the program."""
    return _IN_FORCE.get() or _listed()


@contextmanager
def using(outlets: Outlets) -> Iterator[None]:
    """Within it, and in this thread alone, those outlets are the `known` ones.

    Every reader asks for them, far below the collection that has the user's own.
    """
    token = _IN_FORCE.set(outlets)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


@functools.cache
def _listed() -> Outlets:
    """Read on first use."""
    return Outlets.load()


def paper(text: str) -> bool:
    """Whether a text may be a paper's or a station's name that no list knows: up to six words in capitals, of which
    one is such as papers bear, and one beside it."""
    words = text.removeprefix("The ").removeprefix("the ").split()
    return (
        2 <= len(words) <= 6
        and bool(_PAPER.search(text))
        and all(word[0].isupper() or word in ("of", "and", "the", "de", "&", "-") for word in words)
    )


def canonical(name: str) -> str:
    """An outlet's name as we print it; a name that is not known stays as it is, stripped."""
    outlet = known().named(name)
    return outlet.name if outlet else name.strip()


_LISTS: Final = ("needs_the", "ambiguous", "contested")
_KINDS: Final = {"name": str, "aliases": list, "domains": list, "country": str, "agency": bool}
"""What an outlet's entry may say, and in which form."""


def _read(path: Path) -> dict[str, Any]:
    """A file's outlets and lists of words, checked."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
        if unknown := sorted(set(content) - {"outlets", *_LISTS}):
            raise ValueError(f"it has the unknown part {unknown[0]!r}, beside {', '.join(('outlets', *_LISTS))}")
        entries = content.get("outlets", [])
        if not isinstance(entries, list):
            raise ValueError(f"outlets is {entries!r}, not a list")
        outlets = [_outlet(number, entry) for number, entry in enumerate(entries, 1)]
        lists = {key: _names(key, content.get(key, [])) for key in _LISTS}
    except OSError as error:
        raise WhenceError(f"The list of outlets at {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise WhenceError(
            f'The list of outlets at {path} cannot be read: {error}. Expected TOML with outlets = [{{name = "...", '
            f'aliases = ["..."], domains = ["..."], country = "XX", agency = true}}], all but the name optional.'
        ) from error
    return {"outlets": outlets, **lists}


def _outlet(number: int, entry: object) -> Outlet:
    """An entry of the list, the `number`th from 1. Raises ValueError, naming it, where it has another form."""
    if not isinstance(entry, dict):
        raise ValueError(f"entry {number} is {entry!r}, not a table in braces")
    where = f"entry {number} ({entry['name']!r})" if "name" in entry else f"entry {number}"
    if not str(entry.get("name", "")).strip():
        raise ValueError(f"{where} has no name")
    for key, value in entry.items():
        if key not in _KINDS:
            raise ValueError(f"{where} has the unknown key {key!r}; known are {', '.join(_KINDS)}")
        if not isinstance(value, _KINDS[key]):
            wanted = {str: "text in quotation marks", list: "a list in brackets", bool: "true or false"}[_KINDS[key]]
            raise ValueError(f"{where}: {key} is {value!r}; expected {wanted}")
    return Outlet(
        name=entry["name"],
        aliases=_names(f"{where}: aliases", entry.get("aliases", [])),
        domains=_names(f"{where}: domains", entry.get("domains", [])),
        country=entry.get("country"),
        agency=entry.get("agency", False),
    )


def _names(where: str, values: object) -> tuple[str, ...]:
    names = values if isinstance(values, list) else [values]
    wrong = next((name for name in names if not isinstance(name, str) or not name.strip()), None)
    if wrong is not None or names is not values:
        raise ValueError(f"{where} has {wrong if wrong is not None else values!r}; expected a list of names")
    return tuple(names)


def _key(name: str) -> str:
    """What two spellings of a field's value share: no case, accents, outer punctuation or leading article."""
    bare = name.replace("’", "'")
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split()).strip(" .,;").removeprefix("the ")


def _core(name: str) -> str:
    return name.replace("’", "'").removeprefix("The ")


def _with_article(text: str, span: Span, outlet: Outlet) -> Span:
    """A mention with its "The", where that belongs to the outlet's name."""
    start, end = span
    if outlet.name.startswith("The ") and text[max(0, start - 4) : start] in ("The ", "the ", "The\u00a0", "the\u00a0"):
        return start - 4, end
    return span


def _of_itself(text: str, start: int, end: int) -> bool:
    """Whether what is said about the outlet at that place an article only says of its own."""
    before = text[max(0, start - _REGARD) : start]
    if _EARLIER.match(text, end):
        return before[-3:].lower() == "as "
    return bool(_LEARNED.match(text, end) or _ASKED_AFTER.match(text, end) or _ASKED_BEFORE.search(before))


def _quoted(text: str, place: int) -> bool:
    """Whether a place lies inside quotation marks opened in its own line."""
    before = text[text.rfind("\n", 0, place) + 1 : place]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1 or before.count("''") % 2 == 1


def _alternatives(forms: list[str]) -> str:
    """A regular expression for any of the forms, the longest first: a tree of shared beginnings, so that most places
    of a text are dismissed at their first character."""
    branches: dict[str, list[str]] = {}
    for form in forms:
        if form:
            branches.setdefault(form[0], []).append(form[1:])
    options = [_character(first) + _alternatives(rests) for first, rests in branches.items()]
    if not options:
        return ""
    either = options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
    return f"(?:{either})?" if "" in forms else either


def _character(character: str) -> str:
    return {" ": "[ \u00a0]", "'": "['’]"}.get(character) or re.escape(character)
