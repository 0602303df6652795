"""Collects the nodes and weights of an ONNX graph."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from attendance_app.lab.builder.dlib_weights import Convolution, Floats

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto

# Not the newest that the onnx package knows, so that ONNX Runtime can read them.
OPSET = 17
IR_VERSION = 8
PRODUCER = "attendance_app"


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
        # Sorted, since the order of keywords would change the bytes.
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
        # Works out every shape too, so that a wrong kernel or padding shows here and not on a user's picture.
        checker.check_model(model, full_check=True)
        return model

    def convolution(
        self,
        source: str,
        weights: Floats,
        bias: Floats | None = None,
        *,
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int, int, int] = (0, 0, 0, 0),
        group: int = 1,
        plus: str = "",
    ) -> str:
        """A convolution, to which the tensor ``plus`` is added; ``padding`` is (top, left, bottom, right)."""
        numbers = [weights] if bias is None else [weights, bias]
        result = self.node(
            "Conv",
            source,
            *map(self.constant, numbers),
            kernel_shape=list(weights.shape[2:]),
            strides=list(stride),
            pads=list(padding),
            group=group,
        )
        return self.node("Add", result, plus) if plus else result

    def layer(self, source: str, layer: Convolution) -> str:
        """A convolution of dlib's."""
        return self.convolution(source, layer.weights, layer.bias, stride=layer.stride, padding=2 * layer.padding)
