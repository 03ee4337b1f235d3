"""Records as HTML: what a reader is told of an answer, a refusal, a failure, a trail, an article; all of it escaped."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from assistant import Answer, Citation
from assistant.records import Account, CitedCredit, CitedNote, CreditSpans, Report, Sentence
from assistant.views.answers import answer_view, card, cite_as, failure_view, growing_view, sentence_view
from assistant.views.articles import Reading, article_view, collection_view, listing_view
from assistant.views.markup import marked, original, permalink, safe
from assistant.views.trail import accounts_view, across, trail_view
from index.records import Article, Aside, Copy, Credit, Origin, OutletCount, Query


def citation(
    number: int = 1,
    quote: str = "Oil was spilled.",
    title: str | None = "Tanker leaks",
    outlet: str | None = "The Courier",
    published: dt.date | None = dt.date(2014, 3, 2),
    url: str | None = None,
    copies: tuple[Copy, ...] = (),
    credits: tuple[CitedCredit, ...] = (),
) -> Citation:
    return Citation(
        number, "a-1", 1, title, outlet, published, "stated" if published else "unknown", url, 0, len(quote), quote,
        copies, credits,
    )  # fmt: skip


def answer(text: str, numbers: tuple[int, ...] = (1,)) -> Answer:
    cited = tuple(citation(number) for number in numbers)
    return Answer("?", "?", "who", Query("?"), text, sentences=(Sentence(text, numbers, "quoted"),), citations=cited)


def refusal(text: str) -> Answer:
    return Answer(
        "?", "?", "who", Query("?"), text, refused=True, refusal="not-stated", reason=text, leads=(citation(),)
    )


# -- records as HTML -------------------------------------------------------------------------------------------------


def test_text_is_escaped_onto_one_line() -> None:
    assert safe("<b>\"a\"\t& 'b'\n\n# c") == "&lt;b&gt;&quot;a&quot;&#9;&amp; &#x27;b&#x27;&#10;&#10;# c"


def test_a_card_says_who_printed_it_when_under_which_headline_and_whom_it_credits() -> None:
    credit = CitedCredit("Daily Express", "the Express", "outlet", "relay", CreditSpans((), (), ()))
    copy = Copy("b-2", 1, "Morning Post", None, 0, 16)
    shown = card(citation(url="https://courier.example/1", copies=(copy,), credits=(credit, credit)), "0/1")
    assert re.findall(">([^<]+)", shown) == [
        "1",
        " The Courier · 2 March 2014, as printed in the article",
        "Tanker leaks",
        "Oil was spilled.",
        "credits: Daily Express · also printed by Morning Post · ",
        "original",
        " · ",
        "permalink",
        " · ",
        "cite",
        " · ",
        "report",
    ]


def test_what_a_card_does_not_know_it_says() -> None:
    shown = card(citation(outlet=None, published=None, title=None), "0/1")
    assert "outlet not stated · undated" in shown
    assert "headline not stated" in shown


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://a.example/b", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example", False),
        (" javascript:alert(1)//https://a.example", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, linked: bool) -> None:
    assert (">original</a>" in card(citation(url=url), "0/1")) is linked


def test_a_link_cannot_break_out_of_its_attribute() -> None:
    assert original('https://a.example/"><script>') == (
        '<a href="https://a.example/&quot;&gt;&lt;script&gt;" target="_blank" rel="noopener noreferrer">original</a>'
    )


def test_markers_open_the_citation_of_their_own_answer() -> None:
    shown = sentence_view(Sentence("Oil was spilled. [1][2]", (1, 2), "quoted"), 3)
    assert re.findall(r'value="([^"]*)"[^>]*>(\[\d\])', shown) == [("3/1", "[1]"), ("3/2", "[2]")]
    assert shown.startswith("Oil was spilled.<button")


def test_brackets_within_a_quotation_are_not_markers() -> None:
    shown = sentence_view(Sentence("It printed: “He [1] left.” [1]", (1,), "quoted"), 0)
    assert shown.startswith('It printed: <span class="words">“He [1] left.”</span><span class="marks"><button')
    assert shown.count("<button") == 1


def test_answers_refusals_and_failures_look_different() -> None:
    kinds = [
        re.findall(r'class="told (\w+)"', shown)
        for shown in (
            answer_view(answer("Oil was spilled. [1]"), 0),
            answer_view(refusal("The collection does not say."), 0),
            failure_view("There is no collection."),
        )
    ]
    assert kinds == [["answer"], ["refusal"], ["failure"]]


def test_leads_are_offered_without_claiming_anything() -> None:
    shown = answer_view(refusal("The collection does not say."), 0)
    assert "Might be of interest, without answering the question" in shown
    assert "Citations" not in shown
    assert "marker" not in shown


def test_a_link_to_the_original_names_the_quote_to_the_browser() -> None:
    assert 'href="https://a.example/b#:~:text=well%2Dknown%2C%20he%20said"' in original(
        "https://a.example/b", "well-known, he said"
    )
    long = " ".join(f"w{number}" for number in range(20))
    assert 'text=w0%20w1%20w2%20w3%20w4,w15%20w16%20w17%20w18%20w19"' in original("https://a.example/b#top", long)


def test_a_permalink_names_article_revision_and_span() -> None:
    assert permalink("/news/", "https://a.example/b?c", 2, (3, 9)) == (
        "/news/article/https%3A%2F%2Fa.example%2Fb%3Fc?revision=2&start=3&end=9#quote"
    )
    assert permalink("", "a-1") == "/article/a-1"


def test_the_short_answer_stands_first_and_every_sentence_says_how_it_is_borne_out() -> None:
    told = (Sentence("Oil was spilled. [1]", (1,), "quoted"), Sentence("One article says so.", (), "collection"))
    shown = answer_view(replace(answer("Oil was spilled. [1]"), short="Oil <b>", sentences=told), 0)
    assert shown.index('<div class="short">Oil &lt;b&gt;</div>') < shown.index("Oil was spilled.")
    assert re.findall(r'class="sign (\w+)"', shown) == ["quoted", "collection", "quoted", "collection"]


def test_a_refusal_gives_its_reason_and_offers_another_question() -> None:
    refused = replace(refusal("No passage says it."), text="The collection does not say. No passage says it.")
    shown = answer_view(refused, 0, reworded='What of "Pskov"?')
    assert '<div class="said">The collection does not say.</div><div class="reason">No passage says it.</div>' in shown
    assert 'value="What of &quot;Pskov&quot;?"' in shown


def test_filters_and_the_question_understood_stand_with_the_answer() -> None:
    within = Query("?", ("A <b>", "B"), dt.date(2014, 3, 1), dt.date(2014, 3, 31))
    shown = answer_view(replace(answer("Oil."), standalone="Where <i>?", filters=within), 0)
    assert "Understood as: Where &lt;i&gt;?" in shown
    assert "Searched only A &lt;b&gt; and B from 1 March 2014 until 31 March 2014" in shown


def test_a_card_warns_of_a_doubtful_date_and_shows_corrections() -> None:
    cited = replace(
        citation(published=None),
        window=(dt.date(2014, 3, 1), dt.date(2014, 3, 5)),
        doubt="the article tells of <i>later</i> days",
        notes=(CitedNote(0, 4, "An earlier version <b> was wrong."),),
    )
    shown = card(cited, "0/1")
    assert "undated, not before 1 March 2014 and not after 5 March 2014" in shown
    assert "Date in doubt: the article tells of &lt;i&gt;later&lt;/i&gt; days" in shown
    assert "An earlier version &lt;b&gt; was wrong." in shown


def test_many_copies_are_folded() -> None:
    copies = tuple(Copy(f"c-{name}", 1, f"Paper <{name}>", None, 0, 1) for name in "abcd")
    shown = card(citation(copies=copies), "0/1")
    assert "<summary>also printed by 4 outlets</summary>Paper &lt;a&gt;, Paper &lt;b&gt;" in shown


# -- the trail -------------------------------------------------------------------------------------------------------

FIRST = Report("a-1", "<b>Courier</b>", dt.date(2014, 3, 1), "a-1", "origin", True, (), "Oil.", 0, 4)
SECOND = Report("b-2", "The Post", dt.date(2014, 3, 3), "b-2", "repeat", False, ("a-1",), "Oil, said Courier.", 0, 18)
COPY = Report("c-3", "The Post", dt.date(2014, 3, 5), "c-3", "copy", False, ("b-2",), "Oil, said Courier.", 0, 18)
UNHELD = Report("credited:Radio", "Radio", None, None, "origin", False, (), None, None, None)


def test_reports_stand_in_their_outlets_lane_in_proportion_to_time() -> None:
    reports = (FIRST, SECOND, COPY, UNHELD)
    assert [across(report, reports) for report in reports] == [0.0, 50.0, 100.0, None]
    assert across(FIRST, (FIRST,)) == 50.0
    shown = trail_view(reports, 2)
    assert re.findall('class="outlet">([^<]*)<', shown) == ["&lt;b&gt;Courier&lt;/b&gt;", "The Post", "Radio"]
    assert re.findall(
        r'<button class="([^"]*)" type="button" style="left:calc.([\d.]+)% [^"]*" value="([^"]*)"', shown
    ) == [
        ("point origin earliest opens", "0.0", "2/r0"),
        ("point repeat opens", "50.0", "2/r1"),
        ("point copy opens", "100.0", "2/r2"),
    ]
    said = "2014-03-03 The Post: repeat crediting &lt;b&gt;Courier&lt;/b&gt; (2014-03-01)"
    assert f'<li><button class="opens report" type="button" value="2/r1">{said}</button></li>' in shown


def test_a_report_that_is_not_held_cannot_be_opened() -> None:
    assert "opens" not in trail_view((UNHELD,), 0)


def test_accounts_that_differ_stand_side_by_side() -> None:
    accounts = (
        Account("40 <b>", "The Courier", dt.date(2014, 3, 1), None, (1,)),
        Account("60", None, None, "the port", (2,)),
    )
    rows = re.findall("<tr>(.*?)</tr>", accounts_view(accounts, 0))
    assert [[re.sub("<[^>]*>", "", cell) for cell in re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows] == [
        ["Account", "Printed by", "Source", "Day", "Quote"],
        ["40 &lt;b&gt;", "The Courier", "no source named", "1 March 2014", "[1]"],
        ["60", "outlet not stated", "the port", "undated", "[2]"],
    ]


def test_a_citation_is_cited_on_one_line_with_what_is_known_of_it() -> None:
    assert cite_as(citation(quote="Oil\n was spilled.", published=None)) == (
        "The Courier, “Tanker leaks”, undated: “Oil was spilled.”"
    )


# -- articles --------------------------------------------------------------------------------------------------------


def test_stretches_carry_every_span_that_covers_them() -> None:
    assert marked("ab <c> de", {"quoted": [(0, 6)], "also": [(3, 9)], "aside": []}) == (
        '<mark class="quoted">ab </mark><mark class="quoted also">&lt;c&gt;</mark><mark class="also"> de</mark>'
    )


def test_asides_are_set_back_and_corrections_stand_out() -> None:
    article = Article("a", "Ad. Oil. Sorry.", asides=(Aside("promotion", 0, 3), Aside("note", 9, 15)))
    shown = article_view(Reading(article, (4, 8)))
    assert (
        '<span class="aside">Ad.</span> <mark id="quote" class="quoted">Oil.</mark> <span class="note">Sorry.</span>'
        in shown
    )


def test_the_masthead_says_what_the_collection_holds() -> None:
    outlets = [OutletCount("A", 1200, dt.date(2012, 1, 2), dt.date(2016, 3, 4)), OutletCount(None, 3, None, None)]
    assert "1,203 articles from 1 outlet, 2012 to 2016<" in collection_view(outlets)
    assert "The collection is empty." in collection_view([])


def test_an_article_underlines_whom_it_credits_for_the_quote_and_names_its_page() -> None:
    article = Article("a", "Oil, said Radio. Rain, said Mail.", origin=Origin("a.pdf", pages=(0, 17)))
    radio = Credit("a", 1, ((10, 15),), ((5, 9),), ((0, 3),), "Radio <b>", "outlet", "relay")
    mail = Credit("a", 1, ((28, 32),), ((23, 27),), ((17, 21),), None, "outlet", "relay")
    shown = article_view(Reading(article, (17, 21), credits=(radio, mail)))
    assert "page 2" in shown
    assert "Credits Mail<" in shown
    assert '<span class="cue">said</span> <span class="source">Mail</span>' in shown
    assert "Credits Radio &lt;b&gt;, Mail<" in article_view(Reading(article, credits=(radio, mail)))


def test_a_growing_answer_has_the_look_of_a_whole_one_and_its_markers_open_nothing_yet() -> None:
    shown = growing_view(["The Gull: “It <sank> [sic].” [1][2] ", "It did."])
    assert '<p>The Gull: <span class="words">“It &lt;sank&gt; [sic].”</span>' in shown
    assert '<span class="marker">[1]</span><span class="marker">[2]</span></p><p>It did.</p>' in shown
    assert "<button" not in shown


def test_an_article_that_was_revised_leads_to_its_other_revisions() -> None:
    shown = article_view(Reading(Article("a b", "Oil.", revision=1), newest=2), "/papers")
    assert 'Revision <b>1</b> <a href="/papers/article/a%20b?revision=2" target="_blank">2</a>' in shown
    assert "(a newer one is held)" in shown
    assert "Revision" not in article_view(Reading(Article("a", "Oil.")))


def test_the_list_says_which_of_how_many_articles_it_shows() -> None:
    shown = listing_view([Article('a"<b>', "Oil.", title="Tanker <i>")], 50, 51)
    assert "51 to 51 of 51 articles" in shown
    assert 'value="listed/a&quot;&lt;b&gt;">Tanker &lt;i&gt;<' in shown
    assert "No article passes these filters." in listing_view([], 0, 0)
