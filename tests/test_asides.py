"""Which spans of an article's text are not its story, and what its header says."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.asides import find_asides

STORY = "The ferry left the harbour at dawn with two hundred people on board, the port said."
MORE = "Divers searched the bay until the evening and found the ship’s bell."


def taken(text: str, title: str | None = None, author: str | None = None) -> list[tuple[str, str]]:
    return [(aside.kind, text[aside.start : aside.end]) for aside in find_asides(text, title, author).asides]


def test_a_first_line_that_repeats_the_title_is_an_aside_whatever_its_case_and_punctuation() -> None:
    text = f"FERRY SINKS IN BAY.\n\n{STORY}"
    assert taken(text, "Ferry sinks in bay") == [("title", "FERRY SINKS IN BAY.")]


def test_a_title_printed_over_two_lines_is_one_aside() -> None:
    text = f"Ferry sinks in bay; \nDivers find its bell.\n\n{STORY}"
    assert taken(text, "Ferry sinks in bay; Divers find its bell") == [
        ("title", "Ferry sinks in bay; \nDivers find its bell.")
    ]


def test_a_first_line_that_only_begins_like_the_title_stays() -> None:
    assert taken(f"Ferry sinks in bay after a storm had passed over it.\n\n{STORY}", "Ferry sinks in bay") == []


@pytest.mark.parametrize(
    "head",
    [
        "Old Ferry Sinks In Quiet Bay.",
        "Old ferry sinks in quiet bay",
        "OLD FERRY SINKS IN QUIET BAY",
        "Who Let The Ferry Sink?",
        "# Old ferry sinks in quiet bay",
    ],
)
def test_without_a_title_a_first_line_in_the_form_of_a_headline_is_one(head: str) -> None:
    found = find_asides(f"{head}\n\n{STORY}\n\n{MORE}")
    assert found.title == head.removeprefix("# ")
    assert [aside.kind for aside in found.asides] == ["title"]


@pytest.mark.parametrize(
    "text",
    [
        f"{STORY}\n\n{MORE}",
        f"The harbour closed on Friday.\n\n{STORY}",
        f"The harbour master of the old town said on Friday that\nthe ferry had left at dawn.\n{MORE}",
        "A ferry sank.",
        "",
    ],
)
def test_a_first_line_in_the_form_of_a_sentence_is_no_headline(text: str) -> None:
    assert find_asides(text).title is None
    assert taken(text) == []


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("by Ada Moss", "Ada Moss"),
        ("By ADA MOSS and BEN ROE", "ADA MOSS and BEN ROE"),
        ("Written by Ada van der Moss", "Ada van der Moss"),
        ("By Ada Moss, Associated Press Writer", "Ada Moss"),
        ("By Ada Moss in Harbour City", "Ada Moss"),
        ("*By Ada Moss*", "Ada Moss"),
        ("By Reuters", "Reuters"),
    ],
)
def test_a_byline_below_the_headline_gives_the_author(line: str, author: str) -> None:
    text = f"Old Ferry Sinks In Quiet Bay\n\n{line}\n\n{STORY}"
    assert taken(text)[1] == ("byline", line)
    assert find_asides(text).author == author


@pytest.mark.parametrize(
    "line",
    [
        "By Friday",
        "By The Numbers",
        "By winning the race, Ada Moss took the cup.",
        "By the harbour stood Ada Moss.",
        "By Ada Moss had gone, the port said",
    ],
)
def test_a_line_that_begins_with_by_and_goes_on_as_a_sentence_is_no_byline(line: str) -> None:
    text = f"Old Ferry Sinks In Quiet Bay\n\n{line}\n\n{STORY}"
    assert find_asides(text).author is None
    assert ("byline", line) not in taken(text)


def test_one_line_may_hold_byline_and_date() -> None:
    found = find_asides(f"Old Ferry Sinks In Quiet Bay\nBy Ada Moss | March 3, 2016\n{STORY}\n{MORE}")
    assert (found.author, found.published) == ("Ada Moss", dt.date(2016, 3, 3))


def test_an_outlets_name_alone_in_the_header_is_the_outlet() -> None:
    found = find_asides(f"Old Ferry Sinks In Quiet Bay\nThe Washington Post\nMarch 3, 2016\n\n{STORY}")
    assert (found.outlet, found.published) == ("The Washington Post", dt.date(2016, 3, 3))


def test_a_date_line_in_the_header_is_the_date() -> None:
    text = f"Old Ferry Sinks In Quiet Bay\nNov. 4 2022, Published 7:30 p.m. ET\n{STORY}"
    found = find_asides(text)
    assert taken(text)[1] == ("date", "Nov. 4 2022, Published 7:30 p.m. ET")
    assert isinstance(found.published, dt.datetime)
    assert found.published.isoformat() == "2022-11-04T19:30:00-04:00"


def test_a_date_that_heads_a_part_of_the_story_is_not_its_date() -> None:
    text = f"Old Ferry Sinks In Quiet Bay\n\n{STORY}\n\nMarch 3, 1916\n\n{MORE}"
    assert find_asides(text).published is None
    assert [kind for kind, _ in taken(text)] == ["title"]


@pytest.mark.parametrize(
    "counters", [["0 comment"], ["0", "1077"], ["0 / 1077"], ["12 Comments", "1.2K views"], ["3 min read"]]
)
def test_counters_in_the_header_are_asides(counters: list[str]) -> None:
    text = "\n".join(["Old Ferry Sinks In Quiet Bay", "", *counters, "", STORY])
    assert taken(text)[1:] == [("counter", counter) for counter in counters]


def test_a_number_alone_within_the_story_stays() -> None:
    assert taken(f"{STORY}\n\n60.\n\n{MORE}") == []


def test_a_rule_of_marks_is_an_aside() -> None:
    assert taken(f"{STORY}\n\n___.\n\n{MORE}") == [("counter", "___.")]


@pytest.mark.parametrize(
    "line",
    [
        "Kindly Click Here To Follow Us On Twitter",
        "Follow Ada Moss on Twitter @adamoss.",
        "For More News, Kindly Join Our\u00a0WhatsApp Group, Follow us on Instagram and Like our Facebook Page.",
        "Do you support the ferry? Like the page:",
        "Subscribe to our newsletter.",
        "For more, sign up for the Harbour newsletter.",
        "Get the latest harbour news delivered to your inbox",
        "ADVERTISEMENT",
        "Story continues below",
        "Share on Facebook",
        "Share on FacebookTweet on Twitter",
        "Kindly share this story with your friends",
        "Join 30,000 readers who get our morning briefing",
        "What do you think? Let us know in the comments",
        "Thanks for reading Salt & Tar! Subscribe for free to receive new posts and support my work.",
        "A version of this article appears in print on Feb. 18, 2018, Section A, Page 14 of the New York edition.",
        "You have two free articles left this month.",
        "The Skerry Post is the place for news of the coast. Follow us on Twitter, support us, become our patron!",
        "Jetzt abonnieren",
        "Поделиться",
    ],
)
def test_promotion_is_an_aside_wherever_it_stands(line: str) -> None:
    assert taken(f"{STORY}\n\n{line}\n\n{MORE}") == [("promotion", line)]


@pytest.mark.parametrize(
    "line",
    [
        "This website uses cookies to improve your experience. Accept Read More",
        "We use cookies to count visits.",
        "Accept all",
        "The post Ferry sinks appeared first on Harbour Light.",
        "This site is protected by reCAPTCHA and the Google Privacy Policy and Terms of Service apply.",
        "LENGTH: 312 words",
        "Nous utilisons des cookies pour mesurer l’audience du site.",
    ],
)
def test_a_cookie_notice_is_an_aside(line: str) -> None:
    assert taken(f"{STORY}\n\n{line}") == [("cookie", line)]


@pytest.mark.parametrize(
    "line",
    [
        "Related Articles:",
        "Latest Posts:",
        "Watch The Video Below:",
        "Leave a Comment",
        "Also on HuffPost:",
        "You may also like",
        "READ MORE: Old ferry sinks in quiet bay",
        "Tags: ferry, bay",
        "MORE: Old ferry sinks in quiet bay",
        "Previous articleOld ferry sinks in quiet bay",
        "Lire aussi : La dernière forge du canton ferme",
        "Читайте также: Паром затонул",
    ],
)
def test_headings_and_links_that_lead_elsewhere_are_asides(line: str) -> None:
    assert taken(f"{STORY}\n\n{line}\n\n{MORE}") == [("related", line)]


@pytest.mark.parametrize(
    "line",
    [
        "(AP Photo/Ada Moss)",
        "Image caption, The river rose by four metres within an hour",
        "Divers with the anchor. (photo credit: MARINE UNIT)",
        "The ferry at the quay yesterday. File photo: PA",
        "Ada Moss via Getty Images.",
        "Photo: Ada Moss",
        "The bell of the ferry on Friday. (ADA MOSS/AFP/Getty Images.)",
    ],
)
def test_a_line_with_a_photographers_credit_is_a_caption(line: str) -> None:
    assert taken(f"{STORY}\n\n{line}\n\n{MORE}") == [("caption", line)]


@pytest.mark.parametrize(
    "line",
    [
        "Follow the money, the mayor said on Twitter, and the ferry’s owner will be found.",
        "Subscribers to the ferry line will get their money back.",
        "Cookies were served on board.",
        "The mayor posted on Facebook that the port would close.",
        "Photos showed the bell on the sea bed.",
        "Related charges were dropped.",
        "Watch officers saw nothing.",
        "Corrections officers guarded the port.",
        "The report was amended by the council.",
        "“Sign up,” he said.",
        "- Reuters.",
        "9:05 p.m.",
        "More: that was all the crew wanted, he said.",
        "Read the letter: it says everything.",
        "Copyright Lawyers Cheered the ruling.",
        "Stay informed, the mayor urged.",
        "Posted in Malta, the sergeant learned to sail.",
        "The post of harbour master appeared first on the list.",
        "Category: danger, the chart said in red.",
        "Follow that boat, she shouted.",
        "Mehr war nicht zu sagen.",
    ],
)
def test_a_sentence_of_the_story_stays(line: str) -> None:
    assert taken(f"{STORY}\n\n{line}\n\n{MORE}") == []


def test_subjects_below_their_heading_are_asides_in_any_case() -> None:
    tags = ["Filed under", "rats", "subways", "4/1/21"]
    assert taken("\n\n".join([STORY, *tags])) == [("related", tag) for tag in tags]


@pytest.mark.parametrize(
    "line",
    [
        "Correction: An earlier version of this story gave the ferry a wrong name.",
        "EDITOR’S NOTE: This story has been amended.",
        "This article has been updated to include the port’s answer.",
        "An earlier version of this article misspelled the bay.",
        "Retraction: The ferry did not sink.",
    ],
)
def test_editors_notes_corrections_and_retractions_are_notes(line: str) -> None:
    assert taken(f"{STORY}\n\n{line}") == [("note", line)]


def test_a_bare_heading_at_the_end_makes_all_below_it_one_note() -> None:
    note = "CORRECTION:\n\nAn article on Thursday gave the ferry a wrong name.\n\nSaturday, March 5, 2016."
    assert taken(f"{STORY}\n\n{note}") == [("note", note)]


def test_a_note_glued_to_the_end_of_a_paragraph_begins_at_its_own_words() -> None:
    assert taken(f"{STORY}Editor’s note: Ada Moss once worked\nfor the port.") == [
        ("note", "Editor’s note: Ada Moss once worked\nfor the port.")
    ]


def test_front_matter_is_an_aside_and_gives_its_fields() -> None:
    text = f'---\ntitle: "Old ferry sinks"\nauthor: Ada Moss\ndate: 2016-03-03\ntags: [bay]\n---\n\n{STORY}'
    found = find_asides(text)
    assert (found.title, found.author, found.published) == ("Old ferry sinks", "Ada Moss", dt.date(2016, 3, 3))
    assert [text[aside.start : aside.end][-3:] for aside in found.asides] == ["---"]


def test_labelled_lines_at_the_top_give_their_fields() -> None:
    found = find_asides(f"Title: Old ferry sinks\nSource: Reuters\nDate: March 3, 2016\n\n{STORY}")
    assert (found.title, found.outlet, found.published) == ("Old ferry sinks", "Reuters", dt.date(2016, 3, 3))
    assert [aside.kind for aside in found.asides] == ["title", "byline", "date"]


def test_a_text_that_is_only_its_headline_keeps_it_as_story() -> None:
    assert taken("Old ferry sinks", "Old ferry sinks") == []


PIECES = [
    "Old Ferry Sinks",
    "by Ada Moss",
    "0",
    "1077",
    "___",
    "CORRECTION:",
    "Related:",
    "March 3, 2016",
    "",
    " ",
    "---",
]


@given(st.lists(st.one_of(st.sampled_from([*PIECES, STORY, "Editor’s note: so"]), st.text(max_size=30)), max_size=12))
def test_asides_of_any_text_are_in_order_apart_and_without_space_around(lines: list[str]) -> None:
    text = "\n".join(lines)
    end = 0
    for aside in find_asides(text).asides:
        assert end <= aside.start < aside.end <= len(text)
        assert text[aside.start : aside.end] == text[aside.start : aside.end].strip()
        end = aside.end


def test_a_surname_that_begins_like_a_month_is_still_a_name() -> None:
    text = "Ferry Runs Aground Off The Point\n\nby Della Marsh\n\nSunday 27 February 2022, 14:05 GMT\n\nA ferry ran."
    found = find_asides(text)
    assert (found.author, str(found.published)) == ("Della Marsh", "2022-02-27 14:05:00+00:00")


def test_an_editors_note_may_bear_its_date() -> None:
    text = "Editor's note, April 12 2022: This story said that the ferry was new. It is old.\n\nThe ferry ran aground."
    assert [(a.kind, a.start) for a in find_asides(text, title="Ferry").asides] == [("note", 0)]
