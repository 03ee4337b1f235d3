"""The page: a conversation with an Assistant, each answer with its citations, each citation opened in its article."""

from __future__ import annotations

import html
import logging
import os
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported; otherwise it reports to its makers

import gradio as gr
import uvicorn
from fastapi import FastAPI

from assistant import Answer, Assistant, Citation
from assistant.records import Sentence
from index.errors import WhenceError
from index.index import Index
from index.records import Article, Dated, OutletCount, Span

log = logging.getLogger(__name__)

UPDATE_EVERY = 0.025
"""Seconds between two updates of a growing answer: each sends and renders the whole of it."""

QUESTIONS_AT_ONCE = 8
"""Questions answered at the same time; Gradio's own default is one."""

HOW_DATED: Mapping[Dated, str] = {
    "stated": ", as printed in the article",
    "metadata": ", as given with the article",
    "inferred": ", inferred",
    "unknown": "",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and the HTML shown for it; `answer` is None while it is awaited, and when none came."""

    question: str
    shown: str
    answer: Answer | None = None


Conversation = tuple[Exchange, ...]


# -- records as HTML -------------------------------------------------------------------------------------------------


def safe(text: str) -> str:
    """Text as HTML that shows every character as it is, on one line without tabs: a blank line would make the chat read
    what follows as Markdown, and Gradio widens tabs."""
    return html.escape(text).translate({ord(character): f"&#{ord(character)};" for character in "\t\n\r"})


def answer_view(answer: Answer, place: int) -> str:
    """An answer with its citations, or a refusal with its leads; `place` is its exchange's, from 0."""
    if answer.refused:
        kind, label, heading = "refusal", "No answer", "Might be of interest, without answering the question"
        said = safe(answer.text)
    else:
        kind, label, heading = "answer", "", "Citations"
        said = " ".join(sentence_view(sentence, place) for sentence in answer.sentences)
    cards = "".join(card(citation, opener(place, citation)) for citation in cited(answer))
    return (
        f'<div class="told {kind}">'
        + (f'<div class="label">{label}</div>' if label else "")
        + f'<div class="said">{said}</div>'
        + "".join(f'<div class="notice">{safe(notice)}</div>' for notice in answer.notices)
        + (f'<div class="heading">{heading}</div><div class="cards">{cards}</div>' if cards else "")
        + "</div>"
    )


def sentence_view(sentence: Sentence, place: int) -> str:
    """A sentence, the markers at its end as buttons that open its citations."""
    markers = "".join(f"[{number}]" for number in sentence.citations)
    buttons = "".join(
        f'<button class="marker opens" type="button" value="{place}/{number}" title="Show in the article">'
        f"[{number}]</button>"
        for number in sentence.citations
    )
    return safe(sentence.text.removesuffix(markers).rstrip()) + buttons


def growing_view(text: str) -> str:
    """As much of an answer as there is."""
    return f'<div class="told growing"><div class="said">{safe(text)}</div></div>'


def failure_view(message: str) -> str:
    """That something failed, which is not the same as finding nothing."""
    label = '<div class="label">Something failed</div>'
    return f'<div class="told failure">{label}<div class="said">{safe(message)}</div></div>'


def remark_view(text: str) -> str:
    """A word from the page itself."""
    return f'<div class="told remark"><div class="said">{safe(text)}</div></div>'


def cited(answer: Answer) -> tuple[Citation, ...]:
    """What an answer shows as cards: its citations, or the leads of a refusal."""
    return answer.leads if answer.refused else answer.citations


def opener(place: int, citation: Citation) -> str:
    """What a button that opens this citation of that exchange sends; `opened` reads it."""
    return f"{place}/{citation.number}"


def card(citation: Citation, opens: str) -> str:
    """A citation: who printed it when, under which headline; the quote; whom it credits, and who else printed it."""
    sources = dict.fromkeys(credit.source or credit.printed for credit in citation.credits)
    copies = dict.fromkeys(copy.outlet or "an outlet not stated" for copy in citation.copies)
    notes = [
        f"credits: {safe(', '.join(sources))}" if sources else "",
        f"also printed by {safe(', '.join(copies))}" if copies else "",
        original(citation.url),
    ]
    return (
        '<div class="card">'
        f'<div class="where"><span class="number">{citation.number}</span> {safe(printed_by(citation))}</div>'
        f'<button class="headline opens" type="button" value="{opens}">{safe(headline(citation))}</button>'
        f"<blockquote>{safe(citation.quote)}</blockquote>"
        f'<div class="notes">{" · ".join(filter(None, notes))}</div>'
        "</div>"
    )


def printed_by(record: Citation | Article) -> str:
    """The outlet, the day, and how the day is known."""
    outlet = record.outlet or "outlet not stated"
    if record.published is None:
        return f"{outlet} · undated"
    day = record.published
    return f"{outlet} · {day.day} {day:%B %Y}{HOW_DATED[record.dated]}"


def headline(record: Citation | Article) -> str:
    """The headline, or that there is none."""
    return record.title or "headline not stated"


def original(url: str | None) -> str:
    """A link to the original, or nothing when the address is not that of a web page."""
    if url is None or not re.match(r"https?://\S", url, re.IGNORECASE):
        return ""
    return f'<a href="{safe(url)}" target="_blank" rel="noopener noreferrer">original</a>'


def article_view(article: Article, quoted: Span, also: Sequence[Span] = ()) -> str:
    """The whole stored text, the quoted span marked, other cited spans lightly, asides set back."""
    wire = f"wire copy of {article.wire}" if article.wire else ""
    notes = [safe(article.author or ""), safe(wire), original(article.url)]
    layers: dict[str, list[Span]] = {"quoted": [quoted], "also": list(also)}
    for aside in article.asides:
        layers.setdefault("note" if aside.kind == "note" else "aside", []).append((aside.start, aside.end))
    return article_pane(
        f'<div class="where">{safe(printed_by(article))}</div>'
        f'<div class="headline">{safe(headline(article))}</div>'
        f'<div class="notes">{" · ".join(filter(None, notes))}</div>'
        f'<div class="text">{marked(article.text, layers)}</div>'
    )


def article_pane(inside: str) -> str:
    """What lies over or beside the conversation until it is closed."""
    return f'<div class="article" tabindex="-1"><button class="closes" type="button">Close</button>{inside}</div>'


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


def collection_view(outlets: Sequence[OutletCount]) -> str:
    """The name of the program, and what it answers from."""
    articles, named = sum(outlet.articles for outlet in outlets), sum(1 for outlet in outlets if outlet.outlet)
    years = {day.year for outlet in outlets for day in (outlet.first, outlet.last) if day}
    told = counted(articles, "article")
    if named:
        told += f" from {counted(named, 'outlet')}"
    if years:
        told += f", {' to '.join(str(year) for year in sorted({min(years), max(years)}))}"
    if not articles:
        told = "The collection is empty. Add articles with `whence add PATH...`."
    return f'<div class="masthead"><span class="name">Whence</span><span class="held">{safe(told)}</span></div>'


def counted(number: int, thing: str) -> str:
    """So many of a thing."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def messages(conversation: Conversation) -> list[gr.MessageDict]:
    """A conversation as Gradio's chat wants it."""
    shown: list[gr.MessageDict] = []
    for exchange in conversation:
        shown.append({"role": "user", "content": f'<div class="asked">{safe(exchange.question)}</div>'})
        shown.append({"role": "assistant", "content": exchange.shown})
    return shown


# -- what happens ----------------------------------------------------------------------------------------------------


def converse(assistant: Assistant, question: str, earlier: Conversation) -> Iterator[Conversation]:
    """The conversation as it grows while the question is answered."""
    yield (*earlier, Exchange(question, remark_view("Reading the articles …")))
    text, due = "", 0.0
    try:
        for piece in assistant.stream(question, [exchange.answer for exchange in earlier if exchange.answer]):
            if isinstance(piece, Answer):
                yield (*earlier, Exchange(question, answer_view(piece, len(earlier)), piece))
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


def opened(index: Index, conversation: Conversation, opens: str) -> str:
    """The article of the citation that was clicked, its quote marked."""
    place, number = map(int, opens.split("/"))
    answer = conversation[place].answer
    assert answer is not None
    [citation] = [c for c in cited(answer) if c.number == number]
    try:
        article = index.article(citation.article, citation.revision)
    except WhenceError as error:
        return article_pane(failure_view(str(error)))
    same = [c for c in cited(answer) if (c.article, c.revision) == (article.id, article.revision) and c != citation]
    return article_view(article, (citation.start, citation.end), [(c.start, c.end) for c in same])


# -- the page --------------------------------------------------------------------------------------------------------


def page(assistant: Assistant, examples: Sequence[str] = ()) -> gr.Blocks:
    """The page over one collection; every visitor has a conversation of their own."""
    blocks = gr.Blocks(title="Whence", fill_height=True, fill_width=True)
    with blocks:
        conversation = gr.State(())
        with gr.Row(elem_id="top"):
            gr.HTML(lambda: collection_view(assistant.index.outlets()), elem_id="collection")
            again = gr.Button("New conversation", size="sm", elem_id="again", scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
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
            side = gr.HTML(elem_id="side", apply_default_css=False, js_on_load=OPENS_AND_CLOSES)

        shown = [box, chat, conversation]

        def ask(question: str, earlier: Conversation) -> Iterator[tuple[object, ...]]:
            if not question.strip():
                yield gr.skip(), gr.skip(), gr.skip()
                return
            field: object = gr.Textbox("", submit_btn=False, stop_btn="Stop")
            for grown in converse(assistant, question, earlier):
                yield field, messages(grown), grown
                field = gr.skip()
            yield gr.Textbox(submit_btn="Ask", stop_btn=False), gr.skip(), gr.skip()

        def ask_example(earlier: Conversation, chosen: gr.SelectData) -> Iterator[tuple[object, ...]]:
            yield from ask(chosen.value["text"], earlier)

        def stop(so_far: Conversation) -> tuple[object, ...]:
            stopped = stop_last(so_far)
            return gr.Textbox(submit_btn="Ask", stop_btn=False), messages(stopped), stopped

        def clear() -> tuple[object, ...]:
            return gr.Textbox("", submit_btn="Ask", stop_btn=False), [], (), ""

        def open_article(so_far: Conversation, clicked: gr.EventData) -> str:
            return opened(assistant.index, so_far, clicked.opens)

        typed = box.submit(ask, [box, conversation], shown, show_progress="hidden", api_visibility="private")
        picked = chat.example_select(ask_example, conversation, shown, show_progress="hidden", api_visibility="private")
        box.stop(stop, conversation, shown, cancels=[typed, picked], show_progress="hidden", api_visibility="private")
        gr.on(
            [again.click, chat.clear],
            clear,
            outputs=[*shown, side],
            cancels=[typed, picked],
            show_progress="hidden",
            api_visibility="private",
        )
        side.click(open_article, conversation, side, show_progress="hidden", api_visibility="private")
    blocks.queue(default_concurrency_limit=QUESTIONS_AT_ONCE, api_open=False)
    return blocks


def mount(app: FastAPI, assistant: Assistant, examples: Sequence[str] = (), root_path: str = "") -> None:
    """Put the page at the root of an application; what Gradio would send to others, keep or take in is off."""
    gr.mount_gradio_app(
        app,
        page(assistant, examples),
        path="",
        root_path=root_path,
        theme=theme(),
        css=CSS,
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
) -> Served:
    """Serve the page, until interrupted or, unless `block`, in the background.

    Args:
        assistant: Answers the questions.
        host, port: Where to listen; port 0 is any free one.
        root_path: The path under which a proxy shows the page.
        examples: Questions offered while the conversation is empty.
        block: Whether to wait until interrupted.

    Raises:
        WhenceError: nothing can listen there.
    """
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        raise WhenceError(f"Cannot listen on port {port} of {host}: {error}. Choose another with `--port`.") from error
    app = FastAPI(openapi_url=None)
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

OPENS_AND_CLOSES = """
let opener = null;
const close = () => { props.value = ''; opener?.focus(); };
document.addEventListener('click', event => {
  const clicked = event.target.closest('.opens');
  if (clicked) { opener = clicked; trigger('click', { opens: clicked.value }); }
  if (event.target.closest('.closes')) close();
  if (event.target.closest('#again, #box .stop-button')) document.querySelector('#box textarea').focus();
});
document.addEventListener('keydown', event => { if (event.key === 'Escape' && props.value) close(); });
watch('value', () => {
  element.querySelector('.article')?.focus({ preventScroll: true });
  element.querySelector('mark.quoted')?.scrollIntoView({ block: 'center' });
});
let asked = 0;
new MutationObserver(() => {
  // Gradio names each message by its whole HTML, which a screen reader would read out.
  document.querySelectorAll('#chat [data-testid][aria-label]').forEach(said => said.removeAttribute('aria-label'));
  const questions = document.querySelectorAll('#chat .asked');
  if (questions.length > asked) questions[questions.length - 1].scrollIntoView();
  asked = questions.length;
}).observe(document.body, { childList: true, subtree: true });
"""
"""A marker or card sends which citation to open; articles scroll to their quote, the chat to its newest question."""

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


CSS = """
:root {
  --surface: #fffefb; --ink: #1f1c18; --soft: #6a645a; --line: #e4dfd4; --accent: #9a3412; --tint: #f6ebe2;
  --quoted: #fde9a6; --also: #f6f0dc; --alarm: #b42318; --serif: Georgia, 'Times New Roman', serif;
}
.dark {
  --surface: #1e1d1a; --ink: #ebe6dd; --soft: #a69f92; --line: #37342e; --accent: #eda482; --tint: #35271f;
  --quoted: #6d5614; --also: #38331f; --alarm: #f28b82;
}
.gradio-container, .dark .gradio-container {
  --block-background-fill: transparent; --block-border-width: 0px; --border-color-primary: var(--line);
  --color-accent: var(--accent); --body-text-color-subdued: var(--soft);
  --input-background-fill: transparent; --input-border-width: 0px; --input-placeholder-color: var(--soft);
  color: var(--ink); height: 100dvh; overflow: hidden;
}
.gradio-container .main.fillable { padding: 0; max-width: none; height: 100%; }
.gradio-container :is(.wrap, main.contain), main.contain > .column { height: 100%; min-height: 0 !important; gap: 0; }
.gradio-container :is(button, a, textarea, .article):focus-visible { outline: 2px solid var(--accent);
  outline-offset: 2px; }

#top .html-container { padding: 0; }
#top { flex: none; flex-wrap: nowrap; align-items: center; padding: .7rem 1.25rem;
  border-bottom: 1px solid var(--line); }
.masthead { display: flex; align-items: baseline; flex-wrap: wrap; gap: 0 .9rem; }
.masthead .name { font: 700 1.5rem/1.3 var(--serif); letter-spacing: -.01em; color: var(--ink); }
.masthead .held { font-size: .85rem; color: var(--soft); }
#again { min-width: max-content; padding: .35rem .8rem; border: 1px solid var(--line); border-radius: 7px;
  background: transparent; color: var(--soft); font-weight: 500; box-shadow: none; }
#again:hover { color: var(--ink); border-color: var(--soft); }

#desk { flex: 1; min-height: 0; flex-wrap: nowrap; align-items: stretch; gap: 0; }
#talk { flex: 1 1 0; max-width: 50rem; height: 100%; margin: 0 auto; padding: 0 1.25rem 1.1rem; gap: .8rem;
  flex-wrap: nowrap; }
#chat { flex: 1; min-height: 0; height: auto !important; border: 0; border-radius: 0; }
#chat :is(.icon-button-wrapper, .scroll-down-button-container) { display: none; }
#chat .panel-wrap { height: 100%; padding: 0; }
#chat .message-wrap { padding: 0; gap: 0; }
#chat .message-wrap > .bot-row:last-child { min-height: calc(100dvh - 13rem); }
#chat .message-row { padding: 0; border: 0; background: none; }
#chat .message-row :is(.message, .flex-wrap) { padding: 0; margin: 0; border: 0; background: none; width: 100%;
  max-width: none; }
#chat .md { font-size: 1rem; line-height: 1.6; color: var(--ink); opacity: 1; }
#chat .placeholder-content { justify-content: center; height: 100%; gap: 1.6rem; }
#chat .placeholder { flex: none; height: auto; align-items: center; }
#chat .welcome { text-align: center; max-width: 34rem; padding: 0 1rem; color: var(--soft); }
#chat .invitation { font: 400 1.85rem/1.3 var(--serif); color: var(--ink); padding-bottom: .6rem; }
#chat .examples { display: flex; flex-wrap: wrap; justify-content: center; gap: .5rem; margin: 0 auto; padding: 0;
  max-width: 40rem; }
#chat .example { width: auto; min-width: 0; padding: .5rem .9rem; border: 1px solid var(--line); border-radius: 999px;
  background: var(--surface); color: var(--ink); }
#chat .example:hover { border-color: var(--accent); color: var(--accent); transform: none; box-shadow: none; }
#chat .example-text { font-size: .9rem; color: inherit; }

#box { flex: none; padding: .35rem .4rem .35rem .9rem; border: 1px solid var(--line) !important; border-radius: 12px;
  background: var(--surface); }
#box:focus-within { border-color: var(--accent) !important; }
#box textarea { padding-left: 0; font-size: 1rem; outline: none; box-shadow: none; }
#box :is(.submit-button, .stop-button) { align-self: end; min-width: max-content; height: auto; padding: .3rem .9rem;
  border-radius: 8px;
  background: var(--accent); color: var(--surface); font-weight: 600; }

.asked { padding: 1.4rem 0 .6rem; font: 400 1.4rem/1.35 var(--serif); white-space: pre-line; overflow-wrap: anywhere;
  scroll-margin-top: -1px; }
.bot-row + .user-row .asked { margin-top: 1.6rem; border-top: 1px solid var(--line); }
.told { overflow-wrap: anywhere; }
.told .label { font-size: .78rem; font-weight: 600; letter-spacing: .05em; text-transform: uppercase;
  color: var(--soft); }
.told .notice { margin-top: .7rem; font-size: .875rem; color: var(--soft); }
.told .heading { margin: 1.2rem 0 .5rem; font-size: .82rem; font-weight: 600; color: var(--soft); }
.refusal > :is(.label, .said) { padding-left: .9rem; border-left: 3px solid var(--soft); }
.refusal > .said { font-style: italic; }
.failure { padding: .7rem .9rem; border: 1px solid var(--alarm); border-radius: 8px; }
.failure .label { color: var(--alarm); }
.remark { color: var(--soft); }
.gradio-container .marker { margin-left: .15em; padding: 0 .3em; border-radius: 4px; background: var(--tint);
  color: var(--accent);
  font-size: .78em; font-weight: 600; line-height: 1.5; vertical-align: .12em; cursor: pointer; }
.gradio-container .marker:hover { background: var(--accent); color: var(--surface); }

.cards { display: grid; gap: .7rem; }
.card { position: relative; padding: .85rem 1rem .8rem; border: 1px solid var(--line); border-radius: 10px;
  background: var(--surface); }
.card:hover { border-color: var(--accent); }
.where, .notes { font-size: .82rem; line-height: 1.45; color: var(--soft); }
.where .number { display: inline-block; min-width: 1.45em; margin-right: .35em; border-radius: 4px;
  background: var(--tint);
  color: var(--accent); font-weight: 600; text-align: center; }
.card .headline { display: block; width: 100%; margin: .3rem 0 .35rem; text-align: left; font-weight: 600;
  line-height: 1.35;
  color: var(--ink); cursor: pointer; }
.card .headline::after { content: ''; position: absolute; inset: 0; border-radius: 10px; }
#chat .card blockquote { margin: 0 !important; padding: 0; border: 0; font: 400 1rem/1.55 var(--serif);
  color: var(--ink);
  white-space: pre-line; }
.card .notes:not(:empty) { margin-top: .5rem; }
.gradio-container :is(#chat .card, .article) a { position: relative; color: var(--accent); text-decoration: underline; }
.refusal .card { background: none; border-style: dashed; }
.refusal .number { background: none; color: var(--soft); }

#side { flex: 1 1 0; min-width: 0; height: 100%; overflow: auto !important;
  border-left: 1px solid var(--line) !important;
  background: var(--surface); border-radius: 0; }
#side:not(:has(.article)) { display: none; }
.article { max-width: 44rem; margin: 0 auto; padding: 1.6rem 2rem 4rem; outline: none !important;
  overflow-wrap: anywhere; }
.article .closes { float: right; margin: -.2rem 0 .5rem 1rem; padding: .3rem .75rem; border: 1px solid var(--line);
  border-radius: 7px;
  background: var(--surface); color: var(--soft); font-size: .85rem; cursor: pointer; }
.article .closes:hover { color: var(--ink); border-color: var(--soft); }
.article .headline { margin: .45rem 0 .4rem; font: 700 1.55rem/1.25 var(--serif); }
.article .text { margin-top: 1.3rem; font: 400 1.06rem/1.7 var(--serif); white-space: pre-wrap; }
.article mark { color: inherit; border-radius: 2px; background: var(--also); box-decoration-break: clone; }
.article mark.quoted { background: var(--quoted); }
.article .aside { color: var(--soft); opacity: .75; }
.article .note { border-left: 3px solid var(--accent); padding-left: .6rem; font-style: italic; }

@media (max-width: 900px) {
  #top { padding: .5rem 1rem; }
  .masthead { flex-direction: column; gap: 0; }
  .masthead .held { font-size: .78rem; }
  #talk { padding: 0 1rem .8rem; }
  #side { position: fixed; inset: 0; z-index: 100; height: 100dvh; border: 0 !important; }
  .article { padding: 1rem 1.1rem 4rem; }
  .article .closes { position: sticky; top: .8rem; }
}
"""
