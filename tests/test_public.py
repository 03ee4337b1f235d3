"""Addresses that users give to a service lead to the public internet or nowhere: by name, redirect or rebinding."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from index.readers import public
from index.readers.fetch import Private, Web
from index.readers.public import NotPublic, Public, is_public


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "::1", "::",
     "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "no address", ""],
)  # fmt: skip
def test_an_address_of_this_machine_or_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_any_other_is(address: str) -> None:
    assert is_public(address)


@pytest.fixture
def local() -> Iterator[ThreadingHTTPServer]:
    """A server on this machine that redirects `/to/X` to X, and writes down the hosts it was asked for."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers["Host"])
            self.send_response(302 if self.path.startswith("/to/") else 200)
            if self.path.startswith("/to/"):
                self.send_header("Location", self.path.removeprefix("/to/"))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def at(local: ThreadingHTTPServer, path: str = "/", host: str = "127.0.0.1") -> str:
    return f"http://{host}:{local.server_address[1]}{path}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1"])
def test_this_machine_is_not_asked_however_it_is_written(local: ThreadingHTTPServer, host: str) -> None:
    with pytest.raises(Private, match="is not on the public internet"):
        Web(pause=0, public=True).get(at(local, host=host), lambda _: None)


def test_without_being_asked_to_the_reader_reads_this_machine_too(local: ThreadingHTTPServer) -> None:
    assert Web(pause=0).get(at(local), lambda _: None).content == b""


def test_a_redirect_does_not_lead_inside(local: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def first_only(address: str) -> bool:
        """The first host counts as public, as that of an attacker would be."""
        judged.append(address)
        return len(judged) == 1

    monkeypatch.setattr(public, "is_public", first_only)
    with (
        httpx.Client(transport=Public(), follow_redirects=True) as client,
        pytest.raises(NotPublic, match="localhost is not on the public internet"),
    ):
        client.get(at(local, "/to/http://localhost:1/secret"))
    assert len(judged) >= 2


def test_the_address_that_was_judged_is_the_one_that_is_asked(
    local: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        """A name whose address changes from one question to the next."""
        resolved.append(host)
        return ["127.0.0.1"] if len(resolved) == 1 else ["192.0.2.1"]

    monkeypatch.setattr(public, "is_public", lambda address: address == "127.0.0.1")
    with httpx.Client(transport=Public(rebinding), timeout=5) as client:
        assert client.get(at(local, host="evil.example")).status_code == 200
        assert resolved == ["evil.example"], "asked once, so that there is no second answer to be lied with"
        with pytest.raises(NotPublic):
            client.get(at(local, host="evil.example"))


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    transport = Public(lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with httpx.Client(transport=transport) as client, pytest.raises(NotPublic):
        client.get("http://mixed.example/")


def test_the_server_is_told_the_name_that_was_asked_for(
    local: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "is_public", lambda address: True)
    with httpx.Client(transport=Public(lambda host, port: ["127.0.0.1"])) as client:
        request = client.build_request("GET", at(local, host="news.example"))
        assert client.send(request).status_code == 200
        assert request.headers["host"] == f"news.example:{local.server_address[1]}"
