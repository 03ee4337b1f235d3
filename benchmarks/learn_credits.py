"""Learn index/weights/credits.safetensors: who is credited, by which words, with what, read off the encoder's tokens.

The encoder's two upper layers get a second life: a copy of them, fine-tuned over the four lower ones, which stay as
they are, so that embeddings do not change. On it stand two small heads. One tells for each token whether a cue, a
source or a content begins or goes on there; the other, for a cue and any token, whether that is the cue's source, its
content, or more of the cue. Learned on the articles marked for `train`; how surprised they are by `dev` is told after
each pass. The rate falls to nothing over the minutes given; what is kept is a running mean of the weights. With
--mean, weights learned with several seeds from one start are made one, which is better than each.

    python benchmarks/learn_credits.py [--minutes 60] [--start FILE] [--device cuda] [--threads 1] [--out FILE]
    python benchmarks/learn_credits.py --mean FILE FILE ... [--out FILE]

The weights of today: nine passes at 0.1 dropout; from there twice two more at a rate of 1.5e-4, seeds 11 and 12, once
with --dropout 0.2 --missing 0.1, once with --dropout 0.15 --missing 0.05; the mean of the two.

A pass takes 5 minutes on one core that multiplies bfloat16 (AVX-512) and has nothing else to do.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import attributions
import material
import numpy as np
import numpy.typing as npt
import torch
from attributions import Marked
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as fn
from training import Training

from index.credits import headlines
from index.encoders import load_encoder
from index.folding import fold
from index.records import Passage, Span

TARGET = material.REPOSITORY / "index" / "weights" / "credits.safetensors"
SHARED, BRANCH = 4, 2
"""Layers below, shared with the embedding, and above, a copy of the encoder's own."""

WIDTH, HEADS, WIDE = 384, 12, 1536
PAIR, ROLES, REACH, KEYS = 64, 4, 64, 64
"""Of the head for pairs: its width, roles (none, source, content, cue), how far places tell apart, width of keys."""

TAGS = 9
"""For cue, source and content each: outside, begins, goes on."""

CACHE = material.RESULTS / "credits"

Bytes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Frame:
    """One cue (a run of tokens) and for each token of the passage what it is to it: see ROLES."""

    cue: Span
    roles: Bytes


@dataclass(frozen=True)
class Reading:
    """One annotator's marks in one passage: tags (3, tokens) of cue, source and content, and the frames."""

    tags: Bytes
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class Example:
    """A passage's token ids with the special ones, and what each annotator of the article marked there."""

    ids: npt.NDArray[np.int32]
    readings: tuple[Reading, ...]


Row = tuple[Example, Tensor]
"""A passage and the shared layers' output for it, (tokens, dimensions)."""


class Tokens:
    """A passage's tokens as the encoder sees them, and where each stands in the article."""

    def __init__(self, tokenizer: Tokenizer, passage: Passage) -> None:
        folded = fold(passage.text)
        encoding = tokenizer.encode(folded.text)
        self.ids = np.array(encoding.ids[:256], np.int32)
        self.places = np.array(
            [(0, 0) if a == b else folded.span(a, b) for a, b in encoding.offsets[: len(self.ids)]], np.int64
        )
        self.places += passage.start * (self.places[:, 1] > self.places[:, 0])[:, None]

    def covered(self, span: Span) -> Span:
        """The range of tokens that share a character with it."""
        starts, ends = self.places.T
        inside = np.flatnonzero((starts < span[1]) & (span[0] < ends) & (starts < ends))
        return (int(inside[0]), int(inside[-1]) + 1) if inside.size else (0, 0)


def mark(tokens: Tokens, passage: Passage, marked: Marked) -> Reading:
    """What an annotator marked, as tags and frames of the passage's tokens."""
    tags = np.zeros((3, len(tokens.ids)), np.int8)
    frames = []

    def ranges(spans: Sequence[Span]) -> list[Span]:
        found = [tokens.covered(span) for span in attributions.within(spans, passage.start, passage.end)]
        return [span for span in found if span[0] < span[1]]

    # The longest first: what is nested in another thing of its kind does not show in the tags, only in the frames.
    for row, things in enumerate((marked.cues, marked.sources, marked.contents)):
        taken = np.zeros(len(tokens.ids), bool)
        for start, end in sorted((s for spans in things for s in ranges(spans)), key=lambda s: s[0] - s[1]):
            if not taken[start:end].any():
                tags[row, start], tags[row, start + 1 : end] = 1, 2
                taken[start:end] = True
    for one in marked.attributions:
        cues = ranges(one.cue)
        for cue in cues:
            roles = np.zeros(len(tokens.ids), np.int8)
            for role, spans in ((2, ranges(one.content)), (1, ranges(one.source)), (3, cues)):
                for start, end in spans:
                    roles[start:end] = role
            frames.append(Frame(cue, roles))
    return Reading(tags, tuple(frames))


def examples(part: str, tokenizer: Tokenizer) -> list[Example]:
    """Every passage of the articles marked for `train` or `dev`."""
    encoder, articles = load_encoder(), attributions.articles()
    by_article: dict[str, list[Marked]] = {}
    for one in attributions.marked(part):
        by_article.setdefault(one.article, []).append(one)
    found = []
    for name, files in by_article.items():
        for passage in (*headlines(articles[name]), *attributions.split(articles[name], encoder)):
            tokens = Tokens(tokenizer, passage)
            found.append(Example(tokens.ids, tuple(mark(tokens, passage, one) for one in files)))
    return found


class Layer(nn.Module):
    """One of BERT's layers, its parts named as in the encoder's weights."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.dropout = dropout
        self.attention = nn.ModuleDict({"self": _Heads(), "output": _Joined(WIDTH)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(WIDTH, WIDE)})
        self.output = _Joined(WIDE)

    def forward(self, given: Tensor, mask: Tensor) -> Tensor:
        middle = self.attention["output"](self.attention["self"](given, mask), given, self._drop)
        wide = fn.gelu(self.intermediate["dense"](middle))
        result: Tensor = self.output(wide, middle, self._drop)
        return result

    def _drop(self, values: Tensor) -> Tensor:
        """Some dimensions of a text forgotten at all its tokens alike: cheaper than token by token."""
        return fn.dropout1d(values.transpose(1, 2), self.dropout, self.training).transpose(1, 2)


class _Heads(nn.Module):
    """Self-attention. Not torch's fused one, which is slower on a CPU."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))

    def forward(self, given: Tensor, mask: Tensor) -> Tensor:
        texts, length, _ = given.shape
        query, key, value = (
            part(given).view(texts, length, HEADS, -1).transpose(1, 2).reshape(texts * HEADS, length, -1)
            for part in (self.query, self.key, self.value)
        )
        unseen = given.new_zeros(mask.shape).masked_fill(~mask, -1e4).repeat_interleave(HEADS, 0)[:, None, :]
        scores = torch.baddbmm(unseen, query / math.sqrt(WIDTH // HEADS), key.transpose(1, 2))
        attended = torch.bmm(scores.softmax(-1), value).view(texts, HEADS, length, -1)
        return attended.transpose(1, 2).reshape(texts, length, WIDTH)


class _Joined(nn.Module):
    """A product back to the layer's width, added to what was given and normalised."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, WIDTH)
        self.LayerNorm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, values: Tensor, given: Tensor, drop: Callable[[Tensor], Tensor]) -> Tensor:
        result: Tensor = self.LayerNorm(drop(self.dense(values)) + given)
        return result


class Tagger(nn.Module):
    """The branch and its heads, over the output of the shared layers."""

    def __init__(self, dropout: float = 0.1, missing: float = 0.0) -> None:
        super().__init__()
        self.missing = missing
        self.layer = nn.ModuleList(Layer(dropout) for _ in range(BRANCH))
        self.drop = nn.Dropout(dropout)
        self.tags = nn.Linear(WIDTH, TAGS)
        self.cue = nn.Linear(WIDTH, PAIR)
        self.token = nn.Linear(WIDTH, PAIR, bias=False)
        self.place = nn.Embedding(2 * REACH + 1, PAIR)
        self.roles = nn.Linear(PAIR, ROLES)
        self.asks = nn.Linear(WIDTH, ROLES * KEYS)
        self.key = nn.Linear(WIDTH, KEYS, bias=False)
        nn.init.normal_(self.place.weight, std=0.02)

    def read(self, given: Tensor, mask: Tensor) -> Tensor:
        if self.training and self.missing:  # whole tokens are left out, so that those around them must tell
            given = given * (torch.rand(given.shape[:2], device=given.device) >= self.missing)[:, :, None]
        for layer in self.layer:
            given = layer(given, mask)
        result: Tensor = self.drop(given)
        return result

    def pairs(self, read: Tensor, texts: Tensor, cues: Tensor) -> Tensor:
        """For each cue (its text and range of tokens) the roles' scores of all tokens, `(cues, tokens, roles)`."""
        places = torch.arange(read.shape[1], device=read.device)
        starts, ends = cues[:, :1], cues[:, 1:]
        inside = ((places >= starts) & (places < ends)).to(read.dtype)
        inside = inside / inside.sum(1, keepdim=True)
        mine = read[texts]
        of_cue = (inside[:, None, :] @ torch.cat([self.cue(read), self.asks(read)], -1)[texts])[:, 0]
        far = torch.where(places < starts, places - starts, torch.clamp(places - ends + 1, min=0))
        met = fn.relu(of_cue[:, None, :PAIR] + self.token(read)[texts] + self.place(far.clamp(-REACH, REACH) + REACH))
        asked = of_cue[:, PAIR:].view(-1, ROLES, KEYS)
        scores: Tensor = self.roles(met) + (self.key(mine) @ asked.transpose(1, 2)) / math.sqrt(KEYS)
        return scores


@dataclass(frozen=True)
class Batch:
    """Texts padded to one length: shared layers' output, mask, tags, and all cues with their text, range and roles."""

    given: Tensor
    mask: Tensor
    tags: Tensor
    texts: Tensor
    cues: Tensor
    roles: Tensor

    def to(self, device: str) -> Batch:
        return Batch(*(value.to(device) for value in vars(self).values()))


def batch(chosen: Sequence[tuple[Example, Reading, Tensor]]) -> Batch:
    """Those passages, each as one annotator marked it, with the shared layers' output for it."""
    length = max(len(example.ids) for example, _, _ in chosen)
    given = torch.zeros(len(chosen), length, WIDTH, dtype=torch.bfloat16)
    mask = torch.zeros(len(chosen), length, dtype=torch.bool)
    tags = torch.full((len(chosen), length, 3), -1)
    texts, cues, roles = [], [], []
    for row, (example, reading, output) in enumerate(chosen):
        own = len(example.ids)
        given[row, :own] = output
        mask[row, :own] = True
        tags[row, :own] = torch.from_numpy(reading.tags.T.astype(np.int64))
        for frame in reading.frames:
            texts.append(row)
            cues.append(frame.cue)
            roles.append(np.pad(frame.roles.astype(np.int64), (0, length - own), constant_values=-1))
    return Batch(
        given,
        mask,
        tags,
        torch.tensor(texts, dtype=torch.long),
        torch.tensor(cues, dtype=torch.long).view(-1, 2),
        torch.from_numpy(np.array(roles, np.int64).reshape(-1, length)),
    )


def batches(rows: Sequence[Row], size: int, seed: int) -> Iterator[Batch]:
    """All passages in random order, those of like length together, each as a random annotator of its article did."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(rows))
    groups = []
    for start in range(0, len(order), size * 20):
        near = sorted(order[start : start + size * 20], key=lambda i: len(rows[i][0].ids))
        groups += [near[i : i + size] for i in range(0, len(near), size)]
    for group in random.permutation(len(groups)):
        chosen = []
        for i in groups[group]:
            example, output = rows[i]
            chosen.append((example, example.readings[random.integers(len(example.readings))], output))
        yield batch(chosen)


def loss(tagger: Tagger, one: Batch) -> Tensor:
    """How surprised the tagger is: by the tags, cues' in full and the others' at a half, and by the roles."""
    read = tagger.read(one.given, one.mask)
    tags = tagger.tags(read).float().view(*one.tags.shape, 3)
    total = torch.zeros((), device=read.device)
    for row, weight in enumerate((1.0, 0.5, 0.5)):
        right = one.tags[:, :, row].flatten()
        total = total + weight * fn.cross_entropy(tags[:, :, row].flatten(0, 1), right, ignore_index=-1)
    if len(one.texts):
        scores = tagger.pairs(read, one.texts, one.cues).float()
        total = total + 2 * fn.cross_entropy(scores.flatten(0, 1), one.roles.flatten(), ignore_index=-1)
    return total


def shared(found: Sequence[Example], weights: dict[str, Tensor], device: str) -> list[Tensor]:
    """The shared layers' output for each passage, at half precision."""
    lower = nn.ModuleList(Layer(0.0) for _ in range(SHARED)).eval().to(device)
    lower.load_state_dict(layers(weights, range(SHARED)))
    words, places, kinds = (
        weights[f"embeddings.{name}_embeddings.weight"].to(device) for name in ("word", "position", "token_type")
    )
    gain, bias = (weights[f"embeddings.LayerNorm.{name}"].to(device) for name in ("weight", "bias"))
    outputs = [torch.empty(0)] * len(found)
    order = sorted(range(len(found)), key=lambda i: len(found[i].ids))
    with torch.no_grad(), _quick(device):
        for start in range(0, len(order), 16):
            group = order[start : start + 16]
            length = len(found[group[-1]].ids)
            ids = torch.zeros(len(group), length, dtype=torch.long)
            mask = torch.zeros(len(group), length, dtype=torch.bool)
            for row, i in enumerate(group):
                ids[row, : len(found[i].ids)] = torch.from_numpy(found[i].ids)
                mask[row, : len(found[i].ids)] = True
            given = fn.layer_norm(words[ids.to(device)] + places[:length] + kinds[0], (WIDTH,), gain, bias, 1e-12)
            for layer in lower:
                given = layer(given, mask.to(device))
            for row, i in enumerate(group):
                outputs[i] = given[row, : len(found[i].ids)].to("cpu", torch.float16)
    return outputs


def layers(weights: dict[str, Tensor], numbers: range) -> dict[str, Tensor]:
    """Those layers' weights, numbered from 0."""
    names = {f"encoder.layer.{number}.": f"{i}." for i, number in enumerate(numbers)}
    return {
        new + name.removeprefix(old): value
        for old, new in names.items()
        for name, value in weights.items()
        if name.startswith(old)
    }


def _quick(device: str) -> torch.autocast:
    """Matrix products in bfloat16, which newer processors multiply twice as fast."""
    return torch.autocast(device, dtype=torch.bfloat16)


def learn(rows: Sequence[Row], dev: Sequence[Row], tagger: Tagger, options: argparse.Namespace) -> None:
    """Pass after pass over the rows until the time is up; after each the running mean of the weights is written."""
    device = options.device
    training = Training(tagger.to(device))
    began, done = time.monotonic(), 0.0
    for number in itertools.count(1):
        losses: list[float] = []
        training.quick.train()
        for one in batches(rows, options.batch, number + options.seed):
            done = (time.monotonic() - began) / (60 * options.minutes)
            if done >= 1:
                break
            value = loss(training.quick, one.to(device))
            training.step(value, options.rate * (1 + math.cos(math.pi * done)) / 2)
            losses.append(value.item())
        with torch.no_grad():
            judged = training.judged()
            surprise = np.mean([loss(judged, one.to(device)).item() for one in batches(dev, options.batch, 0)])
        minutes = (time.monotonic() - began) / 60
        print(f"pass {number}, {minutes:.0f} min: train {np.mean(losses or [0.0]):.3f}, dev {surprise:.3f}", flush=True)
        kept = training.mean.state_dict()
        save_file({name: value.half().contiguous() for name, value in kept.items()}, options.out)
        if done >= 1:
            return


def cached(part: str, weights: dict[str, Tensor], device: str) -> list[Row]:
    """The passages marked for `train` or `dev`, with the shared layers' output, which is kept (1.5 kB a token)."""
    tokenizer = Tokenizer.from_file(str(material.encoder_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    found = examples(part, tokenizer)
    same = hashlib.sha256(b"".join(example.ids.tobytes() for example in found)).hexdigest()[:12]
    path = CACHE / f"{part}-{same}.safetensors"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        save_file({"tokens": torch.cat(shared(found, weights, device))}, path)
    outputs = torch.split(load_file(path)["tokens"], [len(example.ids) for example in found])
    return list(zip(found, outputs, strict=True))


def mean(several: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of several taggers' weights, tensor by tensor."""
    return {
        name: torch.stack([one[name].float() for one in several]).mean(0).half().contiguous() for name in several[0]
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--missing", type=float, default=0.0, help="share of tokens that are left out while learning")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mean", type=Path, nargs="+", metavar="FILE", help="learn nothing: the mean of these weights")
    parser.add_argument("--start", type=Path, help="weights to go on from, instead of the encoder's own")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1, help="more are slower where other programs run")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    if options.mean:
        save_file(mean([load_file(path) for path in options.mean]), options.out)
        return
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    weights = load_file(material.encoder_folder() / "model.safetensors")
    dev, train = (cached(part, weights, options.device) for part in ("dev", "train"))
    print(f"train: {len(train)} passages and headlines, {sum(len(one.ids) for one, _ in train)} tokens", flush=True)
    tagger = Tagger(options.dropout, options.missing)
    tagger.layer.load_state_dict(layers(weights, range(SHARED, SHARED + BRANCH)))
    if options.start:
        tagger.load_state_dict({name: value.float() for name, value in load_file(options.start).items()})
    learn(train, dev, tagger, options)


if __name__ == "__main__":
    main()
