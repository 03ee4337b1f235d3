"""Turns a web page (HTML, or MHTML as browsers save it) into one article: its body text, and what its tags say of it.

Where tags contradict each other the first of these counts: JSON-LD, the meta tags (Open Graph, article, names),
microdata, then what the page prints and its address.
"""

from __future__ import annotations

import codecs
import hashlib
import html
import itertools
import json
import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from index import dates
from index.asides import find_asides
from index.outlets import known
from index.readers.draft import Draft, NotText
from index.records import Origin, Refusal

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SUFFIXES: Final = (".html", ".htm", ".xhtml", ".mhtml", ".mht")
LONGEST: Final = 16 * 2**20
"""Bytes of one page; a longer one is refused without being held."""

_ELEMENTS: Final = 25_000  # extraction takes 0.1 ms for each, on hostile pages
_COMPARED: Final = 6_000  # elements up to which justext is asked too: its time grows with their square
_TEXT: Final = 1_000_000  # characters outside of scripts; a long novel
_ATTRIBUTES: Final = 256  # of one tag; libxml2 compares each with every other
_UNDER: Final = 40  # pieces of text under the headline in which a date is looked for
_SHORT: Final = 250  # characters of a body below which a second way of extraction is tried
_SENTENCE: Final = 40  # characters that a paragraph has at least
_VALUE: Final = 2_000  # characters of a field that are looked at
_NODES: Final = 500  # of JSON-LD or microdata that are looked at


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The one article of a page given as its bytes, or the reason why there is none."""
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > LONGEST:
            yield Refusal(path, f"more than {LONGEST // 2**20} MB; expected one web page")
            return
    if not raw.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        yield Refusal(path, "no text in it" if raw else "empty")
        return
    try:
        yield _draft(path, bytes(raw))
    except NotText as error:
        yield Refusal(path, str(error))


def _draft(path: str, raw: bytes) -> Draft:
    """The draft of a page's article. Raises NotText when the page holds none."""
    content, charset, address = _unpacked(raw) if _MHTML.match(raw[:_HEAD]) else (raw, None, None)
    source = decode(content, charset)
    page = _Page(_parsed(source), address or _saved_from(source))
    return Draft(
        text=_body(page),
        origin=Origin(path, sha256=hashlib.sha256(raw).hexdigest()),
        alone=path != "-",
        url=page.url,
        title=page.title,
        outlet=page.outlet,
        author=page.author,
        published=page.published,
        wire=page.wire,
        language=page.language,
    )


# Bytes to characters

_HEAD: Final = 4096  # bytes at the top in which a page declares its encoding
_MHTML = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)
_CHARSET = re.compile(
    rb"<(?:meta\b[^>]{0,200}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I
)
_ENCODINGS = re.compile(
    r"ascii|utf-8|cp(?:125\d|866|874|93[26]|949|950)|iso8859-\d+|koi8-[rut]|mac-\w+|gb18030|gbk|gb2312|big5(?:hkscs)?"
    r"|euc_(?:jp|kr)|shift_jis|iso2022_jp|tis-620"
)
_WIDER: Final = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
"""What browsers read under a label that means less."""
_ODD = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_SEEN: Final = 100_000  # characters in which binary content shows
_HIGH = re.compile(rb"[\x80-\xff]")
_EVIDENCE: Final = 20  # bytes beyond ASCII; from fewer nothing is guessed
_ACCENTED = re.compile(r"[\u0080-\u00ff]")
_SAMPLE: Final = 20_000  # bytes from which an encoding is guessed


def decode(raw: bytes, declared: str | None = None) -> str:
    """A page's bytes as text: by its byte order mark, as UTF-8 where they are that, by the encoding that its header
    (`declared`) or a tag names, else by the one that fits them best; bytes that fit none become U+FFFD.

    Raises NotText for what is no text at all.
    """
    if raw.startswith((b"%PDF-", b"{\\rtf", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")):
        raise NotText("a document, picture or archive under a web page's name; expected HTML")
    text = _marked(raw) or _declared(raw, declared) or _guessed(raw)
    if len(_ODD.findall(text, 0, _SEEN)) * 10 > min(len(text), _SEEN) + 80:
        raise NotText("binary content under a web page's name; expected HTML")
    return text.replace("\x00", " ")


def _marked(raw: bytes) -> str | None:
    """The text of bytes that say themselves what they are: UTF-16 by its mark, UTF-8 (some broken bytes aside)."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    text = raw.decode("utf-8-sig", "replace")
    broken = text.count("\ufffd")
    return text if not broken or broken <= len(text) - len(text.encode("ascii", "ignore")) - broken else None


def _declared(raw: bytes, declared: str | None) -> str | None:
    """The text in the encoding that is declared, unless the bytes show that it is another."""
    tag = _CHARSET.search(raw[:_HEAD])
    for label in (declared, tag[1].decode("ascii", "replace") if tag else None):
        try:
            encoding = codecs.lookup(label).name if label else ""
        except LookupError:
            continue
        if encoding == "utf-8" or not _ENCODINGS.fullmatch(encoding):
            continue
        text = raw.decode(_WIDER.get(encoding, encoding), "replace")
        letters = sum(map(str.isalpha, text[:_SAMPLE]))
        western = encoding in ("ascii", "iso8859-1", "cp1252")
        if text.count("\ufffd") > len(text) // 1000 + 1 or (western and len(_ACCENTED.findall(text)) * 4 > letters):
            continue
        return text
    return None


def _guessed(raw: bytes) -> str:
    from charset_normalizer import from_bytes  # 30 ms to import; few pages need it

    seen = re.sub(rb"<[^<>]*>|\s+", b" ", raw)
    places = [match.start() for match in itertools.islice(_HIGH.finditer(seen), _EVIDENCE)]
    if len(places) < _EVIDENCE:
        return raw.decode("cp1252", "replace")
    start = max(0, places[0] - 200)
    best = from_bytes(seen[start : start + _SAMPLE]).best()
    return raw.decode(best.encoding if best else "cp1252", "replace")


def _unpacked(raw: bytes) -> tuple[bytes, str | None, str | None]:
    """An MHTML file's page: its bytes, the encoding declared for them and its address. Raises NotText without one."""
    try:
        message: Message = message_from_bytes(raw)
        parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    except RecursionError as error:
        raise NotText("a web archive nested too deep; expected one as browsers save it") from error
    if not parts:
        raise NotText("a web archive without a page in it; expected a part of type text/html")
    start = str(message.get_param("start") or "")
    page = next((part for part in parts if start and part["content-id"] == start), parts[0])
    address = str(page["content-location"] or message["snapshot-content-location"] or "").strip()
    content = page.get_payload(decode=True)
    return content if isinstance(content, bytes) else b"", page.get_content_charset(), address or None


# Characters to a tree

_ATTRIBUTE: Final = r"[\s/]*+=?[^\s=>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]++)?+)?+"
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(script|style)\b[^>]*+>.*?(?:</\1\b|\Z)"
    rf"|(?P<many></?[a-z][^\s>/]*+(?:{_ATTRIBUTE}){{{_ATTRIBUTES}}})|</?[a-z][^\s>/]*+(?:{_ATTRIBUTE})*+",
    re.IGNORECASE | re.DOTALL,
)
_INLINE_FILE = re.compile(r"(?<=[\"'(=])data:[\w/+.;=-]{0,100},[A-Za-z0-9+/=%_-]{200,}")


def _parsed(source: str) -> HtmlElement:
    """The page's tree. Raises NotText when there is none, or when it would take too long."""
    from lxml import etree  # with trafilatura below 0.2 s to import, for those who read pages
    from lxml.html import HTMLParser, document_fromstring

    if any(token["many"] for token in _TOKEN.finditer(source)):
        raise NotText(f"a tag with more than {_ATTRIBUTES} attributes; expected a web page")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(_INLINE_FILE.sub("data:,", source).encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise NotText("no HTML in it; expected a web page") from error
    count = int(tree.xpath("count(//*)"))
    if count > _ELEMENTS:
        raise NotText(f"a page of {count:,} elements; at most {_ELEMENTS:,} are read as one article")
    return tree


# What the tags say

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
class _Page:
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
                value = "" if named is None else named.get("content") or named.text_content()[:_VALUE]
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
        return [text for heading in self.tree.iter("h1") if (text := _plain(heading.text_content()))]

    @cached_property
    def _window(self) -> str:
        """The title that a browser shows."""
        return _plain(self.tree.findtext(".//title"))

    def _without_outlet(self, title: str) -> str:
        *others, last = _SEPARATORS.split(title)
        return title[: title.rindex(last)].rstrip(" |–—·»:-") if others and _same(last, self.outlet or "") else title

    @cached_property
    def author(self) -> str | None:
        """Who wrote it: names joined by commas."""
        linked = [", ".join(dict.fromkeys(self._names(node.get("author")))) for node in self.linked]
        tags = [self.metas.get(tag, "") for tag in _AUTHOR_TAGS]
        return next((name for name in (*linked, *tags, self.items.get("author", "")) if _is_name(name)), None)

    @cached_property
    def published(self) -> str | None:
        """When it was published, as the page writes it; a day as 2016-03-03 where its print or address says."""
        linked = [node.get(key) for key in ("datePublished", "dateCreated") for node in self.linked]
        tags = [self.metas.get(tag) for tag in _DATE_TAGS]
        times = [time.get("datetime") for time in self.tree.xpath("//time[@pubdate][@datetime]")[:1]]
        given = [*linked, *tags, self.items.get("datepublished"), self.items.get("datecreated"), *times]
        return next((value for value in given if isinstance(value, str) and dates.parse(value)), self._printed_date)

    @property
    def _printed_date(self) -> str | None:
        """The date printed under the headline, else the one that the page's structure or address suggests. A date
        that stands anywhere else is as likely the day on which the page was served."""
        printed = self.tree.xpath(f"((//h1)[1]/following::text()[normalize-space()])[position() <= {_UNDER}]")
        line = next((line for line in map(_plain, printed) if dates.find_in_line(line)), None)
        return line or _find_date(self.tree, self.url)

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


def _saved_from(source: str) -> str | None:
    """The address that Internet Explorer and Chrome note at the top of a page they save."""
    match = re.search(r"<!-- saved from url=\(\d+\)(https?://\S+)", source[:_HEAD])
    return match[1] if match else None


@cache
def _quiet() -> None:
    """Lets the libraries say nothing: what they cannot use is no failure of ours."""
    for name in ("trafilatura", "htmldate", "justext", "charset_normalizer", "readability"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _find_date(tree: HtmlElement, url: str | None) -> str | None:
    from htmldate import find_date  # imports dateparser

    _quiet()
    return find_date(tree, url=url, original_date=True, extensive_search=False)


# The body

_HIDDEN = re.compile(
    r"rollover-\S*block|tool-?tip|pop-?(?:up|over)\b|hover-?card|sr-only|visually-?hidden|screen-reader", re.IGNORECASE
)
_LINK: Final = 15  # characters of a link that leads on: a headline, not "here"
_LABEL: Final = 20  # characters before or after it: "Related:", "[VIDEO]"
_BOXES: Final = frozenset(("blockquote", "div", "figure", "section"))
_UNSEEN: Final = ("script", "style", "svg", "noscript", "iframe", "template", "button", "select")
_ASIDES: Final = frozenset(("title", "counter", "promotion", "cookie", "related"))
_ENDED = re.compile(r"[.!?…。！？।؟۔:;,\"”’»)]\s*$")
_GAPS: Final = {"item": "\n", "row": "\n", "lb": "\n", "cell": "\t", "hi": "", "del": "", "ref": ""}
"""What parts trafilatura's elements (named as in TEI); a blank line for those not named."""


def _body(page: _Page) -> str:
    """The article's text, paragraphs parted by blank lines. Raises NotText when there is none, saying what there is."""
    tree = _pruned(page.tree, page.host)
    text = _story(_extracted(tree, precise=True), page)
    if len(text) < _SHORT:
        text = max(text, _story(_extracted(tree, precise=False), page), key=len)
    if len(text) < _SHORT or len(text) * 3 < len(page.body):
        text = max(text, page.body, key=len)
    if any(len(line) >= _SENTENCE and _ENDED.search(line) for line in text.split("\n")):
        return text
    what = f"titled {page.title[:80]!r}" if page.title else "without a title"
    links = sum(1 for _ in page.tree.iter("a"))
    raise NotText(f"no article in it; found a page {what} with {links} links and no paragraph of text")


def _pruned(whole: HtmlElement, host: str) -> HtmlElement:
    """A copy of a page's tree without what is no part of any story, and with the story's parts as trafilatura knows
    them. `host` is where the page's own links lead."""
    from lxml import etree

    tree = deepcopy(whole)
    etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    length = int(tree.xpath("string-length()"))
    if length > _TEXT:
        raise NotText(f"a page of {length:,} characters; at most {_TEXT:,} are read as one article")
    for element in tree.xpath("//p//*[@class or @id] | //li//*[@class or @id]"):
        if _HIDDEN.search(f"{element.get('class')} {element.get('id')}"):
            element.drop_tree()
    for block in tree.iter("p", "li", "h2", "h3"):
        etree.strip_tags(block, "span")  # trafilatura drops some by their names, words and all
    cards = tree.xpath("//a[@href][.//h2 or .//h3 or .//h4 or .//h5]")
    blocks = tree.xpath("(//p | //li)[.//a][string-length() < 1000]")
    for element in (*cards, *(block for block in blocks if _leads_on(block, host))):
        if element.getparent() is not None:
            element.drop_tree()
    for quote in tree.iter("blockquote"):
        _free(quote)
    return tree


def _leads_on(block: HtmlElement, host: str) -> bool:
    """Whether a paragraph is nothing but links to other pages of the site, up to a label before them."""
    links = [link for link in block.iter("a") if link.text_content().strip()]
    words = " ".join(block.text_content().split())
    linked = sum(len(" ".join(link.text_content().split())) for link in links)
    inside = all(_leads_inside(link.get("href") or "", host) for link in links)
    return linked >= _LINK and inside and len(words) - linked <= max(_LABEL, len(words) // 10)


def _leads_inside(href: str, host: str) -> bool:
    try:
        target = urlsplit(href)
    except ValueError:
        return False
    site = (target.hostname or host).removeprefix("www.")
    return site == host and target.path.strip("/") != ""


def _free(quote: HtmlElement) -> None:
    """Takes the names off a quotation and the boxes that hold nothing else: they say "embed" or "social", by which
    trafilatura knows sharing tools."""
    box: HtmlElement | None = quote
    while box is not None and box.tag in _BOXES:
        box.attrib.pop("class", None)
        box.attrib.pop("id", None)
        alone, box = not (box.tail or "").strip(), box.getparent()
        if box is None or len(box) > 1 or not alone or (box.text or "").strip():
            return


def _extracted(tree: HtmlElement, precise: bool) -> str:
    """What trafilatura takes for the article: paragraphs parted by blank lines, a line for each item of a list."""
    from lxml import etree
    from trafilatura import bare_extraction

    _quiet()
    many = int(tree.xpath("count(//*)")) > _COMPARED
    found = bare_extraction(tree, favor_precision=precise, include_comments=False, fast=many)
    if found is None or isinstance(found, dict):
        return ""
    pieces: list[str] = []
    for event, element in etree.iterwalk(found.body, events=("start", "end")):
        gap = _GAPS.get(str(element.tag), "\n\n")
        if event == ("end" if gap == "\t" else "start") or gap == "\n\n":
            pieces.append(gap)
        pieces.append(re.sub(r"\s+", " ", (element.text if event == "start" else element.tail) or ""))
    lines = (re.sub(r" *\t *", "\t", line).strip() for line in re.sub(r" {2,}", " ", "".join(pieces)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _story(text: str, page: _Page) -> str:
    """The text without the lines that are surely not the story."""
    asides = [aside for aside in find_asides(text, page.title, page.author).asides if aside.kind in _ASIDES]
    for aside in reversed(asides):
        text = text[: aside.start] + text[aside.end :]
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", text).strip()
