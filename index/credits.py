"""Whom an article credits: what the tagger marked and what rules see become source, cue and content. Pure.

Where the tagger has read a passage, it says who says what there; rules add what it has not learned (who was first, who
relays whom, agencies' lines). Where it has not (another encoder, another language), the rules do all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index import rules
from index.folding import fold
from index.outlets import Outlets
from index.records import Article, Credit, Passage, Relation
from index.rules import Attribution, Spans
from index.sources import Sources, Who
from index.splitter import passage_key
from index.tags import CONTENT, CUE, SOURCE, Marks

_FIRST = re.compile(r"\b(?:first|originally|broke)\b")
_SPEAKS = re.compile(r"\b(?:told|tells|interview)\b")
_EDGES = {SOURCE: " \n\t", CONTENT: " ,;:\n\t", CUE: " \n\t"}
"""What is cut off a marked span's ends; people leave the comma to a source that ends in an apposition."""

_MISSING = 0.5
"""How sure a credit is at most whose source is not said."""


def find(
    article: Article, passages: Sequence[Passage], outlets: Outlets, marks: Sequence[Marks | None] = ()
) -> list[Credit]:
    """Every credit of an article, in the order of the text.

    Args:
        article: Whose text it is.
        passages: The article's passages, and its headlines if these count; nothing else is looked at, but for an
            agency's lines.
        outlets: Who is known as an outlet or agency.
        marks: What the tagger marked in each passage as it was seen; None (or nothing at all) where it read nothing.
    """
    read = list(marks) or [None] * len(passages)
    english = article.language is None or article.language.casefold().startswith("en")
    seen = [mark if english else None for mark in read]
    learned = [one for passage, mark in zip(passages, seen, strict=True) for one in _marked(passage, mark)]
    ruled = list(_ruled(article, passages, seen))
    together = [*rules.agencies(article), *_joined(learned, ruled)]
    sources = Sources(article, outlets)
    return [
        credit
        for one in sorted(together, key=lambda one: (one.place, one.source))
        if (credit := _credit(article, one, sources)) is not None
    ]


def headlines(article: Article) -> list[Passage]:
    """The headlines in an article's text as if they were passages, which leave them out: they credit people too."""
    spans = [(aside.start, aside.end) for aside in article.asides if aside.kind == "title"]
    return [
        Passage(
            passage_key(article.id, article.revision, start, end),
            article.id,
            article.revision,
            number,
            start,
            end,
            article.text[start:end],
            ((start, end),),
        )
        for number, (start, end) in enumerate(spans, -len(spans))
    ]


def _marked(passage: Passage, marks: Marks | None) -> Iterator[Attribution]:
    """The tagger's marks of a passage as spans of the article."""
    if marks is None or not len(marks):
        return
    folded = fold(passage.text)
    for number in range(int(marks[-1, 0]) + 1):
        parts: dict[int, list[tuple[int, int]]] = {SOURCE: [], CONTENT: [], CUE: []}
        sure = []
        for _, role, start, end, hundredths in marks[marks[:, 0] == number].tolist():
            a, b = rules.trimmed(passage.text, folded.span(start, end), _EDGES[role])
            if a < b:
                whole = _whole_name(passage.text, b) if role == SOURCE else b
                parts[role].append((passage.start + a, passage.start + whole))
            sure.append(hundredths / 100)
        source, content, cue = (tuple(parts[role]) for role in (SOURCE, CONTENT, CUE))
        if source or cue:  # trimming may have left neither
            yield Attribution(source, cue, content, sure=min(sure) if source else min(*sure, _MISSING))


def _whole_name(text: str, end: int) -> int:
    """The end of a name that a mark breaks off: capitalised words that follow one go with it."""
    if not re.search(r"\b[A-Z][\w’'-]*$", text[:end]):
        return end
    rest = re.compile(r"(?: [A-Z][\w’'-]+)+").match(text, end)
    return rest.end() if rest else end


def _ruled(article: Article, passages: Sequence[Passage], seen: Sequence[Marks | None]) -> Iterator[Attribution]:
    """What the rules see in each sentence: all of them where the tagger read nothing, else those it has not learned."""
    paragraphs = [match.span() for match in re.finditer(r"[^\n]+", article.text)]
    read = [(passage, mark is not None) for passage, mark in zip(passages, seen, strict=True)]
    sentences = [(span, known) for passage, known in read for span in passage.sentences]
    for i, (sentence, lasting) in enumerate(sentences):
        following = [span for span, _ in sentences[i + 1 : i + 6]]
        yield from rules.found(article, sentence, following, paragraphs, lasting)


def _joined(learned: Sequence[Attribution], ruled: Sequence[Attribution]) -> Iterator[Attribution]:
    """Both, what a rule and the tagger found alike made one: the tagger's spans, the rule's meaning."""
    left = list(ruled)
    for one in learned:
        same = next((other for other in left if _alike(one, other)), None)
        if same is None:
            yield one
            continue
        left.remove(same)
        cue = _wider(one.cue, same.cue)
        source = one.source or same.source
        content = tuple(span for span in one.content if not _meet((span,), (*cue, *source))) or same.content
        sure = max(one.sure, same.sure)
        yield Attribution(source, cue, content, same.relation, same.about, sure)
    yield from (_through(one, learned) for one in left)


def _through(one: Attribution, learned: Sequence[Attribution]) -> Attribution:
    """Whom somebody told it is credited with what was said, not with who said it: what the tagger found said by the
    same words, or else in the same sentence."""
    if one.relation != "via":
        return one
    said = [other for other in learned if other.content and _meet(other.cue, (*one.cue, *one.about))]
    said.sort(key=lambda other: not _meet(other.cue, one.cue))
    content = next((tuple(span for span in other.content if not _meet((span,), one.source)) for other in said), ())
    return replace(one, content=content or one.content)


def _alike(one: Attribution, other: Attribution) -> bool:
    """Whether two are the same credit: the same cue, and the same source where both have one."""
    return _meet(one.cue, other.cue) and (not one.source or _meet(one.source, other.source))


def _wider(some: Spans, others: Spans) -> Spans:
    """Of two pieces that meet the longer."""
    return max(some, others, key=lambda spans: sum(b - a for a, b in spans))


def _meet(some: Spans, others: Spans) -> bool:
    return any(a < d and c < b for a, b in some for c, d in others)


def _credit(article: Article, one: Attribution, sources: Sources) -> Credit | None:
    """An attribution with its source resolved; None for an agency's line that names no agency, or "told" nobody."""
    text = article.text
    cue = " ".join(text[a:b] for a, b in one.cue)
    if one.relation == "wire":
        agency = sources.outlets.agency(text[slice(*one.source[0])]) or (
            sources.outlets.named("Reuters") if "eporting by" in cue else None
        )
        if agency is None or not agency.agency:
            return None
        return _told(article, one, Who(agency.name, "agency"), "wire")
    who = sources.who((one.source[0][0], one.source[-1][1]), cue) if one.source else Who(None, "anonymous", _MISSING)
    if one.relation == "via" and who.kind not in ("outlet", "agency") and _SPEAKS.search(cue):
        return None
    return _told(article, one, who, _relation(article, one, who, cue))


def _relation(article: Article, one: Attribution, who: Who, cue: str) -> Relation:
    """What the source is to the report: an outlet relays where a person is quoted, and no one is his own source."""
    prints = who.kind in ("outlet", "agency")
    if prints and who.name is not None and who.name == article.outlet:
        return "self"
    if one.relation == "self" and prints and article.outlet is None:
        return "self"  # whoever "has learned" something speaks of himself
    if one.relation in ("first", "via"):
        return one.relation
    if prints and _FIRST.search(cue):
        return "first"
    return "relay" if prints else "quote"


def _told(article: Article, one: Attribution, who: Who, relation: Relation) -> Credit:
    sure = round(one.sure * who.sure, 2)
    return Credit(
        article.id, article.revision, one.source, one.cue, one.content, who.name, who.kind, relation, one.about, sure
    )
