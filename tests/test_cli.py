"""The command line: what it prints where, and how it ends."""

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import main

ROOT = Path(__file__).parents[1]
ARTICLE = {
    "id": "ferry", "outlet": "The Harbour Gazette", "published": "2021-03-04", "title": "Ferry held at Salt Quay",
    "text": "Divers found a crack of 14 centimetres in the hull of the ferry Marigold at Salt Quay.",
}  # fmt: skip

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("ask", "...")` -> exit code, stdout, stderr; the collection is tmp_path/news, the encoder the real one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHENCE_INDEX", str(tmp_path / "news"))

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["whence", *words])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    (tmp_path / "articles.jsonl").write_text(json.dumps(ARTICLE) + "\nbroken\n", encoding="utf-8")
    return call


def test_add_tells_what_it_took_and_refuses_by_name(run: Run) -> None:
    code, out, err = run("add", "articles.jsonl")
    assert (code, out) == (0, "1 added, 0 updated, 0 unchanged, 1 refused\n")
    assert "articles.jsonl:2:" in err


def test_add_names_five_hundred_refusals_and_counts_the_rest(run: Run, tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text(json.dumps(ARTICLE) + "\n" + "broken\n" * 502, encoding="utf-8")
    err = run("add", "many.jsonl")[2]
    assert err.count("not JSON") == 500
    assert "refused 2 more; --json lists them all" in err


def test_add_strict_fails_at_a_refusal(run: Run) -> None:
    assert run("add", "--strict", "articles.jsonl")[0] == 1


def test_add_that_takes_nothing_fails(run: Run) -> None:
    assert run("add", "missing.txt")[0] == 1


def test_add_reads_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(ARTICLE).encode())))
    assert run("add", "-")[1].startswith("1 added")


def test_ask_prints_the_answer_with_its_citation_and_ends_with_0(run: Run) -> None:
    run("add", "articles.jsonl")
    code, out, _ = run("ask", "How long is the crack in the hull of the Marigold?")
    assert code == 0
    assert "[1] The Harbour Gazette · 2021-03-04 (metadata) · Ferry held at Salt Quay" in out
    assert ARTICLE["text"] in out
    assert "\x1b[" not in out, "no colours when piped"


def test_ask_ends_with_3_when_the_collection_does_not_say(run: Run) -> None:
    run("add", "articles.jsonl")
    code, out, _ = run("ask", "Which violinist won the chess tournament in Vienna?")
    assert (code, out.startswith("The collection does not say.")) == (3, True)


def test_ask_as_json_is_the_answers_record_and_its_span_is_its_quote(run: Run) -> None:
    run("add", "articles.jsonl")
    answer = json.loads(run("ask", "--json", "How long is the crack in the hull of the Marigold?")[1])
    cited = answer["citations"][0]
    assert (answer["version"], cited["article"]) == (1, "ferry")
    assert ARTICLE["text"][cited["start"] : cited["end"]] == cited["quote"]


def test_ask_explains_itself(run: Run) -> None:
    run("add", "articles.jsonl")
    out = run("ask", "--explain", "How long is the crack?")[1]
    assert all(step in out for step in ("understood", "found", "scored"))


def test_search_without_hits_ends_with_0(run: Run) -> None:
    run("add", "articles.jsonl")
    assert run("search", "--outlet", "The Harbour Gazette", "?!")[0] == 0


def test_search_as_json_prints_hits_without_whole_articles(run: Run) -> None:
    run("add", "articles.jsonl")
    hits = json.loads(run("search", "--json", "crack in the hull")[1])
    assert hits[0]["passage"]["text"] == ARTICLE["text"]
    assert "text" not in hits[0]["article"]


def test_search_says_what_it_had_to_do_without(run: Run, tmp_path: Path) -> None:
    run("add", "articles.jsonl")
    shutil.rmtree(tmp_path / "news" / "words")
    code, out, err = run("search", "crack in the hull")
    assert (code, ARTICLE["text"] in out) == (0, True)
    assert "note: The words of the collection are damaged" in err


def test_articles_show_status_and_verify_tell_of_the_collection(run: Run) -> None:
    run("add", "articles.jsonl")
    assert "Ferry held at Salt Quay" in run("articles")[1]
    assert ARTICLE["text"] in run("show", "ferry")[1]
    assert "1 (0 undated)" in run("status")[1]
    assert run("verify")[:2] == (0, "All is well.\n")


def test_remove_deletes_and_an_unknown_id_is_an_error(run: Run) -> None:
    run("add", "articles.jsonl")
    assert run("remove", "--yes", "ferry")[1] == "1 removed\n"
    code, _, err = run("show", "ferry")
    assert (code, "There is no article 'ferry'" in err) == (1, True)


def test_rebuild_leaves_the_collection_as_it_was(run: Run) -> None:
    run("add", "articles.jsonl")
    before = run("ask", "How long is the crack in the hull?")[1]
    assert run("rebuild")[0] == 0
    assert run("ask", "How long is the crack in the hull?")[1] == before


def test_a_missing_collection_is_an_error_that_says_how_to_make_one(run: Run) -> None:
    code, _, err = run("ask", "Anything?")
    assert (code, "Make one with `whence add PATH...`" in err) == (1, True)


@pytest.mark.parametrize("words", [("--index", "other", "articles"), ("articles", "--index", "other")])
def test_index_may_stand_before_or_after_the_command(run: Run, words: tuple[str, ...]) -> None:
    run("add", "articles.jsonl", "--index", "other")
    code, out, _ = run(*words)
    assert (code, "Ferry held" in out) == (0, True)


@pytest.mark.parametrize("words", [("frobnicate",), ("ask",), ("ask", "--since", "yesterday", "Why?")])
def test_wrong_usage_ends_with_2(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words)[0] == 2


def test_dates_that_run_backwards_are_told(run: Run) -> None:
    run("add", "articles.jsonl")
    code, _, err = run("ask", "Why?", "--since", "2021-05-01", "--until", "2021-04-01")
    assert (code, "The dates run backwards" in err) == (1, True)


def test_a_conversation_is_one_question_a_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("add", "articles.jsonl")
    monkeypatch.setattr(sys, "stdin", io.StringIO("How long is the crack in the hull of the Marigold?\n\n"))
    code, out, _ = run("chat")
    assert (code, "14 centimetres" in out) == (0, True)


def test_help_imports_nothing_heavy() -> None:
    listing = (
        "import sys, assistant.cli; print(*(m for m in ('numpy', 'chromadb', 'gradio', 'torch') if m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout == "\n"


def test_every_command_that_the_readme_shows_exists() -> None:
    shown = set(re.findall(r"^\$ whence (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    told = subprocess.run([sys.executable, "-m", "assistant.cli", "--help"], capture_output=True, text=True, check=True)
    assert shown <= set(re.findall(r"^  (\w+) ", told.stdout, re.MULTILINE))
