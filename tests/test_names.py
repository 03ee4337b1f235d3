"""What a name names, by its words and by its article."""

import pytest

from assistant.names import full_name, kind_of_name, speakers

TEXT = "Mr. Okafor welcomed it. “It helps,” said Lindqvist. Helen Okafor had asked for it; Okafor said so twice."


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Helen Okafor", "person"),
        ("Okafor", "person"),
        ("Lindqvist", "person"),
        ("Norway", "place"),
        ("New Haven", "place"),
        ("Port Authority Board", "group"),
        ("NATO", "group"),
        ("Sea Breeze", "anything"),
    ],
)
def test_a_name_is_told_by_its_words_and_its_company(name: str, kind: str) -> None:
    assert kind_of_name(name, speakers(TEXT)) == kind


def test_a_surname_gets_the_full_name_given_before() -> None:
    assert full_name(TEXT, TEXT.index("Okafor said"), "Okafor") == "Helen Okafor"


def test_a_surname_that_no_one_was_given_before_stays_alone() -> None:
    assert full_name(TEXT, 0, "Okafor") is None
    assert full_name(TEXT, len(TEXT), "Lindqvist") is None
