"""Does the quoted text bear out this sentence? Numbers, names and quotation marks, checked one by one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.folding import fold

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_WRITTEN = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen twenty".split()
    )
}
_NAME = re.compile(r"\b[A-Z][\w'’-]*[a-z][\w'’-]*|\b[A-Z]{2,}\b")
_QUOTED = re.compile(r"[\"“]([^\"“”]+)[\"”]")
_OPENERS = frozenset(
    "The A An In On At By For From To And But Or As It Its He She They This That These Those There When While After"
    " Before According Since Until However Meanwhile Both Each No Not One Two Three If So Among With Under Over".split()
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the quotes bear the sentence out, and if not, why, in words fit to be shown."""

    supported: bool
    why: str | None = None


def judge(sentence: str, quotes: Sequence[str], known: Iterable[str] = ()) -> Verdict:
    """Whether every number, name and quotation in the sentence stands in the quotes.

    Args:
        sentence: One sentence of an answer, without markers.
        quotes: The texts that it cites, as the articles have them.
        known: Further texts that may vouch for names and dates: outlets, headlines, dates, credited sources.
    """
    if not quotes:
        return Verdict(False, "it cites no passage")
    text = _plain(sentence)
    cited = " ".join(map(_plain, quotes))
    vouched = f"{cited} {' '.join(map(_plain, known))}"
    for quoted in _QUOTED.findall(text):
        if _bare(quoted) not in _bare(cited):
            return Verdict(False, f"the words “{quoted.strip()}” are not in the passage")
    numbers = _numbers(vouched)
    for number in _numbers(text):
        if number not in numbers:
            return Verdict(False, f"the figure {number} is not in the passage")
    words = {word.casefold() for word in re.findall(r"[\w'-]+", vouched)}
    for name in _NAME.findall(_QUOTED.sub(" ", text)):
        if name not in _OPENERS and _stem(name) not in words and name.casefold() not in words:
            return Verdict(False, f"the name {name} is not in the passage")
    return Verdict(True)


def _plain(text: str) -> str:
    return fold(text).text


def _bare(text: str) -> str:
    """Words alone, for comparing what stands between quotation marks."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _numbers(text: str) -> list[str]:
    """Every figure of a text, in digits and without separators; those written out up to twenty included."""
    digits = [number.replace(",", "").rstrip(".") for number in _NUMBER.findall(text)]
    return digits + [_WRITTEN[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in _WRITTEN]


def _stem(name: str) -> str:
    """A name without its possessive."""
    return re.sub(r"['’]s?$", "", name).casefold()
