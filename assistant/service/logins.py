"""Logins for the page: people by name and password, who are then known by a cookie. Kept in the ledger."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from assistant.ledger import Bearer, Ledger, Scope, hashed, moment, now
from index.errors import WhenceError
from index.records import Record

SHORTEST = 12
"""Characters of a password."""

LASTS = dt.timedelta(days=14)
"""How long a browser stays logged in."""

_TABLES = """
create table if not exists logins (
    name text primary key, password blob not null, salt blob not null, scope text not null, created text not null
) strict, without rowid;
create table if not exists sessions (
    hash text primary key, name text not null references logins (name) on delete cascade, until text not null
) strict, without rowid;
"""


class BadLogin(WhenceError):
    """A login that cannot be made or removed."""


@dataclass(frozen=True, slots=True)
class Login(Record):
    """A person who may log in; of the password only a salted scrypt hash is kept."""

    name: str
    scope: Scope
    created: dt.datetime


class Logins:
    """The logins of a ledger. Safe to share between threads and processes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def create(self, name: str, password: str, scope: Scope = "read") -> None:
        """Let someone in by a name and a password; one who has a login gets that password and scope instead.

        Raises:
            BadLogin: no name, or too short a password.
        """
        if not name.strip():
            raise BadLogin("A login needs a name.")
        if len(password) < SHORTEST:
            raise BadLogin(f"A password needs {SHORTEST} characters at least; this one has {len(password)}.")
        salt = secrets.token_bytes(16)
        with self._ledger.opened(_TABLES) as db:
            db.execute("delete from sessions where name = ?", (name,))
            db.execute("insert or replace into logins values (?, ?, ?, ?, ?)",
                       (name, _stretched(password, salt), salt, scope, now()))  # fmt: skip

    def all(self) -> list[Login]:
        """Everyone who may log in, by name."""
        if not self._ledger.path.exists():
            return []
        with self._ledger.opened(_TABLES) as db:
            rows = db.execute("select name, scope, created from logins order by name").fetchall()
        return [Login(name, scope, moment(created)) for name, scope, created in rows]

    def remove(self, name: str) -> None:
        """Let that person in no longer, in browsers that are logged in neither.

        Raises:
            BadLogin: there is no such login.
        """
        if self._ledger.path.exists():
            with self._ledger.opened(_TABLES) as db:
                db.execute("delete from sessions where name = ?", (name,))
                if db.execute("delete from logins where name = ?", (name,)).rowcount:
                    return
        raise BadLogin(f"There is no login {name!r}. `whence login list` shows those there are.")

    def enter(self, name: str, password: str) -> str | None:
        """The secret by which a browser is known from now on; None when name or password is wrong."""
        with self._ledger.opened(_TABLES) as db:
            row = db.execute("select password, salt from logins where name = ?", (name,)).fetchone()
        kept, salt = row or (b"", b"no such login...")  # stretched all the same: time must not tell who has a login
        if not hmac.compare_digest(_stretched(password, salt), kept):
            return None
        secret = secrets.token_urlsafe(32)
        until = dt.datetime.now(dt.UTC) + LASTS
        with self._ledger.opened(_TABLES) as db:
            db.execute("delete from sessions where until < ?", (now(),))
            db.execute("insert into sessions values (?, ?, ?)", (hashed(secret), name, _written(until)))
        return secret

    def known(self, secret: str) -> Bearer | None:
        """Whose browser holds that secret; None when nobody's does, or does no longer."""
        if not self._ledger.path.exists():
            return None
        with self._ledger.opened(_TABLES) as db:
            row = db.execute(
                "select name, scope from sessions join logins using (name) where hash = ? and until > ?",
                (hashed(secret), now()),
            ).fetchone()
        return Bearer(*row) if row else None

    def leave(self, secret: str) -> None:
        """Know that browser no longer."""
        with self._ledger.opened(_TABLES) as db:
            db.execute("delete from sessions where hash = ?", (hashed(secret),))


def _stretched(password: str, salt: bytes) -> bytes:
    """A password's hash: 16 MiB and about 50 ms for each guess, as OWASP's cheat sheet asks of scrypt or dearer."""
    return hashlib.scrypt(password.encode("utf-8", "replace"), salt=salt, n=2**15, r=8, p=1, maxmem=2**26)


def _written(when: dt.datetime) -> str:
    return when.isoformat(timespec="microseconds")
