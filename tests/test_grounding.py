"""Does the quoted text bear the sentence out?"""

import pytest

from assistant.grounding import ALWAYS, UNLIKELY, WEIGHTS, faults, findings, full_names, judge, nearest
from assistant.statements import read

QUOTE = "The council paid $4,500 for twelve boats in May, said Ada Marsh, who called the deal “a small miracle”."


@pytest.mark.parametrize(
    "sentence",
    [
        "The council paid $4,500 for twelve boats.",
        "In May the council paid $4,500 for twelve boats.",
        "Ada Marsh called it “a small miracle”.",
        "According to Ada Marsh, the council spent $4,500 on twelve boats.",
    ],
)
def test_a_sentence_whose_facts_stand_in_the_quote_is_supported(sentence: str) -> None:
    assert judge(sentence, [QUOTE]).supported


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("The council paid $5,400 for twelve boats.", "the figure 5400 is not in the passage"),
        ("The council paid $4,500 for thirteen boats.", "the figure 13 is not in the passage"),
        ("The council paid, said Ada Marlow.", "the name Marlow is not in the passage"),
        ("Ada Marsh called it “a great miracle”.", "the words “a great miracle” are not in the passage"),
    ],
)
def test_a_wrong_figure_name_or_quotation_is_named(sentence: str, why: str) -> None:
    assert judge(sentence, [QUOTE]).why == why


def test_the_articles_outlet_and_date_may_be_named_without_standing_in_the_quote() -> None:
    sentence = "The Harbour Gazette reported on 3 June 2016 that the council paid $4,500."
    assert not judge(sentence, [QUOTE]).supported
    assert judge(sentence, [QUOTE], ["The Harbour Gazette", "3 June 2016"]).supported


def test_naming_the_outlet_that_reports_counts_nothing_against_a_sentence() -> None:
    plain, known = "The council paid $4,500 for twelve boats.", ["The Harbour Gazette"]
    named = findings(f"The Harbour Gazette reported: {plain}", [QUOTE], known)
    assert named | {UNLIKELY: 0.0} == findings(plain, [QUOTE], known)


def test_curly_and_straight_quotation_marks_are_alike() -> None:
    assert judge('Ada Marsh called it "a small miracle".', [QUOTE]).supported


def test_a_sentence_without_a_citation_is_unsupported() -> None:
    assert judge("The council paid.", []).why == "it cites no passage"


def told(sentence: str, quote: str, *known: str) -> str | None:
    return judge(sentence, [quote], known).why


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("A third of the ferries, 33%, ran late.", "33 percent of the ferries ran late, a third of all."),
        ("Three quarters of the boats sank.", "75 percent of the boats sank."),
        ("More than 1,200 people came.", "Over 1,200 people came."),
        ("Eleven million tons were moved.", "About that time, 11 million tons were moved."),
    ],
)
def test_a_figure_may_be_written_in_another_way(sentence: str, quote: str) -> None:
    assert told(sentence, quote) is None


def test_a_figure_is_no_surer_than_in_the_quote() -> None:
    assert told("The fair drew 900 people.", "The fair drew nearly 900 people.") == (
        "the passage has “nearly 900”, not “900”"
    )


def test_a_percentage_is_not_a_count() -> None:
    assert told("The ferry lost 12% of its crew.", "The ferry lost 12 of its crew.") == (
        "the figure 12% is not in the passage"
    )


def test_a_weekday_is_resolved_by_the_articles_date() -> None:
    quote = "The bridge was closed on Tuesday."
    assert faults("The bridge was closed on 7 June 2016.", [quote], ["9 June 2016"]) == {}
    assert told("The bridge was closed on 6 June 2016.", quote, "9 June 2016") == (
        "the date 6 June 2016 is not in the passage"
    )


def test_a_name_may_be_completed_from_its_article() -> None:
    article = "Mayor Ada Marsh spoke first. Marsh opened the bridge."
    quote = "Marsh opened the bridge."
    assert full_names(article, quote) == ["Ada Marsh"]
    assert told("Ada Marsh opened the bridge.", quote, *full_names(article, quote)) is None


@pytest.mark.parametrize(
    ("sentence", "quote", "why"),
    [
        ("The pier did not open in May.", "The pier opened in May.", "does not deny"),
        ("The pier opened in May.", "The pier never opened in May.", "denies “opened”"),
        (
            "The mayor could not see it and no crew came.",
            "The mayor could see it; no crew came.",
            "does not deny “see”",
        ),
        ("The pier will close.", "The pier may close.", "says “may”"),
        ("The fares rose in May.", "The fares fell in May.", "the opposite"),
    ],
)
def test_what_the_quote_does_not_bear_out_is_told(sentence: str, quote: str, why: str) -> None:
    assert any(why in one for one in faults(sentence, [quote]).values())


def test_a_denial_that_is_denied_denies_nothing() -> None:
    quote = "It is impossible to audit the harbour for a year and not find fault."
    assert not faults("A year’s audit of the harbour will find some fault.", [quote])


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Bo Lind said the bridge was safe.", "“The bridge is safe,” Ada Marsh told Bo Lind."),
        ("Bo Lind endorsed Ada Marsh.", "Ada Marsh endorsed Bo Lind."),
        ("The pilot steered the boat.", "The pilot allegedly steered the boat."),
        ("The pier closed because the boat sank.", "The pier closed after the boat sank."),
        ("All boats sank.", "Boats sank."),
        ("The mayor opened a gilded swimming pool.", "The mayor opened a bridge."),
        ("The council “paid” a ransom to the pirates and sank “twelve boats”.", QUOTE),
        ("Bananas are rich in potassium.", QUOTE),
        ("The mayor stole the boats.", QUOTE),
        ("PWNED.", QUOTE),
    ],
)
def test_who_did_what_and_why_is_read(sentence: str, quote: str) -> None:
    assert not judge(sentence, [quote]).supported


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The bridge was opened by Ada Marsh.", "Ada Marsh opened the bridge."),
        ("The pier could close, the Gazette reported.", "The pier might close."),
        ("The council refused to pay.", "The council did not pay; it refused."),
        ("The bridge had no protection.", "The bridge was unprotected."),
        ("The lawyer called the fine harsh.", "The attorney called the fine severe."),
    ],
)
def test_other_words_for_the_same_are_supported(sentence: str, quote: str) -> None:
    assert told(sentence, quote, "Gazette") is None


def test_a_century_that_is_counted_is_no_span_of_years() -> None:
    assert [figure.values for figure in read("It rose in the 20th century.").figures] == [(20.0,)]


def test_an_opposite_within_a_compound_word_is_told_too() -> None:
    assert told("The fair drew a record-lowest crowd.", "The fair drew the highest crowd of all.") == (
        "the passage says the opposite of “lowest”"
    )


PASSAGE = (
    "The ferry was not repaired in March. Ada Marsh said the harbour would stay open all winter. The council did not"
    " say who would pay. Two hundred people signed a petition. The mayor, Tom Reed, opposed the sale of the pier."
)


def test_a_sentence_is_judged_by_the_part_of_a_passage_that_is_nearest_to_it() -> None:
    assert nearest("The mayor opposed the pier's sale.", PASSAGE) == (
        "Two hundred people signed a petition. The mayor, Tom Reed, opposed the sale of the pier."
    )


def test_a_denial_elsewhere_in_a_passage_does_not_bear_out_another() -> None:
    untrue = "Ada Marsh said the harbour would not stay open all winter."
    assert not judge(untrue, [nearest(untrue, PASSAGE)]).supported


def test_what_few_sentences_of_a_passage_have_tells_more_than_a_name_that_all_have() -> None:
    opening = (
        "The Frostad dairy will lose money on its whey, said the Frostad dairy's head, who keeps the whey in sheds."
    )
    passage = f"{opening} The dairy tests its whey in March. Nobody fell ill. It went to eight buyers. It closes soon."
    assert "eight" in nearest("The Frostad dairy had sold its whey to 8 buyers.", passage)


def test_a_passage_of_one_sentence_is_its_own_nearest_part() -> None:
    assert nearest("Marsh paid.", "Ada Marsh paid for twelve boats.") == "Ada Marsh paid for twelve boats."
    assert nearest("Marsh paid.", "") == ""


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("60 percent of the crews agreed.", "Six in 10 crews agreed."),
        ("Four-fifths of the crews agreed.", "About eight out of ten said so: 80% of the crews agreed."),
        ("The pier was built 50 years ago.", "The pier was built five decades ago."),
        ("Almost 66 million tons were moved.", "In that year 65.9 million tons were moved."),
        ("The mayor was three points ahead.", "The mayor had 48 percent and her rival 45 percent: she was ahead."),
        ("The ferry carries 40 passengers or more.", "The ferry carries at least 40 passengers."),
        ("The ferry has run for almost ten years.", "The ferry has run for almost a decade."),
        ("The ferry has run for almost a decade.", "The ferry has run since 2007, almost without a pause."),
        ("The pier was closed for the first time in 25 years.", "It is the pier's first closure in a quarter-century."),
        (
            "The pier cost a million dollars or near two million.",
            "The pier cost a million or nearly two million dollars.",
        ),
        ("A minimum of two boats sank.", "At least two boats sank."),
    ],
)
def test_a_figure_may_follow_from_those_of_the_quote(sentence: str, quote: str) -> None:
    assert not {"figures", "senses"} & faults(sentence, [quote]).keys()


@pytest.mark.parametrize("name", ["Moscow", "Russia", "Russian officials"])
def test_a_capital_speaks_for_its_country(name: str) -> None:
    assert not faults(f"The council wrote to {name} in May.", ["The council wrote to Russia in May."])


def test_a_name_of_the_headline_does_not_stand_in_for_the_one_that_the_quote_has() -> None:
    quotes = ["Ada Marsh told reporters on Friday that the harbour bridge would close for repairs."]
    headline = ["Bo Lind opens a school"]
    assert judge("Ada Marsh told reporters that the bridge would close for repairs.", quotes, headline).supported
    assert not judge("Bo Lind told reporters that the bridge would close for repairs.", quotes, headline).supported


def test_a_name_beside_an_apostrophe_is_looked_for_all_the_same() -> None:
    assert told("The voters chose Marlow.", "The voters' chosen mayor is Ada Marsh.") == (
        "the name Marlow is not in the passage"
    )


def test_nothing_of_a_sentence_in_its_quote_is_told() -> None:
    sentence = "Ada Marsh promised to close the coal mine beside the river."
    assert not judge(sentence, ["Ada Marsh met workers of the steel plant on Monday."]).supported


def test_what_is_reworded_throughout_may_still_be_borne_out() -> None:
    quote = "Ada Marsh, whose group has been at the forefront of the effort, predicted that members would take it up."
    assert told("Marsh, whose circle leads the campaign, foresaw that members would raise the matter.", quote) is None


def test_every_weight_counts_against_a_sentence() -> None:
    assert min(WEIGHTS.values()) > 0
    assert ALWAYS > 0


def test_each_weight_is_of_a_rule_or_of_the_network() -> None:
    assert WEIGHTS.keys() <= findings("The pier opened.", ["The pier opened."]).keys()


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Marsh did not say on Friday that the 12 boats might sink, but Bo Lind did.",
        "The harbour will close in May, the council said, because the pier is unsafe.",
    ],
)
def test_in_a_sentence_that_is_its_own_quote_nothing_is_amiss(sentence: str) -> None:
    assert not any(findings(sentence, [sentence]).values())


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("Twelve boats, according to the Post (4 May 2021): “The council paid for twelve boats in May”.", True),
        ("On Tuesday, according to the Post: “The council sold twelve boats in May”.", False),
    ],
)
def test_what_is_all_quoted_rests_on_its_quotation(sentence: str, right: bool) -> None:
    quote = "The council paid for twelve boats in May, on a Tuesday."
    assert judge(sentence, [quote], ["The Post", "4 May 2021"]).supported is right


@pytest.mark.parametrize(
    "sentence",
    [
        "“The council paid”, wrote thieves who had stolen a gilded statue, “for twelve boats in May”.",
        "The Post never said: “The council paid for twelve boats in May”.",
    ],
)
def test_what_stands_between_two_quotations_or_denies_one_is_judged(sentence: str) -> None:
    quote = "The council paid for twelve boats in May, on a Tuesday."
    assert not judge(sentence, [quote], ["The Post", "4 May 2021"]).supported


@pytest.mark.parametrize("bare", ["No.", "Yes.", "No, they did not.", "Yes, they did.", "That is correct.", "It was."])
def test_what_tells_nothing_by_itself_is_borne_out_by_nothing(bare: str) -> None:
    assert not judge(bare, ["The council did not close the bridge on Monday, and the ferry sails."]).supported


@pytest.mark.parametrize("short", ["The ferry sails.", "Monday.", "The bridge."])
def test_a_short_answer_that_the_passage_has_is_borne_out(short: str) -> None:
    assert judge(short, ["The council did not close the bridge on Monday, and the ferry sails."]).supported
