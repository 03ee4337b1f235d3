"""Web addresses in, articles and refusals out: from a real server on 127.0.0.1."""

import contextlib
import datetime as dt
import functools
import gzip
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fakes import CountingEncoder

from index import Index, readers
from index.readers import fetch, web
from index.readers.fetch import Web
from index.records import Article, Origin, Refusal

FIRST = "The ferry left the harbour at dawn with two hundred people on board, the port authority said on Monday."
SECOND = "Divers searched the bay until nightfall, and the mayor promised that an inquiry would begin within the week."
THIRD = "“Nobody told us that the hull was cracked,” said Ada Moss, who had sold tickets on the quay for eleven years."
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Old ferry sinks</title></head><body><article>'
    f"<h1>Old ferry sinks</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></article></body></html>"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends: 304 instead of it to whoever names its ETag."""

    body: str | bytes = PAGE
    kind: str = "text/html"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    """A running server: its base URL, what it sends for each path, and the requests that came."""

    url: str
    replies: dict[str, Reply] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """The paths asked for, robots.txt aside."""
        return [path for path, _ in self.requests if path != "/robots.txt"]


def served() -> Iterator[Site]:
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            site.requests.append((self.path, dict(self.headers)))
            reply = site.replies.get(self.path, Reply("", status=404))
            etag = reply.headers.get("ETag")
            same = etag is not None and self.headers["If-None-Match"] == etag
            body = reply.body if isinstance(reply.body, bytes) else reply.body.encode()
            self.send_response(304 if same else reply.status)
            for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(b"" if same else body)
            except ConnectionError:  # the reader has enough
                return

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture(autouse=True)
def _near(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, and no pauses."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(readers, "Web", functools.partial(Web, pause=0))


site = pytest.fixture(served, name="site")
other = pytest.fixture(served, name="other")


def read(*urls: str) -> list[Article | Refusal]:
    return list(readers.read(urls))


def one(*urls: str) -> Article:
    """The one article read, where nothing else was."""
    (found,) = read(*urls)
    assert isinstance(found, Article), found
    return found


def reason(url: str) -> str:
    """Why nothing was read; the refusal names the address."""
    (found,) = read(url)
    assert isinstance(found, Refusal), found
    assert found.path == url
    return found.reason


def rss(*items: str) -> Reply:
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Light</title><link>https://x.example</link>'
    return Reply(f"{head}{''.join(items)}</channel></rss>", "application/rss+xml")


def item(link: str, text: str, title: str = "Old ferry sinks") -> str:
    date = "<pubDate>Thu, 03 Mar 2016 09:30:00 +0100</pubDate>"
    return f"<item><title>{title}</title><link>{link}</link>{date}<description>{text}</description></item>"


def urlset(*entries: str) -> str:
    names = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {names}>{"".join(entries)}</urlset>'


# Pages


def test_a_page_is_an_article_named_by_its_address(site: Site) -> None:
    site.replies["/ferry"] = Reply()
    found = one(f"{site.url}/ferry")
    assert (found.text, found.title, found.language) == (TEXT, "Old ferry sinks", "en")
    assert found.id == found.url == found.origin.path == f"{site.url}/ferry"


def test_a_pages_canonical_address_names_it(site: Site) -> None:
    site.replies["/ferry?from=mail"] = Reply(
        PAGE.replace("<title>", '<link rel="canonical" href="https://harbour.example/ferry"><title>')
    )
    found = one(f"{site.url}/ferry?from=mail")
    assert (found.id, found.origin.path) == ("https://harbour.example/ferry", f"{site.url}/ferry?from=mail")


def test_a_page_is_decoded_as_its_server_says(site: Site) -> None:
    story = "Паром вышел из гавани на рассвете, на борту было двести человек, сообщила администрация порта."
    site.replies["/ferry"] = Reply(
        f"<html><body><article><p>{story}</p></article></body></html>".encode("cp1251"),
        "text/html; charset=windows-1251",
    )
    assert one(f"{site.url}/ferry").text == story


def test_a_packed_page_is_unpacked(site: Site) -> None:
    site.replies["/ferry"] = Reply(gzip.compress(PAGE.encode()), headers={"Content-Encoding": "gzip"})
    assert one(f"{site.url}/ferry").text == TEXT


def test_other_documents_are_read_by_their_kind(site: Site) -> None:
    site.replies["/ferry.txt"] = Reply(TEXT, "text/plain; charset=utf-8")
    site.replies["/api"] = Reply('{"articles": [{"title": "Ferry", "text": "It sank."}]}', "application/json")
    assert one(f"{site.url}/ferry.txt").id == f"{site.url}/ferry.txt"
    assert one(f"{site.url}/api").text == "It sank."


def test_we_say_who_we_are(site: Site) -> None:
    site.replies["/ferry"] = Reply()
    one(f"{site.url}/ferry")
    assert {headers["User-Agent"] for _, headers in site.requests} == {
        "Whence (reads news articles into a personal collection)"
    }


# What is not read


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply("", status=404), "HTTP 404 Not Found"),
        (Reply("", status=500), "HTTP 500 Internal Server Error"),
        (Reply(""), "empty"),
        (Reply("<html><body><p>Menu</p></body></html>"), "no article in it"),
        (Reply(b"\xff\xd8\xff", "image/jpeg"), "image/jpeg; expected a web page, a feed or a sitemap"),
        (Reply(b"x", headers={"Content-Encoding": "br"}), "sent packed as 'br', which was not asked for"),
        (Reply(b"not packed", headers={"Content-Encoding": "gzip"}), "no answer (Error -3 while decompressing data"),
        (Reply("", status=302, headers={"Location": "ftp://127.0.0.1/ferry"}), "an address of ftp; expected http"),
        (Reply("", status=302, headers={"Location": "/page"}), "more than 5 redirects, last to http://127.0.0.1"),
    ],
)
def test_a_page_that_cannot_be_read_is_refused_by_its_address(site: Site, reply: Reply, why: str) -> None:
    site.replies["/page"] = reply
    assert reason(f"{site.url}/page").startswith(why)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://harbour.example/ferry", "an address of ftp; expected http or https, or the path of a file"),
        ("file:///etc/hosts", "an address of file; expected http or https, or the path of a file"),
        ("http://", "not a web address; it names no host"),
        ("http://[::1/ferry", "not a web address (Invalid IPv6 URL)"),
        ("http://ada:secret@127.0.0.1/ferry", "an address with a login in it; it would be kept with the article"),
    ],
)
def test_what_is_no_web_address_is_refused_and_nothing_asked(url: str, why: str) -> None:
    assert reason(url) == why


def test_a_server_that_is_not_there_is_refused() -> None:
    assert "robots.txt of http://127.0.0.1:1 could not be read" in reason("http://127.0.0.1:1/ferry")


def test_a_server_that_says_nothing_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_PATIENCE", -1.0)
    site.replies["/ferry"] = Reply()
    site.replies["/robots.txt"] = Reply("", status=404)
    assert "not sent within" in reason(f"{site.url}/ferry")


def test_a_page_too_large_is_refused_and_not_read_to_its_end(site: Site) -> None:
    site.replies["/ferry"] = Reply(b"<html>" + b"x" * 2**23)
    client = Web(pause=0)
    with pytest.raises(fetch.Unfetched, match="more than 1 MB"):
        client.get(f"{site.url}/ferry", lambda _: None, most=2**20)
    client.close()


def test_what_unpacks_to_too_much_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "LONGEST", 2**20)
    site.replies["/ferry"] = Reply(gzip.compress(b"x" * 2**24), "application/gzip")
    assert reason(f"{site.url}/ferry") == "unpacks to more than 1 MB"


def test_a_redirect_is_followed_and_its_end_is_where_the_article_was_read(site: Site, other: Site) -> None:
    site.replies["/old"] = Reply("", status=301, headers={"Location": f"{other.url}/ferry"})
    other.replies["/ferry"] = Reply()
    assert one(f"{site.url}/old").origin.path == f"{other.url}/ferry"


# Politeness


def test_robots_txt_is_obeyed_and_read_once(site: Site) -> None:
    site.replies |= {"/ferry": Reply(), "/private/ferry": Reply()}
    site.replies["/robots.txt"] = Reply("User-agent: *\nDisallow: /private/\n", "text/plain")
    found = read(f"{site.url}/private/ferry", f"{site.url}/ferry")
    assert str(found[0]) == f"{site.url}/private/ferry: the robots.txt of {site.url} does not allow it"
    assert isinstance(found[1], Article)
    assert [path for path, _ in site.requests] == ["/robots.txt", "/ferry"]


def test_what_robots_txt_says_of_whence_goes_before_what_it_says_of_all(site: Site) -> None:
    site.replies["/ferry"] = Reply()
    site.replies["/robots.txt"] = Reply("User-agent: *\nAllow: /\n\nUser-agent: Whence\nDisallow: /\n", "text/plain")
    assert "does not allow it" in reason(f"{site.url}/ferry")


def test_where_robots_txt_fails_nothing_is_read(site: Site) -> None:
    site.replies |= {"/ferry": Reply(), "/robots.txt": Reply("", status=503)}
    assert "could not be read, so nothing is fetched there" in reason(f"{site.url}/ferry")
    assert site.paths == []


def test_a_redirect_does_not_lead_around_another_hosts_robots_txt(site: Site, other: Site) -> None:
    site.replies["/old"] = Reply("", status=301, headers={"Location": f"{other.url}/ferry"})
    other.replies |= {"/ferry": Reply(), "/robots.txt": Reply("User-agent: *\nDisallow: /", "text/plain")}
    assert reason(f"{site.url}/old") == f"the robots.txt of {other.url} does not allow it"


@pytest.mark.parametrize(
    ("robots", "pause"), [("", 1), ("User-agent: *\nCrawl-delay: 7", 7), ("User-agent: *\nCrawl-delay: 900", 30)]
)
def test_a_host_is_left_in_peace_between_two_requests(site: Site, robots: str, pause: float) -> None:
    site.replies |= {"/a": Reply(), "/b": Reply(), "/robots.txt": Reply(robots, "text/plain")}
    waits: list[float] = []
    list(readers.read([f"{site.url}/a", f"{site.url}/b"], fetcher=Web(sleep=waits.append)))
    assert [round(wait) for wait in waits] == [pause]


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_has_too_much_to_do_is_not_asked_again(site: Site, status: int) -> None:
    site.replies |= {"/a": Reply("", status=status), "/b": Reply()}
    found = read(f"{site.url}/a", f"{site.url}/b")
    assert [str(one).partition(": ")[2] for one in found] == [
        f"{site.url} asked to be left alone for now (HTTP {status})",
        f"not asked again: {site.url} asked to be left alone for now (HTTP {status})",
    ]
    assert site.paths == ["/a"]


def test_an_unchanged_page_is_not_sent_again(site: Site, tmp_path: Path) -> None:
    site.replies["/ferry"] = Reply(headers={"ETag": '"1"', "Last-Modified": "Thu, 03 Mar 2016 09:30:00 GMT"})
    with Index.open(tmp_path / "news", CountingEncoder()) as news:
        first = news.add([f"{site.url}/ferry"])
        second = news.add([f"{site.url}/ferry"])
        site.replies["/ferry"] = Reply(PAGE.replace("two hundred", "three hundred"), headers={"ETag": '"2"'})
        third = news.add([f"{site.url}/ferry"])
    assert (first.added, second.unchanged, third.updated) == ((f"{site.url}/ferry",),) * 3
    asked = [headers for path, headers in site.requests if path == "/ferry"]
    assert [headers.get("If-None-Match") for headers in asked] == [None, '"1"', '"1"']
    assert asked[1]["If-Modified-Since"] == "Thu, 03 Mar 2016 09:30:00 GMT"


def test_an_origin_kept_by_an_earlier_version_is_read(site: Site, tmp_path: Path) -> None:
    site.replies["/ferry"] = Reply(headers={"ETag": '"1"'})
    with Index.open(tmp_path / "news", CountingEncoder()) as news:
        news.add([f"{site.url}/ferry"])
        assert news.article(f"{site.url}/ferry").origin.etag == '"1"'
    with contextlib.closing(sqlite3.connect(tmp_path / "news" / "archive.sqlite")) as archive, archive:
        archive.execute("UPDATE articles SET origin = ?", (json.dumps(["ferry.html", None, None, "ab12"]),))
    with Index.open(tmp_path / "news", CountingEncoder()) as news:
        assert news.article(f"{site.url}/ferry").origin == Origin("ferry.html", sha256="ab12")


def test_a_page_removed_from_the_collection_is_read_anew(site: Site, tmp_path: Path) -> None:
    site.replies["/ferry"] = Reply(headers={"ETag": '"1"'})
    with Index.open(tmp_path / "news", CountingEncoder()) as news:
        news.add([f"{site.url}/ferry"])
        news.remove([f"{site.url}/ferry"])
        assert news.add([f"{site.url}/ferry"]).added == (f"{site.url}/ferry",)


# Feeds


def test_the_items_of_a_feed_that_gives_them_whole_are_articles(site: Site) -> None:
    site.replies["/feed"] = rss(item(f"{site.url}/ferry", f"{TEXT} " * 4))
    found = one(f"{site.url}/feed")
    assert (found.id, found.outlet, found.origin.path) == (f"{site.url}/ferry", "Harbour Light", f"{site.url}/feed")
    assert site.paths == ["/feed"]


def test_the_page_behind_a_teaser_is_read_and_the_feed_says_what_the_page_does_not(site: Site) -> None:
    site.replies |= {"/feed": rss(item(f"{site.url}/ferry", "An old ferry sank.")), "/ferry": Reply()}
    found = one(f"{site.url}/feed")
    assert (found.text, found.origin.path) == (TEXT, f"{site.url}/ferry")
    assert found.published == dt.datetime(2016, 3, 3, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def test_a_teaser_stands_in_for_a_page_that_may_not_be_read_and_the_page_is_refused(site: Site) -> None:
    site.replies |= {"/feed": rss(item(f"{site.url}/ferry", "An old ferry sank in the bay.")), "/ferry": Reply()}
    site.replies["/robots.txt"] = Reply("User-agent: *\nDisallow: /ferry", "text/plain")
    refused, article = read(f"{site.url}/feed")
    assert str(refused) == f"{site.url}/ferry: the robots.txt of {site.url} does not allow it"
    assert isinstance(article, Article)
    assert (article.id, article.text) == (f"{site.url}/ferry", "An old ferry sank in the bay.")


def test_a_second_reading_of_a_feed_asks_for_its_pages_only_if_they_changed(site: Site, tmp_path: Path) -> None:
    site.replies["/feed"] = rss(item(f"{site.url}/ferry", "An old ferry sank."))
    site.replies["/ferry"] = Reply(headers={"ETag": '"1"'})
    with Index.open(tmp_path / "news", CountingEncoder()) as news:
        done = [news.add([f"{site.url}/feed"]) for _ in range(2)]
    assert [len(one.added) for one in done] == [1, 0]
    assert done[1].unchanged == (f"{site.url}/ferry",)


# Sitemaps


def pack(text: str) -> bytes:
    return gzip.compress(text.encode())


@pytest.mark.parametrize("packed", [str.encode, pack])
def test_the_pages_of_a_sitemap_are_read_with_what_it_says_of_them(site: Site, packed: Callable[[str], bytes]) -> None:
    news = (
        "<n:news><n:publication><n:name>Harbour Light</n:name><n:language>en</n:language></n:publication>"
        "<n:publication_date>2016-03-03</n:publication_date><n:title>Ferry</n:title></n:news>"
    )
    sitemap = urlset(f"<url><loc>{site.url}/ferry</loc>{news}</url>", f"<url><loc> {site.url}/tram </loc></url>")
    site.replies |= {"/sitemap": Reply(packed(sitemap), "application/octet-stream"), "/ferry": Reply()}
    article, refused = read(f"{site.url}/sitemap")
    assert isinstance(article, Article)
    assert (article.title, article.outlet, article.day) == ("Old ferry sinks", "Harbour Light", dt.date(2016, 3, 3))
    assert str(refused) == f"{site.url}/tram: HTTP 404 Not Found"


def test_a_sitemap_index_leads_to_its_sitemaps(site: Site) -> None:
    index = f"<sitemapindex><sitemap><loc>{site.url}/a.xml.gz</loc></sitemap></sitemapindex>"
    site.replies["/sitemap.xml"] = Reply(index, "application/xml")
    site.replies["/a.xml.gz"] = Reply(pack(urlset(f"<url><loc>{site.url}/ferry</loc></url>")), "application/x-gzip")
    site.replies["/ferry"] = Reply()
    assert one(f"{site.url}/sitemap.xml").id == f"{site.url}/ferry"


def test_sitemaps_that_lead_in_a_circle_come_to_an_end(site: Site) -> None:
    index = f"<sitemapindex><sitemap><loc>{site.url}/sitemap.xml</loc></sitemap></sitemapindex>"
    site.replies["/sitemap.xml"] = Reply(index, "application/xml")
    assert [str(one) for one in read(f"{site.url}/sitemap.xml")] == [
        f"{site.url}/sitemap.xml: a sitemap more than 2 deep in others",
        f"{site.url}/sitemap.xml: a sitemap that lists no page",
    ]
    assert len(site.paths) == 3


def test_a_sitemap_lists_only_so_many_pages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_MOST", 2)
    site.replies["/sitemap.xml"] = Reply(
        urlset(*(f"<url><loc>{site.url}/{n}</loc></url>" for n in range(5))), "application/xml"
    )
    assert str(read(f"{site.url}/sitemap.xml")[-1]).endswith("lists more than 2 pages; the rest is left out")
    assert site.paths == ["/sitemap.xml", "/0", "/1"]


def test_a_sitemap_may_not_name_files_of_ours(site: Site) -> None:
    site.replies["/sitemap.xml"] = Reply(urlset("<url><loc>file:///etc/hosts</loc></url>"), "application/xml")
    assert str(read(f"{site.url}/sitemap.xml")[0]) == (
        "file:///etc/hosts: an address of file; expected http or https, or the path of a file"
    )


@pytest.mark.parametrize("list_", ["rss", "urlset"])
def test_a_list_that_declares_entities_is_refused(site: Site, list_: str) -> None:
    site.replies["/list"] = Reply(f'<!DOCTYPE x [<!ENTITY a "b">]><{list_}></{list_}>', "application/xml")
    assert "declares entities of its own" in str(read(f"{site.url}/list")[0])
