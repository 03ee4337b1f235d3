"""What a server sent in place of a reply in OpenAI's protocol, in words that repeat nothing of it. Pure."""

from __future__ import annotations

import json

WANTED = '{"choices": [{"delta": {"content": "text"}}]}'
"""A chunk of a reply, as the protocol has it."""

_KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}


_BESIDES = (":", "event:", "id:", "retry:")
"""How the lines of a stream begin that hold no data."""


def oddity(sent: str, cut: bool = False) -> str | None:
    """What is odd about the end of what was sent, to follow "sent"; None where nothing is.

    Args:
        sent: Events of a stream, of which the first may lack its beginning; or a whole reply as JSON.
        cut: Whether its beginning may be gone, so that what has no event in it tells nothing.
    """
    lines = [line.strip() for line in sent.splitlines() if line.strip()]
    given = [line.removeprefix("data:").strip() for line in lines if line.startswith("data:")]
    if not given and (cut or any(line.startswith(_BESIDES) for line in lines)):
        return None
    if lines and not given and not lines[0].startswith(("{", "[", '"')):
        return "text that is no event of a stream"
    for one in given or [sent]:
        try:
            odd = _of_chunk(json.loads(one), whole=not given)
        except json.JSONDecodeError:  # cut at its beginning, or [DONE]
            continue
        if odd:
            return f"{odd}, where {WANTED} was expected"
    return None


def _of_chunk(chunk: object, whole: bool) -> str | None:
    match chunk:
        case {"choices": [dict(choice), *_]}:
            return _of_choice(choice)
        case {"choices": [choice, *_]}:
            return f"a choice that is {_kind(choice)}"
        case {"choices": []} if whole:
            return 'no "choices"'
        case {"choices": []}:  # the last chunk of a stream, which tells how many tokens there were
            return None
        case {"choices": other}:
            return f'"choices" that is {_kind(other)}'
        case {"error": _}:
            return "an error"
        case dict():
            return 'an object without "choices"'
    return _kind(chunk)


def _of_choice(choice: dict[str, object]) -> str | None:
    match choice:
        case {"delta": {"content": None | str()}} | {"message": {"content": None | str()}}:
            return None
        case {"delta": {"content": other}} | {"message": {"content": other}}:
            return f'"content" that is {_kind(other)}'
        case {"delta": None | {}} | {"finish_reason": str()}:
            return None
        case {"delta": other} | {"message": other}:
            return f'"{"delta" if "delta" in choice else "message"}" that is {_kind(other)}'
    return 'a choice without "delta"'


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "null")
