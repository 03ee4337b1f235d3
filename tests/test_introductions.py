"""Who somebody is, in the words with which an article introduces them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.introductions import asked, introduced
from assistant.sentences import Pick
from index import Index
from index.records import Article, Hit, Passage


def picks(*sentences: str) -> list[Pick]:
    """Each sentence an article of its own, best first."""
    found = []
    for number, text in enumerate(sentences):
        span = (0, len(text))
        hit = Hit(
            Passage(number, str(number), 1, 0, *span, text, (span,)),
            Article(str(number), text),
            9.0,
            "both",
            (),
            (),
            {},
        )
        found.append(Pick(hit, *span, 5.0 - number, {}))
    return found


def told(question: str, *sentences: str) -> str | None:
    found = introduced(question, picks(*sentences))
    return found.quote if found else None


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who is Ada Marsh?", "Ada Marsh"),
        ("who's ada marsh", "ada marsh"),
        ("Who was Ada?", "Ada"),
        ("Who is suing Ada Marsh over the ferry that sank?", None),
        ("What is the Marsh Foundation?", "Marsh Foundation"),
        ("What is the cause of the strike at the port of Salt Quay?", None),
        ("When is Ada Marsh due?", None),
    ],
)
def test_only_a_name_is_asked_of(question: str, name: str | None) -> None:
    assert asked(question) == name


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Ada Marsh, a former captain of the Marigold, spoke first.", "a former captain of the Marigold"),
        ("“We left too late,” said Ada Marsh, the harbour's chief engineer.", "the harbour's chief engineer"),
        ("Ada Marsh, Lindholm’s campaign manager was asked why.", "Lindholm’s campaign manager"),
        (
            "Ada Marsh, who works on tides for the Fenwick Institute, disagreed.",
            "works on tides for the Fenwick Institute",
        ),
        ("The paper quoted Ada Marsh of the Fenwick Institute.", "of the Fenwick Institute"),
        ("Mr. Lindholm's campaign manager, Ada Marsh, said no.", "Lindholm's campaign manager"),
        ("On Tuesday, Harbour Director Ada R. Marsh resigned.", "Harbour Director"),
        ("He met former party chairman Ada Marsh in June.", "former party chairman"),
        ("Ada Marsh, Tom Vale and the captain left.", None),
        ("Ada Marsh, a week after the storm, went home.", None),
        ("Her lawyer, Ada Marsh, said no.", "Her lawyer"),
        ("Hale, his sister Ada Marsh and two friends were saved.", "his sister"),
        ("A harbour monitor, Captain Ada Marsh, saw it.", "A harbour monitor"),
        ("The first to swim across, Ada Marsh, was given a medal.", "The first to swim across"),
        ("The next day, Ada Marsh, who was tired, slept.", None),
        ("The other guest is Vale's own cook, Ada Marsh.", "Vale's own cook"),
        ("Ada Marsh, a ship's cook whose last letters were lost, wrote daily.", "a ship's cook"),
        ("Captain Ada Marsh went home.", None),
        ("Ada Marsh Hale, a lawyer, went home.", None),
    ],
)
def test_the_words_beside_the_name_tell_who_somebody_is(sentence: str, words: str | None) -> None:
    assert told("Who is Ada Marsh?", sentence) == words


def test_what_somebodys_job_is_is_asked_in_other_words() -> None:
    sentence = "“We left too late,” said Ada Marsh, the harbour's chief engineer."
    for question in ("What is Ada Marsh's job?", "what's ada marsh's role", "What does Marsh do for a living?"):
        assert told(question, sentence) == "the harbour's chief engineer"


def test_whom_only_a_relation_tells_is_introduced_so_last() -> None:
    assert told("Who is Ada?", "His sister, Ada, said no.", "Ada, a nurse, sang.") == "a nurse"
    assert told("Who is Ada?", "His sister, Ada, said no.", "Ada sang.") == "His sister"


def test_words_behind_the_name_come_before_a_title() -> None:
    title, behind = "Union leader Ada Marsh spoke.", "Then Ada Marsh, a dock worker from Salt Quay, sang."
    assert told("who is ada marsh", title, behind) == "a dock worker from Salt Quay"


def test_what_something_is_is_told_in_the_same_words() -> None:
    sentence = "He wrote to the Harbour Desk, a charity that advises dockers, in May."
    assert told("What is the Harbour Desk?", sentence) == "a charity that advises dockers"


def test_a_surname_will_do_where_only_one_bears_it() -> None:
    marsh, other = "Ada Marsh, a lawyer, spoke.", "Tom Marsh, a farmer, did not."
    assert told("Who is Marsh?", marsh, "Mr. Marsh went home.") == "a lawyer"
    assert told("Who is Marsh?", marsh, other) is None
    assert told("Who is Tom Marsh?", marsh, other) == "a farmer"


@pytest.mark.parametrize("words", ["Aa's ", "Aa ", "Former ", "Aa Bb lawyer of Cc ", "Ada Marsh "])
def test_a_long_row_of_names_takes_no_long_time(words: str) -> None:
    assert told("Who is Ada Marsh?", words * 2000 + "Ada Marsh went home.") is None


def test_the_answer_begins_with_whoever_introduces(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Dockers at Salt Quay went on strike on Monday. Ada Marsh joined them at noon and stayed until the evening. "
        "“We want shorter nights,” said Ada Marsh, a crane driver from Lindholm.",
        encoding="utf-8",
    )
    with Index.open(tmp_path / "index") as index:
        index.add([tmp_path / "a.txt"])
        answer = Assistant(index).ask("who is ada marsh?")
        unknown = Assistant(index).ask("Who is Tom Vale?")
        quay = Assistant(index).ask("What is Salt Quay?")
    assert answer.short == "a crane driver from Lindholm"
    assert answer.text.startswith("“a crane driver from Lindholm”, according to")
    assert answer.citations[answer.sentences[0].citations[0] - 1].quote.endswith("a crane driver from Lindholm.")
    assert unknown.refused
    assert quay.short is None
