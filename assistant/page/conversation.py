"""A conversation as it goes on: questions and what is shown for them; kept by the reader's browser, and given back."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.ask import Assistant
from assistant.feedback import Fault, Feedback
from assistant.page.runs import Run
from assistant.records import Answer
from assistant.rewording import reworded
from assistant.views.answers import answer_view, asked_view, cited, failure_view, growing_view, remark_view
from assistant.views.exports import TYPES, export
from index.errors import WhenceError
from index.records import Query

log = logging.getLogger(__name__)

UPDATE_EVERY = 0.025
"""Seconds between two updates of a growing answer: each sends and renders the whole of it."""

REMEMBERED = 10
"""Answers that a follow-up question may lean on."""

LONGEST = 200
"""Answers that one conversation is given back with."""

_ANSWERS = TypeAdapter(tuple[Answer, ...])


class BadKeeping(WhenceError):
    """What a browser kept is no conversation of this version's."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and the HTML shown for it; `answer` is None while it is awaited, and when none came."""

    question: str
    shown: str
    answer: Answer | None = None


Conversation = tuple[Exchange, ...]


def told(conversation: Conversation) -> Iterator[tuple[str, str]]:
    """What is shown for each question and for its answer; a question that is being answered offers nothing yet."""
    for place, exchange in enumerate(conversation):
        yield asked_view(exchange.question, place), exchange.shown


def converse(
    assistant: Assistant,
    question: str,
    earlier: Conversation,
    filters: Query | None = None,
    base: str = "",
    run: Run | None = None,
) -> Iterator[Conversation]:
    """The conversation as it grows while the question is answered, or until `run` is stopped.

    Permalinks start with `base`.
    """
    run = run or Run()
    yield (*earlier, Exchange(question, remark_view("Reading the articles …", busy=True)))
    within = filters or Query("")
    history = [exchange.answer for exchange in earlier if exchange.answer][-REMEMBERED:]
    said: list[str] = []
    due = 0.0
    try:
        for piece in assistant.stream(question, history, within.outlets, within.since, within.until):
            if isinstance(piece, Answer):
                yield (*earlier, answered(assistant, piece, len(earlier), base))
                continue
            said += [piece] if piece else []
            if run.stopped.is_set():
                shown = (growing_view(said) if said else "") + remark_view("Stopped.", place=len(earlier))
                yield (*earlier, Exchange(question, shown))
                return
            if time.monotonic() >= due:
                due = time.monotonic() + UPDATE_EVERY
                growing = growing_view(said) if said else remark_view("Writing …", busy=True)
                yield (*earlier, Exchange(question, growing))
    except WhenceError as error:
        yield (*earlier, Exchange(question, failure_view(str(error), len(earlier))))
    except Exception:  # a bug; Gradio's own `failure` event cannot tell it from an answer that was stopped
        log.exception("an answer failed")
        mistake = "The program made a mistake; its log says more."
        yield (*earlier, Exchange(question, failure_view(mistake, len(earlier))))


def answered(assistant: Assistant, answer: Answer, place: int, base: str) -> Exchange:
    """An answer with what is shown of it at that place of a conversation."""
    return Exchange(answer.question, answer_view(answer, place, base, reworded(answer, assistant)), answer)


# -- kept by the browser ---------------------------------------------------------------------------------------------


def kept(conversation: Conversation) -> dict[str, Any]:
    """The newest answer for the reader's browser to keep, and after how many others; empty where there is none."""
    if not conversation or (answer := conversation[-1].answer) is None:
        return {}
    return {"after": len(answers(conversation)) - 1, "answer": answer.to_dict()}


def restored(assistant: Assistant, given: object, base: str) -> Conversation:
    """A conversation out of the answers that a browser kept; nothing in them is believed but escaped and shown.

    Raises:
        BadKeeping: they are no answers, of another version, or too many.
    """
    try:
        found = _ANSWERS.validate_json(json.dumps(given))
    except (ValidationError, ValueError, TypeError) as error:
        raise BadKeeping("This conversation was kept by another version, and cannot be shown.") from error
    if len(found) > LONGEST:
        raise BadKeeping(f"This conversation has more than {LONGEST} answers, and cannot be shown.")
    return tuple(answered(assistant, answer, place, base) for place, answer in enumerate(found))


def answers(conversation: Conversation) -> list[Answer]:
    """All answers that were given."""
    return [exchange.answer for exchange in conversation if exchange.answer]


# -- taken out of it -------------------------------------------------------------------------------------------------


def saved(conversation: Conversation, wanted: str, base: str) -> dict[str, str]:
    """A file for the browser to save: `PLACE/FORM` for one answer, `all/FORM` for the conversation."""
    place, _, form = wanted.partition("/")
    media, ending = TYPES[form]
    home = base if base.startswith(("http://", "https://")) else ""
    chosen: Sequence[Answer] = answers(conversation if place == "all" else (conversation[int(place)],))
    name = "conversation" if place == "all" else "answer"
    return {"name": f"{name}.{ending}", "media": media, "text": export(chosen, form, home)}


def faulted(conversation: Conversation, about: str, fault: Fault, right: str) -> Feedback:
    """A reader's word on an answer, `PLACE`, or on one of its citations, `PLACE/NUMBER`."""
    place, _, number = about.partition("/")
    answer = conversation[int(place)].answer
    assert answer is not None
    citation = next((c for c in cited(answer) if number and c.number == int(number)), None)
    return Feedback(
        question=answer.standalone,
        fault=fault,
        answer=answer.short or answer.text,
        right=right.strip() or None,
        article=citation.article if citation else None,
        quote=citation.quote if citation else None,
    )
