"""Questions of yes or no: the sentence that decides one, and what nothing decides."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.deciding import DENIES, decided, denied
from assistant.question import kind_of
from assistant.records import Question
from assistant.sentences import Pick
from index import Index
from index.records import Article, Hit, Passage, Query

ARTICLES = [
    {
        "id": "toll",
        "outlet": "Harbour Gazette",
        "published": "2016-03-02",
        "title": "Toll of the harbour bridge",
        "text": "Peter Quince, the mayor, said on Tuesday that the toll of the harbour bridge was a disgrace. The"
        " bridge reopened on Friday after nine weeks of repairs. It had no lights, and two cyclists collided there on"
        " Saturday; neither was hurt.",
    },
    {
        "id": "ferry",
        "outlet": "Lowmarsh Post",
        "published": "2016-05-01",
        "title": "Night ferry stops",
        "text": "The night ferry to Lowmarsh stops on Friday, its owner said. It never paid, he said, and the council"
        " refused to lend him the 200,000 euros that he had asked for.",
    },
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Index.open(tmp_path_factory.mktemp("collection") / "news") as index:
        index.add(["-"], stdin=io.BytesIO("\n".join(map(json.dumps, ARTICLES)).encode()))
        yield Assistant(index)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did the harbour bridge open again on Friday?", "The bridge reopened on Friday"),
        ("Was anybody injured when the cyclists collided?", "neither was hurt"),
        ("did the council lend the ferry owner money", "refused to lend him"),
    ],
)
def test_it_is_answered_by_the_sentence_that_decides_it(assistant: Assistant, question: str, sentence: str) -> None:
    answer = assistant.ask(question)
    assert not answer.refused
    assert sentence in answer.sentences[0].text


@pytest.mark.parametrize(
    "question",
    [
        "Is the harbour bridge painted green with arsenic pigment by volunteers?",
        "Did the mayor cross the bridge by bicycle?",
        "Has the owner of the ferry sued the council?",
    ],
)
def test_what_no_sentence_decides_is_not_stated(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.refused, answer.refusal) == (True, "not-stated")
    assert answer.reason == "The articles found do not state whether that is so."
    assert answer.leads


TEXT = "Ada Marsh faced a court over the cables. Although Marsh was not charged, she left. “He was never charged.”"
WORDS = {"ada": 1.0, "marsh": 2.0, "charg": 2.0, "cabl": 2.0}


def picked(words: str, score: float) -> Pick:
    article, start = Article("a", TEXT), TEXT.index(words)
    hit = Hit(Passage(1, "a", 1, 0, 0, len(TEXT), TEXT, ()), article, 1.0, "words", ())
    return Pick(hit, start, start + len(words), score, {})


COURT = picked("Ada Marsh faced a court over the cables.", 2.0)
DENIED = picked("Although Marsh was not charged, she left.", 0.0)
QUOTED = picked("“He was never charged.”", 1.0)


def asked(text: str) -> Question:
    return Question(text, text, kind_of(text), Query(text))


def test_the_sentence_that_denies_what_is_asked_decides_before_a_nearer_one() -> None:
    found = decided(asked("Has Ada Marsh been charged over the cables?"), [COURT, QUOTED, DENIED], WORDS)
    assert [(one.start, one.score) for one in found] == [
        (DENIED.start, DENIES),
        (COURT.start, 2.0),
        (QUOTED.start, 1.0),
    ]


def test_what_is_asked_in_the_negative_or_otherwise_is_decided_by_the_nearest() -> None:
    picks = [COURT, QUOTED, DENIED]
    assert decided(asked("Was Ada Marsh never charged over the cables?"), picks, WORDS) == picks
    assert decided(asked("Who charged Ada Marsh over the cables?"), picks, WORDS) == picks


def test_a_sentence_denies_what_it_has_a_not_before_outside_its_quotations() -> None:
    question = asked("Has Ada Marsh been charged over the cables?")
    assert [denied(question, one, WORDS) for one in (COURT, QUOTED, DENIED)] == [False, False, True]
