"""Who may come in: the wall around every path of the service, and the headers on everything that leaves."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Sequence
from typing import Final, Literal
from urllib.parse import urlsplit

from fastapi import HTTPException
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ledger import Ledger
from assistant.ledger import Scope as Allowed
from assistant.problems import problem, response
from index.errors import WhenceError

OPEN: Final = frozenset({"/healthz", "/readyz"})
"""Paths that tell nothing of the collection, so that whatever watches the service needs no token."""

PROGRAMS: Final = ("/api/", "/v1/", "/mcp")
"""Paths for programs, which send a token of their own accord; elsewhere a browser is told to ask for one."""

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class NotGuarded(WhenceError):
    """The service would listen where others reach it, and there is no token to ask for."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at that address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def needed(ledger: Ledger, host: str, demanded: bool) -> Ledger | None:
    """The ledger whose tokens everyone must show; None where nobody must: on this machine, unless demanded.

    Raises:
        NotGuarded: tokens are needed, and the ledger has no live one.
    """
    if is_loopback(host) and not demanded:
        return None
    if all(token.revoked for token in ledger.tokens()):
        raise NotGuarded(
            f"Others could reach the collection at {host}, and there is no token to ask them for."
            " Make one with `whence token create NAME`, or listen on 127.0.0.1."
        )
    return ledger


class Guard:
    """Lets requests through to `app`: with a token of `ledger`, or, without a ledger, if sent to this machine by name.

    The names keep a web page that has its own name resolve to 127.0.0.1 from reading the collection (DNS rebinding).

    Args:
        app: What is guarded.
        ledger: Whose tokens are asked for; None asks for none.
        hosts: Names beside this machine's own under which a proxy shows the service.
    """

    def __init__(self, app: ASGIApp, ledger: Ledger | None, hosts: Sequence[str] = ()) -> None:
        self.app = app
        self.ledger = ledger
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        path, sent = scope["path"], Headers(scope=scope)
        if self.ledger is None:
            refusal = None if self._named(sent.get("host", "")) else _MISDIRECTED
        else:
            refusal = await self._refusal(self.ledger, scope["method"], path, sent.get("authorization", ""))
        if refusal is None:
            await self.app(scope, receive, sending)
            return
        status, why, scheme = refusal
        challenge = {"WWW-Authenticate": f'{scheme} realm="Whence"'} if scheme else None
        await response(problem(status, why), path, challenge)(scope, receive, sending)

    def _named(self, host: str) -> bool:
        name = urlsplit(f"//{host}").hostname or ""
        return is_loopback(name) or name in self.hosts

    async def _refusal(self, ledger: Ledger, method: str, path: str, authorization: str) -> Refusal | None:
        if path in OPEN:
            return None
        scheme, secret = credentials(authorization)
        allowed = await run_in_threadpool(ledger.scope, secret) if secret else None
        if allowed is None:
            ours: Scheme = "Bearer" if path.startswith(PROGRAMS) else "Basic"
            return 401, "This needs a token: send `Authorization: Bearer TOKEN`; in a browser it is the password.", ours
        # a browser sends its password along with whatever page asks it to: it only ever reads
        if wanted(method, path) == "write" and (allowed != "write" or scheme != "bearer"):
            return 403, "This changes the collection: it needs a token whose scope is `write`, sent as Bearer.", None
        return None


Scheme = Literal["Bearer", "Basic"]
Refusal = tuple[int, str, Scheme | None]
_MISDIRECTED: Final[Refusal] = (
    421, "The service was not started for this host name. Name it in WHENCE_HOSTS, or use 127.0.0.1.", None,
)  # fmt: skip


class Bounded:
    """Takes no request of more than `largest` bytes, whether its length is declared or not."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        too_large = f"A request may have {self.largest:,} bytes. Send what is larger in parts."
        declared, taken = Headers(scope=scope).get("content-length", ""), 0
        if declared.isdigit() and int(declared) > self.largest:
            await response(problem(413, too_large), scope["path"])(scope, receive, send)
            return

        async def receiving() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.largest:
                raise HTTPException(413, too_large)
            return message

        await self.app(scope, receiving, send)


def wanted(method: str, path: str) -> Allowed:
    """What a request must be allowed to do; questions are read, though they are posted."""
    changes = method not in ("GET", "HEAD", "OPTIONS") and path.startswith("/api/articles")
    return "write" if changes else "read"


def credentials(authorization: str) -> tuple[str, str]:
    """The scheme in lower case and the secret: a bearer's token, or the password of whoever logged in."""
    scheme, _, value = authorization.partition(" ")
    scheme, value = scheme.lower(), value.strip()
    if scheme == "bearer":
        return scheme, value
    if scheme == "basic":
        try:
            return scheme, base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return scheme, ""
    return scheme, ""
