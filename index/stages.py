"""What becomes of an article: kept as passages, found by words, read by the encoder, credited, found by meaning.

Each stage takes from the archive what is still to be done and marks it done when it is; so whatever is interrupted goes
on where it stopped, and nothing is done twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index import credits, vectors, words
from index.archive import Archive
from index.encoders import Encoder, quantise
from index.folding import fold
from index.outlets import Outlets
from index.records import Article, Passage, Progress, Span
from index.splitter import passages
from index.words import Entry, Words

Watch = Callable[[Progress], None]

ARTICLES_AT_ONCE = 250
"""Articles to a transaction, and to a round of encoding: what a crash costs at most."""

PASSAGES_AT_ONCE = 512
"""Passages read by the encoder between two commits."""


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


def keep(archive: Archive, encoder: Encoder, articles: Sequence[Article]) -> None:
    """Articles and their passages, each within the encoder's window, go to the archive in one transaction."""
    split = [(article, _split(article, encoder)) for article in articles]
    with archive.writing():
        for article, parts in split:
            archive.split(archive.put(article), parts, [sight(part).hash for part in parts])


def split_anew(archive: Archive, encoder: Encoder) -> None:
    """Every live article is split again, for another encoder's window. Call inside `writing`."""
    for numbers in _portions(archive.live()):
        for number, article in archive.numbered(numbers).items():
            parts = _split(article, encoder)
            archive.split(number, parts, [sight(part).hash for part in parts])


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

    None of a removed article's is left in a file then.
    """
    live, gone = archive.live(), archive.leftovers("words")
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
        yield Entry(stored.passage.key, stored.number, sight(stored.passage).text, about, article.outlet, article.day)


def encode(archive: Archive, encoder: Encoder, tell: Watch) -> None:
    """Every passage gets its vectors; equal passages are read once."""
    total, done = archive.waiting("encoded"), 0
    if total:
        tell(Progress("encoding", done, total))  # from here on everything is found by words
    while numbers := archive.missing("encoded", ARTICLES_AT_ONCE):
        stored = archive.passages_in(numbers)
        unread = {s.folded: s.passage for s in stored}
        for known in archive.embedded(unread):
            del unread[known]
        done += len(stored) - len(unread)
        todo = list(unread.values())
        for i in range(0, len(todo), PASSAGES_AT_ONCE):
            part = todo[i : i + PASSAGES_AT_ONCE]
            _embed(archive, encoder, part)
            done += len(part)
            tell(Progress("encoding", done, total))
        with archive.writing():
            archive.mark("encoded", numbers)


def _embed(archive: Archive, encoder: Encoder, todo: Sequence[Passage]) -> None:
    """One pass of the encoder over those passages, kept by their hashes."""
    seen = [sight(passage) for passage in todo]
    read = encoder.read([s.text for s in seen], [s.sentences for s in seen])
    with archive.writing():
        archive.embed((s.hash, r.vector, quantise(r.sentences)) for s, r in zip(seen, read, strict=True))


def credit(archive: Archive, outlets: Outlets) -> None:
    """Articles whose passages have all been read get their credits."""
    while numbers := archive.missing("credited", ARTICLES_AT_ONCE):
        articles = archive.numbered(numbers)
        parts: dict[int, list[Passage]] = {number: [] for number in numbers}
        for stored in archive.passages_in(numbers):
            parts[stored.number].append(stored.passage)
        found = {number: credits.find(articles[number], parts[number], outlets) for number in numbers}
        with archive.writing():
            for number in numbers:
                archive.credit(number, found[number])
            archive.mark("credited", numbers)


def index_meaning(archive: Archive, folder: Path) -> None:
    """Articles that are not yet findable by meaning become so, and passages that left are taken out, all at once."""
    base = archive.meta("vectors")
    numbers = archive.missing("vectors") if base else archive.live()
    if numbers or archive.leftovers("vectors"):
        _place(archive, folder, base, numbers)


def sweep_meaning(archive: Archive, folder: Path) -> None:
    """Passages that left are taken out."""
    base = archive.meta("vectors")
    if base and archive.leftovers("vectors"):
        _place(archive, folder, base, ())


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


def _portions(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[i : i + ARTICLES_AT_ONCE] for i in range(0, len(numbers), ARTICLES_AT_ONCE))
