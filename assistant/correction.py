"""A question as people type it, with its short forms written out and its misspelt words as the collection writes them.
Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

_OUTLETS = {
    "wapo": "Washington Post", "nyt": "New York Times", "wsj": "Wall Street Journal", "latimes": "Los Angeles Times",
    "huffpo": "Huffington Post", "huffpost": "Huffington Post", "usat": "USA Today",
}  # fmt: skip
"""What people type for an outlet, and what articles print."""

_SHORT = {
    "abt": "about", "acct": "account", "admin": "administration", "atty": "attorney", "bday": "birthday",
    "cand": "candidate", "cmte": "committee", "conf": "conference", "dem": "Democrat", "dems": "Democrats",
    "dept": "department", "djt": "Donald Trump", "doj": "Justice Department", "fdn": "foundation",
    "flotus": "first lady", "gitmo": "Guantanamo", "gov't": "government", "govt": "government", "hq": "headquarters",
    "hrc": "Hillary Clinton", "hwy": "highway", "int'l": "international", "intl": "international",
    "nat'l": "national", "natl": "national", "pct": "percent", "potus": "president", "ppl": "people",
    "pres": "president", "prez": "president", "prof": "professor", "repub": "Republican", "repubs": "Republicans",
    "scotus": "Supreme Court", "thru": "through", "univ": "university", "vp": "vice president", "xmas": "Christmas",
    "yr": "year", "yrs": "years",
    "az": "Arizona", "ct": "Connecticut", "fl": "Florida", "ga": "Georgia", "md": "Maryland", "mn": "Minnesota",
    "nc": "North Carolina", "nh": "New Hampshire", "nj": "New Jersey", "nm": "New Mexico", "nv": "Nevada",
    "ny": "New York", "sc": "South Carolina", "tx": "Texas", "wisc": "Wisconsin", "wv": "West Virginia",
}  # fmt: skip
"""Short forms that are no words of their own, and what the press prints for them."""

_ASKING = frozenset("summarise summarize gist overview recap".split())
"""Words that people ask with and articles may lack: they are not misspelt."""

_WORDS_OF = r"^(?:any |all |some |the )?(?:quotes?|quotations?|statements?|remarks|comments) (?:by|from) "
_PHRASES = (
    (re.compile(rf"{_WORDS_OF}(.+?) (?:about|on|regarding) (.+?)\W*$", re.IGNORECASE), r"What did \1 say about \2?"),
    (re.compile(rf"{_WORDS_OF}(.+?)\W*$", re.IGNORECASE), r"What did \1 say?"),
    (re.compile(r"\bw/o\b", re.IGNORECASE), "without"),
    (re.compile(r"\bw/(?=\s)", re.IGNORECASE), "with"),
    (re.compile(r"(?<=\s)%(?=\s)|^%(?=\s)"), "percent"),
    (re.compile(r"\bn\.? (?=korea|carolina|dakota)", re.IGNORECASE), "north "),
    (re.compile(r"\bs\.? (?=korea|carolina|dakota|africa)", re.IGNORECASE), "south "),
    (re.compile(r"\b(could|would|should|did|does|do|is|was|were|are|has|have|had|ca|wo)nt\b", re.IGNORECASE), r"\1n't"),
    (re.compile(r"\b(who|what|when|where|that|how|there)s\b", re.IGNORECASE), r"\1's"),
)
_WORD = re.compile(r"(?<![\w@#/.$-])[^\W\d_]+(?:['’][^\W\d_]+)?(?![\w@/]|[.-]\w)")


def corrected(question: str, nearest: Callable[[str], str | None]) -> str:
    """The question with short forms written out, misspelt words as the collection writes them, and asked in full where
    it names but the words wanted.

    Args:
        question: As typed.
        nearest: The collection's word that a misspelt one stands for, None for a word that it holds.
    """
    for pattern, full in _PHRASES:
        question = pattern.sub(full, question)

    def written(match: re.Match[str]) -> str:
        word = match[0]
        short = word.casefold().replace("’", "'")
        if full := _OUTLETS.get(short) or (_SHORT.get(short) if not word.istitle() else None):
            return full
        stem, mark, ending = word.partition("'") if "'" in word else word.partition("’")
        near = nearest(stem) if stem and short not in _ASKING else None
        return (near.title() if word[0].isupper() else near) + mark + ending if near else word

    return _WORD.sub(written, question)
