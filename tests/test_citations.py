"""What a citation tells of its article beside the quote: its notes, how its date is known, and doubt about that."""

import datetime as dt
from dataclasses import replace

from assistant.extract import article_date
from assistant.records import Citation
from assistant.views.answers import card
from assistant.views.exports import reference
from assistant.writing import cite
from index.readers.draft import Draft, article
from index.records import Article, Origin

NOTE = "Correction: An earlier version of this story gave the ferry a wrong name."
STORY = "The ferry sank off the old town, the port said. Divers found its bell in the mud."


def read(text: str, published: str | None = None) -> Article:
    return article(Draft(text, Origin("saved.txt"), alone=True, title="Old ferry sinks", published=published))


def cited(found: Article) -> Citation:
    start = found.text.index("Divers")
    return cite(1, found, (start, start + len("Divers found its bell")), ())


def test_the_notes_of_an_article_are_shown_with_every_citation_of_it() -> None:
    found = read(f"{STORY}\n\n{NOTE}", "2022-06-16")
    [note] = cited(found).notes
    assert note.text == found.text[note.start : note.end] == NOTE
    assert cited(found).to_dict()["notes"] == [{"start": note.start, "end": note.end, "text": NOTE}]


def test_the_printed_page_on_which_the_quote_begins_is_told() -> None:
    found = read(STORY)
    second = found.text.index("Divers")
    printed = replace(found, origin=replace(found.origin, pages=(0, second)))
    assert (cited(printed).page, cited(found).page) == (2, None)
    assert reference(cited(printed), "").startswith("outlet not stated · undated, *Old ferry sinks*, page 2: “Divers")
    assert "page 2" in card(cited(printed), "0/1")
    assert "page 2" not in card(cited(found), "0/1")


def test_an_article_without_notes_or_doubt_has_none() -> None:
    citation = cited(read(STORY, "2022-06-16"))
    assert (citation.notes, citation.doubt, citation.window) == ((), None, None)


def test_a_date_that_the_text_contradicts_is_told_with_its_reason() -> None:
    found = read(f"{STORY} The inquiry ended on May 3, 2023.", "2022-06-16")
    assert cited(found).doubt == "the text tells of 3 May 2023 as past"
    assert article_date(found) == "16 June 2022, which its text contradicts"


def test_an_inferred_date_is_told_as_such_with_its_window() -> None:
    found = read(f"{STORY} It had left on Thursday, June 16, 2022.")
    citation = cited(found)
    assert (citation.published, citation.dated) == (dt.date(2022, 6, 16), "inferred")
    assert citation.window == (dt.date(2022, 6, 15), dt.date(2022, 6, 23))
    assert article_date(found) == "16 June 2022, inferred"


def test_of_a_date_of_which_only_the_first_possible_day_is_known_that_is_told() -> None:
    found = read(f"{STORY} It had left on June 16, 2022.")
    assert (found.published, article_date(found)) == (None, "not before 16 June 2022, inferred")
