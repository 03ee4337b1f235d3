"""LlamaIndex's language models as our `Model`: asked again where that may help, hung up on when nobody waits.

Importing it takes 2.5 s: whoever needs it imports it inside the function that does.
"""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import httpx
import openai
from llama_index.core.llms import LLM, ChatMessage
from llama_index.llms.openai import OpenAI
from llama_index.llms.openai.utils import ALL_AVAILABLE_MODELS
from llama_index.llms.openai_like import OpenAILike
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from assistant.chunks import oddity
from assistant.compose import REPLY, Model, ModelFailed
from assistant.markers import PULSE
from assistant.thoughts import spoken
from index.errors import WhenceError

log = logging.getLogger(__name__)

CONTEXT_WINDOW = 32_768
"""Tokens that LlamaIndex's own engines may fill; we send a few passages and never come near."""

THOUGHT = 3_000
"""Tokens that a model may think before it writes, which its server counts with the reply. With the prompt, which takes
some 3,000, and the reply that fits a context of 8,192."""

OPENAI = "https://api.openai.com/v1"
"""Where OpenAI's own models are, unless another address is set."""

RETRIES = 2
"""How often a model is asked again that is not reached, overloaded or failing, before the first piece of its reply."""

WAITED, LONGEST = 0.5, 8.0
"""Seconds before the first such time, doubled each time; and the longest wait that a server may ask for."""

Told = SimpleQueue[str | ModelFailed | None]
"""Pieces of a reply on their way to who reads it; last None when it was whole, else what went wrong."""

_STATUS = {
    400: "refused the request, which may be too long for it",
    401: "refused the key",
    402: "wants its account to be paid",
    403: "refused the key",
    404: "is not known at WHENCE_MODEL_URL",
    413: "refused the request, which may be too long for it",
    422: "refused the request, which may be too long for it",
    429: "has too many requests, or the account is used up",
}
_PASSING = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
"""What a server answers when it may do better a little later."""

_ENDS = {
    None: "connection closed",
    "length": "it used up its tokens",
    "content_filter": "its own filter stopped it",
    "error": "it reported an error",
}
"""Why a reply in OpenAI's protocol ended before it was whole."""

_MISREAD = (TypeError, AttributeError, KeyError, IndexError)
"""What comes of a chunk that is not as the protocol has it."""

_KEPT = 4_000
"""Bytes of what a server sent last that are kept, to say what was odd about it."""

_this_thread = threading.local()


def load_model(spec: str, url: str | None, key: str | None) -> Model:
    """The language model of that name.

    Args:
        spec: `KIND:NAME`. `openai-like:NAME` is the model called NAME at an OpenAI-compatible server; `openai`,
            `anthropic`, `ollama` and `google` are those makers' own services, by LlamaIndex's packages.
        url: The server's base URL, for an OpenAI-compatible one ending in `/v1`.
        key: Its key, if it wants one.

    Raises:
        WhenceError: another kind of model, no name, no URL or key where one is needed or one that cannot be right, or a
            package that is missing.
    """
    kind, _, name = spec.partition(":")
    if kind not in _KINDS or not name:
        known = ", ".join(f"{kind}:NAME" for kind in _KINDS)
        raise WhenceError(f"There is no model {spec!r}; WHENCE_MODEL can be {known}.")
    try:
        return wrap(_KINDS[kind](name, _address(url), _plain(key)))
    except ModuleNotFoundError as error:
        raise WhenceError(
            f"The model {spec!r} needs the package {error.name}; install it with: pip install 'whence[{kind}]'"
        ) from error


def wrap(llm: LLM) -> Model:
    """Any language model of LlamaIndex's as ours."""
    name = getattr(llm, "model", None)  # For names that it does not know yet, openai's has no metadata.
    return _Llama(name if isinstance(name, str) else llm.metadata.model_name, llm)


def probe(model: Model, timeout: float = 5.0) -> str:
    """Whether a model answers within so many seconds, in words fit to be shown."""
    begun = time.monotonic()
    try:
        next(filter(None, model.stream("Reply with the word OK.", timeout)))
    except ModelFailed as error:
        return f"does not answer ({error})"
    return f"answers, after {time.monotonic() - begun:.1f} s"


# -- kinds -------------------------------------------------------------------------------------------------------------


def _openai_like(name: str, url: str | None, key: str | None) -> LLM:
    if not url:
        raise WhenceError(f"The model {name!r} has no address: set WHENCE_MODEL_URL to its server's, ending in /v1.")
    return OpenAILike(
        model=name,
        api_base=url,
        api_key=key or "none",  # Nothing given, the library would send the environment's OPENAI_API_KEY.
        is_chat_model=True,
        temperature=0.0,
        max_tokens=REPLY + THOUGHT,
        max_retries=0,  # We ask again ourselves, within the time allowed.
        context_window=CONTEXT_WINDOW,
        # Its signature is wider than pydantic's fields, which are all that mypy sees.
        http_client=_client(),  # type: ignore[call-arg]
    )


def _openai(name: str, url: str | None, key: str | None) -> LLM:
    if name not in ALL_AVAILABLE_MODELS and not name.startswith(
        "ft:"
    ):  # Newer than the package: asked as it asks the newest that it knows.
        return OpenAILike(
            model=name, api_base=url or OPENAI, api_key=_wanted(key, "openai", name), is_chat_model=True,
            temperature=1.0, additional_kwargs={"max_completion_tokens": REPLY + THOUGHT}, max_retries=0,
            context_window=CONTEXT_WINDOW, http_client=_client(),  # type: ignore[call-arg]
        )  # fmt: skip
    return OpenAI(
        model=name, api_base=url, api_key=_wanted(key, "openai", name), temperature=0.0, max_tokens=REPLY + THOUGHT,
        max_retries=0, http_client=_client(),
    )  # fmt: skip


def _anthropic(name: str, url: str | None, key: str | None) -> LLM:
    from llama_index.llms.anthropic import Anthropic  # an extra

    given: LLM = Anthropic(
        model=name, base_url=url, api_key=_wanted(key, "anthropic", name), temperature=0.0, max_tokens=REPLY + THOUGHT,
        max_retries=0,
    )  # fmt: skip
    return given


def _ollama(name: str, url: str | None, key: str | None) -> LLM:
    from llama_index.llms.ollama import Ollama  # an extra

    given: LLM = Ollama(model=name, base_url=url or "http://127.0.0.1:11434", temperature=0.0)
    return given


def _google(name: str, url: str | None, key: str | None) -> LLM:
    from llama_index.llms.google_genai import GoogleGenAI  # an extra

    given: LLM = GoogleGenAI(
        model=name, api_key=_wanted(key, "google", name), temperature=0.0, max_tokens=REPLY + THOUGHT, max_retries=0
    )
    return given


def _address(url: str | None) -> str | None:
    """A server's base URL, without what a client adds to it.

    Raises:
        WhenceError: it is no address of a server; the text does not repeat it, for it may hold a password.
    """
    base = (url or "").strip().rstrip("/").removesuffix("/chat/completions")
    if base and not re.match(r"https?://[^/\s]+[^\s]*\Z", base):
        raise WhenceError("WHENCE_MODEL_URL must begin with http:// or https://, as http://127.0.0.1:11434/v1 does.")
    return base or None


def _plain(key: str | None) -> str | None:
    """A key without the space around it that copying brings along.

    Raises:
        WhenceError: it has characters that no request can carry; the text does not repeat it.
    """
    own = (key or "").strip()
    if not (own.isascii() and own.isprintable()):
        raise WhenceError(
            "WHENCE_MODEL_KEY has characters that no key has, such as an accent or a curly quotation mark."
        )
    return own or None


_KINDS: Mapping[str, Callable[[str, str | None, str | None], LLM]] = {
    "openai-like": _openai_like,
    "openai": _openai,
    "anthropic": _anthropic,
    "ollama": _ollama,
    "google": _google,
}


def _wanted(key: str | None, kind: str, name: str) -> str:
    """The key, which never falls back to one that lies in the environment for other programs."""
    if not key:
        raise WhenceError(f"The model '{kind}:{name}' wants a key: set WHENCE_MODEL_KEY.")
    return key


# -- a call ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Call:
    """One call of a model, seen by the thread that makes it and by the one that waits for it."""

    deadline: float
    told: Told = field(default_factory=SimpleQueue)
    left: threading.Event = field(default_factory=threading.Event)
    line: socket.socket | None = None
    response: httpx.Response | None = None
    sent: bytes = b""

    @property
    def over(self) -> bool:
        return self.left.is_set() or time.monotonic() > self.deadline

    def odd(self) -> str | None:
        """What is odd about what the server sent last, in words; None where nothing is, or its packing hides it."""
        return oddity(self.sent.decode("utf-8", "replace"), cut=len(self.sent) >= _KEPT)

    def leave(self) -> None:
        """Hang up: a thread that still reads wakes at once, and the server sees that nobody listens."""
        self.left.set()
        if self.line is not None:
            with suppress(OSError):  # it has ended by itself
                self.line.shutdown(socket.SHUT_RDWR)

    def connected(self, event: str, info: Mapping[str, object]) -> None:
        """What httpx tells of a connection as it is made."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            stream = info["return_value"]
            self.line = stream.get_extra_info("socket")  # type: ignore[attr-defined]  # of httpcore
            if self.left.is_set():
                self.leave()


@dataclass(frozen=True, slots=True)
class _Llama:
    """A `Model` that asks in a thread of its own, so that no silence of the other side outlasts the time allowed."""

    name: str
    llm: LLM = field(repr=False)  # Its own repr shows the key.

    def stream(self, prompt: str, timeout: float) -> Iterator[str]:
        call = _Call(time.monotonic() + timeout)
        threading.Thread(target=self._ask, args=(prompt, call), daemon=True).start()
        try:
            yield ""
            while time.monotonic() < call.deadline:
                try:
                    piece = call.told.get(timeout=min(PULSE, max(0.0, call.deadline - time.monotonic())))
                except Empty:
                    yield ""
                    continue
                if piece is None:
                    return
                if isinstance(piece, ModelFailed):
                    raise piece
                yield piece
            raise ModelFailed(f"{self.name} took longer than {round(timeout, 1):g} s")
        finally:
            call.leave()

    def _ask(self, prompt: str, call: _Call) -> None:
        """Tell the pieces of the reply, last None or what went wrong; stop where nobody waits for more."""
        _this_thread.call = call
        wait, tries = WAITED, 0
        while True:
            begun = False
            try:
                for piece in self._reply(prompt, call):
                    if call.over:
                        return
                    begun = True
                    call.told.put(piece)
                call.told.put(None)
            except Exception as error:  # Each integration raises its own kinds, and a thread must not die unheard.
                tries += 1
                pause = max(wait, _asked_to_wait(error))
                again = not begun and tries <= RETRIES and _passing(error) and pause <= LONGEST
                if again and time.monotonic() + pause < call.deadline:
                    if call.left.wait(pause):
                        return
                    wait *= 2
                    continue
                if not call.left.is_set():
                    odd = call.odd() if isinstance(error, _MISREAD) else None
                    call.told.put(ModelFailed(f"{self.name} {f'sent {odd}' if odd else _reason(error)}"))
            finally:
                if call.response:  # openai's stream, held by a cycle, stays open when merely dropped
                    call.response.close()
            return

    def _reply(self, prompt: str, call: _Call) -> Iterator[str]:
        """The pieces of the reply, thoughts left out; a whole reply says why it ended, where its kind can say so."""
        text = ""
        for piece in filter(None, spoken(self._written(prompt, call))):
            text += piece
            yield piece
        if not text.strip():
            odd = call.odd()
            raise ModelFailed(f"sent {odd}" if odd else "gave an empty reply")

    def _written(self, prompt: str, call: _Call) -> Iterator[str]:
        """All that the model writes, in pieces; in one where it, or its server, cannot stream."""
        messages, given, chunked, end = [ChatMessage(content=prompt)], False, False, None
        try:
            for response in self.llm.stream_chat(messages, **self._within(call)):
                given = True
                if isinstance(response.raw, ChatCompletionChunk):
                    chunked = True
                    end = next((choice.finish_reason for choice in response.raw.choices), None) or end
                if response.delta:
                    yield response.delta
            if chunked and end in _ENDS:
                raise ModelFailed(f"broke off in the middle of its reply: {_ENDS[end]}")
            sent = call.response.headers.get("content-type", "") if call.response else ""
            if sent.startswith("text/html"):
                raise ModelFailed("sent a web page: WHENCE_MODEL_URL may be the address of something else")
            streams = given or not sent.startswith("application/json")
        except NotImplementedError:
            streams = False
        if not streams:
            whole = self.llm.chat(messages, **self._within(call))
            yield whole.message.content or ""
            end = whole.raw.choices[0].finish_reason if isinstance(whole.raw, ChatCompletion) else None
            if end is not None and end in _ENDS:  # some servers never say why a whole reply ended
                raise ModelFailed(f"broke off in the middle of its reply: {_ENDS[end]}")

    def _within(self, call: _Call) -> dict[str, float]:
        """The time left, for those kinds that neither refuse to be told of it nor ignore it."""
        return {"timeout": max(0.1, call.deadline - time.monotonic())} if isinstance(self.llm, OpenAI) else {}


def _client() -> httpx.Client:
    """A client whose every call can be hung up on: each has a connection of its own, known to its `_Call`."""
    return openai.DefaultHttpxClient(
        event_hooks={"request": [_watch], "response": [_note]}, limits=httpx.Limits(max_keepalive_connections=0)
    )


def _watch(request: httpx.Request) -> None:
    if (call := getattr(_this_thread, "call", None)) is not None:
        request.extensions["trace"] = call.connected


def _note(response: httpx.Response) -> None:
    if (call := getattr(_this_thread, "call", None)) is not None:
        call.response, call.sent = response, b""
        assert isinstance(response.stream, httpx.SyncByteStream)
        if "content-encoding" not in response.headers:
            response.stream = _Kept(response.stream, call)


@dataclass(frozen=True, slots=True)
class _Kept(httpx.SyncByteStream):
    """What a server sends, its end kept with the call."""

    stream: httpx.SyncByteStream
    call: _Call

    def __iter__(self) -> Iterator[bytes]:
        for block in self.stream:
            self.call.sent = (self.call.sent + block)[-_KEPT:]
            yield block

    def close(self) -> None:
        self.stream.close()


def _passing(error: Exception) -> bool:
    """Whether the same request may fare better a little later."""
    status = _status(error)
    unreached = (openai.APIConnectionError, httpx.ConnectError, ConnectionError)
    return (isinstance(error, unreached) and not isinstance(error, openai.APITimeoutError)) or status in _PASSING


def _status(error: Exception) -> int | None:
    """The HTTP status in an error of openai's, anthropic's or ollama's package, or of google's; None without one."""
    told = (getattr(error, "status_code", None), getattr(error, "code", None))
    return next((one for one in told if isinstance(one, int) and one >= 400), None)


def _refusal(status: int) -> str:
    return f"{_STATUS.get(status, 'failed')}: HTTP {status}"


def _asked_to_wait(error: Exception) -> float:
    """The seconds that a server asks for with `Retry-After`; 0 where it does not."""
    response = getattr(error, "response", None)
    asked = response.headers.get("retry-after", "") if isinstance(response, httpx.Response) else ""
    return float(asked) if asked.replace(".", "", 1).isdecimal() else 0.0


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
            lacking = error.status_code == 404 and "/v1/" not in error.request.url.path
            return _refusal(error.status_code) + (" (the address mostly ends in /v1)" if lacking else "")
        case httpx.TransportError():
            return "broke off in the middle of its reply: connection lost"
        case openai.APIError():
            return "reported an error in the middle of its reply"
        case UnicodeDecodeError():
            return "sent something that is not UTF-8"
        case json.JSONDecodeError():
            return "sent something that is not JSON"
        case ConnectionError():
            return "cannot be reached"
        case _ if (status := _status(error)) is not None:
            return _refusal(status)
        case _:
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("A language model failed with %s:\n%s", type(error).__name__, frames)
            return f"failed with {type(error).__name__}"
