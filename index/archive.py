"""The record of truth: one SQLite file with every article, passage, credit and embedding, and which stages are done.

All SQL of a collection is here. Words and vectors are derived from it and can be made again at any time. A commit
raises `generation`, by which readers in other processes see that their derived stores have grown old.

SQLite keeps it whole: with its write-ahead log and `synchronous=FULL`, a commit that returned survives the process,
the system and the power failing, as long as the disk does not claim to have written what it has not; one that did not
return happened or did not, never in part. Derived stores have no such guarantee: what is torn is found by checksums.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import sqlite3
import threading
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index.copies import SHARED, Pair, Prints
from index.errors import NewerCollection, NoCollection, UnknownArticle, WhenceError
from index.records import Article, Aside, Credit, Origin, OutletCount, Passage, Query, Span

SCHEMA = 2
"""The version of the tables below. An older file is migrated by the next writer, a newer one refused.

2: passages keep their stems.
"""

Stage = Literal["words", "encoded", "credited", "vectors"]
"""What an article goes through after it is kept: found by words, read by the encoder, credited, found by meaning."""

Row = tuple[Any, ...]
Floats = npt.NDArray[np.float32]

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL, revision INTEGER NOT NULL, live INTEGER NOT NULL, digest TEXT NOT NULL,
    words INTEGER NOT NULL DEFAULT 0, encoded INTEGER NOT NULL DEFAULT 0,
    credited INTEGER NOT NULL DEFAULT 0, vectors INTEGER NOT NULL DEFAULT 0,
    url TEXT, title TEXT, outlet TEXT, author TEXT, published TEXT, day TEXT, dated TEXT NOT NULL,
    first_day TEXT, last_day TEXT, wire TEXT, language TEXT,
    text TEXT NOT NULL, asides TEXT NOT NULL, origin TEXT NOT NULL,
    UNIQUE (id, revision)
);
CREATE INDEX articles_by_day ON articles (live, day);
CREATE INDEX articles_by_outlet ON articles (live, outlet, day);
CREATE INDEX articles_unfinished ON articles (number)
    WHERE live AND NOT (words AND encoded AND credited AND vectors);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    number INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    sentences TEXT NOT NULL, folded TEXT NOT NULL, stems TEXT NOT NULL DEFAULT ''
);
CREATE INDEX passages_by_article ON passages (article, number);
CREATE INDEX passages_by_folded ON passages (folded);
CREATE TABLE embeddings (folded TEXT PRIMARY KEY, vector BLOB NOT NULL, sentences BLOB NOT NULL);
CREATE TABLE credits (
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    position INTEGER NOT NULL, name TEXT, kind TEXT NOT NULL, relation TEXT NOT NULL, sure REAL NOT NULL,
    spans TEXT NOT NULL, PRIMARY KEY (article, position)
) WITHOUT ROWID;
CREATE INDEX credits_by_name ON credits (name);
-- Passages that left the collection and may still stand in a derived store.
CREATE TABLE leftovers (store TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (store, key)) WITHOUT ROWID;
"""

UNFINISHED = "live AND NOT (words AND encoded AND credited AND vectors)"
"""As the index above says it, or SQLite would not use that."""

ARTICLE = (
    "SELECT a.number, a.id, a.revision, a.url, a.title, a.outlet, a.author, a.published, a.dated, a.first_day,"
    " a.last_day, a.wire, a.language, a.text, a.asides, a.origin FROM articles a"
)
MIGRATIONS = {
    2: (
        "ALTER TABLE passages ADD COLUMN stems TEXT NOT NULL DEFAULT ''",
        "DROP INDEX articles_by_outlet",
        "CREATE INDEX articles_by_outlet ON articles (live, outlet, day)",
    )
}
"""What makes a file of the version before one of this version; what the new columns hold is for `stages` to say."""

PASSAGES = " FROM passages p JOIN articles a ON a.number = p.article"
PASSAGE = f"SELECT p.key, p.article, p.number, p.start, p.end, p.sentences, p.folded{PASSAGES}"


PAGES = """
CREATE TABLE IF NOT EXISTS pages (
    article INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE, packed BLOB NOT NULL
)
"""
"""The web pages that live articles were taken out of; made when the first comes, for older collections have none."""


MARKS = "CREATE TABLE IF NOT EXISTS marks (folded TEXT PRIMARY KEY, tagger TEXT NOT NULL, packed BLOB NOT NULL)"
"""What a tagger marked in each folded text; likewise made when the first comes."""

PRINTS = """
CREATE TABLE IF NOT EXISTS prints (
    article INTEGER PRIMARY KEY REFERENCES articles (number) ON DELETE CASCADE, packed BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS pairs (
    one INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    hashes INTEGER NOT NULL, share REAL NOT NULL, PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pairs_by_other ON pairs (other);
"""
"""Articles' fingerprints, and which have words in common; likewise made when the first come."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage as the archive has it: with its article, that article's number here, and its folded text's hash."""

    passage: Passage
    article: Article
    number: int
    folded: str


class _Connection(sqlite3.Connection):
    """A connection that closes when its thread is gone; SQLite's own would count as left open."""

    def __del__(self) -> None:
        self.close()


@contextmanager
def _told(path: Path) -> Iterator[None]:
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


class Archive:
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
        with _told(path):
            connection = sqlite3.connect(draft, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(TABLES)
            connection.executemany("INSERT INTO meta VALUES (?, ?)", [("schema", str(SCHEMA)), ("generation", "0")])
            connection.close()
        draft.rename(path)

    # -- connections -------------------------------------------------------------------------------------------------

    @property
    def _db(self) -> sqlite3.Connection:
        try:
            replaced = self.path.stat().st_ino != self._inode
        except OSError:
            replaced = True
        if replaced:
            raise NoCollection(
                f"The collection at {self.path.parent} was removed or replaced while it was open. Open it again."
            )
        connection: _Connection | None = getattr(self._local, "connection", None)
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
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA synchronous=FULL")  # or what replaced a derived store might be forgotten
            self._local.connection = connection
            self._connections.add(connection)
        return connection

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with _told(self.path):
            return self._db.execute(sql, values).fetchall()

    def _change(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        with _told(self.path):
            return self._db.execute(sql, values)

    def _change_all(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with _told(self.path):
            self._db.executemany(sql, rows)

    def _among(self, sql: str, values: Iterable[Any]) -> list[Row]:
        """Rows of `sql ... IN (values)`, however many there are."""
        return self._rows(f"{sql} (SELECT value FROM json_each(?))", (json.dumps(list(values)),))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; on leaving it, `generation` is one higher and all is on disk, or nothing is."""
        with self._writing, _told(self.path):
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
        with _told(self.path):
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

    def fingerprint(self) -> str:
        """A hash of every live article's identity and content: equal collections have equal fingerprints."""
        whole = hashlib.blake2b(digest_size=16)
        for article_id, content in self._rows("SELECT id, digest FROM articles WHERE live ORDER BY id"):
            whole.update(f"{article_id}\0{content}\n".encode())
        return whole.hexdigest()

    def counts(self) -> dict[str, int]:
        """How many live articles, revisions in all, live passages, undated and unfinished articles, credits."""
        count = self._rows(
            "SELECT (SELECT COUNT(*) FROM articles WHERE live), (SELECT COUNT(*) FROM articles),"
            " (SELECT COUNT(*) FROM passages p JOIN articles a ON a.number = p.article WHERE a.live),"
            " (SELECT COUNT(*) FROM articles WHERE live AND day IS NULL),"
            f" (SELECT COUNT(*) FROM articles WHERE {UNFINISHED}),"
            " (SELECT COUNT(*) FROM credits c JOIN articles a ON a.number = c.article WHERE a.live)"
        )[0]
        names = ("articles", "revisions", "passages", "undated", "unfinished", "credits")
        return dict(zip(names, map(int, count), strict=True))

    def outlets(self) -> list[OutletCount]:
        """Every outlet of live articles, the one with most articles first."""
        rows = self._rows(
            "SELECT outlet, COUNT(*), MIN(day), MAX(day) FROM articles WHERE live GROUP BY outlet ORDER BY 2 DESC, 1"
        )
        return [OutletCount(o, n, _day(first), _day(last)) for o, n, first, last in rows]

    # -- articles ----------------------------------------------------------------------------------------------------

    def held(self, article_id: str) -> tuple[int, str] | None:
        """The live revision of that id and its content's digest, or None."""
        rows = self._rows("SELECT revision, digest FROM articles WHERE id = ? AND live", (article_id,))
        return (int(rows[0][0]), str(rows[0][1])) if rows else None

    def put(self, article: Article) -> int:
        """Keep an article as its id's live revision, without its passages; returns its number in the archive.

        The revision before it stays, no longer live, its passages noted as leftovers of the derived stores. Call
        inside `writing`.
        """
        self._retire("a.id = ? AND a.live", article.id)
        self._change("UPDATE articles SET live = 0 WHERE id = ?", (article.id,))
        first, last = article.window or (None, None)
        cursor = self._change(
            "INSERT INTO articles (id, revision, live, digest, url, title, outlet, author, published, day, dated,"
            " first_day, last_day, wire, language, text, asides, origin)"
            " VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.revision,
                digest(article),
                article.url,
                article.title,
                article.outlet,
                article.author,
                _iso(article.published),
                _iso(article.day),
                article.dated,
                _iso(first),
                _iso(last),
                article.wire,
                article.language,
                article.text,
                json.dumps([[a.kind, a.start, a.end] for a in article.asides]),
                json.dumps(dataclasses.astuple(article.origin)),
            ),
        )
        number = int(cursor.lastrowid or 0)
        if article.page:
            self._change(PAGES)
            retired = "SELECT number FROM articles WHERE id = ? AND NOT live"
            self._change(f"DELETE FROM pages WHERE article IN ({retired})", (article.id,))
            self._change("INSERT INTO pages VALUES (?, ?)", (number, article.page))
        return number

    def split(self, number: int, passages: Sequence[Passage], folded: Sequence[str], stems: Sequence[str]) -> None:
        """Keep these passages of that article in place of those it had; `folded` are hashes of their folded texts,
        `stems` those of their sentences: a line a sentence, a space before and after each stem.

        Call inside `writing`.
        """
        self._retire("a.number = ?", number)
        self._change("DELETE FROM passages WHERE article = ?", (number,))
        self._change_all(
            "INSERT INTO passages (key, article, number, start, end, sentences, folded, stems)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (p.key, number, p.number, p.start, p.end, json.dumps(p.sentences), f, s)
                for p, f, s in zip(passages, folded, stems, strict=True)
            ],
        )

    def set_stems(self, stems: Iterable[tuple[int, str]]) -> None:
        """Keep the stems of the passages with those keys, as `split` does. Call inside `writing`."""
        self._change_all("UPDATE passages SET stems = ? WHERE key = ?", ((s, key) for key, s in stems))

    def set_asides(self, number: int, asides: Sequence[Aside]) -> None:
        """Keep these asides of an article in place of those it had; every stage is to be done again for it. Call inside
        `writing`, and `split` it."""
        self._change(
            "UPDATE articles SET asides = ?, words = 0, encoded = 0, credited = 0, vectors = 0 WHERE number = ?",
            (json.dumps([[a.kind, a.start, a.end] for a in asides]), number),
        )
        if self._rows("SELECT 1 FROM sqlite_master WHERE name = 'prints'"):  # the story is another one now
            self._change("DELETE FROM prints WHERE article = ?", (number,))
            self._change("DELETE FROM pairs WHERE ? IN (one, other)", (number,))

    def remove(self, article_ids: Iterable[str]) -> int:
        """Delete every revision of those articles; returns how many articles went. Call inside `writing`."""
        gone = 0
        for article_id in article_ids:
            self._retire("a.id = ?", article_id)
            gone += bool(self._change("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount)
        self._change("DELETE FROM embeddings WHERE folded NOT IN (SELECT folded FROM passages)")
        self._change(MARKS)
        self._change("DELETE FROM marks WHERE folded NOT IN (SELECT folded FROM passages)")
        return gone

    def _retire(self, where: str, value: str | int) -> None:
        for store in ("words", "vectors"):
            self._change(
                "INSERT OR IGNORE INTO leftovers SELECT ?, p.key FROM passages p"
                f" JOIN articles a ON a.number = p.article WHERE {where}",
                (store, value),
            )

    def article(self, article_id: str, revision: int | None = None) -> Article:
        """That revision of an article, by default the live one.

        Raises:
            UnknownArticle: no such id or revision.
        """
        rows = self._rows(
            f"{ARTICLE} WHERE a.id = ? AND (a.revision = ? OR (? IS NULL AND a.live))",
            (article_id, revision, revision),
        )
        if not rows:
            which = f"revision {revision} of " if revision is not None else ""
            raise UnknownArticle(f"There is no {which}article {article_id!r} in this collection.")
        return _article(rows[0])

    def newest(self, article_id: str) -> Article | None:
        """The live revision of an article; None where there is none."""
        rows = self._rows(f"{ARTICLE} WHERE a.id = ? AND a.live", (article_id,))
        return _article(rows[0]) if rows else None

    def pages(self) -> Iterator[tuple[Article, bytes]]:
        """The live articles that were taken out of web pages, each with its page as `put` got it."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'pages'"):
            return
        for (number,) in self._rows("SELECT article FROM pages JOIN articles ON number = article AND live"):
            ((packed,),) = self._rows("SELECT packed FROM pages WHERE article = ?", (number,))
            yield self.numbered([number])[number], packed

    def articles(self, query: Query | None = None) -> Iterator[Article]:
        """Live articles that pass the query's filters, the earliest first, undated ones last; its text is not used."""
        where, values = _filter(query)
        sql = f"{ARTICLE} WHERE a.live{where} ORDER BY a.day IS NULL, a.day, a.published, a.id"
        return map(_article, self._rows(sql, values))

    def live(self, first: int = 0) -> list[int]:
        """Numbers of all live articles from that number on."""
        sql = "SELECT number FROM articles WHERE live AND number >= ? ORDER BY number"
        return [int(row[0]) for row in self._rows(sql, (first,))]

    def newest_of(self, outlet: str, before: int, limit: int) -> list[int]:
        """Numbers of the live articles of an outlet that came last before that number, up to `limit`."""
        sql = "SELECT number FROM articles WHERE live AND outlet = ? AND number < ? ORDER BY number DESC LIMIT ?"
        return [int(row[0]) for row in self._rows(sql, (outlet, before, limit))]

    def undated(self, query: Query) -> int:
        """How many live articles of the query's outlets have no date."""
        where, values = _filter(Query("", outlets=query.outlets))
        return int(self._rows(f"SELECT COUNT(*) FROM articles a WHERE a.live AND a.day IS NULL{where}", values)[0][0])

    def numbered(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles by their number in the archive."""
        return {int(row[0]): _article(row) for row in self._among(f"{ARTICLE} WHERE a.number IN", numbers)}

    # -- passages ----------------------------------------------------------------------------------------------------

    def passages(self, article_id: str, revision: int) -> list[Passage]:
        """All passages of one revision, in order."""
        sql = f"{PASSAGE} WHERE a.id = ? AND a.revision = ? ORDER BY p.number"
        return [stored.passage for stored in self._stored(self._rows(sql, (article_id, revision)))]

    def passages_in(self, numbers: Iterable[int]) -> list[Stored]:
        """All passages of the articles with those numbers, by article and in order."""
        stored = self._stored(self._among(f"{PASSAGE} WHERE p.article IN", numbers))
        return sorted(stored, key=lambda s: (s.number, s.passage.number))

    def found(self, keys: Iterable[int]) -> list[Stored]:
        """The live passages among those keys, in no order."""
        return self._stored(self._among(f"{PASSAGE} WHERE a.live AND p.key IN", keys))

    def stems(self, keys: Iterable[int]) -> dict[tuple[int, int], str]:
        """The stems of the live passages among those keys, and of the ones right before and after each, as `split` got
        them, by (article's number, passage's number); none in a file of the first version."""
        if self.schema < 2:
            return {}
        sql = (
            f"SELECT p.article, p.number, p.stems{PASSAGES} JOIN passages found ON found.article = p.article"
            " AND p.number BETWEEN found.number - 1 AND found.number + 1 WHERE a.live AND found.key IN"
        )
        return {(article, number): stems for article, number, stems in self._among(sql, keys)}

    def alike(self, folded: Iterable[str], query: Query) -> dict[str, list[Stored]]:
        """The live passages that pass the query's filters and share one of those folded texts, by its hash.

        Texts that only one passage has are left out.
        """
        where, values = _filter(query)
        several = (
            "SELECT folded FROM passages WHERE folded IN (SELECT value FROM json_each(?))"
            " GROUP BY folded HAVING COUNT(*) > 1"
        )
        rows = self._rows(
            f"{PASSAGE} WHERE a.live{where} AND p.folded IN ({several})", [*values, json.dumps([*folded])]
        )
        found: dict[str, list[Stored]] = {}
        for stored in self._stored(rows):
            found.setdefault(stored.folded, []).append(stored)
        return {text: those for text, those in found.items() if len(those) > 1}

    def keys(self, query: Query | None = None) -> list[int]:
        """Keys of all live passages whose articles pass the query's filters, in order of key."""
        where, values = _filter(query)
        sql = f"SELECT p.key FROM passages p JOIN articles a ON a.number = p.article WHERE a.live{where} ORDER BY p.key"
        return [int(row[0]) for row in self._rows(sql, values)]

    def filed(self) -> list[tuple[int, int, str | None, int]]:
        """Of each live passage, in order of key: its key, its article's number, outlet and day (an ordinal, 0 unknown).

        Read from indexes alone: the tables' rows are large.
        """
        articles = {
            number: (outlet, day.toordinal() if (day := _day(text)) else 0)
            for number, outlet, text in self._rows("SELECT number, outlet, day FROM articles WHERE live")
        }
        places = self._rows("SELECT key, article FROM passages")
        return sorted((key, article, *articles[article]) for key, article in places if article in articles)

    def _stored(self, rows: Collection[Row]) -> list[Stored]:
        articles = self.numbered({row[1] for row in rows})
        stored = []
        for key, article, number, start, end, sentences, folded in rows:
            of = articles[article]
            spans = _spans(json.loads(sentences))
            passage = Passage(key, of.id, of.revision, number, start, end, of.text[start:end], spans)
            stored.append(Stored(passage, of, article, folded))
        return stored

    # -- stages ------------------------------------------------------------------------------------------------------

    def missing(self, stage: Stage, limit: int = -1) -> list[int]:
        """Numbers of the live articles for which that stage is still to be done (the first `limit`), oldest first."""
        sql = f"SELECT number FROM articles WHERE {UNFINISHED} AND NOT {stage} ORDER BY number LIMIT ?"
        return [int(row[0]) for row in self._rows(sql, (limit,))]

    def waiting(self, stage: Stage) -> int:
        """How many passages of live articles wait for that stage."""
        waits = f"SELECT number FROM articles WHERE {UNFINISHED} AND NOT {stage}"
        return int(self._rows(f"SELECT COUNT(*) FROM passages WHERE article IN ({waits})")[0][0])

    def mark(self, stage: Stage, numbers: Iterable[int]) -> None:
        """That stage is done for those articles. Call inside `writing`."""
        self._change_all(f"UPDATE articles SET {stage} = 1 WHERE number = ?", [(n,) for n in numbers])

    def unmark(self, *stages: Stage) -> None:
        """Those stages are to be done again for every article. Call inside `writing`."""
        for stage in stages:
            self._change(f"UPDATE articles SET {stage} = 0")

    def leftovers(self, store: Literal["words", "vectors"]) -> list[int]:
        """Keys that have left the collection and may still stand in that store."""
        return [int(row[0]) for row in self._rows("SELECT key FROM leftovers WHERE store = ?", (store,))]

    def swept(self, store: Literal["words", "vectors"], keys: Iterable[int]) -> None:
        """That store no longer holds those keys. Call inside `writing`."""
        self._change_all("DELETE FROM leftovers WHERE store = ? AND key = ?", [(store, key) for key in keys])

    # -- embeddings --------------------------------------------------------------------------------------------------

    def embed(self, rows: Iterable[tuple[str, Floats, bytes]]) -> None:
        """Keep (hash, vector, sentence vectors as the encoder packed them). Call inside `writing`."""
        self._change_all(
            "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", [(h, v.tobytes(), s) for h, v, s in rows]
        )

    def embedded(self, folded: Iterable[str]) -> set[str]:
        """Those of the hashes whose text has been encoded."""
        return {row[0] for row in self._among("SELECT folded FROM embeddings WHERE folded IN", folded)}

    def embeddings(self, folded: Iterable[str]) -> dict[str, tuple[Floats, bytes]]:
        """For each of the hashes whose text has been encoded, its vector and its packed sentence vectors."""
        rows = self._among("SELECT folded, vector, sentences FROM embeddings WHERE folded IN", folded)
        return {hash_: (np.frombuffer(vector, np.float32), sentences) for hash_, vector, sentences in rows}

    def vectors(self, numbers: Iterable[int]) -> tuple[npt.NDArray[np.int64], Floats]:
        """The keys of those articles' encoded passages, in order of key, and their vectors as rows."""
        rows = self._among(
            "SELECT p.key, e.vector FROM passages p JOIN embeddings e USING (folded) WHERE p.article IN", numbers
        )
        rows.sort()
        vectors = np.frombuffer(b"".join(vector for _, vector in rows), np.float32)
        return np.array([key for key, _ in rows], np.int64), vectors.reshape(len(rows), -1 if rows else 0)

    def forget_embeddings(self) -> None:
        """Drop every embedding, for another encoder. Call inside `writing`."""
        self._change("DELETE FROM embeddings")

    def keep_marks(self, tagger: str, rows: Iterable[tuple[str, bytes]]) -> None:
        """Keep what that tagger marked, (hash, marks as they were packed). Call inside `writing`."""
        self._change(MARKS)
        self._change_all("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", [(h, tagger, packed) for h, packed in rows])

    def marks(self, folded: Iterable[str], tagger: str) -> dict[str, bytes]:
        """For each of the hashes whose text that tagger has read, what it marked. Only a writer may ask."""
        self._change(MARKS)
        rows = self._among("SELECT folded, tagger, packed FROM marks WHERE folded IN", folded)
        return {hash_: packed for hash_, by, packed in rows if by == tagger}

    # -- copies ------------------------------------------------------------------------------------------------------

    def unprinted(self, limit: int) -> list[int]:
        """Numbers of the live articles that have no fingerprint yet (the first `limit`)."""
        sql = "SELECT number FROM articles WHERE live"
        if self._rows("SELECT 1 FROM sqlite_master WHERE name = 'prints'"):
            sql += " AND number NOT IN (SELECT article FROM prints)"
        return [int(row[0]) for row in self._rows(f"{sql} ORDER BY number LIMIT ?", (limit,))]

    def prints(self) -> Iterator[tuple[int, Prints]]:
        """The fingerprints of live articles, by their numbers."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'prints'"):
            return
        sql = "SELECT article, packed FROM prints JOIN articles ON number = article AND live"
        with _told(self.path):
            for number, packed in self._db.execute(sql):
                yield int(number), np.frombuffer(packed, np.uint32)

    def keep_prints(self, prints: Mapping[int, Prints], pairs: Iterable[Pair]) -> None:
        """Keep articles' fingerprints, and which have words in common. Call inside `writing`."""
        for statement in PRINTS.split(";")[:-1]:
            self._change(statement)
        self._change_all("INSERT OR REPLACE INTO prints VALUES (?, ?)", ((n, p.tobytes()) for n, p in prints.items()))
        self._change_all(
            "INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?)", ((p.one, p.other, p.hashes, p.share) for p in pairs)
        )

    def pairs(self, article_ids: Iterable[str] | None = None) -> list[Pair]:
        """Which live articles have words in common: all, or those linked to these, directly or by others."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'pairs'"):
            return []
        live = "JOIN articles a ON a.number = p.one AND a.live JOIN articles b ON b.number = p.other AND b.live"
        if article_ids is None:
            rows = self._rows(f"SELECT p.one, p.other, p.hashes, p.share FROM pairs p {live} ORDER BY 1, 2")
        else:
            linked = (
                "WITH RECURSIVE linked(n) AS ("
                "SELECT number FROM articles WHERE live AND id IN (SELECT value FROM json_each(?))"
                " UNION SELECT p.other FROM pairs p JOIN linked ON p.one = n"
                " UNION SELECT p.one FROM pairs p JOIN linked ON p.other = n)"
            )
            rows = self._rows(
                f"{linked} SELECT p.one, p.other, p.hashes, p.share FROM linked JOIN pairs p ON p.one = n {live}"
                " ORDER BY 1, 2",
                (json.dumps([*article_ids]),),
            )
        return [Pair(*row) for row in rows]

    def copied(self, article_ids: Iterable[str]) -> set[frozenset[str]]:
        """Which of these live articles are copies, two by two."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'pairs'"):
            return set()
        sql = (
            "SELECT a.id, b.id FROM articles a JOIN pairs p ON p.one = a.number JOIN articles b ON b.number = p.other"
            " WHERE a.live AND b.live AND p.share >= ? AND a.id IN (SELECT value FROM json_each(?))"
        )
        return {frozenset(row) for row in self._rows(sql, (SHARED, json.dumps([*article_ids])))}

    # -- credits -----------------------------------------------------------------------------------------------------

    def credit(self, number: int, credits: Sequence[Credit]) -> None:
        """Keep an article's credits in place of those it had. Call inside `writing`."""
        self._change("DELETE FROM credits WHERE article = ?", (number,))
        self._change_all(
            "INSERT INTO credits VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (number, i, c.name, c.kind, c.relation, c.sure, json.dumps([c.source, c.cue, c.content, c.about]))
                for i, c in enumerate(credits)
            ],
        )

    def credits(self, article_id: str, revision: int) -> list[Credit]:
        """The credits of one revision, in the order of the text."""
        rows = self._rows(
            "SELECT a.id, a.revision, c.name, c.kind, c.relation, c.sure, c.spans FROM credits c"
            " JOIN articles a ON a.number = c.article WHERE a.id = ? AND a.revision = ? ORDER BY c.position",
            (article_id, revision),
        )
        return [_credit(row) for row in rows]


def digest(article: Article) -> str:
    """A hash of all that makes an article what it is; equal for an article read again unchanged."""
    told = [article.url, article.title, article.outlet, article.author, _iso(article.published), article.wire]
    return hashlib.blake2b(json.dumps([*told, article.text]).encode(), digest_size=16).hexdigest()


def _filter(query: Query | None) -> tuple[str, list[str]]:
    """SQL conditions (each led by AND) for a query's filters, and their values."""
    if query is None:
        return "", []
    where, values = "", list[str]()
    if query.outlets:
        where += f" AND a.outlet IN ({','.join('?' * len(query.outlets))})"
        values += query.outlets
    if query.since:
        where += " AND a.day >= ?"
        values.append(query.since.isoformat())
    if query.until:
        where += " AND a.day <= ?"
        values.append(query.until.isoformat())
    return where, values


def _iso(value: dt.date | None) -> str | None:
    return None if value is None else value.isoformat()


def _day(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)


def _published(value: str | None) -> dt.date | dt.datetime | None:
    if value is None or len(value) == len("2016-01-01"):
        return _day(value)
    return dt.datetime.fromisoformat(value)


def _article(row: Row) -> Article:
    (
        _,
        id_,
        revision,
        url,
        title,
        outlet,
        author,
        published,
        dated,
        first,
        last,
        wire,
        language,
        text,
        asides,
        origin,
    ) = row
    window = (dt.date.fromisoformat(first), dt.date.fromisoformat(last)) if first and last else None
    return Article(
        id=id_,
        text=text,
        revision=revision,
        url=url,
        title=title,
        outlet=outlet,
        author=author,
        published=_published(published),
        dated=dated,
        window=window,
        wire=wire,
        language=language,
        asides=tuple(Aside(*aside) for aside in json.loads(asides)),
        origin=_origin(origin),
    )


def _origin(value: str) -> Origin:
    """An origin as it was kept; earlier versions of the program knew fewer of its fields."""
    values = json.loads(value)
    return Origin(*values[:6], *(tuple(pages) for pages in values[6:]))


def _spans(values: list[list[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in values)


def _credit(row: Row) -> Credit:
    article_id, revision, name, kind, relation, sure, spans = row
    source, cue, content, about = map(_spans, json.loads(spans))
    return Credit(article_id, revision, source, cue, content, name, kind, relation, about, sure)
