"""Turns texts into how many wordpieces each has, by the counts of their words, each asked of the tokenizer once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

KEPT = 200_000
"""Words remembered at most, some 20 MB; then all are forgotten."""


class WordCounts:
    """Counts like the tokenizer's own, ten times as fast, for a tokenizer no piece of which spans a space.

    Args:
        count: How many pieces each of some texts has.
    """

    def __init__(self, count: Callable[[Sequence[str]], list[int]]) -> None:
        self._count = count
        self._known: dict[str, int] = {"": 0}

    def __call__(self, texts: Sequence[str]) -> list[int]:
        """How many pieces each text has."""
        split = [text.replace("\n", " ").split(" ") for text in texts]
        known = self._known  # another thread may begin a new one
        words = set[str]().union(*split)
        if len(known) > KEPT and not words <= known.keys():
            known = self._known = {"": 0}
        if unknown := [*words.difference(known)]:
            known |= zip(unknown, self._count(unknown), strict=True)
        return [sum(map(known.__getitem__, words)) for words in split]
