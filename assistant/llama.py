"""LlamaIndex's language models as our `Model`, and a collection as LlamaIndex's retriever.

Importing it takes 2.5 s: whoever needs it imports it inside the function that does.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import httpx
import openai
from llama_index.core.llms import LLM, ChatMessage
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.llms.openai_like import OpenAILike
from openai.types.chat import ChatCompletionChunk

from assistant.compose import Model, ModelFailed
from index.errors import WhenceError
from index.index import Index
from index.records import Hit, Query

log = logging.getLogger(__name__)

CONTEXT_WINDOW = 32_768
"""Tokens that LlamaIndex's own engines may fill; we send a few passages and never come near."""

Told = SimpleQueue[str | ModelFailed | None]
"""Pieces of a reply on their way to who reads it; last None when it was whole, else what went wrong."""

_STATUS = {
    400: "refused the request, which may be too long for it",
    401: "refused the key",
    403: "refused the key",
    404: "is not known at WHENCE_MODEL_URL",
    429: "has too many requests, or the account is used up",
}
_this_thread = threading.local()


def load_model(spec: str, url: str | None, key: str | None) -> Model:
    """The language model of that name.

    Args:
        spec: `openai-like:NAME`, the model called NAME at an OpenAI-compatible server.
        url: The server's base URL, ending in `/v1`.
        key: Its key, if it wants one.

    Raises:
        WhenceError: another kind of model, no name, or no URL.
    """
    kind, _, name = spec.partition(":")
    if kind != "openai-like" or not name:
        raise WhenceError(f"There is no model {spec!r}; WHENCE_MODEL can be openai-like:NAME.")
    if not url:
        raise WhenceError(f"The model {spec!r} has no address: set WHENCE_MODEL_URL to its server's, ending in /v1.")
    return wrap(
        OpenAILike(
            model=name,
            api_base=url,
            api_key=key or "none",  # Nothing given, the library would send the environment's OPENAI_API_KEY.
            is_chat_model=True,
            temperature=0.0,
            max_retries=1,
            context_window=CONTEXT_WINDOW,
            # Its signature is wider than pydantic's fields, which are all that mypy sees.
            http_client=openai.DefaultHttpxClient(event_hooks={"response": [_note_response]}),  # type: ignore[call-arg]
        )
    )


def wrap(llm: LLM) -> Model:
    """Any language model of LlamaIndex's as ours."""
    return _Llama(llm.metadata.model_name, llm)


@dataclass(frozen=True, slots=True)
class _Llama:
    """A `Model` that asks in a thread of its own, so that no silence of the other side outlasts the time allowed."""

    name: str
    llm: LLM = field(repr=False)  # Its own repr shows the key.

    def stream(self, prompt: str, timeout: float) -> Iterator[str]:
        deadline = time.monotonic() + timeout
        told: Told = SimpleQueue()
        left = threading.Event()
        threading.Thread(target=self._ask, args=(prompt, deadline, told, left), daemon=True).start()
        try:
            while (piece := told.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
                if isinstance(piece, ModelFailed):
                    raise piece
                yield piece
        except Empty:
            raise ModelFailed(f"{self.name} took longer than {timeout:g} s") from None
        finally:
            left.set()

    def _ask(self, prompt: str, deadline: float, told: Told, left: threading.Event) -> None:
        """Tell the pieces of the reply, last None or what went wrong; stop at a piece that nobody waits for."""
        try:
            for piece in self._reply(prompt, deadline - time.monotonic()):
                if left.is_set() or time.monotonic() > deadline:
                    return
                told.put(piece)
            told.put(None)
        except Exception as error:  # Each integration raises its own kinds, and a thread must not die unheard.
            told.put(ModelFailed(f"{self.name} {_reason(error)}"))
        finally:
            if response := getattr(_this_thread, "response", None):
                response.close()

    def _reply(self, prompt: str, timeout: float) -> Iterator[str]:
        """The pieces of the reply; a whole reply says why it ended, where its kind can say so."""
        options = {"timeout": timeout} if isinstance(self.llm, OpenAILike) else {}  # Others refuse it, or ignore it.
        text, chunked, end = "", False, None
        for response in self.llm.stream_chat([ChatMessage(content=prompt)], **options):
            if isinstance(response.raw, ChatCompletionChunk):
                chunked = True
                end = next((choice.finish_reason for choice in response.raw.choices), None) or end
            if response.delta:
                text += response.delta
                yield response.delta
        if chunked and end in (None, "length", "content_filter"):
            raise ModelFailed(f"broke off in the middle of its reply: {end or 'connection closed'}")
        if not text.strip():
            raise ModelFailed("gave an empty reply")


def _note_response(response: httpx.Response) -> None:
    """Keep the response for its thread to close: openai's stream, held by a cycle, stays open when merely dropped."""
    _this_thread.response = response


def _reason(error: Exception) -> str:
    """What went wrong, to follow the model's name; never in the server's words, which may repeat the key."""
    match error:
        case ModelFailed():
            return str(error)
        case openai.APITimeoutError() | httpx.TimeoutException():
            return "took too long"
        case openai.APIConnectionError():
            return f"cannot be reached at {error.request.url.netloc.decode()}"
        case openai.APIStatusError():
            return f"{_STATUS.get(error.status_code, 'failed')}: HTTP {error.status_code}"
        case httpx.TransportError():
            return "broke off in the middle of its reply: connection lost"
        case openai.APIError():
            return "reported an error in the middle of its reply"
        case json.JSONDecodeError():
            return "sent something that is not JSON"
        case _:
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("A language model failed with %s:\n%s", type(error).__name__, frames)
            return f"failed with {type(error).__name__}"


class WhenceRetriever(BaseRetriever):
    """A collection as LlamaIndex's retriever: nodes are passages, exact spans of their article's text.

    A node's id is its passage's key, its score the hit's; `limit` is how many it gives at most.
    """

    def __init__(self, index: Index, limit: int = 10) -> None:
        super().__init__()
        self._index = index
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._index.search(Query(query_bundle.query_str, limit=self._limit))
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in hits]


def _node(hit: Hit) -> TextNode:
    passage, article = hit.passage, hit.article
    metadata = {
        "article": article.id,
        "revision": article.revision,
        "start": passage.start,
        "end": passage.end,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "title": article.title,
        "url": article.url,
    }
    return TextNode(
        id_=str(passage.key),
        text=passage.text,
        metadata=metadata,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
    )
