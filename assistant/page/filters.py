"""The fields that filter by outlet and day: they stand beside the question, and above the list of the collection."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from index.index import Index


@dataclass(frozen=True, slots=True)
class Fields:
    """Outlets, the first and the last day."""

    outlets: gr.Dropdown
    since: gr.Textbox
    until: gr.Textbox

    @property
    def all(self) -> list[gr.Dropdown | gr.Textbox]:
        """In the order in which `collection.filtered` takes what they hold."""
        return [self.outlets, self.since, self.until]


def fields(index: Index) -> Fields:
    """The fields in a row."""
    with gr.Row(elem_classes="filters"):
        return Fields(
            gr.Dropdown(outlet_names(index), label="Outlets", multiselect=True, scale=2, min_width=220),
            gr.Textbox(label="From", max_lines=1, elem_classes="day", placeholder="2014-08-01", min_width=130),
            gr.Textbox(label="Until", max_lines=1, elem_classes="day", placeholder="2014-08-31", min_width=130),
        )


def outlet_names(index: Index) -> list[str]:
    """The outlets that can be chosen."""
    return [outlet.outlet for outlet in index.outlets() if outlet.outlet]
