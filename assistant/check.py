"""Is a quotation or claim in the collection: word for word, altered, or not at all; who said it, and where first."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from difflib import Match, SequenceMatcher

from assistant.records import Checked, Difference, Place
from index import Index
from index.folding import fold
from index.records import Article, Credit, Query, Span

HITS = 40
"""Passages in whose articles the words are sought."""

WORDS = 300
"""Words of a text that are looked at."""

ALIKE = 0.6
"""The share of the words that an altered wording must have in common, in the same order, to be called the same."""

RUN = 3
"""Words in a row that an altered wording must have in common."""

Crediting = Callable[[Article], Sequence[Credit]]

GAP = 8
"""Words in a row that an article may have more within the stretch."""

_WORD = re.compile(r"\w+(?:[.,’']\w+)*|[%$£€]")


def check(text: str, news: Index, credits: Crediting) -> Checked:
    """Where the collection has these words, the earliest dated article first.

    Where some article has them word for word, only such places are given; else those that come nearest.

    Args:
        text: A quotation, with or without its quotation marks, or a claim; up to 300 words are looked at.
        news: The collection.
        credits: Whom an article credits.
    """
    wanted = [word for word, _ in _words(text)][:WORDS]
    if not wanted:
        return Checked(text, "absent")
    hits = news.search(Query(" ".join(text.split()), limit=HITS))
    found = [
        place
        for article in {hit.article.id: hit.article for hit in hits}.values()
        if (place := _place(article, wanted, credits))
    ]
    exact = [place for place in found if not place.differences]
    if exact:
        return Checked(text, "verbatim", tuple(sorted(exact, key=_age)))
    best = max((place.alike for place in found), default=0.0)
    near = [place for place in found if place.alike >= best - 0.1]
    return Checked(text, "altered" if near else "absent", tuple(sorted(near, key=_age)))


def _place(article: Article, wanted: Sequence[str], credits: Crediting) -> Place | None:
    """The stretch of an article that has most of the words in order; None where it has too few."""
    printed = _words(article.text)
    words = [word for word, _ in printed]
    longest = SequenceMatcher(None, wanted, words, autojunk=False).find_longest_match()
    if longest.size < min(RUN, len(wanted)):
        return None
    first = max(0, longest.b - 2 * longest.a - 5)
    last = min(len(words), longest.b + longest.size + 2 * (len(wanted) - longest.a - longest.size) + 5)
    matcher = SequenceMatcher(None, wanted, words[first:last], autojunk=False)
    blocks = _together([Match(m.a, first + m.b, m.size) for m in matcher.get_matching_blocks() if m.size])
    alike = sum(block.size for block in blocks) / len(wanted)
    if alike < ALIKE:
        return None

    def difference(a: int, b: int, c: int, d: int) -> Difference:
        return Difference(" ".join(wanted[a:b]), article.text[printed[c][1][0] : printed[d - 1][1][1]] if c < d else "")

    ends = [(block.a + block.size, block.b + block.size) for block in blocks]
    gaps = [(a, after.a, c, after.b) for (a, c), after in zip(ends, blocks[1:], strict=False)]
    gaps = [(0, blocks[0].a, 0, 0), *gaps, (ends[-1][0], len(wanted), 0, 0)]
    differences = tuple(difference(*gap) for gap in gaps if gap[0] < gap[1] or gap[2] < gap[3])
    span = (printed[blocks[0].b][1][0], printed[ends[-1][1] - 1][1][1])
    said, via = _said(article, span, credits(article))
    return Place(article.id, article.revision, article.outlet, article.published, span[0], span[1],
                 article.text[slice(*span)], round(alike, 3), said, via, differences)  # fmt: skip


def _together(blocks: Sequence[Match]) -> list[Match]:
    """The longest run of equal words with those before and after it, up to a gap; stray words beyond one are chance."""
    longest = max(range(len(blocks)), key=lambda i: blocks[i].size)
    first = last = longest
    while first and _joins(blocks[first - 1], blocks[first]):
        first -= 1
    while last + 1 < len(blocks) and _joins(blocks[last], blocks[last + 1]):
        last += 1
    return list(blocks[first : last + 1])


def _joins(one: Match, next_: Match) -> bool:
    return next_.b - one.b - one.size <= GAP


def _said(article: Article, span: Span, credits: Sequence[Credit]) -> tuple[str | None, str | None]:
    """Who said it as far as the article tells, and the outlet or agency through which it has it."""
    touching = sorted((c for c in credits if c.touches(*span) and c.name), key=lambda c: -c.sure)
    said = next((c.name for c in touching if c.kind not in ("outlet", "agency")), None)
    via = next((c.name for c in touching if c.kind in ("outlet", "agency") and c.name != article.outlet), None)
    return said, via or article.relayed


def _words(text: str) -> list[tuple[str, Span]]:
    """The words as they are compared, each with its span."""
    return list(_seen(text))


def _seen(text: str) -> Iterator[tuple[str, Span]]:
    folded = fold(text)
    for match in _WORD.finditer(folded.text):
        yield match[0].casefold().replace("’", "'"), folded.span(*match.span())


def _age(place: Place) -> tuple[bool, str, str]:
    return place.published is None, str(place.published), place.article


def told(checked: Checked) -> str:
    """The result in words."""
    if checked.verdict == "absent":
        return "The collection does not have these words, nor most of them in one place."
    first = checked.places[0]
    where = f"{first.outlet or 'an article that does not state its outlet'} ({_day(first)})"
    more = len(checked.places) - 1
    others = f" {more} more article{'s have' if more > 1 else ' has'} it." if more else ""
    by = _by(first)
    if checked.verdict == "verbatim":
        earliest = ", the earliest dated article held with it" if more and first.published else ""
        return f"Word for word in {where}{earliest}.{by}{others}"
    changes = "; ".join(map(_change, first.differences))
    return f"Not in these words; nearest in {where}: {changes}.{by}{others}"


def _by(place: Place) -> str:
    if place.said:
        return f" It is said there by {place.said}" + (f", through {place.via}." if place.via else ".")
    if place.via:
        return f" It stands there as copy of, or credited to, {place.via}."
    return " Nobody is named there as having said it."


def _change(difference: Difference) -> str:
    if not difference.printed:
        return f"“{difference.asked}” is not there"
    if not difference.asked:
        return f"“{difference.printed}” was left out"
    return f"“{difference.asked}” is “{difference.printed}” there"


def _day(place: Place) -> str:
    day = place.published.date() if isinstance(place.published, dt.datetime) else place.published
    return day.isoformat() if day else "undated"
