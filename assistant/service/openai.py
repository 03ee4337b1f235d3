"""The way in that OpenAI's clients know: a conversation as they send it, answered with footnotes and annotations."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from assistant.ask import Assistant
from assistant.footnotes import footnoted, is_web, notes, unfootnoted
from assistant.records import Answer, Citation, Turn
from assistant.service import problems, wire
from assistant.service.metrics import Meters
from index.errors import WhenceError

MODEL = "whence"
"""The one model there is; any other name is answered by it too."""

_MARKER = re.compile(r"(?<!\\)\[\^(\d+)\]")


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = Field("", max_length=100_000)


class Message(BaseModel):
    """Who said what; instructions (`system`, `developer`) are not followed, and tools are not known."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=100_000)] | list[Part] | None = None

    @property
    def text(self) -> str:
        """Its text, whichever way it was sent."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class Completion(BaseModel):
    """A conversation to be continued; what else clients send (temperature, ...) has no bearing on a quotation."""

    messages: list[Message] = Field(
        min_length=1,
        max_length=2 * wire.MOST_TURNS + 1,
        examples=[[{"role": "user", "content": "Who first reported the closure of the swing bridge?"}]],
    )
    model: str = MODEL
    stream: bool | None = False
    n: Literal[1] | None = 1


def router(assistant: Assistant, meters: Meters, base: str = "") -> APIRouter:
    """The paths below /v1 of a service that is shown under `base`."""
    paths = APIRouter(tags=["openai"])

    @paths.get("/models")
    async def models() -> dict[str, Any]:
        """The models: one."""
        return {"object": "list", "data": [_model()]}

    @paths.get("/models/{id}")
    async def model(id: str) -> dict[str, Any]:
        """That model."""
        if id != MODEL:
            raise HTTPException(404, f"The only model is {MODEL!r}.")
        return _model()

    @paths.post(
        "/chat/completions", responses={200: {"content": {"text/event-stream": {}}, "description": "As OpenAI's."}}
    )
    def complete(asked: Completion, request: Request) -> Response:
        """An answer to the last message; its footnotes and `annotations` are the citations, `whence` our own record."""
        question, turns = conversation(asked.messages)
        request.state.asked = question
        pieces = meters.counted(assistant.stream(question, turns))
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        here = f"{request.url.scheme}://{request.url.netloc}{base}/"
        if asked.stream:
            shown = _chunks(head, here)
            body = wire.events(wire.begun(pieces), shown, _failure)
            return StreamingResponse(body, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        *said, answer = pieces
        assert isinstance(answer, Answer)
        content = "".join(footnoted(piece) for piece in said if isinstance(piece, str)) + notes(answer)
        message = {"role": "assistant", "content": content, "refusal": None,
                   "annotations": marks(content, answer.citations, here)}  # fmt: skip
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return JSONResponse({**head, "object": "chat.completion", "choices": [choice], "whence": answer.to_dict()})

    return paths


def conversation(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """The question, which is the last message, and the exchanges before it.

    Raises:
        HTTPException: the last message is not a user's, or says nothing.
    """
    spoken = [message for message in messages if message.role in ("user", "assistant")]
    if not spoken or spoken[-1].role != "user" or not spoken[-1].text.strip():
        raise HTTPException(422, "The last message has to be a user's, and to have text.")
    turns: list[Turn] = []
    asked: list[str] = []
    for message in spoken[:-1]:
        if message.role == "user":
            asked.append(message.text)
        elif asked:
            turns.append(Turn("\n".join(asked), unfootnoted(message.text)))
            asked = []
    return spoken[-1].text, turns


def marks(content: str, citations: Sequence[Citation], base: str) -> list[dict[str, Any]]:
    """Each footnote's mark in the content, with the page that it cites: the outlet's own, else ours under `base`."""
    cited = {citation.number: citation for citation in citations}
    below = content.find("\n\n[^")
    found = _MARKER.finditer(content, 0, below if below >= 0 else len(content))
    return [_annotation(mark.span(), cited[int(mark[1])], base) for mark in found if int(mark[1]) in cited]


def _annotation(span: tuple[int, int], cited: Citation, base: str) -> dict[str, Any]:
    ours = f"{base}api/articles/{quote(cited.article, safe='')}?revision={cited.revision}"
    told = {"start_index": span[0], "end_index": span[1], "title": cited.title or cited.article,
            "url": cited.url if is_web(cited.url) else ours}  # fmt: skip
    return {"type": "url_citation", "url_citation": told}


def _chunks(head: dict[str, Any], base: str) -> Callable[[str | Answer], str]:
    """What each piece of an answer is as server-sent events: sentences, then footnotes, annotations and the end."""
    said: list[str] = []

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return wire.event({**head, "object": "chat.completion.chunk", "choices": [choice], **more})

    def shown(piece: str | Answer) -> str:
        if isinstance(piece, str):
            role = {} if said else {"role": "assistant"}
            said.append(footnoted(piece))
            return chunk({**role, "content": said[-1]})
        below = notes(piece)
        cited = marks("".join(said) + below, piece.citations, base)
        told = chunk({"content": below, "annotations": cited}) + chunk({}, "stop", whence=piece.to_dict())
        return told + "data: [DONE]\n\n"

    return shown


def _failure(error: WhenceError) -> str:
    """An error in the midst of a stream, where OpenAI's clients look for it."""
    told = problems.of_collection(error)
    return wire.event({"error": {"message": told.detail, "type": told.code, "code": told.code, "param": None}})


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "whence"}
