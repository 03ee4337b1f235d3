"""Which sentence decides a question of yes or no, and what tells whether any does. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from assistant.records import Question
from assistant.sentences import Pick, share
from index.words import STOPWORDS, stems

DENIES, OF_IT = 3.0, 0.25
"""What it adds to the score of a sentence to deny what a yes-or-no question asks, and the share of the question's
weight that it must have."""

_DENIES = re.compile(
    r"\b(?:not(?! to\b)|never|no longer|no|nor|cannot|(?:declined|refused|yet) to|without|denie[sd])\b|n[’']t\b",
    re.IGNORECASE,
)
_REACH = 5
"""Words behind a "not" that it may deny."""
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?")
_WORD = re.compile(r"[\w’'-]+")


def decided(question: Question, picks: Sequence[Pick], words: Mapping[str, float]) -> list[Pick]:
    """The sentences with those before others as good that deny what a yes-or-no question asks; of another as they are.

    Args:
        question: Understood.
        picks: Sentences, best first.
        words: How much each stem of the question weighs.
    """
    if question.kind != "yes-no" or _DENIES.search(question.standalone):
        return list(picks)
    asked = _deeds(question.standalone) & set(words)
    better = [
        replace(pick, score=pick.score + DENIES)
        if _denied(pick.quote, asked) and share(words, pick.quote) >= OF_IT
        else pick
        for pick in picks
    ]
    return sorted(better, key=lambda pick: -pick.score)


def denied(question: Question, pick: Pick, words: Mapping[str, float]) -> bool:
    """Whether a sentence denies what a yes-or-no question asks.

    Args:
        question: Understood.
        pick: The sentence.
        words: How much each stem of the question weighs.
    """
    return _denied(pick.quote, _deeds(question.standalone) & set(words))


def _deeds(question: str) -> set[str]:
    """The stems of what a question asks whether it is so, its names aside where capitals tell them."""
    rest = _WORD.findall(question)[1:]
    return {stem for word in rest if word[0].islower() for stem in stems(word) if stem not in STOPWORDS}


def _denied(sentence: str, asked: Set[str]) -> bool:
    """Whether a sentence has a "not" right before one of those stems, outside its quotations."""
    told = _QUOTED.sub(" ", sentence)
    after = (_WORD.findall(told[match.end() :])[:_REACH] for match in _DENIES.finditer(told))
    return any(asked & set(stems(" ".join(words))) for words in after)
