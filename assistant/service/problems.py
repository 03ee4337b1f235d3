"""Turns whatever goes wrong at the service into a problem (RFC 9457): one shape at every path."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from assistant.service.jobs import BadName, TooManyJobs, UnknownJob
from index.errors import BadQuery, Locked, UnknownArticle, WhenceError

MEDIA_TYPE = "application/problem+json"

STATUSES: Mapping[type[WhenceError], int] = {
    UnknownArticle: 404, UnknownJob: 404, Locked: 409, BadQuery: 422, BadName: 422, TooManyJobs: 429,
}  # fmt: skip
"""What an error of the collection is in HTTP; any other is 503: the service cannot do it until someone mends it."""


CODES: Mapping[int, str] = {413: "too-large", 422: "invalid-request"}
"""Of statuses whose words differ from one Python to the next."""


class Fault(BaseModel):
    """One part of a request that is not as it must be."""

    pointer: str = Field(description="Where it stands: body, query or path, then names, as in `/body/question`.")
    detail: str


class Problem(BaseModel):
    """What went wrong, in the shape of RFC 9457; `code` is for programs, `detail` for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[Fault] = []


def problem(status: int, detail: str, code: str | None = None, errors: Sequence[Fault] = ()) -> Problem:
    """A problem; `code` is by default the status in words."""
    title = HTTPStatus(status).phrase
    code = code or CODES.get(status) or title.lower().replace(" ", "-")
    return Problem(title=title, status=status, code=code, detail=detail, errors=list(errors))


def route_path(scope: Scope) -> str:
    """The path of a request below that under which the application is shown."""
    path: str = scope["path"]
    base: str = scope.get("root_path", "")
    return path.removeprefix(base) if path.startswith(f"{base}/") else path


def of_collection(error: WhenceError) -> Problem:
    """An error of the collection as a problem: its code is its kind, as `unknown-article`."""
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
    return problem(STATUSES.get(type(error), 503), str(error), kind)


def of_validation(error: RequestValidationError) -> Problem:
    """A request that does not fit, with every part of it that does not; what was sent is not repeated."""
    faults = [Fault(pointer="/" + "/".join(map(str, e["loc"])), detail=e["msg"]) for e in error.errors()]
    told = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults[:3])
    return problem(422, told, errors=faults)


def response(told: Problem, path: str = "", headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A problem as it is sent. Under /v1 it also carries `error`, where OpenAI's clients look for it."""
    body = told.model_dump(exclude_defaults=True) | {"type": told.type}
    if path.startswith("/v1/"):
        body["error"] = {"message": told.detail, "type": told.code, "code": told.code, "param": None}
    return JSONResponse(body, told.status, headers, MEDIA_TYPE)


def handle(app: FastAPI) -> None:
    """Let every error of the application be told as a problem."""

    @app.exception_handler(WhenceError)
    async def collection(request: Request, error: WhenceError) -> JSONResponse:
        return response(of_collection(error), route_path(request.scope))

    @app.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> JSONResponse:
        return response(of_validation(error), route_path(request.scope))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        return response(problem(error.status_code, str(error.detail)), route_path(request.scope), error.headers)

    @app.exception_handler(ClientDisconnect)
    async def gone(request: Request, error: ClientDisconnect) -> JSONResponse:
        return response(problem(400, "The request broke off."), route_path(request.scope))  # which nobody reads

    @app.exception_handler(Exception)  # the server logs its traceback all the same
    async def mistake(request: Request, error: Exception) -> JSONResponse:
        told = problem(500, "The program made a mistake; its log says more.", "mistake")
        return response(told, route_path(request.scope), {"X-Request-Id": request.state.request})
