"""What a passage and its article vouch for when a model's sentence is judged, and where in it that rests. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant import extract, grounding
from index.records import Article, Hit, Span
from index.splitter import sentences
from index.words import stems


def vouching(article: Article, quote: str, credited: Iterable[str | None] = ()) -> list[str]:
    """What a sentence may say beside the words of a quote: outlet, day, people's full names, the days that its words
    mean, byline, whom it credits, headline. What matters most is first, for the network sees some fifty tokens."""
    full = grounding.full_names(article.text, quote)
    days = [day for _, day in extract.days_meant(article, quote)]
    told = (article.outlet, extract.article_date(article), *full, *days, article.author, article.wire, *credited)
    return [*dict.fromkeys(text for text in (*told, article.title) if text)]


def closest(hit: Hit, text: str, known: Sequence[str] = ()) -> Span:
    """Of the sentences of the passage that a text is judged by, the one that alone bears it out, else all of them."""
    near = grounding.nearest(text, hit.passage.text)
    begin = hit.passage.start + hit.passage.text.index(near)
    for start, end in sentences(near):
        if grounding.judge(text, [near[start:end]], known).supported:
            return begin + start, begin + end
    return begin, begin + len(near)


def foremost(hit: Hit) -> Span:
    """The sentence of the passage that fits the query best."""
    best = max(hit.sentences, key=lambda s: s.score, default=None)
    return (best.start, best.end) if best else (hit.passage.start, hit.passage.end)


def likest(text: str, hits: Sequence[Hit]) -> int:
    """The place of the hit whose passage shares most words with a sentence, in the part that it would be judged by."""
    said = set(stems(text))
    shared = [len(said & set(stems(grounding.nearest(text, hit.passage.text)))) for hit in hits]
    return shared.index(max(shared))
