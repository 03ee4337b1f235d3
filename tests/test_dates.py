"""What a field or a printed line says about the day of publication."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from index.dates import alone, find_in_line, first, lift, mentioned, months, parse, resolve, yearless

NOON = dt.datetime(2016, 3, 3, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2016-03-03", dt.date(2016, 3, 3)),
        ("2016/3/3", dt.date(2016, 3, 3)),
        ("20160303", dt.date(2016, 3, 3)),
        ("March 3, 2016", dt.date(2016, 3, 3)),
        ("MARCH 3RD, 2016", dt.date(2016, 3, 3)),
        ("3 March 2016", dt.date(2016, 3, 3)),
        ("1st of May 2016", dt.date(2016, 5, 1)),
        ("Sept. 9, 2016", dt.date(2016, 9, 9)),
        ("Friday, December 4, 2015.", dt.date(2015, 12, 4)),
        ("09-Mar-2016", dt.date(2016, 3, 9)),
        ("4.11.2022", dt.date(2022, 11, 4)),
        ("July 4, 1776", dt.date(1776, 7, 4)),
    ],
)
def test_a_day_is_read_in_its_usual_forms(printed: str, day: dt.date) -> None:
    assert parse(printed) == day


@pytest.mark.parametrize(
    "printed",
    [
        "2016-03-03T12:00:00Z",
        "2016-03-03T12:00:00.250+00:00",
        "2016-03-03 07:00 -0500",
        "Thu, 03 Mar 2016 12:00:00 GMT",
        "Thu, 3 Mar 2016 07:00:00 -0500 (EST)",
        "Thursday, 3 March 2016 12.00 GMT",
        "12 p.m. UTC, March 3, 2016",
        "March 3, 2016 | 7:00 AM EST",
        "3 March 2016 13:00 UTC+1",
        "Updated 1200 GMT (2000 HKT) March 3, 2016",
        "March 3, 2016, 7 a.m. Eastern Standard Time",
        "3 March 2016 15:00 Moscow time",
        "March 3, 20167:00 AM ET",
    ],
)
def test_a_time_with_its_zone_is_a_moment(printed: str) -> None:
    moment = parse(printed)
    assert isinstance(moment, dt.datetime)
    assert moment.utcoffset() is not None
    assert moment.replace(microsecond=0) == NOON


def test_eastern_time_is_new_yorks_with_its_summer_time() -> None:
    assert parse("Nov. 4 2022, Published 7:30 p.m. ET") == dt.datetime(
        2022, 11, 4, 19, 30, tzinfo=ZoneInfo("America/New_York")
    )
    moment = parse("Nov. 4 2022, Published 7:30 p.m. ET")
    assert isinstance(moment, dt.datetime)
    assert moment.utcoffset() == dt.timedelta(hours=-4)


@pytest.mark.parametrize("printed", ["2016-03-03T12:00:00", "March 3, 2016 at 5pm", "March 3, 2016 9:00 AST"])
def test_a_time_without_a_zone_that_is_known_gives_the_day_alone(printed: str) -> None:
    day = parse(printed)
    assert day == dt.date(2016, 3, 3)
    assert not isinstance(day, dt.datetime)


@pytest.mark.parametrize("number", [1457006400, 1457006400000, 1457006400.0, "1457006400", "1457006400000"])
def test_seconds_and_milliseconds_since_1970_are_moments(number: object) -> None:
    assert parse(number) == NOON


def test_a_day_first_or_month_first_date_is_read_when_only_one_reading_is_possible() -> None:
    assert parse("13/4/2016") == parse("4/13/2016") == dt.date(2016, 4, 13)
    assert parse("5/5/2016") == dt.date(2016, 5, 5)
    assert parse("3/4/2016") is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "today",
        "2 hours ago",
        "March 2016",
        "March 3",
        "10:15",
        "0",
        "1077",
        "2016",
        "2016-W10",
        "in May 2016 he resigned",
    ],
)
def test_words_that_are_no_date_give_none(value: str) -> None:
    assert parse(value) is None


@pytest.mark.parametrize(
    "value",
    [2016, 7, -1e9, 10**400, 1e300, float("nan"), float("inf"), True, None, [2016, 3, 3], {"year": 2016}],
)
def test_other_numbers_and_types_give_none(value: object) -> None:
    assert parse(value) is None


@pytest.mark.parametrize(
    "printed", ["2016-02-30", "2016-13-01", "0000-00-00", "31 June 2016", "2016-03-03T25:00:00Z", "March 3, 9016"]
)
def test_an_impossible_date_gives_none(printed: str) -> None:
    assert parse(printed) is None


def test_of_a_first_and_a_later_version_the_first_counts() -> None:
    assert find_in_line("Published: March 3, 2016 | Updated: March 5, 2016 9:00 a.m. EST") == dt.date(2016, 3, 3)
    assert find_in_line("Updated March 5, 2016") == dt.date(2016, 3, 5)
    assert find_in_line("Updated March 5, 2016 / Published March 3, 2016") == dt.date(2016, 3, 3)
    assert str(find_in_line("Dec. 21 2021, Updated 8:01 p.m. ET")) == "2021-12-21 20:01:00-05:00"


def test_one_day_printed_twice_is_that_day_and_from_one_day_to_another_is_none() -> None:
    assert find_in_line("11/14/2022November 14, 2022") == dt.date(2022, 11, 14)
    assert find_in_line("March 3, 2016 - March 5, 2016") is None


def test_a_bare_day_is_told_from_one_with_its_time() -> None:
    assert [alone(line) for line in ("March 3, 2016", "Thursday, March 3", "3 March 2016, 12:05", "Old March 3")] == [
        True,
        True,
        False,
        False,
    ]
    assert [yearless(line) for line in ("3 FEB, 12:45", "On Thursday, Feb. 3", "3 Feb sank the ferry")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Posted on Thursday, March 3, 2016",
        "First published on Thu 3 Mar 2016",
        "Last updated at 9:05 p.m., 3 March 2016",
        "• 2016-03-03 •",
    ],
)
def test_a_line_of_nothing_but_a_date_is_one(line: str) -> None:
    assert find_in_line(line) == dt.date(2016, 3, 3)


@pytest.mark.parametrize(
    "line",
    [
        "The bridge opened on March 3, 2016",
        "March 3, 2016: the ferry sinks",
        "Posted by Ada Moss on March 3, 2016",
        "9:05 p.m.",
        "Published " + "-" * 200 + " March 3, 2016",
    ],
)
def test_a_line_with_more_than_a_date_is_none(line: str) -> None:
    assert find_in_line(line) is None


def test_months_named_in_running_text_are_found_with_their_year() -> None:
    text = "What did it cost in late May 2016, and on Sept. 3, 2015? And in 2014, or in June?"
    assert months(text) == {(2016, 5), (2015, 9)}


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("4 de marzo de 2022", dt.date(2022, 3, 4)),
        ("4 mars 2022", dt.date(2022, 3, 4)),
        ("4. März 2022, 18:22 Uhr", dt.date(2022, 3, 4)),
        ("1º de agosto de 2022", dt.date(2022, 8, 1)),
        ("7 dicembre 2022", dt.date(2022, 12, 7)),
        ("7 mei 2022", dt.date(2022, 5, 7)),
        ("Publié le 4 mars 2022 à 12h34, mis à jour le 5 mars 2022", dt.date(2022, 3, 4)),
        ("Опубликовано 4 марта 2022 года в 12:34", dt.date(2022, 3, 4)),
        ("пʼятниця, 4 березня 2022, 12:34", dt.date(2022, 3, 4)),
        ("piątek, 4 marca 2022 r.", dt.date(2022, 3, 4)),
        ("4 Mart 2022 Cuma 12:34", dt.date(2022, 3, 4)),
        ("4. maaliskuuta 2022 klo 12.34", dt.date(2022, 3, 4)),
        ("2022. március 4., péntek", dt.date(2022, 3, 4)),
        ("2022年3月4日 12:34", dt.date(2022, 3, 4)),
        ("Ngày 4 tháng 3 năm 2022", dt.date(2022, 3, 4)),
        ("४ मार्च 2022", dt.date(2022, 3, 4)),
        ("4 مارس 2022", dt.date(2022, 3, 4)),
        ("4 במרץ 2022", dt.date(2022, 3, 4)),
        ("3 listopada 2022", None),
    ],
)
def test_months_of_other_languages_are_read_unless_they_mean_two(printed: str, day: dt.date | None) -> None:
    assert parse(printed) == day


def test_an_american_zone_tells_that_the_month_stands_first() -> None:
    assert str(parse("3/4/22 5:12 PM EST")) == "2022-03-04 17:12:00-05:00"
    assert parse("3/4/22") is None
    assert parse("3/14/22") == dt.date(2022, 3, 14)


def test_a_date_is_lifted_from_its_line_with_the_words_that_belong_to_it() -> None:
    lifted = lift("Ada Moss | Published: March 3, 2016 at 9:05 p.m. EST | 3 comments")
    assert str(lifted.published) == "2016-03-03 21:05:00-05:00"
    assert [part.strip() for part in lifted.rest.split("|") if part.strip(" :")] == ["Ada Moss", "3 comments"]
    assert lift("The bridge opened").dated is False


def test_an_ambiguous_date_is_lifted_as_one_that_is_not_known() -> None:
    lifted = lift("Published 3/4/2016")
    assert (lifted.dated, lifted.published) == (True, None)


def test_a_later_versions_line_gives_no_first_day() -> None:
    assert first("Published March 3, 2016") == dt.date(2016, 3, 3)
    assert first("Updated March 5, 2016") is None


def test_days_with_their_year_are_found_in_running_text_with_their_spans() -> None:
    text = "It sank on Oct. 26, 2022, not on 3 May 2021, in March 2020 or on page 2022."
    assert [(text[a:b], str(day)) for (a, b), day in mentioned(text)] == [
        ("Oct. 26, 2022", "2022-10-26"),
        ("3 May 2021", "2021-05-03"),
    ]


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("The ferry sank on Thursday.", "Thursday", "2022-11-03"),
        ("The ferry sank on Friday.", "Friday", "2022-11-04"),
        ("The mayor said Wednesday that he will resign.", "Wednesday", "2022-11-02"),
        ("Wednesday night’s storm", "Wednesday night", "2022-11-02"),
        ("The council will vote on Tuesday.", "Tuesday", "2022-11-08"),
        ("On Monday, the council will vote.", "Monday", "2022-11-07"),
        ("The port is closed until Monday.", "Monday", "2022-11-07"),
        ("Last Friday it rained.", "Last Friday", "2022-10-28"),
        ("It may rain next Friday.", "next Friday", "2022-11-11"),
        ("It may rain this Sunday.", "this Sunday", "2022-11-06"),
        ("It sank yesterday.", "yesterday", "2022-11-03"),
        ("It sank last night.", "last night", "2022-11-03"),
        ("It sank three days ago.", "three days ago", "2022-11-01"),
        ("It sank a week ago.", "a week ago", "2022-10-28"),
        ("It sank ten days ago.", "ten days ago", "2022-10-25"),
        ("It sank on the 31st of October.", "31st of October", "2022-10-31"),
        ("It has sailed since 24 February this year.", "24 February this year", "2022-02-24"),
        ("Today it sank.", "Today", "2022-11-04"),
        ("It sails tomorrow.", "tomorrow", "2022-11-05"),
        ("It sank Wednesday, Nov. 2, off the cape.", "Wednesday, Nov. 2", "2022-11-02"),
        ("It opens on 9 November.", "9 November", "2022-11-09"),
        ("The last test was held on Dec. 4 at sea.", "Dec. 4", "2021-12-04"),
    ],
)
def test_relative_days_resolve_against_the_day_of_the_article(text: str, words: str, day: str) -> None:
    [((start, end), meant)] = resolve(text, dt.date(2022, 11, 4))  # a Friday
    assert (text[start:end], str(meant)) == (words, day)


@pytest.mark.parametrize(
    "text",
    [
        "It sails every Monday.",
        "It was a Sunday.",
        "He reads The Sunday Times.",
        "Shops opened early on Black Friday.",
        "USA Today said so.",
        "It sank on Oct. 26, 2022.",
        "It sank on Thursday, 3 May 2021.",
        "It took in March 10,000 people.",
        "The Sept. 11 attacks",
        "It may sink.",
    ],
)
def test_what_means_no_single_day_relative_to_the_article_is_left_alone(text: str) -> None:
    assert resolve(text, dt.date(2022, 11, 4)) == ()
