"""Who may come in: nobody asked on this machine, tokens elsewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from serving import collection
from starlette.testclient import TestClient

import ui
from assistant import Assistant
from assistant.api import application
from assistant.cli import whence
from assistant.ledger import FILE, BadToken, Bearer, Ledger
from assistant.ledger import Scope as Allowed
from assistant.service.access import NotGuarded, credentials, is_loopback, wanted
from assistant.service.limits import LARGEST_BODY
from assistant.service.rules import Rules

ADDITION = {"articles": [{"id": "crow-1", "text": "A crow sat on the mast."}]}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with collection(tmp_path_factory.mktemp("access")) as one:
        yield one


@pytest.fixture(scope="module")
def ledger(assistant: Assistant) -> Ledger:
    return Ledger(assistant.index.path / FILE)


@pytest.fixture(scope="module")
def tokens(ledger: Ledger) -> dict[Allowed, str]:
    return {"read": ledger.create("reader"), "write": ledger.create("writer", "write")}


@pytest.fixture(scope="module")
def client(assistant: Assistant, tokens: dict[Allowed, str]) -> Iterator[TestClient]:
    with TestClient(application(assistant, host="0.0.0.0"), base_url="http://news.example") as one:
        yield one


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"anyone:{secret}".encode()).decode()}


# -- the ledger ------------------------------------------------------------------------------------------------------


def test_only_a_hash_of_a_token_is_kept(tmp_path: Path) -> None:
    secret = Ledger(tmp_path / FILE).create("one")
    assert secret.encode() not in (tmp_path / FILE).read_bytes()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_token_opens_until_it_is_revoked(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / FILE)
    secret = ledger.create("one", "write")
    assert ledger.bearer(secret) == Bearer("one", "write")
    assert ledger.bearer(secret + "x") is None
    ledger.revoke("one")
    assert ledger.bearer(secret) is None
    assert [token.name for token in ledger.tokens() if token.revoked] == ["one"]


def test_two_live_tokens_have_two_names(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / FILE)
    ledger.create("one")
    with pytest.raises(BadToken, match="There is a token 'one' already"):
        ledger.create("one")
    ledger.revoke("one")
    ledger.create("one")


def test_what_was_never_made_cannot_be_revoked(tmp_path: Path) -> None:
    with pytest.raises(BadToken, match="There is no live token 'one'"):
        Ledger(tmp_path / FILE).revoke("one")


def test_tokens_are_made_listed_and_revoked_from_the_command_line(assistant: Assistant, ledger: Ledger) -> None:
    def run(*words: str) -> str:
        return CliRunner().invoke(whence, ["--index", str(assistant.index.path), "token", *words]).output.strip()

    secret = run("create", "press", "--write")
    assert ledger.bearer(secret) == Bearer("press", "write")
    run("revoke", "press")
    assert ledger.bearer(secret) is None


# -- the wall --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "ours"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("localhost", True), ("0.0.0.0", False),
     ("::", False), ("192.168.1.4", False), ("localhost.evil.example", False), ("", False)],
)  # fmt: skip
def test_loopback_is_this_machine_alone(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours


def test_nothing_listens_elsewhere_without_tokens(tmp_path: Path) -> None:
    with collection(tmp_path) as fresh:
        with pytest.raises(NotGuarded, match="whence token create"):
            application(fresh, host="0.0.0.0")
        with pytest.raises(NotGuarded):
            application(fresh, rules=Rules(tokens=True))
        secret = Ledger(fresh.index.path / FILE).create("one")
        assert application(fresh, host="0.0.0.0")
        Ledger(fresh.index.path / FILE).revoke("one")
        with pytest.raises(NotGuarded):
            application(fresh, host="0.0.0.0")
        assert secret


@pytest.mark.parametrize("path", ["/api/status", "/v1/models", "/api/docs", "/api/openapi.json", "/mcp", "/", "/x"])
def test_no_path_tells_anything_without_a_token(client: TestClient, path: str) -> None:
    told = client.get(path)
    assert (told.status_code, told.json()["code"]) == (401, "unauthorized")


def test_whatever_watches_needs_no_token(client: TestClient) -> None:
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/api/status", "/"])
def test_a_program_is_asked_for_a_bearer_and_a_browser_for_a_password(client: TestClient, path: str) -> None:
    scheme = {"/api/status": "Bearer", "/": "Basic"}[path]
    assert client.get(path).headers["www-authenticate"] == f'{scheme} realm="Whence"'


@pytest.mark.parametrize("secret", ["", "whence_", "reader", "x" * 100_000, "ü"])
def test_what_is_no_token_opens_nothing(client: TestClient, secret: str) -> None:
    headers = {b"Authorization": f"Bearer {secret}".encode("latin-1")}
    assert client.get("/api/status", headers=headers).status_code == 401


def test_a_token_to_read_asks_and_does_not_write(client: TestClient, tokens: dict[Allowed, str]) -> None:
    headers = bearer(tokens["read"])
    assert client.post("/api/ask", json={"question": "Who?"}, headers=headers).status_code == 200
    assert client.post("/api/articles", json=ADDITION, headers=headers).status_code == 403
    assert client.delete("/api/articles/light-1", headers=headers).status_code == 403


def test_a_token_to_write_writes(client: TestClient, tokens: dict[Allowed, str]) -> None:
    headers = bearer(tokens["write"])
    assert client.post("/api/articles", json=ADDITION, headers=headers).json()["added"] == ["crow-1"]
    assert client.delete("/api/articles/crow-1", headers=headers).status_code == 204


def test_a_browsers_password_only_ever_reads(client: TestClient, tokens: dict[Allowed, str]) -> None:
    headers = basic(tokens["write"])
    assert client.get("/api/status", headers=headers).status_code == 200
    assert client.delete("/api/articles/light-1", headers=headers).status_code == 403


def test_the_page_opens_with_a_token_as_its_password(assistant: Assistant, tokens: dict[Allowed, str]) -> None:
    served = ui.serve(assistant, port=0, block=False, rules=Rules(tokens=True))
    try:
        assert httpx.get(served.url).status_code == 401
        assert "text/html" in httpx.get(served.url, headers=basic(tokens["read"])).headers["content-type"]
    finally:
        served.close()


def test_a_revoked_token_is_out_at_once(client: TestClient, ledger: Ledger) -> None:
    headers = bearer(ledger.create("leaver"))
    assert client.get("/api/status", headers=headers).status_code == 200
    ledger.revoke("leaver")
    assert client.get("/api/status", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:7860", 200), ("localhost", 200), ("[::1]:1", 200), ("news.example", 200), ("evil.example", 421),
     ("127.0.0.1.evil.example", 421)],
)  # fmt: skip
def test_without_tokens_only_known_host_names_are_answered(assistant: Assistant, host: str, status: int) -> None:
    client = TestClient(application(assistant, rules=Rules(hosts=("news.example",))), base_url="http://127.0.0.1")
    assert client.get("/healthz", headers={"Host": host}).status_code == status


def test_a_request_without_declared_length_is_bounded_too(assistant: Assistant) -> None:
    client = TestClient(application(assistant), base_url="http://127.0.0.1")
    endless = (b"x" * 2**20 for _ in range(LARGEST_BODY // 2**20 + 1))
    told = client.post("/api/check", content=endless, headers={"Content-Type": "application/json"})
    assert (told.status_code, told.json()["code"]) == (413, "too-large")


def test_every_response_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/healthz", "/api/status"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("authorization", "found"),
    [("Bearer abc", ("bearer", "abc")), ("bearer  abc ", ("bearer", "abc")), ("Basic YTpiOmM=", ("basic", "b:c")),
     ("Basic %%%", ("basic", "")), ("Basic /w==", ("basic", "")), ("Digest x", ("digest", "")), ("", ("", ""))],
)  # fmt: skip
def test_credentials_are_a_bearers_token_or_a_password(authorization: str, found: tuple[str, str]) -> None:
    assert credentials(authorization) == found


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [("POST", "/api/ask", "read"), ("GET", "/api/articles", "read"), ("POST", "/api/articles", "write"),
     ("DELETE", "/api/articles/a", "write"), ("PUT", "/api/articles/a", "write"), ("POST", "/mcp", "read")],
)  # fmt: skip
def test_questions_are_read_though_they_are_posted(method: str, path: str, scope: Allowed) -> None:
    assert wanted(method, path) == scope
