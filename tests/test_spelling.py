"""Misspelt words: what counts as a slip, and which word is meant."""

import pytest

from index.spelling import likeliest

COUNTS = {"trump": 900, "rubio": 300, "skipping": 2, "swiping": 9, "lewandowski": 40, "mcconnell": 60, "brewer": 8,
          "washington": 700, "fliers": 5, "stephanopoulos": 20, "kasich": 200, "ferry": 12, "ferries": 3}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("trmup", "trump"),
        ("rubo", "rubio"),
        ("rubbio", "rubio"),
        ("kaisch", "kasich"),
        ("mcconel", "mcconnell"),
        ("lewandowsky", "lewandowski"),
        ("lewendowsky", "lewandowski"),
        ("stephanapoulis", "stephanopoulos"),
        ("qashington", "washington"),
        ("awshington", "washington"),
        ("flyers", "fliers"),
        ("fery", "ferry"),
    ],
)
def test_a_slip_stands_for_the_word_that_is_meant(written: str, meant: str) -> None:
    assert likeliest(written, COUNTS) == meant


def test_a_letter_doubled_or_left_out_is_likelier_than_a_wrong_one() -> None:
    assert likeliest("skiping", COUNTS) == "skipping"


@pytest.mark.parametrize("written", ["brewery", "tramp", "rubin", "kasicz", "trumpets", "xylophone", "fer", "banana"])
def test_another_word_or_ending_is_no_slip(written: str) -> None:
    assert likeliest(written, COUNTS) is None


def test_a_collection_without_words_has_none() -> None:
    assert likeliest("trmup", {}) is None
