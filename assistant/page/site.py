"""One collection's page, and what happens wherever one is on it: articles opened and removed, answers saved, faults."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
from gradio.blocks import Block

from assistant import Assistant, feedback
from assistant.ledger import Ledger
from assistant.page import conversation, reading
from assistant.page.conversation import Conversation
from assistant.views.articles import collection_view
from assistant.views.plots import graph
from index.errors import WhenceError

QUIET: Mapping[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""How every event is listened to: it has its own way to say that it works, and is not for programs."""

Told = dict[Block, object]
"""New values of components; those that it does not have stay as they are."""


@dataclass(frozen=True, slots=True)
class Aside:
    """The components beside every room.

    Args:
        masthead: What the collection holds, in a line.
        reading: The pane with an article; its script hears what is pressed anywhere, and tells it as events.
        graph: The pane with the graph of who credits whom.
        plot: The graph itself.
        post: What the server says to that script.
    """

    masthead: gr.HTML
    reading: gr.HTML
    graph: gr.Column
    plot: gr.Plot
    post: gr.HTML


@dataclass(frozen=True, slots=True)
class Site:
    """One collection's page; permalinks start with `base`."""

    assistant: Assistant
    base: str
    ledger: Ledger
    aside: Aside

    def listen(self, talk: gr.State, refresh: Mapping[str, Any]) -> None:
        """Articles and the graph open and close, answers are saved, faults noted, articles removed: the list of them is
        then shown again as `refresh` says. `talk` is the visitor's conversation."""
        aside = self.aside
        aside.reading.click(self.open_article, talk, aside.reading, **QUIET)
        aside.reading.expand(self.show_graph, talk, [aside.graph, aside.plot, aside.reading], **QUIET)
        aside.reading.collapse(self.hide_graph, None, [aside.graph, aside.plot], **QUIET)
        aside.reading.download(self.save, talk, aside.post, **QUIET)
        aside.reading.like(self.find_fault, talk, aside.post, **QUIET)
        removed = aside.reading.delete(self.remove, None, [aside.reading, aside.masthead], **QUIET)
        removed.then(**refresh, **QUIET)

    def open_article(self, talk: Conversation, clicked: gr.EventData, request: gr.Request) -> str:
        """The article that was clicked."""
        return reading.opened(self.assistant.index, talk, clicked.opens, self.base, may_write(request))

    def show_graph(self, talk: Conversation, clicked: gr.EventData) -> Told:
        """Who credits whom in an answer, in place of the article."""
        place = int(clicked.graphs)
        answer = talk[place].answer
        assert answer is not None
        aside = self.aside
        return {aside.graph: gr.Column(visible=True), aside.plot: graph(answer.reports, place), aside.reading: ""}

    def hide_graph(self) -> Told:
        """The conversation alone again."""
        return {self.aside.graph: gr.Column(visible=False), self.aside.plot: None}

    def save(self, talk: Conversation, clicked: gr.EventData) -> str:
        """A file with an answer or all of them."""
        return posted({"file": conversation.saved(talk, clicked.exports, clicked.base)})

    def find_fault(self, talk: Conversation, clicked: gr.EventData) -> str:
        """What a reader says is wrong is written down."""
        feedback.keep(self.ledger, conversation.faulted(talk, clicked.about, clicked.fault, clicked.right))
        return posted({"said": f"Noted: {clicked.fault.replace('-', ' ')}. Thank you."})

    def remove(self, clicked: gr.EventData, request: gr.Request) -> Told:
        """An article is deleted, and its pane closed."""
        index = self.assistant.index
        try:
            if not may_write(request):
                raise WhenceError("Whoever removes articles needs a login or token that may write.")
            index.remove([clicked.article])
        except WhenceError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return {self.aside.reading: "", self.aside.masthead: collection_view(index.outlets())}


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


def posted(told: Mapping[str, Any]) -> str:
    """A word to the page's script, unlike any before, so that it is heard when it says the same again; no markup in it
    even by accident."""
    return json.dumps({**told, "at": time.monotonic_ns()}).replace("<", "\\u003c")
