"""One at a time, across processes: one writer of a collection, and one who opens or copies its vectors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from index.errors import Locked, WhenceError

NAME = "lock"
"""The file that is locked, in the folder that it is about; it stays there."""


@contextmanager
def only_writer(folder: Path, other: str | None = None) -> Iterator[None]:
    """Nobody else writes to the collection in that folder, which is made if need be.

    Args:
        folder: The collection's.
        other: Who is known to have begun writing, for the message.

    Raises:
        Locked: somebody else writes.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / NAME, timeout=0).acquire()
    except Timeout as error:
        raise Locked(
            f"The collection at {folder} is being written by {other or 'another process'}."
            " Wait until it is done, then try again."
        ) from error
    except OSError as error:
        raise WhenceError(
            f"The collection at {folder} cannot be written: {error.strerror}. Choose a folder that you may write to."
        ) from error
    with lock:
        yield


def has_writer(folder: Path) -> bool:
    """Whether somebody writes to the collection; one who broke off does no longer."""
    try:
        with FileLock(folder / NAME, timeout=0):
            return False
    except Timeout:
        return True


def turn(folder: Path) -> BaseFileLock:
    """Within it, nobody else is within one of that folder; others wait."""
    return FileLock(folder / NAME)
