"""Articles taken in as jobs: by JSON, by upload, from addresses; stopped, broken off, gone on with."""

from __future__ import annotations

import gzip
import io
import json
import random
import socket
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from serving import collection, serving
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.api import application
from assistant.ledger import FILE, Ledger
from assistant.service.jobs import BadName, file_name
from assistant.service.rules import Rules
from index.locks import only_writer
from index.readers import READERS

CROW = {"id": "crow-1", "outlet": "Harbour Light", "published": "2024-07-01", "text": "A crow sat on the mast."}


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with collection(tmp_path) as one:
        yield one


@pytest.fixture
def client(assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(application(assistant), base_url="http://127.0.0.1") as one:
        yield one


def ended(client: TestClient, begun: Any) -> dict[str, Any]:
    """The job that a request began, when it has ended."""
    assert begun.status_code == 202, begun.text
    told: dict[str, Any] = client.get(begun.headers["location"], params={"wait": 30}).json()
    assert told["ended"], told
    return told


def counts(job: dict[str, Any]) -> tuple[int, int, int, int]:
    made = job["outcome"]
    return made["added"], made["updated"], made["unchanged"], made["refused"]


# -- in --------------------------------------------------------------------------------------------------------------


def test_articles_are_taken_in_by_a_job_and_found_when_it_is_done(client: TestClient) -> None:
    job = ended(client, client.post("/api/jobs", json={"articles": [CROW, {"id": "blank", "text": " "}]}))
    assert (job["state"], job["kind"], job["name"], counts(job)) == ("done", "articles", "2 articles", (1, 0, 0, 1))
    assert job["outcome"]["refusals"][0]["reason"]
    assert client.get("/api/articles/crow-1").json()["text"] == CROW["text"]


def test_an_uploaded_file_is_read_by_its_suffix(client: TestClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.jsonl", json.dumps(CROW))
        archive.writestr("two.txt", "Two gulls sat on the mast of the ferry.")
    job = ended(client, client.post("/api/uploads/week%2030.zip", content=packed.getvalue()))
    assert (job["kind"], job["name"], counts(job)) == ("file", "week 30.zip", (2, 0, 0, 0))


def test_the_same_name_again_is_a_revision_whatever_folder_the_upload_lay_in(client: TestClient) -> None:
    first = ended(client, client.post("/api/uploads/2024/gulls.txt", content=b"Two gulls sat on the mast."))
    again = ended(client, client.post("/api/uploads/2024/gulls.txt", content=b"Three gulls sat on the mast."))
    assert (counts(first), counts(again)) == ((1, 0, 0, 0), (0, 1, 0, 0))
    assert client.get("/api/articles/2024%2Fgulls.txt").json()["origin"]["path"] == "2024/gulls.txt"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/a", "http://localhost/a", "http://[::1]/a", "http://10.0.0.1"])
def test_an_address_that_is_not_public_is_refused(client: TestClient, address: str) -> None:
    job = ended(client, client.post("/api/jobs", json={"addresses": [address]}))
    assert (job["name"], counts(job)) == (address, (0, 0, 0, 1))
    assert "is not on the public internet" in job["outcome"]["refusals"][0]["reason"]


@pytest.mark.parametrize(
    "body", [{}, {"articles": [CROW], "addresses": ["http://a.example"]}, {"addresses": ["file:///etc/passwd"]},
             {"addresses": ["/etc/passwd"]}, {"addresses": ["-"]}],
)  # fmt: skip
def test_a_job_takes_articles_or_web_addresses_and_no_paths(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/api/jobs", json=body).status_code == 422


@pytest.mark.parametrize(
    ("name", "kept"),
    [("a.txt", "a.txt"), ("../../etc/a.txt", "etc/a.txt"), ("/a//b.txt", "a/b.txt"), ("C:\\x\\b.txt", "C:/x/b.txt"),
     ("a\x00b.txt", "ab.txt")],
)  # fmt: skip
def test_the_name_of_an_upload_leads_nowhere_else(name: str, kept: str) -> None:
    assert file_name(name) == kept


@pytest.mark.parametrize("name", ["", "..", "/", "x" * 300, "a/" * 30 + "b"])
def test_a_name_of_which_nothing_or_too_much_is_left_is_refused(name: str) -> None:
    with pytest.raises(BadName):
        file_name(name)


def test_an_upload_that_is_too_large_leaves_nothing(assistant: Assistant) -> None:
    with TestClient(application(assistant, rules=Rules(largest_upload=1_000)), base_url="http://127.0.0.1") as client:
        told = client.post("/api/uploads/a.txt", content=(b"x" * 600 for _ in range(3)))
        assert (told.status_code, told.json()["code"]) == (413, "too-large")
        assert client.get("/api/jobs").json() == {"jobs": []}
    assert list((assistant.index.path / "jobs").iterdir()) == []


def bad_uploads() -> Iterator[tuple[str, bytes]]:
    """A hundred and more files that hold no article: noise, torn and empty ones, of every kind that is read."""
    noise = random.Random(7)
    whole = gzip.compress(b"x" * 5_000)
    for suffix in sorted({*READERS, ".warc.gz", ".exe", ""}):
        yield f"noise{suffix}", b"\x00\xff" + noise.randbytes(2_000)
        yield f"empty{suffix}", b""
        yield f"torn{suffix}", (b'{"text": "' if "json" in suffix else whole[:40] if suffix else b"") + b"\x00\x01\xfe"
        yield f"zeros{suffix}", b"\x00" * 3_000


def test_a_hundred_bad_uploads_give_a_refusal_each(client: TestClient) -> None:
    begun = [client.post(f"/api/uploads/{name}", content=content) for name, content in bad_uploads()]
    assert len(begun) >= 100
    ended(client, begun[-1])
    for reply in begun:
        job = ended(client, reply)
        assert (job["state"], job["outcome"]["added"], job["outcome"]["refused"] > 0) == ("done", 0, True), job
    assert client.get("/api/status").json()["articles"] == 3


# -- one after the other, to the end ---------------------------------------------------------------------------------


def test_a_job_waits_while_somebody_else_writes(assistant: Assistant, client: TestClient) -> None:
    with only_writer(assistant.index.path):
        begun = client.post("/api/jobs", json={"articles": [CROW]})
        assert client.get(begun.headers["location"]).json()["state"] in ("waiting", "running")
    assert counts(ended(client, begun)) == (1, 0, 0, 0)


def test_a_job_that_is_stopped_ends_and_the_next_one_goes_on(assistant: Assistant, client: TestClient) -> None:
    with only_writer(assistant.index.path):
        first, second = (client.post("/api/jobs", json={"articles": [{**CROW, "id": id}]}) for id in ("a", "b"))
        client.delete(first.headers["location"])
        client.delete(second.headers["location"])
        assert ended(client, second)["state"] == "stopped"
    assert ended(client, first)["state"] == "stopped"
    assert counts(ended(client, client.post("/api/jobs", json={"articles": [CROW]}))) == (1, 0, 0, 0)


def test_what_was_not_done_goes_on_when_the_service_starts_again(assistant: Assistant) -> None:
    folder = assistant.index.path
    with only_writer(folder), TestClient(application(assistant), base_url="http://127.0.0.1") as client:
        begun = [client.post(f"/api/uploads/{name}.txt", content=f"A {name} sat there.".encode()) for name in "abc"]
    with Ledger(folder / FILE).opened() as db:
        db.execute("update jobs set state = 'running' where name = 'a.txt'")  # as a service leaves it that is killed
    (folder / "jobs" / "half").mkdir()  # and an upload
    with TestClient(application(assistant), base_url="http://127.0.0.1") as client:
        for reply in begun:
            assert counts(ended(client, reply)) == (1, 0, 0, 0)
    assert list((folder / "jobs").iterdir()) == []


def test_a_mistake_of_the_program_ends_the_job_and_not_the_others(
    assistant: Assistant, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(assistant.index, "add", lambda *_: 1 / 0)
        job = ended(client, client.post("/api/jobs", json={"articles": [CROW]}))
    assert (job["state"], job["why"]) == ("failed", "The program made a mistake; its log says more.")
    assert counts(ended(client, client.post("/api/jobs", json={"articles": [CROW]}))) == (1, 0, 0, 0)


def test_a_hundred_half_open_uploads_block_nobody_and_leave_nothing(assistant: Assistant) -> None:
    folder = assistant.index.path / "jobs"
    with serving(application(assistant)) as url:
        host = url.removeprefix("http://")
        open_ones = [socket.create_connection((host.split(":")[0], int(host.split(":")[1]))) for _ in range(100)]
        for one in open_ones:
            one.sendall(f"POST /api/uploads/a.txt HTTP/1.1\r\nHost: {host}\r\nContent-Length: 900\r\n\r\nhalf".encode())
        told = httpx.post(f"{url}/api/ask", json={"question": "Who said the repairs would take 9 weeks?"}, timeout=30)
        assert told.json()["citations"][0]["article"] == "light-1"
        for one in open_ones:
            one.close()
        until = time.monotonic() + 20
        while list(folder.iterdir()) and time.monotonic() < until:
            httpx.get(f"{url}/healthz")
        assert list(folder.iterdir()) == []
        assert httpx.get(f"{url}/api/jobs").json() == {"jobs": []}


def test_jobs_are_listed_the_newest_first_and_an_unknown_one_is_told(client: TestClient) -> None:
    for name in ("a", "b"):
        ended(client, client.post(f"/api/uploads/{name}.txt", content=f"A {name} sat there.".encode()))
    assert [job["name"] for job in client.get("/api/jobs").json()["jobs"]] == ["b.txt", "a.txt"]
    assert client.get("/api/jobs/none").json()["code"] == "unknown-job"


def test_questions_are_answered_while_a_job_runs(assistant: Assistant, client: TestClient) -> None:

    many = [{"id": f"gull-{i}", "text": f"Gull number {i} sat on the mast of the ferry."} for i in range(200)]
    begun = client.post("/api/jobs", json={"articles": many})
    told = client.post("/api/ask", json={"question": "Who said the repairs would take 9 weeks?"}).json()
    assert told["citations"][0]["article"] == "light-1"
    assert counts(ended(client, begun)) == (200, 0, 0, 0)
