"""Passages in which a deed is doubted or denied, by script, and sentences that tell so or that leave it out.

What forging.py makes untrue loses its own hedge, and few true sentences have one. Here the passage gets one, at a verb
that the sentence has too: said flatly the sentence is no longer borne out, said with any hedge it is; and where another
deed of the passage is doubted it stays true.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from forging import Pair

from index.splitter import sentences
from index.words import stems

_AUXILIARY = r"(?P<aux>will|has|have|had|is|was|are|were)"
_DONE = re.compile(
    rf"\b{_AUXILIARY} (?P<verb>[a-z]{{3,}})\b"
    r"|(?<=[a-z] )(?<!\bwas )(?<!\bwere )(?<!\bis )(?<!\bare )(?<!\bbeen )(?<!\bbe )(?<!\bhas )(?<!\bhave )(?<!\bhad )"
    r"(?<!\bto )(?<!\band )(?<!\bnot )(?<!\bnever )(?<!\bthe )(?<!\ba )(?<!\bof )(?<!ly )(?P<past>[a-z]{2,}ed)"
    r"(?= (?:the|a|an|his|her|its|their|that|in|on|at|to|for|from|about|with|no|two|three|\$?\d|[A-Z]))"
)
"""A deed: what will be, is, was or has been so, or a verb of the past before what it concerns."""
_DULL = frozenset(
    "said told asked added called not been being the also able about only just more less never likely expected"
    " reported believed thought possibly probably still now very too".split()
)
"""What follows an auxiliary and is no deed, or one of saying."""
_ADVERBS = "reportedly allegedly apparently probably possibly perhaps supposedly purportedly presumably likely".split()
_BE = {"is": "be", "are": "be", "was": "have been", "were": "have been"}
"""How a doubt goes on from each."""
_LIKE = {"will": "will", **dict.fromkeys(("has", "have", "had"), "has"), **dict.fromkeys(_BE, "is")}
"""The auxiliary like which each is doubted."""

_DOUBTS: Mapping[str, Sequence[str]] = {
    "will": (
        "may {v}", "might {v}", "could {v}", "may well {v}", "will probably {v}", "will likely {v}", "might yet {v}",
        "is expected to {v}", "is likely to {v}", "hopes to {v}", "plans to {v}", "is believed to be about to {v}",
    ),
    "has": (
        "may have {v}", "might have {v}", "is said to have {v}", "is believed to have {v}", "is alleged to have {v}",
        "appears to have {v}", "seems to have {v}", "is thought to have {v}", "is suspected to have {v}", "{a} {o} {v}",
    ),
    "is": ("may {be} {v}", "might {be} {v}", "could {be} {v}", "{a} {o} {v}", "{o} {b} {v}", "{o} said to {be} {v}",
           "{o} believed to {be} {v}", "{o} thought to {be} {v}", "{s} to {be} {v}"),
    "past": (
        "may have {v}", "might have {v}", "{b} {v}", "{b} {v}", "{b} {v}", "is said to have {v}",
        "is believed to have {v}", "appears to have {v}", "seems to have {v}", "is alleged to have {v}",
        "was reported to have {v}", "is suspected to have {v}",
    ),
}  # fmt: skip
_DENIALS: Mapping[str, Sequence[str]] = {
    "will": ("will not {v}", "will never {v}", "won't {v}"),
    "has": ("{o} not {v}", "{o} never {v}"),
    "is": ("{o} not {v}", "{o} never {v}", "{o} no longer {v}"),
    "past": ("never {v}", "had never {v}", "has not {v}", "had not {v}"),
}
"""Ways to doubt and to deny a deed by its auxiliary: `v` its verb, `o` the auxiliary, `a` and `b` adverbs of doubt,
`be` as it follows a modal, `s` a verb of seeming."""
_MODAL = re.compile(r"\b(?:may|might|could|would|should|must|can|will|to|not|never|who've) $")
DENIED, ELSEWHERE = 0.4, 0.5
"""How often, of those where it can be, a deed is denied, and another deed of the passage is doubted."""
APART = 0.15
"""The share of a sentence's words that another one may have at most, to tell of something else."""


def doubted(pair: Pair, rng: random.Random) -> Iterator[tuple[Pair, Pair]]:
    """A true sentence and its passage changed, so that it is true or not, as `kind` tells; each with what is true."""
    own = {_verb(match): match for match in _deeds(pair.sentence)}
    cited = list(_deeds(pair.quote))
    shared = [match for match in cited if _verb(match) in own]
    others = [match for match in cited if _verb(match) not in own and _apart(match, pair.sentence)]
    for kind, ways, share in (("hedge", _DOUBTS, 1.0), ("negation", _DENIALS, DENIED)):
        if shared and rng.random() < share:
            match = rng.choice(shared)
            mine = own[_verb(match)]
            changed = _within(pair, match, _said(match, ways, rng))
            true = replace(changed, sentence=_put(mine, _said(mine, ways, rng)))
            yield true, true
            yield replace(changed, kind=kind), true
    if others and rng.random() < ELSEWHERE:
        match = rng.choice(others)
        true = _within(pair, match, _said(match, _DOUBTS, rng))
        yield true, true


def _deeds(text: str) -> Iterator[re.Match[str]]:
    """The deeds of a text, outside quotation marks."""
    return (
        match
        for match in _DONE.finditer(text)
        if _verb(match) not in _DULL
        and text[: match.start()].count('"') % 2 == 0
        and not _MODAL.search(text, 0, match.start())
    )


def _apart(match: re.Match[str], sentence: str) -> bool:
    """Whether a deed stands in a sentence of a passage that tells of something else than this one."""
    start, end = next(one for one in sentences(match.string) if one[0] <= match.start() < one[1])
    told = {stem for word in sentence.split() for stem in stems(word)}
    others = {stem for word in match.string[start:end].split() for stem in stems(word)}
    return len(told & others) < APART * len(told)


def _verb(match: re.Match[str]) -> str:
    return match["verb"] or match["past"]


def _said(match: re.Match[str], ways: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    """The same deed, in one of these ways."""
    auxiliary = match["aux"]
    told = rng.choice(ways[_LIKE.get(auxiliary, "past")]).format(
        v=_verb(match), o=auxiliary, be=_BE.get(auxiliary), a=rng.choice(_ADVERBS), b=rng.choice(_ADVERBS),
        s=rng.choice(("appears", "seems", "appeared", "is rumoured", "was reported")),
    )  # fmt: skip
    return re.sub("^is ", "are ", told) if auxiliary in ("have", "are", "were") else told


def _within(pair: Pair, match: re.Match[str], new: str) -> Pair:
    """The pair with that changed in its passage."""
    article, text = pair.article, _put(match, new)
    whole = article.text[: pair.start] + text + article.text[pair.end :]
    return replace(pair, article=replace(article, text=whole), end=pair.start + len(text))


def _put(match: re.Match[str], new: str) -> str:
    return match.string[: match.start()] + new + match.string[match.end() :]
