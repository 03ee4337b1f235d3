"""Logs that a machine can read: one JSON object a line; every request with an id that its log lines and answer share.

No question, no secret and no article is logged: of a request its method, path, outcome, and who asked by name.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from contextvars import ContextVar
from typing import Final, Literal

from pythonjsonlogger.json import JsonFormatter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.service.problems import route_path

log = logging.getLogger(__name__)

REQUEST_ID: Final = "X-Request-Id"
WATCHING: Final = ("/healthz", "/readyz", "/metrics")
"""Paths asked all day long, which are logged only when something is wrong."""

_GIVEN = re.compile(r"[\w.-]{1,64}", re.ASCII)
_request: ContextVar[str | None] = ContextVar("request", default=None)

Style = Literal["json", "words"]


def configure(style: Style, verbose: bool = False) -> None:
    """Log to stderr from now on: `json` every request too, `words` only what goes wrong."""
    told = logging.StreamHandler(sys.stderr)
    if style == "json":
        form = JsonFormatter("%(message)s", rename_fields={"message": "event"}, timestamp=True)
        told.setFormatter(form)
        told.addFilter(_with_request)
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[told], force=True)
    log.setLevel(logging.INFO if style == "json" or verbose else logging.WARNING)


def _with_request(record: logging.LogRecord) -> bool:
    """Names level, logger and request on a record."""
    record.level, record.logger, record.request = record.levelname.lower(), record.name, _request.get()
    return True


class Told:
    """Gives every request an id (that of the proxy, if it sends one) and logs how it ended.

    `scope["state"]["asked"]`, where a door puts what was asked, is logged only if `questions` says so.
    """

    def __init__(self, app: ASGIApp, questions: bool = False) -> None:
        self.app = app
        self.questions = questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        name = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        state = scope.setdefault("state", {})
        state["request"] = name
        begun, status, sent = time.perf_counter(), 500, 0  # without a response the server answers 500

        async def sending(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = name
            sent += len(message.get("body", b""))
            await send(message)

        token = _request.set(name)
        path = route_path(scope)
        try:
            await self.app(scope, receive, sending)
        finally:
            bearer = state.get("bearer")
            told = {
                "method": scope["method"], "path": path, "status": status, "bytes": sent,
                "seconds": round(time.perf_counter() - begun, 4), "bearer": bearer.name if bearer else None,
            }  # fmt: skip
            if self.questions and "asked" in state:
                told["asked"] = state["asked"]
            level = logging.DEBUG if path in WATCHING and status < 500 else logging.INFO
            log.log(level, "request", extra=told)
            _request.reset(token)
