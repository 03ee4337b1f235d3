"""How well each sentence of the hits answers a question: one weighted sum of signals. Pure.

The hit tells where to look; within it, words, meaning, the sentences around, and whether the sentence brings what the
question wants and does not hold itself (a figure, a name, a date, something said). The weights were learned by
benchmarks/learn_sentences.py.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from assistant.records import Kind, Question
from index.folding import fold
from index.records import Hit
from index.words import STOPWORDS, stems

WEIGHTS: Mapping[str, float] = json.loads((files("assistant") / "weights" / "sentences.json").read_text())["weights"]
"""What each signal counts; the file beside tells how it was learned."""

AROUND = 250
"""Characters on either side of a sentence that are its surroundings, beside the headline."""

_NUMBER = re.compile(
    r"\d[\d,.]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?"
    r"|millions?|billions?|half|third|quarter|percent|twice|double)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|(?:jan|feb|aug|sept|oct|nov|dec)\.|(?:19|20)\d\d|yesterday|today|tomorrow|ago"
    r"|last (?:week|month|year))\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][\w'’&.-]*(?:\s+(?:of|the|for|and|de)?\s*[A-Z][\w'’&.-]*)*")
_SAID = re.compile(
    r"[“\"]|''|\b(?:said|says|told|according|added|wrote|called|argued|tweeted|claimed|warned|predicted|insisted|asked)\b"
)
_UNIT = re.compile(
    r"\b(?:how many|what (?:percentage|share|number|amount|percent) of|how much)\s+((?:\w+\s?){1,3})", re.IGNORECASE
)

_WANTS_NUMBER: frozenset[Kind] = frozenset({"number"})
_WANTS_NAME: frozenset[Kind] = frozenset({"who", "who-said", "which-outlet", "where", "origin", "list"})
_WANTS_SAID: frozenset[Kind] = frozenset({"who-said", "what-said"})


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence of a hit: its span in the article, its score, and what the score is made of."""

    hit: Hit
    start: int
    end: int
    score: float
    signals: Mapping[str, float]

    @property
    def quote(self) -> str:
        """The sentence, to the character."""
        return self.hit.article.text[self.start : self.end]


def signals(
    question: Question, hits: Sequence[Hit], weights: Mapping[str, float]
) -> list[tuple[Hit, int, dict[str, float]]]:
    """For each sentence of each hit: the hit, the sentence's place in it, and what speaks for the sentence.

    Args:
        question: Understood.
        hits: In order; the first sets the scale of their scores.
        weights: How much each stem of the question weighs (its rarity).
    """
    text = question.query.text
    total = sum(weights.values()) or 1.0
    known = {word.casefold() for word in re.findall(r"[\w'’-]+", text)}
    unit = _UNIT.search(text)
    wanted = {s for s in stems(unit[1]) if s not in STOPWORDS} if unit else set()

    def covered(inside: set[str]) -> float:
        return sum(weight for stem, weight in weights.items() if stem in inside) / total

    found = []
    for rank, hit in enumerate(hits):
        about = set(stems(fold(hit.article.title or "").text))
        texts = [hit.article.text[s.start : s.end] for s in hit.sentences]
        inside = [set(stems(fold(t).text)) for t in texts]
        for i, (s, sentence) in enumerate(zip(hit.sentences, texts, strict=True)):
            around = inside[i] | about
            for j in (i - 1, i + 1):
                if 0 <= j < len(inside):
                    around |= inside[j]
            new_names = [n for n in _NAME.findall(sentence) if any(w.casefold() not in known for w in _words(n))]
            new_figures = [n for n in _NUMBER.findall(sentence) if n.casefold().strip(".,") not in known]
            kind = question.kind
            found.append(
                (
                    hit,
                    i,
                    {
                        "words": s.words,
                        "meaning": max(0.0, s.meaning),
                        "around": covered(around),
                        "hit": (hit.score - hits[0].score) / 10,
                        "first": float(rank == 0),
                        "second": float(rank == 1),
                        "passage_meaning": hit.signals.get("cosine", 0.0),
                        "figure": float(bool(new_figures)) if kind in _WANTS_NUMBER else 0.0,
                        "unit": float(bool(wanted & inside[i]) and bool(new_figures)) if kind in _WANTS_NUMBER else 0.0,
                        "date": float(bool(_DATE.search(sentence))) if kind == "when" else 0.0,
                        "name": float(bool(new_names)) if kind in _WANTS_NAME else 0.0,
                        "full_name": float(any(" " in n for n in new_names)) if kind in _WANTS_NAME else 0.0,
                        "said": float(bool(_SAID.search(sentence))) if kind in _WANTS_SAID else 0.0,
                        "short": float(len(sentence.split()) < 6),
                        "length": min(1.0, math.log1p(len(sentence)) / 6),
                        "question": float(sentence.rstrip("”\"'’ ").endswith("?")),
                        "opening": float(s.start <= 200),
                    },
                )
            )
    return found


def choose(
    question: Question, hits: Sequence[Hit], words: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS
) -> list[Pick]:
    """All sentences of the hits, best first; `words` tells how much each stem of the question weighs."""
    picks = []
    for hit, i, told in signals(question, hits, words):
        s = hit.sentences[i]
        picks.append(Pick(hit, s.start, s.end, sum(weights[name] * value for name, value in told.items()), told))
    return sorted(picks, key=lambda p: (-p.score, p.hit.article.id, p.start))


def share(words: Mapping[str, float], text: str) -> float:
    """The share, 0 to 1, of the words' weight that stands in a text; 0 where there is none."""
    inside = set(stems(fold(text).text))
    total = sum(words.values())
    return sum(weight for stem, weight in words.items() if stem in inside) / total if total else 0.0


def about(pick: Pick, words: Mapping[str, float]) -> float:
    """How much of the words' weight a sentence has, and what stands around it with the headline: from 0 to 2."""
    article = pick.hit.article
    around = article.text[max(0, pick.start - AROUND) : pick.end + AROUND]
    return share(words, pick.quote) + share(words, f"{article.title or ''} {around}")


def _words(name: str) -> list[str]:
    return re.findall(r"[\w'’-]+", name)
