"""Questions about the collection itself, answered from its archive."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import CountingEncoder

from assistant import Assistant
from index.index import Index

ARTICLES = [
    {"id": "a", "outlet": "CNN", "published": "2016-03-02", "title": "Ferry", "text": "The ferry to Lowmarsh stops."},
    {"id": "b", "outlet": "NPR", "published": "2016-05-01", "title": "Bridge", "text": "Engineers closed the bridge."},
    {"id": "c", "outlet": "CNN", "published": "2016-05-09", "title": "Tolls", "text": "The bridge takes tolls again."},
    {"id": "d", "outlet": "CNN", "title": "Undated", "text": "Nobody knows when the mill burned."},
]
ALL = "The collection holds 4 articles, published 2016-03-02 to 2016-05-09: CNN (3), NPR (1)."


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Index.open(tmp_path_factory.mktemp("collection") / "news", CountingEncoder()) as index:
        index.add(["-"], stdin=io.BytesIO("\n".join(map(json.dumps, ARTICLES)).encode()))
        yield Assistant(index)


def test_articles_that_state_no_outlet_are_no_outlet(tmp_path: Path) -> None:
    question = "Which outlets are in the collection?"
    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        index.add(["-"], stdin=io.BytesIO(b'{"id": "a", "title": "Ferry", "text": "The ferry to Lowmarsh stops."}'))
        assert Assistant(index).ask(question).text == "No article of the collection states its outlet."
        index.add(["-"], stdin=io.BytesIO(json.dumps(ARTICLES[1]).encode()))
        answer = Assistant(index).ask(question)
    assert answer.text == "The collection holds articles of one outlet: NPR (1); 1 states no outlet."


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many articles are there?", ALL),
        ("how many articles per outlet", ALL),
        ("What is in this collection?", ALL),
        ("Which outlets are in the collection?", "The collection holds articles of 2 outlets: CNN (3), NPR (1)."),
        ("how many outlets do you have", "The collection holds articles of 2 outlets: CNN (3), NPR (1)."),
        ("What is the newest article?", "The newest article is “Tolls” (CNN, 9 May 2016)."),
        ("whats the oldest article", "The oldest article is “Ferry” (CNN, 2 March 2016)."),
        (
            "How many articles from CNN are there in May 2016?",
            "The collection holds 1 article of CNN from 2016-05-01 until 2016-05-31, published on 2016-05-09: CNN (1).",
        ),
        (
            "how many articles between march and april 2016",
            "The collection holds 1 article from 2016-03-01 until 2016-04-30, published on 2016-03-02: CNN (1).",
        ),
        ("How many articles are there since 2017?", "The collection holds no article from 2017-01-01."),
        ("How many articles mention the bridge?", "2 articles have a passage with all the words of “the bridge”."),
        ("How many articles mention zebras?", "No article of the collection mentions zebras."),
        (
            "What dates does the collection cover?",
            "The collection’s articles were published 2016-03-02 to 2016-05-09.",
        ),
    ],
)
def test_the_archive_tells_of_itself(assistant: Assistant, question: str, text: str) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.text, answer.citations) == ("collection", text, ())


@pytest.mark.parametrize(
    "question",
    [
        "Which outlets reported that the bridge was closed?",
        "What is the latest report on the ferry?",
        "How many people took the ferry?",
        "What did the article say about the mill?",
    ],
)
def test_a_question_about_the_news_is_none_about_the_collection(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).kind != "collection"
