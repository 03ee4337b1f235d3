"""Turns an article's text into the spans that are not its story, and what its printed header says of it.

It reads lines, and takes a line only when its whole form gives it away: a sentence of the story must never be lost.
The kinds, beyond what their names say: `title` is the headline with the labels and front matter about it, `byline` also
an outlet's name alone, `counter` any line without words, `promotion` also advertising,
`cookie` whatever a website says of itself, `related` the headings and links that lead elsewhere.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from index import dates, outlets
from index.records import Aside, AsideKind, Record, Span


@dataclass(frozen=True, slots=True)
class Found(Record):
    """The asides of a text, in order and not overlapping, and what its header says; None where it says nothing."""

    asides: tuple[Aside, ...] = ()
    title: str | None = None
    author: str | None = None
    published: dt.date | dt.datetime | None = None
    outlet: str | None = None
    url: str | None = None


_LONGEST: Final = 600  # characters; a longer line is a paragraph of the story, or a note
_HEADER: Final = 12  # lines at the top among which headline, byline, date and counters are looked for
_TAIL: Final = 6  # lines at the end that a bare heading "CORRECTION:" covers

_SITES = (
    r"(?:twitter|facebook|instagram|youtube|telegram|whatsapp|linkedin|tiktok|snapchat|pinterest|reddit"
    r"|google(?:\+| news)|apple (?:news|podcasts)|itunes|spotify|soundcloud|threads|bluesky|x\.com|rss)"
)
_PLEA = (
    r"(?:(?:kindly|please|also|and|now|click here to|don['’]t forget to|you can(?: also)?"
    r"|(?:for|want|get|stay|love|enjoy|like)\b[^.?!,]{0,60}[,?!])\s*)*+"
)
_AFTERS = (
    r"(?:@\w+|https?://\S+|[\s,.:;&|@()!-]|(?:and|or|at|on|for|our|us|we|like|join|follow|visit|page|channel|group|too|also|here|now|today|more"
    rf"|latest|news|updates|you|can|are|the|via|{_SITES})\b)*+"
)
_LISTED = (
    r"(?:articles?|stories|story|posts?|news|content|topics?|links?|coverage|reading|videos?|headlines|items|now|today"
    r"|for you|here|on the web)"
)
_CREDITED = r"(?:getty(?: images)?|ap|afp|reuters|epa|upi|shutterstock|instagram|associated press|bloomberg|wikimedia)"


def _whole(*patterns: str) -> re.Pattern[str]:
    """Any of the patterns as a whole line, in any case."""
    return re.compile("|".join(rf"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_CLUTTER: Final[tuple[tuple[AsideKind, re.Pattern[str]], ...]] = (
    (
        "promotion",
        _whole(
            rf"{_PLEA}follow\b.{{1,120}}?(?:\bon|@)\s?{_SITES}\b{_AFTERS}",
            rf"{_PLEA}follow @\w+",
            r"twitter\s?: ?@\w+",
            rf"{_PLEA}(?:join|like|visit) (?:us|our)\b.{{0,60}}?\b(?:{_SITES}|group|channel|page|community)\b{_AFTERS}",
            r"(?:do|are) you .{1,80}\? like (?:the|our|this) page",
            r"(?:click|tap) here (?:to|for) (?:follow|subscribe|join|read|get|sign|download|watch|more)\b.{0,100}",
            rf"{_PLEA}subscribe(?: (?:now|today|here|free))?(?: (?:to|for|on)\b.{{1,120}})?",
            rf"{_PLEA}sign up\b.{{0,60}}?\b(?:newsletters?|e-?mails?|inbox|alerts?|updates|briefing)\b.{{0,80}}",
            r"get (?:the|our|all|daily|breaking)\b.{0,80}\b(?:newsletter|inbox|e-?mail)\b.{0,40}",
            rf"(?:share|tweet|e-?mail|print|copy link|comment|{_SITES})"
            rf"(?:[\s,|/·•]+(?:share|tweet|e-?mail|print|comment|on|via|this|article|story|post|link|{_SITES}))*",
            r"advert(?:isements?|isings?)?|sponsored(?: (?:content|post))?|paid (?:post|content)",
            r"(?:advertisement\W{0,3})?(?:article|story|post) continues (?:below|after).{0,40}",
            r"scroll (?:down )?(?:to|for) (?:continue|more)\b.{0,40}|continue reading\b.{0,80}",
            r"download (?:our|the) .{0,40}\bapp\b.{0,60}",
            r"(?:support (?:our|independent) journalism|become a (?:member|subscriber|patron))\b.{0,60}",
        ),
    ),
    (
        "cookie",
        _whole(
            r"(?:this|our) (?:web)?site uses cookies\b.*",
            r"we(?: and our (?:\d+ )?partners)? use cookies (?:to|and|on|for)\b.*",
            r"by (?:continuing|clicking|using|browsing|closing)\b.{0,100}"
            r"\b(?:cookies?|privacy policy|terms of (?:use|service))\b.*",
            r"(?:accept|reject)(?: all)?(?: cookies)?|(?:cookie|privacy) (?:policy|settings|preferences|notice)",
            r"we(?: are|['’]re) sorry, ?this video is\b.{0,80}",
        ),
    ),
    (
        "related",
        _whole(
            r"(?:(?:related|recommended|similar|recent|latest|trending|featured|more|other|popular|top) )+"
            rf"{_LISTED}(?: {_LISTED})*",
            r"related|recommended|trending|see also|also read|read (?:also|more|next)|up next",
            r"most (?:read|popular|viewed|shared)",
            r"you (?:may|might) also (?:like|enjoy|be interested in)|more like this|editors?['’]?s? picks?",
            r"leave a (?:comment|reply)|(?:post|add|write) (?:a|your) comment",
            r"(?:view |show |read )?(?:all )?comments?|join the (?:conversation|discussion)",
            r"share this(?: (?:article|story|post))?|(?:previous|next) (?:article|post)",
            r"also on \S+(?: \S+){0,2}|tags|(?:tags|filed under|categories|topics): ?\S.{0,150}",
            r"(?:read(?: more| also| next)|also read|see also|related|don['’]t miss|recommended) ?[:|] ?\S.{3,160}",
            r"related (?:stories|articles|posts)(?-i:[A-Z]).*",
            r"watch(?: (?:the|this|full|live))*(?: (?:video|clip|interview))?",
            r"(?:watch|listen to) (?:the|a|an|this|his|her|their|it|more|live)\b.{0,60}?\b(?:below|above|here)",
            r"watch (?:below|above|here)",
        ),
    ),
    (
        "caption",
        _whole(
            r"(?:file |stock )?(?:photo(?:graph)?s?|images?|picture|illustration)(?: credits?)?"
            r"(?: ?[:/|©] ?| by | via | courtesy )\S.{0,100}",
            rf"getty(?: images)?|.{{1,60}}?(?:\s?/\s?|\svia\s){_CREDITED}(?:\s?/\s?\w.{{0,30}})?",
            rf".{{10,400}}\([^()]{{1,60}}/\s?{_CREDITED}\.?",
            r".{10,400}\((?:ap photo|getty images|file photo|photo by|photo:)[^()]{0,60}\.?",
            r"!\[[^\]]*\]\([^)]*",
        ),
    ),
    (
        "counter",
        _whole(
            r"(?:no|\d[\d,.]*\s?[km]?) (?:comments?|shares?|views?|likes?|retweets?|replies|reactions?)",
            r"(?:comments?|shares?|views?|likes?) ?[:(]? ?\d[\d,.]*[km]?",
            r"\d{1,3}[ -]min(?:ute)?s?(?: read)?|(?:estimated )?read(?:ing)? time ?:? ?\d+\b.{0,12}",
        ),
    ),
)
_NUMBER = re.compile(r"\d[\d,.]*[km]?\+?(?:\s*[/|]\s*\d[\d,.]*[km]?\+?)?", re.IGNORECASE)
_NO_WORDS = re.compile(r"[\W_]+")
_LABEL_ALONE = re.compile(r"abstract|full text", re.IGNORECASE)  # as press archives print them above a text's parts

_THIS = r"this (?:story|article|post|piece|report|column|headline)"
_NOTE = re.compile(
    r"\W{0,3}(?:"
    r"(?P<head>(?:editor['’]?s?['’]? ?note|ed\. note|publisher['’]s note|note to (?:our )?readers|corrections?"
    r"|clarifications?|retraction|erratum)(?: \([^)]{1,40}\)|, [^:.]{3,24}\b\d{4})?\s?(?:[:.—–-](?=\s|$)|$))"
    r"|correction appended\b"
    rf"|{_THIS} (?:has been|was) (?:\w+ly )?(?:updated|corrected|amended|revised|clarified|retracted|edited)\b"
    rf"|(?:an|a) (?:earlier|previous|prior) version of {_THIS}\b)",
    re.IGNORECASE,
)
_NOTE_INSIDE = re.compile(r"(?<=[.!?)”\"])\s?(?=E(?:ditor|DITOR)['’](?:s|S) [Nn](?:ote|OTE):)")
_ENDS = re.compile(r"[.!?…][\"”'’)\]*]*$")

_BY = re.compile(r"(?:(?:written|posted|published|reported|story|words|text) )?by(?::\s*|\s+)", re.IGNORECASE)
_DAY_NAMES = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?)\b"
)
_BYLINE_PART = re.compile(
    rf"\s*[|•·—–]\s*|\s-\s|,?\s+(?:on\s+)?(?={_DAY_NAMES}|\d{{1,2}}\s{_DAY_NAMES})|\s+(?=(?:published|posted|updated)\b)",
    re.IGNORECASE,
)
_ROLE = re.compile(r",?\s+(?:for|in|at|of)\s.*|,.*\b(?:writer|reporter|correspondent|editor|staff)\b.*", re.IGNORECASE)
_PARTICLES: Final = frozenset("de da di del della der den van von la le el al bin bint ibn dos du ter ten y e".split())
_NO_NAMES: Final = frozenset(
    "the a an this that these those my our your his her their its what how why when where who all using doing being "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december now then way law".split()
)
_FIELDS: Final = {
    "title": "title",
    "headline": "title",
    "author": "author",
    "byline": "author",
    "by": "author",
    "date": "published",
    "published": "published",
    "publication date": "published",
    "outlet": "outlet",
    "source": "outlet",
    "publisher": "outlet",
    "publication": "outlet",
    "newspaper": "outlet",
    "url": "url",
    "link": "url",
    "permalink": "url",
}
_FIELD = re.compile(r"\s*([A-Za-z_ ]{2,20}):\s+(\S.*)")
_FIELD_KINDS: Final[dict[str, AsideKind]] = {
    "title": "title",
    "author": "byline",
    "published": "date",
    "outlet": "byline",
    "url": "byline",
}


def find_asides(text: str, title: str | None = None, author: str | None = None) -> Found:
    """The asides of an article's text, and what its printed header says.

    `title` and `author` are those known from elsewhere; without a title, a first line that looks like a headline is
    taken for one. A text that would be nothing but asides keeps its headline, captions and notes as its story.
    """
    lines = [_Line(start, text[start:end]) for start, end in _lines(text)]
    found = _front_matter(lines) or _labelled(lines)
    found = _header(lines, found, title or found.title, author)
    for line in lines:
        line.kind = line.kind or _clutter(line)
    _neighbours(lines)
    _notes(lines)
    if all(line.kind and not line.offset for line in lines):
        lines = [line for line in lines if line.kind not in ("title", "caption", "note")]
    return dataclasses.replace(found, asides=tuple(_joined(lines)))


@dataclass(slots=True)
class _Line:
    """A line that is not blank, without the space around it; `kind` once it is known to be an aside, which begins
    `offset` characters into it, or `goes_on` from the line before."""

    start: int
    text: str
    kind: AsideKind | None = None
    offset: int = 0
    goes_on: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def bare(self) -> str:
        """Its words without the marks around them (quotation marks, Markdown, a last full stop)."""
        return self.text.strip(' \t\u00a0\ufeff"“”*_#>[]()|•·-–—.:!…') if len(self.text) <= _LONGEST else ""


def _lines(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        words = line.strip()
        if words:
            indent = len(line) - len(line.lstrip())
            yield start + indent, start + indent + len(words)
        start = end + 1


def _front_matter(lines: list[_Line]) -> Found | None:
    """Fields between two lines of dashes at the very top, as Markdown files carry them."""
    if not lines or lines[0].text != "---":
        return None
    close = next((number for number, line in enumerate(lines[1:40], 1) if line.text == "---"), None)
    if close is None:
        return None
    _mark("title", lines[: close + 1])
    return _from_fields(line.text for line in lines[1:close])


def _labelled(lines: list[_Line]) -> Found:
    """Fields printed as "Title: ...", "Date: ..." in the first lines, two of them at least."""
    names = []
    for line in lines[:_HEADER]:
        name = _field(line.text)
        if not name:
            break
        names.append(name[0])
    if len(set(names)) < 2:
        return Found()
    for line, field in zip(lines, names, strict=False):
        line.kind = _FIELD_KINDS[field]
    return _from_fields(line.text for line in lines[: len(names)])


def _field(line: str) -> tuple[str, str] | None:
    match = _FIELD.fullmatch(line)
    name = _FIELDS.get(match[1].lower().replace("_", " ").strip()) if match else None
    return (name, match[2].strip().strip("\"'")) if match and name else None


def _from_fields(lines: Iterator[str]) -> Found:
    values: dict[str, str] = {}
    for name, value in filter(None, map(_field, lines)):
        values.setdefault(name, value)
    return Found(
        title=values.get("title"),
        author=values.get("author"),
        published=dates.parse(values.get("published")),
        outlet=values.get("outlet"),
        url=values.get("url"),
    )


def _header(lines: list[_Line], found: Found, title: str | None, author: str | None) -> Found:
    """Marks headline, byline, date, outlet and counters at the top, and adds what they say to what was found."""
    number = next((place for place, line in enumerate(lines) if not line.kind), len(lines))
    last = min(number + _HEADER, len(lines))
    while number < last:
        line = lines[number]
        number += 1
        if line.kind:
            continue
        repeated = _repeats(lines, number - 1, title) if title else 0
        if repeated:
            _mark("title", lines[number - 1 : number - 1 + repeated])
            number += repeated - 1
            found = dataclasses.replace(found, title=found.title or title)
            continue
        marked, line.kind = _header_line(line, found, author)
        if line.kind:
            found = marked
        elif not title and _headline(lines, number - 1):
            title = line.bare if line.text.startswith("#") else line.text.strip("*_ ")
            line.kind, found = "title", dataclasses.replace(found, title=title)
        elif not any(_byline(later.bare, author) or _clutter(later) == "date" for later in lines[number : number + 2]):
            break  # else a line or two between headline and byline, a summary
    return found


def _header_line(line: _Line, found: Found, author: str | None) -> tuple[Found, AsideKind | None]:
    """What kind of header line it is, and what was found with its contents added."""
    bare = line.bare
    if not bare:
        return found, "counter" if _NO_WORDS.fullmatch(line.text) else None
    published = dates.find_in_line(line.text)
    if published:
        return dataclasses.replace(found, published=found.published or published), "date"
    byline = _byline(bare, author)
    if byline:
        return dataclasses.replace(
            found,
            author=found.author or byline.author,
            published=found.published or byline.published,
            outlet=found.outlet or byline.outlet,
        ), "byline"
    if _NUMBER.fullmatch(bare):
        return found, "counter"
    outlet = _only_outlet(bare)
    if outlet:
        return dataclasses.replace(found, outlet=found.outlet or outlet), "byline"
    return found, _clutter(line)


def _byline(line: str, author: str | None) -> Found | None:
    """What a byline says: "By Jane Roe", "by JOHN DOE | March 3, 2016", "Jane Roe, CNN", or the author's name alone."""
    if author and _squashed(line) == _squashed(author):
        return Found(author=line)
    by = _BY.match(line)
    if not by:
        names, comma, house = line.rpartition(", ")
        outlet = _only_outlet(house) if comma and len(names.split()) in (2, 3) and _names(names) else None
        return Found(author=names, outlet=outlet) if outlet else None
    first, *others = _BYLINE_PART.split(line[by.end() :], maxsplit=1)
    names, role = _ROLE.sub("", first), _ROLE.search(first)
    if len(line) > 160 or not _names(names):
        return None
    if others and not (dates.find_in_line(others[0]) or _only_outlet(others[0]) or _clutter(_Line(0, others[0]))):
        return None
    where = re.sub(r"^[,\s]*(?:for|in|at|of)\s+|^[,\s]+", "", role[0]) if role else ""
    outlet = _only_outlet(where) or (_only_outlet(others[0]) if others else None)
    return Found(author=names, published=dates.find_in_line(others[0]) if others else None, outlet=outlet)


def _names(text: str) -> bool:
    """Whether a text is names of persons or houses: one to four groups of one to five words in capitals."""
    groups = re.split(r",\s+|\s+(?:and|&|with)\s+", text.strip())
    if not 1 <= len(groups) <= 4:
        return False
    for group in groups:
        words = group.split()
        if not 1 <= len(words) <= 5 or any(word.lower().strip(".") in _NO_NAMES for word in words):
            return False
        named = [word for word in words if word[0].isupper()]
        if not named or any(word.lower() not in _PARTICLES for word in words if word not in named):
            return False
        if len(words) == 1 and len(groups) == 1 and not outlets.known().named(group):
            return False
    return True


def _only_outlet(text: str) -> str | None:
    """The outlet that a text names and does nothing else."""
    mentions = outlets.known().mentions(text) if 0 < len(text) < 60 else []
    return mentions[0][1].name if mentions and mentions[0][0] == (0, len(text)) else None


def _headline(lines: list[_Line], number: int) -> bool:
    """Whether a line at the top looks like a headline: what follows it is a header or clearly another paragraph, and
    its form is not that of a sentence of the story."""
    line, words = lines[number].text, lines[number].bare.split()
    following = lines[number + 1 :]
    if not following or len(words) < 3 or len(line) > 200 or line[-1] in ",;:":
        return False
    if line.startswith("# "):
        return True
    if _byline(following[0].bare, None):
        return True
    sentence = bool(_ENDS.search(line))
    if not sentence and _header_line(following[0], Found(), None)[1] in ("date", "counter", "title"):
        return True
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in long)
    if len(long) >= 3 and capitals >= (0.9 if sentence else 0.75) * len(long):
        return True
    if len(words) > 3 and all(word[0].isupper() for word in words):
        return True
    apart = following[0].start - lines[number].end > 1 or len(following[0].text) > 200
    return apart and not sentence and len(following[0].text) > len(line) and not line[0].islower()


def _repeats(lines: list[_Line], number: int, title: str) -> int:
    """How many lines from that one on are the title, up to punctuation and case: 0 to 3."""
    wanted = _squashed(title)
    printed = ""
    for count, line in enumerate(lines[number : number + 3], 1):
        printed += _squashed(line.text)
        if printed == wanted:
            return count
        if not wanted.startswith(printed):
            return 0
    return 0


def _squashed(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text[:1000]).casefold() if c.isalnum())


def _clutter(line: _Line) -> AsideKind | None:
    """The kind of a line that gives itself away wherever it stands."""
    bare = line.bare
    if not bare:
        return "counter" if len(line.text) <= _LONGEST and _NO_WORDS.fullmatch(line.text) else None
    if _LABEL_ALONE.fullmatch(bare):
        return "title"
    if re.search(r"\b(?:published|posted|updated)\b", bare[:40], re.IGNORECASE) and dates.find_in_line(line.text):
        return "date"
    return next((kind for kind, pattern in _CLUTTER if pattern.fullmatch(bare)), None)


def _neighbours(lines: list[_Line]) -> None:
    """Marks what only its place gives away: a bare number beside clutter, a caption's few words right below it."""
    clutter = ("counter", "promotion", "cookie", "related", "caption")
    for number, line in enumerate(lines):
        before = lines[number - 1].kind if number else None
        after = lines[number + 1].kind if number + 1 < len(lines) else None
        if line.kind or not (before in clutter or after in clutter):
            continue
        if _NUMBER.fullmatch(line.bare):
            line.kind = "counter"
        elif before in ("promotion", "cookie") and len(line.text.split()) <= 5 and line.text[-1].isalpha():
            line.kind = "caption"


def _notes(lines: list[_Line]) -> None:
    """Marks editor's notes, corrections and retractions with the lines over which they run on."""
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if line.kind:
            continue
        match, inside = _NOTE.match(line.text), _NOTE_INSIDE.search(line.text)
        if not match and not inside:
            continue
        line.offset = inside.end() if inside and not match else 0
        rest = line.text[match.end() :].strip() if match and match["head"] else line.text
        if not rest or dates.parse(rest):
            left = len(lines) - number
            taken = left if left <= _TAIL else 1
        else:
            taken = _unfinished(lines, number - 1)
        _mark("note", lines[number - 1 : number + taken])
        number += taken


def _unfinished(lines: list[_Line], number: int) -> int:
    """How many lines directly below belong to a note that breaks off without a full stop."""
    taken = 0
    for line, later in zip(lines[number:], lines[number + 1 : number + _TAIL], strict=False):
        if _ENDS.search(line.text) or later.start - line.end > 1:
            break
        taken += 1
    return taken


def _mark(kind: AsideKind, lines: list[_Line]) -> None:
    """Makes the lines one aside."""
    for number, line in enumerate(lines):
        line.kind, line.goes_on = kind, number > 0


def _joined(lines: list[_Line]) -> list[Aside]:
    asides: list[Aside] = []
    for line in lines:
        if line.kind and line.goes_on:
            asides[-1] = dataclasses.replace(asides[-1], end=line.end)
        elif line.kind:
            asides.append(Aside(line.kind, line.start + line.offset, line.end))
    return asides
