"""Answers, citations and hits, held against cases, become scores, and scores become rates with intervals."""

from __future__ import annotations

import difflib
import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.cases import Asked, Case, Evidence
from index.records import Record

Quoted = tuple[str, str]
"""An article's id and a text quoted from it: a citation, or the passage of a hit."""

CITATIONS = 4
"""So many citations of an answer count: the first ones."""
QUOTE = 400
"""So many characters of each citation count."""
PASSAGE = 1000
"""So many characters of a hit's passage count."""

Z = 1.959964  # the normal distribution's quantile for 95 %, two-sided
NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
DIGITS = {word: str(number) for number, word in enumerate(NUMBERS)}
ARTICLES = {"a", "an", "the"}


def normalise(text: str) -> str:
    """The words that are compared, parted by single spaces.

    NFKC and lower case; a, an and the left out; no punctuation but $ and %; numbers to twelve as digits. A comma within
    a number and the full stops of initials vanish (`2,521` is `2521`, `U.S.` is `us`), a decimal point stays, any other
    mark parts words (`Trump's` is `trump s`).
    """
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"(?<=\b[^\W\d])\.(?=[^\W\d]\b)", "", text)
    words = re.sub(r"(?<!\d)\.|\.(?!\d)|[^\w$%.]|_", " ", text).split()
    return " ".join(DIGITS.get(word, word) for word in words if word not in ARTICLES)


def contains(text: str, asked: Asked) -> bool:
    """Whether the text says the answer: gold or an alias as whole words in a row; with parts, every part, any order.

    False for a question that the collection does not answer: there is nothing to say.
    """
    if asked.parts:
        return all(any(_says(text, wording) for wording in part) for part in asked.parts)
    return asked.answer is not None and any(_says(text, wording) for wording in (asked.answer, *asked.aliases))


def _says(text: str, wording: str) -> bool:
    words = normalise(wording)
    return bool(words) and f" {words} " in f" {normalise(text)} "


def overlap(article_id: str, quote: str, gold: Evidence) -> bool:
    """Whether quote and gold quote are of one article and one of them holds half of the other's words in a row."""
    if article_id != gold.article:
        return False
    ours, theirs = normalise(quote).split(), normalise(gold.quote).split()
    run = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).find_longest_match().size
    return run > 0 and 2 * run >= min(len(ours), len(theirs))


def cited(citations: Sequence[Quoted], asked: Asked) -> bool:
    """Whether one of the first four citations, each cut at 400 characters, overlaps a gold quote."""
    return any(overlap(id, quote[:QUOTE], gold) for id, quote in citations[:CITATIONS] for gold in asked.evidence)


def rank(hits: Iterable[Quoted], asked: Asked) -> int | None:
    """The place, from 1, of the first hit whose passage, cut at 1,000 characters, overlaps a gold quote, or None."""
    for place, (id, text) in enumerate(hits, start=1):
        if any(overlap(id, text[:PASSAGE], gold) for gold in asked.evidence):
            return place
    return None


def retrieval(
    search: Callable[[str], Iterable[Quoted]], cases: Iterable[Case], ks: Sequence[int] = (1, 5, 10)
) -> dict[int, Rate]:
    """For each k, how often a gold quote is among the first k hits, over the cases that have evidence.

    `search` turns a question into hits, best first.
    """
    ranks = [rank(search(case.question), case) for case in cases if case.evidence]
    return {k: rate(place is not None and place <= k for place in ranks) for k in ks}


# -- as SQuAD's script does it: Rajpurkar et al., "Know What You Don't Know" (2018), evaluate-v2.0 -------------------

_PUNCTUATION = str.maketrans("", "", string.punctuation)


def squad_words(text: str) -> list[str]:
    """The words that SQuAD compares: lower case, ASCII punctuation taken out, then a, an and the."""
    return re.sub(r"\b(a|an|the)\b", " ", text.lower().translate(_PUNCTUATION)).split()


def exact_match(said: str, asked: Asked) -> bool:
    """Whether what was said is gold or an alias, word for word; of a question without answer, whether nothing was."""
    words = squad_words(said)
    return any(words == gold for gold in _golds(asked))


def token_f1(said: str, asked: Asked) -> float:
    """The best F1, from 0 to 1, of the words said against those of gold or an alias; nothing matches only nothing."""
    words = squad_words(said)
    return max(_f1(words, gold) for gold in _golds(asked))


def _golds(asked: Asked) -> list[list[str]]:
    golds = [squad_words(gold) for gold in (asked.answer, *asked.aliases) if gold is not None]
    return [gold for gold in golds if gold] or [[]]


def _f1(words: list[str], gold: list[str]) -> float:
    if not words or not gold:
        return float(words == gold)
    same = sum((Counter(words) & Counter(gold)).values())
    return 2 * same / (len(words) + len(gold))


# -- rankings ---------------------------------------------------------------------------------------------------------


def gains(hits: Sequence[Quoted], asked: Asked) -> list[int]:
    """For each hit, how many gold quotes its passage, cut at 1,000 characters, overlaps that no earlier hit did."""
    left = list(asked.evidence)
    counted = []
    for id, text in hits:
        met = [gold for gold in left if overlap(id, text[:PASSAGE], gold)]
        left = [gold for gold in left if gold not in met]
        counted.append(len(met))
    return counted


def article_gains(hits: Sequence[Quoted], asked: Asked) -> list[int]:
    """For each article of the hits, at the place of its first hit, 1 when a gold quote is of it."""
    golds = {gold.article for gold in asked.evidence}
    return [int(id in golds) for id in dict.fromkeys(id for id, _ in hits)]


def recall(gained: Sequence[int], wanted: int, k: int) -> float:
    """The share of what is wanted that the first k have."""
    return sum(gained[:k]) / wanted


def reciprocal_rank(gained: Sequence[int]) -> float:
    """1 by the place, from 1, of the first that has something wanted; 0 when none has."""
    return next((1 / place for place, gain in enumerate(gained, 1) if gain), 0.0)


def ndcg(gained: Sequence[int], wanted: int, k: int = 10) -> float:
    """Discounted gain of the first k by the best possible: Järvelin & Kekäläinen, ACM TOIS 20 (2002), with log2.

    The best order has the same gains, greatest first, and after them one for each that is wanted and was not found.
    """
    best = sorted([*gained, *[1] * (wanted - sum(gained))], reverse=True)
    return _discounted(gained[:k]) / _discounted(best[:k])


def _discounted(gained: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gained, 1))


@dataclass(frozen=True, slots=True)
class Rate(Record):
    """A share of n, from 0 to 1, with its 95 % interval. A share of nothing (n = 0) is 0 and may be anything."""

    value: float
    n: int
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}] n={self.n}"


def rate(outcomes: Iterable[bool]) -> Rate:
    """How often it was so."""
    counted = list(outcomes)
    successes, n = sum(counted), len(counted)
    return Rate(successes / n if n else 0.0, n, *interval(successes, n))


def interval(successes: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a rate: Wilson, "Probable Inference", JASA 22 (1927). (0, 1) when n is 0."""
    if n == 0:
        return 0.0, 1.0
    share = successes / n
    centre = share + Z**2 / (2 * n)
    margin = Z * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    scale = 1 + Z**2 / n
    return max(0.0, (centre - margin) / scale), min(1.0, (centre + margin) / scale)


def bootstrap(values: Sequence[float], seed: int = 0, rounds: int = 2000) -> tuple[float, float]:
    """The 95 % interval of a mean: percentiles of the means of `rounds` samples drawn with replacement.

    The same values and seed give the same interval. Raises ValueError for no values.
    """
    if not values:
        raise ValueError("a mean needs at least one value")
    samples = np.random.default_rng(seed).choice(np.asarray(values, dtype=float), size=(rounds, len(values)))
    low, high = np.percentile(samples.mean(axis=1), [2.5, 97.5])
    return float(low), float(high)
