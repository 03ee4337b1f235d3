"""Who somebody or what something is, in the words with which an article introduces them: "Ada Marsh, captain of the
ferry". Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.followups import own
from assistant.forms import TITLES, WORD
from assistant.names import kind_of_name
from assistant.sentences import Pick
from assistant.spans import Candidate
from assistant.wanted import GROUP, OUTLET, PERSON
from index.records import Span
from index.words import STOPWORDS

REACH = 150
"""Characters before a name in which the words stand that tell who somebody is."""

_ASKED = re.compile(
    r"^(?:who|what)(?: is| was|['’]s) (?:the )?(?P<name>[\w'’.-]+(?: [\w'’.-]+){0,3}?)\W*$", re.IGNORECASE
)
_JOB = re.compile(
    r"^what(?: is| was|['’]s) (?P<name>[\w'’.-]+?(?: [\w'’.-]+?){0,3}?)['’]s? (?:job|role|profession|trade|occupation"
    r"|position|post|work|title)(?: title)?\W*$"
    r"|^what (?:does|did) (?P<doer>[\w'’.-]+(?: [\w'’.-]+){0,3}?) do(?: for a living)?\W*$",
    re.IGNORECASE,
)
_OFFICE = (
    rf"(?i:{PERSON.removeprefix('who|whom|whose|')}|owners?|captains?|commanders?|colonels?|majors?|soldiers?|co-\w+"
    r"|allies|ally|associates?|partners?|confidante?s?|developers?|entrepreneurs?|veterans?|teachers?|engineers?"
    rf"|farmers?|mathematicians?|drivers?|workers?|widows?|survivors?|residents?|boss|head|principal|head(?:master|mistress)|auditors?|nurses?"
    r"|midwives|midwife|electricians?|cooks?|monitors?|skippers?|chaplains?|priests?|imams?|clerks?|treasurers?"
    r"|curators?|deput(?:y|ies)|foreman|superintendents?|inspectors?|detectives?|registrars?|archivists?|librarians?"
    r"|architects?|carpenters?|plumbers?|butchers?|bakers?|technicians?|surgeons?|pilots?|sailors?|fisherm[ae]n"
    r"|programmers?|designers?|photographers?|translators?|interpreters?|volunteers?|pensioners?|chief of staff"
    rf"|fianc[eé]e?|girlfriend|boyfriend|cousins?|uncle|aunt|niece|nephew|grand\w+|neighbou?rs?|mum|mom|dad|{GROUP}"
    rf"|{OUTLET}|charit(?:y|ies)|federation|movement|militia|alliance|regiment|city|town|village|port|ship|law|treaty)"
)
"""Nouns for what somebody is."""
_HEAD = rf"(?:(?!(?:and|or|but|who|that|is|was|are|were)\b)[\w’'.-]+ ){{0,6}}?{_OFFICE}\b"
"""Words up to what somebody is: "a former technology aide"."""
_ENDS = r"(?=[,;:()—–“”\"]|\.?$| (?:who|whose|which|where|is|was|are|were|has|had|will|would|said|says|told)\b| - )"
_REST = rf"[^,;:()—–“”\"]*?{_ENDS}"
"""What follows it: "to the secretary of state"."""
_RANK = r"(?:[A-Z][a-z]+\.? ){0,2}"
"""What may stand between what somebody is and the name: "the monitor, Captain Ada Marsh"."""
_BEHIND = re.compile(
    rf", (?P<is>(?:an?|the|one of|former|then|(?:{WORD} )*{WORD}(?:[’']s|(?<=s)[’']))"
    rf" {_HEAD}{_REST})"
)
_OF = re.compile(rf" (?P<is>of (?:the )?(?P<group>{WORD}(?: (?:of |for |and )?{WORD})*))")
_DOING = re.compile(
    r", (?:who|which) (?P<is>(?:(?:is|was) (?:an?|the)|works?|worked|heads?|headed|leads?|led|runs?|ran|owns?|owned"
    rf"|represents?|represented|serves?|served|teaches|taught|chairs?|chaired|founded|co-founded) {_REST})"
)
_POSSESSED = re.compile(
    rf"(?:^|[\s“\"])(?P<is>(?:[Tt]he |[Aa]n? |(?:{WORD} )*{WORD}[’']s? ){_HEAD}"
    rf"(?: (?:of|for|at|to) (?:(?:the|an?|{WORD}) ?){{1,6}})?), {_RANK}$"
)
_NO_ROLE = r"day|morning|evening|night|week|month|year|time|is|was|are|were|has|had|said"
_APPOSED = re.compile(rf"^(?P<is>(?:The|An?) (?![^,]*\b(?:{_NO_ROLE})\b)[^,;:()“”\"]{{2,60}}), {_RANK}$")
_RELATED = re.compile(rf"(?:^|[\s“\"])(?P<is>(?:[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Mm]y|[Oo]ur) {_HEAD}),? {_RANK}$")
_LOWER = (
    r"former|longtime|then|presumptive|leading|independent|conservative|liberal|billionaire|veteran|vice|deputy|senior"
    r"|chief|presidential|campaign|press|policy|political|foreign|defen[cs]e|prime|national|security|general|state"
    r"|union|party|opposition|acting|retired|human|rights|military|police|civil|nursing|home|business|technology|local"
    r"|legal"
)
"""What may stand before a title without a capital."""
_TITLED = re.compile(rf"(?P<is>(?:(?:[A-Z][\w.’'&-]*|{_LOWER}) ){{1,5}}{_OFFICE}) $")


def asked(question: str) -> str | None:
    """The name in a question that asks who or what that is and nothing else; None where it asks anything else."""
    match = _ASKED.match(own(question).strip())
    return match["name"] if match else None


def mentioned(question: str, picks: Sequence[Pick]) -> bool:
    """Whether a question asks who or what a name is, and a sentence has that name."""
    name = asked(question)
    return name is not None and any(re.search(rf"(?<!\w)(?i:{re.escape(name)})(?!\w)", pick.quote) for pick in picks)


def introduced(question: str, picks: Sequence[Pick]) -> Candidate | None:
    """The words that tell who or what that is, where a question asks no more of a name, or somebody's job: behind the
    name or before it, in the best sentence that has such words, rather those that need no other; None where none has,
    or the name is several people's.

    Args:
        question: To stand alone.
        picks: Sentences, best first.
    """
    job = _JOB.match(own(question).strip())
    name = job["name"] or job["doer"] if job else asked(question)
    if name is None or (full := _full(name, picks)) is None:
        return None
    known = re.compile(rf"(?<![\w-])(?i:{full})(?![\w-])(?! [A-Z])")
    for told in (_behind, _before, _related):
        for pick in picks:
            for match in known.finditer(pick.quote):
                if span := told(pick.quote, match):
                    start, end = pick.start + span[0], pick.start + span[1]
                    return Candidate(pick, start, end, "phrase", pick.score, {})
    return None


def _full(name: str, picks: Sequence[Pick]) -> str | None:
    """A pattern of the name; of a single one, as most sentences have it with the given name before."""
    parts = [re.escape(part) for part in name.split()]
    if len(parts) > 1:
        return r" (?:[A-Z][\w.]* )?".join(parts)
    whole = re.compile(rf"(?<![\w-])(?P<given>(?:[A-Z][\w.’-]+ ){{1,2}})(?i:{parts[0]})(?![\w-])")
    given = Counter(TITLES.sub("", m["given"]) for pick in picks for m in whole.finditer(pick.quote))
    several = [one for one in given if one.strip()]
    if not several:
        return parts[0]
    return re.escape(several[0]) + parts[0] if len(several) == 1 else None


def _behind(sentence: str, name: re.Match[str]) -> Span | None:
    for pattern in (_BEHIND, _DOING):
        if match := pattern.match(sentence, name.end()):
            return match.span("is")
    if (match := _OF.match(sentence, name.end())) and kind_of_name(match["group"], frozenset()) == "group":
        return match.span("is")
    return None


def _before(sentence: str, name: re.Match[str]) -> Span | None:
    if sentence.startswith(",", name.end()) and (match := _APPOSED.search(sentence, 0, name.start())):
        return match.span("is")
    for pattern in (_POSSESSED, _TITLED):
        for match in pattern.finditer(sentence, max(0, name.start() - REACH), name.start()):
            start, end = match.span("is")
            words = sentence[start:end].split()
            while words and words[0].casefold() in STOPWORDS - {"the", "a", "an"}:
                start += len(words.pop(0)) + 1
            if len(words) > 1:
                return start, end
    return None


def _related(sentence: str, name: re.Match[str]) -> Span | None:
    match = _RELATED.search(sentence, max(0, name.start() - REACH), name.start())
    return match.span("is") if match else None
