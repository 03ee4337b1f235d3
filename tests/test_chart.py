"""A trail as lines and as a Mermaid chart."""

import datetime as dt

from assistant.chart import lines, mermaid
from assistant.records import Report

FIRST = Report("a", "The Baltic Courier", dt.date(2022, 4, 7), "a", "origin", True, (), "…", 0, 1)
REPEAT = Report("b", 'Post "X"\n<b>', None, "b", "repeat", False, ("a", "credited:Kestrel"), "…", 0, 1)
ABSENT = Report("credited:Kestrel", "Kestrel", None, None, "origin", False, (), None, None, None)


def test_each_report_is_a_line_with_date_outlet_role_and_whom_it_credits() -> None:
    assert list(lines([FIRST, REPEAT, ABSENT])) == [
        "2022-04-07  The Baltic Courier: origin, the earliest dated",
        'undated     Post "X"\n<b>: repeat crediting The Baltic Courier (2022-04-07), Kestrel',
        "–           Kestrel: credited, not held",
    ]


def test_a_chart_has_a_box_for_each_report_and_an_arrow_for_each_credit() -> None:
    assert mermaid([FIRST, REPEAT, ABSENT]).splitlines() == [
        "flowchart LR",
        '    r0["The Baltic Courier<br/>2022-04-07<br/>origin"]',
        '    r1["Post #34;X#34; #60;b#62;<br/>undated<br/>repeat"]',
        '    r2["Kestrel<br/>–<br/>credited, not held"]:::absent',
        "    r0 -->|credited| r1",
        "    r2 -->|credited| r1",
        "    classDef absent stroke-dasharray: 4 4",
    ]


def test_reports_that_credit_each_other_are_charted_once_each() -> None:
    one = Report("a", "A", None, "a", "repeat", False, ("b",), None, None, None)
    other = Report("b", "B", None, "b", "repeat", False, ("a",), None, None, None)
    assert mermaid([one, other]).count("-->") == 2


def test_an_empty_trail_is_an_empty_chart() -> None:
    assert (list(lines([])), mermaid([]).splitlines()[0]) == ([], "flowchart LR")
