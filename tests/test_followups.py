"""Follow-ups: what leans on the conversation before it, and how it is worded to stand alone."""

import pytest

from assistant.followups import own, standalone
from assistant.question import understand
from assistant.records import Answer, Turn
from index.outlets import known
from index.records import Query, Span

RENT = "How much rent did the Harbour Trust pay for Salt House in July 2016?"
TOUR = "What did Politico report about Donald Trump's golf tour?"


def mentions(text: str) -> list[tuple[Span, str]]:
    return [(span, outlet.name) for span, outlet in known().mentions(text)]


def after(before: str, question: str) -> str:
    return standalone(question, [Turn(before, "It paid 400 pounds.")], mentions)


def answer(question: str, short: str) -> Answer:
    return Answer(question, question, "who", Query(question), f"{short} did.", short)


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        (RENT, "And in October?", "How much rent did the Harbour Trust pay for Salt House in October 2016?"),
        (RENT, "what about 2015?", "How much rent did the Harbour Trust pay for Salt House in 2015?"),
        (RENT, "And Bridge House?", "How much rent did the Harbour Trust pay for Bridge House in July 2016?"),
        (TOUR, "And the New York Times?", "What did the New York Times report about Donald Trump's golf tour?"),
        (TOUR, "What about Hillary Clinton?", "What did Politico report about Hillary Clinton's golf tour?"),
        (
            "Who paid for the bridge?",
            "and the New York Times?",
            "Who paid for the bridge, according to the New York Times?",
        ),
    ],
)
def test_what_is_asked_of_something_else_is_the_question_before_with_that_in_its_place(
    before: str, question: str, alone: str
) -> None:
    assert after(before, question) == alone


@pytest.mark.parametrize(
    "question",
    [
        "And when was it sold?",
        "by whom?",
        "Why?",
        "How many of them were empty?",
        "How much did it cost?",
        "And after that?",
        "Who said so then?",
        "Who else paid?",
        "Was the house sold?",
        "Who lives there?",
    ],
)
def test_what_a_question_leaves_unsaid_stands_in_brackets_behind_it(question: str) -> None:
    alone = after(RENT, question)
    assert alone == f"{question} (rent, Harbour Trust pay for Salt House in July 2016)"
    assert own(alone) == question


def test_he_is_the_man_of_the_question_before_and_never_a_woman_of_it() -> None:
    before = "What did Martha Hale tell Peter Quince about the ferry?"
    assert after(before, "And when did he leave?").startswith("And when did Peter Quince leave?")
    assert after(before, "Who is her lawyer?").startswith("Who is Martha Hale’s lawyer?")


def test_a_bare_question_for_a_response_leans_on_what_was_asked() -> None:
    alone = after(RENT, "How did the Trust respond?")
    assert alone == "How did the Trust respond? (rent, Harbour Trust pay for Salt House in July 2016)"
    assert after(RENT, "How did the Trust respond to the strike?") == "How did the Trust respond to the strike?"


def test_he_is_the_answer_where_somebody_was_asked_for_whatever_the_name() -> None:
    turn = answer("Which lawmaker sued the Harbour Trust?", "Volker Beck")
    assert standalone("Why did they threaten him?", [turn], mentions).startswith("Why did they threaten Volker Beck?")
    thing = answer("What did the Harbour Trust buy?", "Salt House")
    assert "Salt House" not in standalone("Why did they threaten him?", [thing], mentions)


def test_he_stays_where_the_question_before_asked_who() -> None:
    assert after("Who opened the bridge for Martha Hale?", "How old is he?") == (
        "How old is he? (opened the bridge for Martha Hale)"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Which minister opened the new railway station in Leeds?",
        "who opened the new railway station in leeds",
        "Which senator said that he would vote no?",
        "What did Peter Quince say about his boat?",
        "Is there a bridge at Lowmarsh?",
    ],
)
def test_a_new_topic_is_left_as_it_is(question: str) -> None:
    assert after(RENT, question) == question


def test_a_conversation_is_followed_over_several_turns() -> None:
    history = [Turn(RENT, "400 pounds."), Turn("And who owns it now?", "A bank.")]
    assert standalone("Since when?", history, mentions) == (
        "Since when? (owns, now, rent, Harbour Trust pay for Salt House in July 2016)"
    )


def test_an_outlet_that_was_asked_before_does_not_stay_asked() -> None:
    before = "How much was the rent, according to USA Today?"
    assert after(before, "When was it paid?") == "When was it paid? (rent)"


def test_thanks_are_no_question_about_what_was_said() -> None:
    understood = understand("Thanks!", mentions, [], [Turn(RENT, "400 pounds.")])
    assert (understood.standalone, understood.kind, understood.follows) == ("Thanks!", "chat", False)


def test_an_outlet_that_is_asked_next_becomes_the_filter() -> None:
    understood = understand("And USA Today?", mentions, ["Politico", "USA Today"], [Turn(TOUR, "Much.")])
    assert understood.query.outlets == ("USA Today",)
