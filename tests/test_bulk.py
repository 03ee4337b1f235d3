"""Many texts at once run in OpenVINO where the processor multiplies bfloat16, and nobody can tell but by the time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from onnxruntime.capi.onnxruntime_inference_collection import InferenceSession
from test_encoders import SPANS, STORY, TEXTS, cosines

import assistant
from index import Index, bulk, encoders
from index.building import GRAPH
from index.encoders import FusedEncoder, Reading, load_encoder
from index.errors import WhenceError

SAMPLE = Path(assistant.__file__).parent / "sample" / "articles"


def encoder(cache: Path) -> FusedEncoder:
    one = load_encoder(cache=cache)
    assert isinstance(one, FusedEncoder)
    return one


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def few(cache: Path, monkeypatch: pytest.MonkeyPatch) -> FusedEncoder:
    """An encoder to which no number of texts is many."""
    monkeypatch.setattr(bulk, "load", lambda *_: None)
    return encoder(cache)


@pytest.fixture
def many(cache: Path, monkeypatch: pytest.MonkeyPatch) -> FusedEncoder:
    """An encoder to which two batches are many."""
    monkeypatch.setattr(encoders, "MANY", 2)
    return encoder(cache)


@pytest.fixture(scope="module")
def in_bulk(cache: Path) -> list[Reading]:
    """The texts as read in OpenVINO, or where that is missing or would not be faster, in ONNX Runtime."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(encoders, "MANY", 2)
        return encoder(cache).read(TEXTS, SPANS)


def test_many_texts_run_in_openvino_where_the_processor_multiplies_bfloat16(many: FusedEncoder) -> None:
    many.encode(TEXTS)
    core = bulk._core()
    able = core is not None and "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    assert isinstance(many._many, bulk.Bulk if able else InferenceSession)


def test_the_vectors_of_many_texts_are_those_of_few(few: FusedEncoder, in_bulk: list[Reading]) -> None:
    texts = np.array([one.vector for one in in_bulk])
    assert cosines(texts, few.encode(TEXTS)).min() >= 0.9999
    sentences = np.concatenate([one.sentences for one in in_bulk])
    assert cosines(sentences, np.concatenate([one.sentences for one in few.read(TEXTS, SPANS)])).min() >= 0.9998


def test_their_rows_have_unit_length(in_bulk: list[Reading]) -> None:
    for one in in_bulk:
        np.testing.assert_allclose(np.linalg.norm([one.vector, *one.sentences], axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_and_marks_whatever_it_is_read_with(
    many: FusedEncoder, in_bulk: list[Reading]
) -> None:
    others = many.read([STORY, *["Rain over the harbour kept every boat in port until noon. " * 9] * 9], [()] * 10)[0]
    before = in_bulk[TEXTS.index(STORY)]
    assert cosines(others.vector, before.vector) >= 0.9999
    assert others.marks is not None and before.marks is not None
    np.testing.assert_array_equal(others.marks[:, :2], before.marks[:, :2])


def test_the_sample_credits_the_same_sources_but_for_one_in_twenty_however_it_is_read(
    few: FusedEncoder, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def credited(name: str, reader: FusedEncoder) -> set[tuple[str, str | None]]:
        with Index.open(tmp_path / name, reader) as index:
            index.add([SAMPLE])
            return {(one.id, credit.name) for one in index.articles() for credit in index.credits(one.id)}

    by_few = credited("few", few)
    monkeypatch.undo()
    monkeypatch.setattr(encoders, "MANY", 2)
    by_many = credited("many", encoder(cache))
    assert len(by_few & by_many) >= 0.95 * len(by_few | by_many)


def test_one_collection_is_added_to_by_both(few: FusedEncoder, many: FusedEncoder, tmp_path: Path) -> None:
    assert few.identity == many.identity and few.tagger == many.tagger
    with Index.open(tmp_path / "news", few) as index:
        index.add([SAMPLE])
    with Index.open(tmp_path / "news", many) as index:
        assert not index.add([SAMPLE]).added


def test_without_openvino_many_texts_run_in_onnx_runtime(many: FusedEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    assert [one.vector.shape for one in many.read(TEXTS, SPANS)] == [(384,)] * len(TEXTS)
    assert isinstance(many._many, InferenceSession)


class Plain:
    """A processor that multiplies no bfloat16."""

    def get_property(self, device: str, name: str) -> list[str]:
        return {("CPU", "OPTIMIZATION_CAPABILITIES"): ["FP32", "INT8", "BIN"]}[device, name]


def test_without_bfloat16_many_texts_run_in_onnx_runtime(many: FusedEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_core", Plain)
    many.encode(TEXTS)
    assert isinstance(many._many, InferenceSession)


def test_a_damaged_graph_is_named(many: FusedEncoder, tmp_path: Path) -> None:
    many._graph = tmp_path / f"half-{GRAPH}.onnx"
    many._graph.write_bytes(b"half a graph")
    with pytest.raises(WhenceError, match=r"half-\d+.onnx is damaged. Delete it"):
        many.encode(TEXTS)


READ = """
import pathlib, sys
from index.encoders import MANY, load_encoder
encoder = load_encoder(cache=pathlib.Path(sys.argv[1]))
encoder.encode(["Rain. " * 250] * (2 * MANY if sys.argv[2] == "many" else MANY - 1))
print({"openvino", "openvino_telemetry"} & set(sys.modules))
"""


def imported(cache: Path, number: str, home: Path) -> str:
    """Which of OpenVINO's packages a fresh process, that no setting keeps from reporting its use, imports to encode."""
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "TF_BUILD", "JENKINS_URL")}
    command = [sys.executable, "-c", READ, str(cache), number]
    return subprocess.check_output(command, text=True, env={**environment, "HOME": str(home)}).strip()


def test_few_texts_import_no_openvino(cache: Path, tmp_path: Path) -> None:
    assert imported(cache, "few", tmp_path) == "set()"


def test_openvino_reports_to_nobody_that_it_is_used(cache: Path, tmp_path: Path) -> None:
    assert imported(cache, "many", tmp_path) == str({"openvino"} if bulk._core() else set())
    assert not list(tmp_path.iterdir())  # it would keep a number there that tells its users apart
