"""Suites of questions with known answers, and the scores that answers and searches get on them."""

from assistant.evaluation.cases import Asked, BadSuite, Case, Evidence, load_suite
from assistant.evaluation.scores import (
    Quoted,
    Rate,
    bootstrap,
    cited,
    contains,
    interval,
    normalise,
    overlap,
    rank,
    rate,
    retrieval,
)

__all__ = [
    "Asked",
    "BadSuite",
    "Case",
    "Evidence",
    "Quoted",
    "Rate",
    "bootstrap",
    "cited",
    "contains",
    "interval",
    "load_suite",
    "normalise",
    "overlap",
    "rank",
    "rate",
    "retrieval",
]
