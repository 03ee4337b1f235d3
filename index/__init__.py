"""Articles in, hits out: a searchable collection of news articles whose every passage is a span of its text."""

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
from index.index import Index
from index.records import Added, Article, Aside, Credit, Hit, Passage, Query, Refusal

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
