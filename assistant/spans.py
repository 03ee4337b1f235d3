"""The bare answer: the span of the best sentences that is of the form asked for, by one weighted sum of signals. Pure.

Every figure, date, name, quotation and clause of the sentences is a candidate. What speaks for it: how it fits the form
asked for, how near the question's words stand, how good its sentence is. The weights were learned by
benchmarks/learn_spans.py.
"""

from __future__ import annotations

import heapq
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType

from assistant.extract import days_meant, in_marks
from assistant.forms import DAY, MONTH, SPELLED, Form, candidates, trimmed
from assistant.names import full_name, kind_of_name, speakers
from assistant.reader import Bounds
from assistant.records import Kind, Question
from assistant.sentences import Pick
from assistant.wanted import Asked, Wanted, wanted
from index.folding import fold
from index.records import Article, Span
from index.words import STOPWORDS, stems

WEIGHTS: Mapping[str, float] = json.loads((files("assistant") / "weights" / "spans.json").read_text())["weights"]
"""What each signal counts; the file beside tells how it was learned."""

SENTENCES = 5
"""Sentences whose spans are candidates: of the learning questions, 0.88 have a right one among them."""

REACH = 15
"""Words on either side in which the question's words count as near."""

READ, LONGEST = 2, 24
"""Spans of a sentence that reading adds, and the wordpieces of one at most."""

UNLIKELY = -3.0
"""A quarter of the logarithm of a chance that counts as none."""

_CUE = re.compile(
    r"\b(?:said|says|told|added|wrote|called|calling|argued|tweeted|claimed|warned|predicted|insisted"
    r"|asked|explained|described|dubbed|labell?ed|compared|likened|according to|declared|noted|joked"
    r"|quipped|remarked|complained|suggested|concluded|saying)\b",
    re.I,
)
_TIME = re.compile(
    rf"^(?:(?:{MONTH}|{DAY}|New Year['’]?s?|Christmas|Thanksgiving|Easter|Labor|Memorial|Super|Election"
    rf"|Independence|Day|Eve|Sept|Mr|Mrs|Ms|\d+|morning|night)[. ]*)+$"
)
_TOKEN = re.compile(r"[\w’'$%]+")
_EDGE = re.compile(r"[,;:—–()“”\"]| - ")
_PHRASED = frozenset({"words", "title", "thing", "list", "group"})
"""Forms of answer that no pattern of their own finds: clauses are candidates too."""
_FIGURES = frozenset({"money", "percent", "number"})
_ROUGHLY = re.compile(
    r"\b(?:(?:just|well|slightly|a little) )?(?:about|around|nearly|almost|roughly|approximately|an estimated|more than"
    r"|less than|fewer than|at least|at most|as (?:many|much) as|up to|over|under|close to|only|some) $",
    re.IGNORECASE,
)
"""What before a figure is part of it."""
_BEGINS, _ENDS = re.compile(r"(?<!\w)(?<!\w[-’'])"), re.compile(r"(?<!\w-)(?!-?\w)")
"""Where a whole word begins and where one ends: not amid "Jubair-Said"."""
_CURRENCY = re.compile(r"(?:US)?[$£€] ?")
"""A sign before an amount, which is part of it."""
_MEASURE = re.compile(r"(?:(?:an?|the) )?\w+ of ")
"""What may stand before a figure and adds nothing to it."""
_OF_A_WHOLE = re.compile(
    rf"(?:^Of|\b(?:\d[\d,.]*|{SPELLED}|most|many|few|percent|all) (?:[\w-]+ ){{0,2}}?(?:out )?of)"
    r" (?:(?:the|its|their|his|her|an?|all|about|around|roughly|nearly|almost|more than|over|some|estimated) ){0,3}$",
    re.IGNORECASE,
)
"""What stands before the figure of a whole: "45 of the 60"."""
_YEAR = re.compile(r"\b(?:19|20)\d\d")
_COUNTED = re.compile(r"(?:-| )(?!(?:was|has|is|as|this|its|his|says|does|goes)\b)[a-z]{3,}s\b")
"""What a number counts, behind it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a pick's article that may be the answer, its score, and what the score is made of."""

    pick: Pick
    start: int
    end: int
    form: Form
    score: float
    signals: Mapping[str, float]

    @property
    def quote(self) -> str:
        """The span, to the character."""
        return self.pick.hit.article.text[self.start : self.end]

    @property
    def short(self) -> str:
        """The answer as it is told: a surname by the full name that the article gave before, a figure with the "more
        than" before it and what it counts, "Tuesday" with the day that it means."""
        article = self.pick.hit.article
        if self.form == "name":
            return full_name(article.text, self.start, self.quote) or self.quote
        if self.form == "date":
            meant = _meant(article, self.pick, (self.start, self.end))
            return _dated(self.quote, meant) if meant else self.quote
        if self.form not in _FIGURES:
            return self.quote
        roughly = _ROUGHLY.search(article.text[self.pick.start : self.start])
        counted = _COUNTED.match(article.text, self.end) if self.form == "number" and self.quote[-1].isdigit() else None
        return f"{roughly[0] if roughly else ''}{self.quote}{counted[0] if counted else ''}"

    @property
    def opening(self) -> str | None:
        """The short answer as a sentence begins with it, a quotation in its marks; None for a clause, which does not
        stand alone."""
        if self.form == "clause":
            return None
        if self.form in ("quotation", "phrase"):
            return in_marks(self.short)
        return self.short if self.form == "name" else self.short[:1].upper() + self.short[1:]


def choose(
    question: Question,
    picks: Sequence[Pick],
    words: Mapping[str, float],
    bounds: Mapping[int, Bounds] = MappingProxyType({}),
    weights: Mapping[str, float] = WEIGHTS,
) -> list[Candidate]:
    """The candidates of the best sentences, best first.

    Args:
        question: Understood.
        picks: Sentences, best first.
        words: How much each stem of the question weighs.
        bounds: What reading told of passages, by their keys; see assistant/reader.py.
        weights: What each signal counts.
    """
    want = wanted(question.standalone)
    asked = frozenset(re.findall(r"[\w$%]+", fold(question.standalone).text.casefold()))
    total = sum(words.values()) or 1.0
    shares = {stem: weight / total for stem, weight in words.items()}
    best = picks[:SENTENCES]
    lowered = [pick.quote.casefold() for pick in best]
    found = []
    for rank, pick in enumerate(best):
        sentence = _Sentence(pick, rank, pick.score - best[0].score, [t for i, t in enumerate(lowered) if i != rank])
        read = bounds.get(pick.hit.passage.key)
        formed = list(candidates(pick.quote, phrased=bool(_PHRASED & set(want.forms))))
        for start, end, form in [*formed, *_phrases_read(pick, read, formed)]:
            told = _signals(sentence, (start, end), form, question, want, asked, shares)
            if told is not None:
                if bounds:
                    told |= _read(read, pick.hit.article.text, (pick.start + start, pick.start + end))
                score = sum(weights.get(name, 0.0) * value for name, value in told.items())
                found.append(Candidate(pick, pick.start + start, pick.start + end, form, score, told))
    return sorted(found, key=lambda c: -c.score)


def _phrases_read(
    pick: Pick, read: Bounds | None, known: Collection[tuple[int, int, Form]]
) -> Iterator[tuple[int, int, Form]]:
    """The spans of whole words and whole names that reading finds likeliest to be the answer, whatever their form;
    without those known and those that add nothing to a known figure: "depth of 40 metres"; none begins with an "of".

    "He is the team's catcher" has an answer that no pattern finds.
    """
    if read is None:
        return
    text = pick.hit.article.text
    inside = range(bisect_left(read.starts, pick.start), bisect_left(read.starts, pick.end))
    begins = [i for i in inside if _BEGINS.match(text, read.starts[i]) and text[read.starts[i] : read.ends[i]] != "of"]
    ends = [i for i in inside if _ENDS.match(text, read.ends[i])]
    pairs = (
        (float(read.chances[i, 0] + read.chances[j, 1]), i, j) for i in begins for j in ends if i <= j < i + LONGEST
    )
    for _, i, j in heapq.nlargest(READ, pairs):
        start, end = trimmed(pick.quote, read.starts[i] - pick.start, read.ends[j] - pick.start)
        start = next((sign.start() for sign in _CURRENCY.finditer(pick.quote) if sign.end() == start), start)
        for first, last, form in known:
            if form == "name":
                start, end = first if first < start < last else start, last if first < end < last else end
        told = any((start, end) == (first, last) for first, last, _ in known)
        figures = ((first, last) for first, last, form in known if form in _FIGURES)
        if start < end and not told and not any(_as_told(pick.quote, (start, end), figure) for figure in figures):
            yield start, end, "phrase"


def _as_told(sentence: str, phrase: Span, figure: Span) -> bool:
    """Whether a phrase is a figure with what it counts, and adds no more to it than "depth of"."""
    counted = _COUNTED.match(sentence, figure[1])
    ends = (figure[1], counted.end() if counted else figure[1])
    return phrase[1] in ends and bool(_MEASURE.fullmatch(sentence, phrase[0], figure[0]))


class _Sentence:
    """A pick's sentence with what all its candidates share."""

    def __init__(self, pick: Pick, rank: int, behind: float, others: Sequence[str]) -> None:
        self.text = pick.quote
        self.rank, self.behind, self.others = rank, behind, others
        self.people = speakers(pick.hit.article.text)
        tokens = [(match.span(), next(iter(stems(match[0])), "")) for match in _TOKEN.finditer(self.text)]
        self.starts = [span[0] for span, _ in tokens]
        self.ends = [span[1] for span, _ in tokens]
        self.stems = [stem for _, stem in tokens]
        self.cues = [match.span() for match in _CUE.finditer(self.text)]
        self.edges = [0, *(match.start() for match in _EDGE.finditer(self.text)), len(self.text)]
        opened = [match.start() for match in re.finditer('[“"]', self.text)]
        closed = [match.start() for match in re.finditer('[”"]', self.text)]
        self.quoted = [(a, next((b for b in closed if b > a), len(self.text))) for a in opened]

    def tokens(self, start: int, end: int) -> tuple[int, int]:
        """The range of words that touch a span."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def _signals(
    sentence: _Sentence,
    span: Span,
    form: Form,
    question: Question,
    want: Wanted,
    asked: frozenset[str],
    shares: Mapping[str, float],
) -> dict[str, float] | None:
    """What speaks for a candidate; None when it says nothing that the question does not hold itself."""
    start, end = span
    text = sentence.text[start:end]
    words = re.findall(r"[\w$%]+", text.casefold())
    content = [word for word in words if word not in STOPWORDS]
    known = sum(word in asked or next(iter(stems(word)), word) in shares for word in content)
    if known == len(content) or (form == "name" and _TIME.match(text)):
        return None
    length = min(12, len(words)) / 4
    return {
        f"form:{form}": 1.0,
        f"{want.forms[0]}>{form}": 1.0,
        f"kind {question.kind}>{form}": 1.0,
        **{f"also {other}>{form}": 1.0 for other in want.forms[1:]},
        "known": known / len(content),
        "words": length,
        "words²": length**2,
        **_standing(sentence, span, want.forms[0], question.kind),
        **_nearness(sentence, span, want.head, shares),
        **_of_form(sentence, span, form, question, want),
    }


def _standing(sentence: _Sentence, span: Span, plainest: Asked, kind: Kind) -> dict[str, float]:
    """Where in its sentence a candidate stands, and how good that sentence is."""
    start, end = span
    text = sentence.text[start:end].casefold()
    quoted = float(any(a < start < b for a, b in sentence.quoted))
    before = float(any(0 <= start - b <= 3 for _, b in sentence.cues))
    after = float(any(0 <= a - end <= 3 for a, _ in sentence.cues))
    gap = min((abs(start - b) if a < start else abs(a - end) for a, b in sentence.cues), default=100)
    return {
        f"{plainest}|cue_after": after,
        f"{plainest}|cue_before": before,
        f"{plainest}|quoted": quoted,
        f"kind {kind}|cue_after": after,
        f"kind {kind}|cue_before": before,
        "quoted": quoted,
        "cue_gap": min(gap, 100) / 100,
        "behind": sentence.behind,
        "top": float(sentence.rank == 0),
        "second": float(sentence.rank == 1),
        "elsewhere": sum(text in other for other in sentence.others) / max(1, len(sentence.others)),
        "comma_before": float(sentence.text[:start].rstrip()[-1:] == ","),
        "comma_after": float(sentence.text[end : end + 1] == ","),
        "opening": float(start <= 2),
    }


def _of_form(sentence: _Sentence, span: Span, form: Form, question: Question, want: Wanted) -> dict[str, float]:
    """What only a name, a date or a figure can tell."""
    text = sentence.text[slice(*span)]
    if form == "name":
        is_a = kind_of_name(text, sentence.people)
        told = {f"{other}={is_a}": 1.0 for other in want.forms[:2]}
        told |= {f"kind {question.kind}={is_a}": 1.0, f"is {is_a}": 1.0, "full": float(" " in text)}
        if "person" in want.forms or question.kind == "who-said":
            told["person_full"] = float(2 <= len(re.findall(r"[\w$%]+", text)) <= 3)
        return told
    if form == "date":
        bare = float(bool(re.fullmatch(r"(?:in |since |by |the )?\d{4}s?", text)))
        yearly = "year" in want.forms
        told = {"year_wanted" if yearly else "bare_year": bare}
        return told | {"day_told": float(not yearly and bool(re.search(r"\d", text)))}
    if form in _FIGURES:
        return {
            "digits": float(any(character.isdigit() for character in text)),
            "year_like": float(bool(re.fullmatch(r"(?:19|20)\d\d", text))),
            "whole": float(bool(_OF_A_WHOLE.search(sentence.text[: span[0]]))),
        }
    return {}


def _meant(article: Article, pick: Pick, span: Span) -> str | None:
    """The day that words of a sentence mean; None where they name the year themselves or leave the day open."""
    start, end = span[0] - pick.start, span[1] - pick.start
    if _YEAR.search(pick.quote, start, end):
        return None
    return next((day for (a, b), day in days_meant(article, pick.quote) if a < end and start < b), None)


def _dated(words: str, meant: str) -> str:
    """Words for a day with the day that they mean, of which they may lack the year alone."""
    year = meant.split()[-1]
    if re.fullmatch(rf"{MONTH} \d{{1,2}}", words):
        return f"{words}, {year}"
    return f"{words} {year}" if re.fullmatch(rf"\d{{1,2}} {MONTH}", words) else f"{words} ({meant})"


def _read(bounds: Bounds | None, text: str, span: Span) -> dict[str, float]:
    """How likely reading took the span's first token to begin the answer, and its last to end it."""
    if bounds is None:
        return {"begins": UNLIKELY, "ends": UNLIKELY}
    start, end = span
    sign = _CURRENCY.match(text, start)  # an amount is taken to begin at either
    firsts = [bisect_right(bounds.ends, place) for place in (start, *([sign.end()] if sign else []))]
    last = max(bisect_left(bounds.starts, end) - 1, 0)
    begins = max(float(bounds.chances[min(first, len(bounds.ends) - 1), 0]) for first in firsts)
    ends = float(bounds.chances[last, 1])
    return {"begins": max(begins / 4, UNLIKELY), "ends": max(ends / 4, UNLIKELY)}


def _nearness(sentence: _Sentence, span: Span, head: Sequence[str], shares: Mapping[str, float]) -> dict[str, float]:
    """How much of the question stands near the candidate's words, before, after, and in its clause; where the thing
    described does."""
    first, last = sentence.tokens(*span)
    before = after = 0.0
    seen: set[str] = set()
    for distance in range(1, REACH + 1):
        for place, earlier in ((first - distance, True), (last - 1 + distance, False)):
            if 0 <= place < len(sentence.stems) and (stem := sentence.stems[place]) in shares and stem not in seen:
                seen.add(stem)
                gain = shares[stem] / (1 + distance / 4)
                before, after = (before + gain, after) if earlier else (before, after + gain)
    left, right = next(((a, b) for a, b in pairwise(sentence.edges) if a <= span[0] < b), (0, len(sentence.text)))
    inside = sentence.stems[slice(*sentence.tokens(left, right))]
    behind, described = sentence.stems[last : last + 5], frozenset(head)
    return {
        "near": before + after,
        "before": before,
        "after": after,
        "clause": sum(shares.get(stem, 0.0) for stem in set(inside)),
        "covered": sum(shares.get(stem, 0.0) for stem in set(sentence.stems)),
        "head_before": float(not described.isdisjoint(sentence.stems[max(0, first - 5) : first])),
        "head_after": float(not described.isdisjoint(behind)),
        "head_inside": float(not described.isdisjoint(sentence.stems[first:last])),
        "head_next": float(bool(head) and head[-1] in behind[:2]),
    }
