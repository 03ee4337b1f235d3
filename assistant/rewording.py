"""A refused question becomes one that the collection may have more to say to."""

from __future__ import annotations

from assistant.ask import Assistant
from assistant.records import Answer
from index.records import Query

NAMES = 2
"""Names that a reworded question holds at most."""


def reworded(answer: Answer, assistant: Assistant) -> str | None:
    """What is reported about those of the question's names that articles print; None where there are none."""
    if not answer.refused or answer.refusal == "empty":
        return None
    names = assistant.understand(answer.standalone).names
    held = [name for name in names if assistant.index.scan(Query(name, limit=1))][:NAMES]
    asked = f"What is reported about {' and '.join(held)}?"
    return asked if held and asked != answer.question else None
