"""Opens what was clicked: an article, at the quote of a citation or of a report, with whom it credits."""

from __future__ import annotations

from dataclasses import replace

from assistant.page.conversation import Conversation
from assistant.records import Answer, Citation, Report
from assistant.views.answers import cited, failure_view
from assistant.views.articles import Reading, article_pane, article_view, standalone
from assistant.views.markup import headline
from index.errors import WhenceError
from index.index import Index


def opened(index: Index, conversation: Conversation, opens: str, base: str = "", removable: bool = False) -> str:
    """The article that was clicked: `listed/ID` of the list, or of an answer `PLACE/NUMBER` of a citation and
    `PLACE/rNUMBER` of a report, its quote marked."""
    place, _, which = opens.partition("/")
    try:
        reading = read(index, which) if place == "listed" else clicked(index, conversation[int(place)].answer, which)
    except WhenceError as error:
        return article_pane(failure_view(str(error)))
    return article_pane(article_view(reading, base), reading.article if removable else None)


def clicked(index: Index, answer: Answer | None, which: str) -> Reading:
    """What a citation, `NUMBER`, or a report, `rNUMBER`, of an answer shows.

    Raises:
        UnknownArticle: it has been removed.
    """
    assert answer is not None
    if which.startswith("r"):
        return report_read(index, answer.reports[int(which[1:])])
    [citation] = [c for c in cited(answer) if c.number == int(which)]
    return citation_read(index, answer, citation)


def read(index: Index, article_id: str, revision: int | None = None) -> Reading:
    """An article with its credits, and how many revisions it has had.

    Raises:
        UnknownArticle: no such id or revision.
    """
    article = index.article(article_id, revision)
    newest = index.article(article_id).revision
    return Reading(article, credits=tuple(index.credits(article.id, article.revision)), newest=newest)


def citation_read(index: Index, answer: Answer, citation: Citation) -> Reading:
    """A citation in its article, with the answer's other citations of it.

    Raises:
        UnknownArticle: it has been removed.
    """
    also = tuple(
        (c.start, c.end)
        for c in cited(answer)
        if (c.article, c.revision) == (citation.article, citation.revision) and c != citation
    )
    return replace(read(index, citation.article, citation.revision), quoted=(citation.start, citation.end), also=also)


def report_read(index: Index, report: Report) -> Reading:
    """A report of a trail in its article; without its quote when the article has been revised meanwhile.

    Raises:
        UnknownArticle: it has been removed.
    """
    assert report.article is not None
    reading = read(index, report.article)
    if report.start is None or report.end is None or reading.article.text[report.start : report.end] != report.quote:
        return reading
    return replace(reading, quoted=(report.start, report.end))


def permanent(
    index: Index, article_id: str, revision: int | None, start: int | None, end: int | None, base: str = ""
) -> tuple[str, bool]:
    """A page with an article, a revision of it, a span in it; and whether there is such a thing."""
    home = f"{base}/"
    try:
        reading = read(index, article_id, revision)
    except WhenceError as error:
        return standalone("Not found", failure_view(str(error)), home), False
    article = reading.article
    if start is not None and end is not None:
        if not 0 <= start < end <= len(article.text):
            said = f"The article has {len(article.text):,} characters, and none from {start} to {end}."
            return standalone("Not found", failure_view(said), home), False
        reading = replace(reading, quoted=(start, end))
    return standalone(headline(article), article_view(reading, base), home), True
