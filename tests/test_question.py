"""What is asked: kinds, spoken filters, follow-ups."""

import datetime as dt

import pytest

from assistant.question import kind_of, outlets_in, understand
from assistant.records import Kind
from index.outlets import known
from index.records import Query, Span


def mentions(text: str) -> list[tuple[Span, str]]:
    return [(span, outlet.name) for span, outlet in known().mentions(text)]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Which outlet first reported the Pskov paratroopers?", "origin"),
        ("Who broke the story of the missing ferry?", "origin"),
        ("Where did the claim about the 5,000 soldiers come from?", "origin"),
        ("Who said the harbour would close?", "who-said"),
        ("Which senator called the plan a disgrace?", "who-said"),
        ("What did the mayor say about the bridge?", "what-said"),
        ("What did the mayor conclude about the bridge?", "what-said"),
        ("How many soldiers went home?", "number"),
        ("What share of voters stayed away?", "number"),
        ("When was the mobilisation announced?", "when"),
        ("Where was the meeting held?", "where"),
        ("Which newspaper printed the letter?", "which-outlet"),
        ("Is the revolt confirmed?", "yes-no"),
        ("Did the owner say how many people the ferry carried?", "yes-no"),
        ("Did the council reveal which state paid?", "yes-no"),
        ("Did the ferry's crew agree to talk to the inspector?", "yes-no"),
        ("Had government lawyers told the mayor that silence was better?", "yes-no"),
        ("Does the owner back up the crew's story about what was said on deck?", "yes-no"),
        ("Does any article say how many people the ferry carried?", "number"),
        ("Do you know who told the council when the ferry sails?", "who-said"),
        ("Which state party paid for the ferry?", "who"),
        ("Summarise what is reported about food shortages.", "summary"),
        ("sum up the strike at the harbour", "summary"),
        ("What is the quarrel between the council and the trust about?", "summary"),
        ("Which three states were named?", "list"),
        ("How do the Gazette and the Post differ on the cost?", "comparison"),
        ("Do the Gazette and the Post agree on the cost?", "comparison"),
        ("Which firms agreed with Norway to lower the toll?", "who"),
        ("Compare what the Gazette and the Post say of the cost", "comparison"),
        ("To which animal did the mayor compare the harbour board?", "who"),
        ("Who is Ada Marsh?", "summary"),
        ("who was conor o'brien", "summary"),
        ("Who is Ada Marsh's lawyer?", "who"),
        ("What is Ada Marsh's boat called?", "who"),
        ("Which articles are about the harbour?", "summary"),
        ("What reports on the strike did the mayor read?", "who"),
        ("What's the latest on the strike?", "summary"),
        ("What is the latest article?", "collection"),
        ("Who is the mayor?", "who"),
        ("How many articles are there?", "collection"),
        ("hello there", "chat"),
        ("Who wrote the letter?", "who"),
        ("Which harbour commissioner complained that the toll was absurd?", "who"),
        ("Which mayor complained that the toll was absurd?", "who-said"),
        ("trust spokesman said toll absurd", "who-said"),
        ("announced harbour toll doubled", "who-said"),
        ("head state called harbour toll absurd", "who-said"),
        ("workers lost at the mill", "number"),
        ("three states floods harbour wall", "list"),
        ("thanks, that helped", "chat"),
    ],
)
def test_a_question_tells_what_kind_of_answer_it_wants(question: str, kind: Kind) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("What happened at Salt Quay?", "Salt Quay?"),
        ("harbour strike what happened", "harbour strike"),
        ("Tell me everything about the harbour strike.", "harbour strike."),
        ("Summarise what is known about the strike at the harbour", "strike at the harbour"),
        ("Which articles mention Salt Quay?", "Salt Quay?"),
        ("are there any stories about the harbour strike", "the harbour strike"),
        ("What is the latest on the harbour strike?", "harbour strike?"),
        ("Is it true that the harbour froze?", "the harbour froze?"),
        ("Which article first mentioned the strike?", "Which article first mentioned the strike?"),
        ("Who is Ada Marsh?", "Who is Ada Marsh?"),
        ("What did the mayor say about what happened?", "What did the mayor say about what happened?"),
    ],
)
def test_what_is_asked_about_is_searched_without_the_words_that_ask_for_it(question: str, searched: str) -> None:
    asked = understand(question, mentions, [])
    assert (asked.query.text, asked.standalone) == (searched, question)


def test_an_outlets_own_story_becomes_a_filter() -> None:
    asked = understand("What did Politico report about the golf tour?", mentions, ["Politico", "USA Today"])
    assert asked.query.outlets == ("Politico",)


def test_what_an_outlet_printed_of_a_topic_is_a_summary_of_its_articles() -> None:
    asked = understand("What did Politico report about the golf tour?", mentions, ["Politico", "USA Today"])
    assert (asked.kind, asked.query.text, asked.query.outlets) == ("summary", "the golf tour?", ("Politico",))
    asked = understand("What did Ada Marsh report about the golf tour?", mentions, ["Politico"])
    assert (asked.kind, asked.query.outlets) == ("who", ())


@pytest.mark.parametrize("question", ["What did Politico publish?", "list all articles by Politico"])
def test_what_an_outlet_printed_at_all_is_a_question_about_the_collection(question: str) -> None:
    asked = understand(question, mentions, ["Politico", "USA Today"])
    assert (asked.kind, asked.query.outlets) == ("collection", ("Politico",))


def test_an_outlet_is_known_without_its_article_and_in_any_case() -> None:
    held = ["The Harbour Gazette", "Courier", "The Echo"]

    def named(text: str) -> list[str]:
        return [name for _, name in outlets_in(text, held, lambda _: [])]

    assert named("what did the harbour gazette print") == ["The Harbour Gazette"]
    assert named("the Courier and the Echo") == ["Courier", "The Echo"]
    assert named("a courier with an Echo") == []
    assert named("how many articles are from courier") == ["Courier"]


def test_an_outlet_that_the_collection_lacks_is_no_filter() -> None:
    asked = understand("What did Politico report about the golf tour?", mentions, ["USA Today"])
    assert asked.query.outlets == ()


def test_an_outlet_named_as_somebodys_source_is_no_filter() -> None:
    asked = understand("What did he tell Politico about the golf tour?", mentions, ["Politico"])
    assert asked.query.outlets == ()


def test_a_question_of_origin_searches_every_outlet() -> None:
    asked = understand("Did Politico's story first report the golf tour?", mentions, ["Politico"])
    assert (asked.kind, asked.query.outlets) == ("origin", ())


@pytest.mark.parametrize(
    ("spoken", "since", "until"),
    [
        ("articles from March 2016", dt.date(2016, 3, 1), dt.date(2016, 3, 31)),
        ("stories published in 2016", dt.date(2016, 1, 1), dt.date(2016, 12, 31)),
        ("articles published on 12 May 2016", dt.date(2016, 5, 12), dt.date(2016, 5, 12)),
        ("reports before December 2015", None, dt.date(2015, 11, 30)),
        ("anything since June 2016", dt.date(2016, 6, 1), None),
        ("what happened until February 2016", None, dt.date(2016, 2, 29)),
    ],
)
def test_days_of_publication_that_are_spoken_become_a_filter(
    spoken: str, since: dt.date | None, until: dt.date | None
) -> None:
    query = understand(f"What do {spoken} say of the harbour?", mentions, []).query
    assert (query.since, query.until) == (since, until)


def test_the_date_of_an_event_is_no_filter() -> None:
    query = understand("Who bought the bridge in 2014?", mentions, []).query
    assert (query.since, query.until) == (None, None)


def test_filters_set_beside_the_question_stand() -> None:
    given = Query("", outlets=("USA Today",), until=dt.date(2016, 1, 31))
    query = understand("What did Politico say since March 2016?", mentions, ["Politico", "USA Today"], (), given).query
    assert (query.outlets, query.since, query.until) == (("USA Today",), None, dt.date(2016, 1, 31))


def test_a_misspelt_word_is_read_as_the_collection_writes_it() -> None:
    held = {"Marrigold": "marigold", "tonage": "tonnage"}
    understood = understand("What tonage has the Marrigold?", lambda _: [], [], nearest=held.get)
    assert (understood.asked, understood.standalone) == (
        "What tonage has the Marrigold?",
        "What tonnage has the Marigold?",
    )


def test_the_press_s_short_names_are_written_out() -> None:
    assert understand("what did wapo say about the ferry", lambda _: [], []).standalone == (
        "what did Washington Post say about the ferry"
    )
