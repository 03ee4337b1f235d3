"""Turns articles of one outlet into the lines that recur across them: what the outlet prints around its stories.

A line recurs when at least `ENOUGH` articles of the outlet have it; a sentence only when a fifth of its articles do as
well, for reports of one matter repeat what it is about. It is never a line with a quotation, nor one that names
another outlet, which is a credit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.outlets import Outlets
from index.records import Article, Aside, Span

ENOUGH = 6
"""Articles of one outlet that have a line in common before it counts as recurring: a running story seldom has as many
versions, and a page's furniture is in all of them."""

SHORTEST, LONGEST = 3, 300
"""Characters of a line that may recur: less says nothing, more is a paragraph."""

_QUOTES = frozenset('"“”„«»‘')

_SENTENCE = re.compile(r"(?:\S+\s+){5,}\S*[.!?…]\W{0,2}")
_LETTERS = re.compile(r"[^\W\d_]{3}")

Counts = Counter[tuple[str, str]]
"""How many articles have a line, by outlet and the line in small letters; by outlet and nothing, how many it has."""


def count(articles: Iterable[Article]) -> Counts:
    """In how many of the articles each line stands, by outlet; an article without an outlet has none to share with."""
    counts: Counts = Counter()
    for article in articles:
        if article.outlet:
            counts.update({(article.outlet, ""), *((article.outlet, key) for key, _ in _lines(article, ()))})
    return counts


def marked(article: Article, counts: Counts, outlets: Outlets) -> Article:
    """The article with its recurring lines as asides; the same object where it has none, or little else."""
    outlet = article.outlet
    if not outlet:
        return article
    found = [
        Aside("promotion", start, end)
        for key, (start, end) in _lines(article, article.asides)
        if counts[outlet, key] >= (max(ENOUGH, counts[outlet, ""] / 5) if _SENTENCE.fullmatch(key) else ENOUGH)
        and all(other.name == outlet for _, other in outlets.mentions(article.text[start:end]))
    ]
    if not found or sum(aside.end - aside.start for aside in found) > len(article.text) / 2:
        return article
    return replace(article, asides=tuple(sorted((*article.asides, *found), key=lambda aside: aside.start)))


def _lines(article: Article, without: Sequence[Aside]) -> Iterator[tuple[str, Span]]:
    """The lines that could recur and that none of those asides touches, each in small letters and with its span."""
    asides = iter(without)
    aside = next(asides, None)
    start = 0
    for line in article.text.split("\n"):
        end = start + len(line)
        while aside and aside.end <= start:
            aside = next(asides, None)
        words = "" if aside and aside.start < end else line.strip()
        if SHORTEST <= len(words) <= LONGEST and _QUOTES.isdisjoint(words) and _LETTERS.search(words):
            begin = start + line.index(words)
            yield words.casefold(), (begin, begin + len(words))
        start = end + 1
