"""The marks that models make in place of [1], each understood wherever a reply is cut into pieces; and what is none."""

import time
from itertools import pairwise

import pytest

from assistant.markers import bare, numbers, whole_sentences

PASSAGES = 10
OUTLETS = ["The Daily Post"] * PASSAGES

MARKS = {
    "[1]": [1],
    "(1, 2)": [1, 2],
    "(1; 2)": [1, 2],
    "(1)(2)": [1, 2],
    "{1}": [1],
    "{{1}}": [1],
    "{1}{2}": [1, 2],
    "{cite: 1}": [1],
    "¹": [1],
    "¹²": [1, 2],
    "¹⁰": [10],
    "¹,²": [1, 2],
    "²˒³": [2, 3],
    "[¹]": [1],
    "[^1]": [1],
    "^[1]": [1],
    "^1^": [1],
    "【1†source】": [1],
    "【2:0†The Daily Post】": [2],
    "[1][2]": [1, 2],
    "[1] / [2]": [1, 2],
    "[1]+[2]": [1, 2],
    "[1-3]": [1, 2, 3],
    "[2–4]": [2, 3, 4],
    "[Passage 1]": [1],
    "[Passage #1]": [1],
    "[passage_2]": [2],
    "(Passage 2)": [2],
    "(passages 1–3)": [1, 2, 3],
    "[#1]": [1],
    "(#1)": [1],
    "［１］": [1],
    "【２】": [2],
    "（１）": [1],
    "[doc 1]": [1],
    "[S2]": [2],
    "[1.]": [1],
    "[1, p. 2]": [1],
    "[The Daily Post, 1]": [1],
    "(The Daily Post, passage 2)": [2],
    "(see [1])": [1],
    "(as reported by [2])": [2],
    "**[1]**": [1],
    "$[1]$": [1],
    '<a href="#1">[1]</a>': [1],
    "[[1](#p1)]": [1],
    "⟨1⟩": [1],
    "<sup>1,2</sup>": [1, 2],
    "<source>1</source>": [1],
    "<passage 1>": [1],
    '<cite id="1"/>': [1],
}
"""Each mark with the passages that it names."""


def read(reply: str, *cuts: int) -> list[tuple[str, list[int]]]:
    """The sentences of a reply that comes in pieces cut at those places, each with the passages that it names."""
    places = [0, *cuts, len(reply)]
    pieces = [reply[a:b] for a, b in pairwise(places) if a < b]
    return [(bare(one), numbers(one, PASSAGES)) for one in whole_sentences(pieces) if one and bare(one)]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("reply", ["She resigned {}. The council met.", "She resigned. {} The council met."])
def test_a_mark_is_understood_before_and_after_the_full_stop_wherever_the_reply_is_cut(mark: str, reply: str) -> None:
    marked = reply.replace("{}", mark)
    for cut in range(1, len(marked)):
        assert read(marked, cut) == [("She resigned.", MARKS[mark]), ("The council met.", [])]


@pytest.mark.parametrize("mark", [*MARKS, "(1)"])
def test_a_mark_at_the_end_of_the_reply_or_right_at_the_full_stop_is_understood(mark: str) -> None:
    named = MARKS.get(mark, [1])
    for reply in (f"She resigned. {mark}", f"She resigned.{mark}", f"She resigned {mark}."):
        assert {str(read(reply, cut)) for cut in range(1, len(reply))} == {str([("She resigned.", named)])}
    assert read(f"She resigned.{mark} The council met.") == [("She resigned.", named), ("The council met.", [])]


@pytest.mark.parametrize("mark", ["(1)", "[1]", "{1}", "¹"])
def test_a_mark_after_the_full_stop_at_the_end_of_a_line_is_understood(mark: str) -> None:
    reply = f"She resigned. {mark}\nThe council met. {mark}\n"
    for cut in range(1, len(reply)):
        assert read(reply, cut) == [("She resigned.", [1]), ("The council met.", [1])]


@pytest.mark.parametrize(
    "said",
    [
        "She left (2016) again.",
        "She left in (2016).",
        "They won twice (2-0).",
        "She gave two reasons: (1) health, (2) age.",
        "She gave two reasons: (1) health and (2) age.",
        "She cited sections (1) and (2).",
        "His daughter (9) left.",
        "Under the treaty (Article 5) allies help.",
        "Ada Lund (D-12) resigned.",
        "Alabama (No. 4) won.",
        "Team ranked (#1) in the state.",
        "Ohio (Big Ten, #1) won.",
        "“She [Lund, 56] resigned,” it said.",
        "It covers 5 m² and 3 km².",
        "It was 10^6 times as much.",
        "She said “the [2021] budget”.",
        "The Group of 7 (G7) met.",
    ],
)
def test_a_year_a_score_an_age_and_the_like_are_no_marks(said: str) -> None:
    marked = f"{said} [2]"
    assert [(bare(one, OUTLETS), numbers(one, PASSAGES)) for one in whole_sentences([marked]) if one] == [(said, [2])]


def test_the_number_at_the_head_of_a_list_s_item_is_no_mark_of_the_sentence_before() -> None:
    for reply in ("There are two. (1) She left. (2) He came on Monday.", "There are two.\n(1) She left.\n(2) He came."):
        for cut in range(1, len(reply)):
            assert [named for _, named in read(reply, cut)] == [[], [], []]


def test_a_silence_after_what_may_head_a_list_s_item_does_not_make_it_a_mark() -> None:
    pieces = ["There are two. (1)", "", " She left.", ""]
    assert [one for one in whole_sentences(pieces) if one] == ["There are two.", "(1) She left."]


@pytest.mark.parametrize("odd", [" ", "[", "{", "(1)", "[1, ", "[1] and ", "¹", "**[1", "[The "])
def test_what_begins_like_marks_again_and_again_is_read_in_bounded_time(odd: str) -> None:
    begun = time.process_time()
    assert bare(f"She resigned. {odd * (1_000 // len(odd))}").startswith("She resigned.")
    assert time.process_time() - begun < 2  # Of the kinds seen the worst takes 0.1 s; read in cubic time, 16 s.


@pytest.mark.parametrize(
    "reply",
    [
        "She left. (" + "[1]" * 200 + " said Hale.",
        "She left. (" + "[1](#a)" * 200 + " said Hale.",
        "Passage 1, " * 17 + "Passage 1 say so.",
        "passage 1 " * 190,
        "Passages 1  and " * 100,
        "[source " + ", source ".join(map(str, range(1, 200))) + " and so on.",
        "[no. " + "1 no. " * 200,
    ],
)
def test_a_long_row_of_marks_that_never_closes_is_read(reply: str) -> None:
    assert all(
        isinstance(bare(one), str) and set(numbers(one, PASSAGES)) <= set(range(200))
        for one in whole_sentences([reply])
        if one
    )
