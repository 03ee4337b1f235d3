"""Figures, drawn by Plotly: who credits whom day by day, and how many articles each outlet published when.

Colours are picked to be told apart by the colour-blind and to stand out on paper and on a dark desk; the page's style
colours text and lines.
"""

from __future__ import annotations

import datetime as dt
import html
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from assistant.chart import lines
from assistant.records import Report, Role
from assistant.views.trail import ABSENT, ROLES
from index.records import Article

SHAPES: Mapping[Role, tuple[str, str]] = {
    "origin": ("circle", "#c2620e"),
    "repeat": ("diamond", "#3b82c4"),
    "copy": ("square-open", "#857c70"),
}
"""How the reports of each role are drawn: shape and colour."""

SERIES = ("#3b82c4", "#c2620e", "#1b9e87", "#b0569b", "#8f8418", "#6f6ad1", "#c1494d", "#4f8f2f")
REST = "#857c70"

LANE = 46
"""Pixels of an outlet's lane."""

APART = (0.0, 0.3, -0.3, 0.15, -0.15)
"""Shares of a lane by which reports of one day and outlet are moved, so that none covers another."""

DAYS, MONTHS = 62, 62 * 31
"""Days up to which a bar stands for a day; and for a month, beyond which it stands for a year."""

UNDATED = "no date"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a report is drawn: in which column, of the days on which anything was reported, and in which lane."""

    column: int
    lane: float


def graph(reports: Sequence[Report], place: int) -> go.Figure:
    """Reports as points, in the column of their day and the lane of their outlet; an arrow leads from each to whatever
    credits or copies it. A point carries what it opens, `PLACE/rNUMBER`, where it is held."""
    columns, spots = spotted(reports)
    lanes = list(dict.fromkeys(_outlet(report) for report in reports))
    figure = go.Figure()
    for role, (symbol, colour) in SHAPES.items():
        numbers = [n for n, report in enumerate(reports) if report.role == role and report.article]
        _points(figure, reports, spots, numbers, _marker(symbol, colour), ROLES[role], place)
    absent = [n for n, report in enumerate(reports) if not report.article]
    _points(figure, reports, spots, absent, _marker("circle-open", REST), ABSENT, place)
    for start, end in arrows(reports):
        figure.add_annotation(
            x=spots[end].column, y=spots[end].lane, ax=spots[start].column, ay=spots[start].lane,
            xref="x", yref="y", axref="x", ayref="y", showarrow=True, arrowhead=2, arrowsize=1, arrowwidth=1.3,
            arrowcolor="#857c70", opacity=0.75, standoff=9, startstandoff=9, text="",
        )  # fmt: skip
    figure.update_xaxes(
        tickvals=list(range(len(columns))), ticktext=columns, range=[-0.6, len(columns) - 0.4],
        autotickangles=[0, -40, -90], zeroline=False, fixedrange=True,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(lanes))), ticktext=[html.escape(textwrap.shorten(lane, 26)) for lane in lanes],
        range=[len(lanes) - 0.4, -0.6], zeroline=False, fixedrange=True, automargin=True, ticklabelstandoff=8,
    )  # fmt: skip
    return _styled(figure, 130 + LANE * len(lanes))


def spotted(reports: Sequence[Report]) -> tuple[list[str], list[Spot]]:
    """The columns, of those without a date first, and where each report is drawn; those of one day and outlet apart."""
    days = sorted({report.day for report in reports if report.day})
    columns: list[dt.date | None] = [*([None] if any(r.day is None for r in reports) else []), *days]
    lanes = {name: lane for lane, name in enumerate(dict.fromkeys(map(_outlet, reports)))}
    drawn: list[Spot] = []
    for report in reports:
        column, lane = columns.index(report.day), lanes[_outlet(report)]
        taken = sum(1 for spot in drawn if (spot.column, round(spot.lane)) == (column, lane))
        drawn.append(Spot(column, lane + APART[taken % len(APART)]))
    return [f"{day.day} {day:%b %Y}" if day else UNDATED for day in columns], drawn


def arrows(reports: Sequence[Report]) -> Iterator[tuple[int, int]]:
    """From whom to whom the news went, as places among the reports."""
    places = {report.id: number for number, report in enumerate(reports)}
    for number, report in enumerate(reports):
        yield from ((places[id_], number) for id_ in dict.fromkeys(report.of) if id_ in places)


def histogram(articles: Sequence[Article]) -> go.Figure | None:
    """How many articles each outlet published when; None where none is dated. The smallest outlets are one."""
    days = [article.day for article in articles if article.day]
    if not days:
        return None
    span = (max(days) - min(days)).days
    largest = [name for name, _ in Counter(_publisher(a) for a in articles if a.day).most_common(len(SERIES))]
    counts: dict[str, Counter[str]] = {name: Counter() for name in largest}
    for article in articles:
        if article.day:
            name = _publisher(article)
            counts.setdefault(name if name in largest else "other outlets", Counter())[_bar(article.day, span)] += 1
    figure = go.Figure()
    for name, colour in zip(counts, (*SERIES, REST), strict=False):
        bars = sorted(counts[name])
        figure.add_bar(
            x=bars, y=[counts[name][b] for b in bars], name=html.escape(textwrap.shorten(name, 30)),
            marker={"color": colour, "line": {"width": 0}},
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.15)
    figure.update_xaxes(type="date", fixedrange=True, showgrid=False)
    highest = max(sum(counts.values(), Counter()).values())
    figure.update_yaxes(fixedrange=True, dtick=max(1, round(highest / 4)), zeroline=False, rangemode="tozero")
    return _styled(figure, 230)


def _bar(day: dt.date, span: int) -> str:
    """The first day of the bar in which a day stands, where `span` days are drawn."""
    if span <= DAYS:
        return day.isoformat()
    return day.replace(day=1).isoformat() if span <= MONTHS else day.replace(month=1, day=1).isoformat()


def _marker(symbol: str, colour: str) -> dict[str, object]:
    """A point of a shape and colour; what is hollow has a line as strong as the timeline's."""
    return {"symbol": symbol, "color": colour, "size": 14, "line": {"width": 3 if "open" in symbol else 0}}


def _points(
    figure: go.Figure,
    reports: Sequence[Report],
    spots: Sequence[Spot],
    numbers: Sequence[int],
    marker: Mapping[str, object],
    means: str,
    place: int,
) -> None:
    """The reports of one role."""
    if not numbers:
        return
    told = [" ".join(line.split()) for line in lines(reports)]
    figure.add_scatter(
        x=[spots[n].column for n in numbers], y=[spots[n].lane for n in numbers], mode="markers", name=means,
        marker=marker, customdata=[f"{place}/r{n}" if reports[n].article else None for n in numbers],
        hovertext=["<br>".join(map(html.escape, _hover(told[n], reports[n]))) for n in numbers], hoverinfo="text",
    )  # fmt: skip


def _hover(told: str, report: Report) -> list[str]:
    quote = textwrap.wrap(f"“{textwrap.shorten(report.quote, 200, placeholder=' …')}”", 60) if report.quote else []
    return [*textwrap.wrap(told, 60), *quote]


def _styled(figure: go.Figure, height: int) -> go.Figure:
    return figure.update_layout(
        template="none", height=height, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "Inter, 'Helvetica Neue', Arial, sans-serif", "size": 12}, hovermode="closest",
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0}, margin={"l": 8, "r": 12, "t": 22, "b": 8},
        dragmode=False, showlegend=True,
    )  # fmt: skip


def _outlet(report: Report) -> str:
    return report.outlet or "outlet not stated"


def _publisher(article: Article) -> str:
    return article.outlet or "outlet not stated"
