"""A collection becomes a suite to start from: cases that run at once, to be replaced by a team's own questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import yaml

from assistant.evaluation.cases import Case, Evidence
from assistant.feedback import Feedback
from index import Article, Index, WhenceError

WANTED = 8
"""Cases drawn from the collection."""

SHORTEST, LONGEST = 40, 300
"""Characters of a sentence that is fit to be a gold quote."""

HEAD = """\
# A suite for `whence eval`. Each case: what a reader asks, and what a right answer says.
#
#   id        names the case in every report
#   question  as a reader would type it
#   type      yours to choose; scores are told by type (factoid, who-said, number, provenance, unanswerable ...)
#   answer    in a few words; null when the collection does not say
#   aliases   other wordings that are as right
#   evidence  the article (see `whence articles`) and the words in it that say so, exactly
#   parts     lists of wordings; when given, the answer must have one of each
#   turns     a conversation: all its questions with their answers; the last stands at the top again
#
# Any other key is a tag, and scores are told by tag too. Cases with the tag `fault` are what readers found wrong with
# answers. The others below were drawn from the collection so that something runs; write yours in their place, at least
# thirty for figures that say anything.

"""


OPEN = """
# Readers found these wrong, and did not say what is right. Each becomes a case when you know its answer.
#
"""


def write_starter(index: Index, kept: Sequence[Feedback], path: str | Path) -> int:
    """Write a YAML suite of what readers found wrong and some cases drawn from the collection; returns how many.

    Faults whose right answer nobody told stand at its end, as remarks.

    Raises:
        WhenceError: the file exists, or there is nothing to make a case of.
    """
    path = Path(path)
    if path.exists():
        raise WhenceError(f"{path} exists; a new suite would overwrite it. Name another file.")
    cases = [*faulted(kept), *drawn(index)]
    if not cases:
        raise WhenceError(f"The collection at {index.path} has no article with an outlet and a headline to ask about.")
    told = yaml.safe_dump([_plain(case) for case in cases], allow_unicode=True, sort_keys=False, width=110)
    path.write_text(HEAD + told.replace("\n- ", "\n\n- ") + _remarks(kept), encoding="utf-8")
    return len(cases)


def faulted(kept: Iterable[Feedback]) -> list[Case]:
    """A case for each question that should have been refused or whose right answer a reader told; the last word on a
    question counts."""
    judged = {said.question: said for said in kept if said.right or said.fault == "should-have-refused"}
    return [
        Case(
            id=f"reader-{number}",
            question=said.question,
            type="unanswerable" if said.fault == "should-have-refused" else "reader",
            answer=None if said.fault == "should-have-refused" else said.right,
            tags={"fault": said.fault},
        )
        for number, said in enumerate(judged.values(), 1)
    ]


def _remarks(kept: Sequence[Feedback]) -> str:
    """The questions of which only the wrong answer is known."""
    judged = {case.question for case in faulted(kept)}
    told = dict.fromkeys(_remark(said) for said in kept if said.question not in judged)
    return OPEN + "".join(f"# - {line}\n" for line in told) if told else ""


def _remark(said: Feedback) -> str:
    """A fault on one line of YAML's remarks."""
    about = f"“{said.quote}” ({said.article})" if said.quote else said.answer
    line = " ".join(f"{said.fault}: {said.question} {about}".split())
    return "".join(character for character in line if character.isprintable())


def drawn(index: Index) -> list[Case]:
    """Cases about articles spread over the collection, and one that no collection answers; none for an empty one."""
    articles = [article for article in index.articles() if article.outlet and article.title]
    step = max(1, len(articles) // WANTED)
    cases = (_about(article, index) for article in articles[::step])
    found = list(islice((case for case in cases if case), WANTED))
    return [*found, UNANSWERABLE] if found else []


UNANSWERABLE = Case(
    id="no-such-thing",
    question="Which outlet reported that the lighthouse keepers of Atlantis went on strike?",
    type="unanswerable",
    answer=None,
)


def _about(article: Article, index: Index) -> Case | None:
    """A case whose evidence is the article's first sentence of a fit length."""
    spans = (span for passage in index.passages(article.id) for span in passage.sentences)
    quotes = (article.text[start:end] for start, end in spans)
    quote = next((q for q in quotes if SHORTEST <= len(q) <= LONGEST and q.strip() != article.title), None)
    if quote is None or article.outlet is None:
        return None
    return Case(
        id=f"outlet-{article.id}",
        question=f"Which outlet ran the story “{article.title}”?",
        type="which-outlet",
        answer=article.outlet,
        evidence=(Evidence(article.id, quote),),
    )


def _plain(case: Case) -> dict[str, object]:
    """The case as it stands in a suite, without what is empty."""
    told = case.to_dict()
    ordered = {name: told[name] for name in ("id", "question", "type", "answer")} | told | told["tags"]
    return {name: value for name, value in ordered.items() if (value or name == "answer") and name != "tags"}
