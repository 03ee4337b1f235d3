"""Passages by their words: the only code that knows tantivy. Derived from the archive, and made again from it.

Three fields of words: `body` (stemmed), `plain` (as written, for names and phrases) and `about` (headline, outlet and
date of the article, stemmed). No text is stored. Queries are built from tokens, never parsed: an article's or a
user's punctuation means nothing to the index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy

from index.errors import Damaged
from index.records import Article, Query

STOPWORDS = frozenset(
    "a about also an and any are as at be been but by can could did do does for from had has have he her hers him his"
    " how i if in into is it its many me much my not of on or our she should so than that the their them then there"
    " these they this those to us was we were what when where which while who whom whose why will with would you"
    " your".split()
)
"""Words too common to look for; they stay in the index, so that a query of nothing else still finds something."""

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


def about(article: Article) -> str:
    """The words that place an article: its headline, its outlet, its date as people write it."""
    day = article.day
    date = f"{day:%B %Y} {day.isoformat()}" if day else None
    return " ".join(filter(None, (article.title, article.outlet, article.wire, date)))


def _analyzer(stem: bool) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    return (builder.filter(tantivy.Filter.stemmer("english")) if stem else builder).build()


STEMMED, PLAIN = _analyzer(stem=True), _analyzer(stem=False)


def tokens(text: str) -> list[str]:
    """The words of a folded text as the `plain` field has them: lower case, without accents."""
    words: list[str] = PLAIN.analyze(text)
    return words


def stems(text: str) -> list[str]:
    """The words of a folded text as the `body` field has them: stemmed."""
    words: list[str] = STEMMED.analyze(text)
    return words


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
    except (ValueError, OSError) as error:
        raise Damaged(
            f"The words at {path} cannot be used ({error}). See that the disk has room; run `whence rebuild`."
        ) from error


class Words:
    """The folder of tantivy at `path`; reading is safe from any thread, writing from one process at a time.

    Raises:
        Damaged: the folder is not there, or cannot be used; so do all methods.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.schema = _schema()
        if not (path / "meta.json").is_file():
            raise Damaged(f"The words at {path} are missing. Run `whence rebuild`.")
        with _told(self.path):
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

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    # -- writing -----------------------------------------------------------------------------------------------------

    def change(self, gone: Iterable[int], entries: Iterable[Entry]) -> None:
        """Take out the keys that are gone, put in the entries (in place of equal keys), in one commit."""
        with self._writer() as writer:
            for key in gone:
                writer.delete_documents_by_term("key", key)
            for entry in entries:
                writer.delete_documents_by_term("key", entry.key)
                writer.add_document(_document(entry))

    def replace(self, entries: Iterable[Entry]) -> None:
        """Hold these entries and nothing else; no word of what was there before is left in any file."""
        with self._writer() as writer:
            writer.delete_all_documents()
            for entry in entries:
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
            writer.wait_merging_threads()  # lets go of the folder
        self.reload()

    # -- reading -----------------------------------------------------------------------------------------------------

    def search(self, query: Query, text: str, limit: int) -> list[tuple[int, float]]:
        """The best `limit` passages for the folded `text` under the query's filters, as (key, BM25 score)."""
        wanted = self._any(text)
        return self._found(query, [wanted], limit) if wanted else []

    def matching(self, query: Query, text: str, limit: int) -> list[int]:
        """Keys of up to `limit` passages that hold all the words of `text`, in no order."""
        wanted = [tantivy.Query.term_query(self.schema, "body", word) for word in _telling(stems(text))]
        return [key for key, _ in self._found(query, wanted, limit)] if wanted else []

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
        clauses = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self.schema, field, word, "freq"), BOOSTS[field])
            for field, words in (("body", stems(text)), ("about", stems(text)), ("plain", tokens(text)))
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
    document.add_text("body", entry.text)
    document.add_text("plain", entry.text)
    document.add_text("about", entry.about)
    return document
