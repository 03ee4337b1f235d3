"""How good the answers are: every score over the suites of facts, provenance, refusal and conversation.

python benchmarks/evaluation.py [--save FILE] [--html FILE] [--compare FILE]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from material import ENCODER, RESULTS, folder, news
from rich.console import Console
from rich.table import Table

from assistant import Assistant
from assistant.evaluation import Way, command
from index import Index

SUITES = ("facts", "provenance", "unanswerable", "followup")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("save", "html", "compare"):
        parser.add_argument(f"--{name}", metavar="FILE", help=f"as whence eval's --{name}")
    options = parser.parse_args()
    files = [str(folder() / "qa" / f"{name}.jsonl") for name in SUITES]
    wishes = command.checked(files, (), options.compare, options.save, options.html)
    with Index.open(RESULTS / "news-fp32", encoder=ENCODER) as index:
        print(f"{index.path}: adding what is missing ...", file=sys.stderr)
        index.add([news()])
        told = command.run(wishes, Assistant(index), Way(journal=Path(RESULTS) / "journal"), _tell)
    out = Console(soft_wrap=True, highlight=False)
    for table in told.tables:
        shown = Table(*table.heads, title=table.title or None, title_justify="left", box=None)
        for row in table.rows:
            shown.add_row(*row)
        out.print(shown, "")
    for line in told.lines:
        print(line)
    print(f"{len(told.results.outcomes)} cases in {told.results.seconds:.1f} s, one at a time")


def _tell(done: int, total: int) -> None:
    print(f"\r{done} of {total} cases", end="" if done < total else "\n", file=sys.stderr)


if __name__ == "__main__":
    main()
