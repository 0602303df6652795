"""Turns dlib's networks into ONNX: the same arithmetic, affine layers folded into the convolutions before them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from attendance_app.networks.dlib_weights import (
    AddPrevious,
    Affine,
    Convolution,
    DlibNetwork,
    FullyConnected,
    Layer,
    Pool,
    Relu,
)

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto

OPSET = 17
IR_VERSION = 8
PRODUCER = "attendance_app"


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


@dataclass(slots=True)
class GraphBuilder:
    """Collects nodes and weights under names that depend on their order only, so that the bytes are repeatable."""

    nodes: "list[NodeProto]" = field(default_factory=list)
    weights: "list[TensorProto]" = field(default_factory=list)

    def constant(self, values: NDArray[np.generic]) -> str:
        from onnx import numpy_helper

        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, *inputs: str, output: str = "", **attributes: int | list[int]) -> str:
        from onnx import helper

        name = output or f"t{len(self.nodes)}"
        node = helper.make_node(operator, list(inputs), [name], name=f"n{len(self.nodes)}")
        node.attribute.extend(helper.make_attribute(key, value) for key, value in sorted(attributes.items()))
        self.nodes.append(node)
        return name

    def model(
        self, name: str, inputs: "list[ValueInfoProto]", outputs: "list[ValueInfoProto]", properties: dict[str, str]
    ) -> "ModelProto":
        from onnx import checker, helper

        graph = helper.make_graph(self.nodes, name, inputs, outputs, initializer=self.weights)
        model = helper.make_model(
            graph,
            producer_name=PRODUCER,
            ir_version=IR_VERSION,
            opset_imports=[helper.make_opsetid("", OPSET)],
        )
        helper.set_model_props(model, properties)
        checker.check_model(model, full_check=True)
        return model

    def convolution(self, source: str, layer: Convolution, *, group: int = 1) -> str:
        (pad_y, pad_x), (rows, columns) = layer.padding, layer.weights.shape[2:]
        return self.node(
            "Conv",
            source,
            self.constant(layer.weights),
            self.constant(layer.bias),
            kernel_shape=[rows, columns],
            strides=list(layer.stride),
            pads=[pad_y, pad_x, pad_y, pad_x],
            group=group,
        )

    def single_output(self, source: str, layer: Convolution, *, output: str, channels: int = 16) -> str:
        """A convolution to one channel, in an order that is several times faster: along rows, then along columns.

        Every row of the window becomes a channel of its own; a second convolution moves each channel by its row, and
        their sum is the result.
        """
        _, inputs, rows, columns = layer.weights.shape
        along = np.zeros((channels, inputs, 1, columns), dtype=np.float32)
        along[:rows, :, 0] = layer.weights[0].transpose(1, 0, 2)
        shift = np.zeros((channels, 1, rows, 1), dtype=np.float32)
        shift[np.arange(rows), 0, np.arange(rows), 0] = 1
        none = np.zeros(channels, dtype=np.float32)
        pad_y, pad_x = layer.padding
        wide = self.convolution(source, Convolution(along, none, (1, 1), (0, pad_x)))
        moved = self.convolution(wide, Convolution(shift, none, (1, 1), (pad_y, 0)), group=channels)
        total = self.node("ReduceSum", moved, self.constant(np.array([1], dtype=np.int64)), keepdims=1)
        return self.node("Add", total, self.constant(layer.bias), output=output)

    def pool(self, source: str, layer: Pool) -> str:
        if layer.window == (0, 0):
            return self.node("GlobalAveragePool", source)
        return self.node(
            "MaxPool" if layer.largest else "AveragePool",
            source,
            kernel_shape=list(layer.window),
            strides=list(layer.stride),
        )

    def padded(self, source: str, *, shape: _Shape, to: _Shape) -> str:
        """Zeros at the end of the channels, rows and columns, as many as are missing."""
        ends = [0, to.channels - shape.channels, to.rows - shape.rows, to.columns - shape.columns]
        if not any(ends):
            return source
        return self.node("Pad", source, self.constant(np.array([0, 0, 0, 0, *ends], dtype=np.int64)))


def encoder_model(network: DlibNetwork) -> "ModelProto":
    """The face encoder: ``chips`` uint8 (n, 150, 150, 3) RGB to ``encodings`` float32 (n, 128)."""
    from onnx import TensorProto, helper

    graph = GraphBuilder()
    pixels = graph.node("Transpose", graph.node("Cast", "chips", to=TensorProto.FLOAT), perm=[0, 3, 1, 2])
    means = graph.constant(np.array(network.means, dtype=np.float32).reshape(1, 3, 1, 1))
    scale = graph.constant(np.array(1 / 256, dtype=np.float32))
    at = graph.node("Mul", graph.node("Sub", pixels, means), scale)
    shape = _Shape(3, 150, 150)
    start, start_shape = at, shape
    for layer in folded(network.layers):
        match layer:
            case Convolution():
                at = graph.convolution(at, layer)
                rows, columns = layer.weights.shape[2:]
                shape = shape.strided((rows, columns), layer.stride, layer.padding)
                shape.channels = layer.weights.shape[0]
            case Relu():
                at = graph.node("Relu", at)
            case Pool(largest=False, window=(2, 2)):  # the way past a block that halves the picture
                start = graph.pool(start, layer)
                start_shape = start_shape.strided(layer.window, layer.stride, layer.padding)
            case Pool():
                at = graph.pool(at, layer)
                shape = shape.strided(layer.window, layer.stride, layer.padding)
                start, start_shape = at, shape
            case AddPrevious():
                larger = _Shape(
                    max(shape.channels, start_shape.channels),
                    max(shape.rows, start_shape.rows),
                    max(shape.columns, start_shape.columns),
                )
                here = graph.padded(at, shape=shape, to=larger)
                at = graph.node("Add", here, graph.padded(start, shape=start_shape, to=larger))
                shape = larger
            case FullyConnected():
                at = graph.node("MatMul", graph.node("Flatten", at), graph.constant(layer.weights), output="encodings")
            case Affine():
                raise AssertionError("every affine layer follows a convolution")
        if isinstance(layer, Relu) and graph.nodes[-2].op_type == "Add":
            start, start_shape = at, shape
    return graph.model(
        "dlib_face_encoder",
        [helper.make_tensor_value_info("chips", TensorProto.UINT8, ["n", 150, 150, 3])],
        [helper.make_tensor_value_info("encodings", TensorProto.FLOAT, ["n", 128])],
        {},
    )


def detector_model(network: DlibNetwork) -> "ModelProto":
    """The face detector: ``pyramid`` float32 (1, 3, rows, columns), RGB as (pixel - means) / 256, to ``scores``.

    ``scores`` is float32 (1, 1, rows', columns'); its point (x, y) is the middle of a window at (stride x + offset,
    stride y + offset) of the pyramid. What decoding needs to know travels in the file's metadata: means, window,
    stride, offset, nms_iou, nms_covered.
    """
    from onnx import TensorProto, helper

    options = network.detector
    assert options is not None
    graph = GraphBuilder()
    at = "pyramid"
    layers = widened(folded(network.layers))
    for layer in layers:
        match layer:
            case Convolution() if layer is layers[-1]:
                graph.single_output(at, layer, output="scores")
            case Convolution():
                at = graph.convolution(at, layer)
            case Relu():
                at = graph.node("Relu", at)
            case _:
                raise AssertionError("the detector has convolutions only")
    stride, offset = _output_to_input(layers)
    return graph.model(
        "dlib_face_detector",
        [helper.make_tensor_value_info("pyramid", TensorProto.FLOAT, [1, 3, "rows", "columns"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 1, "score_rows", "score_columns"])],
        {
            "means": " ".join(map(repr, network.means)),
            "window": " ".join(map(str, options.window)),
            "stride": str(stride),
            "offset": str(offset),
            "nms_iou": repr(options.nms_iou),
            "nms_covered": repr(options.nms_covered),
        },
    )


def _output_to_input(layers: list[Layer]) -> tuple[int, int]:
    """Stride and offset from a point of the output to the middle of its window in the input (square layers only)."""
    stride, offset = 1, 0
    for layer in reversed(layers):
        if isinstance(layer, Convolution):
            step, middle = layer.stride[0], layer.weights.shape[2] // 2 - layer.padding[0]
            stride, offset = stride * step, offset * step + middle
    return stride, offset
