"""What the judging network is given, and that it tells true sentences from untrue ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from layers import states
from safetensors.numpy import save
from torch.nn import functional

from assistant.judging import APART, LEARNED, SURE, Judge, pieces, seen
from index.building import SCALE, tensors
from index.encoders import parting

QUOTE = (
    "The council of Lowmarsh voted 9 to 4 on Tuesday to close the harbour bridge for repairs, said Ada Marsh, the"
    " town's engineer. Two councillors who had opposed the plan stayed away."
)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge.learned()


def test_a_text_is_parted_into_pieces_that_know_their_words() -> None:
    (marsh, closed) = (pieces(parting(), text) for text in ("Ada Marsh", "closed it."))
    assert [word and word.like for word in marsh.words] == [(True, False, False)] * len(marsh.tokens)
    assert [word and sorted(word.stems) for word in closed.words] == [["close"], ["it"], None]
    assert closed.places == [(0, 6), (7, 9), (9, 10)]


def test_the_network_is_given_which_words_the_texts_share() -> None:
    said, known, cited = (pieces(parting(), text) for text in ("Marsh closed 9 bridges.", "Marsh", "Close the bridge"))
    tokens, signals, count = seen(said, known, cited)
    assert (count, len(tokens)) == (5, len(signals))
    of_the_sentence, in_the_quote, in_what_is_known = signals[1 : 1 + count, :3].T
    assert of_the_sentence.tolist() == [1, 1, 1, 1, 1]
    assert in_the_quote.tolist() == [0, 1, 0, 1, 0]
    assert in_what_is_known.tolist() == [1, 0, 0, 0, 0]
    assert signals[0].tolist() == signals[count + 1].tolist() == list(map(float, APART))


def test_a_number_in_words_is_the_same_as_in_digits() -> None:
    (written,), (digits,) = (pieces(parting(), text).words for text in ("Twelve", "12"))
    assert written and digits and written.stems == digits.stems
    assert written.like == (True, True, False)


def test_texts_of_any_length_fit(judge: Judge) -> None:
    for sentence in ("", "!", "word " * 1_000):
        assert -SURE <= judge.doubt(sentence, ["quote " * 1_000], ["name " * 1_000]).odds <= SURE


STUMP = (
    "Senator Ada Marsh told supporters in Lowmarsh on Tuesday that she would not seek a third term, ending months of"
    " speculation. Her rival, Governor Bo Lind, said he had not decided whether to run for the open seat."
)


@pytest.mark.parametrize(
    ("true", "untrue"),
    [
        ("Marsh announced that she will not run for the Senate a third time.",
         "Marsh announced that she will run for the Senate a third time."),
        ("Bo Lind said that he was still undecided about a run for the seat.",
         "Bo Lind said that he would run for the seat that Marsh leaves."),
    ],
)  # fmt: skip
def test_an_untrue_sentence_is_less_likely_than_a_true_one(judge: Judge, true: str, untrue: str) -> None:
    assert judge.doubt(untrue, [STUMP], []).odds > judge.doubt(true, [STUMP], []).odds + 1


def test_the_most_doubtful_word_is_named(judge: Judge) -> None:
    assert judge.doubt("Senator Ada Marsh said on Friday that she would not seek a third term.", [STUMP], []).word
    assert judge.doubt("...", [STUMP], []).word is None


def test_threads_may_share_it(judge: Judge) -> None:
    sentences = [f"The council voted {count} to 4 to close the bridge." for count in range(12)]
    alone = [judge.doubt(sentence, [QUOTE], []) for sentence in sentences]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda sentence: judge.doubt(sentence, [QUOTE], []), sentences)) == alone


def test_what_is_kept_in_signed_bytes_is_restored_row_by_row() -> None:
    kept = save({"a": np.array([[127, -64], [2, 0]], np.int8), f"a{SCALE}": np.array([0.5, 4.0], np.float32)})
    assert {name: value.tolist() for name, value in tensors(kept).items()} == {"a": [[63.5, -32.0], [8.0, 0.0]]}


def test_the_network_computes_what_torch_does(judge: Judge) -> None:
    weights = {name: torch.from_numpy(value) for name, value in tensors(LEARNED.read_bytes()).items()}
    texts = ("Marsh closed the bridge.", "Ada Marsh", QUOTE)
    tokens, signals, said = seen(*(pieces(parting(), text) for text in texts))
    last = states(weights, torch.tensor(tokens), torch.from_numpy(signals))
    heads = [functional.linear(last, weights[f"{n}.weight"], weights[f"{n}.bias"]) for n in ("wrong", "whole")]
    expected = torch.cat(heads, dim=1).numpy()[: said + 1]  # of the other texts' tokens nothing was learned
    told = judge._joint(tokens, signals)[: said + 1]
    assert np.linalg.norm(told - expected) < 0.2 * np.linalg.norm(expected)  # at 8 bits
