"""A model's reply, as it comes, into whole sentences, and each of those into its words and the passages it names."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence

from assistant.marks import CHAIN, LIST, MARK, is_inserted, named
from index.records import Span
from index.splitter import sentences

LOOKAHEAD = 7
"""Whole words after a sentence before its end is believed: one more than the splitter ever looks at."""

PULSE = 0.1
"""Seconds after which a silence is told."""

LONGEST = 2_000
"""Characters after which a sentence is cut: nobody ends it any more."""

_MARKER = re.compile(MARK, re.IGNORECASE)
_LEADING = re.compile(rf"\A(?:{MARK})+[.,;]?\s*", re.IGNORECASE)
_STOP_AND_MARKERS = re.compile(rf"([.!?…]+[\"”'’»)]*)((?>(?:{MARK})+))(?!\s*(?-i:[a-z]))", re.IGNORECASE)
_LEFT = re.compile(
    r"\A[,:;]\s+|[,:;]\s*(?=[.!?]\Z)|(?<=[^.…][.!?…])\.\Z|(?<=[.!?…][\"”’])\.\Z|\s+(?=[.!?]\Z)|,\s*(?=\))"
)
"""What markers leave behind when they go: a second full stop, the space before it, a comma before a bracket."""

_OPENING = "[【［〔〖⟦⁅「⟨《〈<({^*_`$\\"
"""What more markers may begin with."""

_HEAD_LIKE = re.compile(r"[.!?…\"”’][ \t]*\(\d\d?\)\Z")
"""A marker after a full stop that will turn out the head of a list's item, should text follow it on its line."""

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
    rf"(?:\b(?:the )?(?:passages?|sources?|articles?) {CHAIN}|(?<![\[({{<【^#])\bpassages? {LIST}\b(?!\s*[\])】])"
    rf"|(?:{'|'.join(f'(?<={word})' for word in _BEFORE)}) {CHAIN}"
    rf"|(?:\A|(?:{'|'.join(f'(?<={word})' for word in _CLAUSE)}) ){CHAIN}{_SAYS})"
)
"""A marker that stands for its article within the sentence: "According to [1], she left", "Passage 2 says"."""

_HEAD = re.compile(
    rf"\A\W*(?:passages?|sources?|articles?) (?:{CHAIN}|{LIST})\W*(?:\([^()]{{1,80}}\)\W*)?:\W*(?=[A-Z“\"\d])",
    re.IGNORECASE,
)
"""A marker at the head of what its passage tells: "Passage 1: she left"."""

_NAMING = re.compile(rf"(?P<noun>{_NOUN})|{MARK}", re.IGNORECASE)


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
            early = not held or held[0] in _OPENING
        done = 0
        for start, end in _spans(held[: 2 * LONGEST]):
            if end - start > LONGEST:
                yield held[start : start + LONGEST]
                done = start + LONGEST
                break
            sealed = _sealed(held[start:end])
            silent = sealed and not piece and not held[end:].strip() and not _HEAD_LIKE.search(held[start:end])
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
            return marker[0] if is_inserted(marker[0], len(outlets)) else ""
        told = dict.fromkeys(
            outlets[n - 1] or "one article" for n in named(marker[0], len(outlets)) if 1 <= n <= len(outlets)
        )
        return marker[0][: marker[0].startswith(" ")] + " and ".join(told)

    return _LEFT.sub("", _NAMING.sub(called, _HEAD.sub("", sentence))).strip()


def numbers(sentence: str, most: int) -> list[int]:
    """The numbers that a sentence's markers name, in order, each once: 1, 3, 4 and 5 of "[1, 3-5]"; `most` is how many
    passages there are."""
    marks = [marker[0] for marker in _NAMING.finditer(sentence) if not is_inserted(marker[0], most)]
    return list(dict.fromkeys(n for mark in marks for n in named(mark, most)))


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
