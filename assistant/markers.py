"""A model's reply, as it comes, into whole sentences, and each of those into its words and the passages it names."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator

from index.records import Span
from index.splitter import sentences

LOOKAHEAD = 7
"""Whole words after a sentence before its end is believed: one more than the splitter ever looks at."""

PULSE = 0.1
"""Seconds after which a silence is told."""

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_DIGITS = str.maketrans(_SUPERSCRIPTS, "0123456789")
_LIST = r"\d{1,3}(?:\s*(?:[,;&–-]|\band\b)\s*\d{1,3})*"
_WORD = r"(?:passages?|sources?|references?|articles?|refs?\.?|nos?\.?)"
_MARK = (
    rf"[ \t\xa0]*(?:"
    rf"\\?(?:\[{{1,2}}|【|［|〔|⟦)\s*[\^#]?(?:{_WORD}\s*)?{_LIST}(?::\d+)?(?:†[^\]】\n]{{0,40}})?\s*\\?(?:\]{{1,2}}|】|］|〕|⟧)"
    rf"|<sup>\s*\[?{_LIST}\]?\s*</sup>"
    rf"|\((?:see )?{_WORD}\s*{_LIST}\)|\(\d\d?(?:\s*,\s*\d\d?)*\)(?=[.!?])"
    rf"|(?:(?<=[.!?…\"”’])|(?<=[^\W\d_]{{4}}))[{_SUPERSCRIPTS}]{{1,2}}(?:[ ,⁻˒]?[{_SUPERSCRIPTS}]{{1,2}})*"
    r")"
)
"""[1], [1, 2], [1-3], [[1]], 【1】, 【1†source】, [^1], [passage 1], (source 2), <sup>1</sup>, resigned¹; (1) only
right before a full stop. Four digits would be a year that an editor put in brackets."""

_MARKER = re.compile(_MARK, re.IGNORECASE)
_LEADING = re.compile(rf"\A(?:{_MARK})+[.,;]?\s*", re.IGNORECASE)
_STOP_AND_MARKERS = re.compile(rf"([.!?…]+[\"”'’»)]*)((?>(?:{_MARK})+))(?!\s*(?-i:[a-z]))", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+))?")
_SEALED = re.compile(r"[^\s.!?…\"”“'’»)][.!?]$")
_PLAINLY_NEXT = re.compile(r"\s+[A-Z0-9$£€“]")


def whole_sentences(pieces: Iterable[str]) -> Iterator[str | None]:
    """The reply's sentences, each as soon as it and the markers after it are complete; None where none is for a while.

    A sentence with markers is complete as soon as the next has begun, or an empty piece tells of a silence; one without
    any, when enough words follow to be sure of its end. However else the pieces are cut, the sentences are the same.
    """
    held, early, told = "", False, time.monotonic()
    for piece in pieces:
        held += piece
        if early:  # more markers of a sentence that was thought complete
            held = _LEADING.sub("", held.lstrip(), count=1)
            early = not held or held[0] in "[【［〔⟦<(\\"
        done = 0
        for start, end in _spans(held):
            sealed = _sealed(held[start:end])
            silent = sealed and not piece and not held[end:].strip()
            if not silent and not (sealed and _PLAINLY_NEXT.match(held, end)) and not _far_behind(held[end:]):
                break
            yield held[start:end]
            done, told, early = end, time.monotonic(), silent
        held = held[done:].lstrip()
        if time.monotonic() - told >= PULSE or not piece:
            yield None
            told = time.monotonic()
    for start, end in _spans(held):
        yield held[start:end]


def bare(sentence: str) -> str:
    """A sentence without its markers."""
    return _MARKER.sub("", sentence).strip()


def numbers(sentence: str) -> list[int]:
    """The numbers that a sentence's markers name, in order, each once: 1, 3, 4 and 5 of "[1, 3-5]"."""
    found = [pair for marker in _MARKER.finditer(sentence) for pair in _NUMBERS.findall(_figures(marker[0]))]
    return list(dict.fromkeys(n for first, last in found for n in range(int(first), int(last or first) + 1)))


def _figures(marker: str) -> str:
    """A marker's own figures: without what names a place in a file (【4:0†source】), superscripts as digits."""
    plain = re.sub(r"(?<=\d):\d+|†.*", "", marker)
    return re.sub(rf"(?<=[{_SUPERSCRIPTS}])[ ˒⁻](?=[{_SUPERSCRIPTS}])", ",", plain).translate(_DIGITS)


def _far_behind(after: str) -> bool:
    return len(after.split(maxsplit=LOOKAHEAD)) > LOOKAHEAD


def _sealed(sentence: str) -> bool:
    """Whether markers and a full stop close a sentence so that its end is sure whatever follows."""
    if not _MARKER.search(sentence) or _quoting(sentence):
        return False
    masked = _masked(sentence)
    return bool(_SEALED.search(masked)) and (0, len(masked)) in sentences(f"{masked} Xx")


def _spans(text: str) -> list[Span]:
    """The sentences of a reply, undivided where they quote several, with the markers within them and after them."""
    spans: list[Span] = []
    for start, end in sentences(_masked(text)):
        if spans and (_quoting(text[slice(*spans[-1])]) or not _MARKER.sub("", text[start:end]).strip()):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _masked(text: str) -> str:
    """What the splitter sees: "He left. [1] Then" as "He left Xxx. Then", character for character."""
    moved = _STOP_AND_MARKERS.sub(r"\2\1", text)
    return _MARKER.sub(lambda m: "X".ljust(len(m[0].lstrip()), "x").rjust(len(m[0])), moved)


def _quoting(text: str) -> bool:
    """Whether a quotation is begun and not closed."""
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")
