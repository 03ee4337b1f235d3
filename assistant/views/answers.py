"""Answers, refusals and failures as HTML, each unlike the others, with their citations as cards."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.records import Answer, Citation, Sentence, Support
from assistant.views.markup import among, counted, day, headline, marker, original, permalink, printed_by, safe
from assistant.views.trail import accounts_view, trail_view
from index.records import Query

SIGNS: Mapping[Support, tuple[str, str]] = {
    "quoted": ("“”", "quoted word for word"),
    "supported": ("✓", "borne out by the passage"),
    "collection": ("≡", "about the collection"),
    "unsupported": ("?", "not borne out"),
}
"""How each kind of sentence is marked, and what the mark means."""

EXPORTS = {"markdown": "Markdown", "html": "HTML", "json": "JSON"}

_QUOTED = re.compile("“[^“”]*”")
_MARKER = re.compile(r"\[\d+\]")
_MARKERS = re.compile(r"(?:\[\d+\])+$")


def asked_view(question: str, place: int) -> str:
    """A question, which can be edited and asked again."""
    edit = (
        f'<button class="edits" type="button" value="{place}" title="Edit the question and ask it again">Edit</button>'
    )
    return f'<div class="question"><div class="asked">{safe(question)}</div>{edit}</div>'


def answer_view(answer: Answer, place: int, base: str = "", reworded: str | None = None) -> str:
    """An answer with its citations, or a refusal with its leads.

    Args:
        answer: What is shown.
        place: That of its exchange in the conversation, from 0.
        base: The address under which the page is served; permalinks start with it.
        reworded: A question to try instead of a refused one.
    """
    told = [refused_view(answer, reworded) if answer.refused else said_view(answer, place)]
    told.append(understood_view(answer))
    told.extend(f'<div class="notice">{safe(notice)}</div>' for notice in answer.notices)
    if answer.reports:
        told.append(trail_view(answer.reports, place))
    if answer.accounts:
        told.append(accounts_view(answer.accounts, place))
    heading = "Might be of interest, without answering the question" if answer.refused else "Citations"
    cards = "".join(card(citation, opener(place, citation), base) for citation in cited(answer))
    told.append(f'<div class="heading">{heading}</div><div class="cards">{cards}</div>' if cards else "")
    told.append(doing_view(place))
    return f'<div class="told {"refusal" if answer.refused else "answer"}">{"".join(told)}</div>'


def said_view(answer: Answer, place: int) -> str:
    """The short answer set apart, then the sentences, then what their marks mean."""
    short = f'<div class="short">{safe(answer.short)}</div>' if answer.short else ""
    sentences = "".join(f"<p>{sentence_view(sentence, place)}</p>" for sentence in answer.sentences)
    supports = dict.fromkeys(sentence.support for sentence in answer.sentences)
    key = " · ".join(f"{sign(support)} {SIGNS[support][1]}" for support in supports)
    return f'{short}<div class="said">{sentences}</div><div class="key">{key}</div>'


def sentence_view(sentence: Sentence, place: int) -> str:
    """A sentence and how it is borne out, the markers at its end as buttons that open its citations."""
    markers = "".join(f"[{number}]" for number in sentence.citations)
    text = said_in_quotes(sentence.text.removesuffix(markers).rstrip())
    *buttons, last = "", *(marker(place, number) for number in sentence.citations)
    return f'{text}{"".join(buttons)}<span class="marks">{last}{sign(sentence.support)}</span>'


def said_in_quotes(text: str) -> str:
    """A sentence as HTML, what stands in quotation marks set apart."""
    told, last = "", 0
    for found in _QUOTED.finditer(text):
        told += f'{safe(text[last : found.start()])}<span class="words">{safe(found[0])}</span>'
        last = found.end()
    return told + safe(text[last:])


def sign(support: Support) -> str:
    """A small mark that says how a sentence is borne out."""
    shown, means = SIGNS[support]
    return f'<span class="sign {support}" role="img" title="{means}">{shown}</span>'


def refused_view(answer: Answer, reworded: str | None) -> str:
    """That there is no answer, why, and what else could be asked."""
    said = answer.text.removesuffix(answer.reason or "").strip()
    told = f'<div class="label">No answer</div><div class="said">{safe(said or answer.text)}</div>'
    if said and answer.reason:
        told += f'<div class="reason">{safe(answer.reason)}</div>'
    if reworded:
        button = f'<button class="asks" type="button" value="{safe(reworded)}">{safe(reworded)}</button>'
        told += f'<div class="rewording">Try instead {button}</div>'
    return told


def understood_view(answer: Answer) -> str:
    """The question that was understood, where it is not the one that was typed, and the filters that held."""
    told = []
    if answer.standalone != answer.question:
        told.append(f"Understood as: {safe(answer.standalone)}")
    if answer.filters.filtered:
        told.append(f"Searched only {safe(filters_in_words(answer.filters))}")
    return f'<div class="understood">{"<br>".join(told)}</div>' if told else ""


def filters_in_words(query: Query) -> str:
    """Which articles pass a query's filters."""
    told = [among(query.outlets)] if query.outlets else ["articles"]
    if query.since:
        told.append(f"from {day(query.since)}")
    if query.until:
        told.append(f"until {day(query.until)}")
    return " ".join(told)


def doing_view(place: int) -> str:
    """What can be done with an answer: copied, asked for again, found fault with, saved as a file."""
    saves = "".join(
        f'<button class="exports" type="button" value="{place}/{form}">{name}</button>'
        for form, name in EXPORTS.items()
    )
    return (
        f'<div class="doing"><button class="copies" type="button">Copy</button>{again(place, "Ask again")}'
        f'{faults(str(place), "Report a fault")}<span class="saving">Save as {saves}</span></div>'
    )


def again(place: int, says: str) -> str:
    """A button that asks the same question again."""
    return f'<button class="retries" type="button" value="{place}">{says}</button>'


def faults(about: str, says: str) -> str:
    """A button that finds fault with an answer, `PLACE`, or one of its citations, `PLACE/NUMBER`."""
    return f'<button class="faults" type="button" value="{about}">{says}</button>'


def growing_view(pieces: Sequence[str]) -> str:
    """As much of an answer as there is, a sentence in each piece; its markers open nothing yet."""
    sentences = "".join(f"<p>{_growing(piece.strip())}</p>" for piece in pieces)
    return f'<div class="told growing busy"><div class="said">{sentences}</div></div>'


def _growing(sentence: str) -> str:
    text = _MARKERS.sub("", sentence)
    markers = "".join(f'<span class="marker">{one}</span>' for one in _MARKER.findall(sentence[len(text) :]))
    return f"{said_in_quotes(text.rstrip())}{markers}"


def failure_view(message: str, place: int | None = None) -> str:
    """That something failed, which is not the same as finding nothing; at a place of a conversation it can be tried
    again."""
    label = '<div class="label">Something failed</div>'
    after = '<div class="after">This is not an answer: the question was not looked up to the end.</div>'
    doing = f'<div class="doing">{again(place, "Try again")}</div>' if place is not None else ""
    said = f'<div class="said">{safe(message)}</div>'
    return f'<div class="told failure" role="alert">{label}{said}{after if doing else ""}{doing}</div>'


def remark_view(text: str, place: int | None = None, busy: bool = False) -> str:
    """A word from the page itself; `busy` while something is awaited, with a place where it can be asked again."""
    doing = f'<div class="doing">{again(place, "Ask again")}</div>' if place is not None else ""
    return f'<div class="told remark{" busy" if busy else ""}"><div class="said">{safe(text)}</div>{doing}</div>'


def cited(answer: Answer) -> tuple[Citation, ...]:
    """What an answer shows as cards: its citations, or the leads of a refusal."""
    return answer.leads if answer.refused else answer.citations


def opener(place: int, citation: Citation) -> str:
    """What a button that opens this citation of that exchange sends."""
    return f"{place}/{citation.number}"


def card(citation: Citation, opens: str, base: str = "") -> str:
    """A citation: who printed it when, under which headline; the quote; whom it credits, who else printed it, and what
    the article itself or its date warns of."""
    warnings = [f'<div class="doubt">Date in doubt: {safe(citation.doubt)}</div>'] if citation.doubt else []
    warnings += [f'<div class="correction">{safe(note.text)}</div>' for note in citation.notes]
    sources = dict.fromkeys(credit.called for credit in citation.credits if credit.called)
    copies = list(dict.fromkeys(copy.outlet or "an outlet not stated" for copy in citation.copies))
    link = permalink(base, citation.article, citation.revision, (citation.start, citation.end))
    notes = [
        f"credits: {safe(', '.join(sources))}" if sources else "",
        copies_view(copies) if copies else "",
        f"page {citation.page}" if citation.page else "",
        original(citation.url, citation.quote),
        f'<a class="permalink" href="{safe(link)}" target="_blank">permalink</a>',
        f'<button class="cites" type="button" value="{safe(cite_as(citation))}">cite</button>',
        faults(opens, "report"),
    ]
    return (
        '<div class="card">'
        f'<div class="where"><span class="number">{citation.number}</span> {safe(printed_by(citation))}</div>'
        f'<button class="headline opens" type="button" value="{opens}">{safe(headline(citation))}</button>'
        f"<blockquote>{safe(citation.quote)}</blockquote>"
        f"{''.join(warnings)}"
        f'<div class="notes">{" · ".join(filter(None, notes))}</div>'
        "</div>"
    )


def cite_as(citation: Citation) -> str:
    """A citation as a line of text for another's notes; the address follows it."""
    written = f"{citation.outlet or 'outlet not stated'}, “{headline(citation)}”, {day(citation.published)}"
    written += f", page {citation.page}" if citation.page else ""
    return f"{written}: “{' '.join(citation.quote.split())}”"


def copies_view(outlets: list[str]) -> str:
    """Who else printed the words: a few by name, more of them folded."""
    if len(outlets) <= 3:
        return f"also printed by {safe(', '.join(outlets))}"
    summary = f"<summary>also printed by {counted(len(outlets), 'outlet')}</summary>"
    return f"<details>{summary}{safe(', '.join(outlets))}</details>"
