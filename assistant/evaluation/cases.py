"""What a suite holds: cases, each a question with the answer and the evidence that we expect. How fields are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from index.errors import WhenceError
from index.records import Record


class BadSuite(WhenceError):
    """A suite that cannot be read; for each bad case a line: file, line and field, what was found and expected."""


@dataclass(frozen=True, slots=True)
class Evidence(Record):
    """A gold quote, and the id of the article that it stands in; without one ("") any article that holds it."""

    article: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Record):
    """A question and what a right answer says.

    `answer` is None when the collection does not say. `aliases` are further right wordings of it. `parts` are the parts
    that the answer must all have, each in any of its wordings.
    """

    question: str
    answer: str | None
    aliases: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Asked):
    """One line of a suite. In a conversation `turns` are all its questions, and the case itself is the last of them.

    `tags` are the line's other keys, as they stand there.
    """

    id: str
    type: str
    turns: tuple[Asked, ...] = ()
    tags: Mapping[str, object] = field(default_factory=dict)


KEYS = {"id", "question", "type", "answer", "aliases", "evidence", "parts", "turns"}

TOLD = 20
"""Bad cases named, at most; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What an object of a suite holds under its names.

    `file` is the suite's, `prefix` the object's place in its line or document, `line` gives the line of a place.
    """

    file: str
    found: Mapping[str, object]
    line: Callable[[str], int]
    prefix: str = ""

    def bad(self, name: str, expected: str) -> BadSuite:
        """What to raise for the field of that name."""
        found = json.dumps(self.found[name], default=str, ensure_ascii=False) if name in self.found else "nothing"
        shown = found if len(found) <= 60 else found[:59] + "…"
        place = self.prefix + name
        return BadSuite(f"{self.file}:{self.line(place)}: {place}: found {shown}; expected {expected}.")

    def text(self, name: str) -> str:
        """The text under that name; it must be there and say something."""
        value = self.found.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.bad(name, "text (in YAML, dates and numbers need quotation marks)")
        return value

    def text_or_null(self, name: str) -> str | None:
        """As `text`, but null may stand for None."""
        return None if name in self.found and self.found[name] is None else self.text(name)

    def number(self, name: str) -> int:
        """The whole number, 0 or more, under that name."""
        value = self.found.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.bad(name, "a whole number, 0 or more")
        return value

    def flag(self, name: str) -> bool:
        """True or false; left out it is false."""
        value = self.found.get(name, False)
        if not isinstance(value, bool):
            raise self.bad(name, "true or false")
        return value

    def under(self, name: str) -> Fields:
        """The object under that name."""
        value = self.found.get(name)
        if not isinstance(value, dict):
            raise self.bad(name, "an object")
        return Fields(self.file, value, self.line, f"{self.prefix}{name}.")

    def elements(self, name: str) -> Fields:
        """The list under that name, as if it were an object with the names 0, 1, ...; left out or null it is empty."""
        value = self.found.get(name)
        if value is not None and not isinstance(value, list):
            raise self.bad(name, "a list")
        found = {str(n): item for n, item in enumerate(value or [])}
        return Fields(self.file, found, self.line, f"{self.prefix}{name}.")

    def objects(self, name: str) -> list[Fields]:
        """The objects of the list under that name."""
        each = self.elements(name)
        return [each.under(n) for n in each.found]

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of the list under that name."""
        each = self.elements(name)
        return tuple(each.text(n) for n in each.found)


def own_case(fields: Fields) -> Case:
    """The case that a line of our own format tells. Raises BadSuite."""
    asked = _asked(fields)
    turns = tuple(_asked(turn) for turn in fields.objects("turns"))
    if turns and (turns[-1].question, turns[-1].answer) != (asked.question, asked.answer):
        raise fields.bad("question", f"the last turn's question and answer again ({turns[-1].question!r})")
    return Case(
        id=fields.text("id"),
        type=fields.text("type"),
        question=asked.question,
        answer=asked.answer,
        aliases=asked.aliases,
        evidence=asked.evidence,
        parts=asked.parts,
        turns=turns,
        tags={name: value for name, value in fields.found.items() if name not in KEYS},
    )


def _asked(fields: Fields) -> Asked:
    parts = fields.elements("parts")
    wordings = tuple(parts.texts(n) for n in parts.found)
    if not all(wordings):
        raise fields.bad("parts", "lists of wordings, none of them empty")
    return Asked(
        question=fields.text("question"),
        answer=fields.text_or_null("answer"),
        aliases=fields.texts("aliases"),
        evidence=tuple(Evidence(gold.text("article"), gold.text("quote")) for gold in fields.objects("evidence")),
        parts=wordings,
    )


def gathered(items: Iterable[Fields | BadSuite], case: Callable[[Fields], Case]) -> list[Case]:
    """Every item as a case, in order.

    Raises:
        BadSuite: items that are no cases, and cases whose id an earlier one has; each on a line of its own.
    """
    cases: dict[str, Case] = {}
    bad: list[BadSuite] = []
    for item in items:
        try:
            if isinstance(item, BadSuite):
                raise item
            made = case(item)
            if made.id in cases:
                raise item.bad("id", "an id that no earlier case has")
        except BadSuite as error:
            bad.append(error)
        else:
            cases[made.id] = made
    if bad:
        left = [f"... and {len(bad) - TOLD} more like these."] if len(bad) > TOLD else []
        raise BadSuite("\n".join([*map(str, bad[:TOLD]), *left]))
    return list(cases.values())
