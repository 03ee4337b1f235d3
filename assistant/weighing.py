"""What the passages found hold for a question: their sentences and spans, whether they answer, and which leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant import doubt, extract, figures, listing, saying, sentences, silence, spans, speakers
from assistant.orders import orders
from assistant.reader import Reader
from assistant.records import Answer, Question, Turn, Why
from assistant.saying import Said
from assistant.sentences import Pick
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

_ASKING = frozenset(stems("how many much what number"))

Crediting = Callable[[Article], Sequence[Credit]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the hits hold: how much each stem of the question weighs, their sentences and spans, each best first, the
    probability that they do not say what is asked, 0 where it cannot be told, the sentences of the one whose words are
    asked for, and the row of as many names as are asked for that the best sentence has."""

    words: Mapping[str, float]
    picks: Sequence[Pick]
    spans: Sequence[spans.Candidate]
    doubt: float
    said: Sequence[Said]
    row: str | None


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
        reader, index: Read the hits with the question in mind.
        credits: Whom an article credits.
    """
    picks = [pick for pick in sentences.choose(question, hits, words) if not orders(pick.quote)]
    read = reader.read(question, hits, picks, words, index)
    found = _untold(spans.choose(question, read.picks, words, read.bounds), question, history)
    comparable = bool(read.picks) and index.encoder.name == doubt.ENCODER
    doubted = doubt.doubt(doubt.signals(question, read, found, words)) if comparable else 0.0
    said = saying.said(question, read.picks, words, credits)
    row = None if question.kind in WITHOUT_SHORT else listing.row(question.standalone, read.picks)
    return Evidence(words, read.picks, found, doubted, said, row)


def doubted(question: Question, evidence: Evidence) -> bool:
    """Whether the evidence more likely than not does not say what is asked."""
    return _counts(question, evidence) and evidence.doubt >= doubt.REFUSED and not _told(evidence)


def lacking(
    question: Question, hits: Sequence[Hit], evidence: Evidence, outlets: Sequence[OutletCount], credits: Crediting
) -> tuple[Why | None, str | None]:
    """Why the evidence cannot answer, where there is a kind of reason, and in words; None when it can."""
    if against := silence.silent(question, hits, evidence.picks, evidence.words, outlets, credits):
        return against
    if other := _of_others(question, evidence):
        return "not-stated", f"The passages found have a figure of {other}, none of what is asked."
    read = _told(evidence) or (_counts(question, evidence) and not doubted(question, evidence))
    return None, None if read else extract.evidence(hits)  # what was read answers, however far it seemed before


def set_apart(
    question: Question, evidence: Evidence, credits: Crediting
) -> tuple[Sequence[Pick], str | None, str | None]:
    """The sentences with the one that answers before the others, the short answer, and how a sentence opens with it."""
    if _spoken(evidence):
        return _own_words(question, evidence, credits)
    if evidence.row:
        return evidence.picks, evidence.row, evidence.row
    several = listing.gathered(question.standalone, evidence.spans)
    one_said = question.kind == "who-said" and not listing.count(question.standalone)
    if one_said and (by := speakers.answering(question, evidence.picks, credits)):
        return extract.leading(by[0], evidence.picks), by[1].name, by[1].name
    if evidence.spans and question.kind not in WITHOUT_SHORT:
        best = _fullest(question, evidence)
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
    best = next((one for one in evidence.spans if _same(one.pick, first) and _quoted(one, credited)), None)
    return picks, best.short if best else None, best.opening if best else None


def _same(one: Pick, other: Pick) -> bool:
    return (one.hit.article.id, one.start) == (other.hit.article.id, other.start)


def _quoted(one: spans.Candidate, credits: Sequence[Credit]) -> bool:
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


def _fullest(question: Question, evidence: Evidence) -> spans.Candidate:
    """The best span; of figures that of the sentence with all of the question's words, where the best one's lacks
    some: "how many were discharged" is not told by how many refused."""
    best = evidence.spans[0]
    words = {stem: weight for stem, weight in evidence.words.items() if stem not in _ASKING}
    if question.kind != "number" or question.follows or sentences.share(words, best.pick.quote) >= MOST_OF_IT:
        return best
    whole = (one for one in evidence.spans if sentences.share(words, one.pick.quote) >= ALL_OF_IT)
    return next((one for one in whole if one.form == best.form and not one.signals.get("whole")), best)


def _told(evidence: Evidence) -> bool:
    """Whether what is asked for is plainly there, doubt or none: somebody's words, or a row of just so many names."""
    return _spoken(evidence) or evidence.row is not None


def _spoken(evidence: Evidence) -> bool:
    """Whether the one whose words are asked for speaks of what is asked about."""
    return any(one.about >= saying.ABOUT for one in evidence.said)


def _counts(question: Question, evidence: Evidence) -> bool:
    """Whether the evidence's doubt counts: not for what leans on the conversation, or wants no short answer."""
    return not question.follows and question.kind not in WITHOUT_SHORT and evidence.doubt > 0


def _untold(
    candidates: Sequence[spans.Candidate], question: Question, history: Sequence[Answer | Turn]
) -> Sequence[spans.Candidate]:
    """The candidates without what the answer before was, for nobody asks on for the same."""
    last = history[-1] if history else None
    told = last.short if question.follows and isinstance(last, Answer) else None
    return [one for one in candidates if one.short != told] if told else candidates
