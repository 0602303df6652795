"""The HOG detector finds what dlib's own finds, at any scale."""

import dlib
import numpy as np
import pytest
from PIL import Image as PillowImage

from attendance_app.domain.faces import Box
from attendance_app.vision.detect import open_detector
from attendance_app.vision.scaling import Scaling


@pytest.fixture(scope="module")
def hog():
    return open_detector("hog")


def pictures(folder) -> list[np.ndarray]:
    files = sorted(folder.glob("groups/**/*.jpg"))[::5]
    loaded = [PillowImage.open(file).convert("RGB") for file in files]
    for picture in loaded:
        picture.thumbnail((400, 400))
    return [np.asarray(picture) for picture in loaded]


@pytest.mark.parametrize(("upsample", "times"), [(1.0, 0), (2.0, 1)])
def test_boxes_and_confidences_equal_those_of_dlib(hog, shared_data, upsample, times):
    reference = dlib.get_frontal_face_detector()
    seen = 0
    for picture in pictures(shared_data):
        boxes, scores, _ = reference.run(picture, times, -0.3)
        expected = sorted(
            ((score, b.left(), b.top(), b.right(), b.bottom()) for score, b in zip(scores, boxes, strict=True)),
            key=lambda one: -one[0],
        )
        found = hog.detect(picture, upsample=upsample, threshold=-0.3)
        assert [(f.confidence, f.box.left, f.box.top, f.box.right, f.box.bottom) for f in found] == expected
        seen += len(found)
    assert seen > 5


def test_a_fraction_finds_faces_where_they_are(hog, shared_data):
    picture = np.asarray(PillowImage.open(shared_data / "groups/face_recognition/examples/obama.jpg").convert("RGB"))
    ((plain),) = hog.detect(picture)
    for upsample in (0.5, 1.35, 1.5):
        found = hog.detect(picture, upsample=upsample)
        assert max(one.box.iou(plain.box) for one in found) > 0.7


def test_a_picture_without_a_face_has_none(hog):
    assert hog.detect(np.full((120, 160, 3), 90, dtype=np.uint8)) == []


@pytest.mark.parametrize("upsample", [0.5, 1.35, 2.0, 4.0])
def test_a_box_finds_its_way_back_to_the_picture(upsample):
    picture = np.zeros((90, 120, 3), dtype=np.uint8)
    scaling = Scaling.by(upsample)
    height, width = scaling.apply(picture).shape[:2]
    back = scaling.restore(Box(0, 0, width - 1, height - 1))
    assert abs(back.left) <= 2
    assert abs(back.top) <= 2
    assert abs(back.right - 119) <= 2
    assert abs(back.bottom - 89) <= 2


def test_a_scale_of_zero_is_refused(hog):
    with pytest.raises(ValueError, match="scaled"):
        hog.detect(np.zeros((90, 120, 3), dtype=np.uint8), upsample=0)
