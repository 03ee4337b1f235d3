"""What agencies send (NewsML-G2, NITF, ninjs) in, articles out."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from index import readers
from index.readers import newsml
from index.readers.draft import Draft, article
from index.records import Article, Origin, Refusal

NOON = dt.datetime(2016, 3, 3, 12, tzinfo=dt.UTC)
XHTML = (
    '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">{}</html></inlineXML>'
)
STORY = XHTML.format("<head><title>x</title></head><body><p>The ferry sank.</p><p>Nobody was <b>hurt</b>.</p></body>")


def item(body: str = STORY, meta: str = "", about: str = "", guid: str = "urn:newsml:harbour:1") -> str:
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="2" xml:lang="en-GB">
<itemMeta><provider qcode="nprov:HARBOUR"><name>Harbour Light</name></provider>
<versionCreated>2016-03-03T12:00:00Z</versionCreated><firstCreated>2016-03-02T12:00:00Z</firstCreated>{meta}</itemMeta>
<contentMeta><contentCreated>2016-03-02T12:00:00Z</contentCreated><by>By Ada Moss</by>
<headline>Old ferry
 sinks</headline>{about}</contentMeta><contentSet>{body}</contentSet></newsItem>"""


NITF = """<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "http://www.nitf.org/IPTC/NITF/3.3/specification/dtd/nitf-3-3.dtd">
<nitf><head><title>x</title><docdata management-status="usable"><doc-id id-string="77" regsrc="AP"/>
<date.issue norm="20160303T120000Z"/><ed-msg info="Corrects the name of the bay."/></docdata>
<pubdata name="Harbour Light" ex-ref="https://harbour.example/ferry"/></head>
<body><body.head><hedline><hl1>Old ferry sinks</hl1><hl2>None hurt</hl2></hedline>
<byline>By <person>Ada Moss</person><byttl>Associated Press</byttl></byline>
<dateline><location>HARBOUR CITY</location></dateline></body.head>
<body.content><media><media-caption>A ferry.</media-caption></media><p>The ferry sank.</p><hl2>Next</hl2>
<p>Nobody was hurt.</p></body.content></body></nitf>"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(raw: str | bytes) -> list[Article | Refusal]:
    Path("news.xml").write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return list(readers.read(["news.xml"]))


def one(raw: str | bytes) -> Article:
    (found,) = read(raw)
    assert isinstance(found, Article), found
    return found


def refusals(raw: str | bytes) -> list[str]:
    return [str(found) for found in read(raw) if isinstance(found, Refusal)]


# NewsML-G2


def test_a_news_item_is_an_article_with_its_fields() -> None:
    found = one(item())
    assert found.text == "The ferry sank.\n\nNobody was hurt."
    assert (found.id, found.title, found.author) == ("urn:newsml:harbour:1", "Old ferry sinks", "Ada Moss")
    assert (found.outlet, found.wire, found.language) == ("Harbour Light", None, "en")


def test_the_moment_of_a_version_dates_it_not_that_of_the_first() -> None:
    assert (one(item()).published, one(item()).dated) == (NOON, "metadata")


def test_a_message_holds_an_article_for_each_item() -> None:
    items = item(guid="a") + item(guid="b")
    found = read(f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}</itemSet></newsMessage>')
    assert [(entry.id, entry.origin.line) for entry in found if isinstance(entry, Article)] == [("a", 1), ("b", 6)]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<inlineXML><nitf><body><body.content><p>It sank.</p></body.content></body></nitf></inlineXML>", "It sank."),
        ('<inlineData contenttype="text/plain">It sank.</inlineData>', "It sank."),
        ('<inlineData contenttype="text/html">&lt;p&gt;It sank.&lt;/p&gt;</inlineData>', "It sank."),
    ],
)
def test_the_body_may_be_nitf_plain_text_or_html(body: str, text: str) -> None:
    assert one(item(body)).text == text


def test_plain_text_keeps_its_paragraphs() -> None:
    body = '<inlineData contenttype="text/plain">The ferry sank.\n\nNobody was hurt.</inlineData>'
    assert one(item(body)).text == "The ferry sank.\n\nNobody was hurt."


def test_the_agency_that_is_its_source_is_the_wire() -> None:
    found = one(item(about='<infoSource qcode="is:AP"/>'))
    assert (found.outlet, found.wire) == ("Harbour Light", "AP")


def test_the_agency_that_provides_it_is_outlet_and_wire() -> None:
    found = one(item().replace("<name>Harbour Light</name>", "").replace("nprov:HARBOUR", "nprov:AFP"))
    assert (found.outlet, found.wire) == ("AFP", "AFP")


def test_a_dateline_stands_above_the_story_once() -> None:
    assert one(item(about="<dateline>HARBOUR CITY</dateline>")).text.startswith("HARBOUR CITY\n\nThe ferry sank.")
    assert one(item(about="<dateline>The ferry</dateline>")).text.startswith("The ferry sank.")


def test_an_editors_note_stands_below_the_story_as_an_aside() -> None:
    found = one(item(meta="<edNote>Corrects the name of the bay.</edNote>"))
    assert [(aside.kind, found.text[aside.start : aside.end]) for aside in found.asides] == [
        ("note", "Editor's note: Corrects the name of the bay.")
    ]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("canceled", "urn:newsml:harbour:1 was canceled by its provider; remove it if it was added before"),
        ("withheld", "urn:newsml:harbour:1 is withheld by its provider (withheld)"),
    ],
)
def test_an_item_taken_back_or_held_back_is_refused_and_says_so(status: str, reason: str) -> None:
    assert refusals(item(meta=f'<pubStatus qcode="stat:{status}"/>')) == [f"news.xml: {reason}"]


def test_a_usable_item_is_not_refused() -> None:
    assert one(item(meta='<pubStatus qcode="stat:usable"/>')).title == "Old ferry sinks"


def test_an_item_without_text_is_refused_by_its_id() -> None:
    body = '<remoteContent href="ferry.jpg" contenttype="image/jpeg"/>'
    assert refusals(item(body)) == ["news.xml: urn:newsml:harbour:1 holds no text"]


# NITF


def test_a_nitf_document_is_an_article_with_its_fields() -> None:
    found = one(NITF)
    assert found.text == (
        "HARBOUR CITY\n\nThe ferry sank.\n\nNext\n\nNobody was hurt.\n\nEditor's note: Corrects the name of the bay."
    )
    assert (found.id, found.url, found.title) == ("AP:77", "https://harbour.example/ferry", "Old ferry sinks")
    assert (found.outlet, found.author, found.wire, found.published) == ("Harbour Light", "Ada Moss", "AP", NOON)


def test_a_lead_that_the_full_text_repeats_is_read_once() -> None:
    blocks = (
        '<block class="lead_paragraph"><p>The ferry sank.</p></block>'
        '<block class="full_text"><p>The ferry sank.</p><p>Nobody was hurt.</p></block>'
    )
    raw = f"<nitf><body><body.content>{blocks}</body.content></body></nitf>"
    assert one(raw).text == "The ferry sank.\n\nNobody was hurt."


def test_a_killed_nitf_document_is_refused() -> None:
    assert refusals(NITF.replace("usable", "killed")) == [
        "news.xml: AP:77 was canceled by its provider; remove it if it was added before"
    ]


def test_an_impossible_date_of_issue_leaves_it_unknown() -> None:
    assert one(NITF.replace("20160303T120000Z", "20169903T120000Z")).published is None


# ninjs


NINJS: dict[str, Any] = {
    "uri": "urn:ninjs:1",
    "pubstatus": "usable",
    "versioncreated": "2016-03-03T12:00:00Z",
    "headline": "Old ferry sinks",
    "byline": "Ada Moss",
    "language": "en",
    "ednote": "Corrects the name of the bay.",
    "body_xhtml": "<p>The ferry sank.</p><p>Nobody was hurt.</p>",
    "infosource": [{"name": "Reuters"}],
    "copyrightholder": "Harbour Light",
}


def of_ninjs(content: dict[str, Any]) -> Article | Refusal:
    found = newsml.draft_of(content, Origin("news.json", line=3))
    return article(found) if isinstance(found, Draft) else found


def test_a_ninjs_item_is_an_article_with_its_fields() -> None:
    found = of_ninjs(NINJS)
    assert isinstance(found, Article)
    assert found.text == "The ferry sank.\n\nNobody was hurt.\n\nEditor's note: Corrects the name of the bay."
    assert (found.id, found.title, found.author, found.language) == ("urn:ninjs:1", "Old ferry sinks", "Ada Moss", "en")
    assert (found.outlet, found.wire, found.published) == ("Harbour Light", "Reuters", NOON)


def test_a_ninjs_item_of_a_later_version_is_an_article() -> None:
    found = of_ninjs(
        {
            "uri": "urn:ninjs:2",
            "versionCreated": "2016-03-03T12:00:00Z",
            "headlines": [{"role": "main", "value": "Old ferry sinks"}],
            "bodies": [{"contentType": "text/plain", "value": "The ferry sank."}],
            "provider": {"name": "Harbour Light"},
        }
    )
    assert isinstance(found, Article)
    assert (found.title, found.text, found.published) == ("Old ferry sinks", "The ferry sank.", NOON)
    assert found.outlet == "Harbour Light"


def test_a_canceled_ninjs_item_is_refused() -> None:
    assert str(of_ninjs(NINJS | {"pubstatus": "canceled"})) == (
        "news.json:3: urn:ninjs:1 was canceled by its provider; remove it if it was added before"
    )


@pytest.mark.parametrize("broken", [{"bodies": {"a": 1}}, {"headline": 5, "headlines": [3]}, {"infosource": [None, 3]}])
def test_fields_of_other_types_do_not_cost_a_ninjs_item(broken: dict[str, Any]) -> None:
    assert isinstance(of_ninjs(NINJS | broken), Article)


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (NINJS, True),
        ({"uri": "urn:ninjs:2", "bodies": []}, True),
        ({"uri": "https://harbour.example/", "text": "The ferry sank."}, False),
        ({"headline": "Old ferry sinks", "body": "The ferry sank."}, False),
        ([NINJS], False),
    ],
)
def test_ninjs_is_known_by_its_fields(content: object, is_one: bool) -> None:
    assert newsml.is_ninjs(content) is is_one


# Any XML


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        ('<?xml version="1.0"?><!-- <rss> --><urlset xmlns="x"/>', "XML of <urlset>; expected an RSS or Atom feed"),
        ("The ferry sank.", "not XML; expected an RSS or Atom feed"),
        (bytes(range(256)), "not XML; expected an RSS or Atom feed"),
        ("<?a?><!-- -->" * 10_000, "not XML; expected an RSS or Atom feed"),
        ("<newsMessage/>", "a NewsML-G2 message without a newsItem"),
        ("<newsItem><itemMeta/></newsItem>", "the item holds no text"),
        (item()[:-20], "not well-formed XML ("),
    ],
)
def test_a_file_that_is_no_news_is_refused_for_what_it_is(raw: str | bytes, reason: str) -> None:
    (refusal,) = refusals(raw)
    assert reason in refusal


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1252"])
def test_xml_is_decoded_as_it_declares(encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    raw = f'<?xml version="1.0" encoding="{declared}"?>{item()}'.replace("Ada", "Zoë")
    assert one(raw.encode(encoding)).author == "Zoë Moss"


@pytest.mark.parametrize("declared", ['<!ENTITY b "lol">', '<!ENTITY b SYSTEM "file:///etc/passwd">'])
def test_an_item_that_declares_entities_is_refused(declared: str) -> None:
    (refusal,) = refusals(f"<!DOCTYPE newsItem [{declared}]>{item().replace('sank', '&b;')}")
    assert "declares entities of its own" in refusal


def test_xml_too_long_to_hold_is_refused_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.newsml.LONGEST", 2**20)
    assert refusals(b" " * 2**21) == ["news.xml: more than 1 MB of XML; split it"]
