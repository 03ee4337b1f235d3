"""What a sentence has that the quotes it rests on do not bear out: quotation marks, figures, days, names, denials and
what is sure, each by a rule that says what is wrong. Pure.

A rule stands here only where no more than seeing both is needed: who did what to whom, why, and in what other words, is
the network's to judge (assistant/judging.py), which took the place of nine rules and fifty signs of a difference.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant import akin, statements
from assistant.reckoning import YEARS, follows
from assistant.statements import SAYING, Day, Figure, Names, Statement, Word, stem, who

FEW, SHORT = 2, 4
"""Words of which a sentence may say what something is, words and names that are too few to be other words for all."""

BESIDE = 5
"""Words on either side of one that are told with it."""

_WILL = re.compile(
    r"\b(?:will|shall|going to|won't|vow\w*|pledg\w+|promis\w+|plans? to|planned|set to|due|scheduled"
    r"|to be \w+ed)\b|'ll\b"
)
_BEING = frozenset("was were been be".split())
_IMPOSSIBLE = frozenset("impossible cannot unthinkable inconceivable".split())
"""What denies a denial behind it."""
_QUOTED = re.compile(r"\"([^\"]+)\"")


@dataclass(frozen=True)
class Evidence:
    """What a sentence may rest on: the quotes, and what else vouches for names and days."""

    cited: Statement
    vouched: Statement
    known: tuple[str, ...]

    @property
    def days(self) -> list[Day]:
        """Every day that is written or meant there."""
        written = [*self.cited.days, *self.vouched.days]
        return written + statements.meant(self.cited.text, self.vouched.days)

    @cached_property
    def names(self) -> tuple[set[str], set[str]]:
        """The words of names that are held, with their parts and what they are short for; and the names' initials."""
        texts = (self.cited, self.vouched)
        held = {low for text in texts for low in who(text.words)}
        held |= {part for low in held for part in re.split("[-']", low)}
        held |= {full for low in held for full in akin.ALIASES.get(low, ())}
        return held - {""}, {_initials(run) for text in texts for run in text.names} - {""}


def _quotations(said: Statement, evidence: Evidence) -> str | None:
    """What stands between quotation marks stands so in the quotes, but for what the sentence marks as left out."""
    cited, vouched = _bare(evidence.cited.text), _bare(evidence.vouched.text)
    for quoted in _QUOTED.findall(said.text):
        if f" {_bare(quoted)} " in f" {cited} | {vouched} ":
            continue
        for part in re.split(r"\.\.\.|…|\[[^\]]*\]", quoted):
            if f" {_bare(part)} " not in f" {cited} | {vouched} ":
                return f"the words “{quoted.strip()}” are not in the passage"
    return None


def _figures(said: Statement, evidence: Evidence) -> str | None:
    """Each figure stands in the quotes, in the same unit, or follows from what stands there."""
    held = [*evidence.cited.figures, *evidence.vouched.figures]
    units = {figure.unit for figure in held}
    years = {float(day.year) for day in evidence.days if day.year}
    if re.search(r"\b(?:last|previous) year\b|\ba year (?:ago|earlier)\b", evidence.cited.text):
        years |= {year - 1 for year in years}
    for figure in said.figures:
        same = any(figure.equals(one) and _measured(figure, one, units, said) for one in held)
        if not (same or (not figure.unit and years & {*figure.values}) or follows(figure, said.text, held, years)):
            return f"the figure {_shown(figure)} is not in the passage"
    return None


def _senses(said: Statement, evidence: Evidence) -> str | None:
    """Each figure is as rough or as sure as in the quotes."""
    held = [*evidence.cited.figures, *evidence.vouched.figures]
    units = {figure.unit for figure in held}
    for figure in said.figures:
        same = [one for one in held if figure.equals(one) and _measured(figure, one, units, said)]
        if same and not any(_as_sure(figure, one) for one in same):
            return f"the passage has “{same[0].qualifier}{same[0].printed}”, not “{figure.qualifier}{figure.printed}”"
    return None


def _measured(figure: Figure, held: Figure, units: set[str], said: Statement) -> bool:
    """Whether both count the same; a unit may be left to the next figure ("46 to 39 percent"), or be said as points."""
    if figure.unit == held.unit:
        return True
    if not figure.unit:
        points = held.unit == "%" and said.text[figure.end :].lstrip(" -").startswith("point")
        return points or any(other.unit == held.unit for other in said.figures)
    return not held.unit and figure.unit in units


def _as_sure(figure: Figure, held: Figure) -> bool:
    return figure.sense in (held.sense, "about") if held.sense != "about" else figure.sense == "about"


def _shown(figure: Figure) -> str:
    """The number in digits, without separators and scale."""
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", figure.printed)
    number = digits[0].replace(",", "").rstrip(".") if digits else f"{figure.values[0]:.10g}"
    return number + ("%" if figure.unit == "%" else "")


def _days(said: Statement, evidence: Evidence) -> str | None:
    """Each date agrees with one that the quotes write or mean, or that the article bears."""
    held = evidence.days
    for day in said.days:
        if not any(day.agrees(other) for other in held):
            return f"the date {day.printed.strip()} is not in the passage"
    named = statements.weekdays(evidence.cited.text) | {_weekday(day) for day in held if day.year and day.day}
    for weekday in statements.weekdays(said.text):
        if weekday not in named:
            return f"the passage does not say {weekday}"
    return None


def _weekday(day: Day) -> str:
    assert day.year and day.day
    return f"{dt.date(day.year, day.month, day.day):%A}"


def _names(said: Statement, evidence: Evidence) -> str | None:
    """Each word of a name stands in the quotes or in what vouches for names, or one of its usual other forms does."""
    for run in said.names:
        if word := _unheld(run, evidence):
            return f"the name {_plain_name(word)} is not in the passage"
    return None


def _unheld(run: Sequence[Word], evidence: Evidence) -> Word | None:
    """The first word of a name that is not held."""
    held, initials = evidence.names
    for word in run:
        short = _initials(run) in held or who([word]) <= initials
        if not short and not all(_held(low, held) for low in who([word])):
            return word
    return None


def _held(low: str, held: set[str]) -> bool:
    """Whether a word of a name is held, or its parts, what it is short for, or another form of it."""
    parts = low.split("-")
    full = akin.ALIASES.get(low, frozenset([low]))
    return low in held or full <= held or all(part in held for part in parts) or akin.same_people(low, held)


def _plain_name(word: Word) -> str:
    return re.sub(r"'s?$", "", word.text)


def _initials(run: Sequence[Word]) -> str:
    return "".join(word.low[0] for word in run) if len(run) > 1 else ""


def _bound(said: Statement, evidence: Evidence) -> str | None:
    """Whom a figure is said to concern right after it is whom it concerns in the quotes."""
    for figure in said.figures:
        if figure.values[0] in YEARS and not figure.unit:
            continue
        mine = _next_names(said, figure)
        same = [_next_names(evidence.cited, one) for one in evidence.cited.figures if figure.equals(one)]
        if mine and same and all(theirs and not akin.same_name(mine, theirs) for theirs in same):
            return f"the passage has {figure.printed} of another than {' '.join(sorted(mine)).title()}"
    return None


def _next_names(statement: Statement, figure: Figure) -> Names:
    """The words of the names that follow closely on a figure in its clause."""
    after = [word for word in statement.words if word.start >= figure.end][:BESIDE]
    return who([word for word in after if word.name and word.clause == after[0].clause])


def _opposites(said: Statement, evidence: Evidence) -> str | None:
    """No word of the sentence denies one that the quotes have beside the same words."""
    cited = evidence.cited
    if _negated(said) or _negated(cited):
        return None
    for one, other in akin.OPPOSITES:
        for left, right in ((one, other), (other, one)):
            claimed = said.stems & left
            if not claimed or said.stems & right or not cited.stems & right or cited.stems & left:
                continue
            if _beside(said, claimed) & _beside(cited, cited.stems & right):
                said_so = (word.low for word in said.words if word.stem in claimed)  # a part of "record-high" is none
                return f"the passage says the opposite of “{next(said_so, min(claimed))}”"
    return None


def _beside(statement: Statement, stems: frozenset[str]) -> set[str]:
    """The stems of what stands within `BESIDE` words of those."""
    words = statement.words
    places = [i for i, word in enumerate(words) if any(stem(part) in stems for part in word.low.split("-"))]
    near = (word for i in places for word in words[max(i - BESIDE, 0) : i + BESIDE + 1])
    return {word.stem for word in near if word.content or word.name or word.low.isdigit()}


def _denials(said: Statement, evidence: Evidence) -> str | None:
    """What the sentence denies the quotes deny."""
    cited = evidence.cited
    if not _negated(said) or denies_by_prefix(said, cited):
        return None
    if not _negated(cited) and not akin.NEGATIVE.search(cited.text):
        return "the passage does not deny that"
    for denied in _denied(said):
        same = [other for word in denied for other in cited.words if _alike(word, other)]
        if same and not any(_doubted(other, cited) for other in same):
            return f"the passage does not deny “{denied[0].low}”"
    return None


def _statements(said: Statement, evidence: Evidence) -> str | None:
    """What the sentence states the quotes do not deny."""
    cited = evidence.cited
    for denied in _denied(cited):
        same = [word for word in said.words if word.stem == denied[0].stem]
        stated = sum(word.stem == denied[0].stem for word in cited.words) > 1
        if same and not stated and not any(_doubted(word, said) for word in same):
            return f"the passage denies “{denied[0].low}”"
    return None


def denies_by_prefix(said: Statement, cited: Statement) -> bool:
    """Whether a word denies by its beginning what the sentence denies: "no protection", "unprotected"."""
    opposite = [re.sub("^(?:un|in|im|dis)", "", word.low) for word in cited.words if re.match("un|in|im|dis", word.low)]
    return any(
        len(akin.common(word.low, other)) >= 5 for denied in _denied(said) for word in denied for other in opposite
    )


def _alike(word: Word, other: Word) -> bool:
    if word.low in SAYING and other.low in SAYING:
        return True
    return word.stem == other.stem or bool(
        akin.CLASSES.get(word.stem, frozenset()) & akin.CLASSES.get(other.stem, frozenset())
    )


def _negated(statement: Statement) -> bool:
    return any(map(akin.denies, statement.words))


def _denied(statement: Statement) -> Iterator[list[Word]]:
    """The words that each negation bears on: those after it in its clause, up to the next negation, that say something
    of their own. None where it is denied itself: "it is impossible not to find fault"."""
    for i, word in enumerate(statement.words):
        if akin.denies(word) and statement.text[word.end : word.end + 5] not in (" only", " just"):
            before = (w.low for w in statement.words[:i] if w.clause == word.clause)
            after = (w for w in statement.words[i + 1 : i + 9] if w.clause == word.clause)
            scope = itertools.takewhile(lambda w: not akin.denies(w), after)
            content = [w for w in scope if w.content or w.low in SAYING]
            if content and not _IMPOSSIBLE & {*before}:
                yield content


def _doubted(word: Word, statement: Statement) -> bool:
    """Whether a word's clause, or the one beside it, holds anything negative."""
    near = [w for w in statement.words if w.clause == word.clause and w is not word]
    return any(map(akin.denies, near)) or bool(akin.NEGATIVE.search(" ".join(w.low for w in near)))


def _certainty(said: Statement, evidence: Evidence) -> str | None:
    """What may be is not said to be sure to come."""
    if akin.HEDGES.search(said.text) or not re.search(r"\bwill\b", said.text) or _WILL.search(evidence.cited.text):
        return None
    modal = next((word.low for word in _modals(evidence.cited)), None)
    return f"the passage says “{modal}”, not “will”" if modal else None


def _hedges(said: Statement, evidence: Evidence) -> str | None:
    """Doubt about what the sentence tells is told with it."""
    if akin.HEDGES.search(said.text):
        return None
    words = evidence.cited.words
    for word in _modals(evidence.cited):
        i = words.index(word)
        scope = [
            w for w in words[i + 1 : i + 12] if w.clause == word.clause and (w.content or w.name or w.low.isdigit())
        ]
        if scope and sum(_holds(said, w) for w in scope[:4]) * 2 >= len(scope[:4]):
            return f"the passage says “{word.low}”, the sentence does not"
    if (found := akin.HEARSAY.search(evidence.cited.text)) and not any(w.low in SAYING for w in said.words):
        return f"the passage says “{found[0].lower()}”, the sentence does not"
    return None


def _modals(statement: Statement) -> Iterator[Word]:
    """The words that express doubt, where they do."""
    for i, word in enumerate(statement.words):
        if word.low in akin.MODAL and word.text != "May" and _doubts(statement.words, i):
            yield word


def _doubts(words: Sequence[Word], i: int) -> bool:
    """Whether a hedge is one: who appears at an event is there."""
    following = words[i + 1].low if i + 1 < len(words) else ""
    return following in ("to", "that", "as", "likely") if words[i].low.startswith(("appear", "seem")) else True


def _holds(statement: Statement, word: Word) -> bool:
    return word.stem in statement.stems or any(
        akin.CLASSES.get(word.stem, frozenset()) & akin.CLASSES.get(other, frozenset()) for other in statement.stems
    )


def _brief(said: Statement, evidence: Evidence) -> str | None:
    """Half of what a short sentence tells stands in the quotes, names and words, and so does what something is said to
    be. A longer one may be in other words throughout."""
    words = [word for word in said.words if word.content and word.low not in SAYING]
    strange = [word for word in words if not _known(word, evidence)]
    unmet = sum(_unheld(run, evidence) is not None for run in said.names)
    told = len(words) + len(said.names)
    pairs = itertools.pairwise(said.words)
    being = len(words) <= FEW and any(word in strange and one.low in ("is", "are", *_BEING) for one, word in pairs)
    short = told <= SHORT and 2 * (len(strange) + unmet) > told
    return "the passage does not say that" if short or being else None


def _known(word: Word, evidence: Evidence) -> bool:
    """Whether a word stands in the evidence: itself, in another form, within a longer one, or one akin."""
    held = evidence.cited.stems | evidence.vouched.stems
    if word.stem in held or (len(word.low) > 3 and any(o.startswith(word.low) or o.endswith(word.low) for o in held)):
        return True
    if len(word.low) > 5 and any(len(akin.common(word.stem, other)) >= 5 for other in held):
        return True
    classes = akin.CLASSES.get(word.stem, frozenset())
    return any(classes & akin.CLASSES.get(other, frozenset()) for other in held)


RULES: Mapping[str, Callable[[Statement, Evidence], str | None]] = {
    "quotations": _quotations,
    "figures": _figures,
    "senses": _senses,
    "days": _days,
    "names": _names,
    "bound": _bound,
    "opposites": _opposites,
    "denials": _denials,
    "statements": _statements,
    "certainty": _certainty,
    "hedges": _hedges,
    "brief": _brief,
}
"""Each rule by its name: what it finds amiss, in words fit to be shown; None where it finds nothing."""


def _bare(text: str) -> str:
    """Words alone, for comparing what stands between quotation marks."""
    return " ".join(re.findall(r"\w+", text.casefold()))
