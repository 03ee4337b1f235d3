"""The trail of a report as a timeline with a lane for each outlet, and the accounts that differ as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.chart import lines
from assistant.records import Account, Report, Role
from assistant.views.markup import day, marker, safe

ROLES: Mapping[Role, str] = {
    "origin": "first to report it",
    "repeat": "reports it from others",
    "copy": "copies another",
}
ABSENT = "credited, but not in the collection"
"""What the reports of each role are, and those of articles that are not held."""

NEAR = 6.0
"""Per cent of the line of time within which points of a lane would cover one another on a phone."""


def trail_view(reports: Sequence[Report], place: int) -> str:
    """When each outlet reported it: points on a line of time, roles by shape and colour; and the same in words."""
    told = [" ".join(line.split()) for line in lines(reports)]
    lanes: dict[str, list[int]] = {}
    for number, report in enumerate(reports):
        lanes.setdefault(report.outlet or "outlet not stated", []).append(number)
    undated = max(sum(across(reports[number], reports) is None for number in lane) for lane in lanes.values())
    rows = "".join(lane_view(name, numbers, reports, told, place) for name, numbers in lanes.items())
    listed = "".join(
        f"<li>{named(line, report, place, n)}</li>" for n, (line, report) in enumerate(zip(told, reports, strict=True))
    )
    return (
        f'<div class="trail" style="--undated:{undated * 1.6:.1f}rem"><div class="heading">Who reported it when</div>'
        f'{rows}<div class="axis">{axis(reports)}</div><div class="key">{key(reports)}</div>'
        f'<button class="graphs" type="button" value="{place}">Show who credits whom</button>'
        f"<details><summary>In words</summary><ol>{listed}</ol></details></div>"
    )


def named(line: str, report: Report, place: int, number: int) -> str:
    """A report in words; one that is held opens its article at the quote."""
    if report.article is None:
        return safe(line)
    return f'<button class="opens report" type="button" value="{place}/r{number}">{safe(line)}</button>'


def lane_view(name: str, numbers: Sequence[int], reports: Sequence[Report], told: Sequence[str], place: int) -> str:
    """An outlet's reports on its line of time, those too near to one another side by side; then its undated ones."""
    on_line, undated, last, nudged = "", "", -math.inf, 0
    for number in sorted(numbers, key=lambda n: across(reports[n], reports) or 0.0):
        left = across(reports[number], reports)
        if left is None:
            undated += point(reports[number], place, number, told[number])
            continue
        nudged = nudged + 1 if left - last < NEAR else 0
        last = left
        at = f"left:calc({left:.1f}% + {nudged * 1.5:.1f}rem)"
        on_line += point(reports[number], place, number, told[number], at)
    return (
        f'<div class="lane"><span class="outlet">{safe(name)}</span><span class="line">{on_line}</span>'
        f'<span class="undated">{undated}</span></div>'
    )


def point(report: Report, place: int, number: int, told: str, at: str = "") -> str:
    """A report as a point; one that is held opens its article at the quote."""
    classes = f"point {report.role}{' earliest' if report.earliest else ''}{'' if report.article else ' absent'}"
    if report.article is None:
        return f'<span class="{classes}" style="{at}" title="{safe(told)}"></span>'
    return (
        f'<button class="{classes} opens" type="button" style="{at}" value="{place}/r{number}" title="{safe(told)}">'
        f'<span class="unseen">{safe(told)}</span></button>'
    )


def key(reports: Sequence[Report]) -> str:
    """What the shapes mean, of those that occur."""
    roles = [role for role in ROLES if any(report.role == role and report.article for report in reports)]
    told = [f'<span><span class="point {role}"></span> {ROLES[role]}</span>' for role in roles]
    if any(report.article is None for report in reports):
        told.append(f'<span><span class="point absent"></span> {ABSENT}</span>')
    if any(across(report, reports) is None for report in reports):
        told.append("<span>beyond the line: undated</span>")
    return "".join(told)


def across(report: Report, reports: Sequence[Report]) -> float | None:
    """How far along the line of time a report stands, in per cent; None when it has no date."""
    if report.day is None:
        return None
    days = [one.day for one in reports if one.day]
    span = (max(days) - min(days)).days
    return 100 * (report.day - min(days)).days / span if span else 50.0


def axis(reports: Sequence[Report]) -> str:
    """The first and the last day of the line."""
    days = sorted({report.day for report in reports if report.day})
    return "".join(f"<span>{day(d)}</span>" for d in dict.fromkeys((*days[:1], *days[-1:])))


def accounts_view(accounts: Sequence[Account], place: int) -> str:
    """Values that differ, side by side, with who gives each and where."""
    rows = "".join(
        f'<tr><th scope="row">{safe(account.value)}</th><td>{safe(account.outlet or "outlet not stated")}</td>'
        f"<td>{safe(account.source or 'no source named')}</td><td>{day(account.published)}</td>"
        f"<td>{''.join(marker(place, number) for number in account.citations)}</td></tr>"
        for account in accounts
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Account", "Printed by", "Source", "Day", "Quote"))
    return (
        '<div class="accounts"><div class="heading">The accounts differ</div>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
