"""An application that is made when the port is open already: whoever comes before it is there waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger(__name__)


class Later:
    """What `make` makes, while `alive`; if it cannot be made, whoever asks is told that it is a mistake."""

    def __init__(self, make: Callable[[], Starlette]) -> None:
        self._make = make

    @asynccontextmanager
    async def alive(self, maker: Executor) -> AsyncIterator[None]:
        """Have it made by `maker`, in its turn, and let it live from then on until the end."""
        made, ended = asyncio.get_running_loop().run_in_executor(maker, self._make), asyncio.Event()
        self._there: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live(made, ended))
        self._life.add_done_callback(_told)
        yield
        made.cancel()
        ended.set()
        await asyncio.wait([self._life])

    async def _live(self, made: asyncio.Future[Starlette], ended: asyncio.Event) -> None:
        app = await made
        async with app.router.lifespan_context(app):
            self._there.set_result(app)
            await ended.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        either: list[asyncio.Future[Any]] = [self._there, self._life]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if self._life.done():
            self._life.result()  # raises what it failed of
        await self._there.result()(scope, receive, send)


def _told(life: asyncio.Task[None]) -> None:
    if not life.cancelled() and (error := life.exception()):
        log.error("a part of the service cannot be made", exc_info=error)
