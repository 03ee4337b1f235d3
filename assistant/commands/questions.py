"""Commands that ask the collection: an answer, a conversation, passages, a trail, a quotation checked."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence

import click
from rich.markup import escape

from assistant.commands.opening import as_query, open_assistant, open_collection
from assistant.commands.options import DOES_NOT_SAY, DONE, filter_options, index_option, json_option
from assistant.commands.printing import (
    err,
    out,
    plain_hit,
    print_answer,
    print_citation,
    print_json,
    print_notices,
    print_steps,
)

REMEMBERED = 10
"""Turns of a conversation that `whence chat` looks back at."""


@click.command()
@index_option
@click.argument("question", nargs=-1, required=True)
@filter_options
@click.option("--explain", is_flag=True, help="Tell too what was understood, searched, found and scored.")
@json_option
def ask(
    question: Sequence[str],
    outlets: Sequence[str],
    since: dt.datetime | None,
    until: dt.datetime | None,
    explain: bool,
    as_json: bool,
) -> None:
    """Answer one question with citations. Exit 3: the collection does not say."""
    filters = as_query("", outlets, since, until)
    with open_assistant() as assistant:
        explained = assistant.explain(
            " ".join(question), outlets=filters.outlets, since=filters.since, until=filters.until
        )
    if as_json:
        print_json(explained if explain else explained.answer)
    else:
        print_answer(explained.answer)
        if explain:
            print_steps(explained)
    sys.exit(DOES_NOT_SAY if explained.answer.refused else DONE)


@click.command()
@index_option
def chat() -> None:
    """A conversation: one question a line; an empty line or Ctrl-D ends it."""
    from assistant.records import Answer

    with open_assistant() as assistant:
        history: list[Answer] = []
        while line := _asked():
            for piece in assistant.stream(line, history[-REMEMBERED:]):
                if isinstance(piece, Answer):
                    history.append(piece)
            print_answer(history[-1])


@click.command()
@index_option
@click.argument("query", nargs=-1, required=True)
@filter_options
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Passages at most.")
@json_option
def search(
    query: Sequence[str],
    outlets: Sequence[str],
    since: dt.datetime | None,
    until: dt.datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """The passages that fit best, without an answer."""
    with open_collection() as news:
        hits = news.search(as_query(" ".join(query), outlets, since, until, limit))
        print_notices(news.notices())
    if as_json:
        print_json([plain_hit(hit) for hit in hits])
        return
    for number, hit in enumerate(hits, 1):
        a, p = hit.article, hit.passage
        where = f"{a.outlet or 'outlet not stated'} · {a.day or 'undated'} · {a.title or a.id}"
        copies = f" · {len(hit.copies)} copies" if hit.copies else ""
        out.print(f"[bold]{number}[/] {escape(where)} [dim]{hit.score:.2f} {hit.found}{copies}[/]")
        out.print(f"  {escape(' '.join(p.text.split()))}")
        out.print(f"  [dim]{escape(a.id)} {p.start}–{p.end}[/]\n")
    if not hits:
        err.print("Nothing found.")


@click.command()
@index_option
@click.argument("question", nargs=-1, required=True)
@filter_options
@click.option("--mermaid", is_flag=True, help="Print the trail as a Mermaid chart.")
@json_option
def trace(
    question: Sequence[str],
    outlets: Sequence[str],
    since: dt.datetime | None,
    until: dt.datetime | None,
    mermaid: bool,
    as_json: bool,
) -> None:
    """Who reported something when, crediting whom. Exit 3: the collection does not say."""
    from assistant import chart

    filters = as_query("", outlets, since, until)
    with open_assistant() as assistant:
        traced = assistant.trace(" ".join(question), filters.outlets, filters.since, filters.until)
    if as_json:
        print_json(traced)
    elif mermaid:
        click.echo(chart.mermaid(traced.reports))
    else:
        out.print(f"{escape(traced.text)}\n")
        if traced.reason:
            out.print(escape(traced.reason))
        for line in chart.lines(traced.reports):
            out.print(escape(line))
        for citation in traced.citations:
            print_citation(f"[{citation.number}]", citation)
        print_notices(traced.notices)
    sys.exit(DOES_NOT_SAY if traced.refused else DONE)


@click.command()
@index_option
@click.argument("text", nargs=-1, required=True)
@json_option
def check(text: Sequence[str], as_json: bool) -> None:
    """Whether a quotation or claim is in the collection: word for word, altered, or not. Exit 3: it is not."""
    from assistant.check import told

    with open_assistant() as assistant:
        checked = assistant.check(" ".join(text))
    if as_json:
        print_json(checked)
    else:
        out.print(escape(told(checked)))
        for place in checked.places:
            out.print(f"[bold]{escape(place.outlet or 'outlet not stated')}[/] · {place.published or 'undated'}")
            out.print(f"    [italic]{escape(' '.join(place.quote.split()))}[/]")
            out.print(f"    [dim]{escape(place.article)} {place.start}–{place.end}[/]")
    sys.exit(DOES_NOT_SAY if checked.verdict == "absent" else DONE)


def _asked() -> str:
    """The next line of a conversation; empty at its end."""
    prompt = "[bold]?[/] " if sys.stdin.isatty() else ""
    try:
        return err.input(prompt).strip()
    except EOFError:
        return ""
