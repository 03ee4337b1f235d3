"""A reply as it comes into what is meant to be read: without what the model thought first, or nobody can see. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from assistant.orders import visible

_THOUGHT = r"(?:seed:)?(?:think|thinking|thoughts?|reasoning|scratchpad)"
_TAG = re.compile(
    rf"(?P<begins><{_THOUGHT}>|\[THINK\]|◁think▷|<\|begin_of_thought\|>|<\|channel\|>analysis<\|message\|>"
    r"|(?-i:\Aanalysis(?=[A-Z])))"
    rf"|</{_THOUGHT}>|\[/THINK\]|◁/think▷|<\|end_of_thought\|>|<\|channel\|>final<\|message\|>"
    r"|(?-i:assistantfinal)",
    re.IGNORECASE,
)
"""Where a thought begins and ends, as open models write it: DeepSeek and Qwen, Magistral, Kimi, Sky-T1, gpt-oss."""

_OVER = re.compile(r"<\|(?:im_end|im_start|eot_id|endoftext|end_of_text|end)\|>|<end_of_turn>|<｜end▁of▁sentence｜>")
"""What ends a model's turn; some servers let through what it writes after."""

_TAG_SO_FAR = re.compile(r"(?:<[\w:/|｜▁]*|\[/?[A-Z]*|◁[\w/]*|<\|channel\|>\w*(?:<[|\w]*)?)\Z")
"""The beginning of what may become such a tag."""

_ALOUD = re.compile(
    r"\s*(?:okay|ok,|alright|all right|hmm|wait|let(?: me|['’]s)|we need|i need|i should|first,? (?:i|let)|the user)\b",
    re.IGNORECASE,
)
"""How a model begins whose prompt has opened the thought already, so that only its end is told."""

_OPENING = 12
"""Characters by which that is known."""

_LONGEST = 40
"""Characters of a tag."""


def spoken(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces of a reply, thoughts left out; a reply that seems to think aloud comes when that is known to be over.

    A thought without an end is left out with all that follows.
    """
    held, begun, thinking, aloud, said = "", False, False, False, False
    for piece in pieces:
        held += _readable(piece)
        if not begun and len(held.lstrip()) < _OPENING:
            continue
        aloud = aloud if begun else bool(_ALOUD.match(held))
        begun = True
        while tag := _TAG.search(held):
            if tag["begins"] and not thinking:
                yield held[: tag.start()]
            thinking, aloud = bool(tag["begins"]), False
            held = held[tag.end() :]
        if thinking:
            held = held[-_LONGEST:]
        elif not aloud:
            while over := _OVER.search(held):
                if said or held[: over.start()].strip():
                    yield held[: over.start()]
                    return
                held = held[over.end() :]
            part = _TAG_SO_FAR.search(held)
            ready = part.start() if part else len(held)
            yield held[:ready]
            said = said or bool(held[:ready].strip())
            held = held[ready:]
    if not thinking:
        yield held


def _readable(piece: str) -> str:
    """A piece without control characters, halves of characters, and what `visible` leaves out."""
    return "".join(c for c in visible(piece) if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
