"""Whether a sentence denies what a question of yes or no asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.words import STOPWORDS, stems

_DENIES = re.compile(
    r"\b(?:not(?! to\b)|never|no longer|no|nor|cannot|(?:declined|refused|yet) to|without|denie[sd])\b|n[’']t\b",
    re.IGNORECASE,
)
_REACH = 5
"""Words behind a "not" that it may deny."""
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?")
_WORD = re.compile(r"[\w’'-]+")


def denied(question: str, sentence: str, words: Mapping[str, float]) -> bool:
    """Whether a sentence has a "not" right before a word of the question that is no name, outside its quotations.

    Args:
        question: As it stands alone.
        sentence: As its article has it.
        words: How much each stem of the question weighs.
    """
    rest = _WORD.findall(question)[1:]
    asked = {stem for word in rest if word[0].islower() for stem in stems(word) if stem not in STOPWORDS}
    told = _QUOTED.sub(" ", sentence)
    after = (_WORD.findall(told[match.end() :])[:_REACH] for match in _DENIES.finditer(told))
    return any(not asked.isdisjoint(set(words).intersection(stems(" ".join(few)))) for few in after)
