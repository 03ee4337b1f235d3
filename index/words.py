"""Passages by their words: the only code that knows tantivy. Derived from the archive, and made again from it.

Three fields of words: `body` (stemmed), `plain` (as written, for names and phrases) and `about` (headline, outlet and
date of the article, stemmed). No text is stored. Queries are built from tokens, never parsed: an article's or a
user's punctuation means nothing to the index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
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
    """What the index is told of one passage: `text` and the headline are folded."""

    key: int
    article: int
    text: str
    about: str
    outlet: str | None
    day: dt.date | None


def about(article: Article, title: str) -> str:
    """The words that place an article: its folded headline, its outlet, its date as people write it."""
    day = article.day
    date = f"{day:%B %Y} {day.isoformat()}" if day else None
    return " ".join(filter(None, (title, article.outlet, article.wire, date)))


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
    return [str(word) for word in PLAIN.analyze(text)]


def stems(text: str) -> list[str]:
    """The words of a folded text as the `body` field has them: stemmed."""
    return [str(word) for word in STEMMED.analyze(text)]


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


class Words:
    """The folder of tantivy at `path`; reading is safe from any thread, writing from one process at a time.

    Raises:
        Damaged: the folder is there and cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.schema = _schema()
        path.mkdir(exist_ok=True)
        try:
            self._index = tantivy.Index(self.schema, path=str(path))
        except ValueError as error:
            raise Damaged(f"The words at {path} cannot be read ({error}). Run `whence rebuild`.") from error
        self._index.register_tokenizer("stemmed", STEMMED)
        self._index.register_tokenizer("folded", PLAIN)
        self._index.config_reader(reload_policy="manual")
        self._index.reload()

    def reload(self) -> None:
        """See what has been committed since."""
        self._index.reload()

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    # -- writing -----------------------------------------------------------------------------------------------------

    def change(self, gone: Iterable[int], entries: Iterable[Entry]) -> None:
        """Take out the keys that are gone, put in the entries (in place of equal keys), in one commit."""
        writer = self._index.writer(HEAP, 1)
        for key in gone:
            writer.delete_documents_by_term("key", key)
        self._put(writer, entries)

    def replace(self, entries: Iterable[Entry]) -> None:
        """Hold these entries and nothing else; no word of what was there before is left in any file."""
        writer = self._index.writer(HEAP, 1)
        writer.delete_all_documents()
        self._put(writer, entries)
        self._index.writer(HEAP, 1).garbage_collect_files()

    def _put(self, writer: tantivy.IndexWriter, entries: Iterable[Entry]) -> None:
        for entry in entries:
            writer.delete_documents_by_term("key", entry.key)
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
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    # -- reading -----------------------------------------------------------------------------------------------------

    def search(self, query: Query, text: str, limit: int) -> list[tuple[int, float]]:
        """The best `limit` passages for the folded `text` under the query's filters, as (key, BM25 score)."""
        wanted = self._query(text)
        if wanted is None:
            return []
        searcher = self._index.searcher()
        clauses = [(tantivy.Occur.Must, wanted), *((tantivy.Occur.Must, f) for f in self._filters(query))]
        found = searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False).hits
        keys = searcher.fast_field_values("key", [address for _, address in found])
        return [(int(key or 0), float(score)) for key, (score, _) in zip(keys, found, strict=True)]

    def matching(self, query: Query, text: str, limit: int) -> list[int]:
        """Keys of up to `limit` passages that hold all the words of `text`, in no order."""
        words = [t for t in dict.fromkeys(stems(text)) if t not in STOPWORDS] or stems(text)
        if not words:
            return []
        term = tantivy.Query.term_query
        clauses = [(tantivy.Occur.Must, term(self.schema, "body", word)) for word in words]
        clauses += [(tantivy.Occur.Must, f) for f in self._filters(query)]
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False).hits
        return [int(key or 0) for key in searcher.fast_field_values("key", [address for _, address in found])]

    def frequency(self, words: Sequence[str]) -> list[int]:
        """In how many passages each of those stems stands."""
        searcher = self._index.searcher()
        return [int(searcher.doc_freq("body", word)) for word in words]

    def keys(self) -> set[int]:
        """Every key that the index holds."""
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.all_query(), max(1, int(searcher.num_docs)), count=False).hits
        return {int(k or 0) for k in searcher.fast_field_values("key", [address for _, address in found])}

    def suggest(self, word: str, limit: int = 5) -> list[tuple[str, int]]:
        """Words of the collection spelled like `word` (up to two edits) or starting with it, with their frequency."""
        searcher = self._index.searcher()
        found = dict(searcher.terms_with_prefix("plain", tokens(word)[0] if tokens(word) else "", limit=limit))
        return sorted(found.items(), key=lambda pair: -pair[1])[:limit]

    def _query(self, text: str) -> tantivy.Query | None:
        """Any of the words of `text`, in any field; None when it has no word."""
        clauses = []
        for field, words in (("body", stems(text)), ("about", stems(text)), ("plain", tokens(text))):
            kept = [w for w in dict.fromkeys(words) if w not in STOPWORDS] or list(dict.fromkeys(words))
            clauses += [
                tantivy.Query.boost_query(tantivy.Query.term_query(self.schema, field, word, "freq"), BOOSTS[field])
                for word in kept
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
