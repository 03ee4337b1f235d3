"""When the articles found do not answer although they come near: not about that time, not said by that person, not of
that figure, or nothing that articles could tell. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from assistant import statements
from assistant.extract import article_date, read
from assistant.followups import own, subject
from assistant.names import kind_of_name
from assistant.reckoning import YEARS, follows
from assistant.records import Kind, Question, Why
from assistant.sentences import Pick, share
from assistant.speakers import speaker
from assistant.statements import Figure
from index.records import Article, Credit, Hit, OutletCount
from index.words import stems

ALIKE = 0.5
"""The share of a question's weight, its speaker's name aside, that a sentence must hold to be what is asked about."""

NEARLY = 0.4
"""The share of a question's weight, its figures aside, that a sentence with another figure must hold for that to be the
one that is meant. Of 550 answerable questions of the suites none has another figure than such a sentence."""

Silent = tuple[Why, str]
"""Why there is no answer, and the reason in words."""

_OF_NOBODY: frozenset[Kind] = frozenset({"who-said", "which-outlet", "origin", "order", "comparison", "summary"})
"""Kinds of question that do not ask what one person says."""
_POSSESSIVE = re.compile(r"['’]s?(?:\s|$)")
_ADVICE = re.compile(r"\b(?:should|shall|ought) i\b(?! (?:say|add|note)\b)", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?")
_YEAR = re.compile(r"\b(20\d\d)\b")
_WORD = re.compile(r"[\w’'-]+")
_SAYS = re.compile(
    r"\b(?:say|said|tell|told|call|claim|argue|promise|warn|describe|predict|accuse|compare|liken|announce|deny|admit"
    r"|admitted|praise|criticize|suggest|write|tweet|insist)\b"
)


def silent(
    question: Question,
    hits: Sequence[Hit],
    picks: Sequence[Pick],
    words: Mapping[str, float],
    outlets: Sequence[OutletCount],
    credits: Callable[[Article], Sequence[Credit]],
) -> Silent | None:
    """Why the best sentences do not answer, by what the question presumes; None where nothing speaks against them.

    Args:
        question: Understood.
        hits: Passages found.
        picks: Their sentences, best first.
        words: How much each stem of the question weighs.
        outlets: The collection's, with their first and last days.
        credits: Whom an article credits.
    """
    if not picks:
        return None
    return (
        _private(question)
        or _outside(question, hits, outlets)
        or _somebody_else(question, picks, words, credits)
        or _other_figure(question, picks, words)
    )


def _private(question: Question) -> Silent | None:
    """The question asks what whoever asks it should do."""
    if question.kind in ("who-said", "what-said") or not _ADVICE.search(_QUOTED.sub("", own(question.standalone))):
        return None
    return "out-of-range", "The articles tell of what happened and was said, not what you should do."


def _outside(question: Question, hits: Sequence[Hit], outlets: Sequence[OutletCount]) -> Silent | None:
    """The question is about a year that the collection does not reach, and no passage looks ahead to it."""
    last = max((one.last for one in outlets if one.last), default=None)
    if last is None:
        return None
    for year in _YEAR.findall(own(question.standalone)):
        if int(year) > last.year and not any(year in hit.passage.text for hit in hits):
            return (
                "out-of-range",
                f"The collection’s articles end on {read(last)}; none of those found speaks of {year}.",
            )
    return None


def _somebody_else(
    question: Question,
    picks: Sequence[Pick],
    words: Mapping[str, float],
    credits: Callable[[Article], Sequence[Credit]],
) -> Silent | None:
    """The articles have somebody else saying what the question has somebody say."""
    if (others := _speakers(question, picks, credits)) is None:
        return None
    asked, said = others
    if share(_without(words, asked), picks[0].quote) < ALIKE:
        return None
    return "false-premise", f"{_where(picks[0].hit.article)} has {said} saying that, not {asked}."


def nearest(question: Question, picks: Sequence[Pick], credits: Callable[[Article], Sequence[Credit]]) -> str | None:
    """That what comes nearest to what a question has somebody say is said by another, in words; None where it is not.

    Args:
        question: Understood.
        picks: Sentences, best first.
        credits: Whom an article credits.
    """
    others = _speakers(question, picks, credits) if picks and question.kind != "yes-no" else None
    if others is None:
        return None
    asked, said = others
    if not re.search(rf"{re.escape(asked)}(?: \w+ly)? {_SAYS.pattern}", own(question.standalone)):
        return None
    return f"What comes nearest, in {_where(picks[0].hit.article)}, is said by {said}, not by {asked}."


def _speakers(
    question: Question, picks: Sequence[Pick], credits: Callable[[Article], Sequence[Credit]]
) -> tuple[str, str] | None:
    """Who says it in the question, and who in the best sentence, where they are two and its passage does not name the
    first."""
    asked = own(question.standalone)
    who = subject(asked)
    if question.kind in _OF_NOBODY or not who or _POSSESSIVE.search(who) or not _SAYS.search(asked):
        return None
    if kind_of_name(who, frozenset()) not in ("person", "anything") or who.split()[-1] in picks[0].hit.passage.text:
        return None
    article = picks[0].hit.article
    said = speaker(article, credits(article), (picks[0].start, picks[0].end))
    return None if said is None or said.name.split()[-1] == who.split()[-1] else (who, said.name)


def _other_figure(question: Question, picks: Sequence[Pick], words: Mapping[str, float]) -> Silent | None:
    """The article has another figure where the question presumes one, and that nowhere in its passage."""
    if question.kind == "yes-no":
        return None
    pick, article = picks[0], picks[0].hit.article
    others = {stem: weight for stem, weight in words.items() if not any(map(str.isdigit, stem))}
    if share(others, pick.quote) < NEARLY:
        return None
    asked, told = statements.read(own(question.standalone)), statements.read(pick.quote)
    held = statements.read(f"{article.title or ''}. {pick.hit.passage.text}").figures
    for figure in asked.figures:
        dated = figure.values[0] in YEARS or any(figure.printed.strip(" ,") in day.printed for day in asked.days)
        if dated or any(map(figure.equals, held)) or follows(figure, asked.text, held, ()):
            continue
        what = _of_what(figure, asked.text)
        alike = (one for one in told.figures if what and _of_what(one, told.text) == what)
        if other := next((one for one in alike if one.values[0] not in YEARS), None):
            has, not_ = (one.printed.strip(" ,") for one in (other, figure))
            return "false-premise", f"{_where(article)} has {has} there, not {not_}."
    return None


def _where(article: Article) -> str:
    return f"{article.outlet or 'An article'} ({article_date(article)})"


def _of_what(figure: Figure, text: str) -> str:
    """What a figure counts: its unit, else the word behind it; empty where nothing is."""
    behind = _WORD.search(text, figure.end)
    return figure.unit or " ".join(stems(behind[0]) if behind else ())


def _without(words: Mapping[str, float], name: str) -> dict[str, float]:
    """The words and their weights, those of a name aside."""
    aside = set(stems(name))
    return {stem: weight for stem, weight in words.items() if stem not in aside}
