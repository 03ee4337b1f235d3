"""The two things that one question asks, and the sentences that tell them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.followups import own
from assistant.sentences import Pick, share
from index.words import STOPWORDS, stems

OF_PART = 6.0
"""What it adds to a sentence's score to have all of a part's own words; less in proportion."""

HAS = 0.6
"""The share of the weight of a part's own words that a sentence must have to tell it."""

BEHIND = 6.0
"""How far below the best sentence's score one may be."""

_IDLE = frozenset(stems("say said tell told do does did think now then"))
"""What tells nothing to look for: "and what does he say now"."""
_ASKS = r"(?:who|what|when|where|which|how|why)"
_TWO = re.compile(rf"(?P<first>\b{_ASKS}\b.+?),? (?:and|but) (?P<second>{_ASKS}(?: \S+){{2,}})$", re.IGNORECASE)


def parts(question: str) -> tuple[str, ...]:
    """The two questions in one ("what did Hale say and what did Quince call it"); none where one thing is asked."""
    match = _TWO.search(own(question).rstrip())
    return (match["first"], match["second"]) if match else ()


def telling(part: str, picks: Sequence[Pick], words: Mapping[str, float]) -> Pick | None:
    """The sentence that best tells a part of a question; None where none has its words.

    Args:
        part: As `parts` gives it.
        picks: Sentences, best first.
        words: How much each stem of the whole question weighs.
    """
    inside = {stem for stem in stems(part) if stem not in STOPWORDS} - _IDLE
    weights = {stem: weight for stem, weight in words.items() if stem in inside}
    has = [(share(weights, pick.quote), pick) for pick in picks if pick.score >= picks[0].score - BEHIND]
    fitting = [(pick.score + OF_PART * held, pick) for held, pick in has if held >= HAS]
    return max(fitting, key=lambda one: one[0])[1] if fitting else None
