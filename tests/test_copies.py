"""Which articles are copies: by fingerprints alone, kept with a collection, and folded by its search."""

import datetime as dt
import json
from pathlib import Path

import pytest
from fakes import CountingEncoder

from index import Index
from index.copies import contained, pairs, prints, similar, story
from index.records import Article, Aside, Query

WORDS = "one two three four five six seven eight nine ten eleven twelve".split()


def words(start: int, count: int) -> str:
    """A text of that many words, all different, numbered from `start`."""
    return " ".join(f"{WORDS[n % 12]}{n}" for n in range(start, start + count))


def article(
    id_: str, text: str, outlet: str = "The Harbour Gazette", day: int | None = 4, wire: str | None = None
) -> Article:
    return Article(id_, text, outlet=outlet, published=dt.date(2021, 3, day) if day else None, wire=wire)


def kinds(*articles: Article) -> list[tuple[str, tuple[str, ...]]]:
    return [(group.kind, group.articles) for group in similar(articles)]


def test_the_same_text_in_another_outlet_is_a_reprint_of_the_earlier_one() -> None:
    text = words(0, 300)
    late, early = article("late", text, "Meridian Post", 6), article("early", text, day=5)
    assert kinds(late, early) == [("reprint", ("early", "late"))]


def test_a_text_that_an_agency_supplied_is_wire_copy() -> None:
    text = words(0, 300)
    assert kinds(article("a", text, wire="AFP"), article("b", text, "Meridian Post"))[0][0] == "wire"


def test_a_later_version_of_which_half_is_new_is_an_update() -> None:
    draft, final = words(0, 300), words(0, 300) + " " + words(1000, 280)
    assert kinds(article("draft", draft), article("final", final, day=5)) == [("update", ("draft", "final"))]


def test_texts_that_share_a_third_are_no_copies() -> None:
    assert kinds(article("a", words(0, 300)), article("b", words(200, 300))) == []


def test_a_long_quotation_in_common_is_told_apart_from_a_copy() -> None:
    quote = f"“{words(5000, 150)}”"
    one = article("one", f"{words(0, 400)} {quote}")
    other = article("other", f"{quote} {words(1000, 400)}", "Meridian Post", 5)
    assert kinds(one, other) == [("shared-quote", ("one", "other"))]


def test_an_undated_article_is_never_the_origin() -> None:
    text = words(0, 300)
    assert kinds(article("a", text, day=None), article("b", text, "Meridian Post", 9))[0][1] == ("b", "a")


def test_copies_of_copies_are_one_group() -> None:
    texts = [words(0, 300), words(100, 300), words(200, 300)]
    found = kinds(*(article(f"a{n}", text, f"Outlet {n}", 4 + n) for n, text in enumerate(texts)))
    assert found == [("reprint", ("a0", "a1", "a2"))]


def test_what_an_outlet_prints_under_every_article_makes_no_copies() -> None:
    standing = words(9000, 200)
    some = [article(f"a{n}", f"{words(1000 * n, 50)}\n\n{standing}") for n in (1, 2)]
    marked = [Article(a.id, a.text, asides=(Aside("promotion", a.text.index(standing), len(a.text)),)) for a in some]
    assert (len(kinds(*some)), kinds(*marked)) == (1, [])
    assert standing not in story(marked[0])


def test_short_texts_are_not_compared() -> None:
    assert kinds(article("a", words(0, 12)), article("b", words(0, 12), "Meridian Post")) == []


@pytest.mark.parametrize("text", ["", "one two three four", "🙂 🙂"])
def test_a_text_without_five_words_has_an_empty_fingerprint(text: str) -> None:
    assert (len(prints(text)), contained(text, words(0, 50))) == (0, 0.0)


def test_new_articles_are_compared_with_held_ones_as_with_each_other() -> None:
    texts = [prints(words(start, 300)) for start in (0, 50, 5000)]
    together = pairs(dict(enumerate(texts)))
    apart = pairs({1: texts[1]}, [(0, texts[0]), (2, texts[2])])
    assert together == apart
    assert [(p.one, p.other, p.copies) for p in apart] == [(0, 1, True)]


def test_an_ordinary_quotation_mark_or_case_makes_no_difference() -> None:
    assert contained("He said: “The Bridge is closed.”", 'HE SAID: "the bridge is closed"') == 1.0


# -- in a collection --------------------------------------------------------------------------------------------------


def sentences(start: int, count: int) -> str:
    """Sentences of eight different words."""
    return " ".join(f"{words(start + 8 * n, 8).capitalize()}." for n in range(count))


def put(folder: Path, *articles: tuple[str, str, str, str]) -> Path:
    file = folder / "articles.jsonl"
    rows = [{"id": i, "outlet": o, "published": d, "title": i, "text": t} for i, o, d, t in articles]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


def test_a_collection_keeps_its_groups_as_articles_come_change_and_go(tmp_path: Path) -> None:
    text = sentences(0, 40)
    with Index.open(tmp_path / "news", encoder=CountingEncoder()) as news:
        news.add([put(tmp_path, ("first", "The Harbour Gazette", "2021-03-04", text))])
        assert news.copies() == []
        news.add([put(tmp_path, ("second", "Meridian Post", "2021-03-05", text))])
        assert [(g.kind, g.articles) for g in news.copies()] == [("reprint", ("first", "second"))]
        assert news.copies(["second"]) == news.copies() and news.copies(["none"]) == []
        news.add([put(tmp_path, ("second", "Meridian Post", "2021-03-05", sentences(5000, 40)))])
        assert news.copies() == []
        news.add([put(tmp_path, ("third", "Skerry Daily", "2021-03-06", text))])
        news.remove(["first"])
        assert news.copies() == []


def test_an_article_without_a_date_is_dated_by_its_copies_as_they_come_and_only_to_a_week(tmp_path: Path) -> None:
    text = sentences(0, 40)
    with Index.open(tmp_path / "news", encoder=CountingEncoder()) as news:
        news.add(
            [put(tmp_path, ("undated", "Meridian Post", "", text), ("other", "Meridian Post", "", sentences(9000, 40)))]
        )
        assert (news.article("undated").dated, news.article("undated").window) == ("unknown", None)
        news.add([put(tmp_path, ("first", "The Harbour Gazette", "2021-03-14", text))])
        news.add([put(tmp_path, ("second", "Skerry Daily", "2021-03-16", text))])
        undated = news.article("undated")
        assert (undated.published, undated.dated) == (None, "inferred")
        assert undated.window == (dt.date(2021, 3, 7), dt.date(2021, 3, 23))
        assert news.article("other").window is None
        assert news.copies()[0].origin == "first"
        assert news.verify() == []
        assert news.undated(Query("")) == 2  # it still passes no day filter
        assert news.add([put(tmp_path, ("undated", "Meridian Post", "", text))]).unchanged == ("undated",)


def test_a_long_quotation_in_common_dates_nothing_for_it_may_be_repeated_years_later(tmp_path: Path) -> None:
    quote = f"“{words(100, 200)}”"
    with Index.open(tmp_path / "news", encoder=CountingEncoder()) as news:
        news.add([put(tmp_path, ("first", "The Harbour Gazette", "2021-03-14", f"{sentences(1000, 60)} {quote}"),
                      ("undated", "Meridian Post", "", f"{quote} {sentences(3000, 60)}"))])  # fmt: skip
        assert [group.kind for group in news.copies()] == ["shared-quote"]
        assert news.copies(["first"]) == []
        assert news.article("undated").window is None


def test_a_search_folds_passages_that_differ_by_a_few_words(tmp_path: Path) -> None:
    text = sentences(0, 12)
    other = text.replace("one0", "uno0")
    with Index.open(tmp_path / "news", encoder=CountingEncoder()) as news:
        news.add([put(tmp_path, ("first", "The Harbour Gazette", "2021-03-04", text),
                      ("second", "Meridian Post", "2021-03-05", other))])  # fmt: skip
        hits = news.search(words(8, 8))
    assert len({hit.article.id for hit in hits}) == 1
    assert {copy.article_id for hit in hits for copy in hit.copies} == {"first", "second"} - {hits[0].article.id}
