"""Logistic regression whose weights keep to bounds: a sign that a signal can only count with holds elsewhere too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
Bounds = tuple[float | None, float | None]
"""The least and the greatest that a weight may be; None where nothing bounds it."""


def fitted(
    table: Floats, right: npt.NDArray[np.bool_], bounds: Sequence[Bounds], strength: float, shares: Floats | None = None
) -> tuple[Floats, float]:
    """The weights, `(signals,)`, and what is always added, that make the right rows likely and the others not.

    Args:
        table: Signals, `(rows, signals)`.
        right: Which rows are, `(rows,)`.
        bounds: Of each signal's weight.
        strength: Of the penalty on the weights' squares.
        shares: How much each row counts, 1 in sum, `(rows,)`; None: all alike.
    """
    sign = np.where(right, 1.0, -1.0)
    counts = np.full(len(sign), 1 / len(sign)) if shares is None else shares

    def loss(given: Floats) -> tuple[float, Floats]:
        weights, always = given[:-1], given[-1]
        margin = sign * (table @ weights + always)
        slope = -counts * sign / (1 + np.exp(margin))
        value = counts @ np.logaddexp(0, -margin) + strength * weights @ weights
        return float(value), np.append(table.T @ slope + 2 * strength * weights, slope.sum())

    begun = np.zeros(table.shape[1] + 1)
    best: Floats = minimize(loss, begun, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    return best[:-1], float(best[-1])
