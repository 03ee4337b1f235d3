"""Several names for a question that asks for several."""

from __future__ import annotations

from dataclasses import replace

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
        ("Two ports that closed after four days", 2),
        ("Which four-star general criticized the plan?", None),
        ("What three-day festival was called off?", None),
        ("What 3.5 million visitors came?", None),
        ("Two weeks after the vote, what did Hale say?", None),
    ],
)
def test_a_question_tells_how_many_it_wants(question: str, number: int | None) -> None:
    assert count(question) == number


def test_as_many_names_as_asked_for_are_told_in_their_order() -> None:
    candidates = told("Quiros paid Ada Marsh (D-Vt.), and later Tom Vale, to go.", "Tom Vale", "Ada Marsh")
    assert gathered("Which two did Quiros pay?", candidates) == "Ada Marsh and Tom Vale"


def test_names_of_the_question_do_not_count() -> None:
    candidates = told("Ada Marsh, Tom Vale and Ines Roy met.", "Ada Marsh", "Tom Vale", "Ines Roy")
    assert gathered("Which two people met Ada Marsh?", candidates) == "Tom Vale and Ines Roy"


def test_which_sites_are_those_in_a_row_with_the_best() -> None:
    text = "In Oslo she asked for help from Lumen and from Tidal."
    assert gathered("Which sites did she ask?", told(text, "Lumen", "Tidal", "Oslo")) == "Lumen and Tidal"


def test_a_best_answer_that_is_part_of_a_row_is_told_with_all_of_it() -> None:
    text = "He rang the leaders of Norway, Brazil, China and India."
    assert gathered("leaders he rang", told(text, "China and India")) == "Norway, Brazil, China and India"
    assert gathered("leaders he rang", told(text, "Brazil")) is None
    assert gathered("Which leader did he ring?", told(text, "China and India")) is None


def test_who_is_described_by_a_company_is_no_row_with_it() -> None:
    text = "So says Roy Vale, a Rutgers University scholar."
    assert gathered("Which Rutgers scholars said so?", told(text, "Roy Vale")) is None


def test_the_best_sentence_with_just_so_many_is_taken_where_the_very_best_has_others() -> None:
    text = "The two spoke. Ada Marsh and Tom Vale signed."
    first, second = (told(text, name)[0] for name in ("two", "Tom Vale"))
    split = text.index(" Ada") + 1
    best = replace(first, pick=replace(first.pick, end=split - 1))
    other = replace(second, pick=replace(second.pick, start=split, score=4.0))
    assert gathered("Which two signed?", [best, other]) == "Ada Marsh and Tom Vale"


def test_sentences_of_two_articles_that_start_alike_are_both_looked_at_and_the_better_first() -> None:
    (first,) = told("Ada Marsh and Tom Vale signed.", "Tom Vale")
    (second,) = told("Ines Roy and Karl Lind signed.", "Karl Lind")
    article = replace(second.pick.hit.article, id="b")
    other = replace(second, pick=replace(second.pick, hit=replace(second.pick.hit, article=article), score=4.0))
    assert gathered("Which two signed?", [first, other]) == "Ada Marsh and Tom Vale"


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
        ("Which two states voted?", "Both Ohio, 66 delegates, and Utah, 40 delegates, voted.", "Ohio and Utah"),
        (
            "Which three bosses did she name?",
            "She named Karl Ross at Lumen, Mark Vale at Tidal and Ines M. Roy at Faro.",
            "Karl Ross, Mark Vale and Ines M. Roy",
        ),
        (
            "Which two scholars wrote it?",
            "Karl Ross of Ohio University and Margo Vale of Yale University wrote it.",
            "Karl Ross of Ohio University and Margo Vale of Yale University",
        ),
        (
            "Which two former Navy SEALs fell?",
            "The fallen were officer Tom Vale, clerk Ines Roy, and former Navy SEALs Karl Ross and Mark Lind.",
            "Karl Ross and Mark Lind",
        ),
        (
            "Which three heroes did he name?",
            "He named the singer Karl Ross, Tom Vale and the Supreme Court justice Ada Marsh.",
            "Karl Ross, Tom Vale and Ada Marsh",
        ),
        ("Which two lawmakers met?", "Sens. Rand Vale (Ky.) and Marco Roy (Fla.) met.", "Rand Vale and Marco Roy"),
        ("In which three years was it robbed?", "Thieves came in 2010, 2011 and 2013.", "2010, 2011 and 2013"),
        (
            "With which four adjectives did the paper praise her?",
            "It called her dogged, resilient, purposeful and smart.",
            "dogged, resilient, purposeful and smart",
        ),
        ("Which two states voted?", "Karl Ross and Tom Vale voted.", None),
        (
            "Which rights groups praised it?",
            "Rights groups like Faro Aid and the Lumen League praised it.",
            "Faro Aid and Lumen League",
        ),
        ("Which two billionaires paid?", "Karl Ross paid, and a Republican too.", None),
        ("Which states voted?", "Votes were cast in Ohio and Utah on Friday.", None),
    ],
)
def test_a_row_that_the_question_leads_or_of_just_as_many_as_asked_for_is_told(
    question: str, sentence: str, names: str | None
) -> None:
    assert row(question, [told(sentence, sentence)[0].pick]) == names


def test_a_sentence_that_fits_badly_has_no_row_to_tell() -> None:
    pick = replace(told("Votes were cast in Ohio and Utah.", "Ohio")[0].pick, score=-0.5)
    assert row("Which two states voted?", [pick]) is None
