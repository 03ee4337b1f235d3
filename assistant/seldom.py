"""How seldom articles tell what a question asks for, by the words it asks with: "salary", "how many", "reply". Pure.

The weights were learned by benchmarks/learn_seldom.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files

from assistant.followups import own
from assistant.wanted import wanted
from index.words import STOPWORDS, stems

WEIGHTS: Mapping[str, float] = json.loads((files("assistant") / "weights" / "seldom.json").read_text())["weights"]
"""What each way to ask counts, never less than nothing; the file beside tells how it was learned."""

_ASKS = re.compile(
    r"\b(?:how (?:many|much|long|old|big|far)|when|where|why|whom?|whose|how|which|what)\b", re.IGNORECASE
)
_WORD = re.compile(r"[\w$%’'-]+")


def seldom(question: str, weights: Mapping[str, float] = WEIGHTS) -> float:
    """The sum of what its ways to ask count, from 0: the more, the seldomer such a thing is told."""
    return sum(weights.get(way, 0.0) for way in ways(question))


def ways(question: str) -> frozenset[str]:
    """How a question asks: its first question word, the form of answer wanted, and its common words' stems."""
    text = own(question)
    words = [word for i, word in enumerate(_WORD.findall(text)) if not ((i and word[0].isupper()) or word[0].isdigit())]
    told = {f"word {stem}" for word in words if word.lower() not in STOPWORDS for stem in stems(word) if len(stem) > 2}
    asks = _ASKS.search(text)
    return frozenset({*told, f"wants {wanted(text).forms[0]}", *([f"asks {asks[0].lower()}"] if asks else [])})
