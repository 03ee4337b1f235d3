"""Which articles carry a report: those among the hits that tell of it, their dates, and whom they credit for it. Pure.

An undated article, or one whose date cannot be right, never comes before a dated one.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.turns import Turn, tells, turn
from index import dating
from index.outlets import known
from index.records import Article, Copy, Credit, Hit, Span
from index.sources import FORENAMES
from index.words import STOPWORDS, stems

NEAR = 0.7
"""How near to the question an article must be, its setting and its best sentence alike, as a share of the nearest
one's, to carry the same report. Chosen on the suite's questions for the earliest article: of the gold articles all have
0.72 or more, of other articles on the same people one."""

HELD = 0.385
"""How near the nearest article must be for the collection to tell of a topic at all. Of the suites' questions on first
reports, and ours, all come so near; of 40 on what no article tells, most about people it knows, four, and of 150 on
invented news 0.03. Of 150 on details in other words 0.09 do not (benchmarks/provenance.py --first)."""

TOLD = 0.8
"""The share of what the nearest passage's best sentence holds of the topic's words from which on a sentence of another
story mentions the same in passing, whatever that story is about."""

_SOURCES = re.compile(r"\b(?:sources?|officials?|people|persons?|insiders?|reports?)\b", re.IGNORECASE)

_HEADCOUNT = re.compile(
    r"(?:\d[\d,]*|(?i:two|three|four|five|six|seven|eight|nine|ten|dozens|hundreds|thousands|several|some|many|most))"
    r"(?: of)?(?: the)? [a-z]"
)

_NAME = re.compile(r"\b[A-Z][\w-]+(?: [A-Z][\w-]+)*")

_TITLES = frozenset(
    "president senator sen governor mayor judge justice secretary chairman general rep mr mrs ms".split()
)
"""Words before a surname that are no forename."""

_FORENAMES = frozenset(name.casefold() for name in FORENAMES)

EPOCH = dt.date(1970, 1, 1)
"""The day that a missing date becomes in many systems; an article of that day or before it is as good as undated."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One article that carries the report, by a passage and a sentence of it.

    `credits` are the third parties it credits for it, `unnamed` the passage's credits whose sources it does not name,
    `itself` those to its own outlet; `doubt` is why its date cannot be right, `copy_of` the id of the earlier article
    that it copies (both None mostly).
    """

    article: Article
    hit: Hit
    span: Span
    credits: tuple[Credit, ...]
    doubt: str | None = None
    unnamed: tuple[Credit, ...] = ()
    itself: tuple[Credit, ...] = ()
    copy_of: str | None = None

    @property
    def quote(self) -> str:
        """The sentence, to the character."""
        return self.article.text[slice(*self.span)]

    @property
    def day(self) -> dt.date | None:
        """The day of publication, None where it is unknown or in doubt."""
        return None if self.doubt else self.article.day


def nearness(hit: Hit) -> float:
    """How near a passage and its setting come to what is searched: its nearest sentence in meaning, times the root of
    the share of the words that passage, headline and neighbours hold; 0 to 1."""
    covered: float = hit.signals["covered_setting"]
    return max(0.0, hit.signals["sentence_cosine"]) * math.sqrt(covered)


def nearest_of(hits: Sequence[Hit]) -> Hit | None:
    """The nearest passage; None where none tells of what is searched, only of something like it."""
    nearest = max(hits, key=nearness, default=None)
    return nearest if nearest is not None and nearness(nearest) >= HELD else None


def carriers(
    topic: str,
    hits: Sequence[Hit],
    credits: Callable[[Article], Sequence[Credit]],
    weights: Mapping[str, float],
    nearest: Hit,
    today: dt.date,
) -> list[Carrier]:
    """The articles among the hits that carry the report, earliest first; undated and wrongly dated ones last.

    Args:
        topic: What the report is about, in words.
        hits: Passages found for it.
        credits: Whom an article credits.
        weights: How much each stem of the topic weighs.
        nearest: The nearest passage of all.
        today: No article can be of a later day.
    """
    wanted = frozenset(s for s in stems(topic) if s not in STOPWORDS) or frozenset(stems(topic))
    rarest = _rarest(wanted, nearest.article, weights)
    least = TOLD * _share(nearest, wanted, weights)
    best: dict[str, Hit] = {}
    for hit in hits:
        passing = nearness(hit) > 0 and _fits(hit, nearest) and 0 < _share(hit, wanted, weights) >= least
        near = _near(hit, nearest) or passing
        if near and (not rarest or rarest in _stems(hit.article)) and not _namesake(hit.article.text, topic):
            held = best.get(hit.article.id)
            if held is None or nearness(hit) > nearness(held):
                best[hit.article.id] = hit
    found = []
    for hit in best.values():
        own = credits(hit.article)
        relevant = [
            c for c in own if _third_party(c, hit.article) and _concerns(c, hit.article.text, wanted, weights, hit)
        ]
        span = _carrying([h for h in hits if h.article.id == hit.article.id])
        unnamed = tuple(c for c in own if _unnamed(c, hit))
        itself = tuple(c for c in own if _own(c, hit.article) and c.touches(hit.passage.start, hit.passage.end))
        found.append(Carrier(hit.article, hit, span, tuple(relevant), doubt(hit.article, today), unnamed, itself))
    return sorted(found, key=age)


def age(one: Carrier) -> tuple[bool, str, str]:
    """The order of carriers: earlier before later, those whose day is unknown or in doubt last."""
    return one.day is None, str(one.article.published), one.article.id


def earlier(one: Carrier) -> list[Copy]:
    """The copies of a carrier's passage that were published before it, as far as dates tell."""
    dated = [copy for copy in one.hit.copies if copy.published is not None]
    return [copy for copy in dated if one.day is None or str(copy.published) < str(one.article.published)]


def _near(hit: Hit, nearest: Hit) -> bool:
    """Whether a passage is near enough to the question, measured by the nearest one of all."""
    return 0 < nearness(hit) >= NEAR * nearness(nearest) and _fits(hit, nearest)


def _fits(hit: Hit, nearest: Hit) -> bool:
    return _best(hit) >= NEAR * _best(nearest)


def _best(hit: Hit) -> float:
    return max((s.score for s in hit.sentences), default=0.0)


def _share(hit: Hit, wanted: frozenset[str], weights: Mapping[str, float]) -> float:
    """How much the passage's best sentence holds of the topic, by weight of its words."""
    best = max(hit.sentences, key=lambda s: s.score)
    inside = set(stems(hit.article.text[best.start : best.end]))
    return sum(weights.get(s, 1.0) for s in wanted & inside)


def telling(topic: str, found: Sequence[Carrier], weights: Mapping[str, float]) -> list[Carrier]:
    """The carriers whose sentence tells more of the topic than the name it turns on; all where none does.

    Where the topic is a turn of events, those that tell that it came, by the sentence that does.
    """
    wanted = frozenset(stems(topic)) - STOPWORDS
    words = turn(topic)
    others = wanted - frozenset(stems(" ".join(m[0] for m in words.finditer(topic)))) if words else wanted
    rarest = max(others, key=lambda s: (weights.get(s, 1.0), s), default="")
    came = [told for one in found if words and (told := _coming(one, words, rarest))]
    if came:
        return came
    names = (frozenset(stems(name[0])) for name in _NAME.finditer(topic))
    more = wanted - next((name for name in names if rarest in name), frozenset())
    return [one for one in found if more & frozenset(stems(one.quote))] or list(found)


def _coming(one: Carrier, words: Turn, rarest: str) -> Carrier | None:
    """The carrier by its first sentence with the topic's rarest stem that tells of a turn that it came; None without
    one, unless the headline does."""
    text = one.article.text
    for span in (one.span, *one.hit.passage.sentences):
        sentence = text[slice(*span)]
        if rarest in stems(sentence) and tells(sentence, words):
            return replace(one, span=span)
    headline = one.article.title or ""
    return one if rarest in stems(headline) and tells(headline, words) else None


def _rarest(wanted: frozenset[str], article: Article, weights: Mapping[str, float]) -> str | None:
    """The rarest stem of the topic that the article has: mostly a name, without which another one carries another
    report."""
    return max(_stems(article) & wanted, key=lambda s: (weights.get(s, 1.0), s), default=None)


def _namesake(text: str, topic: str) -> bool:
    """Whether a person whom the topic names in full is another one in the text: there, where the surname first stands,
    it has another forename."""
    for name in _NAME.finditer(topic):
        forename, _, surname = name[0].rpartition(" ")
        first = re.search(rf"\b(?:([A-Z][\w-]+) (?:[A-Z]\.? )?)?{re.escape(surname)}\b", text)
        other = first[1] if first else None
        if (
            not forename
            or " " in forename
            or forename.casefold() in _TITLES
            or other is None
            or other.casefold() in STOPWORDS | _TITLES
        ):
            continue
        if other[:2] != forename[:2]:
            return True
    return False


def _stems(article: Article) -> frozenset[str]:
    return frozenset(stems(f"{article.title or ''} {article.text}"))


def _carrying(hits: Sequence[Hit]) -> Span:
    """Of an article's passages, the first sentence that tells nearly as much of what is searched as the best one."""
    scored = sorted((s for hit in hits for s in hit.sentences), key=lambda s: s.start)
    best = max(s.score for s in scored)
    return next((s.start, s.end) for s in scored if s.score >= 0.8 * best)


def doubt(article: Article, today: dt.date) -> str | None:
    """Why an article's date cannot be right; None where it can, or where there is none."""
    if article.day is None:
        return None
    if article.day > today:
        return "it lies in the future"
    if article.day <= EPOCH:
        return "no clock was set"
    return dating.doubt(article)


def resolved(credits: Sequence[Credit], held: Collection[str]) -> list[Credit]:
    """The credits, those of a source among the collection's own outlets as an outlet's, known to the world or not."""
    outlets = {bare(name): name for name in held}
    return [_as_outlet(credit, outlets) for credit in credits]


def _as_outlet(credit: Credit, outlets: Mapping[str, str]) -> Credit:
    """The credit as an outlet's if its source is one of the collection's; "the Courier" if only one is so called.

    Somebody whose name an outlet bears (a newsletter has its author's) stays the person; as the first he is both.
    """
    printed = bare(credit.name or "")
    if credit.kind == "person" and printed.partition(" ")[0] in _FORENAMES:
        return credit
    longer = (
        [] if known().named(printed) else [name for short, name in outlets.items() if short.endswith(f" {printed}")]
    )
    name = outlets.get(printed) or (longer[0] if printed and len(longer) == 1 else None)
    if name is None:
        return credit
    relation = "relay" if credit.relation == "quote" else credit.relation
    return replace(credit, name=name, kind="agency" if credit.kind == "agency" else "outlet", relation=relation)


def bare(name: str) -> str:
    """An outlet's name as names are compared."""
    return name.casefold().removeprefix("the ")


def headcount(name: str) -> bool:
    """Whether a source is so many people ("60 paratroopers"): they may say something, but report nothing."""
    return _HEADCOUNT.match(name) is not None


def _third_party(credit: Credit, article: Article) -> bool:
    """Whether it names another than the article's own outlet, as an outlet or as the first."""
    if credit.name is None or _own(credit, article) or headcount(credit.name):
        return False
    return credit.kind in ("outlet", "agency") or credit.relation == "first"


def _own(credit: Credit, article: Article) -> bool:
    """Whether it is to the article's own outlet."""
    return credit.relation == "self" or bool(credit.name and bare(credit.name) == bare(article.outlet or ""))


def _unnamed(credit: Credit, hit: Hit) -> bool:
    """Whether it credits, for the passage found, sources that it does not name."""
    passage = hit.passage
    printed = " ".join(hit.article.text[a:b] for a, b in credit.source if passage.start <= a < passage.end)
    return credit.name is None and bool(_SOURCES.search(printed))


def _concerns(credit: Credit, text: str, wanted: frozenset[str], weights: Mapping[str, float], hit: Hit) -> bool:
    """Whether a credit is for the report: it touches the passage found, or its words share the topic."""
    if credit.relation == "wire" or credit.touches(hit.passage.start, hit.passage.end):
        return True
    said = {s for a, b in (*credit.content, *credit.about) for s in stems(text[a:b])}
    heaviest = max(weights.get(s, 1.0) for s in wanted)
    return any(s in said for s in wanted if weights.get(s, 1.0) >= heaviest / 2)
