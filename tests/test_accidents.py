"""What a collection survives: processes killed at any moment, readers meanwhile, full disks, folders only read."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from accident import BEFORE, GONE, NEW, Hits, add, asked, reader, work, worker
from fakes import CountingEncoder

from index.errors import WhenceError
from index.index import Index
from index.words import Words

WORK = ("add", "remove", "rebuild")
KILLS = 30


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that begin with the heavy imports done."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["chromadb", "index.index"])
    return context


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of 15 articles, closed; to be copied, never changed."""
    folder = tmp_path_factory.mktemp("before") / "news"
    with Index.open(folder, CountingEncoder()) as index:
        add(index, BEFORE)
    return folder


@pytest.fixture(scope="module")
def clean(before: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Hits, float]]:
    """For each work, fingerprint and hits after one undisturbed run, and its seconds."""
    told = {}
    for what in WORK:
        folder = shutil.copytree(before, tmp_path_factory.mktemp(what) / "news")
        with Index.open(folder, CountingEncoder()) as index:
            begun = time.perf_counter()
            work(index, what)
            told[what] = (index.fingerprint, asked(index), time.perf_counter() - begun)
    return told


@pytest.mark.parametrize("number", range(KILLS))
def test_what_was_killed_at_any_moment_and_run_again_is_as_after_one_run(
    number: int,
    before: Path,
    clean: dict[str, tuple[str, Hits, float]],
    processes: ForkServerContext,
    tmp_path: Path,
) -> None:
    what = WORK[number % len(WORK)]
    fingerprint, hits, seconds = clean[what]
    folder = shutil.copytree(before, tmp_path / "news")
    heard, begun = processes.Pipe(duplex=False)
    child = processes.Process(target=worker, args=(folder, what, begun))
    child.start()
    assert heard.recv() == "begun"
    child.join(random.Random(number).uniform(0, seconds))
    child.kill()
    child.join()
    with Index.open(folder, CountingEncoder()) as index:
        asked(index)
        assert index.notices() == []
        work(index, what)
        assert (index.fingerprint, asked(index), index.verify()) == (fingerprint, hits, [])
    assert len(Words(folder / "words").keys()) == len(set(Words(folder / "words").keys()))
    assert len([path for path in (folder / "vectors").iterdir() if path.is_dir()]) == 1


@pytest.mark.parametrize("what", WORK)
def test_vectors_that_an_ended_run_had_just_replaced_go_with_the_next_run(
    what: str, before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(folder: Path, keep: str) -> None:
        raise KeyboardInterrupt

    folder = shutil.copytree(before, tmp_path / "news")
    with Index.open(folder, CountingEncoder()) as index:
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr("index.vectors.discard", ended)
            work(index, what)
        work(index, what)
        assert index.verify() == []
    assert len([path for path in (folder / "vectors").iterdir() if path.is_dir()]) == 1


def test_a_reader_in_another_process_meets_no_error_and_nothing_torn_or_removed(
    before: Path, processes: ForkServerContext, tmp_path: Path
) -> None:
    folder = shutil.copytree(before, tmp_path / "news")
    removed, enough = processes.Event(), processes.Event()
    heard, said = processes.Pipe(duplex=False)
    child = processes.Process(target=reader, args=(folder, removed, enough, said))
    child.start()
    heard.recv()  # it has searched once
    with Index.open(folder, CountingEncoder()) as index:
        for _ in range(2):
            removed.clear()
            add(index, BEFORE)
            work(index, "add")
            work(index, "rebuild")
            work(index, "remove")
            removed.set()
            work(index, "rebuild")
    enough.set()
    searches, wrong = heard.recv()
    child.join()
    assert (child.exitcode, wrong) == (0, [])
    assert searches > 4


# -- disks and folders -------------------------------------------------------------------------------------------------


@contextmanager
def limited(room: int) -> Iterator[None]:
    """No file grows beyond so many bytes, as on a disk that is full."""
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, unlimited[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)


class SmallDisk:
    """A disk of 16 MB in memory; where one may not mount such a thing, files that cannot grow stand for it."""

    def __init__(self, at: Path) -> None:
        self.at = at
        mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(at)]
        self.mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0

    @contextmanager
    def full(self, room: int) -> Iterator[None]:
        """With no more room left than that, in bytes."""
        if not self.mounted:
            with limited(room):
                yield
            return
        filler = self.at / "filler"
        status = os.statvfs(self.at)
        filler.write_bytes(b"\0" * max(0, status.f_bavail * status.f_bsize - room))
        try:
            yield
        finally:
            filler.unlink()

    def leave(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.at)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    at = tmp_path / "disk"
    at.mkdir()
    found = SmallDisk(at)
    yield found
    found.leave()


@pytest.mark.parametrize("what", WORK)
@pytest.mark.parametrize("room", [0, 60_000, 100_000, 200_000, 300_000, 400_000])
def test_a_full_disk_is_told_and_with_room_again_all_is_as_after_one_run(
    what: str, room: int, before: Path, clean: dict[str, tuple[str, Hits, float]], disk: SmallDisk
) -> None:
    fingerprint, hits, _ = clean[what]
    folder = shutil.copytree(before, disk.at / "news")
    with disk.full(room):
        try:
            with Index.open(folder, CountingEncoder()) as index:
                work(index, what)
        except WhenceError as error:
            assert "cannot be" in str(error)
        else:
            assert room >= 100_000
    with Index.open(folder, CountingEncoder()) as index:
        asked(index)
        work(index, what)
        assert (index.fingerprint, asked(index), index.verify()) == (fingerprint, hits, [])


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write anywhere; so it does not stay root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda index: add(index, NEW),
        lambda index: index.remove(GONE),
        lambda index: index.rebuild(),
    ],
    ids=WORK,
)
def test_a_folder_that_one_may_only_read_is_told_and_stays_as_it_was(
    attempt: Callable[[Index], None], before: Path, clean: dict[str, tuple[str, Hits, float]]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder = shutil.copytree(before, Path(place, "news"))
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        with (
            as_nobody(),
            pytest.raises(WhenceError, match=r"cannot be (used|written): .+\. (See that|Choose a folder)"),
        ):
            attempt(Index.open(folder, CountingEncoder()))
        with Index.open(folder, CountingEncoder()) as index:
            assert (index.verify(), len(index)) == ([], len(BEFORE))
