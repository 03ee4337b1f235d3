"""JSON documents in, articles out."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import readers
from index.readers import draft, jsons
from index.records import Article, Refusal

STORY = "The orchard lost half its pears to the hail on Sunday, the growers said."


def read(document: Any = None, raw: bytes | None = None) -> list[Article | Refusal]:
    Path("news.json").write_bytes(json.dumps(document).encode() if raw is None else raw)
    return list(readers.read(["news.json"]))


def articles(document: Any = None, raw: bytes | None = None) -> list[Article]:
    return [found for found in read(document, raw) if isinstance(found, Article)]


def refusals(document: Any = None, raw: bytes | None = None) -> list[str]:
    return [str(found) for found in read(document, raw) if isinstance(found, Refusal)]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_an_object_with_a_text_is_one_article_named_by_its_path() -> None:
    (found,) = articles({"headline": "Hail takes the pears", "source": "WaPo", "date": "2016-03-03", "body": STORY})
    assert (found.id, found.title, found.outlet) == ("news.json", "Hail takes the pears", "The Washington Post")
    assert (found.published, found.text) == (dt.date(2016, 3, 3), STORY)
    assert (found.origin.path, found.origin.member, found.origin.line) == ("news.json", None, None)


def test_the_objects_of_a_list_are_articles_whose_places_are_kept() -> None:
    raw = b'\n[\n  {"id": "a",\n   "text": "One"},\n  {"id": "b", "content": "Two"}\n]\n'
    assert [(found.id, found.text, found.origin.member, found.origin.line) for found in articles(raw=raw)] == [
        ("a", "One", "[0]", 3),
        ("b", "Two", "[1]", 5),
    ]


@pytest.mark.parametrize("name", ["articles", "items", "data", "results", "documents", "stories"])
def test_a_list_of_articles_is_found_under_its_key(name: str) -> None:
    found = articles({"status": "ok", "authors": [{"name": "Ada Moss"}], name: [{"text": "One"}, {"text": "Two"}]})
    assert [(entry.text, entry.origin.member) for entry in found] == [("One", f"{name}[0]"), ("Two", f"{name}[1]")]


def test_the_hits_of_a_search_engine_are_unwrapped_and_keep_their_ids() -> None:
    hits = [
        {"_id": "a", "_score": 1.5, "_source": {"text": "One"}},
        {"_id": "x", "_source": {"id": "b", "text": "Two"}},
    ]
    found = articles({"took": 3, "hits": {"total": {"value": 2}, "hits": hits}})
    assert [(entry.id, entry.text, entry.origin.member) for entry in found] == [
        ("a", "One", "hits.hits[0]"),
        ("b", "Two", "hits.hits[1]"),
    ]


def test_a_list_under_a_usual_name_goes_before_any_other_with_texts() -> None:
    found = articles({"comments": [{"text": "First!"}], "response": {"results": [{"text": STORY}]}})
    assert [entry.origin.member for entry in found] == ["response.results[0]"]


def test_of_two_lists_that_may_both_be_articles_none_is_guessed() -> None:
    (refusal,) = refusals({"morning": [{"text": "One"}], "evening": [{"text": "Two"}]})
    assert refusal.startswith("news.json: more than one list of articles: morning, evening; expected")


@pytest.mark.parametrize("raw", [b'{"text": "One"}\n{"text": "Two"}\n', b'\n {"text": "One"}\r\n\n{"text": "Two"}'])
def test_json_lines_under_a_json_name_are_read_line_by_line(raw: bytes) -> None:
    found = articles(raw=raw)
    assert [entry.text for entry in found] == ["One", "Two"]
    assert [entry.origin.line for entry in found] == [1 + raw[: raw.index(t)].count(b"\n") for t in (b"One", b"Two")]


def test_a_broken_line_of_json_lines_is_refused_and_the_rest_goes_on() -> None:
    raw = b'{"text": "One"}\n{"text": "Two"\n{"text": "Three"}\n'
    assert [entry.text for entry in articles(raw=raw)] == ["One", "Three"]
    assert [refusal.startswith("news.json:2: not JSON") for refusal in refusals(raw=raw)] == [True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("document", [[{"text": "Café Zoë"}], {"text": "Café Zoë"}, {"data": [{"text": "Café Zoë"}]}])
def test_the_encoding_is_detected(document: Any, encoding: str) -> None:
    raw = json.dumps(document, ensure_ascii=False).encode(encoding)
    assert [found.text for found in articles(raw=raw)] == ["Café Zoë"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (3, "a number; expected an article"),
        ([1], "a list; expected an article"),
        ({"title": "Hail"}, "no article text; expected it as 'text', 'body' or 'content', found 'title'"),
        ({"text": " "}, "'text' is empty; expected the article's text"),
        ({"text": "x", "byline": [3]}, "'byline' is a list; expected a string"),
    ],
)
def test_an_element_without_an_article_is_refused_by_its_place_and_the_rest_goes_on(broken: Any, reason: str) -> None:
    elements = [{"text": "One"}, broken, {"text": "Three"}]
    assert [found.text for found in articles(elements)] == ["One", "Three"]
    assert refusals(elements) == [f"news.json:1: [1]: {reason}"]
    assert [found.text for found in articles({"items": elements})] == ["One", "Three"]
    assert refusals({"items": elements}) == [f"news.json: items[1]: {reason}"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "news.json: empty; expected"),
        (b" \n", "news.json: empty; expected"),
        (b"[]", "news.json: an empty list; expected"),
        (b"{}", "news.json: no articles; expected"),
        (b'{"articles": []}', "news.json: articles is empty; expected articles"),
        (b'{"status": "ok", "total": 0}', "news.json: no articles; expected an article, a list of articles, or"),
        (b'"text"', "news.json: a string; expected an article"),
        (b'{"text":\n "One"', "news.json:2: not JSON"),
        (b'{"a":' * 100_000, "news.json: not JSON"),
        (b"[" * 100_000, "news.json:1: not JSON"),
        (b'{"text": "x", "n": ' + b"9" * 5000 + b"}", "news.json: not JSON"),
        (b"\x00\x01\x02A" * 200, "news.json: binary content"),
        (b"The hail fell.", "news.json:1: not JSON"),
    ],
)
def test_a_document_without_articles_is_refused(raw: bytes, reason: str) -> None:
    assert [refusal[: len(reason)] for refusal in refusals(raw=raw)] == [reason]


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (b"", "the list is never closed"),
        (b',\n{"text": "Tw', "Unterminated string starting at"),
        (b',\n{"text": Two}]', "Expecting value"),
        (b"]\n[1]", "text after the end of the list"),
    ],
)
def test_what_stands_before_the_break_of_a_list_is_read_and_the_break_refused(rest: bytes, reason: str) -> None:
    raw = b'[{"text": "One"}' + rest
    assert [found.text for found in articles(raw=raw)] == ["One"]
    assert [f"not JSON ({reason}); what follows was not read" in refusal for refusal in refusals(raw=raw)] == [True]


def test_a_list_is_read_article_by_article_while_it_comes() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"[\n"
        for number in range(1000):
            yield b'{"id": "%d", "text": "One"},' % number
        raise AssertionError("read to its end before the first articles were given")

    found = jsons.read("news.json", chunks())
    first = [next(found) for _ in range(900)]
    assert [entry.id for entry in first if isinstance(entry, draft.Draft)] == [str(number) for number in range(900)]


def test_articles_cut_at_any_byte_are_put_together() -> None:
    raw = json.dumps([{"text": "Café"}, {"text": "Zoë"}], ensure_ascii=False).encode()
    for size in (1, 2, 3, 7):
        pieces = iter([raw[at : at + size] for at in range(0, len(raw), size)])
        found = list(jsons.read("news.json", pieces))
        assert [entry.text for entry in found if isinstance(entry, draft.Draft)] == ["Café", "Zoë"]


def test_an_object_too_large_to_hold_is_refused_with_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.jsons._LARGEST", 2**20)
    (refusal,) = refusals({"articles": [{"text": "word " * 2**18}]})
    assert refusal == (
        "news.json: more than 1 MB in one object; save its articles as a list or as JSON Lines (jq -c '.articles[]')"
    )


def test_an_element_too_large_to_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.jsons.LONGEST", 2**20)
    raw = json.dumps([{"text": "One"}, {"text": "word " * 2**20}]).encode()
    assert [found.text for found in articles(raw=raw)] == ["One"]
    assert refusals(raw=raw) == ["news.json:1: not JSON (or an article of more than 1 MB); what follows was not read"]


def test_control_characters_and_half_surrogates_in_a_field_leave_its_offsets() -> None:
    (found,) = articles(raw=b'[{"text": "One\\u0000bell\\ud83d rang\\r\\n\x01twice \\ud83d\\ude00"}]')
    assert found.text == "One bell\ufffd rang\n twice \U0001f600"


def test_ninjs_items_alone_in_a_list_and_line_by_line_are_articles() -> None:
    item = {"uri": "urn:harbour:1", "headline": "Hail takes the pears", "body_text": STORY, "pubstatus": "usable"}
    other = {**item, "uri": "urn:harbour:2"}
    assert [found.id for found in articles(item)] == ["urn:harbour:1"]
    assert [found.id for found in articles({"items": [item, other]})] == ["urn:harbour:1", "urn:harbour:2"]
    lines = f"{json.dumps(item)}\n{json.dumps({**other, 'pubstatus': 'canceled'})}\n".encode()
    assert [found.id for found in articles(raw=lines)] == ["urn:harbour:1"]
    assert refusals(raw=lines)[0].startswith("news.json:2: urn:harbour:2 was canceled by its provider")


def test_an_export_of_newsapi_is_read() -> None:
    (found,) = articles(
        {
            "status": "ok",
            "totalResults": 1,
            "articles": [
                {
                    "source": {"id": "cnn", "name": "CNN"},
                    "author": "Ada Moss",
                    "title": "Hail takes the pears",
                    "url": "https://example.com/hail",
                    "publishedAt": "2016-03-03T12:00:00Z",
                    "content": STORY,
                }
            ],
        }
    )
    assert (found.outlet, found.author, found.day) == ("CNN", "Ada Moss", dt.date(2016, 3, 3))
