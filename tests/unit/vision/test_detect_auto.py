"""``auto`` finds what the network is sure of, and what it doubts and dlib confirms; its boxes are like dlib's."""

import cv2
import numpy as np
import pytest

from attendance_app.domain.faces import Box, Detection
from attendance_app.vision import auto
from attendance_app.vision.detect import open_detector
from attendance_app.vision.photo import load_photo
from attendance_app.vision.photo_search import find_all, find_main, finder_scale
from attendance_app.vision.proposals import Proposals


class StubFinder:
    """Proposes boxes of 20 x 26 pixels, each at a place and with a confidence."""

    proposals: tuple[tuple[float, float], ...] = ()

    def __init__(self, _threads):
        self.asked = []

    def find(self, _image, *, scale, above):
        self.asked.append((scale, above))
        kept = [(x, sure) for x, sure in self.proposals if sure > above]
        boxes = np.array([[x, 10, x + 20, 36] for x, _ in kept], np.float32).reshape(-1, 4)
        points = np.array([[(6, 20), (14, 20), (10, 25), (7, 30), (13, 30)]] * len(kept), np.float32).reshape(-1, 5, 2)
        points[:, :, 0] += boxes[:, :1]
        return Proposals(boxes, np.array([sure for _, sure in kept], np.float32), points)


class StubLook:
    """Confirms what lies to the right of 200 with the score 0.4."""

    def __init__(self, _threads):
        self.asked = []

    def confirm(self, _image, boxes, *, threshold):
        self.asked += [box[0] for box in boxes.tolist()]
        box = Box(200, 10, 220, 30)
        return [Detection(box, 0.4) if place[0] >= 200 and threshold < 0.4 else None for place in boxes.tolist()]


@pytest.fixture
def stubbed(monkeypatch):
    def make(*proposals):
        monkeypatch.setattr(StubFinder, "proposals", proposals)
        monkeypatch.setattr(auto, "FaceFinder", StubFinder)
        monkeypatch.setattr(auto, "SecondLook", StubLook)
        return auto.AutoDetector(1)

    return make


PICTURE = np.zeros((60, 400, 3), dtype=np.uint8)


def test_a_sure_proposal_needs_no_second_look(stubbed):
    detector = stubbed((10, 0.9))
    ((found),) = detector.detect(PICTURE)
    assert found.confidence == pytest.approx(np.log(9), abs=1e-4)
    assert detector._second_look.asked == []


def test_doubtful_proposals_are_faces_where_dlib_confirms_them(stubbed):
    detector = stubbed((10, 0.4), (200, 0.3), (300, 0.1))
    assert detector.detect(PICTURE) == [Detection(Box(200, 10, 220, 30), 0.4)]
    assert sorted(detector._second_look.asked) == [10, 200]


def test_a_confirmed_face_that_was_found_already_is_not_found_twice(stubbed):
    detector = stubbed((200, 0.9), (203, 0.3))
    assert [one.confidence for one in detector.detect(PICTURE)] == [pytest.approx(np.log(9), abs=1e-4)]


def test_a_lower_threshold_keeps_fainter_proposals_without_a_second_look(stubbed):
    detector = stubbed((10, 0.4), (100, 0.15))
    assert len(detector.detect(PICTURE, threshold=-0.5)) == 1
    assert len(detector.detect(PICTURE, threshold=-2.0)) == 2
    assert detector._second_look.asked == []


def test_a_higher_threshold_asks_dlib_for_as_much(stubbed):
    assert stubbed((200, 0.3)).detect(PICTURE, threshold=0.5) == []


def test_the_picture_is_scaled_as_asked(stubbed):
    detector = stubbed()
    detector.detect(PICTURE, upsample=1.5)
    assert detector._finder.asked[0][0] == 1.5


@pytest.fixture(scope="module")
def detectors():
    return open_detector("auto"), open_detector("hog")


def test_boxes_are_like_those_of_dlib(detectors, shared_data):
    found_by_both = []
    for file in sorted((shared_data / "lfw19-aligned").glob("*/*.jpg"))[::150]:
        picture = load_photo(file)
        ours, theirs = (one.detect(picture) for one in detectors)
        if theirs:
            found_by_both.append(max(one.box.iou(theirs[0].box) for one in ours))
    assert len(found_by_both) > 8
    assert np.median(found_by_both) > 0.8
    assert min(found_by_both) > 0.6


def test_a_small_face_is_found_that_dlib_alone_misses(detectors, shared_data):
    whole = load_photo(sorted((shared_data / "lfw19-aligned").glob("*/*.jpg"))[5])
    picture = np.full((200, 300, 3), 110, dtype=np.uint8)
    picture[80:130, 100:150] = cv2.resize(whole, (50, 50), interpolation=cv2.INTER_AREA)
    ours, theirs = (one.detect(picture) for one in detectors)
    assert theirs == []
    assert [one.box.iou(Box(115, 95, 135, 115)) > 0.5 for one in ours] == [True]


@pytest.mark.parametrize("side", [800, 3000])
def test_a_large_close_up_shows_one_face(detectors, shared_data, side):
    files = sorted((shared_data / "lfw19-aligned").glob("*/*.jpg"))
    face = Box(*(round(edge * side / 250) for edge in (75, 85, 175, 185)))
    for file in (files[index] for index in (0, 311, 933)):  # pictures without people in the background
        picture = cv2.resize(load_photo(file), (side, side), interpolation=cv2.INTER_CUBIC)
        for found in (find_main(detectors[0], picture), find_all(detectors[0], picture, upsample=1.0)):
            assert [one.box.iou(face) > 0.6 for one in found] == [True]


def test_dlib_confirms_a_face_and_no_wall(shared_data):
    whole = load_photo(sorted((shared_data / "lfw19-aligned").glob("*/*.jpg"))[5])
    small = cv2.resize(whole, (100, 100), interpolation=cv2.INTER_AREA)
    picture = np.hstack([small, np.full((100, 100, 3), 110, dtype=np.uint8)])
    boxes = np.array([[32, 26, 68, 76], [132, 26, 168, 76], [500, 0, 520, 20]], np.float32)
    face, wall, outside = auto.SecondLook(2).confirm(picture, boxes, threshold=0.0)
    assert face is not None
    assert face.box.iou(Box(30, 35, 70, 75)) > 0.6
    assert wall is None
    assert outside is None


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(1920, 1080, 1.5), (4608, 3456, 0.752), (200, 100, 1.5), (9000, 8000, 0.354)]
)
def test_a_photo_is_enlarged_as_far_as_the_time_allows(width, height, scale):
    assert finder_scale(width, height) == pytest.approx(scale, abs=1e-3)
