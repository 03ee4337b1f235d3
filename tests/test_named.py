"""A named collection tells nothing to those it did not let in: neither strangers nor whom another collection knows."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from serving import ARTICLES, collection

import ui
from assistant.ledger import FILE, Ledger
from assistant.service.logins import Logins
from assistant.service.rules import Rules

PASSWORD = "nine weeks of repairs"

DOORS = [
    ("GET", "/c/press"),
    ("GET", "/c/press/"),
    ("GET", "/c/press//"),
    ("GET", "/c/press/config"),
    ("GET", "/c/press/theme.css"),
    ("GET", "/c/press/manifest.json"),
    ("GET", "/c/press/gradio_api/info"),
    ("POST", "/c/press/gradio_api/queue/join"),
    ("POST", "/c/press/gradio_api/upload"),
    ("GET", "/c/press/gradio_api/file=/etc/hostname"),
    ("GET", "/c/press/article/light-1"),
    ("GET", "/c/press/article/unknown"),
    ("GET", "/c/press/api/docs"),
    ("GET", "/c/press/api/openapi.json"),
    ("GET", "/c/press/api/schemas/answer.json"),
    ("GET", "/c/press/api/status"),
    ("GET", "/c/press/api/articles"),
    ("GET", "/c/press/api/articles/light-1"),
    ("DELETE", "/c/press/api/articles/light-1"),
    ("POST", "/c/press/api/ask"),
    ("POST", "/c/press/api/search"),
    ("POST", "/c/press/api/uploads/a.txt"),
    ("GET", "/c/press/api/jobs"),
    ("GET", "/c/press/v1/models"),
    ("POST", "/c/press/v1/chat/completions"),
    ("POST", "/c/press/mcp"),
    ("GET", "/c/press/metrics"),
    ("GET", "/c/press/readyz"),
    ("GET", "/c/press/login"),
    ("GET", "/c/press%2Fapi%2Fstatus"),
    ("GET", "/c/press/login/../api/status"),
    ("GET", "/c/press/%2e%2e/press/api/status"),
]


HELD = ("Millport", "bridge", "Harbour", "Estuary", "crabs", "light-1 ")
"""Words of its articles."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two collections, the one at the root without articles; each with a login of the same name and password."""
    with (
        collection(tmp_path_factory.mktemp("root")) as root,
        collection(tmp_path_factory.mktemp("press")) as press,
    ):
        root.index.remove([str(article.get("id")) for article in ARTICLES])
        for one in (root, press):
            Logins(Ledger(one.index.path / FILE)).create("ines", PASSWORD, "write")
        served = ui.serve(root, port=0, block=False, rules=Rules(tokens=True), others={"press": press})
        yield served.url[:-1]
        served.close()


@pytest.fixture(scope="module")
def visitors(url: str) -> Iterator[dict[str, httpx.Client]]:
    """By where they logged in: nowhere, at the root, at the named collection."""
    with (
        httpx.Client(base_url=url, timeout=30) as stranger,
        httpx.Client(base_url=url, timeout=30) as colleague,
        httpx.Client(base_url=url, timeout=30) as reader,
    ):
        for client, base in ((colleague, ""), (reader, "/c/press")):
            assert client.post(f"{base}/login", data={"name": "ines", "password": PASSWORD}).status_code == 303
        yield {"nowhere": stranger, "at the root": colleague, "there": reader}


def told(client: httpx.Client, method: str, path: str) -> httpx.Response:
    """What a door says to a browser."""
    return client.request(method, path, headers={"Accept": "text/html,*/*"}, content=b"{}" if method == "POST" else b"")


@pytest.mark.parametrize("known", ["nowhere", "at the root"])
@pytest.mark.parametrize(("method", "path"), DOORS)
def test_no_door_tells_who_is_not_let_in_what_the_collection_holds(
    visitors: dict[str, httpx.Client], known: str, method: str, path: str
) -> None:
    said = told(visitors[known], method, path)
    assert said.status_code in ({200} if path.endswith(("/readyz", "/login")) else {303, 307, 401})
    assert [word for word in HELD if word in f"{said.headers} {said.text}"] == []


def test_the_way_in_leads_to_its_own_login(visitors: dict[str, httpx.Client]) -> None:
    for known in ("nowhere", "at the root"):
        assert told(visitors[known], "GET", "/c/press").headers["location"] == "press/"
        assert told(visitors[known], "GET", "/c/press/").headers["location"] == "/c/press/login"


@pytest.mark.parametrize("path", ["/c/press/article/light-1", "/c/press/api/articles", "/c/press/config"])
def test_who_logged_in_there_is_told(visitors: dict[str, httpx.Client], path: str) -> None:
    said = told(visitors["there"], "GET", path)
    assert said.status_code == 200
    assert [word for word in HELD if word in said.text] != []


def test_who_logged_in_there_is_a_stranger_at_the_root(visitors: dict[str, httpx.Client]) -> None:
    assert told(visitors["there"], "GET", "/api/status").status_code == 401
