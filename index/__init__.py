"""Articles in, hits out: a searchable collection of news articles whose every passage is a span of its text."""

from typing import TYPE_CHECKING

from index.errors import (
    BadQuery,
    Damaged,
    Locked,
    NewerCollection,
    NoCollection,
    UnknownArticle,
    WhenceError,
    WrongEncoder,
)
from index.records import Added, Article, Aside, Credit, Hit, Passage, Query, Refusal

if TYPE_CHECKING:
    from index.index import Index

__all__ = [
    "Added",
    "Article",
    "Aside",
    "BadQuery",
    "Credit",
    "Damaged",
    "Hit",
    "Index",
    "Locked",
    "NewerCollection",
    "NoCollection",
    "Passage",
    "Query",
    "Refusal",
    "UnknownArticle",
    "WhenceError",
    "WrongEncoder",
]


def __getattr__(name: str) -> object:
    """`Index` when it is first asked for: its libraries take longer to import than `whence --help` may take."""
    if name == "Index":
        from index.index import Index

        return Index
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
