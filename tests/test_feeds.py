"""RSS, Atom and RDF feeds in, an article for each item out."""

import datetime as dt
import sys
from pathlib import Path

import pytest

from index import readers
from index.readers import feeds
from index.records import Article, Refusal

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
)
TITLE = "<title>Harbour Light</title><language>en-gb</language>"
TAIL = "</channel></rss>"
FERRY = """<item><title>Old ferry sinks</title><link>https://harbour.example/ferry</link>
<guid isPermaLink="false">77</guid><dc:creator>Ada Moss</dc:creator><pubDate>Thu, 03 Mar 2016 12:00:00 GMT</pubDate>
<description>The ferry sank.</description>
<content:encoded><![CDATA[<p>The ferry sank at <b>dawn</b>.</p><p>Nobody was hurt.</p>]]></content:encoded></item>"""
TRAM = """<item><title>Tram stops</title><link>https://harbour.example/tram</link>
<description>It stopped.</description></item>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Light</title><id>urn:feed</id>
<entry><title type="html">Ferry &amp;amp; tram</title><id>tag:harbour.example,2016:1</id>
<updated>2016-03-04T08:00:00Z</updated><published>2016-03-03T12:00:00Z</published>
<author><name>Ada Moss</name></author><author><name>Ben Reed</name></author>
<content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml"><p>The ferry sank.</p><p>The tram ran.</p></div></content>
</entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://harbour.example/"><title>Harbour Light</title></channel>
<item rdf:about="https://harbour.example/ferry"><title>Old ferry sinks</title><link>https://harbour.example/ferry</link>
<description>The ferry sank.</description><dc:date>2016-03-03</dc:date></item></rdf:RDF>"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(raw: str | bytes, name: str = "news.rss") -> list[Article | Refusal]:
    Path(name).write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return list(readers.read([name]))


def one(raw: str | bytes, name: str = "news.rss") -> Article:
    (found,) = read(raw, name)
    assert isinstance(found, Article), found
    return found


def refusals(raw: str | bytes, name: str = "news.rss") -> list[str]:
    return [str(found) for found in read(raw, name) if isinstance(found, Refusal)]


def test_an_item_is_an_article_with_its_fields() -> None:
    found = one(HEAD + TITLE + FERRY + TAIL)
    assert found.text == "The ferry sank at dawn.\n\nNobody was hurt."
    assert (found.id, found.url) == ("https://harbour.example/ferry", "https://harbour.example/ferry")
    assert (found.title, found.outlet, found.author) == ("Old ferry sinks", "Harbour Light", "Ada Moss")
    assert (found.published, found.dated) == (dt.datetime(2016, 3, 3, 12, tzinfo=dt.UTC), "metadata")
    assert (found.language, found.origin.path) == ("en", "news.rss")


def test_an_atom_entry_is_an_article_first_published_when_it_says() -> None:
    found = one(ATOM, "news.atom")
    assert (found.title, found.text) == ("Ferry & tram", "The ferry sank.\n\nThe tram ran.")
    assert (found.published, found.author) == (dt.datetime(2016, 3, 3, 12, tzinfo=dt.UTC), "Ada Moss, Ben Reed")
    assert (found.id, found.outlet) == ("tag:harbour.example,2016:1", "Harbour Light")


def test_an_rdf_item_is_an_article() -> None:
    found = one(RDF, "news.rdf")
    assert (found.title, found.text, found.day) == ("Old ferry sinks", "The ferry sank.", dt.date(2016, 3, 3))


@pytest.mark.parametrize("feed", [HEAD + TITLE + FERRY + TAIL, ATOM, RDF])
def test_an_xml_file_that_is_a_feed_is_read_as_one(feed: str) -> None:
    assert one(feed, "news.xml").text.startswith("The ferry sank")


def test_an_item_with_only_a_teaser_is_an_article_of_that_text() -> None:
    assert one(HEAD + TITLE + TRAM + TAIL).text == "It stopped."


def test_an_item_without_text_is_refused_by_its_number_and_the_rest_goes_on() -> None:
    found = read(HEAD + TITLE + FERRY + "<item><title>Only a line</title></item>" + TRAM + TAIL)
    assert [str(entry) if isinstance(entry, Refusal) else entry.title for entry in found] == [
        "Old ferry sinks",
        "news.rss: item 2 ('Only a line') holds no text",
        "Tram stops",
    ]


def test_an_outlet_is_known_by_its_address_whatever_its_channel_is_called() -> None:
    item = TRAM.replace("harbour.example", "www.bbc.co.uk")
    assert one(HEAD + "<title>World - latest</title>" + item + TAIL).outlet == "BBC"


def test_the_source_that_an_aggregator_names_is_the_outlet() -> None:
    item = TRAM.replace("</item>", '<source url="https://tide.example/rss">The Tide Table</source></item>')
    assert one(HEAD + TITLE + item + TAIL).outlet == "The Tide Table"


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("ada@harbour.example (Ada Moss)", "Ada Moss"),
        ("ada@harbour.example", None),
        ("Ada Moss", "Ada Moss"),
    ],
)
def test_an_author_is_a_name_and_never_a_mail_address(author: str, name: str | None) -> None:
    item = TRAM.replace("</item>", f"<author>{author}</author></item>")
    assert one(HEAD + TITLE + item + TAIL).author == name


def test_items_that_share_one_address_are_named_by_their_own_ids() -> None:
    items = "".join(
        f"<item><link>https://harbour.example/</link><guid>n{n}</guid><description>Text {n}.</description></item>"
        for n in (1, 2)
    )
    assert [found.id for found in read(HEAD + TITLE + items + TAIL) if isinstance(found, Article)] == ["n1", "n2"]


def test_a_date_that_is_none_leaves_it_unknown() -> None:
    item = TRAM.replace("</item>", "<pubDate>some day</pubDate></item>")
    assert one(HEAD + TITLE + item + TAIL).published is None


def test_a_feed_that_breaks_off_loses_the_item_that_is_cut_and_says_so() -> None:
    found = read((HEAD + TITLE + FERRY + TRAM)[:-40])
    assert [str(entry) if isinstance(entry, Refusal) else entry.title for entry in found] == [
        "Old ferry sinks",
        "news.rss: breaks off in item 2; items read before it: 1",
    ]


def test_a_stray_ampersand_does_not_cost_a_feed_its_items() -> None:
    found = read(HEAD + TITLE + FERRY + TRAM.replace("It stopped.", "Moss & Reed&nbsp;said so.") + TAIL)
    assert [entry.text for entry in found if isinstance(entry, Article)][1] == "Moss & Reed\u00a0said so."
    assert len(found) == 2


def test_a_feed_in_another_encoding_is_decoded_as_it_declares() -> None:
    raw = (HEAD + TITLE + TRAM + TAIL).replace("utf-8", "windows-1252").replace("It stopped", "The café closed")
    assert one(raw.encode("cp1252")).text == "The café closed."


@pytest.mark.parametrize("name", ["news.rss", "news.xml"])
@pytest.mark.parametrize(
    "declared", ['<!ENTITY a "lol"><!ENTITY b "&a;&a;">', '<!ENTITY b SYSTEM "file:///etc/passwd">']
)
def test_a_feed_that_declares_entities_is_refused(declared: str, name: str) -> None:
    feed = f"<!DOCTYPE rss [{declared}]><rss version='2.0'><channel>{TITLE}{TRAM}</channel></rss>"
    (refusal,) = refusals(feed.replace("It stopped.", "&b;"), name)
    assert "declares entities of its own" in refusal


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        ("<html><body>Not found</body></html>", "not a feed; expected RSS, Atom or RDF"),
        (bytes(range(256)), "not a feed; expected RSS, Atom or RDF"),
        (HEAD + TITLE + TAIL, "a feed without items"),
    ],
)
def test_a_file_that_is_no_feed_is_refused(raw: str | bytes, reason: str) -> None:
    assert refusals(raw) == [f"news.rss: {reason}"]


def test_a_feed_on_which_its_library_stumbles_is_refused() -> None:
    (refusal,) = refusals(HEAD.replace("utf-8", "utf\u00e98").encode("latin-1"))
    assert refusal.startswith("news.rss: not a feed that can be read (UnicodeDecodeError")


def test_without_its_library_a_feed_is_refused_and_the_extra_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "feedparser", None)
    assert refusals(ATOM) == ["news.rss: reading feeds needs a library more; run: pip install 'whence[feeds]'"]


def test_a_feed_too_long_to_hold_is_refused_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.feeds.LONGEST", 2**20)
    assert refusals(b" " * 2**21) == ["news.rss: a feed of more than 1 MB; split it"]


# Markup


def test_markup_becomes_paragraphs_without_scripts_or_what_is_hidden() -> None:
    assert (
        feeds.prose(
            "<div>One<p>Two <b>bo</b>ld</p><script>x()</script>tail<ul><li>a<li>b</ul>x<br>y\n <!-- note --> z"
            "</div><p style='color:red;display: none'>hidden</p><p hidden>hidden</p>end"
        )
        == "One\n\nTwo bold\n\ntail\n\na\n\nb\n\nx\ny z\n\nend"
    )


@pytest.mark.parametrize("markup", ["", "<!-- note -->", "<script>x()</script>", "<p></p>", "\x00"])
def test_markup_that_shows_nothing_is_no_text(markup: str) -> None:
    assert feeds.prose(markup) == ""


def test_a_tag_that_is_none_does_not_cost_the_rest() -> None:
    assert feeds.prose("<p>The ferry <https://harbour.example/> sank.</p>") == "The ferry sank."


def test_markup_nested_without_end_is_read() -> None:
    assert feeds.prose("<div>" * 50_000 + "deep") in ("", "deep")
