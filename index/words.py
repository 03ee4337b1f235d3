"""Passages by their words: the only code that knows tantivy. Derived from the archive, and made again from it.

Three fields of words: `body` (stemmed), `plain` (as written, for names and phrases) and `about` (headline, outlet and
date of the article, stemmed). A passage in another language than English has its own language's stems in `body` too,
and a query those of every language that the collection holds. No text is stored. Queries are built from tokens, never
parsed: an article's or a user's punctuation means nothing to the index.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

import tantivy

from index import spelling
from index.errors import Damaged
from index.records import Article, Query

STOPWORDS = frozenset(
    "a about also an and any are as at be been but by can could did do does for from had has have he her hers him his"
    " how i if in into is it its many me much my not of on or our she should so than that the their them then there"
    " these they this those to us was we were what when where which while who whom whose why will with would you"
    " your".split()
)
"""Words too common to look for; they stay in the index, so that a query of nothing else still finds something."""

MAGIC = (1337).to_bytes(4, "little")
"""How every file of tantivy's ends: the length of a footer and this, and before them the footer in JSON."""

NORMED = 4
"""Fields of text, for each of which tantivy keeps a byte a passage in a file (`.fieldnorm`) that ends with an index of
them and the index's length."""

VOCABULARY = 200_000
"""Words with one first letter that a misspelling is compared with at most."""

HEAP = 64_000_000
"""Bytes that the writer may hold before it writes a segment."""

BOOSTS = {"body": 1.0, "plain": 0.3, "about": 0.5}
"""What a match in each field counts; chosen on the learning questions by benchmarks/search.py."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index is told of one passage; `text` and `about` are folded."""

    key: int
    article: int
    text: str
    about: str
    outlet: str | None
    day: dt.date | None
    language: str | None = None


def about(article: Article) -> str:
    """The words that place an article: its headline, its outlet, its date as people write it."""
    date = _written(article.day) if article.day else None
    return " ".join(filter(None, (article.title, article.outlet, article.wire, date)))


@functools.lru_cache(4_096)
def _written(day: dt.date) -> str:
    return f"{day:%B %Y} {day.isoformat()}"


def _analyzer(*filters: tantivy.Filter) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for one in (tantivy.Filter.remove_long(60), tantivy.Filter.lowercase(), *filters):
        builder = builder.filter(one)
    return builder.build()


PLAIN = _analyzer(tantivy.Filter.ascii_fold())
STEMMED = _analyzer(tantivy.Filter.ascii_fold(), tantivy.Filter.stemmer("english"))

_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""The languages beside English whose endings tantivy knows, by their codes."""


def tokens(text: str) -> list[str]:
    """The words of a folded text as the `plain` field has them: lower case, without accents."""
    words: list[str] = PLAIN.analyze(text)
    return words


def stems(text: str) -> list[str]:
    """The words of a folded text as the `body` field has them: stemmed."""
    words: list[str] = STEMMED.analyze(text)
    return words


def number(stem: str) -> int:
    """What stands for a stem where thousands are looked through: from 1 up, below 2**32, hardly ever that of another
    too."""
    return zlib.crc32(stem.encode()) or 1


def stems_in(text: str, language: str) -> list[str]:
    """The words of a folded text as the `body` field has them beside the English stems where a passage is in another
    language; none for a language whose endings are not known."""
    return stems(" ".join(_endless(text, language)))


def _endless(text: str, language: str) -> list[str]:
    """The words of a text without their language's endings; none for English, or a language that is not known."""
    words: list[str] = _foreign(language).analyze(text) if language in _STEMMERS else []
    return words


@functools.cache
def _foreign(language: str) -> tantivy.TextAnalyzer:
    """Stemmed before accents go, for the endings of other languages have some."""
    return _analyzer(tantivy.Filter.stemmer(_STEMMERS[language]), tantivy.Filter.ascii_fold())


def _schema() -> tantivy.Schema:
    return (
        tantivy.SchemaBuilder()
        .add_integer_field("key", stored=False, indexed=True, fast=True)
        .add_integer_field("article", stored=False, indexed=True, fast=True)
        .add_integer_field("day", stored=False, indexed=True, fast=True)
        .add_text_field("outlet", stored=False, tokenizer_name="raw", index_option="basic")
        .add_text_field("body", stored=False, tokenizer_name="stemmed", index_option="freq")
        .add_text_field("plain", stored=False, tokenizer_name="folded", index_option="position")
        .add_text_field("about", stored=False, tokenizer_name="stemmed", index_option="freq")
        .build()
    )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tantivy's errors as ours."""
    try:
        yield
    except (ValueError, LookupError, OSError) as error:
        raise Damaged(
            f"The words at {path} cannot be used ({error}). See that the disk has room; run `whence rebuild`."
        ) from error


def _whole(path: Path) -> None:
    """Look at the checksums with which tantivy ends its files and which it does not look at itself, and at the counts
    in its list of them, which has none: what is damaged may end the process. 1 s for some 500 MB.

    Raises:
        ValueError: a file is not as it was written.
    """
    for segment in json.loads((path / "meta.json").read_text())["segments"]:
        name, held, deletes = segment["segment_id"].replace("-", ""), segment["max_doc"], segment["deletes"]
        for file in path.glob(f"{name}.*"):
            try:
                written = file.read_bytes()
            except FileNotFoundError:  # another process has just merged it into a larger one
                continue
            length = int.from_bytes(written[-8:-4], "little")
            rest, footer = written[: -8 - length], written[-8 - length : -8]
            if written[-4:] != MAGIC or json.loads(footer)["crc"] != zlib.crc32(rest):
                raise ValueError(f"{file.name} is not as it was written")
            if file.suffix == ".fieldnorm" and len(rest) != NORMED * held + int.from_bytes(rest[-4:], "little") + 4:
                raise ValueError("meta.json counts other passages than there are")
            if deletes and file.name == f"{name}.{deletes['opstamp']}.del":
                left = int.from_bytes(rest[4:], "little").bit_count()
                if held - left != deletes["num_deleted_docs"]:
                    raise ValueError("meta.json counts other passages than were taken out")


class Words:
    """The folder of tantivy at `path`; reading is safe from any thread, writing from one process at a time.

    `languages` are those of the passages, by which queries are stemmed.

    Raises:
        Damaged: the folder is not there, or cannot be used; so do all methods.
    """

    def __init__(self, path: Path, languages: Sequence[str] = ()) -> None:
        self.path = path
        self.languages = tuple(languages)
        self.schema = _schema()
        self._vocabulary: dict[str, Mapping[str, int]] = {}
        if not (path / "meta.json").is_file():
            raise Damaged(f"The words at {path} are missing. Run `whence rebuild`.")
        with _told(self.path):
            _whole(path)
            self._index = tantivy.Index(self.schema, path=str(path))
            self._index.register_tokenizer("stemmed", STEMMED)
            self._index.register_tokenizer("folded", PLAIN)
            self._index.config_reader(reload_policy="manual")
            self._index.reload()

    @classmethod
    def create(cls, path: Path) -> None:
        """Make an empty index at `path`, unless there is one."""
        with _told(path):
            path.mkdir(exist_ok=True)
            tantivy.Index(_schema(), path=str(path))

    def reload(self) -> None:
        """See what has been committed since."""
        with _told(self.path):
            self._index.reload()
        self._vocabulary = {}

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    # -- writing -----------------------------------------------------------------------------------------------------

    def change(self, gone: Iterable[int], entries: Iterable[Entry]) -> None:
        """Take out the keys that are gone, put in the entries (in place of equal keys), in one commit."""
        with self._writer() as writer:
            for key in gone:
                writer.delete_documents_by_term("key", key)
            for entry in entries:
                with _told(self.path):
                    writer.delete_documents_by_term("key", entry.key)
                    writer.add_document(_document(entry))

    def replace(self, entries: Iterable[Entry]) -> None:
        """Hold these entries and nothing else; no word of what was there before is left in any file."""
        with self._writer() as writer:
            writer.delete_all_documents()
            for entry in entries:
                with _told(self.path):
                    writer.add_document(_document(entry))
        with self._writer() as writer:  # now that our own reader has let go of the files before
            writer.garbage_collect_files()

    @contextmanager
    def _writer(self) -> Iterator[tantivy.IndexWriter]:
        """A writer, all of whose changes are committed at the end, or none."""
        with _told(self.path):
            writer = self._index.writer(HEAP, 1)
        try:
            yield writer
            with _told(self.path):
                writer.commit()
        finally:
            with _told(self.path):
                writer.wait_merging_threads()  # lets go of the folder
        self.reload()

    # -- reading -----------------------------------------------------------------------------------------------------

    def search(self, query: Query, text: str, limit: int) -> list[tuple[int, float]]:
        """The best `limit` passages for the folded `text` under the query's filters, as (key, BM25 score)."""
        wanted = self._any(text)
        return self._found(query, [wanted], limit) if wanted else []

    def matching(self, query: Query, text: str, limit: int) -> list[int]:
        """Keys of up to `limit` passages that hold all the words of `text`, in no order."""
        written = dict(zip(stems(text), tokens(text), strict=True))
        wanted = [self._either([stem, *self._abroad(written[stem])]) for stem in _telling(stems(text))]
        return [key for key, _ in self._found(query, wanted, limit)] if wanted else []

    def _either(self, stems: Sequence[str]) -> tantivy.Query:
        """Any of those stems in the body."""
        clauses = [(tantivy.Occur.Should, tantivy.Query.term_query(self.schema, "body", stem)) for stem in stems]
        return tantivy.Query.boolean_query(clauses)

    def _abroad(self, text: str) -> list[str]:
        """The stems of a text in the languages beside English that the passages are in."""
        return [stem for language in self.languages for stem in stems_in(text, language)]

    def frequency(self, words: Sequence[str]) -> list[int]:
        """In how many passages each of those stems stands."""
        searcher = self._index.searcher()
        return [int(searcher.doc_freq("body", word)) for word in words]

    def keys(self) -> list[int]:
        """Every key that the index holds, as often as it does."""
        return [key for key, _ in self._found(Query(""), [tantivy.Query.all_query()], max(1, len(self)))]

    def suggest(self, word: str, limit: int = 5) -> list[str]:
        """Words of the collection that begin like `word`, the commonest first."""
        searcher = self._index.searcher()
        return [
            found for start in tokens(word)[:1] for found, _ in searcher.terms_with_prefix("plain", start, limit=limit)
        ]

    def nearest(self, word: str) -> str | None:
        """The word of the collection that a misspelt one stands for, as `spelling` says.

        None when the collection holds the word itself, in any form, and when nothing is so near.
        """
        searcher = self._index.searcher()
        written, stem = next(iter(tokens(word)), ""), next(iter(stems(word)), "")
        held = searcher.doc_freq("plain", written) + searcher.doc_freq("body", stem)
        if held or len(written) < spelling.SHORT or written in STOPWORDS or not written.isalpha():
            return None
        near = spelling.likeliest(written, self._beginning(written[0]))
        if near or len(written) < spelling.PLAIN:
            return near
        others = (self._beginning(letter) for letter in ascii_lowercase if letter != written[0])
        return spelling.likeliest(written, {other: count for some in others for other, count in some.items()})

    def _beginning(self, letter: str) -> Mapping[str, int]:
        """The words that begin so, with how often each stands; looked up once until there are changes."""
        known = self._vocabulary.get(letter)
        if known is None:
            terms = self._index.searcher().terms_with_prefix("plain", letter, limit=VOCABULARY)
            known = self._vocabulary[letter] = dict(terms)
        return known

    def _found(self, query: Query, wanted: Sequence[tantivy.Query], limit: int) -> list[tuple[int, float]]:
        """The best passages that match all that is wanted and the query's filters, as (key, score)."""
        searcher = self._index.searcher()
        clauses = [(tantivy.Occur.Must, clause) for clause in (*wanted, *self._filters(query))]
        with _told(self.path):
            found = searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False).hits
            keys = searcher.fast_field_values("key", [address for _, address in found])
        return [(int(key or 0), float(score)) for key, (score, _) in zip(keys, found, strict=True)]

    def _any(self, text: str) -> tantivy.Query | None:
        """Any of the words of `text`, in any field; None when it has no word."""
        body = [*stems(text), *self._abroad(text)]
        clauses = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self.schema, field, word, "freq"), BOOSTS[field])
            for field, words in (("body", body), ("about", stems(text)), ("plain", tokens(text)))
            for word in _telling(words)
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, c) for c in clauses]) if clauses else None

    def _filters(self, query: Query) -> list[tantivy.Query]:
        """The query's filters, as clauses that leave the score alone."""
        filters = []
        if query.outlets:
            filters.append(tantivy.Query.term_set_query(self.schema, "outlet", list(query.outlets)))
        if query.since or query.until:
            since, until = query.since or dt.date.min, query.until or dt.date.max
            filters.append(
                tantivy.Query.range_query(
                    self.schema, "day", tantivy.FieldType.Integer, since.toordinal(), until.toordinal()
                )
            )
        return [tantivy.Query.const_score_query(f, 0.0) for f in filters]


def _telling(words: Sequence[str]) -> list[str]:
    """Each of the words once, without those too common to look for unless there is no other."""
    each = list(dict.fromkeys(words))
    return [word for word in each if word not in STOPWORDS] or each


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("key", entry.key)
    document.add_integer("article", entry.article)
    if entry.day is not None:
        document.add_integer("day", entry.day.toordinal())
    if entry.outlet is not None:
        document.add_text("outlet", entry.outlet)
    document.add_text("body", " ".join([entry.text, *_endless(entry.text, entry.language or "en")]))
    document.add_text("plain", entry.text)
    document.add_text("about", entry.about)
    return document
