"""Opens what a command works with: the collection that the settings name, its assistant, its ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # `whence --help` should not wait for any of it
    from assistant.ask import Assistant
    from assistant.ledger import Ledger
    from assistant.settings import Settings
    from index import Index
    from index.records import Query


def settings_in_force() -> Settings:
    """The settings, with what stands on the command line before all of them."""
    from dataclasses import replace

    from assistant.settings import read_settings

    settings = read_settings()
    given = click.get_current_context().find_root().meta.get("index")
    return replace(settings, index=given) if given else settings


@contextmanager
def open_collection(create: bool = False, at: str | None = None) -> Iterator[Index]:
    """The collection in the folder `at`, by default the one that the settings name.

    Raises:
        NoCollection: there is none, and `create` is off.
    """
    with opened(at or settings_in_force().index, create) as news:
        yield news


def opened(folder: str | Path, create: bool = False) -> Index:
    """The collection in a folder, with the encoder and outlets of the settings."""
    from index import Index

    settings = settings_in_force()
    return Index.open(folder, settings.encoder, settings.precision, create, settings.outlets or None)


@contextmanager
def open_assistant(create: bool = False, at: str | None = None) -> Iterator[Assistant]:
    """An assistant over the collection in the folder `at`, by default the one that the settings name.

    Raises:
        NoCollection: there is none, and `create` is off.
    """
    from assistant.ask import Assistant

    settings = settings_in_force()
    model = entails = None
    if settings.model:
        from assistant.llama import load_model  # LlamaIndex takes seconds to import

        model = load_model(settings.model, settings.model_url or None, settings.model_key or None)
    if settings.model and settings.nli:
        from assistant.entailment import load_entailment  # sentence-transformers takes longer still

        entails = load_entailment(settings.nli)
    with open_collection(create, at) as news:
        yield Assistant(news, model, settings.model_timeout, int(settings.model_tokens), entails)


def open_ledger() -> Ledger:
    """The ledger of the collection that the settings name.

    Raises:
        NoCollection: there is none at that path.
    """
    from assistant.ledger import FILE, Ledger

    with open_collection() as news:
        return Ledger(news.path / FILE)


def cache() -> Path:
    """Where this user keeps what can be made again."""
    from index.building import user_cache

    return user_cache()


def as_query(
    text: str, outlets: Sequence[str], since: dt.datetime | None, until: dt.datetime | None, limit: int = 10
) -> Query:
    """Options of a command as a search."""
    from index.records import Query

    return Query(text, tuple(outlets), since and since.date(), until and until.date(), limit)
