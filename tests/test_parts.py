"""The two things that one question asks."""

import pytest

from assistant.parts import parts, telling
from assistant.sentences import Pick
from index.records import Article, Hit, Passage

TEXT = "Hale opened the bridge. Quince called the toll a disgrace. Nobody came."
HIT = Hit(Passage(1, "a", 1, 0, 0, len(TEXT), TEXT, ()), Article("a", TEXT), 1.0, "words", ())
WORDS = {"hale": 2.0, "bridg": 1.0, "quinc": 2.0, "call": 1.0, "toll": 2.0}


def pick(words: str, score: float) -> Pick:
    start = TEXT.index(words)
    return Pick(HIT, start, start + len(words), score, {})


OPENED = pick("Hale opened the bridge.", 3.0)
CALLED = pick("Quince called the toll a disgrace.", -1.0)


@pytest.mark.parametrize(
    ("question", "two"),
    [
        (
            "What did Hale say of the bridge, and what did Quince call it?",
            ("What did Hale say of the bridge", "what did Quince call it?"),
        ),
        ("Who opened the bridge and when was it closed?", ("Who opened the bridge", "when was it closed?")),
        ("Who opened the bridge and the ferry?", ()),
        ("Who opened the bridge and why?", ()),
        ("Did Hale open the bridge and what did it cost?", ()),
    ],
)
def test_a_question_that_asks_two_things_has_two_parts(question: str, two: tuple[str, ...]) -> None:
    assert parts(question) == two


def test_a_part_is_told_by_the_sentence_with_its_own_words() -> None:
    assert telling("what did Quince call it", [OPENED, CALLED], WORDS) is CALLED
    assert telling("what did Quince call it", [OPENED], WORDS) is None


def test_a_part_with_nothing_to_look_for_is_told_by_none() -> None:
    assert telling("what does he say now", [OPENED, CALLED], {**WORDS, "say": 1.0, "now": 1.0}) is None


def test_a_sentence_far_below_the_best_tells_no_part() -> None:
    far = pick("Quince called the toll a disgrace.", -4.0)
    assert telling("what did Quince call it", [OPENED, far], WORDS) is None
