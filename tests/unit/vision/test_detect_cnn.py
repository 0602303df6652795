"""The CNN detector in ONNX Runtime finds what dlib's own finds."""

from pathlib import Path

import dlib
import numpy as np
import pytest
from PIL import Image as PillowImage

from attendance_app.domain.errors import ModelFileError
from attendance_app.lab.builder.dlib_files import DETECTOR, dlib_file
from attendance_app.networks import runtime
from attendance_app.vision.detect import open_detector
from attendance_app.vision.tiled_pyramid import plan_tiles


@pytest.fixture(scope="module")
def cnn():
    return open_detector("cnn")


@pytest.fixture(scope="module")
def reference():
    return dlib.cnn_face_detection_model_v1(str(dlib_file(DETECTOR)))


def load(file: Path, longest: int) -> np.ndarray:
    picture = PillowImage.open(file).convert("RGB")
    picture.thumbnail((longest, longest))
    return np.asarray(picture)


def assert_same_faces(found, expected) -> None:
    """Same number and order of faces, boxes within 2 pixels, confidences within 1e-3."""
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        corners = (other.rect.left(), other.rect.top(), other.rect.right(), other.rect.bottom())
        mine = (one.box.left, one.box.top, one.box.right, one.box.bottom)
        assert np.abs(np.subtract(mine, corners)).max() <= 2
        assert one.confidence == pytest.approx(other.confidence, abs=1e-3)


def test_faces_of_real_pictures_equal_those_of_dlib(cnn, reference, shared_data):
    """On 35 pictures of three kinds; ``benchmarks/agreement.py`` takes 120."""
    people = sorted(shared_data.glob("lfw-original/**/*.jpg"))[::210][:20]
    groups = sorted(shared_data.glob("groups/**/*.jp*g"))[::6]
    grey = sorted(shared_data.glob("detection/cmu-mit/*.jpg"))[::36]
    seen = 0
    for file in [*people, *groups, *grey]:
        picture = load(file, 200)
        expected = reference(picture, 0)
        assert_same_faces(cnn.detect(picture), expected)
        seen += len(expected)
    assert len(people) + len(groups) + len(grey) >= 30
    assert seen >= 15


def test_enlarged_once_it_equals_dlib_enlarged_once(cnn, reference, shared_data):
    files = (
        sorted(shared_data.glob("groups/openface/*.jpg"))[:4] + sorted(shared_data.glob("groups/crowds/**/*.jpg"))[:2]
    )
    seen = 0
    for file in files:
        picture = load(file, 190)
        expected = reference(picture, 1)
        assert_same_faces(cnn.detect(picture, upsample=2.0), expected)
        seen += len(expected)
    assert seen >= 3


@pytest.mark.parametrize("size", [(40, 300), (300, 40), (97, 61)], ids=str)
def test_odd_sizes_equal_dlib_too(cnn, reference, size):
    picture = np.random.default_rng(3).integers(0, 256, (*size, 3), dtype=np.uint8)
    assert_same_faces(cnn.detect(picture), reference(picture, 0))


def test_a_picture_too_small_for_any_face_has_none(cnn):
    assert cnn.detect(np.zeros((3, 200, 3), dtype=np.uint8)) == []


def test_a_higher_threshold_keeps_the_surer_faces(cnn, shared_data):
    picture = load(shared_data / "groups/dlib-faces/2008_002506.jpg", 500)
    found = cnn.detect(picture)
    assert len(found) == 3
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
    middle = (found[0].confidence + found[1].confidence) / 2
    assert cnn.detect(picture, threshold=middle) == found[:1]


@pytest.mark.parametrize("size", [(480, 640), (1080, 1920), (61, 400), (400, 61)], ids=str)
def test_levels_of_the_pyramid_lie_apart_and_inside(size):
    plan = plan_tiles(*size)
    covered = np.zeros((plan.rows, plan.columns), dtype=int)
    for box in plan.levels:
        assert 11 <= box.left <= box.right < plan.columns - 11
        assert 11 <= box.top <= box.bottom < plan.rows - 11
        covered[box.top : box.bottom + 1, box.left : box.right + 1] += 1
    assert covered.max() == 1


def test_a_missing_network_is_a_known_error(tmp_path, monkeypatch):
    monkeypatch.setattr("attendance_app.networks.manifest.bundled", lambda _: tmp_path)
    with pytest.raises(ModelFileError):
        runtime.open_network("dlib-face-detector.onnx")
