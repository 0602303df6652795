"""Convolutions with fewer products equal the plain ones, whatever the number of rows leaves over four."""

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from attendance_app.lab.builder.dlib_weights import Convolution
from attendance_app.lab.builder.fast_rows import PHASES, fast_rows
from attendance_app.lab.builder.onnx_graph import GraphBuilder


@pytest.fixture(scope="module")
def layers():
    rng = np.random.default_rng(5)

    def layer(inputs):
        weights = rng.standard_normal((16, inputs, 5, 5), dtype=np.float32) / np.float32(np.sqrt(25 * inputs))
        return Convolution(weights, rng.standard_normal(16, dtype=np.float32), (1, 1), (2, 2))

    return [layer(32), layer(16), layer(16)]


def run(graph, outputs, picture):
    size = [1, 32, "rows", "columns"]
    model = graph.model(
        "test",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, size)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 16, None, None]) for name in outputs],
        {},
    )
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(outputs, {"picture": picture})


def plain(layers, picture):
    graph = GraphBuilder()
    at = "picture"
    for layer in layers:
        at = graph.node("Relu", graph.layer(at, layer))
    return run(graph, [at], picture)[0]


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 13, 14, 15, 16])
def test_they_equal_plain_convolutions(layers, rows):
    picture = np.random.default_rng(rows).standard_normal((1, 32, rows, 11), dtype=np.float32)
    graph = GraphBuilder()
    phases = run(graph, fast_rows(graph, "picture", layers), picture)
    together = np.stack(phases, axis=3).reshape(1, 16, -1, 11)
    expected = plain(layers, picture)
    assert len(phases) == PHASES
    # Otherwise zeros would pass the next line.
    assert expected.max() > 1
    # float32, added in another order; the whole network's scores are off by 1.4e-6 (docs/adr/0011).
    assert np.abs(together[:, :, :rows] - expected).max() < 1e-5
    assert not together[:, :, rows:].any()  # what fills up the last rows stays empty for the next layer
