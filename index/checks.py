"""A collection's health: every span against its text, derived stores against the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

from index.archive import Archive, digest
from index.errors import Damaged
from index.records import Article, Finding
from index.stages import sight


def archive_findings(archive: Archive) -> list[Finding]:
    """What is wrong within the archive, and what is not done yet."""
    findings = []
    damaged = [
        article.id
        for n in archive.live()
        for article in archive.numbered([n]).values()
        if _damaged(archive, n, article)
    ]
    if damaged:
        some = ", ".join(damaged[:5])
        what = f"text, passages or credits that do not match in {len(damaged)} articles: {some}"
        findings.append(Finding("archive", what, "remove these articles and add them again"))
    if unfinished := archive.counts()["unfinished"]:
        findings.append(Finding("archive", f"{unfinished} articles are not fully indexed", "run `whence add` again"))
    return findings


def _damaged(archive: Archive, number: int, article: Article) -> bool:
    """Whether it is not what was added, or has passages or credits that do not lie in its text as they were found."""
    end, length = 0, len(article.text)
    for stored in archive.passages_in([number]):
        passage = stored.passage
        if not end <= passage.start < passage.end <= length or sight(passage).hash != stored.folded:
            return True
        end = passage.end
    credited = archive.credits(article.id, article.revision)
    spans = [span for c in credited for part in (c.source, c.cue, c.content, c.about) for span in part]
    return archive.held(article.id) != (article.revision, digest(article)) or not all(
        0 <= start < end <= length for start, end in spans
    )


def store_findings(
    store: Literal["words", "vectors"], keys: Callable[[], Sequence[int]], live: set[int]
) -> list[Finding]:
    """Whether a derived store holds each of the live passages once, and nothing else."""
    try:
        held = Counter(keys())
    except Damaged as error:
        return [Finding(store, str(error), REBUILD)]
    wrong = {
        "passages are missing": len(live - held.keys()),
        "passages left the archive": len(held.keys() - live),
        "passages are held more than once": sum(1 for times in held.values() if times > 1),
    }
    return [Finding(store, f"{count} {what}", REBUILD) for what, count in wrong.items() if count]


REBUILD = "run `whence rebuild`"
