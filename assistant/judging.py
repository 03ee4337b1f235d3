"""How likely it is that quotes do not bear a sentence out, as a small network reads all of them together.

It is the default encoder, whose four upper layers were learned anew by benchmarks/learn_judging.py; weights/judging.md
tells from what, and what it is worth.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import wordpieces
from assistant.statements import ONES, TENS
from assistant.wordpieces import CLOSES, OPENS, Parting, Pieces, Word
from index.encoders import Joint, parting
from index.folding import fold

SAID, KNOWN, CITED = 70, 50, 132
"""Tokens that are looked at of the sentence, of what else vouches for names, and of the quotes."""

LEARNED = Path(str(files("assistant") / "weights" / "judging.safetensors"))

SURE = 8.0
"""Odds beyond this, either way, say no more."""

Floats = npt.NDArray[np.float32]

APART = (False, False, False, False, False, False, True)
_FIGURES = {word: str(value) for word, value in (ONES | TENS).items()}


@dataclass(frozen=True, slots=True)
class Doubt:
    """How unlikely a sentence is: the logarithm of the odds, from -`SURE` to `SURE`; and its most doubtful word, None
    where it has none."""

    odds: float
    word: str | None


class Judge:
    """The network. Threads may share one.

    Args:
        weights: A file's bytes, as benchmarks/learn_judging.py writes it.
    """

    def __init__(self, weights: bytes) -> None:
        self._joint = Joint("judging", weights, ("wrong", "whole"))
        self._parting = parting()

    @classmethod
    @functools.cache
    def learned(cls) -> Judge:
        """The one that the package brings; opened with its first sentence."""
        return cls(LEARNED.read_bytes())

    def open(self) -> None:
        """Open it now, so that the first sentence need not wait."""
        self.doubt("", [], [])

    def doubt(self, sentence: str, quotes: Sequence[str], known: Iterable[str]) -> Doubt:
        """How unlikely it is that the quotes bear the sentence out.

        Args:
            sentence, quotes, known: As of `judge` in assistant/grounding.py.
        """
        said, *others = map(self._pieces, (sentence, " | ".join(known), " ".join(quotes)))
        tokens, signals, count = seen(said, *others)
        told = self._joint(tokens, signals)
        wrong = told[1 : count + 1, 0]  # of each of its tokens; some may be, or all together
        odds = float(np.clip(np.logaddexp.reduce(wrong) + told[0, 1], -SURE, SURE))
        words = ((float(one), word.text) for one, word in zip(wrong, said.words, strict=False) if word)
        return Doubt(odds, max(words, default=(0.0, None))[1])

    def _pieces(self, text: str) -> Pieces:
        return pieces(self._parting, " ".join(text.split()))


def pieces(parting: Parting, text: str) -> Pieces:
    """A text, folded and parted; a number in words is one in digits as well."""
    return wordpieces.pieces(parting, fold(text).text, lambda word: Word.of(word, _FIGURES.get(word.casefold())))


def seen(said: Pieces, known: Pieces, cited: Pieces) -> tuple[list[int], Floats, int]:
    """What the network is given: all tokens, what is told of each beside, `(tokens, 7)`, and how many the sentence has
    of them, after the first."""
    tokens, count = [OPENS], min(len(said.tokens), SAID)
    signals: list[tuple[bool, ...]] = [APART]
    for part, most, others in (
        (said, SAID, (cited, known)),
        (known, KNOWN, (said, said)),
        (cited, CITED, (said, said)),
    ):
        shared = [other.stems for other in others]
        tokens += [*part.tokens[:most], CLOSES]
        signals += [*(_signals(word, part is said, shared) for word in part.words[:most]), APART]
    return tokens, np.array(signals, np.float32), count


def _signals(word: Word | None, said: bool, shared: Sequence[frozenset[str]]) -> tuple[bool, ...]:
    """Of a token: whether it is of the sentence; whether its word stands in each of two other texts; what its word is
    like; whether it is no word."""
    if word is None:
        return (said, False, False, False, False, False, True)
    return (said, *(bool(word.stems & stems) for stems in shared), *word.like, False)
