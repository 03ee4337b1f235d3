"""Web pages in, articles and refusals out."""

import datetime as dt
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes import CountingEncoder

from index import Index, readers
from index.readers import html
from index.readers.draft import Draft, article
from index.records import Added, Article, Refusal

FIRST = "The ferry left the harbour at dawn with two hundred people on board, the port authority said on Monday."
SECOND = "Divers searched the bay until nightfall, and the mayor promised that an inquiry would begin within the week."
THIRD = "“Nobody told us that the hull was cracked,” said Ada Moss, who had sold tickets on the quay for eleven years."
STORY = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def page(body: str = STORY, head: str = "", lang: str = "en") -> str:
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>Old ferry sinks</title>{head}</head>'
        f"<body><article><h1>Old ferry sinks</h1>{body}</article></body></html>"
    )


def linked(*nodes: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def one(source: str | bytes) -> Article:
    found = list(html.read("ferry.html", iter([source.encode() if isinstance(source, str) else source])))
    assert len(found) == 1
    assert isinstance(found[0], Draft), found[0]
    return article(found[0])


def refusal(source: str | bytes) -> str:
    (found,) = html.read("ferry.html", iter([source.encode() if isinstance(source, str) else source]))
    assert isinstance(found, Refusal), found
    return found.reason


# The body


def test_the_body_is_the_articles_text_with_blank_lines_between_paragraphs() -> None:
    assert one(page()).text == TEXT


def test_the_same_page_gives_the_same_text_twice() -> None:
    assert one(page()).text == one(page()).text


def test_menus_scripts_and_footers_are_not_in_the_body() -> None:
    clutter = "<nav><a href='/a'>World</a></nav><script>var a = 'b';</script><footer>All rights reserved</footer>"
    assert one(page(STORY + clutter)).text == TEXT


def test_a_list_is_kept_with_a_line_for_each_item() -> None:
    items = "<ul><li>The hull, forty years old</li><li>The engine, which had failed twice</li></ul>"
    text = one(page(f"<p>{FIRST}</p><p>{SECOND}</p>{items}<p>{THIRD}</p>")).text
    assert "The hull, forty years old\nThe engine, which had failed twice\n\n" in text


def test_an_embedded_post_is_kept() -> None:
    post = (
        '<div class="social-media-embed"><blockquote class="embed"><p>We heard the siren at six.</p></blockquote></div>'
    )
    assert "We heard the siren at six." in one(page(f"<p>{FIRST}</p>{post}<p>{SECOND}</p><p>{THIRD}</p>")).text


def test_a_linked_phrase_in_a_sentence_stays_in_it() -> None:
    body = STORY.replace("an inquiry", '<span class="link"><a href="/inquiry/2016/ferry">an inquiry</a></span>')
    assert one(page(body)).text == TEXT


def test_a_paragraph_that_only_leads_to_another_story_is_left_out() -> None:
    related = '<p><strong>Related: </strong><a href="/news/second-ferry">Second ferry found leaking in May</a></p>'
    assert one(page(f"<p>{FIRST}</p>{related}<p>{SECOND}</p><p>{THIRD}</p>")).text == TEXT


def test_a_card_that_shows_another_story_is_left_out() -> None:
    card = '<a href="/news/other"><img src="x.jpg"><h3>Second ferry found leaking in May</h3></a>'
    assert one(page(STORY + card)).text == TEXT


def test_words_that_show_only_under_the_pointer_are_left_out() -> None:
    body = STORY.replace("Ada Moss", 'Ada Moss<span class="tooltip">Ada Moss runs a shop.</span>')
    assert one(page(body)).text == TEXT


def test_where_a_page_prints_no_body_the_one_for_machines_is_taken() -> None:
    head = linked({"@type": "NewsArticle", "headline": "Old ferry sinks", "articleBody": f"<p>{FIRST}</p>\n{SECOND}"})
    assert one(page("<div id='app'></div>", head)).text == f"{FIRST}\n\n{SECOND}"


# What the tags say


def test_json_ld_gives_every_field() -> None:
    node = {
        "@type": ["NewsArticle"],
        "headline": "Old ferry sinks in quiet bay",
        "datePublished": "2016-03-03T12:00:00Z",
        "author": [{"@type": "Person", "name": "Ada Moss"}, {"name": "Ben Reed"}],
        "publisher": {"name": "Harbour Light"},
        "url": "https://harbourlight.example/ferry?utm_source=x",
    }
    found = one(page(head=linked(node)))
    assert (found.title, found.author, found.outlet) == (
        "Old ferry sinks in quiet bay",
        "Ada Moss, Ben Reed",
        "Harbour Light",
    )
    assert (found.published, found.dated) == (dt.datetime(2016, 3, 3, 12, tzinfo=dt.UTC), "metadata")
    assert (found.id, found.language) == ("https://harbourlight.example/ferry", "en")


def test_json_ld_in_a_graph_is_resolved_by_its_ids() -> None:
    graph = {
        "@graph": [
            {"@type": "Organization", "@id": "#us", "name": "Harbour Light"},
            {"@type": "Person", "@id": "#moss", "name": "Ada Moss"},
            {"@type": "NewsArticle", "headline": "Ferry", "author": {"@id": "#moss"}, "publisher": {"@id": "#us"}},
        ]
    }
    found = one(page(head=linked([graph])))
    assert (found.author, found.outlet) == ("Ada Moss", "Harbour Light")


def test_an_article_goes_before_the_page_that_holds_it_and_before_other_stories() -> None:
    head = linked(
        {"@type": "WebPage", "datePublished": "2011-01-01"},
        {"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2012-01-01"}]},
        {"@type": "NewsArticle", "datePublished": "2016-03-03"},
    )
    assert one(page(head=head)).published == dt.date(2016, 3, 3)


META = (
    '<meta property="og:title" content="From Open Graph"><meta property="og:site_name" content="Graph Post">'
    '<meta property="article:published_time" content="2016-03-04"><meta name="author" content="By Ben Reed">'
)
ITEMS = (
    '<span itemprop="headline">From microdata</span><time itemprop="datePublished" datetime="2016-03-05">x</time>'
    '<div itemprop="author" itemscope><b itemprop="name">Cleo Hart</b></div>'
)


def test_json_ld_goes_before_meta_tags_and_these_before_microdata() -> None:
    head = linked({"@type": "NewsArticle", "headline": "From JSON-LD", "datePublished": "2016-03-03"})
    all_three, two, last = (
        one(page(ITEMS + STORY, head + META)),
        one(page(ITEMS + STORY, META)),
        one(page(ITEMS + STORY)),
    )
    assert [found.title for found in (all_three, two, last)] == ["From JSON-LD", "From Open Graph", "From microdata"]
    assert [found.day and found.day.day for found in (all_three, two, last)] == [3, 4, 5]
    assert [found.author for found in (all_three, two, last)] == ["Ben Reed", "Ben Reed", "Cleo Hart"]


def test_broken_json_ld_leaves_the_other_tags() -> None:
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>'
    assert one(page(head=broken + META)).title == "From Open Graph"


def test_an_impossible_date_leaves_the_next_one() -> None:
    head = linked({"@type": "NewsArticle", "datePublished": "0001-01-01T00:00:00Z"})
    assert one(page(head=head + META)).published == dt.date(2016, 3, 4)


def test_a_date_printed_under_the_headline_is_the_articles() -> None:
    found = one(page(f"<div>March 3, 2016</div>{STORY}"))
    assert (found.published, found.dated, found.window) == (dt.date(2016, 3, 3), "stated", None)


def test_the_machines_copy_of_a_printed_date_counts_and_a_later_version_does_not() -> None:
    times = (
        '<time datetime="2016-03-04T08:00:00Z">Updated Mar 4, 8:00 AM</time>'
        '<time datetime="2016-03-03T09:30:00-05:00">Posted Mar 3, 9:30 AM</time>'
    )
    moment = dt.datetime(2016, 3, 3, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    assert one(page(times + STORY)).published == moment


def test_a_day_in_an_address_dates_the_page() -> None:
    head = '<link rel="canonical" href="https://harbour.example/news/ferry-sinks-2016-03-03/">'
    found = one(page(head=head))
    assert (found.published, found.dated) == (dt.date(2016, 3, 3), "metadata")


def test_a_date_that_the_structure_suggests_is_inferred_with_a_window() -> None:
    found = one(page(f'<div class="post-date">Filed from the quay, March 3, 2016</div>{STORY}'))
    assert (found.published, found.dated) == (dt.date(2016, 3, 3), "inferred")
    assert found.window == (dt.date(2016, 3, 2), dt.date(2016, 3, 4))


def test_a_date_of_microdata_is_read_whatever_stands_beside_it() -> None:
    item = '<span itemprop="datePublished">Porto, 3 de março de 2016</span>'
    found = one(page(item + STORY))
    assert (found.published, found.dated) == (dt.date(2016, 3, 3), "metadata")


@pytest.mark.parametrize(
    ("moment", "shown", "day", "local"),
    [
        ("2016-03-04T04:50:00Z", "<div>March 3, 2016</div>", 3, "23:50:00-05:00"),
        ("2016-03-03T15:20:00Z", "<div>March 4, 2016</div>", 4, "00:20:00+09:00"),
        ("2016-03-04T04:50:00Z", "<div>March 4, 2016</div>", 4, "04:50:00+00:00"),
        ("2016-03-04T04:50:00Z", "<div>March 9, 2016</div>", 4, "04:50:00+00:00"),
        ("2016-03-04T04:50:00Z", "<div>March 5, 2016</div>", 4, "04:50:00+00:00"),  # 20 hours ahead is nowhere
        ("2016-03-04T04:50:00+01:00", "<div>March 3, 2016</div>", 4, "04:50:00+01:00"),
        ("2016-03-04T04:31:13-06:00", "<div>March 3, 2016, 10:31 pm CST</div>", 3, "22:31:00-06:00"),
    ],
)
def test_a_moment_in_utc_is_put_into_the_zone_of_the_day_that_the_page_prints(
    moment: str, shown: str, day: int, local: str
) -> None:
    found = one(page(shown + STORY, linked({"@type": "NewsArticle", "datePublished": moment})))
    assert isinstance(found.published, dt.datetime)
    assert (found.published.isoformat(), found.dated) == (f"2016-03-0{day}T{local}", "metadata")


def test_a_date_at_the_foot_of_a_page_is_not_the_articles() -> None:
    found = one(page(STORY + "<p>word</p>" * 50 + "<div>March 3, 2016</div>"))
    assert (found.published, found.dated) == (None, "unknown")


def test_an_agency_named_as_publisher_of_another_outlets_page_is_the_wire() -> None:
    head = linked({"@type": "NewsArticle", "publisher": {"name": "Associated Press"}}) + META
    assert (one(page(head=head)).outlet, one(page(head=head)).wire) == ("Graph Post", "AP")


def test_an_agencys_own_page_is_the_agencys() -> None:
    found = one(page(head='<link rel="canonical" href="https://apnews.com/article/ferry">'))
    assert (found.outlet, found.wire) == ("AP", None)


def test_the_address_tells_the_outlet_where_no_tag_does() -> None:
    head = '<link rel="canonical" href="https://www.nytimes.com/2016/03/03/ferry.html">'
    found = one(page(head=head))
    assert (found.outlet, found.published) == ("The New York Times", dt.date(2016, 3, 3))


def test_a_canonical_link_to_the_front_page_names_no_article() -> None:
    found = one(page(head='<link rel="canonical" href="https://www.nytimes.com/">'))
    assert (found.id, found.outlet) == ("ferry.html", "The New York Times")


def test_the_outlet_behind_the_headline_is_not_part_of_the_title() -> None:
    head = '<meta property="og:title" content="Ferry | Harbour Light">'
    site = '<meta property="og:site_name" content="Harbour Light">'
    assert [one(page(head=tags)).title for tags in (head, head + site)] == ["Ferry | Harbour Light", "Ferry"]


def test_scripts_in_title_and_byline_are_no_part_of_them() -> None:
    node = {
        "@type": "NewsArticle",
        "headline": "Old <script>alert(1)<\\/script>ferry &lt;img src=x onerror=alert(2)&gt;sinks",
        "author": "<b>Ada</b> Moss",
    }
    found = one(page(head=linked(node).replace("\\\\/", "\\/")))
    assert (found.title, found.author) == ("Old ferry sinks", "Ada Moss")


# Bytes


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "windows-1251"),
        ("utf-8", "iso-8859-1"),
        ("utf-16", "utf-8"),
        ("cp1252", "iso-8859-1"),
        ("cp1252", "utf-8"),
        ("cp1252", "no-such-encoding"),
        ("cp1252", "punycode"),
        ("cp1252", ""),
    ],
)
def test_the_text_is_decoded_whatever_the_page_declares(encoding: str, declared: str) -> None:
    words = "The café on the quay closed early, said Zoë Müller, and the fiancé of the captain had already left it."
    head = f'<meta charset="{declared}">' if declared else ""
    assert one(page(f"<p>{words}</p>{STORY}", head).encode(encoding)).text.startswith(words)


@pytest.mark.parametrize("declared", ["windows-1251", "utf-8", "iso-8859-1", ""])
def test_a_russian_page_is_read_in_its_own_letters(declared: str) -> None:
    words = "Паром вышел из гавани на рассвете, и на борту было двести человек, сообщила администрация порта."
    source = page(f"<p>{words}</p><p>{words}</p><p>{words}</p>", f'<meta charset="{declared}">', "ru")
    source = source.replace("Old ferry sinks", "Паром затонул")
    assert one(source.encode("cp1251")).text.startswith(words)


MHTML = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.nytimes.com/2016/03/03/ferry.html\r\n"
    'Subject: Old ferry sinks\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    "Content-Location: https://www.nytimes.com/2016/03/03/ferry.html\r\n\r\n{page}\r\n"
    "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n--b--\r\n"
)


def test_a_web_archive_is_the_page_in_it_at_the_address_it_was_saved_from() -> None:
    found = one(MHTML.format(page=page().replace("=", "=3D").replace("“", "=E2=80=9C").replace("”", "=E2=80=9D")))
    assert (found.text, found.url) == (TEXT, "https://www.nytimes.com/2016/03/03/ferry.html")


def test_a_web_archive_without_a_page_is_refused() -> None:
    assert "without a page" in refusal(MHTML.format(page="x").replace("text/html", "text/css"))


def test_every_suffix_of_a_page_is_read(tmp_path: Path) -> None:
    for suffix in (".html", ".HTM", ".xhtml"):
        (tmp_path / f"ferry{suffix}").write_text(page(), encoding="utf-8")
    assert [found.text for found in readers.read([tmp_path]) if isinstance(found, Article)] == [TEXT] * 3


# Pages that hold no article


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "empty"),
        (" \n\x00", "no text in it"),
        ("<!-- nothing -->", "no HTML in it"),
        (page("<a href='/a'>World</a> <a href='/b'>Sport</a>"), "found a page titled 'Old ferry sinks' with 2 links"),
        ("<html><body></body></html>", "found a page without a title"),
        ("%PDF-1.7 stream", "a document, picture or archive"),
    ],
)
def test_a_page_without_an_article_is_refused_saying_what_it_is(source: str, reason: str) -> None:
    assert reason in refusal(source)


def test_binary_content_under_a_pages_name_is_refused() -> None:
    assert "binary content" in refusal(b"\x00\x01\x02\xfe" * 5000)


def test_a_page_too_large_is_refused_without_being_held() -> None:
    chunks = iter([b"x" * 2**20] * 64)
    (found,) = html.read("ferry.html", chunks)
    assert str(found) == "ferry.html: more than 16 MB; expected one web page"
    assert len(list(chunks)) == 47


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 200_000 + STORY,
        "<p>" + "<b>" * 200_000,
        "<blockquote>" * 250 + "word " * 180_000,
        "<ul><li><a href='/x'>a long link text</a>" * 120 + "word " * 190_000,
        "<div><blockquote>The ferry left the harbour at dawn.</blockquote></div>" * 8_000,
        "<div " + " ".join(f'a{n}="x"' for n in range(100_000)) + ">" + STORY,
        "<p>" + "<span>word </span>" * 24_000,
        "<" * 1_000_000,
        "<!--" * 500_000,
        '<script type="application/ld+json">' + "[" * 500_000 + "</script>" + STORY,
        "x" * 900_000,
        '<script type="application/ld+json">{' + " " * 900_000 + "</script>" + STORY,
        linked({"@type": "NewsArticle", "articleBody": " " * 900_000}),
    ],
    ids=[
        "div",
        "b",
        "blockquote",
        "li",
        "quotes",
        "attributes",
        "span",
        "angles",
        "comments",
        "brackets",
        "word",
        "blanks",
        "body",
    ],
)
def test_a_hostile_page_is_read_or_refused_within_five_seconds(body: str) -> None:
    start = time.process_time()
    (found,) = html.read("ferry.html", iter([page(body).encode()]))
    assert isinstance(found, Draft | Refusal)
    assert time.process_time() - start < 5


def test_the_readers_load_without_the_libraries_that_pages_need() -> None:
    code = "import index.readers, sys; print([m for m in ('lxml', 'trafilatura', 'htmldate') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# The page is kept


def test_an_article_is_taken_out_of_its_page_again_when_the_readers_have_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ferry.html").write_text(page(f"<div>March 3, 2016</div>{STORY}"), encoding="utf-8")
    with Index.open(tmp_path / "news", CountingEncoder()) as news:
        (named,) = news.add([tmp_path / "ferry.html"]).added
        first = news.article(named)
        (tmp_path / "ferry.html").unlink()
        assert news.reread().unchanged == (named,)
        monkeypatch.setattr(html, "_body", lambda _: FIRST)
        assert news.reread().updated == (named,)
        again = news.article(named)
        assert (again.text, again.revision, again.published, again.origin) == (FIRST, 2, first.published, first.origin)
        assert news.article(named, 1).text == TEXT
        monkeypatch.undo()
        assert news.reread().updated == (named,)


def test_a_page_that_is_kept_is_no_part_of_what_is_told_of_an_article(tmp_path: Path) -> None:
    found = one(page())
    assert found.page
    assert "page" not in found.to_dict()


def test_an_article_that_was_removed_leaves_no_page(tmp_path: Path) -> None:
    (tmp_path / "ferry.html").write_text(page(), encoding="utf-8")
    with Index.open(tmp_path / "news", CountingEncoder()) as news:
        news.remove(news.add([tmp_path / "ferry.html"]).added)
        assert news.reread() == Added()


def test_a_byline_printed_under_the_headline_counts_where_no_tag_names_the_writer() -> None:
    assert one(page(f'<p class="byline">By Ada Moss</p>{STORY}')).author == "Ada Moss"


def test_a_script_inside_a_headline_is_no_part_of_it() -> None:
    source = page().replace("<h1>Old ferry sinks</h1>", "<h1>Old ferry sinks<script>track()</script></h1>")
    assert one(source).title == "Old ferry sinks"


def test_the_page_that_an_article_is_the_main_entity_of_gives_its_address() -> None:
    node = {"@type": "NewsArticle", "headline": "Ferry", "mainEntityOfPage": {"@id": "https://harbour.example/ferry"}}
    assert one(page(head=linked(node))).url == "https://harbour.example/ferry"
