"""What reading tells of sentences and answers, and its arithmetic against torch's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import CountingEncoder
from safetensors.numpy import load_file
from torch.nn import functional
from transformers import BertConfig, BertModel

from assistant import Assistant, sentences
from assistant.question import understand
from assistant.reader import ASKED_MORE, LEARNED, SIGNALS, Asked, Read, Reader, Seen
from assistant.records import Question
from index import Index
from index.encoders import load_encoder
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
    return Reader.load().read(one, hits, sentences.choose(one, hits, words), words, news)


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


def test_an_encoder_that_tells_no_tokens_leaves_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(TEXT, encoding="utf-8")
    with Index.open(tmp_path / "index", encoder=CountingEncoder()) as news:
        news.add([tmp_path / "ferry.txt"])
        question = "How deep does the wreck lie?"
        hits, words = news.search(question), news.weigh(question).weights
        before = sentences.choose(asked(question), hits, words)
        told = Reader.load().read(asked(question), hits, before, words, news)
    assert (told.picks, told.bounds, told.silent) == (before, {}, 0.0)


def test_nothing_found_is_nothing_read(news: Index) -> None:
    assert Reader.load().read(asked("Who?"), [], [], {}, news) == Read([])


def test_the_network_computes_what_torch_does() -> None:
    weights = {name: torch.from_numpy(value).float() for name, value in load_file(LEARNED).items()}
    (told,) = load_encoder().tokens(["Who left the ferry last?"])
    (seen,) = load_encoder().tokens([TEXT])
    draw = np.random.default_rng(1)
    question = Asked(told.vectors, draw.random(len(told.places), np.float32))
    signals = draw.random((len(seen.places), SIGNALS), np.float32)
    passage = Seen(seen.vectors, signals, np.zeros(len(seen.places), np.int64), seen.places)

    def linear(name: str, given: torch.Tensor) -> torch.Tensor:
        return functional.linear(given, weights[f"{name}.weight"], weights.get(f"{name}.bias"))

    with torch.no_grad():
        weighed = functional.pad(ASKED_MORE * torch.from_numpy(question.weights), (1, 1))[:, None]
        marked = functional.pad(torch.from_numpy(signals), (0, 0, 1, 1))
        asks = torch.from_numpy(told.vectors) + linear("asked", weighed)
        states = torch.cat([asks, torch.from_numpy(seen.vectors) + linear("seen", marked)])[None]
        model = BertModel(BertConfig(num_hidden_layers=2, hidden_size=384, intermediate_size=1536))
        model.encoder.load_state_dict({name: value for name, value in weights.items() if name.startswith("layer.")})
        states = model.encoder.eval()(states).last_hidden_state
        expected = (linear("out", states[0, len(asks) :]) + linear("plain", marked))[1:-1].numpy()
        answers = float(linear("none", states[0, :1]))
    scores, odds = Reader.load()._passage(question, passage)
    assert np.linalg.norm(scores - expected) < 0.1 * np.linalg.norm(expected)  # it is rounded to 8 bits
    assert odds == pytest.approx(answers, abs=0.5)
