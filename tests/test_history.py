"""Questions and conversations with halves of characters, as programs send them, are answered like others."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import collection
from model_server import Script, serve_model

from assistant import Answer, Assistant
from assistant.history import conversation, mended
from assistant.llama import load_model
from assistant.records import Turn
from index import Index

ARTICLE = {
    "id": "ferry",
    "outlet": "The Harbour Gazette",
    "published": "2021-03-04",
    "title": "Ferry held at Salt Quay",
    "text": "The ferry Marigold was held at Salt Quay on Thursday. Ada Marsh, who runs the line, said the ship would"
    " stay in port for nine days.",
}
HALF = "\ud83d"
QUESTION = "How long will the ferry Marigold stay in port?"


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Index]:
    with collection(tmp_path, [ARTICLE]) as index:
        yield index


def test_half_a_character_becomes_the_sign_for_one_that_is_none() -> None:
    assert mended(f"Who {HALF}? \U0001f600") == "Who \ufffd? \U0001f600"
    assert conversation([Turn(HALF, f"She {HALF}")]) == [Turn("\ufffd", "She \ufffd")]


@pytest.mark.parametrize(
    ("question", "turn"),
    [
        (QUESTION + HALF, None),
        ("How long will she stay there?", Turn(f"Where is the Marigold {HALF}?", "At Salt Quay.")),
        ("How long will she stay in port?", Turn("Where is the Marigold?", f"At Salt {HALF} Quay.")),
    ],
)
def test_a_conversation_with_half_a_character_is_answered(news: Index, question: str, turn: Turn | None) -> None:
    with serve_model(Script((QUESTION,)), Script(("The ship would stay in port for nine days [1].",))) as server:
        for model in (None, load_model("openai-like:scribe", server.url, None)):
            answer = Assistant(news, model).ask(question, history=[turn] if turn else [])
            assert answer.notices == ()
            assert json.dumps(answer.to_dict(), ensure_ascii=False).encode()


def test_an_answer_with_half_a_character_may_be_followed_up(news: Index) -> None:
    first = Assistant(news).ask(QUESTION)
    odd = replace(first, question=QUESTION + HALF, standalone=QUESTION + HALF, text=first.text + HALF)
    answer = Assistant(news).ask("And who runs the line?", history=[odd])
    assert isinstance(answer, Answer)
    assert json.dumps(answer.to_dict(), ensure_ascii=False).encode()


def test_a_trace_and_a_check_take_half_a_character(news: Index) -> None:
    assert Assistant(news).trace(f"the ferry Marigold {HALF}").question == "the ferry Marigold \ufffd"
    assert Assistant(news).check(f"stay in port for nine days {HALF}").text == "stay in port for nine days \ufffd"
