"""What a collection promises: exact hits, repeatable adding, real removal, clear refusals, nothing lost on the way."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes import CountingEncoder

from index import stages
from index.archive import Archive
from index.errors import (
    BadQuery,
    Locked,
    NewerCollection,
    NoCollection,
    UnknownArticle,
    WhenceError,
    WrongEncoder,
)
from index.index import Index
from index.records import Added, Copy, Hit, Progress, Query
from index.vectors import Vectors
from index.words import Words

Fields = dict[str, str]

FERRY: Fields = {
    "id": "ferry",
    "title": "Night ferry stops",
    "outlet": "The New York Times",
    "published": "2016-03-02",
    "text": "The night ferry to Lowmarsh stops on Friday. According to Reuters, the engine room flooded twice.",
}
MUSEUM: Fields = {
    "id": "museum",
    "title": "Museum finds a map",
    "outlet": "CNN",
    "published": "2016-03-05",
    "text": "The museum found a map of the harbour under a staircase. Its director wept.",
}
BRIDGE: Fields = {
    "id": "bridge",
    "title": "Bridge closed",
    "outlet": "Breitbart",
    "published": "2016-04-11",
    "text": "Engineers closed the harbour bridge after a crack appeared. Traffic now crosses by ferry.",
}
LETTER: Fields = {
    "id": "letter",
    "title": "A letter",
    "outlet": "CNN",
    "text": "A reader asks why the ferry never waits for the harbour train.",
}
NEWS = (FERRY, MUSEUM, BRIDGE, LETTER)


def lines(*articles: Fields) -> io.BytesIO:
    return io.BytesIO("\n".join(map(json.dumps, articles)).encode())


def add(index: Index, *articles: Fields, progress: Callable[[Progress], None] | None = None) -> Added:
    return index.add(["-"], progress, stdin=lines(*articles))


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.article.id for hit in hits]


def told(hits: Sequence[Hit]) -> list[tuple[str, int, float]]:
    return [(hit.article.id, hit.passage.start, round(hit.score, 4)) for hit in hits]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "news", CountingEncoder()) as opened:
        yield opened


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Four articles, which no test changes."""
    with Index.open(tmp_path_factory.mktemp("collection") / "news", CountingEncoder()) as opened:
        add(opened, *NEWS)
        yield opened


def keys_in(folder: Path) -> tuple[list[int], list[int], list[int]]:
    """The live passages' keys, those that the words hold and those that the vectors hold."""
    archive = Archive(folder / "archive.sqlite")
    name = archive.meta("vectors")
    assert name is not None
    live = archive.keys()
    archive.close()
    vectors = Vectors(folder / "vectors" / name)
    held = sorted(vectors.keys())
    vectors.close()
    return live, sorted(Words(folder / "words").keys()), held


def where(folder: Path, text: str) -> set[str]:
    """The files (or their folders, within the collection) that hold that text."""
    wanted = text.encode()
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(folder).parts[0] for file in files if wanted in file.read_bytes()}


def segments(folder: Path) -> set[str]:
    """The files with words in them."""
    return {file.name for file in (folder / "words").iterdir() if file.suffix in (".term", ".idx", ".pos", ".store")}


# -- hits are exact ----------------------------------------------------------------------------------------------------


def test_a_hit_and_its_sentences_are_spans_of_the_stored_text(index: Index) -> None:
    text = "Harbour\xa0news.\n\nThe cafÃ© “Anchor” sold 23million buns. Émile counted them — twice."
    add(index, {"id": "buns", "outlet": "CNN", "text": text})

    (hit,) = index.search("who counted the buns of the café?")

    assert hit.article.text == text
    assert hit.passage.text == text[hit.passage.start : hit.passage.end]
    assert [text[s.start : s.end] for s in hit.sentences] == [
        "Harbour\xa0news.",
        "The cafÃ© “Anchor” sold 23million buns.",
        "Émile counted them — twice.",
    ]


def test_words_are_found_through_mojibake_accents_and_endings(index: Index) -> None:
    add(index, {"id": "buns", "text": "The cafÃ© sold buns."}, {"id": "tea", "text": "Nobody wanted tea."})
    assert ids(index.search("cafe selling a bun"))[0] == "buns"


def test_the_sentence_that_answers_scores_highest(news: Index) -> None:
    hit = news.search("engine room flooded")[0]
    best = max(hit.sentences, key=lambda s: s.score)
    assert hit.article.text[best.start : best.end] == "According to Reuters, the engine room flooded twice."


# -- adding again ------------------------------------------------------------------------------------------------------


def test_adding_the_same_articles_again_reads_nothing_and_changes_nothing(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    with Index.open(tmp_path / "news", encoder) as index:
        assert add(index, *NEWS).added == ("ferry", "museum", "bridge", "letter")
        before = (index.fingerprint, index.status().generation, told(index.search("harbour ferry")))

        again = add(index, *NEWS)

        assert again == Added(unchanged=("ferry", "museum", "bridge", "letter"))
        assert encoder.texts_read == 4
        assert (index.fingerprint, index.status().generation, told(index.search("harbour ferry"))) == before


def test_identical_passages_are_encoded_once(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    with Index.open(tmp_path / "news", encoder) as index:
        add(index, MUSEUM, MUSEUM | {"id": "copy"}, MUSEUM | {"id": "other", "outlet": "Breitbart"})
        add(index, MUSEUM | {"id": "later"})
    assert encoder.texts_read == 1


def test_a_changed_article_becomes_revision_two_and_the_first_still_resolves(index: Index) -> None:
    add(index, *NEWS)

    changed = add(index, FERRY | {"text": "The night ferry to Lowmarsh sails again."})

    assert changed == Added(updated=("ferry",))
    assert index.article("ferry").revision == 2
    assert index.article("ferry").text == "The night ferry to Lowmarsh sails again."
    assert index.article("ferry", 1).text == FERRY["text"]
    assert index.scan("flooded") == []
    assert [hit.passage.text for hit in index.scan("Lowmarsh")] == ["The night ferry to Lowmarsh sails again."]
    assert [hit.article.revision for hit in index.search("the engine room flooded") if hit.article.id == "ferry"] == [2]


@pytest.mark.parametrize(
    ("change", "query"),
    [
        ({"outlet": "The Guardian"}, Query("night ferry", outlets=("The Guardian",))),
        ({"published": "2017-01-09"}, Query("night ferry", since=dt.date(2017, 1, 1))),
    ],
)
def test_a_new_outlet_or_date_counts_without_encoding_anything(tmp_path: Path, change: Fields, query: Query) -> None:
    encoder = CountingEncoder()
    with Index.open(tmp_path / "news", encoder) as index:
        add(index, *NEWS)
        read = encoder.texts_read

        assert add(index, FERRY | change).updated == ("ferry",)

        assert ids(index.search(query)) == ["ferry"]
        assert ids(index.search(Query("night ferry", outlets=("CNN",)))) == ["letter", "museum"]
        assert encoder.texts_read == read


def test_an_id_that_comes_twice_with_different_text_is_refused_by_name(index: Index) -> None:
    done = add(index, FERRY, FERRY | {"text": "Quite another story."})
    assert done.added == ("ferry",)
    assert [str(refusal) for refusal in done.refused] == [
        "-:2: id 'ferry' came twice in this run with different content; the first was kept"
    ]
    assert index.article("ferry").text == FERRY["text"]


def test_an_article_that_comes_twice_alike_is_counted_once(index: Index) -> None:
    assert add(index, FERRY, MUSEUM, FERRY) == Added(added=("ferry", "museum"))


def test_everything_is_found_by_words_before_anything_is_encoded(tmp_path: Path) -> None:
    met: list[tuple[str, str]] = []

    def look(progress: Progress) -> None:
        if progress.stage == "encoding" and not met:
            with Index.open(tmp_path / "news", CountingEncoder()) as reader:
                met.extend((hit.article.id, hit.found) for hit in reader.search("Lowmarsh staircase crack train"))

    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        add(index, *NEWS, progress=look)
    assert sorted(met) == [("bridge", "words"), ("ferry", "words"), ("letter", "words"), ("museum", "words")]


# -- removing ----------------------------------------------------------------------------------------------------------

SECRET: Fields = {"id": "secret", "title": "Quillip", "text": "Mistress Zanthorpe buried the Quillip ledger."}


def test_a_removed_article_is_in_no_file_of_the_collection(index: Index) -> None:
    add(index, SECRET, *NEWS)
    add(index, SECRET | {"text": "Mistress Zanthorpe buried the Quillip ledger at dawn."})
    words_before = segments(index.path)
    assert "archive.sqlite-wal" in where(index.path, "buried the Quillip")
    assert Words(index.path / "words").frequency(["zanthorp"]) != [0]

    assert index.remove(["secret", "unheard-of"]) == 1

    assert [where(index.path, text) for text in ("buried the Quillip", "Zanthorpe", "zanthorp")] == [set()] * 3
    assert words_before.isdisjoint(segments(index.path))  # they hold words in a form of their own
    assert Words(index.path / "words").frequency(["zanthorp"]) == [0]
    assert "secret" not in ids(index.search("Zanthorpe buried the Quillip ledger"))
    with pytest.raises(UnknownArticle, match=r"There is no revision 1 of article 'secret'"):
        index.article("secret", 1)
    assert index.verify() == []


def test_a_removal_that_was_cut_short_is_finished_by_the_next_add(index: Index) -> None:
    add(index, SECRET, *NEWS)
    archive = Archive(index.path / "archive.sqlite")
    with archive.writing():  # as `remove` begins
        archive.remove(["secret"])
        archive.set_meta("erasing", "yes")
    archive.close()
    assert Words(index.path / "words").frequency(["zanthorp"]) == [1]

    add(index, *NEWS)

    assert Words(index.path / "words").frequency(["zanthorp"]) == [0]
    assert where(index.path, "anthorp") == set()
    assert index.verify() == []


def test_what_is_removed_can_be_added_again(index: Index) -> None:
    add(index, *NEWS)
    index.remove(["ferry"])
    assert add(index, FERRY).added == ("ferry",)
    assert ids(index.search("night ferry to Lowmarsh"))[0] == "ferry"
    assert index.verify() == []


def test_removing_everything_leaves_an_empty_collection(index: Index) -> None:
    add(index, *NEWS)
    assert index.remove(["ferry", "museum", "bridge", "letter"]) == 4
    assert (len(index), index.search("harbour"), index.verify()) == (0, [], [])


# -- filters -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        (Query("harbour ferry", outlets=("CNN",)), {"museum", "letter"}),
        (Query("harbour ferry", outlets=("CNN", "Breitbart")), {"museum", "letter", "bridge"}),
        (Query("harbour ferry", since=dt.date(2016, 3, 5)), {"museum", "bridge"}),
        (Query("harbour ferry", until=dt.date(2016, 3, 5)), {"ferry", "museum"}),
        (Query("harbour ferry", since=dt.date(2016, 3, 3), until=dt.date(2016, 3, 31)), {"museum"}),
        (Query("harbour ferry", outlets=("CNN",), until=dt.date(2016, 12, 31)), {"museum"}),
        (Query("harbour ferry", since=dt.date(2020, 1, 1)), set()),
    ],
)
def test_filters_leave_what_would_pass_by_hand_in_words_and_meaning_alike(
    news: Index, query: Query, passes: set[str]
) -> None:
    def found(asked: Query) -> set[tuple[str, bool, bool]]:
        judged = [one.candidate for one in news.judged(asked)]
        return {(one.article.id, one.by_words, one.by_meaning) for one in judged if one.article.id in passes}

    assert found(query) == found(Query("harbour ferry"))
    assert set(ids(news.search(query))) == passes


def test_undated_articles_never_pass_a_day_filter_and_are_counted(news: Index) -> None:
    every_day = Query("ferry", since=dt.date.min, until=dt.date.max)
    assert "letter" not in ids(news.search(every_day))
    assert news.undated(every_day) == 1
    assert news.undated(Query("ferry", outlets=("cnn",), since=dt.date.min)) == 1
    assert news.undated(Query("ferry", outlets=("NYT",), since=dt.date.min)) == 0


def test_dates_the_wrong_way_round_are_refused_in_words(news: Index) -> None:
    with pytest.raises(BadQuery, match=r"since 2016-05-02 until 2016-05-01\. Give the earlier day as `since`"):
        news.search(Query("ferry", since=dt.date(2016, 5, 2), until=dt.date(2016, 5, 1)))


def test_an_outlet_that_the_collection_lacks_is_refused_with_those_it_has(news: Index) -> None:
    with pytest.raises(BadQuery, match=r"no outlet 'The Gull'\. It has: CNN, Breitbart, The New York Times\."):
        news.search(Query("ferry", outlets=("The Gull",)))


@pytest.mark.parametrize("name", ["NYT", "the new york times", "New York Times", "nytimes.com"])
def test_an_outlet_is_understood_by_any_of_its_names(news: Index, name: str) -> None:
    assert ids(news.search(Query("ferry", outlets=(name,)))) == ["ferry"]
    assert [article.id for article in news.articles(Query("", outlets=(name,)))] == ["ferry"]


def test_an_outlet_that_no_list_knows_is_understood_in_any_case(index: Index) -> None:
    add(index, FERRY | {"outlet": "Lowmarsh Courier"})
    assert ids(index.search(Query("ferry", outlets=("lowmarsh COURIER",)))) == ["ferry"]


def test_a_limit_below_one_is_refused(news: Index) -> None:
    with pytest.raises(BadQuery, match="A limit of 0 leaves nothing to find"):
        news.search("ferry", limit=0)


# -- copies ------------------------------------------------------------------------------------------------------------

WIRE = "A freighter ran aground off Cape Dunmore late on Tuesday."
COPIES = (
    {"id": "undated", "outlet": "Breitbart", "text": f"{WIRE}"},
    {"id": "evening", "outlet": "CNN", "published": "2016-06-01T19:00:00+00:00", "text": f"{WIRE}"},
    {"id": "morning", "outlet": "NPR", "published": "2016-06-01T08:00:00+00:00", "text": f"{WIRE}"},
    {"id": "day-after", "outlet": "CNN", "published": "2016-06-02", "text": f"\n\n{WIRE}"},
)


def test_equal_passages_are_one_hit_the_earliest_in_front_the_undated_last(index: Index) -> None:
    add(index, *COPIES)

    (hit,) = index.search("freighter aground")

    assert (hit.article.id, hit.passage.article_id) == ("morning", "morning")
    assert [copy.article_id for copy in hit.copies] == ["evening", "day-after", "undated"]
    assert hit.copies[1] == Copy("day-after", 1, "CNN", dt.date(2016, 6, 2), 2, 2 + len(WIRE))
    assert [(s.start, s.end) for s in hit.sentences] == [(0, len(WIRE))]


def test_copies_obey_the_filters(index: Index) -> None:
    add(index, *COPIES)
    (hit,) = index.search(Query("freighter aground", outlets=("CNN",)))
    assert (hit.article.id, [copy.article_id for copy in hit.copies]) == ("evening", ["day-after"])


def test_passages_that_differ_only_in_odd_characters_are_copies(index: Index) -> None:
    add(
        index,
        {"id": "plain", "text": 'He said "no" to the café.'},
        {"id": "odd", "text": "He said\xa0“no” to the cafÃ©."},
    )
    (hit,) = index.search("he said no")
    assert [hit.article.id, *(copy.article_id for copy in hit.copies)] == ["odd", "plain"]
    assert hit.article.text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_one_text_in_sentences_parted_differently_is_searched_without_mixing_them_up(index: Index) -> None:
    add(
        index,
        {"id": "lines", "text": "Gulls circled\nBoats waited"},
        {"id": "one", "text": "Gulls circled\u2028Boats waited"},
    )
    hits = index.search("gulls circled boats")
    assert sorted((hit.article.id, len(hit.sentences)) for hit in hits) == [("lines", 2), ("one", 1)]


def test_copies_do_not_take_the_places_of_other_hits(index: Index) -> None:
    add(index, *COPIES, {"id": "other", "text": "Another freighter left Cape Dunmore."})
    assert ids(index.search("freighter Cape Dunmore aground", limit=2)) == ["morning", "other"]


def chapters(word: str, count: int) -> str:
    """A text of that many passages."""
    return "\n\n".join(
        f"{word} number {i} " + f"was counted by the {word} warden again and again, " * 16 + "he said."
        for i in range(count)
    )


def test_at_most_five_passages_of_one_article_are_hits(index: Index) -> None:
    add(index, {"id": "long", "text": chapters("lighthouse", 6)}, {"id": "short", "text": "One lighthouse stays dark."})
    assert len(index.passages("long")) == 6
    assert sorted(ids(index.search("lighthouse"))) == [*["long"] * 5, "short"]


def test_passages_shown_as_their_earliest_copies_count_for_that_article(index: Index) -> None:
    parts = chapters("lighthouse", 6).split("\n\n")
    add(
        index,
        {"id": "first", "published": "2016-01-01", "text": "\n\n".join(parts)},
        *({"id": f"late-{i}", "published": "2016-02-02", "text": part} for i, part in enumerate(parts)),
    )
    assert ids(index.search("lighthouse")) == ["first"] * 5


# -- one writer, right encoder, right version --------------------------------------------------------------------------


def test_a_second_writer_is_told_who_is_writing(tmp_path: Path) -> None:
    met: list[str | None] = []

    def interfere(progress: Progress) -> None:
        with Index.open(tmp_path / "news", CountingEncoder()) as second:
            met.append(second.status().writer)
            with pytest.raises(Locked, match=rf"is being written by process {os.getpid()} on .+ since 20"):
                second.remove(["ferry"])

    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        add(index, FERRY, progress=interfere)
        assert index.status().writer is None
        assert len(met) == 3  # one article read, encoding begun, encoding done
        assert str(met[0]).startswith(f"process {os.getpid()} on ")
        assert index.remove(["ferry"]) == 1


def test_a_writer_that_broke_off_is_no_longer_named(index: Index) -> None:
    with pytest.raises(KeyboardInterrupt):
        add(index, FERRY, progress=broken_off(0))
    assert index.status().writer is None


def test_another_encoder_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", CountingEncoder("old")) as index:
        add(index, *NEWS)
    with Index.open(tmp_path / "news", CountingEncoder("new")) as index:
        for attempt in (lambda: index.search("ferry"), lambda: add(index, FERRY), lambda: index.encode(["ferry"])):
            with pytest.raises(
                WrongEncoder, match=r"built with 'old .*' ?; the settings ask for 'new .*`whence rebuild --encode`"
            ):
                attempt()


def test_rebuilding_with_encoding_takes_the_new_encoder(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", CountingEncoder("old")) as index:
        add(index, *NEWS)
        before = told(index.search("harbour ferry"))
    encoder = CountingEncoder("new")
    with Index.open(tmp_path / "news", encoder) as index:
        index.rebuild(encode=True)
        assert told(index.search("harbour ferry")) == before
        assert encoder.texts_read == 4
        assert index.verify() == []


def test_rebuilding_for_an_encoder_with_a_smaller_window_splits_articles_again(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", CountingEncoder("old")) as index:
        add(index, FERRY)
        assert len(index.passages("ferry")) == 1
    small = CountingEncoder("small")
    small.window = 10
    with Index.open(tmp_path / "news", small) as index:
        index.rebuild(encode=True)
        assert [p.text for p in index.passages("ferry")] == [
            "The night ferry to Lowmarsh stops on Friday.",
            "According to Reuters, the engine room flooded twice.",
        ]
        assert index.verify() == []


def test_an_open_index_notices_that_its_encoder_became_the_wrong_one(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", CountingEncoder("old")) as reader:
        add(reader, *NEWS)
        assert reader.search("ferry")
        with Index.open(tmp_path / "news", CountingEncoder("new")) as writer:
            writer.rebuild(encode=True)
        with pytest.raises(WrongEncoder):
            reader.search("ferry")


def test_a_collection_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Index.open(tmp_path / "news", CountingEncoder()).close()
    with sqlite3.connect(tmp_path / "news" / "archive.sqlite") as archive:
        archive.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
    with pytest.raises(NewerCollection, match=r"has schema 99; this version of Whence knows up to \d+\. Update Whence"):
        Index.open(tmp_path / "news", CountingEncoder())


def test_a_missing_collection_is_not_made_unless_allowed(tmp_path: Path) -> None:
    with pytest.raises(NoCollection, match=r"There is no collection at .*news\. Make one with `whence add"):
        Index.open(tmp_path / "news", CountingEncoder(), create=False)
    assert not (tmp_path / "news").exists()


# -- interruption ------------------------------------------------------------------------------------------------------


def broken_off(at: int) -> Callable[[Progress], None]:
    """A watcher that stops the work the `at`-th time it is told something, counted from 0."""
    left = [at]

    def watch(progress: Progress) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1

    return watch


@pytest.fixture
def in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "ARTICLES_AT_ONCE", 2)
    monkeypatch.setattr(stages, "PASSAGES_AT_ONCE", 1)


REVISED = (*NEWS[1:], FERRY | {"text": "The night ferry to Lowmarsh sails again. So say the engineers."}, SECRET)


@pytest.mark.usefixtures("in_small_steps")
@pytest.mark.parametrize("at", range(8))
def test_adding_goes_on_where_it_was_interrupted(tmp_path: Path, at: int) -> None:
    with Index.open(tmp_path / "clean", CountingEncoder()) as clean:
        add(clean, *NEWS)
        add(clean, *REVISED)
        expected = (clean.fingerprint, told(clean.search("harbour ferry engineers")))
    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        add(index, *NEWS)
        with pytest.raises(KeyboardInterrupt):
            add(index, *REVISED, progress=broken_off(at))

        add(index, *REVISED)

        assert (index.fingerprint, told(index.search("harbour ferry engineers"))) == expected
        assert index.verify() == []
    live, words, vectors = keys_in(tmp_path / "news")
    assert live == words == vectors


@pytest.mark.usefixtures("in_small_steps")
def test_the_points_of_interruption_above_are_all_there_are(index: Index) -> None:
    add(index, *NEWS)
    met: list[str] = []
    add(index, *REVISED, progress=lambda progress: met.append(f"{progress.stage} {progress.done}"))
    assert met == [*(f"reading {i}" for i in range(1, 6)), "encoding 0", "encoding 1", "encoding 2"]


@pytest.mark.usefixtures("in_small_steps")
@pytest.mark.parametrize("encode", [False, True])
@pytest.mark.parametrize("at", [0, 1])
def test_a_rebuild_that_was_interrupted_is_finished_by_the_next_add(tmp_path: Path, encode: bool, at: int) -> None:
    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        add(index, *NEWS)
        before = told(index.search("harbour ferry"))
        with pytest.raises(KeyboardInterrupt):
            index.rebuild(broken_off(at), encode=encode)

        add(index, *NEWS)

        assert told(index.search("harbour ferry")) == before
        assert index.verify() == []


CRASH = """
import os, sys
from fakes import CountingEncoder
from index.index import Index

class Crashing(CountingEncoder):
    def read(self, texts, spans):
        os._exit(9)

Index.open(sys.argv[1], Crashing()).add([sys.argv[2]])
"""


def test_a_process_that_dies_while_encoding_leaves_nothing_lost_locked_or_doubled(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_bytes(lines(*NEWS).read())
    died = subprocess.run(
        [sys.executable, "-c", CRASH, tmp_path / "news", tmp_path / "news.jsonl"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        cwd=Path(__file__).parent.parent,
        check=False,
    )
    assert died.returncode == 9
    with Index.open(tmp_path / "news", CountingEncoder(), create=False) as index:
        assert (index.status().unfinished, index.status().writer) == (4, None)
        assert [(hit.article.id, hit.found) for hit in index.search("Lowmarsh")] == [("ferry", "words")]

        add(index, *NEWS)

        assert (index.status().unfinished, index.verify()) == (0, [])
        assert [(hit.article.id, hit.found) for hit in index.search("Lowmarsh", 1)] == [("ferry", "both")]


# -- damage and repair -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("store", ["words", "vectors"])
def test_a_store_that_was_deleted_is_reported_and_rebuilt_without_encoding(tmp_path: Path, store: str) -> None:
    encoder = CountingEncoder()
    with Index.open(tmp_path / "news", encoder) as index:
        add(index, *NEWS)
        before, read = told(index.search("harbour ferry")), encoder.texts_read
        shutil.rmtree(tmp_path / "news" / store)

        (finding,) = index.verify()
        assert finding.store == store
        assert "missing. Run `whence rebuild`" in finding.what

        index.rebuild()

        assert told(index.search("harbour ferry")) == before
        assert index.verify() == []
        assert encoder.texts_read == read


def test_rubbish_in_the_words_is_reported_and_rebuilt(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        add(index, *NEWS)
    (tmp_path / "news" / "words" / "meta.json").write_text("rubbish")
    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        assert [finding.store for finding in index.verify()] == ["words"]
        index.rebuild()
        assert index.verify() == []
        assert ids(index.search("crack"))[0] == "bridge"


def test_text_that_changed_on_disk_is_reported(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", CountingEncoder()) as index:
        add(index, *NEWS)
        with sqlite3.connect(tmp_path / "news" / "archive.sqlite") as archive:
            archive.execute("UPDATE articles SET text = replace(text, 'wept', 'slept') WHERE id = 'museum'")
        (finding,) = index.verify()
    assert finding.what == "text, passages or credits that do not match in 1 articles: museum"


# -- several at once ---------------------------------------------------------------------------------------------------


def test_a_reader_sees_what_another_index_adds_changes_and_removes(tmp_path: Path) -> None:
    with (
        Index.open(tmp_path / "news", CountingEncoder()) as writer,
        Index.open(tmp_path / "news", CountingEncoder(), create=False) as reader,
    ):
        assert reader.search("ferry") == []
        add(writer, *NEWS)
        assert [(hit.article.id, hit.found) for hit in reader.search("Lowmarsh", 1)] == [("ferry", "both")]
        add(writer, FERRY | {"text": "The night ferry to Highmarsh sails."})
        assert reader.scan("Lowmarsh") == []
        assert [(hit.article.id, hit.found) for hit in reader.search("Highmarsh", 1)] == [("ferry", "both")]
        writer.remove(["ferry"])
        assert "ferry" not in ids(reader.search("Highmarsh"))
        writer.rebuild()
        assert told(reader.search("harbour")) == told(writer.search("harbour"))


def test_two_indexes_may_write_by_turns(tmp_path: Path) -> None:
    with (
        Index.open(tmp_path / "news", CountingEncoder()) as one,
        Index.open(tmp_path / "news", CountingEncoder()) as two,
    ):
        for turn, writer in enumerate([one, two, one, two]):
            add(writer, NEWS[turn])
            assert NEWS[turn]["id"] in ids(writer.search("harbour ferry"))
        assert (len(one), one.verify()) == (4, [])


def test_eight_threads_find_what_one_finds(news: Index) -> None:
    queries = ["harbour", "night ferry", "museum map", "crack in the bridge", "train", "Reuters engine"] * 8
    expected = [told(news.search(query)) for query in queries]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda query: told(news.search(query)), queries)) == expected


def test_threads_can_search_while_articles_are_added(index: Index) -> None:
    add(index, *NEWS)
    with ThreadPoolExecutor(4) as threads:
        searches = [threads.submit(index.search, "harbour ferry") for _ in range(40)]
        for i in range(4):
            add(index, {"id": f"new-{i}", "text": f"Harbour notice number {i}."})
        assert all("ferry" in ids(search.result()) for search in searches)
    assert index.verify() == []


# -- questions of any kind ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *(
            "NEAR(ferry",
            "title:",
            "title:ferry",
            "*",
            "fer*",
            '" OR 1=1 --',
            "'; DROP TABLE articles",
            "ferry AND",
            "[1 TO 2]",
        ),
        *("", "   ", "\n", "?!…", "⛴️", "⛴️ ferry", "\x00", "(((((", "-ferry", "+ferry^9", "~", "\\", "a:b:c"),
        *("the of and", "渡し船", "Ünïcödé", "ferry " * 2_000, "x" * 10_000, "\ud800"),
    ],
)
def test_no_question_is_too_odd_to_search_or_scan(news: Index, text: str) -> None:
    assert len(news.search(text)) <= 4
    assert len(news.scan(text)) <= 4
    assert len(news.search(Query(text, outlets=("CNN",)))) <= 2


@pytest.mark.parametrize("text", ["", "   ", "?!…", "⛴️", "(*)"])
def test_a_question_without_words_finds_nothing(news: Index, text: str) -> None:
    assert news.search(text) == []


def test_operators_in_a_question_mean_nothing(news: Index) -> None:
    assert told(news.search("-ferry +title:night*")) == told(news.search("ferry title night"))


def test_a_question_of_common_words_alone_still_finds_something(news: Index) -> None:
    assert len(news.search("who was it")) == 4


def test_an_empty_collection_answers_everything(index: Index) -> None:
    assert [index.search("ferry"), index.scan("ferry"), [*index.articles()], index.outlets(), index.verify()] == [
        []
    ] * 5
    assert (len(index), index.suggest("fer"), index.status().passages) == (0, [], 0)


# -- what a collection holds -------------------------------------------------------------------------------------------


def test_scan_gives_every_match_by_date_the_undated_last(news: Index) -> None:
    assert ids(news.scan("harbour")) == ["museum", "bridge", "letter"]
    assert ids(news.scan("the FERRIES")) == ["ferry", "bridge", "letter"]
    assert ids(news.scan("harbour ferry")) == ["bridge", "letter"]
    assert ids(news.scan(Query("harbour", since=dt.date(2016, 4, 1)))) == ["bridge"]


def test_articles_come_by_date_and_pass_the_filters(news: Index) -> None:
    assert [article.id for article in news.articles()] == ["ferry", "museum", "bridge", "letter"]
    assert [article.id for article in news.articles(Query("", outlets=("cnn",)))] == ["museum", "letter"]


def test_around_gives_the_neighbours_of_a_passage(index: Index) -> None:
    add(index, {"id": "long", "text": chapters("lighthouse", 5)})
    passages = index.passages("long")
    assert [p.number for p in passages] == [0, 1, 2, 3, 4]
    assert index.around(passages[2]) == passages[1:4]
    assert index.around(passages[0], 2) == passages[:3]


def test_passages_and_credits_of_an_old_revision_stay(index: Index) -> None:
    add(index, FERRY)
    add(index, FERRY | {"text": "The night ferry to Lowmarsh sails again."})
    assert [p.text for p in index.passages("ferry", 1)] == [FERRY["text"]]
    assert [p.text for p in index.passages("ferry")] == ["The night ferry to Lowmarsh sails again."]
    (credit,) = index.credits("ferry", 1)
    assert (credit.name, credit.revision) == ("Reuters", 1)
    assert index.credits("ferry") == []
    for ask in (index.passages, index.credits):
        with pytest.raises(UnknownArticle, match="There is no revision 3 of article 'ferry'"):
            ask("ferry", 3)


def test_status_counts_what_is_there(index: Index) -> None:
    add(index, *NEWS)
    add(index, FERRY | {"text": "The night ferry to Lowmarsh sails again."})
    status = index.status()
    assert (status.articles, status.revisions, status.passages, status.undated, status.unfinished) == (4, 5, 4, 1, 0)
    assert [(o.outlet, o.articles, str(o.first), str(o.last)) for o in status.outlets] == [
        ("CNN", 2, "2016-03-05", "2016-03-05"),
        ("Breitbart", 1, "2016-04-11", "2016-04-11"),
        ("The New York Times", 1, "2016-03-02", "2016-03-02"),
    ]
    assert status.encoder.startswith("counting 000000000000 fp32 fold-")
    assert status.bytes > 50_000


def test_fingerprints_are_equal_for_equal_collections_only(tmp_path: Path) -> None:
    fingerprints = []
    for name, articles in (("a", NEWS), ("b", NEWS[::-1]), ("c", NEWS[:3])):
        with Index.open(tmp_path / name, CountingEncoder()) as index:
            add(index, *articles)
            fingerprints.append(index.fingerprint)
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


def test_suggestions_are_words_of_the_collection_the_commonest_first(news: Index) -> None:
    assert news.suggest("ha") == ["harbour"]
    assert news.suggest("FERR") == ["ferry"]
    assert news.suggest("!") == []


# -- trouble with the folder -------------------------------------------------------------------------------------------


def test_a_file_in_place_of_the_folder_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "news").write_text("a file")
    with pytest.raises(WhenceError, match=r"The collection at .*news cannot be written: File exists"):
        Index.open(tmp_path / "news", CountingEncoder())


def test_a_file_that_is_no_archive_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "archive.sqlite").write_bytes(b"certainly not a database" * 100)
    with pytest.raises(WhenceError, match=r"archive.sqlite cannot be used: file is not a database"):
        Index.open(tmp_path / "news", CountingEncoder())


def test_a_folder_that_was_removed_while_open_is_missed_and_not_made_again(index: Index) -> None:
    add(index, *NEWS)
    shutil.rmtree(index.path)
    for attempt in (lambda: index.search("ferry"), lambda: add(index, FERRY), index.status, index.verify):
        with pytest.raises(NoCollection, match=r"was removed or replaced while it was open\. Open it again"):
            attempt()
    assert not index.path.exists()


def test_a_folder_that_was_made_anew_while_open_is_not_mistaken_for_the_old(index: Index) -> None:
    add(index, *NEWS)
    index.path.rename(index.path.with_name("elsewhere"))
    Index.open(index.path, CountingEncoder()).close()
    with pytest.raises(NoCollection):
        index.search("ferry")


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write anywhere; so it does not stay root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_collection_that_one_may_not_write_is_refused_in_words() -> None:
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder, "news"), CountingEncoder()) as index:
        add(index, *NEWS)
        Path(folder).chmod(0o755)
        (index.path / "lock").chmod(0o444)
        with (
            as_nobody(),
            pytest.raises(WhenceError, match=r"news cannot be written: Permission denied\. Choose a folder"),
        ):
            index.remove(["ferry"])
        with (
            as_nobody(),
            pytest.raises(WhenceError, match=r"new cannot be written: Permission denied\. Choose a folder"),
        ):
            Index.open(index.path / "new", CountingEncoder())
        assert ids(index.search("Lowmarsh"))[0] == "ferry"


def test_a_full_disk_is_told_and_what_was_there_stays(index: Index) -> None:
    add(index, *NEWS)
    before = told(index.search("harbour ferry"))
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, unlimited[1]))
    try:
        with pytest.raises(WhenceError, match=r"The archive at .* cannot be used: .*See that its disk has room"):
            add(index, {"id": "long", "text": chapters("lighthouse", 300)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert told(index.search("harbour ferry")) == before
    assert add(index, {"id": "long", "text": chapters("lighthouse", 3)}).added == ("long",)
    assert index.verify() == []
