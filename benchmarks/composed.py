"""What reaches the reader when a language model writes: of sentences that are borne out, and of those that are not.

A real server plays a model that writes one sentence an answer: the paraphrases of `pairs.jsonl` or of another file, and
as many untrue ones, made of them by the same seeded mutations as in `grounding.py`. Each travels the whole path: asked,
found, written, streamed, checked, and where it is not borne out given back once, when the model repeats it. Measured
with it: what that takes beside the calls of the model, and when the first sentence is out after the model ended it.

python benchmarks/composed.py [--index DIR] [--wrong] [--file examined.jsonl]
    (DIR: a collection of the news, as search.py makes it; --wrong: what is judged wrongly in the half in view)
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from attributions import articles
from forging import Pair, forge, written
from material import REPOSITORY, RESULTS
from rich.progress import track

from assistant import Assistant
from assistant.compose import REFUSAL, Model
from assistant.evaluation import rate
from assistant.llama import load_model
from assistant.records import Answer
from index import Index

sys.path.append(str(REPOSITORY / "tests"))
from model_server import Script, serve_model  # the server is the tests' own

WAITED = 30.0
"""Seconds that the model may take on a busy machine."""

HELD = 0.8
"""The share of a quote's words by which its passage is known in the prompt."""


@dataclass(frozen=True)
class Outcome:
    """A sentence that a model wrote, and what came of it.

    `asked`: the passage was found, so that the sentence could be written; `overhead`: seconds above the bare calls;
    `delay`: seconds from the sentence's end at the model till it was out, None where it never was.
    """

    pair: Pair
    asked: bool
    shown: bool
    why: str | None
    overhead: float
    delay: float | None


@dataclass(slots=True)
class Writer:
    """The model that the server plays: it writes the sentence at hand with the marker of its passage; `calls` tells
    whether the passage was there at each call, `ended` when the last reply was written."""

    pair: Pair | None = None
    calls: list[bool] = field(default_factory=list)
    ended: float = 0.0

    def reply(self, prompt: str) -> Iterator[str]:
        """The reply to a prompt, in two pieces."""
        number = passage(prompt, self.pair) if self.pair else None
        self.calls.append(number is not None)
        if self.pair and number:
            yield self.pair.sentence.rstrip(".")
            yield f" [{number}]."
        else:
            yield REFUSAL
        self.ended = time.perf_counter()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=RESULTS / "news-fp32")
    parser.add_argument("--wrong", action="store_true", help="print what is judged wrongly in the half in view")
    parser.add_argument("--file", choices=["pairs.jsonl", "examined.jsonl"], default="pairs.jsonl", help="the pairs")
    options = parser.parse_args()
    by_hand = written(options.file, articles())
    halves = ([pair for pair in by_hand if pair.viewed is viewed] for viewed in (True, False))
    played = [one for half in halves for one in scripted(half)]
    writer = Writer()
    with Index.open(options.index, create=False) as held, serve_model(Script(reply=writer.reply)) as server:
        model = load_model("openai-like:writer", server.url, None)
        assistant = Assistant(held, model)
        play(assistant, writer, played[0])  # what is loaded with the first question is not measured
        bare = float(np.median([call(model) for _ in range(20)]))
        outcomes = [play(assistant, writer, pair, bare) for pair in track(played, "asking")]
    report(outcomes, options.wrong, halved=options.file == "pairs.jsonl")


def scripted(by_hand: Sequence[Pair]) -> list[Pair]:
    """The true sentences and as many forgeries of them."""
    true = [pair for pair in by_hand if pair.supported]
    return [*true, *forge(by_hand, len(true))]


def play(assistant: Assistant, writer: Writer, pair: Pair, bare: float = 0.0) -> Outcome:
    """One sentence asked for, written by the model, and shown or not; `bare` are the seconds of a call by itself."""
    writer.pair, writer.calls = pair, []
    out, answer = None, None
    begun = time.perf_counter()
    outlets = [pair.article.outlet] if pair.article.outlet else []
    for piece in assistant.stream(" ".join(pair.quote.split())[:300], outlets=outlets, timeout=WAITED):
        if isinstance(piece, Answer):
            answer = piece
        elif piece and out is None:
            out = time.perf_counter()
    whole = time.perf_counter() - begun
    assert answer is not None
    shown = any(sentence.support == "supported" for sentence in answer.sentences)
    return Outcome(
        pair=pair,
        asked=any(writer.calls),
        shown=shown,
        why=answer.dropped[0].why if answer.dropped else None,
        overhead=whole - bare * len(writer.calls),
        delay=out - writer.ended if shown and out is not None else None,
    )


def passage(prompt: str, pair: Pair) -> int | None:
    """The number of the passage in the prompt that holds most of the quote; None when none does."""
    found = re.findall(r"Number: \[(\d+)\]\n(.*?)\n</passage", prompt, re.DOTALL)
    words = set(pair.quote.split())
    shares = [(len(words & set(text.split())) / len(words), int(number)) for number, text in found]
    share, number = max(shares, default=(0.0, 0), key=lambda one: one[0])
    return number if share > HELD else None


def call(model: Model) -> float:
    """Seconds that the model takes for a reply, by itself."""
    begun = time.perf_counter()
    list(model.stream("Who?", WAITED))
    return time.perf_counter() - begun


def report(played: Sequence[Outcome], wrong: bool, halved: bool) -> None:
    """How often each kind reaches the reader, with intervals, and by halves; the overhead and the delay."""
    counted = [one for one in played if one.asked]
    print(f"{len(played)} sentences; in {len(played) - len(counted)} the passage was not found, and they do not count")
    halves = {
        "in view while the rules were made": [one for one in counted if one.pair.viewed],
        "only measured": [one for one in counted if not one.pair.viewed],
    }
    for name, some in [("all", counted), *(halves.items() if halved else ())]:
        print(f"\n{name}: {len(some)} sentences")
        print(f"{'supported, shown':<24} {rate(one.shown for one in some if one.pair.supported)}")
        print(f"{'unsupported, stopped':<24} {rate(not one.shown for one in some if not one.pair.supported)}")
        for kind in sorted({one.pair.kind for one in some if not one.pair.supported}):
            print(f"  {kind:<22} {rate(not one.shown for one in some if one.pair.kind == kind)}")
    print("\nover the bare calls of the model: p50 {:.0f} ms, p95 {:.0f} ms".format(*_percentiles(
        [one.overhead for one in counted]
    )))  # fmt: skip
    print("first sentence out after the model ended it: p50 {:.0f} ms, p95 {:.0f} ms".format(*_percentiles(
        [one.delay for one in counted if one.delay is not None]
    )))  # fmt: skip
    for one in counted if wrong and halved else ():
        if one.shown != one.pair.supported and one.pair.viewed:
            print(f"\n{one.pair.kind}: {one.pair.sentence}\n  {one.why}\n  {' '.join(one.pair.quote.split())}")


def _percentiles(seconds: Sequence[float]) -> list[float]:
    """The median and the 95th of a hundred, in milliseconds."""
    return [float(one) for one in np.percentile([1000 * s for s in seconds], [50, 95])]


if __name__ == "__main__":
    main()
