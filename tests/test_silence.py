"""What speaks against an answer: a year out of reach, another speaker or another figure."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from fakes import CountingEncoder

from assistant import Assistant
from index.index import Index

ARTICLES = [
    {
        "id": "toll",
        "outlet": "CNN",
        "published": "2016-03-02",
        "title": "Toll of the harbour bridge",
        "text": "Peter Quince said the toll of the harbour bridge was a disgrace. The harbour bridge reopened Friday.",
    },
    {"id": "ferry", "outlet": "NPR", "published": "2016-05-01", "text": "The night ferry to Lowmarsh stops on Friday."},
    {"id": "boats", "outlet": "BBC", "published": "2016-04-03",
     "text": "The fishery board paid $2 million for 29 trawlers in April, and gave each a 12-day licence."},
]  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Index.open(tmp_path_factory.mktemp("collection") / "news", CountingEncoder()) as index:
        index.add(["-"], stdin=io.BytesIO("\n".join(map(json.dumps, ARTICLES)).encode()))
        yield Assistant(index)


@pytest.mark.parametrize(
    ("question", "refusal", "reason"),
    [
        (
            "When did the harbour bridge reopen in 2021?",
            "out-of-range",
            "The collection’s articles end on 1 May 2016; none of those found speaks of 2021.",
        ),
        (
            "My sister wants to cross the harbour bridge. What should I do?",
            "out-of-range",
            "The articles tell of what happened and was said, not what you should do.",
        ),
        (
            "Did Martha Hale say the toll of the harbour bridge was a disgrace?",
            "false-premise",
            "CNN (2 March 2016) has Peter Quince saying that, not Martha Hale.",
        ),
        (
            "Why did Martha Hale call a toll on ferry and harbour bridge passengers unlawful robbery?",
            "not-stated",
            "What comes nearest, in CNN (2 March 2016), is said by Peter Quince, not by Martha Hale.",
        ),
    ],
)
def test_why_the_articles_do_not_answer_is_told(assistant: Assistant, question: str, refusal: str, reason: str) -> None:
    answer = assistant.ask(question)
    assert (answer.refusal, answer.reason) == (refusal, reason)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("When did the fishery board pay $5 million for the trawlers?", "has $2 million there, not $5 million."),
        ("When did the fishery board buy the 30 trawlers?", "has 29 there, not 30."),
        ("Why does each of the trawlers have a 90-day licence?", "has 12 there, not 90."),
    ],
)
def test_another_figure_is_told_as_a_false_premise(assistant: Assistant, question: str, reason: str) -> None:
    answer = assistant.ask(question)
    assert (answer.refusal, answer.reason) == ("false-premise", f"BBC (3 April 2016) {reason}")


@pytest.mark.parametrize(
    "question",
    [
        "When did the fishery board pay $2 million for the trawlers?",
        "When did the fishery board pay about $2.1 million for the trawlers?",
        "When did the fishery board buy the 29 trawlers for $2,000,000 in April 2016?",
        "Did the fishery board pay $5 million for the trawlers?",
    ],
)
def test_the_same_figure_however_written_is_no_false_premise(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).refusal != "false-premise"
