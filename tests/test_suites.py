"""Suites of other programs, and what is said about a suite that cannot be read, whoever's it is."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.evaluation import BadSuite, Case, Evidence, load_suite, read_suite
from assistant.evaluation.suites import line_of

CONTEXT = "Norwood Mill burnt in 1911. It was rebuilt by Ada Lund, and again closed in 1978."
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Norwood_Mill",
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "s1",
                            "question": "Who rebuilt it? ",
                            "answers": [
                                {"text": "Ada Lund", "answer_start": 46},
                                {"text": "Lund", "answer_start": 50},
                                {"text": "Ada Lund", "answer_start": 46},
                            ],
                            "is_impossible": False,
                        },
                        {"id": "s2", "question": "Who owned it?", "answers": [], "is_impossible": True,
                         "plausible_answers": [{"text": "Ada Lund", "answer_start": 46}]},
                    ],
                }
            ],
        }
    ],
}  # fmt: skip
LLAMA = {
    "examples": [
        {
            "query": "Who rebuilt the mill?",
            "query_by": {"model_name": "some-model", "type": "ai"},
            "reference_contexts": [CONTEXT],
            "reference_answer": "Ada Lund rebuilt it.",
            "reference_answer_by": {"type": "human"},
        }
    ]
}
RAGAS = {
    "user_input": "Who rebuilt the mill?",
    "reference_contexts": [CONTEXT],
    "reference": "Ada Lund rebuilt it.",
    "synthesizer_name": "single_hop",
}
OURS = {"id": "q1", "question": "Who?", "type": "factoid", "answer": "Lund"}


def written(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return path


def test_squads_questions_are_cases_whose_gold_quote_is_the_sentence_of_the_answer(tmp_path: Path) -> None:
    suite = read_suite(written(tmp_path, "squad.json", SQUAD))
    assert suite.cases == (
        Case(
            id="s1",
            type="answerable",
            question="Who rebuilt it?",
            answer="Ada Lund",
            aliases=("Lund",),
            evidence=(Evidence("Norwood_Mill/0", "It was rebuilt by Ada Lund, and again closed in 1978."),),
            tags={"title": "Norwood_Mill"},
        ),
        Case(id="s2", type="unanswerable", question="Who owned it?", answer=None, tags={"title": "Norwood_Mill"}),
    )
    assert [(a.id, a.title, a.text) for a in suite.articles] == [("Norwood_Mill/0", "Norwood Mill", CONTEXT)]


def test_llamaindexs_examples_are_cases_whose_contexts_no_article_is_named_for(tmp_path: Path) -> None:
    suite = read_suite(written(tmp_path, "rag.json", LLAMA))
    assert suite.cases == (
        Case(
            id="example-1",
            type="rag",
            question="Who rebuilt the mill?",
            answer="Ada Lund rebuilt it.",
            evidence=(Evidence("", CONTEXT),),
            tags={"query_by": "ai"},
        ),
    )
    assert [article.text for article in suite.articles] == [CONTEXT]


RAGAS_CASE = Case(
    id="sample-1",
    type="single_hop",
    question="Who rebuilt the mill?",
    answer="Ada Lund rebuilt it.",
    evidence=(Evidence("", CONTEXT),),
)


def test_ragass_json_lines_are_cases(tmp_path: Path) -> None:
    assert load_suite(written(tmp_path, "ragas.jsonl", json.dumps(RAGAS))) == [RAGAS_CASE]


def test_ragass_csv_is_the_same_however_its_lists_are_written(tmp_path: Path) -> None:
    head = "user_input,reference_contexts,reference,synthesizer_name\n"
    row = 'Who rebuilt the mill?,"{}",Ada Lund rebuilt it.,single_hop\n'
    (case,) = load_suite(written(tmp_path, "a.csv", head + row.format([CONTEXT])))
    assert (case.id, case.evidence, case.answer) == ("sample-2", RAGAS_CASE.evidence, "Ada Lund rebuilt it.")
    quoted = json.dumps([CONTEXT]).replace('"', '""')
    assert load_suite(written(tmp_path, "b.csv", head + row.format(quoted))) == [case]


def test_ragass_earlier_columns_are_understood(tmp_path: Path) -> None:
    line = {"question": "Who?", "answer": "what a model said", "contexts": ["x"], "ground_truths": ["Ada Lund"]}
    (case,) = load_suite(written(tmp_path, "old.jsonl", json.dumps(line)))
    assert (case.question, case.answer, case.type, case.evidence) == ("Who?", "Ada Lund", "rag", ())


def test_a_json_list_holds_cases_of_ours(tmp_path: Path) -> None:
    assert [case.id for case in load_suite(written(tmp_path, "ours.json", [OURS]))] == ["q1"]


def test_every_bad_case_is_named_on_a_line_of_its_own(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(line) for line in (OURS | {"answer": 4}, OURS, OURS | {"id": 7}, [1]))
    with pytest.raises(BadSuite) as caught:
        load_suite(written(tmp_path, "suite.jsonl", lines))
    assert [line.removeprefix(f"{tmp_path}/").split(" ")[0] for line in str(caught.value).split("\n")] == [
        "suite.jsonl:1:",
        "suite.jsonl:3:",
        "suite.jsonl:4:",
    ]


def test_many_bad_cases_are_counted_after_the_first_twenty(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(OURS | {"id": n}) for n in range(30))
    with pytest.raises(BadSuite) as caught:
        load_suite(written(tmp_path, "suite.jsonl", lines))
    assert str(caught.value).split("\n")[20:] == ["... and 10 more like these."]


@pytest.mark.parametrize(
    ("place", "line"), [("data", 2), ("data.0.b", 4), ("data.1", 6), ("data.1.x", 6), ("other", 8), ("none.0", 1)]
)
def test_the_line_of_a_place_in_a_json_text(place: str, line: int) -> None:
    text = '{\n "data": [\n  {"a": ["{", 1.5e3],\n   "b": null\n  },\n  "]"\n ],\n "other": {}\n}'
    assert line_of(text, place) == line


def squad(**changes: object) -> dict[str, object]:
    """A document with one question, changed."""
    question = {"id": "s1", "question": "Who?", "answers": [{"text": "Ada", "answer_start": 46}], **changes}
    return {"data": [{"title": "Mill", "paragraphs": [{"context": CONTEXT, "qas": [question]}]}]}


MALFORMED = [
    ("a.jsonl", "", "a.jsonl: found no case"),
    ("a.jsonl", '{"id": "q1"', "a.jsonl:1: not JSON ("),
    ("a.jsonl", '"q1"', "a.jsonl:1: found str; expected an object."),
    ("a.jsonl", json.dumps({k: v for k, v in OURS.items() if k != "answer"}), "a.jsonl:1: answer: found nothing; exp"),
    ("a.jsonl", json.dumps(OURS | {"question": 5}), "a.jsonl:1: question: found 5; expected text"),
    ("a.jsonl", json.dumps(OURS | {"evidence": [{"article": "x"}]}), "a.jsonl:1: evidence.0.quote: found nothing"),
    ("a.jsonl", f"{json.dumps(OURS)}\n{json.dumps(OURS)}", 'a.jsonl:2: id: found "q1"; expected an id that no'),
    ("a.jsonl", json.dumps(RAGAS | {"user_input": [{"content": "Hi", "type": "human"}]}), "a.jsonl:1: user_input: "),
    ("a.jsonl", json.dumps(RAGAS | {"reference": None}), "a.jsonl:1: reference: found null; expected text"),
    ("a.yaml", "- id: [", "a.yaml:1: not YAML ("),
    ("a.yaml", "id: q1", "a.yaml: found YAML that is not a list"),
    ("a.yaml", "- {id: q1, question: When, type: when, answer: 1911}", "a.yaml:1: answer: found 1911; expected text"),
    ("a.json", '{"data": [', "a.json:1: not JSON ("),
    ("a.json", {"rows": []}, "a.json: found rows; expected `data` (SQuAD), `examples` (LlamaIndex) or a list."),
    ("a.json", {"data": "x"}, 'a.json:2: data: found "x"; expected a list.'),
    ("a.json", {"data": [{"title": "Mill", "paragraphs": [{"qas": []}]}]}, "a.json:6: data.0.paragraphs.0.context: "),
    ("a.json", squad(answers=[{"text": "Ada", "answer_start": 3}]), "a.json:15: data.0.paragraphs.0.qas.0.answers.0."),
    ("a.json", squad(answers=[]), "a.json:12: data.0.paragraphs.0.qas.0.answers: found []; expected at least one"),
    ("a.json", squad(is_impossible="no"), "a.json:18: data.0.paragraphs.0.qas.0.is_impossible: found"),
    ("a.json", {"examples": [{"query": "Who?"}]}, "a.json:3: examples.0.reference_answer: found nothing"),
    ("a.csv", "a,b\n1,2\n", "a.csv:1: found no column `user_input`"),
    ("a.csv", "user_input,reference\nWho?\n", "a.csv:2: found another number of cells than the header's 2"),
    ("a.csv", "user_input,reference,reference_contexts\nWho?,Ada,mill\n", 'a.csv:2: reference_contexts: found "mill";'),
]


@pytest.mark.parametrize(("name", "content", "message"), MALFORMED)
def test_a_malformed_suite_gives_one_clear_line_and_exit_code_2(
    name: str,
    content: object,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, name, content)
    monkeypatch.setattr(sys, "argv", ["whence", "--index", "no-collection", "eval", name])
    with pytest.raises(SystemExit) as stop:
        main()
    printed = capsys.readouterr()
    assert (stop.value.code, printed.out) == (2, "")
    assert printed.err.startswith(f"Error: {message}")
    assert printed.err.count("\n") == 1


def test_a_file_that_is_missing_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSuite, match=r"none\.csv: cannot be read \(No such file or directory\)"):
        read_suite(tmp_path / "none.csv")
    (tmp_path / "latin.json").write_bytes(b'{"data": "\xe9"}')
    with pytest.raises(BadSuite, match="bytes that are not UTF-8"):
        read_suite(tmp_path / "latin.json")
