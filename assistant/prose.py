"""A sentence as a model marks it up, with bullets, emphasis and the like, into plain prose. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_LISTED = re.compile(r"\A(?:\s*(?:[-*•‣◦▪–—+>]+\s+|#{1,6}\s+|\(?(?:\d{1,2}|[a-h])[.)]\s+(?=[\W_]*[A-Z“\"])))+")
_LABEL = re.compile(
    r"\A[*_]*(?:(?:(?:the|my|final|short|direct|new|corrected|revised|rewritten|stand-?alone) ){0,2}"
    r"(?:answer|response|summary|sentence|question|follow-?up|search|query|assistant|key points?|note|a)"
    r"|in (?:short|brief)"
    r"|here (?:is|'s) (?:the|my|your) answer)[*_]*:[*_]*\s*"
    r"|\A(?:the answer is|i (?:have )?found) that "
    r"|\A(?:the (?:passage|article|text|source)s? (?:also )?"
    r"(?:says?|states?|mentions?|reports?|notes?|indicates?|shows?)) that "
    r"|\A(?:based on|according to|from) (?:the|these) (?:(?:provided|given|numbered|above) )?"
    r"(?:passages?|articles?|sources?|excerpts?)(?: provided| given| above)?, "
    r"|\A(?:yes|no)(?:[,:;]| ?[—–]| -) ?(?=\w+(?: [^\s]+){3})",
    re.IGNORECASE,
)
"""What stands before what a sentence tells; so does a "yes" or "no", which no passage can be held against."""
_STRESSED = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3}|~~|`)(?=\S)([^*_`\n]+?)(?<=\S)\1(?![\w*])")
_LOOSE = re.compile(r"\A(?:\*{2,3}|__)(?=\S)|(?<=[.!?\"”’\]])(?:\*{2,3}|__)(?=\s|\Z)")
_TOKENS = re.compile(
    r"<\|[\w-]{1,30}\|>|</?s>|<end_of_turn>|\[/?INST\]|</?(?:answer|response|final)>|</?passage(?: [a-z]*\d*[a-z]\w*)?>"
    r"|</?(?:p|b|i|u|em|strong|br|li|ul|ol|span|div|mark|h[1-6])\b[^<>]{0,60}>|\A```\w*\s+(?=\S)|(?<=[.!?\"”’])\s*```\Z",
    re.I,
)
_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+ ?")
_FORMULA = re.compile(r"\$(\d+(?:[.,]\d+)*)\$(?!\d)|\\\((\d[\d.,]*)\\\)|\\(?:boxed|text|textbf)\{([^{}]*)\}|\\([$%&#])")
"""$14$ and its like, in which some models write figures."""

_NO_SENTENCE = re.compile(
    r"\A\W*\Z|\A(?:assistant|model)\Z|\A```\w*\Z|\A#{1,6}\s[^.!?]*\Z|\A[*_]{2}[^*_.!?]*[*_]{2}:?\Z"
    r"|\A[\w ]{1,40}:\Z|\A\|[^\[]*\Z|\A\W*\d{1,3}\W*\Z"
    r"|\A\W*(?:yes|no)\W*\Z",
    re.IGNORECASE,
)
_ASSENT = re.compile(r"\A\W*(?:yes|no)\W*\Z", re.IGNORECASE)
_FIGURE = re.compile(r"\A\W*\d{1,3}\W*\Z")
_FIRST_ITEM = re.compile(r"\A\W*1[.)]")
_SOURCES = re.compile(
    r"\A[\W_]*(?:sources?|references?|citations?|footnotes?|works cited|bibliography)[\W_]*\Z|\A\[\^?\d{1,3}\]:\s",
    re.IGNORECASE,
)

_NEXT_TURN = re.compile(r"\A\W*(?:human|user|question|q)\W*:", re.IGNORECASE)
_OF_DAYS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug"
    " sep sept oct nov dec published on of by the source".split()
)

_TELLS = (
    r"(?:\w+ )?(?:say|state|tell|contain|provide|mention|answer|include|specify|give|address|indicate|have)s?\b"
    r"(?!.*\b(?:but|however|although)\b)"
)
_REFUSES = re.compile(rf"\A\W*the collection does not {_TELLS}", re.IGNORECASE)
_TALKS = re.compile(
    r"\A(?:(?:i[’']m |i am )?sorry|unfortunately|i (?:cannot|can[’']t))\b(?!.*\d)"
    r"|\A(?:(?:please )?note(?: that|:)? )?(?:[\w ]{0,20}, )?"
    r"(?:the (?:\w+ )?(?:passages?|articles?|context|sources?|text) (?:provided |given )?"
    rf"(?:do(?:es)? not|do(?:es)?n[’']t)|none of the \w+(?: do(?:es)?)?) {_TELLS}"
    r"|\A(?:(?:please )?note(?: that|:)? )?no (?:further|other|more|additional) (?:details?|information)\b(?!.*\d)"
    r"|\A(?:sure|certainly|of course|absolutely|okay|great question|i hope this helps|let me know|feel free)\b[^\[]*\Z",
    re.IGNORECASE,
)
"""What a model says of itself and of what it was given, not of what the articles tell."""


def plain(sentence: str) -> str:
    """A sentence without bullet, number, emphasis, label and a model's own tokens; empty where it is none, such as a
    heading, a rule or the head of a table, or tells nothing, such as that the passages do not say."""
    text = _PICTURES.sub("", html.unescape(_TOKENS.sub("", sentence))).strip()
    text = _FORMULA.sub(lambda found: next((part for part in found.groups() if part is not None), ""), text).strip()
    if _NO_SENTENCE.match(text) or _TALKS.match(text):
        return ""
    text, bared = _LISTED.sub("", text), ""
    while text != bared:
        bared, text = text, _STRESSED.sub(r"\2", _LABEL.sub("", text))
    text = " ".join(_LOOSE.sub("", text).split())
    return text[:1].upper() + text[1:] if _LABEL.match(sentence) else text


def is_assent(text: str) -> bool:
    """Whether it is a bare "yes" or "no", once its markers are gone."""
    return bool(_ASSENT.match(text))


def is_one(text: str) -> bool:
    """Whether a sentence, or the row of a table, is one still once its markers are gone, and no mere label."""
    return text.startswith("|") or not _NO_SENTENCE.match(text)


def is_figure(text: str, marked: str) -> bool:
    """Whether a reply's first sentence is a bare figure, as "14 [1]." is and "14. [1]"; `marked`, with its markers,
    tells it from the head of a list, "1. [1]"."""
    return bool(_FIGURE.match(text)) and not _FIRST_ITEM.match(marked)


def is_reference(text: str, named: Iterable[str]) -> bool:
    """Whether a text names an outlet and nothing else but titles and days, as in a list of sources; `named` are the
    outlet and titles that its passages have, the outlet first."""
    outlet, *titles = (_words(name) for name in named)
    said = {word for word in _words(text) if not word.isdecimal()}
    return bool(outlet) and outlet <= said and said <= outlet.union(*titles, _OF_DAYS)


def asks(text: str) -> bool:
    """Whether it is a question and tells of none, such as the reader's own, repeated."""
    return text.endswith("?") and not re.search(r"[\"“”]", text)


def goes_on(line: str) -> bool:
    """Whether a model plays the reader here and asks itself something new."""
    return bool(_NEXT_TURN.match(line))


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


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
