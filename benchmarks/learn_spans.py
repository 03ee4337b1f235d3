"""Learn assistant/weights/spans.json: how much each signal of assistant/spans.py counts.

For each answerable question that the network of assistant/reader.py was not learned from, on the news and on small
collections (small.py), the spans of the best sentences are candidates, right where they hold the gold answer in a
sentence that overlaps a gold quote, in few words more. The weights are the mean of those learned from the questions as
they stand and of those learned from them and from all of them typed in haste, as answers.py does it: by the first alone
fewer of the facts in haste were answered in short (0.62 where it was 0.66), by the second of the facts (0.71, 0.75).
The other suites and the sample collection only report.

    python benchmarks/learn_spans.py [--index DIR]      (DIR: a collection of the news, as search.py makes it)
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import material
import numpy as np
import small
from answers import casual, rarities
from learning import Floats, Judged, aside, chosen, learn
from rich.progress import track

from assistant import Assistant, sentences, spans
from assistant.evaluation import Case
from assistant.evaluation.scores import contains, overlap
from assistant.reader import Reader
from index import Index

TARGET = material.REPOSITORY / "assistant" / "weights" / "spans.json"
CUT = 400
"""Characters of a sentence that count, as everywhere in the scores."""
LONGER = 4
"""Words that a right span may hold beyond the longest wording of the gold answer."""
WRONG = 60
"""Wrong candidates of a question that are learned from; more only take time."""
SEEN = 40
"""Candidates that must show a signal for it to be learned."""


LEARNED = ("learning suite", "our own", "small collections")
"""What is learned from."""


@dataclass(frozen=True)
class Spanned:
    """A question's candidates: which hold the gold answer, which of them are right, and the signals of each."""

    told: list[spans.Candidate]
    holding: list[bool]
    right: list[bool]


def judge(assistant: Assistant, case: Case, reader: Reader) -> Spanned:
    """The candidates of a question, marked by the gold answer and the gold quotes."""
    question = assistant.understand(case.question)
    words = assistant.index.weigh(question.query.text).weights
    hits = assistant.index.search(question.query)
    read = reader.read(question, hits, sentences.choose(question, hits, words), words)
    picks = read.picks
    told = spans.choose(question, picks, words, read.bounds)
    gold = {
        (pick.hit.article.id, pick.start)
        for pick in picks[: spans.SENTENCES]
        if any(overlap(pick.hit.article.id, pick.quote[:CUT], evidence) for evidence in case.evidence)
    }
    longest = LONGER + max(len(wording.split()) for wording in (case.answer or "", *case.aliases))
    holding = [contains(one.short, case) for one in told]
    right = [
        held and (one.pick.hit.article.id, one.pick.start) in gold and len(one.quote.split()) <= longest
        for held, one in zip(holding, told, strict=True)
    ]
    return Spanned(told, holding, right)


def twice(assistant: Assistant, cases: Sequence[Case], reader: Reader, about: str) -> list[list[Spanned]]:
    """The candidates of each question that a few words answer; beside them those of it typed in haste, unless it is."""
    rarity, found = rarities(cases, assistant.index), []
    for case in track(cases, about):
        if case.evidence and case.answer and case.type != small.WHETHER:
            hasty = [casual(case, rarity)] if case.question[:1].isupper() else []
            found.append([judge(assistant, one, reader) for one in (case, *hasty)])
    return found


def judged(one: Spanned, names: Sequence[str], seed: int | None = None) -> Judged:
    """The candidates as rows of signals; with a seed, all right ones and some of the wrong ones."""
    rows = list(range(len(one.told)))
    if seed is not None:
        wrong = [row for row in rows if not one.right[row]]
        some = np.random.default_rng(seed).permutation(wrong)[:WRONG].tolist()
        rows = [row for row in rows if one.right[row]] + some
    signals = [[one.told[row].signals.get(name, 0.0) for name in names] for row in rows]
    return Judged(
        list(names),
        np.array(signals, np.float32).reshape(len(rows), len(names)),
        np.array([one.right[row] if seed is not None else one.holding[row] for row in rows], bool),
        [one.told[row].pick.hit.article.id for row in rows],
    )


def share(judged: Sequence[Judged], weights: Floats) -> list[float]:
    """The share of questions whose best span is right."""
    return [float(np.mean([bool(j.right[j.ranked(weights)[0]]) if len(j.right) else False for j in judged]))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=material.RESULTS / "news-fp32")
    options = parser.parse_args()
    cases = {
        "learning suite": material.suite("train"),
        "our own": [case for case in material.questions() if aside(case)],
        "facts": material.suite("facts"),
    }
    reader = Reader.load()
    with Index.open(options.index, create=False) as news:
        suites = {name: twice(Assistant(news), cases[name], reader, name) for name in cases}
    for one in small.collections(small.SET_ASIDE | {small.SAMPLE}):
        name = "sample" if one.name == small.SAMPLE else "small collections"
        suites.setdefault(name, []).extend(twice(Assistant(one.index), one.cases, reader, one.name))
    plain = [both[0] for name in LEARNED for both in suites[name]]
    hasty = [one for name in LEARNED for both in suites[name] for one in both[1:]]
    counts = Counter(
        name for one in plain + hasty for told in one.told for name, value in told.signals.items() if value
    )
    names = sorted(name for name, count in counts.items() if count >= SEEN)
    print(f"{len(plain)} questions, {len(hasty)} of them in haste as well, {len(names)} signals; best span right")
    thin = [judged(one, names, seed) for seed, one in enumerate(plain + hasty)]
    penalty, scores, weights = chosen(thin[: len(plain)], share, penalties=(3e-4, 1e-3))
    row: Floats = np.stack([np.array(list(weights.values()), np.float32), learn(thin, penalty)]).mean(axis=0)
    for name, ones in suites.items():
        print(name, "hold the gold answer")
        for about, part in (("as they stand", slice(1)), ("in haste", slice(1, None))):
            if some := [judged(one, names) for both in ones for one in both[part]]:
                print(f"  {about} {share(some, row)[0]:.3f} (n={len(some)})")
    told = {
        "about": "Weights of assistant/spans.py's signals, learned by benchmarks/learn_spans.py from questions over"
        " news articles of 2015 and 2016, the learning suite's and some of benchmarks/questions.jsonl, where the"
        " articles are no part of the project, and from some of benchmarks/small.jsonl.",
        "questions": len(plain),
        "penalty": penalty,
        "cross_validated": {"right_among_thinned": scores[0]},
        "weights": {name: round(float(weight), 3) for name, weight in zip(names, row, strict=True)},
    }
    TARGET.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written: {TARGET}")


if __name__ == "__main__":
    main()
