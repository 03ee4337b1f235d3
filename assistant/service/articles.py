"""The articles of a collection over HTTP: what is held, and what goes in and out, at once or as a job."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import shutil
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TypeVar

import anyio
from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from assistant.service import wire
from assistant.service.jobs import PAYLOAD, Job, Jobs, file_name
from index import Index
from index.errors import Locked
from index.records import Added, Status
from index.records import Query as Filters

T = TypeVar("T")

UPLOADS = ("/api/uploads/", "/gradio_api/upload")
"""Paths that take whole files."""

PATIENCE = 10.0
"""Seconds for which a request waits until nobody else writes."""

SLOWEST = 60.0
"""Seconds between two pieces of an upload."""

_FILE = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_BEGUN: dict[int | str, dict[str, Any]] = {202: {"description": "The job, whose path is `Location`.", "model": Job}}


def held(index: Index) -> APIRouter:
    """The paths of what is held: listed, read, added at once, removed, counted."""
    paths = APIRouter(prefix="/api", tags=["articles"])
    writing = asyncio.Lock()

    @paths.get("/articles", response_model=wire.Page)
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

    @paths.get("/articles/{id:path}", response_model=wire.Told)
    def read_article(id: str, revision: Annotated[int | None, Query(ge=1, le=2**31)] = None) -> JSONResponse:
        """An article in full; by default its newest revision. Earlier ones stay, so that old citations resolve."""
        article = index.article(id, revision)
        return wire.sent(wire.told(article, index.credits(article.id, article.revision)))

    @paths.post("/articles", response_model=Added)
    async def add_articles(given: wire.ToAdd) -> JSONResponse:
        """Take articles in, under their `id`, else their `url`, else their content; all is found when this returns."""
        return wire.sent(await _written(writing, lambda: index.add(["-"], None, io.BytesIO(given.lines()))))

    @paths.delete("/articles/{id:path}", status_code=204)
    async def remove_article(id: str) -> Response:
        """Delete an article, every revision, from every file of the collection."""

        def remove() -> None:
            index.article(id)
            index.remove([id])

        await _written(writing, remove)
        return Response(status_code=204)

    @paths.get("/status", response_model=Status)
    def status() -> JSONResponse:
        """Counts and health of the collection."""
        return wire.sent(index.status())

    return paths


def taken_in(jobs: Jobs, base: str = "") -> APIRouter:
    """The paths of what is taken in as a job (begun with articles, addresses or a file; watched, stopped), in a service
    that is shown under `base`."""
    paths = APIRouter(prefix="/api", tags=["articles"])

    def begun(job: Job) -> JSONResponse:
        reply = wire.sent(job, 202)
        reply.headers["Location"] = f"{base}/api/jobs/{job.id}"
        return reply

    @paths.post("/jobs", status_code=202, response_model=None, responses=_BEGUN)
    def begin_job(wanted: wire.NewJob, request: Request) -> JSONResponse:
        """Take articles, or what stands at web addresses, in as a job; addresses have to be of the public internet."""
        place = jobs.place()
        if wanted.articles:
            (place / PAYLOAD).write_bytes(wanted.lines())
            return begun(jobs.add(place, "articles", f"{len(wanted.articles)} articles", _bearer(request)))
        (place / PAYLOAD).write_text("\n".join(wanted.addresses), "utf-8")
        name = wanted.addresses[0] if len(wanted.addresses) == 1 else f"{len(wanted.addresses)} addresses"
        return begun(jobs.add(place, "addresses", name, _bearer(request)))

    @paths.post("/uploads/{name:path}", status_code=202, response_model=None, openapi_extra=_FILE, responses=_BEGUN)
    async def upload(name: str, request: Request) -> JSONResponse:
        """Take in a file as a job: the request's body is the file, and the suffix of its name tells what it holds.

        What has neither an id nor an address of its own is known by that name: the same name again is a revision.
        """
        called = file_name(name)
        place = await run_in_threadpool(jobs.place)
        whole = False
        try:
            await _kept(request, place / called)
            whole = True
        finally:
            if not whole:
                await run_in_threadpool(shutil.rmtree, place)
        job = await run_in_threadpool(jobs.add, place, "file", called, _bearer(request))
        return begun(job)

    @paths.get("/jobs", response_model=wire.JobList)
    def list_jobs() -> JSONResponse:
        """The jobs, the newest first."""
        return wire.sent(wire.JobList(tuple(jobs.all())))

    @paths.get("/jobs/{id}", response_model=Job)
    async def read_job(
        id: str, wait: Annotated[float, Query(ge=0, le=60, description="Seconds to wait for its end.")] = 0
    ) -> JSONResponse:
        """A job: how far it has come, or what came of it."""
        until = time.monotonic() + wait
        while (job := await run_in_threadpool(jobs.get, id)).ended is None and time.monotonic() < until:
            await asyncio.sleep(0.1)
        return wire.sent(job)

    @paths.delete("/jobs/{id}", response_model=Job)
    def stop_job(id: str) -> JSONResponse:
        """Stop a job; what it took in stays, and one that is done is only told."""
        return wire.sent(jobs.halt(id))

    return paths


async def _written(writing: asyncio.Lock, write: Callable[[], T]) -> T:
    """What is written once nobody else writes; who waits does so here, not in a thread that those who ask could use.

    Raises:
        Locked: somebody else wrote all the while.
    """
    until = time.monotonic() + PATIENCE
    async with writing:
        while True:
            try:
                return await run_in_threadpool(write)
            except Locked:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.1)


async def _kept(request: Request, file: Path) -> None:
    """The body of a request, written to a file piece by piece.

    Raises:
        HTTPException: nothing came for a while.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    pieces = request.stream()
    async with await anyio.open_file(file, "wb") as kept:
        try:
            while True:
                piece = await asyncio.wait_for(anext(pieces, None), SLOWEST)
                if piece is None:
                    return
                await kept.write(piece)
        except TimeoutError as error:
            raise HTTPException(408, f"Nothing was sent for {SLOWEST:g} seconds.") from error


def _bearer(request: Request) -> str | None:
    bearer = getattr(request.state, "bearer", None)
    return bearer.name if bearer else None
