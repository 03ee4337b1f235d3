"""What only one version of an article says, which came first, and what its correction or editor's note says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from assistant.extract import in_marks
from assistant.records import Question
from assistant.trail import Statement, Told, who
from index import Index
from index.records import Article, Span
from index.words import STOPWORDS, stems

PASSAGES = 20
"""Passages looked at for the article that is meant."""

CLOSE = 0.85
"""The share of the best article's score at which another may have the correction that is meant."""

NEAREST = 3
"""Articles nearest to a question on versions of one, of which one is meant."""

NOTED = 2
"""Sentences of a correction or note that are quoted."""

NEWS = 0.5
"""How much the share of new words counts, in a version's sentence that another lacks: a reworded one tells little."""

BEFORE = 6
"""Words shown before those that a later version changed."""

_EARLIER = re.compile(r"\b(?:earlier|first|original|old(?:er)?)\b", re.IGNORECASE)
_HEADLINE = re.compile(r"\b(?:headline|title|which (?:one|version|draft|article|story))\b", re.IGNORECASE)
_CORRECTED = re.compile(r"\b(?:correct|mistak|error|wrong|withdr|retract)", re.IGNORECASE)


def versions(question: Question, news: Index) -> Told | None:
    """What only one version of an article says, and its correction; None where no two versions are found."""
    hits = news.search(replace(question.query, limit=PASSAGES))
    near = list(dict.fromkeys(hit.article.id for hit in hits))[:NEAREST]
    groups = [group for group in news.copies(near) if group.kind == "update"]
    if not groups:
        return note(question, (), news)
    meant = min(groups, key=lambda group: min(near.index(i) for i in group.articles if i in near))
    early, late = news.article(meant.articles[0]), news.article(meant.articles[-1])
    text = question.standalone
    added, left_out = _added(text, early, late, news), _added(text, late, early, news)
    noted = _corrections(text, late, news)
    if early.day is None or late.day is None or early.day == late.day:
        titles = f"“{early.title}” or “{late.title}”"
        lead = f"The collection does not tell which was first, {titles}: both are of {who(early)}."
        told = [Statement(lead, ((early, story(early, news)[0]), (late, story(late, news)[0])), "supported")]
        told += [
            *_only(f"Only “{early.title}” has", early, left_out),
            *_only(f"Only “{late.title}” has", late, added),
            *noted,
        ]
        return Told(tuple(told), None)
    lead = f"“{early.title}”, {who(early)}, is the earlier version; “{late.title}”, {who(late)}, the later one."
    order = [Statement(lead, ((early, story(early, news)[0]), (late, story(late, news)[0])), "supported")]
    corrected = bool(noted and _CORRECTED.search(text))
    named = "Only the later version" + ("" if corrected else f", {who(late)},")  # the note before has named it
    news_of_it = []
    for span in added[:1]:
        changed, before = _changed(early, late, span, news)
        news_of_it += _only(f"{named} says", late, [changed])
        news_of_it += _only(f"The earlier one, {who(early)}, has", early, [before] if before else [])
    if _HEADLINE.search(text):
        title = early.title if _EARLIER.search(text) else late.title
        return Told((*order, *news_of_it, *noted), title)
    if corrected:
        return Told((*noted, *news_of_it), None)
    return Told(tuple([*news_of_it, *noted] or order), None)


def _only(lead: str, article: Article, spans: Sequence[Span]) -> list[Statement]:
    return [
        Statement(f"{lead}: {in_marks(article.text[slice(*span)])}", ((article, span),), "quoted") for span in spans[:1]
    ]


def _changed(early: Article, late: Article, span: Span, news: Index) -> tuple[Span, Span | None]:
    """Of a sentence that the later version changed, the changed words with a few before them, and how it was before;
    all of it, and None, where the earlier has nothing like it."""
    words = [(span[0] + m.start(), span[0] + m.end()) for m in re.finditer(r"\S+", late.text[slice(*span)])]
    inside = set(stems(late.text[slice(*span)]))
    before = max(story(early, news), key=lambda s: len(inside & set(stems(early.text[slice(*s)]))))
    matcher = SequenceMatcher(
        None, early.text[slice(*before)].split(), [late.text[a:b] for a, b in words], autojunk=False
    )
    if matcher.ratio() < 0.5:
        return span, None
    new = [(j, k) for tag, _, _, j, k in matcher.get_opcodes() if tag in ("insert", "replace")]
    first, last = max(0, min(j for j, _ in new) - BEFORE), max(k for _, k in new)
    return (words[first][0], words[min(last, len(words)) - 1][1]), before


def _added(question: str, early: Article, late: Article, news: Index) -> list[Span]:
    """The later version's sentences that the earlier one lacks: those that a correction is about first, then those
    nearest to the question."""
    before = [set(stems(early.text[a:b])) for a, b in story(early, news)]
    corrected = {s for a in late.asides if a.kind == "note" for s in stems(late.text[a.start : a.end])} - STOPWORDS
    asked = set(stems(question)) - STOPWORDS
    found = []
    for span in story(late, news):
        inside = set(stems(late.text[slice(*span)]))
        if len(inside) < 4 or any(len(inside & own) >= 0.95 * len(inside) for own in before):
            continue
        nearest = max(before, key=lambda own: len(inside & own), default=set())
        new = inside - nearest - STOPWORDS
        fit = len(new & corrected) + 0.2 * len(new & asked) + 0.1 * len(inside & asked)
        found.append((fit + NEWS * len(new) / len(inside), span))
    return [span for _, span in sorted(found, key=lambda pair: (-pair[0], pair[1]))]


def story(article: Article, news: Index) -> list[Span]:
    """The sentences of the story, without its notes; those of the notes where there is nothing else."""
    notes = [(a.start, a.end) for a in article.asides if a.kind == "note"]
    spans = [span for passage in news.passages(article.id, article.revision) for span in passage.sentences]
    return [s for s in spans if not any(a < s[1] and s[0] < b for a, b in notes)] or spans


def note(question: Question, named: Sequence[tuple[Span, str]], news: Index) -> Told | None:
    """What a correction or an editor's note of the article meant says; None where it has none."""
    outlets = question.query.outlets or tuple(dict.fromkeys(name for _, name in named))
    hits = news.search(replace(question.query, outlets=outlets, limit=PASSAGES))
    articles = list({hit.article.id: hit.article for hit in hits if hit.score >= CLOSE * hits[0].score}.values())
    for article in articles[:3]:
        if told := _corrections(question.standalone, article, news):
            return Told(tuple(told), None)
    return None


def _corrections(question: str, article: Article, news: Index) -> list[Statement]:
    """The sentence of the article's notes that is nearest to the question, or shares names with the story, and those
    after it: a note says what was wrong, then what is right."""
    asked = set(stems(question)) - STOPWORDS
    own = {s for a, b in story(article, news) for s in stems(article.text[a:b])}
    notes = [(a.start, a.end) for a in article.asides if a.kind == "note"]
    spans = [span for passage in news.passages(article.id, article.revision) for span in passage.sentences]
    lines = [s for s in spans if s[1] - s[0] >= 40 and any(a < s[1] and s[0] < b for a, b in notes)]

    def tells(span: Span) -> tuple[float, int]:
        inside = set(stems(article.text[slice(*span)])) - STOPWORDS
        return len(inside & asked) + 0.2 * len(inside & own), span[0]

    ranked = sorted(lines, key=tells, reverse=True)
    after = [span for span in lines if span >= ranked[0]] if ranked else []
    quoted = sorted(list(dict.fromkeys([*after[:NOTED], *ranked]))[:NOTED])
    if len(quoted) == NOTED and not article.text[quoted[0][1] : quoted[1][0]].strip():
        quoted = [(quoted[0][0], quoted[1][1])]
    return [
        Statement(f"{who(article)} notes: {in_marks(article.text[slice(*span)])}", ((article, span),), "quoted")
        for span in quoted
    ]
