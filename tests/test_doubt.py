"""Whether the collection says what is asked: signals, probability, and the reason in words."""

import datetime as dt

import pytest

from assistant import doubt, sentences, spans
from assistant.question import understand
from assistant.reader import Read
from assistant.records import Question
from index.records import Article, Hit, Passage, SentenceScore
from index.splitter import sentences as split


def hit(text: str, title: str) -> Hit:
    parts = tuple(split(text))
    article = Article(id="a", text=text, title=title, outlet="Meridian Post", published=dt.date(2021, 3, 5))
    passage = Passage(1, "a", 1, 0, 0, len(text), text, parts)
    scored = tuple(SentenceScore(a, b, 0.5, 0.5, 0.5) for a, b in parts)
    return Hit(passage, article, 10.0, "both", scored, (), {"cosine": 0.5})


def asked(question: str) -> Question:
    return understand(question, lambda _: [], [])


def told(question: str, found: Hit, **words: float) -> dict[str, float]:
    picks = sentences.choose(asked(question), [found], words)
    return doubt.signals(asked(question), Read(picks), spans.choose(asked(question), picks, words), words)


def test_doubt_is_a_probability_that_weights_move() -> None:
    assert doubt.doubt({}, {"always": 0.0}) == 0.5
    assert doubt.doubt({"absent": 2.0}, {"always": 0.0, "absent": 1.0}) > 0.85
    assert doubt.doubt({"span": 1e9}, {"span": -1.0}) < 1e-9


def test_the_reason_names_what_is_mentioned_and_what_is_not_given() -> None:
    found = hit("The ferry Marigold sank off Salt Quay.", "Ferry lost")
    assert doubt.reason(asked("How much did the loss of the ferry Marigold cost Salt Quay?"), [found]) == (
        "Articles mention Marigold and Salt Quay, but none of the passages found gives an amount."
    )


def test_without_a_shared_name_the_nearest_headline_is_named() -> None:
    found = hit("The ferry sank.", "Ferry lost")
    assert doubt.reason(asked("When did the strike begin?"), [found]) == (
        "“Ferry lost” comes nearest, but no passage gives a date."
    )


def test_a_question_for_words_lacks_words_whatever_day_it_names() -> None:
    found = hit("The mayor of Salt Quay spoke.", "Mayor speaks")
    assert doubt.reason(asked("What did Ada Marsh call Salt Quay when she spoke in May?"), [found]) == (
        "Articles mention Salt Quay, but none of the passages found has those words."
    )


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("How much did the pier cost?", "The pier cost $2 million.", False),
        ("How much did the pier cost?", "The pier cost Ada Marsh her seat.", True),
        ("Who drowned in May?", "The ferry passed Lowmarsh Island.", True),
        ("Who opposed the ferry?", "The mayor said Peter Quince opposed it.", False),
        ("Why did the mayor resign?", "Peter Quince.", True),
    ],
)
def test_an_answer_of_another_form_than_asked_for_is_told(question: str, text: str, other: bool) -> None:
    assert told(question, hit(text, "Harbour"), pier=1.0)["other form"] == float(other)


def test_what_is_seldom_told_speaks_for_doubt() -> None:
    found = hit("The ferry Marigold sank off Salt Quay.", "Ferry lost")
    assert told("How much did the Marigold cost?", found)["seldom"] > told("Who saw the Marigold?", found)["seldom"]
