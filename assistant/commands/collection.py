"""Commands of the collection: what goes in, what is held, what goes out."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape
from rich.table import Table

from assistant.commands.opening import as_query, open_collection, opened, settings_in_force
from assistant.commands.options import DONE, FAILED, filter_options, index_option, json_option
from assistant.commands.printing import err, out, print_json, progress_bars
from index import languages
from index.errors import WhenceError

if TYPE_CHECKING:
    from index.records import Query

SHOWN = 500
"""Refusals printed at most: an archive may hold a hundred thousand."""


@click.command()
@index_option
@click.argument("paths", nargs=-1, required=True)
@click.option("--strict", is_flag=True, help="Fail (exit 1) at any refusal.")
@json_option
def add(paths: Sequence[str], strict: bool, as_json: bool) -> None:
    """Take in articles: files, folders, web addresses (https://...), or - for standard input.

    An address may be that of a page, a feed or a sitemap; robots.txt is obeyed, and a page that is unchanged since it
    was read is not sent again.

    Text, Markdown, web pages, JSON, JSON Lines, CSV, mail, NewsML, archives of these; with extras feeds, Parquet, PDF
    and WARC. An article already held costs nothing; one that changed becomes a revision. What cannot be read is
    refused by name, and the rest goes on.
    """
    with open_collection(create=True) as news, progress_bars() as tell:
        done = news.add(paths, progress=tell, stdin=sys.stdin.buffer)
        notice = news.notice()
    if as_json:
        print_json(done)
    else:
        out.print(
            f"{len(done.added)} added, {len(done.updated)} updated, {len(done.unchanged)} unchanged,"
            f" {len(done.refused)} refused"
        )
    for refusal in done.refused[:SHOWN]:
        err.print(f"[red]refused[/] {escape(str(refusal))}", soft_wrap=True)
    if len(done.refused) > SHOWN:
        err.print(f"[red]refused[/] {len(done.refused) - SHOWN:,} more; --json lists them all", soft_wrap=True)
    if notice:
        err.print(f"[yellow]notice[/] {escape(notice)}", soft_wrap=True)
    taken = done.added or done.updated or done.unchanged
    if not taken or (strict and done.refused):
        sys.exit(FAILED)


@click.command()
@index_option
@filter_options
@click.option("--copies", is_flag=True, help="List the groups of articles that are copies of one another instead.")
@json_option
def articles(
    outlets: Sequence[str], since: dt.datetime | None, until: dt.datetime | None, copies: bool, as_json: bool
) -> None:
    """List the collection's articles, the earliest first."""
    if copies:
        _print_copies(as_json, as_query("", outlets, since, until))
        return
    with open_collection() as news:
        found = list(news.articles(as_query("", outlets, since, until)))
    if as_json:
        print_json([{k: v for k, v in a.to_dict().items() if k not in ("text", "asides")} for a in found])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("date", "outlet", "title", "id"):
        table.add_column(column, overflow="fold")
    for a in found:
        table.add_row(*map(escape, (str(a.day or "undated"), a.outlet or "–", a.title or "–", a.id)))
    out.print(table)


def _print_copies(as_json: bool, filters: Query) -> None:
    """The groups of copies among the articles that pass the filters, each the earliest first."""
    with open_collection() as news:
        kept = {article.id: article for article in news.articles(filters)}
        groups = [group for group in news.copies() if any(id_ in kept for id_ in group.articles)]
        members = {id_: news.article(id_) for group in groups for id_ in group.articles}
    if as_json:
        print_json(groups)
        return
    for group in groups:
        out.print(f"[bold]{group.kind}[/]")
        for a in (members[id_] for id_ in group.articles):
            out.print(escape(f"    {a.day or 'undated'}  {a.outlet or '–'}  {a.title or '–'}  {a.id}"))
    if not groups:
        err.print("No copies.")


@click.command()
@index_option
@click.argument("article_id", metavar="ID")
@click.option("--revision", type=int, help="That revision instead of the newest.")
@json_option
def show(article_id: str, revision: int | None, as_json: bool) -> None:
    """Show one article as it is stored, with what is known about it and whom it credits."""
    with open_collection() as news:
        article = news.article(article_id, revision)
        credits = news.credits(article.id, article.revision)
    if as_json:
        print_json({**article.to_dict(), "credits": [c.to_dict() for c in credits]})
        return
    out.print(f"[bold]{escape(article.title or article.id)}[/]")
    known = f"{article.published} ({article.dated})" if article.published else "undated"
    facts = [article.outlet or "outlet not stated", known, article.author, article.wire, article.url]
    out.print(f"[dim]{escape(' · '.join(filter(None, facts)))}[/]\n")
    out.print(escape(article.text))
    if named := dict.fromkeys(c.name for c in credits if c.name):
        out.print(f"\n[dim]credits: {escape(', '.join(filter(None, named)))}[/]")


@click.command()
@index_option
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def remove(ids: Sequence[str], yes: bool) -> None:
    """Delete articles, every revision, from every file of the collection."""
    with open_collection() as news:
        for article_id in ids:
            news.article(article_id)
        if not yes and sys.stdin.isatty():
            click.confirm(f"Delete {len(ids)} article(s) for good?", abort=True, err=True)
        out.print(f"{news.remove(ids)} removed")


@click.command()
@index_option
@json_option
def status(as_json: bool) -> None:
    """Counts and health of the collection, the settings in force, and whether the language model answers."""
    with open_collection() as news:
        found = news.status()
    settings = settings_in_force().shown()
    model = _model_in_force()
    if as_json:
        print_json({**found.to_dict(), "settings": settings, "model": model})
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
        ("model", f"{settings['model']}: {model}" if model else "none: answers are made of quotations"),
    ):
        table.add_row(f"[bold]{name}[/]", escape(value))
    out.print(table)


def _model_in_force() -> str | None:
    """Whether the language model that the settings name answers, in words; None without one."""
    settings = settings_in_force()
    if not settings.model:
        return None
    from assistant.llama import load_model, probe  # LlamaIndex takes seconds to import

    try:
        return probe(load_model(settings.model, settings.model_url or None, settings.model_key or None))
    except WhenceError as error:
        return str(error)


@click.command()
@index_option
@json_option
def verify(as_json: bool) -> None:
    """Check every span against its text, and the derived stores against the archive."""
    with open_collection() as news:
        findings = news.verify()
    if as_json:
        print_json([f.to_dict() for f in findings])
    elif not findings:
        out.print("All is well.")
    else:
        for finding in findings:
            out.print(f"[red]{finding.store}[/]: {escape(finding.what)}; {escape(finding.remedy)}")
    sys.exit(FAILED if findings else DONE)


@click.command()
@index_option
@click.option("--encode", is_flag=True, help="Encode every passage anew too, with the encoder that the settings name.")
@click.option("--reread", is_flag=True, help="Take articles out of their web pages again too, as this version does.")
def rebuild(encode: bool, reread: bool) -> None:
    """Make words, vectors and credits again from the archive."""
    with open_collection() as news, progress_bars() as tell:
        news.rebuild(tell, encode=encode)
        changed = news.reread(tell).updated if reread else ()
    out.print(f"Rebuilt; {len(changed)} articles changed." if reread else "Rebuilt.")


@click.command()
@index_option
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write the collection, as it is at one moment, to a new file (.tar or .tar.gz), also while it is served."""
    from assistant.service import backup as backups

    with open_collection() as news:
        made = backups.backup(news, file)
    if as_json:
        print_json(made)
        return
    out.print(f"{made.articles} articles, {made.passages} passages in {escape(str(file))}; checked")


@click.command()
@index_option
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def restore(file: Path, as_json: bool) -> None:
    """Make the collection of a backup anew, in a folder where there is none, and verify it."""
    from assistant.service import backup as backups

    folder = Path(settings_in_force().index)
    with progress_bars() as tell:
        made = backups.restore(file, folder, opened, tell)
    if as_json:
        print_json(made)
        return
    out.print(f"{made.articles} articles, {made.passages} passages restored to {escape(str(folder))}; verified")
