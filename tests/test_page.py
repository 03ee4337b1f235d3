"""The page: what it makes of records, and what a visitor sees and can do in a browser."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
from fakes import CountingEncoder
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, ViewportSize, expect, sync_playwright

import ui
from assistant import Answer, Assistant, Citation
from assistant.records import CitedCredit, CreditSpans, Sentence
from index import Index, WhenceError
from index.records import Article, Aside, Copy, OutletCount, Query

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


def citation(
    number: int = 1,
    quote: str = "Oil was spilled.",
    title: str | None = "Tanker leaks",
    outlet: str | None = "The Courier",
    published: dt.date | None = dt.date(2014, 3, 2),
    url: str | None = None,
    copies: tuple[Copy, ...] = (),
    credits: tuple[CitedCredit, ...] = (),
) -> Citation:
    return Citation(
        number, "a-1", 1, title, outlet, published, "stated" if published else "unknown", url, 0, len(quote), quote,
        copies, credits,
    )  # fmt: skip


def answer(text: str, numbers: tuple[int, ...] = (1,)) -> Answer:
    cited = tuple(citation(number) for number in numbers)
    return Answer("?", "?", "who", Query("?"), text, sentences=(Sentence(text, numbers, "quoted"),), citations=cited)


def refusal(text: str) -> Answer:
    return Answer(
        "?", "?", "who", Query("?"), text, refused=True, refusal="not-stated", reason=text, leads=(citation(),)
    )


# -- records as HTML -------------------------------------------------------------------------------------------------


def test_text_is_escaped_onto_one_line() -> None:
    assert ui.safe("<b>\"a\"\t& 'b'\n\n# c") == "&lt;b&gt;&quot;a&quot;&#9;&amp; &#x27;b&#x27;&#10;&#10;# c"


def test_a_card_says_who_printed_it_when_under_which_headline_and_whom_it_credits() -> None:
    credit = CitedCredit("Daily Express", "the Express", "outlet", "relay", CreditSpans((), (), ()))
    copy = Copy("b-2", 1, "Morning Post", None, 0, 16)
    card = ui.card(citation(url="https://courier.example/1", copies=(copy,), credits=(credit, credit)), "0/1")
    assert re.findall(">([^<]+)", card) == [
        "1",
        " The Courier · 2 March 2014, as printed in the article",
        "Tanker leaks",
        "Oil was spilled.",
        "credits: Daily Express · also printed by Morning Post · ",
        "original",
    ]


def test_what_a_card_does_not_know_it_says() -> None:
    card = ui.card(citation(outlet=None, published=None, title=None), "0/1")
    assert "outlet not stated · undated" in card
    assert "headline not stated" in card


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://a.example/b", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example", False),
        (" javascript:alert(1)//https://a.example", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, linked: bool) -> None:
    assert ("<a " in ui.card(citation(url=url), "0/1")) is linked


def test_a_link_cannot_break_out_of_its_attribute() -> None:
    assert ui.original('https://a.example/"><script>') == (
        '<a href="https://a.example/&quot;&gt;&lt;script&gt;" target="_blank" rel="noopener noreferrer">original</a>'
    )


def test_markers_open_the_citation_of_their_own_answer() -> None:
    shown = ui.sentence_view(Sentence("Oil was spilled. [1][2]", (1, 2), "quoted"), 3)
    assert re.findall(r'value="([^"]*)"[^>]*>(\[\d\])', shown) == [("3/1", "[1]"), ("3/2", "[2]")]
    assert shown.startswith("Oil was spilled.<button")


def test_brackets_within_a_quotation_are_not_markers() -> None:
    shown = ui.sentence_view(Sentence("It printed: “He [1] left.” [1]", (1,), "quoted"), 0)
    assert shown.startswith("It printed: “He [1] left.”<button")
    assert shown.count("<button") == 1


def test_answers_refusals_and_failures_look_different() -> None:
    kinds = [
        re.findall(r'class="told (\w+)"', shown)
        for shown in (
            ui.answer_view(answer("Oil was spilled. [1]"), 0),
            ui.answer_view(refusal("The collection does not say."), 0),
            ui.failure_view("There is no collection."),
        )
    ]
    assert kinds == [["answer"], ["refusal"], ["failure"]]


def test_leads_are_offered_without_claiming_anything() -> None:
    shown = ui.answer_view(refusal("The collection does not say."), 0)
    assert "Might be of interest, without answering the question" in shown
    assert "Citations" not in shown
    assert "marker" not in shown


def test_stretches_carry_every_span_that_covers_them() -> None:
    assert ui.marked("ab <c> de", {"quoted": [(0, 6)], "also": [(3, 9)], "aside": []}) == (
        '<mark class="quoted">ab </mark><mark class="quoted also">&lt;c&gt;</mark><mark class="also"> de</mark>'
    )


def test_asides_are_set_back_and_corrections_stand_out() -> None:
    article = Article("a", "Ad. Oil. Sorry.", asides=(Aside("promotion", 0, 3), Aside("note", 9, 15)))
    shown = ui.article_view(article, (4, 8))
    assert '<span class="aside">Ad.</span> <mark class="quoted">Oil.</mark> <span class="note">Sorry.</span>' in shown


def test_the_masthead_says_what_the_collection_holds() -> None:
    outlets = [OutletCount("A", 1200, dt.date(2012, 1, 2), dt.date(2016, 3, 4)), OutletCount(None, 3, None, None)]
    assert "1,203 articles from 1 outlet, 2012 to 2016<" in ui.collection_view(outlets)
    assert "The collection is empty." in ui.collection_view([])


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
    [stopped] = ui.stop_last((ui.Exchange("?", ui.growing_view("So far.")),))
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
    told = visitor.ask("What is the ministry of defence checking?")
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
    expect(side.locator(".notes")).to_have_text("<img src=x onerror=alert(3)>")
    assert side.locator(".text").text_content() == news.article("courier-2").text
    for tag in ("script", "img", "b", "h1", "iframe", "a:not([href='https://gazette.example/pskov'])"):
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_on_a_phone(visit: Visit, scheme: str) -> None:
    visitor = visit(width=390, height=844, scheme=scheme)
    told = visitor.ask("Where were the two soldiers buried?")
    told.locator(".marker").first.click()
    expect(visitor.page.locator("#side mark.quoted")).to_be_in_viewport()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 390
