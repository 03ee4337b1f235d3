"""What a text's own days show of when it was published, and when they contradict the date it bears."""

import datetime as dt

import pytest

from index.dating import beside, dateline, doubt, inferred
from index.readers.draft import Draft, article
from index.records import Article, Origin

TODAY = dt.date(2026, 5, 1)


def test_a_day_named_with_its_weekday_is_news_and_gives_a_day_with_its_window() -> None:
    text = "The ferry sank on Thursday, June 16, 2022, off the old town. Divers found its bell."
    assert inferred(text, (), TODAY) == (dt.date(2022, 6, 16), (dt.date(2022, 6, 15), dt.date(2022, 6, 23)))


def test_a_weekday_beside_its_date_shows_news_in_other_languages_too() -> None:
    text = "Die Fähre sank am Donnerstag, 16. Juni 2022, vor der alten Stadt."
    assert inferred(text, (), TODAY)[0] == dt.date(2022, 6, 16)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("OLD TOWN, March 3, 2016 — The ferry sank.", dt.date(2016, 3, 3)),
        ("Port Vila, 3 March 2016 (AFP) - The ferry sank.", dt.date(2016, 3, 3)),
        ("MOSCOW, March 3, 2016. /TASS/. The ferry sank.", dt.date(2016, 3, 3)),
        ("The crew that struck on March 3, 2016 - nine men - was paid.", None),
        ("OLD TOWN, March 3 — The ferry sank.", None),
    ],
)
def test_the_dateline_that_opens_a_story_dates_it(text: str, day: dt.date | None) -> None:
    assert dateline(text) == day


def test_a_post_quoted_with_its_date_gives_a_day_too() -> None:
    text = "“It is gone,” the port wrote. — Old Port (@oldport) July 5, 2022\n\nThe ferry had left at dawn."
    assert inferred(text, (), TODAY)[0] == dt.date(2022, 7, 5)


def test_a_days_date_alone_is_the_first_possible_day_and_today_the_last() -> None:
    text = "The ferry sank on Oct. 26, 2022, off the old town. In March 2021 it had been repaired."
    assert inferred(text, (), TODAY) == (None, (dt.date(2022, 10, 26), TODAY))


@pytest.mark.parametrize(
    "text",
    [
        "The ferry sank on Thursday off the old town.",
        "The pier was built on May 4, 1911. In 2019 it was sold.",
        "The pier will open by May 4, 2023.",
        "The pier will open on Thursday, June 16, 2033.",
        "",
    ],
)
def test_a_text_that_tells_of_no_day_or_of_the_past_or_of_what_is_to_come_gives_nothing(text: str) -> None:
    assert inferred(text, (), TODAY) == (None, None)


def read(text: str, published: str | None = None) -> Article:
    return article(Draft(text, Origin("saved.txt"), alone=True, title="Old ferry sinks", published=published))


def test_an_article_without_a_date_is_inferred_from_its_text_and_never_from_its_file() -> None:
    found = read("The ferry sank on Thursday, June 16, 2022, off the old town.")
    assert (found.published, found.dated) == (dt.date(2022, 6, 16), "inferred")
    assert found.window == (dt.date(2022, 6, 15), dt.date(2022, 6, 23))
    unknown = read("The ferry sank on Thursday off the old town.")
    assert (unknown.published, unknown.dated, unknown.window) == (None, "unknown", None)


def test_a_copy_of_dated_articles_appeared_within_a_week_of_them() -> None:
    undated = Article("copy", "The ferry sank off the old town.")
    window = beside(undated, dt.date(2022, 6, 16), dt.date(2022, 6, 18), TODAY)
    assert window == (dt.date(2022, 6, 9), dt.date(2022, 6, 25))
    assert beside(undated, dt.date(2026, 4, 28), dt.date(2026, 4, 30), TODAY) == (dt.date(2026, 4, 21), TODAY)


def test_what_a_copy_itself_tells_of_narrows_when_it_appeared_or_speaks_against_it() -> None:
    updated = Article("copy", "The ferry sank. It was raised on June 20, 2022, the port said.")
    first = last = dt.date(2022, 6, 16)
    assert beside(updated, first, last, TODAY) == (dt.date(2022, 6, 20), dt.date(2022, 6, 23))
    assert beside(Article("later", "It was raised on June 20, 2023, the port said."), first, last, TODAY) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Her term ended on May 3, 2022.", "the text tells of 3 May 2022 as past"),
        ("On May 3, 2022, she left the port.", "the text tells of 3 May 2022 as past"),
        ("March 9, 2021\n\nShe left the port.\n\nNobody asked why.", "the text itself is dated 9 March 2021"),
    ],
)
def test_a_date_that_the_text_contradicts_is_doubted(text: str, why: str) -> None:
    assert doubt(read(text, "2022-02-12")) == why


@pytest.mark.parametrize(
    "text",
    [
        "Her term ended on February 13, 2022.",
        "Her term will end on May 3, 2022.",
        "A vote was called for May 3, 2022.",
        "Updated March 9, 2023\n\nShe left the port.\n\nNobody asked why.",
        "February 11, 2022\n\nShe left the port.\n\nNobody asked why.",
        "She left the port.\n\nCorrection, May 3, 2022: She was not asked to.",
    ],
)
def test_a_day_of_slack_what_is_to_come_and_later_versions_are_no_contradiction(text: str) -> None:
    assert doubt(read(text, "2022-02-12")) is None


def test_without_a_date_there_is_nothing_to_doubt() -> None:
    assert doubt(read("Her term ended in May.")) is None
