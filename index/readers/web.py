"""Turns web addresses into articles: a page into one, a feed into its items, a sitemap into the pages that it lists.

Where a feed gives no more of an item than a teaser, its page is read. What a list says of a page (title, day, outlet)
counts where the page itself is silent.
"""

from __future__ import annotations

import dataclasses
import io
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

from index.readers import feeds, html, jsonlines, jsons, newsml, pdf, tables, text
from index.readers.draft import Draft, Reader, canonical_url
from index.readers.fetch import LONGEST, Fetched, Unfetched, Web
from index.records import Article, Origin, Refusal

Held = Callable[[str], Article | None]
"""What gives the article held under an id, None where there is none."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")  # a drive's letter is one
_READERS: Final[dict[str, Reader]] = {
    "application/pdf": pdf.read,
    "application/json": jsons.read,
    "application/feed+json": jsons.read,
    "application/x-ndjson": jsonlines.read,
    "text/csv": tables.read,
    "text/plain": text.read,
}
"""Which reader takes what is neither HTML nor XML, by the kind that its server names."""

_TEASER: Final = 1_000  # characters of a feed's item below which its page is read
_MOST: Final = 10_000  # pages read of one sitemap, with those that it lists
_TOLD: Final = ("title", "outlet", "author", "published", "language")  # by lists, of their pages
_SITEMAPS: Final = frozenset(("urlset", "sitemapindex"))
_NESTED: Final = 2  # sitemaps in one another; the protocol allows an index to list sitemaps, no further


def is_address(path: str) -> bool:
    """Whether a path given is a web address, or one of another kind."""
    return bool(_ADDRESS.match(path))


def read(url: str, web: Web, held: Held) -> Iterator[Draft | Article | Refusal]:
    """What stands at an address: drafts; articles held already, where they are unchanged; and refusals by address."""
    found = _get(url, web, held)
    if not isinstance(found, Fetched):
        yield found
        return
    root = newsml.outermost(found.content or b"")
    if root in feeds.ROOTS:
        yield from _feed(url, found, web, held)
    elif root in _SITEMAPS:
        yield from _sitemap(url, found, web, held)
    else:
        yield from _content(url, found)


def _get(url: str, web: Web, held: Held) -> Fetched | Article | Refusal:
    """What an address holds, unpacked; the article that is held of it where it is unchanged."""

    def known(at: str) -> Origin | None:
        article = held(canonical_url(at))
        return article.origin if article else None

    try:
        found = web.get(url, known)
        if found.content is not None:
            return dataclasses.replace(found, content=_gunzipped(found.content))
    except Unfetched as error:
        return Refusal(url, str(error))
    return held(canonical_url(found.url)) or Refusal(url, "unchanged since it was read, but no longer held; try again")


def _gunzipped(content: bytes) -> bytes:
    """Bytes as they are, or unpacked, as sitemaps are often kept. Raises Unfetched."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpacking = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacking.decompress(content, LONGEST)
    except zlib.error as error:
        raise Unfetched(f"packed, and damaged ({error})") from error
    if unpacking.unconsumed_tail:
        raise Unfetched(f"unpacks to more than {LONGEST // 2**20} MB")
    return unpacked


def _content(url: str, found: Fetched) -> Iterator[Draft | Refusal]:
    """The articles of a page, or of a document that a reader takes."""
    raw = found.content or b""
    reader = _READERS.get(found.kind)
    if "html" in found.kind or newsml.outermost(raw).lower() in ("html", "head", "body") or not raw.strip():
        drafts: Iterator[Draft | Refusal] = iter([html.read_page(url, raw, found.url, found.charset)])
    elif "xml" in found.kind or newsml.outermost(raw):
        drafts = newsml.read(url, iter([raw]))
    elif reader:
        drafts = reader(url, iter([raw]))
    else:
        drafts = iter([Refusal(url, f"{found.kind or 'of no kind named'}; expected a web page, a feed or a sitemap")])
    for draft in drafts:
        yield draft if isinstance(draft, Refusal) else _placed(draft, found)


def _placed(draft: Draft, found: Fetched) -> Draft:
    """A draft read where it was fetched, whose origin knows the version; what is alone there bears the address."""
    origin = dataclasses.replace(draft.origin, path=found.url)
    if not draft.alone:
        return dataclasses.replace(draft, origin=origin)
    origin = dataclasses.replace(origin, etag=found.etag, modified=found.modified)
    return dataclasses.replace(draft, origin=origin, url=draft.url or found.url)


# Lists of pages


def _feed(url: str, found: Fetched, web: Web, held: Held) -> Iterator[Draft | Article | Refusal]:
    """The items of a feed; of one that is a teaser its page, where that may be read and says more."""
    for item in feeds.drafts(url, found.content or b""):
        if isinstance(item, Refusal) or len(item.text) >= _TEASER or not item.url:
            yield item if isinstance(item, Refusal) else _placed(item, found)
            continue
        own = _placed(item, found)
        for page in _page(item.url, item, web, held):
            yield own if isinstance(page, Draft) and len(page.text) < len(item.text) else page
            if isinstance(page, Refusal):
                yield own  # better its teaser than nothing


def _sitemap(url: str, found: Fetched, web: Web, held: Held) -> Iterator[Draft | Article | Refusal]:
    """The pages that a sitemap lists, and those of the sitemaps that it lists."""
    pages = 0
    for listed in _listed(url, found.content or b"", web, held, _NESTED):
        if isinstance(listed, Refusal):
            yield listed
        elif pages == _MOST:
            yield Refusal(url, f"lists more than {_MOST:,} pages; the rest is left out")
            return
        else:
            pages += 1
            yield from _page(listed.url or "", listed, web, held)
    if not pages:
        yield Refusal(url, "a sitemap that lists no page")


def _page(url: str, listed: Draft, web: Web, held: Held) -> Iterator[Draft | Article | Refusal]:
    """The article of a listed page, with what the list says of it where it is silent itself."""
    found = _get(url, web, held)
    if not isinstance(found, Fetched):
        yield found
        return
    for draft in _content(url, found):
        if isinstance(draft, Refusal):
            yield draft
            continue
        told = {name: getattr(draft, name) or getattr(listed, name) for name in _TOLD}
        if draft.outlet == (urlsplit(found.url).hostname or "").removeprefix("www."):  # for want of a name
            told["outlet"] = listed.outlet or draft.outlet
        yield dataclasses.replace(draft, **told)


def _listed(url: str, raw: bytes, web: Web, held: Held, depth: int) -> Iterator[Draft | Refusal]:
    """The pages of a sitemap, as drafts without text, in its order."""
    from lxml import etree  # 0.1 s to import, for those who read XML

    if feeds.declares_entities(raw):
        yield Refusal(url, "declares entities of its own (<!ENTITY); they are not read, for they can grow without end")
        return
    if newsml.outermost(raw) not in _SITEMAPS:
        yield Refusal(url, "not a sitemap")
        return
    tags = ("{*}url", "{*}sitemap")
    for _, entry in etree.iterparse(io.BytesIO(raw.strip()), tag=tags, no_network=True, recover=True):
        address = (entry.findtext("{*}loc") or "").strip()
        if etree.QName(entry).localname == "url":
            yield Draft(
                "",
                Origin(url),
                url=address,
                title=entry.findtext("{*}news/{*}title"),
                outlet=entry.findtext("{*}news/{*}publication/{*}name"),
                published=entry.findtext("{*}news/{*}publication_date"),
                language=entry.findtext("{*}news/{*}publication/{*}language"),
            )
        elif not depth:
            yield Refusal(address, f"a sitemap more than {_NESTED} deep in others")
        else:
            found = _get(address, web, held)
            if isinstance(found, Fetched):
                yield from _listed(address, found.content or b"", web, held, depth - 1)
            elif isinstance(found, Refusal):
                yield found
        entry.clear()
