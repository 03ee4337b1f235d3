"""The command that asks suites of questions with known answers."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from rich.markup import escape
from rich.table import Table

from assistant.commands.opening import cache, open_assistant, open_collection, settings_in_force
from assistant.commands.options import DONE, FAILED, index_option, json_option
from assistant.commands.printing import err, out, print_json, progress_bars

if TYPE_CHECKING:
    from assistant.evaluation.command import Table as EvaluationTable
    from assistant.evaluation.marking import Entails


@click.command(name="eval")
@index_option
@click.argument("suites", nargs=-1, metavar="SUITE...")
@click.option("--new", metavar="FILE", help="Write a suite to start from, drawn from the collection.")
@click.option("--build", is_flag=True, help="First take in the texts that the suites bring along (SQuAD's paragraphs).")
@click.option("--save", metavar="FILE", help="Keep the results as JSON.")
@click.option("--compare", "earlier", metavar="FILE", help="Tell what changed since those results.")
@click.option("--html", metavar="FILE", help="One page with charts and every case, the worst first.")
@click.option("--junit", metavar="FILE", help="JUnit's XML, for CI.")
@click.option("--fail-under", "demands", multiple=True, metavar="SCORE=X", help="Exit 1 below that; may be repeated.")
@click.option("--judge", is_flag=True, help="Let the configured model judge too; told apart.")
@click.option("--price", metavar="IN/OUT", help="What a million tokens of the model cost, for the cost of a case.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Cases asked at once (default: the cores, at most 4).")
@click.option("--fresh", is_flag=True, help="Do not go on from an interrupted run.")
@json_option
def evaluate(
    suites: Sequence[str], new: str | None, build: bool, save: str | None, earlier: str | None, html: str | None,
    junit: str | None, demands: Sequence[str], judge: bool, price: str | None, jobs: int | None, fresh: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Ask suites of questions with known answers, and tell how good the answers are.

    Suites: ours (JSON Lines, YAML), SQuAD 1.1 and 2.0, LlamaIndex's LabelledRagDataset, Ragas (JSON Lines, CSV). Exit
    1: a --fail-under was not met. Exit 2: a suite is malformed; every bad case is named before anything runs.
    """
    from assistant.evaluation import BadSuite, command, starter
    from assistant.evaluation.asking import Extras
    from assistant.evaluation.results import BadResults
    from assistant.evaluation.run import Way
    from assistant.feedback import kept
    from assistant.ledger import FILE, Ledger

    try:
        if new:
            with open_collection() as news:
                wrong = kept(Ledger(news.path / FILE))
                out.print(f"{starter.write_starter(news, wrong, new)} cases written to {escape(new)}")
            return
        wishes = command.checked(suites, demands, earlier, save, html, junit)
        cost = command.price(price) if price else None
        with open_assistant(create=build) as assistant, progress_bars() as tell:
            if judge and assistant.model is None:
                raise BadSuite("--judge: no model is configured; set WHENCE_MODEL and WHENCE_MODEL_URL.")
            if build:
                command.build(wishes.suites, assistant.index, tell)
            way = Way(
                jobs=jobs or min(4, os.cpu_count() or 1),
                journal=None if fresh else cache() / "evaluation",
                settings={k: v for k, v in settings_in_force().shown().items() if k not in ("index", "model_key")},
                extras=Extras(_entailment(), assistant.model if judge else None, cost),
            )
            told = command.run(wishes, assistant, way, lambda done, total: tell(command.Asking(done, total)))
    except (BadSuite, BadResults) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json(told.results)
    for table in told.tables if not as_json else ():
        _print_table(table)
    for line in told.lines:
        err.print(escape(line), soft_wrap=True)
    for failure in told.failed:
        err.print(f"[red]under:[/] {escape(failure)}", soft_wrap=True)
    sys.exit(FAILED if told.failed else DONE)


def _entailment() -> Entails | None:
    """What says whether a text entails another, if the settings name a model for it."""
    if not (name := settings_in_force().nli):
        return None
    from assistant.entailment import load_entailment  # sentence-transformers takes seconds to import

    return load_entailment(name)


def _print_table(told: EvaluationTable) -> None:
    table = Table(title=told.title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(told.heads):
        table.add_column(head, justify="right" if place else "left", no_wrap=True)
    for row in told.rows:
        table.add_row(*map(escape, row))
    out.print(table, "")
