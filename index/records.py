"""The values that travel: an article becomes passages with credits, a query becomes hits. Start reading here.

Every `start`/`end` is a half-open span of Unicode code points of the article's stored text, and `text[start:end]` is
the thing itself, to the character. All records are frozen; `to_dict` gives plain values for JSON.
"""

from __future__ import annotations

import bisect
import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Span = tuple[int, int]

Dated = Literal["stated", "metadata", "inferred", "unknown"]
"""How an article's date is known: printed in its text, given with it, reasoned out (see `window`), or not at all."""

AsideKind = Literal["title", "byline", "date", "counter", "promotion", "cookie", "related", "caption", "note"]
"""What a span that is not the story is; a `note` is an editor's note, a correction or a retraction."""

CreditKind = Literal["outlet", "agency", "person", "organisation", "document", "post", "poll", "anonymous"]
Relation = Literal["first", "relay", "quote", "wire", "via", "self"]
Found = Literal["words", "meaning", "both"]


def plain(value: Any) -> Any:
    """A record, or values holding records, as what JSON knows: dicts, lists, strings, numbers. Dates as ISO 8601."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = (f.name for f in dataclasses.fields(value) if f.metadata.get("told", True))
        return {name: plain(getattr(value, name)) for name in told}
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


class Record:
    """What every record can do."""

    def to_dict(self) -> dict[str, Any]:
        """Its fields by name, as plain values for JSON."""
        values: dict[str, Any] = plain(self)
        return values


@dataclass(frozen=True, slots=True)
class Origin(Record):
    """Where an article was read: a path (or URL, or `-`), a member inside an archive, a line, and the bytes' sha256.

    `etag` and `modified` are what a web server calls the version that it gave, as it writes them. `pages` are the
    offsets in the article's text at which the pages of a printed document begin, the first page's first.
    """

    path: str
    member: str | None = None
    line: int | None = None
    sha256: str = ""
    etag: str | None = None
    modified: str | None = None
    pages: tuple[int, ...] = ()

    def page(self, offset: int) -> int | None:
        """The number, from 1, of the page on which that character of the text stands; None where there are no pages."""
        return bisect.bisect_right(self.pages, offset) or None


@dataclass(frozen=True, slots=True)
class Aside(Record):
    """A span of an article's text that is not the story: no passage covers it, but for notes, which are their own."""

    kind: AsideKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article(Record):
    """One article as an outlet published it. `text` is what the reader took, never edited afterwards.

    `published` is a date or a moment with its zone, None when unknown; `window` bounds an inferred date (first and
    last possible day). `revision` counts from 1 within one id. `wire` is the agency whose copy it is, if known. `page`
    is the web page that it was taken out of, packed, on its way from reader to archive; None everywhere else.
    """

    id: str
    text: str
    revision: int = 1
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: dt.date | dt.datetime | None = None
    dated: Dated = "unknown"
    window: tuple[dt.date, dt.date] | None = None
    wire: str | None = None
    language: str | None = None
    asides: tuple[Aside, ...] = ()
    origin: Origin = field(default_factory=lambda: Origin(""))
    page: bytes | None = field(default=None, repr=False, compare=False, metadata={"told": False})

    @property
    def relayed(self) -> str | None:
        """The agency whose copy another outlet prints here; None where it is the agency's own, or nobody's copy."""
        return None if self.wire == self.outlet else self.wire

    @property
    def day(self) -> dt.date | None:
        """The day of publication in the article's own zone."""
        return self.published.date() if isinstance(self.published, dt.datetime) else self.published


@dataclass(frozen=True, slots=True)
class Refusal(Record):
    """An input that did not become an article: which file, which line of it (from 1), and why."""

    path: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Passage(Record):
    """Whole neighbouring sentences of one article, `text == article.text[start:end]`.

    `key` is 63 bits of a hash of article id, revision, start and end, so that any process can make it. `number` counts
    from 0 within the article. `sentences` are spans of the article's text, in order, inside the passage.
    """

    key: int
    article_id: str
    revision: int
    number: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Credit(Record):
    """An article saying who said, wrote or reported something; every part as spans, for contents come in pieces.

    `name` is the source resolved to a full name, None when the article names none. `about` are further spans that the
    credit vouches for. `sure` runs from 0 to 1.
    """

    article_id: str
    revision: int
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    name: str | None
    kind: CreditKind
    relation: Relation
    about: tuple[Span, ...] = ()
    sure: float = 1.0

    def touches(self, start: int, end: int) -> bool:
        """Whether its content, or what it vouches for, shares a character with that span."""
        return any(a < end and start < b for a, b in (*self.content, *self.about))


@dataclass(frozen=True, slots=True)
class Query(Record):
    """What to look for. Days are inclusive, in each article's own zone; undated articles never pass a day filter."""

    text: str
    outlets: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    limit: int = 10

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return bool(self.outlets or self.since or self.until)


@dataclass(frozen=True, slots=True)
class SentenceScore(Record):
    """A sentence of a hit and how well it fits the query: `score` from 0 to 1, by words and by meaning together."""

    start: int
    end: int
    score: float
    words: float
    meaning: float


@dataclass(frozen=True, slots=True)
class Copy(Record):
    """Where else the same passage stands: word for word, or mostly so in a copy of the article."""

    article_id: str
    revision: int
    outlet: str | None
    published: dt.date | dt.datetime | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit(Record):
    """A passage found for a query. `score` orders hits of one query; `signals` names what it is made of."""

    passage: Passage
    article: Article
    score: float
    found: Found
    sentences: tuple[SentenceScore, ...]
    copies: tuple[Copy, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Added(Record):
    """What an `add` did: ids of articles added, updated (a new revision) and unchanged, and every refusal."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress(Record):
    """How far long work has come: articles read so far (`total` None while unknown), then passages encoded."""

    stage: Literal["reading", "words", "encoding"]
    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class OutletCount(Record):
    """An outlet of the collection: its articles, and the first and last day they were published, where known."""

    outlet: str | None
    articles: int
    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Status(Record):
    """A collection's counts and health; `notice` says which of its languages its encoder does not know."""

    path: str
    articles: int
    revisions: int
    passages: int
    undated: int
    unfinished: int
    credits: int
    outlets: tuple[OutletCount, ...]
    encoder: str
    generation: int
    fingerprint: str
    bytes: int
    writer: str | None = None
    languages: tuple[str, ...] = ()
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Finding(Record):
    """One thing that `verify` found wrong: in which store, what, and what mends it."""

    store: Literal["archive", "words", "vectors"]
    what: str
    remedy: str
