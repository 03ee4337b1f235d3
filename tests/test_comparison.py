"""Comparison: two runs of the same cases, and what is surely a difference between them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from outcomes import hundred, outcome, results, tagged

from assistant.evaluation import compare
from assistant.evaluation.comparison import MID_P, PAIRED, UNTESTED, Flip, NothingInCommon, mid_p
from assistant.evaluation.results import BadResults, Results


def test_a_run_compared_with_itself_has_no_difference() -> None:
    comparison = compare(hundred(), hundred())
    assert (comparison.found, comparison.flips, comparison.doubts, comparison.changed) == ((), (), (), ())
    assert {d.difference for d in comparison.differences} == {0.0}
    assert {d.p for d in comparison.differences} == {1.0, None}


def test_a_loss_of_five_cases_in_a_hundred_is_found_and_they_are_named() -> None:
    lost = (1, 21, 41, 61, 81)
    comparison = compare(hundred(lost), hundred())
    right = next(d for d in comparison.differences if d.name == "right")
    assert (right.verdict, right.gained, right.lost, right.method) == ("worse", 0, 5, MID_P)
    assert [right.earlier, right.now, right.p] == pytest.approx([0.75, 0.70, 0.03125])
    assert right.high < 0
    assert comparison.flips == tuple(Flip("bridge.jsonl", f"q{n}", "lost") for n in lost)


def test_cases_that_are_won_are_named_too() -> None:
    comparison = compare(hundred(), hundred(lost=(1, 21, 41, 61, 81, 91)))
    assert {flip.change for flip in comparison.flips} == {"won"}
    assert "right" in {d.name for d in comparison.found if d.verdict == "better"}


def test_three_cases_of_a_hundred_may_be_chance() -> None:
    comparison = compare(hundred(lost=(1, 21, 41)), hundred())
    assert "right" not in {d.name for d in comparison.found}
    assert len(comparison.flips) == 3


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [
        (7, 1, 0.0391),  # Bentur et al.'s children, in Fagerland, Lydersen & Laake (2013)
        (0, 0, 1.0),
        (0, 5, 0.03125),
        (5, 0, 0.03125),
        (1, 1, 0.75),  # 1 - half of one half
        (0, 1, 0.5),
    ],
)
def test_the_chance_of_yes_or_no_values_is_mcnemars_mid_p(gained: int, lost: int, p: float) -> None:
    assert mid_p(gained, lost) == pytest.approx(p, abs=5e-5)


def test_other_values_are_compared_by_paired_bootstrap_and_times_are_not_tested() -> None:
    slower = [replace(o, values={**o.values, "f1": o.values["f1"] / 2, "seconds": 9.0}) for o in hundred().outcomes]
    comparison = compare(results(slower), hundred())
    found = {d.name: d for d in comparison.differences}
    assert (found["f1"].verdict, found["f1"].method, found["f1"].p) == ("worse", PAIRED, 1 / 2000)
    seconds = found["seconds-p50"]
    assert (seconds.verdict, seconds.p, seconds.method) == ("same", None, UNTESTED)


def test_runs_that_do_not_compare_say_so_and_what_changed_is_told() -> None:
    now, earlier = hundred(), hundred()
    on = replace(now.on, fingerprint="0" * 32, model="m", settings={"jobs": "2"}, prompts={"answer": "ba9876543210"})
    comparison = compare(replace(now, on=on, outcomes=now.outcomes[:60]), earlier)
    assert [doubt.split(" ")[:3] for doubt in comparison.doubts] == [
        ["The", "collections", "differ"],
        ["Only", "60", "cases"],
        ["Another", "number", "of"],
    ]
    assert comparison.changed == (
        "model: None -> m",
        "prompt answer: 0123456789ab -> ba9876543210",
        "setting jobs: 1 -> 2",
    )


def test_a_case_whose_question_was_edited_is_left_out_of_the_comparison() -> None:
    now = list(hundred().outcomes)
    now[7] = replace(now[7], right=False, case=replace(now[7].case, question="Another question?"))
    now[8] = tagged(now[8], style="casual")  # a tag changes nothing
    comparison = compare(results(now), hundred())
    assert (comparison.cases, comparison.flips) == (99, ())
    assert any(doubt.startswith("1 cases have another question") for doubt in comparison.doubts)


def test_runs_without_a_common_case_cannot_be_compared() -> None:
    with pytest.raises(NothingInCommon, match="share no case"):
        compare(results([outcome(1)]), results([outcome(2)]))


def test_results_are_read_as_they_were_saved(tmp_path: Path) -> None:
    saved = results([tagged(outcome(1), hops=2, topics=["bridges"]), outcome(2, right=False)])
    saved.save(tmp_path / "run.json")
    assert Results.load(tmp_path / "run.json") == saved


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read (No such file or directory)"),
        ("[]", "found no results ("),
        ("{", "found no results (Invalid JSON"),
        ('{"version": 1}', "found no results (on: Field required)"),
    ],
)
def test_a_file_that_holds_no_results_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "run.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(BadResults) as caught:
        Results.load(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_results_of_a_later_version_are_refused(tmp_path: Path) -> None:
    replace(results([outcome(1)]), version=2).save(tmp_path / "run.json")
    with pytest.raises(BadResults, match="of version 2; this program reads 1"):
        Results.load(tmp_path / "run.json")


def test_a_tag_groups_cases_only_when_they_share_its_values() -> None:
    cases = [tagged(outcome(n), style="full" if n % 2 else "casual", note=f"note {n}") for n in range(6)]
    assert [(group.by, group.value, group.cases) for group in results(cases).groups] == [
        ("style", "casual", 3),
        ("style", "full", 3),
    ]
