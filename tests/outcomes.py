"""Results made by hand: what comparison, page and JUnit are tested with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.evaluation import Case, Evidence
from assistant.evaluation.measures import grouped, summed
from assistant.evaluation.results import (
    AskedSuite,
    Explanation,
    LeftOut,
    Outcome,
    Place,
    Quotation,
    RanOn,
    Reply,
    Results,
    Sentenced,
)

QUOTE = "The council closed the bridge on Monday."


def outcome(number: int, right: bool = True, said: str = "It was closed on Monday.", kind: str = "factoid") -> Outcome:
    """A case with one citation and one hit; `cited` and `mrr` are as `right` is, `f1` follows the number."""
    passage = f"Cracks were found. {QUOTE}"
    cited = Quotation(
        1, f"gazette-{number}", "Bridge closed", "The Gazette", "2021-03-04", "https://gazette.example/1",
        19, 19 + len(QUOTE), QUOTE, passage, (19, 19 + len(QUOTE)), gold=right, exact=True,
    )  # fmt: skip
    reply = Reply(
        "When was it closed?", "When was it closed?", said, "Monday", False, None,
        (Sentenced(f"{said} [1]", (1,), "quoted", None),), (cited,),
    )  # fmt: skip
    return Outcome(
        suite="bridge.jsonl",
        case=Case(
            id=f"q{number}",
            type=kind,
            question=f"When was bridge {number} closed?",
            answer="Monday",
            evidence=(Evidence(f"gazette-{number}", QUOTE),),
        ),
        reply=reply,
        hits=(Place(f"gazette-{number}", "The Gazette", "Bridge closed", passage, "both", 0.8, right),),
        steps=(Explanation("understood", {"kind": "when", "names": ["Bridge"]}),),
        values={
            "right": float(right),
            "contains": float(right),
            "f1": number % 10 / 10,
            "cited": float(right),
            "mrr": float(right),
            "found@10": float(right),
            "refusal": 0.0,
            "seconds": 0.1 + number / 1000,
            "spans": 1.0,
        },
        right=right,
        why=() if right else ("It does not say the gold answer.",),
    )


def results(outcomes: Sequence[Outcome], left_out: Sequence[LeftOut] = ()) -> Results:
    """A run that had those outcomes."""
    on = RanOn(
        suites=(AskedSuite("bridge.jsonl", "ab" * 32, len(outcomes)),),
        fingerprint="f" * 32,
        articles=100,
        encoder="counting",
        model=None,
        prompts={"answer": "0123456789ab"},
        settings={"jobs": "1"},
        version="0.1.0",
        code="cafe00000000",
    )
    return Results(
        on=on,
        outcomes=tuple(outcomes),
        left_out=tuple(left_out),
        scores=summed(outcomes),
        groups=grouped(outcomes),
        started="2021-03-04T09:00:00+00:00",
        seconds=1.5,
    )


def hundred(lost: Sequence[int] = ()) -> Results:
    """A hundred cases, every fourth of them wrong, and those named too."""
    return results([outcome(n, right=n % 4 != 0 and n not in lost) for n in range(100)])


def tagged(one: Outcome, **tags: object) -> Outcome:
    """The outcome with its case's tags."""
    return replace(one, case=replace(one.case, tags=tags))
