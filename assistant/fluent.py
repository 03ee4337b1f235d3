"""A language model's answer as sentences that their passages bear out, each with the spans that do."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace

from assistant import extract, grounding, tongues
from assistant.checked import Refused, checked
from assistant.compose import REFUSAL, Metered, Unchecked, compose, fits, mend
from assistant.compose import Draft as Composed
from assistant.orders import addresses, orders, without_orders
from assistant.prose import is_row
from assistant.records import Dropped, Question
from assistant.vouching import closest, likest, vouching
from assistant.writing import Draft, Writing
from index.records import Credit, Hit

Entails = Callable[[str, str], bool]
"""Whether a premise entails a hypothesis."""


def composed(
    question: Question, hits: Sequence[Hit], model: Metered, writing: Writing, entails: Entails | None = None
) -> Generator[Draft | None, None, None]:
    """The model's sentences that their passages bear out; none when it refuses. None in between while it writes.

    What is left out, and that the model wrote, is noted in `writing`.

    Args:
        question: Understood.
        hits: Passages, best first, of which the model sees those for which there is room.
        model: Writes.
        writing: The answer as it grows.
        entails: When given, a sentence must pass it as well.

    Raises:
        ModelFailed: as `compose` does.
        Unchecked: nothing that it wrote is in a language of the passages.
    """

    def credits(hit: Hit) -> list[Credit]:
        return credited[hit.passage.key]

    def vouched(hit: Hit) -> list[str]:
        return vouching(hit.article, hit.passage.text, (credit.name for credit in credits(hit)))

    def fault(draft: Composed) -> str | None:
        cited = [hits[i] for i in draft.hits]
        return _fault(draft.text, cited, [text for hit in cited for text in vouched(hit)], entails)

    def placed(drafts: Iterator[Composed | None]) -> Iterator[Composed | None]:
        """Those that cite no passage with the one that shares most with them."""
        for draft in drafts:
            bare = draft and not draft.hits and not draft.unknown and draft.text != REFUSAL
            yield replace(draft, hits=(likest(draft.text, hits),)) if draft and bare else draft

    def again(draft: Composed, why: str, seconds: float) -> Iterator[Composed | None]:
        return placed(mend(draft, why, question, hits, credits, model, seconds))

    credited = {
        hit.passage.key: extract.touching(writing.credits(hit.article), (hit.passage.start, hit.passage.end))
        for hit in hits
    }
    hits, unknown = fits(hits, credits, model.tokens), 0
    drafts = compose(question, hits, credits, model, model.deadline - time.monotonic())
    for one in checked(placed(drafts), fault, again):
        if isinstance(one, Dropped):
            writing.dropped.append(one)
        elif isinstance(one, Refused):
            writing.model = model.name
        elif one is None:
            yield None
        else:
            unknown += one.unknown
            writing.model = model.name
            known = [text for i in one.hits for text in vouched(hits[i])]
            spans = tuple((hits[i].article, closest(hits[i], one.text, known)) for i in one.hits)
            yield Draft(one.text, spans, "supported")
    told = " ".join(one.text for one in writing.dropped)
    if not writing.sentences and (why := tongues.foreign(told, [hit.article for hit in hits])):
        raise Unchecked(f"{why}: it cannot be checked")
    if unknown:
        some = f"{unknown} marker{'s' if unknown > 1 else ''}"
        writing.notices.append(f"{some} of the language model left out: no passage has such a number.")


def _fault(text: str, cited: Sequence[Hit], known: Sequence[str], entails: Entails | None) -> str | None:
    """Why a model's sentence cannot be shown; None when the passages that it cites bear it out."""
    if not cited:
        return "it cites no passage that exists"
    if foreign := addresses(text, [hit.article.url for hit in cited if hit.article.url]):
        return f"it has an address that is not its article's: {foreign[0]}"
    if orders(text):
        return "it gives orders instead of an answer"
    if is_row(text):
        return "it is the row of a table and no sentence"
    passages = [grounding.nearest(text, without_orders(hit.passage.text)) for hit in cited]
    verdict = grounding.judge(text, passages, known)
    if not verdict.supported:
        if why := tongues.foreign(text, [hit.article for hit in cited]):
            return f"{why}: it cannot be checked"
        return verdict.why or "its passages do not bear it out"
    if entails and not entails("\n".join(passages), text):
        return "its passages do not entail it"
    return None
