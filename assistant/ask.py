"""The whole path of a question: understood, searched, answered with or without a model, checked, cited."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant import check, doubt, extract, grounding, provenance, sentences, spans
from assistant.compose import REFUSAL, Model, ModelFailed, compose
from assistant.question import understand
from assistant.records import (
    Account,
    Answer,
    Checked,
    Citation,
    CitedCredit,
    CitedNote,
    CreditSpans,
    Dropped,
    Explained,
    Question,
    Report,
    Sentence,
    Step,
    Support,
    Trace,
    Turn,
    Why,
)
from assistant.sentences import Pick
from index import Index, dating
from index.records import Article, Copy, Credit, Hit, Query, Span

HITS = 10
"""Passages looked at for an answer."""

LEADS = 3
"""Passages offered with a refusal."""

WITHOUT_SHORT = frozenset({"yes-no", "summary", "comparison", "order", "collection", "chat"})
"""Kinds of question that a few words do not answer."""

GREETING = "I answer questions about the articles of this collection. Ask me who said, reported or did something."


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence ready to be shown, with the spans that bear it out."""

    text: str
    spans: tuple[tuple[Article, Span], ...]
    support: Support
    copies: tuple[Copy, ...] = ()


@dataclass(slots=True)
class Writing:
    """An answer as it grows: sentences in order, each span cited once under one number."""

    credits: Callable[[Article], Sequence[Credit]]
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    short: str | None = None
    reports: tuple[Report, ...] = ()
    values: tuple[provenance.Valued, ...] = ()
    model: str | None = None

    def add(self, draft: Draft) -> str:
        """Take in a sentence; returns it as it stands in the answer, with markers and the space before it."""
        numbers = tuple(dict.fromkeys(self._cite(article, span, draft.copies) for article, span in draft.spans))
        marked = draft.text + "".join(f" [{number}]" if i == 0 else f"[{number}]" for i, number in enumerate(numbers))
        self.sentences.append(Sentence(marked, numbers, draft.support))
        return marked if len(self.sentences) == 1 else f" {marked}"

    def accounts(self) -> tuple[Account, ...]:
        """The values that differ, each with the citations inside the sentence that gives it."""
        return tuple(
            Account(v.value, v.article.outlet, v.article.published, v.source, tuple(
                c.number for c in self.citations
                if c.article == v.article.id and v.span[0] <= c.start and c.end <= v.span[1]
            ))
            for v in self.values
        )  # fmt: skip

    def _cite(self, article: Article, span: Span, copies: tuple[Copy, ...]) -> int:
        for citation in self.citations:
            if (citation.article, citation.start, citation.end) == (article.id, *span):
                return citation.number
        self.citations.append(cite(len(self.citations) + 1, article, span, self.credits(article), copies))
        return len(self.citations)


def cite(
    number: int, article: Article, span: Span, credits: Sequence[Credit], copies: tuple[Copy, ...] = ()
) -> Citation:
    """A span of an article as a citation, with those of the article's credits that touch it, and all its notes."""
    return Citation(
        number=number,
        article=article.id,
        revision=article.revision,
        title=article.title,
        outlet=article.outlet,
        published=article.published,
        dated=article.dated,
        url=article.url,
        start=span[0],
        end=span[1],
        quote=article.text[slice(*span)],
        copies=copies,
        credits=tuple(
            CitedCredit(
                c.name,
                " … ".join(article.text[a:b] for a, b in c.source),
                c.kind,
                c.relation,
                CreditSpans(c.source, c.cue, c.content),
            )
            for c in extract.touching(credits, span)
        ),
        window=article.window,
        doubt=dating.doubt(article),
        notes=tuple(
            CitedNote(aside.start, aside.end, article.text[aside.start : aside.end])
            for aside in article.asides
            if aside.kind == "note"
        ),
    )


class Assistant:
    """Answers questions over one collection; safe to share between threads.

    Args:
        index: The collection.
        model: Writes the answers when given; without one they are made of quotations.
        model_timeout: Seconds that the model has in all.
    """

    def __init__(self, index: Index, model: Model | None = None, model_timeout: float = 60.0) -> None:
        self.index = index
        self.model = model
        self.model_timeout = model_timeout

    def ask(
        self,
        question: str,
        history: Sequence[Answer | Turn] = (),
        outlets: Sequence[str] = (),
        since: dt.date | None = None,
        until: dt.date | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """One checked answer.

        Args:
            question: In words; up to 2,000 characters are looked at.
            history: The conversation so far, oldest first.
            outlets, since, until: Filters; days are inclusive.
            timeout: Seconds that a model has in all, by default the assistant's.

        Raises:
            BadQuery: a filter that cannot be applied.
        """
        return self.explain(question, history, outlets, since, until, timeout).answer

    def explain(
        self,
        question: str,
        history: Sequence[Answer | Turn] = (),
        outlets: Sequence[str] = (),
        since: dt.date | None = None,
        until: dt.date | None = None,
        timeout: float | None = None,
    ) -> Explained:
        """The answer with what was understood, searched, found and scored, and why it refused."""
        steps: list[Step] = []
        filters = Query("", tuple(outlets), since, until, HITS)
        *_, answer = self._pieces(question, history, filters, timeout or self.model_timeout, steps)
        assert isinstance(answer, Answer)
        return Explained(answer, tuple(steps))

    def stream(
        self,
        question: str,
        history: Sequence[Answer | Turn] = (),
        outlets: Sequence[str] = (),
        since: dt.date | None = None,
        until: dt.date | None = None,
        timeout: float | None = None,
    ) -> Iterator[str | Answer]:
        """Checked sentences as they come, which joined are the answer's text; last the answer itself.

        Closing the iterator stops a model's call.
        """
        filters = Query("", tuple(outlets), since, until, HITS)
        return self._pieces(question, history, filters, timeout or self.model_timeout, [])

    def trace(
        self, question: str, outlets: Sequence[str] = (), since: dt.date | None = None, until: dt.date | None = None
    ) -> Trace:
        """Who reported it when, crediting whom: of a question, or of a topic in a few words.

        Raises:
            BadQuery: a filter that cannot be applied.
        """
        asked = self.understand(question, (), Query("", tuple(outlets), since, until, HITS))
        writing = Writing(self._credits)
        self._note_undated(asked.query, writing)
        idle = asked.kind in ("chat", "collection")
        told = None if idle else provenance.trace(asked, self.index, self._credits)
        if told is None:
            return Trace(question, REFUSAL, None, True, provenance.SILENT, (), (), tuple(writing.notices))
        text = "".join(writing.add(Draft(s.text, s.spans, s.support)) for s in told.sentences)
        citations, notices = tuple(writing.citations), tuple(writing.notices)
        return Trace(question, text, told.short, False, None, told.reports, citations, notices)

    def check(self, text: str) -> Checked:
        """Whether the collection has a quotation or claim, word for word or altered; who said it, and where first."""
        return check.check(text, self.index, self._credits)

    # -- the path ----------------------------------------------------------------------------------------------------

    def _pieces(
        self, asked: str, history: Sequence[Answer | Turn], filters: Query, timeout: float, steps: list[Step]
    ) -> Iterator[str | Answer]:
        begun = time.perf_counter()
        question = self.understand(asked, history, filters)
        steps.append(Step("understood", {"kind": question.kind, "standalone": question.standalone,
                                         "filters": question.query.to_dict(), "names": question.names}))  # fmt: skip
        writing = Writing(self._credits)
        if question.kind == "chat":
            yield writing.add(Draft(GREETING, (), "collection"))
            yield _answer(question, writing, {"total": time.perf_counter() - begun})
            return
        if question.kind == "collection":
            yield writing.add(self._about_collection())
            yield _answer(question, writing, {"total": time.perf_counter() - begun})
            return
        question, hits = self._search(question, filters, writing)
        searched = time.perf_counter()
        steps.append(Step("found", {"hits": [_told(hit) for hit in hits]}))
        writing.notices.extend(self.index.notices())
        self._note_undated(question.query, writing)
        words = self.index.weigh(question.standalone).weights
        picks = sentences.choose(question, hits, words)
        candidates = spans.choose(question, picks, words)
        told = provenance.answer(question, self.index, self._credits) if self.model is None else None
        if told is not None:
            question = replace(question, kind=told.kind or question.kind)
            writing.reports, writing.short, writing.values = told.reports, told.short, told.accounts
        comparable = bool(picks) and self.index.encoder.name == doubt.ENCODER
        doubted = doubt.doubt(doubt.signals(question, hits, picks, candidates, words)) if comparable else 0.0
        silent = None if told is None or told.sentences else provenance.SILENT
        lacking = _lacking(question, hits, doubted) if told is None else silent
        steps.append(Step("scored", {"sentences": [_scored(pick) for pick in picks[:8]],
                                     "spans": [_spanned(one) for one in candidates[:8]],
                                     "doubt": round(doubted, 3), "lacking": lacking}))  # fmt: skip
        if not told and candidates and lacking is None and question.kind not in WITHOUT_SHORT:
            picks = extract.leading(candidates[0].pick, picks)
            writing.short = candidates[0].short
        drafts = self._drafts(question, hits, picks, writing, timeout) if lacking is None else iter(())
        for draft in drafts if told is None else [Draft(s.text, s.spans, s.support) for s in told.sentences]:
            yield writing.add(draft)
        timings = {"search": searched - begun, "total": time.perf_counter() - begun}
        if writing.sentences:
            yield _answer(question, writing, timings)
            return
        answer = self._refuse(question, hits, writing, lacking, timings)
        steps.append(Step("refused", {"refusal": answer.refusal, "reason": answer.reason}))
        yield answer.text
        yield answer

    def understand(
        self, question: str, history: Sequence[Answer | Turn] = (), filters: Query | None = None
    ) -> Question:
        """What a question asks, before anything is searched.

        Raises:
            BadQuery: a filter that cannot be applied.
        """
        held = self._outlets()

        def mentions(text: str) -> list[tuple[Span, str]]:
            own = [(match.span(), name) for name in held for match in re.finditer(rf"\b{re.escape(name)}\b", text)]
            return own + [(span, outlet.name) for span, outlet in self.index.catalogue.mentions(text)]

        given = self.index.understood(filters or Query("", limit=HITS))
        return understand(question, mentions, held, history, given, self.index.nearest)

    def _search(self, question: Question, filters: Query, writing: Writing) -> tuple[Question, list[Hit]]:
        """The hits; where an outlet that was only spoken of has too little, those of all outlets, and a notice."""
        hits = self.index.search(question.query)
        spoken = question.query.outlets if not filters.outlets else ()
        if not spoken or extract.evidence(hits) is None:
            return question, hits
        writing.notices.append(f"Nothing by {' or '.join(spoken)} itself answers this; all outlets were searched.")
        question = replace(question, query=replace(question.query, outlets=()))
        return question, self.index.search(question.query)

    def _outlets(self) -> list[str]:
        return [o.outlet for o in self.index.outlets() if o.outlet]

    def _credits(self, article: Article) -> list[Credit]:
        """Whom an article credits, with the collection's own outlets known as such."""
        return provenance.resolved(self.index.credits(article.id, article.revision), self._outlets())

    def _drafts(
        self, question: Question, hits: Sequence[Hit], picks: Sequence[Pick], writing: Writing, timeout: float
    ) -> Iterator[Draft]:
        """Sentences from the model where there is one and it answers, else from the articles themselves."""
        if self.model is not None:
            try:
                refused = yield from self._from_model(question, hits, self.model, writing, timeout)
                if writing.sentences or refused:
                    return
                writing.notices.append(
                    "Nothing the language model wrote could be verified; this answer quotes instead."
                )
            except ModelFailed as error:
                if writing.sentences:
                    writing.notices.append(f"The language model broke off ({error}); the answer may be incomplete.")
                    return
                writing.notices.append(f"The language model did not answer ({error}); this answer was made without it.")
        yield from self._from_articles(question, picks)

    def _from_articles(self, question: Question, picks: Sequence[Pick]) -> Iterator[Draft]:
        for pick in extract.supporting(question, picks):
            article = pick.hit.article
            credit = extract.third_party(self._credits(article), pick.start, pick.end, article.outlet)
            text = extract.attributed(article, credit, pick.quote)
            yield Draft(text, ((article, (pick.start, pick.end)),), "quoted", pick.hit.copies)

    def _from_model(
        self, question: Question, hits: Sequence[Hit], model: Model, writing: Writing, timeout: float
    ) -> Generator[Draft, None, bool]:
        """The model's sentences that their passages bear out; returns whether the model itself refused."""
        credits = {
            hit.passage.key: extract.touching(self._credits(hit.article), (hit.passage.start, hit.passage.end))
            for hit in hits
        }
        for written in compose(question, hits, lambda hit: credits[hit.passage.key], model, timeout):
            if written.text == REFUSAL and not writing.sentences:
                writing.model = model.name
                return True
            if written.unknown and not written.hits:
                writing.dropped.append(Dropped(written.text, "it cites no passage that exists"))
                continue
            if written.unknown:
                writing.notices.append(f"{written.unknown} marker(s) that name no passage were left out.")
            cited = [hits[i] for i in written.hits]
            known = [text for hit in cited for text in _vouching(hit, credits[hit.passage.key])]
            verdict = grounding.judge(written.text, [hit.passage.text for hit in cited], known)
            if not verdict.supported:
                writing.dropped.append(Dropped(written.text, verdict.why or "its passages do not bear it out"))
                continue
            writing.model = model.name
            spans = tuple((hit.article, _closest(hit, written.text, known)) for hit in cited)
            yield Draft(written.text, spans, "supported")
        return False

    # -- what is not an answer from passages -------------------------------------------------------------------------

    def _about_collection(self) -> Draft:
        outlets = self.index.outlets()
        days = sorted(d for o in outlets for d in (o.first, o.last) if d)
        period = f", published {days[0]} to {days[-1]}" if days else ""
        named = ", ".join(f"{o.outlet or 'outlet not stated'} ({o.articles})" for o in outlets[:12])
        count = sum(o.articles for o in outlets)
        return Draft(f"The collection holds {count} articles{period}: {named}.", (), "collection")

    def _note_undated(self, query: Query, writing: Writing) -> None:
        """Articles that a day filter leaves aside for want of a date are told."""
        if (query.since or query.until) and (left := self.index.undated(query)):
            writing.notices.append(f"{left} undated article{'s were' if left > 1 else ' was'} left aside by the dates.")

    def _refuse(
        self, question: Question, hits: Sequence[Hit], writing: Writing, lacking: str | None, timings: dict[str, float]
    ) -> Answer:
        """The collection does not say: why, and what comes nearest, claiming nothing."""
        reason = lacking or "The passages found do not answer the question."
        why: Why = "not-stated" if hits else "nothing-found"
        if not len(self.index):
            why, reason = "empty", "The collection is empty. Add articles with `whence add PATH...`."
        elif not any(c.isalnum() for c in question.asked):
            why, reason = "empty", "The question has no words to look for."
        elif not hits and question.query.filtered:
            why, reason = "out-of-range", "No article within the outlets and dates asked for matches the question."
        leads = tuple(
            cite(i, hit.article, _closest(hit, question.standalone), self._credits(hit.article), hit.copies)
            for i, hit in enumerate(hits[:LEADS], 1)
        )
        answer = _answer(question, writing, timings)
        return replace(
            answer, text=f"{REFUSAL} {reason}", refused=True, refusal=why, reason=reason, leads=leads, citations=()
        )


def _lacking(question: Question, hits: Sequence[Hit], doubted: float) -> str | None:
    """What the evidence lacks, in words; None when it is enough to answer."""
    if lacking := extract.evidence(hits):
        return lacking
    sure = question.follows or question.kind in WITHOUT_SHORT or doubted < doubt.REFUSED
    return None if sure else doubt.reason(question, hits)


def _answer(question: Question, writing: Writing, timings: Mapping[str, float]) -> Answer:
    return Answer(
        question=question.asked,
        standalone=question.standalone,
        kind=question.kind,
        filters=question.query,
        text=" ".join(sentence.text for sentence in writing.sentences),
        short=writing.short,
        sentences=tuple(writing.sentences),
        dropped=tuple(writing.dropped),
        notices=tuple(writing.notices),
        citations=tuple(writing.citations),
        reports=writing.reports,
        accounts=writing.accounts(),
        model=writing.model,
        timings={name: round(seconds, 4) for name, seconds in timings.items()},
    )


def _vouching(hit: Hit, credits: Sequence[Credit]) -> list[str]:
    """What a sentence may say beside the quoted words: outlet, headline, date, credited names, people's full names."""
    article = hit.article
    told = [article.outlet, article.title, article.author, article.wire, extract.article_date(article)]
    full = grounding.full_names(article.text, hit.passage.text)
    return [text for text in (*told, *(credit.name for credit in credits), *full) if text]


def _closest(hit: Hit, text: str, known: Sequence[str] = ()) -> Span:
    """The sentence of the passage that alone bears the text out, else all of it; for a question, its best sentence."""
    ranked = sorted(hit.sentences, key=lambda s: -s.score)
    for s in ranked:
        if grounding.judge(text, [hit.article.text[s.start : s.end]], known).supported:
            return s.start, s.end
    if text.rstrip().endswith("?") and ranked:
        return ranked[0].start, ranked[0].end
    return hit.passage.start, hit.passage.end


def _told(hit: Hit) -> dict[str, object]:
    signals = {name: round(value, 3) for name, value in hit.signals.items()}
    return {"article": hit.article.id, "start": hit.passage.start, "end": hit.passage.end, "found": hit.found,
            "score": round(hit.score, 3), "signals": signals}  # fmt: skip


def _spanned(one: spans.Candidate) -> dict[str, object]:
    return {"quote": one.quote, "short": one.short, "form": one.form, "score": round(one.score, 3),
            "signals": {name: round(value, 3) for name, value in one.signals.items() if value}}  # fmt: skip


def _scored(pick: Pick) -> dict[str, object]:
    return {"article": pick.hit.article.id, "quote": pick.quote, "score": round(pick.score, 3),
            "signals": {name: round(value, 3) for name, value in pick.signals.items() if value}}  # fmt: skip
