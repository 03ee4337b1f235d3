"""Text as an outlet printed it, into text as words and encoder should see it, with the way back for every offset."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import ftfy.bad_codecs  # noqa: F401  (registers sloppy-windows-1252, which gives every byte a character)
from ftfy.badness import is_bad

from index.records import Span

FOLD_VERSION = 1
"""Grows whenever `fold` may give another text for the same input: what was made from folded text is then stale."""

_PLAIN: dict[str, str] = {
    **dict.fromkeys(["\t", "\r", *"\xa0\u1680\u202f\u205f\u3000", *map(chr, range(0x2000, 0x200B))], " "),
    **dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n"),
    # Control characters, then what has no width: soft hyphens, joiners, marks of direction and of variants.
    **dict.fromkeys(map(chr, [*range(9), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0)]), ""),
    **dict.fromkeys(["\xad", *"\u034f\u061c\u180e\ufeff", *map(chr, range(0x200B, 0x2010))], ""),
    **dict.fromkeys(map(chr, [*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)]), ""),
    **dict.fromkeys("‘’‚‛′‹›´`ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **{ligature: unicodedata.normalize("NFKC", ligature) for ligature in "ﬀﬁﬂﬃﬄﬅﬆ"},
}
"""What a single character becomes wherever it stands."""

_TAGS = (
    "a|b|i|u|p|q|s|abbr|article|aside|blockquote|br|center|cite|code|dd|div|dl|dt|em|embed|figcaption|figure|font|form|h[1-6]|"
    "hr|iframe|img|input|li|link|ol|picture|pre|script|section|small|source|span|strong|style|sub|sup|table|tbody|td|th|thead|"
    "time|tr|tweet|ul|video"
)
_UNITS = (
    "hundred|thousand|million|billion|trillion|percent|percentage|cents?|dollars?|euros?|pounds?|ounces?|tons?|feet|foot|"
    "inch|inches|yards?|miles?|acres?|degrees?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|points?|people|voters?|"
    "votes?|seats?|delegates?|states?|members?"
)

# UTF-8 read as Windows-1252 is a leading character and one to three trailing ones. A trailing one may also stand as the
# control character of its byte, or flattened by a later NFKC ("Ãº" as "Ão", "Ã¼" as "Ã1⁄4"), unless to a space.
_TRAILS = {
    spelling: trail
    for byte in range(0x80, 0xC0)
    for trail in [bytes([byte]).decode("sloppy-windows-1252")]
    for spelling in {chr(byte), unicodedata.normalize("NFKC", trail), trail} - {" "}
}
_TRAIL = re.compile("|".join(map(re.escape, sorted(_TRAILS, key=len, reverse=True))))
_T = rf"(?:{_TRAIL.pattern})"

_SINGLE = "".join(map(re.escape, _PLAIN))
_ODDITIES = re.compile(
    # One set for the first character lets the search skip plain text fast; what it must be part of is asked afterwards.
    rf"[{_SINGLE}'<&0-9Â-ßà-ô](?:"
    rf"(?:(?<=[Â-ß]){_T}|(?<=[à-ï]){_T}{{2}}|(?<=[ð-ô]){_T}{{3}})(?:[Â-ß]{_T}|[à-ï]{_T}{{2}}|[ð-ô]{_T}{{3}})*"
    r"|(?<=['‘’])['‘’]|(?<=`)`"
    rf"|(?<=[0-9])(?=(?i:{_UNITS})\b)"
    rf"|(?<=<)/?(?i:{_TAGS})(?:\s+[\w:-]+=[^<>]{{0,400}}|\s*/?)>"
    r"|(?<=&)(?:\#[0-9]{1,7}|\#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}[0-9]{0,2});"
    rf"|(?<=Â)(?=\s)|(?<=[{_SINGLE}]))"
)
_RUNS = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")

_Offsets = tuple[int, ...]
_Step = tuple[_Offsets, _Offsets]
"""One rewriting: piece k of the text before runs from `[0][k]`, of the text after from `[1][k]`, each to the next.
Even pieces were copied, odd ones replaced."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where each character stood in the original. Offsets out of range are clamped.

    Characters that were changed together (a letter and its accent, a repaired run) share the start of their original.
    """

    text: str
    length: int
    """The original's length."""
    steps: tuple[_Step, ...] = ()

    def original(self, i: int) -> int:
        """Where folded character `i` begins in the original. Monotone; 0 gives 0 and `len(text)` gives `length`."""
        if i <= 0 or i >= len(self.text):
            return self.length if i > 0 else 0
        for before, after in reversed(self.steps):
            i = _begin(i, after, before)
        return i

    def folded(self, i: int) -> int:
        """Where original character `i` begins in the folded text. Monotone; 0 gives 0, `length` gives `len(text)`."""
        if i <= 0 or i >= self.length:
            return len(self.text) if i > 0 else 0
        for before, after in self.steps:
            i = _begin(i, before, after)
        return i

    def span(self, start: int, end: int) -> Span:
        """The original span of a folded one: replaced runs whole, without what was dropped before or after it."""
        start, end = (min(max(i, 0), len(self.text)) for i in (start, end))
        for before, after in reversed(self.steps):
            start, end = _begin(start, after, before), _finish(end, after, before)
        return start, max(start, end)


@functools.lru_cache(4_096)  # a passage is measured, kept and found by words, each from its folded text
def fold(text: str) -> Folded:
    """Repair a text for matching; the outcome is never shown. Takes any string.

    Odd spaces become spaces and odd line ends newlines, one for one; what is invisible goes, and so do leftover tags;
    character references and mojibake become what they stand for, quotation marks straight, ligatures letters,
    "$23million" becomes "$23 million". The outcome is in Unicode's composed form (NFC).
    """
    folded, steps = text, []
    # Composed first, for a decomposed "Ã" hides mojibake, and last, for a repair can bring letter and accent together.
    for pattern, replacement in ((_RUNS, _composed), (_ODDITIES, _repaired), (_RUNS, _composed)):
        if pattern is _RUNS and unicodedata.is_normalized("NFC", folded):
            continue
        folded, step = _rewritten(folded, pattern.finditer(folded), replacement)
        steps.append(step)
    return Folded(folded, len(text), tuple(step for step in steps if len(step[0]) > 2))


def _begin(i: int, here: _Offsets, there: _Offsets) -> int:
    """Where what begins at `i` here begins there: for a replaced piece, where that piece begins."""
    k = min(bisect_right(here, i), len(here) - 1) - 1
    return there[k] if k % 2 else there[k] + i - here[k]


def _finish(i: int, here: _Offsets, there: _Offsets) -> int:
    """Where what ends at `i` here ends there: for a replaced piece, where that piece ends."""
    k = max(bisect_left(here, i), 1) - 1
    return there[k + 1] if k % 2 else there[k] + i - here[k]


def _rewritten(
    text: str, found: Iterable[re.Match[str]], replacement: Callable[[re.Match[str]], str]
) -> tuple[str, _Step]:
    """The text with every match replaced; a replacement as long as its match needs no piece of its own."""
    pieces: list[str] = []
    before, after = [0], [0]
    copied = shift = 0
    for match in found:
        start, end = match.span()
        new = replacement(match)
        pieces += text[copied:start], new
        copied = end
        if len(new) != end - start:
            before += start, end
            after += start + shift, start + shift + len(new)
            shift += len(new) - (end - start)
    folded = "".join((*pieces, text[copied:]))
    return folded, ((*before, len(text)), (*after, len(folded)))


def _composed(run: re.Match[str]) -> str:
    """NFC of a run: an ASCII character never joins what stands before it, so a run may begin with one."""
    return unicodedata.normalize("NFC", run[0])


def _repaired(oddity: re.Match[str]) -> str:
    found = oddity[0]
    if found in _PLAIN:
        return _PLAIN[found]
    if found.isdecimal():
        return found + " "
    if found == "Â":  # the first half of a no-break space whose second half became a space
        return ""
    if found[0] == "<":
        return " " if _before(oddity).isalnum() and oddity.string[oddity.end() : oddity.end() + 1].isalnum() else ""
    if found[0] in "'‘’`":
        return '"'
    meant = html.unescape(found) if found[0] == "&" else _decoded(oddity)
    if meant == found:
        return "".join(_PLAIN.get(c, c) for c in found)
    return _ODDITIES.sub(_repaired, meant)


def _decoded(oddity: re.Match[str]) -> str:
    """What a run that may be UTF-8 read as Windows-1252 was meant to say; the run itself where that is unlikely.

    "José’”" is such a run by its bytes, and yet as it should be: so it must be one of ftfy's unlikely neighbourhoods,
    or begin as no English word ends, or with a capital inside a word ("ErdoÄŸan").
    """
    run = oddity[0]
    if not (run[0] in "ÂÃâ" or (run[0].isupper() and _before(oddity).islower()) or is_bad(run)):
        return run
    spelled = _TRAIL.sub(lambda trail: _TRAILS[trail[0]], run)
    try:
        return spelled.encode("sloppy-windows-1252").decode("utf-8")
    except UnicodeError:
        return run


def _before(match: re.Match[str]) -> str:
    """The character before it, or nothing."""
    return match.string[match.start() - 1 : match.start()]
