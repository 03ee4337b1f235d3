"""Does the quoted text bear the sentence out?"""

import pytest

from assistant.grounding import judge

QUOTE = "The council paid $4,500 for twelve boats in May, said Ada Marsh, who called the deal “a small miracle”."


@pytest.mark.parametrize(
    "sentence",
    [
        "The council paid $4,500 for twelve boats.",
        "The council paid 4500 dollars for 12 boats in May.",
        "Ada Marsh called it “a small miracle”.",
        "Marsh's council bought boats.",
    ],
)
def test_a_sentence_whose_facts_stand_in_the_quote_is_supported(sentence: str) -> None:
    assert judge(sentence, [QUOTE]).supported


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("The council paid $5,400 for twelve boats.", "the figure 5400 is not in the passage"),
        ("The council paid $4,500 for thirteen boats.", "the figure 13 is not in the passage"),
        ("The council paid, said Ada Marlow.", "the name Marlow is not in the passage"),
        ("Ada Marsh called it “a great miracle”.", "the words “a great miracle” are not in the passage"),
    ],
)
def test_a_wrong_figure_name_or_quotation_is_named(sentence: str, why: str) -> None:
    assert judge(sentence, [QUOTE]).why == why


def test_the_articles_outlet_and_date_may_be_named_without_standing_in_the_quote() -> None:
    sentence = "The Harbour Gazette reported on 3 June 2016 that the council paid $4,500."
    assert not judge(sentence, [QUOTE]).supported
    assert judge(sentence, [QUOTE], ["The Harbour Gazette", "3 June 2016"]).supported


def test_curly_and_straight_quotation_marks_are_alike() -> None:
    assert judge('Ada Marsh called it "a small miracle".', [QUOTE]).supported


def test_a_sentence_without_a_citation_is_unsupported() -> None:
    assert judge("The council paid.", []).why == "it cites no passage"
