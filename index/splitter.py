"""An article's text into sentences, and those into passages: spans of the stored text, to the character."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import blake2b

from index.records import Article, Passage, Span

SPLITTER_VERSION = 1
"""Grows whenever the same article may split differently: passages, and all that hangs on their keys, are then stale."""

_FULL_ENOUGH = 0.55
"""A passage this full ends with its paragraph when the next paragraph does not fit whole."""

_TINY = 0.15
"""A last passage below this part of the limit is evened out with the one before."""

_NEVER = frozenset(
    "Mr Mrs Ms Mx Messrs Mme Mlle Dr Prof Sen Sens Gov Govs Lt Rep Reps Gen Col Maj Capt Cmdr Cdr Adm Sgt Cpl Pvt Brig "
    "Rev Fr Hon Pres Supt Det Insp Atty Amb Secy vs v cf viz approx i.e e.g".split()
)
"""Abbreviations that want a word after them: no sentence ends there."""

_SELDOM = frozenset(
    "Jr Sr Inc Corp Co Cos Ltd Bros Assn Dept Univ Ave Blvd Rd St Ste Ft Mt Sec Jan Feb Mar Apr Jun Jul Aug Sep Sept "
    "Oct Nov Dec Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla "
    "Ore Pa Penn Tenn Tex Va Vt Wash Wis Wisc Wyo W.Va Ph.D".split()
)
"""Abbreviations that end a sentence, as initials and "U.S." do, only where one of `_OPENERS` begins the next."""

_SHORT = frozenset(word for word in _NEVER | _SELDOM if word.islower())

_OPENERS = frozenset(
    "The A An This That These Those There Here He She It They We I You His Her Its Their Our My Your Mr. Mrs. Ms. In "
    "On At By For From To With Without Under Over Of Among Between During Despite After Before Since Until While When "
    "Once As If Although Though Because But And Or Nor Yet So Still Even Also Then Now Not No Only Just Both Many Most "
    "Some Several Such Another Others One Two What Who Why How Where Which Whether Meanwhile However Instead Later "
    "Last Earlier Asked According Is Are Was Were Do Does Did Can Could Will Would Should Have Has Had Let".split()
)
_NUMBERED = frozenset("No Nos Sec Art Vol Fig Ch pp p".split())

_QUOTES = frozenset("\"'”’™\x9d")
_CLOSER = r"""(?:["”'’»)\]}]|â€(?:\x9d|™)|</\w+>|<\w+/>)"""
_STOP = re.compile(
    # A line's end, or marks and what closes after them. It opens with one plain set, to which the search skips fast.
    rf"[.!?…\n](?:(?<!\n)(?:[ \xa0]{{0,2}}[.!?…]){{0,16}}"
    rf"(?P<close>{_CLOSER}{{0,8}}(?:[ \xa0][\"“”'‘’]{{1,4}}(?!\S))?))?"
    r"(?P<white>\s+|(?<=\n)|(?=[“‘(]?[A-Z][a-z]))"
)
_WORD, _WHITE = re.compile(r"\w"), re.compile(r"\s+")
_LAST_WORD = re.compile(r"\w[\w.'’&]*$")
_NEXT_WORD = re.compile(r"[^\w\s@#$]{0,8}\s?(?P<word>\w+\.?)")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
_SPEAKS = re.compile(
    r"(?:(?:[A-Z][\w’'-]*\.?|of|the|de|van|von)\s+){1,5}"
    r"(?:said|says|asked|asks|wrote|writes|tweeted|added|told|replied|shouted|yelled|joked|exclaimed|demanded)\b"
)


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]` in order, as spans of `text` without white space at either end.

    Between them is nothing but white space. A blank line ends a sentence, and so does a line's end, except where the
    line plainly runs on: no closing mark before it and a small letter after it, or a comma before it.
    """
    end = len(text) if end is None else min(end, len(text))
    spans: list[Span] = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if _plainly(text, begin, stop) or _ends(text, begin, stop, end):
            spans += _stripped(text, begin, stop.start("white"))
            begin = stop.end()
    return spans + _stripped(text, begin, end)


def passages(
    article: Article, limit: int = 1000, fits: Callable[[list[str]], list[bool]] | None = None
) -> list[Passage]:
    """The article as passages of whole sentences in order, none longer than `limit` characters (1 or more), no overlap.

    Every character that is neither white space nor part of an aside lies in exactly one of them; none crosses an
    aside, which cuts a sentence that it stands in. Notes (corrections and the like) are passages of their own. A
    passage rather ends with a paragraph than fills up. A sentence beyond the limit is cut at white space, a word
    beyond it in its middle. `fits` tells for each text whether an encoder's window takes it; what it refuses is
    halved, if possible between sentences, until it does.
    """
    text = article.text
    groups = [
        group
        for start, end in _story(article)
        for group in _packed(text, [part for s in sentences(text, start, end) for part in _cut(text, s, limit)], limit)
    ]
    if fits is not None:
        groups = _fitting(text, groups, fits)
    return [_passage(article, number, group) for number, group in enumerate(groups)]


def passage_key(article_id: str, revision: int, start: int, end: int) -> int:
    """63 bits (0 up to 2**63 - 1) that any process makes alike for the same passage of the same revision."""
    name = f"{revision} {start} {end} {article_id}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big") >> 1


def _plainly(text: str, begin: int, stop: re.Match[str]) -> bool:
    """Whether it is plain that a sentence ends at this stop, as at most: blank lines, or a full stop after a word in
    small letters that is no abbreviation, and a capital after it. What `_ends` would say, in a third of the time."""
    printed, after = stop[0], stop.end()
    if printed != ". ":
        return printed.endswith("\n\n")
    word = text[max(begin, stop.start() - 9) : stop.start()].rpartition(" ")[2]
    return (
        word.islower() and word.isalpha() and len(word) > 1 and word not in _SHORT and text[after : after + 1].isupper()
    )


def _ends(text: str, begin: int, stop: re.Match[str], end: int) -> bool:
    """Whether the sentence that began at `begin` ends at this stop, by the lines' ends in it or else by the words."""
    start, after, close = stop.start(), stop.end(), stop["close"]
    lines = stop["white"].count("\n") + (close is None)
    if after == end or lines > 1:
        return True
    if close is None:
        last = text[begin:start].rstrip()[-1:]
        return last != "," and (last in ".!?…:;" or not text[after].islower())
    near = max(begin, start - 24)  # bounded, or a text of nothing but marks would take time by its square
    found = _LAST_WORD.search(text, near, start)
    word = found[0] if found else ""
    if lines:
        return word not in _NEVER
    if not stop["white"] and not text[start - 2 : start].islower():
        return False
    return bool(_WORD.search(text, near, start)) and _parts(text, begin, word, stop)


def _parts(text: str, begin: int, word: str, stop: re.Match[str]) -> bool:
    """Whether marks within a line part two sentences, by the word before them and by what follows."""
    start, after, close = stop.start(), stop.end(), stop["close"]
    marks = text[start : stop.start("close")]
    quoted, dashed = not _QUOTES.isdisjoint(close), text[after] in "-–—―"
    if text[after] in ",;:)]" or (quoted and dashed):
        return False
    found = _NEXT_WORD.match(text, after)
    following = found["word"] if found else ""
    if following[:1].islower() and (following[0] == text[after] or marks not in "?!."):
        return False
    if len(marks) > 1 or marks in "?!…":
        omission = marks[0] in ".…" and text[start - 1].isspace()
        return not omission and not (quoted and _SPEAKS.match(text, after))
    if quoted:
        return True
    word = word.capitalize() if word.isupper() else word
    if word in _NEVER or (word in _NUMBERED and following[:1].isdigit()):
        return False
    opens = start - len(word) == begin
    if word in _SELDOM or _INITIALS.fullmatch(word):
        return following in _OPENERS and not (opens or dashed)
    return not (opens and word.isdecimal() and len(word) < 3)


def _stripped(text: str, start: int, end: int) -> list[Span]:
    """The span without the white space at its ends, if anything is left."""
    tail = text[start:end].lstrip()
    start = end - len(tail)
    return [(start, start + len(tail.rstrip()))] if tail else []


def _story(article: Article) -> Iterator[Span]:
    """What lies between the asides, and each note by itself: a correction is part of what the outlet says."""
    at = 0
    for aside in sorted(article.asides, key=lambda aside: aside.start):
        if aside.start > at:
            yield at, aside.start
        if aside.kind == "note":
            yield max(at, aside.start), aside.end
        at = max(at, aside.end)
    yield at, len(article.text)


def _cut(text: str, sentence: Span, limit: int) -> list[Span]:
    """The sentence, or parts of it that keep the limit."""
    if sentence[1] - sentence[0] <= limit:
        return [sentence]
    return [part for half in _halves(text, sentence) for part in _cut(text, half, limit)]


def _halves(text: str, sentence: Span) -> list[Span]:
    """The sentence parted at the white space nearest to its middle; a single word, in its middle."""
    start, end = sentence
    middle = (start + end) // 2
    spaces = (space.span() for space in _WHITE.finditer(text, start, end))
    last, first = min(spaces, key=lambda space: abs(space[0] - middle), default=(middle, middle))
    return [(start, last), (first, end)]


def _packed(text: str, parts: list[Span], limit: int) -> list[list[Span]]:
    """The sentences grouped into passages, the last two evened out if the last would be tiny."""
    groups: list[list[Span]] = []
    for (start, end), paragraph in zip(parts, _paragraphs(text, parts), strict=True):
        if groups:
            first, last = groups[-1][0][0], groups[-1][-1][1]
            early = last - first >= _FULL_ENOUGH * limit and paragraph - first > limit and "\n" in text[last:start]
            if end - first <= limit and not early:
                groups[-1].append((start, end))
                continue
        groups.append([(start, end)])
    if len(groups) > 1 and groups[-1][-1][1] - groups[-1][0][0] < _TINY * limit:
        groups[-2:] = _evened(groups[-2] + groups[-1])
    return groups


def _paragraphs(text: str, parts: list[Span]) -> list[int]:
    """For each sentence where its paragraph ends."""
    ends = [end for _, end in parts]
    for k in range(len(parts) - 2, -1, -1):
        if "\n" not in text[parts[k][1] : parts[k + 1][0]]:
            ends[k] = ends[k + 1]
    return ends


def _evened(group: list[Span]) -> list[list[Span]]:
    """Two or more sentences in two groups, the longer of which is as short as may be."""
    k = min(range(1, len(group)), key=lambda k: max(group[k - 1][1] - group[0][0], group[-1][1] - group[k][0]))
    return [group[:k], group[k:]]


def _fitting(text: str, groups: list[list[Span]], fits: Callable[[list[str]], list[bool]]) -> list[list[Span]]:
    """The groups, with those that do not fit halved until they do, or are one character."""
    fitting: list[list[Span]] = []
    for group, fit in zip(groups, fits([text[group[0][0] : group[-1][1]] for group in groups]), strict=True):
        if fit or group[-1][1] - group[0][0] <= 1:
            fitting.append(group)
        else:
            halves = _evened(group) if len(group) > 1 else [[half] for half in _halves(text, group[0])]
            fitting += _fitting(text, halves, fits)
    return fitting


def _passage(article: Article, number: int, group: list[Span]) -> Passage:
    start, end = group[0][0], group[-1][1]
    return Passage(
        key=passage_key(article.id, article.revision, start, end),
        article_id=article.id,
        revision=article.revision,
        number=number,
        start=start,
        end=end,
        text=article.text[start:end],
        sentences=tuple(group),
    )
