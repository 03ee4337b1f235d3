"""The command line: words in, records out; results on stdout, progress and errors on stderr."""

from __future__ import annotations

import logging
import os
import sys

import click
from rich.markup import escape

from assistant.commands import collection, evaluation, questions, serving
from assistant.commands.options import FAILED, INTERRUPTED, USAGE, index_option
from assistant.commands.printing import err
from index.errors import WhenceError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="whence")
@index_option
@click.option("-v", "--verbose", is_flag=True, help="Log what is done, on stderr.")
def whence(verbose: bool) -> None:
    """Ask a collection of news articles; every sentence of an answer cites its passage.

    \b
    Start:    whence add articles/        then    whence ask "Who first reported the strike?"
    Try it:   whence demo
    """
    logging.basicConfig(stream=sys.stderr, level=logging.INFO if verbose else logging.ERROR)


for command in (
    collection.add, collection.articles, collection.show, collection.remove, collection.status, collection.verify,
    collection.rebuild, collection.backup, collection.restore,
    questions.ask, questions.chat, questions.search, questions.trace, questions.check,
    evaluation.evaluate,
    serving.serve, serving.demo, serving.mcp, serving.token, serving.login,
):  # fmt: skip
    whence.add_command(command)


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
