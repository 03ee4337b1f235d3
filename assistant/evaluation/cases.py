"""A suite file becomes cases: questions with the answers and the evidence that we expect."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from index.errors import WhenceError
from index.records import Record


class BadSuite(WhenceError):
    """A suite that cannot be read: which file, which line and field of it, what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Evidence(Record):
    """A gold quote, and the id of the article that it stands in."""

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


def load_suite(path: str | Path) -> list[Case]:
    """The cases of a suite in file order: YAML when the name ends in .yaml or .yml, else JSON Lines.

    A case must have `id`, `question`, `type` and `answer`. Raises BadSuite for a file that is missing, empty or
    malformed, and for two cases of one id.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadSuite(f"{path}: cannot be read ({error.strerror}); expected a suite file.") from error
    except UnicodeDecodeError as error:
        raise BadSuite(f"{path}: found bytes that are not UTF-8; expected JSON Lines or YAML in UTF-8.") from error
    cases: dict[str, Case] = {}
    for fields in _yaml(path, text) if path.suffix.lower() in {".yaml", ".yml"} else _json_lines(path, text):
        case = _case(fields)
        if case.id in cases:
            raise fields.bad("id", "an id that no earlier case has")
        cases[case.id] = case
    if not cases:
        raise BadSuite(f"{path}: found no case; expected at least one.")
    return list(cases.values())


@dataclass(frozen=True, slots=True)
class _Fields:
    """What an object of a suite holds under its names; `where` is its file and line, `prefix` its place in the line."""

    where: str
    found: Mapping[str, object]
    prefix: str = ""

    def bad(self, name: str, expected: str) -> BadSuite:
        found = json.dumps(self.found[name], default=str, ensure_ascii=False) if name in self.found else "nothing"
        shown = found if len(found) <= 60 else found[:59] + "…"
        return BadSuite(f"{self.where}: {self.prefix}{name}: found {shown}; expected {expected}.")

    def text(self, name: str) -> str:
        value = self.found.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.bad(name, "text (in YAML, dates and numbers need quotation marks)")
        return value

    def text_or_null(self, name: str) -> str | None:
        return None if name in self.found and self.found[name] is None else self.text(name)

    def under(self, name: str) -> _Fields:
        """The object under that name."""
        value = self.found.get(name)
        if not isinstance(value, dict):
            raise self.bad(name, "an object")
        return _Fields(self.where, value, f"{self.prefix}{name}.")

    def elements(self, name: str) -> _Fields:
        """The list under that name, as if it were an object with the names 0, 1, ...; left out or null it is empty."""
        value = self.found.get(name)
        if value is not None and not isinstance(value, list):
            raise self.bad(name, "a list")
        return _Fields(self.where, {str(n): item for n, item in enumerate(value or [])}, f"{self.prefix}{name}.")

    def texts(self, name: str) -> tuple[str, ...]:
        each = self.elements(name)
        return tuple(each.text(n) for n in each.found)


def _case(fields: _Fields) -> Case:
    asked = _asked(fields)
    conversation = fields.elements("turns")
    turns = tuple(_asked(conversation.under(n)) for n in conversation.found)
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


def _asked(fields: _Fields) -> Asked:
    golds, parts = fields.elements("evidence"), fields.elements("parts")
    evidence = [golds.under(n) for n in golds.found]
    wordings = tuple(parts.texts(n) for n in parts.found)
    if not all(wordings):
        raise fields.bad("parts", "lists of wordings, none of them empty")
    return Asked(
        question=fields.text("question"),
        answer=fields.text_or_null("answer"),
        aliases=fields.texts("aliases"),
        evidence=tuple(Evidence(gold.text("article"), gold.text("quote")) for gold in evidence),
        parts=wordings,
    )


def _json_lines(path: Path, text: str) -> Iterator[_Fields]:
    # Not splitlines(): a JSON string may hold U+2028 and other characters that it takes for line ends.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadSuite(
                f"{path}:{number}: not JSON ({error.msg}, column {error.colno}); expected a case."
            ) from error
        yield _object(f"{path}:{number}", found)


def _yaml(path: Path, text: str) -> Iterator[_Fields]:
    try:
        found = yaml.safe_load(text)
        tree = yaml.compose(text, Loader=yaml.SafeLoader)  # once more, for the lines
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise BadSuite(f"{where}: not YAML ({getattr(error, 'problem', None) or error}).") from error
    if found is not None and not isinstance(found, list):
        raise BadSuite(f"{path}: found YAML that is not a list; expected a list of cases.")
    for item, node in zip(found or [], tree.value if tree else [], strict=True):
        yield _object(f"{path}:{node.start_mark.line + 1}", item)


def _object(where: str, found: object) -> _Fields:
    if not isinstance(found, dict):
        raise BadSuite(f"{where}: found {type(found).__name__}; expected an object.")
    return _Fields(where, {str(name): value for name, value in found.items()})
