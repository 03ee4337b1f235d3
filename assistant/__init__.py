"""From a question to a checked answer: every sentence cites the exact passage, its article, and whom that credits."""

from assistant.ask import Assistant
from assistant.records import Answer, Citation, Turn

__all__ = ["Answer", "Assistant", "Citation", "Turn"]
