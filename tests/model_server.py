"""A language model's server for tests: real HTTP on 127.0.0.1, in OpenAI's protocol, playing what the test wrote."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Script:
    """What the server does with one request.

    `delay` is waited before each piece, in seconds. A reply ends whole; `unfinished`, closed in good order without
    saying that it is done; `cut`, in the middle of a chunk; or `malformed`, in the middle of its JSON. Any `status` but
    200 comes at once, with an error that repeats the key.
    """

    pieces: tuple[str, ...] = ()
    delay: float = 0.0
    status: int = 200
    end: Literal["whole", "unfinished", "cut", "malformed"] = "whole"
    finish: str = "stop"


@dataclass(slots=True)
class ModelServer:
    """A running server: its base URL, the requests that came, and whether a client hung up on a reply."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    abandoned: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serve_model(*scripts: Script) -> Iterator[ModelServer]:
    """A server that plays a script for each request, the last one again and again, until the block ends."""
    served = ModelServer()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            script = scripts[min(len(served.requests), len(scripts) - 1)]
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.requests.append(request)
            served.keys.append(self.headers["Authorization"].removeprefix("Bearer "))
            try:
                if script.status != 200:
                    message = f"Error for the key {served.keys[-1]}"
                    self.send_json(script.status, {"error": {"message": message}})
                elif request.get("stream"):
                    self.send_stream(script)
                else:
                    content = {"role": "assistant", "content": "".join(script.pieces)}
                    choice = {"index": 0, "finish_reason": script.finish, "message": content}
                    self.send_json(200, {"object": "chat.completion", "choices": [choice]})
            except ConnectionError:
                served.abandoned.set()

        def send_json(self, status: int, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def send_stream(self, script: Script) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in script.pieces:
                if over.wait(script.delay):
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
