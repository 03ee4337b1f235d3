"""What the service takes in and gives out beside the answer's own records: requests as pydantic, replies as records."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, Self

from fastapi.concurrency import iterate_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.records import Answer, Turn
from assistant.service.jobs import Job
from assistant.service.problems import of_collection
from index.errors import WhenceError
from index.records import (
    Article,
    Aside,
    Copy,
    Credit,
    Dated,
    Found,
    Hit,
    Origin,
    Passage,
    Query,
    Record,
    SentenceScore,
    plain,
)

LONGEST_TEXT = 10_000
"""Characters of a question or of a text to be checked."""

MOST_TURNS = 50
MOST_ARTICLES = 1_000
"""Articles in one request."""

MOST_ADDRESSES = 100
"""Web addresses in one request."""

Words = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
Short = Annotated[str, Field(min_length=1, max_length=2_000)]

# -- in --------------------------------------------------------------------------------------------------------------


class Request(BaseModel):
    """A request's body; a name that is not known is an error, not a wish that goes unheard."""

    model_config = ConfigDict(extra="forbid")


class Filtered(Request):
    """Filters; days are inclusive, and articles without a date pass none of them."""

    outlets: list[Short] = Field([], max_length=100, description="Only these outlets.", examples=[[]])
    since: dt.date | None = Field(None, description="Only articles of that day or later.", examples=[None])
    until: dt.date | None = Field(None, description="Only articles of that day or earlier.", examples=[None])


class Exchanged(Request):
    """An earlier question and the text of its answer."""

    question: Words
    text: Annotated[str, Field(max_length=100_000)] = ""


class Asked(Filtered):
    """A question, with the conversation so far."""

    question: Words = Field(examples=["Who first reported the closure of the swing bridge?"])
    history: list[Exchanged] = Field([], max_length=MOST_TURNS, description="Oldest first.", examples=[[]])
    stream: bool = Field(False, description="Send the answer sentence by sentence, as server-sent events.")

    def turns(self) -> list[Turn]:
        """The conversation as the assistant takes it."""
        return [Turn(one.question, one.text) for one in self.history]


class Sought(Filtered):
    """What to look for."""

    query: Words = Field(examples=["swing bridge cracks"])
    limit: int = Field(10, ge=1, le=100, description="Passages at most.")

    def as_query(self) -> Query:
        """The search as the index takes it."""
        return Query(self.query, tuple(self.outlets), self.since, self.until, self.limit)


class Traced(Filtered):
    """A question, or a topic in a few words, whose reports are wanted in order."""

    question: Words = Field(examples=["the closure of the swing bridge"])


class ToCheck(Request):
    """A quotation or claim."""

    text: Words = Field(examples=["cracks in two of the bearings"])


class Given(Request):
    """An article to be taken in; `published` as the outlet writes it."""

    text: str = Field(min_length=1, max_length=2_000_000)
    id: Short | None = None
    url: Short | None = None
    title: Short | None = None
    outlet: Short | None = None
    published: Short | None = Field(None, examples=["2024-05-31"])
    author: Short | None = None
    wire: Short | None = None
    language: Short | None = None


class ToAdd(Request):
    """Articles to be taken in together; one that is held with the same content costs nothing."""

    articles: list[Given] = Field(
        min_length=1,
        max_length=MOST_ARTICLES,
        examples=[[{"id": "light-7", "title": "Ferry is late", "outlet": "Harbour Light", "published": "2024-05-31",
                    "text": "The evening ferry was two hours late, the harbour office said."}]],
    )  # fmt: skip

    def lines(self) -> bytes:
        """The articles as JSON Lines, which is how the readers know them."""
        return "".join(one.model_dump_json(exclude_none=True) + "\n" for one in self.articles).encode()


class NewJob(ToAdd):
    """What a job is to take in: articles, or web addresses of pages, feeds or sitemaps."""

    articles: list[Given] = Field([], max_length=MOST_ARTICLES)
    addresses: list[Annotated[str, Field(max_length=2_000, pattern=r"^https?://[^\s]+$")]] = Field(
        [], max_length=MOST_ADDRESSES, examples=[["https://light.example/news.rss"]]
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.articles) == bool(self.addresses):
            raise ValueError("either articles or addresses are wanted")
        return self


# -- out -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed(Record):
    """An article without its text."""

    id: str
    revision: int
    url: str | None
    title: str | None
    outlet: str | None
    author: str | None
    published: dt.date | dt.datetime | None
    dated: Dated
    window: tuple[dt.date, dt.date] | None
    wire: str | None
    language: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Told(Listed):
    """An article with its text, which spans of it are not the story, and whom it credits."""

    text: str
    asides: tuple[Aside, ...]
    credits: tuple[Credit, ...]


@dataclass(frozen=True, slots=True)
class Page(Record):
    """Some of the articles, the earliest first; `next` is the offset of those that follow, None at the end."""

    articles: tuple[Listed, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class FoundPassage(Record):
    """A hit, its article without the text."""

    passage: Passage
    article: Listed
    score: float
    found: Found
    sentences: tuple[SentenceScore, ...]
    copies: tuple[Copy, ...]
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Passages(Record):
    """The passages that fit best, best first; `notices` say what the search had to do without."""

    hits: tuple[FoundPassage, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobList(Record):
    """Jobs, the newest first."""

    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Health(Record):
    """That the service is there, or ready to answer."""

    status: str


def listed(article: Article) -> Listed:
    """An article as a list shows it."""
    return Listed(**_facts(article))


def told(article: Article, credits: list[Credit]) -> Told:
    """An article in full."""
    return Told(**_facts(article), text=article.text, asides=article.asides, credits=tuple(credits))


def found(hit: Hit) -> FoundPassage:
    """A hit as it is sent."""
    article = listed(hit.article)
    return FoundPassage(hit.passage, article, hit.score, hit.found, hit.sentences, hit.copies, hit.signals)


def sent(record: Record, status: int = 200) -> JSONResponse:
    """A record as a response: what `to_dict` gives, like every other door."""
    return JSONResponse(record.to_dict(), status)


def _facts(article: Article) -> dict[str, Any]:
    return {one.name: getattr(article, one.name) for one in fields(Listed)}


# -- an answer as it comes -------------------------------------------------------------------------------------------

Pieces = Generator[str | Answer, None, None]


def begun(pieces: Iterator[str | Answer]) -> Pieces:
    """The same pieces, the first of them made now: what cannot be asked fails before anything is sent."""
    first = next(pieces)

    def all_of_them() -> Pieces:
        yield first
        yield from pieces

    return all_of_them()


async def events(
    pieces: Pieces, shown: Callable[[str | Answer], str], failed: Callable[[WhenceError], str]
) -> AsyncIterator[str]:
    """Pieces as server-sent events; closes them when the reader is gone, which stops a model's call.

    An empty piece, that the answer is being written, is a comment, by which a reader who has gone is noticed.
    """
    try:
        async for piece in iterate_in_threadpool(pieces):
            yield shown(piece) if piece else ": writing\n\n"
    except WhenceError as error:
        yield failed(error)
    finally:
        pieces.close()


def event(data: object, name: str | None = None) -> str:
    """One server-sent event."""
    line = json.dumps(plain(data), ensure_ascii=False, separators=(",", ":"))
    return (f"event: {name}\n" if name else "") + f"data: {line}\n\n"


def answer_event(piece: str | Answer) -> str:
    """A piece of an answer: `sentence` with its text as it joins the answer, or `answer`, whole and last."""
    return event(piece, "answer") if isinstance(piece, Answer) else event({"text": piece}, "sentence")


def failure_event(error: WhenceError) -> str:
    """That the answer cannot be finished, as `problem`."""
    return event(of_collection(error).model_dump(), "problem")
