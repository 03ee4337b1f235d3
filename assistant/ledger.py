"""What a service keeps beside its collection: who may use it. One SQLite file, never the archive's."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.errors import WhenceError
from index.records import Record

FILE = "ledger.sqlite"

Scope = Literal["read", "write"]
"""`read` asks, searches and reads; `write` also adds and removes articles."""

PREFIX = "whence_"
"""By which a token that was left somewhere can be told for what it is."""

_TABLES = """
create table if not exists tokens (
    hash text primary key, name text not null, scope text not null, created text not null, revoked text
) strict, without rowid;
create unique index if not exists live_tokens on tokens (name) where revoked is null;
"""


class BadToken(WhenceError):
    """A token that cannot be made or revoked under that name."""


@dataclass(frozen=True, slots=True)
class Token(Record):
    """A token as the ledger knows it; the secret itself is nowhere, only its hash is kept."""

    name: str
    scope: Scope
    created: dt.datetime
    revoked: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Bearer(Record):
    """Who comes in, by the name of a token or a login, and what that allows."""

    name: str
    scope: Scope


class Ledger:
    """The ledger at a path; made when the first token is. Safe to share between threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self, name: str, scope: Scope = "read") -> str:
        """A new token's secret, which is told this once.

        Raises:
            BadToken: a live token has that name, or the name is empty.
        """
        if not name.strip():
            raise BadToken("A token needs a name, by which it can be told and revoked.")
        secret = PREFIX + secrets.token_urlsafe(32)
        try:
            with self.opened() as db:
                db.execute("insert into tokens values (?, ?, ?, ?, null)", (hashed(secret), name, scope, now()))
        except sqlite3.IntegrityError as error:
            raise BadToken(f"There is a token {name!r} already. Revoke it first, or choose another name.") from error
        return secret

    def tokens(self) -> list[Token]:
        """Every token ever made, the oldest first."""
        if not self.path.exists():
            return []
        with self.opened() as db:
            rows = db.execute("select name, scope, created, revoked from tokens order by created, name").fetchall()
        return [Token(name, scope, moment(created), revoked and moment(revoked))
                for name, scope, created, revoked in rows]  # fmt: skip

    def revoke(self, name: str) -> None:
        """Let the live token of that name open nothing from now on.

        Raises:
            BadToken: there is none.
        """
        if self.path.exists():
            with self.opened() as db:
                changed = db.execute("update tokens set revoked = ? where name = ? and revoked is null", (now(), name))
                if changed.rowcount:
                    return
        raise BadToken(f"There is no live token {name!r}. `whence token list` shows those there are.")

    def bearer(self, secret: str) -> Bearer | None:
        """Who holds a secret; None when it is no live token's."""
        if not self.path.exists():
            return None
        with self.opened() as db:
            row = db.execute(
                "select name, scope from tokens where hash = ? and revoked is null", (hashed(secret),)
            ).fetchone()
        return Bearer(*row) if row else None

    def copy(self, path: Path) -> None:
        """Write what the ledger holds at this moment to a new file, while others go on using it."""
        with closing(sqlite3.connect(path)) as target, self.opened() as db:
            db.backup(target)

    @contextmanager
    def opened(self, tables: str = "") -> Iterator[sqlite3.Connection]:
        """The file, made if need be, with those tables too; what is done to it is committed at the end. One connection
        each time, so that threads share none."""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        with closing(sqlite3.connect(self.path, timeout=10)) as db, db:
            db.executescript(_TABLES + tables)
            yield db


def hashed(secret: str) -> str:
    """Plain SHA-256 is enough here: a secret is 256 random bits, which nobody can guess."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def now() -> str:
    """This moment as the ledger writes it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")


def moment(text: str) -> dt.datetime:
    """A moment as the ledger wrote it."""
    return dt.datetime.fromisoformat(text)
