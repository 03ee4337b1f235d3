"""The record of truth: one SQLite file with every article, passage, credit and embedding, and which stages are done.

All SQL of a collection is here, its tables in `schema`. Words and vectors are derived from it and can be made again at
any time. A commit raises `generation`, by which readers in other processes see that their derived stores have grown
old.

SQLite keeps it whole: with its write-ahead log and `synchronous=FULL`, a commit that returned survives the process,
the system and the power failing, as long as the disk does not claim to have written what it has not; one that did not
return happened or did not, never in part. Derived stores have no such guarantee: what is torn is found by checksums.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from index.copies import SHARED, Pair, Prints
from index.database import Database, Row, told
from index.errors import UnknownArticle
from index.records import Article, Aside, Credit, OutletCount, Passage, Query
from index.rows import (
    ARTICLE,
    conditions,
    from_asides,
    from_origin,
    to_article,
    to_credit,
    to_day,
    to_iso,
    to_spans,
)
from index.schema import UNFINISHED

Stage = Literal["words", "encoded", "credited", "vectors"]
"""What an article goes through after it is kept: found by words, read by the encoder, credited, found by meaning."""

Floats = npt.NDArray[np.float32]

Stems = npt.NDArray[np.uint32]
"""The stems of a passage by their numbers, sentence by sentence, a 0 after each sentence."""

PASSAGE = "SELECT p.key, p.article, p.number, p.start, p.end, p.sentences, p.folded FROM passages p"
WITH_ARTICLE = " JOIN articles a ON a.number = p.article"


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage as the archive has it: with its article, that article's number here, and its folded text's hash."""

    passage: Passage
    article: Article
    number: int
    folded: str


class Archive(Database):
    """What a collection holds; safe to share between threads (each has its own connection)."""

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
        return [OutletCount(o, n, to_day(first), to_day(last)) for o, n, first, last in rows]

    # -- articles ----------------------------------------------------------------------------------------------------

    def held(self, article_ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """The live revision of each of those ids that has one, and its content's digest."""
        rows = self._among("SELECT id, revision, digest FROM articles WHERE live AND id IN", article_ids)
        return {article_id: (revision, content) for article_id, revision, content in rows}

    def put(self, article: Article, content: str) -> int:
        """Keep an article, whose `digest` is `content`, as its id's live revision, without its passages; returns its
        number in the archive.

        The revision before it stays, no longer live, its passages noted as leftovers of the derived stores. Call
        inside `writing`.
        """
        if article.revision > 1:
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
                content,
                article.url,
                article.title,
                article.outlet,
                article.author,
                to_iso(article.published),
                to_iso(article.day),
                article.dated,
                to_iso(first),
                to_iso(last),
                article.wire,
                article.language,
                article.text,
                from_asides(article.asides),
                from_origin(article.origin),
            ),
        )
        number = int(cursor.lastrowid or 0)
        if article.page:
            retired = "SELECT number FROM articles WHERE id = ? AND NOT live"
            self._change(f"DELETE FROM pages WHERE article IN ({retired})", (article.id,))
            self._change("INSERT INTO pages VALUES (?, ?)", (number, article.page))
        return number

    def split(self, number: int, passages: Sequence[Passage], folded: Sequence[str], stems: Sequence[Stems]) -> None:
        """Keep these passages of that article in place of those it had; `folded` are hashes of their folded texts.

        Call inside `writing`.
        """
        if self._rows("SELECT 1 FROM passages WHERE article = ? LIMIT 1", (number,)):
            self._retire("a.number = ?", number)
            self._change("DELETE FROM passages WHERE article = ?", (number,))
        self._change_all(
            "INSERT INTO passages (key, article, number, start, end, sentences, folded, stems)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (p.key, number, p.number, p.start, p.end, json.dumps(p.sentences), f, s.tobytes())
                for p, f, s in zip(passages, folded, stems, strict=True)
            ],
        )

    def set_stems(self, stems: Iterable[tuple[int, Stems]]) -> None:
        """Keep the stems of the passages with those keys, as `split` does. Call inside `writing`."""
        self._change_all("UPDATE passages SET stems = ? WHERE key = ?", ((s.tobytes(), key) for key, s in stems))

    def set_asides(self, number: int, asides: Sequence[Aside]) -> None:
        """Keep these asides of an article in place of those it had; every stage is to be done again for it. Call inside
        `writing`, and `split` it."""
        self._change(
            "UPDATE articles SET asides = ?, words = 0, encoded = 0, credited = 0, vectors = 0 WHERE number = ?",
            (from_asides(asides), number),
        )
        self._change("DELETE FROM prints WHERE article = ?", (number,))  # the story is another one now
        self._change("DELETE FROM pairs WHERE ? IN (one, other)", (number,))

    def remove(self, article_ids: Iterable[str]) -> int:
        """Delete every revision of those articles; returns how many articles went. Call inside `writing`."""
        gone = 0
        for article_id in article_ids:
            self._retire("a.id = ?", article_id)
            gone += bool(self._change("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount)
        self._change("DELETE FROM embeddings WHERE folded NOT IN (SELECT folded FROM passages)")
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
        return to_article(rows[0])

    def newest(self, article_id: str) -> Article | None:
        """The live revision of an article; None where there is none."""
        rows = self._rows(f"{ARTICLE} WHERE a.id = ? AND a.live", (article_id,))
        return to_article(rows[0]) if rows else None

    def pages(self) -> Iterator[tuple[Article, bytes]]:
        """The live articles that were taken out of web pages, each with its page as `put` got it."""
        for (number,) in self._rows("SELECT article FROM pages JOIN articles ON number = article AND live"):
            ((packed,),) = self._rows("SELECT packed FROM pages WHERE article = ?", (number,))
            yield self.numbered([number])[number], packed

    def articles(self, query: Query | None = None) -> Iterator[Article]:
        """Live articles that pass the query's filters, the earliest first, undated ones last; its text is not used."""
        where, values = conditions(query)
        sql = f"{ARTICLE} WHERE a.live{where} ORDER BY a.day IS NULL, a.day, a.published, a.id"
        return map(to_article, self._rows(sql, values))

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
        where, values = conditions(Query("", outlets=query.outlets))
        return int(self._rows(f"SELECT COUNT(*) FROM articles a WHERE a.live AND a.day IS NULL{where}", values)[0][0])

    def numbered(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles by their number in the archive."""
        return self._numbered(f"{ARTICLE} WHERE a.number IN", numbers)

    def _numbered(self, sql: str, numbers: Iterable[int]) -> dict[int, Article]:
        return {int(row[0]): to_article(row) for row in self._among(sql, numbers)}

    # -- passages ----------------------------------------------------------------------------------------------------

    def passages(self, article_id: str, revision: int) -> list[Passage]:
        """All passages of one revision, in order."""
        sql = f"{PASSAGE}{WITH_ARTICLE} WHERE a.id = ? AND a.revision = ? ORDER BY p.number"
        return [stored.passage for stored in self._stored(self._rows(sql, (article_id, revision)))]

    def passages_in(self, numbers: Iterable[int]) -> list[Stored]:
        """All passages of the articles with those numbers, by article and in order."""
        stored = self._stored(self._among(f"{PASSAGE} WHERE p.article IN", numbers))
        return sorted(stored, key=lambda s: (s.number, s.passage.number))

    def found(self, keys: Iterable[int]) -> list[Stored]:
        """The live passages among those keys, in no order."""
        rows = self._among(f"{PASSAGE} WHERE p.key IN", keys)
        articles = self._numbered(f"{ARTICLE} WHERE a.live AND a.number IN", {row[1] for row in rows})
        return _stored([row for row in rows if row[1] in articles], articles)

    def stems(self, keys: Iterable[int]) -> dict[tuple[int, int], Stems]:
        """The stems of the passages with those keys, and of the ones right before and after each, by (article's number,
        passage's number); none in a file of an older version."""
        if self.schema < 4:
            return {}
        sql = (
            "SELECT p.article, p.number, p.stems FROM passages p JOIN passages found ON found.article = p.article"
            " AND p.number BETWEEN found.number - 1 AND found.number + 1 WHERE found.key IN"
        )
        rows = self._among(sql, keys)
        return {(article, number): np.frombuffer(stems, np.uint32) for article, number, stems in rows}

    def alike(self, folded: Iterable[str], query: Query) -> dict[str, list[Stored]]:
        """The live passages that pass the query's filters and share one of those folded texts, by its hash.

        Texts that only one passage has are left out.
        """
        where, values = conditions(query)
        several = (
            "SELECT folded FROM passages WHERE folded IN (SELECT value FROM json_each(?))"
            " GROUP BY folded HAVING COUNT(*) > 1"
        )
        rows = self._rows(
            f"{PASSAGE}{WITH_ARTICLE} WHERE a.live{where} AND p.folded IN ({several})", [*values, json.dumps([*folded])]
        )
        found: dict[str, list[Stored]] = {}
        for stored in self._stored(rows):
            found.setdefault(stored.folded, []).append(stored)
        return {text: those for text, those in found.items() if len(those) > 1}

    def keys(self, query: Query | None = None) -> list[int]:
        """Keys of all live passages whose articles pass the query's filters, in order of key."""
        where, values = conditions(query)
        sql = f"SELECT p.key FROM passages p JOIN articles a ON a.number = p.article WHERE a.live{where} ORDER BY p.key"
        return [int(row[0]) for row in self._rows(sql, values)]

    def filed(self) -> list[tuple[int, int, str | None, int]]:
        """Of each live passage, in order of key: its key, its article's number, outlet and day (an ordinal, 0 unknown).

        Read from indexes alone: the tables' rows are large.
        """
        articles = {
            number: (outlet, day.toordinal() if (day := to_day(text)) else 0)
            for number, outlet, text in self._rows("SELECT number, outlet, day FROM articles WHERE live")
        }
        places = self._rows("SELECT key, article FROM passages")
        return sorted((key, article, *articles[article]) for key, article in places if article in articles)

    def _stored(self, rows: Collection[Row]) -> list[Stored]:
        return _stored(rows, self.numbered({row[1] for row in rows}))

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
        self._change_all("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)", [(h, tagger, packed) for h, packed in rows])

    def marks(self, folded: Iterable[str], tagger: str) -> dict[str, bytes]:
        """For each of the hashes whose text that tagger has read, what it marked. Only a writer may ask."""
        rows = self._among("SELECT folded, tagger, packed FROM marks WHERE folded IN", folded)
        return {hash_: packed for hash_, by, packed in rows if by == tagger}

    # -- copies ------------------------------------------------------------------------------------------------------

    def unprinted(self, limit: int) -> list[int]:
        """Numbers of the live articles that have no fingerprint yet (the first `limit`)."""
        sql = (
            "SELECT number FROM articles WHERE live AND number NOT IN (SELECT article FROM prints)"
            " ORDER BY number LIMIT ?"
        )
        return [int(row[0]) for row in self._rows(sql, (limit,))]

    def prints(self) -> Iterator[tuple[int, Prints]]:
        """The fingerprints of live articles, by their numbers."""
        sql = "SELECT article, packed FROM prints JOIN articles ON number = article AND live"
        with told(self.path):
            for number, packed in self._db.execute(sql):
                yield int(number), np.frombuffer(packed, np.uint32)

    def keep_prints(self, prints: Mapping[int, Prints], pairs: Iterable[Pair]) -> None:
        """Keep articles' fingerprints, and which have words in common. Call inside `writing`."""
        self._change_all("INSERT OR REPLACE INTO prints VALUES (?, ?)", ((n, p.tobytes()) for n, p in prints.items()))
        self._change_all(
            "INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?)", ((p.one, p.other, p.hashes, p.share) for p in pairs)
        )

    def pairs(self, article_ids: Iterable[str] | None = None) -> list[Pair]:
        """Which live articles have words in common: all; or those that are copies of one of these."""
        if not self._compared():
            return []
        pair = (
            "SELECT p.one, p.other, p.hashes, p.share FROM pairs p JOIN articles a ON a.number = p.one AND a.live"
            " JOIN articles b ON b.number = p.other AND b.live"
        )
        if article_ids is None:
            rows = self._rows(f"{pair} ORDER BY 1, 2")
        else:
            named = "(SELECT number FROM articles WHERE live AND id IN (SELECT value FROM json_each(?)))"
            copies = f"{pair} WHERE p.share >= ? AND p."
            ids = json.dumps([*article_ids])
            rows = self._rows(
                f"{copies}one IN {named} UNION {copies}other IN {named} ORDER BY 1, 2", (SHARED, ids, SHARED, ids)
            )
        return [Pair(*row) for row in rows]

    def undated_copies(self) -> list[tuple[int, dt.date, dt.date]]:
        """Numbers of the live articles without a date that are copies of live ones whose date was given, each with the
        first and the last day of these."""
        among = (
            "SELECT {0} AS number, b.day FROM pairs p JOIN articles a ON a.number = p.{0} JOIN articles b"
            " ON b.number = p.{1} WHERE p.share >= ? AND a.live AND a.day IS NULL AND b.live"
            " AND b.dated IN ('stated', 'metadata')"
        )
        both = f"{among.format('one', 'other')} UNION ALL {among.format('other', 'one')}"
        rows = self._rows(f"SELECT number, MIN(day), MAX(day) FROM ({both}) GROUP BY number", (SHARED, SHARED))
        return [(number, dt.date.fromisoformat(first), dt.date.fromisoformat(last)) for number, first, last in rows]

    def set_window(self, number: int, window: tuple[dt.date, dt.date]) -> None:
        """Between which days an article without a date appeared, inferred. Call inside `writing`."""
        self._change(
            "UPDATE articles SET dated = 'inferred', first_day = ?, last_day = ? WHERE number = ? AND day IS NULL",
            (*map(to_iso, window), number),
        )

    def _compared(self) -> bool:
        """Whether articles have been compared: a file of an older version may lack the table."""
        return self.schema >= 3 or bool(self._rows("SELECT 1 FROM sqlite_master WHERE name = 'pairs'"))

    def copied(self, numbers: Iterable[int]) -> list[tuple[int, int]]:
        """Which of the articles with these numbers are copies, two by two."""
        if not self._compared():
            return []
        asked = set(numbers)
        rows = self._among(f"SELECT one, other FROM pairs WHERE share >= {SHARED} AND one IN", asked)
        return [(one, other) for one, other in rows if other in asked]

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
        return [to_credit(row) for row in rows]


def _stored(rows: Collection[Row], articles: Mapping[int, Article]) -> list[Stored]:
    """The passages of those rows of `PASSAGE`, whose articles are given by their numbers."""
    stored = []
    spans = json.loads(f"[{','.join(row[5] for row in rows)}]")  # each by itself takes twice as long
    for (key, article, number, start, end, _, folded), sentences in zip(rows, spans, strict=True):
        of = articles[article]
        passage = Passage(key, of.id, of.revision, number, start, end, of.text[start:end], to_spans(sentences))
        stored.append(Stored(passage, of, article, folded))
    return stored
