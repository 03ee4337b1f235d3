"""The trail of a report, from hand-made credits."""

import datetime as dt
from dataclasses import replace

from assistant.carriers import Carrier, headcount, resolved
from assistant.trail import doubts, tell, trail
from index.records import Article, Credit, Hit, Passage

TEXT = "The bridge is closed. It was first reported by the Courier."


def credit(name: str | None, relation: str = "relay", kind: str = "person") -> Credit:
    return Credit("a", 1, ((43, 58),), ((24, 42),), ((0, 20),), name, kind, relation)  # type: ignore[arg-type]


def carrier(
    id_: str, outlet: str | None, day: int | None, *credits: Credit, wire: str | None = None, text: str = TEXT
) -> Carrier:
    published = dt.date(2021, 3, day) if day else None
    article = Article(id=id_, text=text, outlet=outlet, published=published, wire=wire)
    passage = Passage(1, id_, 1, 0, 0, len(text), text, ((0, 21), (22, len(text))))
    return Carrier(article, Hit(passage, article, 1.0, "words", ()), (0, 21), credits)


def test_a_source_among_the_collections_outlets_is_an_outlet() -> None:
    found = resolved([credit("Baltic Courier", "quote")], ["The Baltic Courier"])
    assert [(c.name, c.kind, c.relation) for c in found] == [("The Baltic Courier", "outlet", "relay")]


def test_so_many_people_report_nothing() -> None:
    assert headcount("60 paratroopers") and headcount("Dozens of the soldiers")
    assert not headcount("60 Minutes") and not headcount("Most Holy Trinity Radio") and not headcount("Ten Network")


def test_a_short_name_is_resolved_when_only_one_outlet_bears_it() -> None:
    held = ["The Baltic Courier", "Meridian Post"]
    assert resolved([credit("the Courier")], held)[0].name == "The Baltic Courier"


def test_a_short_name_that_two_outlets_bear_is_left_as_it_is() -> None:
    held = ["The Baltic Courier", "Southern Courier"]
    assert resolved([credit("Courier")], held)[0].name == "Courier"


def test_an_undated_article_is_never_the_earliest() -> None:
    reports = trail([carrier("b", "Meridian Post", 5), carrier("a", "Skerry Daily", None)])
    assert [(r.id, r.earliest) for r in reports] == [("b", True), ("a", False)]


def test_whom_a_credit_calls_the_first_is_the_origin_though_another_is_earlier() -> None:
    first = credit("Skerry Daily", "first", "outlet")
    reports = trail([carrier("early", "Meridian Post", 4, first), carrier("late", "Skerry Daily", 6)])
    assert [(r.id, r.role, r.earliest) for r in reports] == [("early", "repeat", True), ("late", "origin", False)]


def test_an_outlet_that_is_credited_and_not_held_stands_in_the_trail_without_an_article() -> None:
    reports = trail([carrier("a", "Meridian Post", 4, credit("Politico", "relay", "outlet"))])
    assert [(r.outlet, r.article) for r in reports] == [("Meridian Post", "a"), ("Politico", None)]
    assert reports[0].of == ("credited:Politico",)


def test_two_articles_that_credit_each_other_are_no_loop() -> None:
    one = carrier("a", "Meridian Post", 4, credit("Skerry Daily", "relay", "outlet"))
    other = carrier("b", "Skerry Daily", 5, credit("Meridian Post", "relay", "outlet"))
    assert [(r.id, r.role, r.of) for r in trail([one, other])] == [
        ("a", "repeat", ("b",)),
        ("b", "repeat", ("a",)),
    ]


def test_an_article_that_credits_its_own_outlet_credits_nobody_in_the_trail() -> None:
    reports = trail([carrier("a", "Meridian Post", 4, credit("Meridian Post", "relay", "outlet"))])
    assert [(r.id, r.of) for r in reports] == [("a", ())]


def test_copies_of_one_agency_are_told_as_one_account() -> None:
    told = tell([carrier("a", "Meridian Post", 4, wire="Kestrel"), carrier("b", "Skerry Daily", 5, wire="Kestrel")])
    assert (
        told.sentences[-1].text
        == "Meridian Post (4 March 2021) and Skerry Daily (5 March 2021) print it as copy of Kestrel."
    )


def test_nothing_is_told_of_a_report_that_nobody_carries() -> None:
    assert (tell([]).sentences, tell([]).short) == ((), None)


def test_a_copy_is_no_second_account() -> None:
    original = carrier("a", "Meridian Post", 4)
    copy = replace(carrier("b", "Skerry Daily", 5), copy_of="a")
    assert [(r.id, r.role, r.of) for r in trail([original, copy])] == [("a", "origin", ()), ("b", "copy", ("a",))]
    assert tell([original, copy]).sentences[-1].text == (
        "1 of the 2 articles is a copy of another: 1 independent account."
    )


def test_an_article_whose_date_cannot_be_right_never_wins_by_default() -> None:
    wrong = replace(carrier("a", "Meridian Post", 4), doubt="it lies in the future")
    found = [carrier("b", "Skerry Daily", 5), wrong]
    assert [(r.id, r.earliest) for r in trail(found)] == [("b", True), ("a", False)]
    assert doubts(found)[0].text == "The date of Meridian Post (4 March 2021) is left aside: it lies in the future."


def test_what_names_no_source_of_its_own_is_said_so_and_that_nothing_earlier_is_held() -> None:
    unnamed = Credit("a", 1, ((0, 10),), ((11, 13),), ((0, 20),), None, "anonymous", "quote")
    told = tell([replace(carrier("a", None, None), unnamed=(unnamed,))])
    assert [s.text.split(":")[0] for s in told.sentences[1:]] == [
        "It names no source but “The bridge” for this",
        "The collection holds no earlier report of it.",
    ]
