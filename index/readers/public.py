"""Keeps fetching to the public internet: names that lead to private addresses are not asked, whoever sends us there."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import Final

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_BRIDGED: Final = ipaddress.ip_network("64:ff9b::/96")  # IPv4 behind NAT64 (RFC 6052)


class NotPublic(httpx.RequestError):
    """A host that is none of the public internet's."""


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"{host} has no address") from error


def is_public(address: str) -> bool:
    """Whether an address is one that everybody reaches: not this machine's, this network's, a test's, a group's."""
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found in _BRIDGED:
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        else:
            found = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else found)
    return found.is_global and not found.is_multicast


class Public(httpx.BaseTransport):
    """Sends a request to the very address that was looked at, so that a name cannot lead elsewhere a moment later.

    Redirects are requests of their own and looked at likewise. Connections are not kept: one made for a name must not
    serve another at the same address.

    Args:
        resolve: Gives the addresses of a host.
    """

    def __init__(self, resolve: Callable[[str, int], Sequence[str]] = resolved) -> None:
        self._resolve = resolve
        self._under = httpx.HTTPTransport(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer. Raises NotPublic before anything is sent."""
        host = request.url.host
        addresses = self._resolve(host, request.url.port or (443 if request.url.scheme == "https" else 80))
        if not addresses or not all(map(is_public, addresses)):
            raise NotPublic(f"{host} is not on the public internet", request=request)
        return self._under.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host=addresses[0]),
                headers=request.headers,  # with the Host asked for
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
        )

    def close(self) -> None:
        """Let go of every connection."""
        self._under.close()
