"""Sentences of articles as an answer has them: quoted to the character, with who prints, credits and says them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant import speakers
from assistant.extract import article_date, in_marks, third_party
from assistant.sentences import Pick
from assistant.writing import Draft
from index.records import Article, Credit


def quoted(
    picks: Sequence[Pick], opening: str | None, credits: Callable[[Article], Sequence[Credit]]
) -> Iterator[Draft]:
    """The sentences in their order, each attributed; where an `opening` is given the first begins with it.

    Args:
        picks: The sentences to quote.
        opening: The short answer as a sentence begins with it.
        credits: Whom an article credits.
    """
    before: Article | None = None
    for pick in picks:
        article = pick.hit.article
        credited = credits(article)
        credit = third_party(credited, pick.start, pick.end, article.outlet)
        said = speakers.speaker(article, credited, (pick.start, pick.end))
        speaker = said.name if said else None
        if before is not None and article.id == before.id:
            text = added(credit, pick.quote, speaker)
        else:
            text = attributed(article, credit, pick.quote, speaker, None if before else opening)
        yield Draft(text, ((article, (pick.start, pick.end)),), "quoted", pick.hit.copies)
        before = article


def attributed(
    article: Article, credit: Credit | None, quote: str, speaker: str | None = None, opening: str | None = None
) -> str:
    """A sentence that says who prints the quote, when, whom the article credits for it, and whose words it has where
    the quote itself does not name the speaker; where an `opening`, the short answer, is given it begins with that.

    The quote is given to the character but for line breaks, between quotation marks unless it has some of its own.
    """
    by = _by(credit, quote, None if speaker == opening else speaker)
    outlet = article.outlet or "an article that does not state its outlet"
    printed = f"{outlet} ({article_date(article)}){by}: {in_marks(quote)}"
    if opening and opening != article.outlet:
        return f"{opening}, according to {printed}"
    return printed if article.outlet else printed[0].upper() + printed[1:]


def added(credit: Credit | None, quote: str, speaker: str | None = None) -> str:
    """A further quote of the article that the sentence before names, attributed like it."""
    return f"It adds{_by(credit, quote, speaker)}: {in_marks(quote)}"


def _by(credit: Credit | None, quote: str, speaker: str | None) -> str:
    """Whom an article credits for a quote, and who speaks in it, as far as the quote does not tell."""
    by = f", crediting {credit.name or 'unnamed sources'}" if credit else ""
    if not speaker or re.search(rf"\b{re.escape(speaker.split()[-1])}\b", quote):
        return by
    return by + (f", quoting {speaker}" if re.search(r"[\"“”]|''", quote) else f", citing {speaker}")
