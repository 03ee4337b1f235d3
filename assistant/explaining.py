"""How an answer came about, line by line, as `Explained` tells it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.records import Answer, Question, Step
from assistant.sentences import Pick
from assistant.spans import Candidate
from index.records import Hit

SHOWN = 8
"""Sentences and spans told, the best."""


def understood(question: Question) -> Step:
    """What was understood, and which filters that sets."""
    told = {"kind": question.kind, "standalone": question.standalone, "names": question.names}
    return Step("understood", {**told, "filters": question.query.to_dict()})


def found(hits: Sequence[Hit]) -> Step:
    """The passages found, and what speaks for each."""
    told = [
        {"article": hit.article.id, "start": hit.passage.start, "end": hit.passage.end, "found": hit.found,
         "score": round(hit.score, 3), "signals": _rounded(hit.signals)}
        for hit in hits
    ]  # fmt: skip
    return Step("found", {"hits": told})


def scored(picks: Sequence[Pick], spans: Sequence[Candidate], doubt: float, lacking: str | None) -> Step:
    """The best sentences and spans with their signals, the doubt, and what the evidence lacks in words."""
    sentences = [
        {"article": pick.hit.article.id, "quote": pick.quote, "score": round(pick.score, 3),
         "signals": _rounded(pick.signals)}
        for pick in picks[:SHOWN]
    ]  # fmt: skip
    answers = [
        {"quote": one.quote, "short": one.short, "form": one.form, "score": round(one.score, 3),
         "signals": _rounded(one.signals)}
        for one in spans[:SHOWN]
    ]  # fmt: skip
    return Step("scored", {"sentences": sentences, "spans": answers, "doubt": round(doubt, 3), "lacking": lacking})


def refused(answer: Answer) -> Step:
    """Why there is no answer."""
    return Step("refused", {"refusal": answer.refusal, "reason": answer.reason})


def _rounded(signals: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in signals.items() if value}
