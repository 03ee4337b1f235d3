"""Suites that evaluators already own, of SQuAD, LlamaIndex and Ragas, become cases and the articles they ask about."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator

from assistant.evaluation.cases import BadSuite, Case, Evidence, Fields
from index.records import Article
from index.splitter import sentences

Placed = tuple[Fields, Article]
"""A question of SQuAD's with the paragraph that it is asked of."""


# -- SQuAD: Rajpurkar et al., "SQuAD" (2016) and "Know What You Don't Know" (2018) ------------------------------------


def squad(whole: Fields) -> Iterator[Placed]:
    """Every question of a SQuAD document (1.1 or 2.0) with its paragraph, whose id is `title/number`.

    Raises:
        BadSuite: the document lacks what questions stand in.
    """
    for number, group in enumerate(whole.objects("data")):
        title = group.text("title") if "title" in group.found else f"part {number}"
        for place, paragraph in enumerate(group.objects("paragraphs")):
            text = paragraph.text("context")
            article = Article(id=f"{title}/{place}", text=text, title=title.replace("_", " "))
            for question in paragraph.objects("qas"):
                told = {**question.found, "context": text, "article": article.id, "title": title}
                yield Fields(question.file, told, question.line, question.prefix), article


def squad_case(fields: Fields) -> Case:
    """A question of SQuAD's; its gold quote is the sentence that the first answer begins in. Raises BadSuite."""
    context = fields.text("context")
    found: dict[str, int] = {}
    for answer in fields.objects("answers"):
        text, start = answer.text("text"), answer.number("answer_start")
        if context[start : start + len(text)] != text:
            raise answer.bad("answer_start", f"where {text!r} stands in the context")
        found.setdefault(text, start)
    if fields.flag("is_impossible") and found:
        raise fields.bad("is_impossible", "false where there are answers")
    if not found and not fields.flag("is_impossible"):
        raise fields.bad("answers", "at least one, or `is_impossible`")
    golds = list(found)
    quotes = dict.fromkeys(_sentence_at(context, start) for start in found.values())
    return Case(
        id=fields.text("id"),
        type="answerable" if golds else "unanswerable",
        question=fields.text("question").strip(),
        answer=golds[0] if golds else None,
        aliases=tuple(golds[1:]),
        evidence=tuple(Evidence(fields.text("article"), quote) for quote in quotes),
        tags={"title": fields.text("title")},
    )


def paragraphs(asked: Iterable[Placed]) -> list[Article]:
    """Every paragraph once, in order."""
    return list({article.id: article for _, article in asked}.values())


def _sentence_at(text: str, place: int) -> str:
    """The sentence around a place of a text, or all of it."""
    return next((text[start:end] for start, end in sentences(text) if start <= place < end), text)


# -- LlamaIndex's LabelledRagDataset ----------------------------------------------------------------------------------


def llama_case(fields: Fields) -> Case:
    """An example of a LabelledRagDataset; examples have no ids, so their places serve. Raises BadSuite."""
    author = fields.found.get("query_by")
    made_by = author.get("type") if isinstance(author, dict) else None
    return Case(
        id=f"example-{int(fields.prefix.split('.')[1]) + 1}",
        type="rag",
        question=fields.text("query"),
        answer=fields.text("reference_answer"),
        evidence=_quoted(fields.texts("reference_contexts")),
        tags={"query_by": made_by} if made_by else {},
    )


# -- Ragas ------------------------------------------------------------------------------------------------------------


def is_ragas(fields: Fields) -> bool:
    """Whether an object is a sample of Ragas's: `user_input` since 0.2, `ground_truth` or `ground_truths` before."""
    return bool({"user_input", "ground_truth", "ground_truths"} & set(fields.found))


def ragas_case(fields: Fields) -> Case:
    """A sample of Ragas's for one turn; samples have no ids, so their lines serve. Raises BadSuite."""
    asked = "user_input" if "user_input" in fields.found else "question"
    if isinstance(fields.found.get(asked), list):
        raise fields.bad(asked, "text: Ragas's samples of several turns have no answer for each")
    kind = fields.found.get("synthesizer_name") or fields.found.get("evolution_type")
    return Case(
        id=f"sample-{fields.line('')}" if not fields.prefix else f"sample-{int(fields.prefix.split('.')[1]) + 1}",
        type=str(kind or "rag"),
        question=fields.text(asked),
        answer=_reference(fields),
        evidence=_quoted(_texts(fields, "reference_contexts")),
    )


def _reference(fields: Fields) -> str:
    for name in ("reference", "ground_truth"):
        if name in fields.found:
            return fields.text(name)
    golds = _texts(fields, "ground_truths")
    if not golds:
        raise fields.bad("reference", "text")
    return golds[0]


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    """A list of texts; in a cell of CSV it stands as Python or JSON writes it."""
    value = fields.found.get(name)
    if not isinstance(value, str):
        return fields.texts(name)
    if not value.strip():
        return ()
    try:
        listed = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        try:
            listed = json.loads(value)
        except json.JSONDecodeError:
            raise fields.bad(name, "a list of texts, as Python or JSON writes it") from None
    return Fields(fields.file, {name: listed}, fields.line, fields.prefix).texts(name)


# -- contexts without articles ---------------------------------------------------------------------------------------


def contexts(rows: Iterable[Fields | BadSuite]) -> list[Article]:
    """The reference contexts of samples or examples, each an article named by a hash of its text."""
    texts = {text: None for row in rows if isinstance(row, Fields) for text in _texts(row, "reference_contexts")}
    return [Article(id=f"context-{hashlib.sha256(text.encode()).hexdigest()[:12]}", text=text) for text in texts]


def _quoted(texts: Iterable[str]) -> tuple[Evidence, ...]:
    """Contexts as gold quotes of whichever article holds them."""
    return tuple(Evidence("", text) for text in dict.fromkeys(texts))
