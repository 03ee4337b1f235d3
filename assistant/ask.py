"""The whole path of a question: understood, searched, answered with or without a model, checked, cited."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from assistant import (
    check,
    doubt,
    explaining,
    extract,
    holdings,
    planning,
    provenance,
    silence,
    weighing,
)
from assistant.checked import AGAIN, begun
from assistant.compose import REFUSAL, Metered, Model, ModelFailed, Unchecked
from assistant.fluent import Entails, composed
from assistant.history import conversation, mended
from assistant.judging import Judge
from assistant.question import outlets_in, understand
from assistant.quoting import quoted
from assistant.reader import Reader
from assistant.records import (
    Answer,
    Checked,
    Explained,
    Question,
    Step,
    Trace,
    Turn,
    Why,
)
from assistant.sentences import Pick
from assistant.trail import Told
from assistant.vouching import foremost
from assistant.writing import Draft, Writing, cite
from index import Index
from index.records import Article, Credit, Hit, Query, Span
from index.words import stems

HITS = 10
"""Passages looked at for an answer."""

LEADS = 3
"""Passages offered with a refusal."""

TRAILS = frozenset({"origin", "order"})
"""Kinds of question that credits answer, whether there is a model or not: who was first is no matter of wording."""

TAKEN_OVER = 0.4
"""What a word that a follow-up took over from the conversation counts, beside one of its own."""

DEEPER, CITED = 3, 3.0
"""A follow-up's hits are taken from so many times as many, with so much added to the score of those of articles that
the answer before cited."""

GREETING = "I answer questions about the articles of this collection. Ask me who said, reported or did something."


class Assistant:
    """Answers questions over one collection; safe to share between threads.

    Args:
        index: The collection.
        model: Writes the answers when given; without one they are made of quotations.
        model_timeout: Seconds that the model has in all, for one question.
        model_tokens: Tokens that one question may cost, prompts and replies alike.
        entails: Whether a premise entails a hypothesis; when given, a model's sentence must also pass it.
    """

    def __init__(
        self,
        index: Index,
        model: Model | None = None,
        model_timeout: float = 60.0,
        model_tokens: int = 24_000,
        entails: Entails | None = None,
    ) -> None:
        self.index = index
        self.model = model
        self.model_timeout = model_timeout
        self.model_tokens = model_tokens
        self.entails = entails
        self._reader = Reader.load()

    def warm(self) -> None:
        """Open every part now, so that the first question need not wait."""
        self._reader.open()
        if self.model:
            Judge.learned().open()
        self.index.warm()

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
        told = conversation(history)
        *_, answer = self._pieces(mended(question), told, filters, timeout or self.model_timeout, steps)
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

        While a model writes, empty pieces say so several times a second. Closing the iterator stops a model's call.
        """
        filters = Query("", tuple(outlets), since, until, HITS)
        told = conversation(history)
        return self._pieces(mended(question), told, filters, timeout or self.model_timeout, [])

    def trace(
        self, question: str, outlets: Sequence[str] = (), since: dt.date | None = None, until: dt.date | None = None
    ) -> Trace:
        """Who reported it when, crediting whom: of a question, or of a topic in a few words.

        Raises:
            BadQuery: a filter that cannot be applied.
        """
        question = mended(question)
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
        return check.check(mended(text), self.index, self._credits)

    # -- the path ----------------------------------------------------------------------------------------------------

    def _pieces(
        self, asked: str, history: Sequence[Answer | Turn], filters: Query, timeout: float, steps: list[Step]
    ) -> Iterator[str | Answer]:
        begun = time.perf_counter()
        model = Metered(self.model, self.model_tokens, time.monotonic() + timeout) if self.model else None
        question = yield from self._alone(asked, history, filters, model)
        steps.append(explaining.understood(question))
        writing = Writing(self._credits)
        if question.kind in ("chat", "collection"):
            text = GREETING if question.kind == "chat" else holdings.about(question, self.index)
            yield writing.add(Draft(text, (), "collection"))
            yield _answer(question, writing, {"total": time.perf_counter() - begun})
            return
        question, found = self._search(question, filters, writing, history)
        told = self._trail(question, model)
        hits = found
        if (
            model
            and told is None
            and extract.evidence(hits) is None
            and planning.has_parts(question.standalone, question.kind)
        ):
            hits = yield from planning.gather(question, hits, self.index.search, model)
        searched = time.perf_counter()
        steps.append(explaining.found(hits))
        writing.notices.extend(self.index.notices())
        self._note_undated(question.query, writing)
        why: Why | None = None
        if told is not None:
            question = replace(question, kind=told.kind or question.kind)
            writing.reports, writing.short, writing.values = told.reports, told.short, told.accounts
            lacking = None if told.sentences else provenance.SILENT
            for statement in told.sentences:
                yield writing.add(Draft(statement.text, statement.spans, statement.support))
        else:
            why, lacking = yield from self._from_passages(question, found, hits, history, writing, model, steps)
        timings = {"search": searched - begun, "total": time.perf_counter() - begun}
        if writing.sentences:
            yield _answer(question, writing, timings)
            return
        answer = self._refuse(question, hits, writing, lacking, timings, why)
        steps.append(explaining.refused(answer))
        yield answer.text
        yield answer

    def _from_passages(
        self,
        question: Question,
        found: Sequence[Hit],
        hits: Sequence[Hit],
        history: Sequence[Answer | Turn],
        writing: Writing,
        model: Metered | None,
        steps: list[Step],
    ) -> Generator[str, None, tuple[Why | None, str | None]]:
        """The sentences, and why there are none; a model is asked before its passages are read, not after."""
        near = extract.evidence(hits) is None  # Of 152 questions of our own it was asked in vain for 3.
        asked: AbstractContextManager[Iterator[Draft | None] | None] = (
            begun(composed(question, hits, model, writing, self.entails), now=near) if model else nullcontext()
        )
        with asked as written:
            words = self._weights(question)
            evidence = weighing.weigh(question, hits, words, history, self._reader, self.index, self._credits)
            why, lacking = weighing.lacking(question, found, evidence, self.index.outlets(), self._credits)
            doubted = lacking is None and weighing.doubted(question, evidence)
            if why is None and not model:  # a model tells itself what its passages lack, and is checked
                lacking = silence.nearest(question, evidence.picks, self._credits) or lacking
                lacking = lacking or (doubt.reason(question, found) if doubted else None)
            steps.append(explaining.scored(evidence.picks, evidence.spans, evidence.doubt, lacking))
            if lacking is not None:
                return why, lacking
            picks: Sequence[Pick] = []
            if not doubted:
                picks, writing.short, writing.opening = weighing.set_apart(question, evidence, self._credits)
            for draft in self._drafts(question, picks, writing, written):
                yield writing.add(draft) if draft else ""
        return None, None

    def _trail(self, question: Question, model: Metered | None) -> Told | None:
        """What the credits tell of a question of provenance; where there is a model only of who was first and of order,
        for that is no matter of wording."""
        told = provenance.answer(question, self.index, self._credits)
        worded = model is not None and told is not None and (told.kind or question.kind) not in TRAILS
        return None if worded else told

    def _alone(
        self, asked: str, history: Sequence[Answer | Turn], filters: Query, model: Metered | None
    ) -> Generator[str, None, Question]:
        """What is asked, a follow-up reworded to stand alone: by the model where there is one and it can."""
        question = self.understand(asked, history, filters)
        if model and question.follows and (alone := (yield from planning.standalone(asked, history, model))):
            return replace(self.understand(alone, (), filters), asked=asked, follows=True)
        return question

    def understand(
        self, question: str, history: Sequence[Answer | Turn] = (), filters: Query | None = None
    ) -> Question:
        """What a question asks, before anything is searched.

        Raises:
            BadQuery: a filter that cannot be applied.
        """
        held = self._outlets()

        def mentions(text: str) -> list[tuple[Span, str]]:
            catalogue = self.index.catalogue
            return outlets_in(text, held, lambda t: [(span, one.name) for span, one in catalogue.mentions(t)])

        given = self.index.understood(filters or Query("", limit=HITS))
        return understand(question, mentions, held, history, given, self.index.nearest)

    def _weights(self, question: Question) -> Mapping[str, float]:
        """How much each stem of the question weighs; in a follow-up those taken over count for less than its own."""
        weights = self.index.weigh(question.query.text).weights
        if not question.follows:
            return weights
        own = set(stems(question.asked))
        return {stem: weight if stem in own else TAKEN_OVER * weight for stem, weight in weights.items()}

    def _search(
        self, question: Question, filters: Query, writing: Writing, history: Sequence[Answer | Turn]
    ) -> tuple[Question, list[Hit]]:
        """The hits; where an outlet that was only spoken of has too little, those of all outlets, and a notice."""
        hits = self._found(question, history)
        spoken = question.query.outlets if not filters.outlets else ()
        if not spoken or extract.evidence(hits) is None:
            return question, hits
        writing.notices.append(f"Nothing by {' or '.join(spoken)} itself answers this; all outlets were searched.")
        question = replace(question, query=replace(question.query, outlets=()))
        return question, self._found(question, history)

    def _found(self, question: Question, history: Sequence[Answer | Turn]) -> list[Hit]:
        """The hits of a question; those of a follow-up with the articles that were just cited before others as good."""
        last = history[-1] if history else None
        cited = {one.article for one in last.citations} if isinstance(last, Answer) else set()
        if not (question.follows and cited):
            return self.index.search(question.query)
        hits = self.index.search(replace(question.query, limit=DEEPER * HITS))
        nearer = [replace(hit, score=hit.score + CITED) if hit.article.id in cited else hit for hit in hits]
        return sorted(nearer, key=lambda hit: -hit.score)[: question.query.limit]

    def _outlets(self) -> list[str]:
        return [o.outlet for o in self.index.outlets() if o.outlet]

    def _credits(self, article: Article) -> list[Credit]:
        """Whom an article credits, with the collection's own outlets known as such."""
        return provenance.resolved(self.index.credits(article.id, article.revision), self._outlets())

    def _drafts(
        self, question: Question, picks: Sequence[Pick], writing: Writing, written: Iterator[Draft | None] | None
    ) -> Iterator[Draft | None]:
        """What a model has written where there is one and it answers, else sentences from the articles themselves."""
        if written is None:
            yield from self._quoted(question, picks, writing)
            return
        try:
            yield from written
        except ModelFailed as error:
            writing.notices.append(_failed(error, begun=bool(writing.sentences)))
            if not writing.sentences:
                yield from self._quoted(question, picks, writing)
            if isinstance(error, Unchecked):
                return
        if count := sum(one.why != AGAIN for one in writing.dropped):
            writing.notices.append(
                f"{count} sentence{'s' if count > 1 else ''} of the language model left out: not borne out."
            )

    def _quoted(self, question: Question, picks: Sequence[Pick], writing: Writing) -> Iterator[Draft]:
        """Sentences from the articles themselves."""
        chosen = extract.supporting(question, picks, writing.opening is not None) if picks else ()
        return quoted(chosen, writing.opening, self._credits)

    # -- what is not an answer from passages -------------------------------------------------------------------------

    def _note_undated(self, query: Query, writing: Writing) -> None:
        """Articles that a day filter leaves aside for want of a date are told."""
        if (query.since or query.until) and (left := self.index.undated(query)):
            writing.notices.append(f"{left} undated article{'s were' if left > 1 else ' was'} left aside by the dates.")

    def _refuse(
        self,
        question: Question,
        hits: Sequence[Hit],
        writing: Writing,
        lacking: str | None,
        timings: dict[str, float],
        against: Why | None = None,
    ) -> Answer:
        """The collection does not say: why, and what comes nearest, claiming nothing."""
        reason = lacking or "The passages found do not answer the question."
        why: Why = against or ("not-stated" if hits else "nothing-found")
        if not len(self.index):
            why, reason = "empty", "The collection is empty. Add articles with `whence add PATH...`."
        elif not any(c.isalnum() for c in question.asked):
            why, reason = "empty", "The question has no words to look for."
        elif not hits and question.query.filtered:
            why, reason = "out-of-range", "No article within the outlets and dates asked for matches the question."
        leads = tuple(
            cite(i, hit.article, foremost(hit), self._credits(hit.article), hit.copies)
            for i, hit in enumerate(hits[:LEADS], 1)
        )
        answer = _answer(question, writing, timings)
        return replace(
            answer, text=f"{REFUSAL} {reason}", refused=True, refusal=why, reason=reason, leads=leads, citations=()
        )


def _failed(error: ModelFailed, begun: bool) -> str:
    """What a reader is told of a model that failed before its answer was `begun`, or in the middle of it."""
    if begun:
        return f"The language model broke off ({error}); the answer may be incomplete."
    if isinstance(error, Unchecked):
        return f"The language model's answer was left out ({error}); this one was made without it."
    return f"The language model did not answer ({error}); this answer was made without it."


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
