"""The command line: words in, records out; results on stdout, progress and errors on stderr."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import sys
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from index import languages
from index.errors import WhenceError

if TYPE_CHECKING:  # the commands import what they need: `whence --help` should not wait for any of it
    from assistant.ask import Assistant
    from assistant.evaluation.command import Table as EvaluationTable
    from assistant.evaluation.marking import Entails
    from assistant.ledger import Ledger
    from assistant.records import Answer, Citation, Explained
    from assistant.settings import Settings
    from index import Index
    from index.records import Hit, Query, Record
    from ui import Served

DONE, FAILED, USAGE, DOES_NOT_SAY, INTERRUPTED = 0, 1, 2, 3, 130
REMEMBERED = 10
"""Turns of a conversation that `whence chat` looks back at."""

out = Console(highlight=False, soft_wrap=True)  # the terminal wraps; a pipe gets whole lines
err = Console(stderr=True, highlight=False)
F = TypeVar("F", bound=Callable[..., Any])


# -- options that commands share --------------------------------------------------------------------------------------


def _index_option(command: F) -> F:
    def remember(context: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            context.find_root().meta["index"] = value

    return click.option(
        "--index", metavar="DIR", expose_value=False, callback=remember,
        help="The collection's folder (else WHENCE_INDEX, else ./whence-index).",
    )(command)  # fmt: skip


def _filters(command: F) -> F:
    date = click.DateTime(["%Y-%m-%d"])
    command = click.option("--until", type=date, metavar="DAY", help="Only articles of that day or earlier.")(command)
    command = click.option(
        "--since", type=date, metavar="DAY", help="Only articles of that day (2016-05-31) or later."
    )(command)
    return click.option(
        "--outlet", "outlets", multiple=True, metavar="NAME", help="Only this outlet; may be repeated."
    )(command)


def _json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print the records as JSON on stdout.")(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="whence")
@_index_option
@click.option("-v", "--verbose", is_flag=True, help="Log what is done, on stderr.")
def whence(verbose: bool) -> None:
    """Ask a collection of news articles; every sentence of an answer cites its passage.

    \b
    Start:    whence add articles/        then    whence ask "Who first reported the strike?"
    Try it:   whence demo
    """
    logging.basicConfig(stream=sys.stderr, level=logging.INFO if verbose else logging.ERROR)


# -- collection -------------------------------------------------------------------------------------------------------


@whence.command()
@_index_option
@click.argument("paths", nargs=-1, required=True)
@click.option("--strict", is_flag=True, help="Fail (exit 1) at any refusal.")
@_json_option
def add(paths: Sequence[str], strict: bool, as_json: bool) -> None:
    """Take in articles: files, folders, web addresses (https://...), or - for standard input.

    An address may be that of a page, a feed or a sitemap; robots.txt is obeyed, and a page that is unchanged since it
    was read is not sent again.

    Text, Markdown, web pages, JSON, JSON Lines, CSV, mail, NewsML, archives of these; with extras feeds, Parquet, PDF
    and WARC. An article already held costs nothing; one that changed becomes a revision. What cannot be read is
    refused by name, and the rest goes on.
    """
    with _open(create=True) as news, _progress() as tell:
        done = news.add(paths, progress=tell, stdin=sys.stdin.buffer)
        notice = news.notice()
    if as_json:
        _print_json(done)
    else:
        out.print(
            f"{len(done.added)} added, {len(done.updated)} updated, {len(done.unchanged)} unchanged,"
            f" {len(done.refused)} refused"
        )
    for refusal in done.refused:
        err.print(f"[red]refused[/] {escape(str(refusal))}", soft_wrap=True)
    if notice:
        err.print(f"[yellow]notice[/] {escape(notice)}", soft_wrap=True)
    taken = done.added or done.updated or done.unchanged
    if not taken or (strict and done.refused):
        sys.exit(FAILED)


@whence.command()
@_index_option
@_filters
@click.option("--copies", is_flag=True, help="List the groups of articles that are copies of one another instead.")
@_json_option
def articles(
    outlets: Sequence[str], since: dt.datetime | None, until: dt.datetime | None, copies: bool, as_json: bool
) -> None:
    """List the collection's articles, the earliest first."""
    if copies:
        _print_copies(as_json, _query("", outlets, since, until))
        return
    with _open() as news:
        found = list(news.articles(_query("", outlets, since, until)))
    if as_json:
        _print_json([{k: v for k, v in a.to_dict().items() if k not in ("text", "asides")} for a in found])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("date", "outlet", "title", "id"):
        table.add_column(column, overflow="fold")
    for a in found:
        table.add_row(*map(escape, (str(a.day or "undated"), a.outlet or "–", a.title or "–", a.id)))
    out.print(table)


def _print_copies(as_json: bool, filters: Query) -> None:
    """The groups of copies among the articles that pass the filters, each the earliest first."""
    with _open() as news:
        kept = {article.id: article for article in news.articles(filters)}
        groups = [group for group in news.copies() if any(id_ in kept for id_ in group.articles)]
        members = {id_: news.article(id_) for group in groups for id_ in group.articles}
    if as_json:
        _print_json(groups)
        return
    for group in groups:
        out.print(f"[bold]{group.kind}[/]")
        for a in (members[id_] for id_ in group.articles):
            out.print(escape(f"    {a.day or 'undated'}  {a.outlet or '–'}  {a.title or '–'}  {a.id}"))
    if not groups:
        err.print("No copies.")


@whence.command()
@_index_option
@click.argument("article_id", metavar="ID")
@click.option("--revision", type=int, help="That revision instead of the newest.")
@_json_option
def show(article_id: str, revision: int | None, as_json: bool) -> None:
    """Show one article as it is stored, with what is known about it and whom it credits."""
    with _open() as news:
        article = news.article(article_id, revision)
        credits = news.credits(article.id, article.revision)
    if as_json:
        _print_json({**article.to_dict(), "credits": [c.to_dict() for c in credits]})
        return
    out.print(f"[bold]{escape(article.title or article.id)}[/]")
    known = f"{article.published} ({article.dated})" if article.published else "undated"
    facts = [article.outlet or "outlet not stated", known, article.author, article.wire, article.url]
    out.print(f"[dim]{escape(' · '.join(filter(None, facts)))}[/]\n")
    out.print(escape(article.text))
    if named := dict.fromkeys(c.name for c in credits if c.name):
        out.print(f"\n[dim]credits: {escape(', '.join(filter(None, named)))}[/]")


@whence.command()
@_index_option
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def remove(ids: Sequence[str], yes: bool) -> None:
    """Delete articles, every revision, from every file of the collection."""
    with _open() as news:
        for article_id in ids:
            news.article(article_id)
        if not yes and sys.stdin.isatty():
            click.confirm(f"Delete {len(ids)} article(s) for good?", abort=True, err=True)
        out.print(f"{news.remove(ids)} removed")


@whence.command()
@_index_option
@_json_option
def status(as_json: bool) -> None:
    """Counts and health of the collection, and the settings in force."""
    with _open() as news:
        found = news.status()
    settings = _settings().shown()
    if as_json:
        _print_json({**found.to_dict(), "settings": settings})
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in (
        ("collection", found.path),
        ("articles", f"{found.articles} ({found.undated} undated), {found.revisions} revisions"),
        ("passages", str(found.passages)),
        ("credits", str(found.credits)),
        ("unfinished", f"{found.unfinished} articles; run `whence add` again" if found.unfinished else "none"),
        ("outlets", ", ".join(f"{o.outlet or 'not stated'} {o.articles}" for o in found.outlets[:12])),
        ("languages", ", ".join(map(languages.name, found.languages)) or "not known"),
        ("encoder", f"{found.encoder}\n{found.notice}" if found.notice else found.encoder),
        ("on disk", f"{found.bytes / 1e6:.1f} MB"),
        ("fingerprint", f"{found.fingerprint} (generation {found.generation})"),
        ("being written by", found.writer or "nobody"),
        ("model", settings["model"] or "none: answers are made of quotations"),
    ):
        table.add_row(f"[bold]{name}[/]", escape(value))
    out.print(table)


@whence.command()
@_index_option
@_json_option
def verify(as_json: bool) -> None:
    """Check every span against its text, and the derived stores against the archive."""
    with _open() as news:
        findings = news.verify()
    if as_json:
        _print_json([f.to_dict() for f in findings])
    elif not findings:
        out.print("All is well.")
    else:
        for finding in findings:
            out.print(f"[red]{finding.store}[/]: {escape(finding.what)}; {escape(finding.remedy)}")
    sys.exit(FAILED if findings else DONE)


@whence.command()
@_index_option
@click.option("--encode", is_flag=True, help="Encode every passage anew too, with the encoder that the settings name.")
@click.option("--reread", is_flag=True, help="Take articles out of their web pages again too, as this version does.")
def rebuild(encode: bool, reread: bool) -> None:
    """Make words, vectors and credits again from the archive."""
    with _open() as news, _progress() as tell:
        news.rebuild(tell, encode=encode)
        changed = news.reread(tell).updated if reread else ()
    out.print(f"Rebuilt; {len(changed)} articles changed." if reread else "Rebuilt.")


# -- questions --------------------------------------------------------------------------------------------------------


@whence.command()
@_index_option
@click.argument("question", nargs=-1, required=True)
@_filters
@click.option("--explain", is_flag=True, help="Tell too what was understood, searched, found and scored.")
@_json_option
def ask(
    question: Sequence[str],
    outlets: Sequence[str],
    since: dt.datetime | None,
    until: dt.datetime | None,
    explain: bool,
    as_json: bool,
) -> None:
    """Answer one question with citations. Exit 3: the collection does not say."""
    filters = _query("", outlets, since, until)
    with _assistant() as assistant:
        explained = assistant.explain(
            " ".join(question), outlets=filters.outlets, since=filters.since, until=filters.until
        )
    if as_json:
        _print_json(explained if explain else explained.answer)
    else:
        _print_answer(explained.answer)
        if explain:
            _print_steps(explained)
    sys.exit(DOES_NOT_SAY if explained.answer.refused else DONE)


@whence.command()
@_index_option
def chat() -> None:
    """A conversation: one question a line; an empty line or Ctrl-D ends it."""
    from assistant.records import Answer

    with _assistant() as assistant:
        history: list[Answer] = []
        while line := _asked():
            for piece in assistant.stream(line, history[-REMEMBERED:]):
                if isinstance(piece, Answer):
                    history.append(piece)
            _print_answer(history[-1])


@whence.command()
@_index_option
@click.argument("query", nargs=-1, required=True)
@_filters
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Passages at most.")
@_json_option
def search(
    query: Sequence[str],
    outlets: Sequence[str],
    since: dt.datetime | None,
    until: dt.datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """The passages that fit best, without an answer."""
    with _open() as news:
        hits = news.search(_query(" ".join(query), outlets, since, until, limit))
    if as_json:
        _print_json([_plain_hit(hit) for hit in hits])
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


@whence.command()
@_index_option
@click.argument("question", nargs=-1, required=True)
@_filters
@click.option("--mermaid", is_flag=True, help="Print the trail as a Mermaid chart.")
@_json_option
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

    filters = _query("", outlets, since, until)
    with _assistant() as assistant:
        traced = assistant.trace(" ".join(question), filters.outlets, filters.since, filters.until)
    if as_json:
        _print_json(traced)
    elif mermaid:
        click.echo(chart.mermaid(traced.reports))
    else:
        out.print(f"{escape(traced.text)}\n")
        if traced.reason:
            out.print(escape(traced.reason))
        for line in chart.lines(traced.reports):
            out.print(escape(line))
        for citation in traced.citations:
            _print_citation(f"[{citation.number}]", citation)
        for notice in traced.notices:
            err.print(f"[yellow]note:[/] {escape(notice)}", soft_wrap=True)
    sys.exit(DOES_NOT_SAY if traced.refused else DONE)


@whence.command()
@_index_option
@click.argument("text", nargs=-1, required=True)
@_json_option
def check(text: Sequence[str], as_json: bool) -> None:
    """Whether a quotation or claim is in the collection: word for word, altered, or not. Exit 3: it is not."""
    from assistant.check import told

    with _assistant() as assistant:
        checked = assistant.check(" ".join(text))
    if as_json:
        _print_json(checked)
    else:
        out.print(escape(told(checked)))
        for place in checked.places:
            out.print(f"[bold]{escape(place.outlet or 'outlet not stated')}[/] · {place.published or 'undated'}")
            out.print(f"    [italic]{escape(' '.join(place.quote.split()))}[/]")
            out.print(f"    [dim]{escape(place.article)} {place.start}–{place.end}[/]")
    sys.exit(DOES_NOT_SAY if checked.verdict == "absent" else DONE)


# -- evaluation -------------------------------------------------------------------------------------------------------


@whence.command(name="eval")
@_index_option
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
@_json_option
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

    try:
        if new:
            with _open() as news:
                out.print(f"{starter.write_starter(news, (), new)} cases written to {escape(new)}")
            return
        wishes = command.checked(suites, demands, earlier, save, html, junit)
        cost = command.price(price) if price else None
        with _assistant(create=build) as assistant, _progress() as tell:
            if judge and assistant.model is None:
                raise BadSuite("--judge: no model is configured; set WHENCE_MODEL and WHENCE_MODEL_URL.")
            if build:
                command.build(wishes.suites, assistant.index, tell)
            way = Way(
                jobs=jobs or min(4, os.cpu_count() or 1),
                journal=None if fresh else _cache() / "evaluation",
                settings={k: v for k, v in _settings().shown().items() if k not in ("index", "model_key")},
                extras=Extras(_entailment(), assistant.model if judge else None, cost),
            )
            told = command.run(wishes, assistant, way, lambda done, total: tell(command.Asking(done, total)))
    except (BadSuite, BadResults) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        _print_json(told.results)
    for table in told.tables if not as_json else ():
        _print_table(table)
    for line in told.lines:
        err.print(escape(line), soft_wrap=True)
    for failure in told.failed:
        err.print(f"[red]under:[/] {escape(failure)}", soft_wrap=True)
    sys.exit(FAILED if told.failed else DONE)


def _entailment() -> Entails | None:
    """What says whether a text entails another, if the settings name a model for it."""
    if not (name := _settings().nli):
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


# -- doors ------------------------------------------------------------------------------------------------------------


@whence.command()
@_index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--root-path", default="", help="Path prefix under which a proxy shows the page.")
@click.option("--tokens", is_flag=True, help="Ask for a token on this machine too; elsewhere one is always asked for.")
def serve(host: str, port: int, root_path: str, tokens: bool) -> None:
    """Serve the collection: the page, and under /api, /v1 and /mcp what programs ask (see /api/docs)."""
    import ui

    hosts = tuple(filter(None, map(str.strip, _settings().hosts.split(","))))
    with _assistant(create=True) as assistant:
        _serve(ui.serve(assistant, host, port, root_path, block=False, hosts=hosts, demand_tokens=tokens))


@whence.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--browser/--no-browser", default=True, help="Open the page in a browser, where there is a screen.")
@_index_option
def demo(host: str, port: int, browser: bool) -> None:
    """Serve the page over the sample collection, which comes with the program."""
    import ui
    from assistant.sample import add_sample, example_questions

    meta = click.get_current_context().find_root().meta
    meta.setdefault("index", str(_cache() / "demo"))
    with _assistant(create=True) as assistant:
        with _progress() as tell:
            add_sample(assistant.index, tell)
        served = ui.serve(assistant, host=host, port=port, examples=example_questions(), block=False)
        if browser and sys.stdout.isatty() and _has_screen():
            webbrowser.open(served.url)
        _serve(served)


@whence.command()
@_index_option
def mcp() -> None:
    """Offer the collection to a language model's program as MCP tools, over stdin and stdout."""
    from assistant.mcp import server

    with _assistant() as assistant:
        server(assistant).run("stdio")


@whence.group()
def token() -> None:
    """Tokens, which a service that others can reach asks for."""


@token.command(name="create")
@_index_option
@click.argument("name")
@click.option("--write", is_flag=True, help="It also allows to add and remove articles.")
def create_token(name: str, write: bool) -> None:
    """Make a token and print it; this once, for only its hash is kept."""
    click.echo(_ledger().create(name, "write" if write else "read"))


@token.command(name="list")
@_index_option
@_json_option
def list_tokens(as_json: bool) -> None:
    """Every token ever made: name, scope, when made, when revoked."""
    tokens = _ledger().tokens()
    if as_json:
        _print_json(tokens)
        return
    for one in tokens:
        ended = f"revoked {one.revoked:%Y-%m-%d}" if one.revoked else "live"
        out.print(escape(f"{one.name}  {one.scope}  made {one.created:%Y-%m-%d}  {ended}"))


@token.command(name="revoke")
@_index_option
@click.argument("name")
def revoke_token(name: str) -> None:
    """Let a token open nothing from now on, in a running service too."""
    _ledger().revoke(name)
    out.print(f"{escape(name)} revoked")


def _ledger() -> Ledger:
    """The ledger of the collection that the settings name.

    Raises:
        NoCollection: there is none at that path.
    """
    from assistant.ledger import FILE, Ledger

    with _open() as news:
        return Ledger(news.path / FILE)


# -- opening and printing ---------------------------------------------------------------------------------------------


def _settings() -> Settings:
    from dataclasses import replace

    from assistant.settings import read_settings

    settings = read_settings()
    given = click.get_current_context().find_root().meta.get("index")
    return replace(settings, index=given) if given else settings


@contextmanager
def _open(create: bool = False) -> Iterator[Index]:
    from index import Index

    settings = _settings()
    mine = settings.outlets or None
    with Index.open(settings.index, settings.encoder, settings.precision, create=create, outlets=mine) as news:
        yield news


@contextmanager
def _assistant(create: bool = False) -> Iterator[Assistant]:
    from assistant.ask import Assistant

    settings = _settings()
    model = None
    if settings.model:
        from assistant.llama import load_model  # LlamaIndex takes seconds to import

        model = load_model(settings.model, settings.model_url or None, settings.model_key or None)
    with _open(create) as news:
        yield Assistant(news, model, settings.model_timeout)


def _serve(served: Served) -> None:
    """Say where the page is; on until interrupted."""
    out.print(f"Whence is at [bold]{served.url}[/]  (Ctrl-C ends it)")
    try:
        served.wait()
    finally:
        served.close()


def _has_screen() -> bool:
    """Whether a browser would have somewhere to show a page."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _cache() -> Path:
    from index.encoders import user_cache

    return user_cache()


def _query(
    text: str, outlets: Sequence[str], since: dt.datetime | None, until: dt.datetime | None, limit: int = 10
) -> Query:
    from index.records import Query

    return Query(text, tuple(outlets), since and since.date(), until and until.date(), limit)


def _asked() -> str:
    """The next line of a conversation; empty at its end."""
    prompt = "[bold]?[/] " if sys.stdin.isatty() else ""
    try:
        return err.input(prompt).strip()
    except EOFError:
        return ""


@contextmanager
def _progress() -> Iterator[Callable[[Any], None]]:
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


def _print_json(value: Record | Sequence[Any] | dict[str, Any]) -> None:
    from index.records import plain

    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def _plain_hit(hit: Hit) -> dict[str, Any]:
    """A hit without its article's whole text."""
    told = hit.to_dict()
    told["article"] = {k: v for k, v in told["article"].items() if k not in ("text", "asides")}
    return told


def _print_answer(answer: Answer) -> None:
    style = "yellow" if answer.refused else "default"
    if answer.standalone != answer.question.strip():
        out.print(f"[dim]understood as: {escape(answer.standalone)}[/]")
    out.print(f"[{style}]{escape(answer.text)}[/]\n" if answer.refused else f"{escape(answer.text)}\n")
    for citation in answer.citations:
        _print_citation(f"[{citation.number}]", citation)
    if answer.leads:
        out.print("[dim]Perhaps of interest, without a claim to answer:[/]")
        for lead in answer.leads:
            _print_citation(" -", lead)
    if answer.dropped:
        out.print(f"[dim]{len(answer.dropped)} sentence(s) of the model were left out: not borne out.[/]")
    for notice in answer.notices:
        err.print(f"[yellow]note:[/] {escape(notice)}", soft_wrap=True)


def _print_citation(mark: str, c: Citation) -> None:
    date = f"{c.published} ({c.dated})" if c.published else "undated"
    if c.window and not c.published:
        date = f"not before {c.window[0]} (inferred)"
    out.print(
        f"[bold]{escape(mark)}[/] {escape(' · '.join([c.outlet or 'outlet not stated', date, c.title or c.article]))}"
    )
    out.print(f"    [italic]{escape(' '.join(c.quote.split()))}[/]")
    if credited := dict.fromkeys(x.source or x.printed for x in c.credits):
        out.print(f"    [dim]credits {escape(', '.join(credited))}[/]")
    if c.doubt:
        out.print(f"    [yellow]date in doubt: {escape(c.doubt)}[/]")
    for note in c.notes:
        out.print(f"    [yellow]note: {escape(' '.join(note.text.split()))}[/]")
    if c.copies:
        out.print(f"    [dim]also in {escape(', '.join(x.outlet or x.article_id for x in c.copies))}[/]")
    out.print(f"    [dim]{escape(c.url or c.article)} {c.start}–{c.end}[/]")


def _print_steps(explained: Explained) -> None:
    out.print("[bold]How this came about[/]")
    for step in explained.steps:
        out.print(f"[bold]{step.name}[/]")
        out.print(escape(json.dumps(step.to_dict()["told"], ensure_ascii=False, indent=1)))
    out.print(f"[dim]seconds: {dict(explained.answer.timings)}[/]")


def main() -> None:
    """Run the command line: 0 done, 1 failed, 2 wrong usage, 3 the collection does not say, 130 interrupted."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing is downloaded unless the user says so
    try:
        whence(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        err.print("Stopped. What was done is kept; the same command goes on from there.")
        sys.exit(INTERRUPTED)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except WhenceError as error:
        err.print(f"[red]error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
