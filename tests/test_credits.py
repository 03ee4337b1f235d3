"""Whom an article credits: source, cue and content as spans of its text."""

import pytest

from index.credits import find
from index.outlets import known
from index.records import Article, Credit
from index.splitter import passages


def credits(text: str, outlet: str | None = None) -> list[Credit]:
    article = Article(id="a", text=text, outlet=outlet)
    return find(article, passages(article), known())


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


def test_five_hundred_credits_in_one_article_are_found_in_bounded_time() -> None:
    text = "\n\n".join(f"The bridge {n} is closed, according to the Miami Herald." for n in range(500))
    assert len(credits(text)) == 500
