"""Who reported it when, crediting whom: the trail of a report over the articles that carry it. Pure.

Order of evidence for an origin: a credit that says "first reported by", then the earliest dated article held. An
article that merely credits an outlet says where it read it, not who was first; undated articles never win by default.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.extract import article_date, in_marks
from assistant.records import Report, Role, Support
from index.outlets import known
from index.records import Article, Credit, Hit, Span
from index.words import STOPWORDS, stems

_ASKING = frozenset(
    stems("which what who outlet outlets newspaper paper network broadcaster station agency first earliest originally"
          " report reported reporting broke break story news scoop publish published reveal revealed source said claim"
          " come came from credited credit original article carried organization magazine site website had make public")
)  # fmt: skip
"""Stems that ask for an origin rather than tell of what."""

ON_TOPIC = 0.6
"""The share of the topic's weight that an article must cover to carry the report."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One article that carries the report: the sentence that does, and the third parties it credits for it."""

    article: Article
    hit: Hit
    span: Span
    credits: tuple[Credit, ...]

    @property
    def quote(self) -> str:
        """The sentence, to the character."""
        return self.article.text[slice(*self.span)]


def topic(question: str) -> frozenset[str]:
    """The stems that tell what the report is about."""
    kept = frozenset(s for s in stems(question) if s not in STOPWORDS and s not in _ASKING)
    return kept or frozenset(stems(question))


def carriers(
    question: str,
    hits: Sequence[Hit],
    credits: Mapping[str, Sequence[Credit]],
    weights: Mapping[str, float],
) -> list[Carrier]:
    """The articles among the hits that carry the report, earliest first, undated last.

    Args:
        question: As it stands alone.
        hits: Passages found for it.
        credits: By article id, all that the article credits.
        weights: How much each stem of the question weighs.
    """
    wanted = topic(question)
    total = sum(weights.get(s, 1.0) for s in wanted) or 1.0

    def covered(text: str) -> float:
        inside = set(stems(text))
        return sum(weights.get(s, 1.0) for s in wanted if s in inside) / total

    best: dict[str, tuple[float, Hit]] = {}
    for hit in hits:
        share = covered(f"{hit.article.title or ''} {hit.passage.text}")
        if share >= ON_TOPIC and share > best.get(hit.article.id, (0.0, hit))[0]:
            best[hit.article.id] = (share, hit)
    found = []
    for _, hit in best.values():
        text = hit.article.text
        span = max(hit.passage.sentences, key=lambda s: (covered(text[slice(*s)]), -s[0]))
        own = credits.get(hit.article.id, ())
        relevant = [c for c in own if _third_party(c, hit.article) and _concerns(c, text, wanted, weights, hit)]
        found.append(Carrier(hit.article, hit, span, tuple(relevant)))
    return sorted(found, key=lambda c: (c.article.day is None, str(c.article.published), c.article.id))


def resolved(credits: Sequence[Credit], held: Collection[str]) -> list[Credit]:
    """The credits, those of a source among the collection's own outlets as an outlet's, known to the world or not."""
    outlets = {_bare(name): name for name in held}
    return [_as_outlet(credit, outlets) for credit in credits]


def _as_outlet(credit: Credit, outlets: Mapping[str, str]) -> Credit:
    """The credit as an outlet's if its source is one of the collection's; "the Courier" if only one is so called."""
    printed = _bare(credit.name or "")
    longer = [] if known().named(printed) else [name for bare, name in outlets.items() if bare.endswith(f" {printed}")]
    name = outlets.get(printed) or (longer[0] if printed and len(longer) == 1 else None)
    if name is None:
        return credit
    relation = "relay" if credit.relation == "quote" else credit.relation
    return replace(credit, name=name, kind="agency" if credit.kind == "agency" else "outlet", relation=relation)


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ")


def _third_party(credit: Credit, article: Article) -> bool:
    """Whether it names another than the article's own outlet, as an outlet or as the first."""
    if credit.name is None or credit.relation == "self" or _bare(credit.name) == _bare(article.outlet or ""):
        return False
    return credit.kind in ("outlet", "agency") or credit.relation == "first"


def _concerns(credit: Credit, text: str, wanted: frozenset[str], weights: Mapping[str, float], hit: Hit) -> bool:
    """Whether a credit is for the report: it touches the passage found, or its words share the topic."""
    if credit.relation == "wire" or credit.touches(hit.passage.start, hit.passage.end):
        return True
    said = {s for a, b in (*credit.content, *credit.about) for s in stems(text[a:b])}
    heaviest = max(weights.get(s, 1.0) for s in wanted)
    return any(s in said for s in wanted if weights.get(s, 1.0) >= heaviest / 2)


def trail(found: Sequence[Carrier]) -> tuple[Report, ...]:
    """The carriers as reports, then their copies, then the outlets that they credit and that are not held.

    An origin is whom a credit calls the first; failing that, the earliest dated article that credits nobody.
    """
    held = {_bare(c.article.outlet): c.article.id for c in reversed(found) if c.article.outlet}
    firsts = {_bare(credit.name or "") for c in found for credit in c.credits if credit.relation == "first"}
    earliest = next((c.article.id for c in found if c.article.day is not None), None)
    reports: list[Report] = []
    absent: dict[str, str] = {}
    for one in found:
        names = [credit.name or "" for credit in one.credits] + ([one.article.wire] if one.article.wire else [])
        absent |= {f"credited:{name}": name for name in names if _bare(name) not in held}
        of = dict.fromkeys(held.get(_bare(name), f"credited:{name}") for name in names)
        of.pop(one.article.id, None)
        first = _bare(one.article.outlet or "") in firsts or (not firsts and not of and one.article.id == earliest)
        role: Role = "copy" if one.article.wire else "origin" if first else "repeat"
        reports.append(_report(one.article.id, one.article.outlet, one.article.published, one.article.id, role,
                               one.article.id == earliest, tuple(of), one.quote, one.span))  # fmt: skip
    known = {one.article.id for one in found}
    for one in found:
        reports += [
            _report(c.article_id, c.outlet, c.published, c.article_id, "copy", False, (one.article.id,), None, None)
            for c in one.hit.copies
            if c.article_id not in known
        ]
    reports += [_report(id_, name, None, None, "origin", False, (), None, None) for id_, name in absent.items()]
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


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence about the trail with the spans that it rests on."""

    text: str
    spans: tuple[tuple[Article, Span], ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Told:
    """The trail in sentences, and the outlet that a credit names as the first, if one does."""

    sentences: tuple[Statement, ...]
    short: str | None


def tell(found: Sequence[Carrier]) -> Told:
    """What the carriers establish about the origin, and plainly what they do not."""
    if not found:
        return Told((), None)
    firsts = [(one, credit) for one in found for credit in one.credits if credit.relation == "first"]
    dated = [one for one in found if one.article.day is not None]
    earliest = dated[0] if dated else None
    told: list[Statement] = []
    names = Counter(credit.name for _, credit in firsts)
    first = max(names, key=lambda n: (names[n], n or ""), default=None)
    if first:
        one, credit = next((o, c) for o, c in firsts if c.name == first)
        span = credit_sentence(one.article, credit)
        quote = in_marks(one.article.text[slice(*span)])
        told.append(Statement(f"{_who(one.article)} credits {first} with the first report: {quote}",
                              ((one.article, span),), "quoted"))  # fmt: skip
    if earliest and first and _bare(earliest.article.outlet or "") == _bare(first):
        told.append(_quoted(f"The collection holds {first}'s own article, the earliest dated one on this "
                            f"({article_date(earliest.article)}):", earliest))  # fmt: skip
    elif earliest and len(found) > 1:
        lead = "The earliest dated article held is that of" if first else (
            "No article says who was first; the earliest dated one held is that of")  # fmt: skip
        told.append(_quoted(f"{lead} {_who(earliest.article, lower=True)}:", earliest))
    elif not first:
        one = earliest or found[0]
        many = f"none of the {len(found)} articles that carry this is dated" if len(found) > 1 else (
            f"one article carries this, {_who(one.article, lower=True)}")  # fmt: skip
        told.append(_quoted(f"The collection does not establish who reported this first; {many}:", one))
    told += _credits_of(earliest or found[0], first)
    rest = [one for one in found if one.credits and not one.article.wire and one.article.id not in _told_of(told)]
    told += _agreeing([one for one in rest if one.credits[0].name == first], first)
    told += [_repeat(one) for one in rest if one.credits[0].name != first][:2]
    told += _dispatches(found)
    return Told(tuple(told), first)


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


def _agreeing(others: Sequence[Carrier], first: str | None) -> list[Statement]:
    """The other articles that credit the same outlet, in one sentence; each span is the credit's own."""
    if not others:
        return []
    named = _listed([_who(one.article, lower=True) for one in others])
    spans = tuple((one.article, credit_sentence(one.article, one.credits[0])) for one in others)
    return [Statement(f"{first} is credited too by {named}.", spans, "collection")]


def _repeat(one: Carrier) -> Statement:
    credit = one.credits[0]
    span = credit_sentence(one.article, credit)
    quote = in_marks(one.article.text[slice(*span)])
    return Statement(f"{_who(one.article)} credits {credit.name}: {quote}", ((one.article, span),), "quoted")


def _dispatches(found: Sequence[Carrier]) -> list[Statement]:
    """Each agency whose copy is among the carriers, with the outlets that print it: one account, not several."""
    printed: dict[str, list[Carrier]] = {}
    for one in found:
        if one.article.wire:
            printed.setdefault(one.article.wire, []).append(one)
    return [
        Statement(
            f"{_listed([_who(one.article) for one in copies])} print{'s' if len(copies) == 1 else ''} it"
            f" as copy of {agency}.",
            tuple((one.article, one.span) for one in copies),
            "collection",
        )
        for agency, copies in printed.items()
    ]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _quoted(lead: str, one: Carrier) -> Statement:
    return Statement(f"{lead} {in_marks(one.quote)}", ((one.article, one.span),), "quoted")


def _who(article: Article, lower: bool = False) -> str:
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
