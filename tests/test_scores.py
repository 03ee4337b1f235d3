"""Scores: the same definitions for every figure that is printed anywhere."""

from __future__ import annotations

import pytest

from assistant.evaluation import (
    Asked,
    Case,
    Evidence,
    Rate,
    bootstrap,
    cited,
    contains,
    interval,
    normalise,
    overlap,
    rank,
    rate,
    retrieval,
)
from assistant.evaluation.scores import article_gains, exact_match, gains, ndcg, recall, reciprocal_rank, token_f1

QUOTE = "one two three four five six seven eight nine ten"
GOLD = Evidence("gazette-7", QUOTE)


def asked(answer: str | None, *aliases: str, parts: tuple[tuple[str, ...], ...] = ()) -> Asked:
    return Asked(question="?", answer=answer, aliases=aliases, parts=parts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The  Cat, an owl\nand A dog!", "cat owl and dog"),
        ("“Trump’s” aide—O'Malley", "trump s aide o malley"),
        ("Twelve men, zero women, thirteen dogs", "12 men 0 women thirteen dogs"),
        ("twenty-one of them", "twenty 1 of them"),
        ("It paid $2,521,000, or 1.6%.", "it paid $2521000 or 1.6%"),
        ("in 1990, 25 of 7,5", "in 1990 25 of 7 5"),
        ("The U.S. and Raleigh, N.C., at 8 a.m.", "us and raleigh nc at 8 am"),
        ("snake_case (ﬁve) ½", "snake case 5 1 2"),
        ("Ｆｕｌｌ width ＄５", "full width $5"),
        ("Ça va, Zoë?", "ça va zoë"),
        ("The a. -- !", ""),
    ],
)
def test_normalise(text: str, words: str) -> None:
    assert normalise(text) == words


@pytest.mark.parametrize(
    ("text", "wanted", "says"),
    [
        ("The paper was the New York Post.", asked("New York Post"), True),
        ("the Post of New York", asked("New York Post"), False),
        ("New York’s Post", asked("New York Post"), False),
        ("It was Caddell’s idea", asked("Pat Caddell", "Caddell"), True),
        ("Paul Allenby", asked("Paul Allen"), False),
        ("Two planes", asked("2 planes"), True),
        ("It cost $16 million", asked("1.6 million"), False),
        ("46% of them", asked("46"), False),
        ("46% of them", asked("46 percent", "46%"), True),
        ("anything", asked(None), False),
        ("anything", asked("The"), False),
        ("", asked("Allen"), False),
    ],
)
def test_contains_looks_for_gold_or_an_alias_as_whole_words_in_a_row(text: str, wanted: Asked, says: bool) -> None:
    assert contains(text, wanted) is says


def test_contains_wants_every_part_in_any_order_and_any_of_its_wordings() -> None:
    wanted = asked("first 80, then 84", parts=(("80", "eighty"), ("84",)))
    assert contains("84 a week later, at first eighty", wanted)
    assert not contains("at first eighty", wanted)
    assert not contains("first 80, then 48", wanted)


@pytest.mark.parametrize(
    ("quote", "same"),
    [
        (QUOTE, True),
        ("It began: one two three four five, and that was all of it, they said.", True),  # half of the gold words
        ("It began: one two three four, and that was all of it, they all said.", False),
        ("six seven of them", True),  # half of the quote's words
        ("six seven of them all", False),
        ("one x two x three x four x five x six x", False),  # never in a row
        (f"before {QUOTE} after", True),
        ("", False),
        ("the", False),
    ],
)
def test_overlap_wants_half_of_either_ones_words_in_a_row(quote: str, same: bool) -> None:
    assert overlap("gazette-7", quote, GOLD) is same


def test_overlap_wants_the_same_article() -> None:
    assert not overlap("gazette-8", QUOTE, GOLD)


def test_only_the_first_four_citations_count_each_cut_at_400_characters() -> None:
    case = Asked(question="?", answer="x", evidence=(GOLD,))
    other = ("gazette-8", "nothing of the kind")
    assert cited([other, other, other, ("gazette-7", QUOTE)], case)
    assert not cited([other, other, other, other, ("gazette-7", QUOTE)], case)
    assert cited([("gazette-7", "word " * 70 + QUOTE)], case)
    assert not cited([("gazette-7", "word " * 80 + QUOTE)], case)


def test_a_rank_is_the_place_of_the_first_hit_that_overlaps_within_1000_characters() -> None:
    case = Asked(question="?", answer="x", evidence=(Evidence("gazette-6", "not there"), GOLD))
    late, early = ("gazette-7", "word " * 200 + QUOTE), ("gazette-7", "word " * 180 + QUOTE)
    assert rank([late, early, early], case) == 2
    assert rank([late], case) is None


def test_retrieval_counts_gold_among_the_first_hits_over_the_cases_with_evidence() -> None:
    other = ("gazette-8", "nothing of the kind")
    found = {"first": [("gazette-7", QUOTE)], "third": [other, other, ("gazette-7", QUOTE)], "never": [other]}
    cases = [Case(id=name, type="t", question=name, answer="x", evidence=(GOLD,)) for name in found]
    cases.append(Case(id="none", type="t", question="none", answer=None))
    rates = retrieval(found.__getitem__, cases, ks=(1, 3))
    assert {k: (r.value, r.n) for k, r in rates.items()} == {1: (1 / 3, 3), 3: (2 / 3, 3)}


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [  # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_of_a_rate_is_wilsons(successes: int, n: int, low: float, high: float) -> None:
    assert interval(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_a_rate_reads_well() -> None:
    assert str(rate([True] * 68 + [False] * 32)) == "0.68 [0.58, 0.76] n=100"
    assert rate([]) == Rate(0.0, 0, 0.0, 1.0)


def test_the_interval_of_a_mean_is_repeatable_and_near_the_normal_one() -> None:
    values = [float(n % 10) for n in range(400)]  # mean 4.5, standard error 0.1436
    low, high = bootstrap(values)
    assert (low, high) == bootstrap(values)
    assert (low, high) == pytest.approx((4.5 - 1.96 * 0.1436, 4.5 + 1.96 * 0.1436), abs=0.03)
    assert bootstrap([3.0, 3.0]) == (3.0, 3.0)


def test_a_mean_of_nothing_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        bootstrap([])


# -- as SQuAD's script -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "wanted", "exact", "f1"),
    [
        ("the Broncos", asked("Denver Broncos", "Broncos"), True, 1.0),  # articles do not count, the best gold does
        ("Denver Broncos", asked("The Denver Broncos!"), True, 1.0),
        ("Broncos of Denver", asked("Denver Broncos"), False, 0.8),  # 2 of 3 words said, 2 of 2 gold: 2 * 2 / 5
        ("in 1990, about", asked("1990"), False, 0.5),  # 1 of 3, 1 of 1: 2 * 1 / 4
        ("$1,000", asked("1000"), True, 1.0),  # punctuation is taken out, not turned into spaces
        ("New-York", asked("New York"), False, 0.0),  # so a hyphen joins: newyork
        ("two", asked("2"), False, 0.0),  # numbers in words are other words here
        ("a a a", asked("the"), True, 1.0),  # a gold answer of articles only counts as none, as what was said does
        ("la la land", asked("la"), False, 0.5),  # words count as often as they stand: 1 same, 3 + 1
        ("ça", asked("ca"), False, 0.0),
        ("", asked("Denver"), False, 0.0),
        ("", asked(None), True, 1.0),  # nothing said of a question without answer
        ("Denver", asked(None), False, 0.0),
    ],
)
def test_exact_match_and_token_f1_are_squads(said: str, wanted: Asked, exact: bool, f1: float) -> None:
    assert exact_match(said, wanted) is exact
    assert token_f1(said, wanted) == pytest.approx(f1)


# -- rankings --------------------------------------------------------------------------------------------------------


def test_a_gold_quote_is_gained_once_by_the_first_hit_that_has_it() -> None:
    wanted = Asked(question="?", answer="x", evidence=(GOLD, Evidence("gazette-8", "alpha beta gamma delta")))
    hits = [("gazette-6", QUOTE), ("gazette-7", QUOTE), ("gazette-7", QUOTE), ("gazette-8", "alpha beta gamma delta")]
    assert gains(hits, wanted) == [0, 1, 0, 1]
    assert article_gains(hits, wanted) == [0, 1, 1]  # an article's second hit is no second place


def test_recall_is_the_share_of_what_is_wanted() -> None:
    assert [recall([0, 1, 0, 1], 2, k) for k in (1, 2, 10)] == [0.0, 0.5, 1.0]


def test_a_reciprocal_rank_is_of_the_first_that_is_wanted() -> None:
    assert (reciprocal_rank([0, 0, 1, 1]), reciprocal_rank([0, 0])) == (1 / 3, 0.0)


@pytest.mark.parametrize(
    ("gained", "wanted", "value"),
    [
        ([1, 1], 2, 1.0),
        ([2, 0], 2, 1.0),  # one hit with both is as good as can be
        ([0, 1], 1, 0.6309),  # 1 / log2(3)
        ([1, 0, 0], 2, 0.6131),  # 1 / (1 + 1 / log2(3))
        ([0] * 10 + [1], 1, 0.0),  # only the first ten count
    ],
)
def test_ndcg_is_the_discounted_gain_by_the_best_possible(gained: list[int], wanted: int, value: float) -> None:
    assert ndcg(gained, wanted) == pytest.approx(value, abs=1e-4)
