"""Turns of events: a death, a resignation; which sentence tells that one came."""

import pytest

from assistant.turns import tells, turn


@pytest.mark.parametrize(
    ("topic", "sentence", "told"),
    [
        ("Karl Ross quitting as harbour master", "Harbour master Karl Ross resigned on Monday.", True),
        ("Karl Ross leaving the harbour", "Karl Ross has stepped down.", True),
        ("Karl Ross quitting as harbour master", "Harbour master Karl Ross opened the lock.", False),
        ("Karl Ross quitting as harbour master", "Sailors demand the resignation of Karl Ross.", False),
        ("Karl Ross quitting as harbour master", "Karl Ross would resign if asked.", False),
        ("Karl Ross's death", "Karl Ross, who died on Monday, was 80.", True),
        ("Karl Ross's death", "Karl Ross turned 80 on Monday.", False),
        ("Karl Ross joined the ferry line", "The ferry line hired Karl Ross.", True),
        ("the line chose Karl Ross as captain", "The ferry line has picked Karl Ross as its captain.", True),
        ("the line chose Karl Ross as captain", "Karl Ross is a front-runner for captain of the line.", False),
    ],
)
def test_a_sentence_tells_a_turn_by_a_word_for_it_that_nothing_takes_back(
    topic: str, sentence: str, told: bool
) -> None:
    words = turn(topic)
    assert words is not None and tells(sentence, words) == told


@pytest.mark.parametrize("topic", ["the crack in the ferry", "work for the island's ousted mayor", ""])
def test_other_topics_are_no_turn(topic: str) -> None:
    assert turn(topic) is None
