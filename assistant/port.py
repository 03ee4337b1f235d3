"""One port for several applications, each under its path; it closes when whoever is being answered has been."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from fastapi import FastAPI
from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.problems import problem, response

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
    return Router([Mount(path, app) for path, app in longest_first], lifespan=alive)


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
