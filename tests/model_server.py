"""A language model's server for tests: real HTTP on 127.0.0.1, in OpenAI's protocol, playing what the test wrote."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Script:
    """What the server does with one request.

    `delay` is waited before each piece, in seconds; a piece of None is silence until the block ends.
    `reply`, when given, writes the pieces from the prompt. A reply ends whole; `unfinished`, in good order but without
    saying it is done; `cut`, in the middle of a chunk; or `malformed`, in the middle of its JSON. Any `status` but
    200 comes at once, with an error that repeats the key, and with `wait` as its Retry-After. A server that `streams`
    not gives the whole reply, whatever it is asked, `packed` with gzip or not; one with a `page` gives
    that; `events` are sent as they stand before the pieces.
    """

    pieces: tuple[str | None, ...] = ()
    delay: float = 0.0
    status: int = 200
    end: Literal["whole", "unfinished", "cut", "malformed"] = "whole"
    finish: str | None = "stop"
    wait: str = ""
    streams: bool = True
    packed: bool = False
    page: str = ""
    events: tuple[str, ...] = ()
    reply: Callable[[str], Iterable[str | None]] | None = None

    def written(self, prompt: str) -> Iterable[str | None]:
        """The pieces of the reply to that prompt."""
        return self.reply(prompt) if self.reply else self.pieces


@dataclass(slots=True)
class ModelServer:
    """A running server: its base URL, the requests that came with their paths and keys, and whether a client hung up on
    a reply."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    abandoned: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serve_model(*scripts: Script) -> Iterator[ModelServer]:
    """A server that plays a script for each request, the last one again and again, until the block ends."""
    served = ModelServer()
    over, one_at_a_time = threading.Event(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionError):  # hung up on between two requests
                super().handle()

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with one_at_a_time:
                script = scripts[min(len(served.requests), len(scripts) - 1)]
                served.requests.append(request)
            served.paths.append(self.path)
            served.keys.append(self.headers["Authorization"].removeprefix("Bearer "))
            try:
                if script.status != 200:
                    message = f"Error for the key {served.keys[-1]}"
                    self.send_json(script.status, {"error": {"message": message}}, script.wait)
                elif script.page:
                    self.send_whole(script.page.encode(), "text/html")
                elif request.get("stream") and script.streams:
                    self.send_stream(script, request["messages"][-1]["content"])
                else:
                    content = {
                        "role": "assistant",
                        "content": "".join(map(str, script.written(request["messages"][-1]["content"]))),
                    }
                    choice = {"index": 0, "finish_reason": script.finish, "message": content}
                    body = json.dumps({"object": "chat.completion", "choices": [choice]}).encode()
                    self.send_whole(body, "application/json", packed=script.packed)
            except ConnectionError:
                served.abandoned.set()

        def send_json(self, status: int, value: dict[str, Any], wait: str = "") -> None:
            self.send_whole(json.dumps(value).encode(), "application/json", status, wait)

        def send_whole(self, body: bytes, kind: str, status: int = 200, wait: str = "", packed: bool = False) -> None:
            self.send_response(status)
            if packed:
                body = gzip.compress(body)
                self.send_header("Content-Encoding", "gzip")
            if wait:
                self.send_header("Retry-After", wait)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def send_stream(self, script: Script, prompt: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for event in script.events:
                self.send_event(event)
            for piece in script.written(prompt):
                if over.wait(script.delay):
                    return
                if piece is None:
                    self.listen()
                    return
                self.send_event(_chunk({"content": piece}, None))
            if script.end == "cut":
                self.wfile.write(b"400\r\ndata: {")
                self.close_connection = True
                return
            if script.end == "malformed":
                self.send_event('{"choices": [')
            if script.end == "whole":
                self.send_event(_chunk({}, script.finish))
                self.send_event("[DONE]")
            self.wfile.write(b"0\r\n\r\n")

        def listen(self) -> None:
            """Say nothing until the client hangs up or the block ends."""
            self.connection.settimeout(0.05)
            while not over.is_set():
                try:
                    if not self.connection.recv(1):
                        served.abandoned.set()
                        break
                except TimeoutError:
                    continue
            self.close_connection = True

        def send_event(self, told: str) -> None:
            event = f"data: {told}\n\n".encode()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event))

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: standard error belongs to the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.url = f"http://127.0.0.1:{server.server_port}/v1"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield served
        finally:
            over.set()
            server.shutdown()


def _chunk(delta: dict[str, str], finish: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return json.dumps({"object": "chat.completion.chunk", "choices": [choice]})
