"""The answerer that needs no model: the sentences of the hits that best fit the question, quoted and attributed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.records import Kind, Question
from index.records import Article, Credit, Hit, Span
from index.words import STOPWORDS, stems

MOST = 3
"""Sentences quoted at most, unless a list or a summary is asked."""

COVERED, NEAR = 0.3, 0.45
"""Below these the evidence is thin: the share of the question's weight that the best hits and their setting cover, and
the cosine of their nearest sentence. Chosen on the learning questions, where they refuse 3 in 100 answerable ones."""

_FITS: dict[Kind, re.Pattern[str]] = {
    "number": re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?"
                         r"|thousands?|millions?|half|third|quarter|twice|double)\b", re.IGNORECASE),
    "when": re.compile(r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July"
                       r"|August|September|October|November|December|(?:Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.|(?:19|20)\d\d"
                       r"|yesterday|today|tomorrow|ago|last (?:week|month|year)|\d{1,2}(?::\d\d)? ?[ap]\.?m)"),
    "who-said": re.compile(r"[“\"‘]|\b(?:said|says|told|according|added|wrote|called|argued|tweeted|claimed)\b"),
    "what-said": re.compile(r"[“\"‘]|\b(?:said|says|told|according|added|wrote|called|argued|tweeted|claimed)\b"),
    "who": re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+"),
    "where": re.compile(r"\b(?:in|at|near|from|outside) (?:the )?[A-Z]"),
    "which-outlet": re.compile(r"\b(?:report|publish|accord|told|obtain|interview|said|news|newspaper|paper|magazine)"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence chosen from a hit: its span in the article, its score, and what the score is made of."""

    hit: Hit
    start: int
    end: int
    score: float
    words: float
    meaning: float

    @property
    def quote(self) -> str:
        """The sentence, to the character."""
        return self.hit.article.text[self.start : self.end]


def choose(question: Question, hits: Sequence[Hit]) -> list[Pick]:
    """All sentences of the hits, best first: by words, by meaning, by kind of answer, by the rank of their hit."""
    fits = _FITS.get(question.kind)
    top = max((hit.score for hit in hits), default=0.0) or 1.0
    picks = []
    for hit in hits:
        for s in hit.sentences:
            text = hit.article.text[s.start : s.end]
            kind = 1.0 if fits is None or fits.search(text) else 0.0
            score = 0.45 * s.words + 0.35 * s.meaning + 0.15 * kind + 0.45 * hit.score / top
            if len(text.split()) < 4:
                score -= 0.3
            picks.append(Pick(hit, s.start, s.end, score, s.words, s.meaning))
    return sorted(picks, key=lambda p: (-p.score, p.hit.article.id, p.start))


def evidence(hits: Sequence[Hit]) -> str | None:
    """None when the hits are near enough to the question to answer it; else what is missing, in words."""
    if not hits:
        return "No article matches the question."
    covered = max(hit.signals["covered_setting"] for hit in hits[:3])
    near = max(hit.signals["sentence_cosine"] for hit in hits[:3])
    if covered >= COVERED and near >= NEAR:
        return None
    closest = hits[0].article
    which = f"“{closest.title}” comes nearest" if closest.title else "One article comes near"
    return f"{which}, but no passage tells what is asked."


def supporting(question: Question, picks: Sequence[Pick]) -> list[Pick]:
    """The sentences to quote: the best, then those that add to it, at most `MOST`, none saying the same again."""
    if not picks:
        return []
    limit = MOST + 2 if question.kind in ("list", "summary") else MOST
    floor = 0.86 if question.kind in ("list", "summary", "comparison") else 0.9
    kept = [picks[0]]
    said = [_content(picks[0].quote)]
    for pick in picks[1:12]:
        if len(kept) == limit or pick.score < floor * picks[0].score:
            break
        words = _content(pick.quote)
        if any(len(words & other) > 0.6 * min(len(words), len(other)) for other in said):
            continue
        kept.append(pick)
        said.append(words)
    return kept


def attributed(article: Article, credit: Credit | None, quote: str) -> str:
    """A sentence that says who prints the quote, when, and whom the article credits for it.

    The quote is given to the character but for line breaks, between quotation marks unless it has some of its own.
    """
    outlet = article.outlet or "An article that does not state its outlet"
    by = f", crediting {credit.name or 'unnamed sources'}" if credit else ""
    return f"{outlet} ({article_date(article)}){by}: {in_marks(quote)}"


def in_marks(quote: str) -> str:
    """A quote on one line, between quotation marks unless it has some of its own."""
    line = " ".join(quote.split())
    return line if re.search(r"[\"“”]|^[‘']|''", line) else f"“{line}”"


def article_date(article: Article) -> str:
    """The article's date as people read it, or `undated`."""
    day = article.day
    if day is None:
        return "undated"
    return f"{day.day} {day:%B %Y}" + (", inferred" if article.dated == "inferred" else "")


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
