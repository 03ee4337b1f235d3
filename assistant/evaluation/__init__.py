"""Suites of questions with known answers, and the scores that answers and searches get on them."""

from typing import TYPE_CHECKING

from assistant.evaluation.cases import Asked, BadSuite, Case, Evidence
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
from assistant.evaluation.suites import Suite, load_suite, read_suite

if TYPE_CHECKING:
    from assistant.evaluation.asking import Extras, Price
    from assistant.evaluation.comparison import Comparison, compare
    from assistant.evaluation.results import Results
    from assistant.evaluation.run import Way, evaluate

__all__ = [
    "Asked",
    "BadSuite",
    "Case",
    "Comparison",
    "Evidence",
    "Extras",
    "Price",
    "Quoted",
    "Rate",
    "Results",
    "Suite",
    "Way",
    "bootstrap",
    "cited",
    "compare",
    "contains",
    "evaluate",
    "interval",
    "load_suite",
    "normalise",
    "overlap",
    "rank",
    "rate",
    "read_suite",
    "retrieval",
]

_LATER = {
    "Comparison": "comparison",
    "Extras": "asking",
    "Price": "asking",
    "Results": "results",
    "Way": "run",
    "compare": "comparison",
    "evaluate": "run",
}
"""What is imported when it is first asked for: it brings the whole assistant, and scores alone need none of it."""


def __getattr__(name: str) -> object:
    """What a run needs, when it is first asked for."""
    if name in _LATER:
        from importlib import import_module

        return getattr(import_module(f"assistant.evaluation.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
