"""Short convolutions with fewer products, after Toom and Cook (Winograd's "minimal filtering").

``outputs`` neighbouring results of a filter with ``taps`` weights are dot products of polynomials' coefficients. The
polynomials multiply point by point: outputs + taps - 1 products instead of outputs x taps. See S. Winograd, Arithmetic
Complexity of Computations, 1980; A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, 2015.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ShortFilter:
    """``result`` (outputs, products) @ ((``weights`` (products, taps) @ w) * (``window`` (products, products) @ x)).

    x is outputs + taps - 1 values in a row, the result y[i] = sum over k of w[k] x[i + k]. The last product belongs to
    the point at infinity.
    """

    window: Matrix
    weights: Matrix
    result: Matrix


def short_filter(outputs: int, taps: int, points: Sequence[Fraction]) -> ShortFilter:
    """The filter that multiplies at ``points`` (outputs + taps - 2 different ones) and at infinity.

    Its numbers are worked out in fractions, so that they are the same on every machine. Powers of two move from the
    window to the weights, so that the products stay about as large as x.
    """
    if len(set(points)) != outputs + taps - 2:
        raise ValueError(f"{outputs} outputs and {taps} taps want {outputs + taps - 2} points")
    rows = [_lagrange(at, [other for other in points if other != at]) for at in points]
    rows.append(_product(points))
    scales = [Fraction(2) ** round(math.log2(max(map(abs, row)))) for row in rows]
    window = [
        [value / scale for value in row] + [Fraction(0)] * (len(rows) - len(row))
        for row, scale in zip(rows, scales, strict=True)
    ]
    weights = [[value * scale for value in row] for row, scale in zip(_powers(points, taps), scales, strict=True)]
    return ShortFilter(
        np.array(window, dtype=np.float64),
        np.array(weights, dtype=np.float64),
        np.array(_powers(points, outputs), dtype=np.float64).T,
    )


def _powers(points: Sequence[Fraction], count: int) -> list[list[Fraction]]:
    """Powers 0 to count - 1 of each point; of infinity, the highest only."""
    return [[at**power for power in range(count)] for at in points] + [[Fraction(0)] * (count - 1) + [Fraction(1)]]


def _product(roots: Sequence[Fraction]) -> list[Fraction]:
    """Coefficients of the product of (x - root), the constant one first."""
    coefficients = [Fraction(1)]
    for root in roots:
        higher, lower = [Fraction(0), *coefficients], [*coefficients, Fraction(0)]
        coefficients = [one - root * other for one, other in zip(higher, lower, strict=True)]
    return coefficients


def _lagrange(at: Fraction, others: Sequence[Fraction]) -> list[Fraction]:
    """Coefficients of the polynomial that is 1 at ``at`` and 0 at the others."""
    scale = math.prod((at - other for other in others), start=Fraction(1))
    return [coefficient / scale for coefficient in _product(others)]
