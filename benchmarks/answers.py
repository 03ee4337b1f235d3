"""How good answers are without a model: right, short, cited, refused where they should be, and how fast.

    python benchmarks/answers.py [--index DIR] [--wrong N]

`casual` asks the facts as people type in haste: lower case, no punctuation, function words dropped, one slip of the
fingers in the rarest name, all by a seeded script; with "how many", "who" and their like dropped too, of which nothing
then tells what is sought, and with these words kept.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import material
import numpy as np

from assistant import Answer, Assistant
from assistant.evaluation import Case
from assistant.evaluation.scores import Rate, cited, contains, rate
from index import Index
from index.words import STOPWORDS

FIRST = 60
"""Words of an answer in which the gold answer is looked for."""
CITATIONS, CUT = 4, 400
"""Citations that count, and characters of each, as everywhere in the scores."""
SEED = 11
ASKING = frozenset("who whom whose what which where when how why many much".split())
"""Common words that tell what is asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A case, what was answered, and in how many seconds."""

    case: Case
    answer: Answer
    seconds: float

    @property
    def told(self) -> bool:
        """Whether the first words hold the gold answer."""
        return contains(" ".join(self.answer.text.split()[:FIRST]), self.case)

    @property
    def briefly(self) -> bool:
        """Whether the short answer holds it."""
        return contains(self.answer.short or "", self.case)

    @property
    def cited(self) -> bool:
        """Whether a citation overlaps a gold quote."""
        quotes = [(one.article, one.quote[:CUT]) for one in self.answer.citations[:CITATIONS]]
        return cited(quotes, self.case)


def ask(assistant: Assistant, case: Case) -> Asked:
    """A case, turn by turn where it has turns; the time is the last question's."""
    history: list[Answer] = []
    for turn in case.turns[:-1]:
        history.append(assistant.ask(turn.question, history=history))
    start = time.perf_counter()
    answer = assistant.ask(case.question, history=history)
    return Asked(case, answer, time.perf_counter() - start)


def casual(case: Case, rarity: dict[str, float], kept: frozenset[str] = frozenset()) -> Case:
    """The case's question in haste, of its common words only those `kept`; the rarest of its names gets one edit."""
    chance = random.Random(f"{SEED} {case.id}")
    words = re.findall(r"[\w$%’'-]+", case.question)
    names = [word for word in words[1:] if word[0].isupper() and len(word) > 4 and word.isalpha()]
    rarest = max(names, key=lambda word: rarity.get(word.lower(), 0.0), default="")
    telling = [word for word in words if word.lower() not in STOPWORDS - kept]
    typed = [slip(word, chance) if word == rarest else word for word in telling]
    return replace(case, question=" ".join(typed).lower())


def rarities(cases: Sequence[Case], news: Index) -> dict[str, float]:
    """How rare each word of the cases' questions is in the collection."""
    words = {word for case in cases for word in re.findall(r"[a-z]+", case.question.lower())}
    return {word: max(news.weigh(word).weights.values(), default=0.0) for word in words}


def slip(word: str, chance: random.Random) -> str:
    """The word with a letter lost, doubled, or swapped with the next; never the first."""
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def row(name: str, asked: Sequence[Asked]) -> str:
    """One suite's rates, mean words and times as a line of text."""
    answerable = [one for one in asked if one.case.answer is not None]
    rates: list[Rate | None] = [
        rate(one.told for one in answerable) if answerable else None,
        rate(one.briefly for one in answerable) if answerable else None,
        rate(one.cited for one in answerable) if answerable else None,
        rate(one.answer.refused for one in asked),
    ]
    short = [len((one.answer.short or "").split()) for one in answerable]
    words = [len(one.answer.text.split()) for one in answerable]
    middle, slow = np.percentile([one.seconds for one in asked], [50, 95]) * 1000
    return (
        f"{name:<22}"
        + "".join(f"{told!s:<24}" if told else f"{'-':<24}" for told in rates)
        + (f"{np.mean(words):>7.0f}{np.mean(short):>7.1f}" if answerable else f"{'-':>7}{'-':>7}")
        + f"{middle:>8.0f}{slow:>8.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=material.RESULTS / "news-fp32")
    parser.add_argument("--wrong", type=int, default=0, metavar="N", help="list N wrong answers of the facts")
    options = parser.parse_args()
    with Index.open(options.index, create=False) as news:
        assistant = Assistant(news)
        assistant.warm()
        facts = material.suite("facts")
        rarity = rarities(facts, news)
        suites = {
            "facts": facts,
            "facts: who-said": [case for case in facts if case.type == "who-said"],
            "facts, casual": [casual(case, rarity) for case in facts],
            "facts, casual, asking": [casual(case, rarity, ASKING) for case in facts],
            "unanswerable": material.suite("unanswerable"),
            "followup": material.suite("followup"),
            "provenance": material.suite("provenance"),
        }
        print(
            f"{'':<22}"
            + "".join(f"{head:<24}" for head in ("first 60 words", "short", "cited", "refused"))
            + f"{'words':>7}{'short':>7}{'p50 ms':>8}{'p95 ms':>8}"
        )
        done = {}
        for name, cases in suites.items():
            done[name] = [ask(assistant, case) for case in cases]
            print(row(name, done[name]), flush=True)
        inexact = sum(
            news.article(one.article, one.revision).text[one.start : one.end] != one.quote
            for asked in done.values()
            for each in asked
            for one in (*each.answer.citations, *each.answer.leads)
        )
        again = [replace(assistant.ask(one.case.question), timings={}) for one in done["facts"][:20]]
        differing = sum(
            one != replace(first.answer, timings={}) for one, first in zip(again, done["facts"], strict=False)
        )
        print(f"spans that are not their quote: {inexact}; answers that differ when asked again: {differing}")
        wrong = [one for one in done["facts"] if not one.told]
        for one in wrong[: options.wrong]:
            articles = [citation.article for citation in one.answer.citations]
            print(
                f"{one.case.id} [{one.answer.kind}] gold {one.case.answer!r} short {one.answer.short!r} from {articles}"
            )


if __name__ == "__main__":
    main()
