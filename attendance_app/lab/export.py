"""Write a Keras model as ONNX, layer by layer, and check that both give the same numbers.

The exporters of others either don't install beside numpy 2.4 or lag behind Keras 3, and these networks use a
dozen kinds of layers. Input and output keep Keras's layout (batch, height, width, channels); inside, ONNX wants
channels first, so the graph transposes on the way in, and before a Flatten.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

# The onnx package would write its own newest versions, which ONNX Runtime may not read yet.
OPSET = 17
_IR_VERSION = 9
_TO_CHANNELS_FIRST = [0, 3, 1, 2]
_TO_CHANNELS_LAST = [0, 2, 3, 1]


class _Graph:
    """Nodes and weights as they are collected; tensors are named after the Keras tensors they stand for."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, values: NDArray[Any]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output


def _array(value: Any) -> NDArray[np.float32]:
    return np.asarray(keras.ops.convert_to_numpy(value), np.float32)


def _activation(graph: _Graph, layer: Any, tensor: str, name: str) -> str:
    kind = layer.activation.__name__
    if kind == "linear":
        return tensor
    operators: dict[str, tuple[str, dict[str, object]]] = {
        "relu": ("Relu", {}),
        "sigmoid": ("Sigmoid", {}),
        "tanh": ("Tanh", {}),
        "softmax": ("Softmax", {"axis": -1}),
    }
    if kind not in operators:
        raise NotImplementedError(f"activation {kind} of layer {layer.name}")
    operator, attributes = operators[kind]
    return graph.add(operator, [tensor], name, **attributes)


def _window(layer: Any, size: tuple[int, int]) -> dict[str, object]:
    # TensorFlow's "same" puts an odd pixel of padding below and at the right; ONNX calls that SAME_UPPER.
    padding = "SAME_UPPER" if layer.padding == "same" else "VALID"
    return {"kernel_shape": list(size), "strides": list(layer.strides), "auto_pad": padding}


def _convolution(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    kernel = _array(layer.kernel)
    groups = int(layer.groups) if not isinstance(layer, keras.layers.DepthwiseConv2D) else 0
    if groups:
        # Keras: rows, columns, in, out; ONNX: out, in, rows, columns.
        kernel = kernel.transpose(3, 2, 0, 1)
    else:
        # Keras: rows, columns, channel, multiplier. ONNX has one group a channel instead of a layer of its own.
        height, width, channels, multiplier = kernel.shape
        kernel = kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)
        groups = channels
    tensors = [inputs[0], graph.weight(f"{name}/kernel", kernel)]
    if layer.use_bias:
        tensors.append(graph.weight(f"{name}/bias", _array(layer.bias)))
    dilations = list(layer.dilation_rate)
    window = _window(layer, layer.kernel_size)
    out = graph.add("Conv", tensors, f"{name}/conv", group=groups, dilations=dilations, **window)
    return _activation(graph, layer, out, name)


def _batch_norm(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    mean, variance = _array(layer.moving_mean), _array(layer.moving_variance)
    gamma = _array(layer.gamma) if layer.scale else np.ones_like(mean)
    beta = _array(layer.beta) if layer.center else np.zeros_like(mean)
    weights = {"gamma": gamma, "beta": beta, "mean": mean, "variance": variance}
    tensors = [graph.weight(f"{name}/{part}", values) for part, values in weights.items()]
    return graph.add("BatchNormalization", [inputs[0], *tensors], name, epsilon=float(layer.epsilon))


def _dense(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    if len(layer.input.shape) != 2:
        # Keras applies a Dense layer to the last axis of any tensor; Gemm multiplies matrices only.
        raise NotImplementedError(f"dense layer {layer.name} on a tensor that isn't flat")
    tensors = [inputs[0], graph.weight(f"{name}/kernel", _array(layer.kernel))]
    if layer.use_bias:
        tensors.append(graph.weight(f"{name}/bias", _array(layer.bias)))
    return _activation(graph, layer, graph.add("Gemm", tensors, f"{name}/gemm"), name)


def _prelu(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    slope = _array(layer.alpha)
    if slope.ndim == 3:
        # One slope for each place of a map: channels first here as well.
        slope = slope.transpose(2, 0, 1)
    return graph.add("PRelu", [inputs[0], graph.weight(f"{name}/slope", slope)], name)


def _max_pool(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    return graph.add("MaxPool", [inputs[0]], name, **_window(layer, layer.pool_size))


def _average_pool(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    return graph.add("AveragePool", [inputs[0]], name, **_window(layer, layer.pool_size))


def _global_average(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    pooled = graph.add("GlobalAveragePool", [inputs[0]], f"{name}/pool")
    return pooled if layer.keepdims else graph.add("Flatten", [pooled], name)


def _flatten(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    tensor = inputs[0]
    if len(layer.input.shape) == 4:
        # The weights of the layer after it were learnt in Keras's order of the numbers.
        tensor = graph.add("Transpose", [tensor], f"{name}/channels_last", perm=_TO_CHANNELS_LAST)
    return graph.add("Flatten", [tensor], name)


def _zero_padding(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    (top, bottom), (left, right) = layer.padding
    # ONNX wants the starts of all four axes first, then their ends.
    pads = graph.weight(f"{name}/pads", np.array([0, 0, top, left, 0, 0, bottom, right], np.int64))
    return graph.add("Pad", [inputs[0], pads], name)


def _rescaling(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    scale = graph.weight(f"{name}/scale", np.float32(layer.scale).reshape(1))
    offset = graph.weight(f"{name}/offset", np.float32(layer.offset).reshape(1))
    return graph.add("Add", [graph.add("Mul", [inputs[0], scale], f"{name}/scaled"), offset], name)


def _add(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:  # noqa: ARG001 - one signature
    return graph.add("Add", inputs, name)


def _multiply(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:  # noqa: ARG001 - one signature
    return graph.add("Mul", inputs, name)


def _concatenate(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    rank = len(layer.output.shape)
    if layer.axis not in (-1, rank - 1):
        raise NotImplementedError(f"concatenation of layer {layer.name} along another axis than the channels")
    # Keras's last axis; in here the channels come second.
    return graph.add("Concat", inputs, name, axis=1)


def _relu(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    if layer.negative_slope or layer.threshold or layer.max_value not in (None, 6, 6.0):
        raise NotImplementedError(f"layer {layer.name}: this kind of ReLU")
    if layer.max_value is None:
        return graph.add("Relu", [inputs[0]], name)
    # ReLU6, as EfficientNet-lite has it.
    low, high = (graph.weight(f"{name}/{side}", np.array(v, np.float32)) for side, v in (("low", 0), ("high", 6)))
    return graph.add("Clip", [inputs[0], low, high], name)


def _apply_activation(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:
    return _activation(graph, layer, inputs[0], name)


# Dropout and noise act while a network is trained only.
def _nothing(graph: _Graph, layer: Any, inputs: list[str], name: str) -> str:  # noqa: ARG001 - one signature
    return inputs[0]


_WRITERS: dict[type[Any], Callable[[_Graph, Any, list[str], str], str]] = {
    keras.layers.Conv2D: _convolution,
    keras.layers.DepthwiseConv2D: _convolution,
    keras.layers.BatchNormalization: _batch_norm,
    keras.layers.Dense: _dense,
    keras.layers.PReLU: _prelu,
    keras.layers.ReLU: _relu,
    keras.layers.Activation: _apply_activation,
    keras.layers.MaxPooling2D: _max_pool,
    keras.layers.AveragePooling2D: _average_pool,
    keras.layers.GlobalAveragePooling2D: _global_average,
    keras.layers.Flatten: _flatten,
    keras.layers.ZeroPadding2D: _zero_padding,
    keras.layers.Rescaling: _rescaling,
    keras.layers.Add: _add,
    keras.layers.Multiply: _multiply,
    keras.layers.Concatenate: _concatenate,
    keras.layers.Dropout: _nothing,
    keras.layers.GaussianNoise: _nothing,
    keras.layers.SpatialDropout2D: _nothing,
}


def _tensors(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def to_onnx(model: keras.Model, *, metadata: dict[str, str] | None = None) -> onnx.ModelProto:
    """Return the ONNX form of a functional or sequential model with one input "input" and one output "output".

    Raises NotImplementedError for a layer that isn't in the table above.
    """
    graph = _Graph()
    start = model.inputs[0]
    names = {id(start): "input"}
    if len(start.shape) == 4:
        names[id(start)] = graph.add("Transpose", ["input"], "input/channels_first", perm=_TO_CHANNELS_FIRST)
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        writer = _WRITERS.get(type(layer))
        if writer is None:
            raise NotImplementedError(f"layer {layer.name} of kind {type(layer).__name__}")
        inputs = [names[id(tensor)] for tensor in _tensors(layer.input)]
        names[id(_tensors(layer.output)[0])] = writer(graph, layer, inputs, layer.name)
    end = model.outputs[0]
    # Gives the last layer's tensor the name that every reader of these files asks for.
    graph.add("Identity", [names[id(end)]], "output")
    return _assemble(graph, tuple(start.shape[1:]), tuple(end.shape[1:]), metadata or {})


def _assemble(
    graph: _Graph, input_shape: tuple[int, ...], output_shape: tuple[int, ...], metadata: dict[str, str]
) -> onnx.ModelProto:
    form = helper.make_graph(
        graph.nodes,
        "attendance",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", *input_shape])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", *output_shape])],
        graph.weights,
    )
    proto = helper.make_model(form, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION)
    helper.set_model_props(proto, metadata)
    onnx.checker.check_model(proto)
    return proto


def greatest_difference(proto: onnx.ModelProto, model: keras.Model, samples: NDArray[np.float32]) -> float:
    """Return the largest difference between the outputs of both on ``samples`` (n x the input's shape)."""
    import onnxruntime

    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    (exported,) = session.run(None, {"input": samples})
    # training=False: dropout off, and the statistics that batch normalisation has kept instead of this batch's.
    return float(np.abs(exported - _array(model(samples, training=False))).max())


def export(
    model: keras.Model,
    path: Path,
    *,
    samples: NDArray[np.float32],
    tolerance: float = 1e-4,
    metadata: dict[str, str] | None = None,
) -> float:
    """Write the model to ``path`` and return the largest difference on ``samples``.

    Raises RuntimeError if ONNX Runtime's answers differ from Keras's by more than ``tolerance``.
    """
    proto = to_onnx(model, metadata=metadata)
    difference = greatest_difference(proto, model, samples)
    if difference > tolerance:
        raise RuntimeError(f"the exported network differs from Keras's by {difference:g}")
    path.write_bytes(proto.SerializeToString(deterministic=True))
    return difference


def add_metadata(path: Path, metadata: dict[str, str]) -> None:
    """Write names and values into an exported file, beside those it has."""
    proto = onnx.load(path)
    helper.set_model_props(proto, {prop.key: prop.value for prop in proto.metadata_props} | metadata)
    path.write_bytes(proto.SerializeToString(deterministic=True))
