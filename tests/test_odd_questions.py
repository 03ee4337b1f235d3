"""Questions and filters of any kind, put to the assistant: an answer, a refusal or a clear error, never a traceback."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import CountingEncoder

from assistant import Assistant
from index.errors import BadQuery
from index.index import Index

ARTICLES = [
    {"id": "ferry", "outlet": "CNN", "published": "2016-03-02", "text": "The night ferry to Lowmarsh stops on Friday."},
    {"id": "bridge", "outlet": "NPR", "text": "Engineers closed the harbour bridge. Traffic now crosses by ferry."},
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Index.open(tmp_path_factory.mktemp("collection") / "news", CountingEncoder()) as index:
        index.add(["-"], stdin=io.BytesIO("\n".join(map(json.dumps, ARTICLES)).encode()))
        yield Assistant(index)


@pytest.mark.parametrize(
    "question",
    ["", "   ", "?!… —", "“”‘’", "⛴️", "🏳️‍🌈 🤷🏽‍♀️", "*", "((((", "\x00", "​‍", "\ud83d"],
)
def test_a_question_without_words_is_refused_as_such(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.refused, answer.refusal, answer.citations) == (True, "empty", ())


@pytest.mark.parametrize(
    "question",
    [
        '" OR 1=1 --',
        "NEAR(ferry",
        "NEAR(",
        "title:",
        "title:ferry",
        "'; DROP TABLE articles; --",
        "ferry^9 AND NOT",
        "fer*",
    ],
)
def test_operators_in_a_question_are_words_or_nothing(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.refused or {citation.article for citation in answer.citations} <= {"ferry", "bridge"}
    assert len(assistant.index) == 2


@pytest.mark.parametrize("question", ["ferry " * 1_667, "x" * 10_000, "When does the night ferry stop? " + "é" * 9_968])
def test_a_question_of_ten_thousand_characters_is_looked_at_as_far_as_two_thousand(
    assistant: Assistant, question: str
) -> None:
    assert len(question) >= 10_000
    assert assistant.ask(question).question
    assert assistant.index.search(question) == assistant.index.search(question[:2_000])


def test_an_outlet_that_the_collection_lacks_is_named_with_those_it_has(assistant: Assistant) -> None:
    with pytest.raises(BadQuery, match=r"The collection has no outlet 'The Daily Planet'\. It has: CNN, NPR\."):
        assistant.ask("When does the ferry stop?", outlets=["The Daily Planet"])


def test_dates_that_run_backwards_are_told(assistant: Assistant) -> None:
    with pytest.raises(BadQuery, match="since 2016-03-02 until 2016-03-01"):
        assistant.ask("When does the ferry stop?", since=dt.date(2016, 3, 2), until=dt.date(2016, 3, 1))


def test_dates_at_the_ends_of_time_are_dates(assistant: Assistant) -> None:
    answer = assistant.ask("When does the night ferry stop?", since=dt.date.min, until=dt.date.max)
    assert [citation.article for citation in answer.citations] == ["ferry"]


def test_an_empty_collection_says_that_it_is_empty(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        answer = Assistant(index).ask("When does the night ferry stop?")
    assert (answer.refused, answer.refusal) == (True, "empty")
    assert "Add articles with `whence add PATH...`" in answer.text
