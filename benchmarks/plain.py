"""Plain news made by a grammar, and what is true and untrue of it: who did what to whom, when, why, by whose account.

Sentences that people write are about so many things that a small network learns their words before it learns who does
what. Here nothing else can be learned: an untrue sentence has the words of a true one in other places.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from forging import TRUE, Pair

from index.records import Article

_FIRST = (
    "Nell Sam Ines Olof Petra Hugh Amina Jorge Mabel Kofi Greta Ravi Lucia Tomas Edith Omar Vera Noel Zofia Dan Rosa"
    " Milo Thea Arne Celia Yusuf Clare Bruno Hana Felix"
).split()
_LAST = (
    "Quill Oduya Ferris Brandt Okafor Hale Lindqvist Moreau Tanaka Reyes Dunmore Kovac Pell Sorensen Achebe Vance Iyer"
    " Castell Whitlow Novak Bergman Farrow Duarte Keane Molina Stroud Haddad Jansen Ortiz Carver"
).split()
_BODIES = (
    "council|union|ministry|bank|museum|hospital|harbour board|Bay Courier|railway|university|brewery|airline|parish"
    "|orchestra|senate|fire brigade|Daily Anvil|football club|insurer|coast guard|court|embassy|shipyard|school board"
)
_DEEDS = """
beat beat beaten = defeat defeated defeated | hire hired hired = employ employed employed = engage engaged engaged
| dismiss dismissed dismissed = fire fired fired = sack sacked sacked | sue sued sued | praise praised praised =
commend commended commended | criticise criticised criticised = fault faulted faulted = attack attacked attacked
| warn warned warned | meet met met | endorse endorsed endorsed = back backed backed = support supported supported
| oppose opposed opposed = resist resisted resisted | replace replaced replaced | rescue rescued rescued = save saved
saved | interview interviewed interviewed = question questioned questioned | invite invited invited | train trained
trained = coach coached coached | bribe bribed bribed | rob robbed robbed | insult insulted insulted = offend offended
offended | thank thanked thanked | help helped helped = assist assisted assisted = aid aided aided | treat treated
treated | teach taught taught = instruct instructed instructed | evict evicted evicted | fine fined fined | cheat
cheated cheated = deceive deceived deceived = mislead misled misled | blackmail blackmailed blackmailed | follow
followed followed = shadow shadowed shadowed | call called called = ring rang rung = phone phoned phoned | visit
visited visited | betray betrayed betrayed | threaten threatened threatened | protect protected protected = shield
shielded shielded | injure injured injured = hurt hurt hurt = wound wounded wounded | ignore ignored ignored | choose
chose chosen = pick picked picked = select selected selected | reject rejected rejected = turn_down turned_down
turned_down | recognise recognised recognised | report reported reported = denounce denounced denounced | pay paid
paid | blame blamed blamed | forgive forgave forgiven = pardon pardoned pardoned | find found found | outbid outbid
outbid | mock mocked mocked = ridicule ridiculed ridiculed | nominate nominated nominated = propose proposed proposed
"""
_DEALS = """
sold = to = bought from, lent = to = borrowed from, gave = to = received from, handed = to = got from, sent = to = was
sent by, rented out = to = rented from, left = to = inherited from, returned = to = got back from
"""
_THINGS = (
    "boat|barn|violin|map|field|painting|printing press|letter|horse|tractor|archive|bell|ring|van|manuscript|pump"
    "|notebook|rifle|clock|orchard|licence|telescope|carpet|safe|ledger|piano|mill|tower crane|set of keys|crown"
)
_PLACES = "Oslo|Leeds|Porto|Tampa|Nairobi|Quebec|the old town|Hall 3|the harbour|Lviv|Kyoto|a car park|Room 12|Malmo"
_DAYS = (
    "on Monday|on Tuesday|on Friday|on Sunday|in May|in October|in 1998|in 2004|in 2011|in 2019|last week|in the spring"
    "|on 4 March|on 19 June|two years ago|at dawn|before noon|in January 2015|overnight|after the vote|at Easter"
)
_HEDGES = ("allegedly", "reportedly", "apparently", "supposedly")
_UNCLEAR = ("may have", "might have", "is thought to have", "is said to have", "is suspected of having")
_LINKS = {"because": "because", "after": "after", "before": "before", "although": "although", "and": "and"}


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what to whom: `deed` is a place among all, `doubt` a word that makes it unsure, or none."""

    doer: str
    deed: int
    whom: str
    when: str
    where: str
    doubt: str = ""
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Deal:
    """Who let whom have what, in one of the ways that a deal is told."""

    giver: str
    way: int
    thing: str
    taker: str
    when: str


@dataclass(frozen=True, slots=True)
class Told:
    """What happened by somebody's account, who may have told it to somebody; both may be nobody."""

    what: Deed | Deal
    by: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """Two happenings, and how the first is joined to the other."""

    one: Told
    link: str
    other: Told


Happening = Told | Joined
_GROUPS = [
    [tuple(word.replace("_", " ") for word in one.split()) for one in group.split("=")] for group in _DEEDS.split("|")
]
_WAYS = [tuple(part.strip() for part in " ".join(way.split()).split("=")) for way in _DEALS.split(",")]


def plain(count: int, rng: random.Random) -> Iterator[tuple[Pair, Pair]]:
    """So many pieces of news, each with sentences about it: the sentence, and the true one that it was made of."""
    for number in range(count):
        news = _news(rng)
        text = " ".join(f"{_capital(_said(one, rng, whole=True))}." for one in news)
        article = Article(id=f"plain_{number:05d}", text=text, outlet=None, title=None, author=None)
        for one in news:
            form = rng.randrange(1 << 30)
            true = Pair(article, 0, len(text), TRUE, _sentence(one, form))
            yield true, true
            made = [(kind, other) for kind, make in _WRONG.items() for other in make(one, news, rng)]
            for kind, other in rng.sample(made, min(2, len(made))):
                shape = form if rng.random() < 0.6 else rng.randrange(1 << 30)
                wrong = Pair(article, 0, len(text), kind, _sentence(other, shape))
                yield wrong, true if shape == form else wrong


def _sentence(one: Happening, form: int) -> str:
    return f"{_capital(_said(one, random.Random(form), whole=False))}."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _news(rng: random.Random) -> list[Happening]:
    """One to three happenings among a few people and bodies, no two of them alike."""
    those = [*(f"{rng.choice(_FIRST)} {name}" for name in rng.sample(_LAST, 4))]
    those += [f"the {body}" for body in rng.sample(_BODIES.split("|"), 3)]
    days, deeds = rng.sample(_DAYS.split("|"), 6), rng.sample(range(len(_GROUPS)), 6)
    things, places = rng.sample(_THINGS.split("|"), 6), rng.sample(_PLACES.split("|"), 6)

    def told() -> Told:
        doer, whom, by, to = rng.sample(those, 4)
        when = days.pop() if rng.random() < 0.6 else ""
        if rng.random() < 0.3:
            what: Deed | Deal = Deal(doer, rng.randrange(len(_WAYS)), _a(things.pop()), whom, when)
        else:
            doubt = rng.choice((*_HEDGES, *_UNCLEAR)) if rng.random() < 0.2 else ""
            denied = not doubt and rng.random() < 0.15
            where = places.pop() if rng.random() < 0.3 else ""
            what = Deed(doer, deeds.pop(), whom, when, f"in {where}" if where else "", doubt, denied)
        account = rng.random()
        return Told(what, by if account < 0.35 else "", to if account < 0.12 else "")

    happened: list[Happening] = []
    for _ in range(rng.choice((1, 2, 2, 3))):
        joined = rng.random() < 0.3
        happened.append(Joined(told(), rng.choice([*_LINKS]), replace(told(), by="", to="")) if joined else told())
    return happened


def _a(thing: str) -> str:
    return f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"


# -- in words ---------------------------------------------------------------------------------------------------------


def _said(one: Happening, rng: random.Random, whole: bool) -> str:
    """A happening in words; `whole`: nothing of it is left out."""
    if isinstance(one, Told):
        return _account(one, rng, whole)
    first, other = _account(one.one, rng, whole), _account(one.other, rng, whole)
    if one.link in ("after", "before") and rng.random() < 0.4:
        return f"{other} {'before' if one.link == 'after' else 'after'} {first}"
    if one.link != "and" and rng.random() < 0.3:
        return f"{one.link} {other}, {first}"
    return f"{first} {one.link} {other}"


def _account(told: Told, rng: random.Random, whole: bool) -> str:
    what = _deed(told.what, rng, whole) if isinstance(told.what, Deed) else _deal(told.what, rng, whole)
    if not told.by:
        return what
    if told.to and (whole or rng.random() < 0.6):
        return f"{told.by} told {told.to} that {what}"
    return rng.choice(
        (f"{told.by} said that {what}", f"according to {told.by}, {what}", f"{told.by} reported that {what}")
    )


def _deed(one: Deed, rng: random.Random, whole: bool) -> str:
    base, past, part = rng.choice(_GROUPS[one.deed])
    passive = rng.random() < 0.45
    tail = _tail([one.when, one.where], rng, whole)
    if one.denied:
        did = rng.choice((f"did not {base}", f"never {past}"))
        return f"{one.whom} was not {part} by {one.doer}{tail}" if passive else f"{one.doer} {did} {one.whom}{tail}"
    if one.doubt in _UNCLEAR:
        been, done = ("been ", part) if passive else ("", part)
        first, last = (one.whom, f" by {one.doer}") if passive else (one.doer, f" {one.whom}")
        return f"{first} {one.doubt} {been}{done}{last}{tail}"
    doubt = f"{one.doubt} " if one.doubt else ""
    if passive:
        return f"{one.whom} was {doubt}{part} by {one.doer}{tail}"
    if rng.random() < 0.1:
        return f"it was {one.doer} who {doubt}{past} {one.whom}{tail}"
    return f"{one.doer} {doubt}{past} {one.whom}{tail}"


def _deal(one: Deal, rng: random.Random, whole: bool) -> str:
    gave, to, took = _WAYS[one.way]
    tail = _tail([one.when], rng, whole)
    if rng.random() < 0.5:
        return f"{one.giver} {gave} {one.thing} {to} {one.taker}{tail}"
    verb, by = took.rsplit(" ", 1)
    return f"{one.taker} {verb} {one.thing} {by} {one.giver}{tail}"


def _tail(parts: Sequence[str], rng: random.Random, whole: bool) -> str:
    return "".join(f" {part}" for part in parts if part and (whole or rng.random() < 0.6))


# -- what is untrue ---------------------------------------------------------------------------------------------------


def _inner(one: Happening, change: Callable[[Told], Told | None]) -> Iterator[Happening]:
    """One of what is told changed."""
    if isinstance(one, Told):
        if (new := change(one)) and new != one:
            yield new
        return
    if (new := change(one.one)) and new != one.one:
        yield replace(one, one=new)
    if (new := change(one.other)) and new != one.other:
        yield replace(one, other=new)


def _turned(one: Happening, _: Sequence[Happening], __: random.Random) -> Iterator[Happening]:
    """Doer and sufferer, giver and taker change places."""

    def change(told: Told) -> Told:
        what = told.what
        if isinstance(what, Deed):
            return replace(told, what=replace(what, doer=what.whom, whom=what.doer))
        return replace(told, what=replace(what, giver=what.taker, taker=what.giver))

    yield from _inner(one, change)


def _another(one: Happening, news: Sequence[Happening], rng: random.Random) -> Iterator[Happening]:
    """Somebody else of the news did it, had it done to them, or told it."""
    those = sorted({name for other in news for name in _people(other)})

    def change(told: Told) -> Told | None:
        free = [name for name in those if name not in _people(told)]
        if not free:
            return None
        new, what = rng.choice(free), told.what
        if told.by and rng.random() < 0.4:
            return replace(told, by=new)
        if isinstance(what, Deed):
            return replace(told, what=replace(what, doer=new) if rng.random() < 0.6 else replace(what, whom=new))
        return replace(told, what=replace(what, giver=new) if rng.random() < 0.5 else replace(what, taker=new))

    yield from _inner(one, change)


def _speakers(one: Happening, _: Sequence[Happening], __: random.Random) -> Iterator[Happening]:
    """Who told it and who was told, or who did it, change places."""

    def change(told: Told) -> Told | None:
        if told.by and told.to:
            return replace(told, by=told.to, to=told.by)
        if told.by and isinstance(told.what, Deed):
            return replace(told, by=told.what.doer, what=replace(told.what, doer=told.by))
        return None

    yield from _inner(one, change)


def _sure(one: Happening, _: Sequence[Happening], rng: random.Random) -> Iterator[Happening]:
    """What was unsure is sure, what was denied is so, what was so is denied."""

    def change(told: Told) -> Told | None:
        what = told.what
        if isinstance(what, Deal):
            return None
        if what.doubt:
            return replace(told, what=replace(what, doubt=""))
        return replace(told, what=replace(what, denied=not what.denied))

    yield from _inner(one, change)


def _otherwise(one: Happening, news: Sequence[Happening], rng: random.Random) -> Iterator[Happening]:
    """It was another deed, of the news or of none."""

    def change(told: Told) -> Told | None:
        what = told.what
        if isinstance(what, Deal):
            return replace(told, what=replace(what, thing=_a(rng.choice(_THINGS.split("|")))))
        others = [t.what.deed for o in news for t in _all(o) if isinstance(t.what, Deed) and t.what.deed != what.deed]
        return replace(
            told, what=replace(what, deed=rng.choice(others) if others and rng.random() < 0.6 else _strange(what, rng))
        )

    yield from _inner(one, change)


def _strange(what: Deed, rng: random.Random) -> int:
    return rng.choice([i for i in range(len(_GROUPS)) if i != what.deed])


def _why(one: Happening, news: Sequence[Happening], rng: random.Random) -> Iterator[Happening]:
    """Of two happenings one is said to be the reason, or to come first, that is not."""
    if isinstance(one, Joined):
        links = {"because": "although", "after": "because", "before": "after", "although": "because", "and": "because"}
        yield replace(one, link=links[one.link])
        if one.link in ("because", "after", "before"):
            yield Joined(replace(one.other, by="", to=""), one.link, one.one)
        return
    others = [other for other in news if isinstance(other, Told) and other != one]
    if others:
        yield Joined(one, "because", replace(rng.choice(others), by="", to=""))


def _all(one: Happening) -> list[Told]:
    return [one] if isinstance(one, Told) else [one.one, one.other]


def _people(one: Happening) -> set[str]:
    return {
        name
        for told in _all(one)
        for name in (
            told.by,
            told.to,
            *((told.what.doer, told.what.whom) if isinstance(told.what, Deed) else (told.what.giver, told.what.taker)),
        )
        if name
    }


_WRONG: dict[str, Callable[[Happening, Sequence[Happening], random.Random], Iterator[Happening]]] = {
    "turned": _turned,
    "another": _another,
    "speakers": _speakers,
    "sure": _sure,
    "otherwise": _otherwise,
    "why": _why,
}
