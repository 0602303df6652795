"""Rewrites dlib's layers so that they cost less and give the same numbers."""

import numpy as np

from attendance_app.lab.builder.dlib_weights import Affine, Convolution, Layer


def folded(layers: tuple[Layer, ...]) -> list[Layer]:
    """The same layers with every affine layer multiplied into the convolution before it (in float64)."""
    result: list[Layer] = []
    for layer in layers:
        before = result[-1] if result else None
        if isinstance(layer, Affine) and isinstance(before, Convolution):
            scale = layer.scale.astype(np.float64)
            weights = before.weights * scale[:, None, None, None]
            bias = before.bias * scale + layer.shift if before.bias.size else layer.shift
            result[-1] = Convolution(weights.astype(np.float32), bias.astype(np.float32), before.stride, before.padding)
        else:
            result.append(layer)
    return result


def widened(layers: list[Layer], multiple: int = 16) -> list[Layer]:
    """The same convolutions with channels of zeros between them, up to a multiple of ``multiple``.

    ONNX Runtime's fast convolutions want blocks of channels; dlib's 45 channels would take the slow way. The last
    layer keeps its outputs.
    """
    result: list[Layer] = []
    for layer in layers:
        if isinstance(layer, Convolution):
            outputs, inputs = layer.weights.shape[:2]
            more_outputs = -outputs % multiple if layer is not layers[-1] else 0
            more_inputs = -inputs % multiple if result else 0
            weights = np.pad(layer.weights, ((0, more_outputs), (0, more_inputs), (0, 0), (0, 0)))
            bias = np.pad(layer.bias, (0, more_outputs))
            result.append(Convolution(weights, bias, layer.stride, layer.padding))
        else:
            result.append(layer)
    return result
