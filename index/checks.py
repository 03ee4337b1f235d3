"""A collection's health: every span against its text, derived stores against the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from index.archive import Archive
from index.encoders import Floats
from index.errors import Damaged
from index.records import Article, Finding
from index.rows import digest
from index.stages import sight
from index.table import Table
from index.vectors import Vectors
from index.words import Words


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
    return archive.held([article.id]) != {article.id: (article.revision, digest(article))} or not all(
        0 <= start < end <= length for start, end in spans
    )


def words_findings(folder: Path, live: set[int]) -> list[Finding]:
    """Whether the words are whole, and hold each of the live passages once and nothing else."""
    try:
        return _keys_findings("words", Words(folder).keys(), live)
    except Damaged as error:
        return [Finding("words", str(error), REBUILD)]


def vectors_findings(folder: Path | None, archive: Archive, live: set[int]) -> list[Finding]:
    """Whether that store of vectors is whole, and holds each of the live passages once, with the archive's vector."""
    if folder is None:
        return _keys_findings("vectors", (), live)
    try:
        store = Vectors(folder)
        findings = _keys_findings("vectors", store.keys(), live)
        table = Table.of(archive)
        other = sum(_differing(table, keys, rows) for keys, rows in store.rows(table.keys.tolist()))
        store.close()
    except Damaged as error:
        return [Finding("vectors", str(error), REBUILD)]
    if other:
        findings.append(Finding("vectors", f"{other} passages have another vector than in the archive", REBUILD))
    return findings


def _differing(table: Table, keys: Sequence[int], rows: Floats) -> int:
    """How many of those vectors are not the table's."""
    of = table.vectors[np.searchsorted(table.keys, keys)]
    return int((np.abs(rows - of).max(axis=1, initial=0) > EQUAL).sum())


def _keys_findings(store: Literal["words", "vectors"], keys: Sequence[int], live: set[int]) -> list[Finding]:
    held = Counter(keys)
    wrong = {
        "passages are missing": len(live - held.keys()),
        "passages left the archive": len(held.keys() - live),
        "passages are held more than once": sum(1 for times in held.values() if times > 1),
    }
    return [Finding(store, f"{count} {what}", REBUILD) for what, count in wrong.items() if count]


REBUILD = "run `whence rebuild`"
EQUAL = 1e-4
"""By how much a number of a vector in Chroma may differ from the archive's, for Chroma normalises once more."""
