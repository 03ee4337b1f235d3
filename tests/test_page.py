"""The page: what it makes of records, and what a visitor sees and can do in a browser."""

from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fakes import CountingEncoder
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, ViewportSize, expect, sync_playwright

import ui
from assistant import Assistant
from assistant.views.answers import growing_view
from index import Index, WhenceError

PSKOV = {
    "id": "gazette-1",
    "title": "Funerals in Pskov raise questions",
    "outlet": "The Gazette",
    "author": "Ekaterina Sokolova",
    "published": "2014-08-27",
    "url": "https://gazette.example/pskov",
    "text": "Funerals in Pskov raise questions\n\n"
    "Two soldiers were buried in the village of Vybuty on Monday, the newspaper Pskovskaya Guberniya reported."
    " Journalists who went to the cemetery were chased away by men in tracksuits.\n\n"
    + "The weather was fair, and nothing else of note happened that day.\n\n" * 40
    + "The ministry of defence said that it was checking the reports of funerals.",
}
TANKER = {
    "id": "courier-2",
    "title": "<script>alert(1)</script> ![t](http://evil.example/t.png)",
    "outlet": "<b onmouseover=alert(2)>Courier</b>",
    "author": "<img src=x onerror=alert(3)>",
    "url": "javascript:alert(4)",
    "text": "<script>alert(5)</script>\n\nA tanker called Nadezhda spilled oil near Murmansk\n\n# on Friday"
    " ![x](http://evil.example/x.png) [y](javascript:alert(6)) <img src=http://evil.example/z.png onerror=alert(7)>"
    " ${alert(8)} {{value}} $$x$$ <http://evil.example/>, the port said.",
}


# -- conversations ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "news.jsonl").write_text(f"{json.dumps(PSKOV)}\n{json.dumps(TANKER)}\n")
    with Index.open(tmp_path_factory.mktemp("index"), encoder=CountingEncoder()) as index:
        assert index.add([folder]).refused == ()
        yield index


def test_a_follow_up_is_asked_with_what_went_before(news: Index) -> None:
    *_, first = ui.converse(Assistant(news), "Where were the two soldiers buried?", ())
    *_, both = ui.converse(Assistant(news), "And when were they buried?", first)
    assert [exchange.question for exchange in both] == [
        "Where were the two soldiers buried?",
        "And when were they buried?",
    ]
    assert both[1].answer is not None
    assert "soldiers" in both[1].answer.standalone


def test_a_failure_is_told_and_does_not_end_the_conversation(news: Index) -> None:
    with Index.open(news.path, encoder=CountingEncoder("another")) as broken:
        *_, failed = ui.converse(Assistant(broken), "Where were the two soldiers buried?", ())
    assert "told failure" in failed[0].shown
    assert "another" in failed[0].shown
    *_, both = ui.converse(Assistant(news), "Where were the two soldiers buried?", failed)
    assert both[1].answer is not None


def test_stopping_keeps_what_was_said_and_says_so() -> None:
    [stopped] = ui.stop_last((ui.Exchange("?", growing_view("So far.")),))
    assert re.sub("<[^>]*>", "", stopped.shown) == "So far.Stopped."


def test_a_taken_port_is_told(news: Index) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WhenceError, match=f"Cannot listen on port {port} of 127.0.0.1"):
            ui.serve(Assistant(news), port=port, block=False)


# -- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail("The page's tests drive a browser, and there is none: run `sudo apt-get install chromium`.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def url(news: Index) -> Iterator[str]:
    served = ui.serve(Assistant(news), port=0, examples=["Where were the two soldiers buried?"], block=False)
    yield served.url
    served.close()


@dataclass
class Visitor:
    """Someone at the page; `amiss` is every dialog, error and request elsewhere since they came."""

    context: BrowserContext
    url: str
    amiss: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.amiss.append(str(error)))
        self.page.on("console", lambda said: self.amiss.append(said.text) if said.type == "error" else None)
        self.context.on("request", lambda request: self._check(request.url))
        self.page.goto(self.url)
        expect(self.box).to_be_focused()

    def _dismiss(self, dialog: Dialog) -> None:
        self.amiss.append(dialog.message)
        dialog.dismiss()

    def _check(self, address: str) -> None:
        if not address.startswith((self.url, "data:", "blob:")):
            self.amiss.append(address)

    @property
    def box(self) -> Locator:
        return self.page.locator("#box textarea")

    @property
    def told(self) -> Locator:
        return self.page.locator(".told")

    def ask(self, question: str) -> Locator:
        """Types a question; what is shown for it when it is answered."""
        number = self.page.locator(".asked").count()
        self.box.fill(question)
        self.box.press("Enter")
        expect(self.page.locator(".asked")).to_have_count(number + 1)
        expect(self.told.nth(number)).to_have_class(re.compile("answer|refusal|failure"))
        expect(self.page.locator("#box .submit-button")).to_be_visible()
        return self.told.nth(number)


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Visit]:
    """Visitors who share nothing; when they leave, nothing may have gone amiss."""
    visitors: list[Visitor] = []

    def enter(width: int = 1440, height: int = 900, scheme: Literal["light", "dark"] = "light") -> Visitor:
        screen: ViewportSize = {"width": width, "height": height}
        visitors.append(Visitor(browser.new_context(viewport=screen, color_scheme=scheme), url))
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.context.close()
    assert [visitor.amiss for visitor in visitors] == [[]] * len(visitors)


def test_a_citation_opens_its_article_at_the_quote(visit: Visit, news: Index) -> None:
    visitor = visit()
    told = visitor.ask("What is reported about the ministry of defence?")
    article = news.article("gazette-1")
    quote = told.locator("blockquote").first.text_content()
    start = article.text.index("The ministry of defence")
    assert quote == article.text[start:]

    told.locator(".marker").first.click()
    side = visitor.page.locator("#side")
    expect(side.locator("mark.quoted")).to_be_in_viewport()
    assert side.locator("mark.quoted").text_content() == quote
    assert side.locator(".text").text_content() == article.text

    visitor.page.keyboard.press("Escape")
    expect(side.locator(".article")).to_have_count(0)
    told.locator(".card").first.click()
    assert side.locator("mark.quoted").text_content() == quote


def test_a_refusal_is_marked_as_one(visit: Visit) -> None:
    told = visit().ask("Who won the chess tournament in Reykjavik?")
    expect(told).to_have_class("told refusal")
    expect(told.locator(".label")).to_have_text("No answer")


def test_an_example_is_asked_by_a_click(visit: Visit) -> None:
    visitor = visit()
    visitor.page.get_by_text("Where were the two soldiers buried?").click()
    expect(visitor.told.first).to_contain_text("Vybuty")


def test_markup_in_articles_and_questions_is_only_text(visit: Visit, news: Index) -> None:
    visitor = visit()
    told = visitor.ask(
        "What did the tanker Nadezhda spill near Murmansk? <img src=x onerror=alert(9)> ![q](//evil.example/q)"
    )
    expect(visitor.page.locator(".asked")).to_contain_text("<img src=x onerror=alert(9)> ![q](//evil.example/q)")
    expect(told).to_contain_text("<b onmouseover=alert(2)>Courier</b>")
    told.locator(".card").first.click()
    side = visitor.page.locator("#side")
    expect(side.locator(".headline")).to_have_text("<script>alert(1)</script> ![t](http://evil.example/t.png)")
    expect(side.locator(".notes")).to_contain_text("<img src=x onerror=alert(3)>")
    assert side.locator(".text").text_content() == news.article("courier-2").text
    ours = "[href^='https://gazette.example/pskov#'], [href^='/article/']"
    for tag in ("script", "img", "b", "h1", "iframe", f"a:not({ours})"):
        expect(visitor.page.locator(f"#chat {tag}, #side {tag}")).to_have_count(0)


def test_a_conversation_goes_on_until_a_new_one(visit: Visit) -> None:
    visitor = visit()
    visitor.ask("Where were the two soldiers buried?")
    told = visitor.ask("And when were they buried?")
    expect(told).to_contain_text("on Monday")
    expect(visitor.page.locator(".asked").last).to_be_in_viewport()
    visitor.told.first.locator(".marker").first.click()
    expect(visitor.page.locator("#side mark.quoted")).to_contain_text("Vybuty")

    visitor.page.locator("#again").click()
    expect(visitor.told).to_have_count(0)
    expect(visitor.page.locator("#side .article")).to_have_count(0)
    expect(visitor.box).to_be_focused()


def test_visitors_do_not_see_each_other(visit: Visit) -> None:
    first, second = visit(), visit()
    first.ask("Where were the two soldiers buried?")
    second.ask("Who won the chess tournament in Reykjavik?")
    expect(first.page.locator(".asked")).to_have_text(["Where were the two soldiers buried?"])
    expect(second.page.locator(".asked")).to_have_text(["Who won the chess tournament in Reykjavik?"])
    first.told.locator(".marker").first.click()
    expect(first.page.locator("#side mark.quoted")).to_contain_text("Vybuty")
    expect(second.page.locator("#side .article")).to_have_count(0)


def test_a_trail_opens_the_article_of_a_report_at_its_quote(visit: Visit) -> None:
    visitor = visit()
    told = visitor.ask("Which outlet first reported that two soldiers were buried in Vybuty?")
    expect(told.locator(".trail .outlet").first).to_have_text("The Gazette")
    told.locator(".trail .point.opens").first.click()
    expect(visitor.page.locator("#side mark.quoted").first).to_contain_text("Two soldiers were buried")


def test_another_question_is_offered_with_a_refusal_and_asked_by_a_click(visit: Visit) -> None:
    visitor = visit()
    refused = visitor.ask("Who won the chess tournament in Vybuty?")
    refused.locator(".asks").click()
    expect(visitor.page.locator(".asked").nth(1)).to_have_text("What is reported about Vybuty?")
    expect(visitor.told.nth(1)).to_have_class(re.compile("answer|refusal"))


def test_filters_hold_for_the_answer_and_are_shown_with_it(visit: Visit) -> None:
    visitor = visit()
    visitor.page.get_by_role("button", name="Outlets and dates").click()
    visitor.page.locator("#within").get_by_label("From").fill("2015-01-01")
    told = visitor.ask("Where were the two soldiers buried?")
    expect(told).to_have_class("told refusal")
    expect(told.locator(".understood")).to_contain_text("Searched only articles from 1 January 2015")


@pytest.mark.parametrize(
    ("form", "begins"),
    [("Markdown", "# Where were the two"), ("HTML", "<!doctype html>"), ("JSON", '{\n  "question": "Where')],
)
def test_an_answer_is_saved_as_a_file(visit: Visit, form: str, begins: str) -> None:
    visitor = visit()
    told = visitor.ask("Where were the two soldiers buried?")
    with visitor.page.expect_download() as download:
        told.locator(".exports", has_text=form).click()
    text = download.value.path().read_text("utf-8")
    assert text.startswith(begins)
    assert f"{visitor.url}article/gazette-1?revision=1" in text


def test_a_permalink_shows_the_article_at_its_quote(visit: Visit, news: Index) -> None:
    visitor = visit()
    told = visitor.ask("Where were the two soldiers buried?")
    quote = told.locator("blockquote").first.text_content()
    with visitor.context.expect_page() as opened:
        told.get_by_role("link", name="permalink").first.click()
    expect(opened.value.locator("mark.quoted")).to_be_in_viewport()
    assert opened.value.locator("mark.quoted").text_content() == quote
    assert opened.value.locator(".text").text_content() == news.article("gazette-1").text


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("courier-2", 200, "&lt;script&gt;alert(5)&lt;/script&gt;"),
        ("courier-2?revision=1&start=8&end=13", 200, '<mark id="quote" class="quoted">alert</mark>'),
        ("unknown", 404, "unknown"),
        ("courier-2?revision=7", 404, "courier-2"),
        ("courier-2?start=5&end=999999", 404, "none from 5 to 999999"),
    ],
)
def test_every_article_has_an_address_at_which_nothing_runs(url: str, address: str, status: int, said: str) -> None:
    answered = httpx.get(f"{url}article/{address}")
    assert (answered.status_code, answered.headers["Content-Security-Policy"]) == (
        status,
        "default-src 'none'; style-src 'unsafe-inline'",
    )
    assert said in answered.text
    assert "<script" not in answered.text


def test_the_collection_is_browsed_filtered_and_sorted(visit: Visit) -> None:
    visitor = visit()
    visitor.page.get_by_role("tab", name="Collection").click()
    headlines = visitor.page.locator("#listing .headline")
    expect(headlines).to_have_text([PSKOV["title"], TANKER["title"]])
    visitor.page.get_by_label("Words in the text").fill("tanker")
    visitor.page.get_by_label("Words in the text").press("Enter")
    expect(headlines).to_have_text([TANKER["title"]])
    headlines.first.click()
    assert visitor.page.locator("#side .text").text_content() == TANKER["text"]
    visitor.page.keyboard.press("Escape")
    visitor.page.get_by_label("Words in the text").fill("")
    visitor.page.locator("#shelf").get_by_label("Until").fill("2014-12-31")
    visitor.page.locator("#shelf").get_by_label("Until").press("Tab")
    expect(headlines).to_have_text([PSKOV["title"]])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(visit: Visit, scheme: str) -> None:
    visitor = visit(scheme=scheme)
    visitor.ask("Which outlet first reported that two soldiers were buried in Vybuty?")
    visitor.ask("Who won the chess tournament in Vybuty?")
    visitor.told.first.locator(".marker").first.click()
    expect(visitor.page.locator("#side mark.quoted").first).to_be_in_viewport()
    assert serious(visitor) == []
    visitor.page.get_by_role("tab", name="Collection").click()
    expect(visitor.page.locator("#listing .headline")).to_have_count(2)
    assert serious(visitor) == []


def serious(visitor: Visitor) -> list[str]:
    """What axe-core finds that keeps people out: rule and elements."""
    found = Axe().run(visitor.page).response["violations"]
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_on_a_phone(visit: Visit, scheme: str) -> None:
    visitor = visit(width=390, height=844, scheme=scheme)
    told = visitor.ask("Where were the two soldiers buried?")
    told.locator(".marker").first.click()
    expect(visitor.page.locator("#side mark.quoted")).to_be_in_viewport()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 390
