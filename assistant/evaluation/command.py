"""What `whence eval` does: wishes are checked before anything runs, then suites run, and results go where wished."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.ask import Assistant
from assistant.evaluation.asking import Price
from assistant.evaluation.cases import BadSuite
from assistant.evaluation.comparison import Comparison, compare
from assistant.evaluation.junit import write_junit
from assistant.evaluation.measures import BY_NAME, MEASURES
from assistant.evaluation.page import figure, render, spread
from assistant.evaluation.results import Results
from assistant.evaluation.run import Watch, Way, evaluate
from assistant.evaluation.suites import Suite, read_suite
from index import Added, Index
from index.stages import Watch as Adding

MAIN = ("right", "f1", "found@1", "found@5", "cited", "seconds-p50")
"""The scores that the terminal tells by type."""

NAMED = 20
"""Cases named in the terminal, at most."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for, checked: suites as read, demands as score and least value, the earlier run if any."""

    suites: tuple[Suite, ...]
    demands: Mapping[str, float]
    earlier: Results | None = None
    save: Path | None = None
    html: Path | None = None
    junit: Path | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """How far a run has come, shaped as the progress of a collection."""

    done: int
    total: int
    stage: str = "asking"


@dataclass(frozen=True, slots=True)
class Table:
    """A table for the terminal; the first column is text, the others figures."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A run and all that is to be said of it; `failed` are the demands that were not met, in words."""

    results: Results
    comparison: Comparison | None
    failed: tuple[str, ...]
    tables: tuple[Table, ...]
    lines: tuple[str, ...]


def checked(
    suites: Sequence[str],
    demands: Sequence[str] = (),
    compared: str | None = None,
    save: str | None = None,
    html: str | None = None,
    junit: str | None = None,
) -> Wishes:
    """The wishes, with every file read that must be, and every place to write to found to be one.

    Raises:
        BadSuite: a suite that cannot be read; a demand that is none; a folder to write to that is not there.
        BadResults: the earlier run cannot be read.
    """
    read = tuple(read_suite(suite) for suite in suites)
    if not read:
        raise BadSuite("No suite was named. Name a file, or write one to start from with --new FILE.")
    for path in filter(None, (save, html, junit)):
        if not Path(path).resolve().parent.is_dir():
            raise BadSuite(f"{path}: its folder is not there; make it first.")
    return Wishes(
        read,
        dict(map(_demand, demands)),
        Results.load(compared) if compared else None,
        *(Path(path) if path else None for path in (save, html, junit)),
    )


def _demand(told: str) -> tuple[str, float]:
    name, _, value = told.partition("=")
    if name not in BY_NAME:
        raise BadSuite(f"--fail-under {told}: found no score {name!r}; expected one of {', '.join(BY_NAME)}.")
    if BY_NAME[name].better != "higher":
        raise BadSuite(f"--fail-under {told}: more of {name} is not better; demand another score.")
    try:
        least = float(value)
    except ValueError:
        least = math.nan
    if math.isnan(least):
        raise BadSuite(f"--fail-under {told}: found {value!r}; expected a number, as in {name}=0.7.")
    return name, least


def price(told: str) -> Price:
    """The price of a million tokens, from `SENT/WRITTEN`. Raises BadSuite."""
    sent, _, written = told.partition("/")
    try:
        return Price(float(sent), float(written))
    except ValueError:
        raise BadSuite(f"--price {told}: expected what a million tokens cost, sent and written, as 0.5/1.5.") from None


def build(suites: Sequence[Suite], index: Index, progress: Adding | None = None) -> Added:
    """Take the texts that suites bring along into the collection; those held already cost nothing.

    Raises:
        BadSuite: no suite brings any.
    """
    articles = {article.id: article for suite in suites for article in suite.articles}
    if not articles:
        raise BadSuite("--build: the suites bring no texts along; SQuAD's, LlamaIndex's and Ragas's do.")
    lines = [{"id": a.id, "title": a.title, "text": a.text} for a in articles.values()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "suite.jsonl"
        file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        return index.add([file], progress)


def run(wishes: Wishes, assistant: Assistant, way: Way, progress: Watch | None = None) -> Told:
    """Ask every case, write what is wished, tell the rest.

    Raises:
        BadSuite: no case can be asked of this collection.
        NothingInCommon: the earlier run has none of these cases.
    """
    results = evaluate(assistant, wishes.suites, way, progress)
    if wishes.save:
        results.save(wishes.save)
    comparison = compare(results, wishes.earlier) if wishes.earlier else None
    failed = tuple(_failed(results, wishes.demands))
    if wishes.html:
        wishes.html.write_text(render(results, comparison), encoding="utf-8")
    if wishes.junit:
        write_junit(results, failed, wishes.junit)
    tables = [scores_table(results, comparison), *_groups_tables(results)]
    return Told(results, comparison, failed, tuple(tables), tuple(_lines(results, comparison)))


def _failed(results: Results, demands: Mapping[str, float]) -> list[str]:
    told = []
    for name, least in demands.items():
        score = results.score(name)
        if score is None:
            told.append(f"{name}: no case has it; {least:g} was demanded")
        elif score.value < least:
            told.append(f"{name}: {score.value:.4f} is under {least:g}")
    return told


# -- for the terminal -------------------------------------------------------------------------------------------------


def scores_table(results: Results, comparison: Comparison | None = None) -> Table:
    """Every score with its interval and n, and what it was earlier."""
    heads = ("score", "value", "95 %", "n", *(("earlier", "difference", "p", "") if comparison else ()))
    differences = {d.name: d for d in comparison.differences} if comparison else {}
    rows = []
    for measure in MEASURES:
        if not (score := results.score(measure.name)):
            continue
        row: tuple[str, ...] = (score.name, figure(score.value, score.name), spread(score), str(score.n))
        if comparison and (d := differences.get(score.name)):
            chance = "–" if d.p is None else f"{d.p:.3f}"
            verdict = "" if d.verdict == "same" else d.verdict
            row += (figure(d.earlier, d.name), figure(d.difference, d.name), chance, verdict)
        elif comparison:
            row += ("–", "–", "–", "")
        rows.append(row)
    return Table("", heads, tuple(rows))


def _groups_tables(results: Results) -> list[Table]:
    names = [name for name in MAIN if results.score(name)]
    tables = []
    for by in dict.fromkeys(group.by for group in results.groups):
        rows = []
        for group in results.groups:
            if group.by == by:
                values = {score.name: figure(score.value, score.name) for score in group.scores}
                rows.append((group.value, str(group.cases), *(values.get(name, "–") for name in names)))
        tables.append(Table(f"by {by}", (by, "cases", *names), tuple(rows)))
    return tables


def _lines(results: Results, comparison: Comparison | None) -> list[str]:
    lines = _some("left out", [str(one) for one in results.left_out])
    lines += [f"note: {notice}" for notice in results.notices]
    if comparison:
        lines += [f"not comparable: {doubt}" for doubt in comparison.doubts]
        lines += [f"changed: {change}" for change in comparison.changed]
        lines += _some("lost", [f"{f.suite}: {f.id}" for f in comparison.flips if f.change == "lost"])
        lines += _some("won", [f"{f.suite}: {f.id}" for f in comparison.flips if f.change == "won"])
        if not comparison.found:
            lines.append(f"No difference found over {comparison.cases} cases in both runs.")
        methods = dict.fromkeys(d.method for d in comparison.differences if d.p is not None)
        lines.append(f"p by {' or '.join(methods)}; of twenty scores, expect one below 0.05 by chance.")
    return lines


def _some(word: str, told: Sequence[str]) -> list[str]:
    lines = [f"{word}: {one}" for one in told[:NAMED]]
    return lines + ([f"{word}: {len(told) - NAMED} more"] if len(told) > NAMED else [])
