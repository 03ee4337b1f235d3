"""Several names for a question that asks for several."""

from __future__ import annotations

import pytest

from assistant import spans
from assistant.listing import count, gathered, row
from assistant.sentences import Pick
from index.records import Article, Hit, Passage


def told(sentence: str, *names: str) -> list[spans.Candidate]:
    """Names of a sentence as candidates, best first."""
    article = Article(id="a", text=sentence)
    span = (0, len(sentence))
    hit = Hit(Passage(1, "a", 1, 0, *span, sentence, (span,)), article, 10.0, "both", (), (), {})
    pick = Pick(hit, *span, 5.0, {})
    places = [(sentence.index(name), sentence.index(name) + len(name)) for name in names]
    return [spans.Candidate(pick, a, b, "name", 5.0 - i, {}) for i, (a, b) in enumerate(places)]


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Which two mayors signed?", 2),
        ("3 harbours that closed", 3),
        ("Who signed?", None),
        ("In which four ports?", 4),
    ],
)
def test_a_question_tells_how_many_it_wants(question: str, number: int | None) -> None:
    assert count(question) == number


def test_as_many_names_as_asked_for_are_told_in_their_order() -> None:
    candidates = told(
        "Quiros paid Ada Marsh (D-Vt.), then Tom Vale, and later Ines Roy.", "Tom Vale", "Ada Marsh", "Ines Roy"
    )
    assert gathered("Which two did Quiros pay?", candidates) == "Ada Marsh and Tom Vale"


def test_names_of_the_question_do_not_count() -> None:
    candidates = told("Ada Marsh, Tom Vale and Ines Roy met.", "Ada Marsh", "Tom Vale", "Ines Roy")
    assert gathered("Which two people met Ada Marsh?", candidates) == "Tom Vale and Ines Roy"


def test_which_sites_are_those_in_a_row_with_the_best() -> None:
    text = "In Oslo she asked Faro and also from Lumen and from Tidal for help."
    assert gathered("Which sites did she ask?", told(text, "Lumen", "Tidal", "Oslo")) == "Lumen and Tidal"


def test_a_sentence_with_too_few_names_gathers_none() -> None:
    assert gathered("Which three mayors signed?", told("Ada Marsh signed.", "Ada Marsh")) is None
    assert gathered("Which mayor signed?", told("Ada Marsh and Tom Vale signed.", "Ada Marsh", "Tom Vale")) is None


@pytest.mark.parametrize(
    ("question", "sentence", "names"),
    [
        (
            "Which three senators signed?",
            "A list of Ohio Sen. Ada Marsh, Utah Sen. Tom Vale and Maine Gov. Karl Ross was read out.",
            "Ada Marsh, Tom Vale and Karl Ross",
        ),
        ("Which two states voted?", "Votes were cast in Ohio and Utah on Friday.", "Ohio and Utah"),
        ("Which two states voted?", "Votes were cast in Ohio, Utah and Maine on Friday.", None),
        ("Which two people met Ada Marsh?", "Ada Marsh and Tom Vale met.", None),
        ("Which two billionaires paid?", "Karl Ross paid, and a Republican too.", None),
        ("Which states voted?", "Votes were cast in Ohio and Utah on Friday.", None),
    ],
)
def test_a_row_of_just_as_many_names_as_asked_for_is_told(question: str, sentence: str, names: str | None) -> None:
    assert row(question, [told(sentence, sentence)[0].pick]) == names
