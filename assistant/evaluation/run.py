"""Suites and an assistant become results: cases asked side by side, kept in a journal as they come, summed up."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO

from assistant.ask import Assistant
from assistant.evaluation.asking import Extras, ask
from assistant.evaluation.cases import BadSuite, Case
from assistant.evaluation.evidence import held
from assistant.evaluation.measures import grouped, summed
from assistant.evaluation.results import AskedSuite, LeftOut, Outcome, RanOn, Results, read_outcome
from assistant.evaluation.suites import Suite, read_suite
from prompts import FOLDER, load

log = logging.getLogger(__name__)

Watch = Callable[[int, int], None]
"""Told how many cases are done, and of how many."""

Key = tuple[str, str]
"""A suite's name and a case's id."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a run is made.

    `jobs` cases are asked at once: more than one shortens the run and lengthens the answers' own times. Outcomes are
    kept in a file in the folder `journal` until the run is complete; the same run, begun again, goes on from there.
    `settings` are recorded with the results.
    """

    jobs: int = 1
    journal: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    extras: Extras = field(default_factory=Extras)


def evaluate(
    assistant: Assistant,
    suites: Sequence[str | Path | Suite],
    way: Way | None = None,
    progress: Watch | None = None,
) -> Results:
    """How the assistant does on the suites' cases; but for timings the same each time, without a model.

    Args:
        assistant: Answers over its collection, with its model if it has one.
        suites: Files, or suites as read. Two of one name are told apart by a number.
        way: How; by default one case at a time, with no journal.
        progress: Called in this thread after each case; may raise to stop.

    Raises:
        BadSuite: a suite that cannot be read, or no case whose evidence the collection holds.
    """
    way = way or Way()
    read = _named([one if isinstance(one, Suite) else read_suite(one) for one in suites])
    index = assistant.index
    wanted: dict[Key, Case] = {}
    left_out: list[LeftOut] = []
    for suite in read:
        kept, left = held(suite.name, suite.cases, index)
        wanted |= {(suite.name, case.id): case for case in kept}
        left_out += left
    if not wanted:
        raise BadSuite(f"No case can be asked of the collection at {index.path}: {left_out[0]}.{_hint(read)}")
    on = _ran_on(assistant, read, wanted, way)
    started, begun = dt.datetime.now().astimezone().isoformat(timespec="seconds"), time.perf_counter()
    with _journal(way.journal, on) as (known, keep):
        done = {key: outcome for key, outcome in known.items() if key in wanted}
        if len(done) < len(wanted):
            assistant.warm()
        tell = progress or _untold
        tell(len(done), len(wanted))
        for outcome in _asked({key: case for key, case in wanted.items() if key not in done}, assistant, way):
            keep(outcome)
            done[outcome.key] = outcome
            tell(len(done), len(wanted))
    outcomes = tuple(done[key] for key in wanted)
    return Results(
        on=on,
        outcomes=outcomes,
        left_out=tuple(left_out),
        scores=summed(outcomes),
        groups=grouped(outcomes),
        started=started,
        seconds=round(time.perf_counter() - begun, 3),
        notices=_notices(outcomes),
    )


def _named(suites: Sequence[Suite]) -> list[Suite]:
    """The suites under names that differ."""
    seen: dict[str, int] = {}
    named = []
    for suite in suites:
        seen[suite.name] = seen.get(suite.name, 0) + 1
        named.append(suite if seen[suite.name] == 1 else replace(suite, name=f"{suite.name} ({seen[suite.name]})"))
    return named


def _hint(suites: Sequence[Suite]) -> str:
    brings = any(suite.articles for suite in suites)
    return " With --build the texts that the suite brings along become the collection." if brings else ""


def _asked(cases: Mapping[Key, Case], assistant: Assistant, way: Way) -> Iterator[Outcome]:
    """The cases' outcomes as they come; whoever stops asking waits for the few that are under way."""
    with ThreadPoolExecutor(way.jobs, "case") as pool:
        waiting = iter(cases.items())
        under_way: set[Future[Outcome]] = set()
        while True:
            for (suite, _), case in waiting:
                under_way.add(pool.submit(ask, suite, case, assistant, way.extras))
                if len(under_way) == way.jobs:
                    break
            if not under_way:
                return
            finished, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()


def _notices(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """What cases noticed, each once, with how many did."""
    counts: dict[str, int] = {}
    for outcome in outcomes:
        for notice in outcome.reply.notices:
            counts[notice] = counts.get(notice, 0) + 1
    return tuple(f"{notice} ({count} case{'s' if count > 1 else ''})" for notice, count in counts.items())


def _untold(done: int, total: int) -> None:
    """Progress that nobody watches."""


# -- what it ran on ---------------------------------------------------------------------------------------------------


def _ran_on(assistant: Assistant, suites: Sequence[Suite], wanted: Mapping[Key, Case], way: Way) -> RanOn:
    status = assistant.index.status()
    extras = way.extras
    settings = {
        **way.settings,
        "jobs": str(way.jobs),
        "judge": extras.judge.name if extras.judge else "none",
        "entailment": "on" if extras.entails else "none",
        "price": f"{extras.price.sent:g}/{extras.price.written:g}" if extras.price else "none",
    }
    return RanOn(
        suites=tuple(
            AskedSuite(suite.name, suite.sha256, sum(name == suite.name for name, _ in wanted)) for suite in suites
        ),
        fingerprint=status.fingerprint,
        articles=status.articles,
        encoder=status.encoder,
        model=assistant.model.name if assistant.model else None,
        prompts={path.stem: load(path.stem).hash for path in sorted(FOLDER.glob("*.txt"))},
        settings=settings,
        version=_version(),
        code=_code(),
    )


def _version() -> str:
    try:
        return version("whence")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"


def _code() -> str:
    """Twelve hexadecimal digits over the program's own files that answers depend on."""
    digest = hashlib.sha256()
    root = FOLDER.parent
    for package in ("assistant", "index", "prompts"):
        for file in sorted((root / package).rglob("*")):
            if file.suffix in {".py", ".txt", ".toml", ".json"} and "sample" not in file.parts:
                digest.update(f"{file.relative_to(root).as_posix()}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:12]


# -- the journal ------------------------------------------------------------------------------------------------------


@contextmanager
def _journal(folder: Path | None, on: RanOn) -> Iterator[tuple[dict[Key, Outcome], Callable[[Outcome], None]]]:
    """What an interrupted run of the very same kept, and how to keep more; gone when the run is complete."""
    if folder is None:
        yield {}, lambda _: None
        return
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(replace(on, settings={**on.settings, "jobs": ""}).to_dict(), sort_keys=True)
    file = folder / f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.jsonl"
    known = _kept(file)
    if known:
        log.info("%d outcomes of an interrupted run were found in %s.", len(known), file)
    with file.open("a", encoding="utf-8") as journal:
        yield known, lambda outcome: _keep(journal, outcome)
    file.unlink(missing_ok=True)


def _kept(file: Path) -> dict[Key, Outcome]:
    """The whole lines of a journal; a cut one at its end is taken off, so that the next begins a line."""
    if not file.exists():
        return {}
    content = file.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        os.truncate(file, len(whole))
    lines = whole.decode("utf-8").split("\n")
    return {outcome.key: outcome for line in lines if line and (outcome := read_outcome(line))}


def _keep(journal: IO[str], outcome: Outcome) -> None:
    journal.write(json.dumps(outcome.to_dict(), ensure_ascii=False) + "\n")
    journal.flush()
