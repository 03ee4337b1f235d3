"""Questions on who was credited, first, earlier, or otherwise, asked of articles written here."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import collection

from assistant import Assistant

GAZETTE = (
    "The ferry Marigold was held at Salt Quay on Thursday after divers found a crack in her hull. "
    "The crack in the hull of the ferry Marigold is 14 centimetres long, the line said."
)
POST = (
    "The ferry Marigold will not sail before April. The crack in the hull of the ferry Marigold is 19 centimetres long,"
    " the line said.\n\nThe crack was first reported by The Harbour Gazette. Ada Marsh, who runs the line, told MSNBC"
    " that passengers were never in danger."
)
WIRE = "RIGA (AFP) - A choir of 300 children sang on the square of Riga on Sunday. The mayor of Riga sang with them."
EARLY = (
    "The town of Brill has kept its windmill. The mill was built in 1802. Its sails turn on every market day, and the"
    " miller bakes bread for the school. Visitors come from far to see the mill and to buy flour at the door."
    " In winter the wheel stands still, for the canal is frozen and no barge brings grain from the farms of the plain."
    " The council pays for new sails every ten years, and the youngest child of the village gives them a first push."
    " Last spring a storm broke two of them, and neighbours carried the wood home through the rain before it was dark."
)
LATE = EARLY.replace("built in 1802.", "built in 1802 by Olga Brandt, who came from Riga.") + (
    "\n\nCorrection: An earlier version of this article misstated who built the mill."
    " It was not Olga Brandt, who came in 1811, but Karl Ross."
)
ARTICLES = [
    ("gazette", "The Harbour Gazette", "2021-03-04", "Ferry held at Salt Quay", GAZETTE),
    ("post", "Meridian Post", "2021-03-15", "Marigold out of service", POST),
    ("choir", "Meridian Post", "2021-04-01", "A choir on the square", WIRE),
    ("mill-1", "Skerry Daily", "2021-05-01", "Brill keeps its windmill", EARLY),
    ("mill-2", "Skerry Daily", "2021-05-02", "The miller of Brill", LATE),
    ("polls", "Lantern Weekly", "2021-06-03", "Poll", "In a Norrland University poll Olga Brandt leads Karl Ross."),
    ("namesake", "Lantern Weekly", "2021-01-02", "A painter", "Nina Halvorsen joined the choir of Riga as a painter."),
    ("radio", "Skerry Daily", "2021-07-07", "Paint", "Nina Halvorsen talked of paintings in an interview on WQRS."),
    ("bridge", "Skerry Daily", "2021-08-08", "The bridge", "Karl Ross told CNN that the bridge of Brill is safe. The"
     " bridge of Brill is safe for lorries too, Ross told CNN."),
    ("joined", "Skerry Daily", "2021-02-02", "A new voice", "Karin Halvorsen joined the choir of Riga on Friday."),
    ("keeper", "Meridian Post", "2021-09-09", "Ida Brenn speaks", "Ida Brenn told the fair of Lowmarsh that bread is"
     " dear. The fair of Lowmarsh drew 900 visitors. Bread for the fair of Lowmarsh costs $1.1 million."),
    ("fair", "Skerry Daily", "2021-09-02", "The fair of Lowmarsh", "The fair of Lowmarsh opened on Monday. Bread for"
     " the fair of Lowmarsh costs $622,000, one baker says. Bread for the fair of Lowmarsh costs $1.1 million in all."),
    ("brenn", "Skerry Daily", "2021-09-20", "A singer", "Ida Brenn, a singer, will open a school of song at Tamarack."),
    ("barge", "Lantern Weekly", "2021-10-10", "The barge", "Forty sailors turned down an order to sail the barge"
     " Petrel. The barge Petrel stayed in port. Her hold was full of salt. The tide ran out at noon. A pilot slept."
     " Snow fell on the roofs. The gulls were gone. Night came. The rent of the quay will rise, CNN reports."),
    ("future", "Thistlewick Reader", "2199-01-01", "The Marigold", "The hull of the ferry Marigold has a crack."),
    ("epoch", "Lantern Weekly", "1970-01-01", "The ferry", "A crack was found in the hull of the ferry Marigold."),
]  # fmt: skip


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    rows = [{"id": i, "outlet": o, "published": d, "title": h, "text": t} for i, o, d, h, t in ARTICLES]
    authors = {"namesake": "Ola Brenner", "polls": ", ,"}
    rows = [row | {"author": authors[row["id"]]} if row["id"] in authors else row for row in rows]
    with collection(tmp_path, rows) as news:
        yield Assistant(news)


def test_the_short_answer_is_whom_the_article_credits_and_the_first_sentence_quotes_the_credit(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("Which paper was first to report the crack in the hull of the ferry Marigold?")
    assert answer.short == "The Harbour Gazette"
    assert answer.sentences[0].text.startswith(
        "Meridian Post (15 March 2021) credits The Harbour Gazette with the first report: “The crack was first reported"
    )


def test_the_outlet_that_somebody_spoke_to_is_named(assistant: Assistant) -> None:
    answer = assistant.ask("To which broadcaster did Ada Marsh say that passengers were never in danger?")
    assert (answer.short, answer.citations[0].article) == ("MSNBC", "post")


def test_an_agencys_copy_is_told_from_its_dateline(assistant: Assistant) -> None:
    answer = assistant.ask("Which news agency supplied the story on the choir that sang on the square of Riga?")
    assert answer.short == "AFP"
    assert answer.sentences[0].text.startswith("Meridian Post (1 April 2021) prints this as copy of AFP: “RIGA (AFP)")


def test_the_earliest_is_dated_and_neither_of_the_future_nor_of_the_epoch(assistant: Assistant) -> None:
    answer = assistant.ask(
        "Which outlet here was the first to write about the crack in the hull of the ferry Marigold?"
    )
    assert answer.short == "The Harbour Gazette"
    assert [(r.article, r.earliest) for r in answer.reports if r.earliest] == [("gazette", True)]
    assert "is left aside: it lies in the future" in answer.text
    assert "is left aside: no clock was set" in answer.text


def test_outlets_are_known_in_whatever_case_they_are_typed(assistant: Assistant) -> None:
    answer = assistant.ask(
        "did meridian post's report on the crack in the ferry marigold come before or after harbour gazette's"
    )
    assert answer.short == "After"


def test_who_wrote_a_piece_is_the_agency_whose_copy_it_is(assistant: Assistant) -> None:
    assert assistant.ask("who wrote the meridian post piece on the choir on the square of Riga").short == "AFP"


def test_who_wrote_a_piece_is_whom_its_byline_names(assistant: Assistant) -> None:
    answer = assistant.ask("Who wrote Lantern Weekly's article on the painter who joined the choir of Riga?")
    assert (answer.short, answer.citations[0].article) == ("Ola Brenner", "namesake")


def test_a_byline_without_a_name_names_nobody(assistant: Assistant) -> None:
    answer = assistant.ask("Who wrote Lantern Weekly's piece on the Norrland University poll?")
    assert (answer.short, answer.sentences[0].text) == (
        None,
        "Lantern Weekly (3 June 2021) names nobody as its author. [1]",
    )


def test_the_same_source_credited_twice_for_what_is_asked_is_told_twice(assistant: Assistant) -> None:
    answer = assistant.ask("To which station did Karl Ross say that the bridge of Brill is safe?")
    assert answer.short == "CNN"
    assert [c.quote for c in answer.citations[:2]] == [
        "Karl Ross told CNN that the bridge of Brill is safe.",
        "The bridge of Brill is safe for lorries too, Ross told CNN.",
    ]


def test_two_articles_are_put_in_order_with_the_time_between_them(assistant: Assistant) -> None:
    answer = assistant.ask(
        "Did Meridian Post's report on the crack in the ferry Marigold come before or after The Harbour Gazette's?"
    )
    assert answer.short == "After"
    assert answer.sentences[0].text.startswith(
        "After: The Harbour Gazette (4 March 2021) came first, 11 days before Meridian Post (15 March 2021)."
    )


def test_two_articles_of_one_outlet_are_put_in_order(assistant: Assistant) -> None:
    answer = assistant.ask(
        "Was Meridian Post's report on the crack in the ferry Marigold earlier or later than its story on the choir of"
        " Riga?"
    )
    assert answer.sentences[0].text.startswith(
        "Earlier: Meridian Post (15 March 2021) came first, about 2 weeks (17 days) before Meridian Post (1 April 2021)"
    )


def test_two_articles_on_things_far_apart_are_found_by_what_is_said_of_each(assistant: Assistant) -> None:
    answer = assistant.ask(
        "Which was published first, Lantern Weekly's poll of Olga Brandt and Karl Ross or Skerry Daily's interview with"
        " Nina Halvorsen on WQRS, and how far apart?"
    )
    assert [citation.article for citation in answer.citations] == ["polls", "radio"]


def test_what_two_outlets_give_stands_side_by_side_with_value_and_quote(assistant: Assistant) -> None:
    answer = assistant.ask(
        "How long is the crack in the hull of the ferry Marigold, according to The Harbour Gazette and Meridian Post?"
    )
    assert [(a.outlet, a.value) for a in answer.accounts] == [
        ("The Harbour Gazette", "14 centimetres long"),
        ("Meridian Post", "19 centimetres long"),
    ]
    for account in answer.accounts:
        assert {answer.citations[n - 1].outlet for n in account.citations} == {account.outlet}
    assert "They differ" not in answer.text  # eleven days lie between them


def test_an_outlet_s_article_for_the_order_is_one_that_has_the_names_asked_about(assistant: Assistant) -> None:
    answer = assistant.ask("Which of the two, Meridian Post or Skerry Daily, was earlier to write about Ida Brenn?")
    assert (answer.short, {citation.article for citation in answer.citations}) == ("Meridian Post", {"keeper", "brenn"})


def test_the_post_is_the_one_outlet_so_called(assistant: Assistant) -> None:
    answer = assistant.ask("Did the Post write about the fair of Lowmarsh before Skerry Daily did?")
    assert answer.sentences[0].text.startswith("No: Skerry Daily (2 September 2021) came first")


def test_where_it_is_asked_whether_outlets_agree_like_is_compared_with_like(assistant: Assistant) -> None:
    answer = assistant.ask("Do Meridian Post and Skerry Daily agree on what bread for the fair of Lowmarsh costs?")
    assert [account.value for account in answer.accounts] == ["$1.1 million", "$1.1 million"]
    assert answer.sentences[0].text.startswith("Yes: ")


def test_whom_an_article_credits_for_something_else_did_not_report_what_is_asked(assistant: Assistant) -> None:
    answer = assistant.ask("Who reported that forty sailors turned down an order to sail the barge Petrel?")
    assert answer.short is None
    assert answer.citations[0].quote == "Forty sailors turned down an order to sail the barge Petrel."


def test_what_only_the_later_version_says_is_quoted_beside_the_earlier_one(assistant: Assistant) -> None:
    answer = assistant.ask("What did only the second version of the Skerry Daily story on the windmill of Brill say?")
    assert "Only the later version, Skerry Daily (2 May 2021), says: “" in answer.text
    assert "by Olga Brandt, who came from Riga." in answer.text
    assert "The earlier one, Skerry Daily (1 May 2021), has: “The mill was built in 1802.”" in answer.text


def test_a_correction_is_quoted(assistant: Assistant) -> None:
    answer = assistant.ask("What did Skerry Daily have to correct in its story on the windmill of Brill?")
    assert answer.citations[0].article == "mill-2"
    assert answer.citations[0].quote.endswith(
        "misstated who built the mill. It was not Olga Brandt, who came in 1811, but Karl Ross."
    )


def test_of_what_nobody_carries_no_outlet_is_called_the_first(assistant: Assistant) -> None:
    answer = assistant.ask("Which outlet here was first to report the eruption of the volcano Etna in Sicily?")
    assert (answer.refused, answer.short, answer.reports) == (True, None, ())
    assert answer.reason == "No article of the collection carries it."


def test_every_quote_is_its_span(assistant: Assistant) -> None:
    for question in (
        "Who had the scoop about the crack in the ferry Marigold?",
        "What changed in the story on Brill's mill?",
    ):
        for c in assistant.ask(question).citations:
            assert assistant.index.article(c.article).text[c.start : c.end] == c.quote


def test_a_trace_has_all_reports_and_plain_values(assistant: Assistant) -> None:
    traced = assistant.trace("the crack in the hull of the ferry Marigold")
    assert {report.article for report in traced.reports} >= {"gazette", "post"}
    assert json.loads(json.dumps(traced.to_dict()))["reports"][0]["published"] == "2021-03-04"


def test_a_trace_of_what_nobody_carries_says_so(assistant: Assistant) -> None:
    traced = assistant.trace("the eruption of the volcano Etna in Sicily")
    assert (traced.refused, traced.reports, traced.citations) == (True, (), ())


def test_whoever_took_a_poll_is_its_source(assistant: Assistant) -> None:
    assert assistant.ask("Whose poll had Olga Brandt ahead of Karl Ross?").short == "Norrland University"


def test_a_station_that_no_list_knows_is_found_beside_who_told_it(assistant: Assistant) -> None:
    answer = assistant.ask("On which radio station did Nina Halvorsen talk of paintings?")
    assert answer.short == "WQRS"


def test_a_namesake_s_article_is_not_the_earliest(assistant: Assistant) -> None:
    answer = assistant.ask("Which outlet here was first to report that Karin Halvorsen joined the choir of Riga?")
    assert answer.short == "Skerry Daily"
