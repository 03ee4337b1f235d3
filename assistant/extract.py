"""The answerer that needs no model: of the sentences that best fit a question those to quote, and what stands there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.records import Question
from assistant.sentences import Pick
from index import dates, dating
from index.records import Article, Credit, Hit, Span
from index.words import STOPWORDS, stems

MOST = 3
"""Sentences quoted at most, two more where a list, a comparison or a summary is asked."""

LENGTH = 75
"""Words quoted at most, but for the first sentence, where no list, comparison or summary is asked."""

NEARLY = 3.0
"""How far below the best a sentence's score may be to be quoted beside it (odds of about one in twenty)."""

SAME = 0.6
"""The share of the shorter sentence's words at which two say the same."""

ON_TOPIC, GOING_ON = 0.8, 0.55
"""The share of what the best sentence tells of a topic that another article's must tell to be part of an overview, and
a further one of the nearest article."""

COVERED, NEAR, NEARER = 0.3, 0.45, 0.55
"""The evidence is thin when the nearest sentence of the best hits has a cosine below `NEAR`, or below `NEARER` while
the hits and their setting cover less than `COVERED` of the question's weight. Chosen on the learning questions, of
which they refuse about 2 in 100 answerable ones."""


def evidence(hits: Sequence[Hit]) -> str | None:
    """None when the hits are near enough to the question to answer it; else what is missing, in words."""
    if not hits:
        return "No article matches the question."
    covered = max(hit.signals["covered_setting"] for hit in hits[:3])
    near = max(hit.signals["sentence_cosine"] for hit in hits[:3])
    if near >= (NEAR if covered >= COVERED else NEARER):
        return None
    closest = hits[0].article
    which = f"“{closest.title}” comes nearest" if closest.title else "One article comes near"
    return f"{which}, but no passage tells what is asked."


def supporting(question: Question, picks: Sequence[Pick], answered: bool = False) -> list[Pick]:
    """The sentences to quote: the best, then those nearly as good that add to it, none saying the same again; of an
    overview the best only where it has an answer in short."""
    if question.kind == "summary":
        first, rest = (picks[:1], picks[1:]) if answered else ((), picks)
        further = (pick for pick in overview(rest) if not any(_alike(pick, one) for one in first)) if rest else ()
        return [*first, *further][: MOST + 2]
    many = question.kind in ("list", "comparison")
    kept: list[Pick] = []
    for pick in picks[:12]:
        if kept and not many and sum(len(one.quote.split()) for one in (*kept, pick)) > LENGTH:
            continue
        if len(kept) == (MOST + 2 if many else MOST) or (kept and pick.score < kept[0].score - NEARLY):
            break
        said = _content(pick.quote)
        if all(
            len(said & other) <= SAME * min(len(said), len(other)) for other in map(_content, (k.quote for k in kept))
        ):
            kept.append(pick)
    return kept


def overview(picks: Sequence[Pick]) -> list[Pick]:
    """What the articles nearest to a topic tell of it in one sentence each, none a copy of another, in order of time;
    where there are few, more of the nearest, in its own order."""
    best = {pick.hit.article.id: pick.score for pick in reversed(picks)}
    near = [pick for pick in picks if best[pick.hit.article.id] >= picks[0].score - 1.5 * NEARLY]
    ranked = sorted(near, key=_tells, reverse=True)
    told: dict[str, Pick] = {}
    copied: set[str] = set()
    for pick in ranked:
        id_ = pick.hit.article.id
        on_topic = _tells(pick) >= ON_TOPIC * _tells(ranked[0])
        if on_topic and id_ not in told and id_ not in copied and len(told) < MOST + 2:
            told[id_] = pick
            copied |= {copy.article_id for copy in pick.hit.copies}
    kept = list(told.values())
    for pick in ranked:
        goes_on = pick.hit.article.id == kept[0].hit.article.id and _tells(pick) >= GOING_ON * _tells(ranked[0])
        if goes_on and len(kept) < MOST and not any(_alike(pick, one) for one in kept):
            kept.append(pick)
    return sorted(kept, key=lambda p: (p.hit.article.day is None, str(p.hit.article.day), p.hit.article.id, p.start))


def _tells(pick: Pick) -> float:
    """How much a sentence tells of a topic, by itself: near in meaning and words, not brief, no mere quotation, and
    rather where an article opens."""
    signs = pick.signals
    quoted = pick.quote.lstrip().startswith(("“", '"', "''", "‘"))
    told = signs.get("meaning", 0.0) + 0.3 * signs.get("words", 0.0) + 0.2 * signs.get("opening", 0.0)
    return told - 0.2 * signs.get("short", 0.0) - 0.1 * quoted


def _alike(one: Pick, other: Pick) -> bool:
    """Whether two sentences say the same."""
    mine, theirs = _content(one.quote), _content(other.quote)
    return len(mine & theirs) > SAME * min(len(mine), len(theirs))


def leading(first: Pick, picks: Sequence[Pick]) -> list[Pick]:
    """The picks with that one before the others, as good as the best."""
    rest = [pick for pick in picks if pick is not first]
    return [replace(first, score=max(first.score, picks[0].score)), *rest]


def in_marks(quote: str) -> str:
    """A quote on one line, between quotation marks unless it has some of its own."""
    line = " ".join(quote.split())
    return line if re.search(r"[\"“”]|^[‘']|''", line) else f"“{line}”"


def article_date(article: Article) -> str:
    """The article's date as people read it, with how it is known where that is less than surely, or `undated`."""
    day = article.day
    if day is None:
        return f"not before {read(article.window[0])}, inferred" if article.window else "undated"
    inferred = ", inferred" if article.dated == "inferred" else ""
    return read(day) + inferred + (", which its text contradicts" if dating.doubt(article) else "")


def read(day: dt.date) -> str:
    """A day as people write it."""
    return f"{day.day} {day:%B %Y}"


def days_meant(article: Article, quote: str) -> list[tuple[Span, str]]:
    """The days that a quote means by words such as "on Tuesday", counted from the day of publication, in order, each
    with the span of the words in the quote; none where that day is not sure."""
    if article.day is None or article.dated == "inferred":
        return []
    said = dates.resolve(quote, article.day)
    return [(span, read(day)) for span, day in said] if said and not dating.doubt(article) else []


def third_party(credits: Sequence[Credit], start: int, end: int, outlet: str | None) -> Credit | None:
    """The outlet or agency (other than its own) that the article credits for that span, the surest first."""
    found = [
        c
        for c in credits
        if c.kind in ("outlet", "agency") and c.name and c.name != outlet and c.relation != "self"
        and (c.touches(start, end) or any(start <= a < end for a, _ in c.source))
        and c.relation != "wire"
    ]  # fmt: skip
    return max(found, key=lambda c: (c.relation == "first", c.sure), default=None)


def _content(text: str) -> set[str]:
    return {stem for stem in stems(text) if stem not in STOPWORDS}


def touching(credits: Sequence[Credit], span: Span) -> list[Credit]:
    """The credits whose content, source or vouching touches that span."""
    start, end = span
    return [c for c in credits if c.touches(start, end) or any(a < end and start < b for a, b in (*c.source, *c.cue))]
