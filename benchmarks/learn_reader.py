"""Learn assistant/weights/reader.safetensors: the network of assistant/reader.py, from questions with marked answers.

It begins as the judging network's layers, which know already how to hold one text against another. The questions are
our own, on the news and on small collections of invented articles (small.py), but for those set aside with the whole
learning suite: what comes after reading is learned from them, for a network knows the questions that it was learned
from too well. Each is also typed in haste, as answers.py does it, and seen so nearly every second time. What was set
aside and the other suites only report.

    python benchmarks/learn_reader.py [--index DIR] [--minutes 60] [--rate 1.5e-4] [--out FILE]
    (DIR: a collection of the news, as search.py makes it)

The rate falls to nothing over the minutes given; what is kept is a running mean of the weights. What is seen of the
questions is kept in benchmarks/results/reader.pickle; delete it when anything changes that finds or marks passages.
"""

from __future__ import annotations

import argparse
import math
import pickle
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import material
import numpy as np
import numpy.typing as npt
import small
import torch
from answers import casual, rarities
from learn_credits import WIDTH, Layer
from learn_judging import MASK, OWN, Below, restored, write
from learn_judging import TARGET as JUDGING
from learning import aside, set_aside
from rich.progress import track
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional
from training import Training

from assistant import Assistant, sentences
from assistant.evaluation import Case
from assistant.evaluation.scores import overlap
from assistant.reader import SIGNALS, UNREAD, Seen, look
from index import Index
from index.records import Span

TARGET = material.REPOSITORY / "assistant" / "weights" / "reader.safetensors"
AT_ONCE = 8
"""Questions of a step."""
TOLD = 100
"""Steps after which is told how much was lost; after ten times as many the weights are written."""
HASTE = 0.45
"""Share of the questions that are seen as typed in haste."""
DROPPED, BLIND = 0.1, 0.05
"""Shares of numbers within the network, and of tokens (of the question's twice as many), left out while it learns."""
ALIKE = {0: 0, 2: 1, 3: 3, 4: 4, 5: 5, 6: 6}
"""What is told of a token here, and what the judging network is told that is like it, by their places."""
TOGETHER = 2
"""Passages of a question that are read at a step, of the three found; a right one is among them where there is one."""
PARTS = 2
"""Processes that look for passages."""
SEEN = material.RESULTS / "reader.pickle"
CUT = 400
"""Characters of a citation that count, as everywhere in the scores."""


@dataclass(frozen=True)
class Example:
    """A question with the passages read, and what is right among them.

    For each passage: `base`, the scores of its sentences before reading; `right`, which of them overlap a gold quote;
    `bounds`, which of its tokens begin and which end a gold answer there, `(tokens, 2)`.
    """

    case: Case
    seen: list[Seen]
    base: list[npt.NDArray[np.float32]]
    right: list[npt.NDArray[np.bool_]]
    bounds: list[npt.NDArray[np.bool_]]


def example(assistant: Assistant, case: Case) -> Example | None:
    """A case as the network sees it; None when nothing is found for it."""
    question = assistant.understand(case.question)
    words = assistant.index.weigh(question.query.text).weights
    hits = assistant.index.search(question.query)
    picks = sentences.choose(question, hits, words)
    seen = look(question, hits, picks, words)
    if not seen:
        return None
    scores = {(pick.hit.passage.key, pick.start): pick.score for pick in picks}
    base, right, bounds = [], [], []
    for hit, one in zip(hits, seen, strict=False):
        article = hit.article
        base.append(np.array([scores[hit.passage.key, s.start] for s in hit.sentences], np.float32))
        quotes = [article.text[s.start : s.end][:CUT] for s in hit.sentences]
        good = [any(overlap(article.id, quote, gold) for gold in case.evidence) for quote in quotes]
        right.append(np.array(good, bool))
        ends = np.zeros((len(one.places), 2), bool)
        for wording in (case.answer, *case.aliases) if case.answer and case.type != small.WHETHER else ():
            for start, end in _standing(wording, article.text, hit.passage.start, hit.passage.end):
                inside = [token for token, (a, b) in enumerate(one.places) if a < end and start < b]
                if inside and one.sentence[inside[0]] >= 0 and good[one.sentence[inside[0]]]:
                    ends[inside[0], 0] = ends[inside[-1], 1] = True
        bounds.append(ends)
    return Example(case, [packed(one) for one in seen], base, right, bounds)


def packed(one: Seen) -> Seen:
    """Without what is not learned from: a hundred thousand are kept in memory."""
    return replace(one, places=())


def _standing(wording: str, text: str, first: int, last: int) -> Iterator[Span]:
    """Where a wording stands between two places of a text, whatever its case and marks."""
    words = re.findall(r"\w+", wording)
    if words:
        pattern = r"\b" + r"\W+".join(map(re.escape, words)) + r"\b"
        yield from (match.span() for match in re.compile(pattern, re.IGNORECASE).finditer(text, first, last))


Twice = tuple[Example, Example | None]
"""A question as it is, and in haste; None where it was typed so already, or nothing is found for it so."""

Chosen = tuple[Example, Sequence[int]]
"""A question and which of its passages are read."""


class Network(nn.Module):
    """What assistant/reader.py computes, in torch; there the words for each step."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(DROPPED) for _ in range(OWN))
        self.signals, self.plain = nn.Linear(SIGNALS, WIDTH, bias=False), nn.Linear(SIGNALS, 3, bias=False)
        self.out, self.none = nn.Linear(WIDTH, 3), nn.Linear(WIDTH, 1)
        self.base, self.silence = nn.Parameter(torch.tensor(1.0)), nn.Parameter(torch.tensor(0.0))
        for part in (self.signals, self.plain):
            nn.init.zeros_(part.weight)
        for part in (self.out, self.none):
            nn.init.zeros_(part.bias)
            nn.init.normal_(part.weight, std=0.02)

    def begin_as(self, judging: Path) -> None:
        """Take the judging network's layers."""
        weights = restored(judging)
        own = {name.removeprefix("layer."): value for name, value in weights.items() if name.startswith("layer.")}
        self.layer.load_state_dict(own)
        with torch.no_grad():
            for here, there in ALIKE.items():
                self.signals.weight[:, here] = weights["signals.weight"][:, there]

    def forward(self, below: Tensor, given: Given) -> tuple[Tensor, Tensor]:
        """For each token of each text scores, `(texts, tokens, 3)`; each one's odds to answer, `(texts,)`."""
        states = below + self.signals(given.signals)
        for layer in self.layer:
            states = layer(states, given.mask)
        states = functional.dropout(states, DROPPED, self.training)
        return (self.out(states) + self.plain(given.signals)).float(), self.none(states[:, 0])[:, 0].float()


class Given:
    """Passages, each with its question, as tensors padded to one length, with that share of tokens hidden."""

    def __init__(self, texts: Sequence[Seen], blind: float = 0.0) -> None:
        longest = max(len(one.tokens) for one in texts)
        self.tokens = torch.zeros(len(texts), longest, dtype=torch.long)
        self.mask = torch.zeros(len(texts), longest, dtype=torch.bool)
        self.signals = torch.zeros(len(texts), longest, SIGNALS, dtype=torch.bfloat16)
        for row, one in enumerate(texts):
            length = len(one.tokens)
            self.tokens[row, :length] = torch.from_numpy(one.tokens)
            self.mask[row, :length] = True
            self.signals[row, :length] = torch.from_numpy(one.signals).to(torch.bfloat16)
            if blind:
                chance = torch.full((length,), blind)
                chance[1 : one.begin - 1] = 2 * blind
                chance[[0, one.begin - 1, length - 1]] = 0
                away = torch.rand(length) < chance
                self.tokens[row, :length][away] = MASK
                self.signals[row, :length][away] = 0


@dataclass(frozen=True)
class Told:
    """What a network says of some passages of one question, beside what is right.

    `own` and `base` are the sentences' scores, of reading and before it, `right` which of them are; `bounds` the scores
    of tokens to begin and to end the answer, `gold` which do; `silent` the log odds that none of the passages says.
    """

    own: Tensor
    base: Tensor
    right: Tensor
    bounds: Tensor
    gold: Tensor
    silent: Tensor


def told(below: Below, network: Network, chosen: Sequence[Chosen], blind: float = 0.0) -> Iterator[Told]:
    """What the network says of each of the questions."""
    given = Given([one.seen[i] for one, some in chosen for i in some], blind)
    scores, answers = network(below(given.tokens, given.mask), given)
    row = 0
    for one, some in chosen:
        rows = range(row, row + len(some))
        row = rows.stop
        parts = [scores[r, one.seen[i].begin :][: len(one.seen[i].sentence)] for r, i in zip(rows, some, strict=True)]
        yield Told(
            torch.cat([_sentences(part[:, 0], one, i) for part, i in zip(parts, some, strict=True)]),
            torch.cat([torch.from_numpy(one.base[i]) for i in some]),
            torch.cat([torch.from_numpy(one.right[i]) for i in some]),
            torch.cat([part[:, 1:] for part in parts]),
            torch.cat([torch.from_numpy(one.bounds[i]) for i in some]),
            network.silence.float() - torch.logsumexp(answers[rows.start : rows.stop], 0),
        )


def _sentences(speaking: Tensor, one: Example, passage: int) -> Tensor:
    """The scores of a passage's sentences, from those of its tokens."""
    sentence = torch.from_numpy(one.seen[passage].sentence).long()
    inside = sentence >= 0
    numbers, speaking, count = sentence[inside], speaking[inside], len(one.base[passage])
    most = torch.full((count,), -1e4).scatter_reduce(0, numbers, speaking, "amax")
    tokens = torch.zeros(count).scatter_add(0, numbers, torch.ones_like(speaking))
    mean = torch.zeros(count).scatter_add(0, numbers, speaking) / tokens.clamp(min=1)
    return torch.where(tokens > 0, most + mean, torch.full((count,), UNREAD))


def lost(below: Below, network: Network, chosen: Sequence[Chosen]) -> Tensor:
    """What is to be made small: right sentences unlikely, right bounds unlikely, silence misjudged."""
    total = torch.zeros(())
    for one, (example, _) in zip(told(below, network, chosen, BLIND), chosen, strict=True):
        silent = example.case.answer is None
        if silent or one.right.any():  # an answer that was not found is no silence, nor can it be read
            total = total + 0.5 * functional.binary_cross_entropy_with_logits(one.silent, torch.tensor(float(silent)))
        if one.right.any():
            for scores, weight in ((one.own + network.base.float() * one.base, 1.0), (one.own, 0.5)):
                total = total + weight * _surprise(scores, one.right)
        for bound in (0, 1):
            if one.gold[:, bound].any():
                total = total + 0.5 * _surprise(one.bounds[:, bound], one.gold[:, bound])
    return total / len(chosen)


def _surprise(scores: Tensor, right: Tensor) -> Tensor:
    return torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0)


def some(one: Example, random: np.random.Generator) -> list[int]:
    """The passages of a question that are read at a step: a right one, where there is one, and others."""
    order = random.permutation(len(one.seen)).tolist()
    order.sort(key=lambda i: not one.right[i].any())
    return [*order[:1], *random.permutation(order[1:]).tolist()][:TOGETHER]


def batches(examples: Sequence[Twice], random: np.random.Generator) -> list[list[int]]:
    """All examples in random order, those of like length together."""
    order = random.permutation(len(examples))
    groups = []
    for start in range(0, len(order), AT_ONCE * 20):
        near = sorted(
            order[start : start + AT_ONCE * 20].tolist(), key=lambda i: max(len(s.tokens) for s in examples[i][0].seen)
        )
        groups += [near[i : i + AT_ONCE] for i in range(0, len(near), AT_ONCE)]
    return [groups[i] for i in random.permutation(len(groups))]


def learn(below: Below, network: Network, examples: Sequence[Twice], options: argparse.Namespace) -> Network:
    """The network learned from those examples: the running mean of its weights."""
    training, random = Training(network), np.random.default_rng(options.seed)
    training.quick.train()
    began, losses, done = time.monotonic(), list[float](), 0.0
    while done < 1:
        for group in batches(examples, random):
            done = (time.monotonic() - began) / (60 * options.minutes)
            if done >= 1:
                break
            seen = [hasty if hasty and random.random() < HASTE else one for one, hasty in (examples[i] for i in group)]
            value = lost(below, training.quick, [(one, some(one, random)) for one in seen])
            training.step(value, options.rate * (1 + math.cos(math.pi * done)) / 2)
            losses.append(value.item())
            if len(losses) % TOLD == 0:
                print(f"step {len(losses)}, {done:.0%}: {np.mean(losses[-TOLD:]):.3f}", flush=True)
            if len(losses) % (10 * TOLD) == 0:
                write(training.mean, options.out)
    write(training.mean, options.out)
    return training.mean


def report(below: Below, network: Network, examples: Sequence[Example]) -> str:
    """How often a right sentence is first and in three, before and after reading, and an answer begins at the best."""
    firsts, threes, begins = [], [], []
    odds: dict[bool, list[float]] = {True: [], False: []}
    with torch.no_grad():
        for example in examples:
            (one,) = told(below, network, [(example, list(range(len(example.seen))))])
            odds[example.case.answer is None].append(float(one.silent))
            if example.case.answer is None:
                continue
            ranked = [s.argsort(descending=True) for s in (one.base, one.own + network.base.float() * one.base)]
            firsts.append([bool(one.right[order[0]]) for order in ranked])
            threes.append([bool(one.right[order[:3]].any()) for order in ranked])
            if one.gold[:, 0].any():
                begins.append(bool(one.gold[one.bounds[:, 0].argmax(), 0]))
    known, unknown = (np.array(odds[silent]) for silent in (False, True))
    told_apart = float((unknown[:, None] > known[None]).mean()) if len(known) and len(unknown) else math.nan
    first, three = (" -> ".join(f"{share:.3f}" for share in np.mean(some, axis=0)) for some in (firsts, threes))
    return (
        f"n={len(firsts)}: right sentence first {first}, in three {three}; answer begins at the best token "
        f"{np.mean(begins):.3f} (n={len(begins)}); silence told apart {told_apart:.3f} (n={len(unknown)})"
    )


def twice(assistant: Assistant, cases: Sequence[Case], about: str) -> list[Twice]:
    """Each case for which something is found, as it is and in haste."""
    rarity, seen = rarities(cases, assistant.index), []
    for case in track(cases, about):
        one = example(assistant, case)
        hasty = example(assistant, casual(case, rarity)) if case.question[:1].isupper() else None
        if one:
            seen.append((one, hasty))
    return seen


def gathered(part: int, options: argparse.Namespace) -> dict[str, list[Twice]]:
    """What is seen of the questions, by what they are for: of every other one, from this on."""
    facts = material.suite("facts") + material.suite("unanswerable")
    own = [case for case in material.questions() if not aside(case)]
    suites = {"learning": own, "set aside": set_aside(), "facts and unanswerable": facts}
    with Index.open(options.index, create=False) as news:
        seen = {name: twice(Assistant(news), cases[part::PARTS], name) for name, cases in suites.items()}
    for one in small.collections(small.names()[part::PARTS]):
        about = "small, set aside" if one.name in small.SET_ASIDE else "learning"
        told = twice(Assistant(one.index), one.cases, f"small collection {one.name}")
        seen.setdefault(small.SAMPLE if one.name == small.SAMPLE else about, []).extend(told)
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=material.RESULTS / "news-fp32")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--start", type=Path, help="weights to go on from, instead of the judging network's")
    parser.add_argument("--seed", type=int, default=1, help="of the order of the questions and of what is left out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    if not SEEN.exists():
        with get_context("spawn").Pool(PARTS) as pool:
            parts = pool.starmap(gathered, [(part, options) for part in range(PARTS)])
        names = sorted({name for part in parts for name in part})
        SEEN.write_bytes(pickle.dumps({name: [one for part in parts for one in part.get(name, [])] for name in names}))
    seen: dict[str, list[Twice]] = pickle.loads(SEEN.read_bytes())
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    network = Network()
    network.begin_as(JUDGING)
    if options.start:
        network.load_state_dict(restored(options.start))
    below = Below(load_file(material.encoder_folder() / "model.safetensors")).to(torch.bfloat16).eval()
    network = learn(below, network, seen.pop("learning"), options).to(torch.bfloat16).eval()
    for name, examples in seen.items():
        print(f"{name}, {report(below, network, [one for one, _ in examples])}", flush=True)
        print(f"{name} in haste, {report(below, network, [hasty for _, hasty in examples if hasty])}", flush=True)


if __name__ == "__main__":
    main()
