"""Wordpieces counted word by word, each word once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index import counting
from index.counting import WordCounts
from index.encoders import FusedEncoder, _wordpieces, load_encoder


class Letters:
    """Counts letters, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> list[int]:
        self.asked += texts
        return [len(text) for text in texts]


def test_the_counts_are_the_tokenizer_s_own() -> None:
    encoder = load_encoder()
    texts = [
        "", " ", "\n\n", "The ferry  sank.\n\nDivers found the bell-buoy (14 cm).",
        "[MASK] antidisestablishmentarianism", "naïve café\u00a0— “so” 中文\tЖ\u2028x",
        "a" * 150 + " b", "e\u0301 \u0301 🙂🙂",
    ]  # fmt: skip
    assert isinstance(encoder, FusedEncoder)
    assert encoder.count(texts) == _wordpieces(encoder._tokenizer, texts)


def test_a_mark_is_a_piece_and_a_whole_word_is_never_asked_for() -> None:
    letters = Letters()
    count = WordCounts(letters, marks=",.-", whole={"the", "ferry"})
    assert count(["The ferry, sank. Bell-buoy"]) == [1 + 2 + 5 + 9]
    assert sorted(letters.asked) == ["Bell", "buoy", "sank"]


def test_no_word_is_asked_for_twice() -> None:
    letters = Letters()
    count = WordCounts(letters)
    assert count(["a ferry", "a bell\nand a ferry"]) == [6, 14]
    assert count(["ferry bell"]) == [9]
    assert sorted(letters.asked) == ["a", "and", "bell", "ferry"]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "KEPT", 2)
    count = WordCounts(Letters())
    assert count(["one two three"]) == [11]
    assert count(["three four"]) == [9]
    assert len(count._known) == 3
