"""The page's parts: what happens when a visitor asks, browses, opens, adds. Whatever Gradio must know before it is
imported is set here, and so before any of them imports it."""

import os

from assistant.page import unstubbed  # noqa: F401  finds Gradio's parts for it

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # otherwise it reports to its makers
