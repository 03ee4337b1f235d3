"""Articles from which no clean trail can be told: no loop, no crash, and the doubt said."""

import json
from collections.abc import Iterator

import pytest
from fakes import CountingEncoder

from assistant import Assistant
from assistant.chart import lines, mermaid
from assistant.records import Trace
from index import Index

OUTLETS = [f"the {name} Courier" for name in ("Amber", "Birch", "Cedar", "Dune", "Elder", "Fern", "Grove", "Heath")]
ARTICLES = [
    ("itself", "Meridian Post", "2021-03-04",
     "The tunnel under Mount Orrin leaks, Meridian Post has learned. Meridian Post reported that Meridian Post reported"
     " that Meridian Post first reported the leak in the tunnel under Mount Orrin."),
    ("post", "Meridian Post", "2021-04-01",
     "The lighthouse of Skerry will be sold to a hotel, according to Skerry Daily."),
    ("skerry", "Skerry Daily", "2021-04-02",
     "The lighthouse of Skerry will be sold to a hotel, according to Meridian Post."),
    ("future", "Thistlewick Reader", "2199-01-01", "A whale stranded on the beach of Norrland."),
    ("epoch", "Lantern Weekly", "1970-01-01", "A whale stranded on the beach of Norrland, and children saw it."),
    ("whale", "Skerry Daily", "2021-05-03", "A whale stranded on the beach of Norrland on Monday."),
    ("letter", "Karen Lund", "2021-06-01", "The windmill of Brill turns again. Its sails are new."),
    ("windmill", "Meridian Post", "2021-06-02",
     "Karen Lund said that the windmill of Brill turns again. She has been its miller for years."),
    ("scoop", "Meridian Post", "2021-06-08", "The theft of the bell of Brill was first reported by Karen Lund."),
    ("bell", "Karen Lund", "2021-06-07", "The bell of Brill was stolen in a theft at night."),
    ("many", "Meridian Post", "2021-07-01",
     "\n\n".join(f"Gate {n} of the Halvorsen dam is open, according to {OUTLETS[n % 8]}." for n in range(500))),
    ("nested", "Meridian Post", "2021-08-01",
     "Karl Ross said: “Olga Brandt told me, ‘Nils Falk insisted, “the viaduct of Tarn has sunk by a foot,” and left,’"
     " and I believed her.” The viaduct of Tarn has sunk, Skerry Daily reported."),
]  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("odd")
    file = folder / "articles.jsonl"
    rows = [{"id": i, "outlet": o, "published": d, "title": i, "text": t} for i, o, d, t in ARTICLES]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with Index.open(folder / "news", encoder=CountingEncoder()) as news:
        news.add([file])
        yield Assistant(news)


def of(trace: Trace) -> dict[str, tuple[str, ...]]:
    """Whom each report copies or credits."""
    return {report.id: report.of for report in trace.reports}


def test_an_article_that_credits_itself_in_a_circle_is_said_to_credit_nobody_else(assistant: Assistant) -> None:
    trace = assistant.trace("the leak in the tunnel under Mount Orrin")
    assert (trace.short, of(trace)) == (None, {"itself": ()})
    assert "It credits nobody but itself" in trace.text
    trace = assistant.trace("Which outlet first reported the leak in the tunnel under Mount Orrin?")
    assert trace.text.startswith("Meridian Post (4 March 2021) credits itself with the first report: “")
    assert of(trace) == {"itself": ()}


def test_two_articles_that_credit_each_other_show_no_beginning(assistant: Assistant) -> None:
    trace = assistant.trace("the sale of the lighthouse of Skerry to a hotel")
    assert of(trace) == {"post": ("skerry",), "skerry": ("post",)}
    assert {report.role for report in trace.reports} == {"repeat"}
    assert (
        "Meridian Post (1 April 2021) and Skerry Daily (2 April 2021) credit one another, which shows no beginning."
        in trace.text
    )
    assert next(lines(trace.reports)).startswith("2021-04-01  Meridian Post: repeat crediting Skerry Daily")
    assert mermaid(trace.reports).count("-->|credited|") == 2


def test_dates_in_the_future_and_of_1970_are_left_aside(assistant: Assistant) -> None:
    trace = assistant.trace("the whale stranded on the beach of Norrland")
    assert [report.id for report in trace.reports if report.earliest] == ["whale"]
    assert "Thistlewick Reader (1 January 2199) is left aside: it lies in the future." in trace.text
    assert "Lantern Weekly (1 January 1970) is left aside: no clock was set." in trace.text


def test_whoever_speaks_is_not_the_outlet_that_bears_the_same_name(assistant: Assistant) -> None:
    trace = assistant.trace("the windmill of Brill turns again")
    assert of(trace) == {"letter": (), "windmill": ()}
    assert "credits Karen Lund" not in trace.text


def test_an_outlet_named_like_a_person_is_credited_with_its_scoop(assistant: Assistant) -> None:
    trace = assistant.trace("Which outlet first reported the theft of the bell of Brill?")
    assert (trace.short, of(trace)["scoop"]) == ("Karen Lund", ("bell",))
    assert [report.id for report in trace.reports if report.role == "origin"] == ["bell"]


def test_an_article_with_five_hundred_credits_has_each_source_once(assistant: Assistant) -> None:
    trace = assistant.trace("Which outlet reported that a gate of the Halvorsen dam is open?")
    assert sorted(of(trace)["many"]) == sorted(f"credited:{name.removeprefix('the ')}" for name in OUTLETS)
    assert len(trace.text) < 3_000


def test_quotes_nested_three_deep_leave_the_trail_to_who_reported(assistant: Assistant) -> None:
    trace = assistant.trace("Which outlet first reported that the viaduct of Tarn has sunk by a foot?")
    assert of(trace)["nested"] == ("credited:Skerry Daily",)
    for citation in trace.citations:
        assert assistant.index.article(citation.article).text[citation.start : citation.end] == citation.quote
