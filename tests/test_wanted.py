"""The form of answer that a question's wording asks for."""

import pytest

from assistant.wanted import wanted


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("What share of voters backed the harbour plan?", "percent"),
        ("how much did the ferry cost", "money"),
        ("How old was the lighthouse keeper?", "age"),
        ("How many boats sank?", "number"),
        ("In what year did the pier open?", "year"),
        ("When did the strike begin?", "date"),
        ("Which memoir did the captain write?", "title"),
        ("Which newspaper carried the interview?", "outlet"),
        ("In which city was the treaty signed?", "place"),
        ("Which admiral resigned?", "thing"),
        ("What sank the ferry when it left in 2016?", "thing"),
        ("What did the mayor call the ferry when it sank?", "words"),
        ("which senator resigned", "person"),
        ("How did the mayor describe the storm?", "words"),
        ("Why did the mayor resign?", "words"),
        ("harbour police chief storm", "person"),
        ("percent voters harbour plan", "percent"),
        ("workers lost jobs at the mill", "number"),
        ("three states lost jobs at mills", "place"),
        ("two weeks after the storm mill cost", "money"),
        ("ferry crews praised the state's mill", "thing"),
        ("city hosted ferry summit", "place"),
    ],
)
def test_the_plainest_form_of_a_wording(question: str, form: str) -> None:
    assert wanted(question).forms[0] == form


def test_the_thing_described_ends_at_the_verb() -> None:
    assert wanted("Which shipping company paid for the new pier?").head == ("ship", "compani", "paid")


def test_a_question_without_a_description_has_no_head() -> None:
    assert wanted("who paid").head == ()
