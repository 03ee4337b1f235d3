"""Newsletters saved as e-mails in, an article out."""

import datetime as dt
from email.message import EmailMessage
from pathlib import Path

import pytest

from index import readers
from index.records import Article, Refusal

STORY = "The ferry left the harbour at dawn with two hundred people on board, the port said."
PAGE = f"""<html><head><title>x</title><style>p {{}}</style></head><body><div style="display:none">Read on</div>
<p><a href="https://harbour.example/n/7?a=1&amp;b=2"><span>View in your browser</span></a></p>
<table><tr><td><p>{STORY}</p><p>Nobody was hurt.</p></td></tr></table></body></html>"""
SHOWN = f"View in your browser\n\n{STORY}\n\nNobody was hurt."


def letter(plain: str | None = None, page: str | None = None, **headers: str) -> bytes:
    message = EmailMessage()
    fields = {
        "From": "Harbour Light <news@harbour.example>",
        "Subject": "Old ferry sinks",
        "Date": "Thu, 03 Mar 2016 12:00:00 +0100",
        "Message-ID": "<7@harbour.example>",
    }
    if plain is not None:
        message.set_content(plain)
    if page is not None and plain is not None:
        message.add_alternative(page, subtype="html")
    elif page is not None:
        message.set_content(page, subtype="html")
    for name, value in (fields | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            message[name] = value
    return message.as_bytes()


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(raw: bytes) -> list[Article | Refusal]:
    Path("letter.eml").write_bytes(raw)
    return list(readers.read(["letter.eml"]))


def one(raw: bytes) -> Article:
    (found,) = read(raw)
    assert isinstance(found, Article), found
    return found


def refusals(raw: bytes) -> list[str]:
    return [str(found) for found in read(raw) if isinstance(found, Refusal)]


def test_a_newsletter_is_an_article_with_its_headers_as_fields() -> None:
    found = one(letter(STORY, Content_Language="en"))
    assert (found.title, found.outlet, found.text) == ("Old ferry sinks", "Harbour Light", STORY)
    assert found.published == dt.datetime(2016, 3, 3, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert (found.id, found.language, found.origin.path) == ("7@harbour.example", "en", "letter.eml")


def test_a_letter_without_an_id_is_named_by_its_path() -> None:
    assert one(letter(STORY, Message_ID="")).id == "letter.eml"


def test_the_plain_text_goes_before_the_page() -> None:
    assert one(letter(STORY, PAGE)).text == STORY


def test_a_plain_text_that_is_a_stub_gives_way_to_the_page() -> None:
    assert one(letter("Your mail program shows no HTML.", PAGE)).text == SHOWN


def test_a_page_alone_becomes_its_paragraphs() -> None:
    assert one(letter(page=PAGE)).text == SHOWN


def test_an_attachment_is_no_part_of_the_text() -> None:
    message = EmailMessage()
    message["From"], message["Date"] = "Harbour Light <news@harbour.example>", "Thu, 03 Mar 2016 12:00:00 GMT"
    message.set_content(STORY)
    message.add_attachment("Terms of the prize", filename="terms.txt")
    assert one(message.as_bytes()).text == STORY


def test_lines_that_flow_on_are_joined() -> None:
    raw = letter(STORY).replace(b"text/plain;", b"text/plain; format=flowed;")
    head = raw.partition(b"\n\n")[0]
    assert one(head + b"\n\nThe ferry left \nat dawn.\n\nNobody was hurt.\n-- \nMoss\n").text == (
        "The ferry left at dawn.\n\nNobody was hurt.\n-- \nMoss"
    )


@pytest.mark.parametrize(
    ("sender", "outlet"),
    [
        ("The New York Times <x@mail.example>", "The New York Times"),
        ("Breaking News <breaking@email.bbc.co.uk>", "BBC"),
        ("Harbour Light <news@harbour.example>", "Harbour Light"),
        ("=?utf-8?q?Caf=C3=A9_Tide?= <news@harbour.example>", "Café Tide"),
        ("news@harbour.example", "harbour.example"),
    ],
)
def test_the_outlet_is_the_sender_by_name_or_known_domain(sender: str, outlet: str) -> None:
    raw = letter(STORY).replace(b"Harbour Light <news@harbour.example>", sender.encode())
    assert one(raw).outlet == outlet


def test_the_address_is_that_behind_view_in_browser() -> None:
    assert one(letter(STORY, PAGE)).url == "https://harbour.example/n/7?a=1&b=2"


@pytest.mark.parametrize(
    "line",
    [
        "View this email in your browser (https://harbour.example/n/7)",
        "View this post on the web at https://harbour.example/n/7",
        "Read online:\nhttps://harbour.example/n/7",
    ],
)
def test_the_address_is_else_that_printed_in_the_plain_text(line: str) -> None:
    assert one(letter(f"{line}\n\n{STORY}")).url == "https://harbour.example/n/7"


def test_the_address_is_else_that_of_the_lists_archive() -> None:
    archive = {"List_Archive": "<https://harbour.example/archive>"}
    assert one(letter(STORY, **archive)).url == "https://harbour.example/archive"
    assert one(letter(STORY, Archived_At="<https://harbour.example/n/7>", **archive)).url == (
        "https://harbour.example/n/7"
    )


def test_an_encoding_that_does_not_exist_is_guessed() -> None:
    assert one(letter("The café closed.").replace(b'"utf-8"', b'"utf-99"')).text == "The café closed."


@pytest.mark.parametrize("broken", [b"From: <<<@@>> (", b"From: =?utf-8?q?=FF=FE?= <", b"From: a@b.example\xff\xfe"])
def test_a_broken_sender_does_not_cost_the_letter(broken: bytes) -> None:
    raw = letter(STORY).replace(b"From: Harbour Light <news@harbour.example>", broken)
    assert one(raw).text == STORY


@pytest.mark.parametrize("date", ["some day", "Thu, 99 Foo 2016 12:00:00", "Thu, 03 Mar 99999999999 12:00:00", ""])
def test_a_date_that_is_none_leaves_it_unknown(date: str) -> None:
    raw = letter(STORY).replace(b"Thu, 03 Mar 2016 12:00:00 +0100", date.encode())
    assert one(raw).published is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"Only a note of mine.", "not an e-mail; expected one with its headers, From and Date"),
        (bytes(range(256)), "not an e-mail; expected one with its headers, From and Date"),
        (letter(""), "no text in it (text/plain)"),
        (letter(STORY).replace(b"text/plain", b"application/pkcs7-mime"), "no text in it (application/pkcs7-mime)"),
    ],
)
def test_a_file_that_is_no_letter_with_text_is_refused(raw: bytes, reason: str) -> None:
    assert refusals(raw) == [f"letter.eml: {reason}"]


def test_parts_within_parts_without_end_are_refused() -> None:
    nested = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(5000))
    (refusal,) = refusals(b"From: a@b.example\n" + nested.encode())
    assert "expected one newsletter" in refusal or "no text in it" in refusal


def test_a_letter_too_long_to_hold_is_refused_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.mail.LONGEST", 2**20)
    assert refusals(b"x" * 2**21) == ["letter.eml: an e-mail of more than 1 MB; expected one newsletter"]
