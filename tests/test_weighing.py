"""Whether what was found answers, doubt or none, and which of it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from assistant import doubt, spans
from assistant.question import kind_of
from assistant.records import Question
from assistant.saying import Said
from assistant.sentences import Pick
from assistant.weighing import Evidence, aged, doubted, lacking, set_apart
from index.records import Article, Credit, Hit, Passage, Query

TEXT = (
    "About 60 dockers refused to sail. Of the roughly 60 dockers who refused, 45 have been dismissed."
    " They handed in 36 rifles. Martha Hale said the dismissals were a disgrace. Ada Marsh, Tom Vale and Ines Roy"
    " led them."
)
ARTICLE = Article("a", TEXT, title="Dockers", outlet="CNN")
HIT = Hit(
    Passage(1, "a", 1, 0, 0, len(TEXT), TEXT, ()), ARTICLE, 9.0, "both", (), (),
    {"covered_setting": 1.0, "sentence_cosine": 0.9},
)  # fmt: skip


def pick(words: str, score: float) -> Pick:
    start = TEXT.index(words)
    return Pick(HIT, start, start + len(words), score, {})


REFUSED = pick("About 60 dockers refused to sail.", 3.0)
DISMISSED = pick("Of the roughly 60 dockers who refused, 45 have been dismissed.", 2.0)
RIFLES = pick("They handed in 36 rifles.", 3.0)
DISGRACE = pick("Martha Hale said the dismissals were a disgrace.", 3.0)
LED = pick("Ada Marsh, Tom Vale and Ines Roy led them.", 3.0)


def figure(one: Pick, words: str, score: float, signals: Mapping[str, float] | None = None) -> spans.Candidate:
    start = TEXT.index(words, one.start)
    return spans.Candidate(one, start, start + len(words), "number", score, signals or {})


def asked(text: str) -> Question:
    return Question(text, text, kind_of(text), Query(text))


def evidence(
    picks: list[Pick],
    found: list[spans.Candidate],
    words: Mapping[str, float],
    said: tuple[Said, ...] = (),
    row: str | None = None,
) -> Evidence:
    return Evidence(words, picks, found, doubt.REFUSED + 0.2, said, row)


def test_doubt_refuses_unless_what_is_asked_for_is_plainly_there() -> None:
    question = asked("What did Martha Hale say about the dismissals?")
    about, aside = Said(DISGRACE, 1.6), Said(DISGRACE, 0.3)
    assert doubted(question, evidence([DISGRACE], [], {}))
    assert doubted(question, evidence([DISGRACE], [], {}, said=(aside,)))
    assert not doubted(question, evidence([DISGRACE], [], {}, said=(about,)))
    assert not doubted(asked("Which three led them?"), evidence([LED], [], {}, row="Ada Marsh, Tom Vale and Ines Roy"))


def test_the_best_sentence_of_all_is_what_is_asked_where_it_is_theirs_and_nothing_is_presumed() -> None:
    said = (Said(DISGRACE, 0.4),)
    plain = asked("What did Martha Hale say about the dismissals?")
    assert not doubted(plain, evidence([DISGRACE], [], {}, said=said))
    assert doubted(plain, evidence([REFUSED, DISGRACE], [], {}, said=said))
    assert doubted(asked("What did Martha Hale say in praise of the dismissals?"), evidence([DISGRACE], [], {}, said))


def test_an_age_beside_a_name_is_told() -> None:
    text = "Tom Vale has 29 ships. Mr. Vale, 56, signed. The 41-year-old Roy did not."
    article = Article("v", text, title="Ships", outlet="CNN")
    hit = replace(HIT, article=article, passage=replace(HIT.passage, end=len(text), text=text))
    picks = [
        Pick(hit, text.index(one), text.index(one) + len(one), 1.0, {})
        for one in ("Tom Vale has 29 ships.", "Mr. Vale, 56, signed.", "The 41-year-old Roy did not.")
    ]
    for question, age in (("How old is Tom Vale? (signed the lease)", "56"), ("how old was roy", "41")):
        found = aged(asked(question), picks)
        assert found is not None and found.quote == age
    assert aged(asked("How old is Ada Marsh?"), picks) is None


def alone(sentence: str, score: float = 1.0) -> Pick:
    """A sentence that is a whole article."""
    span = (0, len(sentence))
    hit = replace(HIT, article=Article("s", sentence), passage=Passage(1, "s", 1, 0, *span, sentence, (span,)))
    return Pick(hit, *span, score, {})


@pytest.mark.parametrize(
    ("question", "sentence", "age"),
    [
        ("How old is John Hale?", "Mary Hale, 34, said her brother won.", None),
        ("How old is John Hale?", "The 34-year-old Mary Hale won.", None),
        ("How old is John Hale?", "Mary Hale, 34, and her brother, John Q. Hale, 31, won.", "31"),
        ("How old is John Hale?", "The 31-year-old clerk John Hale won.", "31"),
        ("How old is John Hale?", "Gov. Hale, 31, won.", "31"),
        ("how old is senator hale", "Mary Hale, 34, won.", "34"),
        ("How old is Hale?", "Ada Smith-Hale, 34, won.", None),
        ("How old was Hale when she joined the army?", "Ms. Hale, 56, joined the army as a teenager.", None),
        ("How old was Hale in 1980?", "Ms. Hale, 56, was a teenager in 1980.", None),
        ("How old is Hale?", "Hale, 47.5 percent; Vale, 40.", None),
        ("How old is Hale?", "The winner was Ms. Hale, 47.", "47"),
    ],
)
def test_an_age_is_of_today_and_of_nobody_else(question: str, sentence: str, age: str | None) -> None:
    found = aged(asked(question), [alone(sentence)])
    assert (found and found.quote) == age


def test_an_age_in_a_sentence_far_below_the_best_is_not_told() -> None:
    best, age = alone("The suspect fled.", 5.0), alone("A 24-year-old suspect was held elsewhere.", 0.5)
    question = asked("How old is the suspect?")
    assert aged(question, [best, age]) is None
    found = aged(question, [best, replace(age, score=4.0)])
    assert found is not None and found.quote == "24"


def test_of_two_things_asked_the_sentence_that_tells_the_other_stands_beside_the_best() -> None:
    question = asked("How many dockers refused and what did Martha Hale call the dismissals?")
    words = {"docker": 2.0, "refus": 2.0, "martha": 1.0, "hale": 1.0, "dismiss": 2.0}
    found = evidence([REFUSED, RIFLES, replace(DISGRACE, score=-1.0)], [figure(REFUSED, "60", 2.0)], words)
    picks, short, _ = set_apart(question, found, lambda _: [])
    assert ([one.start for one in picks], short) == ([REFUSED.start, DISGRACE.start, RIFLES.start], None)


def test_a_single_name_is_no_short_answer_where_several_are_asked_for() -> None:
    name = replace(figure(LED, "Ada Marsh", 2.0), form="name")
    assert set_apart(asked("Which five led them?"), evidence([LED], [name], {}), lambda _: [])[1] is None


def test_a_name_is_no_short_answer_to_why() -> None:
    name = replace(figure(LED, "Ada Marsh", 2.0), form="name")
    assert set_apart(asked("Why were they led?"), evidence([LED], [name], {}), lambda _: [])[1] is None
    assert set_apart(asked("Who led them?"), evidence([LED], [name], {}), lambda _: [])[1] == "Ada Marsh"


def test_all_that_somebody_says_is_told_by_their_statement_and_their_sentences_come_first() -> None:
    name, content = (TEXT.index("Martha Hale"), TEXT.index(" said")), (TEXT.index("the dismissals were"), DISGRACE.end)
    credit = Credit("a", 1, (name,), (name,), (content,), "Martha Hale", "person", "quote", sure=0.9)
    question = asked("What did Martha Hale say about the dismissals?")
    found = evidence([REFUSED, DISGRACE], [], {}, said=(Said(DISGRACE, 1.6),))
    picks, short, opening = set_apart(question, found, lambda _: [credit])
    assert ([one.start for one in picks], short, opening) == (
        [DISGRACE.start, REFUSED.start],
        "the dismissals were a disgrace",
        None,
    )


def test_a_figure_of_other_things_does_not_tell_how_many_there_were_of_what_nobody_speaks_of() -> None:
    found = evidence([RIFLES], [figure(RIFLES, "36", 2.0)], {"tank": 1.0})
    assert lacking(asked("How many tanks were lost?"), [HIT], found, [], lambda _: []) == (
        "not-stated",
        "The passages found have a figure of rifles, none of what is asked.",
    )
    assert lacking(asked("How many rifles were lost?"), [HIT], found, [], lambda _: []) == (None, None)
    assert lacking(asked("How many were lost?"), [HIT], found, [], lambda _: []) == (None, None)


@pytest.mark.parametrize(
    ("question", "short"),
    [("How many dockers were dismissed?", "45"), ("How many dockers refused?", "About 60 dockers")],
)
def test_how_many_is_told_by_the_sentence_that_has_all_of_the_question(question: str, short: str) -> None:
    found = evidence(
        [REFUSED, DISMISSED],
        [
            figure(REFUSED, "60", 3.0),
            figure(DISMISSED, "60", 2.0, {"whole": 1.0}),
            figure(DISMISSED, "45", 1.0),
        ],
        {"mani": 1.0, "docker": 2.0, "dismiss": 2.0} if "dismissed" in question else {"docker": 2.0, "refus": 2.0},
    )
    _, told, _ = set_apart(asked(question), found, lambda _: [])
    assert told == short
