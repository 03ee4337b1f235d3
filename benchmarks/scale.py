"""How a collection of 100,000 passages behaves: search, filters, trails, opening, adding, memory, the vectors' recall.

The passages are made: an article's sentences and those of another, half of each, in an order that its number seeds. To
encode them would take 40 minutes; so `Recalled` stands in for the encoder, under the same identity, and gives a
passage the mean of the vectors that its sentences have in the real articles. Questions are encoded for real.

python benchmarks/scale.py [--sizes 10000 30000 100000] [--folder DIR]
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import multiprocessing
import random
import resource
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from material import ENCODER, RESULTS, news, suite

from assistant import Assistant
from index import Index
from index.archive import Archive
from index.encoders import Floats, Reading, load_encoder, restore
from index.index import POOL
from index.records import Article, Query, Span
from index.stages import sight
from index.table import Table
from index.vectors import Vectors

Result = TypeVar("Result")
Asked = TypeVar("Asked")

SIZES = (10_000, 30_000, 100_000)
MILLION = 1_000_000
NEW = 100
"""Articles added to the finished collection."""

HALL = "The hall of Lowmarsh{} opened on Monday."
"""What only one of the made articles says: their other sentences stand in some 17 of them."""

NEAREST = 10
WINDOW = dt.timedelta(days=45)
"""Days before and after the article with the answer, to which filters narrow a question."""


@dataclass(frozen=True, slots=True)
class Told:
    """A real article, and its sentences as they stand in it."""

    article: Article
    sentences: tuple[str, ...]


class Recalled:
    """The default encoder from memory: no forward pass over passages."""

    def __init__(self, sentences: Mapping[str, Floats]) -> None:
        self._real = load_encoder(ENCODER)
        self._sentences = sentences
        self.name, self.identity = self._real.name, self._real.identity
        self.dimensions, self.window = self._real.dimensions, self._real.window
        self.tagger: str | None = None

    def count(self, texts: Sequence[str]) -> list[int]:
        return self._real.count(texts)

    def encode(self, texts: Sequence[str]) -> Floats:
        return self._real.encode(texts)

    def read(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        return [self._reading(text, wanted) for text, wanted in zip(texts, spans, strict=True)]

    def _reading(self, text: str, spans: Sequence[Span]) -> Reading:
        rows = np.stack([self._sentence(text[a:b]) for a, b in spans])
        whole = np.array([b - a for a, b in spans], np.float32) @ rows
        return Reading(whole / np.linalg.norm(whole), rows)

    def _sentence(self, text: str) -> Floats:
        """The one remembered; for a sentence that was never read as such, some direction that its text seeds."""
        known = self._sentences.get(text)
        if known is not None:
            return known
        drawn = np.random.default_rng(list(text.encode()[:64])).standard_normal(self.dimensions, np.float32)
        unit: Floats = drawn / np.linalg.norm(drawn)
        return unit


def remembered() -> tuple[list[Told], dict[str, Floats]]:
    """The real articles with their sentences, and the vector of each sentence by its folded text."""
    folder = RESULTS / "news-fp32"
    with Index.open(folder, encoder=ENCODER) as index:
        index.add([news()])
        archive, dimensions = Archive(folder / "archive.sqlite"), index.encoder.dimensions
    told, vectors = [], dict[str, Floats]()
    for number in archive.live():
        article, sentences = None, list[str]()
        for stored in archive.passages_in([number]):
            article, seen = stored.article, sight(stored.passage)
            sentences += [article.text[a:b] for a, b in stored.passage.sentences]
            rows = restore(archive.embeddings([stored.folded])[stored.folded][1], dimensions)
            vectors.update({seen.text[a:b]: row for (a, b), row in zip(seen.sentences, rows, strict=True)})
        if article is not None and len(sentences) > 3:
            told.append(Told(article, tuple(sentences)))
    archive.close()
    return told, vectors


def made(told: Sequence[Told], number: int) -> dict[str, str | None]:
    """The article of that number, as a line of JSON Lines has it."""
    drawn = random.Random(number)
    one, other = drawn.sample(told, 2)
    sentences = [
        *drawn.sample(one.sentences, len(one.sentences) // 2),
        *drawn.sample(other.sentences, len(other.sentences) // 2),
    ]
    drawn.shuffle(sentences)
    paragraphs, rest = list[str](), sentences
    while rest:
        size = drawn.randint(4, 8)  # long enough that no paragraph is a line that recurs
        paragraphs.append(" ".join(" ".join(s.split()) for s in rest[:size]))
        rest = rest[size:]
    article = one.article
    day = article.day.isoformat() if article.day else None
    return {"id": f"made-{number}", "title": f"{article.title} ({number})", "outlet": article.outlet,
            "published": day, "text": "\n\n".join(paragraphs)}  # fmt: skip


def grow(folder: Path, size: int) -> float:
    """The collection gets made articles until it has that many passages; returns seconds."""
    told, vectors = remembered()
    begun = time.perf_counter()
    with Index.open(folder, encoder=Recalled(vectors)) as index:
        while (lacking := size - index.status().passages) > 0:
            held = len(index)
            numbers = range(held, held + max(20, int(lacking / (index.status().passages / held if held else 7))))
            add(index, told, numbers)
            print(f"{folder}: {index.status().passages:,} passages", file=sys.stderr, flush=True)
    return time.perf_counter() - begun


def add(index: Index, told: Sequence[Told], numbers: Sequence[int]) -> None:
    """The made articles of those numbers, as a file of JSON Lines would bring them."""
    articles = [made(told, number) for number in numbers]
    told_apart = [a | {"text": f"{a['text']}\n\n{HALL.format(n)}"} for n, a in zip(numbers, articles, strict=True)]
    lines = "\n".join(map(json.dumps, told_apart))
    index.add(["-"], stdin=io.BytesIO(lines.encode()))


# -- figures -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a collection: seconds, but `search`, `filtered` and `trace` in milliseconds as (p50, p95, p95 of processor
    time)."""

    passages: int
    words_after: float
    all_after: float
    search: tuple[float, float, float]
    filtered: tuple[float, float, float]
    trace: tuple[float, float, float]
    recall: float
    resident: float
    disk: float


def measure(folder: Path) -> Figures:
    """The figures of a collection; for a process of its own, whose imports are done before the clock starts."""
    import chromadb  # noqa: F401
    import onnxruntime  # noqa: F401
    import tokenizers  # noqa: F401

    cases = [case for name in ("facts", "provenance") for case in suite(name)]
    questions = [Query(case.question) for case in cases]
    answered = list[float]()
    begun = time.perf_counter()
    with Index.open(folder, encoder=ENCODER) as index:

        def ask() -> None:
            index.search(questions[0])
            answered.append(time.perf_counter() - begun)

        both = [threading.Thread(target=ask) for _ in range(2)]  # one opens the vectors, the other need not wait
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        articles = {article["id"]: article for article in map(json.loads, news().read_text().splitlines())}
        narrowed = [
            narrow(query, articles[case.evidence[0].article])
            for query, case in zip(questions, cases, strict=True)
            if case.evidence
        ]
        index.search(narrowed[0])
        search, filtered = timed(index.search, questions), timed(index.search, narrowed)
        tracing = Assistant(index).trace
        origins = [case.question for case in suite("provenance")]
        tracing(origins[0])
        return Figures(
            passages=index.status().passages,
            words_after=min(answered),
            all_after=max(answered),
            search=search,
            filtered=filtered,
            trace=timed(tracing, origins),
            recall=recall(folder, index.encode([query.text for query in questions])),
            resident=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
            disk=index.status().bytes / 1e9,
        )


def narrow(query: Query, article: Mapping[str, str]) -> Query:
    """The question to the outlet and the months of the article that answers it."""
    day = dt.date.fromisoformat(article["published"][:10])
    return replace(query, outlets=(article["outlet"],), since=day - WINDOW, until=day + WINDOW)


def timed(ask: Callable[[Asked], object], questions: Sequence[Asked]) -> tuple[float, float, float]:
    """Milliseconds of each: p50, p95, and p95 of the processor's time, which other work hardly moves."""
    wall, processor = list[float](), list[float]()
    for question in questions:
        begun, used = time.perf_counter(), time.process_time()
        ask(question)
        wall.append(time.perf_counter() - begun)
        processor.append(time.process_time() - used)
    middle, slow = np.percentile(wall, [50, 95]) * 1000
    return float(middle), float(slow), float(np.percentile(processor, 95) * 1000)


def recall(folder: Path, vectors: Floats) -> float:
    """Which share of the ten passages truly nearest to each vector is among the ten nearest that a search is given."""
    archive = Archive(folder / "archive.sqlite")
    table, store = Table.of(archive), Vectors(folder / "vectors" / str(archive.meta("vectors")))
    archive.close()
    shares = [
        len({key for key, _ in store.search(vector, POOL)[:NEAREST]} & table.nearest(Query(""), vector, NEAREST))
        / NEAREST
        for vector in vectors
    ]
    store.close()
    return statistics.fmean(shares)


def add_and_find(folder: Path) -> tuple[float, float]:
    """Seconds, on the clock and of the processor, to add new articles to a copy and find one of them."""
    told, _ = remembered()
    copy = folder.with_name(f"{folder.name}-added")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    with Index.open(copy, encoder=ENCODER) as index:
        index.add([])  # what an earlier version left undone
        index.warm()
        held, begun, used = len(index), time.perf_counter(), time.process_time()
        add(index, told, range(held, held + NEW))
        hits = index.search(HALL.format(held + NEW - 1), limit=5)
        seconds = time.perf_counter() - begun, time.process_time() - used
    shutil.rmtree(copy)
    if f"made-{held + NEW - 1}" not in {hit.article.id for hit in hits}:
        raise SystemExit("the last article added was not found")
    return seconds


def apart(work: Callable[[Path], Result], folder: Path) -> Result:
    """What that work gives, done in a process of its own: its memory and its imports are not ours."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(work, folder).result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="passages to measure at")
    parser.add_argument("--folder", type=Path, default=RESULTS / "scale", help="where the collections are kept")
    options = parser.parse_args()
    print(HEAD)
    told = []
    for before, size in zip((0, *options.sizes), sorted(options.sizes), strict=False):
        folder = options.folder / str(size)
        if before and not folder.exists():
            shutil.copytree(options.folder / str(before), folder)
        options.folder.mkdir(parents=True, exist_ok=True)
        apart(partial(grow, size=size), folder)
        told.append(apart(measure, folder))
        print(row(told[-1]), flush=True)
    if len(told) > 1:
        print(row(predicted(told, MILLION)))
    clock, processor = apart(add_and_find, folder)
    print(
        f"\n{NEW} articles added to {told[-1].passages:,} passages and found: {clock:.1f} s"
        f" ({processor:.1f} s of processor)"
    )


HEAD = """\
| passages | first answer s | all open s | search p50/p95 (cpu) ms | filtered | trace | recall@10 | RAM GB | disk GB |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |"""


def row(f: Figures) -> str:
    """The figures of one size as a line of a table."""
    times = (
        f"{middle:.0f} / {slow:.0f} ({processor:.0f})" for middle, slow, processor in (f.search, f.filtered, f.trace)
    )
    return (
        f"| {f.passages:,} | {f.words_after:.2f} | {f.all_after:.2f} | {' | '.join(times)} | {f.recall:.3f}"
        f" | {f.resident:.2f} | {f.disk:.2f} |"
    )


def predicted(told: Sequence[Figures], passages: int) -> Figures:
    """What a straight line through the figures says of a collection of that size."""

    def line(of: Callable[[Figures], float]) -> float:
        slope, start = np.polyfit([f.passages for f in told], [of(f) for f in told], 1)
        return float(slope * passages + start)

    def lines(of: Callable[[Figures], tuple[float, float, float]]) -> tuple[float, float, float]:
        return line(lambda f: of(f)[0]), line(lambda f: of(f)[1]), line(lambda f: of(f)[2])

    return Figures(
        passages,
        line(lambda f: f.words_after),
        line(lambda f: f.all_after),
        lines(lambda f: f.search),
        lines(lambda f: f.filtered),
        lines(lambda f: f.trace),
        line(lambda f: f.recall),
        line(lambda f: f.resident),
        line(lambda f: f.disk),
    )


if __name__ == "__main__":
    main()
