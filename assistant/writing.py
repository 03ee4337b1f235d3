"""An answer as it is written: sentence after sentence, each span of an article cited once under one number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant import extract, provenance
from assistant.records import (
    Account,
    Citation,
    CitedCredit,
    CitedNote,
    CreditSpans,
    Dropped,
    Report,
    Sentence,
    Support,
)
from index import dating
from index.records import Article, Copy, Credit, Span


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence ready to be shown, with the spans that bear it out."""

    text: str
    spans: tuple[tuple[Article, Span], ...]
    support: Support
    copies: tuple[Copy, ...] = ()


@dataclass(slots=True)
class Writing:
    """An answer as it grows: sentences in order, each span cited once under one number; `opening` is the short answer
    as its first sentence begins with it."""

    credits: Callable[[Article], Sequence[Credit]]
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    short: str | None = None
    opening: str | None = None
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
        page=article.origin.page(span[0]),
    )
