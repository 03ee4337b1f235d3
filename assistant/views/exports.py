"""Answers as a file: Markdown with footnotes, a page of HTML, or JSON, each citation with its permalink."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from assistant.records import Answer, Citation
from assistant.views.answers import cited
from assistant.views.articles import standalone
from assistant.views.markup import headline, original, permalink, printed_by, safe

TYPES = {"markdown": ("text/markdown", "md"), "html": ("text/html", "html"), "json": ("application/json", "json")}
"""Media type and file ending of every form."""


def export(answers: Sequence[Answer], form: str, base: str) -> str:
    """The answers in one of the forms of `TYPES`; permalinks start with `base`."""
    return {"markdown": markdown, "html": page, "json": as_json}[form](answers, base)


# -- Markdown --------------------------------------------------------------------------------------------------------


def markdown(answers: Sequence[Answer], base: str) -> str:
    """The answers in Markdown, a footnote for each citation; those of several answers are told apart by its number."""
    several = len(answers) > 1
    return "\n".join(_markdown(answer, base, f"{n}." if several else "") for n, answer in enumerate(answers, 1))


def _markdown(answer: Answer, base: str, prefix: str) -> str:
    text = plain(answer.text)
    if not answer.refused:
        text = " ".join(
            plain(re.sub(r"[\s\[\]\d]*$", "", s.text) if s.citations else s.text)
            + "".join(f"[^{prefix}{number}]" for number in s.citations)
            for s in answer.sentences
        )
    told = [f"# {plain(answer.question)}", *([f"**{plain(answer.short)}**"] if answer.short else []), text]
    told += [f"*{plain(notice)}*" for notice in answer.notices]
    if answer.refused and answer.leads:
        told.append("Might be of interest, without answering the question:")
        told += [f"{c.number}. {reference(c, base)}" for c in answer.leads]
    told += [f"[^{prefix}{c.number}]: {reference(c, base)}" for c in cited(answer) if not answer.refused]
    return "\n\n".join(told) + "\n"


def reference(citation: Citation, base: str) -> str:
    """A citation on a line of Markdown: outlet and day, headline, quote, where it stands."""
    warned = f" (date in doubt: {plain(citation.doubt)})" if citation.doubt else ""
    sources = dict.fromkeys(credit.called for credit in citation.credits if credit.called)
    credited = f" Credits {plain(', '.join(sources))}." if sources else ""
    page = f", page {citation.page}" if citation.page else ""
    return (
        f"{plain(printed_by(citation))}{warned}, *{plain(headline(citation))}*{page}: “{plain(citation.quote)}”."
        f"{credited} <{_link(citation, base)}>"
    )


def plain(text: str) -> str:
    """Text on one line in which Markdown finds nothing of its own."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~$&-])", r"\\\1", " ".join(text.split()))


# -- HTML ------------------------------------------------------------------------------------------------------------


def page(answers: Sequence[Answer], base: str) -> str:
    """The answers as a page that needs nothing else."""
    inside = "".join(_section(answer, base, f"c{n}-") for n, answer in enumerate(answers, 1))
    return standalone(answers[0].question if answers else "Conversation", inside)


def _section(answer: Answer, base: str, prefix: str) -> str:
    notes = "".join(
        f'<li value="{c.number}" id="{prefix}{c.number}">{safe(printed_by(c))}, <cite>{safe(headline(c))}</cite>'
        f"<blockquote>{safe(c.quote)}</blockquote>"
        f'<a href="{safe(_link(c, base))}">permalink</a> {original(c.url, c.quote)}</li>'
        for c in cited(answer)
    )
    said = safe(answer.text)
    if not answer.refused:
        said = " ".join(
            safe(s.text.removesuffix("".join(f"[{n}]" for n in s.citations)).rstrip())
            + "".join(f' <a href="#{prefix}{n}">[{n}]</a>' for n in s.citations)
            for s in answer.sentences
        )
    short = f'<p class="short">{safe(answer.short)}</p>' if answer.short else ""
    notices = "".join(f"<p>{safe(notice)}</p>" for notice in answer.notices)
    asked = f'<h1 class="headline">{safe(answer.question)}</h1>'
    return f'<section>{asked}{short}<p class="said">{said}</p>{notices}<ol>{notes}</ol></section>'


# -- JSON ------------------------------------------------------------------------------------------------------------


def as_json(answers: Sequence[Answer], base: str) -> str:
    """The record of the one answer, or of each in a list; citations and leads with their permalinks."""
    told = [_record(answer, base) for answer in answers]
    return json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=2)


def _record(answer: Answer, base: str) -> dict[str, Any]:
    told: dict[str, Any] = answer.to_dict()
    for name, citations in (("citations", answer.citations), ("leads", answer.leads)):
        told[name] = [c.to_dict() | {"permalink": _link(c, base)} for c in citations]
    return told


def _link(citation: Citation, base: str) -> str:
    return permalink(base, citation.article, citation.revision, (citation.start, citation.end))
