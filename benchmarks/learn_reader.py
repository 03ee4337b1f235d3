"""Learn assistant/weights/reader.npz: the network of assistant/reader.py, from questions with marked answers.

The questions are those of the learning suite and of our own, each of which is also typed in haste, as answers.py does
it, and seen so every third time. Beside the network that is kept, one for each of FOLDS
parts of them is learned without that part; the scripts that learn what comes after reading use those, for a network
knows the questions that it was learned from too well. The other suites only report.

    python benchmarks/learn_reader.py [--index DIR]      (DIR: a collection of the news, as search.py makes it)
"""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import material
import numpy as np
import numpy.typing as npt
import torch
from answers import casual, rarities
from learning import FOLDS, fold_of, folded
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional

from assistant import Assistant, sentences
from assistant.evaluation import Case
from assistant.evaluation.scores import overlap
from assistant.reader import HEADS, SIGNALS, UNREAD, Asked, Seen, look
from index import Index
from index.records import Span

TARGET = material.REPOSITORY / "assistant" / "weights" / "reader.npz"
WIDTH, SIGHT = 96, 96
"""Numbers of a token within the network, and those by which question and passage are compared."""
EPOCHS, AT_ONCE, RATE = 3, 8, 1e-3
"""More passes only learn the questions by heart: with eight the held ones got worse."""
HASTE = 0.35
"""Share of the questions that are seen as typed in haste."""
DROPPED, BLIND = 0.3, 0.1
"""Shares of numbers within the network, and of the question's tokens, left out while it learns."""
CUT = 400
"""Characters of a citation that count, as everywhere in the scores."""


@dataclass(frozen=True)
class Example:
    """A question with the passages read, and what is right among them.

    For each passage: `base`, the scores of its sentences before reading; `right`, which of them overlap a gold quote;
    `bounds`, which of its tokens begin and which end a gold answer there, `(tokens, 2)`.
    """

    case: Case
    asked: Asked
    seen: list[Seen]
    base: list[npt.NDArray[np.float32]]
    right: list[npt.NDArray[np.bool_]]
    bounds: list[npt.NDArray[np.bool_]]


def example(assistant: Assistant, case: Case) -> Example | None:
    """A case as the network sees it; None when nothing is found for it."""
    question = assistant.understand(case.question)
    words = assistant.index.weigh(question.standalone).weights
    hits = assistant.index.search(question.query)
    picks = sentences.choose(question, hits, words)
    told = look(question, hits, picks, words, assistant.index) if hits else None
    if told is None:
        return None
    asked, seen = told
    scores = {(pick.hit.passage.key, pick.start): pick.score for pick in picks}
    base, right, bounds = [], [], []
    for hit, one in zip(hits, seen, strict=False):
        article = hit.article
        base.append(np.array([scores[hit.passage.key, s.start] for s in hit.sentences], np.float32))
        quotes = [article.text[s.start : s.end][:CUT] for s in hit.sentences]
        good = [any(overlap(article.id, quote, gold) for gold in case.evidence) for quote in quotes]
        right.append(np.array(good, bool))
        ends = np.zeros((len(one.places), 2), bool)
        for wording in (case.answer, *case.aliases) if case.answer else ():
            for start, end in _standing(wording, article.text, hit.passage.start, hit.passage.end):
                inside = [token for token, (a, b) in enumerate(one.places) if a < end and start < b]
                if inside and one.sentence[inside[0]] >= 0 and good[one.sentence[inside[0]]]:
                    ends[inside[0], 0] = ends[inside[-1], 1] = True
        bounds.append(ends)
    # Thousands are kept in memory.
    halved = [replace(one, vectors=one.vectors.astype(np.float16, copy=False)) for one in seen]
    return Example(case, asked, halved, base, right, bounds)


def _standing(wording: str, text: str, first: int, last: int) -> Iterator[Span]:
    """Where a wording stands between two places of a text, whatever its case and marks."""
    words = re.findall(r"\w+", wording)
    if words:
        pattern = r"\b" + r"\W+".join(map(re.escape, words)) + r"\b"
        yield from (match.span() for match in re.compile(pattern, re.IGNORECASE).finditer(text, first, last))


class Network(nn.Module):
    """What assistant/reader.py computes, in torch; there the words for each step."""

    def __init__(self) -> None:
        super().__init__()
        self.pq, self.pp = nn.Linear(384, WIDTH), nn.Linear(384, WIDTH)
        self.sim = nn.Linear(384, SIGHT, bias=False)
        self.mix = nn.Linear(3 * WIDTH + SIGNALS + 4, WIDTH)
        layer = nn.TransformerEncoderLayer(
            WIDTH, HEADS, 2 * WIDTH, DROPPED / 2, batch_first=True, norm_first=True, activation="relu"
        )
        self.enc = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(WIDTH)
        self.out, self.none = nn.Linear(WIDTH, 3), nn.Linear(2 * WIDTH, 1)
        self.drop = nn.Dropout(DROPPED)
        self.base, self.scale = nn.Parameter(torch.tensor(1.0)), nn.Parameter(torch.tensor(5.0))

    def forward(
        self, asked: Tensor, weights: Tensor, vectors: Tensor, signals: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """For each token of each passage `(passages, tokens, 3)` scores, and the log odds of silence, `(1,)`."""
        if self.training:
            kept = torch.rand(len(asked)) > BLIND
            if kept.any():
                asked, weights = asked[kept], weights[kept]
            vectors = vectors * (torch.rand(*vectors.shape[:2], 1) > BLIND / 2)
        question, tokens = self.pq(asked), self.pp(vectors)
        alike = functional.normalize(self.sim(vectors), dim=-1) @ functional.normalize(self.sim(asked), dim=-1).T
        raw = functional.normalize(vectors, dim=-1) @ functional.normalize(asked, dim=-1).T
        met = torch.softmax(alike * self.scale, dim=-1) @ question
        weighed = 5 * weights
        best = [alike.amax(-1), (alike * weighed).amax(-1), raw.amax(-1), (raw * weighed).amax(-1)]
        states = self.drop(self.mix(torch.cat([tokens, met, tokens * met, signals, torch.stack(best, -1)], -1)))
        states = self.norm(self.enc(states, src_key_padding_mask=~mask))
        pooled = (question * (weights + 0.02)[:, None]).sum(0) / (weights + 0.02).sum()
        most = states.masked_fill(~mask[..., None], -1e4).amax((0, 1))
        return self.out(self.drop(states)), self.none(self.drop(torch.cat([most, pooled])))


@dataclass(frozen=True)
class Given:
    """An example as tensors: passages padded to one length, `sentence` numbered over all of them."""

    asked: Tensor
    weights: Tensor
    vectors: Tensor
    signals: Tensor
    mask: Tensor
    bounds: Tensor
    sentence: Tensor
    base: Tensor
    right: Tensor

    @classmethod
    def of(cls, one: Example) -> Given:
        """The tensors of an example."""
        shape = (len(one.seen), max(len(seen.places) for seen in one.seen))
        vectors, signals = torch.zeros(*shape, 384), torch.zeros(*shape, SIGNALS)
        bounds, sentence = torch.zeros(*shape, 2, dtype=torch.bool), torch.full(shape, -1)
        before = 0
        for row, (seen, ends, base) in enumerate(zip(one.seen, one.bounds, one.base, strict=True)):
            length = len(seen.places)
            vectors[row, :length] = torch.from_numpy(seen.vectors).float()
            signals[row, :length] = torch.from_numpy(seen.signals)
            bounds[row, :length] = torch.from_numpy(ends)
            sentence[row, :length] = torch.from_numpy(np.where(seen.sentence < 0, -1, seen.sentence + before))
            before += len(base)
        lengths = torch.tensor([[len(seen.places)] for seen in one.seen])
        return cls(
            torch.from_numpy(one.asked.vectors),
            torch.from_numpy(one.asked.weights),
            vectors,
            signals,
            torch.arange(shape[1])[None] < lengths,
            bounds,
            sentence,
            torch.from_numpy(np.concatenate(one.base)),
            torch.from_numpy(np.concatenate(one.right)),
        )


def scored(network: Network, given: Given) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The sentences' scores with and without what they were before reading, the tokens' scores, and silence."""
    told, silent = network(given.asked, given.weights, given.vectors, given.signals, given.mask)
    inside = given.sentence >= 0
    numbers, speaking = given.sentence[inside], told[..., 0][inside]
    count = len(given.base)
    most = torch.full((count,), -1e4).scatter_reduce(0, numbers, speaking, "amax")
    tokens = torch.zeros(count).scatter_add(0, numbers, torch.ones_like(speaking))
    mean = torch.zeros(count).scatter_add(0, numbers, speaking) / tokens.clamp(min=1)
    own = torch.where(tokens > 0, most + mean, torch.full((count,), UNREAD))
    return own + network.base * given.base, own, told, silent


def lost(network: Network, one: Example) -> Tensor:
    """What is to be made small: right sentences unlikely, right bounds unlikely, silence misjudged."""
    given = Given.of(one)
    total, own, told, silent = scored(network, given)
    truth = torch.tensor([float(one.case.answer is None)])
    loss = 0.5 * functional.binary_cross_entropy_with_logits(silent, truth)
    if given.right.any():
        for scores, weight in ((total, 1.0), (own, 0.5)):
            loss = loss + weight * (torch.logsumexp(scores, 0) - torch.logsumexp(scores[given.right], 0))
    for bound in (0, 1):
        if (gold := given.bounds[..., bound]).any():
            scores = told[..., 1 + bound]
            loss = loss + 0.5 * (torch.logsumexp(scores[given.mask], 0) - torch.logsumexp(scores[gold], 0))
    result: Tensor = loss
    return result


Twice = tuple[Example, Example | None]
"""A question as it is, and in haste; None where it was typed so already, or nothing is found for it so."""


def learn(examples: Sequence[Twice], label: str) -> Network:
    """A network learned from those examples."""
    torch.manual_seed(0)
    network, order = Network(), np.random.default_rng(0)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.05)
    steps = EPOCHS * math.ceil(len(examples) / AT_ONCE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
    network.train()
    for epoch in range(EPOCHS):
        shuffled = order.permutation(len(examples))
        for i in track(range(0, len(shuffled), AT_ONCE), f"{label}, pass {epoch + 1}"):
            optimizer.zero_grad()
            for row in shuffled[i : i + AT_ONCE]:
                one, hasty = examples[row]
                seen = hasty if hasty and order.random() < HASTE else one
                (lost(network, seen) / AT_ONCE).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return network.eval()


def report(network: Network, examples: Sequence[Example]) -> str:
    """How often a right sentence is first and in three, before and after reading, and an answer begins at the best."""
    firsts, threes, begins = [], [], []
    odds: dict[bool, list[float]] = {True: [], False: []}
    with torch.no_grad():
        for one in examples:
            given = Given.of(one)
            total, _, told, silent = scored(network, given)
            odds[one.case.answer is None].append(float(silent))
            if one.case.answer is None:
                continue
            ranked = [scores.argsort(descending=True) for scores in (given.base, total)]
            firsts.append([bool(given.right[order[0]]) for order in ranked])
            threes.append([bool(given.right[order[:3]].any()) for order in ranked])
            if (gold := given.bounds[..., 0]).any():
                start = told[..., 1].masked_fill(~given.mask, -1e4).argmax()
                begins.append(bool(gold.reshape(-1)[start]))
    known, unknown = (np.array(odds[silent]) for silent in (False, True))
    told_apart = float((unknown[:, None] > known[None]).mean()) if len(known) and len(unknown) else math.nan
    first, three = (" -> ".join(f"{share:.3f}" for share in np.mean(some, axis=0)) for some in (firsts, threes))
    return (
        f"n={len(firsts)}: right sentence first {first}, in three {three}; answer begins at the best token "
        f"{np.mean(begins):.3f} (n={len(begins)}); silence told apart {told_apart:.3f} (n={len(unknown)})"
    )


def keep(network: Network, path: Path) -> None:
    """The tensors of a network at half precision."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **{name: value.half().numpy() for name, value in network.state_dict().items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=material.RESULTS / "news-fp32")
    options = parser.parse_args()
    learning = material.suite("train") + material.questions()
    with Index.open(options.index, create=False) as news:
        assistant = Assistant(news)
        rarity = rarities(learning, news)

        def twice(case: Case) -> Twice | None:
            one = example(assistant, case)
            hasty = example(assistant, casual(case, rarity)) if case.question[:1].isupper() else None
            return (one, hasty) if one else None

        seen = [both for case in track(learning, "reading") if (both := twice(case))]
        other = [
            one
            for case in material.suite("facts") + material.suite("unanswerable")
            if (one := example(assistant, case))
        ]
    for fold in range(FOLDS):
        network = learn([both for both in seen if fold_of(both[0].case) != fold], f"without part {fold + 1}")
        keep(network, folded(fold))
        held = [both for both in seen if fold_of(both[0].case) == fold]
        print(f"part {fold + 1}, {report(network, [one for one, _ in held])}", flush=True)
        print(f"part {fold + 1} in haste, {report(network, [hasty for _, hasty in held if hasty])}", flush=True)
    network = learn(seen, "all")
    print(f"facts and unanswerable, {report(network, other)}")
    keep(network, TARGET)
    print(f"written: {TARGET}")


if __name__ == "__main__":
    main()
