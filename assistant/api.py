"""The service for programs: questions, search, articles over HTTP, and beside them OpenAI's and MCP's ways in."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import current_default_thread_limiter, run_sync
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from fastapi_offline import FastAPIOffline
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Match, Route
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assistant.ask import Assistant
from assistant.ledger import FILE, Ledger
from assistant.records import Answer, Checked, Trace
from assistant.service import articles, entrance, logs, metrics, openai, problems, wire
from assistant.service.access import Guard, needed
from assistant.service.jobs import Jobs
from assistant.service.later import Later
from assistant.service.limits import LARGEST_BODY, Bounded, Limited
from assistant.service.logins import Logins
from assistant.service.metrics import Measured, Meters
from assistant.service.port import Served, together
from assistant.service.problems import Problem
from assistant.service.rules import Rules
from index import Index
from index.readers.fetch import Web

__all__ = ["DEFAULT", "NO_OTHERS", "Rules", "application", "placed", "serve", "together"]

DEFAULT = Rules()
NO_OTHERS: Mapping[str, Assistant] = {}

ANSWERS_AT_ONCE = 3 * (os.cpu_count() or 1)
"""Requests worked on at the same time where no language model has to be waited for; the others wait their turn."""

WHILE_OPENING = 1
"""And while parts of the service are imported, which each of them would delay: all share one interpreter lock."""

T = TypeVar("T")

DESCRIPTION = """
Ask a collection of news articles; every sentence of an answer cites the exact passage, the article that printed it, and
the source that article credits. Spans are half-open, in Unicode code points of the article's text:
`text[start:end] == quote`. Every error has the shape of RFC 9457.

The JSON of an answer carries `version`: it is raised when a field changes its meaning or goes, not when one is added.
Its JSON Schema is at `/api/schemas/answer.json`.
"""

PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {"description": "What went wrong.", "model": Problem, "content": {problems.MEDIA_TYPE: {}}}
}


def placed(assistant: Assistant, others: Mapping[str, Assistant] = NO_OTHERS) -> dict[str, Assistant]:
    """An assistant at the root, others by name under `/c/NAME`: each by the path below which it is shown."""
    return {"": assistant, **{f"/c/{name}": other for name, other in others.items()}}


def serve(
    shown: Mapping[str, Assistant],
    host: str = "127.0.0.1",
    port: int = 7860,
    root_path: str = "",
    rules: Rules = DEFAULT,
    pages: Callable[[], Mapping[str, FastAPI]] | None = None,
) -> Served:
    """Serve assistants, as `placed`, in the background: questions are answered at once, pages follow.

    Args:
        shown: Assistants, each with tokens and logins of its own.
        host, port: Where to listen; port 0 is any free one.
        root_path: The path under which a proxy shows all of it, taking it off of what is asked for.
        rules: What is asked of those who come.
        pages: Makes the page of each, by the same paths.

    Raises:
        NotGuarded: others could reach it, and there is no token to ask them for.
        WhenceError: nothing can listen there.
    """
    made = once(pages) if pages else None
    apps = {
        path: application(one, host, rules, root_path + path, made and partial(_page, made, path))
        for path, one in shown.items()
    }
    return Served.start(together(apps), host, port, root_path)


def _page(made: Callable[[], Mapping[str, FastAPI]], path: str) -> FastAPI:
    return made()[path]


def application(
    assistant: Assistant,
    host: str = "127.0.0.1",
    rules: Rules = DEFAULT,
    base: str = "",
    page: Callable[[], FastAPI] | None = None,
) -> FastAPI:
    """Everything over one collection.

    Args:
        assistant: Answers the questions.
        host: Where the service will listen; elsewhere than on this machine it asks who comes.
        rules: What it asks of them.
        base: The path under which it is shown.
        page: Makes what is shown at all other paths, once questions are being answered.

    Raises:
        NotGuarded: somebody has to be let in, and the collection's ledger knows neither token nor login.
    """
    ledger = Ledger(assistant.index.path / FILE)
    asked = needed(ledger, host, rules)
    jobs = Jobs(assistant.index, ledger, lambda: Web(public=True))
    meters = _metered(assistant.index, jobs)
    opened = once(assistant.warm)
    tools, pages = Later(partial(_tools, assistant)), [Later(page)] if page else []
    app = FastAPIOffline(
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        static_url="/api/docs/static",
        swagger_ui_oauth2_redirect_url="/api/docs/oauth2-redirect",
        title="Whence",
        description=DESCRIPTION,
        version="1",
        responses=PROBLEMS,
        lifespan=_life(jobs, opened, [*pages, tools], alone=assistant.model is None),
    )
    app.include_router(questions(assistant, meters))
    app.include_router(articles.held(assistant.index))
    app.include_router(articles.taken_in(jobs, base))
    app.include_router(health(assistant.index, opened, meters))
    app.include_router(openai.router(assistant, meters, base), prefix="/v1")
    if asked:
        app.include_router(entrance.router(Logins(ledger), base))
    app.routes.append(Route("/mcp", tools, methods=["POST"], include_in_schema=False))
    _close_off(app)
    for one in pages:
        app.mount("", one)
    problems.handle(app)
    _wall(app, asked, rules, base, meters)
    return app


def _metered(index: Index, jobs: Jobs) -> Meters:
    """Meters that watch the jobs and the articles."""
    meters = Meters()
    meters.watch("jobs_waiting", "Jobs that wait or run.", lambda: sum(job.ended is None for job in jobs.all()))
    meters.watch("articles", "Articles held.", lambda: sum(one.articles for one in index.outlets()))
    return meters


def _life(
    jobs: Jobs, opened: Callable[[], None], parts: Sequence[Later], alone: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """How a service begins and ends: what answers is opened first; then comes what takes longer to import, `parts`;
    then what was left to be done. `alone`: no language model is waited for."""

    @asynccontextmanager
    async def alive(_: FastAPI) -> AsyncIterator[None]:
        turns, loop = current_default_thread_limiter(), asyncio.get_running_loop()
        if alone:  # all work is the processor's, and more at once would make every answer slower
            turns.total_tokens = WHILE_OPENING
        await run_in_threadpool(jobs.tidy)
        opener = ThreadPoolExecutor(1, "opening")
        async with AsyncExitStack() as stack:
            stack.callback(gc.enable)  # also where a part cannot be made
            gc.disable()  # nothing of what is imported is garbage, and to look for it takes a fifth of the time
            opener.submit(opened)
            for part in parts:
                await stack.enter_async_context(part.alive(opener))
            opener.submit(jobs.start)
            opener.submit(_settle)
            if alone:
                opener.submit(loop.call_soon_threadsafe, setattr, turns, "total_tokens", ANSWERS_AT_ONCE)
            yield
            opener.shutdown(wait=False, cancel_futures=True)
        await run_in_threadpool(opener.shutdown)
        await run_in_threadpool(jobs.stop)

    return alive


def _close_off(app: FastAPI) -> None:
    """Whatever below our paths is none of those that the application has by now is told as such; a page behind them
    would take it."""
    elsewhere = _elsewhere(tuple(app.routes))
    for path in ("/api/{rest:path}", "/v1/{rest:path}", "/mcp"):
        app.router.add_route(path, elsewhere, list(METHODS), include_in_schema=False)


def _wall(app: FastAPI, asked: Ledger | None, rules: Rules, base: str, meters: Meters) -> None:
    """What stands around every path, the innermost first."""
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(rules.trusted_proxies))
    app.add_middleware(Bounded, largest=LARGEST_BODY, uploads=articles.UPLOADS, largest_upload=rules.largest_upload)
    app.add_middleware(Limited, rate=rules.rate)
    app.add_middleware(Guard, ledger=asked, rules=rules, base=base)
    if rules.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=list(rules.origins), allow_methods=METHODS, expose_headers=EXPOSED,
            allow_headers=["Authorization", "Content-Type", logs.REQUEST_ID],
        )  # fmt: skip
    app.add_middleware(Measured, meters=meters)
    app.add_middleware(logs.Told, questions=rules.log_questions)


def once(make: Callable[[], T]) -> Callable[[], T]:
    """Gives what `make` does, which is asked but once; whoever comes meanwhile waits."""
    lock, made = threading.Lock(), list[T]()

    def given() -> T:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return given


def _tools(assistant: Assistant) -> Starlette:
    from assistant.service import mcp  # takes a second to import, and questions can be answered without

    return mcp.over_http(mcp.server(assistant))


def _settle() -> None:
    """What is there now stays, so leave it out of the garbage collector's rounds, which took 50 ms of answers' time."""
    gc.collect()
    gc.freeze()
    gc.enable()


def questions(assistant: Assistant, meters: Meters) -> APIRouter:
    """What can be asked."""
    router = APIRouter(prefix="/api", tags=["questions"])

    @router.post(
        "/ask",
        response_model=Answer,
        responses={
            200: {
                "description": "The answer; with `stream`, events `sentence` (`{text}`), then `answer`, or `problem`.",
                "content": {"text/event-stream": {"example": 'event: sentence\ndata: {"text":"..."}\n\n'}},
            }
        },
    )
    def ask(asked: wire.Asked, request: Request) -> Response:
        """One checked answer. That the collection does not say is an answer too: `refused`, with status 200."""
        request.state.asked = asked.question
        pieces = meters.counted(
            assistant.stream(asked.question, asked.turns(), asked.outlets, asked.since, asked.until)
        )
        if not asked.stream:
            *_, answer = pieces
            assert isinstance(answer, Answer)
            return wire.sent(answer)
        body = wire.events(wire.begun(pieces), wire.answer_event, wire.failure_event)
        return StreamingResponse(body, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    @router.post("/search", response_model=wire.Passages)
    def search(sought: wire.Sought) -> JSONResponse:
        """The passages that fit best, without an answer."""
        hits = assistant.index.search(sought.as_query())
        return wire.sent(wire.Passages(tuple(map(wire.found, hits)), tuple(assistant.index.notices())))

    @router.post("/trace", response_model=Trace)
    def trace(traced: wire.Traced) -> JSONResponse:
        """Who reported something when, crediting whom."""
        return wire.sent(assistant.trace(traced.question, traced.outlets, traced.since, traced.until))

    @router.post("/check", response_model=Checked)
    def check(to_check: wire.ToCheck) -> JSONResponse:
        """Whether the collection has a quotation or claim: word for word, altered, or not; and who said it where."""
        return wire.sent(assistant.check(to_check.text))

    @router.get("/schemas/answer.json", response_class=JSONResponse)
    def answer_schema() -> dict[str, Any]:
        """The JSON Schema of an answer."""
        schema = TypeAdapter(Answer).json_schema(mode="serialization")
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

    return router


def health(index: Index, opened: Callable[[], None], meters: Meters) -> APIRouter:
    """For what watches over the service, which is ready once everything that a search needs is `opened`."""
    router = APIRouter(tags=["health"])
    watching = CapacityLimiter(1)  # whoever waits here takes no turn from those who ask

    @router.get("/healthz", response_model=wire.Health)
    async def healthz() -> JSONResponse:
        """The service is there."""
        return wire.sent(wire.Health("there"))

    @router.get("/readyz", response_model=wire.Health)
    async def readyz() -> JSONResponse:
        """A search works: whoever asks now need not wait for anything to be opened."""
        await run_sync(opened, limiter=watching)
        await run_in_threadpool(index.search, "ready")
        return wire.sent(wire.Health("ready"))

    @router.get("/metrics", response_class=PlainTextResponse)
    def figures() -> Response:
        """Figures for Prometheus; nothing of what was asked."""
        return Response(meters.page(), media_type=metrics.MEDIA_TYPE)

    return router


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
EXPOSED = (logs.REQUEST_ID, "Location", "Retry-After")
"""Headers of ours that a page of another origin may read."""


def _elsewhere(known: Sequence[BaseRoute]) -> Callable[[Request], Awaitable[Response]]:
    """Tells that a path is none of those known, or which methods it takes."""

    def takes(request: Request, method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(route.matches(scope)[0] is Match.FULL for route in known)

    async def elsewhere(request: Request) -> Response:
        if allowed := ", ".join(method for method in METHODS if takes(request, method)):
            raise HTTPException(405, f"This path takes {allowed}.", {"Allow": allowed})
        raise HTTPException(404, "There is nothing at this path. /api/docs lists what there is.")

    return elsewhere
