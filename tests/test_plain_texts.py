"""Whole texts as they are saved from web pages: what is known of the article, and that only its story is searched."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from index.readers.draft import Draft, article
from index.records import Article, Origin

NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Case:
    """A text whose story is the lines that begin with a bar; what the article says of itself is expected of it."""

    name: str
    text: str
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published: dt.date | dt.datetime | None = None

    def __str__(self) -> str:
        return self.name


CASES = [
    Case(
        "a blog's meta line, share bar, caption, cookie banner",
        """Harbour Crews Down Tools In Rare Protest.

by Tola Adeyemi / 0 comment

FacebookTwitterWhatsAppEmail

| The crews of nine tugs stopped work on Monday in solidarity with the pilots, their union said.

Kindly Click Here To Follow Us On Twitter

Harbour Crews

| Port officials called the protest unlawful and said that a court would decide.

Related Articles
Pilots Win First Round In Court
Tugs For Sale As Owner Gives Up
Leave a Comment
Your email address will not be published. Required fields are marked *
This website uses cookies to improve your experience. Accept Read More""",
        title="Harbour Crews Down Tools In Rare Protest.",
        author="Tola Adeyemi",
    ),
    Case(
        "a tabloid's moment in New York time and its word on itself",
        """Ailing Tycoon's Yacht Slips Out Of Port As Creditors Close In
Mar. 9 2021, Published 6:05 a.m. ET
| The yacht left before dawn with its lights off, RadarOnline.com has learned.
| A deckhand said that nobody had been told where it was bound.
Never miss a story — sign up for the RadarOnline.com newsletter to get your daily dose of dope. Daily.
Advertisement
| As RadarOnline.com previously reported, the owner sold two villas in January.""",
        title="Ailing Tycoon's Yacht Slips Out Of Port As Creditors Close In",
        outlet="RadarOnline",
        published=dt.datetime(2021, 3, 9, 6, 5, tzinfo=NEW_YORK),
    ),
    Case(
        "counters below the headline",
        """Scores Of Dockers Walk Out After Crane Collapse: report

0 / 2315

| When the crane fell, it was assumed that work would go on. It did not.

| About 80 dockers left the quay on Tuesday, the harbour radio reported.

Share
Tweet
3 Comments""",
        title="Scores Of Dockers Walk Out After Crane Collapse: report",
    ),
    Case(
        "a British daily's bylines and two times",
        """Ferry captain cleared of blame over winter grounding
By ADA MOSS FOR MAILONLINE
Published: 12:34 GMT, 5 March 2022 | Updated: 13:01 GMT, 5 March 2022
e-mail
14
View comments
| The captain of the ferry that ran aground in January was cleared of all blame on Friday.
| A panel of three found that a buoy had drifted.
(Image: Getty)
| His lawyer said that he hoped to be back at sea by Easter.
Share or comment on this article: Ferry captain cleared
Most watched News videos
© Associated Newspapers Ltd""",
        title="Ferry captain cleared of blame over winter grounding",
        author="ADA MOSS",
        outlet="Daily Mail",
        published=dt.datetime(2022, 3, 5, 12, 34, tzinfo=dt.UTC),
    ),
    Case(
        "a portal's name above date and reading time",
        """Lighthouse keepers return after forty years
Ben Roe
Sat, March 5, 2022, 3:12 PM·3 min read
| Two keepers moved back into the lighthouse on Saturday, forty years after it was automated.
Scroll to continue with content
Ad
| “The foghorn still works,” one of them said.
View comments
Recommended Stories
Coast Guard Buys Two Boats
Storm Names For The Year Announced""",
        title="Lighthouse keepers return after forty years",
        author="Ben Roe",
        published=dt.date(2022, 3, 5),
    ),
    Case(
        "an American weekly's line with month first",
        """World
Sailors Refuse To Leave Port Over Unpaid Wages
BY CAY DAY ON 3/4/22 AT 5:12 PM EST
| Some forty sailors refused to leave port on Friday, according to their union.
Newsweek Newsletter sign-up
Sign up for our daily newsletter
| The owner did not answer a request for comment.""",
        title="Sailors Refuse To Leave Port Over Unpaid Wages",
        author="CAY DAY",
        outlet="Newsweek",
        published=dt.datetime(2022, 3, 4, 17, 12, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
    ),
    Case(
        "a broadcaster's bread crumbs, name and place",
        """Home > News > Coast
Harbour police seize a boat without papers
Published 4 March 2022
Share
By Dan Fell
BBC News, Plymouth
| Police seized a boat without papers in the outer harbour on Thursday night.
IMAGE SOURCE, GETTY IMAGES
Image caption,
| Two men were released in the morning.
Related Topics
Plymouth
Related Internet Links
The BBC is not responsible for the content of external sites.""",
        title="Harbour police seize a boat without papers",
        author="Dan Fell",
        outlet="BBC",
        published=dt.date(2022, 3, 4),
    ),
    Case(
        "a paywall and an offer",
        """Shipyard wins order for six patrol boats

Ed Gray, Staff Writer
April 12, 2019

| The shipyard won an order for six patrol boats on Thursday, its largest in a decade.

Subscribe to continue reading
This article is for subscribers only.
Already a subscriber? Log in
Unlimited digital access from £1 a week

| It will hire two hundred welders.

Copyright 2019 The Harbour Gazette. All rights reserved.""",
        title="Shipyard wins order for six patrol boats",
        author="Ed Gray",
        outlet="The Harbour Gazette",
        published=dt.date(2019, 4, 12),
    ),
    Case(
        "an agency's principles; who reported stays, for that is a credit",
        """Grain ships queue as strait reopens
Reuters
4 MIN READ
| The strait reopened to grain ships on Monday after two weeks of fog.
FILE PHOTO: Ships wait in the strait, May 2, 2018. REUTERS/Fay Holt/File Photo
| Ninety ships were waiting, the harbour master said.
| (Reporting by Fay Holt in Port City; Editing by Gus Ito)
Our Standards: The Thomson Reuters Trust Principles.""",
        title="Grain ships queue as strait reopens",
        outlet="Reuters",
    ),
    Case(
        "tags, an author's few words and comments at the end",
        """Why The Old Pier Must Not Be Sold

By Hal Irwin
February 1, 2018

| The old pier belongs to those who fish from it.

| Whoever buys it will put a gate at its foot.

Hal Irwin is a freelance writer who covers the coast. Follow him on Twitter @halirwin.

Tags: pier, coast, council

About the author
Be the first to comment
Load more comments""",
        title="Why The Old Pier Must Not Be Sold",
        author="Hal Irwin",
        published=dt.date(2018, 2, 1),
    ),
    Case(
        "a list of what is trending amid the story",
        """Divers find a wreck off the northern cape

Posted by Ida Jory | Aug 9, 2017 | News | 0 |

| Divers found the wreck of a steamer off the northern cape on Tuesday.

Trending Now
Ten Beaches You Never Heard Of
This Dog Swims Every Day
What The Harbour Master Earns

| Its bell bears the year 1871, the museum said.

Share this:
Click to share on Twitter (Opens in new window)
Like this:
Like Loading...""",
        title="Divers find a wreck off the northern cape",
        author="Ida Jory",
        published=dt.date(2017, 8, 9),
    ),
    Case(
        "a German page",
        """Hafen bleibt nach Sturm geschlossen

Von Jan Kern

4. März 2022, 18:22 Uhr

| Der Hafen bleibt nach dem Sturm bis Montag geschlossen, teilte die Verwaltung mit.

| Zwei Kräne waren am Freitag umgestürzt.""",
        title="Hafen bleibt nach Sturm geschlossen",
        author="Jan Kern",
        published=dt.date(2022, 3, 4),
    ),
    Case(
        "a British moment, a role below the name, a promotion of an app",
        """Pilot boat rescues family from sandbank
By Kit Lowe
South West Correspondent
Friday 4 March 2022 18:22, UK
| A pilot boat took a family of five off a sandbank on Friday.
Listen to this article
Download our app for the latest news
| “We had only meant to look for shells,” the mother said.
Read more: Tide tables to be printed again
Stay up to date with the latest news""",
        title="Pilot boat rescues family from sandbank",
        author="Kit Lowe",
        published=dt.datetime(2022, 3, 4, 18, 22, tzinfo=LONDON),
    ),
    Case(
        "video, rating and newsletter boxes without a header",
        """| The harbour council voted on Wednesday to dredge the northern channel.

Video Player
0:00 / 1:23
Watch The Video Below:

| The work will take two years and cost nine million pounds, it said.

Was this article helpful?
Enter your email address
By signing up, you agree to our Terms of Use and Privacy Policy.
Thank you for subscribing!
Back to top""",
    ),
]


def read(case: Case) -> Article:
    text = "\n".join(line.removeprefix("| ") for line in case.text.split("\n"))
    return article(Draft(text, Origin("saved.txt"), alone=True))


def story(found: Article) -> list[str]:
    """The lines that no aside covers."""
    kept, at = "", 0
    for aside in found.asides:
        kept += found.text[at : aside.start]
        at = aside.end
    return [line for line in (kept + found.text[at:]).split("\n") if line.strip()]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_of_a_saved_page_only_the_story_is_left_and_its_header_is_understood(case: Case) -> None:
    found = read(case)
    assert story(found) == [line[2:] for line in case.text.split("\n") if line.startswith("| ")]
    assert (found.title, found.author, found.outlet) == (case.title, case.author, case.outlet)
    assert found.published == case.published
    assert found.dated == ("stated" if case.published else "unknown")
