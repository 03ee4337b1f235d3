"""How often grounding is right: on true sentences about spans of articles, and on untrue ones, by hand and by script.

`pairs.jsonl` holds the sentences in our own words, each with the span that it rests on; half of the untrue ones are
made here from the true ones, with the article's other figures and names. The pairs are halved by their articles: the
rules were made with one half in view, and the other only counts.

`examined.jsonl` holds 330 true and 220 untrue ones about 110 other articles, written as a language model answers, of
which no sentence was looked at: its totals alone are told. `claims.jsonl` (true sentences reworded freely, and untrue
ones that keep most of the quote's words) and `judged.jsonl` are what is learned from (learn_judging.py), but for an
eighth of the articles, on which they are judged here. That eighth weighs what is found (learn_grounding.py).

python benchmarks/grounding.py [--wrong] [--file examined.jsonl]
    (--wrong: what is judged wrongly in the half in view; --file: the pairs, instead of pairs.jsonl)
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np
from attributions import articles, invented
from forging import TRUE, Pair, forge, written
from judged import aside

from assistant import grounding
from assistant.evaluation import rate

SEEN = "pairs.jsonl"
OTHERS = ("examined.jsonl", "claims.jsonl", "judged.jsonl")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="print what is judged wrongly in the half in view")
    parser.add_argument("--file", choices=[SEEN, *OTHERS], default=SEEN, help="the pairs to judge")
    options = parser.parse_args()
    if options.file == SEEN:
        report(pairs(), options.wrong)
    else:
        by_kind([(pair, judged(pair)) for pair in others(options.file)])


def judged(pair: Pair) -> grounding.Verdict:
    return grounding.judge(pair.sentence, [pair.quote], pair.known)


def pairs() -> list[Pair]:
    """All pairs: those of the file, then in each half as many forgeries as it has untrue sentences by hand."""
    by_hand = written(SEEN, articles())
    halves = ([pair for pair in by_hand if pair.viewed], [pair for pair in by_hand if not pair.viewed])
    return by_hand + [one for half in halves for one in as_many(half)]


def others(name: str) -> list[Pair]:
    """The pairs of another file that nothing was learned from, and as many forgeries as untrue ones by hand."""
    held = articles() | invented()
    by_hand = [pair for pair in written(name, held) if name == "examined.jsonl" or aside(pair.article.id)]
    return by_hand + as_many(by_hand)


def as_many(by_hand: Sequence[Pair]) -> list[Pair]:
    """As many forgeries as there are untrue sentences."""
    return forge(by_hand, sum(not pair.supported for pair in by_hand))


def report(pairs: Sequence[Pair], wrong: bool) -> None:
    """How often each kind is judged rightly, by halves, and the time that a judgement takes."""
    verdicts: list[tuple[Pair, grounding.Verdict]] = []
    seconds = []
    for pair in pairs:
        begun = time.process_time()
        verdicts.append((pair, judged(pair)))
        seconds.append(time.process_time() - begun)
    for name, viewed in (("in view while the rules were made", True), ("only measured", False)):
        half = [(pair, verdict) for pair, verdict in verdicts if pair.viewed is viewed]
        print(f"\n{name}: {len({pair.article.id for pair, _ in half})} articles")
        by_kind(half)
    print("\nprocessor ms: p50 {:.1f}, p95 {:.1f}".format(*np.percentile([1000 * s for s in seconds], [50, 95])))
    for pair, verdict in verdicts if wrong else ():
        if pair.viewed and verdict.supported != pair.supported:
            quote = " ".join(pair.quote.split())
            print(f"\n{pair.kind}: {pair.sentence}\n  {verdict.why}\n  {pair.article.id} {pair.article.day}: {quote}")


def by_kind(some: Sequence[tuple[Pair, grounding.Verdict]]) -> None:
    """How often each kind is judged rightly."""
    row("supported", [one for one in some if one[0].supported])
    row("unsupported", [one for one in some if not one[0].supported])
    row("  by hand", [one for one in some if not one[0].supported and not one[0].scripted])
    if forged := [one for one in some if one[0].scripted]:
        row("  by script", forged)
    for kind in sorted({pair.kind for pair, _ in some} - {TRUE}):
        row(f"    {kind}", [one for one in some if one[0].kind == kind])


def row(name: str, judged: Sequence[tuple[Pair, grounding.Verdict]]) -> None:
    print(f"{name:<22} {rate(verdict.supported == pair.supported for pair, verdict in judged)}")


if __name__ == "__main__":
    main()
