"""From a question to a checked answer: every sentence cites the exact passage, its article, and whom that credits."""

from typing import TYPE_CHECKING

from assistant.records import Answer, Citation, Turn

if TYPE_CHECKING:
    from assistant.ask import Assistant

__all__ = ["Answer", "Assistant", "Citation", "Turn"]


def __getattr__(name: str) -> object:
    """`Assistant` when it is first asked for: its libraries take longer to import than `whence --help` may take."""
    if name == "Assistant":
        from assistant.ask import Assistant

        return Assistant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
