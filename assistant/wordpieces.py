"""Texts in the default encoder's wordpieces, each with the word that it is of, as the networks that read two texts
together have them. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.records import Span
from index.words import STOPWORDS, stems

OPENS, CLOSES = 101, 102
"""The special tokens before all texts and after each."""

Parting = Callable[[str], tuple[Sequence[int], Sequence[Span]]]
"""What parts a text into wordpieces, by their numbers, and the spans that they stand for."""

_WORD = re.compile(r"[\w’']+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, its stems, and what it is like: whether it has a capital, a digit, is a common one."""

    text: str
    stems: frozenset[str]
    like: tuple[bool, bool, bool]

    @classmethod
    def of(cls, text: str, written: str | None = None) -> Word:
        """A word; `written` is how it may be written as well, which then tells its stems and its digits."""
        figure = any(map(str.isdigit, written or text))
        return cls(text, frozenset(stems(written or text)), (text[0].isupper(), figure, text.casefold() in STOPWORDS))


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text in wordpieces: their numbers, their places in it, and the word that each is of; None outside words."""

    tokens: Sequence[int]
    places: Sequence[Span]
    words: Sequence[Word | None]

    @property
    def stems(self) -> frozenset[str]:
        """All stems."""
        return frozenset[str]().union(*(word.stems for word in self.words if word))

    def first(self, most: int) -> Pieces:
        """So many of them, or all."""
        return Pieces(self.tokens[:most], self.places[:most], self.words[:most])


def pieces(parting: Parting, folded: str, word: Callable[[str], Word] = Word.of) -> Pieces:
    """A folded text, parted; `word` makes its words."""
    found = [*_WORD.finditer(folded)]
    starts = [match.start() for match in found]
    words = [word(match[0]) for match in found]
    tokens, places = parting(folded)
    behind = [bisect_right(starts, start) - 1 for start, _ in places]
    return Pieces(
        tokens,
        places,
        [words[i] if i >= 0 and start < found[i].end() else None for i, (start, _) in zip(behind, places, strict=True)],
    )
