"""A question and its hits into drafted sentences, written by a language model, each with the passages it names."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Protocol

from assistant import markers, prose, tongues
from assistant.orders import without_orders
from assistant.records import Question
from index.errors import WhenceError
from index.records import Article, Credit, Hit, Record
from prompts import load

REFUSAL = "The collection does not say."
"""What a model is told to write when the passages do not answer."""

REPLY = 1_000
"""Tokens that an answer may take: some forty sentences."""

TOKEN = 3.5
"""Characters of English to a token, on the careful side of the usual 4."""

MOST, LINES = 16, 4
"""Sentences that are read of one reply, and lines to each: headings and the like are none."""

_FENCE_LIKE = re.compile(r"[<＜‹〈⟨](?=[\s/]*passage|\|)", re.IGNORECASE)

_ASIDE = re.compile(r"\s*\(([^()]{3,120})\)")

Credited = Callable[[Hit], Sequence[Credit]]
"""Whom a hit's passage credits."""


class ModelFailed(WhenceError):
    """A language model gave no whole reply; the text says which and why, and may stand within a sentence."""


class Unchecked(ModelFailed):
    """A language model wrote a reply of which nothing could be checked; the text says why, as for `ModelFailed`."""


class Model(Protocol):
    """A language model."""

    @property
    def name(self) -> str:
        """What to call it in an answer."""
        ...

    def stream(self, prompt: str, timeout: float) -> Iterator[str]:
        """The reply in pieces as they come, within `timeout` seconds in all; closing the iterator stops the model.

        The first piece is empty and comes as soon as the model is asked; while nothing comes there may be more such,
        one each `PULSE` seconds.

        Raises:
            ModelFailed: it was not reached, refused, broke off, took too long, or said nothing.
        """
        ...


@dataclass(slots=True)
class Metered:
    """A model with what one question may cost: tokens, estimated, prompts and replies alike, and time till `deadline`
    (of `time.monotonic`)."""

    model: Model
    tokens: int
    deadline: float

    @property
    def name(self) -> str:
        return self.model.name

    def stream(self, prompt: str, timeout: float) -> Iterator[str]:
        cost = int(len(prompt) / TOKEN)
        left = self.deadline - time.monotonic()
        if cost + REPLY > self.tokens:
            raise ModelFailed(f"{self.name} would need more tokens than a question may cost")
        if left <= 0:
            raise ModelFailed(f"{self.name} has no time left")
        self.tokens -= cost
        written = 0
        with closing(_generator(self.model.stream(prompt, min(timeout, left)))) as pieces:
            for piece in pieces:
                written += len(piece)
                yield piece
        self.tokens -= int(written / TOKEN)


@dataclass(frozen=True, slots=True)
class Draft(Record):
    """A sentence as the model wrote it, markers removed; nobody has checked it yet.

    `hits` are positions in the hits given, in the order named; `unknown` counts the numbers that name no passage.
    """

    text: str
    hits: tuple[int, ...]
    unknown: int = 0


def compose(
    question: Question, hits: Sequence[Hit], credits: Credited, model: Model, timeout: float
) -> Iterator[Draft | None]:
    """What the model answers from the hits' passages, sentence by sentence as it comes; `REFUSAL` names no hits.

    None comes in between, each `PULSE` seconds or so while no sentence is whole, and once a sentence is whole it comes
    within that time. Of a reply that does not end, the first `MOST` sentences are read.

    Args:
        question: What is asked.
        hits: The passages that the model sees, in this order.
        credits: Whom a hit's passage credits.
        model: Writes the reply.
        timeout: Seconds that it has in all.

    Raises:
        ModelFailed: see `Model.stream`; sentences that were whole before it have been given.
        Unchecked: the reply is a mere yes or no, which says nothing without the question.
    """
    fence, passages = _fenced(question, list(enumerate(hits, 1)), credits)
    language = tongues.wanted(hit.article for hit in hits)
    prompt = load("answer").fill(
        refusal=REFUSAL, fence=fence, passages=passages, question=question.standalone, language=language
    )
    return _drafts(prompt, hits, model, timeout, MOST)


def mend(
    draft: Draft, why: str, question: Question, hits: Sequence[Hit], credits: Credited, model: Model, timeout: float
) -> Iterator[Draft | None]:
    """The sentence that the model writes in place of one that was not borne out for that reason; else as `compose`.

    It sees the passages that the draft cites, under their numbers; all of them when it cites none.
    """
    cited = [(i + 1, hits[i]) for i in draft.hits] or list(enumerate(hits, 1))
    fence, passages = _fenced(question, cited, credits)
    marked = draft.text + "".join(f" [{i + 1}]" for i in draft.hits)
    prompt = load("repair").fill(
        refusal=REFUSAL, fence=fence, passages=passages, question=question.standalone, sentence=marked, reason=why,
        language=tongues.wanted(hit.article for _, hit in cited),
    )  # fmt: skip
    for mended in _drafts(prompt, hits, model, timeout, 1):
        yield replace(mended, text=prose.unquoted(mended.text, draft.text)) if mended else None


def fits(hits: Sequence[Hit], credits: Credited, tokens: int) -> list[Hit]:
    """The hits, best first, whose passages leave room for a reply in that many tokens; at least one."""
    room = (tokens - REPLY) * TOKEN - len(load("answer").text)
    kept: list[Hit] = []
    for hit in hits:
        room -= len(_heading(hit.article, credits(hit))) + len(hit.passage.text) + 80  # the fence and the number
        if kept and room < 0:
            break
        kept.append(hit)
    return kept


def _drafts(prompt: str, hits: Sequence[Hit], model: Model, timeout: float, most: int) -> Iterator[Draft | None]:
    with closing(_generator(model.stream(prompt, timeout))) as pieces:
        given, seen, assented = 0, 0, False
        for written in markers.whole_sentences(pieces):
            if written is None:
                yield None
                continue
            if given and (prose.lists_sources(written) or prose.goes_on(written)):
                return
            seen += 1
            if (draft := _draft(written, hits, first=not given)).text:
                given += 1
                yield draft
            if given == most or seen == LINES * most:
                return
            assented |= prose.is_assent(markers.bare(written, []))
        if assented and not given:
            raise Unchecked("it says no more than yes or no")


def _generator(pieces: Iterator[str]) -> Generator[str, None, None]:
    """The pieces, to be closed at once, and not only when the last reference goes."""
    yield from pieces


def _fenced(question: Question, numbered: Sequence[tuple[int, Hit]], credits: Credited) -> tuple[str, str]:
    """A fence, and those passages within it under their numbers, without what speaks to a machine."""
    shown = [
        (number, f"{_heading(hit.article, credits(hit))}\n\n{without_orders(hit.passage.text)}")
        for number, hit in numbered
    ]
    # A hash of all that it encloses: no article can hold it, since holding it would change it.
    held = "\n".join([question.standalone, *(text for _, text in shown)])
    fence = hashlib.sha256(held.encode(errors="replace")).hexdigest()[:16]
    fenced = [
        f"<passage {fence}>\nNumber: [{number}]\n{_FENCE_LIKE.sub('(', text)}\n</passage {fence}>"
        for number, text in shown
    ]
    return fence, "\n\n".join(fenced)


def _heading(article: Article, credits: Sequence[Credit]) -> str:
    """Who printed a passage, when, and whom it credits, on three lines."""
    day = f"{article.day}{' (inferred)' if article.dated == 'inferred' else ''}" if article.day else "not known"
    names = dict.fromkeys(
        credit.name or " ".join(article.text[start:end] for start, end in credit.source) for credit in credits
    )
    lines = {"Outlet": article.outlet or "not known", "Published": day, "Credits": "; ".join(names) or "nobody"}
    return "\n".join(f"{label}: {' '.join(without_orders(told).split())}" for label, told in lines.items())


def _draft(written: str, hits: Sequence[Hit], first: bool) -> Draft:
    """A sentence in plain prose, parted from its markers, which are resolved against the hits, numbered from 1; the
    first may be a mere figure or outlet, where it cites a passage, for that may be all that was asked."""
    plain = prose.plain(written)
    text = markers.bare(plain, [hit.article.outlet for hit in hits])
    named = markers.numbers(written, len(hits))
    known = tuple(n - 1 for n in named if 1 <= n <= len(hits))
    if prose.refuses(text):
        return Draft(REFUSAL, ())
    cited = [hits[i] for i in known]
    short = cited and (prose.is_figure(text, plain) or any(prose.is_reference(text, _names(hit)) for hit in cited))
    told = text if first and short else _without_references(text, cited)
    return Draft(told, known, len(named) - len(known))


def _names(hit: Hit) -> list[str]:
    """What a reference to its article may say besides a day, the outlet first."""
    return [hit.article.outlet or "", hit.article.title or ""]


def _without_references(text: str, cited: Sequence[Hit]) -> str:
    """A sentence without what only repeats whose passage it cites, and without quotation marks around all of it that
    the passage has not; empty where nothing else is left, or it is a question."""
    for hit in cited:
        names = _names(hit)
        for aside in _ASIDE.finditer(text):
            if prose.is_reference(aside[1], names):
                text = text.replace(aside[0], "")
        if prose.is_reference(text, names):
            return ""
    if cited and not any(text[1:-1].rstrip(".") in hit.passage.text for hit in cited):
        text = prose.unquoted(text, instead_of="")
    return text if prose.is_one(text) and not prose.asks(text) else ""
