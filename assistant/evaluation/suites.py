"""A suite file, ours or another program's, becomes cases, and the articles that it brings along."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.evaluation import foreign
from assistant.evaluation.cases import BadSuite, Case, Fields, gathered, own_case
from index.records import Article, Record


@dataclass(frozen=True, slots=True)
class Suite(Record):
    """A suite as read: its file's name, the sha256 of its bytes, its cases in file order.

    `articles` are what the file brings along for its questions to be asked of; suites of our own bring none.
    """

    name: str
    sha256: str
    cases: tuple[Case, ...]
    articles: tuple[Article, ...] = ()


def load_suite(path: str | Path) -> list[Case]:
    """The cases of a suite in file order. Raises BadSuite as `read_suite`."""
    return list(read_suite(path).cases)


def read_suite(path: str | Path) -> Suite:
    """The suite in a file, which its name's ending and its fields tell the kind of.

    `.yaml` and `.yml` are ours; `.json` is SQuAD (1.1 or 2.0), LlamaIndex's LabelledRagDataset or a list of cases;
    `.csv` is Ragas; anything else is JSON Lines, ours or Ragas's.

    Raises:
        BadSuite: a file that is missing, empty or malformed, and cases that are; each on a line of its own.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise BadSuite(f"{path}: cannot be read ({error.strerror}); expected a suite file.") from error
    except UnicodeDecodeError as error:
        raise BadSuite(f"{path}: found bytes that are not UTF-8; expected a suite in UTF-8.") from error
    cases, articles = _read(str(path), path.suffix.lower(), text)
    if not cases:
        raise BadSuite(f"{path}: found no case; expected at least one.")
    return Suite(path.name, hashlib.sha256(content).hexdigest(), tuple(cases), tuple(articles))


def _read(file: str, suffix: str, text: str) -> tuple[list[Case], list[Article]]:
    match suffix:
        case ".yaml" | ".yml":
            return gathered(_yaml(file, text), own_case), []
        case ".json":
            return _document(file, text)
        case ".csv":
            rows = _csv(file, text)
            return gathered(rows, foreign.ragas_case), foreign.contexts(rows)
        case _:
            lines = list(_json_lines(file, text))
            return _rows(lines)


def _rows(rows: list[Fields | BadSuite]) -> tuple[list[Case], list[Article]]:
    """Cases of ours, or Ragas's samples if the first row is one."""
    first = next((row for row in rows if isinstance(row, Fields)), None)
    if first is not None and foreign.is_ragas(first):
        return gathered(rows, foreign.ragas_case), foreign.contexts(rows)
    return gathered(rows, own_case), []


def _document(file: str, text: str) -> tuple[list[Case], list[Article]]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadSuite(f"{file}:{error.lineno}: not JSON ({error.msg}, column {error.colno}).") from error
    if isinstance(found, list):
        whole = Fields(file, {"cases": found}, lambda place: line_of(text, place.removeprefix("cases.")))
        return _rows(list(_each(whole.elements("cases"))))
    if isinstance(found, dict):
        whole = Fields(file, found, lambda place: line_of(text, place))
        if "data" in found:
            asked = list(foreign.squad(whole))
            return gathered([one for one, _ in asked], foreign.squad_case), foreign.paragraphs(asked)
        if "examples" in found:
            examples = list(_each(whole.elements("examples")))
            return gathered(examples, foreign.llama_case), foreign.contexts(examples)
    names = ", ".join(sorted(map(str, found))[:5]) if isinstance(found, dict) else type(found).__name__
    raise BadSuite(f"{file}: found {names or 'nothing'}; expected `data` (SQuAD), `examples` (LlamaIndex) or a list.")


def _each(elements: Fields) -> Iterator[Fields | BadSuite]:
    """The objects of a list; what is none, as what to say about it."""
    for name in elements.found:
        try:
            yield elements.under(name)
        except BadSuite as error:
            yield error


def _json_lines(file: str, text: str) -> Iterator[Fields | BadSuite]:
    # Not splitlines(): a JSON string may hold U+2028 and other characters that it takes for line ends.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _object(file, number, json.loads(line))
        except json.JSONDecodeError as error:
            yield BadSuite(f"{file}:{number}: not JSON ({error.msg}, column {error.colno}); expected a case.")


def _yaml(file: str, text: str) -> Iterator[Fields | BadSuite]:
    try:
        found = yaml.safe_load(text)
        tree = yaml.compose(text, Loader=yaml.SafeLoader)  # once more, for the lines
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        raise BadSuite(f"{where}: not YAML ({getattr(error, 'problem', None) or error}).") from error
    if found is not None and not isinstance(found, list):
        raise BadSuite(f"{file}: found YAML that is not a list; expected a list of cases.")
    for item, node in zip(found or [], tree.value if tree else [], strict=True):
        yield _object(file, node.start_mark.line + 1, item)


def _csv(file: str, text: str) -> list[Fields | BadSuite]:
    """The rows by their header's names; a row's line is where it ends, for a cell may hold several lines."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows: list[Fields | BadSuite] = []
    try:
        for row in reader:
            if None in row or None in row.values():
                told = f"found another number of cells than the header's {len(reader.fieldnames or ())}"
                rows.append(BadSuite(f"{file}:{reader.line_num}: {told}; expected as many."))
            else:
                rows.append(_object(file, reader.line_num, row))
    except csv.Error as error:
        raise BadSuite(f"{file}:{reader.line_num}: not CSV ({error}).") from error
    if rows and not {"user_input", "question"} & set(reader.fieldnames or ()):
        raise BadSuite(f"{file}:1: found no column `user_input` (or `question`); expected Ragas's columns.")
    return rows


def _object(file: str, line: int, found: object) -> Fields | BadSuite:
    if not isinstance(found, dict):
        return BadSuite(f"{file}:{line}: found {type(found).__name__}; expected an object.")
    fixed: Callable[[str], int] = lambda _: line  # noqa: E731
    return Fields(file, {str(name): value for name, value in found.items()}, fixed)


# -- lines of a JSON document ----------------------------------------------------------------------------------------

_DECODER = json.JSONDecoder()


def line_of(text: str, place: str) -> int:
    """The line, from 1, where the value at a place such as `data.0.qas` begins in a JSON text that can be read.

    Of a place that is not there, the line of the nearest value around it.
    """
    at = _on(text, 0)
    for name in place.split("."):
        inside = _member(text, at, name)
        if inside is None:
            break
        at = inside
    return text.count("\n", 0, at) + 1


def _member(text: str, at: int, name: str) -> int | None:
    """Where the member of that name (in a list, of that number) begins, of the object or list that begins at `at`."""
    if text[at] not in "{[":
        return None
    named, at, number = text[at] == "{", _on(text, at + 1), 0
    while text[at] not in "}]":
        key = str(number)
        if named:
            key, at = _DECODER.raw_decode(text, at)
            at = _on(text, _on(text, at) + 1)  # behind the colon
        if key == name:
            return at
        _, at = _DECODER.raw_decode(text, at)
        at = _on(text, at)
        if text[at] == ",":
            at = _on(text, at + 1)
        number += 1
    return None


def _on(text: str, at: int) -> int:
    """The next place that is no white space."""
    while text[at] in " \t\r\n":
        at += 1
    return at
