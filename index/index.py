"""A collection: articles go in by `add`, hits come out by `search`; the glue between archive, words, vectors, encoder.

One folder: `archive.sqlite` (the record of truth), `words/` and `vectors/` (derived), `lock` (held while writing).
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO

from index import candidates, checks, dates, languages, ranking, readers, stages, words
from index.archive import Archive
from index.building import DEFAULT, Precision
from index.chosen import Chosen
from index.copies import Group, groups
from index.encoders import Encoder, Floats, load_encoder
from index.errors import BadQuery, NoCollection
from index.folding import fold
from index.locks import has_writer, only_writer
from index.outlets import Outlets, known
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
    Query,
    Refusal,
    Status,
)
from index.stages import Watch
from index.stores import VECTORS, WORDS, Stores
from index.words import Words
from index.writing import Writer, untold

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
        self._encoder = Chosen(path, archive, encoder)
        self._stores = Stores(path, archive)
        self._writer = Writer(path, archive, self._stores, self._encoder, catalogue)
        self._outlets: tuple[int, list[OutletCount]] | None = None
        self._beside = ThreadPoolExecutor(thread_name_prefix="meaning")  # while words are looked for
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
        self._beside.shutdown()
        self._stores.close()
        self._archive.close()

    # -- the parts, opened when first wanted ------------------------------------------------------------------------

    @property
    def encoder(self) -> Encoder:
        """What turns this collection's passages into vectors.

        Raises:
            WrongEncoder: the collection was built with another.
        """
        return self._encoder.own

    def warm(self) -> None:
        """Open every part now, so that the first question need not wait, nor one in twenty for the garbage collector:
        what is alive after this (packages above all) is left out of its rounds, which took 50 ms each."""
        self.search("warm")
        gc.collect()
        gc.freeze()

    # -- articles in -------------------------------------------------------------------------------------------------

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
        return self._taken(items, progress)

    def reread(self, progress: Watch | None = None) -> Added:
        """Take every article that came from a web page out of it again, as the readers do now; what comes out otherwise
        becomes its next revision.

        Raises:
            Locked, WrongEncoder: as `add`.
        """
        return self._taken(readers.reread(self._archive.pages()), progress)

    def _taken(self, items: Iterable[Article | Refusal], progress: Watch | None) -> Added:
        added = self._writer.take(items, progress or untold)
        if notice := self.notice():
            log.warning(notice)
        return added

    def remove(self, article_ids: Iterable[str]) -> int:
        """Delete those articles, every revision, from every file of the collection; returns how many there were.

        Raises:
            Locked: another process is writing.
        """
        return self._writer.remove(article_ids)

    def rebuild(self, progress: Watch | None = None, encode: bool = False) -> None:
        """Make words, vectors and credits again from the archive; with `encode`, the embeddings too.

        Until new words and vectors are done, the old ones serve; under another encoder they cannot.

        Raises:
            Locked: another process is writing.
        """
        self._writer.rebuild(progress or untold, encode)

    # -- hits out ----------------------------------------------------------------------------------------------------

    def search(self, query: str | Query, limit: int | None = None) -> list[Hit]:
        """The passages that best fit the query, best first; equal passages are one hit, the others in its `copies`.

        Raises:
            BadQuery: `since` after `until`, an outlet that the collection does not have, a limit below 1.
            WrongEncoder: the collection was built with another encoder than the settings ask for.
        """
        asked = Query(query) if isinstance(query, str) else query
        asked = self.understood(asked if limit is None else replace(asked, limit=limit))
        with self._archive.reading():  # all of it from one snapshot
            merged = self._merged(self.judged(asked), asked, asked.limit)
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
        weighed, pool = self._weigh(text), max(POOL, asked.limit)
        meant = self._beside.submit(self._meant, asked, text, pool)
        by_words = self._stores.by_words(asked, text, pool)
        with self._archive.reading():
            return ranking.rank(weighed, candidates.gather(self._archive, weighed, by_words, meant.result))

    def _meant(self, query: Query, text: str, limit: int) -> tuple[Floats, Set[int]]:
        """The vector of a query's text, and the keys of the passages nearest to it."""
        vector = self.encoder.encode([text])[0]
        return vector, self._stores.by_meaning(query, vector, limit)

    def scan(self, query: str | Query) -> list[Hit]:
        """Every passage that holds all the words of the query, earliest article first, undated last (up to 2,000)."""
        asked = self.understood(query)
        text = _wording(asked)
        keys = self._stores.words.matching(asked, text, LONGEST_SCAN)
        if not keys:
            return []
        weighed, vector = self._weigh(text), self.encoder.encode([text])[0]
        with self._archive.reading():
            found = dict.fromkeys(keys, 1.0)
            gathered = candidates.gather(self._archive, weighed, found, lambda: (vector, frozenset()))
        merged = self._merged(ranking.rank(weighed, gathered), asked, LONGEST_SCAN)
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

    def _merged(
        self, ranked: Sequence[ranking.Ranked], query: Query, limit: int
    ) -> list[tuple[ranking.Ranked, tuple[Copy, ...]]]:
        with self._archive.reading():
            return candidates.merged(self._archive, ranked, query, limit)

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
        """The groups of live articles that are copies or share a long quotation, each the earliest first; with ids only
        the copies of these articles."""
        found = self._archive.pairs(article_ids)
        return groups(self._archive.numbered({n for pair in found for n in (pair.one, pair.other)}), found)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Texts as unit vectors, (len(texts), dimensions), by the collection's encoder."""
        return self.encoder.encode([_seen(text) for text in texts])

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


def _wording(query: Query) -> str:
    """What words and encoder see of a query."""
    return _seen(query.text[:LONGEST_QUESTION])


def _seen(text: str) -> str:
    """A text from outside, folded; halves of surrogate pairs, which are no characters, as question marks."""
    return fold(text.encode("utf-8", "replace").decode()).text


def _size(file: Path) -> int:
    """A file's bytes; none when it went meanwhile, or is a folder."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:
        return 0
