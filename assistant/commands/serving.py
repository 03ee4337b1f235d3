"""Commands that let others ask: the page and the service, MCP, and the tokens that open them."""

from __future__ import annotations

import os
import signal
import sys
import webbrowser
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Literal

import click
from rich.markup import escape

from assistant.commands.opening import cache, open_assistant, open_ledger, settings_in_force
from assistant.commands.options import DONE, index_option, json_option
from assistant.commands.printing import out, print_json, progress_bars

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant import Assistant
    from assistant.service.port import Served
    from assistant.settings import Settings


@click.command()
@index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--root-path", default="", help="Path prefix under which a proxy shows the page.")
@click.option("--tokens", is_flag=True, help="Ask for a token on this machine too; elsewhere one is always asked for.")
def serve(host: str, port: int, root_path: str, tokens: bool) -> None:
    """Serve the collection: the page, and under /api, /v1 and /mcp what programs ask (see /api/docs)."""
    from assistant import api
    from assistant.service import logs
    from assistant.service.rules import collections, rules

    settings = settings_in_force()
    logs.configure(_style(settings), verbose=False)
    with ExitStack() as stack:
        others = {
            name: stack.enter_context(open_assistant(at=folder)) for name, folder in collections(settings).items()
        }
        assistant = stack.enter_context(open_assistant(create=True))
        shown = api.placed(assistant, others)
        pages = partial(_pages, shown, root_path)
        _serve(api.serve(shown, host, port, root_path, rules(settings, tokens), pages), settings.grace)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--browser/--no-browser", default=True, help="Open the page in a browser, where there is a screen.")
@index_option
def demo(host: str, port: int, browser: bool) -> None:
    """Serve the page over the sample collection, which comes with the program."""
    import ui
    from assistant.sample import add_sample, example_questions

    meta = click.get_current_context().find_root().meta
    meta.setdefault("index", str(cache() / "demo"))
    with open_assistant(create=True) as assistant:
        with progress_bars() as tell:
            add_sample(assistant.index, tell)
        served = ui.serve(assistant, host=host, port=port, examples=example_questions(), block=False)
        if browser and sys.stdout.isatty() and _has_screen():
            webbrowser.open(served.url)
        _serve(served)


@click.command()
@index_option
def mcp() -> None:
    """Offer the collection to a language model's program as MCP tools, over stdin and stdout."""
    from assistant.service.mcp import server

    with open_assistant() as assistant:
        server(assistant).run("stdio")


@click.group()
def token() -> None:
    """Tokens, which a service that others can reach asks for."""


@token.command(name="create")
@index_option
@click.argument("name")
@click.option("--write", is_flag=True, help="It also allows to add and remove articles.")
def create_token(name: str, write: bool) -> None:
    """Make a token and print it; this once, for only its hash is kept."""
    click.echo(open_ledger().create(name, "write" if write else "read"))


@token.command(name="list")
@index_option
@json_option
def list_tokens(as_json: bool) -> None:
    """Every token ever made: name, scope, when made, when revoked."""
    tokens = open_ledger().tokens()
    if as_json:
        print_json(tokens)
        return
    for one in tokens:
        ended = f"revoked {one.revoked:%Y-%m-%d}" if one.revoked else "live"
        out.print(escape(f"{one.name}  {one.scope}  made {one.created:%Y-%m-%d}  {ended}"))


@token.command(name="revoke")
@index_option
@click.argument("name")
def revoke_token(name: str) -> None:
    """Let a token open nothing from now on, in a running service too."""
    open_ledger().revoke(name)
    out.print(f"{escape(name)} revoked")


@click.group()
def login() -> None:
    """Logins, by which people come in to the page."""


@login.command(name="create")
@index_option
@click.argument("name")
@click.option("--write", is_flag=True, help="It also allows to add and remove articles.")
@click.option("--stdin", is_flag=True, help="Read the password from standard input.")
def create_login(name: str, write: bool, stdin: bool) -> None:
    """Let someone in by a name and a password; whoever has a login gets a new password."""
    from assistant.service.logins import Logins

    ledger = open_ledger()
    password = sys.stdin.readline().rstrip("\n") if stdin else click.prompt("Password", hide_input=True, err=True,
                                                                            confirmation_prompt=True)  # fmt: skip
    Logins(ledger).create(name, password, "write" if write else "read")
    out.print(f"{escape(name)} can log in")


@login.command(name="list")
@index_option
@json_option
def list_logins(as_json: bool) -> None:
    """Everyone who can log in."""
    from assistant.service.logins import Logins

    logins = Logins(open_ledger()).all()
    if as_json:
        print_json(logins)
        return
    for one in logins:
        out.print(escape(f"{one.name}  {one.scope}  made {one.created:%Y-%m-%d}"))


@login.command(name="remove")
@index_option
@click.argument("name")
def remove_login(name: str) -> None:
    """Let someone in no longer, in browsers that are logged in neither."""
    from assistant.service.logins import Logins

    Logins(open_ledger()).remove(name)
    out.print(f"{escape(name)} removed")


def _pages(shown: Mapping[str, Assistant], root_path: str) -> Mapping[str, FastAPI]:
    import ui  # Gradio takes seconds to import, in which questions are answered already

    return ui.pages(shown, root_path)


def _serve(served: Served, grace: float = 0.0) -> None:
    """Say where the page is; on until interrupted or told to end, and then until running answers are finished."""
    out.print(f"Whence is at [bold]{served.url}[/]  (Ctrl-C ends it)")
    signal.signal(signal.SIGTERM, _end)
    served.wait(grace)


def _end(*_: object) -> None:
    """End as told; to be told so again while it ends changes nothing."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(DONE)


def _style(settings: Settings) -> Literal["json", "words"]:
    """How the service logs."""
    if settings.log == "auto":
        return "words" if sys.stderr.isatty() else "json"
    return "json" if settings.log == "json" else "words"


def _has_screen() -> bool:
    """Whether a browser would have somewhere to show a page."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
