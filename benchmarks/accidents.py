"""Kills `add`, `remove` and `rebuild` at random moments, runs them again, and compares with one clean run.

The collection has 45 articles that questions of facts.jsonl are about, and the real encoder. What must be equal: the
fingerprint, the hits of these questions, and that `verify` finds nothing. Moments are drawn from the time that a clean
run takes, imports left out, seeded by the kill's number. Two are killed at a time, each in a collection of its own.

python benchmarks/accidents.py [--kills 100]
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from material import ENCODER, news, suite

from index import Index
from index.encoders import Encoder, load_encoder

WORK = ("add", "remove", "rebuild")
HELD, NEW, GONE = 30, 15, 5
"""Articles in the collection beforehand; articles that `add` brings; articles that `remove` takes."""

AT_ONCE = 2
SLOWED = 1.5
"""How many collections are killed at a time, and how much longer than alone each one's work then takes, about."""

Outcome = tuple[str, list[list[tuple[str, int, int]]], list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100, metavar="N", help="how many (default: 100)")
    parser.add_argument("--work", nargs=2, metavar=("WHAT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        what, folder = options.work
        with Index.open(folder, encoder=ENCODER) as index:
            index.encode(["loads the encoder"])
            print("begun", flush=True)
            work(index, what, Path(folder).parent)
        return
    with tempfile.TemporaryDirectory() as place:
        killed(options.kills, Path(place))


def killed(kills: int, place: Path) -> None:
    """Kills so often, and prints what came of it; exits with 1 when anything differed."""
    lines = material()
    (place / "held.jsonl").write_text("".join(lines[:HELD]))
    (place / "new.jsonl").write_text("".join(lines[HELD:]))
    with Index.open(place / "before", encoder=encoder()) as index:
        index.add([place / "held.jsonl"])
    clean, seconds = dict[str, Outcome](), dict[str, float]()
    for what in WORK:
        shutil.copytree(place / "before", place / what)
        with Index.open(place / what, encoder=encoder()) as index:
            index.warm()
            begun = time.perf_counter()
            work(index, what, place)
            seconds[what] = SLOWED * (time.perf_counter() - begun)
            clean[what] = outcome(index, place)
    told: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor(AT_ONCE, mp_context=multiprocessing.get_context("spawn")) as pool:
        started = {
            pool.submit(mended, number, place, seconds, clean): (number, WORK[number % len(WORK)])
            for number in range(kills)
        }
        for done, one in enumerate(as_completed(started), 1):
            (number, what), came_to = started[one], one.result()
            told[what, came_to] += 1
            print(f"{done} of {kills}: number {number}, {what}, {came_to}", file=sys.stderr, flush=True)
    for (what, came_to), count in sorted(told.items()):
        print(f"{what:<8} {came_to:<8} {count:>4}")
    if any(came_to == "DIFFERS" for _, came_to in told):
        raise SystemExit(1)


def mended(number: int, place: Path, seconds: Mapping[str, float], clean: Mapping[str, Outcome]) -> str:
    """What the kill of that number came to, DIFFERS where what was run again is not as one clean run leaves it."""
    what = WORK[number % len(WORK)]
    folder = shutil.copytree(place / "before", place / f"killed-{number}")
    came_to = kill(what, folder, random.Random(number).uniform(0, seconds[what]))
    with Index.open(folder, encoder=encoder()) as index:
        index.search(questions(place)[0])  # before it is run again: no error
        index.verify()
        work(index, what, place)
        same = outcome(index, place) == clean[what]
    shutil.rmtree(folder)
    return came_to if same else "DIFFERS"


@functools.cache
def encoder() -> Encoder:
    return load_encoder(ENCODER)


def material() -> list[str]:
    """The lines of the articles that the questions are about, in the order of the questions."""
    wanted = dict.fromkeys(evidence.article for case in suite("facts") for evidence in case.evidence)
    lines = {json.loads(line)["id"]: line + "\n" for line in news().read_text().splitlines()}
    return [lines[id_] for id_ in wanted][: HELD + NEW]


@functools.cache
def questions(place: Path) -> tuple[str, ...]:
    """Those that the articles answer."""
    lines = [line for name in ("held", "new") for line in (place / f"{name}.jsonl").read_text().splitlines()]
    held = {json.loads(line)["id"] for line in lines}
    return tuple(case.question for case in suite("facts") if held & {one.article for one in case.evidence})


def work(index: Index, what: str, place: Path) -> None:
    """That command, on the collection."""
    if what == "add":
        index.add([place / "new.jsonl"])
    elif what == "remove":
        held = (place / "held.jsonl").read_text().splitlines()
        index.remove([json.loads(line)["id"] for line in held[:GONE]])
    else:
        index.rebuild()


def outcome(index: Index, place: Path) -> Outcome:
    """What must be equal."""
    hits = [
        [(hit.article.id, hit.article.revision, hit.passage.start) for hit in index.search(question)]
        for question in questions(place)
    ]
    return index.fingerprint, hits, [finding.what for finding in index.verify()]


def kill(what: str, folder: Path, after: float) -> str:
    """That command in a process of its own, killed so many seconds after it began: `killed`, or `finished` before."""
    command = [sys.executable, __file__, "--work", what, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        try:
            child.wait(after)
        except subprocess.TimeoutExpired:
            child.kill()
    return "killed" if child.returncode == -signal.SIGKILL else "finished"


if __name__ == "__main__":
    main()
