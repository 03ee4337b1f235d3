"""Who may come in: the wall around every path of the service, and the headers on everything that leaves."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ledger import Bearer, Ledger
from assistant.ledger import Scope as Allowed
from assistant.service.logins import Logins
from assistant.service.problems import problem, response, route_path
from assistant.service.rules import Rules
from index.errors import WhenceError

LOGIN: Final = "/login"

OPEN: Final = frozenset({"/healthz", "/readyz", LOGIN})
"""Paths that tell nothing of the collection: whatever watches the service needs no token, and who logs in has none."""

PROGRAMS: Final = ("/api/", "/v1/", "/mcp", "/metrics")
"""Paths for programs, which send a token of their own accord; elsewhere a browser is told to ask for one."""

WRITTEN: Final = ("/api/articles", "/api/jobs", "/api/uploads", "/gradio_api/upload")
"""Paths at which whatever is not only read changes the collection."""

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


def needed(ledger: Ledger, host: str, rules: Rules) -> Ledger | None:
    """The ledger whose tokens and logins let in; None where everyone is: on this machine, unless more is demanded.

    Raises:
        NotGuarded: somebody has to be let in, and nobody can be.
    """
    if is_loopback(host) and not rules.tokens and not rules.trusted_header:
        return None
    if rules.trusted_header or Logins(ledger).all() or any(not token.revoked for token in ledger.tokens()):
        return ledger
    raise NotGuarded(
        f"Others could reach the collection at {host}, and there is no token to ask them for."
        " Make one with `whence token create NAME`, or a login with `whence login create NAME`,"
        " or listen on 127.0.0.1."
    )


class Guard:
    """Lets requests through to `app`: of those who hold a token or login of `ledger` or whom a trusted proxy names; or,
    without a ledger, if sent to this machine by name.

    The names keep a web page that has its own name resolve to 127.0.0.1 from reading the collection (DNS rebinding).
    Who came in is told to what lies behind as `scope["state"]["bearer"]`.

    Args:
        app: What is guarded.
        ledger: Whose tokens and logins are asked for; None asks for none.
        rules: Host names, origins and proxies that are known.
        base: The path under which all of this is shown.
    """

    def __init__(self, app: ASGIApp, ledger: Ledger | None, rules: Rules, base: str = "") -> None:
        self.app = app
        self.ledger = ledger
        self.logins = Logins(ledger) if ledger else None
        self.rules = rules
        self.base = base
        self.proxies = [ipaddress.ip_network(name, strict=False) for name in rules.trusted_proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket":  # nothing here speaks it, so nothing behind is asked
            await send({"type": "websocket.close", "code": 1008})
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = await self._stopped(scope)
        await (answer or self.app)(scope, receive, sending)

    async def _stopped(self, scope: Scope) -> Response | None:
        """What a request that goes no further is told."""
        method, path, sent = scope["method"], route_path(scope), Headers(scope=scope)
        if self.ledger is None:
            if not self._named(sent.get("host", "")):
                return _refused(path, 421, "The service was not started for this host name."
                                " Name it in WHENCE_HOSTS, or use 127.0.0.1.")  # fmt: skip
            return None if wanted(method, path) == "read" or self._same(sent) else _refused(path, 403, _ELSEWHERE)
        if path in OPEN:
            return None
        bearer, how = await self._bearer(self.ledger, scope, sent)
        if bearer is None:
            return await self._asked(path, sent)
        scope.setdefault("state", {})["bearer"] = bearer
        if wanted(method, path) == "read":
            return None
        # a browser sends its password along with whatever page asks it to: it only ever reads
        if bearer.scope != "write" or how == "basic":
            why = "This changes the collection: it needs a token whose scope is `write`, sent as Bearer."
            return _refused(path, 403, why)
        return None if how == "bearer" or self._same(sent) else _refused(path, 403, _ELSEWHERE)

    async def _bearer(self, ledger: Ledger, scope: Scope, sent: Headers) -> tuple[Bearer | None, str]:
        """Who asks, and how that is known: by a bearer's or basic's token, a cookie, or a proxy's word."""
        scheme, secret = credentials(sent.get("authorization", ""))
        if secret:
            return await run_in_threadpool(ledger.bearer, secret), scheme
        cookie = cookie_parser(sent.get("cookie", "")).get(cookie_name(self.base), "")
        if cookie and self.logins and (found := await run_in_threadpool(self.logins.known, cookie)):
            return found, "cookie"
        name = sent.get(self.rules.trusted_header, "").strip() if self.rules.trusted_header else ""
        if name and self._trusted(scope):
            return Bearer(name, self.rules.trusted_scope), "proxy"
        return None, ""

    async def _asked(self, path: str, sent: Headers) -> Response:
        """Who comes in without anything is asked for a token; a browser for its login, where there is any."""
        ours = path.startswith(PROGRAMS)
        reads_pages = not ours and "text/html" in sent.get("accept", "")
        people = await run_in_threadpool(self.logins.all) if reads_pages and self.logins else []
        if people:
            return RedirectResponse(f"{self.base}{LOGIN}", 303)
        why = "This needs a token: send `Authorization: Bearer TOKEN`; in a browser it is the password."
        return _refused(path, 401, why, {"WWW-Authenticate": f'{"Bearer" if ours else "Basic"} realm="Whence"'})

    def _named(self, host: str) -> bool:
        name = urlsplit(f"//{host}").hostname or ""
        return is_loopback(name) or name in self.rules.hosts

    def _same(self, sent: Headers) -> bool:
        """Whether no page of another site asks: only a browser tells an origin, and it always does where it matters."""
        origin = sent.get("origin")
        return origin is None or origin in self.rules.origins or urlsplit(origin).netloc == sent.get("host", "")

    def _trusted(self, scope: Scope) -> bool:
        peer = scope.get("client")
        try:
            address = ipaddress.ip_address(peer[0] if peer else "")
        except ValueError:
            return False
        return any(address in network for network in self.proxies)


_ELSEWHERE: Final = (
    "This changes the collection, and a page of another site asked for it. Name the site in WHENCE_ORIGINS."
)


def _refused(path: str, status: int, why: str, headers: Mapping[str, str] | None = None) -> Response:
    return response(problem(status, why), path, headers)


def cookie_name(base: str) -> str:
    """The cookie by which a browser is known to the service shown under that path."""
    return "whence" + base.replace("/", "_")


def wanted(method: str, path: str) -> Allowed:
    """What a request must be allowed to do; questions are read, though they are posted."""
    changes = method not in ("GET", "HEAD", "OPTIONS") and path.startswith(WRITTEN)
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
