"""`whence trace`, `whence check` and `whence articles --copies`: what they print, and how they end."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import main

GAZETTE = "Divers found a crack of 14 centimetres in the hull of the ferry Marigold at Salt Quay on Thursday."
POST = "The crack in the hull of the ferry Marigold was first reported by The Harbour Gazette."
ROWS = [
    {"id": "g", "outlet": "The Harbour Gazette", "published": "2021-03-04", "title": "Crack", "text": GAZETTE},
    {"id": "p", "outlet": "Meridian Post", "published": "2021-03-05", "title": "Marigold", "text": POST},
]

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("trace", "...")` -> exit code and stdout, over a collection of two articles."""
    monkeypatch.setenv("WHENCE_INDEX", str(tmp_path / "news"))

    def call(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["whence", *words])
        capsys.readouterr()
        try:
            main()
        except SystemExit as stop:
            return int(stop.code or 0), capsys.readouterr().out
        return 0, capsys.readouterr().out

    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    assert call("add", str(file))[0] == 0
    return call


QUESTION = "Which outlet first reported the crack in the hull of the ferry Marigold?"


def test_a_trail_is_printed_in_words_as_json_and_as_a_chart(run: Run) -> None:
    code, text = run("trace", QUESTION)
    assert (code, text.startswith("Meridian Post (5 March 2021) credits The Harbour Gazette with the first")) == (
        0,
        True,
    )
    assert "2021-03-04  The Harbour Gazette: origin, the earliest dated" in text
    code, printed = run("trace", QUESTION, "--json")
    assert (code, json.loads(printed)["short"]) == (0, "The Harbour Gazette")
    code, chart = run("trace", QUESTION, "--mermaid")
    assert (code, chart.splitlines()[0]) == (0, "flowchart LR")
    assert "r0 -->|credited| r1" in chart


def test_a_trace_of_what_the_collection_does_not_say_ends_with_3(run: Run) -> None:
    code, text = run("trace", "the eruption of Mount Etna in Sicily")
    assert (code, "The collection does not say." in text) == (3, True)


def test_a_check_tells_word_for_word_altered_and_absent(run: Run) -> None:
    assert run("check", "a crack of 14 centimetres in the hull")[1].startswith("Word for word in The Harbour Gazette")
    assert "“19” is “14” there" in run("check", "a crack of 19 centimetres in the hull of the ferry")[1]
    assert run("check", "the mayor of Riga resigned")[0] == 3
    assert json.loads(run("check", "a crack of 14 centimetres", "--json")[1])["verdict"] == "verbatim"


def test_a_collection_without_copies_lists_none(run: Run) -> None:
    assert run("articles", "--copies") == (0, "")
    assert json.loads(run("articles", "--copies", "--json")[1]) == []
