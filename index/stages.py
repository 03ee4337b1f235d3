"""What becomes of an article: kept, split, found by words, read by the encoder, credited, found by meaning.

Each stage takes from the archive what is still to be done and marks it done when it is; so whatever is interrupted goes
on where it stopped, and nothing is done twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import copies, credits, dating, recurring, vectors, words
from index.archive import Archive, Stems
from index.encoders import Encoder, Reading, quantise
from index.folding import fold
from index.outlets import Outlets
from index.records import Article, Passage, Progress, Span
from index.splitter import passages
from index.tags import Marks, pack, unpack
from index.words import Entry, Words

Watch = Callable[[Progress], None]

ARTICLES_AT_ONCE = 250
"""Articles to a transaction, and to a round of encoding: what a crash costs at most."""

PASSAGES_AT_ONCE = 512
"""Passages read by the encoder between two commits."""

COMPARED = 200
"""Articles held already of an outlet with which new ones are compared: more would make a small `add` slow."""

LANGUAGES = "languages"
"""The archive's name for the languages of its articles, with spaces between them."""

COMPARED_AT_ONCE = 5_000
"""Articles whose fingerprints are in memory together, some 20 kB each, while all others pass by."""

UNSPLIT = "unsplit"
"""The archive's name for the number of the first article that has come and has no passages yet: none after it has."""

UNCOMPARED = "uncompared"
"""The archive's name for the number of the first article that has come and is not yet compared with others."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A passage as words and encoder see it: its folded text, the sentences as spans of that, and a hash of both."""

    text: str
    sentences: tuple[Span, ...]
    hash: str


def sight(passage: Passage) -> Sight:
    """What is seen of a passage; equal hashes mean that the encoder would give equal vectors."""
    folded, start = fold(passage.text), passage.start
    sentences = tuple((folded.folded(a - start), folded.folded(b - start)) for a, b in passage.sentences)
    seen = hashlib.blake2b(f"{sentences} {folded.text}".encode(), digest_size=16)
    return Sight(folded.text, sentences, seen.hexdigest())


def languages(archive: Archive) -> list[str]:
    """The languages that the collection's articles are or were written in, as far as known."""
    return (archive.meta(LANGUAGES) or "").split()


def stemmed(seen: Sight) -> Stems:
    """The stems of its sentences."""
    sentences = ([*map(words.number, words.stems(seen.text[start:end])), 0] for start, end in seen.sentences)
    return np.array([number for sentence in sentences for number in sentence], np.uint32)


def migrate(archive: Archive) -> None:
    """A collection of an older version becomes one of this version, at once or not at all."""
    before = archive.schema
    with archive.writing():
        archive.migrate()
        for numbers in _portions(archive.live()) if before < 4 else ():
            archive.set_stems((s.passage.key, stemmed(sight(s.passage))) for s in archive.passages_in(numbers))


def keep(archive: Archive, came: Sequence[tuple[Article, str]]) -> None:
    """Articles, one or more and each with its `digest`, go to the archive in one transaction, without passages yet."""
    with archive.writing():
        first = min([archive.put(article, content) for article, content in came])
        spoken = {*languages(archive), *(article.language for article, _ in came if article.language)}
        archive.set_meta(LANGUAGES, " ".join(sorted(spoken)))
        for waiting in (UNSPLIT, UNCOMPARED):
            archive.set_meta(waiting, str(min(first, int(archive.meta(waiting) or first))))


def unsplit(archive: Archive) -> list[int]:
    """Numbers of the live articles that have come and have no passages yet."""
    first = archive.meta(UNSPLIT)
    return archive.live(int(first)) if first else []


def split(archive: Archive, encoder: Encoder) -> None:
    """Articles that have no passages yet get them, each within the encoder's window."""
    waiting = unsplit(archive)
    for numbers in _portions(waiting):
        parts = {number: _split(article, encoder) for number, article in archive.numbered(numbers).items()}
        with archive.writing():
            for number in numbers:
                _part(archive, number, parts[number])
            archive.set_meta(UNSPLIT, str(numbers[-1] + 1) if numbers[-1] < waiting[-1] else None)


def compare(archive: Archive, encoder: Encoder, outlets: Outlets) -> None:
    """Of the articles that came last, lines that recur across their outlet become asides.

    They are compared with each other and with the `COMPARED` newest that their outlets had before; those had before
    stay as they are, until all are split anew. An interrupted run's articles are compared with the next one's.
    """
    first = int(archive.meta(UNCOMPARED) or 0)
    if not first:
        return
    came = archive.live(first)
    counts, seen = recurring.Counts(), set[str]()
    for numbers in _portions(came):
        articles = archive.numbered(numbers)
        counts.update(recurring.count(articles.values()))
        seen.update(article.outlet for article in articles.values() if article.outlet)
    for outlet in seen:
        counts.update(recurring.count(archive.numbered(archive.newest_of(outlet, first, COMPARED)).values()))
    for numbers in _portions(came):
        articles = archive.numbered(numbers)
        marked = {number: recurring.marked(article, counts, outlets) for number, article in articles.items()}
        with archive.writing():
            for number in numbers:
                if marked[number] is not articles[number]:
                    _resplit(archive, encoder, number, marked[number])
    archive.set_meta(UNCOMPARED, None)


def split_anew(archive: Archive, encoder: Encoder, outlets: Outlets) -> None:
    """Every live article is split again, for another encoder's window, and compared with all others of its outlet.

    Call inside `writing`.
    """
    live, counts = archive.live(), recurring.Counts()
    for numbers in _portions(live):
        counts.update(recurring.count(archive.numbered(numbers).values()))
    for numbers in _portions(live):
        for number, article in archive.numbered(numbers).items():
            _resplit(archive, encoder, number, recurring.marked(article, counts, outlets))
    archive.set_meta(UNSPLIT, None)
    archive.set_meta(UNCOMPARED, None)


def _resplit(archive: Archive, encoder: Encoder, number: int, article: Article) -> None:
    parts = _split(article, encoder)
    archive.set_asides(number, article.asides)
    _part(archive, number, parts)


def _part(archive: Archive, number: int, parts: Sequence[Passage]) -> None:
    seen = [sight(part) for part in parts]
    archive.split(number, parts, [s.hash for s in seen], [stemmed(s) for s in seen])


def _split(article: Article, encoder: Encoder) -> list[Passage]:
    def fits(texts: list[str]) -> list[bool]:
        return [count <= encoder.window for count in encoder.count([fold(text).text for text in texts])]

    return passages(article, fits=fits)


def index_words(archive: Archive, index: Words) -> None:
    """Articles that are not yet findable by words become so; passages that left are taken out."""
    while (numbers := archive.missing("words", ARTICLES_AT_ONCE)) or archive.leftovers("words"):
        gone = archive.leftovers("words")
        index.change(gone, _entries(archive, numbers))
        with archive.writing():
            archive.mark("words", numbers)
            archive.swept("words", gone)


def index_words_anew(archive: Archive, index: Words, tell: Watch) -> None:
    """All words anew (16,000 passages a second), found as before until the moment they are done.

    None of a removed article's is left in a file then. Articles without passages yet stay to be done.
    """
    waiting, gone = set(unsplit(archive)), archive.leftovers("words")
    live = [number for number in archive.live() if number not in waiting]
    total = len(archive.keys())

    def entries() -> Iterator[Entry]:
        done = 0
        for numbers in _portions(live):
            for entry in _entries(archive, numbers):
                yield entry
                done += 1
            tell(Progress("words", done, total))

    index.replace(entries())
    with archive.writing():
        archive.mark("words", live)
        archive.swept("words", gone)


def _entries(archive: Archive, numbers: Sequence[int]) -> Iterator[Entry]:
    """What the words are told of those articles' passages."""
    for stored in archive.passages_in(numbers):
        article = stored.article
        about = fold(words.about(article)).text
        text = sight(stored.passage).text
        yield Entry(stored.passage.key, stored.number, text, about, article.outlet, article.day, article.language)


def encode(archive: Archive, encoder: Encoder, outlets: Outlets, tell: Watch) -> None:
    """Every passage gets its vectors, and articles that waited for them their credits; equal passages are read once.

    The encoder takes all cores, and what becomes of its readings takes one; so that is done while it reads on.
    """
    waiting = archive.missing("encoded")
    total, done = archive.waiting("encoded"), 0
    if total:
        tell(Progress("encoding", done, total))  # from here on everything is found by words
    with ThreadPoolExecutor(1) as beside:
        begun: list[Future[None]] = []
        for numbers in _portions(waiting):
            stored = archive.passages_in(numbers)
            unread = {s.folded: s.passage for s in stored}
            for known in archive.embedded(unread):
                del unread[known]
            done += len(stored) - len(unread)
            todo = [sight(passage) for passage in unread.values()]
            for i in range(0, len(todo), PASSAGES_AT_ONCE):
                seen = todo[i : i + PASSAGES_AT_ONCE]
                read = encoder.read([s.text for s in seen], [s.sentences for s in seen])
                begun.append(beside.submit(_embed, archive, encoder, seen, read))
                done += len(seen)
                tell(Progress("encoding", done, total))
            _finished(begun)
            with archive.writing():
                archive.mark("encoded", numbers)
            begun = [beside.submit(credit, archive, encoder, outlets, numbers)]
        _finished(begun)


def _finished(begun: Sequence[Future[None]]) -> None:
    """Waits for all of it, and raises what went wrong."""
    for one in begun:
        one.result()


def _embed(archive: Archive, encoder: Encoder, seen: Sequence[Sight], read: Sequence[Reading]) -> None:
    """What the encoder read in those passages is kept by their hashes."""
    with archive.writing():
        archive.embed((s.hash, r.vector, quantise(r.sentences)) for s, r in zip(seen, read, strict=True))
        _keep_marks(archive, encoder, seen, read)


def credit(archive: Archive, encoder: Encoder, outlets: Outlets, waiting: Sequence[int]) -> None:
    """Those articles, whose passages have been read, get their credits; headlines, and what no tagger saw, are read."""
    for numbers in _portions(waiting):
        articles = archive.numbered(numbers)
        parts = {number: credits.headlines(article) for number, article in articles.items()}
        for stored in archive.passages_in(numbers):
            parts[stored.number].append(stored.passage)
        seen = {number: [sight(part) for part in parts[number]] for number in numbers}
        marks = _marks(archive, encoder, [one for number in numbers for one in seen[number]])
        found = {
            number: credits.find(articles[number], parts[number], outlets, [marks.get(s.hash) for s in seen[number]])
            for number in numbers
        }
        with archive.writing():
            for number in numbers:
                archive.credit(number, found[number])
            archive.mark("credited", numbers)


def _marks(archive: Archive, encoder: Encoder, seen: Sequence[Sight]) -> dict[str, Marks]:
    """What the encoder's tagger marked in those texts, by their hashes; what it has not read yet, it reads."""
    if encoder.tagger is None:
        return {}
    hashes = {one.hash: one for one in seen}
    unread = [hashes[hash_] for hash_ in hashes.keys() - archive.marks(hashes, encoder.tagger).keys()]
    for i in range(0, len(unread), PASSAGES_AT_ONCE):
        part = unread[i : i + PASSAGES_AT_ONCE]
        read = encoder.read([s.text for s in part], [() for _ in part])
        with archive.writing():
            _keep_marks(archive, encoder, part, read)
    return {hash_: unpack(packed) for hash_, packed in archive.marks(hashes, encoder.tagger).items()}


def _keep_marks(archive: Archive, encoder: Encoder, seen: Sequence[Sight], read: Sequence[Reading]) -> None:
    if encoder.tagger is not None:
        marked = [(s.hash, pack(r.marks)) for s, r in zip(seen, read, strict=True) if r.marks is not None]
        archive.keep_marks(encoder.tagger, marked)


def find_copies(archive: Archive) -> None:
    """Articles without a fingerprint get one, and are compared with each other and with all that have theirs; those
    without a date that prove to be copies get the days between which they appeared."""
    while numbers := archive.unprinted(COMPARED_AT_ONCE):
        new: dict[int, copies.Prints] = {}
        for portion in _portions(numbers):
            new |= {n: copies.prints(copies.story(a)) for n, a in archive.numbered(portion).items()}
        found = copies.pairs(new, archive.prints())
        with archive.writing():
            archive.keep_prints(new, found)
            _date_copies(archive)


def _date_copies(archive: Archive) -> None:
    days = {number: (first, last) for number, first, last in archive.undated_copies()}
    for number, article in archive.numbered(days).items():
        window = dating.beside(article, *days[number], dt.date.today())
        if window and window != article.window:
            archive.set_window(number, window)


def index_meaning(archive: Archive, folder: Path) -> None:
    """Articles that are not yet findable by meaning become so, and passages that left are taken out, all at once."""
    base = archive.meta("vectors")
    numbers = archive.missing("vectors") if base else archive.live()
    if numbers or archive.leftovers("vectors"):
        _place(archive, folder, base, numbers)
    else:
        _discard(archive, folder)


def sweep_meaning(archive: Archive, folder: Path) -> None:
    """All vectors anew but for those of passages that left: Chroma marks what is deleted, and keeps it in its files."""
    if archive.meta("vectors") and archive.leftovers("vectors"):
        waiting = set(archive.missing("vectors"))
        _place(archive, folder, None, [number for number in archive.live() if number not in waiting])
    else:
        _discard(archive, folder)


def index_meaning_anew(archive: Archive, folder: Path) -> None:
    """All vectors anew from the archive, found as before until the moment they are done."""
    _place(archive, folder, None, archive.live())


def _place(archive: Archive, folder: Path, base: str | None, numbers: Sequence[int]) -> None:
    """A new store of vectors: what `base` holds, and those articles' passages; it is used once it is complete."""
    gone = archive.leftovers("vectors")
    with vectors.drafted(folder, base) as (name, store):
        store.drop(gone)
        for portion in _portions(numbers):
            keys, rows = archive.vectors(portion)
            store.put(keys.tolist(), rows)
    with archive.writing():
        archive.mark("vectors", numbers)
        archive.swept("vectors", gone)
        archive.set_meta("vectors", name)
    vectors.discard(folder, keep=name)


def _discard(archive: Archive, folder: Path) -> None:
    """Stores that a run, ended right after its own was placed, left beside it go now."""
    if (placed := archive.meta("vectors")) and folder.is_dir():
        vectors.discard(folder, keep=placed)


def _portions(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[i : i + ARTICLES_AT_ONCE] for i in range(0, len(numbers), ARTICLES_AT_ONCE))
