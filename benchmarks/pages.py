"""How well an article's body, day and outlet are taken from a web page: 91 real ones, bodies marked by people.

And how fast the readers are: pages, and JSON Lines to the archive.

python benchmarks/pages.py [--worst N]
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from material import folder, news

from index import dates, readers
from index.archive import Archive
from index.dates import Published
from index.encoders import load_encoder
from index.intake import Intake
from index.outlets import canonical
from index.readers import html
from index.readers.draft import Draft, article
from index.records import Article
from index.stages import ARTICLES_AT_ONCE, keep, split

FOLDER = folder() / "html"
TRUTH = FOLDER / "ground-truth.json"
STATING = re.compile(
    rb"<script\b[^>]*ld\+json.*?</script\s*>|<meta\b[^>]*(?:property|name)\s*=\s*[\"']?(?:og|article|twitter):[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
"""The tags that state day and outlet, in a page's source."""

MOMENTS = (
    re.compile(r"\"datePublished\"\s*:\s*\"([^\"]+)"),
    re.compile(r"published_time[\"']?\s+content=[\"']?([^\"'>]+)", re.IGNORECASE),
)
"""When a page was published, as these tags write it: in JSON-LD, in Open Graph."""


@dataclass(frozen=True, slots=True)
class Match:
    """Shares of a page's runs of four words that are in both bodies, in ours alone and in the people's alone."""

    both: float
    ours: float
    theirs: float

    @property
    def f1(self) -> float:
        return 2 * self.both / (2 * self.both + self.ours + self.theirs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name the N pages with the least F1")
    options = parser.parse_args()
    pages = {
        path.name.partition(".")[0]: gzip.decompress(path.read_bytes()) for path in sorted(FOLDER.glob("*.html.gz"))
    }
    truth = {name: str(entry["articleBody"]) for name, entry in json.loads(TRUTH.read_text("utf-8")).items()}
    extracted(next(iter(pages.values())))  # imports what it needs
    start = time.process_time()
    articles = {name: extracted(raw) for name, raw in pages.items()}
    seconds = time.process_time() - start
    matches = {name: match(truth[name], found.text if found else "") for name, found in articles.items()}
    precision, recall, f1 = scores(list(matches.values()))
    low, high = interval(list(matches.values()))
    print(f"body: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f} [{low:.3f}, {high:.3f}], n={len(pages)}")
    print(f"refused: {sum(found is None for found in articles.values())}")
    print(f"{len(pages) / seconds:.1f} pages/s on one core")
    print_hidden(pages, articles)
    print_lines()
    for name in sorted(matches, key=lambda name: matches[name].f1)[: options.worst]:
        least = matches[name]
        print(f"{least.f1:.3f}  both {least.both:.2f}  ours {least.ours:.2f}  theirs {least.theirs:.2f}  {name}")


def extracted(raw: bytes) -> Article | None:
    """The article of a page, None where it is refused."""
    found = next(html.read("page.html", iter([raw])))
    return article(found) if isinstance(found, Draft) else None


def match(theirs: str, ours: str) -> Match:
    """How far two bodies agree, as evaluate.py of scrapinghub/article-extraction-benchmark counts it: runs of four
    words as often as they occur, the three counts divided by their sum, so that long pages weigh no more."""
    wanted, found = runs(theirs), runs(ours)
    counts = (wanted & found).total(), (found - wanted).total(), (wanted - found).total()
    both, alone, missed = (count / (sum(counts) or 1) for count in counts)
    return Match(both, alone, missed)


def runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[start : start + 4]) for start in range(max(1, len(words) - 3)) if words)


def scores(matches: Sequence[Match]) -> tuple[float, float, float]:
    """Mean precision and mean recall of the pages that have any, and the F1 of these two means, as there."""
    precision = statistics.mean(m.both / (m.both + m.ours) for m in matches if m.both + m.ours)
    recall = statistics.mean(m.both / (m.both + m.theirs) for m in matches if m.both + m.theirs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def interval(matches: Sequence[Match]) -> tuple[float, float]:
    """The 95 % interval of F1, from 1,000 draws of as many pages."""
    draw = random.Random(0)
    drawn = sorted(scores(draw.choices(matches, k=len(matches)))[2] for _ in range(1000))
    return drawn[25], drawn[974]


def print_hidden(pages: Mapping[str, bytes], articles: Mapping[str, Article | None]) -> None:
    """For day and outlet: of the pages whose JSON-LD or Open Graph tags state it, how many are read alike without."""
    tagged, days, within, wrong, outlets = [list[bool]() for _ in range(5)]
    for name, raw in pages.items():
        stated, bare = articles[name], extracted(STATING.sub(b"", raw))
        given = " ".join(match.decode("utf-8", "replace") for match in STATING.findall(raw))
        if stated and stated.day and moments(given):
            apart = abs((bare.day - stated.day).days) if bare and bare.day else None
            tagged.append(bare is not None and any(same_time(bare.published, one) for one in moments(given)))
            days.append(apart == 0)
            within.append(apart in (0, 1))
            wrong.append(apart is not None and apart > 1)
        if stated and stated.outlet and re.search(r"og:site_name|\"publisher\"", given):
            outlets.append(bare is not None and alike(bare.outlet, stated.outlet))
    figures = {
        "day or moment, as the tags write it": tagged,
        "day, as read with the tags": days,
        "day or its neighbour (zones)": within,
        "another day": wrong,
        "outlet": outlets,
    }
    for what, found in figures.items():
        print(f"{what}, read with the tags hidden: {sum(found)}/{len(found)} = {statistics.mean(found):.3f}")


def moments(given: str) -> list[Published]:
    """When a page was published by the first of each kind of its tags."""
    written = (pattern.search(given) for pattern in MOMENTS)
    return [moment for match in written if match and (moment := dates.parse(match[1]))]


def same_time(one: Published | None, other: Published) -> bool:
    """Whether two are on the same day, each in its own zone, or the same moment but for seconds."""
    if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
        return one.date() == other.date() or abs((one - other).total_seconds()) < 60
    days = [day.date() if isinstance(day, dt.datetime) else day for day in (one, other)]
    return days[0] == days[1]


def print_lines() -> None:
    """How fast articles in JSON Lines are read, and go to an archive: read and kept there, split into passages too."""
    encoder = load_encoder()
    encoder.count(["one"])
    for _ in readers.read([news()]):  # imports what it needs
        break
    start = time.process_time()
    count = sum(1 for _ in readers.read([news()]))
    reading = time.process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        Archive.create(Path(folder) / "archive.sqlite")
        archive = Archive(Path(folder) / "archive.sqlite")
        splitting, start = 0.0, time.process_time()
        for came in Intake(archive).wanted(readers.read([news()]), ARTICLES_AT_ONCE):
            keep(archive, came)
            kept = time.process_time()
            split(archive, encoder)
            splitting += time.process_time() - kept
        whole = time.process_time() - start
        archive.close()
    print(
        f"JSON Lines, in processor time before encoding: {count / reading:.0f} articles/s read,"
        f" {count / (whole - splitting):.0f} read and kept, {count / whole:.0f} read, kept and split"
    )


def alike(name: str | None, other: str | None) -> bool:
    """Whether two names are one but for spaces, case and endings: "TheHill" and "The Hill", "IGN" and "ign.com"."""
    one, two = (re.sub(r"\W|^the\b", "", canonical(given or "").lower().partition(".")[0]) for given in (name, other))
    return bool(one and two) and (one.startswith(two) or two.startswith(one))


if __name__ == "__main__":
    main()
