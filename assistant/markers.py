"""A model's reply, as it comes, into whole sentences, and each of those into its words and the passages it names."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence

from index.records import Span
from index.splitter import sentences

LOOKAHEAD = 7
"""Whole words after a sentence before its end is believed: one more than the splitter ever looks at."""

PULSE = 0.1
"""Seconds after which a silence is told."""

LONGEST = 2_000
"""Characters after which a sentence is cut: nobody ends it any more."""

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭"
_DIGITS = str.maketrans(_SUPERSCRIPTS, "0123456789") | {ord(c): f" {n} " for n, c in enumerate(_CIRCLED, 1)}
_WORD = r"(?:passages?|sources?|references?|articles?|citations?|cited?|refs?\.?|nos?\.?|numbers?|p)\s*:?\s*"
_ONE = rf"(?:{_WORD}|[\^#])?\d{{1,3}}\^?(?::\d+)?"
_RANGE = r"(?:[–—−‑-]|\.\.|\bto\b)"
_LIST = rf"{_ONE}(?:(?:\s*(?:,\s*and\b|[,;&/|]|{_RANGE}|\band\b)\s*|\s+){_ONE})*"
_TAIL = rf"(?:†[^\]】\n]{{0,40}}|[,:]\s*(?!{_WORD})(?-i:[A-Z])[^\[\]()【】\n]{{0,60}})"
_LINK = r"\((?:#|https?:|/|\.)[^()\s]*\)"
_BRACKETS = (
    rf"\\?(?:\[{{1,2}}|【|［|〔|〖|⟦|⁅|「)\s*{_LIST}\s*{_TAIL}?\s*\\?(?:\]{{1,2}}|】|］|〕|〗|⟧|⁆|」)(?:{_LINK})?"
)
_CHAIN = rf"{_BRACKETS}(?:\s?(?:,\s?and|[,;&]|{_RANGE}|\band\b)\s?{_BRACKETS})*"
_MARK = (
    rf"[ \t\xa0]*(?:{_CHAIN}"
    rf"|\((?:(?:see|cf\.|{_WORD})\s*)?{_CHAIN}(?:{_CHAIN})*\)"
    rf"|<(?:sup|cite|ref)>\s*\[?{_LIST}\]?\s*</(?:sup|cite|ref)>"
    rf"|[(（](?:see )?{_WORD}{_LIST}[)）]|[(（]\d\d?(?:\s*,\s*\d\d?)*[)）](?=(?:\s?\(\d\d?\))*[.!?])"
    rf"|\$\^\{{?{_LIST}\}}?\$|[{_CIRCLED}]+|⁽[{_SUPERSCRIPTS}]{{1,2}}⁾|(?<=\s)[{_SUPERSCRIPTS}]{{1,2}}(?=[.!?])"
    rf"|(?:(?<=[.!?…\"”’])|(?<=[^\W\d_]{{4}}))[{_SUPERSCRIPTS}]{{1,2}}(?:[ ,⁻˒]?[{_SUPERSCRIPTS}]{{1,2}})*"
    r")(?:[ \t]+(?=[,.;:!?](?:\s|\Z)))?"
)
"""[1], [1, 2], [1-3], [1] and [2], ([1]), [[1]], 【1】, 【1†source】, [1](#a), [^1], [passage 1], [cite: 1],
(source 2), <sup>1</sup>, resigned¹, ①; (1) only right before a full stop. Four digits would be a year that an editor
put in brackets."""

_MARKER = re.compile(_MARK, re.IGNORECASE)
_LEADING = re.compile(rf"\A(?:{_MARK})+[.,;]?\s*", re.IGNORECASE)
_STOP_AND_MARKERS = re.compile(rf"([.!?…]+[\"”'’»)]*)((?>(?:{_MARK})+))(?!\s*(?-i:[a-z]))", re.IGNORECASE)
_LEFT = re.compile(r"(?<=[^.…][.!?…])\.\Z|(?<=[.!?…][\"”’])\.\Z|\s+(?=[.!?]\Z)|,\s*(?=\))")
"""What markers leave behind when they go: a second full stop, the space before it, a comma before a bracket."""

_NUMBERS = re.compile(rf"(\d+)(?:[\W_]{{0,3}}?{_RANGE}[\W_]{{0,3}}?(\d+))?")
_BESIDE = re.compile(rf"(?<=\d):\d+|{_LINK}|{_TAIL}", re.IGNORECASE)
_SEALED = re.compile(r"[^\s.!?…\"”“'’»)][.!?]$")
_CLOSING = re.compile(r"[\s.,;!?…\"”’)]*")
_SINGLE = re.compile(r"(?:[,:] '(?=[A-Z])|‘)[^'’]*(?:['’]\w[^'’]*)*\Z")
_PLAINLY_NEXT = re.compile(r"\s+[A-Z0-9$£€“]")
_SAYS = (
    r"(?=\s+(?:also |only |both |all )?(?:says?|said|states?|stated|reports?|reported|notes?|noted|adds?|added|claims?"
    r"|claimed|mentions?|mentioned|describes?|described|confirms?|confirmed|gives?|gave|puts?|quotes?|quoted|cites?"
    r"|attributes?|does|do|is|are|was|were|has|have)\b)"
)
_BEFORE = ("according to", "as per", "reported by", "reported in", "mentioned in", "stated in", "unlike")
_CLAUSE = (",", ";", "while", "whereas", "but", "both")
_NOUN = (
    rf"(?:\b(?:the )?(?:passages?|sources?|articles?) {_CHAIN}|(?<![\[(【^#])\bpassages? {_LIST}\b(?!\s*[\])】])"
    rf"|(?:{'|'.join(f'(?<={word})' for word in _BEFORE)}) {_CHAIN}"
    rf"|(?:\A|(?:{'|'.join(f'(?<={word})' for word in _CLAUSE)}) ){_CHAIN}{_SAYS})"
)
"""A marker that stands for its article within the sentence: "According to [1], she left", "Passage 2 says"."""

_NAMING = re.compile(rf"(?P<noun>{_NOUN})|{_MARK}", re.IGNORECASE)


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
        for start, end in _spans(held[: 2 * LONGEST]):
            if end - start > LONGEST:
                yield held[start : start + LONGEST]
                done = start + LONGEST
                break
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
    while held:
        start, end = next(iter(_spans(held[: 2 * LONGEST])), (0, len(held)))
        yield held[start : min(end, start + LONGEST)]
        held = held[min(end, start + LONGEST) :].lstrip()


def bare(sentence: str, outlets: Sequence[str | None] = ()) -> str:
    """A sentence without its markers; one that stands for its article within it gives way to the article's outlet."""

    def called(marker: re.Match[str]) -> str:
        if not marker["noun"]:
            return ""
        told = dict.fromkeys(outlets[n - 1] or "one article" for n in _named(marker[0]) if 1 <= n <= len(outlets))
        return marker[0][: marker[0].startswith(" ")] + " and ".join(told)

    return _LEFT.sub("", _NAMING.sub(called, sentence)).strip()


def numbers(sentence: str) -> list[int]:
    """The numbers that a sentence's markers name, in order, each once: 1, 3, 4 and 5 of "[1, 3-5]"."""
    return list(dict.fromkeys(n for marker in _NAMING.finditer(sentence) for n in _named(marker[0])))


def _named(marker: str) -> list[int]:
    """A marker's own numbers: without what names a place in a file (【4:0†source】), superscripts as digits."""
    plain = re.sub(rf"(?<=[{_SUPERSCRIPTS}])[ ˒⁻](?=[{_SUPERSCRIPTS}])", ",", _BESIDE.sub("", marker))
    pairs = _NUMBERS.findall(plain.translate(_DIGITS))
    return [n for first, last in pairs for n in range(int(first), int(last or first) + 1)]


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
        if spans and (_quoting(text[slice(*spans[-1])]) or _CLOSING.fullmatch(_MARKER.sub("", text[start:end]))):
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
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”") or bool(_SINGLE.search(text))
