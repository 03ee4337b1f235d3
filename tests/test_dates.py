"""What a field or a printed line says about the day of publication."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from index.dates import find_in_line, months, parse

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
