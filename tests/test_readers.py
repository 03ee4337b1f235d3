"""Paths in, articles and refusals out."""

import datetime as dt
import hashlib
import io
import json
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import readers
from index.readers import draft
from index.records import Article, Refusal

STORY = "The ferry left the harbour at dawn with two hundred people on board, the port said."


def read(*paths: str | Path, stdin: bytes = b"") -> list[Article | Refusal]:
    return list(readers.read(paths, io.BytesIO(stdin)))


def one(*paths: str | Path, stdin: bytes = b"") -> Article:
    """The one article read, where nothing else was."""
    (found,) = read(*paths, stdin=stdin)
    assert isinstance(found, Article), found
    return found


def refusals(*paths: str | Path, stdin: bytes = b"") -> list[str]:
    return [str(found) for found in read(*paths, stdin=stdin) if isinstance(found, Refusal)]


def line(**fields: object) -> str:
    return json.dumps({"text": STORY, **fields}) + "\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Plain text and Markdown


def test_a_text_file_is_one_article_named_by_its_path() -> None:
    Path("ferry.txt").write_text(STORY, encoding="utf-8")
    found = one("ferry.txt")
    assert (found.id, found.text, found.revision) == ("ferry.txt", STORY, 1)
    assert found.origin.path == "ferry.txt"
    assert found.origin.sha256 == hashlib.sha256(STORY.encode()).hexdigest()


def test_the_printed_header_of_a_text_gives_title_author_and_stated_date() -> None:
    Path("ferry.txt").write_text(
        f"Old Ferry Sinks In Quiet Bay\nBy Ada Moss\nMarch 3, 2016\n\n{STORY}", encoding="utf-8"
    )
    found = one("ferry.txt")
    assert (found.title, found.author) == ("Old Ferry Sinks In Quiet Bay", "Ada Moss")
    assert (found.published, found.dated) == (dt.date(2016, 3, 3), "stated")
    assert [found.text[a.start : a.end] for a in found.asides] == [
        "Old Ferry Sinks In Quiet Bay",
        "By Ada Moss",
        "March 3, 2016",
    ]


def test_a_text_without_a_date_has_none_and_says_so() -> None:
    Path("ferry.txt").write_text(STORY, encoding="utf-8")
    assert (one("ferry.txt").published, one("ferry.txt").dated) == (None, "unknown")


def test_an_outlet_that_speaks_of_itself_in_a_text_is_its_outlet() -> None:
    Path("ferry.txt").write_text(f"{STORY} RadarOnline.com has learned who steered it.", encoding="utf-8")
    assert one("ferry.txt").outlet == "RadarOnline"


def test_an_outlet_that_a_text_only_cites_is_not_its_outlet() -> None:
    Path("ferry.txt").write_text(f"{STORY} According to CNN, it was old.", encoding="utf-8")
    assert one("ferry.txt").outlet is None


def test_front_matter_gives_a_markdown_article_its_fields_and_its_address_names_it() -> None:
    head = "---\ntitle: Old ferry sinks\nsource: nyt\ndate: 2016-03-03\nurl: https://example.com/ferry\n---\n"
    Path("ferry.md").write_text(head + STORY, encoding="utf-8")
    found = one("ferry.md")
    assert (found.id, found.title, found.outlet) == (
        "https://example.com/ferry",
        "Old ferry sinks",
        "The New York Times",
    )
    assert found.text == head + STORY


def test_a_dateline_names_the_agency_whose_copy_a_text_is() -> None:
    Path("ferry.txt").write_text(f"Old Ferry Sinks In Quiet Bay\n\nHARBOUR CITY (AP) — {STORY}", encoding="utf-8")
    assert one("ferry.txt").wire == "AP"


@pytest.mark.parametrize(
    "raw",
    [
        "\ufeffThe café closed.".encode(),
        "The café closed.".encode("utf-16"),
        b"\xfe\xff" + "The café closed.".encode("utf-16-be"),
        "The café closed.".encode("cp1252"),
    ],
)
def test_a_text_is_decoded_from_utf8_utf16_and_windows(raw: bytes) -> None:
    Path("cafe.txt").write_bytes(raw)
    assert one("cafe.txt").text == "The café closed."


def test_one_broken_byte_does_not_turn_a_utf8_text_into_another_encoding() -> None:
    Path("cafe.txt").write_bytes("The café closed, said Zoë.".encode() + b"\xff")
    assert one("cafe.txt").text == "The café closed, said Zoë.\ufffd"


def test_only_line_ends_and_control_characters_of_a_text_change() -> None:
    Path("ferry.txt").write_bytes(b"  One.\r\nTwo\x00bells.\rThree\x07\t.\n\n ")
    assert one("ferry.txt").text == "  One.\nTwo bells.\nThree \t.\n\n "


def test_bytes_of_a_broken_character_are_kept_for_repair() -> None:
    assert draft.clean("It\u00e2\u0080\u0099s a\u0085b") == "It\u00e2\u0080\u0099s a b"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \n\x00\n", "no text in it"),
        (bytes(range(256)) * 8, "neither UTF-8 nor"),
        (b"\x00\x01\x02A" * 200, "binary content"),
        (b"\x81\x8d" * 500, "neither UTF-8 nor"),
        (b"%PDF-1.7\nstream", "PDF"),
    ],
)
def test_a_file_that_holds_no_text_is_refused(raw: bytes, reason: str) -> None:
    Path("ferry.txt").write_bytes(raw)
    assert [reason in refusal for refusal in refusals("ferry.txt")] == [True]


def test_a_text_too_long_for_one_article_is_refused_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.text.LONGEST", 2**20)
    Path("long.txt").write_bytes(b"word " * 2**18)
    assert refusals("long.txt") == ["long.txt: more than 1 MB of text; expected one article"]


# Paths


def test_a_folder_is_read_to_its_depth_in_order_without_hidden_names() -> None:
    for name in ("news/b/two.txt", "news/a.txt", "news/c.TXT", "news/.hidden/x.txt", "news/.x.txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(STORY, encoding="utf-8")
    assert [found.id for found in read("news/") if isinstance(found, Article)] == [
        "news/a.txt",
        "news/b/two.txt",
        "news/c.TXT",
    ]


def test_an_articles_path_is_the_one_given(here: Path) -> None:
    Path("news").mkdir()
    Path("news/a.txt").write_text(STORY, encoding="utf-8")
    assert [one(path).id for path in ("./news", here / "news", "news/a.txt")] == [
        "news/a.txt",
        f"{here.as_posix()}/news/a.txt",
        "news/a.txt",
    ]


def test_links_that_lead_in_a_circle_are_followed_once() -> None:
    Path("news").mkdir()
    Path("news/a.txt").write_text(STORY, encoding="utf-8")
    Path("news/again").symlink_to(Path("news").resolve(), target_is_directory=True)
    assert one("news").id == "news/a.txt"


def test_a_link_that_leads_to_itself_is_refused() -> None:
    Path("a.txt").symlink_to("b.txt")
    Path("b.txt").symlink_to("a.txt")
    assert refusals("a.txt") == ["a.txt: cannot be read: Too many levels of symbolic links"]


@pytest.mark.parametrize("suffix", [".txt", ".md", ".jsonl", ".json", ".csv", ".html", ".eml", ".xml", ".rss", ".pdf"])
def test_a_line_of_fifty_megabytes_is_refused_and_memory_stays_bounded(suffix: str) -> None:
    path = Path(f"long{suffix}")
    path.write_bytes(b"word " * (10 * 2**20))
    tracemalloc.start()
    (refusal,) = refusals(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal.startswith(f"long{suffix}")
    assert most < 300 * 2**20


def test_a_file_of_an_unknown_kind_is_refused_alone_and_in_a_folder() -> None:
    Path("news").mkdir()
    Path("news/photo.XYZ").write_bytes(b"x")
    Path("news/Makefile").write_bytes(b"x")
    readable = f"readable: {' '.join(readers.READERS)}"
    assert refusals("news") == [
        f"news/Makefile: no reader for files without a suffix; {readable}",
        f"news/photo.XYZ: no reader for '.xyz' files; {readable}",
    ]
    assert refusals("news/photo.XYZ") == [f"news/photo.XYZ: no reader for '.xyz' files; {readable}"]


def test_a_path_that_leads_nowhere_is_refused_and_the_rest_goes_on() -> None:
    Path("a.txt").write_text(STORY, encoding="utf-8")
    Path("gone.txt").symlink_to("nowhere.txt")
    assert [str(found) for found in read("gone.txt", "no.txt") if isinstance(found, Refusal)] == [
        "gone.txt: there is no such file or folder",
        "no.txt: there is no such file or folder",
    ]
    assert [type(found) for found in read("no.txt", "a.txt")] == [Refusal, Article]


def test_an_empty_folder_is_refused() -> None:
    Path("news").mkdir()
    assert refusals("news") == ["news: the folder holds no files"]


def test_a_file_that_may_not_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.txt").write_text(STORY, encoding="utf-8")
    Path("b.txt").write_text(STORY, encoding="utf-8")
    opened = Path.open

    def guarded(path: Path, mode: str = "r") -> io.BufferedReader:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, "rb")

    monkeypatch.setattr(Path, "open", guarded)
    found = read("a.txt", "b.txt")
    assert str(found[0]) == "a.txt: cannot be read: Permission denied"
    assert isinstance(found[1], Article)


def test_a_pipe_is_refused_without_waiting_for_it() -> None:
    os.mkfifo("pipe.txt")
    assert refusals("pipe.txt") == ["pipe.txt: not a regular file"]


def test_a_name_that_is_not_utf8_still_names_an_article() -> None:
    Path("news").mkdir()
    try:
        Path(os.fsdecode(b"news/caf\xe9.txt")).write_text(STORY, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert one("news").id == "news/caf\ufffd.txt"


# JSON Lines


def test_a_line_is_an_article_with_its_fields() -> None:
    fields = {
        "id": "moss-1",
        "url": "https://example.com/ferry",
        "title": "Old ferry sinks",
        "outlet": "WaPo",
        "author": "By Ada Moss",
        "published": "2016-03-03T12:00:00Z",
        "wire": "reuters",
        "language": "en",
    }
    Path("news.jsonl").write_text("\n" + line(**fields), encoding="utf-8")
    found = one("news.jsonl")
    assert (found.id, found.url, found.title) == ("moss-1", "https://example.com/ferry", "Old ferry sinks")
    assert (found.outlet, found.author, found.wire) == ("The Washington Post", "Ada Moss", "Reuters")
    assert (found.published, found.dated) == (dt.datetime(2016, 3, 3, 12, tzinfo=dt.UTC), "metadata")
    assert (found.language, found.text) == ("en", STORY)
    assert (found.origin.path, found.origin.line) == ("news.jsonl", 2)


@pytest.mark.parametrize(
    ("alias", "field", "value"),
    [
        ("body", "text", STORY),
        ("content", "text", STORY),
        ("headline", "title", "Old ferry sinks"),
        ("source", "outlet", "Harbour Light"),
        ("publisher", "outlet", "Harbour Light"),
        ("byline", "author", "Ada Moss"),
        ("date", "day", "2016-03-03"),
        ("published_at", "day", "2016-03-03"),
    ],
)
def test_a_field_is_known_by_its_other_names(alias: str, field: str, value: str) -> None:
    text = {} if field == "text" else {"text": STORY}
    found = one("-", stdin=json.dumps({alias: value, **text}).encode())
    assert str(getattr(found, field)) == value


@pytest.mark.parametrize("nothing", [None, "", "None", " null "])
def test_a_field_that_says_nothing_is_none(nothing: str | None) -> None:
    found = one("-", stdin=line(author=nothing, outlet=nothing, title=nothing, wire=nothing, url=nothing).encode())
    assert (found.author, found.outlet, found.title, found.wire, found.url) == (None, None, None, None, None)


def test_a_byline_of_nothing_but_marks_names_no_author() -> None:
    assert one("-", stdin=line(author=", ,").encode()).author is None


def test_seconds_since_1970_are_a_date_and_a_date_that_is_none_leaves_it_unknown() -> None:
    assert one("-", stdin=line(published=1457006400).encode()).day == dt.date(2016, 3, 3)
    found = one("-", stdin=line(published="some day").encode())
    assert (found.published, found.dated) == (None, "unknown")


def test_the_repeated_headline_is_an_aside() -> None:
    found = one("-", stdin=json.dumps({"title": "Old ferry sinks", "text": f"Old Ferry Sinks.\n\n{STORY}"}).encode())
    assert [(a.kind, found.text[a.start : a.end]) for a in found.asides] == [("title", "Old Ferry Sinks.")]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('{"text": "The ferry', "not JSON"),
        ("[1, 2]", "a list; expected one JSON object on each line"),
        ("3", "a number; expected one JSON object on each line"),
        ("\x00\x00", "not JSON"),
        ('{"title": "Ferry", "lead": "x"}', "expected it as 'text', 'body' or 'content', found 'title', 'lead'"),
        ('{"text": "  \\n"}', "'text' is empty; expected the article's text"),
        ('{"body": ""}', "'body' is empty; expected the article's text"),
        ('{"text": 5}', "'text' is a number; expected a string"),
        ('{"text": "x", "source": {"domain": "cnn.com"}}', "'source' is an object; expected a string"),
        ('{"text": "x", "byline": ["A", 3]}', "'byline' is a list; expected a string"),
        ('{"text": "x", "date": true}', "'date' is true; expected a string"),
        ("[" * 100_000, "not JSON"),
        ('{"text": "x", "n": ' + "9" * 5000 + "}", "not JSON"),
    ],
)
def test_a_line_without_an_article_is_refused_by_its_number_and_the_rest_goes_on(broken: str, reason: str) -> None:
    Path("news.jsonl").write_text(line(id="a") + broken + "\n" + line(id="b"), encoding="utf-8")
    first, refused, last = read("news.jsonl")
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert isinstance(refused, Refusal)
    assert (refused.path, refused.line) == ("news.jsonl", 2)
    assert reason in refused.reason


def test_a_file_whose_first_hundred_lines_are_no_json_is_left() -> None:
    Path("news.jsonl").write_text("broken\n" * 200 + line(id="a"), encoding="utf-8")
    told = refusals("news.jsonl")
    assert (len(told), told[-1]) == (101, "news.jsonl:100: no JSON in 100 lines; what follows was not read")


def test_broken_lines_after_an_article_never_end_a_file() -> None:
    Path("news.jsonl").write_text(line(id="a") + "broken\n" * 200 + line(id="b"), encoding="utf-8")
    assert [found.id for found in read("news.jsonl") if isinstance(found, Article)] == ["a", "b"]


@pytest.mark.parametrize("document", ['[{"text": "x"},\n{"text": "y"}]', '{\n  "text": "x"\n}\n'])
def test_a_json_document_over_several_lines_is_refused_once(document: str) -> None:
    Path("news.jsonl").write_text(document, encoding="utf-8")
    (refusal,) = refusals("news.jsonl")
    assert "one JSON document for all; expected one JSON object on each line" in refusal


@pytest.mark.parametrize("raw", [b"", b"\n \r\n"])
def test_a_file_of_no_lines_is_refused(raw: bytes) -> None:
    Path("news.jsonl").write_bytes(raw)
    assert refusals("news.jsonl") == ["news.jsonl: empty; expected one JSON object on each line"]


def test_a_line_too_long_is_refused_by_its_size_and_never_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.jsonlines.LONGEST", 2**20)

    def chunks() -> Iterator[bytes]:
        yield line(id="a").encode()
        for _ in range(64):
            yield b"x" * 2**16
        yield b"\n" + line(id="b").encode()

    found = list(readers.jsonlines.read("news.jsonl", chunks()))
    assert str(found[1]) == "news.jsonl:2: a line of 4.0 MB; at most 1 MB are read"
    assert [entry.id for entry in found if isinstance(entry, draft.Draft)] == ["a", "b"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_lines_with_a_byte_order_mark_and_windows_line_ends_are_read(encoding: str) -> None:
    text = line(id="a", title="Café").replace("\n", "\r\n") + '{"id": "b", "text": "Zoë"}\r\n'
    text = text.replace("\\u00e9", "é")
    Path("news.jsonl").write_bytes(text.encode(encoding))
    found = [entry for entry in read("news.jsonl") if isinstance(entry, Article)]
    assert [(entry.id, entry.title) for entry in found] == [("a", "Café"), ("b", None)]
    assert found[1].text == "Zoë"


def test_control_characters_and_half_surrogates_in_a_field_leave_its_offsets() -> None:
    found = one("-", stdin=b'{"text": "One\\u0000bell\\ud83d rang\\r\\n\x01twice \\ud83d\\ude00"}')
    assert found.text == "One bell\ufffd rang\n twice \U0001f600"


# Identity and standard input


def test_an_id_goes_before_an_address_and_an_address_before_the_content() -> None:
    url = "HTTPS://Example.com:443/Ferry?utm_source=x&id=1#top"
    assert one("-", stdin=line(id=" moss-1 ", url=url).encode()).id == "moss-1"
    assert one("-", stdin=line(url=url).encode()).id == "https://example.com/Ferry?id=1"
    content = hashlib.sha256(f"Old ferry sinks\n{STORY}".encode()).hexdigest()[:16]
    assert one("-", stdin=line(title="Old ferry sinks").encode()).id == f"sha256:{content}"


def test_the_outlet_of_an_address_is_the_articles_where_no_field_names_one() -> None:
    assert one("-", stdin=line(url="https://www.bbc.co.uk/news/1").encode()).outlet == "BBC"


PAGE = f"<html><head><title>Old ferry sinks</title></head><body><p>{STORY}</p></body></html>"


@pytest.mark.parametrize(
    ("raw", "texts"),
    [
        ("\n " + line(id="a") + line(id="b"), [STORY, STORY]),
        (line(id="a").rstrip(), [STORY]),
        ("[" + line(id="a") + "]", [STORY]),
        ('{\n "articles": [' + line(id="a") + "]}", [STORY]),
        (PAGE, [STORY]),
        ("<!DOCTYPE html>\n<!-- saved -->\n" + PAGE, [STORY]),
        (f"<p>{STORY}</p>", [STORY]),
        (f"<tweet> {STORY}", [f"<tweet> {STORY}"]),
        (f"<nitf><body><body.content><p>{STORY}</p></body.content></body></nitf>", [STORY]),
        (STORY, [STORY]),
        (f"\ufeff{STORY}", [STORY]),
    ],
)
def test_standard_input_is_read_as_what_it_begins_like(raw: str, texts: list[str]) -> None:
    found = read("-", stdin=raw.encode())
    assert [entry.text for entry in found if isinstance(entry, Article)] == texts


@pytest.mark.parametrize("raw", [line().rstrip(), PAGE, STORY])
def test_an_article_of_standard_input_is_named_by_its_content(raw: str) -> None:
    assert one("-", stdin=raw.encode()).id.startswith("sha256:")


def test_names_may_be_objects_and_lists() -> None:
    found = one(
        "-",
        stdin=line(
            source={"id": None, "name": "WaPo"}, author=[{"name": "Ada Moss"}, "Bo Reed"], publishedAt="2016-03-03"
        ).encode(),
    )
    assert (found.outlet, found.author, found.day) == ("The Washington Post", "Ada Moss, Bo Reed", dt.date(2016, 3, 3))
    assert one("-", stdin=line(source={"id": None, "name": None}).encode()).outlet is None


def test_standard_input_is_else_one_text_named_by_its_content() -> None:
    found = one("-", stdin=STORY.encode())
    assert (found.text, found.origin.path) == (STORY, "-")
    assert found.id == "sha256:" + hashlib.sha256(f"\n{STORY}".encode()).hexdigest()[:16]


def test_empty_standard_input_is_refused() -> None:
    assert refusals("-", stdin=b"") == ["-: empty"]


def test_fields_are_known_in_any_case_and_a_number_may_be_an_id() -> None:
    written = {
        "ID": 17,
        "Headline": "Old ferry sinks",
        "articleBody": STORY,
        "Publication Date": "2016-03-03",
        "link": "https://h.example/1",
    }
    found = one("-", stdin=json.dumps(written).encode())
    assert (found.id, found.title, found.text, found.url) == ("17", "Old ferry sinks", STORY, "https://h.example/1")
    assert found.published == dt.date(2016, 3, 3)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Совет порта во вторник решил закрыть старый рыбный рынок, потому что сваи сгнили."),
        ("koi8-r", "Совет порта во вторник решил закрыть старый рыбный рынок, потому что сваи сгнили."),
        ("shift_jis", "港の委員会は火曜日、古い魚市場を閉鎖することを決めた。技術者が杭の腐食を見つけたためである。"),
        ("cp1253", "Το συμβούλιο του λιμανιού αποφάσισε την Τρίτη να κλείσει την παλιά ψαραγορά."),
        ("utf-16-le", "The harbour board voted to close the old fish market."),
    ],
)
def test_the_encoding_of_a_text_is_detected(encoding: str, text: str) -> None:
    Path("market.txt").write_bytes(text.encode(encoding))
    assert one("market.txt").text == text
