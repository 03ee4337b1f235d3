"""What reaches the reader when a language model writes: of sentences that are borne out, and of those that are not.

A real server plays a model that writes one sentence an answer: the paraphrases of `pairs.jsonl` in the half of the
articles with which the rules were not made, and as many untrue ones, made of them by the same seeded mutations as in
`grounding.py`. Each travels the whole path: asked, found, written, streamed, checked, and where it is not borne out
given back once, when the model repeats it. What all that takes beside the calls of the model is measured with it.

python benchmarks/composed.py [--all] [--wrong]      (--all: the half in view too; --wrong: what is judged wrongly)
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from grounding import Pair, forge, pairs
from material import REPOSITORY, news

from assistant import Assistant
from assistant.compose import Model
from assistant.evaluation import rate
from assistant.llama import load_model
from index import Index

sys.path.append(str(REPOSITORY / "tests"))
from model_server import Script, serve_model  # the server is the tests' own


@dataclass(frozen=True)
class Outcome:
    """A sentence that a model wrote, whether it reached the reader, and the seconds above the bare call."""

    pair: Pair
    asked: bool
    shown: bool
    why: str | None
    overhead: float


WAITED = 120.0
"""Seconds that the model may take on a busy machine."""

HELD = 0.8
"""The share of a quote's words by which its passage is known in the prompt."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="the half in view while the rules were made, too")
    parser.add_argument("--wrong", action="store_true", help="print what is judged wrongly in the half in view")
    given = parser.parse_args()
    written = [pair for pair in pairs() if not pair.scripted and (given.all or not pair.viewed)]
    true = [pair for pair in written if pair.supported]
    names = {pair.article.id for pair in written}
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "news") as held:
        lines = [line for line in news().read_text("utf-8").splitlines() if json.loads(line)["id"] in names]
        (Path(folder) / "articles.jsonl").write_text("\n".join(lines), "utf-8")
        held.add([Path(folder) / "articles.jsonl"])
        report([play(held, pair) for pair in [*true, *forge(written, len(true))]], given.wrong)


def play(held: Index, pair: Pair) -> Outcome:
    """One sentence asked for, written by the model, and shown or not."""

    def reply(prompt: str) -> Sequence[str]:
        number = passage(prompt, pair)
        prompts.append(number)
        return (pair.sentence.rstrip("."), f" [{number}].") if number else ("The collection does not say.",)

    prompts: list[int | None] = []
    with serve_model(Script(reply=reply)) as server:
        model = load_model("openai-like:writer", server.url, None)
        bare = call(model)
        begun = time.perf_counter()
        answer = Assistant(held, model).ask(" ".join(pair.quote.split())[:300], outlets=outlets(pair), timeout=WAITED)
        whole = time.perf_counter() - begun
    why = answer.dropped[0].why if answer.dropped else None
    shown = any(sentence.support == "supported" for sentence in answer.sentences)
    return Outcome(pair, bool(prompts and prompts[0]), shown, why, whole - bare * len(prompts))


def outlets(pair: Pair) -> list[str]:
    return [pair.article.outlet] if pair.article.outlet else []


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


def report(played: Sequence[Outcome], wrong: bool) -> None:
    """How often each kind reaches the reader, with intervals, and the overhead."""
    counted = [one for one in played if one.asked]
    print(f"{len(played)} sentences; in {len(played) - len(counted)} the passage was not found, and they do not count")
    print(f"{'supported, shown':<24} {rate(one.shown for one in counted if one.pair.supported)}")
    print(f"{'unsupported, stopped':<24} {rate(not one.shown for one in counted if not one.pair.supported)}")
    for kind in sorted({one.pair.kind for one in counted if not one.pair.supported}):
        print(f"  {kind:<22} {rate(not one.shown for one in counted if one.pair.kind == kind)}")
    middle, high = np.percentile([1000 * one.overhead for one in counted], [50, 95])
    print(f"over the bare calls of the model: p50 {middle:.0f} ms, p95 {high:.0f} ms")
    for one in counted if wrong else ():
        if one.shown != one.pair.supported and one.pair.viewed:
            print(f"\n{one.pair.kind}: {one.pair.sentence}\n  {one.why}\n  {' '.join(one.pair.quote.split())}")


if __name__ == "__main__":
    main()
