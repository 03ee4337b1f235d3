"""Reads what a web page says of its article beside the story: title, byline, outlet, address, language and day.

Where its tags contradict each other the first of these counts: JSON-LD, the meta tags (Open Graph, article, names),
microdata, then what the page prints and its address.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from index import bylines, clutter
from index.dates import Published
from index.outlets import known
from index.readers import datelines
from index.records import Dated

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_VALUE: Final = 2_000  # characters of a field that are looked at
_NODES: Final = 500  # of JSON-LD or microdata that are looked at

_ARTICLE_TYPE = re.compile(r"\w*Article|\w*BlogPosting|Report|\w*Review")
_PAGE_TYPE = re.compile(r"\w*Page")
_DATE_TAGS: Final = (
    "article:published_time article:published og:published_time og:article:published_time parsely-pub-date"
    " sailthru.date cxenseparse:recs:publishtime dc.date.issued dcterms.issued dcterms.created dc.date dcterms.date"
    " datepublished date_published publish_date publish-date publishdate publication_date publicationdate pubdate"
    " pub_date published published_at displaydate article.published originalpublicationdate date"
).split()
_AUTHOR_TAGS: Final = (
    "author article:author og:article:author parsely-author sailthru.author cxenseparse:author dc.creator"
    " dcterms.creator byl article.author twitter:creator:name"
).split()
_OUTLET_TAGS: Final = "og:site_name publisher dc.publisher dcterms.publisher application-name".split()
_SEPARATORS = re.compile(r"\s+[|–—·»:-]+\s+|\s*[|»]\s*")


@dataclass
class Page:
    """A parsed page and what its tags say; `address` where it was served, when known."""

    tree: HtmlElement
    address: str | None = None

    @cached_property
    def linked(self) -> list[dict[str, Any]]:
        """The JSON-LD nodes about the page, articles first."""
        kinds = (_ARTICLE_TYPE, _PAGE_TYPE)
        return [node for kind in kinds for node in self._nodes if _is_a(node, kind)]

    @cached_property
    def _nodes(self) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = []
        scripts = (script for script in self.tree.iter("script") if "ld+json" in (script.get("type") or "").lower())
        waiting = [_json(script.text or "") for script in scripts]
        while waiting and len(nodes) < _NODES:
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting[:0] = node[:_NODES]
            elif isinstance(node, dict):
                nodes.append(node)
                waiting[:0] = [node.get(key) for key in ("@graph", "mainEntity", "mainEntityOfPage")]
        return nodes

    @cached_property
    def _ids(self) -> dict[str, dict[str, Any]]:
        return {str(node["@id"]): node for node in self._nodes if "@id" in node and "name" in node}

    @cached_property
    def metas(self) -> dict[str, str]:
        """The first content of each meta tag, by its property or name in lower case."""
        found: dict[str, str] = {}
        for meta in self.tree.iter("meta"):
            content = _plain(meta.get("content"))
            for key in (meta.get("property"), meta.get("name"), meta.get("itemprop")):
                if key and content:
                    found.setdefault(key.strip().lower(), content)
        return found

    @cached_property
    def items(self) -> dict[str, str]:
        """The first value of each microdata property."""
        found: dict[str, str] = {}
        for element in self.tree.xpath(f"(//*[@itemprop])[position() <= {_NODES}]"):
            value = element.get("content") or element.get("datetime")
            if not value:
                named = element if element.get("itemscope") is None else element.find(".//*[@itemprop='name']")
                value = "" if named is None else named.get("content") or _shown(named)
            for key in (element.get("itemprop") or "").lower().split():
                if _plain(value):
                    found.setdefault(key, _plain(value))
        return found

    @cached_property
    def url(self) -> str | None:
        """The article's address, canonical where a tag says it; None when only the outlet's front page is named."""
        return next((url for url in self._addresses if urlsplit(url).path.strip("/") or urlsplit(url).query), None)

    @cached_property
    def _addresses(self) -> list[str]:
        base = self.tree.find(".//base[@href]")
        base_url = (base.get("href") if base is not None else None) or self.address or ""
        links = [link.get("href") for link in self.tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
        stated = [value for node in self.linked for value in (node.get("url"), node.get("mainEntityOfPage"))]
        stated = [value.get("@id") or value.get("url") if isinstance(value, dict) else value for value in stated]
        given = [*links, self.metas.get("og:url"), *stated, self.address]
        return [url for value in given if isinstance(value, str) and (url := _absolute(value, base_url))]

    @property
    def host(self) -> str:
        """The host of its address, without www; "" when unknown."""
        return next((urlsplit(url).hostname or "" for url in self._addresses), "").removeprefix("www.")

    @cached_property
    def title(self) -> str | None:
        """The headline."""
        linked = [node.get("headline") for node in self.linked]
        tags = [self.metas.get("og:title"), self.metas.get("twitter:title"), self.items.get("headline")]
        for value in (*linked, *tags):
            if isinstance(value, str) and _plain(value):
                return self._without_outlet(_plain(value))
        return self._headings[0] if len(self._headings) == 1 else self._without_outlet(self._window) or None

    @cached_property
    def _headings(self) -> list[str]:
        return [text for heading in self.tree.iter("h1") if (text := _plain(_shown(heading)))]

    @cached_property
    def _window(self) -> str:
        """The title that a browser shows."""
        return _plain(self.tree.findtext(".//title"))

    def _without_outlet(self, title: str) -> str:
        *others, last = _SEPARATORS.split(title)
        return title[: title.rindex(last)].rstrip(" |–—·»:-") if others and _same(last, self.outlet or "") else title

    @cached_property
    def author(self) -> str | None:
        """Who wrote it: names joined by commas; as the tags say, else as it is printed under the headline."""
        linked = [", ".join(dict.fromkeys(self._names(node.get("author")))) for node in self.linked]
        tags = [self.metas.get(tag, "") for tag in _AUTHOR_TAGS]
        given = (*linked, *tags, self.items.get("author", ""))
        return next((name for name in given if _is_name(name)), None) or self._signed

    @cached_property
    def _signed(self) -> str | None:
        """Who wrote it, by the first line under the headline that says so."""
        lines = datelines.under_headline(self.tree)
        said = (bylines.read(clutter.bare(" ".join(line.split()))) for line in lines)
        return next((one.author for one in said if one and one.author and one.author != self.outlet), None)

    @cached_property
    def published(self) -> tuple[Published | None, Dated]:
        """When it was published, and how surely that is known."""
        linked = [node.get(key) for key in ("datePublished", "dateCreated") for node in self.linked]
        tags = [self.metas.get(tag) for tag in _DATE_TAGS]
        times = [time.get("datetime") for time in self.tree.xpath("//time[@pubdate][@datetime]")[:1]]
        given = [*linked, *tags, self.items.get("datepublished"), self.items.get("datecreated"), *times]
        return datelines.published([value for value in given if isinstance(value, str)], self.tree, self.url)

    @cached_property
    def _publishers(self) -> list[str]:
        """Whatever the tags name as the publication, best first."""
        linked = [name for node in self.linked for name in self._names(node.get("publisher"))]
        tags = [self.metas.get(tag, "") for tag in _OUTLET_TAGS]
        return [name for name in (*linked, *tags, self.items.get("publisher", "")) if _is_name(name)]

    @cached_property
    def outlet(self) -> str | None:
        """Who published it. An agency only when nobody else is named: on other pages it is whose copy they print."""
        named = [found for name in self._publishers if (found := known().named(name))]
        sites = [found for url in self._addresses if (found := known().of_url(url))]
        papers = [outlet.name for outlet in (*named, *sites) if not outlet.agency]
        others = [name for name in self._publishers if not known().agency(name)]
        agencies = [outlet.name for outlet in (*sites, *named)]
        return next(iter([*papers, *others, *agencies]), None) or self._printed_outlet

    @cached_property
    def _printed_outlet(self) -> str | None:
        """The part of the window's title that the page's address repeats, else its last part after the headline; else
        the address's host."""
        host = self.host
        *others, last = _SEPARATORS.split(self._window)
        for part in (last, *others):
            if others and (_same(part, host) or _same(part, host.partition(".")[0])):
                return part
        after = any(_squashed(self._window).startswith(_squashed(heading)[:20]) for heading in self._headings)
        return last if others and after and len(last.split()) <= 6 else host or None

    @cached_property
    def wire(self) -> str | None:
        """The agency that is named as publisher of a page which another outlet prints."""
        for name in self._publishers:
            agency = known().agency(name)
            if agency and agency.name != self.outlet:
                return agency.name
        return None

    @cached_property
    def language(self) -> str | None:
        """Its language, as two or three letters."""
        linked = [node.get("inLanguage") for node in self.linked]
        tags = [self.tree.get("lang"), self.metas.get("og:locale"), self.metas.get("language"), *linked]
        codes = (re.match(r"[a-z]{2,3}(?![a-z])", tag.lower()) for tag in tags if isinstance(tag, str))
        return next((code[0] for code in codes if code), None)

    @cached_property
    def body(self) -> str:
        """The article's text as JSON-LD carries it for machines, paragraphs as there."""
        bodies = [node.get("articleBody") for node in self.linked]
        return next((_unmarked(html.unescape(body)) for body in bodies if isinstance(body, str)), "")

    def _names(self, value: object) -> list[str]:
        """The names in a JSON-LD value: a string, an object with a name or one known by its id, or a list of them."""
        names: list[str] = []
        for one in value[:20] if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                one = one.get("name") or self._ids.get(str(one.get("@id")), {}).get("name")
            one = one[0] if isinstance(one, list) and one else one
            if isinstance(one, str) and _is_name(_plain(one)):
                names.append(_plain(one))
        return names


_OPENING = re.compile(r"^(?:<!--|(?:// ?)?<!\[CDATA\[)")
_CLOSING = re.compile(r"(?:-->|(?://)? ?\]\]>|;)$")
_MARKUP = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)|</?[a-z!][^<>]*(?:>|$)", re.IGNORECASE | re.DOTALL)
_BREAKS = re.compile(r"</p>|<br ?/?>|\n", re.IGNORECASE)


def _json(text: str) -> object:
    """The value of a JSON-LD script, None when it is broken."""
    try:
        return json.loads(_CLOSING.sub("", _OPENING.sub("", text.strip())), strict=False)
    except (ValueError, RecursionError):  # RecursionError: thousands of nested brackets
        return None


def _is_a(node: dict[str, Any], kind: re.Pattern[str]) -> bool:
    kinds = node.get("@type")
    return any(isinstance(one, str) and kind.fullmatch(one) for one in (kinds if isinstance(kinds, list) else [kinds]))


def _plain(value: str | None) -> str:
    """A field's value as one line of text: no tags, also no escaped ones."""
    text = html.unescape(_MARKUP.sub(" ", (value or "")[:_VALUE]))
    return " ".join(_MARKUP.sub(" ", text).split())


def _unmarked(text: str) -> str:
    """A text that may hold markup, its paragraphs parted by blank lines."""
    lines = (" ".join(_MARKUP.sub(" ", line).split()) for line in _BREAKS.split(text))
    return "\n\n".join(line for line in lines if line)


def _is_name(value: str) -> bool:
    return bool(re.search(r"[^\W\d_]", value)) and len(value) <= 200 and not re.match(r"https?:|www\.|@", value)


def _shown(element: HtmlElement) -> str:
    """An element's words without what its scripts and styles say, the first of them."""
    words = element.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    return "".join(map(str, words))[:_VALUE]


def _squashed(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower())).removeprefix("the")


def _same(name: str, other: str) -> bool:
    return bool(_squashed(name)) and _squashed(name) == _squashed(other)


def _absolute(url: str, base: str) -> str | None:
    try:
        whole = urljoin(base, url.strip())
        return whole if urlsplit(whole).scheme in ("http", "https") and urlsplit(whole).hostname else None
    except ValueError:
        return None
