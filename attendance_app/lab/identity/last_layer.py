"""The last layer of an exported backbone, solved by ridge regression (Hoerl and Kennard, Technometrics 12, 1970).

Gradient descent ends near the best last layer, not at it. With the features before it fixed, the layer that comes
nearest to the teacher's encodings has a closed form. How strongly large weights are penalised is chosen on people whom
the network hasn't seen.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from attendance_app.lab.identity.pictures import MARGIN
from attendance_app.networks.identity_input import SIDE, Chips, network_view

PENALTIES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""In units of the features' mean variance."""
_BATCH = 64

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LastLayerResult:
    """``before`` and ``after``: mean squared distance to the teacher on unseen people."""

    before: float
    after: float
    penalty: float


@dataclass(frozen=True, slots=True, eq=False)
class _LastLayer:
    """Where the export has it: a Gemm without bias, and the batch normalisation after it."""

    proto: onnx.ModelProto
    features: str
    kernel: str
    normalisation: onnx.NodeProto

    @classmethod
    def of(cls, path: Path) -> "_LastLayer":
        proto = onnx.load(path)
        (gemm,) = (node for node in proto.graph.node if node.op_type == "Gemm")
        (after,) = (node for node in proto.graph.node if gemm.output[0] in node.input)
        if after.op_type != "BatchNormalization":
            raise ValueError(f"{path} is no export of the identity backbone")
        return cls(proto, gemm.input[0], gemm.input[1], after)

    def run(self, pictures: Chips) -> tuple[Floats, Floats]:
        """Return features (n, f) and outputs (n, 128) of pictures (n, 64, 64, 3), 0 to 255."""
        import onnxruntime

        open_ended = onnx.ModelProto()
        open_ended.CopyFrom(self.proto)
        # ONNX Runtime returns declared outputs only, so the features become one.
        open_ended.graph.output.append(onnx.helper.make_empty_tensor_value_info(self.features))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(open_ended.SerializeToString(), options)
        found = [
            session.run([self.features, "output"], {"input": pictures[start : start + _BATCH].astype(np.float32)})
            for start in range(0, len(pictures), _BATCH)
        ]
        return np.concatenate([pair[0] for pair in found]), np.concatenate([pair[1] for pair in found])

    def replace(self, path: Path, kernel: Floats, bias: Floats) -> None:
        """Write the network with this layer; the normalisation after it is left nothing to do but add the bias."""
        gamma, beta, mean, variance = self.normalisation.input[1:]
        (epsilon,) = (a.f for a in self.normalisation.attribute if a.name == "epsilon")
        ones = np.ones_like(bias)
        values = {
            self.kernel: kernel,
            gamma: ones,
            beta: bias,
            mean: np.zeros_like(bias),
            # so that the square root of variance + epsilon is 1
            variance: ones * np.float32(1 - epsilon),
        }
        for weight in self.proto.graph.initializer:
            if weight.name in values:
                weight.CopyFrom(numpy_helper.from_array(values[weight.name].astype(np.float32), weight.name))
        path.write_bytes(self.proto.SerializeToString(deterministic=True))


def solve_last_layer(
    path: Path, views: Chips, encodings: Floats, unseen_chips: Chips, unseen_encodings: Floats
) -> LastLayerResult:
    """Solve the last layer of the network in ``path`` and write it back, unless it was better as it was.

    ``views``: (n, 72, 72, 3) with a margin, ``encodings``: the teacher's of them; they are learnt from as they are and
    mirrored.
    """
    layer = _LastLayer.of(path)
    plain = views[:, MARGIN : MARGIN + SIDE, MARGIN : MARGIN + SIDE]
    # Both, since in use a face's encoding is the mean over the picture and its mirror image.
    features = np.concatenate([layer.run(plain)[0], layer.run(plain[:, :, ::-1])[0]])
    targets = np.concatenate([encodings, encodings])
    unseen, as_it_was = layer.run(network_view(unseen_chips))
    before = _distance(as_it_was, unseen_encodings)
    centre, aim = features.mean(axis=0), targets.mean(axis=0)
    # In place: the features of all pictures are the largest array here.
    features -= centre
    squares = (features.T @ features / len(features)).astype(np.float64)
    products = (features.T @ (targets - aim) / len(features)).astype(np.float64)
    # Penalties in this unit mean the same whatever the features' size is.
    unit = np.trace(squares) / len(squares)
    best: tuple[float, float, Floats] | None = None
    for penalty in PENALTIES:
        held = squares + penalty * unit * np.eye(len(squares))
        kernel = np.linalg.solve(held, products).astype(np.float32)
        after = _distance((unseen - centre) @ kernel + aim, unseen_encodings)
        if best is None or after < best[0]:
            best = after, penalty, kernel
    assert best is not None
    after, penalty, kernel = best
    # The layer that descent has left is a candidate, too.
    if after < before:
        layer.replace(path, kernel, aim - centre @ kernel)
    return LastLayerResult(before, min(before, after), penalty)


def _distance(found: Floats, wanted: Floats) -> float:
    return float(((found - wanted) ** 2).sum(axis=1).mean())
