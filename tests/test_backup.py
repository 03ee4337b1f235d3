"""A collection is backed up while it is served and written, and restored as it was; what is damaged is told."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import CountingEncoder
from serving import collection

from assistant import Assistant
from assistant.cli import whence
from assistant.ledger import FILE, Ledger
from assistant.service.backup import MANIFEST, BadBackup, backup, restore
from index import Index
from index.errors import NoCollection


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with collection(tmp_path) as one:
        yield one


def opened(folder: Path) -> Index:
    return Index.open(folder, CountingEncoder(), create=False)


@pytest.mark.parametrize("name", ["news.tar", "news.tar.gz"])
def test_what_is_restored_is_what_was_backed_up(assistant: Assistant, tmp_path: Path, name: str) -> None:
    secret = Ledger(assistant.index.path / FILE).create("reader")
    question = "Who said the repairs would take 9 weeks?"
    made = backup(assistant.index, tmp_path / name)
    assert (made.articles, made.fingerprint) == (3, assistant.index.status().fingerprint)
    assert restore(tmp_path / name, tmp_path / "again", opened) == made
    with opened(tmp_path / "again") as again:
        assert Assistant(again).ask(question).text == assistant.ask(question).text
        assert again.verify() == []
    bearer = Ledger(tmp_path / "again" / FILE).bearer(secret)
    assert bearer and bearer.name == "reader"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["again", "articles.jsonl", "news", name])


def test_a_backup_made_while_articles_go_in_is_whole(assistant: Assistant, tmp_path: Path) -> None:
    begun = threading.Event()

    def write() -> None:
        many = [{"id": f"gull-{i}", "text": f"Gull number {i} sat on the mast of the ferry."} for i in range(150)]
        for part in range(0, 150, 10):
            lines = "".join(json.dumps(one) + "\n" for one in many[part : part + 10])
            assistant.index.add(["-"], stdin=io.BytesIO(lines.encode()))
            begun.set()

    writing = threading.Thread(target=write)
    writing.start()
    assert begun.wait(20)
    backups = [backup(assistant.index, tmp_path / f"{i}.tar") for i in range(3)]
    writing.join(60)
    assert 13 <= backups[0].articles <= backups[-1].articles <= 153
    for i, made in enumerate(backups):
        restore(tmp_path / f"{i}.tar", tmp_path / f"again-{i}", opened)
        with opened(tmp_path / f"again-{i}") as again:
            assert (again.status().articles, again.verify()) == (made.articles, [])


def test_a_backup_replaces_nothing_and_is_restored_over_nothing(assistant: Assistant, tmp_path: Path) -> None:
    backup(assistant.index, tmp_path / "news.tar")
    with pytest.raises(BadBackup, match="There is something at"):
        backup(assistant.index, tmp_path / "news.tar")
    with pytest.raises(BadBackup, match="Restore to a folder that is empty"):
        restore(tmp_path / "news.tar", assistant.index.path, opened)
    with pytest.raises(NoCollection, match="There is no backup at"):
        restore(tmp_path / "none.tar", tmp_path / "again", opened)


def test_a_backup_that_cannot_be_written_is_told_and_leaves_nothing(assistant: Assistant, tmp_path: Path) -> None:
    with pytest.raises(BadBackup, match="cannot be written"):
        backup(assistant.index, tmp_path / "nowhere" / "news.tar")


@pytest.mark.parametrize("part", ["archive.sqlite", "ledger.sqlite"])
def test_a_damaged_backup_is_told_and_makes_no_collection(assistant: Assistant, tmp_path: Path, part: str) -> None:
    Ledger(assistant.index.path / FILE).create("reader")
    backup(assistant.index, tmp_path / "news.tar")
    content = bytearray((tmp_path / "news.tar").read_bytes())
    content[content.rindex(part.encode()) + 9_000] ^= 0xFF
    (tmp_path / "news.tar").write_bytes(content)
    with pytest.raises(BadBackup, match="damaged"):
        restore(tmp_path / "news.tar", tmp_path / "again", opened)
    assert not (tmp_path / "again").exists()


def test_a_torn_backup_and_what_is_none_are_told(assistant: Assistant, tmp_path: Path) -> None:
    backup(assistant.index, tmp_path / "news.tar.gz")
    content = (tmp_path / "news.tar.gz").read_bytes()
    (tmp_path / "torn.tar.gz").write_bytes(content[: len(content) // 2])
    (tmp_path / "text.tar").write_text("no tar")
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(__file__, MANIFEST)
    for name in ("torn.tar.gz", "text.tar", "other.tar"):
        with pytest.raises(BadBackup, match="is no backup, or damaged"):
            restore(tmp_path / name, tmp_path / "again", opened)


def test_a_backup_leads_nowhere_but_into_its_collection(tmp_path: Path) -> None:
    told = json.dumps({"made": "", "articles": 0, "revisions": 0, "passages": 0, "fingerprint": "",
                       "files": {"archive.sqlite": "", "../evil": ""}}).encode()  # fmt: skip
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        for name in (MANIFEST, "archive.sqlite", "../evil"):
            member = tarfile.TarInfo(name)
            member.size = len(told)
            tar.addfile(member, io.BytesIO(told))
    with pytest.raises(BadBackup, match="is no backup"):
        restore(tmp_path / "evil.tar", tmp_path / "deep" / "again", opened)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["deep", "evil.tar"]


def test_the_command_line_backs_up_and_restores(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The night ferry to Saltby stops on Friday.")

    def run(*words: str) -> str:
        return CliRunner().invoke(whence, words, catch_exceptions=False).output

    run("--index", str(tmp_path / "news"), "add", str(tmp_path / "a.txt"))
    assert "1 articles, 1 passages" in run("--index", str(tmp_path / "news"), "backup", str(tmp_path / "b.tar"))
    assert "verified" in run("--index", str(tmp_path / "again"), "restore", str(tmp_path / "b.tar"))
    assert "Saltby" in run("--index", str(tmp_path / "again"), "search", "night ferry")
