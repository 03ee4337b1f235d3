"""How likely it is that the collection does not say what is asked: one logistic sum over signals of the evidence. Pure.

The best sentences and spans tell how near the articles come; what of the question stands in none of them tells what
they lack. The weights were learned by benchmarks/learn_doubt.py.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files

from assistant.reader import Read
from assistant.records import Kind, Question
from assistant.spans import Candidate
from assistant.wanted import Asked, wanted
from index.folding import fold
from index.records import Hit
from index.words import stems

_LEARNED = json.loads((files("assistant") / "weights" / "doubt.json").read_text())
WEIGHTS: Mapping[str, float] = _LEARNED["weights"]
"""What each signal counts; the file beside tells how it was learned."""
ENCODER: str = _LEARNED["encoder"]
"""The encoder whose cosines they were learned with: another's do not compare, and then there is no doubt to tell."""
REFUSED: float = _LEARNED["refused"]
"""Doubt from which a question is refused: so chosen that few answerable questions of the learning suite are."""

_NAMED = re.compile(r"(?<!^)\b[A-Z][\w'’&.-]*")
_GIVES: Mapping[Asked, str] = {
    "percent": "gives a share", "money": "gives an amount", "age": "gives an age", "number": "gives a number",
    "year": "gives a year", "date": "gives a date", "title": "gives a title", "outlet": "names an outlet",
    "group": "says which", "place": "says where", "person": "says who", "words": "says how", "list": "lists them",
    "thing": "tells what is asked",
}  # fmt: skip
_OF_KIND: Mapping[Kind, str] = {"who-said": "has anybody saying that", "what-said": "has those words"}
"""What the kind of a question tells better than its wording, where "when he spoke" may stand beside what is asked."""


def signals(
    question: Question,
    hits: Sequence[Hit],
    read: Read,
    told: Sequence[Candidate],
    words: Mapping[str, float],
) -> dict[str, float]:
    """What speaks for and against an answer among the evidence: shares and cosines, whatever the collection's size.

    Args:
        question: Understood.
        hits: Passages found, best first; at least one.
        read: Their sentences, best first, and what reading them told.
        told: Spans of the best sentences, best first; maybe none.
        words: How much each stem of the question weighs.
    """
    want = wanted(question.standalone)
    pick = told[0].pick if told else read.picks[0]
    hit = pick.hit
    title = hit.article.title or ""
    sentence, passage, article = (
        frozenset(stems(fold(text).text))
        for text in (pick.quote, f"{hit.passage.text} {title}", f"{hit.article.text} {title}")
    )
    names = {next(iter(stems(name)), "") for name in _NAMED.findall(question.standalone)}
    lacking = [*sorted((w for stem, w in words.items() if stem not in passage), reverse=True), 0.0, 0.0]
    absent = [weight for stem, weight in words.items() if stem not in article]
    rarest = max(words.values(), default=0.0) or 1.0
    shares = _shares([one.score for one in told])

    def share(wanted: Sequence[str] | set[str], inside: frozenset[str]) -> float:
        return sum(stem in inside for stem in wanted) / max(1, len(wanted))

    return {
        **{f"sentence {name}": pick.signals.get(name, 0.0) for name in _OF_SENTENCES},
        **{f"passage {name}": hit.signals.get(name, 0.0) for name in _OF_PASSAGES},
        **{f"span {name}": told[0].signals.get(name, 0.0) if told else 0.0 for name in _OF_SPANS},
        "span": told[0].score if told else -5.0,
        "silent": read.silent,
        "span share": max(shares, default=0.0),
        "span spread": -sum(one * math.log(one) for one in shares if one > 0),
        "rarest lacking": lacking[0] / rarest,
        "next lacking": lacking[1] / rarest,
        "rarest absent": max(absent, default=0.0) / rarest,
        "absent": len(absent) / max(1, len(words)),
        "asked": min(20, len(words)) / 20,
        "names lacking": 1 - share(names, passage) if names else 0.0,
        "names absent": 1 - share(names, article) if names else 0.0,
        "head in sentence": share(want.head, sentence),
        "head in passage": share(want.head, passage),
        "head in article": share(want.head, article),
        "no head": float(not want.head),
        "lower case": float(question.standalone.islower()),
    }


_OF_SENTENCES = ("words", "meaning", "around", "passage_meaning", "figure", "unit", "date", "name", "full_name", "said",
                 "question", "reading")  # fmt: skip
_OF_PASSAGES = ("cosine", "sentence_cosine")
_OF_SPANS = ("near", "clause", "before", "after", "head_before", "head_after", "head_inside", "behind",
             "cue_gap", "begins", "ends")  # fmt: skip


def _shares(scores: Sequence[float]) -> list[float]:
    """The scores' softmax."""
    exponentials = [math.exp(score - max(scores)) for score in scores]
    return [one / sum(exponentials) for one in exponentials]


def doubt(told: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float:
    """The probability, 0 to 1, that the collection does not say what is asked."""
    logit = weights.get("always", 0.0) + sum(weights.get(name, 0.0) * value for name, value in told.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


def reason(question: Question, hits: Sequence[Hit]) -> str:
    """What the nearest passages do mention of the question, and that none gives what is asked."""
    near = " ".join(f"{hit.article.title or ''} {hit.passage.text}" for hit in hits[:3])
    names = {name: re.escape(name.strip('“”"')) for name in question.names}
    named = [name for name, words in names.items() if re.search(rf"(?<!\w){words}(?!\w)", near)][:3]
    gives = _OF_KIND.get(question.kind) or _GIVES[wanted(question.standalone).forms[0]]
    if not named:
        closest = hits[0].article.title
        return f"“{closest}” comes nearest, but no passage {gives}." if closest else f"No passage {gives}."
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"Articles mention {listed}, but none of the passages found {gives}."
