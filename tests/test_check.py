"""Whether a quotation is in the collection, over articles written here."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import collection

from assistant import Assistant
from assistant.check import told

ARTICLES = [
    ("post", "Meridian Post", "2021-03-05",
     "Ada Marsh, who runs the line, told The Harbour Gazette: “The ship will stay in port for nine days.”"),
    ("gazette", "The Harbour Gazette", "2021-03-04",
     "The ferry was held on Thursday. “The ship will stay in port for nine days,” Ada Marsh said. Divers came."),
    ("reader", "Thistlewick Reader", None, "They say the ship will stay in port for nine days or so."),
]  # fmt: skip


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    rows = [{"id": i, "outlet": o, "published": d, "title": i, "text": t} for i, o, d, t in ARTICLES]
    with collection(tmp_path, rows) as news:
        yield Assistant(news)


def test_words_that_stand_there_are_verbatim_with_the_earliest_dated_article_first(assistant: Assistant) -> None:
    checked = assistant.check('"The ship will stay in port for nine days"')
    assert (checked.verdict, [p.article for p in checked.places]) == ("verbatim", ["gazette", "post", "reader"])
    assert checked.places[0].quote == "The ship will stay in port for nine days"
    assert told(checked).startswith(
        "Word for word in The Harbour Gazette (2021-03-04), the earliest dated article held"
    )


def test_every_place_is_its_span_to_the_character(assistant: Assistant) -> None:
    for text in ("The ship will stay in port for nine days", "The ship will remain in port for ten days"):
        for place in assistant.check(text).places:
            assert assistant.index.article(place.article).text[place.start : place.end] == place.quote


def test_a_changed_figure_is_shown_beside_the_printed_one(assistant: Assistant) -> None:
    checked = assistant.check("The ship will stay in port for ten days")
    assert checked.verdict == "altered"
    assert [(d.asked, d.printed) for d in checked.places[0].differences] == [("ten", "nine")]
    assert "“ten” is “nine” there" in told(checked)


def test_words_left_out_and_words_put_in_are_shown(assistant: Assistant) -> None:
    out = assistant.check("The ship will stay for nine days")
    assert [(d.asked, d.printed) for d in out.places[0].differences] == [("", "in port")]
    put_in = assistant.check("The ship will surely stay in port for nine days")
    assert [(d.asked, d.printed) for d in put_in.places[0].differences] == [("surely", "")]


@pytest.mark.parametrize("text", ["", "?!", "🙂", "The violinist won a chess tournament in Vienna", "the for in"])
def test_what_is_not_there_is_absent_not_an_error(text: str, assistant: Assistant) -> None:
    checked = assistant.check(text)
    assert (checked.verdict, checked.places) == ("absent", ())
    assert told(checked) == "The collection does not have these words, nor most of them in one place."


def test_a_text_of_a_million_characters_is_looked_at_in_part(assistant: Assistant) -> None:
    assert assistant.check("The ship will stay in port. " * 40_000).verdict == "absent"


def test_a_result_is_plain_values(assistant: Assistant) -> None:
    plain = assistant.check("The ship will stay in port for nine days").to_dict()
    assert json.loads(json.dumps(plain))["places"][0]["published"] == "2021-03-04"
