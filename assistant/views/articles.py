"""Articles as HTML: one in full with its spans marked, many as a list, and the collection in a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.views.markup import counted, headline, marked, original, permalink, printed_by, safe
from index.records import Article, Credit, OutletCount, Span

STYLE = Path(__file__).with_name("page.css")

ICON = """<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'
 viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='%239a3412'/><path d='M5 9l5 14 6-14 6 14 5-14'
 fill='none' stroke='white' stroke-width='3' stroke-linejoin='round' stroke-linecap='round'/></svg>">"""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it is read: the quoted span, other cited spans, whom the article credits; `newest` is the number of
    its newest revision."""

    article: Article
    quoted: Span | None = None
    also: tuple[Span, ...] = ()
    credits: tuple[Credit, ...] = ()
    newest: int = 1

    @property
    def shown_credits(self) -> tuple[Credit, ...]:
        """Those that concern the quoted span; all of them where nothing is quoted."""
        return tuple(c for c in self.credits if self.quoted is None or c.touches(*self.quoted))


def article_view(reading: Reading, base: str = "") -> str:
    """The whole stored text: the quoted span marked, other cited spans lightly, whom it credits underlined, asides set
    back."""
    article = reading.article
    page = article.origin.page(reading.quoted[0]) if reading.quoted else None
    wire = f"wire copy of {article.wire}" if article.wire else ""
    quoted = article.text[slice(*reading.quoted)] if reading.quoted else ""
    link = permalink(base, article.id, article.revision, reading.quoted)
    notes = [
        safe(article.author or ""),
        safe(wire),
        f"page {page}" if page else "",
        original(article.url, quoted),
        f'<a class="permalink" href="{safe(link)}" target="_blank">permalink</a>',
    ]
    text = marked(article.text, layers(reading)).replace('<mark class="quoted', '<mark id="quote" class="quoted', 1)
    return (
        f'<div class="where">{safe(printed_by(article))}</div>'
        f'<h2 class="headline">{safe(headline(article))}</h2>'
        f'<div class="notes">{" · ".join(filter(None, notes))}</div>'
        f"{revisions_view(article, reading.newest, base)}"
        f"{credits_view(article, reading.shown_credits)}"
        f'<div class="text">{text}</div>'
    )


def revisions_view(article: Article, newest: int, base: str) -> str:
    """Which of its revisions this is, with the way to the others; nothing where there is one only."""
    if newest == 1:
        return ""
    numbers = (
        f"<b>{number}</b>"
        if number == article.revision
        else f'<a href="{safe(permalink(base, article.id, number))}" target="_blank">{number}</a>'
        for number in range(1, newest + 1)
    )
    older = "" if article.revision == newest else " (a newer one is held)"
    return f'<div class="revisions">Revision {" ".join(numbers)}{older}</div>'


def layers(reading: Reading) -> dict[str, list[Span]]:
    """The spans to set apart in an article's text, by the class that does so."""
    apart: dict[str, list[Span]] = {
        "quoted": [reading.quoted] if reading.quoted else [],
        "also": list(reading.also),
        "source": [span for credit in reading.shown_credits for span in credit.source],
        "cue": [span for credit in reading.shown_credits for span in credit.cue],
    }
    for aside in reading.article.asides:
        apart.setdefault("note" if aside.kind == "note" else "aside", []).append((aside.start, aside.end))
    return apart


def credits_view(article: Article, credits: Sequence[Credit]) -> str:
    """Whom the article credits, each once."""
    names = dict.fromkeys(
        credit.name or " … ".join(article.text[a:b] for a, b in credit.source) for credit in credits if credit.source
    )
    return f'<div class="credited">Credits {safe(", ".join(names))}</div>' if names else ""


def article_pane(inside: str, removable: Article | None = None) -> str:
    """What lies over or beside the conversation until it is closed; an article that may be removed can be there."""
    removes = (
        f'<div class="doing"><button class="removes" type="button" value="{safe(removable.id)}">Remove from the'
        " collection</button></div>"
        if removable
        else ""
    )
    close = '<button class="closes" type="button">Close</button>'
    return f'<div class="article" tabindex="-1">{close}{inside}{removes}</div>'


def standalone(title: str, inside: str, home: str = "") -> str:
    """A page of its own, which asks nothing of any other machine and runs nothing; `home` is the address to ask at."""
    style = STYLE.read_text(encoding="utf-8")
    link = f'<a class="home" href="{safe(home)}">Whence</a>' if home else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{safe(title)} · Whence</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"{ICON}"
        f'<style>{style}</style></head><body class="standalone">'
        f'<main class="article">{link}{inside}</main></body></html>'
    )


def listing_view(articles: Sequence[Article], first: int, total: int) -> str:
    """A stretch of the collection's articles: `first` counts from 0 among `total`."""
    if not articles:
        return '<div class="empty">No article passes these filters.</div>'
    rows = "".join(
        '<li><button class="headline opens" type="button" '
        f'value="listed/{safe(article.id)}">{safe(headline(article))}</button>'
        f'<span class="where">{safe(printed_by(article))}'
        f"{safe(f' · wire copy of {article.wire}') if article.wire else ''}</span></li>"
        for article in articles
    )
    span = f"{first + 1:,} to {first + len(articles):,} of {counted(total, 'article')}"
    return f'<div class="span" role="status">{span}</div><ol class="listing">{rows}</ol>'


def collection_view(outlets: Sequence[OutletCount]) -> str:
    """The name of the program, and what it answers from."""
    articles, named = sum(outlet.articles for outlet in outlets), sum(1 for outlet in outlets if outlet.outlet)
    years = {day.year for outlet in outlets for day in (outlet.first, outlet.last) if day}
    told = counted(articles, "article")
    if named:
        told += f" from {counted(named, 'outlet')}"
    if years:
        told += f", {' to '.join(str(year) for year in sorted({min(years), max(years)}))}"
    if not articles:
        told = "The collection is empty. Add articles with `whence add PATH...`."
    return f'<div class="masthead"><span class="name">Whence</span><span class="held">{safe(told)}</span></div>'
