"""What a question about provenance seeks, by its wording."""

import pytest

from assistant.figures import ASKS, counting, measure, others, sharper, value
from assistant.sought import sought, topic


@pytest.mark.parametrize(
    ("question", "kind", "sort", "first"),
    [
        ("Which paper was credited with revealing the crack in the ferry?", "credited", "paper", True),
        ("The Post ran a story on the ferry. Which news agency supplied it?", "credited", "agency", False),
        ("To which broadcaster did the captain say it?", "credited", "broadcaster", False),
        ("Through which outlet did the Courier learn of the crack?", "credited", "outlet", False),
        ("On whose reporting did the Courier rely?", "credited", "outlet", False),
        ("Which group dug up the captain's letters?", "credited", "group", False),
        ("What book was the story of the captain originally from?", "credited", "work", False),
        ("Whose poll had the mayor ahead?", "credited", "poll", False),
        ("Which outlet is thanked at the end of the story on the ferry?", "credited", "outlet", False),
        ("Who had the scoop about the ferry?", "credited", "outlet", True),
        ("Who had the story of the crack first?", "credited", "outlet", True),
        ("The crack was first reported by whom?", "credited", "outlet", True),
        ("Who was the source for the claim that the ferry leaks?", "credited", "outlet", False),
        ("Whom was the captain talking to when he said so?", "credited", "outlet", False),
        ("The captain said the crack was old. On which network?", "credited", "broadcaster", False),
        ("The captain explained his doubts to which outlet?", "credited", "outlet", False),
        ("The ferry sank. Which paper is that from?", "credited", "paper", False),
        ("Which news service is behind the piece on the ferry?", "credited", "agency", False),
        ("Whose dispatch was the story on the ferry?", "credited", "agency", False),
        ("hat tip in the story on the ferry?", "credited", "outlet", False),
        ("What did the Courier get wrong in its story on the ferry?", "note", "outlet", False),
        ("Which outlet here was first to report the crack?", "earliest", "outlet", True),
        ("Of the outlets in the collection, who wrote first about the crack?", "earliest", "outlet", True),
        ("In this archive, which paper mentioned the crack before the others?", "earliest", "paper", False),
        ("Which version of the story was the first?", "versions", "outlet", True),
        ("What did the Courier have to correct in its story on the crack?", "note", "outlet", False),
        ("Where is the story about the crack from?", "credited", "outlet", False),
        ("Where is the Courier's item on the crack from?", "credited", "outlet", False),
        ("Whose exclusive was the story on the crack?", "credited", "outlet", True),
        ("What source does the Courier give for the crack?", "credited", "outlet", False),
        ("Who beat the others to the news of the crack?", "credited", "outlet", True),
        ("Which paper had the crack before everyone else?", "credited", "paper", True),
        ("Which outlet was quickest to report the crack?", "credited", "outlet", True),
        ("Is the Courier's story on the ferry from a wire service?", "credited", "agency", False),
        ("Is the Courier's story original reporting or an agency's?", "credited", "agency", False),
        ("How did the Courier's story on the ferry change?", "versions", "outlet", False),
        ("What did the Courier change in its story on the ferry?", "versions", "outlet", False),
        ("The Courier's story on the ferry was later changed. What came in?", "versions", "outlet", False),
        (
            "the courier printed its piece two days in a row, whats different in the later one",
            "versions",
            "outlet",
            False,
        ),
        ("The Courier's article mixed up two ferries. Which had sunk?", "note", "outlet", False),
        ("who found out that the ferry leaks", "credited", "outlet", False),
        ("The Courier ran a column on the ferry: where had it appeared before?", "credited", "outlet", False),
        ("the courier says 11,491 sailed, where did they get that number", "credited", "any", False),
        ("The ferry sinking, in the Courier: which agency's story is that?", "credited", "agency", False),
        ("The captain was sure of it. On which channel did he mention that?", "credited", "broadcaster", False),
        ("To whom was the captain talking when he denied it?", "credited", "outlet", False),
    ],
)
def test_the_wording_tells_what_is_sought(question: str, kind: str, sort: str, first: bool) -> None:
    found = sought(question, [])
    assert found is not None and (found.kind, found.sort, found.first) == (kind, sort, first)


@pytest.mark.parametrize(
    "question",
    [
        "Who runs the ferry?",
        "Which company runs the ferry?",
        "Which Post editor said that the crack was old?",
        "Which group of travellers did the captain warn?",
        "Who beat the captain in the race?",
        "How did the story of the ferry change the law?",
        "Where is the captain from?",
        "Who was the first woman to sail round the world?",
        "Who, speaking to sailors, mocked the captain?",
        "What did the captain get wrong about the tide?",
        "To which show did the captain compare the race?",
        "How long was the crack?",
        "",
    ],
)
def test_other_questions_seek_nothing_about_provenance(question: str) -> None:
    assert sought(question, []) is None


def named(question: str, *outlets: str) -> list[tuple[tuple[int, int], str]]:
    return [((question.index(o), question.index(o) + len(o)), o) for o in outlets]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Did the Gazette's story on the crack come before or after the Post's report on the ferry?", "order"),
        ("Was it the Gazette's piece on the crack or the Post's on the ferry that appeared first?", "order"),
        ("Did the Gazette report the crack before the Post did?", "order"),
        ("Did the Gazette or the Post write about the crack first?", "order"),
        ("Was the Gazette or the Post earlier with the crack?", "order"),
        ("Which of the two, the Gazette or the Post, was earlier to write about the crack?", "order"),
        ("Which of the two had the crack earlier, the Gazette or the Post?", "order"),
        ("How long a crack did the Gazette and the Post each give?", "accounts"),
        ("How long was the crack, according to the Gazette and according to the Post?", "accounts"),
    ],
)
def test_two_outlets_side_by_side_are_ordered_or_compared(question: str, kind: str) -> None:
    found = sought(question, named(question, "Gazette", "Post"))
    assert found is not None and found.kind == kind


def test_an_outlet_that_cites_another_is_not_compared_with_it() -> None:
    question = "Which Gazette reporter wrote about the captain whom the Post profiled?"
    assert sought(question, named(question, "Gazette", "Post")) is None


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("In this archive, which outlet mentioned Ada Marsh's death before the others?", "Ada Marsh's death"),
        ("Which outlet here was first to report the crack in the ferry?", "the crack in the ferry"),
        ("Who in this collection first told readers that the ferry had a crack?", "the ferry had a crack"),
        ("Which outlet was quickest to report the crack in the ferry?", "the crack in the ferry"),
        ("which outlet", "which outlet"),
    ],
)
def test_the_topic_is_the_question_without_the_words_that_ask(question: str, about: str) -> None:
    assert topic(question) == about


@pytest.mark.parametrize(
    ("question", "sentence", "figure"),
    [
        (
            "How many deaths were there?",
            "On Friday 21 were hurt and at least 84 people were killed.",
            "at least 84 people",
        ),
        ("What did the inquiry cost?", "In 2 years the 11 members spent more than $6 million.", "more than $6 million"),
        ("How many delegates does she need?", "She needs 67 delegates to reach 2,383.", "67 delegates"),
        ("For how long was he spared taxes?", "The loss of $916 million spared him for 18 years.", "18 years"),
        ("What share voted?", "In 12 counties 41 percent of them voted.", "41 percent"),
        ("How many emails were found?", "They found 1,274, officials said.", "1,274"),
    ],
)
def test_a_figure_is_of_the_measure_asked_for(question: str, sentence: str, figure: str) -> None:
    found = value(sentence, measure(question))
    assert found is not None and found[0] == figure


def test_a_figure_that_the_question_gives_and_a_year_are_no_answers() -> None:
    assert value("In 2016 there were 12 of them.", measure("How many of the 12 sailed?")) is None


def test_a_figure_that_says_exactly_what_a_rounded_one_leaves_open_is_sharper() -> None:
    assert sharper("more than 1,200 emails", ["275", "1,274", "$1,260", "5,500"]) == "1,274"


def test_nothing_is_sharper_than_an_exact_figure() -> None:
    assert sharper("1,200 emails", ["1,274"]) is None


def test_only_sentences_that_name_what_is_counted_give_figures_for_it() -> None:
    emails = measure("How many emails were secret?")
    assert counting("In 2016 the number of secret emails rose by 275 to 1,274.", emails) == ["275", "1,274"]
    assert counting("The office has 1,274 windows.", emails) == []


def test_whose_things_are_counted_is_not_what_is_counted() -> None:
    assert (
        measure("How many of Brandt's letters were sealed?").counted == measure("How many letters were sealed?").counted
    )


def test_what_a_deal_is_worth_and_what_audience_a_debate_had_are_figures() -> None:
    assert ASKS.search("What was the deal worth?") and ASKS.search("What audience did the debate have?")


@pytest.mark.parametrize(
    ("question", "end", "things"),
    [
        ("How many tanks were lost?", "They handed in 36", "rifles"),
        ("How many letters did he write?", "He wrote 12", None),
        ("How many were lost?", "They handed in 36", None),
    ],
)
def test_a_figure_tells_which_other_things_it_counts(question: str, end: str, things: str | None) -> None:
    text = "They handed in 36 rifles." if end.startswith("They") else "He wrote 12 long letters."
    assert others(text, len(end), measure(question)) == things


def test_of_two_figures_the_one_of_what_is_counted_is_told() -> None:
    told = value("Of the 55,000 pages 328 letters were secret.", measure("How many letters were secret?"))
    assert told is not None and told[0].startswith("328")
