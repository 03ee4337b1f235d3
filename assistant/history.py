"""A question and the conversation before it, as a caller gives them, into text that can be stored and sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.records import Answer, Turn

_HALVES = re.compile(r"[\ud800-\udfff]")


def mended(text: str) -> str:
    """A text in which U+FFFD stands for each half of a surrogate pair, which is no character and no UTF-8 can hold."""
    return _HALVES.sub("\ufffd", text)


def conversation(history: Sequence[Answer | Turn]) -> list[Answer | Turn]:
    """The exchanges with what was asked and answered mended."""
    return [_turn(turn) for turn in history]


def _turn(turn: Answer | Turn) -> Answer | Turn:
    if isinstance(turn, Turn):
        return Turn(mended(turn.question), mended(turn.text))
    alone = mended(turn.standalone)
    return replace(turn, question=mended(turn.question), standalone=alone, text=mended(turn.text))
