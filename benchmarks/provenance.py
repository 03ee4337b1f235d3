"""How well questions of origin, of time order and of comparison are answered: the provenance suite, by kind.

python benchmarks/provenance.py [--index DIR] [--suite NAME] [--wrong]      (--wrong: every answer that falls short)

The suite `trails` is our own, over the same articles: `trails.jsonl`, its gold quotes as article, start and end. With
--first only this is asked: who was first with what no article tells (`untold.txt`, and sentences on invented news), and
who with what articles tell in other words (sentences of `claims.jsonl`).
"""

from __future__ import annotations

import argparse
import json
import random
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
from index.words import STOPWORDS

SOURCES = frozenset({"credited-source", "wire-origin", "earliest-in-corpus", "who-is-quoted-via"})
"""Kinds that ask for one source: the first sentence is to name it."""

ASKED, SEED, SHORT = 150, 5, range(6, 17)
"""Sentences of a file of which it is asked who was first with them, drawn so, and of how many words."""

PRONOUNS = frozenset({"He", "She", "They", "It", "His", "Her", "Their"})

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
        if options.first:
            first(Assistant(index))
            return
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
    parser.add_argument("--first", action="store_true", help="ask only who was first, with what is told or not")
    parser.add_argument("--wrong", action="store_true", help="print every answer that falls short")
    options = parser.parse_args()
    if not options.index.is_dir():
        print(
            f"There is no collection at {options.index}; benchmarks/search.py makes one of {news()}.", file=sys.stderr
        )
        raise SystemExit(2)
    return options


def first(assistant: Assistant) -> None:
    """What is refused of who was first with what nobody tells, and answered of who was with what somebody does."""
    untold = (REPOSITORY / "benchmarks" / "untold.txt").read_text("utf-8").splitlines()
    print("untold, refused         ", rate(assistant.ask(question).refused for question in untold))
    told, invented = (_asked_first(name, random.Random(SEED)) for name in ("claims.jsonl", "judged.jsonl"))
    print("invented news, refused  ", rate(assistant.ask(question).refused for question, _ in invented))
    answers = [(assistant.ask(question), id_) for question, id_ in told]
    print("in other words, answered", rate(not answer.refused for answer, _ in answers))
    print(
        "  its article cited     ",
        rate(article in {c.article for c in answer.citations} for answer, article in answers),
    )


def _asked_first(name: str, rng: random.Random) -> list[tuple[str, str]]:
    """Who was first with each of so many true sentences of a file, of judged.jsonl those on invented news; and the
    articles that they are about."""
    lines = map(json.loads, (REPOSITORY / "benchmarks" / name).read_text("utf-8").splitlines())
    fit = [
        line
        for line in lines
        if line["kind"] == "paraphrase"
        and (name == "claims.jsonl" or line["article"].startswith("own_"))
        and len(line["sentence"].split()) in SHORT
        and line["sentence"].split()[0] not in PRONOUNS
    ]
    return [(_who_first(line["sentence"]), line["article"]) for line in rng.sample(fit, ASKED)]


def _who_first(sentence: str) -> str:
    opening, _, rest = sentence.rstrip(".").partition(" ")
    return f"Who first reported that {opening.lower() if opening.lower() in STOPWORDS else opening} {rest}?"


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
