"""The room where one asks: the conversation, the field for the next question, and what makes the conversation go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import gradio as gr

from assistant.page import collection, conversation, filters
from assistant.page.conversation import Conversation, Exchange
from assistant.page.filters import Fields
from assistant.page.runs import Run, Runs
from assistant.page.site import QUIET, Site, Told, posted, visitor
from assistant.views.answers import failure_view, filters_in_words
from assistant.views.frame import WELCOME
from index.errors import BadQuery, WhenceError
from index.index import Index
from index.records import Query

READY: Final[Mapping[str, Any]] = {"submit_btn": "Ask", "stop_btn": False}
BUSY: Final[Mapping[str, Any]] = {"submit_btn": False, "stop_btn": "Stop"}
"""The buttons of the field for a question, while nothing is awaited and while an answer is."""

FILTERS: Final = "Outlets and dates"


@dataclass(frozen=True, slots=True)
class Room:
    """Its components.

    Args:
        chat: The conversation as it is shown.
        talk: The conversation itself.
        box: The field for a question.
        editing: The place of the question that is being edited; None while none is.
        within: The fields that filter.
        folded: What these fields are folded into.
    """

    chat: gr.Chatbot
    talk: gr.State
    box: gr.Textbox
    editing: gr.State
    within: Fields
    folded: gr.Accordion


def room(index: Index, examples: Sequence[str]) -> Room:
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
    with gr.Accordion(FILTERS, open=False, elem_id="within") as folded:
        within = filters.fields(index)
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
    return Room(chat, gr.State(()), box, gr.State(None), within, folded)


@dataclass(frozen=True, slots=True)
class Asking:
    """What happens in the room. Where filters are taken they are as typed: outlets, first day, last day."""

    site: Site
    room: Room
    runs: Runs = field(default_factory=Runs)

    def listen(self, again: gr.Button) -> None:
        """Questions are asked, stopped, asked again, edited; `again` begins a new conversation, the script an old."""
        room, script = self.room, self.site.aside.reading
        shown = [room.box, room.chat, room.talk, room.editing, self.site.aside.post]
        given = [room.talk, *room.within.all]
        room.box.submit(self.ask_typed, [room.box, room.editing, *given], shown, **QUIET)
        room.chat.example_select(self.ask_example, given, shown, **QUIET)
        script.submit(self.ask_reworded, given, shown, **QUIET)
        script.retry(self.ask_again, given, shown, **QUIET)
        room.box.stop(self.stop, **QUIET)
        gr.on([again.click, room.chat.clear], self.clear, None, [*shown, script], **QUIET)
        script.select(self.restore, None, [*shown, script], **QUIET)
        script.edit(self.edit, room.talk, [room.box, room.editing], **QUIET)
        script.undo(self.leave_editing, None, [room.box, room.editing], **QUIET)
        changed = [filter_.change for filter_ in room.within.all]
        gr.on(changed, self.tell_filters, room.within.all, room.folded, trigger_mode="always_last", **QUIET)

    # -- a question -----------------------------------------------------------------------------------------------

    def ask_typed(
        self, question: str, edited: int | None, so_far: Conversation, outlets: list[str], since: str, until: str,
        request: gr.Request,
    ) -> Iterator[Told]:  # fmt: skip
        """The question in the field, in place of the one that is being edited and all that followed it."""
        yield from self._ask(question, so_far[:edited], (outlets, since, until), request)

    def ask_reworded(
        self, so_far: Conversation, outlets: list[str], since: str, until: str, clicked: gr.EventData,
        request: gr.Request,
    ) -> Iterator[Told]:  # fmt: skip
        """The question that was offered in place of a refused one."""
        yield from self._ask(clicked.asks, so_far, (outlets, since, until), request)

    def ask_again(
        self, so_far: Conversation, outlets: list[str], since: str, until: str, clicked: gr.EventData,
        request: gr.Request,
    ) -> Iterator[Told]:  # fmt: skip
        """A question of the conversation, in place of its answer and all that followed it."""
        place = int(clicked.retries)
        yield from self._ask(so_far[place].question, so_far[:place], (outlets, since, until), request)

    def ask_example(
        self, so_far: Conversation, outlets: list[str], since: str, until: str, chosen: gr.SelectData,
        request: gr.Request,
    ) -> Iterator[Told]:  # fmt: skip
        """The example that was clicked."""
        yield from self._ask(chosen.value["text"], so_far, (outlets, since, until), request)

    def _ask(
        self, question: str, earlier: Conversation, within: tuple[list[str], str, str], request: gr.Request
    ) -> Iterator[Told]:
        if not question.strip():
            yield {self.room.box: gr.skip()}
            return
        run = self.runs.begin(visitor(request))
        try:
            yield from self._answered(question, earlier, collection.filtered(*within), run)
        except BadQuery as error:  # the question stays in its field, to be asked once the filters are mended
            yield self._shown((*earlier, Exchange(question, failure_view(str(error), len(earlier)))))
        finally:
            self.runs.end(visitor(request), run)

    def _answered(self, question: str, earlier: Conversation, within: Query, run: Run) -> Iterator[Told]:
        """The conversation as it grows, then what the browser keeps of it; nothing more once the run is forgotten."""
        box: Told = {self.room.box: gr.Textbox("", **BUSY)}
        grown = earlier
        for grown in conversation.converse(self.site.assistant, question, earlier, within, self.site.base, run):
            if run.forgotten.is_set():
                return
            yield self._shown(grown) | box
            box = {}
        kept = posted({"kept": conversation.kept(grown)})
        yield {self.room.box: gr.Textbox(**READY), self.site.aside.post: kept}

    def _shown(self, talk: Conversation) -> Told:
        """The conversation, no question of which is being edited."""
        messages: list[gr.MessageDict] = []
        for asked, answered in conversation.told(talk):
            messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
        return {self.room.chat: messages, self.room.talk: talk, self.room.editing: None}

    # -- the conversation -----------------------------------------------------------------------------------------

    def stop(self, request: gr.Request) -> None:
        """What has come of the answer by now stays."""
        self.runs.stop(visitor(request))

    def clear(self, request: gr.Request) -> Told:
        """A new conversation."""
        self.runs.stop(visitor(request), forget=True)
        return self._shown(()) | {self.room.box: gr.Textbox("", **READY), self.site.aside.reading: ""}

    def restore(self, clicked: gr.EventData, request: gr.Request) -> Told:
        """A conversation that the browser kept, in place of this one."""
        self.runs.stop(visitor(request), forget=True)
        try:
            back = conversation.restored(self.site.assistant, clicked.answers, self.site.base)
        except WhenceError as error:
            back = (Exchange("", failure_view(str(error))),)
        return self._shown(back) | {self.room.box: gr.Textbox(**READY), self.site.aside.reading: ""}

    def edit(self, so_far: Conversation, clicked: gr.EventData) -> Told:
        """A question of the conversation, in the field again."""
        place = int(clicked.edits)
        return {self.room.box: so_far[place].question, self.room.editing: place}

    def leave_editing(self) -> Told:
        """The question stays as it was."""
        return {self.room.box: "", self.room.editing: None}

    def tell_filters(self, outlets: list[str], since: str, until: str) -> gr.Accordion:
        """What is asked for, where the fields are folded away."""
        try:
            query = collection.filtered(outlets, since, until)
        except BadQuery:  # told with the answer
            return gr.Accordion(label=FILTERS)
        said = f": only {filters_in_words(query)}" if query.filtered else ""
        return gr.Accordion(label=FILTERS + said)
