"""Tiny networks in the form of a training's run folder, for tests of networks of one's own."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from plda_parameters import plda_parameters

from attendance_app.classifiers.identity import identity_id
from attendance_app.networks.identity_input import NETWORK, PARAMETERS

MASK_FACTS = {"margin": "1.3", "temperature": "1", "least_probability": "0.5", "seed": "3"}
REPORT_FACTS = MASK_FACTS | {"margin": "1", "preparation": "squashed box", "answers": "probabilities"}
OPSET, IR = 17, 9


def write_network(
    path: Path, shape: tuple[int, int, int], outputs: int, *, metadata: dict[str, str], seed: int = 0
) -> Path:
    """Write a network: the mean of each channel, then a dense layer with random weights and a softmax."""
    random = np.random.default_rng(seed)
    weights = numpy_helper.from_array(random.normal(size=(shape[-1], outputs)).astype(np.float32), "weights")
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("MatMul", ["mean", "weights"], ["sum"]),
        helper.make_node("Softmax", ["sum"], ["output"], axis=-1),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", *shape])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", outputs])],
        [weights],
    )
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    helper.set_model_props(proto, metadata)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(proto, path)
    return path


def mask_run(folder: Path, *, outputs: int = 3, facts: dict[str, str] = REPORT_FACTS) -> Path:
    """A run of the mask report's recipe; its network says the same of every face of one colour."""
    write_network(folder / "mask-report.onnx", (32, 32, 3), outputs, metadata=facts)
    (folder / "card.md").write_text("# Mask network of this run\n\nTested on 9 pictures.\n")
    return folder


def identity_run(folder: Path, *, side: int = 64, seed: int = 0) -> Path:
    """A run of an identity network, with parameters fitted to made-up embeddings."""
    network = write_network(folder / NETWORK, (side, side, 3), 128, metadata={}, seed=seed)
    plda_parameters(identity_id(network)).save(folder / PARAMETERS)
    (folder / "card.md").write_text("# Identity network, ours\n")
    return folder


def people_run(folder: Path, names: tuple[str, ...] = ("One", "Two")) -> Path:
    """A run of the identity report's recipe on a few people."""
    write_network(folder / "network.onnx", (125, 94, 1), len(names), metadata={"classes": "\n".join(names)})
    (folder / "card.md").write_text("# Identity network, the report's variant 1\n")
    return folder
