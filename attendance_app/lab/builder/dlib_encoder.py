"""dlib's face encoder as ONNX: the same arithmetic, affine layers folded into the convolutions before them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from attendance_app.lab.builder.dlib_layers import folded
from attendance_app.lab.builder.dlib_weights import (
    AddPrevious,
    Affine,
    Convolution,
    DlibNetwork,
    FullyConnected,
    Pool,
    Relu,
)
from attendance_app.lab.builder.onnx_graph import GraphBuilder

if TYPE_CHECKING:
    from onnx import ModelProto


@dataclass(slots=True)
class _Shape:
    """Channels, rows, columns; rows and columns are 0 where the picture may have any size."""

    channels: int
    rows: int
    columns: int

    def strided(self, window: tuple[int, int], stride: tuple[int, int], padding: tuple[int, int]) -> "_Shape":
        return _Shape(
            self.channels,
            1 + (self.rows + 2 * padding[0] - window[0]) // stride[0],
            1 + (self.columns + 2 * padding[1] - window[1]) // stride[1],
        )


def _pooled(graph: GraphBuilder, source: str, layer: Pool) -> str:
    if layer.window == (0, 0):
        return graph.node("GlobalAveragePool", source)
    return graph.node(
        "MaxPool" if layer.largest else "AveragePool",
        source,
        kernel_shape=list(layer.window),
        strides=list(layer.stride),
    )


def _padded(graph: GraphBuilder, source: str, *, shape: _Shape, to: _Shape) -> str:
    """Zeros at the end of the channels, rows and columns, as many as are missing."""
    ends = [0, to.channels - shape.channels, to.rows - shape.rows, to.columns - shape.columns]
    if not any(ends):
        return source
    return graph.node("Pad", source, graph.constant(np.array([0, 0, 0, 0, *ends], dtype=np.int64)))


def encoder_model(network: DlibNetwork) -> "ModelProto":
    """The face encoder: ``chips`` uint8 (n, 150, 150, 3) RGB to ``encodings`` float32 (n, 128)."""
    from onnx import TensorProto, helper

    graph = GraphBuilder()
    pixels = graph.node("Transpose", graph.node("Cast", "chips", to=TensorProto.FLOAT), perm=[0, 3, 1, 2])
    means = graph.constant(np.array(network.means, dtype=np.float32).reshape(1, 3, 1, 1))
    # dlib divides by 256, not by 255.
    scale = graph.constant(np.array(1 / 256, dtype=np.float32))
    at = graph.node("Mul", graph.node("Sub", pixels, means), scale)
    shape = _Shape(3, 150, 150)
    start, start_shape = at, shape
    for layer in folded(network.layers):
        match layer:
            case Convolution():
                at = graph.layer(at, layer)
                rows, columns = layer.weights.shape[2:]
                shape = shape.strided((rows, columns), layer.stride, layer.padding)
                shape.channels = layer.weights.shape[0]
            case Relu():
                at = graph.node("Relu", at)
            case Pool(largest=False, window=(2, 2)):  # the way past a block that halves the picture
                start = _pooled(graph, start, layer)
                start_shape = start_shape.strided(layer.window, layer.stride, layer.padding)
            case Pool():
                at = _pooled(graph, at, layer)
                shape = shape.strided(layer.window, layer.stride, layer.padding)
                start, start_shape = at, shape
            case AddPrevious():
                larger = _Shape(
                    max(shape.channels, start_shape.channels),
                    max(shape.rows, start_shape.rows),
                    max(shape.columns, start_shape.columns),
                )
                here = _padded(graph, at, shape=shape, to=larger)
                at = graph.node("Add", here, _padded(graph, start, shape=start_shape, to=larger))
                shape = larger
            case FullyConnected():
                at = graph.node("MatMul", graph.node("Flatten", at), graph.constant(layer.weights), output="encodings")
            case Affine():
                raise AssertionError("every affine layer follows a convolution")
        # A block ends with a sum and its ReLU: the next block's way past begins here.
        if isinstance(layer, Relu) and graph.nodes[-2].op_type == "Add":
            start, start_shape = at, shape
    return graph.model(
        "dlib_face_encoder",
        [helper.make_tensor_value_info("chips", TensorProto.UINT8, ["n", 150, 150, 3])],
        [helper.make_tensor_value_info("encodings", TensorProto.FLOAT, ["n", 128])],
        {},
    )
