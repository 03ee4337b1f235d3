"""How models mark the passages that they cite, as regular expressions, and the numbers that a mark names. Pure.

Asked for [1], they write [1, 2], [1-3], [1] and [2], ([1]), [[1]], 【1†source】, {1}, [1](#a), [^1], [passage 1],
[cite: 1], (source 2), <sup>1</sup>, resigned¹, ①, and more. A number of four digits is never one, for it would be a
year that an editor put in brackets; a bare (1) is one only right before a full stop, or after it where no text follows
on its line that it could be the head of, or no space parts it from the stop.
"""

from __future__ import annotations

import re

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭"
_DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789") | {ord(c): f" {n} " for n, c in enumerate(_CIRCLED, 1)}

_OURS = r"passages?|sources?|references?|citations?|cited?|refs?\.?|excerpts?"
_WORD = (
    rf"(?:{_OURS}|articles?|nos?\.?|numbers?|documents?|docs?|contexts?|(?:foot)?notes?|fn|index|id|[psdn])"
    r"\s?(?:[:|_#-]\s*)?#?"
)
_ONE = rf"(?:{_WORD}|[\^#])?(?:\d{{1,3}}|[{SUPERSCRIPTS}]{{1,2}})\^?(?::\d+)?"
RANGE = r"(?:[–—−‑-]|\.\.|\bto\b)"
LIST = rf"{_ONE}(?:(?:\s*(?:,\s*and\b|[,;&/|+]|{RANGE}|\band\b)\s*|\s+){_ONE})*"
_TAIL = (
    rf"(?:†[^\]】\n]{{0,40}}|,\s*pp?\.\s*\d+|[,:]\s*(?!{_WORD}\d)(?-i:[A-Z])[^\[\](){{}}【】\n]{{0,60}}|\.(?=[\]}}】]))"
)
_OUTLET = r"(?-i:[A-Z])[^\[\](){}【】\n,:\d]{2,60}[,:]\s*"
"""What stands before the number in [The Daily Post, 1]."""

_LINK = r"\((?:#|https?:|/|\.)[^()\s]*\)"
_BRACKETS = (
    rf"\\?(?:\[{{1,2}}|\{{{{1,2}}|[【［〔〖⟦⁅「⟨《〈])\s*(?:{_OUTLET})?{LIST}\s*{_TAIL}?"
    rf"\s*\\?(?:\]{{1,2}}|\}}{{1,2}}|[】］〕〗⟧⁆」⟩》〉])(?:{_LINK}\]?)?"
)
CHAIN = rf"{_BRACKETS}(?:\s?(?:,\s?and|[,;&+/]|{RANGE}|\band\b)\s?{_BRACKETS}|{_BRACKETS})*"
_WRAPPED = "|".join(rf"{begin}{CHAIN}{end}" for begin, end in (
    (r"\*\*", r"\*\*"), (r"\*", r"\*"), ("_", "_"), ("`", "`"), (r"\$\^?\{?", r"\}?\$"), (r"\^", r"\^?"),
    (r"\{", r"\}"), (r"<a\b[^<>]{0,80}>", "</a>"),
))  # fmt: skip
_SEE = rf"(?:see|cf\.|per|via|from|as in|cited in|according to|as reported (?:by|in)|{_WORD})"
_TAG = r"(?:sup|cite|citation|ref|source|passage|doc)"
_PLAIN = r"\(\d\d?(?:\s*[,;]\s*\d\d?)*\)"
_RANKED = rf"[(（](?:{_OUTLET})?#{LIST}[)）]"
"""As (#1), which may be the rank of a team and is only a mark where (1) would be one, and after any full stop."""

_STOP = r"[.!?…\"”’]"
MARK = (
    rf"(?![a-zA-Z0-9,.])[ \t\xa0]{{0,3}}(?:(?:(?<=[ \t])[—–-]{{1,2}}[ \t])?(?:{_WRAPPED}|{CHAIN})"
    rf"|\((?:{_SEE}\s*)?{CHAIN}\)|(?<={_STOP})[ \t]?\([^()\[\]\n]{{1,60}}{CHAIN}\)"
    rf"|<{_TAG}>\s*\[?{LIST}\]?\s*</{_TAG}>|<(?:{_WORD})?\d\d?\s*/?>|<{_TAG} (?:id|ref)=[\"']?\d\d?[\"']?\s*/>"
    rf"|[(（](?:(?:see |{_OUTLET})?(?:{_OURS})\s?(?:[:_#-]\s*)?|see #){LIST}[)）]|（\d\d?）"
    rf"|(?<={_STOP})[ \t]?{_RANKED}|(?<!\band )(?<!\bor ){_RANKED}(?=(?:\s?\(#\d\d?\))*[.!?])"
    rf"|(?<!\band )(?<!\bor ){_PLAIN}(?=(?:\s?\(\d\d?\))*[.!?])"
    rf"|(?<={_STOP})(?:{_PLAIN})+|(?<={_STOP})[ \t](?:{_PLAIN}(?:\s?{_PLAIN})+|\(\d\d?\s*[,;][\d\s,;]*\))"
    rf"|(?<={_STOP})[ \t]{_PLAIN}(?=[ \t]*(?:\n|\Z))"
    rf"|\$\^\{{?{LIST}\}}?\$|\^\d\d?\^|[{_CIRCLED}]+|⁽[{SUPERSCRIPTS}]{{1,2}}⁾"
    rf"|(?:(?<={_STOP})[ \t]?|(?<=[^\W\d_]{{4}})|(?<=\s)(?=[{SUPERSCRIPTS}][{SUPERSCRIPTS} ,⁻˒]{{0,9}}[.!?]))"
    rf"[{SUPERSCRIPTS}]{{1,2}}(?:[ ,⁻˒]?[{SUPERSCRIPTS}]{{1,2}})*"
    r")(?:[ \t]{1,3}(?=[,.;:!?](?:\s|\Z)))?"
)

_INSERTED = re.compile(rf"\s*\[{_OUTLET}(\d+)\]\s*")
_NUMBERS = re.compile(rf"(\d+)(?:[\W_]{{0,3}}?{RANGE}[\W_]{{0,3}}?(\d+))?")
_BESIDE = re.compile(rf"(?<=\d):\d+|(?<=[^\s(]){_LINK}|{_TAIL}", re.IGNORECASE)
_RAISED = re.compile(rf"[{SUPERSCRIPTS}]{{2}}")
_PARTING = re.compile(rf"(?<=[{SUPERSCRIPTS}])[ ˒⁻](?=[{SUPERSCRIPTS}])")


def named(mark: str, most: int) -> list[int]:
    """The numbers in a mark: without what names a place in a file (【4:0†source】); ¹² is 1 and 2 where there are fewer
    than 12 passages (`most`)."""

    def parted(two: re.Match[str]) -> str:
        return two[0] if int(two[0].translate(_DIGITS)) <= most else f"{two[0][0]},{two[0][1]}"

    plain = _RAISED.sub(parted, _PARTING.sub(",", _BESIDE.sub("", mark)))
    pairs = _NUMBERS.findall(plain.translate(_DIGITS))
    return [n for first, last in pairs for n in range(int(first), int(last or first) + 1)]


def is_inserted(mark: str, most: int) -> bool:
    """Whether an editor wrote it, as in “She [Lund, 56] left”: it has the form of [The Daily Post, 1], but a number
    that none of the `most` passages has; never where there are none."""
    found = _INSERTED.fullmatch(mark)
    return found is not None and 0 < most < int(found[1])
