"""Turns an answer into Markdown with footnotes, for whatever shows text and knows nothing of our records."""

from __future__ import annotations

import re

from assistant.records import Answer, Citation

_MARKERS = re.compile(r"\s*((?:\[\d+\])+)$")
_NUMBER = re.compile(r"\[(\d+)\]")
_NOTES = re.compile(r"\n\n\[\^\d+\]: .*", re.DOTALL)


def footnoted(text: str) -> str:
    """A sentence whose markers, `[1][2]` at its end, have become footnotes; what it says stays as it is."""
    markers = _MARKERS.search(text)
    said = text[: markers.start()] if markers else text
    return plainly(said) + (_NUMBER.sub(r"[^\1]", markers[1]) if markers else "")


def notes(answer: Answer) -> str:
    """What stands below an answer: a footnote for each of its citations; empty without any."""
    return "".join(f"\n\n[^{citation.number}]: {_note(citation)}" for citation in answer.citations)


def markdown(answer: Answer) -> str:
    """An answer whole."""
    said = " ".join(footnoted(sentence.text) for sentence in answer.sentences)
    return (said or plainly(answer.text)) + notes(answer)


def unfootnoted(text: str) -> str:
    """What an answer said, without its footnotes, when a client sends it back."""
    return re.sub(r"\[\^(\d+)\]", r" [\1]", _NOTES.sub("", text))


def plainly(text: str) -> str:
    """Text in which Markdown finds no link, picture or HTML: articles may hold any, and none is ours to show."""
    return re.sub(r"[\\\[<]", r"\\\g<0>", text)


def _note(citation: Citation) -> str:
    day = citation.published.isoformat()[:10] if citation.published else "undated"
    page = f"page {citation.page}" if citation.page else ""
    told = [citation.outlet or "outlet not stated", day, citation.title or "", page]
    credited = dict.fromkeys(credit.called for credit in citation.credits if credit.called)
    line = f"{', '.join(filter(None, told))}: “{citation.quote}”"
    if credited:
        line += f" (credits {', '.join(credited)})"
    return plainly(" ".join(line.split())) + (f" <{citation.url}>" if is_web(citation.url) else "")


def is_web(url: str | None) -> bool:
    """Whether an address is that of a web page, without anything that would end a link."""
    return url is not None and re.fullmatch(r"https?://[^\s<>\"]+", url, re.IGNORECASE) is not None
