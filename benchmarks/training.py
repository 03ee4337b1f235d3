"""A network that is run in bfloat16 and learned exactly, step by step, and the running mean of its weights."""

from __future__ import annotations

import copy
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

N = TypeVar("N", bound=nn.Module)

WARMING, HEADS_FASTER, MEMORY = 40, 5, 0.998
"""Steps until the rate is full, how much faster the heads learn than the layers, how much the running mean keeps."""


class Training(Generic[N]):
    """What is learned, `exact`; what is run, `quick`, in half the bytes; what is kept of it all, `mean`.

    Args:
        network: Its layers are in `layer`; whatever else it has are heads.
    """

    def __init__(self, network: N) -> None:
        self.exact, self.quick, self.mean = network, copy.deepcopy(network).to(torch.bfloat16), copy.deepcopy(network)
        self.mean.eval()
        heads = [value for name, value in network.named_parameters() if not name.startswith("layer.")]
        layers = [value for name, value in network.named_parameters() if name.startswith("layer.")]
        groups: list[dict[str, Any]] = [{"params": layers}, {"params": heads}]
        self._optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
        self._steps = 0

    def step(self, loss: Tensor, rate: float) -> None:
        """One step against a loss of `quick`'s; in the first ones at less than the rate."""
        self._steps += 1
        torch.autograd.backward(loss)
        for exact, rough in zip(self.exact.parameters(), self.quick.parameters(), strict=True):
            exact.grad, rough.grad = None if rough.grad is None else rough.grad.float(), None
        nn.utils.clip_grad_norm_(self.exact.parameters(), 1.0)
        for group, faster in zip(self._optimiser.param_groups, (1, HEADS_FASTER), strict=True):
            group["lr"] = rate * faster * min(1, self._steps / WARMING)
        self._optimiser.step()
        kept = 1 - min(MEMORY, self._steps / (self._steps + 10))
        with torch.no_grad():
            for exact, rough, mean in zip(
                self.exact.parameters(), self.quick.parameters(), self.mean.parameters(), strict=True
            ):
                rough.copy_(exact)
                mean.lerp_(exact, kept)

    def judged(self) -> N:
        """The running mean as it is run, for a report."""
        return copy.deepcopy(self.mean).to(torch.bfloat16)
