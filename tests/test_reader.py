"""What reading tells of sentences and answers, and its arithmetic against torch's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import CountingEncoder
from layers import states
from torch.nn import functional

from assistant import Assistant, sentences, weighing
from assistant.question import understand
from assistant.reader import LEARNED, Read, Reader, look
from assistant.records import Question
from index import Index
from index.building import tensors
from index.records import Query

TEXT = (
    "The ferry Marigold sank off Salt Quay on Sunday night. Its captain, Ada Marsh, was the last to leave. "
    "Divers found the wreck at a depth of 40 metres. The owner had insured it for two million crowns in May."
)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("news")
    (folder / "ferry.txt").write_text(TEXT, encoding="utf-8")
    (folder / "strike.txt").write_text("Dockers at Salt Quay went on strike. They want shorter nights.", "utf-8")
    with Index.open(folder / "index") as index:
        index.add([folder / "ferry.txt", folder / "strike.txt"])
        yield index


def asked(question: str) -> Question:
    return understand(question, lambda _: [], [], filters=Query("", limit=10))


def read(question: str, news: Index) -> Read:
    one = asked(question)
    hits, words = news.search(question), news.weigh(question).weights
    return Reader.load().read(one, hits, sentences.choose(one, hits, words), words)


def test_the_sentence_that_answers_comes_first(news: Index) -> None:
    assert read("How deep does the wreck of the Marigold lie?", news).picks[0].quote.startswith("Divers found")
    assert read("For how much was the Marigold insured?", news).picks[0].quote.startswith("The owner")


def test_every_sentence_stays_and_stays_exact(news: Index) -> None:
    question = "Who left the ferry last?"
    picks = read(question, news).picks
    before = sentences.choose(asked(question), news.search(question), news.weigh(question).weights)
    assert sorted((p.hit.article.id, p.start, p.end) for p in picks) == sorted(
        (p.hit.article.id, p.start, p.end) for p in before
    )


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("At what depth was the wreck of the Marigold found?", "40"),
        ("For how much was the Marigold insured?", "two"),
        ("When was the Marigold insured?", "May"),
        ("Who was the captain of the Marigold?", "Ada"),
    ],
)
def test_an_answer_most_likely_begins_where_it_stands(question: str, begins: str, news: Index) -> None:
    told = read(question, news)
    bounds = told.bounds[told.picks[0].hit.passage.key]
    first = int(bounds.chances[:, 0].argmax())
    assert TEXT[bounds.starts[first] : bounds.ends[first]] == begins


@pytest.mark.parametrize("question", ["How deep does the wreck of the Marigold lie?", "how deep marigold wreck"])
def test_the_short_answer_is_whole(question: str, news: Index) -> None:
    assert Assistant(news).ask(question).short == "40 metres"


def test_chances_are_those_of_all_tokens_read(news: Index) -> None:
    chances = np.concatenate([bounds.chances for bounds in read("Who left the ferry last?", news).bounds.values()])
    np.testing.assert_allclose(np.exp(chances).sum(axis=0), [1, 1], atol=1e-4)


def test_with_another_encoder_than_it_was_learned_with_nothing_is_read(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(TEXT, encoding="utf-8")
    with Index.open(tmp_path / "index", encoder=CountingEncoder()) as other:
        other.add([tmp_path / "ferry.txt"])
        one = asked("At what depth was the wreck of the Marigold found?")
        hits, words = other.search(one.standalone), other.weigh(one.standalone).weights
        told = weighing.weigh(one, hits, words, [], Reader.load(), other, lambda article: [])
    assert told.doubt == 0.0 and all("reading" not in pick.signals for pick in told.picks)


def test_nothing_found_is_nothing_read() -> None:
    assert Reader.load().read(asked("Who?"), [], [], {}) == Read([])


def test_the_network_is_given_which_words_question_and_passage_share(news: Index) -> None:
    question = "Who left the ferry last?"
    one, hits, words = asked(question), news.search(question), news.weigh(question).weights
    seen = look(one, hits, sentences.choose(one, hits, words), words)
    assert [len(each.tokens) for each in seen] == [len(each.signals) for each in seen]
    (first,) = (each for each, hit in zip(seen, hits, strict=True) if "Marigold" in hit.passage.text)
    of_the_question, _, shared = first.signals.T[:3]
    assert of_the_question.tolist() == [0, *[1] * (first.begin - 2), *[0] * (len(first.tokens) - first.begin + 1)]
    here = {TEXT[a:b] for (a, b), also in zip(first.places, shared[first.begin :], strict=False) if also}
    assert here == {"ferry", "last"}
    assert len(first.places) == len(first.sentence) == len(first.tokens) - first.begin - 1


def test_the_network_computes_what_torch_does(news: Index) -> None:
    weights = {name: torch.from_numpy(value) for name, value in tensors(LEARNED.read_bytes()).items()}
    question = "Who left the ferry last?"
    one, hits, words = asked(question), news.search(question), news.weigh(question).weights
    seen = look(one, hits, sentences.choose(one, hits, words), words)[0]
    signals = torch.from_numpy(seen.signals)
    last = states(weights, torch.from_numpy(seen.tokens).long(), signals)
    told = functional.linear(last, weights["out.weight"], weights["out.bias"])
    expected = (told + functional.linear(signals, weights["plain.weight"]))[seen.begin : -1].numpy()
    answers = float(functional.linear(last[:1], weights["none.weight"], weights["none.bias"]))
    scores, odds = Reader.load()._passage(seen)
    assert np.linalg.norm(scores - expected) < 0.1 * np.linalg.norm(expected)  # it is rounded to 8 bits
    assert odds == pytest.approx(answers, abs=0.8)
