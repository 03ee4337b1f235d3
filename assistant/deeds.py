"""Who does what in a text, as far as names, pronouns and verbs that stand together tell. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.statements import SAYING, TITLES, WEEKDAY, Names, Word, read, runs, who

_AUXILIARIES = frozenset(
    "is are was were be been being has have had do does did will would shall should can could may might must also"
    " again"
    " then later now recently still already just once first both not never to repeatedly reportedly allegedly who"
    " then".split()
)
_BEING = frozenset("is are was were be been being got".split())
_PREPOSITIONS = frozenset(
    "from in of at near to with against for on about toward towards into over behind like".split()
)
_OWNING = frozenset(["his", "her", "their"])
_PRONOUNS = frozenset("he she they i we it who you".split())
_PAST = frozenset(
    "won lost met went came gave took made held led ran spoke chose fell rose grew kept left put cut hit set sent"
    " spent"
    " built bought brought thought found got saw knew began broke drew drove flew forgot hurt laid paid read"
    " shook shot sold"
    " stood struck sued swore taught threw wore".split()
)


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody named, or nobody (None: a pronoun), as the doer or the object of a verb, by the verb's stem.

    Where a pronoun does it, `who` are all that did something before, of whom it may be any.
    """

    who: Names | None
    verb: str
    doer: bool
    pronoun: bool = False


@functools.lru_cache(64)
def deeds(text: str) -> tuple[Deed, ...]:
    """What a text, folded or not, says that somebody does, says, or has done to them, in the order of who is named."""
    return tuple(_deeds(read(text).words))


def _deeds(words: Sequence[Word]) -> Iterator[Deed]:
    """What each name, alone or with those beside it, does or has done to it; a pronoun means any doer before."""
    doers: Names = frozenset()
    for begin, end, named in sorted(
        [*_parties(words), *((i, i + 1, None) for i in _pronouns(words))], key=lambda place: place[0]
    ):
        if not named and not doers and words[begin].low in _OWNING:
            continue
        found = list(_about(words, begin, end, named or doers or None, pronoun=not named))
        if named and any(deed.doer for deed in found):
            doers |= named
        yield from found


def _parties(words: Sequence[Word]) -> Iterator[tuple[int, int, Names | None]]:
    """Names from begin to end; those joined by "and", "or" and "nor" are each there with the names of all."""
    found = [(begin, end) for begin, end in runs(words) if who(words[begin:end])]
    groups: list[list[tuple[int, int]]] = []
    for begin, end in found:
        between = [word.low for word in words[groups[-1][-1][1] : begin] if word.low not in TITLES] if groups else []
        if groups and between in (["and"], ["or"], ["nor"], [","], [",", "and"]):
            groups[-1].append((begin, end))
        else:
            groups.append([(begin, end)])
    for group in groups:
        named = frozenset[str]().union(*(who(words[begin:end]) for begin, end in group))
        yield from ((begin, end, named) for begin, end in group)


def _pronouns(words: Sequence[Word]) -> Iterator[int]:
    for i, word in enumerate(words):
        if word.low in _PRONOUNS or (word.low in _OWNING and any(w.low in SAYING for w in words[i + 1 : i + 3])):
            yield i


def _about(words: Sequence[Word], begin: int, end: int, named: Names | None, pronoun: bool) -> Iterator[Deed]:
    """What a name, or a pronoun, from begin to end does by the words before and after it."""
    if not pronoun and end + 1 < len(words) and words[end].content and words[end + 1].name and not _verbal(words[end]):
        return  # "Romney aide Katie Packer"
    owning = words[end - 1].low.endswith("'s")
    title = begin - 1
    while title >= 0 and (
        words[title].low in TITLES
        or words[title].low in ("and", "nor", "or", "neither")
        or (words[title].name and not words[begin].name)
    ):
        title -= 1
    before = words[title] if title >= 0 else None
    if before and not (pronoun and words[begin].low in ("who", *_OWNING)):
        if before.low in SAYING and not owning:
            doer = before.low in ("said", "says", "wrote", "added") or _closed(words, title)
            yield Deed(named, "say" if doer else before.stem, doer, pronoun)
        elif before.low == "to" and title and words[title - 1].low == "according":
            yield Deed(named, "say", True, pronoun)
        elif before.low == "by" and title:
            yield Deed(named, verb(words[title - 1]), True, pronoun)
        elif before.content and not owning and not pronoun:
            yield Deed(named, before.stem, False, pronoun)
    if not owning and (pronoun or not _under(words, begin)):
        yield from _done(words, end, named, pronoun)


def _under(words: Sequence[Word], begin: int) -> bool:
    """Whether a name only belongs to a preposition: "people in Iowa", "the head of the Fed"."""
    before = [word.low for word in words[max(0, begin - 2) : begin]]
    return bool(before) and before[-2 if before[-1] == "the" and len(before) > 1 else -1] in _PREPOSITIONS


def _closed(words: Sequence[Word], place: int) -> bool:
    """Whether a quotation or a comma ends right before a word, so that who follows it is who speaks."""
    return place > 0 and words[place - 1].text in ('"', ",")


def _done(words: Sequence[Word], end: int, named: Names | None, pronoun: bool) -> Iterator[Deed]:
    """What somebody who is named up to `end` does, or has done to them, and what is joined to that with "and"."""
    i = end if pronoun else _beyond(words, end)
    begun, being = i, False
    while i < len(words) and _beside(words, i):
        being = words[i].low in _BEING or (being and words[i].low in ("also", "then", "just", "not"))
        i += 1
    if i == len(words) or (not words[i].content and words[i].low not in SAYING):
        return
    past = words[i].low.endswith(("ed", "en", "wn"))
    if being and not past and not words[i].low.endswith("ing"):
        return
    if not (_verbal(words[i]) or words[i].low.endswith("s") or i > begun):
        return
    yield Deed(named, verb(words[i]), not (being and past), pronoun)
    if being and past:
        return
    for j in range(i + 1, len(words) - 1):
        if words[j].text in '.;!?"' or words[j].low in _PRONOUNS:
            return
        joined = words[j].low in ("and", "or", ",")
        if joined and (_verbal(words[j + 1]) or words[j + 1].low.endswith("ing")) and not words[j + 1].name:
            yield Deed(named, verb(words[j + 1]), True, pronoun)


def _verbal(word: Word) -> bool:
    """Whether a word looks like what somebody did."""
    return word.low.endswith(("ed", "en", "wn")) or word.low in SAYING or word.low in _PAST


def _beside(words: Sequence[Word], i: int) -> bool:
    """Whether a word may stand between who does something and the verb."""
    low = words[i].low
    if low in _AUXILIARIES or WEEKDAY.fullmatch(words[i].text) or (low.endswith("ly") and not words[i].name):
        return True
    return low == "on" and i + 1 < len(words) and bool(WEEKDAY.fullmatch(words[i + 1].text))


def _beyond(words: Sequence[Word], end: int) -> int:
    """The place after what is put in beside a name, between brackets or commas."""
    if end >= len(words) or words[end].text not in "(,":
        return end
    closing = ")" if words[end].text == "(" else ","
    for i in range(end + 1, min(end + 18, len(words))):
        if words[i].text in '.;:!?"':
            break
        if words[i].text == closing:
            return i + 1
    return end + (closing == ",")


def verb(word: Word) -> str:
    """A verb by its stem, all words of saying alike."""
    return "say" if word.low in SAYING else word.stem
