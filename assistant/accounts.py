"""What several outlets tell of one thing: side by side, and in order of time."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from assistant import figures
from assistant.carriers import doubt, nearness
from assistant.extract import in_marks, third_party
from assistant.records import Question
from assistant.sought import Sought, topic
from assistant.trail import Statement, Told, Valued, who
from assistant.versions import story
from index import Index, dates
from index.records import Article, Credit, Hit, Query, Span
from index.words import STOPWORDS, stems

PASSAGES = 20
"""Passages of an outlet looked at for its article on what is asked."""

TELLS = 0.25
"""The nearness to the question below which an outlet has nothing on it; of the suite's outlets all have more."""

ON_IT = 0.4
"""The share of the nearest passage's nearness at which another may give a figure for the same."""

CLOSE = 0.85
"""The share of the best article's score at which one of the month asked for is taken before it."""

OWN_WORDS = 0.7
"""How much a question's words on one outlet's article count beside the whole question, to tell which one is meant."""

SHOWN = 30
"""Words of a sentence that are quoted beside other accounts; of a longer one, those around the figure."""

UNNAMED = 0.7
"""How much a figure counts in a sentence without any of the question's names, which may speak of them as "he"."""

NEARLY = 0.3
"""How far below its article's best a sentence may fit whose figure is also the other outlet's, where it is asked
whether they agree."""

NO_FIGURE = -0.3
"""What it counts for a sentence to have no figure where one is asked for."""

MOST = 6
"""Articles whose figures are told side by side."""

SAME_TIME = 3
"""Days between two articles on one event; later figures may be newer, not other."""

Crediting = Callable[[Article], Sequence[Credit]]

_YES_NO = re.compile(r"^(?:[^?.]*, )?(?:did|was|were|had|has|have|is|are|do|does)\b", re.IGNORECASE)
_OPENING = re.compile(r"(?:in|on|during|by|at|as of) [^,?]*,", re.IGNORECASE)
_EITHER = re.compile(r"\b(?:before or after|after or before|earlier or later)\b", re.IGNORECASE)
_AGREE = re.compile(r"\b(?:agree|disagree|differ|same|match|conflict|contradict)", re.IGNORECASE)
_ALIKE = re.compile(r"\b(?:agree|same|match|consistent|identical)", re.IGNORECASE)
_LEANS = re.compile(r"\b(?:it|he|she|they|him|her|them|this|that one)\b", re.IGNORECASE)
"""Words on one article that lean on those on the other, and tell little alone."""

_ORDERING = re.compile(
    r"^(?:did|was|were|has|had|have)\b|\b(?:which|who) (?:one )?of (?:the|these|those) two\b"
    r"|\bhow (?:far|long|much|many (?:days|weeks|months)) (?:apart|earlier|later|before|after)\b"
    r"|\b(?:before or after|earlier or later|earlier than|later than|first|earlier|later|sooner|before|after|come|came"
    r"|appear(?:ed)?|out|apart|and about|or)\b"
    r"|\b(?:[’']s )?(?:piece|story|article|report|item|account|write-?up)\b(?: (?:on|about|of|that))?",
    re.IGNORECASE,
)
"""Words that ask for the order of two articles, not for what they are about."""

_NAME = re.compile(r"(?<!^)(?<!\. )(?<![?!] )\b[A-Z][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Own:
    """One outlet's article on what is asked, the sentence that tells most of it, and its figure if one is asked."""

    article: Article
    span: Span
    value: str | None = None
    source: str | None = None

    @property
    def quote(self) -> str:
        """The sentence, to the character."""
        return self.article.text[slice(*self.span)]


@dataclass(frozen=True, slots=True)
class Reading:
    """How well a sentence tells what is asked, and with which figure."""

    fit: float
    span: Span
    value: str | None


@dataclass(frozen=True, slots=True)
class _Looked:
    """An outlet's article, and what each of its sentences tells, the best first."""

    article: Article
    readings: tuple[Reading, ...]


def answer(
    question: Question,
    wanted: Sought,
    named: Sequence[tuple[Span, str]],
    news: Index,
    credits: Crediting,
    today: dt.date,
) -> Told | None:
    """The accounts of the outlets named, their order in time, or every article's figure for what is asked.

    Args:
        question: As it stands alone.
        wanted: Which of these is sought.
        named: The collection's outlets that the question names, where.
        news: The collection.
        credits: Whom an article credits.
        today: No article can be of a later day.
    """
    if wanted.kind == "figures":
        return _figures(question, wanted, news, credits)
    owns = _owns(question, wanted, named, news, credits)
    if len({own.article.id for own in owns}) < 2:
        return None
    return _order(question, owns, news, today) if wanted.kind == "order" else _side_by_side(question, owns)


# -- each outlet's own account -----------------------------------------------------------------------------------------


def _owns(
    question: Question, wanted: Sought, named: Sequence[tuple[Span, str]], news: Index, credits: Crediting
) -> list[Own]:
    """For each outlet named, in order, its article on what is asked and the best sentence of it; where only one is
    named, for each time ("before its story on ...")."""
    text = question.standalone
    counts = figures.measure(text) if figures.ASKS.search(text) else None
    several = len({outlet for _, outlet in named}) > 1
    about = _matter(text, named) if wanted.kind == "order" else text
    found: dict[str, _Looked] = {}
    for place, (span, outlet) in enumerate(named):
        key = outlet if several else str(place)
        if key in found:
            continue
        end = named[place + 1][0][0] if place + 1 < len(named) else len(text)
        own_words = text[span[1] : end]
        months = _months(own_words, text) or _months(text if wanted.kind == "order" else _setting(text), text)
        query = replace(question.query, text=about, outlets=(outlet,), limit=PASSAGES)
        hits = _telling(news.search(_within(query, months))) or _telling(news.search(query))
        if wanted.kind == "order" and not _LEANS.search(own_words):
            part = news.search(replace(query, text=own_words))
            hits = _both(hits, part) if hits else _telling(part)
        if not hits:
            continue
        spoken = [span for span, _ in news.catalogue.mentions(text)] + [span for span, _ in named]
        if wanted.kind == "order":
            hits = _with_names(hits, _names(own_words, ()) or _names(text, spoken))
        article = _meant(hits, months)
        names = _names(text, spoken, article)
        opening = 3 if wanted.kind == "order" else None
        readings = _readings(article, text, names, counts, hits, news, opening)
        found[key] = _Looked(article, tuple(readings))
    alike = _alike(list(found.values())) if _AGREE.search(text) else None
    return [
        _told_by(one.article, alike[i] if alike else one.readings[0], counts, news, credits)
        for i, one in enumerate(found.values())
    ]


def _alike(looked: Sequence[_Looked]) -> list[Reading] | None:
    """Sentences of two articles, each nearly its best, that give the same figure: what can be compared; None where the
    best do already, or none do."""
    if len(looked) != 2 or any(one.readings[0].value is None for one in looked):
        return None
    pairs = [
        [one, other]
        for one in looked[0].readings
        for other in looked[1].readings
        if one.value and other.value and _number(one.value) == _number(other.value)
        and one.fit >= looked[0].readings[0].fit - NEARLY and other.fit >= looked[1].readings[0].fit - NEARLY
    ]  # fmt: skip
    return max(pairs, key=lambda pair: pair[0].fit + pair[1].fit, default=None)


def _matter(text: str, named: Sequence[tuple[Span, str]]) -> str:
    """What a question on two outlets' order in time is about: without the outlets and the words that ask for it."""
    for (start, end), _ in reversed(named):
        text = f"{text[:start]} {text[end:]}"
    return topic(_ORDERING.sub(" ", text))


def _with_names(hits: Sequence[Hit], names: frozenset[str]) -> list[Hit]:
    """The hits of articles that have all of those names; all hits where none has."""
    having = [hit for hit in hits if names <= frozenset(stems(f"{hit.article.title or ''} {hit.article.text}"))]
    return having or list(hits)


def _setting(text: str) -> str:
    """The words by which a question first says of what time it speaks; a month further in is that of the matter, on
    which articles are often a little later."""
    opening = _OPENING.match(text)
    return opening[0] if opening else ""


def _telling(hits: Sequence[Hit]) -> list[Hit]:
    """The hits, where the nearest of them is near enough to the question to tell of it; else none."""
    return list(hits) if max(map(nearness, hits), default=0.0) >= TELLS else []


def _within(query: Query, months: frozenset[tuple[int, int]]) -> Query:
    """The query held to the one month that is meant, where one is and it has no days of its own."""
    if len(months) != 1 or query.since or query.until:
        return query
    ((year, month),) = months
    return replace(
        query, since=dt.date(year, month, 1), until=dt.date(year, month, calendar.monthrange(year, month)[1])
    )


def _both(whole: Sequence[Hit], part: Sequence[Hit]) -> list[Hit]:
    """Hits for the whole question, ordered by how well their articles fit what it says of this outlet's too."""
    own: dict[str, float] = {}
    for hit in part:
        own.setdefault(hit.article.id, hit.score)
    scored = [replace(hit, score=hit.score + OWN_WORDS * own.get(hit.article.id, 0.0)) for hit in whole]
    return sorted(scored, key=lambda hit: -hit.score)


def _names(text: str, outlets: Sequence[Span], article: Article | None = None) -> frozenset[str]:
    """The stems of the names in a question that are not outlets' or months'; in one typed without capitals, of what the
    article only has with them."""
    for start, end in outlets:
        text = text[:start] + "." * (end - start) + text[end:]
    names = _NAME.findall(text)
    if article is not None and text.islower():
        printed = set(re.findall(r"[\w’'-]+", article.text))
        typed = re.findall(r"[a-z’'-]{3,}", text)
        names = [word.capitalize() for word in typed if word not in printed and word.capitalize() in printed]
    return frozenset(s for s in stems(" ".join(n for n in names if n not in calendar.month_name)) if len(s) > 1)


def _months(words: str, question: str) -> frozenset[tuple[int, int]]:
    """The months that some words name, those without a year in a year of the whole question; or all of the years that
    they name without a month."""
    if named := dates.months(words):
        return named
    bare = {month for month, name in enumerate(calendar.month_name) if name and re.search(rf"\b{name}\b", words)}
    years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", question if bare else words)}
    return frozenset((year, month) for year in years for month in bare or range(1, 13))


def _meant(hits: Sequence[Hit], months: frozenset[tuple[int, int]]) -> Article:
    """The article that fits best; among those nearly as good, one of a month that the question names."""
    near = [hit.article for hit in hits if hit.score >= CLOSE * hits[0].score]
    dated = [a for a in near if a.day is not None and (a.day.year, a.day.month) in months]
    return (dated or near)[0]


def _own(
    article: Article,
    text: str,
    names: frozenset[str],
    counts: figures.Measure | None,
    hits: Sequence[Hit],
    news: Index,
    credits: Crediting,
    opening: int | None,
) -> Own:
    """The article with the best of its sentences, or of its first so many."""
    return _told_by(article, _readings(article, text, names, counts, hits, news, opening)[0], counts, news, credits)


def _readings(
    article: Article,
    text: str,
    names: frozenset[str],
    counts: figures.Measure | None,
    hits: Sequence[Hit],
    news: Index,
    opening: int | None,
) -> list[Reading]:
    """How well each sentence of an article, or of its first so many, tells what is asked, the best first."""
    weights = news.weigh(text).weights
    total = sum(weights.values()) or 1.0
    names &= weights.keys()
    fits = {s.start: s.score for hit in hits if hit.article.id == article.id for s in hit.sentences}
    found: list[Reading] = []
    for start, end in story(article, news)[:opening]:
        inside = set(stems(article.text[start:end]))
        fit = 1.5 * fits.get(start, 0.0) + 0.3 * sum(w for s, w in weights.items() if s in inside) / total
        fit += 0.4 * len(names & inside) / max(1, len(names))
        figure = figures.value(article.text[start:end], counts) if counts else None
        fit += figure[1] * (1.0 if not names or names & inside else UNNAMED) if figure else NO_FIGURE * bool(counts)
        found.append(Reading(fit, (start, end), figure[0] if figure else None))
    assert found, "an article that was found has a sentence"
    return sorted(found, key=lambda one: (-one.fit, one.span))


def _told_by(
    article: Article, reading: Reading, counts: figures.Measure | None, news: Index, credits: Crediting
) -> Own:
    """What an article tells by that sentence, or more exactly by another."""
    span, value = reading.span, reading.value
    if value and counts:
        exact = {
            figure: s for s in story(article, news) for figure in figures.counting(article.text[slice(*s)], counts)
        }
        sharper = figures.sharper(value, exact)
        value, span = (sharper, exact[sharper]) if sharper else (value, span)
    credit = third_party(credits(article), *span, article.outlet)
    return Own(article, span, value, credit.name if credit else None)


def _side_by_side(question: Question, owns: Sequence[Own]) -> Told:
    """Each outlet's account, the figures first where there are any."""
    told = []
    valued = [own for own in owns if own.value]
    if len(valued) == len(owns):
        gives = "; ".join(f"{who(own.article)} gives {own.value}" for own in owns)
        told.append(
            Statement(f"{_verdict(question, owns)}{gives}.", tuple((o.article, o.span) for o in owns), "supported")
        )
    told += [_quoting(own) for own in owns]
    short = "; ".join(f"{own.article.outlet}: {own.value}" for own in valued) or None
    return Told(tuple(told), short, accounts=tuple(Valued(o.value or "", o.article, o.span, o.source) for o in valued))


def _verdict(question: Question, owns: Sequence[Own]) -> str:
    """Whether the figures agree; a disagreement only of one day, for what is reported later may have changed."""
    asked = _ALIKE.search(question.standalone) is not None
    values = {_digits(own) for own in owns}
    if len(values) == 1 or (asked and _rounded(owns)):
        return "Yes: " if asked else "They agree: "
    days = {own.article.day for own in owns}
    if len(days) == 1 and None not in days:
        return "They differ: "
    return "No: " if asked else ""


def _rounded(owns: Sequence[Own]) -> bool:
    """Whether the figures are within a twentieth of each other, and one is given as about so many."""
    numbers = [float(digits) for own in owns if (digits := re.sub(r"[^\d.]", "", own.value or "").strip("."))]
    hedged = any(
        re.match(r"(?:about|roughly|around|nearly|almost|approximately|some)\b", own.value or "") for own in owns
    )
    return hedged and len(numbers) == len(owns) and max(numbers) - min(numbers) <= 0.05 * max(numbers)


def _figures(question: Question, wanted: Sought, news: Index, credits: Crediting) -> Told | None:
    """Every article's figure for what is asked: a disagreement where two tell of one event, else separate reports."""
    text = wanted.topic
    found = news.search(replace(question.query, text=text, limit=2 * PASSAGES))
    hits = [hit for hit in found if nearness(hit) >= ON_IT * max(map(nearness, found))]
    groups = [group for group in news.copies({hit.article.id for hit in hits}) if group.kind != "shared-quote"]
    copied = {id_ for group in groups for id_ in group.articles[1:]}
    articles = {hit.article.id: hit.article for hit in hits if hit.article.id not in copied}
    counts, names = figures.measure(text), _names(text, ())
    owns = [_own(article, text, names, counts, hits, news, credits, None) for article in list(articles.values())[:MOST]]
    fitting = [own for own in owns if (best := figures.value(own.quote, counts)) and best[1] >= figures.FITS]
    valued = sorted(fitting, key=lambda own: (own.article.day is None, str(own.article.day)))
    if len(valued) < 2:
        return None
    pair = next(((a, b) for a, b in combinations(valued, 2) if _one_event(a, b) and _digits(a) != _digits(b)), None)
    gives = "; ".join(_gives(own) for own in pair or valued)
    lead = f"Two articles on one event differ: {gives}." if pair else f"These are separate reports: {gives}."
    told = [Statement(lead, tuple((o.article, o.span) for o in pair or valued), "supported")]
    told += [_quoting(own) for own in valued]
    return Told(tuple(told), None, accounts=tuple(Valued(o.value or "", o.article, o.span, o.source) for o in valued))


def _gives(own: Own) -> str:
    return f"{who(own.article, lower=True)} gives {own.value}" + (f", per {own.source}" if own.source else "")


def _quoting(own: Own) -> Statement:
    span = _around(own.article, own.span, own.value)
    crediting = f", crediting {own.source}" if own.source else ""
    return Statement(
        f"{who(own.article)}{crediting}: {in_marks(own.article.text[slice(*span)])}", ((own.article, span),), "quoted"
    )


def _digits(own: Own) -> str:
    return re.sub(r"[^\d.]", "", own.value or "")


def _number(value: str) -> tuple[str, ...]:
    """A figure as figures are compared: its digits, sign and scale."""
    return tuple(re.findall(r"[\d.,]*\d|[$£€%]|thousand|million|billion|trillion", value.casefold()))


def _one_event(one: Own, other: Own) -> bool:
    """Whether two articles tell of one event: their sentences share a name, and they are of one time."""
    days = (one.article.day, other.article.day)
    if days[0] is None or days[1] is None or abs((days[0] - days[1]).days) > SAME_TIME:
        return False
    shared = frozenset(stems(" ".join(_NAME.findall(one.quote)))) & frozenset(
        stems(" ".join(_NAME.findall(other.quote)))
    )
    return bool(shared - STOPWORDS)


def _around(article: Article, span: Span, value: str | None) -> Span:
    """The sentence, or of a long one the words around the figure (or its first words)."""
    start, end = span
    words = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", article.text[start:end])]
    if len(words) <= SHOWN:
        return span
    place = article.text.find(value.split()[0], start, end) if value else start
    number = next((i for i, (_, stop) in enumerate(words) if stop > max(place, start)), 0)
    first = max(0, min(number - SHOWN // 2, len(words) - SHOWN))
    return words[first][0], words[first + SHOWN - 1][1]


# -- order in time -----------------------------------------------------------------------------------------------------


def _order(question: Question, owns: Sequence[Own], news: Index, today: dt.date) -> Told:
    """Which of two articles came first, and how long before the other; said plainly where it cannot be told."""
    one, other = owns[:2]
    spans = tuple((own.article, story(own.article, news)[0]) for own in (one, other))
    days = [None if doubt(own.article, today) else own.article.day for own in (one, other)]
    first, second = days
    short: str | None = None
    if first is None or second is None:
        unsure = (one if first is None else other).article
        lead = (
            f"The collection does not establish the order: the date of {who(unsure, lower=True)} is not known surely."
        )
    elif first == second:
        both = f"{who(one.article)} and {who(other.article)}"
        lead = f"Both are of one day, and the collection does not tell the hours: {both}."
    else:
        early, late = (one, other) if first < second else (other, one)
        lead, short = _earlier(question.standalone, early, late, abs((second - first).days), one is early)
    told = [Statement(lead, spans, "supported")]
    told += [
        Statement(f"{who(own.article)}: {in_marks(own.quote)}", ((own.article, own.span),), "quoted")
        for own in (one, other)
    ]
    return Told(tuple(told), short)


def _earlier(question: str, early: Own, late: Own, days: int, asked_first: bool) -> tuple[str, str]:
    """The order in words as the question puts it, and in a word."""
    apart = f"{who(early.article)} came first, {_gap(days)} before {who(late.article)}"
    if either := _EITHER.search(question):
        words = ("Earlier", "Later") if "earlier" in either[0].casefold() else ("Before", "After")
        word = words[0] if asked_first else words[1]
        return f"{word}: {apart}.", word
    before = re.search(r"\b(before|earlier|ahead of|first|after|later)\b", question, re.IGNORECASE)
    if _YES_NO.match(question) and " or " not in question and before:
        says_early = before[1].casefold() not in ("after", "later")
        word = "Yes" if says_early == asked_first else "No"
        return f"{word}: {apart}.", word
    return f"{apart}.", early.article.outlet or early.article.title or early.article.id


def _gap(days: int) -> str:
    if days < 14:
        return "a day" if days == 1 else f"{days} days"
    if days < 60:
        return f"about {round(days / 7)} weeks ({days} days)"
    if days < 700:
        return f"about {round(days / 30.44)} months ({days} days)"
    return f"about {round(days / 365.25)} years ({days} days)"
