"""The default encoder's weights, and those of branches that stand on its lower layers, as graphs for ONNX Runtime.

OpenVINO runs the encoder's too, whose operators it knows.
BERT's layers in ONNX Runtime's fused operators: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

LAYERS, SHARED = 6, 4
"""The encoder's layers, and how many of them, the lower ones, branches stand on."""

Floats = npt.NDArray[np.float32]
Tensors = dict[str, npt.NDArray[Any]]

_fused = partial(helper.make_node, domain="com.microsoft")


def encoder(weights: Mapping[str, Floats], longest: int) -> ModelProto:
    """The encoder, from the tensors of its `model.safetensors`, for texts of up to `longest` tokens.

    In: `tokens` and `mask`, int32 (texts, tokens), and `members`, float32 (texts, ranges, tokens), 1 where a token is
    in a range. Out: `means`, float32 (texts, ranges, dimensions), of unit length, which makes a sum as good as a mean;
    `lower`, float32 (texts, tokens, dimensions), what branches go on with.
    """
    tensors: Tensors = dict(weights)
    nodes = [
        *_embedded(tensors, longest),
        *_layers(tensors, ["embedded", *(f"layer.{number}" for number in range(1, SHARED)), "lower"]),
        *_layers(tensors, ["lower", *(f"layer.{number}" for number in range(SHARED + 1, LAYERS)), "upper"], SHARED),
        helper.make_node("MatMul", ["members", "upper"], ["sums"]),
        helper.make_node("LpNormalization", ["sums"], ["means"], axis=2, p=2),
    ]
    members = helper.make_tensor_value_info("members", TensorProto.FLOAT, ["texts", "ranges", "length"])
    told = [
        helper.make_tensor_value_info("means", TensorProto.FLOAT, ["texts", "ranges", 384]),
        helper.make_tensor_value_info("lower", TensorProto.FLOAT, ["texts", "length", 384]),
    ]
    return _model("encoder", nodes, [*_GIVEN, members], told, tensors)


def branch(weights: Mapping[str, Floats], heads: Sequence[str]) -> ModelProto:
    """Upper layers of their own, `layer.0` and so on, and those heads upon them, from a file's tensors.

    In: `lower`, float32 (texts, tokens, dimensions), every token seen. Out: `told`, float32 (texts, tokens, numbers):
    what each head tells of a token, side by side in their order.
    """
    tensors: Tensors = dict(weights)
    given = [helper.make_tensor_value_info("lower", TensorProto.FLOAT, ["texts", "length", 384])]
    return _model("branch", _own(tensors, "lower", heads), given, _told(tensors), tensors)


def joint(weights: Mapping[str, Floats], own: Mapping[str, Floats], heads: Sequence[str], longest: int) -> ModelProto:
    """The encoder with upper layers of their own, `layer.0` and so on, and those heads upon them, from `own`.

    In: `tokens`, int32 (texts, tokens), every token seen, and `signals`, float32 (texts, tokens, signals), which
    `signals.weight` adds to what the encoder's layers below give. Out: `told`, as of `branch`.
    """
    tensors: Tensors = {**weights, **own, "signals.turned": own["signals.weight"].T}
    below = ["embedded", *(f"below.{number}" for number in range(LAYERS - _count(own)))]
    nodes = [
        *_embedded(tensors, longest),
        *_layers(tensors, below, mask=""),
        helper.make_node("MatMul", ["signals", "signals.turned"], ["signals.wide"]),
        helper.make_node("Add", [below[-1], "signals.wide"], ["entered"]),
        *_own(tensors, "entered", heads),
    ]
    signals = ["texts", "length", own["signals.weight"].shape[1]]
    given = [_GIVEN[0], helper.make_tensor_value_info("signals", TensorProto.FLOAT, signals)]
    return _model("joint", nodes, given, _told(tensors), tensors)


def _own(tensors: Tensors, given: str, heads: Sequence[str]) -> list[NodeProto]:
    """Layers of their own upon that value, and those heads side by side upon them."""
    names = [given, *(f"layer.{number}.result" for number in range(_count(tensors)))]
    turned = [tensors[f"{name}.weight"] for name in heads]
    biases = zip(heads, turned, strict=True)
    tensors["heads.weight"] = np.concatenate(turned).T
    tensors["heads.bias"] = np.concatenate(
        [tensors.get(f"{name}.bias", np.zeros(len(head), np.float32)) for name, head in biases]
    )
    return [
        *_layers(tensors, names, prefix="layer", mask=""),
        helper.make_node("MatMul", [names[-1], "heads.weight"], ["heads"]),
        helper.make_node("Add", ["heads", "heads.bias"], ["told"]),
    ]


def _count(tensors: Mapping[str, Floats]) -> int:
    """How many layers of their own there are."""
    return len({name.split(".")[1] for name in tensors if name.startswith("layer.")})


def _told(tensors: Tensors) -> list[ValueInfoProto]:
    """What heads tell."""
    return [helper.make_tensor_value_info("told", TensorProto.FLOAT, ["texts", "length", len(tensors["heads.bias"])])]


_GIVEN = [
    helper.make_tensor_value_info("tokens", TensorProto.INT32, ["texts", "length"]),
    helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "length"]),
]


def _embedded(tensors: Tensors, longest: int) -> list[NodeProto]:
    """What stands below the layers: each token's word and place."""
    # All tokens are in the first of BERT's two segments, so its vector can be added to the positions' once for all.
    first_segment = tensors["embeddings.token_type_embeddings.weight"][0]
    tensors["places"] = tensors["embeddings.position_embeddings.weight"][:longest] + first_segment
    given = ["tokens", "", "embeddings.word_embeddings.weight", "places", "", *_norm("embeddings")]
    return [_fused("EmbedLayerNormalization", given, ["embedded", "unused"], epsilon=1e-12)]


def _layers(
    tensors: Tensors, names: Sequence[str], first: int = 0, prefix: str = "encoder.layer", mask: str = "mask"
) -> list[NodeProto]:
    """Layers in a row, from number `first`, that make each name's value of the one before it."""
    nodes: list[NodeProto] = []
    for number, (before, after) in enumerate(pairwise(names), first):
        layer = f"{prefix}.{number}"
        nodes += [*_attended(tensors, layer, before, mask), *_fed(tensors, layer, before, after)]
    return nodes


def _attended(tensors: Tensors, layer: str, given: str, mask: str) -> list[NodeProto]:
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
        helper.make_node("MatMul", [wide, f"{narrow}.turned"], [f"{narrow}.dense"], name=f"{narrow}.dense"),
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
    given: Sequence[ValueInfoProto],
    told: Sequence[ValueInfoProto],
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
