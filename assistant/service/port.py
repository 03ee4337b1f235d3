"""One port for several applications, each under its path; it closes when whoever is being answered has been."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.service.problems import problem, response
from index.errors import WhenceError

ANSWERS: Final = ("/api/", "/v1/", "/mcp", "/gradio_api/queue/data")
"""Where answers are made, anywhere in a path; what else is open, such as a page's heartbeat, is not waited for."""


def together(apps: Mapping[str, FastAPI]) -> ASGIApp:
    """Applications by the path under which each is shown (`""` is the root's), each with a life of its own."""

    @asynccontextmanager
    async def alive(_: object) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in apps.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    longest_first = sorted(apps.items(), key=lambda one: len(one[0]), reverse=True)
    routes: list[BaseRoute] = [Mount(path, app) for path, app in longest_first]
    return Router([*(Route(path, _slashed) for path in apps if path), *routes], lifespan=alive)


async def _slashed(request: Request) -> RedirectResponse:
    """To the path with the slash that was left out, below whatever prefix a proxy shows it."""
    name = request.url.path.rpartition("/")[2]
    return RedirectResponse(f"{name}/?{request.url.query}".removesuffix("?"))


class Port:
    """Everything that is served at one port; `close` lets no more in and waits for what runs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._running = 0
        self._closing = False
        self._changed = threading.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        answers = any(part in path for part in ANSWERS)
        with self._changed:
            refused = self._closing and (answers or path.endswith("/readyz"))
            self._running += answers and not refused
        if refused:
            told = problem(503, "The service is about to end. Ask again in a moment.", "ending")
            await response(told, path, {"Retry-After": "5", "Connection": "close"})(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            with self._changed:
                self._running -= answers
                self._changed.notify_all()

    def close(self, seconds: float) -> bool:
        """Lets no more in; returns when nobody is being answered, or after so many seconds: whether all were."""
        with self._changed:
            self._closing = True
            return self._changed.wait_for(lambda: not self._running, seconds)


@dataclass(frozen=True, slots=True)
class Served:
    """What is served at `url`; interrupting `wait`, or `close`, ends it. Nothing that it uses may be closed before."""

    url: str
    server: uvicorn.Server
    port: Port
    ended: threading.Event  # waited for, as a thread whose `join` is interrupted counts as ended though it runs on

    @classmethod
    def start(cls, app: ASGIApp, host: str, port: int, root_path: str = "") -> Served:
        """Serve an application in the background; port 0 is any free one. A proxy shows it under `root_path`, which
        it takes off of what is asked for.

        Raises:
            WhenceError: nothing can listen there.
        """
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listening = socket.create_server((host, port), family=family)
        except OSError as error:
            told = f"Cannot listen on port {port} of {host}: {error}. Choose another with `--port`."
            raise WhenceError(told) from error
        opened = Port(app)
        server = uvicorn.Server(uvicorn.Config(
            opened, log_config=None, log_level="warning", access_log=False, proxy_headers=False, root_path=root_path,
            timeout_graceful_shutdown=1,
        ))  # fmt: skip
        ended = threading.Event()

        def serve() -> None:
            try:
                server.run([listening])
            finally:
                ended.set()

        threading.Thread(target=serve, daemon=True).start()
        name = f"[{host}]" if ":" in host else host
        return cls(f"http://{name}:{listening.getsockname()[1]}/", server, opened, ended)

    def wait(self, grace: float = 0.0) -> None:
        """Until interrupted; answers under way are then finished if they take no longer than `grace` seconds."""
        try:
            self.ended.wait()
        finally:
            self.close(grace)

    def close(self, grace: float = 0.0) -> None:
        """Serve no longer; answers under way are finished if they take no longer than `grace` seconds."""
        self.port.close(grace)
        self.server.should_exit = True
        self.ended.wait()
