"""A case is asked of an assistant, turn by turn, and becomes an outcome: reply, hits, explanation, values."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from assistant import grounding
from assistant.ask import Assistant
from assistant.compose import Model, ModelFailed
from assistant.evaluation.cases import Asked, Case
from assistant.evaluation.marking import Entails, entailed, is_right, marks, reasons, unmarked
from assistant.evaluation.results import Explanation, Outcome, Place, Quotation, Reply, Sentenced
from assistant.evaluation.scores import CITATIONS, PASSAGE, QUOTE, Quoted, overlap
from assistant.records import Answer, Citation, Explained
from assistant.vouching import vouching
from index import Hit, Index
from index.records import Span, plain
from prompts import load

HITS = 10
"""Hits of the plain search that are looked at."""

SHOWN = 320
"""Characters of a hit that results keep."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, sent and written."""

    sent: float
    written: float


@dataclass(frozen=True, slots=True)
class Extras:
    """What scores beyond the usual need, where it is there: an NLI model, a model as judge, the model's price."""

    entails: Entails | None = None
    judge: Model | None = None
    price: Price | None = None


@dataclass(slots=True)
class Metered:
    """A model that counts what it is sent and what it writes, in tokens of the collection's encoder.

    A model's own tokens are of its own kind, and not every server tells them; these are within a few per cent for
    English news.
    """

    model: Model
    index: Index
    sent: int = field(default=0)
    written: int = field(default=0)

    @property
    def name(self) -> str:
        """The model's own."""
        return self.model.name

    def stream(self, prompt: str, timeout: float) -> Iterator[str]:
        """As the model streams."""
        self.sent += self.index.encoder.count([prompt])[0]
        for piece in self.model.stream(prompt, timeout):
            self.written += self.index.encoder.count([piece])[0]
            yield piece


def ask(suite: str, case: Case, assistant: Assistant, extras: Extras) -> Outcome:
    """How the assistant does on the case: each turn is asked after its own answers to the turns before.

    Raises:
        WhenceError: the collection cannot be searched.
    """
    index = assistant.index
    meter = Metered(assistant.model, index) if assistant.model else None
    if meter:
        assistant = copy.copy(assistant)  # shares the index; only the meter is this case's own
        assistant.model = meter
    earlier: list[Reply] = []
    history: list[Answer] = []
    for turn in case.turns[:-1]:
        answer = assistant.ask(turn.question, history)
        history.append(answer)
        earlier.append(_reply(answer, turn, index))
    begun = time.perf_counter()
    explained = assistant.explain(case.question, history)
    answered = time.perf_counter()
    searched_for = explained.answer.standalone if history else case.question
    hits = index.search(searched_for, limit=HITS)
    values = {"seconds": answered - begun, "search": time.perf_counter() - answered}
    reply = _reply(explained.answer, case, index)
    found = [(hit.article.id, hit.passage.text) for hit in hits]
    values |= marks(case, reply, found)
    if case.turns:
        turns = zip([*earlier, reply], case.turns, strict=True)
        values["turns"] = sum(is_right(*turn) for turn in turns) / len(case.turns)
    if meter:
        values |= _metered(meter, extras.price)
    if extras.entails and not reply.refused:
        values |= entailed(reply, extras.entails)
    if extras.judge:
        reply, verdict = _judged(case, reply, extras.judge, assistant.model_timeout)
        values |= verdict
    return Outcome(
        suite=suite,
        case=case,
        reply=reply,
        hits=tuple(_place(hit, one, case) for hit, one in zip(hits, found, strict=True)),
        steps=_steps(explained),
        values=values,
        right=bool(values["right"]),
        why=reasons(case, reply, found),
        earlier=tuple(earlier),
    )


def _metered(meter: Metered, price: Price | None) -> dict[str, float]:
    values = {"tokens-in": float(meter.sent), "tokens-out": float(meter.written)}
    if price:
        values["cost"] = (meter.sent * price.sent + meter.written * price.written) / 1e6
    return values


def _judged(case: Case, reply: Reply, judge: Model, timeout: float) -> tuple[Reply, dict[str, float]]:
    """What the judge makes of the reply; when it fails or gives no verdict, a notice and no value."""
    gold = "The collection does not say." if case.answer is None else " / ".join((case.answer, *case.aliases))
    prompt = load("judge").fill(question=reply.standalone, gold=gold, answer=reply.said)
    try:
        words = "".join(judge.stream(prompt, timeout)).split()
    except ModelFailed as error:
        return replace(reply, notices=(*reply.notices, f"The judge gave no verdict: {error}.")), {}
    verdict = words[0].strip(".,:;*\"'").upper() if words else ""
    if verdict not in ("RIGHT", "WRONG"):
        return replace(reply, notices=(*reply.notices, "The judge gave no verdict that can be read.")), {}
    return reply, {"judge": float(verdict == "RIGHT")}


# -- what results keep of records ------------------------------------------------------------------------------------


def _reply(answer: Answer, asked: Asked, index: Index) -> Reply:
    origin = next((report.outlet for report in answer.reports if report.role == "origin"), None)
    return Reply(
        question=answer.question,
        standalone=answer.standalone,
        said=unmarked(answer.text),
        short=answer.short,
        refused=answer.refused,
        reason=answer.reason,
        sentences=tuple(_sentenced(answer, number, index) for number in range(len(answer.sentences))),
        citations=tuple(_quotation(citation, asked, index) for citation in answer.citations),
        origin=origin,
        model=answer.model,
        dropped=len(answer.dropped),
        notices=answer.notices,
    )


def _sentenced(answer: Answer, number: int, index: Index) -> Sentenced:
    sentence = answer.sentences[number]
    cited = [citation for citation in answer.citations if citation.number in sentence.citations]
    lacking = None
    if sentence.support != "collection":
        known = [text for citation in cited for text in _vouching(citation, index)]
        verdict = grounding.judge(unmarked(sentence.text), [citation.quote for citation in cited], known)
        lacking = None if verdict.supported else verdict.why or "its quotes do not bear it out"
    return Sentenced(sentence.text, sentence.citations, sentence.support, lacking)


def _vouching(citation: Citation, index: Index) -> list[str]:
    """What a sentence may say beside the quoted words."""
    credited = (text for credit in citation.credits for text in (credit.source, credit.printed))
    return vouching(index.article(citation.article, citation.revision), citation.quote, credited)


def _quotation(citation: Citation, asked: Asked, index: Index) -> Quotation:
    article = index.article(citation.article, citation.revision)
    start, end = _passage(citation, index)
    return Quotation(
        number=citation.number,
        article=citation.article,
        title=citation.title,
        outlet=citation.outlet,
        published=plain(citation.published),
        url=citation.url,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        passage=article.text[start:end],
        at=(citation.start - start, citation.end - start),
        gold=any(overlap(citation.article, citation.quote[:QUOTE], gold) for gold in asked.evidence)
        and citation.number <= CITATIONS,
        exact=article.text[citation.start : citation.end] == citation.quote,
    )


def _passage(citation: Citation, index: Index) -> Span:
    """From the start of the first passage that the citation touches to the end of the last."""
    passages = index.passages(citation.article, citation.revision)
    touched = [p for p in passages if p.start < citation.end and citation.start < p.end]
    return min([citation.start, *(p.start for p in touched)]), max([citation.end, *(p.end for p in touched)])


def _place(hit: Hit, one: Quoted, case: Case) -> Place:
    text = " ".join(hit.passage.text.split())
    return Place(
        article=hit.article.id,
        outlet=hit.article.outlet,
        title=hit.article.title,
        text=text if len(text) <= SHOWN else text[: SHOWN - 1] + "…",
        found=hit.found,
        score=round(hit.score, 4),
        gold=any(overlap(one[0], one[1][:PASSAGE], gold) for gold in case.evidence),
    )


def _steps(explained: Explained) -> tuple[Explanation, ...]:
    return tuple(Explanation(step.name, plain(step.told)) for step in explained.steps)
