"""A question and its hits into drafted sentences, written by a language model, each with the passages it names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.records import Question
from index.errors import WhenceError
from index.records import Article, Credit, Hit, Record, Span
from index.splitter import sentences
from prompts import load

REFUSAL = "The collection does not say."
"""What a model is told to write when the passages do not answer."""

LOOKAHEAD = 7
"""Whole words after a sentence before its end is believed: one more than the splitter ever looks at."""

_MARK = r"[ \t\xa0]*(?:\[{1,2}|【)\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*(?:\]{1,2}|】)"
"""[1], [1, 2], [1-3], [[1]] or 【1】; four digits would be a year that an editor put in brackets."""

_MARKER = re.compile(_MARK)
_STOP_AND_MARKERS = re.compile(rf"([.!?…]+[\"”'’»)]*)((?>(?:{_MARK})+))(?!\s*[a-z])")
_NUMBERS = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+))?")
_FENCE_LIKE = re.compile(r"[<＜‹〈⟨](?=[\s/]*passage|\|)", re.IGNORECASE)


class ModelFailed(WhenceError):
    """A language model gave no whole reply; the text says which and why, and may stand within a sentence."""


class Model(Protocol):
    """A language model."""

    @property
    def name(self) -> str:
        """What to call it in an answer."""
        ...

    def stream(self, prompt: str, timeout: float) -> Iterator[str]:
        """The reply in pieces as they come, within `timeout` seconds in all; closing the iterator stops the model.

        Raises:
            ModelFailed: it was not reached, refused, broke off, took too long, or said nothing.
        """
        ...


@dataclass(frozen=True, slots=True)
class Draft(Record):
    """A sentence as the model wrote it, markers removed; nobody has checked it yet.

    `hits` are positions in the hits given, in the order named; `unknown` counts the numbers that name no passage.
    """

    text: str
    hits: tuple[int, ...]
    unknown: int = 0


def compose(
    question: Question,
    hits: Sequence[Hit],
    credits: Callable[[Hit], Sequence[Credit]],
    model: Model,
    timeout: float,
) -> Iterator[Draft]:
    """What the model answers from the hits' passages, sentence by sentence as it comes; `REFUSAL` names no hits.

    Args:
        question: What is asked.
        hits: The passages that the model sees, in this order.
        credits: Whom a hit's passage credits.
        model: Writes the reply.
        timeout: Seconds that it has in all.

    Raises:
        ModelFailed: see `Model.stream`; sentences that were whole before it have been given.
    """
    pieces = model.stream(_prompt(question, hits, credits), timeout)
    try:
        for written in _whole_sentences(pieces):
            draft = _draft(written, len(hits))
            if draft.text:
                yield draft
    finally:
        if isinstance(pieces, Generator):  # At once, and not only when the last reference goes.
            pieces.close()


def _prompt(question: Question, hits: Sequence[Hit], credits: Callable[[Hit], Sequence[Credit]]) -> str:
    """Instructions, fenced passages numbered from 1, and the question."""
    shown = [f"{_heading(hit.article, credits(hit))}\n\n{hit.passage.text}" for hit in hits]
    # A hash of all that it encloses: no article can hold it, since holding it would change it.
    fence = hashlib.sha256("\n".join([question.standalone, *shown]).encode(errors="replace")).hexdigest()[:16]
    fenced = [
        f"<passage {fence}>\nNumber: [{number}]\n{_FENCE_LIKE.sub('(', text)}\n</passage {fence}>"
        for number, text in enumerate(shown, 1)
    ]
    return load("answer").fill(refusal=REFUSAL, fence=fence, passages="\n\n".join(fenced), question=question.standalone)


def _heading(article: Article, credits: Sequence[Credit]) -> str:
    """Who printed a passage, when, and whom it credits, on three lines."""
    day = f"{article.day}{' (inferred)' if article.dated == 'inferred' else ''}" if article.day else "not known"
    names = dict.fromkeys(
        credit.name or " ".join(article.text[start:end] for start, end in credit.source) for credit in credits
    )
    lines = {"Outlet": article.outlet or "not known", "Published": day, "Credits": "; ".join(names) or "nobody"}
    return "\n".join(f"{label}: {' '.join(told.split())}" for label, told in lines.items())


def _whole_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """The reply's sentences, each as soon as it and the markers after it are complete."""
    held = ""
    for piece in pieces:
        held += piece
        done = 0
        for start, end in _spans(held):
            if len(held[end:].split(maxsplit=LOOKAHEAD)) <= LOOKAHEAD:
                break
            yield held[start:end]
            done = end
        held = held[done:].lstrip()
    for start, end in _spans(held):
        yield held[start:end]


def _spans(text: str) -> list[Span]:
    """The sentences of a reply, undivided where they quote several, with the markers within them and after them."""
    # The splitter sees "He left. [1] Then" as "He left Xxx. Then", character for character.
    moved = _STOP_AND_MARKERS.sub(r"\2\1", text)
    masked = _MARKER.sub(lambda m: "X".ljust(len(m[0].lstrip()), "x").rjust(len(m[0])), moved)
    spans: list[Span] = []
    for start, end in sentences(masked):
        if spans and (_quoting(text[slice(*spans[-1])]) or not _MARKER.sub("", text[start:end]).strip()):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _quoting(text: str) -> bool:
    """Whether a quotation is begun and not closed."""
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")


def _draft(written: str, passages: int) -> Draft:
    """A sentence parted from its markers, which are resolved against passages numbered from 1."""
    text = _MARKER.sub("", written).strip()
    named = list(dict.fromkeys(n for marker in _MARKER.finditer(written) for n in _numbers(marker[0])))
    known = tuple(n - 1 for n in named if 1 <= n <= passages)
    return Draft(text, ()) if text == REFUSAL else Draft(text, known, len(named) - len(known))


def _numbers(marker: str) -> Iterator[int]:
    """The numbers of a marker: 1, 3, 4 and 5 of "[1, 3-5]"."""
    for first, last in _NUMBERS.findall(marker):
        yield from range(int(first), int(last or first) + 1)
