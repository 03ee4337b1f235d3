"""The page: a conversation with an Assistant, each answer with its citations, each citation opened in its article."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from assistant.page import unstubbed  # noqa: F401  before Gradio is imported

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported; otherwise it reports to its makers

import gradio as gr
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse

from assistant import Assistant, api, feedback
from assistant.ledger import FILE, Ledger
from assistant.page import adding, collection, conversation, reading
from assistant.page.conversation import Conversation, Exchange
from assistant.page.runs import Runs
from assistant.service import problems
from assistant.service.port import Served
from assistant.service.rules import Rules
from assistant.views.answers import failure_view, filters_in_words
from assistant.views.articles import STYLE, collection_view, listing_view
from assistant.views.frame import CONVERSATIONS, DIALOGS, GRAPH, HEAD, WELCOME
from assistant.views.plots import graph, histogram
from index.errors import BadQuery, WhenceError

log = logging.getLogger(__name__)

QUESTIONS_AT_ONCE = 8
"""Questions answered at the same time; Gradio's own default is one."""

LARGEST_FILE = "256mb"

BEHAVIOUR = STYLE.with_name("page.js")

POST = "watch('value', () => document.dispatchEvent(new CustomEvent('post', { detail: JSON.parse(props.value) })));"
"""What the server says to the page's script travels as JSON, and is never part of the page."""

NO_SCRIPTS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}
"""An article on its own runs nothing and asks nothing of any machine."""

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""How every event is listened to: it has its own way to say that it works, and is not for programs."""

Told = tuple[object, ...]
"""New values of components."""


@dataclass(frozen=True, slots=True)
class Site:
    """One collection's page, and what happens on it; permalinks start with `base`."""

    assistant: Assistant
    base: str
    ledger: Ledger

    def open_article(self, talk: Conversation, clicked: gr.EventData, request: gr.Request) -> str:
        """The article that was clicked, in the pane beside the conversation."""
        return reading.opened(self.assistant.index, talk, clicked.opens, self.base, may_write(request))

    def show_graph(self, talk: Conversation, clicked: gr.EventData) -> Told:
        """Who credits whom, in the pane beside the conversation."""
        answer = talk[int(clicked.graphs)].answer
        assert answer is not None
        return gr.Column(visible=True), graph(answer.reports, int(clicked.graphs)), ""

    def save(self, talk: Conversation, clicked: gr.EventData) -> str:
        """A file with an answer or all of them."""
        return posted({"file": conversation.saved(talk, clicked.exports, clicked.base)})

    def find_fault(self, talk: Conversation, clicked: gr.EventData) -> str:
        """What a reader says is wrong is written down."""
        feedback.keep(self.ledger, conversation.faulted(talk, clicked.about, clicked.fault, clicked.right))
        return posted({"said": f"Noted: {clicked.fault.replace('-', ' ')}. Thank you."})

    def remove(self, clicked: gr.EventData, request: gr.Request) -> Told:
        """An article is deleted, and its pane closed."""
        try:
            if not may_write(request):
                raise WhenceError("Whoever removes articles needs a login or token that may write.")
            self.assistant.index.remove([clicked.article])
        except WhenceError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return "", collection_view(self.assistant.index.outlets())


# -- the page --------------------------------------------------------------------------------------------------------


def page(assistant: Assistant, examples: Sequence[str] = (), base: str = "") -> gr.Blocks:
    """The page over one collection; every visitor has a conversation of their own. Permalinks start with `base`."""
    index = assistant.index
    site = Site(assistant, base, Ledger(index.path / FILE))
    blocks = gr.Blocks(title="Whence", fill_height=True, fill_width=True)
    with blocks:
        talk = gr.State(())
        with gr.Row(elem_id="top"):
            masthead = gr.HTML(lambda: collection_view(index.outlets()), elem_id="collection")
            gr.HTML(CONVERSATIONS, elem_id="conversations", apply_default_css=False)
            again = gr.Button("New conversation", size="sm", elem_id="again", scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Tabs(elem_id="rooms"):
                with gr.Tab("Ask"), gr.Column(elem_id="talk"):
                    room = ask_room(site, examples)
                with gr.Tab("Collection") as shelf_tab, gr.Column(elem_id="shelf"):
                    shelf = shelf_room(site, shelf_tab, masthead, room.within[0])
            with gr.Column(elem_id="side"):
                script = gr.HTML(elem_id="reading", apply_default_css=False, js_on_load=BEHAVIOUR.read_text("utf-8"))
                with gr.Column(elem_id="graph", visible=False) as drawn:
                    gr.HTML(GRAPH, apply_default_css=False)
                    plot = gr.Plot(show_label=False, container=False)
        gr.HTML(DIALOGS, elem_id="dialogs", apply_default_css=False)
        post = gr.HTML(elem_id="post", html_template="", js_on_load=POST)

        converse(site, room, talk, script, again, post)
        script.click(site.open_article, talk, script, **QUIET)
        script.expand(site.show_graph, talk, [drawn, plot, script], **QUIET)
        script.collapse(lambda: (gr.Column(visible=False), None), None, [drawn, plot], **QUIET)
        script.download(site.save, talk, post, **QUIET)
        script.like(site.find_fault, talk, post, **QUIET)
        script.delete(site.remove, None, [script, masthead], **QUIET).then(**shelf, **QUIET)
    blocks.queue(default_concurrency_limit=QUESTIONS_AT_ONCE, api_open=False)
    return blocks


def may_write(request: gr.Request) -> bool:
    """Whether a visitor may change the collection: no page of another site sent them, and who they are allows it."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        return False
    bearer = getattr(request.state, "bearer", None)  # the guard's word; it lets everyone in on this machine only
    return bearer is None or bearer.scope == "write"


def visitor(request: gr.Request) -> str:
    """Who is at the page: one browser's window."""
    return request.session_hash or ""


def posted(told: dict[str, Any]) -> str:
    """A word to the page's script, unlike any before, so that it is heard when it says the same again; no markup in it
    even by accident."""
    return json.dumps({**told, "at": time.monotonic_ns()}).replace("<", "\\u003c")


# -- the conversation ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Room:
    """Where one talks: the conversation, the field for a question, and the fields that filter."""

    chat: gr.Chatbot
    box: gr.Textbox
    within: list[gr.Dropdown | gr.Textbox]


def ask_room(site: Site, examples: Sequence[str]) -> Room:
    """The conversation, and below it the field for the next question."""
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
    with gr.Accordion("Outlets and dates", open=False, elem_id="within") as accordion:
        within = filter_fields(site)
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

    def told(outlets: list[str], since: str, until: str) -> gr.Accordion:
        try:
            query = collection.filtered(outlets, since, until)
        except BadQuery:  # told with the answer
            return gr.Accordion(label="Outlets and dates")
        said = f": only {filters_in_words(query)}" if query.filtered else ""
        return gr.Accordion(label=f"Outlets and dates{said}")

    gr.on([field.change for field in within], told, within, accordion, trigger_mode="always_last", **QUIET)
    return Room(chat, box, within)


def filter_fields(site: Site) -> list[gr.Dropdown | gr.Textbox]:
    """Fields for outlets, the first and the last day."""
    with gr.Row(elem_classes="filters"):
        names = outlet_names(site)
        outlets = gr.Dropdown(names, label="Outlets", multiselect=True, scale=2, min_width=220)
        since = gr.Textbox(label="From", max_lines=1, elem_classes="day", placeholder="2014-08-01", min_width=130)
        until = gr.Textbox(label="Until", max_lines=1, elem_classes="day", placeholder="2014-08-31", min_width=130)
    return [outlets, since, until]


def outlet_names(site: Site) -> list[str]:
    """The outlets that can be chosen."""
    return [outlet.outlet for outlet in site.assistant.index.outlets() if outlet.outlet]


def messages(talk: Conversation) -> list[gr.MessageDict]:
    """A conversation as Gradio's chat wants it."""
    shown: list[gr.MessageDict] = []
    for asked, answered in conversation.told(talk):
        shown += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return shown


def converse(site: Site, room: Room, talk: gr.State, script: gr.HTML, again: gr.Button, post: gr.HTML) -> None:
    """All that makes a conversation go on: asking, stopping, asking again, editing, starting anew, coming back."""
    editing = gr.State(None)  # the place of the question that is being edited
    shown = [room.box, room.chat, talk, editing, post]
    ready: dict[str, Any] = {"submit_btn": "Ask", "stop_btn": False}

    runs = Runs()

    def ask(
        question: str, earlier: Conversation, within: tuple[list[str], str, str], request: gr.Request
    ) -> Iterator[Told]:
        if not question.strip():
            yield tuple(gr.skip() for _ in shown)
            return
        run = runs.begin(visitor(request))
        box: object = gr.Textbox("", submit_btn=False, stop_btn="Stop")
        grown: Conversation = ()
        try:
            filters = collection.filtered(*within)
            for grown in conversation.converse(site.assistant, question, earlier, filters, site.base, run):
                if run.forgotten.is_set():
                    return
                yield box, messages(grown), grown, None, gr.skip()
                box = gr.skip()
            yield gr.Textbox(**ready), gr.skip(), gr.skip(), gr.skip(), posted({"kept": conversation.kept(grown)})
        except BadQuery as error:
            refused = (*earlier, Exchange(question, failure_view(str(error), len(earlier))))
            yield gr.skip(), messages(refused), refused, None, gr.skip()
        finally:
            runs.end(visitor(request), run)

    def ask_typed(
        question: str, edited: int | None, so_far: Conversation, outlets: list[str], since: str, until: str,
        request: gr.Request,
    ) -> Iterator[Told]:  # fmt: skip
        yield from ask(question, so_far[:edited], (outlets, since, until), request)

    def ask_reworded(
        so_far: Conversation, outlets: list[str], since: str, until: str, clicked: gr.EventData, request: gr.Request
    ) -> Iterator[Told]:
        yield from ask(clicked.asks, so_far, (outlets, since, until), request)

    def ask_again(
        so_far: Conversation, outlets: list[str], since: str, until: str, clicked: gr.EventData, request: gr.Request
    ) -> Iterator[Told]:
        place = int(clicked.retries)
        yield from ask(so_far[place].question, so_far[:place], (outlets, since, until), request)

    def ask_example(
        so_far: Conversation, outlets: list[str], since: str, until: str, chosen: gr.SelectData, request: gr.Request
    ) -> Iterator[Told]:
        yield from ask(chosen.value["text"], so_far, (outlets, since, until), request)

    def edit(so_far: Conversation, clicked: gr.EventData) -> Told:
        place = int(clicked.edits)
        return so_far[place].question, place

    def stop(request: gr.Request) -> None:
        runs.stop(visitor(request))

    def clear(request: gr.Request) -> Told:
        runs.stop(visitor(request), forget=True)
        return gr.Textbox("", **ready), [], (), None, gr.skip(), ""

    def restore(clicked: gr.EventData, request: gr.Request) -> Told:
        runs.stop(visitor(request), forget=True)
        try:
            back = conversation.restored(site.assistant, clicked.answers, site.base)
        except WhenceError as error:
            back = (Exchange("", failure_view(str(error))),)
        return gr.Textbox(**ready), messages(back), back, None, gr.skip(), ""

    fields = [talk, *room.within]
    room.box.submit(ask_typed, [room.box, editing, *fields], shown, **QUIET)
    room.chat.example_select(ask_example, fields, shown, **QUIET)
    script.submit(ask_reworded, fields, shown, **QUIET)
    script.retry(ask_again, fields, shown, **QUIET)
    room.box.stop(stop, **QUIET)
    gr.on([again.click, room.chat.clear], clear, None, [*shown, script], **QUIET)
    script.select(restore, None, [*shown, script], **QUIET)
    script.edit(edit, talk, [room.box, editing], **QUIET)
    script.undo(lambda: ("", None), None, [room.box, editing], **QUIET)


# -- the collection --------------------------------------------------------------------------------------------------


def shelf_room(site: Site, tab: gr.Tab, masthead: gr.HTML, asked_outlets: gr.Dropdown | gr.Textbox) -> dict[str, Any]:
    """The collection: files go in, articles are filtered and sorted, counted over time, listed a page at a time.

    Returns what an event listener needs to show the list again.
    """
    index, runs = site.assistant.index, Runs()
    with gr.Accordion("Add articles", open=False, elem_id="adding"):
        files = gr.File(file_count="multiple", label="Drop files here, or click to choose", height=150)
        progress = gr.HTML(elem_id="progress", apply_default_css=False)
        stop = gr.Button("Stop", size="sm", visible=False, elem_id="stop-adding")
    with gr.Row(elem_classes="filters"):
        text = gr.Textbox(label="Words in the text", max_lines=1, scale=2)
        order = gr.Dropdown(list(collection.ORDERS), value=collection.ORDERS[0], label="Order", filterable=False)
        wire = gr.Dropdown([collection.ANY_WIRE], value=collection.ANY_WIRE, label="Wire copy", filterable=False)
    within = filter_fields(site)
    plot = gr.Plot(show_label=False, container=False, elem_id="histogram", visible=False)
    shown = gr.HTML(elem_id="listing", apply_default_css=False)
    page_shown = gr.State(0)
    with gr.Row(elem_classes="turning"):
        before = gr.Button("Earlier page", size="sm", interactive=False)
        after = gr.Button("Next page", size="sm", interactive=False)

    def turned(
        by: int, page: int, text: str, order: str, wire: str, outlets: list[str], since: str, until: str
    ) -> Told:
        page = max(0, page + by) if by else 0
        try:
            query = collection.filtered(outlets, since, until, (text or "").strip())
            found = collection.listed(index, collection.Shelf(query, order, wire))
        except WhenceError as error:
            idle = gr.Button(interactive=False)
            return failure_view(str(error)), 0, idle, idle, gr.skip()
        first, end = page * collection.LISTED, (page + 1) * collection.LISTED
        turning = gr.Button(interactive=page > 0), gr.Button(interactive=len(found) > end)
        figure = None if by else histogram(found)
        bars = gr.skip() if by else gr.Plot(figure, visible=figure is not None)
        return listing_view(found[first:end], first, len(found)), page, *turning, bars

    def choices() -> Told:
        agencies = collection.wires(list(index.articles()))
        outlets = outlet_names(site)
        return gr.Dropdown(agencies), gr.Dropdown(outlets), gr.Dropdown(outlets), collection_view(index.outlets())

    def add(dropped: list[str], request: gr.Request) -> Iterator[Told]:
        if not may_write(request):
            yield failure_view("Whoever adds articles needs a login or token that may write."), gr.skip(), None
            return
        run = runs.begin(visitor(request))
        visible: object = gr.Button(visible=True)
        try:
            for told in adding.adding(index, dropped, run):
                yield told, visible, gr.skip()
                visible = gr.skip()
            yield gr.skip(), gr.Button(visible=False), None
        finally:
            runs.end(visitor(request), run)

    def stop_adding(request: gr.Request) -> None:
        runs.stop(visitor(request))

    fields = [page_shown, text, order, wire, *within]
    refresh: dict[str, Any] = {
        "fn": partial(turned, 0), "inputs": fields, "outputs": [shown, page_shown, before, after, plot],
        "trigger_mode": "always_last",  # or an earlier list, come late, would stand under later filters
    }  # fmt: skip
    known: dict[str, Any] = {"fn": choices, "outputs": [wire, within[0], asked_outlets, masthead]}
    gr.on([tab.select, text.submit, *(field.change for field in (order, wire, *within))], **refresh, **QUIET)
    tab.select(**known, **QUIET)
    turn = refresh | {"trigger_mode": "once"}
    before.click(**(turn | {"fn": partial(turned, -1)}), **QUIET)
    after.click(**(turn | {"fn": partial(turned, 1)}), **QUIET)
    under_way = files.upload(add, files, [progress, stop, files], **QUIET)
    under_way.then(**refresh, **QUIET).then(**known, **QUIET)
    stop.click(stop_adding, **QUIET)
    return refresh


# -- serving ---------------------------------------------------------------------------------------------------------


def mount(app: FastAPI, assistant: Assistant, examples: Sequence[str] = (), root_path: str = "") -> None:
    """Put the page at the root of an application, all articles under `/article/`; what Gradio would send to others
    or keep is off."""

    @app.get("/article/{article_id:path}", response_class=HTMLResponse, include_in_schema=False)
    def article(
        article_id: str, revision: int | None = None, start: int | None = None, end: int | None = None
    ) -> HTMLResponse:
        told, found = reading.permanent(assistant.index, article_id, revision, start, end, root_path)
        return HTMLResponse(told, 200 if found else 404, NO_SCRIPTS)

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
        max_file_size=LARGEST_FILE,
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
    )


def pages(shown: Mapping[str, Assistant], root_path: str = "", examples: Sequence[str] = ()) -> dict[str, FastAPI]:
    """The page of each of several assistants, as an application of its own, by the path below which it is shown.

    All in one go: whatever Gradio makes while it makes a page becomes part of it, though it be for another's visitor.
    """
    made: dict[str, FastAPI] = {}
    for path, assistant in shown.items():
        # Gradio lets pages of any origin ask, unless what is around it decides on that
        made[path] = FastAPI(openapi_url=None, middleware=[Middleware(CORSMiddleware)])
        mount(made[path], assistant, examples, root_path + path)
        problems.handle(made[path])
    return made


def serve(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    root_path: str = "",
    examples: Sequence[str] = (),
    block: bool = True,
    rules: Rules = api.DEFAULT,
    others: Mapping[str, Assistant] = api.NO_OTHERS,
) -> Served:
    """Serve the page and the service for programs, until interrupted or, unless `block`, in the background.

    Args:
        assistant: Answers the questions.
        host, port: Where to listen; port 0 is any free one.
        root_path: The path under which a proxy shows the page.
        examples: Questions offered while the conversation is empty.
        block: Whether to wait until interrupted.
        rules: What is asked of those who come.
        others: Further collections by name, each shown under `/c/NAME/` with tokens and logins of its own.

    Raises:
        NotGuarded: others could reach it, and there is no token to ask them for.
        WhenceError: nothing can listen there.
    """
    shown = api.placed(assistant, others)
    made = pages(shown, root_path, examples)
    served = api.serve(shown, host, port, root_path, rules, lambda: made)
    log.info("the page is at %s", served.url)
    if block:
        served.wait()
    return served


# -- how it looks ----------------------------------------------------------------------------------------------------


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
