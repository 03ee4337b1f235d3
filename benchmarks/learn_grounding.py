"""Learn assistant/weights/grounding.json: how much each rule's finding and the network's odds count against a sentence.

Learned from sentences in our own words about spans of articles, those that the network has not learned from: of
claims.jsonl and judged.jsonl what it sets aside, and the half of pairs.jsonl in view. True ones, forgeries of them made
by script, untrue ones by hand, and true ones held against another passage of their article. The untrue ones by hand of
claims.jsonl only report: they keep more of the quotes' words than its true ones do, which no rule should learn. All
weights count against a sentence, so that what is found amiss can never speak for it.

    python benchmarks/learn_grounding.py [--index DIR]      (DIR: a collection of the news, as search.py makes it)
"""

from __future__ import annotations

import argparse
import json
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from attributions import INVENTED, articles, invented
from forging import FORGERIES, MAKERS, Pair, written
from judged import aside
from logistic import fitted
from material import REPOSITORY, RESULTS
from rich.progress import track

from assistant import grounding
from assistant.extract import touching
from assistant.orders import without_orders
from assistant.vouching import vouching
from index import Index

TARGET = REPOSITORY / "assistant" / "weights" / "grounding.json"
DRAWS = {
    "claims.jsonl": {"number": 3, "speaker": 3},
    "judged.jsonl": {"number": 2, "speaker": 3, "hedge": 2},
    "pairs.jsonl": dict.fromkeys(FORGERIES, 5),
}
"""How often a kind of forgery is drawn of each true sentence; once where nothing is said."""
SHARES = {
    ("claims.jsonl", "paraphrase"): 0.5, ("claims.jsonl", "forged"): 0.5, ("judged.jsonl", "paraphrase"): 1.5,
    ("judged.jsonl", "forged"): 1.0, ("judged.jsonl", "by hand"): 0.5, ("invented.jsonl", "paraphrase"): 0.6,
    ("invented.jsonl", "forged"): 0.4, ("invented.jsonl", "by hand"): 0.2, ("pairs.jsonl", "paraphrase"): 1.0,
    ("pairs.jsonl", "forged"): 0.7, ("pairs.jsonl", "by hand"): 0.3, ("", "elsewhere"): 0.2,
}  # fmt: skip
"""How much each group counts in learning, among them the kinds of forgery alike; what is not named only reports. Those
about invented articles are a group of their own."""
OF_INVENTED = 0.3
"""The share of what is told about invented articles that is learned from: there is much of it."""
STRENGTH = 0.003
"""Of the penalty on the squares of the weights."""
LEAN = -0.05
"""By how much the line is drawn on the side of doubt; below zero on that of trust. Here nine in ten true sentences are
borne out, in the pairs and on the way to the reader."""
LEAST = {
    **dict.fromkeys("statements opposites certainty senses bound hedges days".split(), 1.5),
    "names": 1.5, "denials": 2.0, "brief": 2.2,
}  # fmt: skip
"""How much such a rule's finding counts at least. Where the network was learned it knows most of them by itself, but
not on what it has never met."""
FOLDS = 5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A sentence held against a text: its group, its kind, the article (which keeps to one fold), what is found."""

    file: str
    group: str
    kind: str
    article: str
    found: dict[str, float]

    @property
    def true(self) -> bool:
        return self.group == "paraphrase"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=RESULTS / "news-fp32")
    options = parser.parse_args()
    with TemporaryDirectory() as folder, Index.open(options.index, create=False) as news, Index.open(folder) as ours:
        ours.add([INVENTED])
        known = invented()
        rows = [
            row
            for name in DRAWS
            for pair, kind in track(pairs(name), name)
            for row in (
                held(INVENTED.name, pair, kind, ours) if pair.article.id in known else held(name, pair, kind, news)
            )
        ]
    names = sorted({name for row in rows for name in row.found})
    table = np.array([[row.found.get(name, 0.0) for name in names] for row in rows])
    true = np.array([row.true for row in rows])
    folds = np.array([zlib.crc32(row.article.encode()) % FOLDS for row in rows])
    settled = table[:, [names.index(name) for name in sorted(grounding.SURE)]].any(axis=1)
    trust = np.zeros(len(rows))
    for fold in range(FOLDS):
        weights, always = learn(table, names, true, shares(rows, folds != fold))
        trust[folds == fold] = always - table[folds == fold] @ weights
    right = report(rows, ((trust >= LEAN) & ~settled) == true)
    weights, always = learn(table, names, true, shares(rows, np.ones(len(rows), bool)))
    TARGET.write_text(
        json.dumps(
            {
                "about": "Weights of the rules of assistant/faults.py and of the odds of assistant/judging.py, learned"
                " by benchmarks/learn_grounding.py from sentences of our own about news articles of 2015 and 2016,"
                " which are no part of the project, and about articles that we invented.",
                "sentences": len(rows),
                "strength": STRENGTH,
                "cross_validated": right,
                "always": round(float(always) - LEAN, 4),
                "weights": {
                    name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True) if weight > 0.01
                },
            },
            indent=2,
        )
        + "\n",
        encoding="utf-8",
    )
    print(f"written: {TARGET}")


def pairs(name: str) -> list[tuple[Pair, str]]:
    """The pairs of a file, as far as they may be looked at, and their forgeries, each with its group."""
    news, rng = articles(), random.Random(0)

    def usable(pair: Pair) -> bool:
        return aside(pair.article.id) and (pair.article.id in news or rng.random() < OF_INVENTED)

    unseen = [pair for pair in written(name, news | invented()) if name == "pairs.jsonl" or usable(pair)]
    by_hand = [pair for pair in unseen if pair.viewed or name != "pairs.jsonl"]
    true = [pair for pair in by_hand if pair.supported]
    forged = {
        (one.article.id, one.sentence): replace(one, kind=kind)
        for kind, make in MAKERS.items()
        for draw in range(DRAWS[name].get(kind, 1))
        for rng in [random.Random(draw)]
        for pair in true
        for one in make(pair, rng)
        if one.sentence != pair.sentence
    }
    return [
        *((pair, "paraphrase" if pair.supported else "by hand") for pair in by_hand),
        *((pair, "forged") for pair in forged.values()),
        *((pair, "elsewhere") for pair in true),
    ]


def held(name: str, pair: Pair, group: str, news: Index) -> Iterator[Row]:
    """A pair as a model's sentence is judged, by the nearest part of its passage; those of pairs.jsonl and judged.jsonl
    by their quote as well."""
    passages = news.passages(pair.article.id)
    own = max(passages, key=lambda one: min(one.end, pair.end) - max(one.start, pair.start))
    if group == "elsewhere":
        others = [one for one in passages if one.key != own.key]
        if not others:
            return
        own = random.Random(pair.sentence).choice(others)
    near = grounding.nearest(pair.sentence, without_orders(own.text))
    credits = touching(news.credits(pair.article.id), (own.start, own.end))
    yield row(name, pair, group, near, vouching(pair.article, own.text, (credit.name for credit in credits)))
    if name != "claims.jsonl" and group != "elsewhere":
        yield row(name, pair, group, pair.quote, pair.known)


def row(name: str, pair: Pair, group: str, quote: str, known: Sequence[str]) -> Row:
    kind = group if group == "elsewhere" else pair.kind
    return Row(name, group, kind, pair.article.id, grounding.findings(pair.sentence, [quote], known))


def shares(rows: Sequence[Row], chosen: npt.NDArray[np.bool_]) -> Floats:
    """How much each row counts: what its group does, the kinds of forgery alike; nothing where it is not chosen."""
    groups = [(row.file if row.group != "elsewhere" else "", row.group) for row in rows]
    weights = np.zeros(len(rows))
    for group, share in SHARES.items():
        kinds = FORGERIES if group[1] == "forged" else [None]
        for kind in kinds:
            here = np.array([g == group and kind in (None, row.kind) for g, row in zip(groups, rows, strict=True)])
            here &= chosen
            if here.any():
                weights[here] = share / len(kinds) / here.sum()
    total: Floats = weights / weights.sum()
    return total


def learn(table: Floats, names: Sequence[str], true: npt.NDArray[np.bool_], shares: Floats) -> tuple[Floats, float]:
    """Logistic regression with weights that only count against: what each finding counts, and what speaks for all."""
    spread = table.std(axis=0) + 1e-3
    least = [(LEAST.get(name, 0.0) * float(one), None) for name, one in zip(names, spread, strict=True)]
    weights, always = fitted(-table / spread, true, least, STRENGTH, shares)
    return weights / spread, always


def report(rows: Sequence[Row], right: npt.NDArray[np.bool_]) -> dict[str, float]:
    """How often each group is judged rightly, printed, and returned by the group's name."""
    found: dict[str, list[bool]] = {}
    for one, ok in zip(rows, right, strict=True):
        for name in (f"{one.file} {one.group}", f"{one.file} {one.group}: {one.kind}"):
            found.setdefault(name, []).append(bool(ok))
    for name, some in sorted(found.items()):
        print(f"{name:<42} {np.mean(some):.3f} (n={len(some)})")
    return {name: round(float(np.mean(some)), 3) for name, some in sorted(found.items()) if ":" not in name}


if __name__ == "__main__":
    main()
