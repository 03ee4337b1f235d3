"""An answer and its hits, held against their case: what each score is worth here, whether it is right, and why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.evaluation.cases import Asked, Case
from assistant.evaluation.measures import REFUSAL
from assistant.evaluation.results import Quotation, Reply
from assistant.evaluation.scores import (
    CITATIONS,
    QUOTE,
    Quoted,
    article_gains,
    contains,
    exact_match,
    gains,
    ndcg,
    overlap,
    recall,
    reciprocal_rank,
    token_f1,
)

Entails = Callable[[str, str], bool]
"""Whether a text (the premise) entails another: what an NLI model says."""

ABOUT_ORIGINS = {"provenance", "origin"}
"""Types of cases whose gold answer is whoever had a report first; any other says so by a tag `origin`."""

FIRST_WORDS = 60
DEPTHS = (1, 5, 10)


def unmarked(text: str) -> str:
    """A text without its markers such as [1]."""
    return re.sub(r"\s*\[\d+\]", "", text)


def is_right(reply: Reply, asked: Asked) -> bool:
    """Whether it says the answer; of a question that the collection does not answer, whether it refuses."""
    if asked.answer is None:
        return reply.refused
    return not reply.refused and contains(reply.said, asked)


def marks(case: Case, reply: Reply, hits: Sequence[Quoted]) -> dict[str, float]:
    """The values of every score that applies to the case and needs no more than this."""
    values: dict[str, float] = {"right": is_right(reply, case)}
    said = "" if reply.refused else reply.short or reply.said
    values |= {"exact": exact_match(said, case), "f1": token_f1(said, case)}
    if case.answer is not None:
        first = " ".join(reply.said.split()[:FIRST_WORDS])
        values |= {
            "contains": not reply.refused and contains(reply.said, case),
            "contains-60": not reply.refused and contains(first, case),
            "short": contains(reply.short or "", case),
        }
    if case.evidence:
        values |= _found(case, hits) | _cited(case, reply.citations)
    if reply.citations:
        values["spans"] = _mean([citation.exact for citation in reply.citations])
        values["quote-words"] = _mean([len(citation.quote.split()) for citation in reply.citations])
    checked = [sentence for sentence in reply.sentences if sentence.support != "collection"]
    if checked:
        values["self-consistency"] = _mean([sentence.lacking is None for sentence in checked])
    if not reply.refused:
        values["answer-words"] = len(reply.said.split())
    if reply.short:
        values["short-words"] = len(reply.short.split())
    if case.answer is not None and (case.type in ABOUT_ORIGINS or case.tags.get("origin")):
        values["origin"] = contains(reply.origin or reply.short or "", case)
    return {name: float(value) for name, value in (values | _refusal(case, reply)).items()}


def _found(case: Case, hits: Sequence[Quoted]) -> dict[str, float]:
    quotes, articles = gains(hits, case), article_gains(hits, case)
    wanted, held = len(case.evidence), len({gold.article for gold in case.evidence})
    return {
        **{f"found@{k}": any(quotes[:k]) for k in DEPTHS},
        **{f"recall@{k}": recall(quotes, wanted, k) for k in DEPTHS},
        "mrr": reciprocal_rank(quotes),
        "ndcg@10": ndcg(quotes, wanted),
        **{f"article-recall@{k}": recall(articles, held, k) for k in DEPTHS},
        "article-mrr": reciprocal_rank(articles),
        "article-ndcg@10": ndcg(articles, held),
    }


def _cited(case: Case, citations: Sequence[Quotation]) -> dict[str, float]:
    first = [(citation.article, citation.quote[:QUOTE]) for citation in citations[:CITATIONS]]
    met = [any(overlap(*one, gold) for one in first) for gold in case.evidence]
    values: dict[str, float] = {"cited": any(met), "citation-recall": _mean(met)}
    if first:
        values["citation-precision"] = _mean([any(overlap(*one, gold) for gold in case.evidence) for one in first])
    return values


def _refusal(case: Case, reply: Reply) -> dict[str, float]:
    if case.answer is None:
        return {"refusal-recall": reply.refused, "refusal": REFUSAL["right" if reply.refused else "missed"]}
    return {"refusal": REFUSAL["wrong" if reply.refused else "rest"]}


def entailed(reply: Reply, entails: Entails) -> dict[str, float]:
    """Citation recall and precision of ALCE: Gao et al., "Enabling LLMs to Generate Text with Citations" (2023).

    A sentence counts when its citations together entail it. A citation counts when its sentence does, and it alone
    entails the sentence or the others without it do not. Empty for a reply without such sentences.
    """
    quotes = {citation.number: citation.quote for citation in reply.citations}
    borne_out: list[bool] = []
    needed: list[bool] = []
    for sentence in reply.sentences:
        if sentence.support == "collection":
            continue
        text = unmarked(sentence.text)
        cited = [quotes[number] for number in sentence.citations if number in quotes]
        whole = bool(cited) and entails(" ".join(cited), text)
        borne_out.append(whole)
        for place, quote in enumerate(cited):
            others = cited[:place] + cited[place + 1 :]
            needed.append(whole and (entails(quote, text) or not (others and entails(" ".join(others), text))))
    if not borne_out:
        return {}
    return {"alce-recall": _mean(borne_out)} | ({"alce-precision": _mean(needed)} if needed else {})


def reasons(case: Case, reply: Reply, hits: Sequence[Quoted]) -> tuple[str, ...]:
    """Why the reply counts as wrong, and where the gold quote went; for a right one, what else it lacks."""
    told: list[str] = []
    if case.answer is None and not reply.refused:
        told.append("It answers, though the collection does not say.")
    elif case.answer is not None and reply.refused:
        told.append("It refuses, though the collection says it.")
    elif case.answer is not None and not contains(reply.said, case):
        told.append(_unsaid(case, reply))
    if case.evidence and not _cited(case, reply.citations)["cited"]:
        place = next((place for place, gain in enumerate(gains(hits, case), 1) if gain), None)
        where = f"stands in hit {place} of the search" if place else f"is in none of the {len(hits)} hits of the search"
        told.append(f"No citation overlaps a gold quote, which {where}.")
    told += [f"Citation [{c.number}] is not its span of the article." for c in reply.citations if not c.exact]
    told += [f"Not borne out: {s.lacking} (“{unmarked(s.text)}”)." for s in reply.sentences if s.lacking]
    return tuple(told)


def _unsaid(case: Case, reply: Reply) -> str:
    if not case.parts:
        return "It says neither the gold answer nor an alias." if case.aliases else "It does not say the gold answer."
    lacking = [part[0] for part in case.parts if not contains(reply.said, Asked(question="", answer="", parts=(part,)))]
    return f"It lacks {' and '.join(map(repr, lacking))}."


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
