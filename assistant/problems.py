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

from index.errors import BadQuery, Locked, UnknownArticle, WhenceError

MEDIA_TYPE = "application/problem+json"

STATUSES: Mapping[type[WhenceError], int] = {UnknownArticle: 404, Locked: 409, BadQuery: 422}
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
        return response(of_collection(error), request.url.path)

    @app.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> JSONResponse:
        return response(of_validation(error), request.url.path)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        return response(problem(error.status_code, str(error.detail)), request.url.path, error.headers)

    @app.exception_handler(Exception)  # the server logs its traceback all the same
    async def mistake(request: Request, error: Exception) -> JSONResponse:
        return response(problem(500, "The program made a mistake; its log says more.", "mistake"), request.url.path)
