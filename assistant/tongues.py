"""Which language an answer is to be written in, and whether a sentence is in another than its passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index import languages
from index.records import Article

_CODE = re.compile(r"[a-z]{2,3}")
"""A language's code (ISO 639); whatever else an article gives as its language could speak to the model."""


def wanted(articles: Iterable[Article]) -> str:
    """The language to answer in, as a prompt names it: that of the passages, for only there can it be checked."""
    names = _names(articles)
    if len(names) == 1:
        return f"{names[0]}, the language of the passages"
    known = f" ({', '.join(names)})" if names else ""
    return f"the language of the passage that it rests on{known}"


def foreign(sentence: str, articles: Sequence[Article]) -> str | None:
    """That a sentence is in another language than all of these articles, in words; None where it is in the language of
    one of them, or that cannot be told."""
    names = _names(articles)
    written = languages.detect(sentence)
    if written is None or not names or languages.name(written) in names:
        return None
    return f"it is written in {languages.name(written)}, the passages in {' and '.join(names)}"


def _names(articles: Iterable[Article]) -> list[str]:
    codes = (article.language for article in articles if article.language and _CODE.fullmatch(article.language))
    return list(dict.fromkeys(map(languages.name, codes)))
