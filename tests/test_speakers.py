"""Who said it: the speaker of a sentence by its credits, and the sentence that answers a who-said question."""

from assistant.records import Question
from assistant.sentences import Pick
from assistant.speakers import Speaker, answering, speaker
from index.records import Article, Credit, Hit, Passage, Query, Span

TEXT = (
    "Martha Hale, a Lowmarsh engineer, inspected the bridge. “It will not last,” Hale said. She added that the toll"
    " was absurd. Peter Quince of the Harbour Trust said the bridge was safe. Democrats said the bridge was old."
)
ARTICLE = Article("a", TEXT, outlet="CNN")


def span(words: str) -> Span:
    start = TEXT.index(words)
    return start, start + len(words)


def credit(source: str, cue: str, content: str, name: str | None) -> Credit:
    return Credit("a", 1, (span(source),), (span(cue),), (span(content),), name, "person", "quote", sure=0.9)


CREDITS = [
    credit("Hale said", "Hale said", "“It will not last,”", "Martha Hale"),
    credit("She", "added", "that the toll was absurd", "Martha Hale"),
    credit("Peter Quince of the Harbour Trust", "said the bridge was safe"[:4], "the bridge was safe", None),
    credit("Democrats", "said the bridge was old"[:4], "the bridge was old", "Democrats"),
]


def pick(words: str, score: float) -> Pick:
    start, end = span(words)
    passage = Passage(1, "a", 1, 0, 0, len(TEXT), TEXT, ((start, end),))
    return Pick(Hit(passage, ARTICLE, 1.0, "words", ()), start, end, score, {})


def asked(text: str) -> Question:
    return Question(text, text, "who-said", Query(text))


def test_she_is_told_by_the_name_that_the_credit_resolves() -> None:
    found = speaker(ARTICLE, CREDITS, span("She added that the toll was absurd."))
    assert found is not None
    assert (found.name, TEXT[found.start : found.end]) == ("Martha Hale", "Martha Hale")


def test_a_source_that_no_credit_resolves_is_told_as_it_is_printed() -> None:
    start = TEXT.index("Peter Quince")
    assert speaker(ARTICLE, CREDITS, span("Peter Quince of the Harbour Trust said the bridge was safe.")) == Speaker(
        "Peter Quince", start, start + len("Peter Quince")
    )


def test_a_sentence_that_nobody_is_credited_with_has_no_speaker() -> None:
    assert speaker(ARTICLE, CREDITS, span("Martha Hale, a Lowmarsh engineer, inspected the bridge.")) is None


def test_a_speaker_whom_the_question_names_does_not_answer_it() -> None:
    picks = [
        pick("“It will not last,” Hale said.", 3.0),
        pick("Peter Quince of the Harbour Trust said the bridge was safe.", 2.5),
    ]
    found = answering(asked("Who contradicted Martha Hale about the bridge?"), picks, lambda _: CREDITS)
    assert found is not None
    assert found[1].name == "Peter Quince"


def test_a_speaker_described_as_the_question_does_is_preferred() -> None:
    picks = [
        pick("Peter Quince of the Harbour Trust said the bridge was safe.", 3.0),
        pick("“It will not last,” Hale said.", 2.5),
    ]
    found = answering(asked("Which Lowmarsh engineer said the bridge was unsafe?"), picks, lambda _: CREDITS)
    assert found is not None
    assert found[1].name == "Martha Hale"


def test_people_at_large_are_no_answer_to_who() -> None:
    picks = [pick("Democrats said the bridge was old.", 3.0)]
    assert answering(asked("Who said the bridge was old?"), picks, lambda _: CREDITS) is None
