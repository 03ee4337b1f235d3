"""Does the quoted text bear out this sentence? What rules find amiss, and what a small network makes of it, weighed."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from assistant import akin
from assistant.faults import RULES, Evidence
from assistant.judging import Judge
from assistant.statements import SAYING, WEEKDAY, Statement, read, who
from index.splitter import sentences

_LEARNED = json.loads((files("assistant") / "weights" / "grounding.json").read_text())
WEIGHTS: Mapping[str, float] = _LEARNED["weights"]
"""How much each rule's finding and the network's odds count against a sentence; the file tells how it was learned."""
ALWAYS: float = _LEARNED["always"]
"""How much may be found amiss with a sentence that is still held to be borne out."""
SURE = frozenset(["quotations", "figures"])
"""The rules whose findings settle it: figures and quotation marks around what is not there."""
LIKELY = -3.0
"""Odds of the network from which on they count. Below it says nothing: it may find likely what a rule finds amiss."""
UNLIKELY = "unlikely"
"""What the network's odds above that are called among the findings."""

WINDOW = 2
"""Adjacent sentences of a passage that one sentence may rest on."""


_ASSENTS = frozenset("yes no true right correct indeed exactly absolutely certainly".split())

_WORD = re.compile(r"\w+(?:[.,’']\w+)*|[$%£€]")
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the quotes bear the sentence out, and if not, why, in words fit to be shown."""

    supported: bool
    why: str | None = None


def judge(sentence: str, quotes: Sequence[str], known: Iterable[str] = ()) -> Verdict:
    """Whether the quotes say what the sentence says, as far as rules and a network tell.

    Args:
        sentence: One sentence of an answer, without markers.
        quotes: The texts that it cites, as the articles have them.
        known: Further texts that may vouch for names and dates: outlets, headlines, dates, credited sources. A whole
            date among them is the day to which "on Thursday" in a quote refers.
    """
    if not quotes:
        return Verdict(False, "it cites no passage")
    said, evidence = _read(sentence, quotes, known)
    if not _tells(said):
        return Verdict(False, "it tells nothing by itself that a passage could bear out")
    amiss = _faults(said, evidence)
    trust = ALWAYS - sum(WEIGHTS.get(name, 0.0) for name in amiss)
    if trust >= 0 and not SURE & amiss.keys():
        odds, word = _doubt(said, evidence)
        if WEIGHTS[UNLIKELY] * odds <= trust:
            return Verdict(True)
        amiss |= {UNLIKELY: f"the passage does not bear out “{word}” of that" if word else "the passage says otherwise"}
    return Verdict(False, next(iter(amiss.values())))


def faults(sentence: str, quotes: Sequence[str], known: Iterable[str] = ()) -> dict[str, str]:
    """What the rules find amiss with a sentence, by their names, in words fit to be shown; arguments as of `judge`."""
    return _faults(*_read(sentence, quotes, known))


def findings(sentence: str, quotes: Sequence[str], known: Iterable[str] = ()) -> dict[str, float]:
    """What is weighed of a sentence: each rule by its name, 1 where it finds something amiss, and the odds."""
    said, evidence = _read(sentence, quotes, known)
    amiss = _faults(said, evidence)
    return {name: float(name in amiss) for name in RULES} | {UNLIKELY: _doubt(said, evidence)[0]}


def _tells(said: Statement) -> bool:
    """Whether a sentence tells anything by itself: "No, they did not." is true or not by what was asked."""
    words = [word for word in said.words if word.content or word.name]
    return bool(said.figures or said.days) or any(word.low not in _ASSENTS for word in words)


def _read(sentence: str, quotes: Sequence[str], known: Iterable[str]) -> tuple[Statement, Evidence]:
    told = tuple(known)
    return read(sentence), Evidence(read("\n\n".join(quotes)), read(" | ".join(told)), told)


def _faults(said: Statement, evidence: Evidence) -> dict[str, str]:
    return {name: why for name, rule in RULES.items() if (why := rule(said, evidence))}


def _doubt(said: Statement, evidence: Evidence) -> tuple[float, str | None]:
    """The network's odds above `LIKELY`, and the word that it doubts most. It is not asked of what the quotes have word
    for word from where a sentence begins, nor of what stands between quotation marks but for names and days: the rules
    see to both."""
    if _verbatim(said.text, evidence.cited.text) or _only_quoted(said):
        return 0.0, None
    doubt = Judge.learned().doubt(said.text, [evidence.cited.text], evidence.known)
    return max(0.0, doubt.odds - LIKELY), doubt.word


def _verbatim(said: str, cited: str) -> bool:
    own = _WORD.findall(said.casefold())
    return any(_WORD.findall(cited[start:end].casefold())[: len(own)] == own for start, end in sentences(cited))


def _only_quoted(said: Statement) -> bool:
    """Whether all that it tells beside names and days stands between its quotation marks, and none of it is denied."""
    frame, quoted = _QUOTED.sub(" ", said.text), read(" ".join(_QUOTED.findall(said.text))).stems
    dates = {part for day in said.days for part in _WORD.findall(day.printed)}
    beside = read(frame).words
    told = [word for word in beside if word.content and not word.name and word.low not in SAYING]
    rest = (word for word in told if word.text not in dates and not WEEKDAY.fullmatch(word.text))
    return frame != said.text and not any(map(akin.denies, beside)) and all(word.stem in quoted for word in rest)


def nearest(sentence: str, passage: str) -> str:
    """The `WINDOW` adjacent sentences of a passage, or fewer, that share most with a sentence: what it is judged by.

    In a whole passage each word, name and denial is found somewhere. What few of its sentences have counts more, for
    whom it tells of is named in most of them. Two sentences hold all of what a true one rests on in 0.77 of 242 cases
    of the news in benchmarks/judged.jsonl, three in 0.86, but among three more that is untrue goes unnoticed.
    """
    spans, told = sentences(passage), _told(sentence)
    shared = [_told(passage[start:end]) & told for start, end in spans]
    counts = Counter(one for some in shared for one in some)
    begins = range(max(len(spans) - WINDOW, 0) + 1)

    def held(begin: int) -> float:
        together = frozenset[str | float]().union(*shared[begin : begin + WINDOW])
        return sum(math.log((len(spans) + 1) / counts[one]) for one in together)

    begin = max(begins, key=held)
    chosen = spans[begin : begin + WINDOW]
    return passage[chosen[0][0] : chosen[-1][1]] if chosen else passage


def _told(text: str) -> frozenset[str | float]:
    """The stems and the figures of a text."""
    said = read(text)
    return frozenset([*said.stems, *(value for figure in said.figures for value in figure.values)])


def full_names(text: str, quote: str) -> list[str]:
    """The full names that a text has for people whom the quote calls by one name, as `known` takes them."""
    short = {word for run in read(quote).names for word in who(run)}
    found = {tuple(word for word in run if who([word]))[-3:] for run in read(text).names}
    full = {" ".join(word.text for word in run) for run in found if len(run) > 1 and who([run[0], run[-1]]) & short}
    return sorted(full)
