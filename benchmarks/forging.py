"""Pairs of a sentence and the span of an article that bears it out or not; untrue ones made of true ones by script."""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from material import REPOSITORY

from assistant.vouching import vouching
from index.records import Article

SEED = 4
TRUE = "paraphrase"
FORGERIES = ("number", "name", "speaker", "negation", "hedge")
_HEDGE = re.compile(
    r"\b(?:(?P<modal>may|might|could)(?: have(?= \w+ed\b))?(?! not)"
    r"|(?P<word>reportedly|allegedly|alleged|apparently|perhaps|possibly|probably|(?:very )?likely|an estimated"
    r"|nearly|about(?= \$?\d)|roughly)) ",
)
_VERB = re.compile(
    r"\b(?P<aux>is|was|are|were|will|would|has|have|had|can|could|does)\b(?: not\b)?(?! (?:no|never|also)\b)"
    r"|(?<!not )(?<!never )(?<!to )\b(?P<past>[a-z]{3,}ed)\b"
)


_NUMBER = re.compile(
    r"(?P<dollar>\$)?(?P<value>\d[\d,]*(?:\.\d+)?)(?: (?:million|billion))?(?P<percent>%| percent)?(?![\w:,.]*\d)"
)
_NAME = re.compile(
    r"(?<![.!?:\"“\n] )(?<!\n)(?<!^)\b(?!(?:The|Mr|Mrs|Ms|I|On|In|But|He|She|There|This|That|They|We|It|If|When|As"
    r"|What|Who|\w+day)\b)[A-Z][\w'’-]*[a-z](?: (?:[A-Z]\. )?[A-Z][\w'’-]*[a-z]\b){0,2}"
    r"|^[A-Z][a-z]+ [A-Z]\w+\b|^[A-Z]\w+(?= (?:said|told|wrote|called|argued|warned))"
)
_SAYS = re.compile(
    r",? (?:also |again )?(?:said|says|told|wrote|writes|called|argued|warned|asked|promised|accuses|claimed)\b"
)
_ACTS = re.compile(rf"(?:{_SAYS.pattern})|,? (?:has|had|was|is|will|would|who)\b")


@dataclass(frozen=True)
class Pair:
    """A sentence and the span of an article that is said to bear it out; `kind` is how it is true or untrue."""

    article: Article
    start: int
    end: int
    kind: str
    sentence: str

    @property
    def supported(self) -> bool:
        return self.kind == TRUE

    @property
    def scripted(self) -> bool:
        return self.kind in FORGERIES

    @property
    def viewed(self) -> bool:
        """Whether it belongs to the half of the judging pairs with which the rules were made."""
        return zlib.crc32(self.article.id.encode()) % 2 == 0

    @property
    def quote(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def known(self) -> list[str]:
        """What else vouches for names and days, as it does for a model's answer."""
        return vouching(self.article, self.quote)


def written(name: str, held: Mapping[str, Article]) -> list[Pair]:
    """The pairs of a file beside this script, their articles among those held."""
    lines = map(json.loads, (REPOSITORY / "benchmarks" / name).read_text("utf-8").strip().split("\n"))
    return [Pair(held[line["article"]], line["start"], line["end"], line["kind"], line["sentence"]) for line in lines]


def forge(written: Sequence[Pair], count: int) -> list[Pair]:
    """So many untrue sentences made of the true ones: the kinds in turn, at most one of each kind from a sentence."""
    rng = random.Random(SEED)
    true = [pair for pair in written if pair.supported]
    rng.shuffle(true)
    waiting = {kind: [one for pair in true for one in make(pair, rng)][:count] for kind, make in MAKERS.items()}
    forged: list[Pair] = []
    while len(forged) < count and any(waiting.values()):
        for kind, ready in waiting.items():
            if ready and len(forged) < count:
                forged.append(replace(ready.pop(0), kind=kind))
    return forged


# -- forgeries --------------------------------------------------------------------------------------------------------


def other_number(pair: Pair, rng: random.Random) -> Iterator[Pair]:
    """One figure in digits becomes another of the same unit in the article."""
    for match in _NUMBER.finditer(pair.sentence):
        others = {
            m[0]
            for m in _NUMBER.finditer(pair.article.text)
            if _unit(m) == _unit(match) and m["value"] not in pair.sentence
        }
        if others and _outside(match):
            yield replace(pair, sentence=_put(match, rng.choice(sorted(others))))
            return


def _unit(match: re.Match[str]) -> str:
    return (
        "%"
        if match["percent"]
        else "$"
        if match["dollar"]
        else "year"
        if re.fullmatch(r"(?:19|20)\d\d", match["value"])
        else ""
    )


def other_name(pair: Pair, rng: random.Random) -> Iterator[Pair]:
    """A name that does not speak becomes another name of the article."""
    yield from _swapped(pair, rng, [m for m in _NAME.finditer(pair.sentence) if not _speaks(m)])


def other_speaker(pair: Pair, rng: random.Random) -> Iterator[Pair]:
    """Whoever says something becomes somebody else of the article."""
    yield from _swapped(pair, rng, [m for m in _NAME.finditer(pair.sentence) if _speaks(m)])


def _swapped(pair: Pair, rng: random.Random, places: Sequence[re.Match[str]]) -> Iterator[Pair]:
    """One of those names swapped for one that acts or speaks in the article and that the sentence does not have."""
    acting = {
        m[0].removesuffix("’s").removesuffix("'s")
        for m in _NAME.finditer(pair.article.text)
        if _ACTS.match(m.string, m.end())
    }
    others = sorted(name for name in acting if not set(name.split()) & set(re.findall(r"\w+", pair.sentence)))
    if usable := [match for match in places if _outside(match)]:
        match = rng.choice(usable)
        if others:
            yield replace(pair, sentence=_put(match, rng.choice(others) + ("'s" if match[0].endswith("'s") else "")))


def exchanged(pair: Pair, rng: random.Random) -> Iterator[Pair]:
    """Two names of the sentence change places."""
    found = [match for match in _NAME.finditer(pair.sentence) if _outside(match)]
    if len(found) > 1:
        one, other = sorted(rng.sample(found, 2), key=lambda match: match.start())
        if not set(one[0].split()) & set(other[0].split()):
            text = pair.sentence
            between = text[one.end() : other.start()]
            turned = f"{text[: one.start()]}{other[0]}{between}{one[0]}{text[other.end() :]}"
            yield replace(pair, kind="exchange", sentence=turned)


def _speaks(match: re.Match[str]) -> bool:
    return bool(
        _SAYS.match(match.string, match.end())
        or re.search(r"[Aa]ccording to (?:the )?$", match.string[: match.start()])
    )


def other_polarity(pair: Pair, rng: random.Random) -> Iterator[Pair]:
    """What was said is denied, or the denial is gone."""
    places = [match for match in _VERB.finditer(pair.sentence) if _outside(match) and match.start()]
    if places:
        match = rng.choice(places)
        denied = f"{match['aux']} not" if match["aux"] else f"never {match['past']}"
        yield replace(pair, sentence=_put(match, match["aux"] if match[0].endswith(" not") else denied))


def no_hedge(pair: Pair, _: random.Random) -> Iterator[Pair]:
    """The first hedge is gone; what may be, will be."""
    match = _HEDGE.search(pair.sentence)
    if match and _outside(match):
        yield replace(pair, sentence=_put(match, "will " if match["modal"] else ""))


def _outside(match: re.Match[str]) -> bool:
    """Whether it stands outside quotation marks."""
    return match.string[: match.start()].count('"') % 2 == 0


def _put(match: re.Match[str], new: str) -> str:
    return match.string[: match.start()] + new + match.string[match.end() :]


MAKERS: dict[str, Callable[[Pair, random.Random], Iterator[Pair]]] = dict(
    zip(FORGERIES, (other_number, other_name, other_speaker, other_polarity, no_hedge), strict=True)
)
