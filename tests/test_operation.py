"""What whoever runs the service relies on: logs, figures, origins, several collections, an end that cuts nobody off."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from serving import collection, serving
from starlette.testclient import TestClient

import ui
from assistant import Assistant, api
from assistant.api import application
from assistant.ledger import FILE, Ledger
from assistant.records import Checked
from assistant.service.port import Port, Served, together
from assistant.service.rules import Rules

QUESTION = "Who said the repairs would take 9 weeks?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with collection(tmp_path_factory.mktemp("operation")) as one:
        yield one


@pytest.fixture
def client(assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(application(assistant), base_url="http://127.0.0.1") as one:
        yield one


# -- requests by id --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "kept"), [("proxy-7.a", True), ("", False), ("x" * 65, False), ("a b", False), ('"}{"', False)]
)
def test_a_request_keeps_the_id_it_comes_with_or_gets_one(client: TestClient, sent: str, kept: bool) -> None:
    told = client.get("/healthz", headers={"X-Request-Id": sent}).headers["x-request-id"]
    assert (told == sent) is kept
    assert re.fullmatch(r"[\w.-]{1,64}", told)


def test_a_mistake_of_the_program_has_an_id_by_which_its_log_is_found(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = application(assistant)
    monkeypatch.setattr(assistant, "check", lambda text: 1 / 0)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        told = client.post("/api/check", json={"text": "x"}, headers={"X-Request-Id": "seven"})
    assert (told.status_code, told.headers["x-request-id"]) == (500, "seven")


# -- figures ---------------------------------------------------------------------------------------------------------


def test_figures_tell_of_requests_answers_articles_and_jobs_and_of_no_question(client: TestClient) -> None:
    client.post("/api/ask", json={"question": QUESTION})
    client.post("/api/ask", json={"question": "zzz qqq?"})
    client.get("/api/articles/light-1")
    client.request("BREW", "/api/ask")
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = set(told.text.splitlines())
    assert {
        'whence_requests_total{method="POST",route="/api/ask",status="200"} 2.0',
        'whence_requests_total{method="GET",route="/api/articles/{id:path}",status="200"} 1.0',
        'whence_request_seconds_count{route="/api/articles/{id:path}"} 1.0',
        'whence_answers_total{outcome="given"} 1.0',
        'whence_answers_total{outcome="not-stated"} 1.0',
        "whence_articles 3.0",
        "whence_jobs_waiting 0.0",
        "whence_requests_running 1.0",
    } <= lines, sorted(lines)
    assert "BREW" not in told.text
    assert "repairs" not in told.text and "light-1" not in told.text


def test_figures_need_a_token_where_everything_does(assistant: Assistant) -> None:
    secret = Ledger(assistant.index.path / FILE).create("prometheus")
    client = TestClient(application(assistant, rules=Rules(tokens=True)), base_url="http://127.0.0.1")
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


# -- other origins ---------------------------------------------------------------------------------------------------


def test_pages_of_listed_origins_may_ask_and_others_may_not(assistant: Assistant) -> None:
    listed, other = "https://tools.example", "https://evil.example"
    client = TestClient(application(assistant, rules=Rules(origins=(listed,))), base_url="http://127.0.0.1")
    before = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    for origin, allowed in ((listed, listed), (other, None)):
        asked = client.options("/api/ask", headers={"Origin": origin, **before})
        answered = client.get("/api/status", headers={"Origin": origin})
        assert asked.headers.get("access-control-allow-origin") == allowed
        assert answered.headers.get("access-control-allow-origin") == allowed


def test_without_a_list_no_other_origin_may_ask(client: TestClient) -> None:
    told = client.get("/api/status", headers={"Origin": "https://tools.example"})
    assert "access-control-allow-origin" not in told.headers


def test_nor_may_it_ask_the_page(assistant: Assistant) -> None:
    served = ui.serve(assistant, port=0, block=False, rules=Rules(hosts=("papers.example",)))
    try:
        sent = {"Origin": "https://evil.example", "Host": "papers.example"}
        told = httpx.get(f"{served.url}config", headers=sent, timeout=30)
        assert told.status_code == 200
        assert "access-control-allow-origin" not in told.headers
    finally:
        served.close()


# -- many at once ----------------------------------------------------------------------------------------------------


def test_no_more_is_worked_on_at_once_than_the_processor_bears(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    many, told, all_in = api.ANSWERS_AT_ONCE + 6, assistant.check("nine weeks"), threading.Event()
    running: set[int] = set()
    most: list[int] = []

    def checked(_: str) -> Checked:
        running.add(threading.get_ident())
        most.append(len(running))
        assert all_in.wait(20)
        running.discard(threading.get_ident())
        return told

    monkeypatch.setattr(assistant, "check", checked)
    with serving(application(assistant)) as url, ThreadPoolExecutor(many) as users:
        asked = [users.submit(httpx.post, f"{url}/api/check", json={"text": "x"}, timeout=60) for _ in range(many)]
        while len(most) < api.ANSWERS_AT_ONCE:
            assert httpx.get(f"{url}/healthz", timeout=20).status_code == 200
        all_in.set()
        assert {one.result().status_code for one in asked} == {200}
    assert max(most) == api.ANSWERS_AT_ONCE


# -- several collections ---------------------------------------------------------------------------------------------


def test_several_collections_stand_side_by_side_each_with_its_own_tokens(assistant: Assistant, tmp_path: Path) -> None:
    with collection(tmp_path) as press:
        press.index.remove(["undated-3"])
        ours, theirs = (
            {"Authorization": f"Bearer {Ledger(one.index.path / FILE).create('team')}"} for one in (assistant, press)
        )
        served = ui.serve(assistant, port=0, block=False, rules=Rules(tokens=True), others={"press": press})
        try:
            with httpx.Client(base_url=served.url, timeout=30) as client:
                assert client.get("/api/status", headers=ours).json()["articles"] == 3
                assert client.get("/c/press/api/status", headers=theirs).json()["articles"] == 2
                assert client.get("/c/press/api/status", headers=ours).status_code == 401
                assert client.get("/api/status", headers=theirs).status_code == 401
                assert client.get("/c/press/nowhere", headers=ours).status_code == 401
                assert client.get("/c/press/readyz").json() == {"status": "ready"}
                assert client.get("/c/press?x=1").headers["location"] == "press/?x=1"
                page = client.get("/c/press/", headers=theirs)
                assert "text/html" in page.headers["content-type"]
                assert f"{served.url}c/press" in page.text
                asked = {"messages": [{"role": "user", "content": "Which ferries carry the cars of Millport?"}]}
                told = client.post("/c/press/v1/chat/completions", json=asked, headers=theirs).json()
                assert "/c/press/api/articles/notes%2F2" in json.dumps(told)
                assert client.get("/c/press/v1/nowhere", headers=theirs).json()["error"]["code"] == "not-found"
                begun = client.post("/c/press/api/uploads/a.txt", content=b"A crow sat there.", headers={
                    "Authorization": f"Bearer {Ledger(press.index.path / FILE).create('importer', 'write')}"
                })  # fmt: skip
                assert begun.headers["location"].startswith("/c/press/api/jobs/")
                done = client.get(begun.headers["location"], params={"wait": 20}, headers=theirs).json()
                assert done["outcome"]["added"] == 1
        finally:
            served.close()


@pytest.mark.parametrize("base", ["/papers", "/papers/c/press"])
def test_behind_a_proxy_that_takes_its_prefix_off_every_door_names_paths_with_it(
    assistant: Assistant, base: str
) -> None:
    served = ui.serve(assistant, port=0, root_path="/papers", block=False, others={"press": assistant})
    below = base.removeprefix("/papers")
    try:
        with httpx.Client(base_url=f"{served.url[:-1]}{below}", timeout=30) as client:
            page = client.get("/")
            assert (page.status_code, f"{served.url[:-1]}{base}" in page.text) == (200, True)
            assert f"{base}/api/openapi.json" in client.get("/api/docs").text
            assert client.get("/api/openapi.json").json()["servers"] == [{"url": base}]
            assert client.post("/api/search", json={"query": "bridge"}).json()["hits"]
            asked = {"messages": [{"role": "user", "content": "Which ferries carry the cars of Millport?"}]}
            assert f"{base}/api/articles/notes%2F2" in client.post("/v1/chat/completions", json=asked).text
            listed = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
            accepts = {"Accept": "application/json, text/event-stream"}
            assert len(client.post("/mcp", json=listed, headers=accepts).json()["result"]["tools"]) == 5
            assert client.get("/article/light-1").status_code == 200
    finally:
        served.close()


# -- the beginning ---------------------------------------------------------------------------------------------------


def test_questions_are_answered_while_the_page_is_still_being_made(assistant: Assistant) -> None:
    made = threading.Event()

    def pages() -> dict[str, FastAPI]:
        assert made.wait(20)
        page = FastAPI()
        page.add_api_route("/", lambda: "the page")
        return {"": page}

    served = api.serve(api.placed(assistant), port=0, pages=pages)
    try:
        with httpx.Client(base_url=served.url, timeout=30) as client:
            seen: list[httpx.Response] = []
            visiting = threading.Thread(target=lambda: seen.append(client.get("/")))
            visiting.start()
            assert client.get("/readyz").json() == {"status": "ready"}
            assert client.post("/api/ask", json={"question": QUESTION}).json()["short"] == "Ines Calder"
            assert seen == []
            made.set()
            visiting.join(20)
            assert seen[0].json() == "the page"
    finally:
        made.set()
        served.close()


def test_a_page_that_cannot_be_made_is_a_mistake_told_in_the_log_and_the_rest_is_served(
    assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    served = api.serve(api.placed(assistant), port=0, pages=dict)
    try:
        assert httpx.get(served.url, timeout=30).json()["code"] == "mistake"
        assert httpx.get(f"{served.url}api/status", timeout=30).json()["articles"] == 3
    finally:
        served.close()
    assert "a part of the service cannot be made" in caplog.text


# -- the end ---------------------------------------------------------------------------------------------------------


def test_the_end_waits_for_running_answers_and_lets_no_more_in() -> None:
    app, begun, finish = FastAPI(), threading.Event(), threading.Event()

    @app.get("/api/slow")
    def slow() -> str:
        begun.set()
        finish.wait(20)
        return "whole"

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    port = Port(together({"": app}))
    with serving(port) as url:
        answers: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: answers.append(httpx.get(f"{url}/api/slow", timeout=30)))
        asking.start()
        assert begun.wait(10)
        assert port.close(0.05) is False, "somebody is still being answered"
        refused = httpx.get(f"{url}/api/slow")
        assert (refused.status_code, refused.json()["code"]) == (503, "ending")
        assert httpx.get(f"{url}/readyz").status_code == 503
        finish.set()
        assert port.close(20) is True
        asking.join(10)
    assert answers[0].json() == "whole"


def test_what_is_served_is_waited_for_also_when_a_signal_ends_it() -> None:
    ended: list[str] = []

    @asynccontextmanager
    async def alive(_: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.sleep(0.3)  # as a page that is being made
        ended.append("all that was open")

    def told(*_: object) -> None:
        raise SystemExit(0)

    served = Served.start(FastAPI(lifespan=alive), "127.0.0.1", 0)
    before = signal.signal(signal.SIGUSR1, told)
    try:
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        with pytest.raises(SystemExit):
            served.wait()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert ended


def test_a_service_that_is_told_to_end_has_logged_each_request_without_the_question(tmp_path: Path) -> None:
    environment = {**os.environ, "WHENCE_INDEX": str(tmp_path / "news"), "HF_HUB_OFFLINE": "1", "WHENCE_LOG": "json"}
    command = [sys.executable, "-m", "assistant.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ui.__file__[:-6]
    ) as service:
        try:
            assert service.stdout
            url = re.findall(r"http://\S+?/(?=\s)", service.stdout.readline())[0]
            asked = {"question": "Who shut the bridge?"}
            told = httpx.post(f"{url}api/ask?key=hunter2", json=asked, headers={"X-Request-Id": "one"}, timeout=30)
            assert told.json()["refused"]
            httpx.get(f"{url}healthz")
            service.send_signal(signal.SIGTERM)
            _, logged = service.communicate(timeout=90)  # the page, if it is being made, is made first
        finally:
            service.kill()
    assert service.returncode == 0, logged
    lines = [json.loads(line) for line in logged.splitlines()]
    [request] = [line for line in lines if line["event"] == "request"]
    assert (request["method"], request["path"], request["status"], request["request"]) == (
        "POST",
        "/api/ask",
        200,
        "one",
    )
    assert request["seconds"] > 0
    assert "bridge" not in logged
    assert "hunter2" not in logged
