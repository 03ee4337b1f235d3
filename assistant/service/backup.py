"""A collection in one file, and back: taken while it is served, checked when it is made and when it is restored.

The file is a tar of `archive.sqlite`, `ledger.sqlite` (tokens, logins, feedback) and `backup.json`, which tells what
they hold. Words and vectors are made from the archive again; nothing is encoded anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assistant.ledger import FILE, Ledger
from index import Index
from index.errors import NoCollection, WhenceError
from index.index import ARCHIVE
from index.records import Record
from index.stages import Watch

VERSION: Final = 1
MANIFEST: Final = "backup.json"


class BadBackup(WhenceError):
    """A backup that cannot be made, or is none."""


@dataclass(frozen=True, slots=True)
class Backup(Record):
    """What a backup holds: counts, a fingerprint that equal collections share, and the SHA-256 of each file in it."""

    made: str
    articles: int
    revisions: int
    passages: int
    fingerprint: str
    files: dict[str, str]
    version: int = VERSION


def backup(index: Index, target: Path) -> Backup:
    """Write the collection as it is at one moment to a new file; it is there whole or not at all.

    Raises:
        BadBackup: there is something already.
        WhenceError: the archive is damaged, or the file cannot be written.
    """
    if target.exists():
        raise BadBackup(f"There is something at {target} already. Choose another name.")
    draft = target.with_name(f"{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=".whence-", dir=target.absolute().parent) as folder:
            made = _gathered(index, Path(folder))
            with tarfile.open(draft, "w:gz" if target.suffix in (".gz", ".tgz") else "w") as tar:
                for name in (MANIFEST, *made.files):
                    tar.add(Path(folder) / name, name)
        draft.rename(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BadBackup(f"The backup cannot be written to {target}: {error.strerror}.") from error
    return made


def _gathered(index: Index, folder: Path) -> Backup:
    """The files of a backup, and what they hold: read from the copy, not from what goes on being written."""
    index.copy_archive(folder / ARCHIVE)
    names = [ARCHIVE]
    ledger = Ledger(index.path / FILE)
    if ledger.path.exists():
        ledger.copy(folder / FILE)
        names.append(FILE)
    with Index.open(folder, create=False) as copied:
        held = copied.status()
    made = Backup(
        made=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        articles=held.articles, revisions=held.revisions, passages=held.passages, fingerprint=held.fingerprint,
        files={name: _sha256(folder / name) for name in names},
    )  # fmt: skip
    (folder / MANIFEST).write_text(json.dumps(made.to_dict(), indent=2), "utf-8")
    return made


def restore(file: Path, folder: Path, opened: Callable[[Path], Index], progress: Watch | None = None) -> Backup:
    """Make the collection of a backup in a folder where there is none, and see that nothing is wrong with it.

    Args:
        file: As `backup` wrote it.
        folder: Where the collection is to lie; it is there whole or not at all.
        opened: Opens a collection, with the encoder that the backup's was built with.
        progress: Called often, with how far the work has come.

    Raises:
        BadBackup: the folder holds something, or the file is no backup, or damaged.
        WrongEncoder: it was built with another encoder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadBackup(f"There is something at {folder} already. Restore to a folder that is empty, or not there.")
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".whence-", dir=folder.absolute().parent) as place:
        draft = Path(place) / "collection"
        draft.mkdir()
        made = _unpacked(file, draft)
        with opened(draft) as index:
            index.rebuild(progress)
            findings = index.verify()
            fingerprint = index.status().fingerprint
        if findings or fingerprint != made.fingerprint:
            what = findings[0].what if findings else "its articles are not those that were backed up"
            raise BadBackup(f"What {file} holds is damaged: {what}.")
        draft.rename(folder)
    return made


def _unpacked(file: Path, folder: Path) -> Backup:
    """The files of a backup, laid into a folder: those that it names and no others, each as it was."""
    try:
        with tarfile.open(file) as tar:
            made = Backup(**_json(tar, file))
            if made.version > VERSION or not set(made.files) <= {ARCHIVE, FILE} or ARCHIVE not in made.files:
                raise BadBackup(f"{file} was made by a newer version of the program, or is no backup. Update Whence.")
            for name in made.files:
                tar.extract(name, folder, filter="data")
    except FileNotFoundError as error:
        raise NoCollection(f"There is no backup at {file}.") from error
    except (tarfile.TarError, EOFError, OSError, KeyError, TypeError, ValueError) as error:
        raise BadBackup(f"{file} is no backup, or damaged: {error}.") from error
    for name, known in made.files.items():
        if _sha256(folder / name) != known:
            raise BadBackup(f"{file} is damaged: {name} in it is not what was backed up.")
        (folder / name).chmod(0o600)
    return made


def _json(tar: tarfile.TarFile, file: Path) -> dict[str, Any]:
    told = tar.extractfile(MANIFEST)
    if told is None:
        raise BadBackup(f"{file} is no backup: {MANIFEST} in it is no file.")
    found = json.loads(told.read(2**20))
    return dict(found)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
