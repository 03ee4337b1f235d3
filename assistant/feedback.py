"""What readers say is wrong with answers: kept in the ledger, and given to `whence eval --new` to make cases of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from assistant.ledger import Ledger, now
from index.errors import WhenceError
from index.records import Record

Fault = Literal["wrong-answer", "wrong-passage", "wrong-source", "should-have-refused", "should-have-answered"]

LONGEST = 1_000
"""Characters kept of each text."""

MOST = 10_000
"""Faults kept; the oldest give way."""

_TABLES = """
create table if not exists feedback (
    number integer primary key, told text not null, question text not null, fault text not null, answer text not null,
    right text, article text, quote text
) strict;
"""


class BadFeedback(WhenceError):
    """A fault of a kind that there is not."""


@dataclass(frozen=True, slots=True)
class Feedback(Record):
    """A reader's word on an answer, or, with `article` and `quote`, on one of its citations.

    `question` is the one that was understood, `answer` what was said to it, `right` what the reader says it should be.
    """

    question: str
    fault: Fault
    answer: str
    right: str | None = None
    article: str | None = None
    quote: str | None = None


def keep(ledger: Ledger, said: Feedback) -> None:
    """Write a reader's word down.

    Raises:
        BadFeedback: the fault is of no known kind.
    """
    if said.fault not in get_args(Fault):
        raise BadFeedback(f"{said.fault!r} is no fault. There are: {', '.join(get_args(Fault))}.")
    texts = (said.question, said.fault, said.answer, said.right, said.article, said.quote)
    with ledger.opened(_TABLES) as db:
        db.execute(
            "insert into feedback (told, question, fault, answer, right, article, quote) values (?, ?, ?, ?, ?, ?, ?)",
            (now(), *(text and text[:LONGEST] for text in texts)),
        )
        db.execute("delete from feedback where number <= (select max(number) from feedback) - ?", (MOST,))


def kept(ledger: Ledger) -> list[Feedback]:
    """Every word that is kept, the oldest first."""
    if not ledger.path.exists():
        return []
    with ledger.opened(_TABLES) as db:
        rows = db.execute("select question, fault, answer, right, article, quote from feedback order by number")
        return [Feedback(*row) for row in rows]
