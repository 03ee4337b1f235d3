"""Lines that an outlet prints in many of its articles are asides, once it is seen that they are."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from fakes import CountingEncoder

from index import Index
from index.outlets import known
from index.readers.draft import Draft, article
from index.records import Article, Origin
from index.recurring import ENOUGH, count, marked

THINGS = ["ferry", "tug", "pilot", "buoy", "crane", "pier", "lighthouse", "anchor", "whale", "barge", "canal", "dock"]


def told(thing: str, line: str, outlet: str | None = "Harbour Gazette") -> Article:
    story = f"The {thing} was seen at dawn off the old town, said those who were up."
    text = f"{story}\n\n{line}\n\nNobody asked the {thing} why."
    return article(Draft(text, Origin(thing), id=thing, title=f"The {thing}", outlet=outlet))


def taken(articles: list[Article]) -> list[str]:
    counts = count(articles)
    found = marked(articles[0], counts, known())
    return [found.text[a.start : a.end] for a in found.asides]


def test_a_line_in_many_articles_of_one_outlet_is_an_aside() -> None:
    line = "The Gazette keeps the coast awake"
    assert taken([told(thing, line) for thing in THINGS[:ENOUGH]]) == [line]


def test_a_line_in_fewer_articles_is_none() -> None:
    assert taken([told(thing, "The Gazette keeps the coast awake") for thing in THINGS[: ENOUGH - 1]]) == []


def test_articles_of_different_or_unknown_outlets_share_no_line() -> None:
    line = "The Gazette keeps the coast awake"
    assert taken([told(thing, line, outlet=f"{thing} Gazette") for thing in THINGS]) == []
    assert taken([told(thing, line, outlet=None) for thing in THINGS]) == []


@pytest.mark.parametrize(
    "line",
    ["“We knew,” the mayor said", "Additional material from Reuters", "9:05 p.m.", "x" * 301],
    ids=["a quotation", "a credit", "a time", "a paragraph"],
)
def test_quotations_credits_times_and_paragraphs_never_recur(line: str) -> None:
    assert taken([told(thing, line) for thing in THINGS]) == []


def test_a_sentence_recurs_only_when_a_fifth_of_the_articles_have_it() -> None:
    sentence = "It takes nine votes of the council to sell a pier."
    those = [told(thing, sentence) for thing in THINGS]
    others = [told(f"{thing} {n}", f"Line {thing} {n}") for thing in THINGS for n in range(10)]
    assert taken(those) == [sentence]
    assert sentence not in taken([*those, *others])


def test_an_article_of_nothing_but_what_recurs_keeps_its_text() -> None:
    text = "Tide tables of the week\nHigh water at the old pier"
    same = [article(Draft(text, Origin(t), id=t, title=t, outlet="Harbour Gazette")) for t in THINGS]
    assert marked(same[0], count(same), known()) is same[0]


def test_what_recurs_is_counted_in_articles_that_have_it_as_an_aside_already() -> None:
    line = "The Gazette keeps the coast awake"
    held = [told(thing, line) for thing in THINGS[:ENOUGH]]
    again = [marked(one, count(held), known()) for one in held]
    assert taken([told("seal", line), *again]) == [line]


def write(folder: Path, things: Iterable[str]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for thing in things:
        lines = [
            "Title: The " + thing,
            "Source: Harbour Gazette",
            "",
            *told(thing, "Awake since the year of the flood").text.split("\n"),
        ]
        (folder / f"{thing}.txt").write_text("\n".join(lines))
    return [folder / f"{thing}.txt" for thing in things]


def searched(news: Index) -> list[str]:
    return [passage.text for one in news.articles() for passage in news.passages(one.id)]


def test_of_a_collection_no_passage_holds_a_line_that_recurs(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", encoder=CountingEncoder()) as news:
        news.add(write(tmp_path / "in", THINGS))
        assert not any("Awake" in text for text in searched(news))
        assert not news.scan("flood")
        assert news.verify() == []


def test_articles_that_come_one_by_one_are_compared_with_those_held(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news", encoder=CountingEncoder()) as news:
        for path in write(tmp_path / "in", THINGS):
            news.add([path])
        assert sum("Awake" in text for text in searched(news)) == ENOUGH - 1
        news.rebuild(encode=True)
        assert not any("Awake" in text for text in searched(news))
        assert news.verify() == []
