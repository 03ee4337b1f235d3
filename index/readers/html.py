"""Turns a web page (HTML, or MHTML as browsers save it) into one article: its body, and what `page` reads of it."""

from __future__ import annotations

import codecs
import hashlib
import itertools
import logging
import re
import zlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from index.asides import find_asides
from index.readers.draft import Draft, NotText, guessed
from index.readers.page import Page
from index.records import Article, Origin, Refusal

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SUFFIXES: Final = (".html", ".htm", ".xhtml", ".mhtml", ".mht")
LONGEST: Final = 16 * 2**20
"""Bytes of one page; a longer one is refused without being held."""

_ELEMENTS: Final = 25_000  # extraction takes 0.1 ms for each, on hostile pages
_COMPARED: Final = 6_000  # elements up to which justext is asked too: its time grows with their square
_TEXT: Final = 1_000_000  # characters outside of scripts; a long novel
_ATTRIBUTES: Final = 256  # of one tag; libxml2 compares each with every other
_PACKING: Final = 3  # of zlib: a fifth of a page's size in 1 ms
_SHORT: Final = 250  # characters of a body below which a second way of extraction is tried
_SENTENCE: Final = 40  # characters that a paragraph has at least


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The one article of a page given as its bytes, or the reason why there is none."""
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > LONGEST:
            yield Refusal(path, f"more than {LONGEST // 2**20} MB; expected one web page")
            return
    yield read_page(path, bytes(raw))


def read_page(path: str, raw: bytes, address: str | None = None, charset: str | None = None) -> Draft | Refusal:
    """The article of a page, or the reason why there is none.

    Args:
        path: What names the page in refusals and in the article's origin.
        raw: Its bytes.
        address: Where it was served, which names the article unless the page gives its canonical address.
        charset: The encoding that the server named.
    """
    if not raw.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        return Refusal(path, "no text in it" if raw else "empty")
    try:
        return _draft(path, raw, address, charset)
    except NotText as error:
        return Refusal(path, str(error))


def reread(held: Article, page: bytes) -> Draft | Refusal:
    """The article of a page that was kept with it, as it is taken out today; what its tags do not say is as held."""
    draft = read_page(held.origin.path, zlib.decompress(page), held.url, "utf-8")
    if isinstance(draft, Refusal):
        return draft
    told = {name: getattr(draft, name) or getattr(held, name) for name in ("title", "outlet", "author", "language")}
    if draft.published is None:
        told |= {"published": held.published, "dated": held.dated}
    return replace(draft, id=held.id, url=held.url, origin=held.origin, **told)


def _draft(path: str, raw: bytes, address: str | None, charset: str | None) -> Draft:
    """The draft of a page's article. Raises NotText when the page holds none."""
    if _MHTML.match(raw[:_HEAD]):
        content, charset, address = _unpacked(raw)
    else:
        content = raw
    source = decode(content, charset)
    page = Page(_parsed(source), address or _saved_from(source))
    published, dated = page.published
    return Draft(
        text=_body(page),
        origin=Origin(path, sha256=hashlib.sha256(raw).hexdigest()),
        alone=path != "-",
        url=page.url or address,
        title=page.title,
        outlet=page.outlet,
        author=page.author,
        published=published,
        dated=dated,
        wire=page.wire,
        language=page.language,
        page=zlib.compress(source.encode("utf-8", "replace"), _PACKING),
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
    seen = re.sub(rb"<[^<>]*>|\s+", b" ", raw)
    places = [match.start() for match in itertools.islice(_HIGH.finditer(seen), _EVIDENCE)]
    if len(places) < _EVIDENCE:
        return raw.decode("cp1252", "replace")
    start = max(0, places[0] - 200)
    return raw.decode(guessed(seen[start : start + _SAMPLE]) or "cp1252", "replace")


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


def _saved_from(source: str) -> str | None:
    """The address that Internet Explorer and Chrome note at the top of a page they save."""
    match = re.search(r"<!-- saved from url=\(\d+\)(https?://\S+)", source[:_HEAD])
    return match[1] if match else None


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


def _body(page: Page) -> str:
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


@cache
def _quiet() -> None:
    """Lets the libraries say nothing: what they cannot use is no failure of ours."""
    for name in ("trafilatura", "justext", "readability"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


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


def _story(text: str, page: Page) -> str:
    """The text without the lines that are surely not the story."""
    asides = [aside for aside in find_asides(text, page.title, page.author).asides if aside.kind in _ASIDES]
    for aside in reversed(asides):
        text = text[: aside.start] + text[aside.end :]
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", text).strip()
