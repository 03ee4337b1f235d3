"""What readers find wrong: kept in the ledger, and made into cases of a suite."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import yaml
from serving import collection

from assistant.evaluation.starter import faulted, write_starter
from assistant.evaluation.suites import load_suite
from assistant.feedback import LONGEST, BadFeedback, Fault, Feedback, keep, kept
from assistant.ledger import Ledger

REFUSE = Feedback("Who shut the bridge?", "should-have-refused", "the mayor")
SOURCE = Feedback("Who said so?", "wrong-source", "Radio", "the harbour master", "light-1", "Ines Calder said")
PASSAGE = Feedback("Why was it shut?", "wrong-passage", "cracks", None, "light-1", "nine weeks: # of repairs")


def test_a_ledger_keeps_what_readers_find_wrong_in_order(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert kept(ledger) == []
    for said in (REFUSE, SOURCE, PASSAGE):
        keep(ledger, said)
    assert kept(ledger) == [REFUSE, SOURCE, PASSAGE]


def test_long_words_are_cut_and_unknown_faults_refused(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    keep(ledger, replace(REFUSE, answer="x" * 5_000))
    assert len(kept(ledger)[0].answer) == LONGEST
    with pytest.raises(BadFeedback, match="'boring' is no fault"):
        keep(ledger, Feedback("?", cast(Fault, "boring"), "!"))


def test_a_question_with_a_known_answer_becomes_a_case_the_last_word_counts() -> None:
    later = replace(SOURCE, right="Ines Calder")
    assert [
        (case.question, case.answer, case.type, case.tags) for case in faulted([REFUSE, SOURCE, PASSAGE, later])
    ] == [
        ("Who shut the bridge?", None, "unanswerable", {"fault": "should-have-refused"}),
        ("Who said so?", "Ines Calder", "reader", {"fault": "wrong-source"}),
    ]


def test_a_new_suite_holds_the_readers_cases_and_tells_of_those_without_an_answer(tmp_path: Path) -> None:
    file = tmp_path / "suite.yaml"
    with collection(tmp_path) as assistant:
        written = write_starter(assistant.index, [REFUSE, SOURCE, PASSAGE], file)
    text = file.read_text("utf-8")
    assert [case["id"] for case in yaml.safe_load(text)][:2] == ["reader-1", "reader-2"]
    assert text.endswith("# - wrong-passage: Why was it shut? “nine weeks: # of repairs” (light-1)\n")
    assert len(load_suite(file)) == written
