"""What readers give, sorted: articles that are new or changed go on, those held already are counted, refusals kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

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

    def wanted(self, items: Iterable[Article | Refusal], at_once: int) -> Iterator[list[tuple[Article, str]]]:
        """Of each `at_once` items those articles, if any, that are to be kept: as the next revision of their id, with
        their `digest`."""
        waiting = iter(items)
        while portion := list(islice(waiting, at_once)):
            if wanted := list(self._sorted(portion)):
                yield wanted

    def _sorted(self, portion: list[Article | Refusal]) -> Iterator[tuple[Article, str]]:
        held = self._archive.held(item.id for item in portion if isinstance(item, Article))
        for item in portion:
            if isinstance(item, Refusal):
                self._refused.append(item)
                continue
            content = digest(item)
            if item.id in self._met:
                self._met_again(item, content)
                continue
            self._met[item.id] = content
            revision, known = held.get(item.id, (0, ""))
            if known == content:
                self._unchanged.append(item.id)
                continue
            (self._updated if revision else self._added).append(item.id)
            yield replace(item, revision=revision + 1) if revision else item, content

    def _met_again(self, article: Article, content: str) -> None:
        if self._met[article.id] != content:
            reason = f"id {article.id!r} came twice in this run with different content; the first was kept"
            origin = article.origin
            place = f"{origin.path}/{origin.member}" if origin.member else origin.path
            self._refused.append(Refusal(place, reason, origin.line))

    def told(self) -> Added:
        """What became of the articles."""
        return Added(tuple(self._added), tuple(self._updated), tuple(self._unchanged), tuple(self._refused))
