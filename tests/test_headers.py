"""What the lines above a story say of it, in the many ways in which papers, portals and press archives print them."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from index.readers.draft import Draft, article
from index.records import Article, Origin

STORY = (
    "The ferry left the harbour at dawn with two hundred people on board, the port said.\n"
    "Divers searched the bay until the evening and found the ship’s bell."
)


def read(text: str) -> Article:
    return article(Draft(text, Origin("saved.txt"), alone=True))


def zone(hours: float) -> dt.timezone:
    return dt.timezone(dt.timedelta(hours=hours))


@dataclass(frozen=True)
class Header:
    """Lines above the story and what they say."""

    lines: str
    title: str
    author: str | None = None
    outlet: str | None = None
    published: dt.date | dt.datetime | None = None
    story: str = ""
    """Those of the lines that are the story's, a summary."""

    def __str__(self) -> str:
        return self.lines.replace("\n", " / ")


HEADERS = [
    Header(
        "Beekeepers win appeal over licence\nThe court found that nobody had asked the bees\n"
        "Ruth Lind Rural correspondent\n"
        "Thu 9 May 2019 17.42 BST\nLast modified on Fri 10 May 2019 08.15 BST\nShares\n1,204",
        "Beekeepers win appeal over licence",
        "Ruth Lind",
        None,
        dt.datetime(2019, 5, 9, 17, 42, tzinfo=zone(1)),
        "The court found that nobody had asked the bees",
    ),
    Header(
        "Missing hiker found alive on mountain\nShe lived on melted snow and a jar of mustard.\n"
        "Friday 25 November 2022 11:31, UK\n"
        "Image:\nThe search had been called off",
        "Missing hiker found alive on mountain",
        published=dt.datetime(2022, 11, 25, 11, 31, tzinfo=ZoneInfo("Europe/London")),
        story="She lived on melted snow and a jar of mustard.",
    ),
    Header(
        "Glacier lake drains overnight\nBy Tom Whelan\nBBC News, Reykjavik\nPublished\n3 October 2020\nShare page",
        "Glacier lake drains overnight",
        "Tom Whelan",
        "BBC",
        dt.date(2020, 10, 3),
    ),
    Header(
        "The Valley Courier\nFebruary 14, 2017 Tuesday\nLate Edition\nDam Keepers Threaten Strike Over Night Pay\n"
        "BYLINE: Sanjay Pillai\nSECTION: NEWS; Pg. 4\nLENGTH: 312 words",
        "Dam Keepers Threaten Strike Over Night Pay",
        "Sanjay Pillai",
        "The Valley Courier",
        dt.date(2017, 2, 14),
    ),
    Header(
        "Traders lock lawmakers out over market\nOn May 4, 2022In News6:12 pmby Emmanuel\nKindly Share This Story:\n"
        "By Chidi Obi, Enugu",
        "Traders lock lawmakers out over market",
        "Chidi Obi",
        None,
        dt.date(2022, 5, 4),
    ),
    Header(
        "Cult Leader Flees on Jet Ski\nGary Stone\nReporter\n"
        "Updated Jul. 13, 2022 4:07AM ET / Published Jul. 12, 2022 11:40PM ET",
        "Cult Leader Flees on Jet Ski",
        "Gary Stone",
        None,
        dt.datetime(2022, 7, 12, 23, 40, tzinfo=ZoneInfo("America/New_York")),
    ),
    Header(
        "Faded Idol's Mansion Sale Collapses Over Pool Bill\nDec. 21 2021, Updated 8:01 p.m. ET",
        "Faded Idol's Mansion Sale Collapses Over Pool Bill",
        published=dt.datetime(2021, 12, 21, 20, 1, tzinfo=ZoneInfo("America/New_York")),
    ),
    Header(
        "Sheep block motorway\nLast updated: 4:45 PM, 30 Jan 2022 (GMT)\nFirst published: 2:10 PM, 30 Jan 2022 (GMT)",
        "Sheep block motorway",
        published=dt.datetime(2022, 1, 30, 14, 10, tzinfo=dt.UTC),
    ),
    Header(
        "Cheese thieves leave thank-you note\nAug 09 2022\nAnneke Vos",
        "Cheese thieves leave thank-you note",
        "Anneke Vos",
        None,
        dt.date(2022, 8, 9),
    ),
    Header(
        "Submarine Mutiny Ends Over Pancakes\nJul 19, 2022 6:30 AM AEST - By Imogen Tate and agencies",
        "Submarine Mutiny Ends Over Pancakes",
        "Imogen Tate",
        None,
        dt.datetime(2022, 7, 19, 6, 30, tzinfo=zone(10)),
    ),
    Header(
        "Clockwork Orchestra Tours Alone\nReporter: Nils Abel\nDate: Saturday 20 April 2013\nSource: The Fjord Times",
        "Clockwork Orchestra Tours Alone",
        "Nils Abel",
        "The Fjord Times",
        dt.date(2013, 4, 20),
    ),
    Header(
        "Crooner's Yacht Impounded By Bartenders\nAug. 30 2022, Published 11:45 a.m. PT\nSource: Mega",
        "Crooner's Yacht Impounded By Bartenders",
        published=dt.datetime(2022, 8, 30, 11, 45, tzinfo=ZoneInfo("America/Los_Angeles")),
        story="Source: Mega",
    ),
    Header(
        "Chancellor's dog bites second envoy\nPolitical editor Rufus Hale\n@rufushale\n9 Dec 2021, 13:27 GMT",
        "Chancellor's dog bites second envoy",
        "Rufus Hale",
        None,
        dt.datetime(2021, 12, 9, 13, 27, tzinfo=dt.UTC),
    ),
    Header(
        "Tuba thieves hit fourth school\nRoberta Stein\nLakeside Register",
        "Tuba thieves hit fourth school",
        "Roberta Stein",
        "Lakeside Register",
    ),
    Header(
        "Harbour board denies selling crane twice\nJonas Brandt, for The Skerry Advertiser\nMay 2, 2018",
        "Harbour board denies selling crane twice",
        "Jonas Brandt",
        "The Skerry Advertiser",
        dt.date(2018, 5, 2),
    ),
    Header(
        "Quarry lake turns pink overnight\nThe Lakeside Gazette | 8 August 2018 | Environment",
        "Quarry lake turns pink overnight",
        None,
        "The Lakeside Gazette",
        dt.date(2018, 8, 8),
    ),
    Header(
        "Fishermen block port over licences\nBy Al Jazeera Staff\nPublished On 2 Sep 2021\n2 Sep 2021",
        "Fishermen block port over licences",
        None,
        "Al Jazeera",
        dt.date(2021, 9, 2),
    ),
    Header(
        "School shuts as bees move into boiler\nByTara Quinn\nMay 17, 2022, 11:05 AM",
        "School shuts as bees move into boiler",
        "Tara Quinn",
        None,
        dt.date(2022, 5, 17),
    ),
    Header(
        "Elephant eats sugarcane on highway\n"
        "PTI | Coimbatore | Updated: 13-11-2021 19:22 IST | Created: 13-11-2021 19:20 IST",
        "Elephant eats sugarcane on highway",
        None,
        "PTI",
        dt.datetime(2021, 11, 13, 19, 20, tzinfo=zone(5.5)),
    ),
    Header(
        "From: tips@skerry.example\nTo: desk@skerry.example\nDate: Mon, 6 Jan 2020 09:12:44 +0100\n"
        "Subject: Whale found in canal",
        "Whale found in canal",
        published=dt.datetime(2020, 1, 6, 9, 12, 44, tzinfo=zone(1)),
    ),
    Header(
        "Міст через Стир закрили до весни\nОлена Мельник — П'ятниця, 5 листопада 2021, 09:15",
        "Міст через Стир закрили до весни",
        "Олена Мельник",
        None,
        dt.date(2021, 11, 5),
    ),
    Header(
        "Boğazda iki tanker çarpıştı\nGiriş: 15 Nisan 2021 Perşembe 10:32\nGüncelleme: 16 Nisan 2021 Cuma 12:01",
        "Boğazda iki tanker çarpıştı",
        published=dt.date(2021, 4, 15),
    ),
    Header(
        "渔船在台风中救起四名水手\n2021年7月26日 09:30",
        "渔船在台风中救起四名水手",
        published=dt.date(2021, 7, 26),
    ),
]


@pytest.mark.parametrize("header", HEADERS, ids=str)
def test_a_header_is_understood_and_none_of_it_is_story(header: Header) -> None:
    found = read(f"{header.lines}\n{STORY}")
    assert (found.title, found.author, found.outlet) == (header.title, header.author, header.outlet)
    assert found.published == header.published
    kept = found.text
    for aside in reversed(found.asides):
        kept = kept[: aside.start] + kept[aside.end :]
    assert [line for line in kept.split("\n") if line] == [*filter(None, [header.story]), *STORY.split("\n")]


@pytest.mark.parametrize(
    ("ending", "outlet"),
    [
        ("Copyright 2019 The Harbour Gazette. All rights reserved.", "The Harbour Gazette"),
        ("The post Ferry sinks appeared first on Skerry Today.", "Skerry Today"),
        ("Write to Ada Moss at ada.moss@wsj.com", "The Wall Street Journal"),
        ("Never miss a story — sign up for the RadarOnline.com newsletter.", "RadarOnline"),
        ("Copyright 1904 by the Admiralty.", None),
        ("The ferry had been bought from The Times of Malta.", None),
    ],
)
def test_who_claims_the_rights_or_advertises_is_the_outlet(ending: str, outlet: str | None) -> None:
    assert read(f"Old Ferry Sinks In Quiet Bay\n\n{STORY}\n\n{ending}").outlet == outlet


def test_of_copy_that_only_names_its_agency_that_is_the_outlet() -> None:
    found = read(f"Old Ferry Sinks In Quiet Bay\n\nPORT VILA (AFP) - {STORY}")
    assert (found.outlet, found.wire) == ("AFP", "AFP")


@pytest.mark.parametrize(
    "text",
    [
        f"The strike was over by noon.\n\nFriday, March 4, 2022\n\n{STORY}",
        f"The strike was over by noon.\n\nCORRECTION:\n\nSaturday, March 5, 2016.\n\n{STORY}",
        f"{STORY}\n{STORY}\n\nBy Ada Moss",
    ],
)
def test_a_date_or_name_further_down_is_no_header(text: str) -> None:
    found = read(text)
    assert (found.title, found.author, found.dated == "stated") == (None, None, False)


def test_a_headline_of_the_form_of_a_sentence_may_stand_right_above_its_story() -> None:
    assert read(f"Ferry sinks in quiet bay\n{STORY}").title == "Ferry sinks in quiet bay"
    assert read(f"Who let the old ferry sink?\n\n{STORY}").title == "Who let the old ferry sink?"
    assert read(f"Ferry sinks\nFerry sinks.\n\n{STORY}").title == "Ferry sinks"
