"""Results, and what they are compared with, become one page of HTML that needs nothing else: no network, no files."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from assistant.evaluation.comparison import Comparison, Difference, Flip
from assistant.evaluation.measures import BY_NAME, MEASURES
from assistant.evaluation.results import Outcome, Quotation, Reply, Results, Score

FOLDER = Path(__file__).parent

CASES = 500
"""Cases that the page shows at most, the worst first."""

TILES = ("right", "found@5", "cited", "refusal-f1", "spans", "seconds-p95")
"""The scores set large at the top."""

COLUMNS = ("right", "f1", "found@1", "found@5", "cited", "self-consistency", "seconds-p50")
"""The scores shown for each group."""

BARS = 24
"""Bars of a histogram."""

CAUSES = {
    "right": ("Right, and a gold quote cited", "good"),
    "elsewhere": ("Right, by another passage", "fair"),
    "unsaid": ("Found, but not said", "bad"),
    "unfound": ("Gold quote not among the hits", "worse"),
    "refused": ("Refused, though it is said", "shy"),
    "invented": ("Answered, though it is not said", "bold"),
}
"""What became of a case, in words, and the class of its colour."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as the page shows it: `before` is the earlier run's outcome, `flip` how it changed, if it did."""

    number: int
    outcome: Outcome
    cause: str
    before: Outcome | None
    flip: Flip | None


def render(results: Results, comparison: Comparison | None = None) -> str:
    """The page.

    Answers and articles are other people's text: every character of them is escaped, and addresses are links only when
    they are http or https. A content security policy keeps the page from loading anything.
    """
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"figure": figure, "spread": spread, "pretty": _pretty, "link": link}
    script = (FOLDER / "page.js").read_text(encoding="utf-8")
    cases = shown(results, comparison)
    differences = {d.name: d for d in comparison.differences} if comparison else {}
    return environment.get_template("page.html").render(
        results=results,
        comparison=comparison,
        differences=differences,
        parts=_parts(results),
        tiles=[score for name in TILES if (score := results.score(name))],
        columns=[name for name in COLUMNS if results.score(name)],
        measures=BY_NAME,
        cases=cases,
        causes=_causes(cases, results),
        words=CAUSES,
        histogram=histogram([o.values["seconds"] for o in results.outcomes]),
        marked=marked,
        highlighted=highlighted,
        style=Markup((FOLDER / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def shown(results: Results, comparison: Comparison | None) -> list[Shown]:
    """The cases, worst first: lost ones, then the wrong, and among them those that came least near."""
    before = {o.key: o for o in comparison.earlier.outcomes} if comparison else {}
    flips = {(flip.suite, flip.id): flip for flip in comparison.flips} if comparison else {}

    def badness(outcome: Outcome) -> tuple[bool, bool, float, float]:
        flip = flips.get(outcome.key)
        near = outcome.values.get("cited", 0.0) + outcome.values.get("mrr", 0.0)
        return not (flip and flip.change == "lost"), outcome.right, near, outcome.values["f1"]

    worst = sorted(results.outcomes, key=badness)[:CASES]
    return [Shown(n, o, cause(o), before.get(o.key), flips.get(o.key)) for n, o in enumerate(worst, 1)]


def cause(outcome: Outcome) -> str:
    """What became of a case: a key of CAUSES."""
    values = outcome.values
    if outcome.right:
        return "right" if values.get("cited", 1.0) else "elsewhere"
    if outcome.case.answer is None:
        return "invented"
    if outcome.reply.refused:
        return "refused"
    return "unsaid" if values.get("found@10", 1.0) else "unfound"


def _causes(cases: Sequence[Shown], results: Results) -> list[tuple[str, int]]:
    counts = Counter(cause(outcome) for outcome in results.outcomes)
    return [(name, counts[name]) for name in CAUSES if counts[name]]


def _parts(results: Results) -> list[tuple[str, list[Score]]]:
    """The scores under the parts of the table."""
    parts: dict[str, list[Score]] = {}
    for measure in MEASURES:
        if score := results.score(measure.name):
            parts.setdefault(measure.part, []).append(score)
    return list(parts.items())


def histogram(values: Sequence[float]) -> list[tuple[float, float, int]]:
    """How many values lie from where to where, up to the 99th percentile; the last bar has all beyond it too."""
    top = float(np.percentile(values, 99)) or 1.0
    counts, edges = np.histogram(np.minimum(values, top), bins=BARS, range=(0.0, top))
    return [(float(a), float(b), int(n)) for a, b, n in zip(edges, edges[1:], counts, strict=False)]


# -- how things are written ------------------------------------------------------------------------------------------


def figure(value: float, name: str) -> str:
    """A score's value with the digits that it is worth."""
    measure = BY_NAME[name]
    if measure.part == "time":
        return f"{value * 1000:,.0f} ms" if value < 10 else f"{value:,.1f} s"
    if measure.part in ("lengths", "model"):
        return f"{value:,.4f}" if name == "cost" else f"{value:,.1f}"
    return f"{value:.3f}"


def spread(score: Score | Difference) -> str:
    """Its 95 % interval."""
    return f"[{figure(score.low, score.name)}, {figure(score.high, score.name)}]"


def link(url: str | None) -> str | None:
    """The address, if it is one that a reader may follow."""
    return url if url and re.match(r"https?://", url, re.IGNORECASE) else None


def marked(reply: Reply, place: str) -> Markup:
    """An answer's sentences with their markers as links to the citations at that place of the page."""
    if not reply.sentences:
        return escape(reply.said)
    pieces = []
    for sentence in reply.sentences:
        text = str(escape(sentence.text))
        linked = re.sub(r"\[(\d+)\]", rf'<a class="marker" href="#{place}-\1">\1</a>', text)
        lacking = f' class="lacking" title="{escape(sentence.lacking)}"' if sentence.lacking else ""
        pieces.append(f"<span{lacking}>{linked}</span>")
    return Markup(" ".join(pieces))  # every text in it was escaped above


def highlighted(quotation: Quotation) -> Markup:
    """A citation's passage with the quote marked."""
    start, end = quotation.at
    text = quotation.passage
    return escape(text[:start]) + Markup("<mark>%s</mark>") % text[start:end] + escape(text[end:])


def _pretty(told: Mapping[str, object]) -> str:
    """What a step gave, a line for each thing and for each item of a list."""
    lines: list[str] = []
    for name, value in told.items():
        items = value if isinstance(value, list | tuple) and value else None
        lines += [f"{name}:", *(f"  {_json(item)}" for item in items)] if items else [f"{name}: {_json(value)}"]
    return "\n".join(lines)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
