"""What the passages found hold for a question: their sentences and spans, whether they answer, and which leads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import (
    doubt,
    extract,
    figures,
    introductions,
    listing,
    parts,
    saying,
    sentences,
    silence,
    spans,
    speakers,
)
from assistant.followups import own
from assistant.forms import TITLES, WORD
from assistant.orders import orders
from assistant.reader import Read, Reader
from assistant.records import Answer, Question, Turn, Why
from assistant.saying import Said
from assistant.sentences import Pick
from assistant.spans import Candidate
from assistant.wanted import wanted
from index import Index
from index.records import Article, Credit, Hit, OutletCount
from index.words import stems

WITHOUT_SHORT = frozenset({"yes-no", "summary", "comparison", "order", "collection", "chat"})
"""Kinds of question that a few words do not answer."""

STATEMENT = 30
"""Words of a statement, at most, that is told in short."""

MOST_OF_IT, ALL_OF_IT = 0.8, 0.95
"""Shares of the question's weight: a sentence with less than the one may lack what it turns on, one with the other has
everything."""

BEST = 4
"""Sentences of which one must name whom a question asks about, so that it is answered without telling who that is."""

NEAR = 2.0
"""How far below the best sentence's score one may be whose age is told: of 20 people of the news, asked for by full
name, 19 have it in the best one itself; those of two namesakes stood 9 and 10 below."""

_HOW_OLD = re.compile(
    r"\bhow old (?:is|was) (?:the )?(?P<before>(?:(?!(?:when|while|before|after|at|in|on|of|from|with|by|during|whom?)"
    r"\b)[\w.’'-]+ )*?)(?P<who>[\w-]+)\W*$",
    re.IGNORECASE,
)
"""A question for an age of today: how old somebody was at some time is not what an article has beside a name."""
_WHY = re.compile(r"(?:and |but |so )?why\b", re.IGNORECASE)
_ASKING = frozenset(stems("how many much what number"))

Crediting = Callable[[Article], Sequence[Credit]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the hits hold: how much each stem of the question weighs, their sentences and spans, each best first, the
    probability that they do not say what is asked, 0 where it cannot be told, the sentences of the one whose words are
    asked for, the row of as many names as are asked for that the best sentence has, the age asked for where it stands
    beside the name, and the words that tell who somebody is, where that is asked."""

    words: Mapping[str, float]
    picks: Sequence[Pick]
    spans: Sequence[Candidate]
    doubt: float
    said: Sequence[Said]
    row: str | None
    age: Candidate | None = None
    introduction: Candidate | None = None


def weigh(
    question: Question,
    hits: Sequence[Hit],
    words: Mapping[str, float],
    history: Sequence[Answer | Turn],
    reader: Reader,
    index: Index,
    credits: Crediting,
) -> Evidence:
    """The sentences and spans of the hits as reading scores them, and how likely they do not say what is asked.

    Args:
        question: Understood.
        hits: Passages found, best first.
        words: How much each stem of the question weighs.
        history: The conversation so far: nobody asks on for what was just told.
        reader: Reads the hits with the question in mind.
        index: The collection.
        credits: Whom an article credits.
    """
    picks = [pick for pick in sentences.choose(question, hits, words) if not orders(pick.quote)]
    learned = index.encoder.name == doubt.ENCODER  # of what another one finds, reading and doubt have learned nothing
    topic = question.kind == "summary" and not introductions.asked(question.standalone)  # no question to be read for
    read = reader.read(question, hits, picks, words) if learned and not topic else Read(picks)
    found = _untold(spans.choose(question, read.picks, words, read.bounds), question, history)
    weights = doubt.UNDECIDED if question.kind == "yes-no" else doubt.WEIGHTS
    doubted = doubt.doubt(doubt.signals(question, read, found, words), weights) if learned and picks else 0.0
    said = saying.said(question, read.picks, words, credits)
    row = None if question.kind in WITHOUT_SHORT else listing.row(question.standalone, read.picks)
    introduction = introductions.introduced(question.standalone, read.picks)
    return Evidence(words, read.picks, found, doubted, said, row, aged(question, read.picks), introduction)


def doubted(question: Question, evidence: Evidence) -> bool:
    """Whether the evidence more likely than not does not say what is asked."""
    return _counts(question, evidence) and evidence.doubt >= doubt.REFUSED and not _told(question, evidence)


def lacking(
    question: Question, hits: Sequence[Hit], evidence: Evidence, outlets: Sequence[OutletCount], credits: Crediting
) -> tuple[Why | None, str | None]:
    """Why the evidence cannot answer, where there is a kind of reason, and in words; None when it can."""
    if against := silence.silent(question, hits, evidence.picks, evidence.words, outlets, credits):
        return against
    if other := _of_others(question, evidence):
        return "not-stated", f"The passages found have a figure of {other}, none of what is asked."
    told = _told(question, evidence) or introductions.mentioned(question.standalone, evidence.picks[:BEST])
    told = told or (question.kind == "summary" and _whole(evidence))
    read = told or (_counts(question, evidence) and not doubted(question, evidence))
    if read or (far := extract.evidence(hits)) is None:  # what was read answers, however far it seemed before
        return None, None
    return None, doubt.UNSTATED if question.kind == "yes-no" else far


def set_apart(
    question: Question, evidence: Evidence, credits: Crediting
) -> tuple[Sequence[Pick], str | None, str | None]:
    """The sentences with the one that answers before the others, the short answer, and how a sentence opens with it."""
    picks, short, opening = _foremost(question, evidence, credits)
    asked = reversed(parts.parts(question.standalone))
    telling = (parts.telling(part, evidence.picks, evidence.words) for part in asked)
    beside = next((pick for pick in telling if pick and not _same(pick, picks[0])), None)
    if beside is None:
        return picks, short, opening
    rest = [pick for pick in picks[1:] if not _same(pick, beside)]
    return [picks[0], replace(beside, score=picks[0].score), *rest], None, None


def _foremost(
    question: Question, evidence: Evidence, credits: Crediting
) -> tuple[Sequence[Pick], str | None, str | None]:
    """As above, of the first thing that a question asks."""
    if _spoken(question, evidence):
        return _own_words(question, evidence, credits)
    if evidence.row:
        return evidence.picks, evidence.row, evidence.row
    if beside := evidence.age or evidence.introduction:
        return extract.leading(beside.pick, evidence.picks), beside.short, beside.opening
    if introductions.asked(question.standalone) in question.names:
        return evidence.picks, None, None  # nothing short says what it is
    several = listing.gathered(question.standalone, evidence.spans)
    one_said = question.kind == "who-said" and not listing.count(question.standalone)
    if one_said and (by := speakers.answering(question, evidence.picks, credits)):
        return extract.leading(by[0], evidence.picks), by[1].name, by[1].name
    if evidence.spans and question.kind not in WITHOUT_SHORT:
        best = _fullest(question, evidence)
        single = listing.count(question.standalone) and not listing.joins(best)
        if several is None and (single or _no_reason(question, best)):
            return extract.leading(best.pick, evidence.picks), None, None
        return extract.leading(best.pick, evidence.picks), several or best.short, several or best.opening
    return evidence.picks, None, None


def _own_words(
    question: Question, evidence: Evidence, credits: Crediting
) -> tuple[Sequence[Pick], str | None, str | None]:
    """What somebody says of what is asked about, their own sentences first; in short the words that are asked for, or
    all of a brief statement."""
    own = [one.pick for one in evidence.said]
    first = own[0]
    picks = [*own, *(pick for pick in evidence.picks if all(not _same(pick, one) for one in own))]
    credited = credits(first.hit.article)
    if saying.at_large(question.standalone):
        statement = saying.statement(first, credited)
        return picks, statement if statement and len(statement.split()) <= STATEMENT else None, None
    theirs = (one for one in evidence.spans if _same(one.pick, first) and _quoted(one, credited))
    best = next((one for one in theirs if one.score >= 0 or one.form in ("quotation", "phrase")), None)
    return picks, best.short if best else None, best.opening if best else None


def _no_reason(question: Question, best: Candidate) -> bool:
    """Whether a question asks why, and the best span is only a name or a figure."""
    return bool(_WHY.match(question.standalone)) and doubt.other_form(wanted(question.standalone), best)


def _same(one: Pick, other: Pick) -> bool:
    return (one.hit.article.id, one.start) == (other.hit.article.id, other.start)


def _quoted(one: Candidate, credits: Sequence[Credit]) -> bool:
    """Whether a span is of the words that its sentence quotes or reports."""
    return one.form == "quotation" or saying.spoken(one.pick, credits, one.start, one.end)


def _of_others(question: Question, evidence: Evidence) -> str | None:
    """The things that the best figure counts where the question counts others, which its passage does not speak of."""
    if question.kind != "number" or question.follows or not evidence.spans:
        return None
    best, wanted = evidence.spans[0], figures.measure(question.standalone)
    about = f"{best.pick.hit.article.title or ''} {best.pick.hit.passage.text}"
    spoken_of = wanted.things & set(stems(about))
    return None if spoken_of else figures.others(best.pick.hit.article.text, best.end, wanted)


def _fullest(question: Question, evidence: Evidence) -> Candidate:
    """The best span; of figures that of the sentence with all of the question's words, where the best one's lacks
    some: "how many were discharged" is not told by how many refused."""
    best = evidence.spans[0]
    words = {stem: weight for stem, weight in evidence.words.items() if stem not in _ASKING}
    if question.kind != "number" or question.follows or sentences.share(words, best.pick.quote) >= MOST_OF_IT:
        return best
    whole = (one for one in evidence.spans if sentences.share(words, one.pick.quote) >= ALL_OF_IT)
    return next((one for one in whole if one.form == best.form and not one.signals.get("whole")), best)


def _told(question: Question, evidence: Evidence) -> bool:
    """Whether what is asked for is plainly there, doubt or none: somebody's words, a row of just so many names, an
    age, who somebody is."""
    return _spoken(question, evidence) or any((evidence.row, evidence.age, evidence.introduction))


def _whole(evidence: Evidence) -> bool:
    """Whether a sentence has all that a topic names."""
    return any(sentences.share(evidence.words, pick.quote) >= ALL_OF_IT for pick in evidence.picks)


def _spoken(question: Question, evidence: Evidence) -> bool:
    """Whether the one whose words are asked for speaks of what is asked about; or, where nothing is presumed of how, in
    the very sentence that answers best."""
    if any(one.about >= saying.ABOUT for one in evidence.said):
        return True
    best = next((one for one in evidence.said if _same(one.pick, evidence.picks[0])), None)
    if best is None or saying.presumes(question.standalone):
        return False
    return best.about >= saying.BESIDE and evidence.picks[0].score >= saying.PLAIN


def aged(question: Question, picks: Sequence[Pick]) -> Candidate | None:
    """The age that stands beside the name of whoever a question asks it of: "Ms. Hale, 56," "the 56-year-old Hale"; in
    a sentence about as good as the best, and beside no namesake with another given name than the question has."""
    match = _HOW_OLD.search(own(question.standalone))
    if match is None:
        return None
    asked = set(_untitled(match["before"].title()).casefold().split())
    name = rf"(?<![\w-])(?i:{re.escape(match['who'])})"
    stated = (
        re.compile(rf"(?P<given>(?:{WORD} )*){name}, (?P<age>\d{{1,3}})(?=[,;]|\.(?!\d))"),
        re.compile(rf"\b(?P<age>\d{{1,3}})-year-old (?:[a-z]+ )?(?P<given>(?:{WORD} )*){name}\b"),
    )
    for pick in picks:
        if pick.score < picks[0].score - NEAR:
            continue
        for found in (one for pattern in stated for one in pattern.finditer(pick.quote)):
            given = set(_untitled(found["given"]).casefold().split())
            if not (asked and given) or asked & given:
                start, end = found.span("age")
                return Candidate(pick, pick.start + start, pick.start + end, "number", pick.score, {})
    return None


def _untitled(names: str) -> str:
    """Names without the titles before them."""
    return TITLES.sub("", names)


def _counts(question: Question, evidence: Evidence) -> bool:
    """Whether the evidence's doubt counts: not for what leans on the conversation, or wants more than a few words."""
    brief = question.kind == "yes-no" or question.kind not in WITHOUT_SHORT
    return brief and not question.follows and evidence.doubt > 0


def _untold(
    candidates: Sequence[Candidate], question: Question, history: Sequence[Answer | Turn]
) -> Sequence[Candidate]:
    """The candidates without what the answer before was, for nobody asks on for the same."""
    last = history[-1] if history else None
    told = last.short if question.follows and isinstance(last, Answer) else None
    return [one for one in candidates if one.short != told] if told else candidates
