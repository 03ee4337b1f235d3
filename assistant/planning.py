"""What a model is asked before the search: a follow-up that stands alone, and which searches a question needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import TypeVar

from assistant.compose import Model, ModelFailed
from assistant.orders import addresses, without_orders
from assistant.prose import plain
from assistant.records import Answer, Kind, Question, Turn
from index.records import Hit, Query
from prompts import load

REMEMBERED, LONGEST_TURN = 4, 400
"""Exchanges of a conversation that are told to a model, and characters of each question and answer."""

SECONDS = 8.0
"""What such a call may take, of the time that the question has."""

ROUNDS, SEARCHES = 2, 4
"""How often a model is asked which searches are needed, and how many it may name each time."""

MOST_HITS = 14
"""Passages that an answer of several parts is written from."""

LONGEST = 300
"""Characters of a question or search that a model writes."""

T = TypeVar("T")
Pulsing = Generator[str, None, T]
"""Gives empty pieces while a model is waited for, and returns what came of it."""

_PARTED: frozenset[Kind] = frozenset({"comparison", "order"})
_SEVERAL = re.compile(
    r"\?\s+\S.*\?|[,;]? and (?:who|what|when|where|which|how|why|did|does|was|were|is|are|has|have)\b|\bboth\b|\beach\b"
    r"|\brespectively\b|\bas well as\b",
    re.IGNORECASE | re.DOTALL,
)


def has_parts(question: str, kind: Kind) -> bool:
    """Whether one search may not be enough: several questions in one, a comparison, a chain of events."""
    return kind in _PARTED or bool(_SEVERAL.search(question))


def standalone(question: str, history: Sequence[Answer | Turn], model: Model) -> Pulsing[str | None]:
    """The follow-up as the model writes it to stand alone; None when it fails to, and rules must do.

    What is written may hold no address, and only words for which the conversation or the question vouches.
    """
    told = [line for turn in history[-REMEMBERED:] for line in _told(turn)]
    prompt = load("standalone").fill(conversation="\n".join(told), question=_short(question))
    lines = yield from _lines(prompt, model)
    if len(lines) != 1 or addresses(lines[0], ()):
        return None
    known = {_stem(word) for word in re.findall(r"\w+", " ".join((*told, question)).casefold())}
    names = re.findall(r"(?<!^)\b[A-Z]\w{2,}|\d+", lines[0])
    return lines[0] if all(_stem(name.casefold()) in known for name in names) else None


def gather(
    question: Question, found: Sequence[Hit], search: Callable[[Query], Sequence[Hit]], model: Model
) -> Pulsing[list[Hit]]:
    """What was found, and what the searches find that the model thinks needed: of each in turn, `MOST_HITS` at most.

    The question's filters hold for all of them. When the model fails, what was found.
    """
    rankings, done = [list(found)], {"done", question.standalone.casefold()}
    for _ in range(ROUNDS):
        titles = dict.fromkeys(hit.article.title or hit.article.id for ranking in rankings for hit in ranking)
        prompt = load("plan").fill(
            question=question.standalone,
            found="\n".join(f"- {_short(without_orders(title))}" for title in titles) or "- nothing",
            most=str(SEARCHES),
        )
        lines = yield from _lines(prompt, model)
        wanted = [line for line in lines if line.strip(".").casefold() not in done][:SEARCHES]
        if not wanted:
            break
        done |= {line.strip(".").casefold() for line in wanted}
        rankings += [list(search(replace(question.query, text=line))) for line in wanted]
    return _in_turn(rankings)


def _in_turn(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """The first of each, then the second of each and so on, no passage twice."""
    deepest = max(map(len, rankings))
    turns = (ranking[place] for place in range(deepest) for ranking in rankings if place < len(ranking))
    return list({hit.passage.key: hit for hit in turns}.values())[:MOST_HITS]


def _lines(prompt: str, model: Model) -> Pulsing[list[str]]:
    """The lines that the model replies, bullets and numbers gone; none when it fails."""
    reply = ""
    try:
        for piece in model.stream(prompt, SECONDS):
            reply += piece
            yield ""
    except ModelFailed:
        return []
    lines = (plain(line).strip(' "“”[],') for line in reply.splitlines())
    return [line for line in lines if line and len(line) <= LONGEST]


def _told(turn: Answer | Turn) -> tuple[str, str]:
    return f"Asked: {_short(turn.question)}", f"Answered: {_short(without_orders(turn.text))}"


def _short(text: str) -> str:
    """One line of at most `LONGEST_TURN` characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TURN else line[:LONGEST_TURN].rsplit(" ", 1)[0] + " …"


def _stem(word: str) -> str:
    return word[:5]
