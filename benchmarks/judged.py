"""What the judging network learns from: sentences held against pieces of articles, each true there or not.

The sentences are those of claims.jsonl and judged.jsonl, in our own words, about the news and about articles that we
invented, sentences as articles have them, what forging makes untrue of the true ones, true ones that go on as others
do, have others' words, are told with a day or of what their passage doubts, and plain news made by a grammar. A piece
is the span that a sentence was written for, alone or with sentences around it; what vouches for names beside it is
sometimes left out, so that the network learns to do without.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import zlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt
from doubting import doubted
from forging import MAKERS, TRUE, Pair, exchanged, written
from plain import plain

from assistant import grounding
from assistant.extract import article_date
from assistant.judging import pieces, seen
from assistant.statements import WEEKDAY
from assistant.vouching import vouching
from assistant.wordpieces import Parting
from index.dates import resolve
from index.records import Article, Span
from index.splitter import sentences
from index.words import STOPWORDS

ASIDE = 8
"""One article in so many of those whose sentences are learned from is set aside, and only reports."""

LONGEST = 750
"""Characters of a piece at most, unless the span alone is longer."""

VERBATIM = 10
"""Sentences of an article that are learned from as they stand."""

FORGED = 0.5
"""The share of the forgeries of a sentence as it stands that are learned from."""

ELSEWHERE = 0.25
"""The share of the true sentences that are held against another place of their article as well."""

NEAR, DRAWN = 250, ("number", "number", "name", "speaker")
"""Characters around a passage from which forgeries are made once more, and their kinds."""

SPLICED = 0.4
"""The share of the true sentences that are spliced as well."""

STRANGE = 0.15
"""The share of the true sentences that are held against a place of another article as well."""

DATED = 0.3
"""The share of the true sentences that are told with a day as well, where they can be."""

REPLACED = 0.3
"""The share of the true sentences of which words are replaced as well."""

DOUBTED = 0.5
"""The share of the true sentences whose passage is doubted or denied as well, where it can be."""

PLAIN = 3_000
"""Pieces of plain news, made by a grammar."""

FAR = 1500
"""Characters between two passages of an article of which one tells nothing of the other."""

_WORD = re.compile(r"\w[\w'’.-]*\w|\w")
_JOINT = re.compile(
    r"(?P<joint> (?:because|after|before|when|while|although|though|until|unless|if|said that|says that|argued that)"
    r"|, (?:and|but|who|which|where|with)) "
)
_SLOTS = {
    "thing": re.compile(
        r"(?<= )(?P<before>(?:the|a|his|her|its|their|no|every|two|three|four|many|several) )(?P<word>[a-z]{4,})"
        r"(?=(?: (?:of|in|to|for|on|at|by|with|from|that|who|which|was|were|is|are|had|has|and|or|after)\b|[,.]))"
    ),
    "deed": re.compile(
        r"(?P<before>(?:[A-Z][a-z]+|\b(?:who|he|she|they|it|had|was|were|has|have|been|be|and|that)) )"
        r"(?P<word>[a-z]{3,}ed)(?= (?!by\b)[\w$“\"])"
    ),
}
"""Where a sentence has a word that others of its kind could stand for."""
_WORD_OF_TIME = re.compile(
    r"\b(?:yesterday|today|tomorrow|ago|(?:19|20)\d\d|(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|"
    r"Novem|Decem)ber|last|next)\b"
)
_ENDS, LONG = 4, 130
"""Words of an ending at least; characters of a sentence that another is joined to at most."""


@dataclass(frozen=True, slots=True)
class Held:
    """A sentence held against a piece of an article, as the network sees both: see assistant/judging.py, `seen`.

    `group` tells where it comes from, `kind` how it is true or untrue; `wrong`, `(said,)`, which of the sentence's
    tokens make it untrue, None where nobody knows.
    """

    group: str
    kind: str
    article: str
    tokens: npt.NDArray[np.int32]
    signals: npt.NDArray[np.int8]
    said: int
    wrong: npt.NDArray[np.int8] | None

    @property
    def true(self) -> bool:
        return self.kind == TRUE

    @property
    def invented(self) -> bool:
        """Whether its article is one that we invented."""
        return self.article.startswith("own_")

    @property
    def aside(self) -> bool:
        """Whether it only reports."""
        return aside(self.article)


def aside(article: str) -> bool:
    """Whether what is told of the article by that id is not learned from."""
    return zlib.crc32(article.encode()) % ASIDE == 0


def held(news: Mapping[str, Article], parting: Parting, rng: random.Random) -> Iterator[Held]:
    """All that is learned from and reported, in the order of the files."""
    measured = {pair.article.id for name in ("pairs.jsonl", "examined.jsonl") for pair in written(name, news)}
    several = {name: written(name, news) for name in ("claims.jsonl", "judged.jsonl")}
    paraphrases = [pair for pairs in several.values() for pair in pairs if pair.supported]
    endings, words = _endings(paraphrases), _words(paraphrases)
    for name, pairs in several.items():
        for pair in pairs:
            for _ in range(2 if pair.supported else 1):
                yield _held(name, pair, pair, parting, rng)
            if pair.supported:
                for one in (dated := [*_dated(pair, rng)]):
                    yield _held(name if one.supported else f"{name} forged", one, dated[0], parting, rng, dated=True)
                for one in [*forged(pair, rng), *_spliced(pair, endings, rng), *_replaced(pair, words, rng)]:
                    yield _held(f"{name} forged", one, pair, parting, rng)
                for one, true in doubted(pair, rng) if rng.random() < DOUBTED else ():
                    yield _held("doubted" if one.supported else "doubted forged", one, true, parting, rng)
                for one in [*_elsewhere(pair, rng), *_strange(pair, paraphrases, rng)]:
                    yield _held(f"{name} elsewhere", one, pair, parting, rng)
    for pair, true in plain(PLAIN, rng):
        yield _held("plain", pair, true, parting, rng)
    for article in news.values():
        if article.id not in measured:
            for pair in _verbatim(article, rng):
                yield _held("verbatim", pair, pair, parting, rng)
                for one in forged(pair, rng):
                    if rng.random() < FORGED:
                        yield _held("verbatim forged", one, pair, parting, rng)


def forged(pair: Pair, rng: random.Random) -> Iterator[Pair]:
    """What can be made untrue of a true sentence, each kind once; and with figures, names and speakers from around its
    passage alone, which are the hardest."""
    article = pair.article
    near = replace(pair, article=replace(article, text=article.text[max(0, pair.start - NEAR) : pair.end + NEAR]))
    made = [replace(one, kind=kind) for kind, make in MAKERS.items() for one in make(pair, rng)]
    made += [replace(one, article=article, kind=f"{kind} near") for kind in DRAWN for one in MAKERS[kind](near, rng)]
    yield from (one for one in [*made, *exchanged(pair, rng)] if one.sentence != pair.sentence)


def _held(group: str, pair: Pair, true: Pair, parting: Parting, rng: random.Random, dated: bool = False) -> Held:
    cited, known = _piece(pair, rng)
    known = vouching(pair.article, cited) if dated else known
    said = pieces(parting, pair.sentence)
    tokens, signals, count = seen(said, pieces(parting, " | ".join(known)), pieces(parting, cited))
    wrong = None
    if pair.supported or pair.sentence != true.sentence:
        wrong = np.zeros(count, np.int8)
        for start, end in _changed(true.sentence, pair.sentence):
            for i, (a, b) in enumerate(said.places[:count]):
                wrong[i] |= a < end and start < b
    return Held(group, pair.kind, pair.article.id, np.array(tokens, np.int32), signals.astype(np.int8), count, wrong)


def _piece(pair: Pair, rng: random.Random) -> tuple[str, list[str]]:
    """Of its article what a sentence is held against, and what vouches for names."""
    article, drawn = pair.article, rng.random()
    spans = sentences(article.text)
    starts = [start for start, _ in spans]
    first, last = (max(0, bisect_right(starts, place) - 1) for place in (pair.start, pair.end - 1))
    if drawn < 0.4:
        cited = pair.quote
    elif drawn < 0.6:
        cited = grounding.nearest(pair.sentence, _text(article, spans[max(0, first - 2) : last + 3]))
    else:
        before, after = rng.choice((1, 1, 2, 2, 3)), rng.choice((0, 0, 1))
        around = spans[max(0, first - before) : last + 1 + after]
        while len(around) > last - first + 1 and around[-1][1] - around[0][0] > LONGEST:
            around = around[:-1] if around[-1][0] >= pair.end else around[1:]
        cited = _text(article, around)
    return cited, _known(article, cited, rng)


def _text(article: Article, spans: Sequence[Span]) -> str:
    return article.text[spans[0][0] : spans[-1][1]]


def _known(article: Article, cited: str, rng: random.Random) -> list[str]:
    """What vouches for names and days: in one case of five nothing, in another no names and days of the piece."""
    if (drawn := rng.random()) < 0.2:
        return []
    return vouching(article, cited) if drawn > 0.4 else [t for t in (article.outlet, article_date(article)) if t]


def _changed(true: str, untrue: str) -> list[Span]:
    """Where an untrue sentence has other words than the true one that it was made of; nowhere where it is the same."""
    before, after = ([(m[0].lower(), m.span()) for m in _WORD.finditer(text)] for text in (true, untrue))
    found = []
    matcher = SequenceMatcher(None, [word for word, _ in before], [word for word, _ in after], autojunk=False)
    for change, _, _, first, end in matcher.get_opcodes():
        if change in ("replace", "insert"):
            found += [span for _, span in after[first:end]]
        elif change == "delete" and after:
            found.append(after[min(max(first, 0), len(after) - 1)][1])
    return found


def _elsewhere(pair: Pair, rng: random.Random) -> Iterator[Pair]:
    """The same sentence, said of two other ones of the article, of a few drawn those with most of its words."""
    if rng.random() > ELSEWHERE:
        return
    text, words = pair.article.text, set(pair.sentence.lower().split())
    away = [span for span in sentences(text) if span[1] < pair.start - 150 or span[0] > pair.end + 150]
    if len(away) > 3:
        places = rng.sample(range(len(away) - 1), min(6, len(away) - 1))
        best = max(places, key=lambda i: len(words & set(text[away[i][0] : away[i + 1][1]].lower().split())))
        yield replace(pair, start=away[best][0], end=away[best + 1][1], kind="elsewhere")


def _endings(pairs: Iterable[Pair]) -> Mapping[str, list[tuple[Pair, str]]]:
    """How true sentences end, by the words that lead to it; by nothing whole ones."""
    found: dict[str, list[tuple[Pair, str]]] = defaultdict(list)
    for pair in pairs:
        for match in _JOINT.finditer(pair.sentence):
            if pair.sentence.count(" ", match.end()) >= _ENDS - 1:
                found[match["joint"]].append((pair, pair.sentence[match.end() :]))
        if len(pair.sentence) < LONG:
            first = pair.sentence.split()[0]
            low = first.lower() in STOPWORDS and first != "I"
            found[""].append((pair, first.lower() + pair.sentence[len(first) :] if low else pair.sentence))
    return found


def _spliced(pair: Pair, endings: Mapping[str, list[tuple[Pair, str]]], rng: random.Random) -> Iterator[Pair]:
    """A sentence that goes on as another one does, which tells of something else: of this article or of any."""
    if rng.random() > SPLICED:
        return
    starts = {match["joint"]: pair.sentence[: match.end()] for match in _JOINT.finditer(pair.sentence)}
    if len(pair.sentence) < LONG:
        starts[""] = pair.sentence.rstrip(".") + rng.choice((", and ", ", while ", ", but ", " after ", " because "))
    if not starts:
        return
    joint = rng.choice(sorted(starts))
    own = [one for one in endings[joint] if one[0].article.id == pair.article.id] if rng.random() < 0.5 else []
    own = [(other, end) for other, end in own if other.end < pair.start - FAR or other.start > pair.end + FAR]
    other, end = rng.choice(own or endings[joint])
    told = {word.lower() for word in _WORD.findall(pair.article.text[max(0, pair.start - FAR) : pair.end + FAR])}
    strange = [word for word in _WORD.findall(end) if word.islower() and word not in told and word not in STOPWORDS]
    if own or (other.article.id != pair.article.id and strange):
        yield replace(pair, kind="spliced", sentence=starts[joint] + end)


def _dated(pair: Pair, rng: random.Random) -> Iterator[Pair]:
    """A sentence with the day that its passage means ("on Thursday") or its article is of, as a model tells it, and
    with another day."""
    day, text = pair.article.day, pair.sentence
    if day is None or rng.random() > DATED:
        return
    named = WEEKDAY.search(text)
    meant = {m for (a, b), m in resolve(pair.quote, day) if named and named[0] in pair.quote[a:b]}
    if named and len(meant) == 1 and text[: named.start()].endswith((" on ", "On ")):
        (day,) = meant
        before, after = text[: named.start()], text[named.end() :]
    elif not named and pair.article.outlet and not _WORD_OF_TIME.search(text):
        first = text.split()[0]
        low = first.lower() + text[len(first) :] if first.lower() in STOPWORDS and first != "I" else text
        outlet = f"{rng.choice(('The ', ''))}{pair.article.outlet.removeprefix('The ')}"
        before, after = f"{outlet} {rng.choice(('reported', 'wrote', 'said'))} on ", f" that {low}"
    else:
        return
    away = rng.choice((-1, 1)) * rng.choice((1, 2, 3, 7, 10, 30, 31, 61, 365, 366))
    of_article = pair.article.day if pair.article.day != day and rng.random() < 0.5 else None
    other = of_article or day + dt.timedelta(days=away)
    shown = rng.choice(("{0.day} {0:%B}", "{0.day} {0:%B %Y}", "{0:%B} {0.day}", "{0:%B} {0.day}, {0:%Y}"))
    yield replace(pair, sentence=before + shown.format(day) + after)
    yield replace(pair, sentence=before + shown.format(other) + after, kind="dated")


def _strange(pair: Pair, others: Sequence[Pair], rng: random.Random) -> Iterator[Pair]:
    """The same sentence, said of what another article tells."""
    other = rng.choice(others)
    if rng.random() < STRANGE and other.article.id != pair.article.id:
        yield replace(other, kind="strange", sentence=pair.sentence)


def _words(pairs: Iterable[Pair]) -> Mapping[str, list[str]]:
    """The words that stand in each kind of slot."""
    found: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        for slot, pattern in _SLOTS.items():
            found[slot] += [match["word"] for match in pattern.finditer(pair.sentence)]
    return found


def _replaced(pair: Pair, words: Mapping[str, list[str]], rng: random.Random) -> Iterator[Pair]:
    """Words for a thing or a deed, one to three of them, become others that its article does not have."""
    if rng.random() > REPLACED:
        return
    told = pair.article.text.lower()
    slots = [(match, slot) for slot, pattern in _SLOTS.items() for match in pattern.finditer(pair.sentence)]
    text = pair.sentence
    chosen = rng.sample(slots, min(rng.choice((1, 1, 2, 3)), len(slots)))
    for match, slot in sorted(chosen, key=lambda one: -one[0].start()):
        new = rng.choice(words[slot])
        if new[:5] not in told:
            text = f"{text[: match.start()]}{match['before']}{new}{text[match.end() :]}"
    if text != pair.sentence:
        yield replace(pair, kind="replaced", sentence=text)


def _verbatim(article: Article, rng: random.Random) -> list[Pair]:
    """Some sentences as they stand in an article."""
    spans = [
        (start, end)
        for start, end in sentences(article.text)
        if 8 <= article.text.count(" ", start, end) <= 40 and article.text.count('"', start, end) % 2 == 0
    ]
    drawn = rng.sample(spans, min(len(spans), VERBATIM))
    return [Pair(article, start, end, TRUE, " ".join(article.text[start:end].split())) for start, end in drawn]
