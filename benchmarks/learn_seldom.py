"""Learn assistant/weights/seldom.json: which ways to ask are for things that articles seldom tell.

Learned from the wording alone of our own questions that ask as the suites do, those that articles answer and those that
they nearly answer; the other suites only report. No way to ask can speak for an answer, and names and times do not
count: how often a thing is told is to hold in any collection.

    python benchmarks/learn_seldom.py
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

import material
import numpy as np
from learning import as_suites_ask
from logistic import fitted
from sklearn.metrics import roc_auc_score

from assistant.evaluation import Case
from assistant.seldom import seldom, ways
from index.words import stems

TARGET = material.REPOSITORY / "assistant" / "weights" / "seldom.json"
SEEN = 15
"""Questions that must ask so for a way to be learned."""
NAMING = 0.3
"""A word with a capital in a larger share of the questions that have it, their first words aside, is a name's."""
STRENGTH = 0.001
"""What the weights' squares cost."""
LEAST = 0.05
"""Smaller weights are left out."""


def named(questions: Sequence[str]) -> set[str]:
    """The stems that mostly stand in names, as ways to ask: months and days too."""
    all_, capital = Counter[str](), Counter[str]()
    for question in questions:
        for word in re.findall(r"[\w’'-]+", question)[1:]:
            all_.update(stems(word))
            capital.update(stems(word) if word[0].isupper() else ())
    return {f"word {stem}" for stem, count in all_.items() if capital[stem] > NAMING * count}


def apart(cases: Sequence[Case], weights: dict[str, float]) -> float:
    """In how many of all pairs the question without an answer asks for what is seldomer told."""
    return float(roc_auc_score([case.answer is None for case in cases], [seldom(c.question, weights) for c in cases]))


def main() -> None:
    cases = as_suites_ask()
    asked = [ways(case.question) for case in cases]
    names = named([case.question for case in cases if case.tags["style"] == "full"])
    counts = Counter(way for one in asked for way in one)
    known = sorted(way for way, count in counts.items() if count >= SEEN and way not in names)
    table = np.array([[way in one for way in known] for one in asked], float)
    silent = np.array([case.answer is None for case in cases])
    learned, _ = fitted(table, silent, [(0.0, None)] * len(known), STRENGTH)
    weights = {way: round(float(w), 2) for way, w in zip(known, learned, strict=True) if w >= LEAST}
    print(f"{len(weights)} ways to ask")
    facts = material.suite("facts") + material.suite("unanswerable")
    for name, suite in {"train": material.suite("train"), "facts and unanswerable": facts}.items():
        print(f"{name}: told apart {apart(suite, weights):.3f} (n={len(suite)})")
    told = {
        "about": "Weights of assistant/seldom.py's ways to ask, learned by benchmarks/learn_seldom.py from the wording"
        " of benchmarks/questions.jsonl.",
        "questions": len(cases),
        "strength": STRENGTH,
        "weights": weights,
    }
    TARGET.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(f"written: {TARGET}")


if __name__ == "__main__":
    main()
