"""How likely it is that the collection does not say what is asked: one logistic sum over signals of the evidence. Pure.

The best sentences and spans tell how near the articles come; how the question asks, how seldom such a thing is told.
The weights were learned by benchmarks/learn_doubt.py.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files

from assistant import deciding
from assistant.forms import Form
from assistant.names import NameKind, kind_of_name, speakers
from assistant.reader import Read
from assistant.records import Kind, Question
from assistant.seldom import seldom
from assistant.spans import Candidate
from assistant.wanted import Asked, Wanted, wanted
from index.records import Hit

_LEARNED = json.loads((files("assistant") / "weights" / "doubt.json").read_text())
WEIGHTS: Mapping[str, float] = _LEARNED["weights"]
"""What each signal counts; the file beside tells how it was learned."""
UNDECIDED: Mapping[str, float] = _LEARNED["undecided"]
"""The same, where the question is one of yes or no."""
ENCODER: str = _LEARNED["encoder"]
"""The encoder whose cosines they were learned with: another's do not compare, and then there is no doubt to tell."""
REFUSED: float = _LEARNED["refused"]
"""Doubt from which a question is refused: so chosen that few answerable questions of the learning suite are."""

UNSTATED = "The articles found do not state whether that is so."
"""Why a question of yes or no has no answer."""

_GIVES: Mapping[Asked, str] = {
    "percent": "gives a share", "money": "gives an amount", "age": "gives an age", "number": "gives a number",
    "year": "gives a year", "date": "gives a date", "title": "gives a title", "outlet": "names an outlet",
    "group": "says which", "place": "says where", "person": "says who", "words": "says how or why",
    "list": "lists them", "thing": "tells what is asked",
}  # fmt: skip
_OF_KIND: Mapping[Kind, str] = {"who-said": "has anybody saying that", "what-said": "has those words"}
"""What the kind of a question tells better than its wording, where "when he spoke" may stand beside what is asked."""


def signals(question: Question, read: Read, told: Sequence[Candidate], words: Mapping[str, float]) -> dict[str, float]:
    """What speaks for and against an answer among the evidence, whatever the collection's size.

    Args:
        question: Understood.
        read: The sentences of what was found, best first, at least one, and what reading them told.
        told: Spans of the best sentences, best first; maybe none.
        words: How much each stem of the question weighs.
    """
    if question.kind == "yes-no":
        best = read.picks[0]
        denied = float(deciding.denied(question.standalone, best.quote, words))
        meaning = best.signals.get("meaning", 0.0)
        return {"silent": read.silent, "asked": _asked(words), "meaning": meaning, "denied": denied}
    pick = told[0].pick if told else read.picks[0]
    return {
        **{f"sentence {name}": pick.signals.get(name, 0.0) for name in _OF_SENTENCES},
        **{f"span {name}": told[0].signals.get(name, 0.0) if told else 0.0 for name in _OF_SPANS},
        "span": told[0].score if told else -5.0,
        "silent": read.silent,
        "asked": _asked(words),
        "asked briefly": max(0, 10 - len(words)) / 20,
        "lower case": float(question.standalone.islower()),
        "seldom": seldom(question.standalone),
        "other form": float(not told or other_form(wanted(question.standalone), told[0])),
    }


def _asked(words: Mapping[str, float]) -> float:
    return min(20, len(words)) / 20


_OF_SENTENCES = ("meaning", "passage_meaning", "figure", "unit", "date", "name", "full_name", "said", "question",
                 "reading")  # fmt: skip
_OF_SPANS = ("head_before", "head_after", "head_inside", "behind", "cue_gap")


def other_form(want: Wanted, best: Candidate) -> bool:
    """Whether a span is not of the form asked for: no figure where one is asked, a place's name where a person's is."""
    plainest = want.forms[0]
    if plainest in _FIGURES:
        said = best.form in ("quotation", "clause", "phrase") and any(map(str.isdigit, best.quote))
        return best.form not in _FIGURES[plainest] and not said
    if plainest == "words":
        return best.form in _BRIEF
    if plainest not in _NO_NAMES:
        return False
    if best.form != "name":
        return best.form in _BRIEF or plainest not in ("title", "group")
    return kind_of_name(best.quote, speakers(best.pick.hit.article.text)) in _NO_NAMES[plainest]


_FIGURES: Mapping[Asked, frozenset[Form]] = {
    "money": frozenset({"money"}), "percent": frozenset({"percent", "number"}), "age": frozenset({"number"}),
    "number": frozenset({"number", "percent"}), "date": frozenset({"date"}), "year": frozenset({"date", "number"}),
}  # fmt: skip
"""The forms that answer where a figure or a day is asked for."""
_BRIEF: frozenset[Form] = frozenset({"money", "percent", "number", "date", "name"})
"""Forms that do not answer where somebody's words are asked for; but for names, nor where a name is."""
_NO_NAMES: Mapping[Asked, frozenset[NameKind]] = {
    "person": frozenset({"place", "group"}), "place": frozenset({"person"}), "group": frozenset({"person"}),
    "outlet": frozenset({"person", "place"}), "title": frozenset({"person", "place"}),
}  # fmt: skip
"""What a name must not name where one is asked for."""


def doubt(told: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The probability, 0 to 1, that the collection does not say what is asked."""
    logit = weights.get("always", 0.0) + sum(weights.get(name, 0.0) * value for name, value in told.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


def reason(question: Question, hits: Sequence[Hit]) -> str:
    """What the nearest passages do mention of the question, and that none gives what is asked."""
    if question.kind == "yes-no":
        return UNSTATED
    near = " ".join(f"{hit.article.title or ''} {hit.passage.text}" for hit in hits[:3])
    names = {name: re.escape(name.strip('“”"')) for name in question.names}
    named = [name for name, words in names.items() if re.search(rf"(?<!\w){words}(?!\w)", near)][:3]
    gives = _OF_KIND.get(question.kind) or _GIVES[wanted(question.standalone).forms[0]]
    if not named:
        closest = hits[0].article.title
        return f"“{closest}” comes nearest, but no passage {gives}." if closest else f"No passage {gives}."
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"Articles mention {listed}, but none of the passages found {gives}."
