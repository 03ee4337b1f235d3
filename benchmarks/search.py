"""How often a search finds the passage with the answer, and how fast: the suites over the 1,008 articles.

python benchmarks/search.py [--index DIR] [--precision int8] [--stock]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from ingest import built_stock, stock_search
from material import ENCODER, RESULTS, news, suite

from assistant.evaluation import Case, Quoted, retrieval
from index import Index

SUITES = ("facts", "provenance", "train")
LIMIT = 10


def main() -> None:
    options = _options()
    suites = {name: suite(name) for name in SUITES}
    folder = options.index or RESULTS / f"news-{options.precision}"
    with Index.open(folder, encoder=ENCODER, precision=options.precision) as index:
        print(f"{folder}: adding what is missing ...", file=sys.stderr)
        index.add([news()])

        def search(question: str) -> list[Quoted]:
            return [(hit.passage.article_id, hit.passage.text) for hit in index.search(question, limit=LIMIT)]

        print(HEAD)
        for name, cases in suites.items():
            print(row(f"whence {options.precision}", name, search, cases))
    if options.stock:
        stock = stock_search(built_stock(), LIMIT)
        for name, cases in suites.items():
            print(row("stock", name, stock, cases))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, metavar="DIR", help="the collection (default: one in benchmarks/results)")
    parser.add_argument("--precision", choices=("fp32", "int8"), default="fp32", help="of the encoder's weights")
    parser.add_argument("--stock", action="store_true", help="LlamaIndex's stock pipeline as well")
    return parser.parse_args()


HEAD = (
    f"{'':<12} {'':<11}"
    + "".join(f"{head:<26}" for head in ("first", "in five", "in ten"))
    + f"{'p50 ms':>8}{'p95 ms':>8}"
)


def row(pipeline: str, name: str, search: Callable[[str], list[Quoted]], cases: list[Case]) -> str:
    """One suite's rates and times as a line of text; three questions are asked beforehand, to warm up."""
    for case in cases[:3]:
        search(case.question)
    seconds: list[float] = []

    def timed(question: str) -> list[Quoted]:
        start = time.perf_counter()
        hits = search(question)
        seconds.append(time.perf_counter() - start)
        return hits

    rates = retrieval(timed, cases)
    middle, slow = np.percentile(seconds, [50, 95]) * 1000
    return (
        f"{pipeline:<12} {name:<11}"
        + "".join(f"{rate!s:<26}" for rate in rates.values())
        + f"{middle:>8.1f}{slow:>8.1f}"
    )


if __name__ == "__main__":
    main()
