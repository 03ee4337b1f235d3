"""The collection on the page: browsed, added to, taken from; behind a path prefix; with a megabyte of an article."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes import CountingEncoder
from fastapi import FastAPI
from playwright.sync_api import Browser, expect
from serving import serving
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from visiting import Visit, Visitor

import ui
from assistant import Assistant
from index import Index
from index.encoders import Reading
from index.records import Span

ARTICLES = [
    {"id": "light-1", "title": "Swing bridge is shut", "outlet": "Harbour Light", "published": "2024-05-30",
     "text": "The swing bridge at Millport was shut on Thursday after divers found cracks in two bearings."},
    {"id": "notes-2", "title": "Ferries carry the cars", "outlet": "Estuary Notes", "published": "2024-06-02",
     "wire": "Kestrel", "text": "Two ferries carry the cars of Millport while the swing bridge is repaired."},
    {"id": "long-3", "title": "The minutes of the harbour board", "outlet": "Harbour Light", "published": "2024-07-01",
     "text": "The board met and nothing was decided on the matter of the quay. " * 15_500
     + "The heron Archibald was elected mayor."},
]  # fmt: skip


class Waiting(CountingEncoder):
    """An encoder that reads on only when it may."""

    may = threading.Event()

    def read(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        self.may.wait(20)
        return super().read(texts, spans)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    file = tmp_path_factory.mktemp("articles") / "news.jsonl"
    file.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES))
    Waiting.may.set()
    with Index.open(tmp_path_factory.mktemp("index"), encoder=Waiting()) as index:
        assert index.add([file]).refused == ()
        yield index


@pytest.fixture(scope="module")
def url(news: Index) -> Iterator[str]:
    served = ui.serve(Assistant(news), port=0, block=False)
    yield served.url
    served.close()


def test_the_collection_is_browsed_filtered_and_sorted(visit: Visit) -> None:
    visitor = visit()
    visitor.collection()
    headlines = visitor.page.locator("#listing .headline")
    expect(headlines).to_have_text([ARTICLES[2]["title"], ARTICLES[1]["title"], ARTICLES[0]["title"]])
    expect(visitor.page.locator("#histogram .legendtext")).to_have_text(["Estuary Notes", "Harbour Light"])
    visitor.page.get_by_label("Words in the text").fill("ferries")
    visitor.page.get_by_label("Words in the text").press("Enter")
    expect(headlines).to_have_text([ARTICLES[1]["title"]])
    headlines.first.click()
    assert visitor.page.locator("#side .text").text_content() == ARTICLES[1]["text"]
    visitor.page.keyboard.press("Escape")
    visitor.page.get_by_label("Words in the text").fill("")
    visitor.page.locator("#shelf").get_by_label("Until").fill("2024-05-31")
    visitor.page.locator("#shelf").get_by_label("Until").press("Tab")
    expect(headlines).to_have_text([ARTICLES[0]["title"]])
    visitor.page.locator("#shelf").get_by_label("Until").fill("")
    visitor.page.locator("#shelf").get_by_label("Until").press("Tab")
    visitor.page.get_by_label("Wire copy").click()
    visitor.page.get_by_role("option", name="Kestrel").click()
    expect(headlines).to_have_text([ARTICLES[1]["title"]])


def test_files_are_dropped_refused_with_the_reason_and_removed_after_a_question(
    visit: Visit, news: Index, tmp_path: Path
) -> None:
    (tmp_path / "crane.txt").write_text(
        "A crane at Millport\n\nThe crane at Millport fell on 3 May 2024, the port said."
    )
    (tmp_path / "crane.xyz").write_text("?")
    visitor = visit()
    visitor.collection()
    visitor.page.get_by_role("button", name="Add articles").click()
    visitor.page.locator("#adding input[type=file]").set_input_files([tmp_path / "crane.txt", tmp_path / "crane.xyz"])
    expect(visitor.page.locator("#progress .pace")).to_have_text("1 added · 0 updated · 0 unchanged · 1 refused")
    expect(visitor.page.locator("#progress .refusals")).to_contain_text("crane.xyz: no reader for '.xyz' files")
    expect(visitor.page.locator("#listing .span")).to_have_text("1 to 4 of 4 articles")
    assert news.article("crane.txt").text.startswith("A crane at Millport")

    visitor.page.locator("#listing .opens[value='listed/crane.txt']").click()
    visitor.page.get_by_role("button", name="Remove from the collection").click()
    visitor.page.get_by_role("button", name="Keep it").click()
    assert len(news) == 4
    visitor.page.get_by_role("button", name="Remove from the collection").click()
    visitor.page.get_by_role("button", name="Remove", exact=True).click()
    expect(visitor.page.locator("#listing .span")).to_have_text("1 to 3 of 3 articles")
    expect(visitor.page.locator("#side .article")).to_have_count(0)
    expect(visitor.page.locator("#collection")).to_contain_text("3 articles")


def test_adding_tells_how_far_it_has_come_and_can_be_stopped(visit: Visit, news: Index, tmp_path: Path) -> None:
    lines = [{"id": f"buoy-{n}", "text": f"Buoy {n} was painted in colour {n}."} for n in range(3)]
    (tmp_path / "buoys.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    visitor = visit()
    visitor.collection()
    visitor.page.get_by_role("button", name="Add articles").click()
    Waiting.may.clear()
    visitor.page.locator("#adding input[type=file]").set_input_files(tmp_path / "buoys.jsonl")
    expect(visitor.page.locator("#progress progress")).to_be_visible()
    visitor.page.locator("#stop-adding").click()
    expect(visitor.page.locator("#progress")).to_contain_text("Stopping …")
    Waiting.may.set()
    expect(visitor.page.locator("#progress .label")).to_have_text("Stopped")
    expect(visitor.page.locator("#stop-adding")).to_have_count(0)


def test_a_file_is_dragged_onto_the_page_and_dropped(visit: Visit, news: Index) -> None:
    visitor = visit()
    visitor.collection()
    visitor.page.get_by_role("button", name="Add articles").click()
    dragged = visitor.page.evaluate_handle("""() => {
        const dragged = new DataTransfer();
        dragged.items.add(new File(["The gull Gustav took the clerk's sandwich."], "gull.txt", { type: "text/plain" }));
        return dragged;
    }""")
    visitor.page.locator("#adding button:has(input[type=file])").dispatch_event("drop", {"dataTransfer": dragged})
    expect(visitor.page.locator("#progress .pace")).to_have_text("1 added · 0 updated · 0 unchanged · 0 refused")
    assert news.article("gull.txt").text == "The gull Gustav took the clerk's sandwich."
    news.remove(["gull.txt"])


def test_a_megabyte_of_article_opens_at_its_quote(visit: Visit) -> None:
    visitor = visit()
    told = visitor.ask("Who was elected mayor, the heron Archibald?")
    told.locator(".card .opens", has_text="minutes").first.click()
    expect(visitor.quoted.last).to_be_in_viewport()
    expect(visitor.quoted.last).to_contain_text("Archibald")


class Prefixed:
    """What a proxy does that shows an application under a path: it takes the path off."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") == "/favicon.ico":  # a browser asks for it of every host, before a page can name its own
            await Response(status_code=204)(scope, receive, send)
            return
        if scope["type"] == "http":
            assert scope["path"].startswith(self.prefix), f"{scope['path']} was asked for outside of {self.prefix}"
            path = scope["path"].removeprefix(self.prefix)
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self.app(scope, receive, send)


def test_behind_a_path_prefix_everything_stays_below_it(browser: Browser, news: Index) -> None:
    app = FastAPI()
    ui.mount(app, Assistant(news), root_path="/papers")
    with serving(Prefixed(app, "/papers")) as address:
        visitor = Visitor(browser.new_context(), f"{address}/papers/")
        told = visitor.ask("Why was the swing bridge shut?")
        told.locator(".marker").first.click()
        expect(visitor.quoted.first).to_be_in_viewport()
        visitor.page.keyboard.press("Escape")
        with visitor.context.expect_page() as opened:
            told.get_by_role("link", name="permalink").first.click()
        expect(opened.value.locator("mark.quoted").first).to_be_visible()
        assert opened.value.url.startswith(f"{address}/papers/article/")
        visitor.context.close()
    assert visitor.amiss == []
