"""The page: what it makes of records, and what a visitor sees and can do in a browser."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr
import httpx
import pytest
import starlette.requests
from fakes import CountingEncoder
from playwright.sync_api import expect
from visiting import Visit, Visitor

import ui
from assistant import Answer, Assistant, feedback
from assistant.ledger import FILE, Bearer, Ledger
from assistant.page import asking
from assistant.page.asking import Asking
from assistant.page.conversation import converse, restored
from assistant.page.runs import Run
from assistant.page.site import Site, may_write
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
    *_, first = converse(Assistant(news), "Where were the two soldiers buried?", ())
    *_, both = converse(Assistant(news), "And when were they buried?", first)
    assert [exchange.question for exchange in both] == [
        "Where were the two soldiers buried?",
        "And when were they buried?",
    ]
    assert both[1].answer is not None
    assert "soldiers" in both[1].answer.standalone


def test_a_failure_is_told_and_does_not_end_the_conversation(news: Index) -> None:
    with Index.open(news.path, encoder=CountingEncoder("another")) as broken:
        *_, failed = converse(Assistant(broken), "Where were the two soldiers buried?", ())
    assert "told failure" in failed[0].shown
    assert "another" in failed[0].shown
    *_, both = converse(Assistant(news), "Where were the two soldiers buried?", failed)
    assert both[1].answer is not None


def test_a_blank_question_changes_nothing(news: Index) -> None:
    with gr.Blocks():
        page = Asking(Site(Assistant(news), "", Ledger(news.path / FILE), ui.beside(gr.HTML())), asking.room(news, []))
    [told] = page.ask_typed("  ", None, (), [], "", "", gr.Request())
    assert told == {page.room.box: gr.skip()}


def test_stopping_keeps_what_was_said_says_so_and_offers_to_ask_again(news: Index) -> None:
    run = Run()
    run.stopped.set()
    *_, stopped = converse(Hesitant(news), "And then?", (), run=run)
    assert re.sub("<[^>]*>", "", stopped[0].shown) == "So far.Stopped.Ask again"


def test_a_taken_port_is_told(news: Index) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WhenceError, match=f"Cannot listen on port {port} of 127.0.0.1"):
            ui.serve(Assistant(news), port=port, block=False)


@pytest.mark.parametrize(
    ("headers", "state", "may"),
    [
        ({"host": "127.0.0.1:7860"}, {}, True),
        ({"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860"}, {}, True),
        ({"host": "127.0.0.1:7860", "origin": "http://evil.example"}, {}, False),
        ({"host": "127.0.0.1:7860", "origin": "null"}, {}, False),
        ({"host": "papers.example"}, {"bearer": Bearer("desk", "write")}, True),
        ({"host": "papers.example"}, {"bearer": Bearer("guest", "read")}, False),
    ],
)
def test_only_who_may_write_and_comes_from_this_page_changes_the_collection(
    headers: dict[str, str], state: dict[str, object], may: bool
) -> None:
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = starlette.requests.Request({"type": "http", "headers": sent, "state": state})
    assert may_write(gr.Request(request=request)) is may


# -- in a browser ----------------------------------------------------------------------------------------------------


class Hesitant(Assistant):
    """An assistant who stops in the middle of an answer to one question, until it is let go on."""

    go_on = threading.Event()

    def stream(self, question: str, *rest: Any, **named: Any) -> Iterator[str | Answer]:
        if question == "And then?":
            yield "So far."
            while not self.go_on.wait(0.1):
                yield ""  # as while a model writes
        yield from super().stream(question, *rest, **named)


@pytest.fixture(scope="module")
def url(news: Index) -> Iterator[str]:
    served = ui.serve(Hesitant(news), port=0, examples=["Where were the two soldiers buried?"], block=False)
    yield served.url
    Hesitant.go_on.set()
    served.close()


def test_a_citation_opens_its_article_at_the_quote(visitor: Visitor, news: Index) -> None:
    told = visitor.ask("What did the ministry of defence say?")
    article = news.article("gazette-1")
    quote = told.locator("blockquote").first.text_content()
    start = article.text.index("The ministry of defence")
    assert quote == article.text[start:]

    told.locator(".marker").first.click()
    side = visitor.page.locator("#side")
    expect(visitor.quoted.first).to_be_in_viewport()
    assert "".join(visitor.quoted.all_text_contents()) == quote
    assert side.locator(".text").text_content() == article.text

    visitor.page.keyboard.press("Escape")
    expect(side.locator(".article")).to_have_count(0)
    told.locator(".card").first.click()
    expect(visitor.quoted.first).to_be_in_viewport()
    assert "".join(visitor.quoted.all_text_contents()) == quote


def test_a_refusal_is_marked_as_one(visitor: Visitor) -> None:
    told = visitor.ask("Who won the chess tournament in Reykjavik?")
    expect(told).to_have_class("told refusal")
    expect(told.locator(".label")).to_have_text("No answer")


def test_an_example_is_asked_by_a_click(visitor: Visitor) -> None:
    visitor.page.get_by_text("Where were the two soldiers buried?").click()
    expect(visitor.told.first).to_contain_text("Vybuty")


def test_markup_in_articles_and_questions_is_only_text(visitor: Visitor, news: Index) -> None:
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


def test_a_conversation_goes_on_until_a_new_one(visitor: Visitor) -> None:
    visitor.ask("Where were the two soldiers buried?")
    told = visitor.ask("And when were they buried?")
    expect(told).to_contain_text("on Monday")
    expect(visitor.page.locator(".asked").last).to_be_in_viewport()
    visitor.told.first.locator(".marker").first.click()
    expect(visitor.quoted.first).to_contain_text("Vybuty")

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
    expect(first.quoted.first).to_contain_text("Vybuty")
    expect(second.page.locator("#side .article")).to_have_count(0)


def test_a_trail_opens_the_article_of_a_report_at_its_quote(visitor: Visitor) -> None:
    told = visitor.ask("Which outlet first reported that two soldiers were buried in Vybuty?")
    expect(told.locator(".trail .outlet").first).to_have_text("The Gazette")
    told.locator(".trail .point.opens").first.click()
    expect(visitor.quoted.first).to_contain_text("Two soldiers were buried")


def test_another_question_is_offered_with_a_refusal_and_asked_by_a_click(visitor: Visitor) -> None:
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


def test_a_question_with_filters_that_cannot_be_applied_stays_to_be_asked_again(visit: Visit) -> None:
    visitor = visit()
    visitor.page.get_by_role("button", name="Outlets and dates").click()
    visitor.page.locator("#within").get_by_label("From").fill("2015-01-01")
    visitor.page.locator("#within").get_by_label("Until").fill("2014-01-01")
    told = visitor.ask("Where were the two soldiers buried?")
    expect(told).to_contain_text("No day lies from 1 January 2015 until 1 January 2014. Put the earlier day first.")
    expect(visitor.box).to_have_value("Where were the two soldiers buried?")


def test_a_citation_is_opened_and_left_by_the_keyboard_alone(visitor: Visitor) -> None:
    told = visitor.ask("Where were the two soldiers buried?")
    marker = told.locator(".marker").first
    expect(visitor.box).to_be_focused()
    for _ in range(40):
        if marker.evaluate("button => button === document.activeElement"):
            break
        visitor.page.keyboard.press("Shift+Tab")
    expect(marker).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#side .article")).to_be_focused()
    expect(visitor.quoted.first).to_be_in_viewport()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("#side .article")).to_have_count(0)
    expect(marker).to_be_focused()


# -- a conversation, and what becomes of it --------------------------------------------------------------------------


def test_an_answer_that_is_awaited_can_be_stopped_and_asked_again(visitor: Visitor) -> None:
    visitor.box.fill("And then?")
    visitor.box.press("Enter")
    expect(visitor.page.locator(".growing")).to_have_text("So far.")
    visitor.page.locator("#box .stop-button").click()
    expect(visitor.told.last).to_contain_text("Stopped.")
    Hesitant.go_on.set()
    visitor.page.locator(".retries").click()
    expect(visitor.told.first).to_have_class(re.compile("answer|refusal"))
    expect(visitor.asked).to_have_text(["And then?"])


def test_a_question_is_edited_and_what_followed_it_replaced(visitor: Visitor) -> None:
    visitor.ask("Who chased the journalists away?")
    visitor.ask("And when were the soldiers buried?")
    visitor.page.locator(".edits").first.click()
    expect(visitor.box).to_have_value("Who chased the journalists away?")
    visitor.box.fill("Where were the two soldiers buried?")
    visitor.box.press("Enter")
    expect(visitor.asked).to_have_text(["Where were the two soldiers buried?"])
    expect(visitor.told.first).to_contain_text("Vybuty")


def test_editing_is_called_off_by_escape(visitor: Visitor) -> None:
    visitor.ask("Who chased the journalists away?")
    visitor.page.locator(".edits").first.click()
    expect(visitor.box).to_have_value("Who chased the journalists away?")
    visitor.page.keyboard.press("Escape")
    expect(visitor.box).to_have_value("")
    visitor.ask("Where were the two soldiers buried?")
    expect(visitor.asked).to_have_count(2)


def test_a_question_is_asked_again_in_its_place(visitor: Visitor) -> None:
    visitor.ask("Where were the two soldiers buried?")
    visitor.ask("And when were they buried?")
    visitor.page.locator(".retries").first.click()
    expect(visitor.asked).to_have_text(["Where were the two soldiers buried?"])


def test_conversations_are_kept_named_and_deleted_by_one_browser_alone(visit: Visit) -> None:
    visitor, other = visit(), visit()
    visitor.ask("Where were the two soldiers buried?")
    visitor.ask("And when were they buried?")
    visitor.page.reload()
    expect(visitor.asked).to_have_text(["Where were the two soldiers buried?", "And when were they buried?"])
    visitor.told.first.locator(".marker").first.click()
    expect(visitor.quoted.first).to_contain_text("Vybuty")
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("#again").click()
    expect(visitor.asked).to_have_count(0)

    visitor.page.locator(".conversing").click()
    names = visitor.page.locator("#kept .resumes")
    expect(names).to_have_text(["Where were the two soldiers buried?"])
    visitor.page.locator("#kept .renames").click()
    visitor.page.get_by_label("Name of the conversation").fill("<b>Pskov</b>")
    visitor.page.keyboard.press("Enter")
    expect(names).to_have_text(["<b>Pskov</b>"])
    names.click()
    expect(visitor.asked).to_have_count(2)
    other.page.locator(".conversing").click()
    expect(other.page.locator("#kept .none")).to_be_visible()

    visitor.page.locator(".conversing").click()
    visitor.page.locator("#kept .forgets").click()
    expect(names).to_have_count(1)
    visitor.page.locator("#kept .forgets").click()
    expect(names).to_have_count(0)
    expect(visitor.asked).to_have_count(0)


def test_what_a_browser_kept_is_escaped_or_refused(news: Index) -> None:
    given = Assistant(news).ask("Where were the two soldiers buried?").to_dict()
    forged = given | {"short": "<script>alert(1)</script>"}
    [exchange] = restored(Assistant(news), [forged], "")
    assert "&lt;script&gt;alert(1)" in exchange.shown
    assert "<script" not in exchange.shown
    unfit: list[object] = [None, {}, [{"question": 1}], [given | {"citations": "x"}], [given] * 201]
    for wrong in unfit:
        with pytest.raises(WhenceError, match="cannot be shown"):
            restored(Assistant(news), wrong, "")


def test_a_fault_that_a_reader_finds_is_kept_in_the_ledger(visitor: Visitor, news: Index) -> None:
    told = visitor.ask("Where were the two soldiers buried?")
    quote = told.locator("blockquote").first.text_content()
    told.locator(".card .faults").first.click()
    visitor.page.get_by_label("The source credited is wrong").check()
    visitor.page.get_by_label("What would be right?").fill("in Vybuty")
    visitor.page.get_by_role("button", name="Send").click()
    expect(visitor.page.locator("#hint")).to_have_text("Noted: wrong source. Thank you.")
    told.get_by_role("button", name="Report a fault").click()
    visitor.page.get_by_label("The articles do not say this").check()
    visitor.page.get_by_role("button", name="Send").click()
    expect(visitor.page.locator("#hint")).to_have_text("Noted: should have refused. Thank you.")
    source, refuse = feedback.kept(Ledger(news.path / FILE))
    assert (source.fault, source.right, source.article, source.quote) == (
        "wrong-source",
        "in Vybuty",
        "gazette-1",
        quote,
    )
    assert (refuse.question, refuse.fault, refuse.article) == (
        "Where were the two soldiers buried?",
        "should-have-refused",
        None,
    )


def test_a_citation_is_copied_as_text_with_its_address(visitor: Visitor) -> None:
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    told = visitor.ask("What did the ministry of defence say?")
    told.locator(".cites").first.click()
    expect(visitor.page.locator("#hint")).to_have_text("Copied")
    cited = (
        "The Gazette, “Funerals in Pskov raise questions”, 27 August 2014: “The ministry of defence said that it was"
        f" checking the reports of funerals.” {visitor.url}article/gazette-1?revision=1"
    )
    assert visitor.page.evaluate("navigator.clipboard.readText()").startswith(cited)
    told.locator(".copies").click()
    visitor.page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('[1] The Gazette')")


def test_who_credits_whom_is_drawn_and_a_point_opens_its_quote(visitor: Visitor) -> None:
    told = visitor.ask("Which outlet first reported that two soldiers were buried in Vybuty?")
    told.locator(".graphs").click()
    expect(visitor.page.locator("#graph .js-plotly-plot .point").first).to_be_visible()
    visitor.page.locator("#graph .plotly .points .point").first.click(force=True)
    expect(visitor.quoted.first).to_contain_text("Two soldiers were buried")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("#graph")).to_be_visible()
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("#graph")).to_have_count(0)
    expect(told.locator(".graphs")).to_be_focused()


def test_a_conversation_is_saved_whole(visitor: Visitor) -> None:
    visitor.ask("Where were the two soldiers buried?")
    visitor.ask("Who won the chess tournament in Reykjavik?")
    visitor.page.locator(".conversing").click()
    with visitor.page.expect_download() as download:
        visitor.page.locator("#kept .exports", has_text="Markdown").click()
    text = download.value.path().read_text("utf-8")
    assert download.value.suggested_filename == "conversation.md"
    assert re.findall("^# .*", text, re.MULTILINE) == [
        "# Where were the two soldiers buried?",
        "# Who won the chess tournament in Reykjavik?",
    ]
    assert "[^1.1]: The Gazette" in text


@pytest.mark.parametrize(
    ("form", "begins"),
    [("Markdown", "# Where were the two"), ("HTML", "<!doctype html>"), ("JSON", '{\n  "question": "Where')],
)
def test_an_answer_is_saved_as_a_file(visitor: Visitor, form: str, begins: str) -> None:
    told = visitor.ask("Where were the two soldiers buried?")
    with visitor.page.expect_download() as download:
        told.locator(".exports", has_text=form).click()
    text = download.value.path().read_text("utf-8")
    assert text.startswith(begins)
    assert f"{visitor.url}article/gazette-1?revision=1" in text


def test_a_permalink_shows_the_article_at_its_quote(visitor: Visitor, news: Index) -> None:
    told = visitor.ask("Where were the two soldiers buried?")
    quote = told.locator("blockquote").first.text_content()
    with visitor.context.expect_page() as opened:
        told.get_by_role("link", name="permalink").first.click()
    expect(opened.value.locator("mark.quoted").first).to_be_in_viewport()
    assert "".join(opened.value.locator("mark.quoted").all_text_contents()) == quote
    assert opened.value.locator(".text").text_content() == news.article("gazette-1").text
    opened.value.close()


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
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    )
    assert said in answered.text
    assert "<script" not in answered.text


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")])
def test_axe_finds_no_serious_violation(visit: Visit, width: int, scheme: str) -> None:
    visitor = visit(width=width, scheme=scheme)
    visitor.ask("Which outlet first reported that two soldiers were buried in Vybuty?")
    visitor.ask("Who won the chess tournament in Vybuty?")
    visitor.told.first.locator(".marker").first.click()
    expect(visitor.quoted.first).to_be_in_viewport()
    assert visitor.barriers() == []
    visitor.page.keyboard.press("Escape")
    visitor.told.first.locator(".graphs").click()
    expect(visitor.page.locator("#graph .js-plotly-plot .point").first).to_be_visible()
    assert visitor.barriers() == []
    visitor.page.locator("#graph .closes").click()
    visitor.page.locator(".conversing").click()
    assert visitor.barriers() == []
    visitor.page.keyboard.press("Escape")
    visitor.collection()
    expect(visitor.page.locator("#histogram .js-plotly-plot .point").first).to_be_visible()
    assert visitor.barriers() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_on_a_phone(visit: Visit, scheme: str) -> None:
    visitor = visit(width=390, height=844, scheme=scheme)
    told = visitor.ask("Where were the two soldiers buried?")
    told.locator(".marker").first.click()
    expect(visitor.quoted.first).to_be_in_viewport()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 390
    name, button = (visitor.page.locator(one).bounding_box() for one in (".masthead .name", ".conversing"))
    assert name
    assert button
    assert name["x"] + name["width"] < button["x"]
