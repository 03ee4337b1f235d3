"""A trail of reports as lines of text, and as a Mermaid chart. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.records import Report


def lines(reports: Sequence[Report]) -> Iterator[str]:
    """A line for each report: date, outlet, role, and whom it copies or credits."""
    names = {report.id: _name(report) for report in reports}
    for report in reports:
        earliest = ", the earliest dated" if report.earliest else ""
        of = ", ".join(names.get(id_, id_.removeprefix("credited:")) for id_ in report.of)
        follows = f" {'of' if report.role == 'copy' else 'crediting'} {of}" if of else ""
        yield f"{_day(report):<12}{report.outlet or 'outlet not stated'}: {_role(report)}{follows}{earliest}"


def mermaid(reports: Sequence[Report]) -> str:
    """The reports as boxes, with arrows from whoever was first to those who credit or copy them."""
    keys = {report.id: f"r{number}" for number, report in enumerate(reports)}
    told = ["flowchart LR"]
    for report in reports:
        told_of = (report.outlet or "outlet not stated", _day(report), _role(report))
        label = "<br/>".join(_plain(part) for part in told_of)
        told.append(f'    {keys[report.id]}["{label}"]{"" if report.article else ":::absent"}')
    for report in reports:
        for id_ in report.of:
            if id_ in keys:
                told.append(
                    f"    {keys[id_]} -->|{'copied' if report.role == 'copy' else 'credited'}| {keys[report.id]}"
                )
    return "\n".join([*told, "    classDef absent stroke-dasharray: 4 4"])


def _name(report: Report) -> str:
    return f"{report.outlet or report.id} ({_day(report)})" if report.article else report.outlet or report.id


def _role(report: Report) -> str:
    """What is known of its role: whoever is only credited may not have been the first."""
    return report.role if report.article else "credited, not held"


def _day(report: Report) -> str:
    """The day, or what is known instead."""
    if report.day is None:
        return "undated" if report.article else "–"
    return report.day.isoformat()


def _plain(text: str) -> str:
    """A label without what Mermaid reads as its own."""
    return "".join(f"#{ord(c)};" if c in '"#<>[]{}|;&`' else " " if c in "\r\n" else c for c in text)
