"""`whence eval`: what it prints and writes, how it ends, and the page in a browser."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from outcomes import hundred, outcome, results
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.cli import main
from assistant.evaluation import Results, compare, load_suite
from assistant.evaluation.junit import write_junit
from assistant.evaluation.measures import MEASURES
from assistant.evaluation.page import render
from assistant.evaluation.results import LeftOut

ROOT = Path(__file__).parents[1]
FERRY = "Divers found a crack of 14 centimetres in the hull of the ferry Marigold at Salt Quay."
ARTICLE = {
    "id": "ferry", "outlet": "The Harbour Gazette", "published": "2021-03-04", "title": "Ferry held at Salt Quay",
    "text": f"{FERRY} She stays in port until the crack is welded.",
}  # fmt: skip
CASES = (
    {"id": "crack", "question": "How long is the crack in the hull of the Marigold?", "type": "number",
     "answer": "14", "evidence": [{"article": "ferry", "quote": FERRY}]},
    {"id": "chess", "question": "Which violinist won the chess tournament in Vienna?", "type": "none", "answer": None},
)  # fmt: skip

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("eval", "suite.jsonl")` -> exit code, stdout, stderr, over a collection of one article."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHENCE_INDEX", str(tmp_path / "news"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["whence", *words])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    Path("articles.jsonl").write_text(json.dumps(ARTICLE) + "\n", encoding="utf-8")
    Path("suite.jsonl").write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    call("add", "articles.jsonl")
    return call


def test_a_run_prints_its_scores_and_writes_what_was_wished(run: Run) -> None:
    code, out, _ = run("eval", "suite.jsonl", "--save", "run.json", "--html", "run.html", "--junit", "run.xml")
    assert code == 0
    assert re.search(r"^right +1\.000 +\[1\.000, 1\.000\] +2$", out, re.MULTILINE)
    assert re.search(r"^spans +1\.000", out, re.MULTILINE)
    assert Results.load("run.json").on.suites[0].name == "suite.jsonl"
    assert Path("run.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert ElementTree.parse("run.xml").getroot().find("testsuite/testcase[@name='crack']") is not None


def test_a_run_compared_with_the_one_before_finds_no_difference(run: Run) -> None:
    run("eval", "suite.jsonl", "--save", "run.json")
    code, out, err = run("eval", "suite.jsonl", "--compare", "run.json")
    assert (code, "No difference found over 2 cases" in err, "worse" in out) == (0, True, False)


@pytest.mark.parametrize(
    ("demand", "code", "told"),
    [("right=0.9", 0, ""), ("f1=0.999", 1, "f1: "), ("origin=0.5", 1, "origin: no case has it; 0.5 was demanded")],
)
def test_a_figure_under_what_is_demanded_ends_with_1(run: Run, demand: str, code: int, told: str) -> None:
    ended, _, err = run("eval", "suite.jsonl", "--fail-under", demand)
    assert (ended, told in err) == (code, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("eval",), "No suite was named."),
        (("eval", "suite.jsonl", "--fail-under", "wit=0.5"), "found no score 'wit'; expected one of right, "),
        (("eval", "suite.jsonl", "--fail-under", "right=most"), "found 'most'; expected a number"),
        (("eval", "suite.jsonl", "--fail-under", "seconds-p95=1"), "more of seconds-p95 is not better"),
        (("eval", "suite.jsonl", "--html", "none/run.html"), "none/run.html: its folder is not there"),
        (("eval", "suite.jsonl", "--compare", "articles.jsonl"), "articles.jsonl: found no results ("),
        (("eval", "suite.jsonl", "--judge"), "--judge: no model is configured"),
        (("eval", "suite.jsonl", "--price", "cheap"), "--price cheap: expected what a million tokens cost"),
        (("eval", "suite.jsonl", "--build"), "--build: the suites bring no texts along"),
    ],
)
def test_wrong_usage_is_told_before_anything_runs(run: Run, words: tuple[str, ...], told: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert told in err


def test_cases_that_are_left_out_are_named(run: Run) -> None:
    with Path("suite.jsonl").open("a") as file:
        file.write(json.dumps(CASES[0] | {"id": "gone", "evidence": [{"article": "barge", "quote": "x"}]}) + "\n")
    code, _, err = run("eval", "suite.jsonl")
    assert (code, "left out: suite.jsonl: gone: its article 'barge' is not in the collection" in err) == (0, True)


def test_new_writes_a_suite_that_runs_and_overwrites_none(run: Run) -> None:
    assert run("eval", "--new", "mine.yaml")[:2] == (0, "2 cases written to mine.yaml\n")
    first, last = load_suite("mine.yaml")
    assert (first.answer, first.evidence[0].article, last.answer) == ("The Harbour Gazette", "ferry", None)
    assert run("eval", "mine.yaml")[0] == 0
    code, _, err = run("eval", "--new", "mine.yaml")
    assert (code, "mine.yaml exists" in err) == (1, True)


def test_build_makes_squads_paragraphs_the_collection(run: Run) -> None:
    context = "Norwood Mill burnt in 1911. It was rebuilt by Ada Lund."
    answer = {"text": "Ada Lund", "answer_start": 46}
    question = {"id": "s1", "question": "Who rebuilt Norwood Mill?", "answers": [answer]}
    document = {"data": [{"title": "Mill", "paragraphs": [{"context": context, "qas": [question]}]}]}
    Path("squad.json").write_text(json.dumps(document))
    code, _, err = run("eval", "squad.json", "--index", "mills")
    assert (code, "no collection at mills" in err) == (1, True)
    code, out, _ = run("eval", "squad.json", "--index", "mills", "--build", "--json")
    (done,) = json.loads(out)["outcomes"]
    assert (code, done["case"]["evidence"][0]["article"], done["values"]["found@1"]) == (0, "Mill/0", 1.0)


def test_as_json_the_results_are_printed_as_they_are_saved(run: Run) -> None:
    out = run("eval", "suite.jsonl", "--json", "--save", "run.json")[1]
    assert json.loads(out) == json.loads(Path("run.json").read_text(encoding="utf-8"))


def test_junit_tells_failures_left_out_cases_and_demands(tmp_path: Path) -> None:
    run = results([outcome(1), outcome(2, right=False)], [LeftOut("bridge.jsonl", "gone", "no \x00 article")])
    write_junit(run, ["right: 0.5 is under 0.9"], tmp_path / "run.xml")
    root = ElementTree.parse(tmp_path / "run.xml").getroot()
    bridge, demands = root.findall("testsuite")
    assert (bridge.get("tests"), bridge.get("failures"), bridge.get("skipped")) == ("3", "1", "1")
    failures = [failure.get("message") for failure in root.iter("failure")]
    assert failures == ["It does not say the gold answer.", "right: 0.5 is under 0.9"]
    assert [s.get("message") for s in root.iter("skipped")] == ["no \N{REPLACEMENT CHARACTER} article"]
    assert demands.get("name") == "demands"


def test_every_score_is_explained_in_the_documentation() -> None:
    told = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert [measure.name for measure in MEASURES if f"`{measure.name}`" not in told] == []


# -- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page; at its end, nothing went wrong in it and nothing was asked of any network."""
    page = browser.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    page.close()
    assert wrong == []
    assert all(url.startswith(("file:", "data:")) for url in asked)


def opened(page: Page, folder: Path, html: str) -> Page:
    (folder / "run.html").write_text(html, encoding="utf-8")
    page.goto((folder / "run.html").as_uri())
    return page


@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_shows_the_worst_case_first_and_fits_its_window(page: Page, tmp_path: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, tmp_path, render(results([outcome(1), outcome(2, right=False, said="On Friday."), outcome(3)])))
    expect(page.locator(".case").first).to_contain_text("When was bridge 2 closed?")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_case_shows_gold_answer_reason_and_its_citation_highlighted(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, render(results([outcome(2, right=False, said="On Friday.")])))
    case = page.locator(".case").first
    case.locator("> summary").click()
    for text in ("Monday", "On Friday.", "It does not say the gold answer.", "bridge.jsonl"):
        expect(page.locator("body")).to_contain_text(text)
    assert case.locator(".citation mark").inner_text() == "The council closed the bridge on Monday."
    case.locator("a.marker").click()
    expect(case.locator(".citation.aimed")).to_have_count(1)


def test_cases_are_filtered_by_what_became_of_them_and_by_words(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, render(hundred()))
    expect(page.locator("#count")).to_have_text("100 cases")
    expect(page.locator(".case:visible")).to_have_count(40)
    page.locator("select[name=cause]").select_option("wrong")
    expect(page.locator("#count")).to_have_text("25 of 100 cases")
    page.get_by_label("Find").fill("bridge 44 ")
    expect(page.locator(".case:visible")).to_have_count(1)


def test_a_comparison_names_the_cases_lost_and_shows_both_answers(page: Page, tmp_path: Path) -> None:
    now, earlier = hundred(lost=(1, 21, 41, 61, 81)), hundred()
    opened(page, tmp_path, render(now, compare(now, earlier)))
    expect(page.locator(".compared .verdict")).to_contain_text("5 scores worse, 0 better")
    assert page.locator(".flips .chip.bad").all_inner_texts() == ["q1", "q21", "q41", "q61", "q81"]
    page.locator("select[name=cause]").select_option("flipped")
    expect(page.locator(".case:visible")).to_have_count(5)
    page.locator(".case:visible > summary").first.click()
    expect(page.locator(".case[open] .beside .reply")).to_have_count(2)


def test_nothing_in_an_article_or_answer_becomes_markup_or_a_link(page: Page, tmp_path: Path) -> None:
    one = outcome(2, right=False, said='<img src=x onerror=alert(1)> </script><script>alert(2)</script> "quoted"')
    quotation = replace(
        one.reply.citations[0], url="javascript:alert(3)", title="<b>Bold</b>", outlet='"><script>alert(4)</script>'
    )
    case = replace(one.case, question="<script>alert(5)</script>", id="<i>q</i>")
    one = replace(one, case=case, reply=replace(one.reply, citations=(quotation,)))
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    opened(page, tmp_path, render(results([one])))
    assert page.locator("main :is(script, img, b:text('Bold'), a[href^='javascript'])").count() == 0
    expect(page.locator(".case .question")).to_have_text("<script>alert(5)</script>")
