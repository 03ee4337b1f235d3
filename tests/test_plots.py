"""Figures: points that open their quotes, arrows from whoever was credited, bars of articles by outlet and time."""

from __future__ import annotations

import datetime as dt

from assistant.records import Report
from assistant.views.plots import arrows, graph, histogram, spotted
from index.records import Article

FIRST = Report("a-1", "<b>Courier</b>", dt.date(2014, 3, 1), "a-1", "origin", True, ("credited:Radio",), "Oil.", 0, 4)
SECOND = Report("b-2", "The Post", dt.date(2014, 3, 3), "b-2", "repeat", False, ("a-1", "gone"), "Oil, said C.", 0, 12)
COPY = Report("c-3", "The Post", dt.date(2014, 3, 3), "c-3", "copy", False, ("b-2",), "Oil, said C.", 0, 12)
UNHELD = Report("credited:Radio", "Radio", None, None, "origin", False, (), None, None, None)
REPORTS = (FIRST, SECOND, COPY, UNHELD)


def test_reports_stand_in_the_column_of_their_day_and_the_lane_of_their_outlet_none_upon_another() -> None:
    columns, spots = spotted(REPORTS)
    assert columns == ["no date", "1 Mar 2014", "3 Mar 2014"]
    assert [(spot.column, spot.lane) for spot in spots] == [(1, 0), (2, 1), (2, 1.3), (0, 2)]


def test_arrows_lead_from_the_credited_to_whoever_credits_them() -> None:
    assert list(arrows(REPORTS)) == [(3, 0), (0, 1), (1, 2)]
    assert len(graph(REPORTS, 0).layout.annotations) == 3


def test_a_point_opens_its_report_unless_it_is_not_held() -> None:
    drawn = {trace.name: list(trace.customdata) for trace in graph(REPORTS, 4).data}
    assert drawn == {
        "first to report it": ["4/r0"],
        "reports it from others": ["4/r1"],
        "copies another": ["4/r2"],
        "credited, but not in the collection": [None],
    }


def test_what_articles_print_is_escaped_in_figures() -> None:
    figure = graph(REPORTS, 0)
    assert figure.layout.yaxis.ticktext[0] == "&lt;b&gt;Courier&lt;/b&gt;"
    assert "<b>" not in figure.data[0].hovertext[0]
    bars = histogram([Article("a", "Oil.", outlet="<i>Post</i>", published=dt.date(2014, 3, 1))])
    assert bars is not None
    assert bars.data[0].name == "&lt;i&gt;Post&lt;/i&gt;"


def dated(outlet: str, *days: str) -> list[Article]:
    return [Article(f"{outlet}-{day}", "Oil.", outlet=outlet, published=dt.date.fromisoformat(day)) for day in days]


def test_bars_count_articles_by_day_month_or_year() -> None:
    def bars(*days: str) -> list[tuple[str, int]]:
        figure = histogram(dated("Post", *days))
        assert figure is not None
        return list(zip(figure.data[0].x, figure.data[0].y, strict=True))

    assert bars("2014-03-01", "2014-03-01", "2014-03-20") == [("2014-03-01", 2), ("2014-03-20", 1)]
    assert bars("2014-03-02", "2014-03-20", "2014-07-01") == [("2014-03-01", 2), ("2014-07-01", 1)]
    assert bars("2004-03-02", "2014-03-20") == [("2004-01-01", 1), ("2014-01-01", 1)]


def test_small_outlets_are_counted_together_and_undated_articles_not_at_all() -> None:
    articles = [a for n in range(10) for a in dated(f"Paper {n}", *(["2014-03-01"] * (20 - n)))]
    figure = histogram([*articles, Article("u", "Oil.")])
    assert figure is not None
    assert [trace.name for trace in figure.data][-1] == "other outlets"
    assert len(figure.data) == 9
    assert sum(sum(trace.y) for trace in figure.data) == len(articles)
    assert histogram([Article("u", "Oil.")]) is None
