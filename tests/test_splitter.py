"""Where sentences end, and that passages are exact, whole and complete."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Article, Aside, Span
from index.splitter import passage_key, passages, sentences

FRAGMENTS = [
    "The mayor",
    " spoke",
    " at noon",
    ".",
    ". ",
    "?",
    "! ",
    "…",
    " ... ",
    "”",
    '" ',
    "“",
    "Mr. ",
    "U.S. ",
    "\n",
    "\n\n",
    "\xa0",
    "\u200b",
    ")",
    "12",
    "x" * 70,
]
texts = st.text() | st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join)
asides = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), max_size=4).map(
    lambda spans: tuple(Aside("promotion", start, start + length) for start, length in spans)
)


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def article(text: str, *asides: Aside) -> Article:
    return Article(id="river-post-1", text=text, asides=asides)


def packed(text: str, limit: int, *asides: Aside) -> list[str]:
    return [passage.text for passage in passages(article(text, *asides), limit)]


def uncovered(text: str, spans: list[Span]) -> str:
    """What of the text lies in no span, without white space."""
    inside = {i for start, end in spans for i in range(start, end)}
    return "".join(c for i, c in enumerate(text) if i not in inside and not c.isspace())


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Ash met Sen. Bell and Gov. Cole in St. Olav.",
        "Rep. Dora Eng, D-Mo., and Lt. Gov. Finn spoke.",
        "The U.S. Senate met the U.N. envoy.",
        "It opens at 9 a.m. Monday and closes at 5 p.m. EST.",
        "On Jan. 4 the dam broke, on Sept. 5 the bridge.",
        "The motion, No. 14 of the day, failed.",
        "Hill vs. Dale is the case, not Hill v. Glen.",
        "Acme Inc. Chairman J. K. Lund and Max Q. Moe Jr. left.",
        "Prices rose 2.5 percent to $1.5 million.",
        "See river.example.com for more.",
        "EAST PORT, N.H. - The ferry sank.",
        "EAST PORT, Wis. (AP) — The ferry sank.",
        "MR. ASH SPEAKS.",
        "''Mr. Ash is late,'' she said.",
        "1. Hilltown",
    ],
)
def test_a_stop_after_an_abbreviation_or_in_a_number_ends_nothing(text: str) -> None:
    assert split(text) == [text]


def test_an_abbreviation_ends_a_sentence_where_an_opening_word_follows() -> None:
    assert split("He left the U.S. The visa had run out. She lives in Fort Dee, Fla. Her son does too.") == [
        "He left the U.S.",
        "The visa had run out.",
        "She lives in Fort Dee, Fla.",
        "Her son does too.",
    ]


def test_no_as_an_answer_ends_a_sentence() -> None:
    assert split("No. Ask again in May.") == ["No.", "Ask again in May."]


def test_a_year_ends_a_sentence() -> None:
    assert split("It opened in 2015. Nobody came.") == ["It opened in 2015.", "Nobody came."]


@pytest.mark.parametrize(("opening", "closing"), ['""', "“”", "‘’", ["''", "''"], ["(", ")"], ["â€œ", "â€\x9d"]])
def test_what_closes_after_the_stop_belongs_to_the_sentence(opening: str, closing: str) -> None:
    first = f"{opening}We won, he said.{closing}"
    assert split(f"{first} She left.") == [first, "She left."]


def test_a_closing_quote_set_apart_belongs_to_the_sentence() -> None:
    assert split("''We call it 'home.' '' She left.") == ["''We call it 'home.' ''", "She left."]


def test_questions_and_calls_end_sentences() -> None:
    assert split("Who won? Nobody! Why?! It rained.") == ["Who won?", "Nobody!", "Why?!", "It rained."]


@pytest.mark.parametrize(
    "text",
    [
        "“Who won?” he asked.",
        '"Stop!" shouted the guard.',
        "“Who won?” Mr. Ash asked.",
        "“Stop it!” Dora van Eng said on Monday.",
        "The Jump! campaign failed.",
    ],
)
def test_a_question_or_call_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert split(text) == [text]


def test_a_quoted_question_ends_a_sentence_where_another_begins() -> None:
    assert split("She asked: “Who won?” The room was silent.") == ["She asked: “Who won?”", "The room was silent."]


@pytest.mark.parametrize(
    "text", ["We hope … they come.", "Well ... Maybe not.", "Wait... they come.", "A . . . [wet] day."]
)
def test_an_ellipsis_within_a_sentence_does_not_end_it(text: str) -> None:
    assert split(text) == [text]


def test_an_ellipsis_that_closes_a_sentence_ends_it() -> None:
    assert split("And then… Nothing came. ... We left. . . . They stayed.") == [
        "And then…",
        "Nothing came. ...",
        "We left. . . .",
        "They stayed.",
    ]


def test_a_dash_after_a_quote_leads_to_its_speaker() -> None:
    assert split("“It is cold.” — Dora Eng") == ["“It is cold.” — Dora Eng"]


def test_sentences_run_together_are_parted() -> None:
    assert split("The ferry sank.The crew swam.”Nobody drowned.") == [
        "The ferry sank.",
        "The crew swam.”",
        "Nobody drowned.",
    ]


def test_no_break_spaces_part_sentences_and_stay_outside_them() -> None:
    assert split("\xa0The ferry sank.\xa0 The crew swam.\xa0") == ["The ferry sank.", "The crew swam."]


def test_a_blank_line_ends_a_sentence_even_before_a_small_letter() -> None:
    assert split("the ferry\n \nsank") == ["the ferry", "sank"]


def test_a_headline_is_a_sentence_of_its_own() -> None:
    assert split("Ferry Sinks Off East Port\nThe crew swam ashore.") == [
        "Ferry Sinks Off East Port",
        "The crew swam ashore.",
    ]


def test_a_line_that_plainly_runs_on_ends_no_sentence() -> None:
    text = "The ferry sank with\nforty crates of apples,\nPears and plums, as Mr.\nAsh said."
    assert split(text) == [text]


def test_a_line_that_ends_with_a_stop_ends_a_sentence() -> None:
    assert split("The list:\nape.\nbear.") == ["The list:", "ape.", "bear."]


def test_sentences_of_a_part_of_a_text_are_spans_of_the_whole() -> None:
    assert sentences("Zero. The ferry sank. The crew swam.", 6, 30) == [(6, 21), (22, 30)]


def test_a_text_without_words_has_no_sentences() -> None:
    assert sentences(" \n\xa0\n") == []


@settings(deadline=None)
@given(texts)
def test_sentences_are_stripped_in_order_and_leave_nothing_but_white_space(text: str) -> None:
    spans = sentences(text)
    assert all(text[start:end] and text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert uncovered(text, spans) == ""


def test_a_passage_takes_whole_sentences_up_to_the_limit() -> None:
    assert packed("The ferry sank. The crew swam. Nobody drowned. It rained.", 31) == [
        "The ferry sank. The crew swam.",
        "Nobody drowned. It rained.",
    ]


def test_a_passage_tells_its_place_and_its_sentences() -> None:
    [passage] = passages(Article(id="a", text="  The ferry sank.\n\nThe crew swam. ", revision=3))
    assert (passage.article_id, passage.revision, passage.number) == ("a", 3, 0)
    assert (passage.start, passage.end, passage.text) == (2, 33, "The ferry sank.\n\nThe crew swam.")
    assert passage.sentences == ((2, 17), (19, 33))
    assert passage.key == passage_key("a", 3, 2, 33)


def test_a_passage_that_is_full_enough_ends_with_its_paragraph() -> None:
    assert packed("The ferry sank early today.\n\nThe crew swam. Nobody drowned.", 45) == [
        "The ferry sank early today.",
        "The crew swam. Nobody drowned.",
    ]


def test_a_passage_that_is_too_empty_takes_of_the_next_paragraph() -> None:
    assert packed("The ferry sank.\n\nThe crew swam. Nobody drowned.", 40) == [
        "The ferry sank.\n\nThe crew swam.",
        "Nobody drowned.",
    ]


def test_a_tiny_last_passage_is_evened_out() -> None:
    assert packed("The ferry sank off East Port at dawn. The crew of nine swam to the shore. Why?", 75) == [
        "The ferry sank off East Port at dawn.",
        "The crew of nine swam to the shore. Why?",
    ]


def test_a_sentence_beyond_the_limit_is_cut_at_spaces() -> None:
    assert packed("apples pears plums and quinces", 16) == ["apples pears", "plums and", "quinces"]


def test_a_word_beyond_the_limit_is_cut_within() -> None:
    assert packed("abcdefghij", 4) == ["ab", "cde", "fg", "hij"]


def test_no_passage_crosses_an_aside() -> None:
    text = "The ferry sank. Read more: Storms. The crew swam."
    assert packed(text, 1000, Aside("related", 16, 34)) == ["The ferry sank.", "The crew swam."]


def test_an_aside_cuts_the_sentence_it_stands_in() -> None:
    assert packed("The ferry ADVERTISEMENT sank.", 1000, Aside("promotion", 10, 23)) == ["The ferry", "sank."]


def test_an_article_that_is_all_aside_has_no_passages() -> None:
    assert packed("By Dora Eng", 1000, Aside("byline", 0, 11)) == []


def test_what_does_not_fit_the_window_is_halved_between_sentences() -> None:
    text = "The ferry sank. The crew swam. Nobody drowned. It rained."
    found = passages(article(text), fits=lambda texts: [len(text.split()) <= 6 for text in texts])
    assert [passage.text for passage in found] == ["The ferry sank. The crew swam.", "Nobody drowned. It rained."]
    assert [passage.number for passage in found] == [0, 1]


def test_a_sentence_that_does_not_fit_the_window_is_halved_at_a_space() -> None:
    found = passages(article("apples pears plums quinces"), fits=lambda texts: [len(t.split()) < 3 for t in texts])
    assert [passage.text for passage in found] == ["apples pears", "plums quinces"]


def test_a_window_that_takes_nothing_leaves_single_characters() -> None:
    found = passages(article("ab c"), fits=lambda texts: [False for _ in texts])
    assert [passage.text for passage in found] == ["a", "b", "c"]


def test_the_window_is_asked_once_for_all_passages_that_fit() -> None:
    asked: list[int] = []

    def fits(texts: list[str]) -> list[bool]:
        asked.append(len(texts))
        return [True for _ in texts]

    passages(article("The ferry sank. The crew swam. Nobody drowned."), 20, fits)
    assert asked == [3]


def test_passage_keys_are_the_same_everywhere() -> None:
    assert passage_key("river-post-1", 1, 0, 57) == 6231737425902796257


def test_passage_keys_differ_with_article_revision_and_span() -> None:
    assert len({passage_key(*of) for of in [("a", 1, 0, 9), ("b", 1, 0, 9), ("a", 2, 0, 9), ("a", 1, 0, 8)]}) == 4


@settings(deadline=None)
@given(texts, asides, st.integers(1, 120))
def test_passages_are_exact_in_order_within_the_limit_and_cover_all_but_asides(
    text: str, asides: tuple[Aside, ...], limit: int
) -> None:
    found = passages(article(text, *asides), limit)
    assert all(passage.text == text[passage.start : passage.end] and len(passage.text) <= limit for passage in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(
        p.end <= aside.start or aside.end <= p.start for p in found for aside in asides if aside.end > aside.start
    )
    assert uncovered(text, [(p.start, p.end) for p in found] + [(a.start, a.end) for a in asides]) == ""


@settings(deadline=None)
@given(texts, asides, st.integers(1, 120), st.integers(1, 6))
def test_sentences_of_a_passage_make_it_up_whatever_the_window(
    text: str, asides: tuple[Aside, ...], limit: int, words: int
) -> None:
    for passage in passages(article(text, *asides), limit, lambda texts: [len(t.split()) <= words for t in texts]):
        assert (passage.start, passage.end) == (passage.sentences[0][0], passage.sentences[-1][1])
        assert all(before[1] <= after[0] for before, after in pairwise(passage.sentences))
        assert uncovered(text[: passage.end], [(0, passage.start), *passage.sentences]) == ""
        assert len(passage.text.split()) <= words
