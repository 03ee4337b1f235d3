"""Who reported it when, crediting whom: the trail of a report over the articles that carry it. Pure.

Order of evidence for an origin: a credit that says "first reported by", then the earliest dated article held. An
article that merely credits an outlet says where it read it, not who was first; an undated article, or one whose date
cannot be right, never wins by default.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.extract import article_date, in_marks
from assistant.records import Kind, Report, Role, Support
from assistant.turns import Turn, tells, turn
from index import dating
from index.outlets import known
from index.records import Article, Credit, Hit, Span
from index.words import STOPWORDS, stems

NEAR = 0.7
"""How near to the question an article must be, its setting and its best sentence alike, as a share of the nearest
one's, to carry the same report. Chosen on the suite's questions for the earliest article: of the gold articles all have
0.72 or more, of other articles on the same people one."""

TOLD = 0.8
"""The share of what the nearest passage's best sentence holds of the topic's words from which on a sentence of another
story mentions the same in passing, whatever that story is about."""

_SOURCES = re.compile(r"\b(?:sources?|officials?|people|persons?|insiders?|reports?)\b", re.IGNORECASE)

_NAME = re.compile(r"\b[A-Z][\w-]+(?: [A-Z][\w-]+)*")

_TITLES = frozenset(
    "president senator sen governor mayor judge justice secretary chairman general rep mr mrs ms".split()
)
"""Words before a surname that are no forename."""

EPOCH = dt.date(1970, 1, 1)
"""The day that a missing date becomes in many systems; an article of that day or before it is as good as undated."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One article that carries the report, by a passage and a sentence of it.

    `credits` are the third parties it credits for it, `unnamed` the passage's credits whose sources it does not name;
    `doubt` is why its date cannot be right, `copy_of` the id of the earlier article that it copies (both None mostly).
    """

    article: Article
    hit: Hit
    span: Span
    credits: tuple[Credit, ...]
    doubt: str | None = None
    unnamed: tuple[Credit, ...] = ()
    copy_of: str | None = None

    @property
    def quote(self) -> str:
        """The sentence, to the character."""
        return self.article.text[slice(*self.span)]

    @property
    def day(self) -> dt.date | None:
        """The day of publication, None where it is unknown or in doubt."""
        return None if self.doubt else self.article.day


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer with the spans that it rests on."""

    text: str
    spans: tuple[tuple[Article, Span], ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Valued:
    """A value that an article gives, the sentence that does, and whom the article credits for it."""

    value: str
    article: Article
    span: Span
    source: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What is told about provenance, sentence by sentence; `short` is the bare answer where there is one, `kind` what
    the question turned out to want."""

    sentences: tuple[Statement, ...]
    short: str | None
    reports: tuple[Report, ...] = ()
    accounts: tuple[Valued, ...] = ()
    kind: Kind | None = None


def nearness(hit: Hit) -> float:
    """How near a passage and its setting come to what is searched: its nearest sentence in meaning, times the root of
    the share of the words that passage, headline and neighbours hold; 0 to 1."""
    covered: float = hit.signals["covered_setting"]
    return max(0.0, hit.signals["sentence_cosine"]) * math.sqrt(covered)


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
        found.append(Carrier(hit.article, hit, span, tuple(relevant), doubt(hit.article, today), unnamed))
    return sorted(found, key=lambda c: (c.day is None, str(c.article.published), c.article.id))


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
    rarest = max(wanted, key=lambda s: (weights.get(s, 1.0), s), default="")
    came = [told for one in found if (words := turn(topic)) and (told := _coming(one, words, rarest))]
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
    """The credit as an outlet's if its source is one of the collection's; "the Courier" if only one is so called."""
    printed = bare(credit.name or "")
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


def _third_party(credit: Credit, article: Article) -> bool:
    """Whether it names another than the article's own outlet, as an outlet or as the first."""
    if credit.name is None or credit.relation == "self" or bare(credit.name) == bare(article.outlet or ""):
        return False
    return credit.kind in ("outlet", "agency") or credit.relation == "first"


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


# -- the reports -----------------------------------------------------------------------------------------------------


def trail(found: Sequence[Carrier], origin: str | None = None) -> tuple[Report, ...]:
    """The carriers as reports, then their copies, then the outlets that they credit and that are not held.

    An origin is `origin` where the answer names one, else whom a credit calls the first; failing both, the earliest
    dated article that credits nobody.
    """
    held = {bare(c.article.outlet): c.article.id for c in reversed(found) if c.article.outlet}
    firsts = {bare(credit.name or "") for c in found for credit in c.credits if credit.relation == "first"}
    firsts = {bare(origin)} if origin else firsts
    earliest = next((c.article.id for c in found if c.day is not None), None)
    reports: list[Report] = []
    absent: dict[str, str] = {}
    for one in found:
        names = [credit.name or "" for credit in one.credits] + ([one.article.wire] if one.article.wire else [])
        absent |= {f"credited:{name}": name for name in names if bare(name) not in held}
        of = dict.fromkeys(held.get(bare(name), f"credited:{name}") for name in names)
        of |= {one.copy_of: one.copy_of} if one.copy_of else {}
        of.pop(one.article.id, None)
        first = bare(one.article.outlet or "") in firsts or (not firsts and not of and one.article.id == earliest)
        role: Role = "copy" if one.article.wire or one.copy_of else "origin" if first else "repeat"
        reports.append(_report(one.article.id, one.article.outlet, one.article.published, one.article.id, role,
                               one.article.id == earliest, tuple(of), one.quote, one.span))  # fmt: skip
    known_ = {one.article.id for one in found}
    for one in found:
        reports += [
            _report(c.article_id, c.outlet, c.published, c.article_id, "copy", False, (one.article.id,), None, None)
            for c in one.hit.copies
            if c.article_id not in known_
        ]
    if origin and bare(origin) not in held:
        absent.setdefault(f"credited:{origin}", origin)
    leading = sorted(absent.items(), key=lambda item: bare(item[1]) not in firsts)
    reports += [_report(id_, name, None, None, "origin", False, (), None, None) for id_, name in leading]
    return tuple(reports)


def _report(
    id_: str,
    outlet: str | None,
    published: dt.date | dt.datetime | None,
    article: str | None,
    role: Role,
    earliest: bool,
    of: tuple[str, ...],
    quote: str | None,
    span: Span | None,
) -> Report:
    start, end = span or (None, None)
    return Report(id_, outlet, published, article, role, earliest, of, quote, start, end)


# -- in words --------------------------------------------------------------------------------------------------------


def tell(found: Sequence[Carrier]) -> Told:
    """What the carriers establish about the origin, and plainly what they do not."""
    if not found:
        return Told((), None)
    firsts = [(one, credit) for one in found for credit in one.credits if credit.relation == "first"]
    dated = [one for one in found if one.day is not None]
    earliest = dated[0] if dated else None
    told: list[Statement] = []
    names = Counter(credit.name for _, credit in firsts)
    first = max(names, key=lambda n: (names[n], n or ""), default=None)
    if first:
        one, credit = next((o, c) for o, c in firsts if c.name == first)
        span = credit_sentence(one.article, credit)
        quote = in_marks(one.article.text[slice(*span)])
        told.append(Statement(f"{who(one.article)} credits {first} with the first report: {quote}",
                              ((one.article, span),), "quoted"))  # fmt: skip
    if earliest and first and bare(earliest.article.outlet or "") == bare(first):
        told.append(_quoted(f"The collection holds {first}'s own article, the earliest dated one on this "
                            f"({article_date(earliest.article)}):", earliest))  # fmt: skip
    elif earliest and len(found) > 1:
        lead = "The earliest dated article held is that of" if first else (
            "No article says who was first; the earliest dated one held is that of")  # fmt: skip
        told.append(_quoted(f"{lead} {who(earliest.article, lower=True)}:", earliest))
    elif not first:
        one = earliest or found[0]
        many = f"none of the {len(found)} articles that carry this is dated" if len(found) > 1 else (
            f"one article carries this, {who(one.article, lower=True)}")  # fmt: skip
        told.append(_quoted(f"The collection does not establish who reported this first; {many}:", one))
    told += _credits_of(earliest or found[0], first)
    if not first and len(found) == 1:
        told += _unnamed_of(found[0])
        told.append(
            Statement(
                "The collection holds no earlier report of it.", ((found[0].article, found[0].span),), "collection"
            )
        )
    rest = [one for one in found if one.credits and not one.article.wire and one.article.id not in _told_of(told)]
    told += _agreeing([one for one in rest if one.credits[0].name == first], first)
    told += [_repeat(one) for one in rest if one.credits[0].name != first][:2]
    told += _dispatches(found)
    told += _independent(found)
    told += doubts(found)
    return Told(tuple(told), first, trail(found))


def tell_earliest(found: Sequence[Carrier]) -> Told:
    """Which of the carriers is the earliest dated one, and what came next; nothing when none is dated."""
    dated = [one for one in found if one.day is not None]
    if not dated:
        return Told((), None)
    first = dated[0]
    outlet = first.article.outlet
    told = [_quoted(f"The earliest dated article held on this is that of {who(first.article, lower=True)}:", first)]
    same = [one for one in dated[1:] if one.day == first.day and one.article.outlet != outlet]
    if same:
        named = _listed([who(one.article, lower=True) for one in same[:3]])
        told.append(Statement(f"The collection cannot tell it from the same day's article of {named}.",
                              tuple((one.article, one.span) for one in same[:3]), "collection"))  # fmt: skip
    told += _credits_of(first, None)
    seen = {outlet}
    for one in dated[1:]:
        if one.article.outlet not in seen and one not in same and len(seen) < 3:
            seen.add(one.article.outlet)
            told.append(_quoted(f"{'Next' if len(seen) == 2 else 'Then'} came {who(one.article, lower=True)}:", one))
    told += doubts(found)
    return Told(tuple(told), outlet, trail(found, outlet))


def doubts(found: Sequence[Carrier]) -> list[Statement]:
    """The carriers that could be earlier than all others, for nobody knows their day."""
    told = []
    undated = [one for one in found if one.article.day is None]
    dated = [one for one in found if one.day is not None]
    if undated and dated:
        named = _listed([who(one.article, lower=True) for one in undated[:3]])
        more = f" and {len(undated) - 3} more" if len(undated) > 3 else ""
        told.append(Statement(f"{_capital(named)}{more} cannot be placed in time.",
                              tuple((one.article, one.span) for one in undated[:3]), "collection"))  # fmt: skip
    for one in [one for one in found if one.doubt][:2]:
        told.append(Statement(f"The date of {who(one.article, lower=True)} is left aside: {one.doubt}.",
                              ((one.article, one.span),), "collection"))  # fmt: skip
    return told


def _told_of(told: Sequence[Statement]) -> set[str]:
    return {article.id for statement in told for article, _ in statement.spans}


def _credits_of(one: Carrier, first: str | None) -> list[Statement]:
    """Whom the leading article itself credits, each in its own words."""
    names = dict.fromkeys(c.name for c in one.credits if c.name != first and c.relation != "wire")
    told = []
    for name in list(names)[:2]:
        credit = next(c for c in one.credits if c.name == name)
        span = credit_sentence(one.article, credit)
        quote = in_marks(one.article.text[slice(*span)])
        told.append(Statement(f"It credits {name} for what it quotes: {quote}", ((one.article, span),), "quoted"))
    return told


def _unnamed_of(one: Carrier) -> list[Statement]:
    """A quotation for which the article names no source."""
    told = []
    for credit in one.unnamed[:1]:
        place = credit.source[0][0]
        span = next((s for s in one.hit.passage.sentences if s[0] <= place < s[1]), one.span)
        printed = in_marks(" … ".join(one.article.text[a:b] for a, b in credit.source))
        quote = in_marks(one.article.text[slice(*span)])
        told.append(Statement(f"It names no source but {printed} for this: {quote}", ((one.article, span),), "quoted"))
    return told


def _agreeing(others: Sequence[Carrier], first: str | None) -> list[Statement]:
    """The other articles that credit the same outlet, in one sentence; each span is the credit's own."""
    if not others:
        return []
    named = _listed([who(one.article, lower=True) for one in others])
    spans = tuple((one.article, credit_sentence(one.article, one.credits[0])) for one in others)
    return [Statement(f"{first} is credited too by {named}.", spans, "collection")]


def _repeat(one: Carrier) -> Statement:
    credit = one.credits[0]
    span = credit_sentence(one.article, credit)
    quote = in_marks(one.article.text[slice(*span)])
    return Statement(f"{who(one.article)} credits {credit.name}: {quote}", ((one.article, span),), "quoted")


def _dispatches(found: Sequence[Carrier]) -> list[Statement]:
    """Each agency whose copy is among the carriers, with the outlets that print it: one account, not several."""
    printed: dict[str, list[Carrier]] = {}
    for one in found:
        if one.article.wire:
            printed.setdefault(one.article.wire, []).append(one)
    return [
        Statement(
            f"{_listed([who(one.article) for one in copies])} print{'s' if len(copies) == 1 else ''} it"
            f" as copy of {agency}.",
            tuple((one.article, one.span) for one in copies),
            "collection",
        )
        for agency, copies in printed.items()
    ]


def _independent(found: Sequence[Carrier]) -> list[Statement]:
    """How many accounts there are, where some articles are copies of others."""
    copied = [one for one in found if one.copy_of]
    if not copied:
        return []
    left = len(found) - len(copied)
    accounts = f"{left} independent account{'s' if left > 1 else ''}"
    are = "is a copy" if len(copied) == 1 else "are copies"
    return [
        Statement(
            f"{len(copied)} of the {len(found)} articles {are} of another: {accounts}.",
            tuple((one.article, one.span) for one in copied[:3]),
            "collection",
        )
    ]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _quoted(lead: str, one: Carrier) -> Statement:
    return Statement(f"{lead} {in_marks(one.quote)}", ((one.article, one.span),), "quoted")


def who(article: Article, lower: bool = False) -> str:
    """Outlet and date of an article, as far as they are known."""
    outlet = article.outlet or ("an article that does not state its outlet" if lower else
                                "An article that does not state its outlet")  # fmt: skip
    return f"{outlet} ({article_date(article)})"


def credit_sentence(article: Article, credit: Credit) -> Span:
    """The sentence-like span of the article around the credit's source and cue, and the content that follows it."""
    spans = [*credit.source, *credit.cue, *credit.content]
    start, end = min(a for a, _ in spans), max(b for _, b in spans)
    if end - start > 600:
        start, end = min(a for a, _ in (*credit.source, *credit.cue)), max(b for _, b in (*credit.source, *credit.cue))
    left = max((m.end() for m in re.finditer(r"[.!?][\"”’')]*\s+|\n", article.text[:start])), default=0)
    closing = re.compile(r"[.!?][\"”’')]*(?=\s|$)|\n").search(article.text, max(end - 1, 0))
    right = closing.end() if closing else len(article.text)
    return left, len(article.text[:right].rstrip())
