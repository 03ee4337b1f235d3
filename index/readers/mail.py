"""Turns a newsletter, saved as an e-mail (.eml), into one article."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

from index.outlets import known
from index.readers.draft import LONGEST, Draft, NotText, decode
from index.readers.feeds import prose, tree
from index.records import Origin, Refusal

SUFFIXES: Final = (".eml",)

_STUB: Final = 3  # times the words that the page has and the plain text has not, before the plain text is a stub
_FLOWED = re.compile(r"(?<!\n--) \n(?=\S)")  # RFC 3676: a space before a line's end means that the line goes on
_ONLINE = re.compile(
    r"(?:view|read|open|see)\b[^<>\n]{0,40}?\b(?:in|on|with)\s+(?:(?:your|a|the)\s+)?(?:web|browser)"
    r"|(?:view|read|see)\s+(?:it\s+|this\s+e-?mail\s+)?online|web\s?version",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_REGARD: Final = 120  # characters, of a link's words and after the printed words, that are looked at
_HEADER_LINK = re.compile(r"<\s*(https?://[^>\s]+)\s*>")


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The one article of an e-mail given as its bytes, or the reason why there is none."""
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > LONGEST:
            yield Refusal(path, f"an e-mail of more than {LONGEST // 2**20} MB; expected one newsletter")
            return
    if not raw.strip():
        yield Refusal(path, "empty")
        return
    try:
        yield _draft(path, bytes(raw))
    except RecursionError:
        yield Refusal(path, "parts within parts without end; expected one newsletter")


def _draft(path: str, raw: bytes) -> Draft | Refusal:
    message = email.message_from_bytes(raw.lstrip(), _class=EmailMessage, policy=email.policy.default)
    title, sender, date = (_header(message, name) for name in ("subject", "from", "date"))
    if not (sender or date):
        return Refusal(path, "not an e-mail; expected one with its headers, From and Date")
    page, plain = (_body(message, kind) for kind in ("html", "plain"))
    shown = prose(page)
    text = shown if len(plain.split()) * _STUB < len(shown.split()) else plain.strip()
    if not text:
        return Refusal(path, f"no text in it ({message.get_content_type()})")
    return Draft(
        text,
        Origin(path, sha256=hashlib.sha256(raw).hexdigest()),
        alone=True,
        id=_header(message, "message-id").strip("<> \t"),
        url=_url(message, page, plain),
        title=title,
        outlet=_outlet(sender),
        published=date,
        language=_header(message, "content-language"),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header's value on one line, decoded; "" where there is none."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ):  # the library's parser, on broken ones
        found = next((value for key, value in message.raw_items() if key.lower() == name), "")
        return " ".join(str(found).split())


def _body(message: EmailMessage, kind: str) -> str:
    """The text of the message's own part of that kind, not of an attachment; "" where there is none."""
    part = message.get_body((kind,))
    if not isinstance(part, EmailMessage):
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, ValueError):  # an encoding that does not exist
        content = part.get_payload(decode=True)
        try:
            text = decode(content) if isinstance(content, bytes) else ""
        except NotText:
            return ""
    text = text.replace("\r\n", "\n")
    return _FLOWED.sub(" ", text) if part.get_param("format") == "flowed" else text


def _url(message: EmailMessage, page: str, plain: str) -> str | None:
    """Where the newsletter can be read on the web: the address of this one, else that of the list's archive."""
    archived = _HEADER_LINK.search(_header(message, "archived-at"))
    archive = _HEADER_LINK.search(_header(message, "list-archive"))
    if archived:
        return archived[1]
    return _linked(page) or _printed(plain) or (archive[1] if archive else None)


def _linked(page: str) -> str | None:
    """The address behind a page's "View in browser"."""
    root = tree(page)
    for link in () if root is None else root.iter("a"):
        words, address = " ".join("".join(link.itertext()).split()), link.get("href") or ""
        if len(words) < _REGARD and _ONLINE.search(words) and address.startswith(("http://", "https://")):
            return str(address)
    return None


def _printed(plain: str) -> str | None:
    """The address printed after "View in browser:"."""
    online = _ONLINE.search(plain)
    address = _ADDRESS.search(plain, online.end(), online.end() + 20 * _REGARD) if online else None
    return address[0] if online and address and address.start() < online.end() + _REGARD else None


def _outlet(sender: str) -> str | None:
    """Who sends: the outlet that the name means, else that of the address's domain, else the name as it stands."""
    name, address = parseaddr(sender)
    domain = address.rpartition("@")[2]
    listed = known().named(name) or (known().of_url(domain) if domain else None)
    return listed.name if listed else name or domain
