"""What folding repairs, and that every offset of a folded text finds its way back."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.folding import fold

FRAGMENTS = [
    "word",
    " ",
    "\n",
    "\r\n",
    "\xa0",
    "\u200b",
    "\xad",
    "\x83",
    "“",
    "’",
    "''",
    "``",
    "$23million",
    "5percent",
    "<br/>",
    '<tweet id="7">',
    "<",
    ">",
    "&amp;",
    "&#8217;",
    "&",
    "â€™",
    "Ã©",
    "Ã\x83Â¡",
    "A\u0303o",
    "Ã",
    "é’”",
    "e\u0301",
    "\u0301",
    "ﬁ",
    "\u212b",
    "\u1112\u1161\u11ab",
    "😀",
    "ðŸ˜€",
    "\ud800",
]
texts = st.text() | st.lists(st.sampled_from(FRAGMENTS)).map("".join)


def test_clean_text_comes_back_as_it_is() -> None:
    assert fold('The mayor said: "We won\'t pay $3 million."\n\nShe left.').text == (
        'The mayor said: "We won\'t pay $3 million."\n\nShe left.'
    )


def test_odd_spaces_become_spaces_one_for_one() -> None:
    assert fold("a\xa0b\u2009\u202fc\td").text == "a b  c d"


def test_line_ends_stay_and_do_not_collapse() -> None:
    assert fold("a\n\n\nb\u2029c").text == "a\n\n\nb\nc"


def test_invisible_characters_go() -> None:
    assert fold("\ufeffnews\xadpaper \u200bcombined\x1b \u202a@desk").text == "newspaper combined @desk"


def test_curly_quotes_become_straight() -> None:
    assert fold("“It’s ‘fine’,” he said").text == "\"It's 'fine',\" he said"


def test_doubled_single_quotes_become_double_quotes() -> None:
    assert fold("''Yes,'' she said. ``No.''").text == '"Yes," she said. "No."'


def test_dashes_stay() -> None:
    assert fold("war—and peace–now ― here").text == "war—and peace–now ― here"


def test_ligatures_become_letters() -> None:
    assert fold("the oﬃce ﬁnds a ﬂaw").text == "the office finds a flaw"


def test_letters_and_their_accents_are_composed() -> None:
    assert fold("Pen\u0303a and Jose\u0301").text == "Peña and José"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("donâ€™t", "don't"),
        ("â€œYesâ€\x9d", '"Yes"'),
        ("PeÃ±a", "Peña"),
        ("Â£5", "£5"),
        ("costs\xc2\xa05", "costs 5"),
        ("costsÂ 5", "costs 5"),
        ("ErdoÄŸan", "Erdoğan"),
        ("smile ðŸ˜€", "smile 😀"),
    ],
)
def test_mojibake_is_repaired(printed: str, meant: str) -> None:
    assert fold(printed).text == meant


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("PeA\u0303\xb1a", "Peña"),
        ("GA\u03031\u20444len", "Gülen"),
        ("RaA\u0303ol", "Raúl"),
        ("naA\u0303 \u0304ve", "naïve"),
        ("donâ€TMt", "don't"),
        ("PeÃ\x83Â±a", "Peña"),
    ],
)
def test_mojibake_that_was_normalised_or_doubled_is_repaired(printed: str, meant: str) -> None:
    assert fold(printed).text == meant


@pytest.mark.parametrize("printed", ["LIBERTÉ —", "SÃO PAULO", "naïve café…", "Ångström", "José: sí", "5 °C"])
def test_accents_that_are_right_stay(printed: str) -> None:
    assert fold(printed).text == printed


def test_an_accent_before_closing_quotes_is_not_taken_for_mojibake() -> None:
    assert fold("“I met ‘José’”").text == "\"I met 'José'\""


def test_numbers_part_from_their_units() -> None:
    assert fold("$23million, 2.5Billion and 5percent").text == "$23 million, 2.5 Billion and 5 percent"


@pytest.mark.parametrize("printed", ["the 9mm", "a 20th", "1980s", "7millionaires", "4chan", "t.co/5millions9"])
def test_other_letters_after_a_number_stay(printed: str) -> None:
    assert fold(printed).text == printed


def test_leftover_tags_go() -> None:
    assert fold('He wrote: <tweet id="7" author="@x">No.</tweet> <B>Never</B>').text == "He wrote: No. Never"


def test_a_tag_between_two_words_leaves_a_space() -> None:
    assert fold("first<br/>second").text == "first second"


@pytest.mark.parametrize("printed", ["3 < 4 > 2", "<redacted>", "<i think so>", "a <b and c> d"])
def test_angle_brackets_that_are_no_tags_stay(printed: str) -> None:
    assert fold(printed).text == printed


def test_character_references_are_read() -> None:
    assert fold("AT&amp;T&#8217;s R&D &ldquo;plan&rdquo; &unknown;").text == 'AT&T\'s R&D "plan" &unknown;'


def test_a_span_covers_the_whole_of_what_was_replaced() -> None:
    printed = "He saw PeÃ±a today"
    folded = fold(printed)
    start = folded.text.index("Peña")
    a, b = folded.span(start, start + 4)
    assert printed[a:b] == "PeÃ±a"


def test_a_span_leaves_out_what_was_dropped_around_it() -> None:
    printed = "<b>bold</b>\u200b words"
    folded = fold(printed)
    a, b = folded.span(0, 4)
    assert printed[a:b] == "bold"


def test_a_span_keeps_what_was_dropped_inside_it() -> None:
    assert fold("a news\xadpaper").span(2, 11) == (2, 12)


def test_a_span_of_one_letter_of_a_ligature_is_the_ligature() -> None:
    assert fold("ﬁne").span(1, 2) == (0, 1)


def test_a_span_does_not_take_in_an_inserted_space() -> None:
    printed = "$23million"
    folded = fold(printed)
    assert folded.text == "$23 million"
    assert [printed[slice(*folded.span(*span))] for span in [(0, 3), (4, 11)]] == ["$23", "million"]


def test_offsets_go_there_and_back() -> None:
    folded = fold("Donâ€™t pay ''them'' $5million")
    assert folded.text == 'Don\'t pay "them" $5 million'
    assert [folded.original(i) for i in (0, 3, 4, 10, 18, 27)] == [0, 3, 6, 12, 22, 30]
    assert [folded.folded(i) for i in (0, 3, 5, 6, 12, 22, 30)] == [0, 3, 3, 4, 10, 18, 27]


def test_offsets_out_of_range_are_clamped() -> None:
    folded = fold("a\xadb")
    assert [folded.original(-5), folded.original(99), folded.folded(-5), folded.folded(99)] == [0, 3, 0, 2]
    assert folded.span(-5, 99) == (0, 3)


@settings(deadline=None)
@given(texts)
def test_any_text_folds_to_composed_text_without_control_characters(text: str) -> None:
    folded = fold(text).text
    assert unicodedata.is_normalized("NFC", folded)
    assert not any(c < " " and c != "\n" for c in folded)


@settings(deadline=None)
@given(texts)
def test_offsets_to_the_original_are_monotone_and_meet_its_ends(text: str) -> None:
    folded = fold(text)
    offsets = [folded.original(i) for i in range(len(folded.text) + 1)]
    assert offsets == sorted(offsets)
    assert offsets[0] == 0
    assert not folded.text or offsets[-1] == len(text)


@settings(deadline=None)
@given(texts)
def test_offsets_from_the_original_are_monotone_and_meet_the_folded_ends(text: str) -> None:
    folded = fold(text)
    offsets = [folded.folded(i) for i in range(len(text) + 1)]
    assert offsets == sorted(offsets)
    assert offsets[0] == 0
    assert not text or offsets[-1] == len(folded.text)


@settings(deadline=None)
@given(texts, st.integers(0, 60), st.integers(0, 60))
def test_spans_are_in_range_and_ordered(text: str, start: int, length: int) -> None:
    a, b = fold(text).span(start, start + length)
    assert 0 <= a <= b <= len(text)


@settings(deadline=None)
@given(texts)
def test_neighbouring_spans_do_not_go_back(text: str) -> None:
    folded = fold(text)
    spans = [folded.span(i, i + 1) for i in range(len(folded.text))]
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(spans))
