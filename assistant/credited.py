"""Which source the question asks for: of all that the likeliest articles credit or name, the one that fits best. Pure.

A source fits that is credited near the sentences on what is asked, by words of the sort asked for (obtained, told,
first reported), and is itself of the sort asked for (a paper, a broadcaster, an agency); what the question names, it
does not ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.carriers import headcount
from assistant.sought import Sort, Sought
from index.outlets import Outlet, known
from index.records import Article, Credit, Span

REACH: Mapping[int, float] = {0: 1.0, -1: 0.9, -2: 0.8, -3: 0.7, 1: 0.85, 2: 0.65}
"""How much a sentence on what is asked counts for a source credited in one so many sentences later or, below zero,
earlier than itself: credits often follow the fact, by up to three sentences."""

NO_OUTLET = -1.2
"""How little a person or a party fits where an outlet is asked for."""

LEAST = 0.45
"""The score below which no source is named. Chosen on the questions of the suites."""

NEARLY = 0.2
"""How much lower another credit of the same source may score to be told beside the best."""

_FAMILIES = (
    r"\bh/t\b|\bhat tip|\btip\w* (?:its|a|the|their) hat|\bthank",
    r"\bfirst\b|originally|scoop|\bbroke\b|\bbreak|earliest",
    r"obtain|unearth|dug|uncover|leaked|got hold|acquired|surfaced|posted|publish|reveal|revelation|disclos"
    r"|found out|expos(?:e|ing)|ma[dk]e public",
    r"\btold|\bsaid (?:it|so|this)|\bsay|talk|voice|spoke|speak|interview|appear|podcast|\bshow\b",
    r"accord|rel(?:y|ied)|t(?:ake|ook)n? |cit(?:ed|ing|es)|report(?!er)|count|account|come from|came from|pick|quot"
    r"|wrote|found|article",
)
"""Words of crediting that mean much the same: a question's and a credit's of one family fit each other."""

_CREDITING = re.compile(
    "|".join(_FAMILIES) + r"|\bstory|coverage|headline|column|editorial|acknowledg|aired|broadcast|via\b", re.I
)
_BROADCASTS = re.compile(
    r"\b(?:CNN|MSNBC|CNBC|NBC|CBS|ABC|Fox|FOX|PBS|NPR|BBC|C-?SPAN|Univision|Telemundo|Al Jazeera|Sky|ITV|HLN|WABC"
    r"|Bloomberg TV)\b|Radio"
    r"|Television|\bTV|Channel|\b[WK][A-Z]{2,3}(?:-?(?:TV|AM|FM))?\d{0,2}\b|\bRT\b|Show\b|Today\b|Meet the Press"
    r"|This Week|New Day|Morning Joe"
)
_PAPER = re.compile(
    r"Times|Post|Herald|Journal|Register|Globe|Tribune|Daily|Gazette|Chronicle|Examiner|Observer|Sun\b|Star\b|Mail"
    r"|Telegraph|Guardian"
    r"|Inquirer|Bee\b|Courier|Dispatch|Press\b|News\b|Republic|Review|Sentinel|Leader|Independent|Mirror|Express|Today"
)
_SITE = re.compile(
    r"Politico|BuzzFeed|Breitbart|Daily Caller|Daily Beast|Vox|Slate|Salon|Drudge|Gawker|ProPublica|Intercept"
    r"|Mother Jones|Huff|Yahoo|Hill"
    r"|Free Beacon|TheBlaze|Blaze|Mic\b|Axios|Business Insider|Mashable|\.com|FiveThirtyEight|Gateway|WND|Wire\b"
    r"|TMZ|Medium|Quartz"
)
_MAGAZINE = re.compile(
    r"TIME|Time\b|Newsweek|Vanity Fair|Esquire|GQ|Rolling Stone|New Yorker|Atlantic|People|Us Weekly|Weekly|Fortune"
    r"|Forbes|Economist"
    r"|Magazine|Vogue|Playboy|Nation|National Review|Cosmopolitan|Elle|Glamour|Mother Jones|Billboard|Variety"
    r"|Hollywood Reporter|Us\b"
)
_WORK = re.compile(r"\b(?:books?|podcasts?|memoirs?|documentary|stud(?:y|ies))\b", re.IGNORECASE)
_TAKEN = re.compile(r"\b(?:polls?|surveys?|polling)\b", re.IGNORECASE)
_POLLED = re.compile(r"^ (?:(?:national|state|online|new|tracking|University) ){0,2}(?:poll|survey)", re.IGNORECASE)
_BY = re.compile(r"(?:polls?|surveys?|polling)(?: [a-z]+){0,3} (?:by|from) (?:the )?$", re.IGNORECASE)
_TITLED = re.compile(
    r"\b(?:book|podcast|memoir|documentary|study),? (?:\w+ )?(?:titled|entitled"
    r"|called),? [“\"‘']{0,2}(?P<title>[A-Z][^,.;”\"’']{2,80})"
)
_FOUND_OUT = re.compile(_FAMILIES[2], re.IGNORECASE)
_AIRED = re.compile(r"\btold\b|interview|\bradio\b|\bTV\b|\bshow\b|\bspoke\b|\bspeaking\b|\bappear", re.IGNORECASE)
_BESIDE: Mapping[Sort, re.Pattern[str]] = {"work": _WORK, "poll": _TAKEN, "broadcaster": _AIRED}
"""The words beside which a source of that sort is named; others beside words of finding out."""

_STAFF = re.compile(r"\b(?:reporters?|hosts?|anchors?|correspondents?|contributors?|commentators?|pundits?)\b")
_SPOKE = re.compile(
    r"\b(?:said|says|told|tells|spoke|speaking|talk(?:ed|ing)|appear\w*|interview\w*) (?:[\w’'-]+ ){0,2}?"
    r"(?:on|to|with|in) (?:the )?$|\b(?:told|tells) (?:the )?$"
)
"""What stands before an outlet to which somebody spoke, credited or not."""

_HAT_TIP = re.compile(r"\b[Hh](?:/[Tt]|at tip)\b")
_NO_NAME = re.compile(r"(?:Mrs|Mr|Ms|Dr|Sen|Rep|Gov|I|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$")
_PART = r"(?:(?:[A-Z]\.){2,}|[A-Z](?:[\w&-]|[’'](?!s [A-Z]\.))*)"  # "Clinton's N.Y.U." are two
_NAME = re.compile(rf"\b{_PART}(?: (?:of |the |for |and )?{_PART})*(?: \d{{1,2}}\b)?")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an article, and from 0 to 1 how well it fits what is asked."""

    start: int
    end: int
    fit: float


@dataclass(frozen=True, slots=True)
class Page:
    """An article that may credit the source: its sentences in order, its credits, the outlets named in its text, and
    from 0 to 1 how likely it is meant."""

    article: Article
    lines: tuple[Line, ...]
    credits: tuple[Credit, ...]
    named: tuple[tuple[Span, Outlet], ...]
    likely: float


@dataclass(frozen=True, slots=True)
class Source:
    """A source that an article names for what is asked: the sentence that does, the credit if there is one, the
    sentence on what is asked, and how well all that fits."""

    name: str
    article: Article
    span: Span
    credit: Credit | None
    fact: Span
    score: float

    @property
    def first(self) -> bool:
        """Whether the article says that the source was the first, or had it from nobody else."""
        words = self.article.text[slice(*self.span)]
        return (self.credit is not None and self.credit.relation == "first") or bool(re.search(_FAMILIES[1], words))


def sources(sought: Sought, question: str, pages: Sequence[Page]) -> list[Source]:
    """Every source that may be meant, best first, each name once.

    Args:
        sought: What is asked for.
        question: As it stands alone.
        pages: The likeliest articles.
    """
    best: dict[str, Source] = {}
    for page in pages:
        for one in _named(sought, question, page):
            if one.name not in best or one.score > best[one.name].score:
                best[one.name] = one
    return sorted(best.values(), key=lambda s: (-s.score, s.article.id, s.span))


def again(best: Source, sought: Sought, question: str, pages: Sequence[Page]) -> Source | None:
    """Where else the article of the best source credits it for what is asked, nearly as well; None mostly.

    Args:
        best: Of `sources`.
        sought, question, pages: As for `sources`.
    """
    if best.credit is None or best.credit.relation == "wire":
        return None
    others = [
        one
        for page in pages
        if page.article.id == best.article.id
        for one in _named(sought, question, page)
        if one.name == best.name and one.span not in (best.span, best.fact)
    ]
    nearest = max(others, key=lambda one: one.score, default=None)
    return nearest if nearest is not None and nearest.score >= best.score - NEARLY else None


def _named(sought: Sought, question: str, page: Page) -> Iterator[Source]:
    asked = [bool(re.search(family, question, re.IGNORECASE)) for family in _FAMILIES]
    avoided = _told(question)
    text = page.article.text
    taken: set[int] = set()
    for credit in page.credits:
        if credit.name is None or headcount(credit.name) or _same(credit.name, question, avoided):
            continue
        if not (credit.source or credit.cue):
            continue
        place = min(start for start, _ in (*credit.source, *credit.cue))
        number = _line(page, place)
        if number is None and credit.relation != "wire":
            continue
        taken.update(start for start, _ in credit.source)
        yield _source(sought, page, credit.name, place, number, asked, credit)
    if page.article.relayed and not any(c.relation == "wire" for c in page.credits):
        yield _source(sought, page, page.article.relayed, page.lines[0].start if page.lines else 0, None, asked, None)
    if sought.sort in ("group", "person", "work", "poll", "broadcaster"):
        yield from _nearby(sought, page, asked, avoided)
    if sought.sort == "work" and (titled := _title(page, asked, sought)):
        yield titled
    for (start, end), outlet in page.named:
        number = _line(page, start)
        if (
            any(start - 5 <= at < end for at in taken)
            or number is None
            or _same(outlet.name, question, avoided)
            or outlet.name == page.article.outlet
        ):
            continue
        signed = outlet.agency and not re.search(
            r"\w", text[page.lines[number].start : start] + text[end : page.lines[number].end]
        )
        yield _source(sought, page, outlet.name, start, None if signed else number, asked, None)


def _nearby(sought: Sought, page: Page, asked: Sequence[bool], avoided: frozenset[str]) -> Iterator[Source]:
    """Names beside words of finding out, or beside "book" where a book is asked for."""
    text = page.article.text
    for number, line in enumerate(page.lines):
        words = text[line.start : line.end]
        cue = _BESIDE.get(sought.sort, _FOUND_OUT).search(words)
        if cue is None:
            continue
        names = [
            m
            for m in _NAME.finditer(words)
            if (m.start() > 0 or sought.sort == "poll")
            and not _NO_NAME.match(m[0])
            and m[0].casefold() not in avoided
            and (sought.sort != "broadcaster" or (_BROADCASTS.search(m[0]) and m[0] != page.article.outlet))
        ]
        if names:
            nearest = min(names, key=lambda m: min(abs(m.start() - cue.end()), abs(cue.start() - m.end())))
            yield _source(sought, page, nearest[0], line.start + nearest.start(), number, asked, None)


def _title(page: Page, asked: Sequence[bool], sought: Sought) -> Source | None:
    """The title of the work that the page tells of, with the sentence that gives it."""
    text = page.article.text
    about = [(i, line) for i, line in enumerate(page.lines) if _WORK.search(text, line.start, line.end)]
    for number, line in about:
        if match := _TITLED.search(text, line.start, line.end):
            number, fact = max(about, key=lambda pair: pair[1].fit)
            found = _source(sought, page, match["title"].strip(), fact.start, number, asked, None)
            return replace(found, span=(line.start, line.end), fact=(fact.start, fact.end), score=found.score + 0.2)
    return None


def _source(
    sought: Sought, page: Page, name: str, place: int, number: int | None, asked: Sequence[bool], credit: Credit | None
) -> Source:
    """A source with its score: the sum of how near, how alike in words, of what sort, how surely."""
    text = page.article.text
    best = max(page.lines, key=lambda line: line.fit, default=Line(place, place, 0.0))
    wire = credit.relation == "wire" if credit else number is None
    if number is None:
        span, near, fact = _own_line(text, place), best.fit, best
    else:
        span = (page.lines[number].start, page.lines[number].end)
        near, fact = _near(page, number, credit)
    words = text[slice(*span)]
    cues = [bool(re.search(family, words, re.IGNORECASE)) for family in _FAMILIES]
    alike = sum(a and b for a, b in zip(asked, cues, strict=True)) / max(1, sum(asked))
    fits = _fits(sought.sort, name, credit, wire, words, text[:place])
    score = near + 0.25 * fits + 0.15 * alike + 0.3 * (page.likely - 1)
    if sought.first and credit is not None and credit.relation == "first":
        score += 0.25
    if credit is None and not wire and not _SPOKE.search(text[max(span[0], place - 60) : place]):
        beside = text[max(span[0], place - 50) : place + len(name) + 40]
        score -= 0.05 if _CREDITING.search(beside) and not _STAFF.search(beside) else 0.3
    if credit is not None:
        score += 0.1 * (credit.sure - 0.8)
    if name == page.article.outlet:
        score -= 0.1
    if _in_note(page.article, place):
        score -= 0.2
    return Source(name, page.article, span, credit, (fact.start, fact.end), score)


def _near(page: Page, number: int, credit: Credit | None) -> tuple[float, Line]:
    """How well the best sentence near a credit fits what is asked, and that sentence."""
    found = [
        (page.lines[number + step].fit * weight, page.lines[number + step])
        for step, weight in REACH.items()
        if 0 <= number + step < len(page.lines)
    ]
    if credit is not None and any(_HAT_TIP.search(page.article.text, *cue) for cue in credit.cue):
        best = max(page.lines, key=lambda line: line.fit)
        return 0.8 * best.fit, best
    if credit is not None:
        found += [(0.95 * line.fit, line) for line in page.lines if credit.touches(line.start, line.end)]
    own = page.lines[number].fit
    # What a correction tells is what was wrong.
    stands = [pair for pair in found if not _in_note(page.article, pair[1].start)] or found
    near, line = max(stands, key=lambda pair: pair[0])
    return (near + own) / 2, line


def _in_note(article: Article, place: int) -> bool:
    """Whether an editor's note or correction stands there."""
    return any(aside.kind == "note" and aside.start <= place < aside.end for aside in article.asides)


def _fits(sort: Sort, name: str, credit: Credit | None, wire: bool, words: str, before: str) -> float:
    """Whether a source is of the sort asked for: 1 yes, 0 perhaps, -1 no."""
    if sort == "poll":
        _, _, behind = words.partition(name)
        return 1.0 if _POLLED.match(behind) or _BY.search(before[-60:]) else -1.0
    outlet = known().named(name)
    agency = bool(outlet and outlet.agency) or bool(credit and credit.kind == "agency")
    prints = outlet is not None or (credit is not None and credit.kind in ("outlet", "agency"))
    other = -0.5 if credit is not None and credit.relation == "first" else NO_OUTLET
    if sort == "agency":
        return (1.0 if wire else 0.8) if agency else -0.7
    if wire:
        return -1.5
    if sort == "broadcaster":
        return 1.0 if _BROADCASTS.search(f"{name}") else 0.3 if _BROADCASTS.search(words) and not prints else -0.7
    if sort == "paper":
        return -0.7 if agency or _BROADCASTS.search(name) or not prints else 1.0 if _PAPER.search(name) else 0.0
    if sort == "magazine":
        return 1.0 if _MAGAZINE.search(name) else -0.5 if prints else other
    if sort == "site":
        return 1.0 if _SITE.search(name) else 0.0 if prints else other
    if sort == "outlet":
        return 0.8 if prints else other
    if sort == "any":
        return 0.8 if prints else 0.0
    if sort == "work":
        return 1.0 if _WORK.search(words) else -1.0
    if sort == "person":
        return 1.0 if credit is not None and credit.kind == "person" else 0.0
    return -0.5 if prints or (credit is not None and credit.kind == "person") else 0.6


def _line(page: Page, place: int) -> int | None:
    """The number of the sentence in which that place stands."""
    return next((i for i, line in enumerate(page.lines) if line.start <= place < line.end), None)


def _own_line(text: str, place: int) -> Span:
    """The line of the text in which that place stands, at most 300 characters of it."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    line = text[start:end]
    stop = re.match(r".{60,300}?[.!?](?=\s|$)", line)
    return start, start + len((stop[0] if stop else line[:300]).rstrip())


def _told(question: str) -> frozenset[str]:
    """The names and outlets that the question itself gives, and what it calls papers for short ("the Times")."""
    left, outlets = question, set()
    for (start, end), outlet in known().mentions(question):
        outlets.add(outlet.name.casefold())
        left = left[:start] + " " * (end - start) + left[end:]
    short = {word for word in re.findall(r"\b[A-Z]\w+", left) if known().doubtful(word)}
    names = {m[0].casefold() for m in _NAME.finditer(question)}
    return frozenset(names | outlets | {f"* {word.casefold()}" for word in short})


def _same(name: str, question: str, avoided: frozenset[str]) -> bool:
    """Whether the question names that source itself."""
    bare = name.casefold().removeprefix("the ")
    given = {name.casefold(), bare, f"* {bare.rpartition(' ')[2]}"} & avoided
    return bool(given) or re.search(rf"\b{re.escape(bare)}\b", question.casefold()) is not None
