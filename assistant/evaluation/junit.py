"""Results as JUnit's XML, which CI systems show: a test for each case, and one for each figure that was demanded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

from assistant.evaluation.results import Outcome, Results

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(results: Results, failed: Iterable[str], path: str | Path) -> None:
    """Write them; `failed` are demands that were not met, in words."""
    root = ElementTree.Element("testsuites", name="whence eval")
    for suite, outcomes in groupby(results.outcomes, key=lambda outcome: outcome.suite):
        _add_suite(root, suite, list(outcomes), results)
    demands = list(failed)
    if demands:
        told = ElementTree.SubElement(
            root, "testsuite", name="demands", tests=str(len(demands)), failures=str(len(demands))
        )
        for demand in demands:
            _add_case(told, "demands", demand.partition(":")[0], 0.0, demand)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _add_suite(root: ElementTree.Element, name: str, outcomes: Sequence[Outcome], results: Results) -> None:
    left = [one for one in results.left_out if one.suite == name]
    told = ElementTree.SubElement(
        root,
        "testsuite",
        name=name,
        tests=str(len(outcomes) + len(left)),
        failures=str(sum(not outcome.right for outcome in outcomes)),
        skipped=str(len(left)),
        time=f"{sum(outcome.values['seconds'] for outcome in outcomes):.3f}",
        timestamp=results.started,
    )
    for outcome in outcomes:
        why = None if outcome.right else "\n".join(outcome.why) or "It is not right."
        _add_case(told, f"{name}.{outcome.case.type}", outcome.case.id, outcome.values["seconds"], why)
    for one in left:
        case = ElementTree.SubElement(told, "testcase", classname=name, name=_printable(one.id))
        ElementTree.SubElement(case, "skipped", message=_printable(one.reason))


def _add_case(suite: ElementTree.Element, group: str, name: str, seconds: float, why: str | None) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", classname=_printable(group), name=_printable(name), time=f"{seconds:.3f}"
    )
    if why is not None:
        failure = ElementTree.SubElement(case, "failure", message=_printable(why.partition("\n")[0]))
        failure.text = _printable(why)


def _printable(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
