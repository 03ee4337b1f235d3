"""One SQLite file that threads share: its connections, its transactions, and what it keeps about itself."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from index.errors import NewerCollection, NoCollection, WhenceError
from index.schema import MIGRATIONS, SCHEMA, TABLES

Row = tuple[Any, ...]


class _Connection(sqlite3.Connection):
    """A connection that closes when its thread is gone; SQLite's own would count as left open."""

    def __del__(self) -> None:
        self.close()


@contextmanager
def told(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, but for those that only a bug can cause."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        raise WhenceError(
            f"The archive at {path} cannot be used: {error}. See that its disk has room and that you may write there;"
            " if the file is damaged, restore it from a backup."
        ) from error


class Database:
    """The SQLite file at `path`; safe to share between threads (each has its own connection).

    Every method raises WhenceError when the file cannot be used, NoCollection when it was removed meanwhile.

    Args:
        path: The file. Made by `create`, never by opening.

    Raises:
        NewerCollection: written by a newer version of the program.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._inode = path.stat().st_ino
        self._local = threading.local()
        self._writing = threading.RLock()
        self._connections: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._schema = 0
        if self.schema > SCHEMA:
            raise NewerCollection(
                f"The collection at {path.parent} has schema {self.schema}; this version of Whence knows up to"
                f" {SCHEMA}. Update Whence to open it."
            )

    @classmethod
    def create(cls, path: Path) -> None:
        """Make a new archive at `path`, with its tables: whole, or not at all. Only one process may try at a time."""
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with told(path):
            connection = sqlite3.connect(draft, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(TABLES)
            connection.executemany("INSERT INTO meta VALUES (?, ?)", [("schema", str(SCHEMA)), ("generation", "0")])
            connection.close()
        draft.rename(path)

    # -- connections -------------------------------------------------------------------------------------------------

    @property
    def _db(self) -> sqlite3.Connection:
        connection: _Connection | None = getattr(self._local, "connection", None)
        if connection is not None and connection.in_transaction:  # seen to be there as it began
            return connection
        try:
            replaced = self.path.stat().st_ino != self._inode
        except OSError:
            replaced = True
        if replaced:
            raise NoCollection(
                f"The collection at {self.path.parent} was removed or replaced while it was open. Open it again."
            )
        if connection is None:
            # mode=rw: a folder that was removed is an error, never an empty new file
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                isolation_level=None,
                timeout=30,
                check_same_thread=False,  # closed by whichever thread closes the index
                factory=_Connection,
            )
            connection.execute("PRAGMA cache_size=-8000")  # kB; in SQLite's 2,000 a search reads half its pages anew
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA synchronous=FULL")  # or what replaced a derived store might be forgotten
            self._local.connection = connection
            self._connections.add(connection)
        return connection

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with told(self.path):
            return self._db.execute(sql, values).fetchall()

    def _change(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        with told(self.path):
            return self._db.execute(sql, values)

    def _change_all(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with told(self.path):
            self._db.executemany(sql, rows)

    def _among(self, sql: str, values: Iterable[Any]) -> list[Row]:
        """Rows of `sql ... IN (values)`, however many there are."""
        return self._rows(f"{sql} (SELECT value FROM json_each(?))", (json.dumps(list(values)),))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; on leaving it, `generation` is one higher and all is on disk, or nothing is."""
        with self._writing, told(self.path):
            db = self._db
            db.execute("BEGIN IMMEDIATE")
            try:
                yield
                db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'generation'")
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # a full disk has ended it
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One snapshot: everything read inside belongs to the same generation."""
        db = self._db
        if db.in_transaction:
            yield
            return
        with told(self.path):
            db.execute("BEGIN")
            try:
                yield
            finally:
                db.execute("ROLLBACK")  # nothing was written, and this cannot fail

    def migrate(self) -> None:
        """Make a file of an older version one of this version, its new columns still empty. Call inside `writing`."""
        for version in range(self.schema + 1, SCHEMA + 1):
            for statement in MIGRATIONS[version]:
                self._change(statement)
        self.set_meta("schema", str(SCHEMA))

    def shrink(self) -> bool:
        """Empty the write-ahead log, so that removed text is in no file (deleted pages are already zeroed).

        False when readers kept it from being emptied.
        """
        return not self._rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]

    def copy(self, path: Path) -> None:
        """Write what is held at this moment to a new file, and see that it is whole; others read and write meanwhile.

        Raises:
            WhenceError: it could not be written, or what was written is damaged.
        """
        with told(path), closing(sqlite3.connect(path, isolation_level=None)) as target:
            self._db.backup(target)
            found = target.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise WhenceError(f"The archive at {self.path} is damaged: {found}. Restore it from a backup.")

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in list(self._connections):
            connection.close()
        self._local = threading.local()

    # -- what the collection knows of itself -------------------------------------------------------------------------

    def meta(self, name: str) -> str | None:
        """A value that the collection keeps about itself, None when it has none of that name."""
        rows = self._rows("SELECT value FROM meta WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, name: str, value: str | None) -> None:
        """Keep a value about the collection, or none any longer; inside `writing` where it belongs to a change."""
        if value is None:
            self._change("DELETE FROM meta WHERE name = ?", (name,))
        else:
            self._change("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    @property
    def schema(self) -> int:
        """The version of the file's tables."""
        if self._schema < SCHEMA:  # or another process may have migrated it meanwhile
            self._schema = int(self.meta("schema") or 0)
        return self._schema

    @property
    def generation(self) -> int:
        """How many commits there were; one more after each."""
        return int(self.meta("generation") or 0)
