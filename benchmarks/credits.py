"""How well credits are found: sources, cues, contents and which belong together, against people's marks.

Each annotator's file is compared alone with what is found in its article; things found and things marked are matched
one to one, and counted over all files: F1 by any overlap, by at least half of the union in characters, and exact.

    python benchmarks/credits.py [--part dev] [--precision int8] [--rules]      (--rules: without the learned tagger)
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import attributions
from attributions import Marked, Spans
from rich.progress import track

from index.credits import find, headlines
from index.encoders import Encoder, load_encoder
from index.outlets import known
from index.records import Article, Credit
from index.stages import sight

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Found:
    """What was found in one article, and which source with which content."""

    sources: tuple[Spans, ...]
    cues: tuple[Spans, ...]
    contents: tuple[Spans, ...]
    pairs: tuple[tuple[Spans, Spans], ...]

    @classmethod
    def of(cls, parts: Iterable[tuple[Spans, Spans, Spans]]) -> Found:
        """From source, cue and content of each credit; what several share counts once."""
        whole = list(parts)
        sources, cues, contents = (tuple(dict.fromkeys(p[i] for p in whole if p[i])) for i in range(3))
        pairs = tuple(dict.fromkeys((source, content) for source, _, content in whole if source and content))
        return cls(sources, cues, contents, pairs)


@dataclass
class Tally:
    """Things matched, found and marked."""

    matched: int = 0
    found: int = 0
    marked: int = 0

    @property
    def precision(self) -> float:
        return self.matched / max(1, self.found)

    @property
    def recall(self) -> float:
        return self.matched / max(1, self.marked)

    @property
    def f1(self) -> float:
        return 2 * self.matched / max(1, self.found + self.marked)


@dataclass
class Figures:
    """A tally for each thing counted and each way to match it."""

    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)

    def add(self, kind: str, way: str, matched: int, found: int, marked: int) -> None:
        tally = self.tallies.setdefault((kind, way), Tally())
        tally.matched += matched
        tally.found += found
        tally.marked += marked

    def __str__(self) -> str:
        rows = [
            f"{kind:8} {way:8} F1 {tally.f1:.3f}  precision {tally.precision:.3f}  recall {tally.recall:.3f}  "
            f"(n = {tally.marked} marked, {tally.found} found)"
            for (kind, way), tally in self.tallies.items()
        ]
        return "\n".join(rows)


def figures(found: Mapping[str, Found], files: Sequence[Marked]) -> Figures:
    """All figures over those annotators' files."""
    result = Figures()
    for marked in files:
        one = found[marked.article]
        kinds = (
            ("source", one.sources, marked.sources),
            ("cue", one.cues, marked.cues),
            ("content", one.contents, marked.contents),
        )
        for kind, ours, theirs in kinds:
            for way, least in (("any", 0.0), ("half", 0.5), ("exact", 1.0)):
                matched = _matches(ours, theirs, _reaching(least))
                result.add(kind, way, matched, len(ours), len(theirs))
        pairs = [(a.source, a.content) for a in marked.attributions if a.source and a.content]
        for way, least in (("any", 0.0), ("half", 0.5)):
            both = _both(_reaching(least))
            result.add("pair", way, _matches(one.pairs, pairs, both), len(one.pairs), len(pairs))
    return result


def _shared(some: Spans, others: Spans) -> int:
    return sum(max(0, min(b, d) - max(a, c)) for a, b in some for c, d in others)


def _length(spans: Spans) -> int:
    return sum(b - a for a, b in spans)


def _reaching(least: float) -> Callable[[Spans, Spans], float]:
    """The share of the union in characters that two things have in common, 0 where it is less than that."""

    def share(some: Spans, others: Spans) -> float:
        common = _shared(some, others)
        ratio = common / max(1, _length(some) + _length(others) - common)
        return ratio if ratio >= least else 0.0

    return share


def _both(share: Callable[[Spans, Spans], float]) -> Callable[[tuple[Spans, Spans], tuple[Spans, Spans]], float]:
    """Of pairs: both parts must match."""

    def pair(some: tuple[Spans, Spans], others: tuple[Spans, Spans]) -> float:
        source, content = share(some[0], others[0]), share(some[1], others[1])
        return source + content if source and content else 0.0

    return pair


def _matches(ours: Sequence[Thing], theirs: Sequence[Thing], share: Callable[[Thing, Thing], float]) -> int:
    """How many of ours can be given one of theirs each: the most alike first, then whoever can step aside does."""
    alike = [[(share(one, other), j) for j, other in enumerate(theirs)] for one in ours]
    options = [[j for value, j in sorted(row, reverse=True) if value > 0] for row in alike]
    given: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j in options[i]:
            if j not in tried:
                tried.add(j)
                if j not in given or place(given[j], tried):
                    given[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(options)))


def found(credits: Iterable[Credit]) -> Found:
    """What the product's credits say, without an agency's lines, which nobody marked."""
    return Found.of((one.source, one.cue, one.content) for one in credits if one.relation != "wire")


def credited(articles: Sequence[Article], encoder: Encoder, learned: bool) -> dict[str, Found]:
    """What the product finds in those articles, by the articles' ids."""
    result = {}
    for article in track(articles, "Reading"):
        parts = [*headlines(article), *attributions.split(article, encoder)]
        seen = [sight(part) for part in parts]
        read = encoder.read([one.text for one in seen], [()] * len(seen)) if learned else []
        result[article.id] = found(find(article, parts, known(), [one.marks for one in read]))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", default="dev")
    parser.add_argument("--precision", choices=("fp32", "int8"), default="fp32")
    parser.add_argument("--rules", action="store_true")
    options = parser.parse_args()
    files = attributions.marked(options.part)
    articles = attributions.articles()
    names = sorted({one.article for one in files})
    encoder = load_encoder(precision=options.precision)
    result = credited([articles[name] for name in names], encoder, not options.rules)
    print(f"{options.part}: {len(names)} articles, {len(files)} annotators' files")
    print(figures(result, files))


if __name__ == "__main__":
    main()
