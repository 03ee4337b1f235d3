"""Learn assistant/weights/reader.safetensors: the network of assistant/reader.py, from questions with marked answers.

It begins as the encoder's two upper layers. The questions are our own, on the news and on small collections of invented
articles (small.py), but for those set aside with the whole learning suite: what comes after reading is learned from
them, for a network knows the questions that it was learned from too well. Each is also typed in haste, as answers.py
does it, and seen so nearly every second time. What was set aside and the other suites only report.

    python benchmarks/learn_reader.py [--index DIR] [--keep SHARE]      (DIR: a collection of the news, as search.py
    makes it; SHARE: of the weights that are there, in the mean that is written)

An hour and 18 GB on 2 cores.
"""

from __future__ import annotations

import argparse
import copy
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import material
import numpy as np
import numpy.typing as npt
import small
import torch
from answers import casual, rarities
from learn_credits import Layer, layers
from learning import aside, set_aside
from rich.progress import track
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from assistant import Assistant, sentences
from assistant.evaluation import Case
from assistant.evaluation.scores import overlap
from assistant.reader import ASKED_MORE, SIGNALS, UNREAD, Asked, Seen, look
from index import Index
from index.graphs import LAYERS, SHARED
from index.records import Span

TARGET = material.REPOSITORY / "assistant" / "weights" / "reader.safetensors"
EPOCHS, AT_ONCE, RATE = 3, 8, 2e-4
FASTER = 5
"""How much faster what stands on the layers learns than they do, which know much already."""
WARMING, MEMORY = 60, 0.99
"""Steps until the rate is full, and how much the running mean of the weights, which is kept, keeps of itself."""
HASTE = 0.45
"""Share of the questions that are seen as typed in haste."""
DROPPED, BLIND = 0.1, 0.05
"""Shares of numbers within the network, and of tokens (of the question's twice as many), left out while it learns."""
TOGETHER = 2
"""Passages of a question that are read at a step, of the three found; a right one is among them where there is one."""
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


Twice = tuple[Example, Example | None]
"""A question as it is, and in haste; None where it was typed so already, or nothing is found for it so."""

Chosen = tuple[Example, Sequence[int]]
"""A question and which of its passages are read."""


class Network(nn.Module):
    """What assistant/reader.py computes, in torch; there the words for each step."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(DROPPED) for _ in range(LAYERS - SHARED))
        self.asked, self.seen = nn.Linear(1, 384), nn.Linear(SIGNALS, 384)
        self.out, self.plain, self.none = nn.Linear(384, 3), nn.Linear(SIGNALS, 3, bias=False), nn.Linear(384, 1)
        self.base, self.silence = nn.Parameter(torch.tensor(1.0)), nn.Parameter(torch.tensor(0.0))
        for part in (self.asked, self.seen, self.plain):
            nn.init.zeros_(part.weight)
        for part in (self.asked, self.seen, self.out, self.none):
            nn.init.zeros_(part.bias)
        for part in (self.out, self.none):
            nn.init.normal_(part.weight, std=0.02)

    def forward(self, given: Given) -> tuple[Tensor, Tensor]:
        """For each token of each passage scores, `(passages, tokens, 3)`; each one's odds to answer, `(passages,)`."""
        asked = given.asked + self.asked(given.weights[..., None])
        states = torch.cat([asked, given.seen + self.seen(given.signals)], 1)
        mask = torch.cat([given.asked_mask, given.seen_mask], 1)
        for layer in self.layer:
            states = layer(states, mask)
        states = functional.dropout(states, DROPPED, self.training)
        return self.out(states[:, asked.shape[1] :]) + self.plain(given.signals), self.none(states[:, 0])[:, 0]


@dataclass(frozen=True)
class Given:
    """Passages, each with its question, as tensors padded to one length; special tokens have no weight, no signals."""

    asked: Tensor
    weights: Tensor
    asked_mask: Tensor
    seen: Tensor
    signals: Tensor
    seen_mask: Tensor

    @classmethod
    def of(cls, chosen: Sequence[Chosen], blind: float = 0.0) -> Given:
        """The tensors of questions' passages, with that share of tokens left out."""
        passages = [(one.asked, one.seen[i]) for one, some in chosen for i in some]
        asks = (len(passages), max(len(asked.vectors) for asked, _ in passages))
        sees = (len(passages), max(len(seen.vectors) for _, seen in passages))
        given = cls(
            torch.zeros(*asks, 384), torch.zeros(asks), torch.zeros(asks, dtype=torch.bool),
            torch.zeros(*sees, 384), torch.zeros(*sees, SIGNALS), torch.zeros(sees, dtype=torch.bool),
        )  # fmt: skip
        for row, (asked, seen) in enumerate(passages):
            count, length = len(asked.vectors), len(seen.vectors)
            given.asked[row, :count] = torch.from_numpy(asked.vectors)
            given.weights[row, 1 : count - 1] = ASKED_MORE * torch.from_numpy(asked.weights)
            given.asked_mask[row, :count] = True
            given.seen[row, :length] = torch.from_numpy(seen.vectors)
            given.signals[row, 1 : length - 1] = torch.from_numpy(seen.signals)
            given.seen_mask[row, :length] = True
        if blind:
            given.asked[:, 1:][torch.rand(asks[0], asks[1] - 1) < 2 * blind] = 0
            given.seen[torch.rand(sees) < blind] = 0
        return cls(*(value.bfloat16() if value.is_floating_point() else value for value in vars(given).values()))


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


def told(network: Network, chosen: Sequence[Chosen], blind: float = 0.0) -> Iterator[Told]:
    """What the network says of each of the questions."""
    scores, answers = (value.float() for value in network(Given.of(chosen, blind)))
    row = 0
    for one, some in chosen:
        rows = range(row, row + len(some))
        row = rows.stop
        own = [
            _sentences(scores[r, 1 : len(one.seen[i].places) + 1, 0], one, i) for r, i in zip(rows, some, strict=True)
        ]
        yield Told(
            torch.cat(own),
            torch.cat([torch.from_numpy(one.base[i]) for i in some]),
            torch.cat([torch.from_numpy(one.right[i]) for i in some]),
            torch.cat([scores[r, 1 : len(one.seen[i].places) + 1, 1:] for r, i in zip(rows, some, strict=True)]),
            torch.cat([torch.from_numpy(one.bounds[i]) for i in some]),
            network.silence.float() - torch.logsumexp(answers[rows.start : rows.stop], 0),
        )


def _sentences(speaking: Tensor, one: Example, passage: int) -> Tensor:
    """The scores of a passage's sentences, from those of its tokens."""
    sentence = torch.from_numpy(one.seen[passage].sentence)
    inside = sentence >= 0
    numbers, speaking, count = sentence[inside], speaking[inside], len(one.base[passage])
    most = torch.full((count,), -1e4).scatter_reduce(0, numbers, speaking, "amax")
    tokens = torch.zeros(count).scatter_add(0, numbers, torch.ones_like(speaking))
    mean = torch.zeros(count).scatter_add(0, numbers, speaking) / tokens.clamp(min=1)
    return torch.where(tokens > 0, most + mean, torch.full((count,), UNREAD))


def lost(network: Network, chosen: Sequence[Chosen]) -> Tensor:
    """What is to be made small: right sentences unlikely, right bounds unlikely, silence misjudged."""
    total = torch.zeros(())
    for one, (example, _) in zip(told(network, chosen, BLIND), chosen, strict=True):
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
            order[start : start + AT_ONCE * 20].tolist(), key=lambda i: max(len(s.vectors) for s in examples[i][0].seen)
        )
        groups += [near[i : i + AT_ONCE] for i in range(0, len(near), AT_ONCE)]
    return [groups[i] for i in random.permutation(len(groups))]


def learn(examples: Sequence[Twice]) -> Network:
    """A network learned from those examples: the running mean of its weights.

    It runs at half precision, which newer processors multiply twice as fast; what is learned stays exact.
    """
    torch.manual_seed(1)
    network, random = Network(), np.random.default_rng(1)
    network.layer.load_state_dict(
        layers(load_file(material.encoder_folder() / "model.safetensors"), range(SHARED, LAYERS))
    )
    quick, mean = copy.deepcopy(network).bfloat16(), copy.deepcopy(network)
    rest = [value for name, value in network.named_parameters() if not name.startswith("layer.")]
    groups: list[dict[str, Any]] = [{"params": network.layer.parameters()}, {"params": rest}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps, step = EPOCHS * math.ceil(len(examples) / AT_ONCE), 0
    for epoch in range(EPOCHS):
        for group in track(batches(examples, random), f"pass {epoch + 1}"):
            step += 1
            seen = [hasty if hasty and random.random() < HASTE else one for one, hasty in (examples[i] for i in group)]
            torch.autograd.backward(lost(quick, [(one, some(one, random)) for one in seen]))
            for exact, rough in zip(network.parameters(), quick.parameters(), strict=True):
                exact.grad, rough.grad = None if rough.grad is None else rough.grad.float(), None
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            rate = RATE * min(1, step / WARMING) * (1 + math.cos(math.pi * step / steps)) / 2
            for params, faster in zip(optimiser.param_groups, (1, FASTER), strict=True):
                params["lr"] = rate * faster
            optimiser.step()
            with torch.no_grad():
                for exact, rough, kept in zip(network.parameters(), quick.parameters(), mean.parameters(), strict=True):
                    rough.copy_(exact)
                    kept.lerp_(exact, 1 - min(MEMORY, step / (step + 10)))
    return mean.eval()


def report(network: Network, examples: Sequence[Example]) -> str:
    """How often a right sentence is first and in three, before and after reading, and an answer begins at the best."""
    firsts, threes, begins = [], [], []
    odds: dict[bool, list[float]] = {True: [], False: []}
    quick = copy.deepcopy(network).bfloat16()
    with torch.no_grad():
        for example in examples:
            (one,) = told(quick, [(example, list(range(len(example.seen))))])
            odds[example.case.answer is None].append(float(one.silent))
            if example.case.answer is None:
                continue
            ranked = [s.argsort(descending=True) for s in (one.base, one.own + network.base * one.base)]
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=material.RESULTS / "news-fp32")
    parser.add_argument("--keep", type=float, default=0.0, help="share of the weights that are there, 0 to 1")
    options = parser.parse_args()
    facts = material.suite("facts") + material.suite("unanswerable")
    suites = {"set aside": set_aside(), "facts and unanswerable": facts}
    with Index.open(options.index, create=False) as news:
        assistant = Assistant(news)
        seen = {name: twice(assistant, cases, name) for name, cases in suites.items()}
        learning = twice(assistant, [case for case in material.questions() if not aside(case)], "learning")
    for one in small.collections():
        told = twice(Assistant(one.index), one.cases, f"small collection {one.name}")
        if one.name == small.SAMPLE:
            seen["sample"] = told
        elif one.name in small.SET_ASIDE:
            seen.setdefault("small, set aside", []).extend(told)
        else:
            learning += told
    network = learn(learning)
    if options.keep:
        older = load_file(TARGET)
        network.load_state_dict(
            {name: value.lerp(older[name].float(), options.keep) for name, value in network.state_dict().items()}
        )
    save_file({name: value.half().contiguous() for name, value in network.state_dict().items()}, TARGET)
    print(f"written: {TARGET}")
    for name, examples in seen.items():
        print(f"{name}, {report(network, [one for one, _ in examples])}", flush=True)
        print(f"{name} in haste, {report(network, [hasty for _, hasty in examples if hasty])}", flush=True)


if __name__ == "__main__":
    main()
