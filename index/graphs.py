"""The default encoder's weights, and the tagger's that stands on its lower layers, as graphs for ONNX Runtime.

BERT's layers in ONNX Runtime's fused operators: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

LAYERS, SHARED = 6, 4
"""The encoder's layers, and how many of them, the lower ones, the tagger stands on."""

TOLD = ("tags", "cue", "token", "asks", "key")
"""What the tagger tells of a token, side by side in this order: see `tags.Tagger.marks`."""

Floats = npt.NDArray[np.float32]
Tensors = dict[str, npt.NDArray[Any]]

_fused = partial(helper.make_node, domain="com.microsoft")


def encoder(weights: Mapping[str, Floats], longest: int) -> ModelProto:
    """The encoder, from the tensors of its `model.safetensors`, for texts of up to `longest` tokens.

    In: `tokens` and `mask`, int32 (texts, tokens), and `members`, float32 (texts, ranges, tokens), 1 where a token is
    in a range. Out: `means`, float32 (texts, ranges, dimensions), of unit length, which makes a sum as good as a mean;
    `lower`, float32 (texts, tokens, dimensions), what the tagger goes on with; `upper`, likewise, each token's vector.
    """
    tensors: Tensors = dict(weights)
    # All tokens are in the first of BERT's two segments, so its vector can be added to the positions' once for all.
    first_segment = tensors["embeddings.token_type_embeddings.weight"][0]
    tensors["places"] = tensors["embeddings.position_embeddings.weight"][:longest] + first_segment
    embedded = ["tokens", "", "embeddings.word_embeddings.weight", "places", "", *_norm("embeddings")]
    nodes = [_fused("EmbedLayerNormalization", embedded, ["layer.0", "unused"], epsilon=1e-12)]
    names = [f"layer.{number}" for number in range(LAYERS + 1)]
    names[SHARED], names[-1] = "lower", "upper"
    for number, (before, after) in enumerate(pairwise(names)):
        layer = f"encoder.layer.{number}"
        nodes += [*_attended(tensors, layer, before, "mask"), *_fed(tensors, layer, before, after)]
    nodes += [
        helper.make_node("MatMul", ["members", names[-1]], ["sums"]),
        helper.make_node("LpNormalization", ["sums"], ["means"], axis=2, p=2),
    ]
    given = [
        helper.make_tensor_value_info("tokens", TensorProto.INT32, ["texts", "length"]),
        helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "length"]),
        helper.make_tensor_value_info("members", TensorProto.FLOAT, ["texts", "ranges", "length"]),
    ]
    told = [
        helper.make_tensor_value_info("means", TensorProto.FLOAT, ["texts", "ranges", 384]),
        helper.make_tensor_value_info("lower", TensorProto.FLOAT, ["texts", "length", 384]),
        helper.make_tensor_value_info("upper", TensorProto.FLOAT, ["texts", "length", 384]),
    ]
    return _model("encoder", nodes, given, told, tensors)


def tagger(weights: Mapping[str, Floats]) -> ModelProto:
    """The tagger, from the tensors of `weights/credits.safetensors`.

    In: `lower`, float32 (texts, tokens, dimensions), every token seen. Out: `told`, float32 (texts, tokens, numbers):
    see TOLD.
    """
    tensors: Tensors = {name: value.astype(np.float32) for name, value in weights.items()}
    layers = len({name.split(".")[1] for name in tensors if name.startswith("layer.")})
    names = ["lower", *(f"layer.{number}.result" for number in range(layers))]
    nodes = []
    for number, (before, after) in enumerate(pairwise(names)):
        layer = f"layer.{number}"
        nodes += [*_attended(tensors, layer, before), *_fed(tensors, layer, before, after)]
    heads = [tensors[f"{name}.weight"] for name in TOLD]
    tensors["heads.weight"] = np.concatenate(heads).T
    biases = zip(TOLD, heads, strict=True)
    tensors["heads.bias"] = np.concatenate(
        [tensors.get(f"{name}.bias", np.zeros(len(head), np.float32)) for name, head in biases]
    )
    nodes += [
        helper.make_node("MatMul", [names[-1], "heads.weight"], ["heads"]),
        helper.make_node("Add", ["heads", "heads.bias"], ["told"]),
    ]
    given = [helper.make_tensor_value_info("lower", TensorProto.FLOAT, ["texts", "length", 384])]
    told = [helper.make_tensor_value_info("told", TensorProto.FLOAT, ["texts", "length", sum(map(len, heads))])]
    return _model("tagger", nodes, given, told, tensors)


def _attended(tensors: Tensors, layer: str, given: str, mask: str = "") -> list[NodeProto]:
    """A layer's self-attention, with the three products before it joined into one."""
    heads = f"{layer}.attention.self"
    parts = [f"{heads}.{part}" for part in ("query", "key", "value")]
    tensors[f"{heads}.weight"] = np.concatenate([tensors[f"{part}.weight"].T for part in parts], axis=1)
    tensors[f"{heads}.bias"] = np.concatenate([tensors[f"{part}.bias"] for part in parts])
    return [_fused("Attention", [given, f"{heads}.weight", f"{heads}.bias", mask], [heads], num_heads=12)]


def _fed(tensors: Tensors, layer: str, given: str, result: str) -> list[NodeProto]:
    """What follows a layer's self-attention."""
    heads, joined = f"{layer}.attention.self", f"{layer}.attention.output"
    wide, narrow = f"{layer}.intermediate", f"{layer}.output"
    for name in (joined, wide, narrow):
        tensors[f"{name}.turned"] = tensors[f"{name}.dense.weight"].T
    return [
        helper.make_node("MatMul", [heads, f"{joined}.turned"], [f"{joined}.dense"]),
        *_normalised(f"{joined}.dense", given, joined, joined),
        helper.make_node("MatMul", [joined, f"{wide}.turned"], [f"{wide}.dense"]),
        _fused("BiasGelu", [f"{wide}.dense", f"{wide}.dense.bias"], [wide]),
        helper.make_node("MatMul", [wide, f"{narrow}.turned"], [f"{narrow}.dense"]),
        *_normalised(f"{narrow}.dense", joined, narrow, result),
    ]


def _normalised(product: str, given: str, of: str, result: str) -> list[NodeProto]:
    """Bias and residual, then the layer's norm: a sixth of what SkipLayerNormalization takes for the same."""
    return [
        helper.make_node("Add", [product, f"{of}.dense.bias"], [f"{product}.biased"]),
        helper.make_node("Add", [f"{product}.biased", given], [f"{product}.added"]),
        helper.make_node("LayerNormalization", [f"{product}.added", *_norm(of)], [result], epsilon=1e-12),
    ]


def _norm(of: str) -> list[str]:
    return [f"{of}.LayerNorm.weight", f"{of}.LayerNorm.bias"]


def _model(
    name: str,
    nodes: list[NodeProto],
    given: list[ValueInfoProto],
    told: list[ValueInfoProto],
    tensors: Tensors,
) -> ModelProto:
    """The nodes as a model, with those of the tensors that they read."""
    read = {name for node in nodes for name in node.input}
    ends = {value.name for value in told}
    graph = helper.make_graph(
        nodes,
        name,
        given,
        told,
        [numpy_helper.from_array(np.ascontiguousarray(tensors[name]), name) for name in tensors if name in read],
        # Said in full, for the quantiser cannot infer what an operator gives that is not ONNX's own.
        value_info=[
            helper.make_tensor_value_info(node.output[0], TensorProto.FLOAT, None)
            for node in nodes
            if node.output[0] not in ends
        ],
    )
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=versions, ir_version=8)
    helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})  # else the quantiser asks for it
    return model
