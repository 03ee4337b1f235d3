"""Questions of yes or no: the sentence that decides one, and what nothing decides."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from assistant import Assistant
from assistant.deciding import denied
from index import Index

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


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Although Marsh was not charged, she left.", True),
        ("Ada Marsh faced a court over the cables.", False),
        ("“He was never charged.”", False),
    ],
)
def test_a_sentence_denies_what_it_has_a_not_before_outside_its_quotations(sentence: str, expected: bool) -> None:
    words = {"ada": 1.0, "marsh": 2.0, "charg": 2.0, "cabl": 2.0}
    assert denied("Has Ada Marsh been charged over the cables?", sentence, words) is expected
