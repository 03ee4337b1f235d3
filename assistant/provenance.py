"""Answers questions of origin, of time order and of comparison from the collection: the evidence is gathered here, and
judged and told by `credited`, `trail`, `accounts`, `versions`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from assistant import accounts, credited, versions
from assistant.carriers import Carrier, age, bare, carriers, earlier, nearest_of, resolved, telling
from assistant.credited import Line, Page, Source
from assistant.extract import evidence, in_marks
from assistant.followups import own
from assistant.records import Kind, Question
from assistant.sought import Seeks, Sought, asking, sought, topic
from assistant.trail import Statement, Told, Valued, tell, tell_earliest, trail, who
from index import Index
from index.records import Article, Credit, Hit, Query, Span
from index.words import stems

__all__ = ["SILENT", "Valued", "answer", "resolved", "trace"]

SILENT = "No article of the collection carries it."

KINDS: Mapping[Seeks, Kind] = {
    "credited": "origin", "author": "origin", "earliest": "origin", "order": "order", "versions": "order",
    "accounts": "comparison", "figures": "comparison",
}  # fmt: skip
"""What an answer is called, by what was sought; one on a correction keeps the question's kind."""

_AGAIN = re.compile(
    r"\b(?:than|or|before|after|and) (?P<its>its|their)\b(?=[^,;?]*\b(?:story|report|piece|article|item|account)\b)"
)
"""What names an outlet a second time."""

_BRIEF = re.compile(r"\b[Tt]he ([A-Z]\w+)\b(?! [A-Z])")
"""What may name an outlet by its last word: "the Post"."""

PASSAGES = 60
"""Passages looked at for the articles that carry a report."""

STEPS = 5
"""How often the time before the earliest article found is searched again: each time all of it, however much matches."""

OF_IT = 0.5
"""The share of the fit of its article's best sentence that what a source is credited with must have to be what is asked
about. Of the suites' questions all that are answered rightly have 0.7 or more."""

FIRST_WITH = 0.38
"""How well what a source was first with must fit what is asked; all that are answered rightly have 0.39 or more."""

_WHO_REPORTED = re.compile(r"\W*(?:and )?who (?:\w+ )?report", re.IGNORECASE)

LIKELY = 0.75
"""The share of the best article's score at which another may be the one that is meant."""

Crediting = Callable[[Article], Sequence[Credit]]


def answer(question: Question, news: Index, credits: Crediting, today: dt.date | None = None) -> Told | None:
    """What the collection shows of what a question on provenance seeks, without a sentence where none of its articles
    carries it; None for another question, and where passages may answer better.

    Args:
        question: Understood; its filters hold for all that is searched.
        news: The collection.
        credits: Whom an article credits.
        today: The day on which it is asked; by default this one.
    """
    question = replace(question, standalone=_printed(question.standalone, news))
    text = question.standalone
    named = _outlets(text, news)
    wanted = sought(own(text), named)
    if wanted is not None and own(text) != text:
        wanted = replace(wanted, topic=wanted.topic + text.removeprefix(own(text)))
    if wanted is None and question.kind == "origin":
        wanted = Sought("credited", "outlet", True, text)
    if wanted is None:
        return None
    now = today or dt.date.today()
    if wanted.kind == "earliest":
        found = _carriers(question, wanted.topic, news, credits, now)
        told: Told | None = tell_earliest(telling(wanted.topic, found, news.weigh(wanted.topic).weights))
    elif wanted.kind == "credited":
        told = _credited(question, wanted, news, credits, now)
    elif wanted.kind == "author":
        told = _author(question, wanted, news, credits)
    elif wanted.kind == "versions":
        told = versions.versions(question, news)
    elif wanted.kind == "note":
        told = versions.note(question, named, news)
    else:
        told = accounts.answer(question, wanted, named, news, credits, now)
    return replace(told, kind=KINDS.get(wanted.kind)) if told is not None else None


def _printed(text: str, news: Index) -> str:
    """A question with the outlets of the collection in their own capitals, in whatever case they are typed; not what is
    an ordinary word besides."""
    low = text.lower()
    forms: dict[str, str] = {}
    for name in [o.outlet for o in news.outlets() if o.outlet]:
        listed = news.catalogue.named(name)
        for form in (name.removeprefix("The "), *(listed.aliases if listed else ())):
            surely = (listed or " " in form) and not news.catalogue.doubtful(form)
            if surely and form.lower() in low:
                forms.setdefault(form.lower(), form)
    if not forms:
        return text
    longest = sorted(forms, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w@#.])(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda match: forms.get(match[0].lower(), match[0]), text)


def _outlets(text: str, news: Index) -> list[tuple[Span, str]]:
    """Where a question names outlets of the collection, in order: those that the world knows, its own, and "the Post"
    where one only is so called; "its story", beside another of the one outlet named, names it again."""
    held = {o.outlet for o in news.outlets() if o.outlet}
    known = [(span, outlet.name) for span, outlet in news.catalogue.mentions(text) if outlet.name in held]
    own = [
        (m.span(), name)
        for name in held
        if name.removeprefix("The ") in text  # quick: a collection may have thousands of outlets
        for m in re.finditer(rf"(?:\bThe )?\b{re.escape(name.removeprefix('The '))}\b", text)
    ]
    brief = [(m.span(1), name) for m in _BRIEF.finditer(text) if (name := _brief(m[1], held, news))]
    found = list(known)
    for span, name in (*own, *brief):
        if not any(a < span[1] and span[0] < b for (a, b), _ in found):
            found.append((span, name))
    found.sort()
    if len({name for _, name in found}) == 1 and (again := _AGAIN.search(text, found[-1][0][1])):
        return [*found, (again.span("its"), found[0][1])]
    return found


def _brief(last: str, held: Collection[str], news: Index) -> str | None:
    """The one outlet that "the" and the last word of its name may mean; None where there are several, or none.

    An outlet that goes by one word ending so ("HuffPost") is called that.
    """
    so_called = []
    for name in held:
        listed = news.catalogue.named(name)
        goes_by = listed.aliases[0] if listed and listed.aliases else ""
        if name.endswith(f" {last}") and (" " in goes_by or not goes_by.endswith(last)):
            so_called.append(name)
    return so_called[0] if len(so_called) == 1 else None


def trace(question: Question, news: Index, credits: Crediting, today: dt.date | None = None) -> Told | None:
    """The trail of the report that a question, or a mere topic, is about: what `answer` tells, and all reports;
    None when no article carries it.

    Args:
        question, news, credits, today: As for `answer`.
    """
    told = answer(question, news, credits, today)
    if told is not None and (told.reports or not told.sentences):
        return _none_if_silent(told)
    found = _carriers(question, topic(question.standalone), news, credits, today or dt.date.today())
    if told is None:
        return _none_if_silent(tell(found))
    return replace(told, reports=trail(found, told.short if not told.accounts else None))


def _none_if_silent(told: Told) -> Told | None:
    return told if told.sentences else None


def _carriers(question: Question, about: str, news: Index, credits: Crediting, today: dt.date) -> list[Carrier]:
    """Every article that carries the report, as far as search shows: then the time before the earliest is searched
    again, until nothing earlier comes up."""
    query = replace(question.query, text=about, limit=PASSAGES)
    hits = news.search(query)
    nearest = nearest_of(hits)
    if evidence(hits) is not None or nearest is None:
        return []
    weights = news.weigh(about).weights

    def carrying(among: Sequence[Hit]) -> list[Carrier]:
        return carriers(about, among, credits, weights, nearest, today)

    found = carrying(hits)
    for _ in range(STEPS):
        first = next((one.day for one in found if one.day is not None), None)
        if first is None or (query.since and query.since >= first):
            break
        before = carrying(news.search(replace(query, until=first - dt.timedelta(days=1), limit=10)))
        if not any(one.day for one in before):
            break
        found = before + found
    return _with_copies(sorted([*found, *_folded(found, query, news, carrying)], key=age), news)


def _folded(
    found: Sequence[Carrier], query: Query, news: Index, carrying: Callable[[Sequence[Hit]], list[Carrier]]
) -> list[Carrier]:
    """The articles that search folded into a later copy of theirs, found by their outlet and day: which of two copies
    ranks higher does not say which was first."""
    held = {one.article.id for one in found}
    folded = {copy.article_id: copy for one in found for copy in earlier(one)}
    told = []
    for id_, copy in list(folded.items())[:STEPS]:
        day = copy.published.date() if isinstance(copy.published, dt.datetime) else copy.published
        outlets = (copy.outlet,) if copy.outlet else query.outlets
        within = day is not None and (query.since is None or query.since <= day)
        if id_ not in held and within and (not query.outlets or copy.outlet in query.outlets):
            hits = news.search(replace(query, since=day, until=day, outlets=outlets))
            told += carrying([hit for hit in hits if hit.article.id == id_])
    return told


def _with_copies(found: Sequence[Carrier], news: Index) -> list[Carrier]:
    """The carriers, those that are copies of an earlier one marked as such; a shared quotation makes no copy."""
    held = {one.article.id for one in found}
    groups = [group for group in news.copies(held) if group.kind != "shared-quote"]
    origins = {id_: group.origin for group in groups if group.origin in held for id_ in group.articles[1:]}
    return [replace(one, copy_of=origins.get(one.article.id)) for one in found]


# -- whom an article credits -------------------------------------------------------------------------------------------


def _credited(question: Question, wanted: Sought, news: Index, credits: Crediting, today: dt.date) -> Told | None:
    """The source credited for what is asked; where the first is asked and none is so called, what is known of that."""
    pages = _pages(question, news, credits)
    best = next(iter(credited.sources(wanted, question.standalone, pages)), None)
    sure = best is not None and best.score >= credited.LEAST and _of_it(best, pages, FIRST_WITH if wanted.first else 0)
    if sure and wanted.first:
        near = replace(question.query, text=wanted.topic, limit=PASSAGES)
        sure = nearest_of(news.search(near)) is not None
    if best is not None and sure and (best.first or not wanted.first):
        told = _told(best, wanted, question, news, credits, today)
        lead, *rest = told.sentences
        return replace(told, sentences=(lead, *_again(best, wanted, question, pages), *rest))
    if not wanted.first and not _WHO_REPORTED.match(question.standalone):
        return None
    told = tell(_carriers(question, wanted.topic, news, credits, today))
    return told if wanted.first else _none_if_silent(told)


def _of_it(best: Source, pages: Sequence[Page], least: float) -> bool:
    """Whether what the source is credited with is what is asked about, fitting it so well at least, and not something
    else in the article that tells of that without a source."""
    fits = {line.start: line.fit for page in pages if page.article.id == best.article.id for line in page.lines}
    return fits.get(best.fact[0], 0.0) >= max(least, OF_IT * max(fits.values(), default=0.0))


def _again(best: Source, wanted: Sought, question: Question, pages: Sequence[Page]) -> list[Statement]:
    """The same source credited elsewhere in its article for what is asked."""
    other = credited.again(best, wanted, question.standalone, pages)
    if other is None:
        return []
    quote = in_marks(other.article.text[slice(*other.span)])
    verb = "credits" if other.credit is not None else "names"
    return [Statement(f"It {verb} {other.name} for this too: {quote}", ((other.article, other.span),), "quoted")]


def _author(question: Question, wanted: Sought, news: Index, credits: Crediting) -> Told | None:
    """Who wrote the article that is meant: the agency whose copy it is, or whom its byline names."""
    pages = [page for page in _pages(question, news, credits) if page.lines]
    if not pages:
        return None
    article, opening = pages[0].article, pages[0].lines[0]
    if article.relayed:
        copied = credited.sources(replace(wanted, kind="credited", sort="agency"), question.standalone, pages[:1])
        return _told(copied[0], wanted, question, news, credits, dt.date.today()) if copied else None
    author = article.author if re.search(r"\w", article.author or "") else None  # some bylines are mere commas
    told = f"{who(article)} names {author or 'nobody'} as its author."
    return Told((Statement(told, ((article, (opening.start, opening.end)),), "collection"),), author)


def _pages(question: Question, news: Index, credits: Crediting) -> list[Page]:
    """The articles that are likeliest meant, each with all its sentences and how well they fit the question."""
    ranked = news.judged(question.query)
    if not ranked:
        return []
    last = asking(question.standalone)
    weights = news.weigh(last).weights
    total = sum(weights.values()) or 1.0
    catalogue = news.catalogue
    scores: dict[str, tuple[float, Article]] = {}
    fits: dict[tuple[str, int], float] = {}
    for one in ranked:
        scores.setdefault(one.candidate.article.id, (one.score, one.candidate.article))
        fits |= {(one.candidate.article.id, s.start): s.score for s in one.sentences}
    best = list(scores.values())[:6]
    spoken = {o.name for _, o in catalogue.mentions(last)} & {a.outlet for _, a in best}
    spoken = spoken or {o.name for _, o in catalogue.mentions(question.standalone)} & {a.outlet for _, a in best}

    def line(article: Article, start: int, end: int) -> Line:
        inside = set(stems(article.text[start:end]))
        share = sum(weight for stem, weight in weights.items() if stem in inside) / total
        return Line(start, end, fits.get((article.id, start), 0.0) + 0.3 * share)

    pages = []
    for score, article in best:
        if score < LIKELY * best[0][0]:
            break
        likely = score / best[0][0] * (1.0 if not spoken or article.outlet in spoken else 0.5)
        sentences = [span for passage in news.passages(article.id, article.revision) for span in passage.sentences]
        lines = tuple(line(article, *span) for span in sentences)
        pages.append(Page(article, lines, tuple(credits(article)), tuple(catalogue.mentions(article.text)), likely))
    return pages


def _told(best: Source, wanted: Sought, question: Question, news: Index, credits: Crediting, today: dt.date) -> Told:
    """The source in words, the credit's own quoted, then what it is credited with, then the trail."""
    article = best.article
    quote = in_marks(article.text[slice(*best.span)])
    if (best.credit is not None and best.credit.relation == "wire") or (
        best.credit is None and best.name == article.relayed
    ):
        verb = f"prints this as copy of {best.name}"
    elif best.credit is not None:
        source = "itself" if bare(best.name) == bare(article.outlet or "") else best.name
        verb = f"credits {source}" + (" with the first report" if best.credit.relation == "first" else "")
    else:
        verb = f"names {best.name}"
    told = [Statement(f"{who(article)} {verb}: {quote}", ((article, best.span),), "quoted")]
    if best.fact != best.span:
        fact = in_marks(article.text[slice(*best.fact)])
        told.append(Statement(f"It tells of it so: {fact}", ((article, best.fact),), "quoted"))
    if not wanted.first:
        return Told(tuple(told), best.name)
    found = _carriers(question, wanted.topic, news, credits, today)
    cited = {a.id for s in told for a, _ in s.spans}
    told += [s for s in tell(found, best.name, cited).sentences if not cited & {a.id for a, _ in s.spans}]
    return Told(tuple(told), best.name, trail(found, best.name))
