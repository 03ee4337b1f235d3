"""Candidates in, order out: what speaks for a passage, and that equal questions get equal answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from index.ranking import WEIGHTS, Candidate, Words, diversify, rank, signals, weigh
from index.records import Article, Passage

HARBOUR = Words({"harbour": 2.0, "fire": 2.0}, frozenset({("harbour", "fire")}))


def candidate(article: str = "a", start: int = 0, stems: tuple[tuple[str, ...], ...] = (("gull",),)) -> Candidate:
    """A passage of one article with a sentence for each of the tuples of stems."""
    spans = tuple((start + 10 * i, start + 10 * i + 9) for i in range(len(stems)))
    passage = Passage(start, article, 1, start, start, spans[-1][1], "", spans)
    return Candidate(
        passage=passage,
        article=Article(article, ""),
        number=1,
        folded=f"{article}{start}",
        bm25=0.0,
        cosine=0.0,
        cosines=np.zeros(len(stems), np.float32),
        stems=stems,
        about=frozenset(),
        near=frozenset(),
        by_words=False,
        by_meaning=False,
    )


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    weights = weigh(["harbour", "zeppelin", "the"], [500, 1, 1000], 1000, frozenset({"the"})).weights
    assert list(weights) == ["harbour", "zeppelin"]
    assert weights["zeppelin"] == pytest.approx(6.5033, abs=1e-4)  # log(1001 / 1.5)
    assert weights["harbour"] == pytest.approx(0.6931, abs=1e-4)  # log(1001 / 500.5)


def test_words_too_common_to_weigh_count_alike_when_there_are_no_others() -> None:
    assert weigh(["who", "was"], [90, 95], 100, frozenset({"who", "was"})).weights == {"who": 1.0, "was": 1.0}


def test_neighbours_in_the_query_are_pairs_without_the_common_words_between() -> None:
    assert weigh(["fire", "in", "harbour"], [1, 1, 1], 9, frozenset({"in"})).pairs == {("fire", "harbour")}


def test_a_query_without_words_weighs_nothing_and_harms_nothing() -> None:
    (one,) = rank(weigh([], [], 9, frozenset()), [candidate()])
    assert set(one.signals.values()) == {0.0}


@pytest.mark.parametrize(
    ("change", "signal", "value"),
    [
        ({"bm25": 3.0}, "bm25", 0.5),
        ({"cosine": 0.4}, "cosine", 0.4),
        ({"cosine": -0.4}, "cosine", 0.0),
        ({"cosines": np.array([0.7], np.float32)}, "sentence_cosine", 0.7),
        ({"stems": (("harbour",), ("fire",))}, "covered", 1.0),
        ({"stems": (("harbour",), ("fire",))}, "covered_sentence", 0.5),
        ({"near": frozenset({"fire"})}, "covered_setting", 0.5),
        ({"about": frozenset({"fire"})}, "covered_setting", 0.5),
        ({"about": frozenset({"fire", "harbour"})}, "about", 1.0),
        ({"stems": (("harbour", "fire"),)}, "pairs", 1.0),
        ({"stems": (("fire", "harbour"),)}, "pairs", 0.0),
    ],
)
def test_each_signal_tells_one_thing(change: dict[str, object], signal: str, value: float) -> None:
    changed = replace(candidate(), **change)  # type: ignore[arg-type]
    assert signals(HARBOUR, changed, top_bm25=6.0, shared={})[signal] == pytest.approx(value)


def test_words_of_the_same_article_count_together() -> None:
    split = [candidate("a", 0, (("harbour",),)), candidate("a", 50, (("fire",),)), candidate("b", 0, (("fire",),))]
    told = {(r.candidate.article.id, r.candidate.passage.start): r.signals for r in rank(HARBOUR, split)}
    assert [told[place]["covered_article"] for place in (("a", 0), ("a", 50), ("b", 0))] == [1.0, 1.0, 0.5]


def test_an_outlet_and_a_month_that_the_query_names_speak_for_their_articles() -> None:
    named = Words({}, frozenset(), frozenset({"CNN"}), frozenset({(2016, 5)}))
    days = [dt.date(2016, 5, 31), dt.date(2016, 6, 1), dt.date(2016, 7, 1), None]
    articles = [Article("a", "", outlet="CNN", published=day) for day in days]
    told = [signals(named, replace(candidate(), article=article), 0.0, {}) for article in articles]
    assert [t["dated"] for t in told] == [1.0, 0.5, 0.0, 0.0]
    assert {t["outlet"] for t in told} == {1.0}


def test_every_signal_has_a_weight_and_every_weight_a_signal() -> None:
    assert set(signals(HARBOUR, candidate(), 0.0, {})) == set(WEIGHTS)


def test_the_score_is_the_weighted_sum_of_the_signals() -> None:
    (one,) = rank(HARBOUR, [replace(candidate(), cosine=0.5, bm25=2.0)], dict.fromkeys(WEIGHTS, 0.0) | {"cosine": 3.0})
    assert one.score == pytest.approx(1.5)


def test_equal_scores_are_ordered_by_article_and_place() -> None:
    equal = [candidate("b", 0), candidate("a", 50), candidate("a", 0)]
    places = [(r.candidate.article.id, r.candidate.passage.start) for r in rank(HARBOUR, equal)]
    assert places == [("a", 0), ("a", 50), ("b", 0)]


def test_a_sentence_scores_half_by_words_half_by_meaning() -> None:
    two = replace(candidate("a", 0, (("harbour",), ("gull",))), cosines=np.array([0.5, 0.25], np.float32))
    (one,) = rank(HARBOUR, [two])
    assert [(s.start, s.end, s.score, s.words, s.meaning) for s in one.sentences] == [
        (0, 9, 0.5, 0.5, 0.5),
        (10, 19, 0.125, 0.0, 0.25),
    ]


def test_few_passages_of_one_article_are_kept_in_order() -> None:
    ranked = rank(HARBOUR, [candidate("a", start) for start in range(0, 700, 100)] + [candidate("b")])
    kept = [(r.candidate.article.id, r.candidate.passage.start) for r in diversify(ranked, 10)]
    assert kept == [("a", 0), ("a", 100), ("a", 200), ("a", 300), ("a", 400), ("b", 0)]
    assert len(diversify(ranked, 2)) == 2
    assert len(diversify(ranked, 10, per_article=1)) == 2
