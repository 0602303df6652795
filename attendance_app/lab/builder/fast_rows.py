"""Convolutions of 5 rows with 8 products where the plain ones have 20, in operators that ONNX Runtime is fast at.

A picture's rows are split into four tensors, its phases: row 4 t + p is row t of phase p. Four results, one in each
phase, come from eight rows by ``short_filter``. Sums of rows make eight tensors; a convolution along rows multiplies
each of them with weights of its own; sums of those make four phases again. Sums are depthwise convolutions with
something added, which ONNX Runtime does in one operation where it knows all sizes beforehand. The phases stay apart
from the first such layer to the last (docs/adr/0011).
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from attendance_app.lab.builder.dlib_weights import Convolution, Floats
from attendance_app.lab.builder.onnx_graph import GraphBuilder
from attendance_app.lab.builder.toom_cook import short_filter

PHASES = 4
_TAPS = 5
_ABOVE = 2
"""Rows of zeros above the picture, and below it: the convolution keeps the size."""
# Each with both signs, so that two sums share their even and their odd rows; small, since powers of large ones cost
# digits of float32.
_POINTS = (Fraction(1), Fraction(2), Fraction(1, 2))
_FILTER = short_filter(PHASES, _TAPS, [Fraction(0), *(at for point in _POINTS for at in (point, -point))])
_LAST = PHASES + _TAPS - 2
"""The product of the point at infinity."""
_NEVER = 1e6
"""Far above any activation: taken away, it leaves nothing for the ReLU to pass."""


def fast_rows(graph: GraphBuilder, picture: str, layers: Sequence[Convolution]) -> list[str]:
    """Add convolutions of 5 rows, stride 1, padding 2, each with its ReLU, to the graph; returns the last one's phases.

    All layers have the same number of outputs.
    """
    rows = _FastRows(graph, picture, layers[0])
    phases = rows.of_picture(picture, layers[0])
    for layer in layers[1:]:
        phases = rows.of_phases(phases, layer)
    return phases


class _FastRows:
    def __init__(self, graph: GraphBuilder, picture: str, first: Convolution) -> None:
        self._graph = graph
        self._channels, inputs = first.weights.shape[:2]
        self._beyond = self._rows_beyond(picture, inputs)

    def of_picture(self, picture: str, layer: Convolution) -> list[str]:
        """Convolution and ReLU of a whole picture; returns phases."""
        channels, padding = layer.weights.shape[1], (_ABOVE, 0, _LAST - _ABOVE, 0)
        sums = [
            self._rows(picture, row, channels=channels, stride=PHASES, padding=padding)
            for row in _FILTER.window.tolist()
        ]
        return self._results(sums, layer)

    def of_phases(self, phases: list[str], layer: Convolution) -> list[str]:
        """Convolution and ReLU of phases; returns phases."""
        window: list[list[float]] = _FILTER.window.tolist()
        sums = [self._sum(phases, window[0], (0, 2))]
        for row in window[1:_LAST:2]:  # a point; its negative differs in the sign of the odd phases
            even, odd = self._sum(phases, row, (0, 2)), self._sum(phases, row, (1, 3))
            sums += self._both_ways(even, odd)
        return self._results([*sums, self._sum(phases, window[_LAST], (1, 3))], layer)

    def _rows_beyond(self, picture: str, channels: int) -> list[str]:
        """For phases 1 to 3: 0 in the picture's rows, -1e6 in a row below them that fills up a multiple of four."""
        graph = self._graph
        # Ones where the picture is. From the picture: what depends on nothing, ONNX Runtime works out beforehand and
        # keeps in another memory layout, which costs more at every use.
        ones = graph.convolution(picture, np.zeros((1, channels, 1, 1), dtype=np.float32), np.ones(1, dtype=np.float32))
        bias = np.full(self._channels, -_NEVER, dtype=np.float32)
        beyond = []
        for phase in range(1, PHASES):
            weights = np.zeros((self._channels, 1, PHASES, 1), dtype=np.float32)
            weights[:, :, phase] = _NEVER
            beyond.append(graph.convolution(ones, weights, bias, stride=(PHASES, 1), padding=(0, 0, PHASES - 1, 0)))
        return beyond

    def _sum(self, phases: list[str], row: list[float], which: tuple[int, int]) -> str:
        """Multiples of two phases' rows, added up."""
        total = ""
        for phase in which:
            places = [PHASES * step + phase + _ABOVE for step in (-1, 0, 1)]  # of rows t - 1, t, t + 1 in the window
            factors = [row[at] if 0 <= at <= _LAST else 0.0 for at in places]
            if any(factors):
                above, below = int(factors[0] != 0), int(factors[2] != 0)
                factors = factors[1 - above : 2 + below]
                total = self._rows(phases[phase], factors, padding=(above, 0, below, 0), plus=total)
        return total

    def _both_ways(self, one: str, other: str) -> tuple[str, str]:
        """Sum and difference: the sum first and as it is, so that the difference may take the place of ``one``."""
        return self._graph.node("Add", one, other), self._rows(other, [-1.0], plus=one)

    def _results(self, sums: list[str], layer: Convolution) -> list[str]:
        """Products with the weights, and phases from the products."""
        pairs = []
        for index in range(1, _LAST, 2):
            bias = layer.bias if index == 1 else None  # this product is once in every phase
            product, negative = self._product(sums, layer, index, bias=bias), self._product(sums, layer, index + 1)
            pairs.append(self._both_ways(product, negative))
        phases = []
        for phase, factors in enumerate(_FILTER.result.tolist()):
            terms = [(pair[phase % 2], factor) for pair, factor in zip(pairs, factors[1:_LAST:2], strict=True)]
            total = terms.pop(0)[0]  # whose factor is 1
            if phase:
                total = self._graph.node("Add", total, self._beyond[phase - 1])
            for pair, factor in terms:
                total = self._graph.node("Add", total, pair) if factor == 1 else self._rows(pair, [factor], plus=total)
            for end in (0, _LAST):
                total = self._product(sums, layer, end, plus=total) if factors[end] else total
            phases.append(self._graph.node("Relu", total))
        return phases

    def _product(
        self, sums: list[str], layer: Convolution, index: int, *, bias: Floats | None = None, plus: str = ""
    ) -> str:
        """A convolution along rows, with the weights that belong to one sum."""
        outputs, inputs, _, columns = layer.weights.shape
        weights = np.zeros((outputs, inputs, 1, columns))
        for tap, factor in enumerate(_FILTER.weights[index]):  # in this order, for the same bytes everywhere
            weights[:, :, 0] += factor * layer.weights[:, :, tap].astype(np.float64)
        padding = (0, layer.padding[1], 0, layer.padding[1])
        return self._graph.convolution(sums[index], weights.astype(np.float32), bias, padding=padding, plus=plus)

    def _rows(
        self,
        source: str,
        factors: Sequence[float],
        *,
        channels: int = 0,
        stride: int = 1,
        padding: tuple[int, int, int, int] = (0, 0, 0, 0),
        plus: str = "",
    ) -> str:
        """Neighbouring rows times factors, the same ones for every channel."""
        channels = channels or self._channels
        weights = np.tile(np.array(factors, dtype=np.float32).reshape(1, 1, -1, 1), (channels, 1, 1, 1))
        return self._graph.convolution(source, weights, stride=(stride, 1), padding=padding, group=channels, plus=plus)
