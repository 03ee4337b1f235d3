"""What reaches the reader of over two hundred sentences that a model writes, half of them untrue, over real HTTP.

`paraphrases.jsonl` has true sentences over the sample collection, each with the words that bear it out; the untrue ones
are made by the seeded mutations with which `benchmarks/grounding.py` measures judging, on other articles.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from fakes import CountingEncoder
from model_server import Script, serve_model

from assistant import Assistant
from assistant.compose import REFUSAL
from assistant.llama import load_model
from assistant.sample import add_sample
from index import Index

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))
from forging import TRUE, Pair, forge  # the mutations are the benchmarks' own

PARAPHRASES = Path(__file__).parent / "paraphrases.jsonl"

TOGETHER = 8
"""Sentences of one answer: no more than a model's that are read."""

LEAST_SHOWN, LEAST_STOPPED = 0.93, 0.90
"""Less than was measured: 0.96 and 0.95 of 116 each."""

Shown = Mapping[Pair, bool]


class Writer:
    """The model that the server plays: it writes the sentences at hand, each with the number of its passage."""

    def __init__(self) -> None:
        self.pairs: Sequence[Pair] = ()
        self.written: set[Pair] = set()

    def reply(self, prompt: str) -> Iterator[str]:
        """All sentences whose passage is in the prompt; to be mended, one is written again as it was."""
        passages = re.findall(r"Number: \[(\d+)\]\n(.*?)\n</passage", prompt, re.DOTALL)
        again = re.search(r"^Sentence: (.*?)(?: \[\d+\])*$", prompt, re.MULTILINE)
        found = False
        for pair in self.pairs:
            number = next((number for number, text in passages if pair.quote in text), None)
            if number and (again is None or again[1] == pair.sentence):
                found = True
                self.written.add(pair)
                yield f"{pair.sentence.removesuffix('.')} [{number}]. "
        if not found:
            yield REFUSAL


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Every sentence that the model wrote, and whether it reached the reader."""
    writer, shown = Writer(), {}
    with (
        Index.open(tmp_path_factory.mktemp("sample"), encoder=CountingEncoder()) as news,
        serve_model(Script(reply=writer.reply)) as server,
    ):
        add_sample(news)
        assistant = Assistant(news, load_model("openai-like:writer", server.url, None))
        for writer.pairs in groups(news):
            first = writer.pairs[0]
            answer = assistant.ask(first.quote, outlets=[first.article.outlet] if first.article.outlet else [])
            told = [sentence.text for sentence in answer.sentences if sentence.support == "supported"]
            for pair in writer.written & set(writer.pairs):
                shown[pair] = any(text.startswith(f"{pair.sentence} [") for text in told)
    return shown


def groups(news: Index) -> list[list[Pair]]:
    """The true sentences and as many untrue ones, some of one article together."""
    true = []
    for line in map(json.loads, PARAPHRASES.read_text("utf-8").splitlines()):
        article = news.article(line["article"])
        start = article.text.index(line["quote"])
        true.append(Pair(article, start, start + len(line["quote"]), TRUE, line["sentence"]))
    of_article = defaultdict(list)
    for pair in [*true, *forge(true, len(true))]:
        of_article[pair.article.id].append(pair)
    return [one[i : i + TOGETHER] for one in of_article.values() for i in range(0, len(one), TOGETHER)]


def test_over_two_hundred_sentences_are_written_half_of_them_untrue(shown: Shown) -> None:
    true = [pair for pair in shown if pair.supported]
    untrue = [pair for pair in shown if not pair.supported]
    assert len(true) > 100
    assert len(untrue) > 100
    assert {pair.kind for pair in untrue} == {"number", "name", "speaker", "negation", "hedge"}


def test_most_true_sentences_reach_the_reader(shown: Shown) -> None:
    stopped = [pair.sentence for pair, out in shown.items() if pair.supported and not out]
    assert 1 - len(stopped) / sum(pair.supported for pair in shown) >= LEAST_SHOWN, stopped


def test_most_untrue_sentences_never_reach_the_reader(shown: Shown) -> None:
    reached = [pair.sentence for pair, out in shown.items() if not pair.supported and out]
    assert 1 - len(reached) / sum(not pair.supported for pair in shown) >= LEAST_STOPPED, reached
