"""Who reported it when, crediting whom: the trail of a report over the articles that carry it, and what it shows in
words. Pure.

Order of evidence for an origin: a credit that says "first reported by", then the earliest dated article held. An
article that merely credits an outlet says where it read it, not who was first; an undated article, or one whose date
cannot be right, never wins by default.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.carriers import Carrier, bare, earlier
from assistant.extract import article_date, in_marks
from assistant.records import Kind, Report, Role, Support
from index.records import Article, Credit, Span


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


# -- the reports -----------------------------------------------------------------------------------------------------


def trail(found: Sequence[Carrier], origin: str | None = None) -> tuple[Report, ...]:
    """The carriers as reports, then their copies, then the outlets that they credit and that are not held.

    An origin is `origin` where the answer names one, else whom a credit calls the first; failing both, the earliest
    dated article that credits nobody.
    """
    held = _held(found)
    firsts = {bare(credit.name or "") for c in found for credit in c.credits if credit.relation == "first"}
    firsts = {bare(origin)} if origin else firsts
    earliest = next((c.article.id for c in found if c.day is not None), None)
    reports: list[Report] = []
    absent: dict[str, str] = {}
    for one in found:
        names = [credit.name or "" for credit in one.credits] + ([one.article.relayed] if one.article.relayed else [])
        absent |= {f"credited:{name}": name for name in names if bare(name) not in held}
        of = dict.fromkeys(held.get(bare(name), f"credited:{name}") for name in names)
        of |= {one.copy_of: one.copy_of} if one.copy_of else {}
        of.pop(one.article.id, None)
        first = bare(one.article.outlet or "") in firsts or (not firsts and not of and one.article.id == earliest)
        role: Role = "copy" if one.article.relayed or one.copy_of else "origin" if first else "repeat"
        reports.append(_report(one.article.id, one.article.outlet, one.article.published, one.article.id, role,
                               one.article.id == earliest, tuple(of), one.quote, one.span))  # fmt: skip
    known_ = {one.article.id for one in found}
    for one in found:
        before = earlier(one)
        for c in one.hit.copies:
            if c.article_id not in known_:
                was: tuple[Role, tuple[str, ...]] = ("repeat", ()) if c in before else ("copy", (one.article.id,))
                reports.append(
                    _report(c.article_id, c.outlet, c.published, c.article_id, was[0], False, was[1], None, None)
                )
    if origin and bare(origin) not in held:
        absent.setdefault(f"credited:{origin}", origin)
    leading = sorted(absent.items(), key=lambda item: bare(item[1]) not in firsts)
    reports += [_report(id_, name, None, None, "origin", False, (), None, None) for id_, name in leading]
    return tuple(reports)


def _held(found: Sequence[Carrier]) -> dict[str, str]:
    """The article that each outlet among the carriers has, its first."""
    return {bare(one.article.outlet): one.article.id for one in reversed(found) if one.article.outlet}


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


def tell(found: Sequence[Carrier], known: str | None = None, quoted: Collection[str] = ()) -> Told:
    """What the carriers establish about the origin, and plainly what they do not.

    Args:
        found: As `carriers` gives them.
        known: Whom an article credits with the first report, where that has been told; another is told beside it.
        quoted: Articles of which that has been told, by their ids; they are not told of as others that agree.
    """
    if not found:
        return Told((), None)
    firsts = [(one, credit) for one in found for credit in one.credits if credit.relation == "first"]
    dated = [one for one in found if one.day is not None]
    earliest = dated[0] if dated else None
    told: list[Statement] = []
    names = Counter(credit.name for _, credit in firsts if credit.name != known)
    other = max(names, key=lambda n: (names[n], n or ""), default=None)
    first = known or other
    if other:
        one, credit = next((o, c) for o, c in firsts if c.name == other)
        span = credit_sentence(one.article, credit)
        quote = in_marks(one.article.text[slice(*span)])
        told.append(Statement(f"{who(one.article)} credits {other} with the first report: {quote}",
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
    if not first:
        told += _itself_of(earliest or found[0])
    if not first and len(found) == 1:
        told += _unnamed_of(found[0])
        told.append(
            Statement(
                "The collection holds no earlier report of it.", ((found[0].article, found[0].span),), "collection"
            )
        )
    done = _told_of(told).union(quoted)
    rest = [one for one in found if one.credits and not one.article.relayed and one.article.id not in done]
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
    """The carriers that credit one another, and those that could be earlier than all others, for nobody knows their
    day."""
    told = _circle(found)
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


def _circle(found: Sequence[Carrier]) -> list[Statement]:
    """The carriers that come back to themselves by whom they credit: they show no beginning."""
    held = _held(found)
    credited = {one.article.id: {held.get(bare(c.name or ""), "") for c in one.credits} for one in found}

    def reached(from_: str) -> set[str]:
        seen: set[str] = set()
        left = [from_]
        while left:
            new = credited.get(left.pop(), set()) - seen
            seen |= new
            left += new
        return seen

    turning = [one for one in found if one.article.id in reached(one.article.id)]
    if not turning:
        return []
    named = _listed([who(one.article) for one in turning])
    spans = tuple((one.article, credit_sentence(one.article, one.credits[0])) for one in turning)
    return [Statement(f"{named} credit one another, which shows no beginning.", spans, "collection")]


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


def _itself_of(one: Carrier) -> list[Statement]:
    """That an article credits its own outlet and nobody else."""
    if one.credits or not one.itself:
        return []
    span = credit_sentence(one.article, one.itself[0])
    quote = "." if span == one.span else f": {in_marks(one.article.text[slice(*span)])}"
    return [Statement(f"It credits nobody but itself{quote}", ((one.article, span),), "quoted")]


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
        if one.article.relayed:
            printed.setdefault(one.article.relayed, []).append(one)
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
    """How many accounts there are, where some articles are copies of others: one of each outlet whose article neither
    copies nor credits another."""
    copied = [one for one in found if one.copy_of]
    if not copied:
        return []
    crediting = sum(1 for one in found if one.credits and not one.copy_of)
    left = len({one.article.outlet or one.article.id for one in found if not one.credits and not one.copy_of})
    are = "is a copy" if len(copied) == 1 else "are copies"
    credit = f", {crediting} credit{'s' if crediting == 1 else ''} others" if crediting else ""
    accounts = f": {left} independent account{'' if left == 1 else 's'}" if left else ""
    return [
        Statement(
            f"{len(copied)} of the {len(found)} articles {are} of another{credit}{accounts}.",
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
