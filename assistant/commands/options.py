"""What commands share on the command line: options, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

DONE, FAILED, USAGE, DOES_NOT_SAY, INTERRUPTED = 0, 1, 2, 3, 130

F = TypeVar("F", bound=Callable[..., Any])


def index_option(command: F) -> F:
    """--index, before or after the command."""

    def remember(context: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            context.find_root().meta["index"] = value

    return click.option(
        "--index", metavar="DIR", expose_value=False, callback=remember,
        help="The collection's folder (else WHENCE_INDEX, else ./whence-index).",
    )(command)  # fmt: skip


def filter_options(command: F) -> F:
    """--outlet, --since, --until."""
    date = click.DateTime(["%Y-%m-%d"])
    command = click.option("--until", type=date, metavar="DAY", help="Only articles of that day or earlier.")(command)
    command = click.option(
        "--since", type=date, metavar="DAY", help="Only articles of that day (2016-05-31) or later."
    )(command)
    return click.option(
        "--outlet", "outlets", multiple=True, metavar="NAME", help="Only this outlet; may be repeated."
    )(command)


def json_option(command: F) -> F:
    """--json."""
    return click.option("--json", "as_json", is_flag=True, help="Print the records as JSON on stdout.")(command)
