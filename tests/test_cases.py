"""Suites: what a case holds after reading, and what is said about a suite that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.evaluation import Asked, BadSuite, Case, Evidence, load_suite

MILL = {"id": "q1", "question": "Who bought the mill?", "type": "factoid", "answer": "Ada Lund"}


def jsonl(folder: Path, *lines: object) -> Path:
    path = folder / "suite.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(BadSuite) as caught:
        load_suite(path)
    return str(caught.value).removeprefix(f"{path.parent}/")


def test_a_line_becomes_a_case_and_its_other_keys_are_tags(tmp_path: Path) -> None:
    line = MILL | {
        "aliases": ["Lund"],
        "evidence": [{"article": "gazette-7", "quote": "Ada Lund has bought the mill."}],
        "parts": [["Ada Lund", "Lund"], ["the mill"]],
        "style": "full",
        "hops": 2,
    }
    assert load_suite(jsonl(tmp_path, line)) == [
        Case(
            id="q1",
            question="Who bought the mill?",
            type="factoid",
            answer="Ada Lund",
            aliases=("Lund",),
            evidence=(Evidence("gazette-7", "Ada Lund has bought the mill."),),
            parts=(("Ada Lund", "Lund"), ("the mill",)),
            tags={"style": "full", "hops": 2},
        )
    ]


def test_lists_may_be_left_out_and_a_null_answer_is_none(tmp_path: Path) -> None:
    (case,) = load_suite(jsonl(tmp_path, MILL | {"answer": None}))
    assert (case.answer, case.aliases, case.evidence, case.parts, case.turns) == (None, (), (), (), ())


def test_a_conversation_keeps_all_its_turns(tmp_path: Path) -> None:
    turns = [{"question": "Who bought it?", "answer": "Lund"}, {"question": "When?", "answer": "in May"}]
    (case,) = load_suite(jsonl(tmp_path, MILL | {"question": "When?", "answer": "in May", "turns": turns}))
    assert case.turns == (Asked(question="Who bought it?", answer="Lund"), Asked(question="When?", answer="in May"))


def test_empty_lines_and_line_separators_within_strings_are_no_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "suite.jsonl"
    path.write_text("\n" + json.dumps(MILL | {"answer": "a\u2028b"}, ensure_ascii=False) + "\n\n", encoding="utf-8")
    assert [case.answer for case in load_suite(path)] == ["a\u2028b"]


def test_yaml_says_the_same_as_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "suite.yaml"
    path.write_text(
        "- id: q1\n"
        "  question: Who bought the mill?\n"
        "  type: factoid\n"
        "  answer: Ada Lund\n"
        "  evidence:\n"
        "    - {article: gazette-7, quote: Ada Lund has bought the mill.}\n"
        "  style: full\n",
        encoding="utf-8",
    )
    evidence = [{"article": "gazette-7", "quote": "Ada Lund has bought the mill."}]
    assert load_suite(path) == load_suite(jsonl(tmp_path, MILL | {"evidence": evidence, "style": "full"}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": " "}, 'question: found " "; expected text'),
        ({"answer": 46}, "answer: found 46; expected text"),
        ({"aliases": "Lund"}, 'aliases: found "Lund"; expected a list.'),
        ({"aliases": ["Lund", 7]}, "aliases.1: found 7; expected text"),
        ({"evidence": ["the mill"]}, 'evidence.0: found "the mill"; expected an object.'),
        ({"evidence": [{"article": "gazette-7"}]}, "evidence.0.quote: found nothing; expected text"),
        ({"parts": [["Lund"], []]}, 'parts: found [["Lund"], []]; expected lists of wordings, none of them empty.'),
        ({"turns": [{"question": "When?"}]}, "turns.0.answer: found nothing; expected text"),
        (
            {"turns": [{"question": "When?", "answer": "in May"}]},
            'question: found "Who bought the mill?"; expected the',
        ),
        ({"id": "q0"}, 'id: found "q0"; expected an id that no earlier case has.'),
    ],
)
def test_a_bad_field_is_named_with_file_and_line_and_what_was_found(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    assert refusal(jsonl(tmp_path, MILL | {"id": "q0"}, MILL | change)).startswith(f"suite.jsonl:2: {message}")


@pytest.mark.parametrize("name", ["id", "question", "type", "answer"])
def test_what_every_case_must_have_is_asked_for(tmp_path: Path, name: str) -> None:
    line = {key: value for key, value in MILL.items() if key != name}
    assert refusal(jsonl(tmp_path, line)).startswith(f"suite.jsonl:1: {name}: found nothing; expected text")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", '{"id": "q1"\n', "a.jsonl:1: not JSON (Expecting ',' delimiter, column 12); expected a case."),
        ("a.jsonl", "[1]\n", "a.jsonl:1: found list; expected an object."),
        ("a.jsonl", "\n", "a.jsonl: found no case; expected at least one."),
        ("a.yaml", "", "a.yaml: found no case; expected at least one."),
        ("a.yaml", "id: q1\n", "a.yaml: found YAML that is not a list; expected a list of cases."),
        ("a.yaml", "- id: q1\n  question: [\n", "a.yaml:3: not YAML (expected the node content, but found"),
        ("a.yaml", "- 1\n- 2\n", "a.yaml:1: found int; expected an object."),
        ("a.yml", "# ours\n- id: q1\n  question: 7\n", "a.yml:2: question: found 7; expected text (in YAML,"),
        ("a.yml", "- answer: 2016-02-30\n", "a.yml: not YAML (day is out of range for month)."),
    ],
)
def test_a_malformed_file_is_refused_by_name(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert refusal(tmp_path / name).startswith(message)


def test_a_missing_file_and_foreign_bytes_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.jsonl").startswith("none.jsonl: cannot be read (No such file or directory)")
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}')
    assert refusal(tmp_path / "latin.jsonl").startswith("latin.jsonl: found bytes that are not UTF-8")
