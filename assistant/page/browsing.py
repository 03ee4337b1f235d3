"""The room where one browses: articles are filtered and sorted, counted over time, listed a page at a time, added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import gradio as gr

from assistant.page import adding, collection, filters
from assistant.page.filters import Fields
from assistant.page.runs import Runs
from assistant.page.site import QUIET, Site, Told, may_write, visitor
from assistant.views.answers import failure_view
from assistant.views.articles import collection_view, listing_view
from assistant.views.plots import histogram
from index.errors import WhenceError
from index.index import Index
from index.records import Article


@dataclass(frozen=True, slots=True)
class Room:
    """Its components.

    Args:
        files, progress, stop: Where files are dropped; how far their adding has come; what stops it.
        text, order, wire, within: The fields that filter and sort.
        bars: Articles over time.
        listing, page: The list, and which page of it, from 0.
        before, after: What turns the pages.
    """

    files: gr.File
    progress: gr.HTML
    stop: gr.Button
    text: gr.Textbox
    order: gr.Dropdown
    wire: gr.Dropdown
    within: Fields
    bars: gr.Plot
    listing: gr.HTML
    page: gr.State
    before: gr.Button
    after: gr.Button

    @property
    def filters(self) -> list[gr.Textbox | gr.Dropdown]:
        """In the order in which `Browsing` takes what they hold."""
        return [self.text, self.order, self.wire, *self.within.all]


def room(index: Index) -> Room:
    """Files go in above, the list stands below."""
    with gr.Accordion("Add articles", open=False, elem_id="adding"):
        files = gr.File(file_count="multiple", label="Drop files here, or click to choose", height=150)
        progress = gr.HTML(elem_id="progress", apply_default_css=False)
        stop = gr.Button("Stop", size="sm", visible=False, elem_id="stop-adding")
    with gr.Row(elem_classes="filters"):
        text = gr.Textbox(label="Words in the text", max_lines=1, scale=2)
        order = gr.Dropdown(list(collection.ORDERS), value=collection.ORDERS[0], label="Order", filterable=False)
        wire = gr.Dropdown([collection.ANY_WIRE], value=collection.ANY_WIRE, label="Wire copy", filterable=False)
    within = filters.fields(index)
    bars = gr.Plot(show_label=False, container=False, elem_id="histogram", visible=False)
    listing = gr.HTML(elem_id="listing", apply_default_css=False)
    with gr.Row(elem_classes="turning"):
        before = gr.Button("Earlier page", size="sm", interactive=False)
        after = gr.Button("Next page", size="sm", interactive=False)
    return Room(files, progress, stop, text, order, wire, within, bars, listing, gr.State(0), before, after)


@dataclass(frozen=True, slots=True)
class Browsing:
    """What happens in the room; `asked` are the fields beside the question, which offer the same outlets."""

    site: Site
    room: Room
    asked: Fields
    runs: Runs = field(default_factory=Runs)

    @property
    def refresh(self) -> Mapping[str, Any]:
        """What a listener needs to show the list from its beginning."""
        room = self.room
        return {
            "fn": self.first, "inputs": room.filters,
            "outputs": [room.listing, room.page, room.before, room.after, room.bars],
            "trigger_mode": "always_last",  # or an earlier list, come late, would stand under later filters
        }  # fmt: skip

    def listen(self, tab: gr.Tab) -> None:
        """The list is shown when one comes to its tab, and again whenever filters change or articles were added."""
        room = self.room
        choices: dict[str, Any] = {
            "fn": self.choices,
            "outputs": [room.wire, room.within.outlets, self.asked.outlets, self.site.aside.masthead],
        }
        changed = [filter_.change for filter_ in (room.order, room.wire, *room.within.all)]
        gr.on([tab.select, room.text.submit, *changed], **self.refresh, **QUIET)
        tab.select(**choices, **QUIET)
        turned = [room.listing, room.page, room.before, room.after]
        for button, by in ((room.before, -1), (room.after, 1)):
            button.click(partial(self.turn, by), [room.page, *room.filters], turned, **QUIET)
        added = room.files.upload(self.add, room.files, [room.progress, room.stop, room.files], **QUIET)
        added.then(**self.refresh, **QUIET).then(**choices, **QUIET)
        room.stop.click(self.stop, **QUIET)

    # -- the list -------------------------------------------------------------------------------------------------

    def first(self, text: str, order: str, wire: str, outlets: list[str], since: str, until: str) -> Told:
        """The first page, and how all that passes the filters lies over time."""
        try:
            found = self._found(text, order, wire, outlets, since, until)
        except WhenceError as error:
            return self._failed(error)
        figure = histogram(found)
        return self._shown(found, 0) | {self.room.bars: gr.Plot(figure, visible=figure is not None)}

    def turn(
        self, by: int, page: int, text: str, order: str, wire: str, outlets: list[str], since: str, until: str
    ) -> Told:
        """The page so many further on."""
        try:
            found = self._found(text, order, wire, outlets, since, until)
        except WhenceError as error:
            return self._failed(error)
        return self._shown(found, max(0, page + by))

    def _found(self, text: str, order: str, wire: str, outlets: list[str], since: str, until: str) -> list[Article]:
        query = collection.filtered(outlets, since, until, (text or "").strip())
        return collection.listed(self.site.assistant.index, collection.Shelf(query, order, wire))

    def _shown(self, found: list[Article], page: int) -> Told:
        room, first, end = self.room, page * collection.LISTED, (page + 1) * collection.LISTED
        return {
            room.listing: listing_view(found[first:end], first, len(found)),
            room.page: page,
            room.before: gr.Button(interactive=page > 0),
            room.after: gr.Button(interactive=len(found) > end),
        }

    def _failed(self, error: WhenceError) -> Told:
        room, idle = self.room, gr.Button(interactive=False)
        return {room.listing: failure_view(str(error)), room.page: 0, room.before: idle, room.after: idle}

    def choices(self) -> Told:
        """What there is to choose from, and what the collection holds by now."""
        index = self.site.assistant.index
        outlets = filters.outlet_names(index)
        return {
            self.room.wire: gr.Dropdown(collection.wires(list(index.articles()))),
            self.room.within.outlets: gr.Dropdown(outlets),
            self.asked.outlets: gr.Dropdown(outlets),
            self.site.aside.masthead: collection_view(index.outlets()),
        }

    # -- files ----------------------------------------------------------------------------------------------------

    def add(self, dropped: list[str], request: gr.Request) -> Iterator[Told]:
        """Files are taken in, telling how far that has come, until done or stopped; then more can be dropped."""
        room = self.room
        if not may_write(request):
            told = failure_view("Whoever adds articles needs a login or token that may write.")
            yield {room.progress: told, room.files: None}
            return
        run = self.runs.begin(visitor(request))
        try:
            yield {room.stop: gr.Button(visible=True)}
            for told in adding.adding(self.site.assistant.index, dropped, run):
                yield {room.progress: told}
            yield {room.stop: gr.Button(visible=False), room.files: None}
        finally:
            self.runs.end(visitor(request), run)

    def stop(self, request: gr.Request) -> None:
        """What was taken in by now stays."""
        self.runs.stop(visitor(request))
