"""The attributions that people marked in the news articles, and the articles as the product splits them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import material

from index.encoders import Encoder
from index.folding import fold
from index.readers import read
from index.records import Article, Passage, Span
from index.splitter import passages

Spans = tuple[Span, ...]

INVENTED = material.REPOSITORY / "benchmarks" / "invented.jsonl"
"""Articles of our own: nothing in them ever happened."""

_THING, _LINK = re.compile(r"T\d+"), re.compile(r"E\d+")


@dataclass(frozen=True)
class Attribution:
    """Who (may be nobody), by which words, says what: each the spans of one marked thing."""

    source: Spans
    cue: Spans
    content: Spans


@dataclass(frozen=True)
class Marked:
    """What one annotator marked in one article; `sources`, `cues`, `contents` are all marked things, linked or not."""

    article: str
    sources: tuple[Spans, ...]
    cues: tuple[Spans, ...]
    contents: tuple[Spans, ...]
    attributions: tuple[Attribution, ...]


def folder(part: str) -> Path:
    """The annotations of `train` or `dev`. Exits with 2 and a sentence when they are not there."""
    path = material.folder() / "news" / "attributions" / part
    if not path.is_dir():
        raise SystemExit(f"The annotations are not at {path}.")
    return path


def marked(part: str) -> list[Marked]:
    """Every annotator's file (brat's standoff format) of `train` or `dev`, in order of its name."""
    return [_read(path) for path in sorted(folder(part).glob("*.ann"))]


def _read(path: Path) -> Marked:
    things: dict[str, tuple[str, Spans]] = {}
    links: list[dict[str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        name, _, rest = line.partition("\t")
        if _THING.fullmatch(name):  # a marked text may run over several lines
            kind, _, places = rest.partition("\t")[0].partition(" ")
            pieces = [piece.split(" ") for piece in places.split(";")]
            things[name] = (kind, tuple((int(start), int(end)) for start, end in pieces))
        elif _LINK.fullmatch(name):
            roles: dict[str, list[str]] = {}
            for part in rest.split()[1:]:
                role, _, thing = part.partition(":")
                roles.setdefault(role.rstrip("2"), []).append(thing)
            links.append(roles)

    def of(roles: dict[str, list[str]], role: str) -> Spans:
        return tuple(span for thing in roles.get(role, ()) for span in things[thing][1])

    def every(kind: str) -> tuple[Spans, ...]:
        return tuple(spans for one, spans in things.values() if one == kind)

    attributions = [Attribution(of(roles, "Source"), of(roles, "Cue"), of(roles, "Content")) for roles in links]
    article = path.stem.rpartition("_")[0]
    return Marked(article, every("Source"), every("Cue"), every("Content"), tuple(attributions))


def articles() -> dict[str, Article]:
    """The news articles by id, as the product's readers give them."""
    return {one.id: one for one in read([material.news()]) if isinstance(one, Article)}


def invented() -> dict[str, Article]:
    """The articles of `INVENTED` by id, as the product's readers give them."""
    return {one.id: one for one in read([INVENTED]) if isinstance(one, Article)}


def split(article: Article, encoder: Encoder, limit: int = 1000) -> list[Passage]:
    """The article's passages, each within the encoder's window."""

    def fits(texts: list[str]) -> list[bool]:
        return [count <= encoder.window for count in encoder.count([fold(text).text for text in texts])]

    return passages(article, limit, fits)


def within(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    """What of those spans lies between start and end."""
    for a, b in spans:
        if a < end and start < b:
            yield max(a, start), min(b, end)
