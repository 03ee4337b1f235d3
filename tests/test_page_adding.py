"""Files dropped on the page: taken in, told of, stopped; how far the work has come."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import pytest
from fakes import CountingEncoder

from assistant.page.adding import adding, gathered
from assistant.page.runs import Run
from assistant.views.adding import Pace, added_view, adding_view
from index import Index
from index.locks import only_writer
from index.records import Added, Progress, Refusal


def words(shown: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", shown).split())


@pytest.mark.parametrize(
    ("progress", "seconds", "told"),
    [
        (Progress("reading", 0), 0.0, "Reading 0 articles"),
        (Progress("reading", 90), 2.0, "Reading 90 articles · 45 a second"),
        (Progress("encoding", 10, 3_010), 1.0, "passages · 10 a second · 5 minutes left"),
        (Progress("encoding", 1, 11), 20.0, "1 of 11 passages · 3 a minute · 3 minutes left"),
        (Progress("encoding", 10, 10), 1.0, "10 of 10 passages · 10 a second · 0 seconds left"),
    ],
)
def test_progress_tells_the_rate_and_the_time_left(progress: Progress, seconds: float, told: str) -> None:
    assert words(adding_view(Pace(progress, seconds))).endswith(told)


def test_every_refusal_is_told_with_its_reason_and_escaped() -> None:
    shown = added_view(Added(("a",), (), (), tuple(Refusal(f"<b>{n}</b>.txt", "empty", n) for n in range(1, 53))))
    assert "1 added · 0 updated · 0 unchanged · 52 refused" in words(shown)
    assert "<li>&lt;b&gt;1&lt;/b&gt;.txt:1: empty</li>" in shown
    assert "<li>and 2 others</li>" in shown


def test_dropped_files_keep_their_names_and_leave_where_they_lay(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "note.txt").write_text(f"The note of {place}.")
    files = [tmp_path / place / "note.txt" for place in ("one", "two")]
    (tmp_path / "new").mkdir()
    folder = gathered(files, tmp_path / "new")
    found = sorted(str(file.relative_to(folder)) for file in folder.rglob("*.txt"))
    assert (found, [file.exists() for file in files]) == (["1/note.txt", "note.txt"], [False, False])


def test_a_file_dropped_again_with_another_text_is_a_revision(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", CountingEncoder()) as news:
        for text in ("The quay was closed on Monday.", "The quay was closed on Tuesday."):
            (tmp_path / "quay.txt").write_text(text)
            *_, last = adding(news, [str(tmp_path / "quay.txt")])
        assert "1 updated" in last
        assert news.article("quay.txt").revision == 2


def test_what_cannot_be_added_is_told_as_a_failure(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", CountingEncoder("one")) as news:
        news.add([_note(tmp_path)])
    with Index.open(tmp_path / "news", CountingEncoder("other")) as news:
        *_, last = adding(news, [str(_note(tmp_path))])
    assert 'class="told failure"' in last
    assert "was built with" in last


def test_files_wait_until_nobody_else_writes(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", CountingEncoder()) as news:
        with only_writer(news.path):
            told = adding(news, [str(_note(tmp_path))])
            assert any("Waiting until nobody else adds" in shown for shown in islice(told, 100))
        *_, last = told
    assert "1 added" in last


def test_files_that_wait_are_given_up_when_they_are_stopped(tmp_path: Path) -> None:
    run = Run()
    with Index.open(tmp_path / "news", CountingEncoder()) as news, only_writer(news.path):
        told = adding(news, [str(_note(tmp_path))], run)
        assert any("Waiting until nobody else adds" in shown for shown in islice(told, 100))
        run.stopped.set()
        *_, last = told
        assert "Stopped" in last
        assert len(news) == 0


def _note(folder: Path) -> Path:
    (folder / "note.txt").write_text("The ferry sailed at noon.")
    return folder / "note.txt"
