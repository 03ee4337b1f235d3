"""The page: a conversation with an Assistant, each answer with its citations, each citation opened in its article."""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported; otherwise it reports to its makers

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from assistant import Answer, Assistant, Citation
from assistant.api import application
from assistant.records import Report
from assistant.rewording import reworded
from assistant.views.answers import answer_view, cited, failure_view, growing_view, remark_view
from assistant.views.articles import (
    STYLE,
    Reading,
    article_pane,
    article_view,
    collection_view,
    listing_view,
    standalone,
)
from assistant.views.exports import TYPES, export
from assistant.views.markup import headline, safe
from index.errors import BadQuery, WhenceError
from index.index import Index
from index.records import Article, Query

log = logging.getLogger(__name__)

UPDATE_EVERY = 0.025
"""Seconds between two updates of a growing answer: each sends and renders the whole of it."""

QUESTIONS_AT_ONCE = 8
"""Questions answered at the same time; Gradio's own default is one."""

LISTED = 50
"""Articles shown of the collection at a time."""

ORDERS = ("Newest first", "Oldest first", "By outlet", "By headline")

BEHAVIOUR = STYLE.with_name("page.js")

NO_SCRIPTS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
"""An article on its own runs nothing and asks nothing of any machine."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and the HTML shown for it; `answer` is None while it is awaited, and when none came."""

    question: str
    shown: str
    answer: Answer | None = None


Conversation = tuple[Exchange, ...]


def messages(conversation: Conversation) -> list[gr.MessageDict]:
    """A conversation as Gradio's chat wants it."""
    shown: list[gr.MessageDict] = []
    for exchange in conversation:
        shown.append({"role": "user", "content": f'<div class="asked">{safe(exchange.question)}</div>'})
        shown.append({"role": "assistant", "content": exchange.shown})
    return shown


# -- what happens ----------------------------------------------------------------------------------------------------


def filtered(outlets: Sequence[str] | None, since: str | None, until: str | None, text: str = "") -> Query:
    """The filters as a query.

    Raises:
        BadQuery: a day that is none.
    """
    return Query(text, tuple(outlets or ()), day_in(since), day_in(until))


def day_in(text: str | None) -> dt.date | None:
    """The day that was typed; None where nothing was.

    Raises:
        BadQuery: it is no day.
    """
    typed = (text or "").strip()
    try:
        return dt.date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise BadQuery(f"{typed!r} is not a day. Write it as 2014-08-27.") from error


def converse(
    assistant: Assistant, question: str, earlier: Conversation, filters: Query | None = None, base: str = ""
) -> Iterator[Conversation]:
    """The conversation as it grows while the question is answered; permalinks start with `base`."""
    yield (*earlier, Exchange(question, remark_view("Reading the articles …")))
    within = filters or Query("")
    history = [exchange.answer for exchange in earlier if exchange.answer]
    text, due = "", 0.0
    try:
        for piece in assistant.stream(question, history, within.outlets, within.since, within.until):
            if isinstance(piece, Answer):
                shown = answer_view(piece, len(earlier), base, reworded(piece, assistant))
                yield (*earlier, Exchange(question, shown, piece))
                continue
            text += piece
            if time.monotonic() >= due:
                due = time.monotonic() + UPDATE_EVERY
                yield (*earlier, Exchange(question, growing_view(text)))
    except WhenceError as error:
        yield (*earlier, Exchange(question, failure_view(str(error))))
    except Exception:  # a bug; Gradio's own `failure` event cannot tell it from an answer that was stopped
        log.exception("an answer failed")
        yield (*earlier, Exchange(question, failure_view("The program made a mistake; its log says more.")))


def stop_last(conversation: Conversation) -> Conversation:
    """The conversation when its last answer is not waited for any longer."""
    *earlier, last = conversation
    if last.answer:
        return conversation
    return (*earlier, Exchange(last.question, last.shown + remark_view("Stopped.")))


def opened(index: Index, conversation: Conversation, opens: str, base: str = "") -> str:
    """The article that was clicked: `listed/ID` of the list, or of an answer `PLACE/NUMBER` of a citation and
    `PLACE/rNUMBER` of a report, its quote marked."""
    place, _, which = opens.partition("/")
    try:
        if place == "listed":
            return article_pane(article_view(read(index, which), base))
        answer = conversation[int(place)].answer
        assert answer is not None
        if which.startswith("r"):
            return article_pane(article_view(report_read(index, answer.reports[int(which[1:])]), base))
        [citation] = [c for c in cited(answer) if c.number == int(which)]
        return article_pane(article_view(citation_read(index, answer, citation), base))
    except WhenceError as error:
        return article_pane(failure_view(str(error)))


def read(index: Index, article_id: str, revision: int | None = None) -> Reading:
    """An article with its credits.

    Raises:
        UnknownArticle: no such id or revision.
    """
    article = index.article(article_id, revision)
    return Reading(article, credits=tuple(index.credits(article.id, article.revision)))


def citation_read(index: Index, answer: Answer, citation: Citation) -> Reading:
    """A citation in its article, with the answer's other citations of it.

    Raises:
        UnknownArticle: it has been removed.
    """
    also = tuple(
        (c.start, c.end)
        for c in cited(answer)
        if (c.article, c.revision) == (citation.article, citation.revision) and c != citation
    )
    return replace(read(index, citation.article, citation.revision), quoted=(citation.start, citation.end), also=also)


def report_read(index: Index, report: Report) -> Reading:
    """A report of a trail in its article; without its quote when the article has been revised meanwhile.

    Raises:
        UnknownArticle: it has been removed.
    """
    assert report.article is not None
    reading = read(index, report.article)
    if report.start is None or report.end is None or reading.article.text[report.start : report.end] != report.quote:
        return reading
    return replace(reading, quoted=(report.start, report.end))


def listed(index: Index, query: Query, order: str) -> list[Article]:
    """The live articles that pass the filters and, where there is text, hold all its words.

    Raises:
        BadQuery: a filter that cannot be applied.
    """
    if query.text:
        found = list({hit.article.id: hit.article for hit in index.scan(query)}.values())
    else:
        found = list(index.articles(query))
    if order == "By outlet":
        return sorted(found, key=lambda a: (a.outlet is None, a.outlet))
    if order == "By headline":
        return sorted(found, key=lambda a: (a.title is None, (a.title or "").casefold()))
    undated = [article for article in found if article.day is None]
    dated = sorted((a for a in found if a.day), key=lambda a: str(a.day), reverse=order == "Newest first")
    return dated + undated


def listing(index: Index, query: Query, order: str, page: int, base: str) -> tuple[str, bool]:
    """One page (from 0) of the list of articles, and whether there are more.

    Raises:
        BadQuery: a filter that cannot be applied.
    """
    found = listed(index, query, order)
    shown = found[page * LISTED : (page + 1) * LISTED]
    return listing_view(shown, page * LISTED, len(found)), len(found) > (page + 1) * LISTED


def saved(conversation: Conversation, asked: str, base: str) -> str:
    """A link that holds an answer as a file, for the page to follow; `asked` is `PLACE/FORM`."""
    place, _, form = asked.partition("/")
    answer = conversation[int(place)].answer
    assert answer is not None
    media, ending = TYPES[form]
    text = export(answer, form, base if base.startswith(("http://", "https://")) else "")
    href = f"data:{media};charset=utf-8,{quote(text, safe='')}"
    return f'<a download="answer.{ending}" href="{href}" data-at="{time.monotonic_ns()}">answer</a>'


def permanent(
    index: Index, article_id: str, revision: int | None, start: int | None, end: int | None, base: str = ""
) -> HTMLResponse:
    """A page with an article, a revision of it, a span in it; 404 with a word on what is missing."""
    home = f"{base}/"
    try:
        reading = read(index, article_id, revision)
    except WhenceError as error:
        return HTMLResponse(standalone("Not found", failure_view(str(error)), home), 404, NO_SCRIPTS)
    article = reading.article
    if start is not None and end is not None:
        if not 0 <= start < end <= len(article.text):
            said = f"The article has {len(article.text):,} characters, and none from {start} to {end}."
            return HTMLResponse(standalone("Not found", failure_view(said), home), 404, NO_SCRIPTS)
        reading = replace(reading, quoted=(start, end))
    return HTMLResponse(standalone(headline(article), article_view(reading, base), home), 200, NO_SCRIPTS)


# -- the page --------------------------------------------------------------------------------------------------------


def page(assistant: Assistant, examples: Sequence[str] = (), base: str = "") -> gr.Blocks:
    """The page over one collection; every visitor has a conversation of their own. Permalinks start with `base`."""
    index = assistant.index
    blocks = gr.Blocks(title="Whence", fill_height=True, fill_width=True)
    with blocks:
        conversation = gr.State(())
        with gr.Row(elem_id="top"):
            gr.HTML(lambda: collection_view(index.outlets()), elem_id="collection")
            again = gr.Button("New conversation", size="sm", elem_id="again", scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Tabs(elem_id="rooms"):
                with gr.Tab("Ask"), gr.Column(elem_id="talk"):
                    chat = gr.Chatbot(
                        elem_id="chat",
                        show_label=False,
                        container=False,
                        layout="panel",
                        height="100%",
                        autoscroll=False,
                        buttons=[],
                        latex_delimiters=[],
                        allow_tags=False,
                        placeholder=WELCOME,
                        examples=[{"text": example} for example in examples],
                    )
                    with gr.Accordion("Outlets and dates", open=False, elem_id="within"):
                        within = filter_fields(index)
                    box = gr.Textbox(
                        elem_id="box",
                        label="Question",
                        show_label=False,
                        container=False,
                        placeholder="Ask the articles",
                        lines=1,
                        max_lines=6,
                        autofocus=True,
                        submit_btn="Ask",
                    )
                with gr.Tab("Collection") as shelf, gr.Column(elem_id="shelf"):
                    browse(index, shelf, base)
            side = gr.HTML(elem_id="side", apply_default_css=False, js_on_load=BEHAVIOUR.read_text(encoding="utf-8"))
        saving = gr.HTML(elem_id="saving", js_on_load="watch('value', () => element.querySelector('a')?.click());")

        shown = [box, chat, conversation]

        def ask(
            question: str, earlier: Conversation, outlets: list[str], since: str, until: str
        ) -> Iterator[tuple[object, ...]]:
            if not question.strip():
                yield gr.skip(), gr.skip(), gr.skip()
                return
            field: object = gr.Textbox("", submit_btn=False, stop_btn="Stop")
            try:
                filters = filtered(outlets, since, until)
            except BadQuery as error:
                refused = (*earlier, Exchange(question, failure_view(str(error))))
                yield gr.skip(), messages(refused), refused
                return
            for grown in converse(assistant, question, earlier, filters, base):
                yield field, messages(grown), grown
                field = gr.skip()
            yield gr.Textbox(submit_btn="Ask", stop_btn=False), gr.skip(), gr.skip()

        def ask_example(
            earlier: Conversation, outlets: list[str], since: str, until: str, chosen: gr.SelectData
        ) -> Iterator[tuple[object, ...]]:
            yield from ask(chosen.value["text"], earlier, outlets, since, until)

        def ask_reworded(
            earlier: Conversation, outlets: list[str], since: str, until: str, clicked: gr.EventData
        ) -> Iterator[tuple[object, ...]]:
            yield from ask(clicked.asks, earlier, outlets, since, until)

        def stop(so_far: Conversation) -> tuple[object, ...]:
            stopped = stop_last(so_far)
            return gr.Textbox(submit_btn="Ask", stop_btn=False), messages(stopped), stopped

        def clear() -> tuple[object, ...]:
            return gr.Textbox("", submit_btn="Ask", stop_btn=False), [], (), ""

        def open_article(so_far: Conversation, clicked: gr.EventData) -> str:
            return opened(index, so_far, clicked.opens, base)

        def save(so_far: Conversation, clicked: gr.EventData) -> str:
            return saved(so_far, clicked.exports, clicked.base)

        typed = box.submit(ask, [box, conversation, *within], shown, show_progress="hidden", api_visibility="private")
        picked = chat.example_select(
            ask_example, [conversation, *within], shown, show_progress="hidden", api_visibility="private"
        )
        again_worded = side.submit(
            ask_reworded, [conversation, *within], shown, show_progress="hidden", api_visibility="private"
        )
        asking = [typed, picked, again_worded]
        box.stop(stop, conversation, shown, cancels=[*asking], show_progress="hidden", api_visibility="private")
        gr.on(
            [again.click, chat.clear],
            clear,
            outputs=[*shown, side],
            cancels=[*asking],
            show_progress="hidden",
            api_visibility="private",
        )
        side.click(open_article, conversation, side, show_progress="hidden", api_visibility="private")
        side.download(save, conversation, saving, show_progress="hidden", api_visibility="private")
    blocks.queue(default_concurrency_limit=QUESTIONS_AT_ONCE, api_open=False)
    return blocks


def filter_fields(index: Index) -> list[gr.Dropdown | gr.Textbox]:
    """Fields for outlets, the first and the last day."""
    with gr.Row(elem_classes="filters"):
        names = [outlet.outlet for outlet in index.outlets() if outlet.outlet]
        outlets = gr.Dropdown(names, label="Outlets", multiselect=True, scale=2, min_width=220)
        since = gr.Textbox(label="From", max_lines=1, elem_classes="day", placeholder="2014-08-01", min_width=130)
        until = gr.Textbox(label="Until", max_lines=1, elem_classes="day", placeholder="2014-08-31", min_width=130)
    return [outlets, since, until]


def browse(index: Index, tab: gr.Tab, base: str) -> None:
    """The collection: fields to filter and sort by, and the articles, a page of them at a time."""
    with gr.Row(elem_classes="filters"):
        text = gr.Textbox(label="Words in the text", max_lines=1, scale=2)
        order = gr.Dropdown(list(ORDERS), value=ORDERS[0], label="Order", filterable=False)
    within = filter_fields(index)
    shown = gr.HTML(elem_id="listing", apply_default_css=False)
    page_shown = gr.State(0)
    with gr.Row(elem_classes="turning"):
        before = gr.Button("Earlier page", size="sm", interactive=False)
        after = gr.Button("Next page", size="sm", interactive=False)

    def turned(
        by: int, page: int, text: str, order: str, outlets: list[str], since: str, until: str
    ) -> tuple[object, ...]:
        page = max(0, page + by) if by else 0
        try:
            told, more = listing(index, filtered(outlets, since, until, (text or "").strip()), order, page, base)
        except WhenceError as error:
            told, more = failure_view(str(error)), False
        return told, page, gr.Button(interactive=page > 0), gr.Button(interactive=more)

    fields = [page_shown, text, order, *within]
    outputs = [shown, page_shown, before, after]
    changed = [tab.select, text.submit, *(field.change for field in (order, *within))]
    gr.on(
        changed,
        partial(turned, 0),
        fields,
        outputs,
        show_progress="hidden",
        api_visibility="private",
        trigger_mode="always_last",  # or an earlier list, come late, would stand under later filters
    )
    before.click(partial(turned, -1), fields, outputs, show_progress="hidden", api_visibility="private")
    after.click(partial(turned, 1), fields, outputs, show_progress="hidden", api_visibility="private")


def mount(app: FastAPI, assistant: Assistant, examples: Sequence[str] = (), root_path: str = "") -> None:
    """Put the page at the root of an application, all articles under `/article/`; what Gradio would send to others,
    keep or take in is off."""

    @app.get("/article/{article_id:path}", response_class=HTMLResponse, include_in_schema=False)
    def article(
        article_id: str, revision: int | None = None, start: int | None = None, end: int | None = None
    ) -> HTMLResponse:
        return permanent(assistant.index, article_id, revision, start, end, root_path)

    gr.mount_gradio_app(
        app,
        page(assistant, examples, root_path),
        path="",
        root_path=root_path,
        theme=theme(),
        css=STYLE.read_text(encoding="utf-8"),
        head=HEAD,
        footer_links=[],
        show_error=False,
        max_file_size=1,
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
    )


@dataclass(frozen=True, slots=True)
class Served:
    """The page while it is served at `url`; interrupting `wait`, or `close`, ends it."""

    url: str
    server: uvicorn.Server
    thread: threading.Thread

    def wait(self) -> None:
        """Until interrupted."""
        try:
            self.thread.join()
        finally:
            self.close()

    def close(self) -> None:
        """Serve no longer; answers under way are cut off."""
        self.server.should_exit = True
        self.thread.join()


def serve(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    root_path: str = "",
    examples: Sequence[str] = (),
    block: bool = True,
    hosts: Sequence[str] = (),
    demand_tokens: bool = False,
) -> Served:
    """Serve the page and the service for programs, until interrupted or, unless `block`, in the background.

    Args:
        assistant: Answers the questions.
        host, port: Where to listen; port 0 is any free one.
        root_path: The path under which a proxy shows the page.
        examples: Questions offered while the conversation is empty.
        block: Whether to wait until interrupted.
        hosts, demand_tokens: As `assistant.api.application` takes them.

    Raises:
        NotGuarded: others could reach it, and there is no token to ask them for.
        WhenceError: nothing can listen there.
    """
    app = application(assistant, host, hosts, demand_tokens)
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        raise WhenceError(f"Cannot listen on port {port} of {host}: {error}. Choose another with `--port`.") from error
    mount(app, assistant, examples, root_path)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    served = Served(f"http://{host}:{listening.getsockname()[1]}/", server, thread)
    log.info("the page is at %s", served.url)
    if block:
        served.wait()
    return served


# -- how it looks ----------------------------------------------------------------------------------------------------

WELCOME = (
    '<div class="welcome"><div class="invitation">Ask what the articles say.</div>'
    "Every sentence of an answer cites the passage it rests on, the outlet that printed it, and the source it credits."
    "</div>"
)

HEAD = """
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:">
<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'
 viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='%239a3412'/><path d='M5 9l5 14 6-14 6 14 5-14'
 fill='none' stroke='white' stroke-width='3' stroke-linejoin='round' stroke-linecap='round'/></svg>">
"""
"""The policy is a second wall behind the escaping: the page asks nothing of any other machine."""


def theme() -> gr.themes.Base:
    """Ink on paper, or on a dark desk; only fonts that are on the reader's machine."""
    sans = ("Inter", "Helvetica Neue", "Segoe UI", "Roboto", "Arial", "sans-serif")
    base = gr.themes.Base(font=[gr.themes.Font(name) for name in sans], font_mono=[gr.themes.Font("monospace")])
    return base.set(
        body_background_fill="#faf8f4",
        body_background_fill_dark="#171614",
        body_text_color="#1f1c18",
        body_text_color_dark="#ebe6dd",
    )
