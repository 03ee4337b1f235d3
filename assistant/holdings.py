"""Answers questions about the collection itself: how many articles, which outlets, what time, the newest,
what an outlet has printed.

What is said here comes from the archive's own counts and needs no citation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.extract import article_date
from assistant.records import Question
from index import Index
from index.records import Article, OutletCount, Query

NAMED = 12
"""Outlets and articles that are named at most."""

COUNTED = 2_000
"""Passages looked at to count the articles that mention something."""

_ITS_ARTICLES = re.compile(
    r"^what (?:did|does|do|has|have)\b|^(?:which |what |list |show )?(?:me |all )?(?:the )?articles\b", re.IGNORECASE
)
_LATEST = re.compile(r"\b(?:newest|latest|most recent|last)\b", re.IGNORECASE)
_OLDEST = re.compile(r"\b(?:oldest|earliest|first)\b", re.IGNORECASE)
_PER = re.compile(r"\b(?:per|each|by|every) (?:outlet|paper|newspaper|source|publication)\b", re.IGNORECASE)
_OUTLETS = re.compile(r"\b(?:outlets|newspapers|papers|publications|sources)\b", re.IGNORECASE)
_PERIOD = re.compile(
    r"\b(?:dates?|period|time ?(?:span|frame|range)?|when|years?|months?)\b.*\b(?:cover|span|from|range)", re.IGNORECASE
)
_MENTION = re.compile(
    r"\bhow many (?:of the )?(?:articles|stories|reports)\b.*?\b(?:mention(?:ing|s)?|about|on|cover(?:ing|s)?"
    r"|deal(?:ing)? with|discuss(?:ing)?|name|quote)\b (?P<topic>.+?)[?.]*$",
    re.IGNORECASE,
)


def about(question: Question, news: Index) -> str:
    """What the archive tells of itself, in one or two sentences.

    Args:
        question: Understood; its filters hold.
        news: The collection.
    """
    text, query = question.standalone, replace(question.query, text="")
    topic = _MENTION.search(text)
    if topic is not None and not query.filtered:
        return _mentioning(topic["topic"], news)
    counts = _counted(query, news)
    count = sum(one.articles for one in counts)
    within = _within(query)
    if not count:
        return f"The collection holds no article{within}."
    if query.outlets and _ITS_ARTICLES.search(text):
        return _headlines(news, query, count)
    if not re.search(r"\bhow many\b", text, re.IGNORECASE):
        if _LATEST.search(text):
            return _at_the_end(news, query, newest=True)
        if _OLDEST.search(text):
            return _at_the_end(news, query, newest=False)
        if _PERIOD.search(text):
            return f"The collection’s articles{within} were published {_period(counts)}."
    named = _listed(counts)
    if _OUTLETS.search(text) and not _PER.search(text):
        stated = [one for one in counts if one.outlet]
        if not stated:
            return f"No article of the collection{within} states its outlet."
        several = f"{len(stated)} outlets" if len(stated) > 1 else "one outlet"
        rest = count - sum(one.articles for one in stated)
        others = f"; {rest:,} {'states' if rest == 1 else 'state'} no outlet" if rest else ""
        return f"The collection holds articles of {several}{within}: {_listed(stated)}{others}."
    dated = f", published {_period(counts)}" if _period(counts) else ""
    articles = "articles" if count > 1 else "article"
    return f"The collection holds {count:,} {articles}{within}{dated}: {named}."


def _counted(query: Query, news: Index) -> list[OutletCount]:
    """The outlets with their articles under the query's filters."""
    if not query.filtered:
        return [one for one in news.outlets() if one.articles]
    held: dict[str | None, list[Article]] = {}
    for article in news.articles(query):
        held.setdefault(article.outlet, []).append(article)
    counts = []
    for outlet, articles in held.items():
        days = sorted(article.day for article in articles if article.day)
        counts.append(OutletCount(outlet, len(articles), days[0] if days else None, days[-1] if days else None))
    return sorted(counts, key=lambda one: (-one.articles, one.outlet or ""))


def _listed(counts: Sequence[OutletCount]) -> str:
    named = ", ".join(f"{one.outlet or 'outlet not stated'} ({one.articles:,})" for one in counts[:NAMED])
    rest = len(counts) - NAMED
    return f"{named} and {rest} more" if rest > 0 else named


def _period(counts: Sequence[OutletCount]) -> str:
    days = sorted(day for one in counts for day in (one.first, one.last) if day)
    if not days:
        return ""
    return f"{days[0]} to {days[-1]}" if days[0] != days[-1] else f"on {days[0]}"


def _within(query: Query) -> str:
    """The filters in words."""
    by = f" of {' and '.join(query.outlets)}" if query.outlets else ""
    since = f" from {query.since}" if query.since else ""
    until = f" until {query.until}" if query.until else ""
    return by + since + until


def _headlines(news: Index, query: Query, count: int) -> str:
    """The articles under the query's filters by their headlines, the earliest first."""
    ordered = sorted(news.articles(query), key=lambda one: (one.day is None, str(one.day), one.id))
    named = "; ".join(f"“{one.title or one.id}” ({article_date(one)})" for one in ordered[:NAMED])
    rest = f"; and {count - NAMED:,} more" if count > NAMED else ""
    return f"The collection holds {count:,} {'articles' if count > 1 else 'article'}{_within(query)}: {named}{rest}."


def _at_the_end(news: Index, query: Query, newest: bool) -> str:
    """The newest or the oldest article by name; all of that day are counted."""
    dated = [(article.day, article.id, article) for article in news.articles(query) if article.day]
    if not dated:
        return f"No article{_within(query)} has a date."
    ordered = sorted(dated, key=lambda one: one[:2], reverse=newest)
    first = ordered[0][2]
    others = sum(day == first.day for day, _, _ in ordered) - 1
    title = f"“{first.title}”" if first.title else "an article without a headline"
    also = f"; {others} more {'are' if others > 1 else 'is'} of that day" if others else ""
    what = "newest" if newest else "oldest"
    printed = f"{first.outlet or 'outlet not stated'}, {article_date(first)}"
    return f"The {what} article{_within(query)} is {title} ({printed}){also}."


def _mentioning(topic: str, news: Index) -> str:
    found = {hit.article.id for hit in news.scan(Query(topic, limit=COUNTED))}
    if not found:
        return f"No article of the collection mentions {topic}."
    articles = "articles have" if len(found) > 1 else "article has"
    return f"{len(found):,} {articles} a passage with all the words of “{topic}”."
