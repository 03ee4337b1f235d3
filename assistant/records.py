"""What an answer is made of. `Answer.to_dict()` is the JSON that every door sends.

Spans are half-open, in Unicode code points of the cited article's stored text: `article.text[start:end] == quote`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.records import Copy, Dated, Query, Record, Span

Kind = Literal[
    "who", "when", "where", "number", "which-outlet", "who-said", "what-said", "yes-no", "list", "summary",
    "comparison", "origin", "order", "collection", "chat",
]  # fmt: skip
"""What a question wants to know."""

Why = Literal["nothing-found", "not-stated", "false-premise", "out-of-range", "empty"]
"""Why there is no answer: no passage fits; some do and none says it; they say otherwise; outside the collection's time
or filters; the collection (or the question) is empty."""

Support = Literal["quoted", "supported", "collection", "unsupported"]
Role = Literal["origin", "repeat", "copy"]

_NOBODY = frozenset(
    "i you he she it we they me him her us them my your his its our their who whom whose which that this these those"
    " what one some many most others another all both none and the a an of".split()
)
"""Words that stand for a source and tell a reader nothing of it."""

VERSION = 1
"""Of the answer's JSON: raised when a field changes its meaning or goes, not when one is added."""


@dataclass(frozen=True, slots=True)
class CreditSpans(Record):
    """Where a credit stands in its article."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class CitedCredit(Record):
    """Whom the cited article credits for the quoted words: `source` by full name if known, `printed` as it stands."""

    source: str | None
    printed: str
    kind: str
    relation: str
    spans: CreditSpans

    @property
    def called(self) -> str | None:
        """Whom a reader is told of: the full name, or the words that describe a source without a name ("three
        officials"); None for a pronoun that could not be resolved, or where nothing names or describes anybody."""
        words = set(re.findall(r"\w+", self.printed.casefold()))
        return self.source or (self.printed if words - _NOBODY else None)


@dataclass(frozen=True, slots=True)
class CitedNote(Record):
    """An editor's note, correction or retraction of the cited article, to the character."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """One quoted span of one article; `number` counts from 1 in each answer.

    `window` bounds an inferred date (first and last possible day); `doubt` says why the date cannot be right; `page` is
    the number of the printed page on which the quote begins, None where there are no pages.
    """

    number: int
    article: str
    revision: int
    title: str | None
    outlet: str | None
    published: dt.date | dt.datetime | None
    dated: Dated
    url: str | None
    start: int
    end: int
    quote: str
    copies: tuple[Copy, ...] = ()
    credits: tuple[CitedCredit, ...] = ()
    window: tuple[dt.date, dt.date] | None = None
    doubt: str | None = None
    notes: tuple[CitedNote, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence(Record):
    """One sentence of an answer, with the numbers of its citations and how they bear it out."""

    text: str
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Dropped(Record):
    """A sentence that was not shown, and why."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Report(Record):
    """One article's account in a trail: origin, repeat or copy; `article` is None when it is credited but not held."""

    id: str
    outlet: str | None
    published: dt.date | dt.datetime | None
    article: str | None
    role: Role
    earliest: bool
    of: tuple[str, ...]
    quote: str | None
    start: int | None
    end: int | None

    @property
    def day(self) -> dt.date | None:
        """The day of `published`, in the article's own time zone."""
        return self.published.date() if isinstance(self.published, dt.datetime) else self.published


@dataclass(frozen=True, slots=True)
class Account(Record):
    """One value among several that differ, with who gives it."""

    value: str
    outlet: str | None
    published: dt.date | dt.datetime | None
    source: str | None
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Difference(Record):
    """Words asked about and what an article prints in their place; either may be empty."""

    asked: str
    printed: str


@dataclass(frozen=True, slots=True)
class Place(Record):
    """Where an article has words that were asked about: the span, the share of the words in common (0 to 1), what
    differs, who said it and through which outlet or agency, as far as the article tells."""

    article: str
    revision: int
    outlet: str | None
    published: dt.date | dt.datetime | None
    start: int
    end: int
    quote: str
    alike: float
    said: str | None
    via: str | None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked(Record):
    """Whether the collection has a text, word for word, altered or not at all; and where, the earliest dated first."""

    text: str
    verdict: Literal["verbatim", "altered", "absent"]
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace(Record):
    """Who reported something when, crediting whom: the answer in sentences, and all reports in order."""

    question: str
    text: str
    short: str | None
    refused: bool
    reason: str | None
    reports: tuple[Report, ...]
    citations: tuple[Citation, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn(Record):
    """One earlier exchange: all that a chat client sends back."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Question(Record):
    """A question understood: what is wanted, the wording that stands alone, the search it asks for, names in it.

    `follows` tells that it leaned on the conversation before it.
    """

    asked: str
    standalone: str
    kind: Kind
    query: Query
    names: tuple[str, ...] = ()
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """A checked answer: `text` is its sentences joined, with markers such as `[1]`; `short` the bare answer or None."""

    question: str
    standalone: str
    kind: Kind
    filters: Query
    text: str
    short: str | None = None
    refused: bool = False
    refusal: Why | None = None
    reason: str | None = None
    leads: tuple[Citation, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    notices: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    reports: tuple[Report, ...] = ()
    accounts: tuple[Account, ...] = ()
    model: str | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class Step(Record):
    """A line of an explanation: what was done, and what it gave."""

    name: str
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Explained(Record):
    """An answer with how it came about: what was understood, searched, found, scored, and why refused."""

    answer: Answer
    steps: tuple[Step, ...]
