"""How fast articles become searchable: Whence at each precision beside LlamaIndex's stock pipeline, one after another.

    python benchmarks/ingest.py [--articles N]

Every pipeline runs in a process of its own, which first adds one article to a collection that it throws away, so that
imports are not in the figures, but for OpenVINO's, which takes many articles.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from material import ENCODER, RESULTS, encoder_folder, news

if TYPE_CHECKING:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from assistant.evaluation import Quoted
    from index.records import Progress

Vectors = npt.NDArray[np.float32]

ROLES = ("stock", "fp32", "int8")
"""LlamaIndex's stock pipeline, and Whence at two precisions."""
CHUNK, OVERLAP = 256, 20
"""Tokens of a chunk of the stock pipeline, and how many of them it shares with the next."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one pipeline took. Seconds from the start of adding; memory in MiB; cosines to sentence-transformers."""

    role: str
    articles: int
    seconds: float
    peak: float
    by_words: float | None = None
    again: float | None = None
    cosine_mean: float | None = None
    cosine_min: float | None = None


def main() -> None:
    options = _options()
    if options.role:
        run = run_stock(options.file) if options.role == "stock" else run_whence(options.role, options.file)
        print(json.dumps(asdict(run)))
        return
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=RESULTS) as folder:
        file = sample(news(), options.articles, Path(folder))
        runs = [run_apart(role, file) for role in ROLES]
    print(table(runs))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, metavar="N", help="take N articles, evenly spread (default: all)")
    parser.add_argument("--role", choices=ROLES, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def sample(articles: Path, wanted: int | None, folder: Path) -> Path:
    """A file in the folder with so many of the articles, evenly spread over the file, for it is sorted by outlet."""
    lines = [line for line in articles.read_text(encoding="utf-8").split("\n") if line]
    taken = min(wanted or len(lines), len(lines))
    file = folder / "articles.jsonl"
    file.write_text("".join(lines[n * len(lines) // taken] + "\n" for n in range(taken)), encoding="utf-8")
    return file


def run_apart(role: str, file: Path) -> Run:
    """One pipeline in a process of its own."""
    print(f"{role} ...", file=sys.stderr)
    command = [sys.executable, __file__, "--role", role, "--file", str(file)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def run_stock(file: Path) -> Run:
    """LlamaIndex's stock pipeline."""
    with _folder(file) as warm, _folder(file) as cold:
        build_stock(sample(file, 1, warm), warm)
        start = time.perf_counter()
        build_stock(file, cold)
        return Run("stock", len(read(file)), time.perf_counter() - start, _peak())


def run_whence(role: Literal["fp32", "int8"], file: Path) -> Run:
    """Our own pipeline at the precision that the role names."""
    from index import Index  # here, not above: the stock pipeline's process is to hold no Whence

    reached: dict[str, float] = {}  # when each stage first reported; all words are in before the first encoding

    def watch(progress: Progress) -> None:
        reached.setdefault(progress.stage, time.perf_counter())

    with _folder(file) as warm, _folder(file) as cold:
        with Index.open(warm / "index", encoder=ENCODER, precision=role) as index:
            index.add([sample(file, 1, warm)])
        with Index.open(cold / "index", encoder=ENCODER, precision=role) as index:
            start = time.perf_counter()
            added = index.add([file], progress=watch)
            finish = time.perf_counter()
            index.add([file])
            again = time.perf_counter() - finish
            peak = _peak()  # before sentence-transformers comes in
            cosine = cosines(index.encode, paragraphs(file))
    return Run(
        role,
        articles=len(added.added),
        seconds=finish - start,
        peak=peak,
        by_words=reached["encoding"] - start,
        again=again,
        cosine_mean=float(cosine.mean()),
        cosine_min=float(cosine.min()),
    )


def build_stock(file: Path, folder: Path) -> None:
    """LlamaIndex's usual pipeline over the articles, with our encoder, into a Chroma collection in the folder."""
    from llama_index.core import Document, StorageContext, VectorStoreIndex  # 10 s of imports: only where used
    from llama_index.core.node_parser import SentenceSplitter

    VectorStoreIndex.from_documents(
        [Document(text=article["text"], id_=article["id"]) for article in read(file)],
        storage_context=StorageContext.from_defaults(vector_store=_stock_store(folder)),
        embed_model=_stock_encoder(),
        transformations=[SentenceSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)],
    )


def built_stock() -> Path:
    """The stock pipeline's collection, built unless an earlier run finished it."""
    folder = RESULTS / "stock"
    finished = folder / "finished"
    if not finished.exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{folder}: building ...", file=sys.stderr)
        build_stock(news(), folder)
        finished.touch()
    return folder


def stock_search(folder: Path, limit: int) -> Callable[[str], list[Quoted]]:
    """The search over what `build_stock` left in the folder."""
    from llama_index.core import VectorStoreIndex

    index = VectorStoreIndex.from_vector_store(_stock_store(folder), embed_model=_stock_encoder())
    retriever = index.as_retriever(similarity_top_k=limit)

    def search(question: str) -> list[Quoted]:
        return [(found.node.ref_doc_id or "", found.node.get_content()) for found in retriever.retrieve(question)]

    return search


def _stock_store(folder: Path) -> ChromaVectorStore:
    import chromadb
    from chromadb.config import Settings
    from llama_index.vector_stores.chroma import ChromaVectorStore

    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    return ChromaVectorStore(chroma_collection=client.get_or_create_collection("news"))


def _stock_encoder() -> HuggingFaceEmbedding:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(model_name=str(encoder_folder()), device="cpu")


def cosines(encode: Callable[[list[str]], Vectors], texts: list[str]) -> Vectors:
    """For each text, the cosine of its vector to the one that sentence-transformers gives it."""
    from sentence_transformers import SentenceTransformer  # 7 s, and much memory

    ours = encode(texts)
    theirs = SentenceTransformer(str(encoder_folder()), device="cpu").encode(texts)
    products: Vectors = (ours * theirs).sum(axis=1)
    lengths: Vectors = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return products / lengths


def paragraphs(file: Path, wanted: int = 200) -> list[str]:
    """Paragraphs that the encoder sees whole and as they stand, for there is nothing in them to repair."""
    from index.folding import fold

    lines = [line for article in read(file) for line in article["text"].split("\n") if 200 <= len(line) <= 800]
    return [line for line in lines if fold(line).text == line][:wanted]


def read(file: Path) -> list[dict[str, str]]:
    """The articles of a JSON Lines file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def table(runs: list[Run]) -> str:
    """The runs as lines of text; the first one is what the others are compared with."""
    rows = [["", "articles/s", "x stock", "seconds", "by words s", "again s", "peak MiB", "cosine", "least"]]
    for run in runs:
        speed, stock = run.articles / run.seconds, runs[0].articles / runs[0].seconds
        figures = [(speed, 2), (speed / stock, 2), (run.seconds, 1), (run.by_words, 1), (run.again, 2), (run.peak, 0)]
        figures += [(run.cosine_mean, 4), (run.cosine_min, 4)]
        rows.append([run.role, *("-" if figure is None else f"{figure:.{places}f}" for figure, places in figures)])
    return "\n".join(f"{row[0]:<6}" + "".join(f"{cell:>12}" for cell in row[1:]) for row in rows)


@contextlib.contextmanager
def _folder(file: Path) -> Iterator[Path]:
    """A folder beside the file, for as long as it is needed."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        yield Path(folder)


def _peak() -> float:
    """The most memory that this process has held, in MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10


if __name__ == "__main__":
    main()
