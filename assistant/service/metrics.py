"""What Prometheus reads: requests and answers counted and timed, jobs, articles. Nothing of what was asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.records import Answer

MEDIA_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4

_METHODS: Final = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
_SECONDS: Final = (0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class Meters:
    """The figures of one collection's service, each with its own registry, so that none tells of another's."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "whence_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "whence_request_seconds", "Seconds until a request was answered whole.", ("route",),
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.running = Gauge("whence_requests_running", "Requests being answered.", registry=self.registry)
        self.answers = Counter(
            "whence_answers", "Answers by what they are: given, or why refused.", ("outcome",), registry=self.registry
        )
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """A figure that is read when it is asked for."""
        Gauge(f"whence_{name}", meaning, registry=self.registry).set_function(read)

    def counted(self, pieces: Iterator[str | Answer]) -> Iterator[str | Answer]:
        """The same pieces of an answer, which is counted when it is whole."""
        for piece in pieces:
            if isinstance(piece, Answer):
                self.answers.labels(piece.refusal or "given").inc()
            yield piece

    def page(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self.registry)


class Measured:
    """Counts and times requests by their route (never by their path, which may hold anything)."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app = app
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500  # without a response the server answers 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self.meters.running.inc()
        try:
            await self.app(scope, receive, sending)
        finally:
            self.meters.running.dec()
            route = getattr(scope.get("route"), "path", "") or "none"
            method = scope["method"] if scope["method"] in _METHODS else "other"  # a client may make up any
            self.meters.requests.labels(method, route, str(status)).inc()
            self.meters.seconds.labels(route).observe(time.perf_counter() - begun)
