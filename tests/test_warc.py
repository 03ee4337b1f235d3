"""Web archives in, an article for each web page out."""

import gzip
import sys
from pathlib import Path

import pytest

from index import readers
from index.records import Article, Refusal

STORY = (
    "The ferry left the harbour at dawn with two hundred people on board, the port said on Thursday. "
    "It was old and slow, and it sank in the quiet bay an hour later, but nobody was hurt. "
    "The tram took all of them to the town, where they were given tea and dry clothes by the mayor."
)
PAGE = (
    "<html><head><title>Old ferry sinks</title></head><body><article><h1>Old ferry sinks</h1>"
    f"<p>{STORY}</p></article></body></html>"
)


def record(kind: str, block: str | bytes, url: str = "https://harbour.example/ferry", **headers: str) -> bytes:
    content = block if isinstance(block, bytes) else block.encode()
    fields = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": "2024-05-06T07:08:09Z",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(content)),
    }
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in (fields | headers).items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + content + b"\r\n\r\n"


def answer(page: str | bytes = PAGE, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    content = page if isinstance(page, bytes) else page.encode()
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + content


FERRY = record("response", answer())
TRAM = record("response", answer(PAGE.replace("ferry", "tram")), "https://harbour.example/tram")
OTHERS = (
    record("warcinfo", "software: crawl\r\n")
    + record("request", "GET /ferry HTTP/1.1\r\nHost: harbour.example\r\n\r\n")
    + record("response", answer(status="404 Not Found"))
    + record("response", answer(b"\xff\xd8\xff", kind="image/jpeg"))
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(raw: bytes, name: str = "crawl.warc") -> list[Article | Refusal]:
    Path(name).write_bytes(raw)
    return list(readers.read([name]))


def titles(raw: bytes, name: str = "crawl.warc") -> list[str | None]:
    """The titles of the articles, and the refusals' words."""
    return [str(found) if isinstance(found, Refusal) else found.title for found in read(raw, name)]


def test_a_page_of_an_archive_is_an_article_at_its_address() -> None:
    (found,) = read(OTHERS + FERRY)
    assert isinstance(found, Article)
    assert (found.id, found.url) == ("https://harbour.example/ferry", "https://harbour.example/ferry")
    assert STORY in found.text
    assert (found.origin.path, found.origin.member) == ("crawl.warc", "https://harbour.example/ferry")


def test_the_day_of_the_crawl_dates_nothing() -> None:
    (found,) = read(FERRY)
    assert isinstance(found, Article)
    assert (found.published, found.dated) == (None, "unknown")


@pytest.mark.parametrize(
    "raw", [gzip.compress(OTHERS) + gzip.compress(FERRY) + gzip.compress(TRAM), gzip.compress(OTHERS + FERRY + TRAM)]
)
def test_an_archive_is_unpacked_whether_packed_by_records_or_as_a_whole(raw: bytes) -> None:
    assert titles(raw, "crawl.warc.gz") == ["Old ferry sinks", "Old tram sinks"]


def test_a_page_is_decoded_as_its_header_says() -> None:
    page = PAGE.replace("Old ferry", "Žába na břehu")
    raw = record("response", answer(page.encode("iso-8859-2"), kind="text/html; charset=iso-8859-2"))
    assert titles(raw) == ["Žába na břehu sinks"]


def test_a_page_sent_in_pieces_and_packed_is_put_together() -> None:
    packed = gzip.compress(PAGE.encode())
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[:99], packed[99:], b""))
    assert titles(record("response", head.encode() + pieces)) == ["Old ferry sinks"]


def test_a_page_without_an_article_is_refused_by_its_address_and_the_rest_goes_on() -> None:
    refused, last = titles(record("response", answer("<html></html>")) + TRAM)
    assert str(refused).startswith("crawl.warc: https://harbour.example/ferry: ")
    assert last == "Old tram sinks"


def test_an_archive_without_a_page_is_refused_once_and_its_records_are_counted() -> None:
    assert titles(OTHERS) == ["crawl.warc: no web page in it; records of other kinds or statuses skipped: 4"]


def test_a_page_that_the_crawler_cut_is_skipped() -> None:
    raw = record("response", answer(), WARC_Truncated="length")
    assert titles(raw) == ["crawl.warc: no web page in it; records of other kinds or statuses skipped: 1"]


def test_what_stands_before_the_place_where_an_archive_breaks_off_is_read() -> None:
    assert titles((FERRY + TRAM)[:-300]) == [
        "Old ferry sinks",
        "crawl.warc: breaks off (in the middle of a record); web pages read before it: 1",
    ]
    first, refusal = titles((gzip.compress(FERRY) + gzip.compress(TRAM))[:-100], "crawl.warc.gz")
    assert first == "Old ferry sinks"
    assert "breaks off" in str(refusal)


@pytest.mark.parametrize("raw", [b"", b"no archive at all\n", bytes(range(256)), b"\x1f\x8b\x08\x00", FERRY[:4]])
def test_a_file_that_is_no_archive_is_refused(raw: bytes) -> None:
    (refusal,) = titles(raw)
    assert str(refusal).startswith("crawl.warc: not a web archive that can be read (")


@pytest.mark.parametrize("cut", range(1, len(TRAM), 9))
def test_an_archive_cut_anywhere_in_a_record_says_so(cut: int) -> None:
    first, refusal = titles(FERRY + TRAM[:cut])
    assert (first, "breaks off" in str(refusal)) == ("Old ferry sinks", True)


def test_a_line_without_end_is_never_held_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.warc.LONGEST", 2**20)
    (refusal,) = titles(gzip.compress(b"WARC/1.0" + b"x" * 2**24), "crawl.warc.gz")
    assert "no line's end in 1 MB" in str(refusal)


def test_without_its_library_an_archive_is_refused_and_the_extra_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "warcio.archiveiterator", None)
    assert titles(FERRY) == ["crawl.warc: reading web archives needs a library more; run: pip install 'whence[warc]'"]
