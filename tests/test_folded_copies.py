"""Of two copies the earlier is never told as the copy, whichever of them ranks higher for the question."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import collection

from assistant import Assistant
from index import Index

TEXT = (
    "The ferry Marigold was held at Salt Quay on Thursday after divers found a crack of 14 centimetres in {}. Ada"
    " Marsh, who runs the line, said the ship would stay in port for nine days while the plates were changed, and that"
    " no passenger had been in danger. The harbour master asked two other owners to have their ships looked at before"
    " the summer, when the crossings are full."
)
ARTICLES = [
    {
        "id": "lantern",
        "outlet": "Lantern Weekly",
        "published": "2021-03-02",
        "title": "Marigold to be looked at",
        "text": "Divers will look for a crack in the hull of the ferry Marigold this week, her owner said.",
    },
    {
        "id": "gazette",
        "outlet": "The Harbour Gazette",
        "published": "2021-03-04",
        "title": "News in brief",
        "text": TEXT.format("her hull"),
    },
    {
        "id": "skerry",
        "outlet": "Skerry Daily",
        "published": "2021-03-05",
        "title": "Crack in the hull of the ferry Marigold",
        "text": TEXT.format("the hull of the ferry Marigold"),
    },
]
TOPIC = "the crack in the hull of the ferry Marigold"


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Index]:
    with collection(tmp_path, ARTICLES) as index:
        yield index


def test_the_later_copy_ranks_higher_and_has_the_earlier_folded_into_it(news: Index) -> None:
    folded = {hit.article.id: [copy.article_id for copy in hit.copies] for hit in news.search(TOPIC)}
    assert folded == {"skerry": ["gazette"], "lantern": []}


def test_the_later_copy_is_told_as_the_copy_of_the_earlier(news: Index) -> None:
    reports = Assistant(news).trace(TOPIC).reports
    assert [(report.id, report.role, report.of) for report in reports] == [
        ("lantern", "origin", ()),
        ("gazette", "repeat", ()),
        ("skerry", "copy", ("gazette",)),
    ]


def test_an_earlier_copy_outside_the_outlets_or_days_asked_for_is_no_copy_of_the_later_either(news: Index) -> None:
    for reports in (
        Assistant(news).trace(TOPIC, outlets=["Skerry Daily"]).reports,
        Assistant(news).trace(TOPIC, since=dt.date(2021, 3, 5)).reports,
    ):
        assert ("gazette", "copy") not in [(report.id, report.role) for report in reports]
