"""Whose words a sentence holds, by the credits of its article. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.names import full_name
from assistant.records import Question
from assistant.sentences import Pick
from assistant.wanted import wanted
from index.records import Article, Credit, Span
from index.words import stems

SPEAKING = frozenset({"person", "organisation", "post"})
"""Kinds of source that say things in their own name."""

SURE = 0.5
"""How sure a credit must be for its source to be told as the speaker."""

LOOKED_AT, BEHIND = 8, 2.0
"""Sentences looked at for a speaker, and how far below the best one's score."""

DESCRIBED, BESIDE = 1.5, 80
"""What it adds to a sentence's score that its speaker is described as asked, and the characters on either side of the
name in which that counts."""

_MANY = frozenset("democrats republicans conservatives liberals critics officials experts supporters lawmakers".split())
_FORMS = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Prof|Rev)\. |(?:President|Senator|Governor|Representative|Secretary"
    r"|Mayor|Judge|Justice|Congressman|Congresswoman|Republican|Democrat|Democratic|Former|Then) )+"
)
_NAMED = re.compile(r"\b[A-Z][\w’'-]+(?: (?:[A-Z]\.?|[A-Z][\w’'.-]+|of|the|de|van|von))* ?[A-Z]?[\w’'-]*")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is credited with words: the name as it is told, and where the article has it."""

    name: str
    start: int
    end: int


def speaker(article: Article, credits: Sequence[Credit], span: Span) -> Speaker | None:
    """Who said what stands in that span, "he said" resolved to a name; None where the article names nobody.

    Of several it is the one credited with the most of it.
    """
    start, end = span
    told = [
        (_shared(credit.content, span), credit.sure, credit)
        for credit in credits
        if credit.kind in SPEAKING and credit.relation == "quote" and credit.sure >= SURE
        and (_shared(credit.content, span) or any(a < end and start < b for a, b in credit.cue))
    ]  # fmt: skip
    for _, _, credit in sorted(told, key=lambda one: one[:2], reverse=True):
        if (found := _named(article, credit)) is not None:
            return found
    return None


def _shared(content: Sequence[Span], span: Span) -> int:
    """How many characters of a span belong to a content."""
    return sum(max(0, min(b, span[1]) - max(a, span[0])) for a, b in content)


def _named(article: Article, credit: Credit) -> Speaker | None:
    """The source of a credit by a name that the article prints, at its source or last before it."""
    at = credit.source[0][0] if credit.source else credit.cue[0][0]
    if credit.name and (place := _where(article.text, credit.name, credit.source, at)):
        return Speaker(credit.name, *place)
    for a, b in credit.source:
        match = _NAMED.search(article.text, a, b)
        if match and match.start() >= a:
            title = _FORMS.match(match[0])
            name = match[0][title.end() if title else 0 :].strip(" ’'")
            if name and " " in name:
                start = match.end() - len(match[0]) + (title.end() if title else 0)
                return Speaker(name, start, start + len(name))
            if name and (full := full_name(article.text, a, name)):
                return Speaker(full, match.start(), match.end())
    return None


def _where(text: str, name: str, source: Sequence[Span], before: int) -> Span | None:
    """Where a name stands: inside the source, else the last time before it; its last word where it is not whole."""
    for wording in (name, name.split()[-1]):
        for a, b in source:
            if (at := text.find(wording, a, b)) >= 0:
                return at, at + len(wording)
        if (at := text.rfind(wording, 0, before)) >= 0:
            return at, at + len(wording)
    return None


def answering(
    question: Question, picks: Sequence[Pick], credits: Callable[[Article], Sequence[Credit]]
) -> tuple[Pick, Speaker] | None:
    """The sentence that best answers who said something, with its speaker, whom the question does not name; None
    without one. A speaker whom the article describes as the question does ("a Kansas congressman") is preferred.

    Args:
        question: Understood.
        picks: Sentences, best first.
        credits: Whom an article credits.
    """
    asked = set(re.findall(r"\w+", question.standalone.casefold()))
    want = wanted(question.standalone)
    found: list[tuple[float, Pick, Speaker]] = []
    credited: dict[str, Sequence[Credit]] = {}  # several sentences are of one article, and its credits take reading
    for pick in picks[:LOOKED_AT]:
        if pick.score < picks[0].score - BEHIND:
            break
        article = pick.hit.article
        if article.id not in credited:
            credited[article.id] = credits(article)
        said = speaker(article, credited[article.id], (pick.start, pick.end))
        if said is None or not said.name[0].isupper() or re.findall(r"\w+", said.name.casefold())[-1] in asked:
            continue
        if want.forms[0] == "person" and _several(said.name):
            continue
        found.append((pick.score + DESCRIBED * described(article, said, want.head), pick, said))
    best = max(found, key=lambda one: one[0], default=None)
    return best[1:] if best else None


def _several(name: str) -> bool:
    """Whether a name is that of people at large: "Democrats"."""
    return name.casefold() in _MANY


def described(article: Article, said: Speaker, head: Sequence[str]) -> float:
    """The share, 0 to 1, of the stems asked for ("9/11 widow") that stand near a speaker's name in the article."""
    if not head:
        return 0.0
    last = re.escape(said.name.split()[-1])
    near = [
        article.text[max(0, match.start() - BESIDE) : match.end() + BESIDE]
        for match in re.finditer(rf"\b{last}\b", article.text)
    ]
    return max((len(set(head) & set(stems(text))) / len(set(head)) for text in near), default=0.0)
