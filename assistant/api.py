"""The service for programs: questions, search, articles over HTTP, and beside them OpenAI's and MCP's ways in."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi_offline import FastAPIOffline
from pydantic import TypeAdapter
from starlette.routing import BaseRoute, Match, Route

from assistant import mcp, openai, problems, wire
from assistant.access import Bounded, Guard, needed
from assistant.ask import Assistant
from assistant.ledger import FILE, Ledger
from assistant.problems import MEDIA_TYPE, Problem
from assistant.records import Answer, Checked, Trace
from index import Index
from index.records import Added, Status
from index.records import Query as Filters

LARGEST_BODY = 16 * 2**20
"""Bytes of a request."""

DESCRIPTION = """
Ask a collection of news articles; every sentence of an answer cites the exact passage, the article that printed it, and
the source that article credits. Spans are half-open, in Unicode code points of the article's text:
`text[start:end] == quote`. Every error has the shape of RFC 9457.

The JSON of an answer carries `version`: it is raised when a field changes its meaning or goes, not when one is added.
Its JSON Schema is at `/api/schemas/answer.json`.
"""

PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {"description": "What went wrong.", "model": Problem, "content": {MEDIA_TYPE: {}}}
}


def application(
    assistant: Assistant, host: str = "127.0.0.1", hosts: Sequence[str] = (), demand_tokens: bool = False
) -> FastAPI:
    """Everything but the page, over one collection.

    Args:
        assistant: Answers the questions.
        host: Where the service will listen; elsewhere than on this machine it asks for tokens.
        hosts: Host names under which a proxy shows a service that asks for none.
        demand_tokens: Ask for tokens on this machine too.

    Raises:
        NotGuarded: tokens are needed, and the collection's ledger has no live one.
    """
    ledger = needed(Ledger(assistant.index.path / FILE), host, demand_tokens)
    tools = mcp.over_http(mcp.server(assistant))
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
        lifespan=lambda _: tools.session_manager.run(),
    )
    app.include_router(questions(assistant))
    app.include_router(articles(assistant.index))
    app.include_router(health(assistant.index))
    app.include_router(openai.router(assistant), prefix="/v1")
    app.routes.append(Route("/mcp", tools, methods=["POST"], include_in_schema=False))
    elsewhere = _elsewhere(tuple(app.routes))
    for path in ("/api/{rest:path}", "/v1/{rest:path}", "/mcp"):
        app.router.add_route(path, elsewhere, list(METHODS), include_in_schema=False)
    problems.handle(app)
    app.add_middleware(Bounded, largest=LARGEST_BODY)
    app.add_middleware(Guard, ledger=ledger, hosts=hosts)
    return app


def questions(assistant: Assistant) -> APIRouter:
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
    def ask(asked: wire.Asked) -> Response:
        """One checked answer. That the collection does not say is an answer too: `refused`, with status 200."""
        pieces = assistant.stream(asked.question, asked.turns(), asked.outlets, asked.since, asked.until)
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


def articles(index: Index) -> APIRouter:
    """What the collection holds, and what goes in and out of it."""
    router = APIRouter(prefix="/api", tags=["articles"])
    writing = asyncio.Lock()  # those who write wait here, not in threads that those who ask could use

    @router.get("/articles", response_model=wire.Page)
    def list_articles(
        outlet: Annotated[list[wire.Short] | None, Query(max_length=100, description="Only these outlets.")] = None,
        since: Annotated[dt.date | None, Query(description="Only articles of that day or later.")] = None,
        until: Annotated[dt.date | None, Query(description="Only articles of that day or earlier.")] = None,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    ) -> JSONResponse:
        """The articles, the earliest first, those without a date last; without their texts."""
        found = index.articles(Filters("", tuple(outlet or ()), since, until))
        page = list(islice(found, offset, offset + limit + 1))
        more = offset + limit if len(page) > limit else None
        return wire.sent(wire.Page(tuple(map(wire.listed, page[:limit])), more))

    @router.get("/articles/{id:path}", response_model=wire.Told)
    def read_article(id: str, revision: Annotated[int | None, Query(ge=1, le=2**31)] = None) -> JSONResponse:
        """An article in full; by default its newest revision. Earlier ones stay, so that old citations resolve."""
        article = index.article(id, revision)
        return wire.sent(wire.told(article, index.credits(article.id, article.revision)))

    @router.post("/articles", response_model=Added)
    async def add_articles(given: wire.ToAdd) -> JSONResponse:
        """Take articles in, under their `id`, else their `url`, else their content; all is found when this returns."""
        async with writing:
            return wire.sent(await run_in_threadpool(index.add, ["-"], None, io.BytesIO(given.lines())))

    @router.delete("/articles/{id:path}", status_code=204)
    async def remove_article(id: str) -> Response:
        """Delete an article, every revision, from every file of the collection."""
        async with writing:
            await run_in_threadpool(index.article, id)
            await run_in_threadpool(index.remove, [id])
        return Response(status_code=204)

    @router.get("/status", response_model=Status)
    def status() -> JSONResponse:
        """Counts and health of the collection."""
        return wire.sent(index.status())

    return router


def health(index: Index) -> APIRouter:
    """For what watches over the service."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", response_model=wire.Health)
    async def healthz() -> JSONResponse:
        """The service is there."""
        return wire.sent(wire.Health("there"))

    @router.get("/readyz", response_model=wire.Health)
    def readyz() -> JSONResponse:
        """A search works: whoever asks now need not wait for anything to be opened."""
        index.warm()
        return wire.sent(wire.Health("ready"))

    return router


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _elsewhere(known: Sequence[BaseRoute]) -> Callable[[Request], Awaitable[Response]]:
    """Whatever below our paths is none of them: told as such, before the page, which lies behind all, takes it."""

    def takes(request: Request, method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(route.matches(scope)[0] is Match.FULL for route in known)

    async def elsewhere(request: Request) -> Response:
        if allowed := ", ".join(method for method in METHODS if takes(request, method)):
            raise HTTPException(405, f"This path takes {allowed}.", {"Allow": allowed})
        raise HTTPException(404, "There is nothing at this path. /api/docs lists what there is.")

    return elsewhere
