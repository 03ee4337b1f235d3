"""The page: a conversation with an Assistant, each answer with its citations, each citation opened in its article."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from assistant.page import unstubbed  # noqa: F401  prepares Gradio, and so comes before it

# isort: split
import gradio as gr
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse

from assistant import Assistant, api
from assistant.ledger import FILE, Ledger
from assistant.page import asking, browsing, reading
from assistant.page.asking import Asking
from assistant.page.browsing import Browsing
from assistant.page.site import Aside, Site
from assistant.service import problems
from assistant.service.port import Served
from assistant.service.rules import Rules
from assistant.views.articles import STYLE, collection_view
from assistant.views.frame import CONVERSATIONS, DIALOGS, GRAPH, HEAD

log = logging.getLogger(__name__)

QUESTIONS_AT_ONCE = 8
"""Questions answered at the same time; Gradio's own default is one."""

LARGEST_FILE = "256mb"

BEHAVIOUR = STYLE.with_name("page.js")

POST = "watch('value', () => document.dispatchEvent(new CustomEvent('post', { detail: JSON.parse(props.value) })));"
"""What the server says to the page's script travels as JSON, and is never part of the page."""

NO_SCRIPTS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}
"""An article on its own runs nothing and asks nothing of any machine."""


# -- the page --------------------------------------------------------------------------------------------------------


def page(assistant: Assistant, examples: Sequence[str] = (), base: str = "") -> gr.Blocks:
    """The page over one collection; every visitor has a conversation of their own. Permalinks start with `base`."""
    index = assistant.index
    blocks = gr.Blocks(title="Whence", fill_height=True, fill_width=True)
    with blocks:
        with gr.Row(elem_id="top"):
            masthead = gr.HTML(lambda: collection_view(index.outlets()), elem_id="collection")
            gr.HTML(CONVERSATIONS, elem_id="conversations", apply_default_css=False)
            again = gr.Button("New conversation", size="sm", elem_id="again", scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Tabs(elem_id="rooms"):
                with gr.Tab("Ask"), gr.Column(elem_id="talk"):
                    talk = asking.room(index, examples)
                with gr.Tab("Collection") as tab, gr.Column(elem_id="shelf"):
                    shelf = browsing.room(index)
            aside = beside(masthead)
        gr.HTML(DIALOGS, elem_id="dialogs", apply_default_css=False)

        site = Site(assistant, base, Ledger(index.path / FILE), aside)
        browsed = Browsing(site, shelf, talk.within)
        browsed.listen(tab)
        Asking(site, talk).listen(again)
        site.listen(talk.talk, browsed.refresh)
    blocks.queue(default_concurrency_limit=QUESTIONS_AT_ONCE, api_open=False)
    return blocks


def beside(masthead: gr.HTML) -> Aside:
    """The column beside the rooms, with the page's script, and what the server says to it."""
    with gr.Column(elem_id="side"):
        opened = gr.HTML(elem_id="reading", apply_default_css=False, js_on_load=BEHAVIOUR.read_text("utf-8"))
        with gr.Column(elem_id="graph", visible=False) as graph:
            gr.HTML(GRAPH, apply_default_css=False)
            plot = gr.Plot(show_label=False, container=False)
    post = gr.HTML(elem_id="post", html_template="", js_on_load=POST)
    return Aside(masthead, opened, graph, plot, post)


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
