"""Passages by their words: what is found, filtered and forgotten, whatever stands in a query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import Damaged
from index.records import Article, Query
from index.words import Entry, Words, about, number, stems, tokens

FERRY = Entry(1, 10, "The ferries stopped at Lowmarsh.", "Night ferry", "CNN", dt.date(2016, 3, 2))
CAFE = Entry(2, 11, "The café sold buns.", "Breakfast", "NPR", dt.date(2016, 4, 1))
GULLS = Entry(3, 12, "Gulls stole a bun near the ferry.", "Gulls", "CNN", None)


@pytest.fixture
def words(tmp_path: Path) -> Words:
    Words.create(tmp_path / "words")
    words = Words(tmp_path / "words")
    words.change([], [FERRY, CAFE, GULLS])
    return words


def found(words: Words, text: str, query: Query | None = None) -> set[int]:
    return {key for key, _ in words.search(query or Query(""), text, 10)}


def test_any_of_the_words_is_enough_and_more_are_better(words: Words) -> None:
    hits = words.search(Query(""), "ferry to Lowmarsh", 10)
    assert [key for key, _ in hits] == [1, 3]
    assert hits[0][1] > hits[1][1] > 0


def test_endings_and_accents_do_not_matter(words: Words) -> None:
    assert found(words, "a cafe") == {2}
    assert found(words, "stopping") == {1}


def test_a_headline_is_found_too(words: Words) -> None:
    assert found(words, "breakfast") == {2}


def test_matching_wants_all_the_words(words: Words) -> None:
    assert words.matching(Query(""), "the bun and the ferry", 10) == [3]
    assert words.matching(Query(""), "", 10) == []


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        (Query("", outlets=("CNN",)), {1, 3}),
        (Query("", outlets=("CNN", "NPR")), {1, 2, 3}),
        (Query("", since=dt.date(2016, 3, 2), until=dt.date(2016, 3, 2)), {1}),
        (Query("", since=dt.date(2016, 3, 3)), {2}),
        (Query("", until=dt.date(2016, 12, 31)), {1, 2}),
        (Query("", outlets=("NPR",), until=dt.date(2016, 3, 3)), set()),
    ],
)
def test_filters_choose_and_leave_the_scores_alone(words: Words, query: Query, keys: set[int]) -> None:
    scores = dict(words.search(Query(""), "ferry bun", 10))
    assert dict(words.search(query, "ferry bun", 10)) == {key: scores[key] for key in keys}


@pytest.mark.parametrize("text", ["body:ferry", "+ferry", "ferry*", '"ferry', "NEAR(ferry", "ferry^9", "[ferry TO"])
def test_a_query_has_words_and_no_syntax(words: Words, text: str) -> None:
    assert found(words, text) == {1, 3}


def test_a_query_without_words_finds_nothing(words: Words) -> None:
    assert found(words, "?! 😀") == set()


def test_common_words_count_only_when_there_are_no_others(words: Words) -> None:
    assert found(words, "the ferry") == {1, 3}
    assert found(words, "the") == {1, 2, 3}


def test_an_entry_takes_the_place_of_one_with_its_key(words: Words) -> None:
    words.change([2], [Entry(1, 10, "Nothing sails.", "Night", None, None)])
    assert sorted(words.keys()) == [1, 3]
    assert (found(words, "lowmarsh"), found(words, "sails"), found(words, "buns")) == (set(), {1}, {3})


def test_an_interrupted_change_changes_nothing_and_lets_go_of_the_folder(words: Words) -> None:
    def entries() -> Iterator[Entry]:
        yield Entry(4, 13, "Half done.", "", None, None)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        words.change([1], entries())
    with pytest.raises(KeyboardInterrupt):
        words.replace(entries())
    assert sorted(words.keys()) == [1, 2, 3]
    words.change([1], [])
    assert sorted(words.keys()) == [2, 3]


def test_replacing_leaves_no_file_of_before(words: Words) -> None:
    def files() -> set[str]:
        return {file.name for file in words.path.iterdir() if file.suffix not in (".json", ".lock")}

    before = files()
    words.replace([CAFE])
    assert len(before) >= 6
    assert before.isdisjoint(files())
    assert words.frequency(["lowmarsh", "bun"]) == [0, 1]


def test_another_opening_of_the_folder_sees_a_change_once_it_reloads(words: Words) -> None:
    reader = Words(words.path)
    words.replace([CAFE])
    assert len(reader) == 3
    reader.reload()
    assert len(reader) == 1


def test_suggestions_begin_as_asked_the_commonest_first(words: Words) -> None:
    words.change([], [Entry(4, 13, "A ferryman. Ferrets. The ferry.", "", None, None)])
    assert words.suggest("FERR") == ["ferry", "ferrets", "ferries", "ferryman"]
    assert words.suggest("ferr", limit=1) == ["ferry"]


def test_a_missing_folder_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match=r"The words at .* are missing\. Run `whence rebuild`"):
        Words(tmp_path / "words")
    assert not (tmp_path / "words").exists()


def test_making_a_folder_again_leaves_what_is_in_it(words: Words) -> None:
    Words.create(words.path)
    assert len(Words(words.path)) == 3


def test_a_stem_has_one_number_and_it_is_never_that_of_a_sentences_end() -> None:
    assert number("harbour") == number("harbour") != number("harbor")
    assert number("") == 1  # whose checksum would be 0


def test_tokens_are_plain_and_stems_stemmed() -> None:
    assert tokens("Émile’s ferries, 1,200 of them") == ["emile", "s", "ferries", "1", "200", "of", "them"]
    assert stems("Émile’s ferries") == ["emil", "s", "ferri"]


def test_an_article_is_placed_by_headline_outlet_agency_and_date() -> None:
    placed = Article("a", "Text.", title="Night ferry", outlet="CNN", wire="AP", published=dt.date(2016, 3, 2))
    assert about(placed) == "Night ferry CNN AP March 2016 2016-03-02"
    assert about(Article("a", "Text.")) == ""


def test_a_word_one_slip_away_is_the_collection_s(tmp_path: Path) -> None:
    Words.create(tmp_path / "words")
    words = Words(tmp_path / "words")
    words.change([], [Entry(1, 1, "The ferry Marigold left the harbour.", "", None, None)])
    assert [words.nearest(word) for word in ("Marrigold", "harbuor", "ferries", "Marigold", "lefts", "xylophone")] == [
        "marigold",
        "harbour",
        None,
        None,
        None,
        None,
    ]
