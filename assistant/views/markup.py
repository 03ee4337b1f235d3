"""Text, days, spans and addresses as HTML. Every character that is not ours is escaped here."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from urllib.parse import quote, urlencode

from assistant.records import Citation
from index.records import Article, Dated, Span

HOW_DATED: Mapping[Dated, str] = {
    "stated": ", as printed in the article",
    "metadata": ", as given with the article",
    "inferred": ", inferred",
    "unknown": "",
}

WORDS_NAMED_WHOLE = 12
"""A longer quote is named to the browser by its first and last words."""

WORDS_AT_AN_END = 5


def safe(text: str) -> str:
    """Text as HTML that shows every character as it is, on one line without tabs: a blank line would make the chat read
    what follows as Markdown, and Gradio widens tabs."""
    return html.escape(text).translate({ord(character): f"&#{ord(character)};" for character in "\t\n\r"})


def printed_by(record: Citation | Article) -> str:
    """The outlet, the day, and how the day is known; for an inferred day, between which days it must lie."""
    outlet = record.outlet or "outlet not stated"
    window = ""
    if record.window and record.dated in ("inferred", "unknown"):
        window = f", not before {day(record.window[0])} and not after {day(record.window[1])}"
    if record.published is None:
        return f"{outlet} · undated{window}"
    return f"{outlet} · {day(record.published)}{HOW_DATED[record.dated]}{window}"


def day(date: dt.date | dt.datetime | None) -> str:
    """A day in words."""
    return f"{date.day} {date:%B} {date.year}" if date else "undated"


def headline(record: Citation | Article) -> str:
    """The headline, or that there is none."""
    return record.title or "headline not stated"


def counted(number: int, thing: str) -> str:
    """So many of a thing."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def among(names: Sequence[str]) -> str:
    """Names in a row, as English writes them."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def marker(place: int, number: int) -> str:
    """A number that opens its citation in the answer at that place of the conversation."""
    opens = f"{place}/{number}"
    return f'<button class="marker opens" type="button" value="{opens}" title="Show in the article">[{number}]</button>'


# -- addresses -------------------------------------------------------------------------------------------------------


def original(url: str | None, quoted: str = "") -> str:
    """A link to the original, to the quote in it where the browser can; nothing unless it is a web address."""
    if url is None or not re.match(r"https?://\S", url, re.IGNORECASE):
        return ""
    return f'<a href="{safe(url + fragment(url, quoted))}" target="_blank" rel="noopener noreferrer">original</a>'


def fragment(url: str, quoted: str) -> str:
    """What makes a browser scroll to the quoted text (https://wicg.github.io/scroll-to-text-fragment/)."""
    words = quoted.split()
    if not words:
        return ""
    ends = [words]
    if len(words) > WORDS_NAMED_WHOLE or "\n" in quoted:  # the parts of a range may stand in different paragraphs
        ends = [words[:WORDS_AT_AN_END], words[-WORDS_AT_AN_END:]]
    named = ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
    return f"{'' if '#' in url else '#'}:~:text={named}"


def permalink(base: str, article_id: str, revision: int | None = None, span: Span | None = None) -> str:
    """Where the page under `base` shows an article, that revision of it, and that span."""
    asked: dict[str, int] = {"revision": revision} if revision else {}
    if span:
        asked |= {"start": span[0], "end": span[1]}
    address = f"{base.rstrip('/')}/article/{quote(article_id, safe='')}"
    return f"{address}{'?' if asked else ''}{urlencode(asked)}{'#quote' if span else ''}"


# -- spans -----------------------------------------------------------------------------------------------------------


def marked(text: str, layers: Mapping[str, Sequence[Span]]) -> str:
    """Text as HTML, every stretch of it in an element whose classes are the layers that cover it."""
    edges = {0, len(text), *(edge for spans in layers.values() for span in spans for edge in span)}
    stretches = []
    for start, end in pairwise(sorted(edges)):
        classes = [name for name, spans in layers.items() if any(a <= start and end <= b for a, b in spans)]
        stretch = safe(text[start:end])
        tag = "mark" if {"quoted", "also"} & set(classes) else "span"
        stretches.append(f'<{tag} class="{" ".join(classes)}">{stretch}</{tag}>' if classes else stretch)
    return "".join(stretches)
