"""A collection: articles go in by `add`, hits come out by `search`; the glue between archive, words, vectors, encoder.

One folder: `archive.sqlite` (the record of truth), `words/` and `vectors/` (derived), `lock` (held while writing).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import shutil
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from index import credits, dates, outlets, ranking, readers, words
from index.archive import Archive, Stage, Stored, digest
from index.encoders import DEFAULT, Encoder, Precision, load_encoder, quantise, restore
from index.errors import BadQuery, Locked, NoCollection, WrongEncoder
from index.folding import FOLD_VERSION, fold
from index.outlets import Outlets
from index.records import (
    Added,
    Article,
    Copy,
    Credit,
    Finding,
    Found,
    Hit,
    OutletCount,
    Passage,
    Progress,
    Query,
    Refusal,
    Status,
)
from index.splitter import SPLITTER_VERSION, passages
from index.vectors import Vectors
from index.words import Entry, Words

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float32]
Watch = Callable[[Progress], None]

POOL = 80
"""Passages taken from words and from meaning each, before they are judged together."""

ARTICLES_AT_ONCE = 250
"""Articles to a transaction, and to a round of encoding: what a crash costs at most."""

PASSAGES_AT_ONCE = 512
"""Passages read by the encoder between two commits."""

REOPEN_AFTER = 5.0
"""Seconds between two openings of the vectors while another process writes; words reopen at every change."""

LONGEST_QUESTION = 2_000
"""Characters of a query that are looked at; more names more than any passage could hold."""


class Index:
    """A collection of articles in one folder, safe to share between threads.

    Open it with `Index.open`, close it with `close` or `with`.
    """

    def __init__(self, path: Path, archive: Archive, encoder: Callable[[], Encoder]) -> None:
        self.path = path
        self._archive = archive
        self._load_encoder = encoder
        self._encoder: Encoder | None = None
        self._words: Words | None = None
        self._vectors: Vectors | None = None
        self._matrix: tuple[int, npt.NDArray[np.int64], Floats] | None = None
        self._seen = -1
        self._vectors_seen = (-1, 0.0)
        self._opening = threading.RLock()
        self._lock = FileLock(path / "lock", timeout=0)
        self._catalogue = outlets.known()

    @classmethod
    def open(
        cls,
        path: str | Path,
        encoder: str | Encoder = DEFAULT,
        precision: Precision = "fp32",
        create: bool = True,
    ) -> Index:
        """The collection at `path`, made if there is none and `create` allows it.

        Args:
            path: The collection's folder.
            encoder: The name or path of a sentence-transformers model, or an encoder of your own.
            precision: `int8` encodes faster and finds a little less; only for the default encoder.
            create: Whether to make a collection where there is none.

        Raises:
            NoCollection: nothing there, and `create` is off.
            NewerCollection: a newer version of the program wrote it.
        """
        folder = Path(path)
        file = folder / "archive.sqlite"
        if not file.exists():
            if not create:
                raise NoCollection(f"There is no collection at {folder}. Make one with `whence add PATH...`.")
            folder.mkdir(parents=True, exist_ok=True)
            archive = Archive.create(file)
        else:
            archive = Archive(file)
        if isinstance(encoder, str):
            name = encoder
            return cls(folder, archive, lambda: load_encoder(name, precision))
        given = encoder
        return cls(folder, archive, lambda: given)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every file."""
        with self._opening:
            if self._vectors is not None:
                self._vectors.close()
                self._vectors = None
            self._words = None
            self._archive.close()

    # -- the parts, opened when first wanted ------------------------------------------------------------------------

    @property
    def encoder(self) -> Encoder:
        """What turns this collection's passages into vectors.

        Raises:
            WrongEncoder: the collection was built with another.
        """
        with self._opening:
            if self._encoder is None:
                self._encoder = self._load_encoder()
                built = self._archive.meta("encoder")
                if built is not None and built != self._identity:
                    asked, self._encoder = self._identity, None
                    raise WrongEncoder(
                        f"The collection at {self.path} was built with {built!r}; the settings ask for {asked!r}."
                        " Set WHENCE_ENCODER (and WHENCE_PRECISION) to what it was built with,"
                        " or encode it anew with `whence rebuild --encode`."
                    )
            return self._encoder

    @property
    def _identity(self) -> str:
        """What must be equal for vectors to be comparable: encoder, folding, splitting."""
        assert self._encoder is not None
        return f"{self._encoder.identity} fold-{FOLD_VERSION} split-{SPLITTER_VERSION}"

    @property
    def _text(self) -> Words:
        """The words, as of the newest commit."""
        with self._opening:
            if self._words is None:
                self._words = Words(self.path / "words")
            generation = self._archive.generation
            if generation != self._seen:
                self._words.reload()
                self._seen = generation
            return self._words

    @property
    def _meaning(self) -> Vectors:
        """The vectors, as new as `REOPEN_AFTER` allows."""
        with self._opening:
            if self._vectors is None:
                self._vectors = Vectors(self.path / "vectors")
                self._vectors_seen = (self._archive.generation, time.monotonic())
            generation, opened = self._vectors_seen
            stale = self._archive.generation != generation and time.monotonic() - opened > REOPEN_AFTER
            if stale and not self._lock.is_locked:
                self._vectors.close()
                self._vectors = None
                return self._meaning
            return self._vectors

    def warm(self) -> None:
        """Open every part now, so that the first question need not wait."""
        self.encode(["warm"])
        len(self._text)
        len(self._meaning)

    # -- articles in -------------------------------------------------------------------------------------------------

    @contextmanager
    def _write(self) -> Iterator[None]:
        """Be the one writer of this collection.

        Raises:
            Locked: another process, or another index of this one, is writing.
        """
        try:
            self._lock.acquire()
        except Timeout as error:
            writer = self._archive.meta("writer") or "another process"
            raise Locked(
                f"The collection at {self.path} is being written by {writer}. Wait until it is done, then try again."
            ) from error
        try:
            now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
            self._archive.set_meta("writer", f"process {os.getpid()} on {socket.gethostname()} since {now}")
            yield
        finally:
            self._lock.release()

    def add(
        self,
        paths: Iterable[str | Path],
        progress: Watch | None = None,
        stdin: IO[bytes] | None = None,
    ) -> Added:
        """Take in every article under those paths; then finish whatever an earlier, interrupted run left undone.

        An article whose id is held with the same content is unchanged and costs nothing; other content becomes its
        next revision. All articles are findable by words before the first is encoded.

        Args:
            paths: Files, folders, or `-` for standard input.
            progress: Called often, in this thread, with how far the work has come; may raise to stop it.
            stdin: What `-` reads.

        Raises:
            Locked: another process is writing.
            WrongEncoder: the collection was built with another encoder.
        """
        tell = progress or (lambda _: None)
        added: list[str] = []
        updated: list[str] = []
        unchanged: list[str] = []
        refused: list[Refusal] = []
        with self._write():
            self._settle_encoder()
            batch: list[Article] = []
            met: dict[str, str] = {}
            for read, item in enumerate(readers.read(paths, stdin), 1):
                tell(Progress("reading", read))
                if isinstance(item, Refusal):
                    refused.append(item)
                    continue
                digested = digest(item)
                if item.id in met:
                    if met[item.id] != digested:
                        reason = f"id {item.id!r} came twice in this run with different content; the first was kept"
                        refused.append(Refusal(item.origin.path, reason, item.origin.line))
                    continue
                met[item.id] = digested
                held = self._archive.held(item.id)
                if held and held[1] == digested:
                    unchanged.append(item.id)
                    continue
                (updated if held else added).append(item.id)
                batch.append(replace(item, revision=held[0] + 1 if held else 1))
                if len(batch) == ARTICLES_AT_ONCE:
                    self._keep(batch)
                    batch = []
            self._keep(batch)
            self._finish(tell)
        return Added(tuple(added), tuple(updated), tuple(unchanged), tuple(refused))

    def remove(self, article_ids: Iterable[str]) -> int:
        """Delete those articles, every revision, from every file of the collection; returns how many there were.

        Raises:
            Locked: another process is writing.
        """
        with self._write():
            with self._archive.writing():
                gone = self._archive.remove(article_ids)
            self._archive.shrink()
            if gone:
                self._rewrite_words()
                self._sweep_vectors()
        return gone

    def rebuild(self, progress: Watch | None = None, encode: bool = False) -> None:
        """Make words, vectors and credits again from the archive; with `encode`, the embeddings too.

        Raises:
            Locked: another process is writing.
        """
        tell = progress or (lambda _: None)
        with self._write():
            with self._opening:
                if self._vectors is not None:
                    self._vectors.close()
                    self._vectors = None
                self._words = None
            for store in ("words", "vectors"):
                shutil.rmtree(self.path / store, ignore_errors=True)
            with self._archive.writing():
                stages: tuple[Stage, ...] = ("words", "credited", "vectors")
                self._archive.unmark(*stages, *(("encoded",) if encode else ()))
                if encode:
                    self._archive.forget_embeddings()
                    self._encoder = self._load_encoder()
                    self._archive.set_meta("encoder", self._identity)
            self._finish(tell)

    def _settle_encoder(self) -> None:
        """Load the encoder, checked against the collection's; a new collection takes this one for good."""
        self.encoder  # noqa: B018  (raises WrongEncoder)
        if self._archive.meta("encoder") is None:
            self._archive.set_meta("encoder", self._identity)

    def _keep(self, batch: Sequence[Article]) -> None:
        """Split the articles into passages, keep both, and make them findable by words."""
        window = self.encoder.window

        def fits(texts: list[str]) -> list[bool]:
            return [count <= window for count in self.encoder.count([fold(text).text for text in texts])]

        if not batch:
            return
        with self._archive.writing():
            for article in batch:
                split = passages(article, fits=fits)
                self._archive.put(article, split, [_hash(fold(p.text).text) for p in split])
        self._do_words()

    def _finish(self, tell: Watch) -> None:
        """Every stage that is still to be done, for every article."""
        self._do_words()
        self._do_encoding(tell)
        self._do_credits()
        self._do_vectors()

    def _do_words(self) -> None:
        """Articles that are not yet findable by words become so; passages that left are taken out."""
        text = self._text
        while (numbers := self._archive.missing("words", 4 * ARTICLES_AT_ONCE)) or self._archive.leftovers("words"):
            gone = self._archive.leftovers("words")
            text.change(gone, self._entries(numbers))
            with self._archive.writing():
                self._archive.mark("words", numbers)
                self._archive.swept("words", gone)

    def _entries(self, numbers: Sequence[int]) -> Iterator[Entry]:
        """What the words are told of those articles' passages."""
        articles = self._archive.numbered(numbers)
        abouts = {n: words.about(a, fold(a.title or "").text) for n, a in articles.items()}
        for stored in self._archive.passages_of_numbers(numbers):
            article, p = articles[stored.article], stored.passage
            yield Entry(p.key, stored.article, fold(p.text).text, abouts[stored.article], article.outlet, article.day)

    def _rewrite_words(self) -> None:
        """All words anew, so that none of a removed article's is left in a file (16,000 passages a second)."""

        def entries() -> Iterator[Entry]:
            numbers = self._archive.live()
            for i in range(0, len(numbers), ARTICLES_AT_ONCE):
                yield from self._entries(numbers[i : i + ARTICLES_AT_ONCE])

        self._text.replace(entries())
        with self._archive.writing():
            self._archive.swept("words", self._archive.leftovers("words"))

    def _do_encoding(self, tell: Watch) -> None:
        """Every passage gets its vectors; equal passages are read once."""
        total, done = self._archive.waiting("encoded"), 0
        while numbers := self._archive.missing("encoded", ARTICLES_AT_ONCE):
            stored = self._archive.passages_of_numbers(numbers)
            unread = {s.folded: s.passage for s in stored}
            for known in self._archive.embedded(unread):
                del unread[known]
            done += len(stored) - len(unread)
            todo = list(unread.items())
            for i in range(0, len(todo), PASSAGES_AT_ONCE):
                self._embed(todo[i : i + PASSAGES_AT_ONCE])
                done += len(todo[i : i + PASSAGES_AT_ONCE])
                tell(Progress("encoding", min(done, total), total))
            with self._archive.writing():
                self._archive.mark("encoded", numbers)

    def _embed(self, todo: Sequence[tuple[str, Passage]]) -> None:
        """One pass of the encoder over those passages, kept by the hash of their folded text."""
        folded = [fold(p.text) for _, p in todo]
        spans = [
            [(f.folded(start - p.start), f.folded(end - p.start)) for start, end in p.sentences]
            for f, (_, p) in zip(folded, todo, strict=True)
        ]
        read = self.encoder.read([f.text for f in folded], spans)
        with self._archive.writing():
            self._archive.embed((h, r.vector, quantise(r.sentences)) for (h, _), r in zip(todo, read, strict=True))

    def _do_credits(self) -> None:
        """Articles whose passages have all been read get their credits."""
        while numbers := self._archive.missing("credited", ARTICLES_AT_ONCE):
            articles = self._archive.numbered(numbers)
            by_article: dict[int, list[Passage]] = {n: [] for n in numbers}
            for stored in self._archive.passages_of_numbers(numbers):
                by_article[stored.article].append(stored.passage)
            with self._archive.writing():
                for number in numbers:
                    found = credits.find(articles[number], by_article[number], self._catalogue)
                    self._archive.credit(number, found)
                self._archive.mark("credited", numbers)

    def _do_vectors(self) -> None:
        """Every passage's vector goes to Chroma; those that left are taken out."""
        self._sweep_vectors()
        while numbers := self._archive.missing("vectors", ARTICLES_AT_ONCE):
            keys = [stored.passage.key for stored in self._archive.passages_of_numbers(numbers)]
            pairs = list(self._archive.vectors(keys))
            if pairs:
                self._meaning.put([key for key, _ in pairs], np.stack([vector for _, vector in pairs]))
            with self._archive.writing():
                self._archive.mark("vectors", numbers)

    def _sweep_vectors(self) -> None:
        gone = self._archive.leftovers("vectors")
        if not gone:
            return
        self._meaning.drop(gone)
        with self._archive.writing():
            self._archive.swept("vectors", gone)

    # -- hits out ----------------------------------------------------------------------------------------------------

    def search(self, query: str | Query, limit: int | None = None) -> list[Hit]:
        """The passages that best fit the query, best first; equal passages are one hit, the others in its `copies`.

        Raises:
            BadQuery: `since` after `until`, or an outlet that the collection does not have.
            WrongEncoder: the collection was built with another encoder than the settings ask for.
        """
        asked = self.understood(query)
        if limit is not None:
            asked = replace(asked, limit=limit)
        with self._archive.reading():
            return self._hits(ranking.diversify(self.judged(asked), asked.limit), asked)

    def judged(self, query: str | Query) -> list[ranking.Ranked]:
        """Every passage that words or meaning found for the query, best first, with all signals.

        Raises:
            As `search`.
        """
        asked = self.understood(query)
        text = fold(asked.text[:LONGEST_QUESTION]).text
        if not text.strip() or not len(self._text):
            return []
        vector = self.encoder.encode([text])[0]
        by_words = dict(self._text.search(asked, text, POOL))
        by_meaning = {key for key, _ in self._nearest(asked, vector)}
        with self._archive.reading():
            return ranking.rank(self._weigh(text), self._candidates(text, vector, by_words, by_meaning))

    def understood(self, query: str | Query) -> Query:
        """The query with its outlets named as the collection names them.

        Raises:
            BadQuery: `since` after `until`, or an outlet that the collection does not have.
        """
        asked = Query(query) if isinstance(query, str) else query
        if asked.since and asked.until and asked.since > asked.until:
            raise BadQuery(
                f"The dates run backwards: since {asked.since} until {asked.until}. Give the earlier day as `since`."
            )
        if not asked.outlets:
            return asked
        held = {o.outlet.casefold(): o.outlet for o in self.outlets() if o.outlet}
        found = []
        for name in asked.outlets:
            known = self._catalogue.named(name)
            outlet = held.get(name.casefold()) or (held.get(known.name.casefold()) if known else None)
            if outlet is None:
                listed = ", ".join(list(held.values())[:12]) or "none"
                raise BadQuery(f"The collection has no outlet {name!r}. It has: {listed}.")
            found.append(outlet)
        return replace(asked, outlets=tuple(dict.fromkeys(found)))

    def scan(self, query: str | Query) -> list[Hit]:
        """Every passage that holds all the words of the query, earliest article first, undated last (up to 2,000)."""
        asked = self.understood(query)
        text = fold(asked.text[:LONGEST_QUESTION]).text
        keys = self._text.matching(asked, text, 2_000)
        vector = self.encoder.encode([text])[0]
        with self._archive.reading():
            candidates = self._candidates(text, vector, dict.fromkeys(keys, 1.0), set())
            hits = self._hits(ranking.rank(self._weigh(text), candidates), asked)
        return sorted(hits, key=lambda h: (h.article.day is None, h.article.day, h.article.id, h.passage.start))

    def _weigh(self, text: str) -> ranking.Words:
        stems = words.stems(text)
        found = self._text
        named = frozenset(outlet.name for _, outlet in self._catalogue.mentions(text))
        return ranking.weigh(stems, found.frequency(stems), len(found), words.STOPWORDS, named, dates.months(text))

    def _nearest(self, query: Query, vector: Floats) -> list[tuple[int, float]]:
        """The passages nearest in meaning; under filters by exact products, for Chroma's own cost 100 times as much."""
        if not query.filtered:
            return self._meaning.search(vector, POOL)
        keys, matrix = self._embedded()
        mask = np.isin(keys, np.array(self._archive.keys(query), np.int64), assume_unique=True)
        products = matrix[mask] @ vector
        best = np.argsort(-products, kind="stable")[:POOL]
        return [(int(key), float(p)) for key, p in zip(keys[mask][best], products[best], strict=True)]

    def _embedded(self) -> tuple[npt.NDArray[np.int64], Floats]:
        """Every live passage's key and vector, kept in memory until the collection changes."""
        with self._opening:
            generation = self._archive.generation
            if self._matrix is None or self._matrix[0] != generation:
                pairs = list(self._archive.vectors(self._archive.keys()))
                keys = np.array([key for key, _ in pairs], np.int64)
                matrix = np.array([v for _, v in pairs], np.float32).reshape(len(pairs), self.encoder.dimensions)
                self._matrix = (generation, keys, matrix)
            return self._matrix[1], self._matrix[2]

    def _candidates(
        self, text: str, vector: Floats, by_words: dict[int, float], by_meaning: set[int]
    ) -> list[ranking.Candidate]:
        """All that is needed to judge each passage found; those no longer live are dropped."""
        found = self._archive.passages({*by_words, *by_meaning})
        vectors = dict(self._archive.vectors(found))
        sentences = self._archive.sentence_vectors({stored.folded for stored in found.values()})
        articles = self._archive.numbered({stored.article for stored in found.values()})
        around = self._archive.neighbours(found)
        abouts = {
            number: frozenset(words.stems(words.about(a, fold(a.title or "").text))) for number, a in articles.items()
        }
        candidates = []
        for key, stored in found.items():
            p = stored.passage
            blob = sentences.get(stored.folded)
            cosines = restore(blob, len(vector)) @ vector if blob else np.zeros(len(p.sentences), np.float32)
            candidates.append(
                ranking.Candidate(
                    passage=p,
                    article=articles[stored.article],
                    folded=stored.folded,
                    bm25=by_words.get(key, 0.0),
                    cosine=float(vectors[key] @ vector) if key in vectors else 0.0,
                    cosines=cosines,
                    stems=tuple(
                        tuple(words.stems(fold(p.text[a - p.start : b - p.start]).text)) for a, b in p.sentences
                    ),
                    about=abouts[stored.article],
                    near=frozenset(stem for other in around.get(key, ()) for stem in words.stems(fold(other).text)),
                    by_words=key in by_words,
                    by_meaning=key in by_meaning,
                )
            )
        return candidates

    def _hits(self, ranked: Sequence[ranking.Ranked], query: Query) -> list[Hit]:
        """Ranked candidates as hits; passages equal when folded become one, the earliest dated in front."""
        groups = self._archive.same_text(r.candidate.folded for r in ranked)
        allowed = set(self._archive.keys(query)) if query.filtered else None
        hits: list[Hit] = []
        shown: set[str] = set()
        for one in ranked:
            c = one.candidate
            if c.folded in shown:
                continue
            shown.add(c.folded)
            passage, article, copies = c.passage, c.article, []
            others = [key for key in groups.get(c.folded, []) if allowed is None or key in allowed]
            if len(others) > 1:
                stored = self._archive.passages(others)
                articles = self._archive.numbered(s.article for s in stored.values())
                same = sorted(stored.values(), key=lambda s: _age(articles[s.article], s))
                passage, article = same[0].passage, articles[same[0].article]
                copies = [_copy(articles[s.article], s.passage) for s in same[1:]]
            found: Found = "both" if c.by_words and c.by_meaning else "words" if c.by_words else "meaning"
            moved = passage.start - c.passage.start
            scored = one.sentences
            if passage.key != c.passage.key:  # the same sentences, at another place of another article
                scored = tuple(
                    replace(s, start=span[0], end=span[1]) for s, span in zip(scored, passage.sentences, strict=False)
                )
                log.debug("hit %s shown as its earliest copy %s (moved %d)", c.passage.key, passage.key, moved)
            hits.append(Hit(passage, article, one.score, found, scored, tuple(copies), one.signals))
        return hits

    # -- what the collection holds -----------------------------------------------------------------------------------

    def article(self, article_id: str, revision: int | None = None) -> Article:
        """That revision of an article, by default the live one.

        Raises:
            UnknownArticle: no such id or revision.
        """
        return self._archive.article(article_id, revision)

    def articles(self, query: Query | None = None) -> Iterator[Article]:
        """Live articles that pass the query's filters (its text is not used), the earliest first, undated last."""
        return self._archive.articles(self.understood(query) if query else None)

    def passages(self, article_id: str, revision: int | None = None) -> list[Passage]:
        """All passages of an article, in order."""
        return self._archive.passages_of(article_id, revision or self.article(article_id).revision)

    def around(self, passage: Passage, n: int = 1) -> list[Passage]:
        """The passage with up to `n` before and after it, in order."""
        all_ = self._archive.passages_of(passage.article_id, passage.revision)
        return [p for p in all_ if abs(p.number - passage.number) <= n]

    def credits(self, article_id: str, revision: int | None = None) -> list[Credit]:
        """Whom an article credits, in the order of its text."""
        return self._archive.credits(article_id, revision or self.article(article_id).revision)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Texts as unit vectors, (len(texts), dimensions), by the collection's encoder."""
        return self.encoder.encode([fold(text).text for text in texts])

    def weigh(self, text: str) -> ranking.Words:
        """The words of a text with their rarity in this collection."""
        return self._weigh(fold(text[:LONGEST_QUESTION]).text)

    def suggest(self, word: str) -> list[str]:
        """Words of the collection that begin like `word`, the commonest first."""
        return [found for found, _ in self._text.suggest(fold(word).text)]

    def outlets(self) -> list[OutletCount]:
        """Every outlet of the collection, the one with most articles first."""
        return self._archive.outlets()

    def undated(self, query: Query) -> int:
        """How many articles a day filter leaves aside for want of a date."""
        return self._archive.undated(query)

    @property
    def catalogue(self) -> Outlets:
        """The outlets of the world that this collection knows by name."""
        return self._catalogue

    @property
    def fingerprint(self) -> str:
        """Equal for collections of equal content."""
        return self._archive.fingerprint()

    def __len__(self) -> int:
        return self._archive.counts()["articles"]

    def status(self) -> Status:
        """Counts and health."""
        counts = self._archive.counts()
        held = self._lock.is_locked or not self._free()
        return Status(
            path=str(self.path),
            outlets=tuple(self.outlets()),
            encoder=self._archive.meta("encoder") or "none yet",
            generation=self._archive.generation,
            fingerprint=self.fingerprint,
            bytes=sum(f.stat().st_size for f in self.path.rglob("*") if f.is_file()),
            writer=self._archive.meta("writer") if held else None,
            **counts,
        )

    def _free(self) -> bool:
        """Whether nobody is writing, as far as a try at the lock tells."""
        probe = FileLock(self.path / "lock", timeout=0)
        try:
            with probe:
                return True
        except Timeout:
            return False

    def verify(self) -> list[Finding]:
        """Archive against derived stores, every span against its text; nothing found is an empty list."""
        findings = []
        live: set[int] = set()
        spans: Counter[str] = Counter()
        for number in self._archive.live():
            article = self._archive.numbered([number])[number]
            end = 0
            for stored in self._archive.passages_of_numbers([number]):
                p = stored.passage
                live.add(p.key)
                wrong = not (end <= p.start < p.end <= len(article.text)) or _hash(fold(p.text).text) != stored.folded
                spans[article.id] += wrong
                end = p.end
        damaged = [article_id for article_id, wrong in spans.items() if wrong]
        if damaged:
            some = ", ".join(damaged[:5])
            findings.append(
                Finding(
                    "archive",
                    f"passages that do not match their text in {len(damaged)} articles: {some}",
                    "remove these articles and add them again",
                )
            )
        if unfinished := self._archive.counts()["unfinished"]:
            findings.append(
                Finding("archive", f"{unfinished} articles are not fully indexed", "run `whence add` again")
            )
        stores: tuple[tuple[Literal["words", "vectors"], set[int]], ...] = (
            ("words", self._text.keys()),
            ("vectors", self._meaning.keys()),
        )
        for store, keys in stores:
            if missing := len(live - keys):
                findings.append(Finding(store, f"{missing} passages are missing", "run `whence rebuild`"))
            if surplus := len(keys - live):
                findings.append(Finding(store, f"{surplus} passages left the archive", "run `whence rebuild`"))
        return findings


def _hash(folded: str) -> str:
    return hashlib.blake2b(folded.encode(), digest_size=16).hexdigest()


def _age(article: Article, stored: Stored) -> tuple[bool, str, str, int]:
    """Order of equal passages: dated before undated, earlier before later."""
    return (article.day is None, str(article.day), article.id, stored.passage.start)


def _copy(article: Article, passage: Passage) -> Copy:
    return Copy(article.id, article.revision, article.outlet, article.published, passage.start, passage.end)
