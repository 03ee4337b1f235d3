"""What a service keeps beside its collection: who may use it. One SQLite file, never the archive's."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
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
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch(mode=0o600)
        try:
            with self._open() as db:
                db.execute("insert into tokens values (?, ?, ?, ?, null)", (_hash(secret), name, scope, _now()))
        except sqlite3.IntegrityError as error:
            raise BadToken(f"There is a token {name!r} already. Revoke it first, or choose another name.") from error
        return secret

    def tokens(self) -> list[Token]:
        """Every token ever made, the oldest first."""
        if not self.path.exists():
            return []
        with self._open() as db:
            rows = db.execute("select name, scope, created, revoked from tokens order by created, name").fetchall()
        return [Token(name, scope, _moment(created), revoked and _moment(revoked))
                for name, scope, created, revoked in rows]  # fmt: skip

    def revoke(self, name: str) -> None:
        """Let the live token of that name open nothing from now on.

        Raises:
            BadToken: there is none.
        """
        if self.path.exists():
            with self._open() as db:
                changed = db.execute("update tokens set revoked = ? where name = ? and revoked is null", (_now(), name))
                if changed.rowcount:
                    return
        raise BadToken(f"There is no live token {name!r}. `whence token list` shows those there are.")

    def scope(self, secret: str) -> Scope | None:
        """What a secret allows; None when it is no live token's."""
        if not self.path.exists():
            return None
        with self._open() as db:
            row = db.execute("select scope from tokens where hash = ? and revoked is null", (_hash(secret),)).fetchone()
        return row[0] if row else None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The file, what is done to it committed at the end; one connection each time, so that threads share none."""
        db = sqlite3.connect(self.path, timeout=10)
        try:
            with db:
                db.executescript(_TABLES)
                yield db
        finally:
            db.close()


def _hash(secret: str) -> str:
    """Plain SHA-256 is enough here: a secret is 256 random bits, which nobody can guess."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
