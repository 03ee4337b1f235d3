"""A sentence as a model marks it up, with bullets, emphasis and the like, into plain prose. Pure."""

from __future__ import annotations

import re

_LISTED = re.compile(r"\A(?:\s*(?:[-*•‣◦▪–—+>]+\s+|#{1,6}\s+|\(?(?:\d{1,2}|[a-h])[.)]\s+(?=[\W_]*[A-Z“\"])))+")
_LABEL = re.compile(
    r"\A[*_]*(?:(?:(?:the|my|final|short|direct|new|corrected|revised|rewritten|stand-?alone) ){0,2}"
    r"(?:answer|response|summary|sentence|question|follow-?up|search|query)|here (?:is|'s) (?:the|my|your) answer)"
    r"[*_]*:[*_]*\s*|\A(?:based on|according to|from) (?:the|these) (?:(?:provided|given|numbered|above) )?"
    r"(?:passages?|articles?|sources?|excerpts?)(?: provided| given| above)?, ",
    re.IGNORECASE,
)
_STRESSED = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3}|~~|`)(?=\S)([^*_`\n]+?)(?<=\S)\1(?![\w*])")
_LOOSE = re.compile(r"\A(?:\*{2,3}|__)(?=\S)|(?<=[.!?\"”’\]])(?:\*{2,3}|__)(?=\s|\Z)")
_TOKENS = re.compile(
    r"<\|[\w-]{1,30}\|>|</?s>|</?(?:answer|response|final)>|\A```\w*\s+(?=\S)|(?<=[.!?\"”’])\s*```\Z", re.I
)
_NO_SENTENCE = re.compile(
    r"\A\W*\Z|\A```\w*\Z|\A#{1,6}\s[^.!?]*\Z|\A[*_]{2}[^*_.!?]*[*_]{2}:?\Z|\A[\w ]{1,40}:\Z|\A\|[^\[]*\Z"
    r"|\A\W*\d{1,3}\W*\Z",
    re.IGNORECASE,
)
_SOURCES = re.compile(
    r"\A[\W_]*(?:sources?|references?|citations?|footnotes?|works cited|bibliography)[\W_]*\Z|\A\[\^?\d{1,3}\]:\s",
    re.IGNORECASE,
)

_TELLS = (
    r"(?:\w+ )?(?:say|state|tell|contain|provide|mention|answer|include|specify|give|address|indicate|have)\b"
    r"(?!.*\b(?:but|however|although)\b)"
)
_REFUSES = re.compile(rf"\A\W*the collection does not {_TELLS}", re.IGNORECASE)
_TALKS = re.compile(
    r"\A(?:(?:i[’']m |i am )?sorry|unfortunately|i (?:cannot|can[’']t))\b(?!.*\d)"
    r"|\A(?:[\w ]{0,20}, )?(?:the (?:\w+ )?(?:passages?|articles?|context|sources?|text) (?:provided |given )?"
    rf"(?:do(?:es)? not|do(?:es)?n[’']t)|none of the \w+(?: do(?:es)?)?) {_TELLS}"
    r"|\A(?:sure|certainly|of course|absolutely|okay|great question|i hope this helps|let me know|feel free)\b[^\[]*\Z",
    re.IGNORECASE,
)
"""What a model says of itself and of what it was given, not of what the articles tell."""


def plain(sentence: str) -> str:
    """A sentence without bullet, number, emphasis, label and a model's own tokens; empty where it is none, such as a
    heading, a rule or the head of a table, or tells nothing, such as that the passages do not say."""
    text = _TOKENS.sub("", sentence).strip()
    if _NO_SENTENCE.match(text) or _TALKS.match(text):
        return ""
    text, bared = _LISTED.sub("", text), ""
    while text != bared:
        bared, text = text, _STRESSED.sub(r"\2", _LABEL.sub("", text))
    text = _LOOSE.sub("", text).strip()
    return text[:1].upper() + text[1:] if _LABEL.match(sentence) else text


def lists_sources(line: str) -> bool:
    """Whether a list of sources begins here, after which a reply says nothing more."""
    return bool(_SOURCES.match(line.strip()))


def is_row(sentence: str) -> bool:
    """Whether it is the row of a table."""
    return sentence.startswith("|") or sentence.count(" | ") > 1


def refuses(sentence: str) -> bool:
    """Whether it is how a model is told to say that the passages do not tell, or nearly so."""
    return bool(_REFUSES.match(sentence))


def unquoted(sentence: str, instead_of: str) -> str:
    """A sentence without the quotation marks that a model puts around all of it when it is asked for one."""
    inner = sentence[1:-1]
    whole = sentence[:1] in ('"', "“") and sentence[-1:] in ('"', "”") and not re.search(r'["“”]', inner)
    return inner if whole and instead_of[:1] not in ('"', "“") else sentence
