"""How much one may ask for: requests in a time, bytes of a request."""

from __future__ import annotations

import math
import time

import limits
from fastapi import HTTPException
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ledger import Bearer
from assistant.service.problems import problem, response, route_path
from index.errors import WhenceError

LARGEST_BODY = 16 * 2**20
"""Bytes of a request that is not an upload."""

COSTLY = ("/api/", "/v1/", "/mcp", "/gradio_api/queue/join")
"""Paths at which the collection is asked; pictures and scripts of a page do not count."""

FREE = "/api/docs"


class Rate:
    """How often each of many may do a thing, within this process.

    Args:
        text: As `600/minute`; several limits are parted by semicolons, and all hold.

    Raises:
        WhenceError: the text says no such thing.
    """

    def __init__(self, text: str) -> None:
        try:
            self._limits = limits.parse_many(text)
        except ValueError as error:
            raise WhenceError(f"{text!r} is no rate; 600/minute is one, and 10/second;600/minute.") from error
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, *who: str) -> int:
        """Counts one; 0 when it may be done, else the seconds after which it may."""
        for limit in self._limits:
            if not self._limiter.hit(limit, *who):
                return max(1, math.ceil(self._limiter.get_window_stats(limit, *who).reset_time - time.time()))
        return 0


class Limited:
    """Answers each token or login no more often than `rate` allows; who came in without is not counted."""

    def __init__(self, app: ASGIApp, rate: str) -> None:
        self.app = app
        self.rate = Rate(rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = route_path(scope) if scope["type"] == "http" else ""
        bearer: Bearer | None = scope.get("state", {}).get("bearer")
        counts = path.startswith(COSTLY) and not path.startswith(FREE)
        if bearer and counts and (seconds := self.rate.wait(bearer.name)):
            why = f"That was more than {bearer.name!r} may ask for. Ask again in {seconds} s."
            await response(problem(429, why), path, {"Retry-After": str(seconds)})(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Bounded:
    """Takes no request of more than `largest` bytes (below `uploads`: `largest_upload`), its length declared or not."""

    def __init__(self, app: ASGIApp, largest: int, uploads: tuple[str, ...], largest_upload: int) -> None:
        self.app = app
        self.largest, self.largest_upload = largest, largest_upload
        self.uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = route_path(scope)
        largest = self.largest_upload if path.startswith(self.uploads) else self.largest
        too_large = f"A request may have {largest:,} bytes here. Send what is larger in parts."
        declared, taken = Headers(scope=scope).get("content-length", ""), 0
        if declared.isdigit() and int(declared) > largest:
            await response(problem(413, too_large), path)(scope, receive, send)
            return

        async def receiving() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > largest:
                raise HTTPException(413, too_large)
            return message

        await self.app(scope, receiving, send)
