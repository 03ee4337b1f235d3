"""A collection: articles go in by `add`, hits come out by `search`; the glue between archive, words, vectors, encoder.

One folder: `archive.sqlite` (the record of truth), `words/` and `vectors/` (derived), `lock` (held while writing).
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np
import numpy.typing as npt

from index import candidates, checks, dates, outlets, ranking, readers, stages, words
from index.archive import Archive
from index.encoders import DEFAULT, Encoder, Floats, Precision, load_encoder
from index.errors import BadQuery, Damaged, NoCollection, WrongEncoder
from index.folding import FOLD_VERSION, fold
from index.intake import Intake
from index.locks import has_writer, only_writer
from index.outlets import Outlets
from index.records import (
    Added,
    Article,
    Copy,
    Credit,
    Finding,
    Hit,
    OutletCount,
    Passage,
    Progress,
    Query,
    Refusal,
    Status,
)
from index.splitter import SPLITTER_VERSION
from index.stages import ARTICLES_AT_ONCE, Watch
from index.vectors import Vectors
from index.words import Words

log = logging.getLogger(__name__)

ARCHIVE = "archive.sqlite"

POOL = 80
"""Passages taken from words and from meaning each, before they are judged together."""

LONGEST_SCAN = 2_000
"""Passages that `scan` finds at most."""

LONGEST_QUESTION = 2_000
"""Characters of a query that are looked at; more names more than any passage could hold."""


class Index:
    """A collection of articles in one folder, safe to share between threads.

    Open it with `Index.open`, close it with `close` or `with`. Whatever cannot be done raises a WhenceError.
    """

    def __init__(self, path: Path, archive: Archive, encoder: Callable[[], Encoder]) -> None:
        self.path = path
        self._archive = archive
        self._load_encoder = encoder
        self._encoder: Encoder | None = None
        self._words: Words | None = None
        self._words_seen = -1
        self._vectors: Vectors | None = None
        self._matrix: tuple[int, npt.NDArray[np.int64], Floats] | None = None
        self._opening = threading.RLock()
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
        if create:
            _make(folder)
        elif not (folder / ARCHIVE).exists():
            raise NoCollection(f"There is no collection at {folder}. Make one with `whence add PATH...`.")
        archive = Archive(folder / ARCHIVE)
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
            self._vectors = self._words = None
            self._archive.close()

    # -- the parts, opened when first wanted ------------------------------------------------------------------------

    @property
    def encoder(self) -> Encoder:
        """What turns this collection's passages into vectors.

        Raises:
            WrongEncoder: the collection was built with another.
        """
        built, asked = self._archive.meta("encoder"), _identity(self._own_encoder)
        if built not in (None, asked):
            raise WrongEncoder(
                f"The collection at {self.path} was built with {built!r}; the settings ask for {asked!r}."
                " Set WHENCE_ENCODER (and WHENCE_PRECISION) to what it was built with,"
                " or encode it anew with `whence rebuild --encode`."
            )
        return self._own_encoder

    @property
    def _own_encoder(self) -> Encoder:
        with self._opening:
            if self._encoder is None:
                self._encoder = self._load_encoder()
            return self._encoder

    @property
    def _text(self) -> Words:
        """The words, as of the newest commit."""
        with self._opening:
            generation = self._archive.generation
            if self._words is None:
                self._words = Words(self.path / "words")
            elif generation > self._words_seen:
                self._words.reload()
            self._words_seen = generation
            return self._words

    @property
    def _meaning(self) -> Vectors | None:
        """The newest vectors; None while there are none."""
        with self._opening:
            name = self._archive.meta("vectors")
            if name is None:
                return None
            if self._vectors is None or self._vectors.path.name != name:
                self._vectors = Vectors(self.path / "vectors" / name)
            return self._vectors

    def warm(self) -> None:
        """Open every part now, so that the first question need not wait."""
        self.search("warm")

    # -- articles in -------------------------------------------------------------------------------------------------

    @contextmanager
    def _write(self) -> Iterator[None]:
        """Be the one writer of this collection.

        Raises:
            Locked: another process, or another index of this one, is writing.
        """
        writer = self._archive.meta("writer")  # asked first: locking would make a removed folder anew
        with only_writer(self.path, writer):
            now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
            self._archive.set_meta("writer", f"process {os.getpid()} on {socket.gethostname()} since {now}")
            yield
            self._archive.set_meta("writer", None)

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
        tell = progress or _untold
        with self._write():
            encoder = self.encoder
            self._archive.set_meta("encoder", _identity(encoder))
            intake = Intake(self._archive)
            wanted = intake.wanted(_counted(readers.read(paths, stdin), tell))
            while batch := list(islice(wanted, ARTICLES_AT_ONCE)):
                stages.keep(self._archive, encoder, batch)
                stages.index_words(self._archive, self._text)
            self._finish(tell)
        return intake.told()

    def remove(self, article_ids: Iterable[str]) -> int:
        """Delete those articles, every revision, from every file of the collection; returns how many there were.

        Raises:
            Locked: another process is writing.
        """
        with self._write():
            with self._archive.writing():
                gone = self._archive.remove(article_ids)
                if gone:
                    self._archive.set_meta("erasing", "yes")
            self._erase()
        return gone

    def rebuild(self, progress: Watch | None = None, encode: bool = False) -> None:
        """Make words, vectors and credits again from the archive; with `encode`, the embeddings too.

        Until new words and vectors are done, the old ones serve; under another encoder they cannot.

        Raises:
            Locked: another process is writing.
        """
        tell = progress or _untold
        with self._write():
            with self._archive.writing():
                self._archive.unmark("credited")
                if encode:
                    self._archive.unmark("words", "encoded", "vectors")
                    self._archive.forget_embeddings()
                    self._archive.set_meta("vectors", None)
                    self._archive.set_meta("encoder", _identity(self._own_encoder))
                    stages.split_anew(self._archive, self._own_encoder)
            self._words_anew(tell)
            self._read(tell)
            stages.index_meaning_anew(self._archive, self.path / "vectors")
            self._shrink()

    def _finish(self, tell: Watch) -> None:
        """Every stage that is still to be done, for every article."""
        self._erase()
        stages.index_words(self._archive, self._text)
        self._read(tell)
        stages.index_meaning(self._archive, self.path / "vectors")

    def _read(self, tell: Watch) -> None:
        """Passages not yet read are, and their articles credited."""
        if self._archive.missing("encoded", 1):
            stages.encode(self._archive, self.encoder, tell)
        stages.credit(self._archive, self._catalogue)

    def _words_anew(self, tell: Watch) -> None:
        """All words again, in a new folder if the old one is damaged."""
        try:
            stages.index_words_anew(self._archive, self._text, tell)
        except Damaged as error:
            log.warning("%s They are made anew.", error)
            with self._archive.writing():
                self._archive.unmark("words")
            self._words = None
            shutil.rmtree(self.path / "words", ignore_errors=True)
            Words.create(self.path / "words")
            stages.index_words_anew(self._archive, self._text, tell)

    def _erase(self) -> None:
        """What was removed leaves every file."""
        if self._archive.meta("erasing"):
            self._words_anew(_untold)
            stages.sweep_meaning(self._archive, self.path / "vectors")
            self._shrink()

    def _shrink(self) -> None:
        """The archive's log is emptied if what was removed may still stand there."""
        if not self._archive.meta("erasing"):
            return
        if self._archive.shrink():
            self._archive.set_meta("erasing", None)
        else:
            log.warning("A reader keeps what was removed in the log of %s; the next writer empties it.", self.path)

    # -- hits out ----------------------------------------------------------------------------------------------------

    def search(self, query: str | Query, limit: int | None = None) -> list[Hit]:
        """The passages that best fit the query, best first; equal passages are one hit, the others in its `copies`.

        Raises:
            BadQuery: `since` after `until`, an outlet that the collection does not have, a limit below 1.
            WrongEncoder: the collection was built with another encoder than the settings ask for.
        """
        asked = Query(query) if isinstance(query, str) else query
        asked = self.understood(asked if limit is None else replace(asked, limit=limit))
        merged = self._merged(self.judged(asked), asked)
        kept = ranking.diversify([one for one, _ in merged], asked.limit)
        copies = {one.candidate.folded: others for one, others in merged}
        return [candidates.hit(one, copies[one.candidate.folded]) for one in kept]

    def judged(self, query: str | Query) -> list[ranking.Ranked]:
        """Every passage that words or meaning found for the query, best first, with all signals.

        Raises:
            As `search`.
        """
        asked = self.understood(query)
        text = _wording(asked)
        if not words.tokens(text) or not len(self._text):
            return []
        weighed, vector, pool = self._weigh(text), self.encoder.encode([text])[0], max(POOL, asked.limit)
        by_words = dict(self._text.search(asked, text, pool))
        by_meaning = self._nearest(asked, vector, pool)
        with self._archive.reading():
            return ranking.rank(weighed, candidates.gather(self._archive, weighed, vector, by_words, by_meaning))

    def scan(self, query: str | Query) -> list[Hit]:
        """Every passage that holds all the words of the query, earliest article first, undated last (up to 2,000)."""
        asked = self.understood(query)
        text = _wording(asked)
        keys = self._text.matching(asked, text, LONGEST_SCAN)
        if not keys:
            return []
        weighed, vector = self._weigh(text), self.encoder.encode([text])[0]
        with self._archive.reading():
            gathered = candidates.gather(self._archive, weighed, vector, dict.fromkeys(keys, 1.0), frozenset())
        merged = self._merged(ranking.rank(weighed, gathered), asked)
        hits = [candidates.hit(one, copies) for one, copies in merged]
        return sorted(hits, key=lambda h: (h.article.day is None, h.article.day, h.article.id, h.passage.start))

    def understood(self, query: str | Query) -> Query:
        """The query with its outlets named as the collection names them.

        Raises:
            BadQuery: `since` after `until`, an outlet that the collection does not have, a limit below 1.
        """
        asked = Query(query) if isinstance(query, str) else query
        if asked.limit < 1:
            raise BadQuery(f"A limit of {asked.limit} leaves nothing to find. Ask for 1 hit or more.")
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

    def _merged(self, ranked: Sequence[ranking.Ranked], query: Query) -> list[tuple[ranking.Ranked, tuple[Copy, ...]]]:
        with self._archive.reading():
            return candidates.merged(self._archive, ranked, query)

    def _weigh(self, text: str) -> ranking.Words:
        stems = words.stems(text)
        found = self._text
        named = frozenset(outlet.name for _, outlet in self._catalogue.mentions(text))
        return ranking.weigh(stems, found.frequency(stems), len(found), words.STOPWORDS, named, dates.months(text))

    def _nearest(self, query: Query, vector: Floats, limit: int) -> set[int]:
        """The passages nearest in meaning; under filters by exact products, for Chroma's own cost 100 times as much."""
        if query.filtered:
            return self._nearest_among(query, vector, limit)
        try:
            return self._nearest_of_all(vector, limit)
        except Damaged:  # or deleted just now, for newer vectors have taken their place
            self._vectors = None
            return self._nearest_of_all(vector, limit)

    def _nearest_of_all(self, vector: Floats, limit: int) -> set[int]:
        vectors = self._meaning
        return {key for key, _ in vectors.search(vector, limit)} if vectors else set()

    def _nearest_among(self, query: Query, vector: Floats, limit: int) -> set[int]:
        keys, matrix = self._embedded()
        allowed = np.flatnonzero(np.isin(keys, self._archive.keys(query)))
        if not len(allowed):
            return set()
        best = np.argsort(-(matrix[allowed] @ vector), kind="stable")[:limit]
        return set(keys[allowed[best]].tolist())

    def _embedded(self) -> tuple[npt.NDArray[np.int64], Floats]:
        """Every live passage's key and vector, kept in memory until the collection changes."""
        with self._opening:
            generation = self._archive.generation
            if self._matrix is None or self._matrix[0] != generation:
                self._matrix = (generation, *self._archive.vectors(self._archive.live()))
            return self._matrix[1:]

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
        """All passages of that revision of an article, by default the live one, in order.

        Raises:
            UnknownArticle: no such id or revision.
        """
        return self._archive.passages(article_id, self.article(article_id, revision).revision)

    def around(self, passage: Passage, n: int = 1) -> list[Passage]:
        """The passage with up to `n` before and after it, in order."""
        all_ = self._archive.passages(passage.article_id, passage.revision)
        return [p for p in all_ if abs(p.number - passage.number) <= n]

    def credits(self, article_id: str, revision: int | None = None) -> list[Credit]:
        """Whom that revision of an article credits, by default the live one, in the order of its text.

        Raises:
            UnknownArticle: no such id or revision.
        """
        return self._archive.credits(article_id, self.article(article_id, revision).revision)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Texts as unit vectors, (len(texts), dimensions), by the collection's encoder."""
        return self.encoder.encode([_seen(text) for text in texts])

    def weigh(self, text: str) -> ranking.Words:
        """The words of a text with their rarity in this collection."""
        return self._weigh(_seen(text[:LONGEST_QUESTION]))

    def suggest(self, word: str) -> list[str]:
        """Words of the collection that begin like `word`, the commonest first."""
        return self._text.suggest(_seen(word))

    def outlets(self) -> list[OutletCount]:
        """Every outlet of the collection, the one with most articles first."""
        return self._archive.outlets()

    def undated(self, query: Query) -> int:
        """How many articles a day filter leaves aside for want of a date."""
        return self._archive.undated(self.understood(query))

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
        with self._archive.reading():
            writer = self._archive.meta("writer")
            return Status(
                path=str(self.path),
                outlets=tuple(self.outlets()),
                encoder=self._archive.meta("encoder") or "none yet",
                generation=self._archive.generation,
                fingerprint=self.fingerprint,
                bytes=sum(map(_size, self.path.rglob("*"))),
                writer=writer if writer and has_writer(self.path) else None,
                **self._archive.counts(),
            )

    def verify(self) -> list[Finding]:
        """Archive against derived stores, every span against its text; nothing found is an empty list."""
        live = set(self._archive.keys())
        name = self._archive.meta("vectors")
        return [
            *checks.archive_findings(self._archive),
            *checks.store_findings("words", lambda: Words(self.path / "words").keys(), live),
            *checks.store_findings(
                "vectors", lambda: Vectors(self.path / "vectors" / name).keys() if name else [], live
            ),
        ]


def _make(folder: Path) -> None:
    """An empty collection, unless there is one."""
    if (folder / ARCHIVE).exists():
        return
    with only_writer(folder):
        if not (folder / ARCHIVE).exists():  # made meanwhile by another process
            Words.create(folder / "words")
            Archive.create(folder / ARCHIVE)


def _identity(encoder: Encoder) -> str:
    """What must be equal for vectors to be comparable: encoder, folding, splitting."""
    return f"{encoder.identity} fold-{FOLD_VERSION} split-{SPLITTER_VERSION}"


def _wording(query: Query) -> str:
    """What words and encoder see of a query."""
    return _seen(query.text[:LONGEST_QUESTION])


def _seen(text: str) -> str:
    """A text from outside, folded; halves of surrogate pairs, which are no characters, as question marks."""
    return fold(text.encode("utf-8", "replace").decode()).text


def _counted(items: Iterable[Article | Refusal], tell: Watch) -> Iterator[Article | Refusal]:
    """The items as they come, each told."""
    for read, item in enumerate(items, 1):
        tell(Progress("reading", read))
        yield item


def _untold(progress: Progress) -> None:
    """Progress that nobody watches."""


def _size(file: Path) -> int:
    """A file's bytes; none when it went meanwhile, or is a folder."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:
        return 0
