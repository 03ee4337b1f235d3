"""What somebody says of something: whose words are asked for, and the sentences in which they speak of it."""

import pytest

from assistant.question import kind_of
from assistant.records import Question
from assistant.saying import ABOUT, at_large, presumes, said, spoken, statement, whose
from assistant.sentences import Pick
from index.records import Article, Credit, Hit, Passage, Query, Span

TEXT = (
    "Martha Hale opened the bridge. “The toll is absurd, and the ferry was cheaper,” Hale said. “It will go."
    " The council must see that,” she added. Peter Quince said the toll of the bridge was fair."
    " Quince, speaking on the quay, said of the toll: “Nobody complains.”"
)
ARTICLE = Article("a", TEXT, title="The toll of the bridge", outlet="CNN")
WORDS = {"hale": 2.0, "toll": 2.0, "bridg": 1.0}


def span(words: str) -> Span:
    start = TEXT.index(words)
    return start, start + len(words)


def credit(source: str, content: str, name: str) -> Credit:
    return Credit("a", 1, (span(source),), (span(source),), (span(content),), name, "person", "quote", sure=0.9)


CREDITS = [
    credit("Hale said", "“The toll is absurd, and the ferry was cheaper,”", "Martha Hale"),
    credit("she added", "“It will go. The council must see that,”", "Martha Hale"),
    credit("Peter Quince", "the toll of the bridge was fair", "Peter Quince"),
]
HIT = Hit(Passage(1, "a", 1, 0, 0, len(TEXT), TEXT, ()), ARTICLE, 1.0, "words", ())


def pick(words: str, score: float) -> Pick:
    return Pick(HIT, *span(words), score, {})


TOLL = pick("“The toll is absurd, and the ferry was cheaper,” Hale said.", 2.0)
GOES = pick("“It will go.", 1.5)
COUNCIL = pick("The council must see that,” she added.", 1.0)
FAIR = pick("Peter Quince said the toll of the bridge was fair.", 3.0)
NOBODY = pick("Quince, speaking on the quay, said of the toll: “Nobody complains.”", 2.5)


def asked(text: str) -> Question:
    return Question(text, text, kind_of(text), Query(text))


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("What did Martha Hale say about the toll?", "Martha Hale"),
        ("how did hale respond to the council", "hale"),
        ("What does Judge Quince think of the bridge?", "Judge Quince"),
        ("What has the harbour master said about the toll?", "the harbour master"),
        ("What was Hale's answer to the council?", "Hale"),
        ("What did the toll cost?", None),
        ("Who said the toll was absurd?", None),
    ],
)
def test_a_question_tells_whose_words_it_asks_for(question: str, who: str | None) -> None:
    assert whose(question) == who


@pytest.mark.parametrize(
    "question",
    [
        "What does Hale think of the toll?",
        "What did Hale compare the toll to?",
        "What was Quince's reaction to the toll?",
        "How did Hale tell the council she would regard it?",
    ],
)
def test_a_question_for_somebody_s_words_is_known_as_one(question: str) -> None:
    assert kind_of(question) == "what-said"


def test_all_that_somebody_says_of_something_is_not_what_they_call_it() -> None:
    assert at_large("What did Hale say about the toll?") and at_large("How did Hale react to the toll?")
    assert not at_large("What did Hale call the toll?") and not at_large("What did Hale say the toll was?")


def test_only_the_sentences_of_the_one_asked_about_are_theirs_however_well_another_s_fit() -> None:
    found = said(asked("What did Hale say about the toll of the bridge?"), [FAIR, TOLL], WORDS, lambda _: CREDITS)
    assert [one.pick.quote for one in found] == ["“The toll is absurd, and the ferry was cheaper,” Hale said."]
    assert found[0].about >= ABOUT


def test_a_sentence_that_nobody_is_credited_with_is_that_of_whom_it_has_speak() -> None:
    found = said(asked("What did Quince say about the toll?"), [NOBODY], WORDS, lambda _: [])
    assert [one.pick.start for one in found] == [NOBODY.start]
    assert said(asked("What did Hale say about the toll?"), [NOBODY], WORDS, lambda _: []) == []


def test_whoever_plainly_speaks_is_believed_where_the_credits_name_another() -> None:
    wrong = [credit("Hale said", "“Nobody complains.”", "Martha Hale")]
    found = said(asked("What did Quince say about the toll?"), [NOBODY], WORDS, lambda _: wrong)
    assert [one.pick.start for one in found] == [NOBODY.start]


def test_to_be_spoken_of_or_to_is_not_to_speak() -> None:
    assert said(asked("What did Quince say about the toll?"), [TOLL], WORDS, lambda _: []) == []
    assert said(asked("What did the council say about the toll?"), [COUNCIL], WORDS, lambda _: []) == []


def test_a_stance_that_a_question_presumes_is_known() -> None:
    assert presumes("What did Hale say in praise of the toll?")
    assert not presumes("What did Hale say about the toll?")


def test_a_namesake_with_another_given_name_is_somebody_else() -> None:
    picks = [TOLL]
    assert said(asked("What did Peter Hale say about the toll?"), picks, WORDS, lambda _: CREDITS) == []
    assert len(said(asked("What did Martha Hale say about the toll?"), picks, WORDS, lambda _: CREDITS)) == 1


def test_a_quotation_left_open_is_followed_by_the_sentence_that_goes_on_with_it() -> None:
    found = said(asked("What did Hale say about the toll?"), [GOES, TOLL, COUNCIL], {"go": 1.0}, lambda _: CREDITS)
    assert [one.pick.start for one in found][:2] == [GOES.start, COUNCIL.start]


def test_what_is_said_of_something_else_is_not_of_what_is_asked_about() -> None:
    words = {"hale": 2.0, "harbour": 3.0, "dredg": 3.0}
    found = said(asked("What did Hale say about dredging the harbour?"), [TOLL], words, lambda _: CREDITS)
    assert [one.about < ABOUT for one in found] == [True]


def test_a_statement_is_the_quotation_or_else_what_is_reported() -> None:
    assert statement(TOLL, CREDITS) == "The toll is absurd, and the ferry was cheaper"
    assert statement(FAIR, CREDITS) == "the toll of the bridge was fair"
    assert statement(pick("Martha Hale opened the bridge.", 1.0), CREDITS) is None


def test_a_span_is_spoken_where_somebody_is_credited_with_it() -> None:
    assert spoken(FAIR, CREDITS, *span("of the bridge was fair"))
    assert not spoken(FAIR, CREDITS, *span("Peter Quince"))
