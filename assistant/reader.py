"""Reads the best passages with the question in mind, token by token: which sentence answers, and with which words.

The encoder already in use has read question and passages apart, in its lower layers; its two upper ones, learned anew,
go on with both together, so that each token meets the question's and its neighbours. They were learned by
benchmarks/learn_reader.py; weights/reader.md tells from what.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load
from threadpoolctl import ThreadpoolController

from assistant.records import Question
from assistant.sentences import Pick
from index import Index
from index.encoders import Branch, Tokens
from index.folding import Folded, fold
from index.records import Hit, Span
from index.words import STOPWORDS, stems

Floats = npt.NDArray[np.float32]

PASSAGES = 3
"""Passages read, the best: with a fourth the answers to the questions of fact came later and were no better."""

SIGNALS = 8
"""What is told of a token beside its vector."""

LEARNED = Path(str(files("assistant") / "weights" / "reader.safetensors"))

ASKED_MORE = 5
"""The share of a question's weight that a word has is multiplied by this, to be of the size of the other signals."""

UNREAD = -5.0
"""What reading says of a sentence that was not read."""

_SMALL = ("asked.weight", "asked.bias", "seen.weight", "seen.bias", "plain.weight", "base", "silence")
_WORD = re.compile(r"[\w’']+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the network sees it.

    `vectors`, `(tokens + 2, 384)`, are those of its tokens and of the special ones around them; `weights`, `(tokens,)`,
    tell how much each weighs, 0 to 1.
    """

    vectors: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """A passage as the network sees it, in tokens.

    `vectors` is `(tokens + 2, 384)`, for the special ones around them are there too, `signals` `(tokens, SIGNALS)`;
    `sentence` is the number of each token's sentence among the passage's, -1 between them; `places` are spans of the
    article's text.
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
        weights: A file's bytes, as benchmarks/learn_reader.py writes it.
    """

    def __init__(self, weights: bytes) -> None:
        tensors = load(weights)
        self._small = {name: tensors[name].astype(np.float32) for name in _SMALL}
        self._weights = weights
        self._threads = ThreadpoolController()

    @classmethod
    def load(cls, path: Path = LEARNED) -> Reader:
        """With the weights of a file, by default those that the package brings."""
        return cls(path.read_bytes())

    @functools.cached_property
    def _branch(self) -> Branch:
        """The layers, which are opened with the first question that needs them."""
        return Branch("reader", self._weights, ("out", "none"))

    def open(self) -> None:
        """Open the layers now, so that the first question need not wait."""
        self._branch(np.zeros((2, 384), np.float32))

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
        # Numpy's products are so small that they are slower on two threads, on a busy machine twenty times.
        with self._threads.limit(limits=1), ThreadPoolExecutor(len(passages)) as pool:
            outcomes = list(pool.map(functools.partial(self._passage, asked), passages))
        own: dict[tuple[int, int], float] = {}
        for hit, seen, (scores, _) in zip(hits, passages, outcomes, strict=False):
            for number, sentence in enumerate(hit.sentences):
                inside = scores[seen.sentence == number, 0]
                own[hit.passage.key, sentence.start] = float(inside.max() + inside.mean()) if len(inside) else UNREAD
        share = float(self._small["base"])
        scored = [
            replace(pick, score=share * pick.score + read, signals={**pick.signals, "reading": read})
            for pick in picks
            for read in [own.get((pick.hit.passage.key, pick.start), UNREAD)]
        ]
        scored.sort(key=lambda pick: (-pick.score, pick.hit.article.id, pick.start))
        everything = np.concatenate([scores[:, 1:] for scores, _ in outcomes])
        total = _log_sum(everything)
        bounds = {
            hit.passage.key: Bounds([a for a, _ in seen.places], [b for _, b in seen.places], scores[:, 1:] - total)
            for hit, seen, (scores, _) in zip(hits, passages, outcomes, strict=False)
        }
        answered = _log_sum(np.array([answers for _, answers in outcomes], np.float32))
        return Read(scored, bounds, float(self._small["silence"] - answered))

    def _passage(self, asked: Asked, seen: Seen) -> tuple[Floats, float]:
        """For each token what speaks for its sentence, for its beginning the answer and for its ending it, `(tokens,
        3)`; and the logarithm of the odds that the passage answers."""
        weights = np.pad(ASKED_MORE * asked.weights, 1)[:, np.newaxis]  # the special tokens around have none
        signals = np.pad(seen.signals, ((1, 1), (0, 0)))
        question = asked.vectors + self._linear("asked", weights)
        told = self._branch(np.concatenate([question, seen.vectors + self._linear("seen", signals)]))
        scores = told[len(question) :, :3] + signals @ self._small["plain.weight"].T
        return scores[1:-1], float(told[0, 3])

    def _linear(self, name: str, given: Floats) -> Floats:
        result: Floats = given @ self._small[f"{name}.weight"].T + self._small[f"{name}.bias"]
        return result


def look(
    question: Question, hits: Sequence[Hit], picks: Sequence[Pick], words: Mapping[str, float], index: Index
) -> tuple[Asked, list[Seen]] | None:
    """The question and its best passages as the network sees them; see `Reader.read`."""
    read = list(hits[:PASSAGES])
    folded = [fold(hit.passage.text) for hit in read]
    told = index.tokens([fold(question.standalone).text, *(one.text for one in folded)])
    if not told or not told[0].places:
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


def _log_sum(scores: Floats) -> Floats:
    """The logarithm of the sum of the rows' exponentials."""
    most = scores.max(axis=0)
    result: Floats = most + np.log(np.exp(scores - most).sum(axis=0))
    return result
