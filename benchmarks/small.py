"""How good answers are over small collections, where people ask briefly and what is asked is often not told.

    python benchmarks/small.py [--wrong N]

`small.jsonl` holds our own questions on collections of 24 kindred articles (`collections.json`, of `invented.jsonl`)
and on the sample collection, half of them without an answer there and in the same styles. Reading is learned from most
collections (learn_reader.py), spans and doubt from those it was not (SET_ASIDE); on the sample nothing is learned. It
needs no articles but the project's own.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

import material
from answers import Asked, ask

from assistant import Assistant
from assistant.evaluation import Case, load_suite
from assistant.evaluation.scores import rate
from assistant.sample import add_sample
from index import Index

FOLDER = material.REPOSITORY / "benchmarks"
SAMPLE = "sample"
WHETHER = "yes-no"
"""What a case is of whose answer is no words of an article: the sentence decides it."""
SET_ASIDE = frozenset("1 2 3 4 5 6 7".split())
"""The collections on which reading is not learned."""


@dataclass(frozen=True, slots=True)
class Small:
    """A small collection, and the questions on it."""

    name: str
    index: Index
    cases: list[Case]


def collections(some: Container[str] | None = None) -> Iterator[Small]:
    """Each small collection, or some by their names, open until the next is asked for; the sample comes last. They are
    kept in RESULTS."""
    cases = load_suite(FOLDER / "small.jsonl")
    lines = (FOLDER / "invented.jsonl").read_text("utf-8").splitlines()
    texts = {json.loads(line)["id"]: line for line in lines}
    held = _held()
    for name in names():
        if some is not None and name not in some:
            continue
        folder = material.RESULTS / "small" / name
        with Index.open(folder, encoder=material.ENCODER) as index:
            if name == SAMPLE:
                add_sample(index)
            else:
                file = folder.parent / f"{name}.jsonl"
                file.write_text("".join(f"{texts[article]}\n" for article in held[name]), "utf-8")
                index.add([file])
            yield Small(name, index, [case for case in cases if case.tags["collection"] == name])


def names() -> list[str]:
    """What the collections are called, the sample last."""
    return [*_held(), SAMPLE]


def _held() -> dict[str, list[str]]:
    """The articles of each small collection, by their ids."""
    held: dict[str, list[str]] = json.loads((FOLDER / "collections.json").read_text("utf-8"))
    return held


def row(name: str, asked: Sequence[Asked]) -> str:
    """One collection's rates as a line of text; of yes-or-no questions no words are counted, for "no" is in most."""
    known, unknown = ([one for one in asked if (one.case.answer is None) is silent] for silent in (False, True))
    answered = [one for one in known if not one.answer.refused]
    worded = [one for one in answered if one.answer.kind != WHETHER]
    rates = (
        rate(one.answer.refused for one in unknown), rate(one.answer.refused for one in known),
        rate(one.told for one in worded) if worded else "-", rate(one.briefly for one in worded) if worded else "-",
        rate(one.cited for one in answered),
    )  # fmt: skip
    return f"{name:<22}" + "".join(f"{told!s:<26}" for told in rates)


def rows(name: str, asked: Sequence[Asked]) -> str:
    """The questions of yes or no apart from the others."""
    whether, others = ([one for one in asked if (one.answer.kind == WHETHER) is so] for so in (True, False))
    return f"{row(name, others)}\n{row('- of yes or no', whether)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", type=int, default=0, metavar="N", help="list N wrong answers of the sample")
    options = parser.parse_args()
    columns = ("refused: not told", "refused: told", "first 60 words", "short", "cited, of those answered")
    print(f"{'':<22}" + "".join(f"{column:<26}" for column in columns))
    learned: list[Asked] = []
    for one in collections(SET_ASIDE | {SAMPLE}):
        assistant = Assistant(one.index)
        asked = [ask(assistant, case) for case in one.cases]
        if one.name == SAMPLE:
            print(rows("set aside", learned), rows(SAMPLE, asked), sep="\n")
            wrong = [two for two in asked if two.answer.refused is (two.case.answer is not None)]
            for two in wrong[: options.wrong]:
                print(f"{two.case.id} {two.case.question} ({two.case.answer}): {two.answer.short or two.answer.reason}")
        else:
            learned += asked


if __name__ == "__main__":
    main()
