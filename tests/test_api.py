"""The service over HTTP: what it answers, and the one shape in which it says what went wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from jsonschema import Draft202012Validator
from serving import collection
from starlette.testclient import TestClient

import ui
from assistant import Assistant
from assistant.api import application
from assistant.service.limits import LARGEST_BODY

QUESTION = "Who said the repairs would take 9 weeks?"
BRIDGE = "The swing bridge at Millport was shut on Thursday after divers found cracks in two bearings."


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with collection(tmp_path_factory.mktemp("service")) as one:
        yield one


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(application(assistant), base_url="http://127.0.0.1") as one:
        yield one


# -- questions -------------------------------------------------------------------------------------------------------


def test_an_answer_is_the_one_that_every_door_gives(client: TestClient, assistant: Assistant) -> None:
    told = client.post("/api/ask", json={"question": QUESTION}).json()
    expected = json.loads(json.dumps(assistant.ask(QUESTION).to_dict()))
    assert {**told, "timings": {}} == {**expected, "timings": {}}
    cited = told["citations"][0]
    assert "9 weeks" in cited["quote"]
    text = client.get(f"/api/articles/{cited['article']}").json()["text"]
    assert text[cited["start"] : cited["end"]] == cited["quote"]


def test_an_answer_fits_the_schema_that_is_published(client: TestClient) -> None:
    schema = client.get("/api/schemas/answer.json").json()
    Draft202012Validator.check_schema(schema)
    for question in (QUESTION, "Who first reported the closure of the swing bridge?", "Who wrote Hamlet?", "hello"):
        Draft202012Validator(schema).validate(client.post("/api/ask", json={"question": question}).json())


def test_that_the_collection_does_not_say_is_an_answer(client: TestClient) -> None:
    told = client.post("/api/ask", json={"question": "zzz qqq?"})
    assert (told.status_code, told.json()["refused"]) == (200, True)


def test_a_stream_is_the_answers_sentences_and_then_the_answer(client: TestClient) -> None:
    sent = client.post("/api/ask", json={"question": QUESTION, "stream": True})
    assert sent.headers["content-type"] == "text/event-stream; charset=utf-8"
    events = [block.split("\ndata: ") for block in sent.text.removesuffix("\n\n").split("\n\n")]
    *sentences, (last, answer) = [(name.removeprefix("event: "), json.loads(told)) for name, told in events]
    assert {name for name, _ in sentences} == {"sentence"}
    assert last == "answer"
    assert "".join(told["text"] for _, told in sentences) == answer["text"]


def test_what_cannot_be_asked_is_told_before_a_stream_begins(client: TestClient) -> None:
    told = client.post("/api/ask", json={"question": QUESTION, "stream": True, "outlets": ["Nobody's News"]})
    assert (told.status_code, told.json()["code"]) == (422, "bad-query")


def test_a_follow_up_is_understood_from_the_history_sent_with_it(client: TestClient) -> None:
    history = [{"question": "Who is Ines Calder?", "text": "The harbour master."}]
    told = client.post("/api/ask", json={"question": "What did she say?", "history": history}).json()
    assert told["standalone"] == "What did she say? (Ines Calder)"


def test_a_search_gives_passages_and_their_articles_without_texts(client: TestClient) -> None:
    [hit] = client.post("/api/search", json={"query": "crabs", "limit": 1}).json()["hits"]
    assert hit["passage"]["text"] == "Crabs cross the mud at low tide, and nobody counts them."
    assert hit["article"]["id"] == "undated-3"
    assert "text" not in hit["article"]


def test_filters_hold(client: TestClient) -> None:
    body = {"query": "swing bridge", "outlets": ["harbour light"], "until": "2024-05-31"}
    hits = client.post("/api/search", json=body).json()["hits"]
    assert {hit["article"]["id"] for hit in hits} == {"light-1"}


def test_a_trace_and_a_check_are_what_the_assistant_gives(client: TestClient, assistant: Assistant) -> None:
    traced = client.post("/api/trace", json={"question": "swing bridge"}).json()
    assert traced == json.loads(json.dumps(assistant.trace("swing bridge").to_dict()))
    assert client.post("/api/check", json={"text": BRIDGE}).json()["verdict"] == "verbatim"


# -- articles --------------------------------------------------------------------------------------------------------


def test_articles_are_listed_page_by_page_the_earliest_first(client: TestClient) -> None:
    first = client.get("/api/articles", params={"limit": 2}).json()
    then = client.get("/api/articles", params={"limit": 2, "offset": first["next"]}).json()
    assert [one["id"] for one in first["articles"] + then["articles"]] == ["light-1", "notes/2", "undated-3"]
    assert (first["next"], then["next"]) == (2, None)
    assert "text" not in first["articles"][0]


def test_a_list_can_be_filtered(client: TestClient) -> None:
    found = client.get("/api/articles", params={"outlet": "Estuary Notes", "since": "2024-06-01"}).json()["articles"]
    assert [one["id"] for one in found] == ["notes/2"]


def test_an_id_may_hold_any_character(client: TestClient) -> None:
    assert client.get("/api/articles/notes%2F2").json()["outlet"] == "Estuary Notes"


def test_an_article_is_added_becomes_a_revision_and_goes(client: TestClient) -> None:
    article = {"id": "crow-1", "outlet": "Harbour Light", "published": "2024-07-01", "text": "A crow sat on the mast."}
    assert client.post("/api/articles", json={"articles": [article]}).json()["added"] == ["crow-1"]
    assert client.post("/api/articles", json={"articles": [article]}).json()["unchanged"] == ["crow-1"]
    changed = {**article, "text": "Two crows sat on the mast."}
    assert client.post("/api/articles", json={"articles": [changed]}).json()["updated"] == ["crow-1"]
    assert client.get("/api/articles/crow-1").json()["text"] == "Two crows sat on the mast."
    assert client.get("/api/articles/crow-1", params={"revision": 1}).json()["text"] == "A crow sat on the mast."
    assert client.post("/api/search", json={"query": "crows mast"}).json()["hits"][0]["article"]["id"] == "crow-1"
    assert client.delete("/api/articles/crow-1").status_code == 204
    assert client.delete("/api/articles/crow-1").status_code == 404


def test_an_article_without_words_is_refused_by_name(client: TestClient) -> None:
    done = client.post("/api/articles", json={"articles": [{"id": "blank", "text": " "}]}).json()
    assert done["added"] == []
    assert done["refused"][0]["reason"]


def test_the_status_counts(client: TestClient) -> None:
    assert client.get("/api/status").json()["articles"] == 3


@pytest.mark.parametrize(("path", "told"), [("/healthz", "there"), ("/readyz", "ready")])
def test_what_watches_is_told(client: TestClient, path: str, told: str) -> None:
    assert client.get(path).json() == {"status": told}


# -- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/nowhere", None, 404, "not-found"),
        ("GET", "/v1/nowhere", None, 404, "not-found"),
        ("GET", "/api/ask", None, 405, "method-not-allowed"),
        ("GET", "/mcp", None, 405, "method-not-allowed"),
        ("GET", "/api/articles/nothing", None, 404, "unknown-article"),
        ("GET", "/api/articles?limit=0", None, 422, "invalid-request"),
        ("GET", "/api/articles?outlet=None", None, 422, "bad-query"),
        ("POST", "/api/ask", '{"question": "?", "qestion": "?"}', 422, "invalid-request"),
        ("POST", "/api/ask", '{"question": ', 422, "invalid-request"),
        ("POST", "/api/ask", '{"question": "\\ud800"}', 422, "invalid-request"),
        ("POST", "/api/search", '{"query": "x", "since": "2024-06-01", "until": "2024-05-01"}', 422, "bad-query"),
        ("POST", "/v1/chat/completions", '{"messages": []}', 422, "invalid-request"),
        ("POST", "/api/check", '{"text": "' + "x" * LARGEST_BODY + '"}', 413, "too-large"),
    ],
)
def test_every_error_has_one_shape(
    client: TestClient, method: str, path: str, body: str | None, status: int, code: str
) -> None:
    told = client.request(method, path, content=body, headers={"Content-Type": "application/json"})
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert (told.status_code, problem["status"], problem["code"], problem["type"]) == (
        status,
        status,
        code,
        "about:blank",
    )
    assert problem["title"]
    assert problem["detail"]


def test_a_mistake_of_the_program_is_a_problem_too(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    app = application(assistant)
    monkeypatch.setattr(assistant, "check", lambda text: 1 / 0)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        told = client.post("/api/check", json={"text": "x"})
    assert (told.status_code, told.json()["code"]) == (500, "mistake")


def test_what_was_sent_is_not_repeated_in_a_problem(client: TestClient) -> None:
    assert "hunter2" not in client.post("/api/ask", json={"question": 7, "secret": {"a": "hunter2"}}).text


# -- documentation ---------------------------------------------------------------------------------------------------


def test_every_path_is_documented_with_its_errors(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/ask", "/api/articles/{id}", "/v1/chat/completions", "/healthz"} <= set(paths)
    for path, methods in paths.items():
        for method, told in methods.items():
            assert told["description"], (method, path)
            assert "application/problem+json" in told["responses"]["default"]["content"], (method, path)


def test_the_documentation_fetches_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/api/docs").text
    fetched = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert fetched
    for address in fetched:
        assert address.startswith("/api/docs/static/")
        assert client.get(address).status_code == 200


def test_the_documented_examples_work(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    for path in ("/api/ask", "/api/search", "/api/trace", "/api/check", "/v1/chat/completions"):
        content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        schema = document["components"]["schemas"][content["$ref"].rpartition("/")[2]]
        body = {name: one["examples"][0] for name, one in schema["properties"].items() if "examples" in one}
        assert set(schema["required"]) <= set(body), path
        assert client.post(path, json=body).status_code == 200, path


# -- one process, one port -------------------------------------------------------------------------------------------


def test_page_and_service_share_a_port(assistant: Assistant) -> None:
    served = ui.serve(assistant, port=0, block=False)
    try:
        with httpx.Client(base_url=served.url, timeout=30) as client:
            assert "text/html" in client.get("/").headers["content-type"]
            assert client.get("/api/status").json()["articles"] == 3
            assert client.get("/v1/models").json()["data"][0]["id"] == "whence"
            assert client.get("/mcp").status_code == 405
            assert client.get("/readyz").json() == {"status": "ready"}
    finally:
        served.close()
