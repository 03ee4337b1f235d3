"""Turns an RSS, Atom or RDF feed into articles, one for each of its items; and any markup into paragraphs of text."""

from __future__ import annotations

import calendar
import collections
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from typing import Any, Final

from index import dates
from index.outlets import known
from index.readers.draft import LONGEST, Draft, clean
from index.records import Origin, Refusal

SUFFIXES: Final = (".rss", ".atom", ".rdf")
ROOTS: Final = frozenset(("rss", "feed", "RDF"))
"""What a feed's outermost element is called."""

_BLOCKS: Final = frozenset(
    "address article aside blockquote body body.content block bq caption center dateline dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hl1 hl2 hr html li main media nav note ol p pre section "
    "summary table tbody td tfoot th thead tr ul".split()
)
_UNSEEN: Final = frozenset("head script style template noscript title iframe object svg media del-list".split())
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\w+|\w+);")
_ADDRESS = re.compile(r"\S+@\S+(?:\s*\((?P<name>[^()]+)\))?")  # as RSS wants an author: a mail address (Ada Moss)
_CLOSED = re.compile(rb"</(?:\w+:)?(?:rss|feed|RDF)\s*>")
_ELEMENT = re.compile(rb"<\w")
_TAIL: Final = 4096  # bytes at a feed's end in which its outermost element closes


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The articles of a feed given as its bytes; an item without text is refused by its number, the rest goes on."""
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > LONGEST:
            yield Refusal(path, f"a feed of more than {LONGEST // 2**20} MB; split it")
            return
    yield from drafts(path, bytes(raw)) if raw.strip() else [Refusal(path, "empty")]


def drafts(path: str, raw: bytes) -> Iterator[Draft | Refusal]:
    """What each item of a whole feed becomes. A feed that breaks off loses its last item, which may be cut."""
    try:
        import feedparser  # 0.15 s, and installed only where wanted
    except ModuleNotFoundError:
        yield Refusal(path, "reading feeds needs a library more; run: pip install 'whence[feeds]'")
        return
    if declares_entities(raw):
        yield Refusal(path, "declares entities of its own (<!ENTITY); they are not read, for they can grow without end")
        return
    try:
        feed = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        yield Refusal(path, f"not a feed that can be read ({type(error).__name__}: {str(error)[:120]})")
        return
    items = list(feed.entries)
    if not feed.version and not items:
        yield Refusal(path, "not a feed; expected RSS, Atom or RDF")
        return
    whole = not feed.bozo or bool(_CLOSED.search(raw.replace(b"\x00", b"")[-_TAIL:]))
    if not whole:
        del items[-1:]
    elif not items:
        yield Refusal(path, "a feed without items")
    links = collections.Counter(item.get("link") for item in items)
    origin = Origin(path, sha256=hashlib.sha256(raw).hexdigest())
    for number, item in enumerate(items, 1):
        text = _text(item)
        title = _plain(item.get("title_detail") or {})
        if not text:
            yield Refusal(path, f"item {number} ({title[:80]!r}) holds no text")
            continue
        url = item.get("feedburner_origlink") or item.get("link") or None
        yield Draft(
            text,
            origin,
            # Its address names it, unless it has none of its own.
            id=item.get("id") if not url or links[item.get("link")] > 1 else None,
            url=url,
            title=title,
            outlet=_outlet(item, feed.feed, url),
            author=_author(item),
            published=_published(item),
            language=item.get("language") or feed.feed.get("language"),
        )
    if not whole:
        yield Refusal(path, f"breaks off in item {len(items) + 1}; items read before it: {len(items)}")


def _text(item: Any) -> str:
    """An item's text: the longest of its contents, else its description."""
    texts = [_plain(content) for content in item.get("content", ())]
    return max(texts, key=len, default="") or _plain(item.get("summary_detail") or {})


def _plain(detail: Any) -> str:
    """A value of a feed as text, whatever type it claims: many feeds call their HTML plain text, and the reverse."""
    value = detail.get("value") or ""
    return prose(value) if _MARKUP.search(value) else value.strip()


def _outlet(item: Any, channel: Any, url: str | None) -> str | None:
    """Who published an item: the source that an aggregator names for it, the outlet of its address, or the channel."""
    source = item.get("source") or {}
    title = source.get("title") or _plain(channel.get("title_detail") or {})
    listed = known().named(title) or known().of_url(source.get("href") or url or "")
    return listed.name if listed else title


def _author(item: Any) -> str | None:
    """Who wrote an item: the names of its authors, never a mail address."""
    address = _ADDRESS.fullmatch(item.get("author") or "")
    if address:
        return address["name"]
    return ", ".join(author["name"] for author in item.get("authors", ()) if author.get("name"))


def _published(item: Any) -> str | None:
    """When an item was published, else last changed, as a date that `dates` reads."""
    for field in ("published", "updated"):
        if field in item:
            given, parsed = item[field], item.get(f"{field}_parsed")
            if dates.parse(given) or not parsed:
                return str(given)
            return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC).isoformat()
    return None


def declares_entities(raw: bytes) -> bool:
    """Whether an XML document declares entities before its first element: made of one another, they can fill any
    memory, and an external one reads the reader's own files."""
    bare = raw.replace(b"\x00", b"")  # UTF-16
    first = _ELEMENT.search(bare)
    return b"<!ENTITY" in bare[: first.start() if first else len(bare)]


def prose(markup: str) -> str:
    """A page or a fragment of HTML as the text that it shows: paragraphs a blank line apart, no scripts, nothing that
    is hidden."""
    root = tree(markup)
    return "" if root is None else told(root)


def tree(markup: str) -> Any:
    """The element tree of a page or a fragment of HTML; None where it has no element."""
    from lxml import etree  # 0.1 s to import, for those who read markup

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(clean(markup).encode(), parser)
    except etree.XMLSyntaxError:  # nothing but comments
        return None


def told(element: Any) -> str:
    """The text of an element of HTML, XHTML or NITF, as `prose`."""
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, part in walk:
        name = part.tag.rpartition("}")[2].lower() if isinstance(part.tag, str) else ""
        edge = "\n\n" if name in _BLOCKS else "\n" if name == "br" and event == "start" else ""
        if event == "end":
            parts += (edge, _spaced(part.tail if part is not element else ""))
        elif not name or name in _UNSEEN or part.get("hidden") is not None or _HIDDEN.search(part.get("style") or ""):
            walk.skip_subtree()
        else:
            parts += (edge, _spaced(part.text))
    lines = re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", "".join(parts)))
    return re.sub(r"\n{2,}", "\n\n", lines).strip(" \n")


def _spaced(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")
