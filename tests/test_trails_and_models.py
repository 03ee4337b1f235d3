"""Trails where a language model is configured: they are the archive's, word for word, whatever a model would say."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import collection
from model_server import ModelServer, Script, serve_model

from assistant import Answer, Assistant
from assistant.llama import load_model
from index import Index

ARTICLES = [
    {
        "id": "gazette",
        "outlet": "The Harbour Gazette",
        "published": "2021-03-04",
        "title": "Ferry held at Salt Quay",
        "text": "The ferry Marigold was held at Salt Quay after divers found a crack in the hull of the ferry.",
    },
    {
        "id": "post",
        "outlet": "Meridian Post",
        "published": "2021-03-05",
        "title": "Marigold out of service",
        "text": "The crack in the hull of the ferry Marigold was first reported by The Harbour Gazette.",
    },
]
LIE = Script(("Meridian Post first reported the crack in the hull of the ferry Marigold [1].",))


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Index]:
    with collection(tmp_path, ARTICLES) as index:
        yield index


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serve_model(LIE) as served:
        yield served


@pytest.fixture
def assistant(news: Index, server: ModelServer) -> Assistant:
    return Assistant(news, load_model("openai-like:scribe", server.url, None), 20)


def untimed(answer: Answer) -> Answer:
    return replace(answer, timings={})


@pytest.mark.parametrize(
    "question",
    [
        "Which outlet first reported the crack in the hull of the ferry Marigold?",
        "Who broke the news of the crack in the hull of the ferry Marigold first?",
        "Which paper does Meridian Post credit with finding the crack in the hull of the ferry Marigold?",
        "In this archive, which outlet mentioned the crack in the hull of the ferry Marigold before the others?",
        "Did Meridian Post report the crack in the ferry Marigold before or after The Harbour Gazette reported it?",
    ],
)
def test_who_was_first_is_told_by_the_archive_and_no_model_is_asked(
    assistant: Assistant, news: Index, server: ModelServer, question: str
) -> None:
    answer = assistant.ask(question)
    assert server.requests == []
    assert untimed(answer) == untimed(Assistant(news).ask(question))
    assert (answer.refused, answer.model) == (False, None)


def test_a_trace_asks_no_model(assistant: Assistant, server: ModelServer) -> None:
    trace = assistant.trace("the crack in the hull of the ferry Marigold")
    assert ([report.article for report in trace.reports], server.requests) == (["gazette", "post"], [])


def test_what_nobody_carries_is_not_left_to_a_model(assistant: Assistant, server: ModelServer) -> None:
    answer = assistant.ask("Which outlet here first reported the eruption of the volcano Etna in Sicily?")
    assert (answer.refused, answer.reports, server.requests) == (True, (), [])


def test_a_model_that_is_asked_what_happened_sees_whom_each_passage_credits(
    assistant: Assistant, server: ModelServer
) -> None:
    assistant.ask("What did divers find in the hull of the ferry Marigold?")
    prompt = server.requests[0]["messages"][-1]["content"]
    assert "Outlet: Meridian Post\nPublished: 2021-03-05\nCredits: The Harbour Gazette\n" in prompt
