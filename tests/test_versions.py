"""What corrections and editor's notes say, when a question asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import CountingEncoder

from assistant import Assistant
from index import Index

TEXT = """Divers found the wreck of the ferry Marigold off Salt Quay on Sunday, at a depth of 14 metres.

Its captain, Ada Marsh, was the last to leave. The owner had insured it for two million crowns in May.

Correction: An earlier version of this article misstated the depth at which the wreck of the Marigold lies off Salt \
Quay. It lies at 40 metres, and its captain was the first to leave it. The name of the diving company was also wrong.
"""


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    (tmp_path / "ferry.txt").write_text(TEXT, encoding="utf-8")
    index = Index.open(tmp_path / "index", encoder=CountingEncoder())
    index.add([tmp_path / "ferry.txt"])
    return Assistant(index)


@pytest.mark.parametrize(
    "question",
    [
        "What did the correction to the ferry article say about the depth of the wreck?",
        "According to a correction, who was the first to leave the Marigold?",
        "According to the correction, what else was wrong about the diving company?",
    ],
)
def test_a_note_is_quoted_in_its_own_order_and_never_empty(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert not answer.refused and all(citation.quote.strip() for citation in answer.citations)
    assert "“”" not in answer.text
