"""dlib's networks are rebuilt from dlib's files to the same bytes."""

from pathlib import Path

import numpy as np
import pytest

from attendance_app.lab.builder import dlib_files
from attendance_app.lab.builder.build import build_models
from attendance_app.lab.builder.dlib_layers import folded, widened
from attendance_app.lab.builder.dlib_weights import Affine, Convolution, FullyConnected, Pool, read_network
from attendance_app.networks.errors import DlibFileAltered, DlibFileMissing, DlibFileUnknown
from attendance_app.networks.files import DETECTOR, ENCODER, FIVE_POINTS, HOG_DETECTOR
from attendance_app.networks.manifest import model_path, read_manifest


def test_a_rebuild_gives_the_bytes_that_the_manifest_names(tmp_path):
    built = {entry.name: entry for entry in build_models(tmp_path)}
    bundled = read_manifest()
    assert built == {name: bundled[name] for name in (DETECTOR, ENCODER, HOG_DETECTOR, FIVE_POINTS)}
    for name in built:
        assert (tmp_path / name).read_bytes() == model_path(name).read_bytes()


def test_the_encoder_has_the_published_shape():
    network = read_network(dlib_files.dlib_file(dlib_files.ENCODER))
    convolutions = [layer for layer in network.layers if isinstance(layer, Convolution)]
    assert [layer.weights.shape[0] for layer in convolutions] == [32] * 7 + [64] * 8 + [128] * 6 + [256] * 8
    assert np.allclose(network.means, (122.782, 117.001, 104.298))
    assert isinstance(network.layers[-1], FullyConnected)
    assert network.layers[-1].weights.shape == (256, 128)
    assert network.detector is None


def test_the_detector_has_the_published_shape_and_options():
    network = read_network(dlib_files.dlib_file(dlib_files.DETECTOR))
    convolutions = [layer for layer in network.layers if isinstance(layer, Convolution)]
    assert [layer.weights.shape[0] for layer in convolutions] == [16, 32, 32, 45, 45, 45, 1]
    assert [layer.stride for layer in convolutions] == [(2, 2)] * 3 + [(1, 1)] * 4
    assert network.detector is not None
    assert network.detector.window == (80, 80)
    assert network.detector.nms_iou == pytest.approx(0.338, abs=1e-3)
    assert network.detector.nms_covered == 1


def test_folding_leaves_no_affine_layer_and_the_same_numbers():
    rng = np.random.default_rng(1)
    convolution = Convolution(
        rng.standard_normal((4, 3, 1, 1), dtype=np.float32), np.float32([1, 2, 3, 4]), (1, 1), (0, 0)
    )
    affine = Affine(np.float32([2, 3, 4, 5]), np.float32([1, 1, 0, 0]))
    (one,) = folded((convolution, affine))
    pixel = rng.standard_normal(3)
    expected = (convolution.weights[:, :, 0, 0] @ pixel + convolution.bias) * affine.scale + affine.shift
    assert isinstance(one, Convolution)
    assert one.weights[:, :, 0, 0] @ pixel + one.bias == pytest.approx(expected, abs=1e-5)


def test_widening_adds_zeros_only():
    rng = np.random.default_rng(1)
    layers = [
        Convolution(rng.standard_normal((5, 3, 1, 1), dtype=np.float32), np.zeros(5, np.float32), (1, 1), (0, 0)),
        Pool(largest=True, window=(2, 2), stride=(2, 2), padding=(0, 0)),
        Convolution(rng.standard_normal((1, 5, 1, 1), dtype=np.float32), np.zeros(1, np.float32), (1, 1), (0, 0)),
    ]
    first, _, last = widened(layers, 16)
    assert isinstance(first, Convolution)
    assert isinstance(last, Convolution)
    assert (first.weights.shape, last.weights.shape) == ((16, 3, 1, 1), (1, 16, 1, 1))
    assert np.count_nonzero(first.weights) == 15
    assert np.count_nonzero(last.weights) == 5


@pytest.mark.parametrize("content", [b"", b"\x01\x01\x01\x04abcd", b"\x01\x01\x01\x0aloss_mmod_\x01\x01\x01\x50"])
def test_a_file_that_is_no_network_of_dlib_is_a_known_error(tmp_path: Path, content: bytes):
    path = tmp_path / "broken.dat"
    path.write_bytes(content)
    with pytest.raises(DlibFileUnknown, match=r"broken\.dat"):
        read_network(path)


def test_an_altered_dlib_file_is_a_known_error(tmp_path, monkeypatch):
    package = tmp_path / "face_recognition_models"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "models" / dlib_files.DETECTOR).write_bytes(b"other")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "face_recognition_models", raising=False)
    find = dlib_files.dlib_file.__wrapped__
    with pytest.raises(DlibFileAltered):
        find(dlib_files.DETECTOR)
    with pytest.raises(DlibFileMissing):
        find(dlib_files.ENCODER)
