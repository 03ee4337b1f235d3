"""How well questions of origin, of time order and of comparison are answered: the provenance suite, by kind.

python benchmarks/provenance.py [--index DIR] [--suite NAME] [--wrong]      (--wrong: every answer that falls short)

The suite `trails` is our own, over the same articles: `trails.jsonl`, its gold quotes as article, start and end.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from material import ENCODER, REPOSITORY, RESULTS, news, suite

from assistant import Assistant
from assistant.evaluation import Case, Evidence, cited, contains, rate
from assistant.records import Answer
from index import Index

SOURCES = frozenset({"credited-source", "wire-origin", "earliest-in-corpus", "who-is-quoted-via"})
"""Kinds that ask for one source: the first sentence is to name it."""

WORDS = 60
"""Words of an answer that count where several parts are asked for."""


@dataclass(frozen=True)
class Asked:
    """One case with its answer, and the seconds of this process that it took."""

    case: Case
    answer: Answer
    seconds: float

    @property
    def kind(self) -> str:
        return str(self.case.tags.get("kind") or self.case.type)

    @property
    def first(self) -> bool:
        """Whether the first sentence says the answer."""
        return bool(self.answer.sentences) and contains(self.answer.sentences[0].text, self.case)

    @property
    def early(self) -> bool:
        """Whether the first words say all of the answer."""
        words = re.sub(r"\[\d+\]", " ", "" if self.answer.refused else self.answer.text).split()
        return contains(" ".join(words[:WORDS]), self.case)

    @property
    def cited(self) -> bool:
        """Whether a citation overlaps a gold quote."""
        return cited([(c.article, c.quote) for c in self.answer.citations], self.case)

    @property
    def right(self) -> bool:
        return self.cited and (self.first if self.kind in SOURCES else self.early)


def main() -> None:
    options = _options()
    with Index.open(options.index, encoder=ENCODER, create=False) as index:
        cases = trails() if options.suite == "trails" else suite(options.suite)
        asked = list(answered(Assistant(index), cases))
    for kind in sorted({one.kind for one in asked}):
        row(kind, [one for one in asked if one.kind == kind])
    row("one source", [one for one in asked if one.kind in SOURCES])
    row("several parts", [one for one in asked if one.kind not in SOURCES])
    row("all", asked)
    print(
        "processor ms: p50 {:.0f}, p95 {:.0f}".format(*np.percentile([1000 * one.seconds for one in asked], [50, 95]))
    )
    for one in asked if options.wrong else ():
        if not one.right:
            shown(one)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = RESULTS / "news-fp32"
    parser.add_argument("--index", type=Path, default=default, metavar="DIR", help="a collection of the articles")
    parser.add_argument("--suite", default="provenance", metavar="NAME", help="of the folder qa, or trails")
    parser.add_argument("--wrong", action="store_true", help="print every answer that falls short")
    options = parser.parse_args()
    if not options.index.is_dir():
        print(
            f"There is no collection at {options.index}; benchmarks/search.py makes one of {news()}.", file=sys.stderr
        )
        raise SystemExit(2)
    return options


def trails() -> list[Case]:
    """Our own questions (`trails.jsonl`), each gold quote read from its article by its span."""
    texts = {one["id"]: one["text"] for one in map(json.loads, news().read_text("utf-8").strip().split("\n"))}
    lines = map(json.loads, (REPOSITORY / "benchmarks" / "trails.jsonl").read_text("utf-8").strip().split("\n"))
    return [
        Case(
            id=line["id"],
            question=line["question"],
            type=line["type"],
            answer=line["answer"],
            aliases=tuple(line["aliases"]),
            evidence=tuple(Evidence(name, texts[name][start:end]) for name, start, end in line["evidence"]),
            parts=tuple(map(tuple, line.get("parts", ()))),
            tags={"kind": line["kind"]},
        )
        for line in lines
    ]


def answered(assistant: Assistant, cases: list[Case]) -> Iterator[Asked]:
    """Each case with its answer; the first is asked beforehand too, to warm up."""
    assistant.ask(cases[0].question)
    for case in cases:
        begun = time.process_time()
        answer = assistant.ask(case.question)
        yield Asked(case, answer, time.process_time() - begun)


def row(name: str, asked: list[Asked]) -> None:
    """One group's rates as a line."""
    first, early, found = (rate(values) for values in zip(*[(a.first, a.early, a.cited) for a in asked], strict=True))
    print(f"{name:<20} first sentence {first}   first {WORDS} words {early}   cited {found}")


def shown(one: Asked) -> None:
    """A case whose answer falls short, with what was expected."""
    marks = "".join(mark if so else "-" for mark, so in zip("FEC", (one.first, one.early, one.cited), strict=True))
    print(f"\n{one.case.id} {one.kind} {marks} asked as {one.answer.kind}: {one.case.question}")
    print(f"  wanted: {one.case.answer}")
    for gold in one.case.evidence:
        print(f"  gold: {gold.article}: {gold.quote[:240]}")
    print(f"  got: {one.answer.short!r}: {one.answer.text[:900]}")
    for c in one.answer.citations[:4]:
        print(f"    [{c.number}] {c.article} credits {[(x.source, x.relation) for x in c.credits]}")


if __name__ == "__main__":
    main()
