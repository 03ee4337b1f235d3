"""Who a credited source is: its words, where they stand in the article, become a name and a kind, or a stated doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.outlets import Outlet, Outlets
from index.records import Article, CreditKind, Span

_TITLES = (
    "Sen Senator Rep Representative Congressman Congresswoman Gov Governor Mayor President Vice Mr Mrs Ms Miss Dr Prof "
    "Professor Gen General Col Colonel Maj Major Lt Sgt Capt Captain Judge Justice Secretary Minister Prime Foreign "
    "Chancellor King Queen Prince Princess Pope Rev Father Speaker House Senate Majority Minority Leader Chairman "
    "Chairwoman Chair Director Manager Campaign Strategist Spokesman Spokeswoman Spokesperson Ambassador Attorney "
    "District Sheriff Chief Officer Police Lawyer Candidate Nominee Adviser Advisor Aide Press Correspondent Reporter "
    "Host Anchor Editor Columnist Analyst Sir Lord Lady Dame Republican Democrat Democratic GOP Former Ex-President "
    "Then Deputy Acting Executive CEO Coach Actor Actress"
).split()
_FOLLOWING = r"(?:de|van|von|bin|al|da|del|la|le|der|den)"
_CAPITAL = r"(?:[^\W\d_a-zà-öø-ÿ][\w’'-]*\.?|[A-Z]\.)"
_RUN = re.compile(rf"{_CAPITAL}(?:[ \xa0]+(?:{_FOLLOWING}[ \xa0]+)?{_CAPITAL})*")
_FULL = re.compile(rf"\b[A-Z][\w’'-]+(?:[ \xa0]+(?:{_FOLLOWING}[ \xa0]+)?(?:[A-Z]\.[ \xa0]*)*[A-Z][\w’'-]+){{1,3}}")
_POSSESSIVE = re.compile(r"[’']s?$")
_OWNED = re.compile(r"(?:[Tt]he )?(?P<owner>[A-Z][\w -]*?)[’']s? [A-Z]")
"""What a source begins with that is an outlet's reporter: "The Post's Greg Hale"."""

_ARTICLE = re.compile(r"^(?:the|a|an|one|our|its|his|her|their|this|that)\s+", re.IGNORECASE)
_OPENER = re.compile(
    r"^(?:As|But|And|When|While|Though|Although|If|Since|Because|After|Before|In|On|Also|Yet|Still|So|Even|For|At|By"
    r"|With|From|To|Not|Now|Then|Last|Earlier|Later|What|Why|How|Where|Is|Are|Was|Will|Can|Does|Did)\s+(?:the\s+)?"
)
_WEEK = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December"
)
_ORGANISATION = re.compile(
    r"\b(?:Party|Committee|Department|University|Institute|Ministry|Council|Office|Agency|Group|Association|Court"
    r"|Bureau|Foundation|House|Commission|Center|Centre|Union|Society|Campaign|Congress|Senate|Kremlin|Pentagon|Bank"
    r"|Administration|Police|Army|Navy|Service|Corporation|Corp|Company|Inc|Ltd|Coalition|Federation|League|Fund"
    r"|Authority|Board|College|School|Church|Hospital|PAC|Republicans|Democrats|Government|campaign|administration|government|committee|department)\b"
)
_PUBLISHES = re.compile(r"\b(?:News|Channel|TV|Radio|Herald|Gazette|Tribune|Courier|Chronicle|Observer|Newspaper)\b")
"""Words in a name that only an outlet bears, for those that no list knows."""

_STATION = re.compile(r"(?i:Fox|ABC|NBC|CBS|CW|Channel) ?\d{1,2}|[WK][A-Z]{2,3}(?:-(?:TV|AM|FM))?")
"""What a local station is called, of which no list knows all."""

_PLACED = re.compile(
    r"\b(?:in|from|of|at|near|outside|inside|around|across|for|to|against|on)[ \xa0]+(?:the[ \xa0]+)?$"
)
"""What stands before a name that tells where a source is, or of what, not who it is: "partners in Tehran"."""

_WITHIN = re.compile(r"\b(?:in|at|near|outside|around|across|throughout)[ \xa0]+$")
"""What stands before a name that is a place's and no person's."""

_OTHER = re.compile(
    r"(?:[’']s?)?[ \xa0]+(?!(?:who|whose|that|which|and|or|of|in|at|on|from|for|to|with|as|by|himself|herself"
    r"|itself|also|then|later|is|was|has|had)\b)[a-z]{3,}"
)
"""What follows a name that only says of which sort somebody else is: "Amiens employee"."""

_NO_NAMES = frozenset(
    "I The A An There This That These Those It He She They We Some Many Most About Around Nearly Almost Roughly Only"
    " All".split()
)
_LONGEST = 6
"""Words that a name has at most; more are a headline's capitals."""

_WENT_ON = re.compile(r"\b(?:add|continu|went on|conclud|also)", re.IGNORECASE)
"""Cues by which whoever spoke last speaks on."""

_OPENS = re.compile(r"(?:^|[.!?:;][\"”’')]*[ \xa0]+|\n\s*|—\s*)(?:[\w.’'-]+[ \xa0]+){0,2}$")
"""What stands before a name that opens its sentence, but for a title or two words."""

_STAFF = re.compile(
    r"\b(?:reporters?|correspondents?|columnists?|editors?|journalists?|hosts?|anchors?|analysts?|contributors?|commentators?)\b"
)
_PRINTS = re.compile(
    r"report|accord|writ|wrote|first|brok|reveal|publish|obtain|\bcit(?:ing|ed|es)|quoting|credit|editorial|via|h/t",
    re.I,
)
"""Cues by which an outlet prints; beside others, its own reporter speaks for himself."""

_TIPS = re.compile(r"h/t|hat tip|via", re.IGNORECASE)
"""Cues after which nothing but an outlet or a person stands, not an ordinary word."""

_POLL = re.compile(r"\b(?:polls?|surveys?|polling)\b", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"\b(?:documents?|records?|study|studies|memos?|reports?|book|filings?|e-?mails?|letters?|lawsuits?|complaints?"
    r"|indictment|affidavit|statements?|transcripts?|data|figures|statistics|analysis|ads?|video|bill|law|ruling)\b",
    re.IGNORECASE,
)
_POST = re.compile(r"(?:^@\w)|\b(?:tweets?|Facebook post|Instagram post)\b")
_PLURAL = re.compile(
    r"\b(?:sources?|officials?|officers?|relatives|witnesses|residents|lawyers|critics|supporters|experts|analysts"
    r"|people|voters|aides?|advisers?|advisors?|insiders?|diplomats?|spokes\w+|others|many|some|observers|strategists?"
    r"|lawmakers|leaders|investigators|prosecutors|reporters|operatives?|members?|allies|opponents|someone|anyone)\b",
    re.IGNORECASE,
)
_INDEFINITE = re.compile(
    r"^(?:an?|one|some|several|many|most|two|three|four|other|another|senior|multiple|few|numerous|both|more)\b", re.I
)

_PRESS = re.compile(
    r"^(?:the|this|that|its|a)\s+(?:\w+\s+){0,2}?(newspaper|paper|outlet|site|website|magazine|publication|network|broadcaster"
    r"|channel|tabloid|daily|weekly|station|blog|agency|news agency|news service|wire service|wire)$",
    re.IGNORECASE,
)
_AGENCY = ("agency", "service", "wire")
_ROLE = re.compile(
    r"^(?:the|this)\s+(?:[\w-]+\s+){0,3}?(senator|congressman|congresswoman|representative|governor|mayor|president"
    r"|secretary|minister|chancellor|candidate|nominee|front-?runner|billionaire|businessman|mogul|judge|justice|speaker"
    r"|chairman|chairwoman|chief|director|spokesman|spokeswoman|professor|lawyer|attorney|author|actor|singer|pope"
    r"|general|ambassador|sheriff|reporter|anchor|host|commentator|columnist|writer|republican|democrat|texan"
    r"|former\s\w+)$",
    re.IGNORECASE,
)
_ROLE_TITLES = {
    "senator": "Sen",
    "congressman": "Rep",
    "congresswoman": "Rep",
    "representative": "Rep",
    "governor": "Gov",
    "professor": "Prof",
    "general": "Gen",
}
_MALE = frozenset(
    "Donald Bernie Ted Marco Jeb Barack Bill Mike Paul John James Robert Michael William David Richard Joseph "
    "Thomas Charles Christopher Daniel Matthew Anthony Mark Steven Steve Andrew Kenneth George Joshua Kevin "
    "Brian Edward Ronald Timothy Jason Jeffrey Jeff Jacob Gary Nicholas Nick Eric Jonathan Stephen Larry Justin "
    "Scott Brandon Benjamin Ben Samuel Gregory Frank Alexander Raymond Patrick Jack Dennis Jerry Aaron Adam "
    "Nathan Henry Peter Douglas Harold Carl Arthur Roger Keith Lawrence Joe Jim Tom Tim Bob Rob Dan Chris Matt "
    "Greg Mitt Vladimir Sergei Dmitry Alexei Rand Rudy Mitch Harry Chuck Sean Carlos Juan Pedro Luis Ivan Boris "
    "Emmanuel Hans Mohammed Ahmed Omar Hassan".split()
)
_FEMALE = frozenset(
    "Hillary Carly Michelle Melania Ivanka Elizabeth Mary Patricia Jennifer Linda Barbara Susan Jessica Sarah "
    "Karen Lisa Nancy Betty Sandra Margaret Kimberly Emily Donna Carol Amanda Melissa Deborah Debbie Stephanie "
    "Rebecca Laura Helen Sharon Cynthia Kathleen Amy Angela Anna Pamela Emma Nicole Samantha Katherine "
    "Christine Catherine Virginia Rachel Janet Maria Diane Julie Joyce Victoria Christina Joan Judith Olivia "
    "Martha Cheryl Megan Andrea Ann Anne Alice Kathryn Gloria Teresa Theresa Janice Hannah Julia Judy Denise "
    "Marilyn Rose Diana Natalie Sophia Kate Katie Jill Ada Sally Nikki Kamala Ruth Claire Heidi Svetlana Olga "
    "Natalia Irina Ursula".split()
)
"""First names that rule a pronoun out. A name in neither may be anybody's."""

FORENAMES = _MALE | _FEMALE
"""First names that are hardly anything else."""

_HONORIFIC = re.compile(r"\b(?P<title>Mr|Mrs|Ms)\.[ \xa0](?P<name>[A-Z][\w’'-]*\w)")
_REACH = 1500
"""Characters back in which a pronoun's or a description's person is sought."""


@dataclass(frozen=True, slots=True)
class Who:
    """A source resolved: its full name (None: the article gives none), its kind, and from 0 to 1 how surely."""

    name: str | None
    kind: CreditKind
    sure: float = 1.0


@dataclass
class Sources:
    """The sources of one article, to be asked for in the order of the text, for later ones lean on earlier ones."""

    article: Article
    outlets: Outlets
    _mentions: list[tuple[Span, Outlet]] = field(init=False)
    _people: list[tuple[int, str]] = field(init=False)
    _credited: list[tuple[int, Who]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        text = self.article.text
        self._mentions = self.outlets.mentions(text)
        self._people = [(at, name) for at, name in _people(text) if not self._named_outlet(at, at + len(name))]

    def who(self, span: Span, cue: str) -> Who:
        """Who the source at that span is, credited by those words."""
        found = self._who(span, cue)
        self._credited.append((span[0], found))
        return found

    def _who(self, span: Span, cue: str) -> Who:
        text = self.article.text
        start, end = span
        start += len(found[0]) if (found := _OPENER.match(text[start:end])) else 0
        printed = " ".join(text[start:end].split())
        lower = printed.casefold()
        if lower in ("he", "she", "him", "her"):
            return self._person(start, lower in ("she", "her"), cue)
        if lower in ("who", "which", "that"):
            return self._before(start)
        if lower in ("it", "its"):
            return self._thing(start)
        if lower in _NOBODY_NAMED:
            return Who(None, "anonymous", 0.6)
        if press := _PRESS.match(printed):
            return self._press(start, press[1].casefold())
        if poll := _POLL.search(printed) or _POLL.match(text[end : end + 12].lstrip()):
            return Who(_bare(printed if poll.string == printed else f"{printed} {poll[0]}"), "poll")
        if printed.startswith("@") or _POST.search(printed):
            return Who(_bare(printed), "post")
        if outlet := self._outlet(start, end, cue):
            return outlet
        if _STATION.fullmatch(_bare(printed)) and not _bare(printed).islower():
            return Who(_bare(printed), "outlet", 0.9)
        if role := _ROLE.match(printed):
            return self._described(start, role[1])
        return self._named(printed, start)

    # -- outlets -----------------------------------------------------------------------------------------------------

    def _outlet(self, start: int, end: int, cue: str) -> Who | None:
        """The outlet that a source is, or that its reporter writes for."""
        printed = self.article.text[start:end]
        bare = _POSSESSIVE.sub("", _ARTICLE.sub("", printed))
        inside = [outlet for (a, b), outlet in self._mentions if a < end and start < b]
        doubtful = self.outlets.doubtful(bare)
        owned = _OWNED.match(printed)
        if not inside and owned and self.outlets.doubtful(owned["owner"]) and _PRINTS.search(cue):
            return self._outlet(start, start + owned.end("owner"), cue)
        if not inside and not doubtful and (known := self.outlets.named(bare) or self.outlets.named(printed)):
            inside = [known]
        if len(set(inside)) == 1:
            people = [name for name in _runs(printed) if " " in name and not self.outlets.mentions(name)]
            speaks = _STAFF.search(printed) or people
            if speaks and not _PRINTS.search(cue):
                return None
            unsure = doubtful and (len(self._called(bare)) > 1 or not self._in_full(inside[0]))
            return Who(inside[0].name, "agency" if inside[0].agency else "outlet", 0.6 if unsure else 1)
        if doubtful and _TIPS.match(cue) and (known := self.outlets.named(printed)):
            return Who(known.name, "agency" if known.agency else "outlet", 0.8)
        if inside or not doubtful:
            return None
        if self._full(bare) is not None:
            return None  # a person's surname
        own = self.article.outlet or ""
        called = self._called(bare) or ([own] if own.endswith(f" {bare}") else [])
        if len(called) == 1:
            return Who(called[0], "outlet", 0.8)
        prints = bool(_PRINTS.search(cue))
        if prints and not self.outlets.contested(bare) and (known := self.outlets.named(printed)):
            return Who(known.name, "agency" if known.agency else "outlet", 0.6)
        if prints or printed[:4].casefold() == "the ":
            return Who(bare, "outlet", 0.35)
        return Who(bare, "person", 0.35)

    def _called(self, short: str) -> list[str]:
        """The outlets that the article names and that this short name could mean."""
        ends = f" {short}"
        named = [(o.name, f" {self.article.text[a:b]}") for (a, b), o in self._mentions]
        return list(dict.fromkeys(name for name, printed in named if printed.endswith(ends) or name.endswith(ends)))

    def _in_full(self, outlet: Outlet) -> bool:
        """Whether the article names the outlet by more than a short name that others share."""
        printed = [self.article.text[a:b] for (a, b), o in self._mentions if o == outlet]
        return any(not self.outlets.doubtful(_ARTICLE.sub("", one)) for one in printed)

    def _press(self, start: int, noun: str) -> Who:
        """The outlet that "the paper" or "the agency" is: the nearest named before, not the article's own."""
        agency = noun.split()[-1] in _AGENCY
        before = [o for (a, _), o in self._mentions if a < start and o.name != self.article.outlet]
        fitting = [o for o in before if o.agency == agency]
        if fitting:
            return Who(fitting[-1].name, "agency" if agency else "outlet", 0.75)
        credited = [w for at, w in self._credited if at < start and w.kind in ("outlet", "agency") and w.name]
        if credited:
            return Who(credited[-1].name, credited[-1].kind, 0.6)
        return Who(None, "agency" if agency else "outlet", 0.4)

    def _named_outlet(self, start: int, end: int) -> bool:
        return any(a < end and start < b for (a, b), _ in self._mentions)

    # -- people ------------------------------------------------------------------------------------------------------

    def _named(self, printed: str, start: int) -> Who:
        """A source that gives a name itself, or none at all."""
        runs = _runs(printed)
        head, _, tail = printed.partition(",")
        own = [run for run in runs if not _PLACED.search(printed[: printed.find(run)])]
        indefinite = bool(_INDEFINITE.match(printed)) or bool(_PLURAL.search(head))
        people = [run for run in own if " " in run and not _ORGANISATION.search(run) and not _PUBLISHES.search(run)]
        first = [run for run in people if run in head]
        if indefinite and not (people and (tail or not re.search(r"\b(?:of|for|to|with|at|in|from)\b", head))):
            return Who(None, "anonymous")
        beside = [run for run in people if tail.lstrip().startswith(run)]
        if beside and not head.endswith(tuple(first)):
            return Who(beside[0], "person")
        if first and not re.search(r"\b(?:campaign|team|administration|supporters)\b", head):
            return Who(self._full(first[-1]) or first[-1], "person")
        if people and tail:
            return Who(people[-1], "person", 0.9)
        if _ORGANISATION.search(head) and runs:
            return Who(_bare(head), "organisation")
        if _ORGANISATION.search(head):
            return Who(None, "organisation", 0.7)
        if _DOCUMENT.search(head):
            return Who(_bare(head) if runs or _ARTICLE.match(printed) is None else None, "document")
        if not runs:
            return Who(None, "anonymous", 0.8)
        if not own:
            return Who(None, "anonymous", 0.7)
        run = own[-1] if " " not in own[0] else own[0]
        if _OTHER.match(printed, printed.find(run) + len(run)):
            return Who(None, "anonymous", 0.7)
        if _PUBLISHES.search(run):
            return Who(run, "outlet")
        if full := self._full(run):
            return Who(full, "person")
        if printed[:4].casefold() == "the " or self._place(run):
            return Who(run, "organisation", 0.8)
        return Who(run, "person", 0.8)

    def _full(self, short: str) -> str | None:
        """The full name that ends in this surname, of several the one most used; None where the article has none."""
        if " " in short:
            return None
        names = [name for _, name in self._people if name.endswith(f" {short}")]
        return max(names, key=names.count, default=None)

    def _place(self, name: str) -> bool:
        """Whether a name is a place's, whose government speaks: the article says that something is in it."""
        places = [m.start() for m in re.finditer(rf"\b{re.escape(name)}\b", self.article.text)]
        return 4 * sum(bool(_WITHIN.search(self.article.text, 0, at)) for at in places) >= len(places) > 0

    def _person(self, start: int, female: bool, cue: str) -> Who:
        """The person "he" or "she" is: whoever was credited last nearby, else who opens the sentences before; who goes
        on ("he added") is whoever was credited last."""
        wrong = _MALE if female else _FEMALE
        called = {m["name"] for m in _HONORIFIC.finditer(self.article.text) if (m["title"] == "Mr") == female}

        def fits(name: str | None) -> bool:
            return name is not None and name.split()[0] not in wrong and name.split()[-1] not in called

        credited = [(at, w.name) for at, w in self._credited if w.kind == "person" and at < start and fits(w.name)]
        story = max(
            (aside.end for aside in self.article.asides if aside.kind == "title" and aside.end <= start), default=0
        )
        named = [(at, name) for at, name in self._people if story <= at < start and fits(name)]
        text = self.article.text
        opening = [(at, name) for at, name in named if _OPENS.search(text[max(0, at - 60) : at])]
        nearby = _REACH if _WENT_ON.search(cue) else 400
        for reach, candidates, sure in (
            (nearby, credited, 0.75),
            (400, opening, 0.6),
            (400, named, 0.6),
            (_REACH, credited, 0.5),
        ):
            near = [name for at, name in candidates if start - at <= reach]
            if near:
                return Who(near[-1], "person", sure)
        return Who(None, "person", 0.4)

    def _before(self, start: int) -> Who:
        """Whom "who" takes up: the name right before it."""
        near = [(at, name) for at, name in self._people if start - 120 <= at < start]
        if near:
            return Who(near[-1][1], "person", 0.75)
        before = self.article.text[max(0, start - 60) : start].rstrip(" ,")
        last = re.search(r"([A-Z][\w’'-]+)$", before)
        if last and (full := self._full(last[1])):
            return Who(full, "person", 0.75)
        return Who(None, "anonymous", 0.5)

    def _thing(self, start: int) -> Who:
        """What "it" is: the outlet, organisation, poll or document credited last."""
        for at, who in reversed(self._credited):
            if start - at > _REACH:
                break
            if who.name and who.kind in ("outlet", "agency", "organisation", "poll", "document"):
                return Who(who.name, who.kind, 0.6)
        return Who(None, "anonymous", 0.4)

    def _described(self, start: int, role: str) -> Who:
        """The person that "the senator" is: the nearest before whom the article calls so."""
        text = self.article.text
        short = _ROLE_TITLES.get(role.casefold(), role.capitalize())
        called = rf"\b(?:{re.escape(short)}\.?|{re.escape(role)}|{re.escape(role.capitalize())})"
        for at, name in reversed([p for p in self._people if p[0] < start]):
            before, after = text[max(0, at - 30) : at], text[at + len(name) : at + len(name) + 60]
            if re.search(rf"{called},?\s+$", before) or re.match(rf",[^.;]*?{called}\b", after):
                return Who(name, "person", 0.7)
        credited = [w.name for at, w in self._credited if w.kind == "person" and 0 < start - at <= _REACH and w.name]
        return Who(credited[-1] if credited else None, "person", 0.5 if credited else 0.4)


_NOBODY_NAMED = frozenset("i we you they them me us my our one this these those some many others all none".split())


def _people(text: str) -> Iterator[tuple[int, str]]:
    """Where a text names people in full, titles and what opens a sentence left out."""
    for match in _FULL.finditer(text):
        words = [(m.start(), m[0]) for m in re.finditer(r"\S+", match[0])]
        called = [place for place, (_, word) in enumerate(words[:-1], 1) if word.strip(".") in _TITLES]
        words = words[called[-1] :] if called else words
        while words and (words[0][1].strip(".") in _TITLES or _OPENER.match(f"{words[0][1]} ") or words[0][1] == "The"):
            words.pop(0)
        last = _POSSESSIVE.sub("", words[-1][1]) if words else ""
        name = " ".join([*(w for _, w in words[:-1]), last])
        at = match.start() + words[0][0] if words else 0
        other = _ORGANISATION.search(name) or _WEEK.search(name) or _PUBLISHES.search(name) or last in _TITLES
        if len(words) > 1 and not other and not _WITHIN.search(text[max(0, at - 20) : at]):
            yield at, name


def _runs(printed: str) -> list[str]:
    """The names in a source's words: runs of capitals, what stands before a title in them and the title left out."""
    found = []
    for match in _RUN.finditer(printed):
        words = match[0].split()
        for place in range(len(words) - 1, 0, -1):
            if words[place - 1].strip(".") in _TITLES:
                words = words[place:]
                break
        words[-1] = _POSSESSIVE.sub("", words[-1]).rstrip(",")
        name = " ".join(words)
        if _WEEK.fullmatch(name) or name in _NO_NAMES or len(words) > _LONGEST or name.strip(".") in _TITLES:
            continue
        found.append(name)
    return found


def _bare(printed: str) -> str:
    return _POSSESSIVE.sub("", _ARTICLE.sub("", printed)).strip(' ,.:;“”"')
