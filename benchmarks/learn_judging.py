"""Learn assistant/weights/judging.safetensors: is a sentence borne out by the text that it is held against?

The default encoder reads both together. Its four upper layers are learned anew, and two small heads upon them: one
tells of each token of the sentence whether it is what makes it untrue, the other of the whole. What is learned from is
told in judged.py; an eighth of the articles only reports, and pairs.jsonl is not looked at. The rate falls to nothing
over the minutes given; what is kept is a running mean of the weights, four of five bytes away, row by row. What is
seen of the sentences is kept in benchmarks/results/judging.pickle; delete it when they or what parts them change.

    python benchmarks/learn_judging.py [--minutes 40] [--start FILE] [--threads 2] [--out FILE]

What the weights of today learned from, for how long, and of what they are the mean, assistant/weights/judging.md tells.
"""

from __future__ import annotations

import argparse
import math
import pickle
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from attributions import articles, invented
from judged import Held, held
from learn_credits import WIDTH, Layer, layers
from material import REPOSITORY, RESULTS, encoder_folder
from safetensors.numpy import save_file
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as fn
from training import Training

from index.building import SCALE, tensors
from index.encoders import parting

TARGET = REPOSITORY / "assistant" / "weights" / "judging.safetensors"
SEEN = RESULTS / "judging.pickle"

BELOW, OWN, SIGNALS = 2, 4, 7
"""Layers as they are, layers learned anew, and what is told of each token beside."""

SHARES = {
    "claims.jsonl": 0.35, "claims.jsonl forged": 0.35, "claims.jsonl elsewhere": 0.2, "judged.jsonl": 1.0,
    "judged.jsonl forged": 0.5, "judged.jsonl elsewhere": 0.3, "verbatim": 0.12, "verbatim forged": 0.12, "plain": 0.5,
    "doubted": 0.5, "doubted forged": 0.5,
}  # fmt: skip
"""How often a sentence of each group is learned from, beside those of judged.jsonl."""

NEWS = 2.0
"""How much oftener those on the news are learned from than those on invented articles: news is harder to read."""

EASY = {"negation": 0.4, "spliced": 0.5, "exchange": 0.7}
"""How often, of those made by script, kinds that are soon learned."""

SHADES = 8
"""In how many groups sentences fall by the share of their words that the piece has."""

TRUE, UNTRUE = 218, 262
"""Sentences that are drawn at a time, to be parted into batches of about one length."""

SURE = 0.02
"""By how much what is true, and what is untrue, may be doubted: some few were written wrongly."""

TOLD, REPORTED = 4000, 10_000
"""Steps after which the weights are written and told, and sentences set aside of which is told."""

MASK, HIDDEN = 103, 0.05
"""The special token that hides a word, and the share of the texts' words that are hidden while learning."""

WORDS, RARE, ORDER = 0.5, 4.0, 0.5
"""What the single tokens count beside the whole, wrong ones beside the others, and that no untrue sentence of a batch
should seem likelier than a true one."""


class Below(nn.Module):
    """The encoder's embeddings and lowest layers, as they are."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(0.0) for _ in range(BELOW))
        self.layer.load_state_dict(layers(dict(weights), range(BELOW)))
        names = [f"embeddings.{part}_embeddings.weight" for part in ("word", "position", "token_type")]
        words, places, segments = (weights[name] for name in names)
        self.words = nn.Embedding(words.shape[0], words.shape[1], _weight=words)
        self.places = nn.Parameter(places + segments[0])
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.norm.load_state_dict({part: weights[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias")})

    @torch.no_grad()
    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """What is told of each token, (texts, tokens, width)."""
        told: Tensor = self.norm(self.words(tokens) + self.places[: tokens.shape[1]])
        for layer in self.layer:
            told = layer(told, mask)
        return told


class Network(nn.Module):
    """What is learned. `wrong` tells of each token, `whole` of the first one, which stands for all."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(dropout) for _ in range(OWN))
        self.signals = nn.Linear(SIGNALS, WIDTH, bias=False)
        self.wrong, self.whole = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, 1)
        for part in (self.signals, self.wrong, self.whole):
            nn.init.normal_(part.weight, std=0.02)
        nn.init.constant_(self.wrong.bias, -2.5)
        nn.init.zeros_(self.whole.bias)
        self.dropout = dropout

    def forward(self, below: Tensor, given: Given) -> tuple[Tensor, Tensor]:
        """The odds of each token, (texts, tokens), and of each text, (texts,), as assistant/judging.py has them."""
        told = below + self.signals(given.signals)
        for layer in self.layer:
            told = layer(told, given.mask)
        told = fn.dropout(told, self.dropout, self.training)
        wrong = self.wrong(told)[..., 0].float()
        inside = wrong.masked_fill(~given.said, -1e4)
        return wrong, torch.logsumexp(inside, 1) + self.whole(told[:, 0])[:, 0].float()


class Given:
    """Some sentences with their texts, side by side."""

    def __init__(self, some: Sequence[Held], hidden: float = 0.0) -> None:
        longest = max(len(one.tokens) for one in some)
        self.tokens = torch.zeros(len(some), longest, dtype=torch.long)
        self.mask, self.said = torch.zeros(2, len(some), longest, dtype=torch.bool)
        self.signals = torch.zeros(len(some), longest, SIGNALS, dtype=torch.bfloat16)
        self.wrong = torch.full((len(some), longest), -1.0)
        self.untrue = torch.tensor([float(not one.true) for one in some])
        for row, one in enumerate(some):
            length = len(one.tokens)
            self.tokens[row, :length] = torch.from_numpy(one.tokens).long()
            self.mask[row, :length] = self.said[row, 1 : 1 + one.said] = True
            self.signals[row, :length] = torch.from_numpy(one.signals).to(torch.bfloat16)
            if one.wrong is not None:
                self.wrong[row, 1 : 1 + one.said] = torch.from_numpy(one.wrong).float()
            away = torch.rand(length) < hidden
            away[: one.said + 2] = False
            self.tokens[row, :length][away] = MASK
            self.signals[row, :length][away] = 0


def loss(below: Below, network: Network, given: Given) -> Tensor:
    """How surprising it is which sentences are true, which of any two is, and which words are not."""
    wrong, untrue = network(below(given.tokens, given.mask), given)
    value = fn.binary_cross_entropy_with_logits(untrue, given.untrue * (1 - 2 * SURE) + SURE)
    true, false = untrue[given.untrue == 0], untrue[given.untrue == 1]
    if len(true) and len(false):
        value = value + ORDER * fn.softplus(true[:, None] - false).mean()
    if (known := given.wrong >= 0).any():
        rare = torch.tensor(RARE)
        value = value + WORDS * fn.binary_cross_entropy_with_logits(wrong[known], given.wrong[known], pos_weight=rare)
    return value


def fair(rows: Sequence[Held]) -> npt.NDArray[np.float64]:
    """How much each sentence counts so that, of those that were written by hand, as many are true as untrue whatever
    share of their words the piece has. Who writes is not fair by himself: what is true he says in his own words and
    what is untrue in the article's, and that alone would be learned, for it tells nine of ten such twins apart."""
    shade = [(one.group, one.invented, int(SHADES * _shared(one))) for one in rows]
    counts = Counter(zip(shade, (one.true for one in rows), strict=True))

    def counted(one: Held, key: tuple[str, bool, int]) -> float:
        by_hand = one.group in ("claims.jsonl", "judged.jsonl")
        return min(1.0, counts[key, not one.true] / counts[key, one.true]) if by_hand else 1.0

    return np.array([counted(one, key) for one, key in zip(rows, shade, strict=True)])


def _shared(one: Held) -> float:
    """The share of a sentence's telling tokens whose word the piece has."""
    said = one.signals[1 : 1 + one.said]
    telling = said[(said[:, 5] == 0) & (said[:, 6] == 0)]
    return float(telling[:, 1].mean()) if len(telling) else 0.0


def portions(rows: Sequence[Held], size: int, rng: np.random.Generator) -> Iterator[list[Held]]:
    """Batches of about one length without end: what was least learned from is drawn first, as often as its group is to
    be learned from."""
    shares = np.array([SHARES[one.group] * EASY.get(one.kind, 1.0) for one in rows]) * fair(rows)
    shares *= [1.0 if one.invented else NEWS for one in rows]
    true = np.array([one.true for one in rows])
    seen = np.zeros(len(rows))
    while True:
        drawn: list[int] = []
        for wanted, count in ((True, TRUE), (False, UNTRUE)):
            those = np.flatnonzero(true == wanted)
            odds = shares[those] / (1 + seen[those]) ** 2
            drawn += rng.choice(those, min(count, len(those)), replace=False, p=odds / odds.sum()).tolist()
        seen[drawn] += 1
        drawn.sort(key=lambda at: len(rows[at].tokens))
        groups = [drawn[i : i + size] for i in range(0, len(drawn), size)]
        for at in rng.permutation(len(groups)):
            yield [rows[i] for i in groups[at]]


def learn(below: Below, network: Network, rows: Sequence[Held], options: argparse.Namespace) -> None:
    """Batch after batch until the time is up; now and then, and at last, the running mean of the weights is written and
    told."""
    train, aside = ([one for one in rows if one.aside is wanted] for wanted in (False, True))
    aside = random.Random(0).sample(aside, min(REPORTED, len(aside)))
    training, rng = Training(network), np.random.default_rng(options.seed)
    began, losses = time.monotonic(), list[float]()
    training.quick.train()
    for some in portions(train, options.batch, rng):
        done = (time.monotonic() - began) / (60 * options.minutes)
        if done >= 1:
            break
        value = loss(below, training.quick, Given(some, HIDDEN))
        training.step(value, options.rate * (1 + math.cos(math.pi * done)) / 2)
        losses.append(value.item())
        if len(losses) % 50 == 0:
            print(f"step {len(losses)}, {done:.0%}: {np.mean(losses[-50:]):.3f}", flush=True)
        if len(losses) % TOLD == 0:
            write(training.mean, options.out)
            report(below, training.judged(), aside)
    write(training.mean, options.out)
    report(below, training.judged(), aside)


def write(network: nn.Module, path: Path) -> None:
    """The weights as the program reads them: the layers' tables in signed bytes with a scale for each row."""
    tensors: dict[str, npt.NDArray[Any]] = {}
    for name, value in network.state_dict().items():
        numbers = value.float().numpy()
        if name.startswith("layer.") and numbers.ndim == 2:
            scale = np.abs(numbers).max(axis=1) / 127
            tensors[name], tensors[name + SCALE] = np.rint(numbers / scale[:, None]).astype(np.int8), scale
        else:
            tensors[name] = numbers.astype(np.float16)
    save_file(tensors, path)


@torch.no_grad()
def report(below: Below, network: Network, aside: Sequence[Held]) -> None:
    """Of those set aside: how often an untrue one seems less likely than a true one of its file, by kinds."""
    network.eval()
    odds: dict[tuple[str, str], list[float]] = defaultdict(list)
    ordered = sorted(aside, key=lambda one: len(one.tokens))
    for i in range(0, len(ordered), 32):
        some = ordered[i : i + 32]
        given = Given(some)
        _, told = network(below(given.tokens, given.mask), given)
        for one, value in zip(some, told.tolist(), strict=True):
            odds[one.group.split()[0], one.kind].append(value)
    for (file, kind), untrue in sorted(odds.items()):
        true = np.array(odds[file, "paraphrase"])
        if kind != "paraphrase" and len(untrue) > 5:
            print(f"  {file:<14} {kind:<18} {(np.array(untrue)[:, None] > true).mean():.3f} (n={len(untrue)})")
    print(flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="weights to go on from, instead of the encoder's own")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    weights = load_file(encoder_folder() / "model.safetensors")
    if not SEEN.exists():
        SEEN.write_bytes(pickle.dumps([*held(articles() | invented(), parting(), random.Random(0))]))
    rows: list[Held] = pickle.loads(SEEN.read_bytes())
    print(f"{len(rows)} sentences, {sum(one.true for one in rows)} of them true", flush=True)
    network = Network(options.dropout)
    network.layer.load_state_dict(layers(weights, range(BELOW, BELOW + OWN)))
    if options.start:
        network.load_state_dict(restored(options.start))
    learn(Below(weights).to(torch.bfloat16).eval(), network, rows, options)


def restored(path: Path) -> dict[str, Tensor]:
    """Weights that `write` wrote."""
    return {name: torch.from_numpy(value) for name, value in tensors(path.read_bytes()).items()}


if __name__ == "__main__":
    main()
