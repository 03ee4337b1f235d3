"""Reads the best passages with the question in mind, token by token: which sentence answers, and with which words.

A small network over the token vectors of the encoder already in use: each token of a passage meets the question's
tokens, then its neighbours. It was learned by benchmarks/learn_reader.py; weights/reader.md tells from what.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from assistant.records import Question
from assistant.sentences import Pick
from index import Index
from index.encoders import Tokens
from index.folding import Folded, fold
from index.records import Hit, Span
from index.words import STOPWORDS, stems

Floats = npt.NDArray[np.float32]

PASSAGES = 3
"""Passages read, the best: with a fourth the answers to the questions of fact came later and were no better."""

HEADS = 4
"""Of the attention among a passage's tokens."""

SIGNALS = 8
"""What is told of a token beside its vector."""

LEARNED = Path(str(files("assistant") / "weights" / "reader.npz"))

UNREAD = -5.0
"""What reading says of a sentence that was not read."""

_WORD = re.compile(r"[\w’']+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the network sees it: its tokens' vectors `(tokens, 384)`, and how much each weighs, 0 to 1."""

    vectors: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """A passage as the network sees it, in tokens.

    `vectors` is `(tokens, 384)`, `signals` `(tokens, SIGNALS)`; `sentence` is the number of each token's sentence among
    the passage's, -1 between them; `places` are spans of the article's text.
    """

    vectors: Floats
    signals: Floats
    sentence: npt.NDArray[np.int64]
    places: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where an answer may begin and end in a passage, by its tokens in order.

    `starts` and `ends` are their places in the article, `chances`, `(tokens, 2)`, the logarithms of each one's chance,
    among all tokens read, to begin and to end the answer.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    chances: Floats


@dataclass(frozen=True, slots=True)
class Read:
    """What reading told.

    `picks` are all sentences, best first, with new scores; `bounds` are those of each passage read, by its key;
    `silent` is the logarithm of the odds that the passages do not say. Where nothing was read the picks are as they
    were, and the rest says nothing.
    """

    picks: list[Pick]
    bounds: Mapping[int, Bounds] = field(default_factory=dict)
    silent: float = 0.0


class Reader:
    """The network. Threads may share one.

    Args:
        weights: The tensors of `weights/reader.npz`, by the names that benchmarks/learn_reader.py gives them.
    """

    def __init__(self, weights: Mapping[str, npt.NDArray[Any]]) -> None:
        self._weights = {name: value.astype(np.float32) for name, value in weights.items()}
        self._threads = ThreadpoolController()

    @classmethod
    def load(cls, path: Path = LEARNED) -> Reader:
        """With the weights of a file, by default those that the package brings."""
        with np.load(path) as tensors:
            return cls(dict(tensors))

    def read(
        self, question: Question, hits: Sequence[Hit], picks: Sequence[Pick], words: Mapping[str, float], index: Index
    ) -> Read:
        """What the best hits say; nothing where the collection's encoder does not tell tokens.

        Args:
            question: Understood.
            hits: Best first.
            picks: Their sentences, best first, scored by assistant/sentences.py.
            words: How much each stem of the question weighs.
            index: The collection.
        """
        told = look(question, hits, picks, words, index) if picks else None
        if told is None:
            return Read(list(picks))
        asked, passages = told
        with self._threads.limit(limits=1):  # products this small are slower on two, on a busy machine twenty times
            outcomes = [self._passage(asked, one) for one in passages]
        own: dict[tuple[int, int], float] = {}
        for hit, seen, (scores, _) in zip(hits, passages, outcomes, strict=False):
            for number, sentence in enumerate(hit.sentences):
                inside = scores[seen.sentence == number, 0]
                own[hit.passage.key, sentence.start] = float(inside.max() + inside.mean()) if len(inside) else UNREAD
        share = float(self._weights["base"])
        scored = [
            replace(pick, score=share * pick.score + read, signals={**pick.signals, "reading": read})
            for pick in picks
            for read in [own.get((pick.hit.passage.key, pick.start), UNREAD)]
        ]
        scored.sort(key=lambda pick: (-pick.score, pick.hit.article.id, pick.start))
        everything = np.concatenate([scores[:, 1:] for scores, _ in outcomes])
        total = np.log(np.exp(everything - everything.max(axis=0)).sum(axis=0)) + everything.max(axis=0)
        bounds = {
            hit.passage.key: Bounds([a for a, _ in seen.places], [b for _, b in seen.places], scores[:, 1:] - total)
            for hit, seen, (scores, _) in zip(hits, passages, outcomes, strict=False)
        }
        best = np.max([states.max(axis=0) for _, states in outcomes], axis=0)
        silent = self._linear("none", np.concatenate([best, self._pooled(asked)]))
        return Read(scored, bounds, float(silent[0]))

    def _passage(self, asked: Asked, seen: Seen) -> tuple[Floats, Floats]:
        """For each token what speaks for its sentence, for its beginning the answer and for its ending it, `(tokens,
        3)`; and its state."""
        question, tokens = self._linear("pq", asked.vectors), self._linear("pp", seen.vectors)
        alike = (
            _unit(seen.vectors @ self._weights["sim.weight"].T) @ _unit(asked.vectors @ self._weights["sim.weight"].T).T
        )
        raw = _unit(seen.vectors) @ _unit(asked.vectors).T
        met = _softmax(alike * self._weights["scale"]) @ question
        weighed = 5 * asked.weights
        best = [alike.max(1), (alike * weighed).max(1), raw.max(1), (raw * weighed).max(1)]
        states = self._linear("mix", np.concatenate([tokens, met, tokens * met, seen.signals, np.stack(best, 1)], 1))
        states += self._attended(self._normal("enc.layers.0.norm1", states))
        inner = np.maximum(self._linear("enc.layers.0.linear1", self._normal("enc.layers.0.norm2", states)), 0)
        states += self._linear("enc.layers.0.linear2", inner)
        states = self._normal("norm", states)
        return self._linear("out", states), states

    def _attended(self, states: Floats) -> Floats:
        """What each token takes from the others."""
        attention = "enc.layers.0.self_attn"
        joined = states @ self._weights[f"{attention}.in_proj_weight"].T + self._weights[f"{attention}.in_proj_bias"]
        query, key, value = (
            part.reshape(len(states), HEADS, -1).transpose(1, 0, 2) for part in np.split(joined, 3, axis=1)
        )
        shares = _softmax(query @ key.transpose(0, 2, 1) / np.float32(math.sqrt(query.shape[2])))
        return self._linear(f"{attention}.out_proj", (shares @ value).transpose(1, 0, 2).reshape(states.shape))

    def _pooled(self, asked: Asked) -> Floats:
        weights = asked.weights + np.float32(0.02)
        pooled: Floats = (self._linear("pq", asked.vectors) * weights[:, None]).sum(axis=0) / weights.sum()
        return pooled

    def _linear(self, name: str, given: Floats) -> Floats:
        result: Floats = given @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result

    def _normal(self, name: str, given: Floats) -> Floats:
        centred = given - given.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-5))
        result: Floats = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return result


def look(
    question: Question, hits: Sequence[Hit], picks: Sequence[Pick], words: Mapping[str, float], index: Index
) -> tuple[Asked, list[Seen]] | None:
    """The question and its best passages as the network sees them; see `Reader.read`."""
    read = list(hits[:PASSAGES])
    folded = [fold(hit.passage.text) for hit in read]
    told = index.tokens([fold(question.standalone).text, *(one.text for one in folded)])
    if not told or not len(told[0].vectors):
        return None
    total = sum(words.values()) or 1.0
    shares = {stem: weight / total for stem, weight in words.items()}
    scores = {(pick.hit.passage.key, pick.start): pick.score for pick in picks}
    passages = [
        _seen(hit, rank, one, tokens, shares, [scores.get((hit.passage.key, s.start), -9.0) for s in hit.sentences])
        for rank, (hit, one, tokens) in enumerate(zip(read, folded, told[1:], strict=True))
    ]
    weights = [told_word.weight for told_word in _words(fold(question.standalone).text, told[0].places, shares)]
    return Asked(told[0].vectors, np.array(weights, np.float32)), passages


def _seen(
    hit: Hit, rank: int, folded: Folded, tokens: Tokens, shares: Mapping[str, float], scores: Sequence[float]
) -> Seen:
    start = hit.passage.start
    spans = [(folded.folded(s.start - start), folded.folded(s.end - start)) for s in hit.sentences]
    sentence = np.full(len(tokens.places), -1)
    for number, (a, b) in enumerate(spans):
        for token, (place, _) in enumerate(tokens.places):
            if a <= place < b:
                sentence[token] = number
    good = np.array([*scores, 0.0], np.float32).clip(-6, 12)[sentence] / 6
    signals = np.array(
        [
            (word.weight, word.asked, word.capital, word.figure, word.common, word.mark, base, rank / 4)
            for word, base in zip(_words(folded.text, tokens.places, shares), good.tolist(), strict=True)
        ],
        np.float32,
    ).reshape(-1, SIGNALS)
    places = [_shifted(folded.span(a, b), start) for a, b in tokens.places]
    return Seen(tokens.vectors, signals, sentence, places)


@dataclass(frozen=True, slots=True)
class _Word:
    """What the word tells to which a token belongs: its share of the question's weight, and what it looks like."""

    weight: float = 0.0
    asked: bool = False
    capital: bool = False
    figure: bool = False
    common: bool = False
    mark: bool = True


def _words(text: str, places: Sequence[Span], shares: Mapping[str, float]) -> list[_Word]:
    """For each token the word that it is a piece of."""
    matches = list(_WORD.finditer(text))
    starts = [match.start() for match in matches]
    words = [_word(match[0], shares) for match in matches]
    nothing = _Word()
    numbers = [bisect_right(starts, start) - 1 for start, _ in places]
    return [
        words[number] if number >= 0 and start < matches[number].end() else nothing
        for number, (start, _) in zip(numbers, places, strict=True)
    ]


def _word(word: str, shares: Mapping[str, float]) -> _Word:
    found = stems(word)
    return _Word(
        max((shares.get(stem, 0.0) for stem in found), default=0.0),
        any(stem in shares for stem in found),
        word[0].isupper(),
        any(character.isdigit() for character in word),
        word.casefold() in STOPWORDS,
        mark=False,
    )


def _shifted(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def _unit(rows: Floats) -> Floats:
    result: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return result


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result
