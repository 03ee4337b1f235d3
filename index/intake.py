"""What readers give, sorted: articles that are new or changed go on, those held already are counted, refusals kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.archive import Archive
from index.records import Added, Article, Refusal
from index.rows import digest


class Intake:
    """One run's articles, sorted by what the archive holds; an id that comes again in the run must be the same."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._met: dict[str, str] = {}
        self._added: list[str] = []
        self._updated: list[str] = []
        self._unchanged: list[str] = []
        self._refused: list[Refusal] = []

    def wanted(self, items: Iterable[Article | Refusal]) -> Iterator[Article]:
        """Those articles that are to be kept, as the next revision of their id."""
        for item in items:
            if isinstance(item, Refusal):
                self._refused.append(item)
            elif item.id in self._met:
                self._met_again(item)
            elif (revision := self._revision(item)) is not None:
                yield replace(item, revision=revision)

    def _met_again(self, article: Article) -> None:
        if self._met[article.id] != digest(article):
            reason = f"id {article.id!r} came twice in this run with different content; the first was kept"
            origin = article.origin
            place = f"{origin.path}/{origin.member}" if origin.member else origin.path
            self._refused.append(Refusal(place, reason, origin.line))

    def _revision(self, article: Article) -> int | None:
        """Which revision of its id it is to become; None when it is held with the same content."""
        content = digest(article)
        self._met[article.id] = content
        held = self._archive.held(article.id)
        if held is None:
            self._added.append(article.id)
            return 1
        revision, known = held
        if known == content:
            self._unchanged.append(article.id)
            return None
        self._updated.append(article.id)
        return revision + 1

    def told(self) -> Added:
        """What became of the articles."""
        return Added(tuple(self._added), tuple(self._updated), tuple(self._unchanged), tuple(self._refused))
