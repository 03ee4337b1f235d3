"""What a service asks of those who come: as its operator wants it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from assistant.ledger import Scope
from assistant.settings import Settings
from index.errors import WhenceError


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a service; by default those for one on this machine.

    Args:
        hosts: Host names under which a proxy shows a service that asks for no token.
        tokens: Whether tokens (or logins) are asked for on this machine too.
        rate: Requests that one token or login may make, as `600/minute`; several limits are parted by semicolons.
        origins: Origins whose web pages may ask the service from a browser.
        trusted_header: The header in which a proxy names whom it has let in; empty for none.
        trusted_proxies: Addresses and networks whose headers are believed.
        trusted_scope: What those may do whom the proxy names.
        largest_upload: Bytes of one file.
        log_questions: Whether what is asked is logged.
    """

    hosts: tuple[str, ...] = ()
    tokens: bool = False
    rate: str = "600/minute"
    origins: tuple[str, ...] = ()
    trusted_header: str = ""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    trusted_scope: Scope = "read"
    largest_upload: int = 256 * 2**20
    log_questions: bool = False


def rules(settings: Settings, tokens: bool = False) -> Rules:
    """The rules that settings ask for.

    Raises:
        WhenceError: a proxy that is neither an address nor a network.
    """
    proxies = listed(settings.trusted_proxies)
    for name in proxies:
        try:
            ipaddress.ip_network(name, strict=False)
        except ValueError as error:
            raise WhenceError(f"Setting 'trusted_proxies' has {name!r}; it wants addresses or networks.") from error
    return Rules(
        hosts=listed(settings.hosts),
        tokens=tokens,
        rate=settings.rate,
        origins=listed(settings.origins),
        trusted_header=settings.trusted_header,
        trusted_proxies=proxies,
        trusted_scope="write" if settings.trusted_scope == "write" else "read",
        largest_upload=int(settings.upload_limit * 2**20),
        log_questions=settings.log_questions == "yes",
    )


def listed(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(filter(None, map(str.strip, text.split(","))))


def collections(settings: Settings) -> dict[str, str]:
    """Further collections to be served: folders by name.

    Raises:
        WhenceError: an entry that is not `name=folder`, a name that cannot stand in a path, or one that comes twice.
    """
    found: dict[str, str] = {}
    for entry in listed(settings.collections):
        name, _, folder = entry.partition("=")
        if not folder or not name.replace("-", "").isalnum() or not name.isascii() or name in found:
            raise WhenceError(
                f"Setting 'collections' has {entry!r}; it wants name=folder, each name once, of letters, digits and -."
            )
        found[name] = folder
    return found
