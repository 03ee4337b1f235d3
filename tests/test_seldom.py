"""How seldom articles tell what a question asks for."""

from assistant.seldom import seldom, ways


def test_a_question_asks_by_its_question_word_its_form_and_its_common_words() -> None:
    assert ways("How much did the repairs in Salt Quay cost?") == {
        "asks how much",
        "wants money",
        "word repair",
        "word cost",
    }


def test_names_and_figures_are_no_ways_to_ask() -> None:
    assert ways("Who met Ada Marsh in 2016?") == {"asks who", "wants person", "word met"}


def test_what_a_conversation_was_about_is_no_way_to_ask() -> None:
    assert "word salari" not in ways("Who was it? (What salary was paid?)")


def test_the_ways_count_together_and_unknown_ones_nothing() -> None:
    weights = {"asks how much": 1.0, "word cost": 0.5}
    assert seldom("How much did the repairs in Salt Quay cost?", weights) == 1.5
    assert seldom("Who met Ada Marsh?", weights) == 0.0


def test_a_salary_is_seldomer_told_than_a_speaker() -> None:
    assert seldom("What salary was the harbour master paid?") > seldom("Who said that the harbour would close?")
