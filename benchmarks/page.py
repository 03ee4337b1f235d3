"""How quick the page is, in a headless Chromium over the sample collection, without a language model.

From Enter to the first sentence painted and to the whole answer, for questions in conversations of their own; the same
at the beginning and at the end of one long conversation, with how long a typed letter takes there and a frame while it
is scrolled; how long the page takes to open, and an article of a megabyte at its quote. Every question is asked of the
assistant once to warm up.

python benchmarks/page.py [--exchanges 60]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

import ui
from assistant import Assistant
from assistant.sample import add_sample, example_questions
from index import Index

QUESTIONS = (
    *example_questions(),
    "Who said that sixty paratroopers refused to return?",
    "How many rounds did the 252nd have each?",
    "What did the mothers of Svatove count?",
    "When did the relatives march?",
    "What did the Skerry Daily report about the Pskov garrison?",
    "Who won the chess tournament in Reykjavik?",
    "What is known about looting?",
    "How many outlets are in the collection?",
    "What was found in the cake tin?",
    "Who was sent to the court-martial in Pskov?",
    "What can the law do to a soldier who says no?",
    "How did the news of the Kharkiv revolt spread?",
)

LONG = {
    "id": "minutes",
    "title": "The minutes of the harbour board",
    "outlet": "Estuary Notes",
    "text": "The board met and nothing was decided on the matter of the quay. " * 15_500
    + "The heron Archibald was elected mayor.",
}

WATCH = """
(() => {
  const told = document.getElementsByClassName('told'), asked = document.getElementsByClassName('asked');
  let before = 0, began = 0, first = 0, painted = null;
  document.addEventListener('keydown', event => {
    if (event.key !== 'Enter') return;
    before = asked.length; began = performance.now(); first = 0; window.watched = null;
  }, true);
  const frame = () => {
    if (painted) painted();
    painted = null;
    const last = told[told.length - 1];
    if (began && asked.length > before && last) {
      const whole = last.matches('.answer, .refusal, .failure'), some = whole || last.matches('.growing');
      if (some) painted = () => {
        const now = performance.now() - began;
        first ||= now;
        if (whole) { window.watched = [first, now]; began = 0; }
      };
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})();
"""
"""Notes, for each Enter, after how many milliseconds the first sentence and the whole answer were painted."""

TYPED = """
() => new Promise(done => {
  document.querySelector('#box textarea').addEventListener('input', event => {
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - event.timeStamp)));
  }, { once: true });
  window.listening = true;
})
"""

SCROLLED = """
() => new Promise(done => {
  const frames = [];
  let pane = document.querySelector('#chat .asked');
  while (pane.scrollHeight <= pane.clientHeight || getComputedStyle(pane).overflowY === 'visible')
    pane = pane.parentElement;
  let last = performance.now();
  pane.scrollTop = 0;
  const frame = now => {
    frames.push(now - last);
    last = now;
    pane.scrollTop += pane.scrollHeight / 60;
    if (frames.length < 60) requestAnimationFrame(frame); else done(frames.slice(1));
  };
  requestAnimationFrame(frame);
})
"""


def entered(browser: Browser, url: str) -> Page:
    """The page in a browser of its own."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    expect(page.locator("#box textarea")).to_be_focused(timeout=60_000)
    return page


def asked(page: Page, question: str) -> tuple[float, float]:
    """Milliseconds from Enter to the first sentence and to the whole answer."""
    box = page.locator("#box textarea")
    box.fill(question)
    box.press("Enter")
    page.wait_for_function("window.watched", timeout=60_000)
    expect(page.locator("#box .submit-button")).to_be_visible(timeout=60_000)
    first, whole = page.evaluate("window.watched")
    return first, whole


def typed(page: Page) -> list[float]:
    """Milliseconds from a letter to the next frame but one, for some letters."""
    taken: list[float] = []
    for _ in range(20):
        page.evaluate("() => { window.listening = false; }")
        page.evaluate(f"() => {{ window.letter = ({TYPED})(); }}")
        page.locator("#box textarea").press("a")
        taken.append(page.evaluate("window.letter"))
    page.locator("#box textarea").fill("")
    return taken


def opened(page: Page) -> float:
    """Milliseconds from the click on a card to its quote in sight."""
    began = time.perf_counter()
    page.locator(".card .opens").first.click()
    expect(page.locator("#side mark.quoted").last).to_be_in_viewport(timeout=60_000)
    return 1000 * (time.perf_counter() - began)


def loaded(browser: Browser, url: str) -> float:
    """Milliseconds until the page can be typed into, by someone who never was there."""
    began = time.perf_counter()
    entered(browser, url).context.close()
    return 1000 * (time.perf_counter() - began)


def told(what: str, taken: Sequence[float]) -> None:
    """A line of figures."""
    fifth = statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    print(f"{what:<58} p50 {statistics.median(taken):6.0f} ms   p95 {fifth:6.0f} ms   n={len(taken)}", flush=True)


def measure(browser: Browser, url: str, exchanges: int) -> None:
    """Everything but the long article."""
    told("the page opens", [loaded(browser, url) for _ in range(5)])
    single: list[tuple[float, float]] = []
    page = entered(browser, url)
    for question in QUESTIONS:
        single.append(asked(page, question))
        page.locator("#again").click()
        expect(page.locator(".asked")).to_have_count(0)
    told("Enter to the first sentence", [first for first, _ in single])
    told("Enter to the whole answer", [whole for _, whole in single])
    page.context.close()

    page = entered(browser, url)
    long = [asked(page, QUESTIONS[number % len(QUESTIONS)]) for number in range(exchanges)]
    part = max(2, min(20, exchanges // 2))
    for name, some in (("the first", long[:part]), ("the last", long[-part:])):
        told(f"{name} {part} of {exchanges} exchanges: first sentence", [first for first, _ in some])
        told(f"{name} {part} of {exchanges} exchanges: whole answer", [whole for _, whole in some])
    told("  a letter typed there", typed(page))
    frames: list[float] = page.evaluate(SCROLLED)
    told("  a frame while it is scrolled through", frames)
    page.context.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exchanges", type=int, default=60, help="of the long conversation (60)")
    options = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    launch: dict[str, Any] = {"executable_path": chromium, "args": ["--no-sandbox"]}
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "news") as news:
        add_sample(news)
        assistant = Assistant(news)
        for question in QUESTIONS:
            assistant.ask(question)
        served = ui.serve(assistant, port=0, examples=example_questions(), block=False)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launch)
            measure(browser, served.url, options.exchanges)
            (Path(folder) / "long.jsonl").write_text(json.dumps(LONG))
            news.add([Path(folder) / "long.jsonl"])
            page = entered(browser, served.url)
            asked(page, "Who was elected mayor, the heron Archibald?")
            told("an article of a megabyte opens at its quote", [opened(page)])
            browser.close()
        served.close()


if __name__ == "__main__":
    main()
