"""Turns what a reader took from its input, fields as they stand there, into an article with everything known of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from index import dates, dating, languages
from index.asides import Found, find_asides
from index.outlets import Outlet, canonical, known
from index.records import Article, Dated, Origin, Refusal

LONGEST: Final = 32 * 2**20
"""Bytes of one article's file or line; a longer one is refused without being held."""

# One space for each, so that offsets stay. C1 controls right after a Latin-1 letter are bytes of a broken UTF-8
# character, which `fold` can still repair.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|(?<![\x80-\xff])[\x80-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SUSPECT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # one class, found in a tenth of their time
_SUSPECT_BYTES: Final = bytes((*range(0x09), *range(0x0B, 0x20), 0x7F, 0xC2, 0xED))
"""Of which UTF-8 has one for each character of that class; plain text has none, seen in a fifth of its time."""

_NOTHING: Final = frozenset(("", "-", "n/a", "nan", "none", "null"))
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id")
_GUESS: Final = dt.timedelta(days=1)  # how far a guessed day may be off, in either direction
_SAMPLE: Final = 20_000  # bytes from which an encoding is guessed
_EVIDENCE: Final = 20  # bytes beyond ASCII; from fewer nothing is guessed
_HEAD: Final = 400  # characters of a story in which its dateline stands
_DATELINES: Final = 3  # lines among which it is
_BEGINNING: Final = 1_000  # characters of a story that tell its language


class NotText(ValueError):
    """Bytes that are no text; says what they seem to be and what was expected."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article's text and fields as its input gives them; None or "" where it does not. `published` may be anything,
    and `dated` says how it is known; `page` is as `Article` has it.

    `alone`: its file is this one article, so that the path can name it.
    """

    text: str
    origin: Origin
    alone: bool = False
    id: str | None = None
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: object = None
    dated: Dated = "metadata"
    wire: str | None = None
    language: str | None = None
    page: bytes | None = None


Reader = Callable[[str, Iterator[bytes]], Iterator[Draft | Refusal]]
"""What turns a file's bytes, given in pieces, into drafts; its path names it."""


def article(draft: Draft) -> Article:
    """The article of a draft: text cleaned, asides found, outlet and agency by their names, and what no field says
    taken from the text's own header, dateline and mentions of itself; of copy that only names its agency, that is the
    outlet."""
    text, title, author = clean(draft.text), _line(draft.title), _author(draft.author)
    found = find_asides(text, title, author)
    url = _line(draft.url) or found.url
    published, dated, window = _dated(draft, found, text)
    return Article(
        id=_identity(draft, url, text),
        text=text,
        url=url,
        title=title or found.title,
        outlet=_outlet(draft, found, url, text),
        author=author or _author(found.author),
        published=published,
        dated=dated,
        window=window,
        wire=_wire(draft, found, text),
        language=_language(draft, found, text),
        asides=found.asides,
        origin=draft.origin,
        page=draft.page,
    )


def clean(text: str) -> str:
    """The text with LF line ends, no byte order mark, a space for each control character and nothing else changed (but
    for halves of surrogate pairs, which are no characters)."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _suspect(text, text.encode("utf-8", "surrogatepass")):
        return text
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", text))


def decode(raw: bytes) -> str:
    """Bytes as text: UTF-8 (a few broken bytes become U+FFFD), UTF-16 with its byte order mark, else Windows-1252.

    Raises NotText for what none of them makes text of.
    """
    name = encoding(raw)
    text = raw.decode(name, "replace")
    suspect = _suspect(text, raw) if name == "utf-8" else True
    controls = len(_CONTROLS.findall(text)) if suspect else 0
    odd = controls + text.count("\ufffd") - text.count("\r")
    if odd * 10 > len(text) + 80:
        raise NotText("binary content under a text file's name; expected text in UTF-8, UTF-16 or Windows-1252")
    return text


def _suspect(text: str, raw: bytes) -> bool:
    """Whether a text, in UTF-8 those bytes, has control characters or halves of surrogate pairs."""
    return len(raw.translate(None, _SUSPECT_BYTES)) < len(raw) and bool(_SUSPECT.search(text))


def encoding(raw: bytes) -> str:
    """What `decode` takes bytes for: UTF-8, UTF-16, or the encoding of one byte for a letter that fits them best, which
    is Windows-1252 where they say little. Raises NotText for what seems to be no text."""
    if raw.startswith((b"%PDF-", b"{\\rtf")):
        raise NotText("a PDF or RTF document under a text file's name; expected plain text")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = raw[:_SAMPLE]
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) * 2 > len(zeros) and sample.count(0) * 10 < len(sample) * 6:
            return name
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not broken or broken <= len(text) - len(text.encode("ascii", "ignore")) - broken:
        return "utf-8"
    high = len(raw.translate(None, bytes(range(128))))
    best = guessed(sample) if high >= _EVIDENCE else None
    if best is None and high * 10 > len(raw) * 3:
        raise NotText("bytes that are neither UTF-8 nor any other text that is known; save the file as UTF-8")
    return best or "cp1252"


def guessed(sample: bytes) -> str | None:
    """The encoding that bytes which are no UTF-8 fit best, None where none makes words of them."""
    from charset_normalizer import from_bytes  # 30 ms to import; few files need it

    best = from_bytes(sample).best()
    if best is None or best.encoding.startswith("utf"):
        return None
    text = str(best)
    fits = sum(map(str.isalpha, text)) * 2 > len(text) and len(_CONTROLS.findall(text)) * 50 <= len(text)
    return best.encoding if fits else None


def canonical_url(url: str) -> str:
    """An address without what does not change the page: case of the host, standard port, fragment, tracking."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return url.strip()
    if not host:
        return url.strip()
    if port and port != {"http": 80, "https": 443}.get(parts.scheme):
        host = f"{host}:{port}"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not _TRACKING.fullmatch(pair[0])]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((parts.scheme, host, parts.path or "/", query, ""))


def _identity(draft: Draft, url: str | None, text: str) -> str:
    given = _line(draft.id)
    if given or url:
        return given or canonical_url(url or "")
    if draft.alone:
        return "/".join(filter(None, (draft.origin.path, draft.origin.member)))
    content = f"{_line(draft.title) or ''}\n{text}"
    return "sha256:" + hashlib.sha256(content.encode()).hexdigest()[:16]


def _dated(
    draft: Draft, found: Found, text: str
) -> tuple[dates.Published | None, Dated, tuple[dt.date, dt.date] | None]:
    """When it was published, how that is known, and between which days where that is a guess or read off its story."""
    published, dated = _published(draft, found, text)
    if published is None:
        published, window = dating.inferred(text, found.asides, dt.date.today())
        return published, "inferred" if window else "unknown", window
    return published, dated, _window(published) if dated == "inferred" else None


def _published(draft: Draft, found: Found, text: str) -> tuple[dates.Published | None, Dated]:
    """When it was published: as a field says, else as its text prints, else as was guessed."""
    given = draft.published if isinstance(draft.published, dt.date) else dates.parse(draft.published)
    if given and draft.dated != "inferred":
        return given, draft.dated
    if printed := found.published or dating.dateline(_story(text, found)):
        return printed, "stated"
    return given, "inferred" if given else "unknown"


def _window(published: dates.Published) -> tuple[dt.date, dt.date]:
    """The days on which an article may have been published whose date was guessed."""
    day = published.date() if isinstance(published, dt.datetime) else published
    return day - _GUESS, day + _GUESS


def _outlet(draft: Draft, found: Found, url: str | None, text: str) -> str | None:
    name = _line(draft.outlet) or found.outlet
    if name:
        return canonical(name)
    outlet = (known().of_url(url) if url else None) or known().publisher(text)
    agency = known().named(found.author or "") or _filed(text, found)
    return outlet.name if outlet else found.owner or (agency.name if agency and agency.agency else None)


def _wire(draft: Draft, found: Found, text: str) -> str | None:
    given = _line(draft.wire)
    if given:
        agency = known().agency(given)
        return agency.name if agency else canonical(given)
    author = _author(draft.author) or found.author
    agency = (known().agency(author) if author else None) or _filed(text, found)
    return agency.name if agency else None


def _filed(text: str, found: Found) -> Outlet | None:
    """The agency that the story's dateline names, which may stand below a summary."""
    lines = filter(None, _story(text, found)[:_HEAD].split("\n"))
    return next(filter(None, map(known().dateline, itertools.islice(lines, _DATELINES))), None)


def _story(text: str, found: Found) -> str:
    """The beginning of the text after the asides of its header."""
    start = 0
    for aside in found.asides:
        if text[start : aside.start].strip():
            break
        start = aside.end
    return text[start : start + _BEGINNING].lstrip()


def _language(draft: Draft, found: Found, text: str) -> str | None:
    given = _line(draft.language)
    return languages.canonical(given) if given else languages.detect(_story(text, found))


def _line(value: str | None) -> str | None:
    """A field's value on one line; None when it says nothing."""
    line = " ".join(clean(value).split()) if value else ""
    return None if line.lower() in _NOTHING else line


def _author(value: str | None) -> str | None:
    line = _line(re.sub(r"^\s*by[\s:]+", "", value, flags=re.IGNORECASE)) if value else None
    return line if line and re.search(r"\w", line) else None
