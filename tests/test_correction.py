"""Questions as people type them: short forms, slips, marks left out."""

import pytest

from assistant.correction import corrected


def unchanged(word: str) -> None:
    return None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("what did wapo say about the ferry", "what did Washington Post say about the ferry"),
        ("nh voters w/ kids", "New Hampshire voters with kids"),
        ("doj letter to n korea", "Justice Department letter to north korea"),
        ("% of voters who couldnt vote", "percent of voters who couldn't vote"),
        ("whos the govt lawyer", "who's the government lawyer"),
        ("quotes by Ada Marsh", "What did Ada Marsh say?"),
        ("any statements from the mayor on the toll", "What did the mayor say about the toll?"),
        ("GOP and FBI and CEO", "GOP and FBI and CEO"),
        ("Prof Hale and Dem Quince", "Prof Hale and Dem Quince"),
    ],
)
def test_short_forms_are_written_out(typed: str, read: str) -> None:
    assert corrected(typed, unchanged) == read


def test_a_misspelt_word_is_read_as_the_collection_writes_it_and_keeps_its_capital_and_ending() -> None:
    held = {"Marrigold": "marigold", "tonage": "tonnage"}.get
    assert corrected("What tonage had the Marrigold's hold?", held) == "What tonnage had the Marigold's hold?"


def test_handles_addresses_and_figures_are_left_alone() -> None:
    typed = "did @ferrry or ferrry.com or #ferrry or 4ferrry print it"
    assert corrected(typed, {"ferrry": "ferry"}.get) == typed


def test_a_word_that_people_ask_with_is_not_misspelt() -> None:
    assert corrected("Summarise the strike.", {"summarise": "summaries", "Summarise": "summaries"}.get) == (
        "Summarise the strike."
    )
