"""A collection: articles go in by `add`, hits come out by `search`; the glue between archive, words, vectors, encoder.

One folder: `archive.sqlite` (the record of truth), `words/` and `vectors/` (derived), `lock` (held while writing).
"""

from __future__ import annotations

import datetime as dt
import gc
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO

from index import candidates, checks, dates, languages, ranking, readers, stages, words
from index.archive import Archive
from index.copies import Group, groups
from index.encoders import DEFAULT, Encoder, Floats, Precision, Tokens, load_encoder
from index.errors import BadQuery, Damaged, NoCollection, WrongEncoder
from index.folding import FOLD_VERSION, fold
from index.intake import Intake
from index.locks import has_writer, only_writer
from index.outlets import Outlets, known, using
from index.readers.fetch import Web
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
from index.schema import SCHEMA
from index.splitter import SPLITTER_VERSION
from index.stages import ARTICLES_AT_ONCE, Watch
from index.stores import VECTORS, WORDS, Stores
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

    def __init__(self, path: Path, archive: Archive, encoder: Callable[[], Encoder], catalogue: Outlets) -> None:
        self.path = path
        self._archive = archive
        self._load_encoder = encoder
        self._encoder: Encoder | None = None
        self._stores = Stores(path, archive)
        self._outlets: tuple[int, list[OutletCount]] | None = None
        self._opening = threading.RLock()
        self._catalogue = catalogue

    @classmethod
    def open(
        cls,
        path: str | Path,
        encoder: str | Encoder = DEFAULT,
        precision: Precision = "fp32",
        create: bool = True,
        outlets: str | Path | None = None,
    ) -> Index:
        """The collection at `path`, made if there is none and `create` allows it.

        Args:
            path: The collection's folder.
            encoder: The name or path of a sentence-transformers model, or an encoder of your own.
            precision: `int8` encodes faster and finds a little less; only for the default encoder.
            create: Whether to make a collection where there is none.
            outlets: A file of your own outlets, in the form of index/outlets.toml; they go before those listed there.

        Raises:
            NoCollection: nothing there, and `create` is off.
            NewerCollection: a newer version of the program wrote it.
            WhenceError: the file of outlets cannot be read, or has another form.
        """
        folder = Path(path)
        catalogue = Outlets.load(Path(outlets)) if outlets else known()
        if create:
            _make(folder)
        elif not (folder / ARCHIVE).exists():
            raise NoCollection(f"There is no collection at {folder}. Make one with `whence add PATH...`.")
        archive = Archive(folder / ARCHIVE)
        if isinstance(encoder, str):
            name = encoder
            return cls(folder, archive, lambda: load_encoder(name, precision), catalogue)
        given = encoder
        return cls(folder, archive, lambda: given, catalogue)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every file."""
        self._stores.close()
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

    def warm(self) -> None:
        """Open every part now, so that the first question need not wait, nor one in twenty for the garbage collector:
        what is alive after this (packages above all) is left out of its rounds, which took 50 ms each."""
        self.search("warm")
        self.tokens(["warm"])
        gc.collect()
        gc.freeze()

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
            if self._archive.schema < SCHEMA:
                stages.migrate(self._archive)
            yield
            self._archive.set_meta("writer", None)

    def add(
        self,
        paths: Iterable[str | Path],
        progress: Watch | None = None,
        stdin: IO[bytes] | None = None,
        under: Path | None = None,
        fetcher: Web | None = None,
    ) -> Added:
        """Take in every article under those paths; then finish whatever an earlier, interrupted run left undone.

        An article whose id is held with the same content is unchanged and costs nothing; other content becomes its
        next revision. All articles are findable by words before the first is encoded.

        Args:
            paths: Files, folders, web addresses, or `-` for standard input.
            progress: Called often, in this thread, with how far the work has come; may raise to stop it.
            stdin: What `-` reads.
            under: A folder from which files are named, so that their articles keep their ids wherever it lies.
            fetcher: What fetches web addresses.

        Raises:
            Locked: another process is writing.
            WrongEncoder: the collection was built with another encoder.
        """
        items = readers.read(paths, stdin, self._archive.newest, fetcher, under)
        return self._take(items, progress or _untold)

    def reread(self, progress: Watch | None = None) -> Added:
        """Take every article that came from a web page out of it again, as the readers do now; what comes out otherwise
        becomes its next revision.

        Raises:
            Locked, WrongEncoder: as `add`.
        """
        return self._take(readers.reread(self._archive.pages()), progress or _untold)

    def _take(self, items: Iterable[Article | Refusal], tell: Watch) -> Added:
        """What is new or changed among those goes through every stage."""
        with self._write(), using(self._catalogue):
            encoder = self.encoder
            self._archive.set_meta("encoder", _identity(encoder))
            intake = Intake(self._archive)
            wanted = intake.wanted(_counted(items, tell))
            while batch := list(islice(wanted, ARTICLES_AT_ONCE)):
                stages.keep(self._archive, encoder, batch)
                stages.index_words(self._archive, self._stores.words)
            stages.compare(self._archive, encoder, self._catalogue)
            self._finish(tell)
            if notice := self.notice():
                log.warning(notice)
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
                    stages.split_anew(self._archive, self._own_encoder, self._catalogue)
            self._words_anew(tell)
            stages.find_copies(self._archive)
            self._read(tell)
            stages.index_meaning_anew(self._archive, self.path / "vectors")
            self._shrink()

    def _finish(self, tell: Watch) -> None:
        """Every stage that is still to be done, for every article."""
        self._erase()
        stages.index_words(self._archive, self._stores.words)
        stages.find_copies(self._archive)
        self._read(tell)
        stages.index_meaning(self._archive, self.path / "vectors")

    def _read(self, tell: Watch) -> None:
        """Passages not yet read are, and their articles credited."""
        if self._archive.missing("encoded", 1):
            stages.encode(self._archive, self.encoder, self._catalogue, tell)
        if uncredited := self._archive.missing("credited"):
            stages.credit(self._archive, self._own_encoder, self._catalogue, uncredited)

    def _words_anew(self, tell: Watch) -> None:
        """All words again, in a new folder if the old one is damaged."""
        try:
            stages.index_words_anew(self._archive, self._stores.words, tell)
        except Damaged as error:
            log.warning("%s They are made anew.", error)
            with self._archive.writing():
                self._archive.unmark("words")
            self._stores.make_words()
            stages.index_words_anew(self._archive, self._stores.words, tell)

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
        if not words.tokens(text) or not len(self):
            return []
        weighed, vector, pool = self._weigh(text), self.encoder.encode([text])[0], max(POOL, asked.limit)
        by_words = self._stores.by_words(asked, text, pool)
        by_meaning = self._stores.by_meaning(asked, vector, pool)
        with self._archive.reading():
            return ranking.rank(weighed, candidates.gather(self._archive, weighed, vector, by_words, by_meaning))

    def scan(self, query: str | Query) -> list[Hit]:
        """Every passage that holds all the words of the query, earliest article first, undated last (up to 2,000)."""
        asked = self.understood(query)
        text = _wording(asked)
        keys = self._stores.words.matching(asked, text, LONGEST_SCAN)
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
        found = self._stores.words_if_whole()
        held, frequencies = (len(found), found.frequency(stems)) if found else (0, [0] * len(stems))  # all weigh alike
        named = frozenset(outlet.name for _, outlet in self._catalogue.mentions(text))
        return ranking.weigh(stems, frequencies, held, words.STOPWORDS, named, dates.months(text))

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

    def copies(self, article_ids: Iterable[str] | None = None) -> list[Group]:
        """The groups of live articles that are copies of one another, each the earliest first; of all articles, or only
        those that hold one of these."""
        found = self._archive.pairs(article_ids)
        return groups(self._archive.numbered({n for pair in found for n in (pair.one, pair.other)}), found)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Texts as unit vectors, (len(texts), dimensions), by the collection's encoder."""
        return self.encoder.encode([_seen(text) for text in texts])

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Texts token by token, as the collection's encoder sees them; none at all where it does not tell."""
        return self.encoder.tokens(texts)

    def weigh(self, text: str) -> ranking.Words:
        """The words of a text with their rarity in this collection."""
        return self._weigh(_seen(text[:LONGEST_QUESTION]))

    def suggest(self, word: str) -> list[str]:
        """Words of the collection that begin like `word`, the commonest first."""
        found = self._stores.words_if_whole()
        return found.suggest(_seen(word)) if found else []

    def nearest(self, word: str) -> str | None:
        """The collection's word that a misspelt one stands for; None when it holds the word or none is near."""
        found = self._stores.words_if_whole()
        return found.nearest(_seen(word)) if found else None

    def outlets(self) -> list[OutletCount]:
        """Every outlet of the collection, the one with most articles first."""
        generation = self._archive.generation
        if self._outlets is None or self._outlets[0] != generation:
            self._outlets = (generation, self._archive.outlets())
        return self._outlets[1]

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
        return sum(outlet.articles for outlet in self.outlets())

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
                languages=tuple(stages.languages(self._archive)),
                notice=self.notice(),
                **self._archive.counts(),
            )

    def notice(self) -> str | None:
        """A word on articles that the encoder cannot read well; None where there are none."""
        unread = [languages.name(code) for code in stages.languages(self._archive) if code != "en"]
        if not unread or not (self._archive.meta("encoder") or "").startswith(f"{DEFAULT} "):
            return None
        return (
            f"The encoder {DEFAULT!r} knows English only: articles in {', '.join(unread)} are found by their words, by"
            " their meaning badly. Set WHENCE_ENCODER to a multilingual model and run `whence rebuild --encode`."
        )

    def notices(self) -> list[str]:
        """What searches do without at present (damaged stores, vectors still being opened), each as a sentence."""
        return self._stores.notices()

    def copy_archive(self, path: Path) -> None:
        """Write the archive as it is at this moment, from which all else can be rebuilt, to a new file; others read and
        write meanwhile.

        Raises:
            WhenceError: it could not be written, or is damaged.
        """
        self._archive.copy(path)

    def verify(self) -> list[Finding]:
        """Archive against derived stores, every span against its text; nothing found is an empty list."""
        live = set(self._archive.keys())
        name = self._archive.meta("vectors")
        return [
            *checks.archive_findings(self._archive),
            *checks.words_findings(self.path / WORDS, live),
            *checks.vectors_findings(self.path / VECTORS / name if name else None, self._archive, live),
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
