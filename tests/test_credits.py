"""Whom an article credits: source, cue and content as spans of its text."""

import pytest

from index.credits import _whole_name, find, headlines
from index.encoders import Encoder, load_encoder
from index.outlets import known
from index.records import Article, Aside, Credit
from index.splitter import passages
from index.stages import sight


def credits(text: str, outlet: str | None = None) -> list[Credit]:
    article = Article(id="a", text=text, outlet=outlet)
    return find(article, passages(article), known())


def learned(encoder: Encoder, text: str, outlet: str | None = None, language: str | None = None) -> list[Credit]:
    """What tagger and rules find together."""
    article = Article(id="a", text=text, outlet=outlet, language=language)
    parts = passages(article)
    seen = [sight(part) for part in parts]
    read = encoder.read([one.text for one in seen], [() for _ in seen])
    return find(article, parts, known(), [one.marks for one in read])


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return load_encoder(cache=tmp_path_factory.mktemp("cache"))


def told(text: str, credit: Credit) -> tuple[str, str, str]:
    """Source, cue and content as they are printed."""
    source, cue, content = (
        " … ".join(text[a:b] for a, b in spans) for spans in (credit.source, credit.cue, credit.content)
    )
    return source, cue, content


@pytest.mark.parametrize(
    ("text", "name", "relation"),
    [
        ("The bid was first reported by Politico on Monday.", "Politico", "first"),
        ("As the Boston Globe first reported, the mayor will resign.", "The Boston Globe", "first"),
        ("The bridge is closed, according to the Miami Herald.", "Miami Herald", "relay"),
        ("British outlet Express writes that the bridge is closed.", "Daily Express", "relay"),
        ("The bridge is closed, ProPublica reported.", "ProPublica", "relay"),
        ("The mayor may resign, officials said, citing a report by Reuters.", "Reuters", "relay"),
        ("The mayor told CNN that she was tired.", "CNN", "via"),
        ("“We are tired,” said Ada Marsh.", "Ada Marsh", "quote"),
        ("Ada Marsh, who runs the ferry, said the ship was safe.", "Ada Marsh", "quote"),
    ],
)
def test_a_cue_names_its_source_and_what_it_is_to_the_report(text: str, name: str, relation: str) -> None:
    assert (name, relation) in [(c.name, c.relation) for c in credits(text)]


@pytest.mark.parametrize("closing", ["- Reuters", "– Reuters.", "(Reporting by Ada Marsh; Editing by Karl Ross.)"])
def test_a_closing_line_makes_an_agencys_copy(closing: str) -> None:
    found = credits(f"The bridge is closed.\n\nIt will open in May. {closing}")
    assert ("Reuters", "wire") in [(c.name, c.relation) for c in found]


def test_what_was_first_reported_is_not_who_reported_it() -> None:
    found = credits("Forty members signed the letter to Karl Ross, which was first reported by Politico.")
    assert [c.name for c in found if c.relation == "first"] == ["Politico"]


def test_a_hat_tip_with_a_stray_slash_is_one() -> None:
    assert [(c.name, c.relation) for c in credits("The bridge is closed.\n\nh/t/: Mediaite.")] == [
        ("Mediaite", "first")
    ]


def test_source_cue_and_content_are_spans_of_the_text() -> None:
    text = "The bridge is closed, according to the Miami Herald."
    assert told(text, credits(text)[0]) == ("the Miami Herald", "according to", "The bridge is closed")


def test_a_closing_colon_credits_the_paragraph_that_follows() -> None:
    text = "British outlet Express writes that:\n\n‘The bridge is closed. Nobody may cross it.’\n\nIt rained."
    assert told(text, credits(text)[0])[2] == "‘The bridge is closed. Nobody may cross it.’"


def test_an_outlet_that_credits_itself_is_no_third_party() -> None:
    found = credits("The bridge is closed, Politico has learned.", outlet="Politico")
    assert [(c.name, c.relation) for c in found] == [("Politico", "self")]


def test_unnamed_sources_have_no_name() -> None:
    found = credits("Two officials said the bridge was closed.")
    assert [(c.name, c.kind) for c in found] == [(None, "anonymous")]


def test_a_dateline_names_the_agency_whose_copy_it_is() -> None:
    found = credits("LONDON (AP) — The bridge is closed.\n\nIt rained.")
    assert [(c.name, c.relation) for c in found if c.relation == "wire"] == [("AP", "wire")]


def test_a_surname_is_resolved_to_the_name_that_stands_before() -> None:
    found = credits("Ada Marsh runs the ferry. The ship is safe, Marsh said.")
    assert [c.name for c in found] == ["Ada Marsh"]


@pytest.mark.parametrize(
    "text",
    [
        "He said the bridge was closed.",
        "On Monday, it said nothing.",
        "The said bridge.",
        "The paper, which on Thursday quoted a letter.",
    ],
)
def test_a_pronoun_or_a_weekday_is_no_source(text: str) -> None:
    assert credits(text) == []


def test_five_hundred_pronouns_in_one_article_are_resolved_in_bounded_time() -> None:
    text = "\n\n".join(f"Mr. Ross{n} left. Ada Marsh{n} runs it, he told CNN, said Karl Ross{n}." for n in range(500))
    assert len(credits(text)) >= 500


def test_five_hundred_credits_in_one_article_are_found_in_bounded_time() -> None:
    text = "\n\n".join(f"The bridge {n} is closed, according to the Miami Herald." for n in range(500))
    assert len(credits(text)) == 500


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The letters, obtained by the Miami Herald, show it.", "Miami Herald"),
        ("The tape was unearthed by BuzzFeed News on Friday.", "BuzzFeed News"),
        ("The plan was leaked to ProPublica in May.", "ProPublica"),
    ],
)
def test_who_obtained_or_unearthed_something_relays_it(text: str, name: str) -> None:
    assert (name, "relay") in [(c.name, c.relation) for c in credits(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Daily Beast first published the video of the crash.", "The Daily Beast"),
        ("The Washington Post broke the story in May.", "The Washington Post"),
        ("The bridge is closed.\n\nh/t: The Hill", "The Hill"),
        ("The bridge is closed. (H/T Mediaite)", "Mediaite"),
        ("The bridge is closed. Hat tip to Mediaite.", "Mediaite"),
    ],
)
def test_scoops_and_hat_tips_say_who_was_first(text: str, name: str) -> None:
    assert (name, "first") in [(c.name, c.relation) for c in credits(text)]


def test_a_scoop_is_for_the_fact_that_stands_paragraphs_before() -> None:
    text = (
        "The mayor met the owner of the ferry in March.\n\nIt rained.\n\n"
        "The meeting between mayor and owner was first reported by Politico."
    )
    (credit,) = credits(text)
    assert [text[a:b] for a, b in credit.about] == [
        "The mayor met the owner of the ferry in March.",
        "The meeting between mayor and owner was first reported by Politico.",
    ]


def test_a_scoop_that_only_says_the_news_is_for_the_paragraph_before() -> None:
    text = "The bridge is closed.\n\nThe news was first reported by Politico."
    assert next(text[a:b] for a, b in credits(text)[0].about) == "The bridge is closed."


def test_a_chain_of_relays_names_each_link() -> None:
    text = "The bridge is closed, the Boston Globe reported, citing a report by Reuters."
    assert [(c.name, c.relation) for c in credits(text)] == [("The Boston Globe", "relay"), ("Reuters", "relay")]


def test_a_poll_s_sponsor_is_no_reporter() -> None:
    found = credits("The mayor leads, according to a CNN/ORC poll.")
    assert [(c.kind, c.relation) for c in found] == [("poll", "quote")]


@pytest.mark.parametrize(
    "text",
    [
        "Die Brücke ist gesperrt, sagte Ada Marsh.",
        "Le pont est fermé, selon Ada Marsh.",
        "El puente está cerrado, dijo Ada Marsh.",
    ],
)
def test_the_commonest_cues_of_other_languages_are_known(text: str) -> None:
    assert [c.name for c in credits(text)] == ["Ada Marsh"]


@pytest.mark.parametrize(
    ("text", "source", "cue", "name"),
    [
        ("“We are tired,” said Ada Marsh.", "Ada Marsh", "said", "Ada Marsh"),
        ("Ada Marsh runs the ferry. She insisted that nobody was hurt.", "She", "insisted", "Ada Marsh"),
        ("Karl Ross thinks the bridge will hold, and he worries about the pier.", "Karl Ross", "thinks", "Karl Ross"),
        ("The bridge is safe, the mayor’s office said in a statement.", "the mayor’s office", "said", None),
    ],
)
def test_the_tagger_finds_what_no_rule_knows(
    encoder: Encoder, text: str, source: str, cue: str, name: str | None
) -> None:
    found = [(told(text, c), c.name) for c in learned(encoder, text)]
    ((_, resolved),) = [(parts, who) for parts, who in found if parts[0] == source and cue in parts[1]]
    assert resolved == name


def test_a_rule_and_the_tagger_on_one_cue_make_one_credit(encoder: Encoder) -> None:
    text = "The plan to close the bridge was first reported by Politico on Monday."
    found = [c for c in learned(encoder, text) if "reported" in told(text, c)[1]]
    assert [(c.name, c.relation) for c in found] == [("Politico", "first")]


@pytest.mark.parametrize(
    "text",
    [
        "“Nobody crossed the river,” harbour master Ada Marsh told CNN on Monday.",
        "In an interview with CNN, Ada Marsh said that nobody crossed the river.",
    ],
)
def test_an_outlet_that_was_told_is_credited_with_what_was_said(encoder: Encoder, text: str) -> None:
    (heard,) = [told(text, c) for c in learned(encoder, text) if c.name == "CNN"]
    assert "crossed the river" in heard[2] and "Ada Marsh" not in heard[2]


def test_in_another_language_the_rules_do_all(encoder: Encoder) -> None:
    text = "Die Brücke ist gesperrt, sagte Ada Marsh."
    assert learned(encoder, text, language="de") == credits(text)


def test_the_same_article_is_credited_alike_every_time(encoder: Encoder) -> None:
    text = "Ada Marsh said the bridge was closed. She told CNN that nobody crossed it, according to Karl Ross. " * 8
    assert learned(encoder, text) == learned(encoder, text)


def test_every_span_is_of_the_stored_text_and_in_order(encoder: Encoder) -> None:
    text = (
        "“Café\u00a0owners are\u200b tired,” said Ada\u00a0Marsh.\n\nThe price is $23million, he added, ''and rising''."
    )
    for credit in learned(encoder, text):
        for spans in (credit.source, credit.cue, credit.content, credit.about):
            assert all(0 <= a < b <= len(text) for a, b in spans)
            assert list(spans) == sorted(spans)


def test_quotes_nested_three_deep_end(encoder: Encoder) -> None:
    text = "Ada Marsh said: “Karl Ross told me, ‘Nick Hale insisted, “the bridge is closed,” and left,’ and I laughed.”"
    assert "Ada Marsh" in [c.name for c in learned(encoder, text)]


def test_an_article_that_credits_itself_in_a_circle_has_no_third_party(encoder: Encoder) -> None:
    text = "Politico reported that Politico reported that Politico has learned that the bridge is closed."
    assert {c.relation for c in learned(encoder, text, outlet="Politico") if c.name} == {"self"}


def test_a_headline_credits_too(encoder: Encoder) -> None:
    text = "Marsh says bridge is closed\n\nIt rained. Ada Marsh runs the ferry."
    article = Article(id="a", text=text, asides=(Aside("title", 0, 27),))
    (headline,) = headlines(article)
    assert headline.text == "Marsh says bridge is closed"
    (reading,) = encoder.read([headline.text], [()])
    (credit,) = find(article, [headline], known(), [reading.marks])
    assert (credit.name, told(text, credit)[1]) == ("Ada Marsh", "says")


def test_a_mark_that_breaks_off_within_a_name_takes_the_whole_name() -> None:
    text = "It was first reported by The Baltic Courier on Thursday."
    end = text.index(" Courier")
    assert text[: _whole_name(text, end)].endswith("The Baltic Courier")
    assert _whole_name(text, text.index(" first")) == text.index(" first")
