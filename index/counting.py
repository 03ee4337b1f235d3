"""Turns texts into how many wordpieces each has, by the counts of their words, each asked of the tokenizer once."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

KEPT = 200_000
"""Words remembered at most, some 20 MB; then all are forgotten."""


class WordCounts:
    """Counts like the tokenizer's own, ten times as fast, for a tokenizer no piece of which spans a space.

    Args:
        count: How many pieces each of some texts has.
        marks: The characters each of which is a piece of its own wherever it stands in a word.
        whole: Words in small letters that are one piece, however they are written.
    """

    def __init__(
        self,
        count: Callable[[Sequence[str]], list[int]],
        marks: str = "",
        whole: Container[str] = frozenset(),
    ) -> None:
        self._count = count
        self._spaces = str.maketrans(dict.fromkeys(marks, " "))
        self._whole = whole
        self._known: dict[str, int] = {"": 0}

    def __call__(self, texts: Sequence[str]) -> list[int]:
        """How many pieces each text has."""
        split = [text.replace("\n", " ").split(" ") for text in texts]
        known = self._known  # another thread may begin a new one
        words = set[str]().union(*split)
        if len(known) > KEPT and not words <= known.keys():
            known = self._known = {"": 0}
        if unknown := [*words.difference(known)]:
            self._learn(known, unknown)
        return [sum(map(known.__getitem__, words)) for words in split]

    def _learn(self, known: dict[str, int], words: Sequence[str]) -> None:
        """Adds what those words have to what is known: a piece for each mark, and those of what is between marks."""
        parted = [word.split(" ") for word in "\n".join(words).translate(self._spaces).split("\n")]
        between = set[str]().union(*parted).difference(known)
        asked = [part for part in between if part.lower() not in self._whole]
        known.update(dict.fromkeys(between, 1))
        known.update(zip(asked, self._count(asked) if asked else (), strict=True))
        known.update(
            (word, len(parts) - 1 + sum(map(known.__getitem__, parts)))
            for word, parts in zip(words, parted, strict=True)
        )
