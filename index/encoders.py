"""Texts become unit vectors and marks: of a passage, of each of its sentences, and whom it credits, all in one pass.

The default encoder, `all-MiniLM-L6-v2`, runs in ONNX Runtime from weights that a package brings, and where many texts
are read at once in OpenVINO (see `bulk`); any other runs in sentence-transformers.
"""

from __future__ import annotations

import functools
import hashlib
import math
import os
import sys
import threading
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from index import building, bulk, tags
from index.building import CREDITS, DEFAULT, LONGEST, SHA256, Precision, user_cache
from index.counting import WordCounts
from index.errors import WhenceError
from index.records import Span
from index.tags import TOLD, Marks, Tagger

if TYPE_CHECKING:
    from onnxruntime.capi.onnxruntime_inference_collection import InferenceSession
    from tokenizers import Encoding, Tokenizer

Floats = npt.NDArray[np.float32]
T = TypeVar("T")

_MARKS = ".,;:!?\"'()$%&/*#@+=<>’‘“”–—-"
"""What the default encoder's tokenizer parts words at, each one piece, without brackets: "[MASK]" is one piece too."""

BATCH = 512
"""Tokens in one batch, padding counted: about what stays in a core's cache. 2,048 was a tenth slower."""

MANY = 32
"""Batches, of some twenty articles, from which on loading OpenVINO takes less than it saves."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one pass over one text gives, in rows of unit length.

    `vector` is `(dimensions,)`. `sentences` is `(spans, dimensions)`: the mean of the token vectors over each span; a
    span without a token, or beyond the window, gets the text's own vector. `marks` are whom the text credits, for what
    and by which words; None where the encoder has no tagger.
    """

    vector: Floats
    sentences: Floats
    marks: Marks | None = None


class Encoder(Protocol):
    """Texts in, unit vectors out. Threads may share one.

    `name` is what the settings call it; `identity` (name, hash of the weights, precision) is equal if and only if
    vectors are interchangeable; `window` is how many wordpieces of a text it sees, special ones not counted.
    `tagger` is equal if and only if marks are; None where it makes none.
    """

    name: str
    identity: str
    tagger: str | None
    dimensions: int
    window: int

    def count(self, texts: Sequence[str]) -> list[int]:
        """The wordpieces of each text, seen or not."""

    def read(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        """What each text and its spans mean. Spans are offsets into the text given here, in any order."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """What each text means, `(len(texts), dimensions)`."""


class Engine(Protocol):
    """A graph that is ready to run. Threads may share one."""

    def run(self, names: list[str], given: dict[str, npt.NDArray[Any]], /) -> Sequence[Any]:
        """Those outputs of what is given, in this order."""


def load_encoder(
    name: str = DEFAULT, precision: Precision = "fp32", cache: Path | None = None, threads: int | None = None
) -> Encoder:
    """The default encoder, or any that sentence-transformers knows by name or folder.

    `cache` is the folder for built graphs (None: `whence` in the user's cache), `threads` the cores to use (None: all).
    Raises WhenceError when the encoder is missing, is not what it claims to be, or does not have that precision.
    """
    if name == DEFAULT:
        return FusedEncoder(precision, cache or user_cache(), threads)
    if precision != "fp32":
        raise WhenceError(
            f"The settings ask for the encoder '{name}' at precision '{precision}', which only '{DEFAULT}' has. "
            "Set the precision to 'fp32'."
        )
    return SentenceTransformerEncoder(name, threads)


class FusedEncoder:
    """The default encoder: torch's vectors (cosine 1.0000) 1.6 to 2 times as fast, measured on 2 cores.

    Many at once take 0.6 of its time where the processor multiplies bfloat16 (cosine 0.9999). At int8 it is 3 to 4
    times as fast as torch, at a cosine of 0.993 (0.98 at worst).
    """

    def __init__(self, precision: Precision, cache: Path, threads: int | None) -> None:
        self.name = DEFAULT
        self.identity = f"{DEFAULT} {SHA256['model.safetensors'][:12]} {precision}"
        self.dimensions = 384
        self.window = LONGEST - 2
        self._tokenizer = _packaged_tokenizer()
        whole = frozenset(word for word in self._tokenizer.get_vocab() if word.isascii() and word.isalnum())
        self._counted = WordCounts(functools.partial(_pieces, self._tokenizer), _MARKS, whole)
        self._precision = precision
        self._threads = threads or os.cpu_count() or 1
        learned = CREDITS.read_bytes()
        self.tagger: str | None = f"{self.identity} {building.short_hash(learned)} {tags.VERSION}"
        self._graph = building.encoder(precision, cache)
        self._tagging = Branch("credits", learned, TOLD, cache)
        self._tagger = Tagger.of(building.tensors(learned))

    def count(self, texts: Sequence[str]) -> list[int]:
        return self._counted(texts)

    def read(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        encodings = self._tokenizer.encode_batch(list(texts))
        tokens = [_seen(one.ids) for one in encodings]
        ranges = [_ranges(one, LONGEST, 1, wanted) for one, wanted in zip(encodings, spans, strict=True)]

        def read(batch: list[int], engine: Engine) -> list[Reading]:
            given = _padded([tokens[text] for text in batch], [ranges[text] for text in batch])
            means, lower = _run(engine, given, "means", "lower")
            readings = []
            for row, text in enumerate(batch):
                # Copied, for a view would keep the whole batch in memory.
                rows = means[row, : len(ranges[text])].copy()
                one, last = encodings[text], len(tokens[text]) - 1
                words = [word for word in one.word_ids[1:last] if word is not None]  # only special tokens have none
                marks = self._tagger.marks(self._tagging(lower[row, : last + 1])[1:-1], one.offsets[1:last], words)
                readings.append(Reading(rows[0], rows[1:], marks))
            return readings

        return self._in_batches(tokens, read)

    def encode(self, texts: Sequence[str]) -> Floats:
        tokens = [_seen(one.ids) for one in self._tokenizer.encode_batch_fast(list(texts))]

        def encode(batch: list[int], engine: Engine) -> list[Floats]:
            given = _padded([tokens[text] for text in batch], [[(0, len(tokens[text]))] for text in batch])
            (means,) = _run(engine, given, "means")
            return list(means)

        return np.concatenate([np.empty((0, self.dimensions), np.float32), *self._in_batches(tokens, encode)])

    # Each is loaded when first wanted: who adds articles and who asks need different ones.

    @functools.cached_property
    def _side_by_side(self) -> InferenceSession:
        """For batches of which each has a core to itself: threads that share a batch wait for one another."""
        return _session(self._graph)

    @functools.cached_property
    def _many(self) -> Engine:
        """For many batches side by side."""
        exact = bulk.load(self._graph, self._threads) if self._precision == "fp32" else None
        return exact or self._side_by_side

    @functools.cached_property
    def _alone(self) -> InferenceSession:
        """For a single batch, on all cores."""
        return _session(self._graph, self._threads)

    def _in_batches(self, tokens: Sequence[Sequence[int]], read: Callable[[list[int], Engine], list[T]]) -> list[T]:
        """What `read` gives for each text, a batch of texts at a time, as many batches at once as there are threads."""
        # At 8 bits ONNX Runtime scales the numbers of a whole batch alike, and no text may change another's vector.
        batches = list(_batches([len(seen) for seen in tokens], BATCH if self._precision == "fp32" else 1))
        if len(batches) < 2:
            found = [read(batch, self._alone) for batch in batches]
        else:
            loaded = "_many" in vars(self)  # then another engine would only take memory
            engine = self._many if loaded or len(batches) >= MANY else self._side_by_side
            with ThreadPoolExecutor(self._threads) as pool:
                found = list(pool.map(lambda batch: read(batch, engine), batches))
        by_text = {
            text: one for batch, some in zip(batches, found, strict=True) for text, one in zip(batch, some, strict=True)
        }
        return [by_text[text] for text in range(len(tokens))]


class Branch:
    """Upper layers of their own on the default encoder's lower ones, at 8 bits. Threads may share one.

    Args:
        name: What the graph's file is called in the cache.
        weights: A safetensors file with `layer.0` and so on, named as in the encoder, and the heads, `NAME.weight`.
        heads: The heads that tell, in this order.
        cache: Folder for built graphs; None: `whence` in the user's cache.
    """

    def __init__(self, name: str, weights: bytes, heads: Sequence[str], cache: Path | None = None) -> None:
        self._graph = building.branch(name, weights, heads, cache or building.user_cache())

    @functools.cached_property
    def _session(self) -> InferenceSession:
        return _session(self._graph)

    def __call__(self, lower: Floats) -> Floats:
        """What the heads tell of one text's tokens, `(tokens, numbers)`, from what the lower layers tell of them all.

        Of one text at a time, for at 8 bits the numbers of all texts of a call are scaled alike, and no text may change
        what is told of another.
        """
        (told,) = _run(self._session, {"lower": lower[np.newaxis]}, "told")
        numbers: Floats = told[0]
        return numbers


def parting() -> Callable[[str], tuple[list[int], list[Span]]]:
    """What parts a text into the default encoder's wordpieces, without special ones: their numbers, and the spans of
    the text that they stand for. Threads may share it."""
    tokenizer = _packaged_tokenizer()

    def parted(text: str) -> tuple[list[int], list[Span]]:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        return encoding.ids, encoding.offsets

    return parted


class Joint:
    """The default encoder with upper layers of their own, at 8 bits, for texts that are read together. Threads may
    share one.

    Args:
        name, weights, heads, cache: As of `Branch`; `signals.weight` is there too, `(dimensions, signals)`.
    """

    def __init__(self, name: str, weights: bytes, heads: Sequence[str], cache: Path | None = None) -> None:
        self._graph = building.joint(name, weights, heads, cache or building.user_cache())

    @functools.cached_property
    def _session(self) -> InferenceSession:
        return _session(self._graph)

    def __call__(self, tokens: Sequence[int] | npt.NDArray[np.int32], signals: Floats) -> Floats:
        """What the heads tell of each token, `(tokens, numbers)`, of up to `TOGETHER` tokens, special ones among them,
        and what is told of each beside, `(tokens, signals)`."""
        given = {"tokens": np.array([tokens], np.int32), "signals": signals[np.newaxis]}
        (told,) = _run(self._session, given, "told")
        numbers: Floats = told[0]
        return numbers


class SentenceTransformerEncoder:
    """Any other encoder, in sentence-transformers.

    Where its vectors are means of token vectors, so are those of sentences. Elsewhere (another pooling, a layer after
    it, a prompt before the text, no offsets) such means would not compare, and each sentence is encoded alone.
    """

    def __init__(self, name: str, threads: int | None) -> None:
        # These wait until here, for they take seconds to import.
        import torch
        from sentence_transformers import SentenceTransformer

        if threads:
            torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(name)
        except (OSError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise WhenceError(
                f"The settings ask for the encoder '{name}', which sentence-transformers cannot load: {reason} "
                f"Give the folder of a model, the name of one already downloaded, or '{DEFAULT}'."
            ) from error
        self._one_at_a_time = threading.Lock()  # in two threads, a tokenizer of transformers says "Already borrowed"
        self._tokenizer = _own_tokenizer(self._model.tokenizer)
        special = self._tokenizer.encode("a").special_tokens_mask if self._tokenizer else [1, 0, 1]
        self._closing = special[::-1].index(0)
        self._longest = int(min(self._model.max_seq_length or math.inf, sys.maxsize))  # without either: no limit
        modules = [type(module).__name__ for module in self._model]
        self._means_tokens = (
            modules in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
            and getattr(self._model[1], "pooling_mode", None) == "mean"
            and self._model.default_prompt_name is None
        )
        weights = hashlib.sha256()
        for key, tensor in sorted(self._model.state_dict().items()):
            weights.update(key.encode())
            weights.update(tensor.cpu().flatten().view(torch.uint8).numpy())
        self.name = name
        self.identity = f"{name} {weights.hexdigest()[:12]} fp32"
        self.tagger: str | None = None
        self.dimensions = self.encode([name]).shape[1]
        self.window = self._longest - sum(special)

    def count(self, texts: Sequence[str]) -> list[int]:
        if self._tokenizer is None:
            return [len(self._model.tokenizer.tokenize(text)) for text in texts]
        return _wordpieces(self._tokenizer, texts)

    def read(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        if self._tokenizer is None or not self._means_tokens:
            return self._read_apart(texts, spans)
        ranges = [
            _ranges(encoding, self._longest, self._closing, wanted)
            for encoding, wanted in zip(self._tokenizer.encode_batch(list(texts)), spans, strict=True)
        ]
        return [Reading(rows[0], rows[1:]) for rows in self._means(texts, ranges)]

    def encode(self, texts: Sequence[str]) -> Floats:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        with self._one_at_a_time:
            vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    def _means(self, texts: Sequence[str], ranges: Sequence[Sequence[Span]]) -> list[Floats]:
        """For each text one unit row for each range of its tokens: the direction of their mean vector."""
        means = [np.empty((0, self.dimensions), np.float32)] * len(texts)
        for batch in _batches([wanted[0][1] for wanted in ranges], BATCH):
            with self._one_at_a_time:
                passes = self._model.encode(
                    [texts[text] for text in batch], output_value="token_embeddings", show_progress_bar=False
                )
            for text, one in zip(batch, passes, strict=True):
                tokens = one[-ranges[text][0][1] :].float().cpu()  # where padding stands before them, without it
                rows = np.stack([tokens[first:end].mean(dim=0).numpy() for first, end in ranges[text]])
                means[text] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return means

    def _read_apart(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Reading]:
        readings = []
        for text, wanted in zip(texts, spans, strict=True):
            sentences = [text[start:end] for start, end in wanted]
            rows = self.encode([text, *(sentence if sentence.strip() else text for sentence in sentences)])
            readings.append(Reading(rows[0], rows[1:]))
        return readings


def quantise(vectors: Floats) -> bytes:
    """Unit rows in a quarter of the space, at a cosine above 0.999 to themselves.

    Row after row: a scale (float32, little-endian), then a signed byte for each dimension, which times the scale is its
    value. The scale is the one at which the row has unit length again.
    """
    rows = np.empty(len(vectors), _stored_row(vectors.shape[1]))
    steps = np.rint(vectors * (127 / np.abs(vectors).max(axis=1, keepdims=True)))
    rows["scale"] = 1 / np.linalg.norm(steps, axis=1)
    rows["steps"] = steps
    return rows.tobytes()


def restore(blob: bytes, dimensions: int) -> Floats:
    """The unit rows that `quantise` stored, `(rows, dimensions)`."""
    rows = np.frombuffer(blob, _stored_row(dimensions))
    vectors: Floats = rows["scale"][:, None] * rows["steps"]
    return vectors


def _stored_row(dimensions: int) -> np.dtype[np.void]:
    return np.dtype([("scale", "<f4"), ("steps", "i1", (dimensions,))])


def _batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Which texts to encode together, up to `most` tokens or one text, the longest first, so that little is padded."""
    order = sorted(range(len(lengths)), key=lambda text: -lengths[text])
    start = 0
    while start < len(order):
        size = max(1, most // lengths[order[start]])
        yield order[start : start + size]
        start += size


def _padded(tokens: Sequence[Sequence[int]], ranges: Sequence[Sequence[Span]]) -> dict[str, npt.NDArray[Any]]:
    """What the encoder's graph is given for a batch of texts, the longest first."""
    length = len(tokens[0])
    ids = np.zeros((len(tokens), length), np.int32)
    mask = np.zeros((len(tokens), length), np.int32)
    members = np.zeros((len(tokens), max(map(len, ranges)), length), np.float32)
    for row, (seen, wanted) in enumerate(zip(tokens, ranges, strict=True)):
        ids[row, : len(seen)] = seen
        mask[row, : len(seen)] = 1
        for number, (first, end) in enumerate(wanted):
            members[row, number, first:end] = 1
    return {"tokens": ids, "mask": mask, "members": members}


def _whole(tokenizer: Tokenizer) -> Tokenizer:
    """The tokenizer set to give every token of a text and nothing besides."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _packaged_tokenizer() -> Tokenizer:
    """The default encoder's."""
    from tokenizers import Tokenizer  # waits, for most of what is done with a collection needs no encoder

    return _whole(Tokenizer.from_buffer(building.packaged("tokenizer.json")))


def _own_tokenizer(tokenizer: object) -> Tokenizer | None:
    """A copy to count with, for the model's own changes with every call; None when it tells no offsets."""
    from tokenizers import Tokenizer  # by now imported by transformers

    fast = getattr(tokenizer, "backend_tokenizer", tokenizer)
    return _whole(Tokenizer.from_str(fast.to_str())) if isinstance(fast, Tokenizer) else None


def _wordpieces(tokenizer: Tokenizer, texts: Sequence[str]) -> list[int]:
    return [len(one.ids) for one in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]


def _pieces(tokenizer: Tokenizer, words: Sequence[str]) -> list[int]:
    """How many pieces each word has; of few words at a time twice as fast as `_wordpieces`, which wakes every core."""
    encoding = tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
    pieces = Counter(encoding.word_ids)
    return [pieces[place] for place in range(len(words))]


def _seen(ids: list[int]) -> list[int]:
    """The tokens that the default encoder sees: as many as it can, and always the special one that closes a text."""
    return ids if len(ids) <= LONGEST else [*ids[: LONGEST - 1], ids[-1]]


def _ranges(encoding: Encoding, longest: int, closing: int, spans: Sequence[Span]) -> list[Span]:
    """The range of all tokens seen, then for each span of those that touch it; of all again where none does.

    The last `closing` tokens are special. So may the first be, but they stand at (0, 0), in order and touching nothing.
    """
    seen = min(len(encoding.ids), longest)
    places = encoding.offsets[: seen - closing]
    starts = [start for start, _ in places]
    ends = [end for _, end in places]
    touched = [(bisect_right(ends, start), bisect_left(starts, end)) for start, end in spans]
    return [(0, seen), *((first, last) if first < last else (0, seen) for first, last in touched)]


def _run(engine: Engine, given: dict[str, npt.NDArray[Any]], *names: str) -> list[Floats]:
    """Those outputs of a graph."""
    return [np.asarray(told, np.float32) for told in engine.run(list(names), given)]


def _session(graph: Path, threads: int = 1) -> InferenceSession:
    """A graph, ready to run on so many threads."""
    # These wait until here, for most of what is done with a collection needs no encoder.
    from onnxruntime.capi.onnxruntime_inference_collection import InferenceSession
    from onnxruntime.capi.onnxruntime_pybind11_state import InvalidProtobuf, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a thread that waits takes no core
    # The optimizer would undo what `graphs` does for speed.
    without = ["SkipLayerNormFusion"]
    try:
        return InferenceSession(graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=without)
    except InvalidProtobuf as error:
        raise building.damaged(graph) from error
