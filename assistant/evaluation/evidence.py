"""Cases and a collection become the cases whose evidence the collection holds, and those left out with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from assistant.evaluation.cases import Asked, Case, Evidence
from assistant.evaluation.results import LeftOut
from assistant.evaluation.scores import normalise, overlap
from index import Index, UnknownArticle

LOOKED_AT = 5
"""Hits among which the article of a quote that names none is looked for."""

SEARCHED = 400
"""Characters of such a quote that are searched for."""


A = TypeVar("A", bound=Asked)


class _NotHeld(Exception):
    """Evidence that the collection does not hold; the text says which."""


def held(suite: str, cases: Iterable[Case], index: Index) -> tuple[list[Case], list[LeftOut]]:
    """The cases that can be asked, evidence without an article given the article that holds it; and the others."""
    kept: list[Case] = []
    left: list[LeftOut] = []
    for case in cases:
        try:
            kept.append(replace(_placed(case, index), turns=tuple(_placed(turn, index) for turn in case.turns)))
        except _NotHeld as error:
            left.append(LeftOut(suite, case.id, str(error)))
    return kept, left


def _placed(asked: A, index: Index) -> A:
    return replace(asked, evidence=tuple(_found(gold, index) for gold in asked.evidence))


def _found(gold: Evidence, index: Index) -> Evidence:
    if not gold.article:
        for hit in index.search(gold.quote[:SEARCHED], limit=LOOKED_AT):
            if overlap(hit.article.id, hit.passage.text, Evidence(hit.article.id, gold.quote)):
                return Evidence(hit.article.id, gold.quote)
        raise _NotHeld(f"no article holds its evidence {_short(gold.quote)}")
    try:
        text = index.article(gold.article).text
    except UnknownArticle:
        raise _NotHeld(f"its article {gold.article!r} is not in the collection") from None
    if gold.quote in text or f" {normalise(gold.quote)} " in f" {normalise(text)} ":
        return gold
    raise _NotHeld(f"the article {gold.article!r} does not hold its evidence {_short(gold.quote)}")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")
