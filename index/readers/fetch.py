"""Fetches web addresses politely: as robots.txt allows, one at a time, with a pause between two of one host, bounded in
time and size, and not again what is unchanged."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from index.records import Origin

if TYPE_CHECKING:
    import httpx
    from protego import Protego

NAME: Final = "Whence"
"""What robots.txt may call us."""

AGENT: Final = f"{NAME} (reads news articles into a personal collection)"
"""How we name ourselves to a server."""

LONGEST: Final = 50 * 2**20
"""Bytes of one answer, unpacked; what a sitemap may have."""

_TIMEOUT: Final = 20.0  # seconds to connect, and between two pieces of an answer
_PATIENCE: Final = 120.0  # seconds for a whole answer
_LONGEST_PAUSE: Final = 30.0  # seconds between two requests, however long a host wants it
_HOPS: Final = 5  # redirects followed, which is what robots.txt is owed (RFC 9309)
_ROBOTS: Final = 512 * 2**10  # bytes of robots.txt that are read; RFC 9309 asks for 500 KiB
_PACKINGS: Final = frozenset(("", "identity", "gzip", "deflate"))  # at most 1,000 times the bytes sent
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_LATER: Final = frozenset((429, 503))  # too many requests, or too much work: the host is left alone


class Unfetched(Exception):
    """An address from which nothing was read; says why, fit to be shown."""


class Private(Unfetched):
    """An address that only those of some network reach, while only the public internet may be asked."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered. `url` is the one that did, after redirects; `content` None: unchanged since then."""

    url: str
    content: bytes | None
    kind: str = ""
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None


Known = Callable[[str], Origin | None]
"""Where and in which version the article of an address is held already, None where it is not."""


class Web:
    """Fetches, and remembers for each host what its robots.txt says and when it was last asked.

    Args:
        pause: Seconds between two requests to one host, unless its robots.txt asks for more.
        sleep: What waits so many seconds.
        public: Whether to ask nobody but hosts of the public internet, wherever an address or a redirect leads.
    """

    def __init__(self, pause: float = 1.0, sleep: Callable[[float], None] = time.sleep, public: bool = False) -> None:
        self._pause, self._sleep, self._public = pause, sleep, public
        self._client: httpx.Client | None = None
        self._rules: dict[str, Protego | None] = {}
        self._asked: dict[str, float] = {}
        self._resting: dict[str, str] = {}

    def close(self) -> None:
        """Let go of every connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def get(self, url: str, known: Known, most: int = LONGEST) -> Fetched:
        """What stands at an address: at most so many bytes, none where it is unchanged since it was `known`.

        Raises:
            Unfetched: it may not, could not, or need not be read.
        """
        for _ in range(_HOPS + 1):
            host = _host(url)
            if host in self._resting:
                raise Unfetched(f"not asked again: {self._resting[host]}")
            rules = self._robots(host)
            if rules is None:
                raise Unfetched(f"the robots.txt of {host} could not be read, so nothing is fetched there")
            if not rules.can_fetch(url, NAME):
                raise Unfetched(f"the robots.txt of {host} does not allow it")
            self._wait(host, rules.crawl_delay(NAME))
            with self._answer(url, _conditions(known(url), url)) as answer:
                if answer.status_code not in _REDIRECTS:
                    return self._fetched(url, host, answer, most)
                url = _target(url, answer)
        raise Unfetched(f"more than {_HOPS} redirects, last to {url}")

    def _fetched(self, url: str, host: str, answer: httpx.Response, most: int) -> Fetched:
        if answer.status_code == 304:
            return Fetched(url, None)
        if answer.status_code in _LATER:
            self._resting[host] = f"{host} asked to be left alone for now (HTTP {answer.status_code})"
            raise Unfetched(self._resting[host])
        if answer.status_code != 200:
            raise Unfetched(f"HTTP {answer.status_code} {answer.reason_phrase}".strip())
        content = _content(answer, most)
        if content is None:
            raise Unfetched(f"more than {most / 2**20:g} MB")
        header = answer.headers
        kind = header.get("content-type", "").partition(";")[0].strip().lower()
        return Fetched(url, content, kind, answer.charset_encoding, header.get("etag"), header.get("last-modified"))

    def _robots(self, host: str) -> Protego | None:
        """What a host allows: everything where it has no robots.txt, None where that cannot be learned."""
        if host not in self._rules:
            self._rules[host] = self._read_robots(f"{host}/robots.txt")
        return self._rules[host]

    def _read_robots(self, url: str) -> Protego | None:
        from protego import Protego  # with httpx 0.2 s, for those who add addresses

        try:
            for _ in range(_HOPS + 1):
                with self._answer(url, {}) as answer:
                    if answer.status_code in _REDIRECTS:
                        url = _target(url, answer)
                    elif answer.status_code == 200:
                        content = _content(answer, _ROBOTS, cut=True) or b""
                        return Protego.parse(content.decode("utf-8-sig", "replace"))
                    else:
                        return Protego.parse("") if 400 <= answer.status_code < 500 else None
        except Private:
            raise
        except Unfetched:
            return None
        return Protego.parse("")  # redirects without end are as good as none, says RFC 9309

    def _wait(self, host: str, wanted: float | None) -> None:
        """Waits until the host may be asked again."""
        pause = min(max(self._pause, wanted or 0.0), _LONGEST_PAUSE)
        left = self._asked.get(host, float("-inf")) + pause - time.monotonic()
        if left > 0:
            self._sleep(left)
        self._asked[host] = time.monotonic()

    @contextmanager
    def _answer(self, url: str, conditions: dict[str, str]) -> Iterator[httpx.Response]:
        """The answer to one request, its content still to be read. Raises Unfetched."""
        import httpx

        from index.readers.public import NotPublic, Public

        if self._client is None:
            headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"}
            guarded = Public() if self._public else None
            self._client = httpx.Client(headers=headers, timeout=_TIMEOUT, transport=guarded)
        try:
            with self._client.stream("GET", url, headers=conditions) as answer:
                self._client.cookies.clear()  # nobody follows us from page to page
                yield answer
        except NotPublic as error:
            raise Private(f"{error}; addresses given to a service have to be") from error
        except httpx.InvalidURL as error:
            raise Unfetched(f"not a web address ({error})") from error
        except httpx.TimeoutException as error:
            raise Unfetched(f"no answer within {_TIMEOUT:g} seconds") from error
        except httpx.HTTPError as error:
            raise Unfetched(f"no answer ({str(error) or type(error).__name__})") from error


def _content(answer: httpx.Response, most: int, cut: bool = False) -> bytes | None:
    """The bytes of an answer, unpacked; of more than `most` None, or with `cut` the first. Raises Unfetched."""
    packing = answer.headers.get("content-encoding", "").strip().lower()
    if packing not in _PACKINGS:
        raise Unfetched(f"sent packed as {packing!r}, which was not asked for")
    until, content = time.monotonic() + _PATIENCE, bytearray()
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > most:
            return bytes(content[:most]) if cut else None
        if time.monotonic() > until:
            raise Unfetched(f"not sent within {_PATIENCE:g} seconds")
    return bytes(content)


def _conditions(held: Origin | None, url: str) -> dict[str, str]:
    """The headers that ask for an address's content only if it is no longer that of the article held."""
    if held is None or held.path != url:
        return {}
    given = {"If-None-Match": held.etag, "If-Modified-Since": held.modified}
    return {name: value for name, value in given.items() if value}


def _target(url: str, answer: httpx.Response) -> str:
    """Where a redirect leads. Raises Unfetched."""
    try:
        return urljoin(url, str(answer.headers.get("location", "")))
    except ValueError as error:
        raise Unfetched("redirected to what is no address") from error


def _host(url: str) -> str:
    """Scheme, name and port of an address. Raises Unfetched for any other than http and https."""
    try:
        parts = urlsplit(url)
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise Unfetched(f"not a web address ({error})") from error
    if parts.scheme not in ("http", "https"):
        raise Unfetched(f"an address of {parts.scheme}; expected http or https, or the path of a file")
    if not name:
        raise Unfetched("not a web address; it names no host")
    if parts.username is not None:
        raise Unfetched("an address with a login in it; it would be kept with the article")
    name = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{name}:{port}" if port else f"{parts.scheme}://{name}"
