"""Reads the best passages with the question in mind, token by token: which sentence answers, and with which words.

A small network reads question and passage together. It is the default encoder, whose four upper layers were learned
anew by benchmarks/learn_reader.py; weights/reader.md tells from what, with passages that this encoder found.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.followups import own
from assistant.records import Question
from assistant.sentences import Pick
from assistant.wordpieces import CLOSES, OPENS, Pieces, Word, pieces
from index.building import tensors
from index.encoders import Joint, parting
from index.folding import fold
from index.records import Hit, Span

Floats = npt.NDArray[np.float32]

PASSAGES = 3
"""Passages read, the best: with a fourth the answers to the questions of fact came later and were no better."""

SIGNALS = 9
"""What is told of a token beside itself."""

ASKED, PASSAGE = 64, 254
"""Tokens that are looked at of the question, and of the passage."""

LEARNED = Path(str(files("assistant") / "weights" / "reader.safetensors"))

ASKED_MORE = 5
"""The share of a question's weight that a word has is multiplied by this, to be of the size of the other signals."""

UNREAD = -5.0
"""What reading says of a sentence that was not read."""

_SMALL = ("plain.weight", "base", "silence")


@dataclass(frozen=True, slots=True)
class Seen:
    """A question and one of its passages as the network sees them together.

    `tokens`, `(tokens,)`, are the wordpieces' numbers, `signals`, `(tokens, SIGNALS)`, what is told of each beside.
    From the one at `begin` on they are the passage's, but for the last. Of each of these `sentence` is the number of
    its sentence among the passage's, -1 between them, and `places` has its span of the article's text.
    """

    tokens: npt.NDArray[np.int32]
    signals: Floats
    begin: int
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
        self._small = {name: value for name, value in tensors(weights).items() if name in _SMALL}
        self._joint = Joint("reader", weights, ("out", "none"))

    @classmethod
    def load(cls, path: Path = LEARNED) -> Reader:
        """With the weights of a file, by default those that the package brings."""
        return cls(path.read_bytes())

    def open(self) -> None:
        """Open the layers now, so that the first question need not wait."""
        self._joint([OPENS, CLOSES], np.zeros((2, SIGNALS), np.float32))

    def read(self, question: Question, hits: Sequence[Hit], picks: Sequence[Pick], words: Mapping[str, float]) -> Read:
        """What the best hits say; nothing where there are none.

        Args:
            question: Understood.
            hits: Best first.
            picks: Their sentences, best first, scored by assistant/sentences.py.
            words: How much each stem of the question weighs.
        """
        passages = look(question, hits, picks, words) if picks else []
        if not passages:
            return Read(list(picks))
        with ThreadPoolExecutor(len(passages)) as pool:
            outcomes = list(pool.map(self._passage, passages))
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

    def _passage(self, seen: Seen) -> tuple[Floats, float]:
        """For each token what speaks for its sentence, for its beginning the answer and for its ending it, `(tokens,
        3)`; and the logarithm of the odds that the passage answers."""
        told = self._joint(seen.tokens, seen.signals)
        scores = (told[:, :3] + seen.signals @ self._small["plain.weight"].T)[seen.begin : -1]
        return scores, float(told[0, 3])


_parting = functools.cache(parting)


def look(question: Question, hits: Sequence[Hit], picks: Sequence[Pick], words: Mapping[str, float]) -> list[Seen]:
    """The question, without what a follow-up took over, with each of its best passages as the network sees them; see
    `Reader.read`."""
    total = sum(words.values()) or 1.0
    shares = {stem: weight / total for stem, weight in words.items()}
    scores = {(pick.hit.passage.key, pick.start): pick.score for pick in picks}
    asked = pieces(_parting(), fold(own(question.query.text)).text).first(ASKED)
    return [
        _seen(asked, hit, rank, shares, [scores.get((hit.passage.key, s.start), -9.0) for s in hit.sentences])
        for rank, hit in enumerate(hits[:PASSAGES])
    ]


def _seen(asked: Pieces, hit: Hit, rank: int, shares: Mapping[str, float], scores: Sequence[float]) -> Seen:
    start = hit.passage.start
    folded = fold(hit.passage.text)
    passage = pieces(_parting(), folded.text).first(PASSAGE)
    spans = [(folded.folded(s.start - start), folded.folded(s.end - start)) for s in hit.sentences]
    sentence = np.full(len(passage.places), -1)
    for number, (a, b) in enumerate(spans):
        for token, (place, _) in enumerate(passage.places):
            if a <= place < b:
                sentence[token] = number
    good = np.array([*scores, 0.0], np.float32).clip(-6, 12)[sentence] / 6
    there = passage.stems
    around = [(0.0,) * SIGNALS]
    signals = [
        *around,
        *((1.0, *_signals(word, shares, there), 0.0, 0.0) for word in asked.words),
        *around,
        *(
            (0.0, *_signals(word, shares, shares.keys()), base, rank / 4)
            for word, base in zip(passage.words, good.tolist(), strict=True)
        ),
        *around,
    ]
    return Seen(
        np.array([OPENS, *asked.tokens, CLOSES, *passage.tokens, CLOSES], np.int32),
        np.array(signals, np.float32),
        len(asked.tokens) + 2,
        sentence,
        [_shifted(folded.span(a, b), start) for a, b in passage.places],
    )


def _signals(word: Word | None, shares: Mapping[str, float], others: Collection[str]) -> tuple[float, ...]:
    """Of a token: how much its word weighs in the question, whether it stands in the other text, what it is like, and
    whether it is no word."""
    if word is None:
        return (0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    weight = ASKED_MORE * max((shares.get(stem, 0.0) for stem in word.stems), default=0.0)
    return (weight, float(any(stem in others for stem in word.stems)), *map(float, word.like), 0.0)


def _shifted(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def _log_sum(scores: Floats) -> Floats:
    """The logarithm of the sum of the rows' exponentials."""
    most = scores.max(axis=0)
    result: Floats = most + np.log(np.exp(scores - most).sum(axis=0))
    return result
