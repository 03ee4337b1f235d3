"""What a run of suites gave: every case with its answer and scores, what it ran on; kept as JSON and read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.evaluation.cases import Case
from index.errors import WhenceError
from index.records import Record, Span

VERSION = 1
"""Of the saved JSON: raised when a field changes its meaning or goes, not when one is added."""


class BadResults(WhenceError):
    """A file that holds no results, or another version's."""


@dataclass(frozen=True, slots=True)
class Sentenced(Record):
    """A sentence of an answer; `lacking` is what our own grounding misses in its citations, None when nothing."""

    text: str
    citations: tuple[int, ...]
    support: str
    lacking: str | None


@dataclass(frozen=True, slots=True)
class Quotation(Record):
    """A citation in its passage: `passage[at[0]:at[1]] == quote`. `gold`: a gold quote overlaps it.

    `exact`: the cited revision's text has the quote at start and end.
    """

    number: int
    article: str
    title: str | None
    outlet: str | None
    published: str | None
    url: str | None
    start: int
    end: int
    quote: str
    passage: str
    at: Span
    gold: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Reply(Record):
    """An answer as results keep it; `said` is what it says, without markers, and what is scored."""

    question: str
    standalone: str
    said: str
    short: str | None
    refused: bool
    reason: str | None
    sentences: tuple[Sentenced, ...]
    citations: tuple[Quotation, ...]
    origin: str | None = None
    model: str | None = None
    dropped: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place(Record):
    """A hit of the plain search: `gold` when a gold quote overlaps it. `text` is its passage, cut short."""

    article: str
    outlet: str | None
    title: str | None
    text: str
    found: str
    score: float
    gold: bool


@dataclass(frozen=True, slots=True)
class Explanation(Record):
    """A step of how the answer came about, and what it gave."""

    name: str
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """A case as it went. `values` holds its scores by name, those that apply to it; `right` sums it up, `why` says.

    `earlier` are the replies to the turns before the last.
    """

    suite: str
    case: Case
    reply: Reply
    hits: tuple[Place, ...]
    steps: tuple[Explanation, ...]
    values: Mapping[str, float]
    right: bool
    why: tuple[str, ...]
    earlier: tuple[Reply, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What it is paired by with another run's."""
        return self.suite, self.case.id


@dataclass(frozen=True, slots=True)
class LeftOut(Record):
    """A case that was not asked, and why."""

    suite: str
    id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.suite}: {self.id}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Score(Record):
    """A figure over the `n` cases that it applies to, with the 95 % bootstrap interval; of none there is no score."""

    name: str
    value: float
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group(Record):
    """The scores of the cases that share a type (`by` is "type") or the value of a tag (`by` is the tag's name)."""

    by: str
    value: str
    cases: int
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class AskedSuite(Record):
    """A suite that ran: its file's name, the sha256 of its bytes, how many of its cases were asked."""

    name: str
    sha256: str
    cases: int


@dataclass(frozen=True, slots=True)
class RanOn(Record):
    """What a run ran on. `code` is a hash of the program's own files, `prompts` has each prompt's."""

    suites: tuple[AskedSuite, ...]
    fingerprint: str
    articles: int
    encoder: str
    model: str | None
    prompts: Mapping[str, str]
    settings: Mapping[str, str]
    version: str
    code: str


@dataclass(frozen=True, slots=True)
class Results(Record):
    """A whole run. `started` is a moment in ISO 8601, `seconds` what the asking took, resumed parts not counted."""

    on: RanOn
    outcomes: tuple[Outcome, ...]
    left_out: tuple[LeftOut, ...]
    scores: tuple[Score, ...]
    groups: tuple[Group, ...]
    started: str
    seconds: float
    notices: tuple[str, ...] = ()
    version: int = field(default=VERSION)

    def score(self, name: str) -> Score | None:
        """The score of that name; None when no case has it."""
        return next((score for score in self.scores if score.name == name), None)

    def save(self, path: str | Path) -> None:
        """Write them as JSON."""
        Path(path).write_text(json.dumps(self.to_dict(), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Results:
        """Those that `save` wrote.

        Raises:
            BadResults: no such file, no results, or those of a later version.
        """
        try:
            results = _RESULTS.validate_json(Path(path).read_bytes())
        except OSError as error:
            told = f"cannot be read ({error.strerror}); expected results that --save wrote"
            raise BadResults(f"{path}: {told}.") from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            told = f"{place}: {first['msg']}" if place else first["msg"]
            raise BadResults(f"{path}: found no results ({told}); expected a file that --save wrote.") from error
        if results.version > VERSION:
            raise BadResults(f"{path}: found results of version {results.version}; this program reads {VERSION}.")
        return results


_RESULTS = TypeAdapter(Results)
_OUTCOME = TypeAdapter(Outcome)


def read_outcome(line: str) -> Outcome | None:
    """The outcome that a journal's line holds; None for a line that an interruption cut off."""
    try:
        return _OUTCOME.validate_json(line)
    except ValidationError:
        return None
