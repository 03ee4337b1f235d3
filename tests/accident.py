"""What the tests of accidents run in processes of their own, to be killed there or to read while others write."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from fakes import CountingEncoder

from index import stages
from index.index import Index
from index.records import Hit

TOWNS = ("Lowmarsh", "Highmarsh", "Saltby", "Fenwick", "Oakholm", "Reedham", "Thornsea", "Millport")
MATTERS = (
    "The night ferry to {town} stops on Friday. According to Reuters, the engine room flooded twice.",
    "Engineers closed the harbour bridge of {town} after a crack appeared. Traffic now crosses by ferry.",
    "The museum of {town} found a map of the harbour under a staircase. Its director wept.",
)
BEFORE = [
    {"id": f"{town}-{i}", "outlet": "CNN", "published": f"2016-03-{i + 1:02}", "text": matter.format(town=town)}
    for town in TOWNS[:5]
    for i, matter in enumerate(MATTERS)
]
REVISED = [article | {"text": f"{article['text']} The council met."} for article in BEFORE[:4]]
NEW = [{"id": f"{town}-new", "text": matter.format(town=town)} for town in TOWNS[5:] for matter in MATTERS[:1]]
GONE = ("Lowmarsh-0", "Fenwick-1", "Oakholm-2")
QUESTIONS = ("Which ferry stops at Thornsea?", "Who wept in Fenwick?", "Lowmarsh engine room", "harbour bridge crack")

Hits = list[list[tuple[str, int, int, float]]]


def add(index: Index, articles: Sequence[dict[str, str]]) -> None:
    index.add(["-"], stdin=io.BytesIO("\n".join(map(json.dumps, articles)).encode()))


def work(index: Index, what: str) -> None:
    """`add` (new articles and revisions), `remove` or `rebuild`, in steps so small that there are many between."""
    stages.ARTICLES_AT_ONCE, stages.PASSAGES_AT_ONCE = 3, 2
    if what == "add":
        add(index, [*REVISED, *NEW])
    elif what == "remove":
        index.remove(GONE)
    else:
        index.rebuild()


def worker(folder: Path, what: str, begun: Connection) -> None:
    """Says when it begins, and does that work."""
    with Index.open(folder, CountingEncoder()) as index:
        begun.send("begun")
        work(index, what)


def asked(index: Index) -> Hits:
    """What is found for the questions."""

    def told(hit: Hit) -> tuple[str, int, int, float]:
        return hit.article.id, hit.article.revision, hit.passage.start, round(hit.score, 4)

    return [[told(hit) for hit in index.search(question)] for question in QUESTIONS]


def reader(folder: Path, removed: Event, enough: Event, said: Connection) -> None:
    """Searches until it is enough; then says how often, and every hit that was torn or should have been gone."""
    wrong, searches = list[str](), 0
    with Index.open(folder, CountingEncoder()) as index:
        while not enough.is_set():
            gone = removed.is_set()
            for question in QUESTIONS:
                hits = index.search(question)
                wrong += [
                    f"torn: {h}" for h in hits if h.article.text[h.passage.start : h.passage.end] != h.passage.text
                ]
                gone = gone and removed.is_set()  # else they may have been added again meanwhile
                wrong += [f"removed: {h.article.id}" for h in hits if gone and h.article.id in GONE]
                wrong += index.notices()
                if not hits:
                    wrong.append(f"nothing for {question}")
            searches += len(QUESTIONS)
            if searches == len(QUESTIONS):
                said.send(searches)
    said.send((searches, wrong))
