"""Turns what agencies send (NewsML-G2, NITF and ninjs) into articles, and an XML file into what its outermost element
says it is."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from index.outlets import known
from index.readers import feeds
from index.readers.draft import LONGEST, Draft
from index.records import Origin, Refusal

SUFFIXES: Final = (".xml", ".nitf", ".newsml")
_AGENCY: Final = frozenset(("newsMessage", "newsItem", "nitf"))
ROOTS: Final = feeds.ROOTS | _AGENCY
"""What the outermost element of a document that is read may be called."""

_ROOT = re.compile(
    rb"(?:[\s\x00]|\xef\xbb\xbf|\xff\xfe|\xfe\xff|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+"
    rb"<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL,
)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})?")  # NITF writes ISO 8601 without marks
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_WITHDRAWN: Final = frozenset(("canceled", "cancelled", "killed", "kill"))
_WITHHELD: Final = frozenset(("withheld", "embargoed"))
_DATES: Final = ("versioncreated", "contentcreated", "firstcreated")
_NINJS: Final = frozenset(("body_text", "body_xhtml", "bodies", "headlines", "pubstatus", *_DATES))


def read(path: str, chunks: Iterator[bytes]) -> Iterator[Draft | Refusal]:
    """The articles of an XML file given as its bytes: a feed's, a NewsML-G2 message's or item's, a NITF document's."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > LONGEST:
            yield Refusal(path, f"more than {LONGEST // 2**20} MB of XML; split it")
            return
    raw = bytes(held)
    root = outermost(raw)
    if root in feeds.ROOTS:
        yield from feeds.drafts(path, raw)
    elif not raw.strip():
        yield Refusal(path, "empty")
    elif root in _AGENCY:
        yield from _agency(path, raw)
    else:
        what = f"XML of <{root[:60]}>" if root else "not XML"
        yield Refusal(path, f"{what}; expected an RSS or Atom feed, NewsML-G2 (newsItem, newsMessage) or NITF")


def outermost(raw: bytes) -> str:
    """What the outermost element of XML or HTML is called, without its namespace; "" for anything else."""
    match = _ROOT.match(raw.replace(b"\x00", b""))
    return match[1].decode("ascii", "replace") if match else ""


def _agency(path: str, raw: bytes) -> Iterator[Draft | Refusal]:
    """What NewsML-G2 or NITF holds; each item of a message is one article."""
    from lxml import etree  # 0.1 s to import, for those who read XML

    if feeds.declares_entities(raw):
        yield Refusal(path, "declares entities of its own (<!ENTITY); they are not read, for they can grow without end")
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(raw.strip(), parser)
    except etree.XMLSyntaxError as error:
        yield Refusal(path, f"not well-formed XML ({error.msg})", error.lineno or None)
        return
    sha256 = hashlib.sha256(raw).hexdigest()
    name = etree.QName(root).localname
    if name != "newsMessage":
        made = _nitf if name == "nitf" else _item
        yield made(root, Origin(path, sha256=sha256), alone=True)
        return
    items = root.findall("{*}itemSet/{*}newsItem")
    for item in items:
        yield _item(item, Origin(path, line=item.sourceline, sha256=sha256), alone=False)
    if not items:
        yield Refusal(path, "a NewsML-G2 message without a newsItem")


def _item(item: Any, origin: Origin, alone: bool) -> Draft | Refusal:
    """The article of a NewsML-G2 item. Its version's moment is its date: what it says was not out before."""
    identity = item.get("guid") or ""
    status = _code(item.find("{*}itemMeta/{*}pubStatus"))
    nitf = item.find("{*}contentSet/{*}inlineXML/{*}nitf")
    page = item.find("{*}contentSet/{*}inlineXML/{*}html")
    inline = item.find("{*}contentSet/{*}inlineData")
    if nitf is not None:
        body = _nitf_text(nitf)
    elif page is not None:
        body = feeds.told(page)
    else:
        given = "".join(inline.itertext()).strip() if inline is not None else ""
        body = feeds.prose(given) if "html" in _attribute(inline, "contenttype") else given
    language = item.find("{*}contentMeta/{*}language")
    outlet, wire = _publisher(
        _first(item, "{*}itemMeta/{*}provider"),
        [_first(item, f"{{*}}contentMeta/{{*}}{field}") for field in ("infoSource", "creditline")],
    )
    return _finished(
        status,
        _under(_first(item, "{*}contentMeta/{*}dateline"), body),
        [_words(note) for note in item.findall("{*}itemMeta/{*}edNote")],
        Draft(
            "",
            origin,
            alone,
            id=identity,
            title=_first(item, "{*}contentMeta/{*}headline", "{*}itemMeta/{*}title"),
            outlet=outlet,
            author=_first(item, "{*}contentMeta/{*}by", "{*}contentMeta/{*}creator")
            or (_nitf_author(nitf) if nitf is not None else ""),
            published=_first(
                item, "{*}itemMeta/{*}versionCreated", "{*}contentMeta/{*}contentCreated", "{*}itemMeta/{*}firstCreated"
            ),
            wire=wire,
            language=(language.get("tag") if language is not None else None) or item.get(_LANGUAGE),
        ),
    )


def _nitf(root: Any, origin: Origin, alone: bool) -> Draft | Refusal:
    """The article of a NITF document."""
    facts, printed = root.find("{*}head/{*}docdata"), root.find("{*}head/{*}pubdata")
    identity = root.find("{*}head/{*}docdata/{*}doc-id")
    regsrc, number = _attribute(identity, "regsrc"), _attribute(identity, "id-string")
    rights = _attribute(root.find("{*}head/{*}docdata/{*}doc.copyright"), "holder")
    issued = [
        _attribute(root.find(f"{{*}}head/{{*}}docdata/{{*}}date.{field}"), "norm") for field in ("issue", "release")
    ]
    outlet, wire = _publisher(
        _attribute(printed, "name") or _first(root, "{*}body/{*}body.head/{*}distributor") or rights,
        [_first(root, "{*}body/{*}body.head/{*}distributor"), regsrc],
    )
    return _finished(
        _attribute(facts, "management-status").lower(),
        _nitf_text(root),
        [_attribute(note, "info") for note in root.findall("{*}head/{*}docdata/{*}ed-msg")],
        Draft(
            "",
            origin,
            alone,
            id=f"{regsrc}:{number}" if regsrc and number else number,
            url=_attribute(printed, "ex-ref"),
            title=_first(root, "{*}body/{*}body.head/{*}hedline/{*}hl1", "{*}head/{*}title"),
            outlet=outlet,
            author=_nitf_author(root),
            published=_moment(issued[0] or _attribute(printed, "date.publication") or issued[1]),
            wire=wire,
            language=root.get(_LANGUAGE),
        ),
    )


def _nitf_text(root: Any) -> str:
    """Dateline and paragraphs of a NITF document. Archives print the lead twice, alone and in the full text: once."""
    dateline = root.find("{*}body/{*}body.head/{*}dateline")
    content = root.find("{*}body/{*}body.content")
    if content is None:
        return ""
    if content.find("{*}block[@class='full_text']") is not None:
        for lead in content.findall("{*}block[@class='lead_paragraph']"):
            content.remove(lead)
    return _under(" ".join(feeds.told(dateline).split()) if dateline is not None else "", feeds.told(content))


def _nitf_author(root: Any) -> str:
    """Who a NITF document says wrote it, without the house and the title that may follow the name."""
    byline = root.find("{*}body/{*}body.head/{*}byline")
    if byline is None:
        return ""
    people = [_words(person) for person in byline.findall("{*}person")]
    return ", ".join(people) or " ".join("".join(byline.xpath("text()")).split())


def is_ninjs(content: object) -> bool:
    """Whether a JSON value is a news item in the IPTC's ninjs, of version 1, 2 or 3."""
    return isinstance(content, Mapping) and "uri" in content and any(str(name).lower() in _NINJS for name in content)


def draft_of(content: Mapping[str, Any], origin: Origin, alone: bool = False) -> Draft | Refusal:
    """The article of a ninjs item, or the reason why there is none."""
    item = {name.lower(): value for name, value in content.items()}
    outlet, wire = _publisher(
        _named(item.get("provider")) or _named(item.get("copyrightholder")),
        [_named(item.get(field)) for field in ("infosource", "infosources", "source", "creditline")],
    )
    return _finished(
        _string(item.get("pubstatus")).lower(),
        _ninjs_text(item),
        [_string(item.get("ednote"))],
        Draft(
            "",
            origin,
            alone,
            id=_string(item.get("uri")),
            url=_string(item.get("url")),
            title=_string(item.get("headline")) or _value(item.get("headlines")) or _string(item.get("title")),
            outlet=outlet,
            author=_string(item.get("byline")) or _string(item.get("by")),
            published=next((item[field] for field in _DATES if item.get(field)), None),
            wire=wire,
            language=_string(item.get("language")),
        ),
    )


def _ninjs_text(item: dict[str, Any]) -> str:
    """A ninjs item's body as text: version 1 names it by its format, later ones list bodies with theirs."""
    plain, markup = _string(item.get("body_text")), _string(item.get("body_xhtml"))
    bodies = item.get("bodies")
    for body in bodies if isinstance(bodies, list) else []:
        if not isinstance(body, dict):
            continue
        if "html" in _string(body.get("contentType") or body.get("contenttype")):
            markup = markup or _string(body.get("value"))
        else:
            plain = plain or _string(body.get("value"))
    return feeds.prose(markup) if markup else plain


def _finished(status: str, story: str, notes: list[str], draft: Draft) -> Draft | Refusal:
    """The draft with its text: the story and below it the editor's notes, named so where they do not name themselves.
    Or the refusal of an item that its provider holds back or took back, or that has no text."""
    name = draft.id or "the item"
    path, line = draft.origin.path, draft.origin.line
    if status in _WITHDRAWN:
        return Refusal(path, f"{name} was canceled by its provider; remove it if it was added before", line)
    if status in _WITHHELD:
        return Refusal(path, f"{name} is withheld by its provider ({status})", line)
    if not story:
        return Refusal(path, f"{name} holds no text", line)
    told = [
        note if note.lower().startswith(("editor's note", "editor’s note", "correction:")) else f"Editor's note: {note}"
        for note in notes
        if note
    ]
    return dataclasses.replace(draft, text="\n\n".join([story, *told]))


def _under(dateline: str, story: str) -> str:
    """The story below its dateline, unless it begins with that."""
    return f"{dateline}\n\n{story}" if dateline and story and not story.startswith(dateline) else story


def _publisher(provider: str, sources: list[str]) -> tuple[str, str]:
    """Outlet and agency: who provides an item, and the first of its provider and sources that is an agency."""
    named = [name for name in (*sources, provider) if name]
    wire = next((agency.name for name in named if (agency := known().agency(name))), "")
    return provider or next(iter(named), ""), wire


def _first(item: Any, *paths: str) -> str:
    """The words of the first element found that has any, else what its code says."""
    found = [element for path in paths for element in item.findall(path)]
    return next((words for element in found if (words := _words(element))), "") or next(map(_coded, found), "")


def _words(element: Any) -> str:
    """An element's text on one line; that of its `name` where it has one."""
    if element is None:
        return ""
    name = element.find("{*}name")
    return " ".join("".join((element if name is None else name).itertext()).split())


def _coded(element: Any) -> str:
    """What a controlled value is called, by its code: "AFP" of qcode "nprov:AFP"."""
    return _attribute(element, "literal") or _attribute(element, "qcode").rpartition(":")[2]


def _code(element: Any) -> str:
    return _coded(element).lower() if element is not None else ""


def _attribute(element: Any, name: str) -> str:
    return (element.get(name) or "").strip() if element is not None else ""


def _moment(value: str) -> str:
    """A value in the short form as one that `dates` reads, any other as it is."""
    match = _BASIC.fullmatch(value)
    return "{}-{}-{}T{}:{}:{}{}".format(*match.groups("")) if match else value


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _value(entries: object) -> str:
    """The first value of a list such as ninjs has: [{"role": "main", "value": "Old ferry sinks"}]."""
    listed = entries if isinstance(entries, list) else []
    return next(filter(None, (_string(entry.get("value")) for entry in listed if isinstance(entry, dict))), "")


def _named(value: object) -> str:
    """A name, given as a string, an object with a name, or a list of such."""
    if isinstance(value, list):
        return next(filter(None, map(_named, value)), "")
    return _string(value.get("name") or value.get("literal")) if isinstance(value, dict) else _string(value)
