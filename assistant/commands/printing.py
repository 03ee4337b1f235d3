"""How records look in a terminal: results on stdout, progress and notes on stderr."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:  # `whence --help` should not wait for any of it
    from assistant.records import Answer, Citation, Explained
    from index.records import Hit, Record

out = Console(highlight=False, soft_wrap=True)  # the terminal wraps; a pipe gets whole lines
err = Console(stderr=True, highlight=False)


@contextmanager
def progress_bars() -> Iterator[Callable[[Any], None]]:
    """A bar on stderr for reading and for encoding, with rate and time left; nothing when stderr is no terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    bars = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(),
        TimeRemainingColumn(), console=err, transient=True,
    )  # fmt: skip
    names = {"reading": "articles read", "words": "passages to words", "encoding": "passages encoded",
             "asking": "cases asked"}  # fmt: skip
    tasks: dict[str, TaskID] = {}

    def tell(progress: Any) -> None:
        if progress.stage not in tasks:
            tasks[progress.stage] = bars.add_task(names[progress.stage], total=progress.total)
        bars.update(tasks[progress.stage], completed=progress.done, total=progress.total)

    with bars:
        yield tell


def print_json(value: Record | Sequence[Any] | dict[str, Any]) -> None:
    from index.records import plain

    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def plain_hit(hit: Hit) -> dict[str, Any]:
    """A hit without its article's whole text."""
    told = hit.to_dict()
    told["article"] = {k: v for k, v in told["article"].items() if k not in ("text", "asides")}
    return told


def print_answer(answer: Answer) -> None:
    style = "yellow" if answer.refused else "default"
    if answer.standalone != answer.question.strip():
        out.print(f"[dim]understood as: {escape(answer.standalone)}[/]")
    out.print(f"[{style}]{escape(answer.text)}[/]\n" if answer.refused else f"{escape(answer.text)}\n")
    for citation in answer.citations:
        print_citation(f"[{citation.number}]", citation)
    if answer.leads:
        out.print("[dim]Perhaps of interest, without a claim to answer:[/]")
        for lead in answer.leads:
            print_citation(" -", lead)
    print_notices(answer.notices)


def print_notices(notices: Sequence[str]) -> None:
    for notice in notices:
        err.print(f"[yellow]note:[/] {escape(notice)}", soft_wrap=True)


def print_citation(mark: str, c: Citation) -> None:
    date = f"{c.published} ({c.dated})" if c.published else "undated"
    if c.window and not c.published:
        date = f"not before {c.window[0]} (inferred)"
    out.print(
        f"[bold]{escape(mark)}[/] {escape(' · '.join([c.outlet or 'outlet not stated', date, c.title or c.article]))}"
    )
    out.print(f"    [italic]{escape(' '.join(c.quote.split()))}[/]")
    if credited := dict.fromkeys(x.called for x in c.credits if x.called):
        out.print(f"    [dim]credits {escape(', '.join(credited))}[/]")
    if c.doubt:
        out.print(f"    [yellow]date in doubt: {escape(c.doubt)}[/]")
    for note in c.notes:
        out.print(f"    [yellow]note: {escape(' '.join(note.text.split()))}[/]")
    if c.copies:
        out.print(f"    [dim]also in {escape(', '.join(x.outlet or x.article_id for x in c.copies))}[/]")
    page = f", page {c.page}" if c.page else ""
    out.print(f"    [dim]{escape(c.url or c.article)}{page} {c.start}–{c.end}[/]")


def print_steps(explained: Explained) -> None:
    out.print("[bold]How this came about[/]")
    for step in explained.steps:
        out.print(f"[bold]{step.name}[/]")
        out.print(escape(json.dumps(step.to_dict()["told"], ensure_ascii=False, indent=1)))
    out.print(f"[dim]seconds: {dict(explained.answer.timings)}[/]")
