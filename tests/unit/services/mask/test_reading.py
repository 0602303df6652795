from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.domain.masks import MaskRule, MaskState
from attendance_app.services.errors import CropTooSmall
from attendance_app.services.mask.crops import CROP_SIDE, close_face
from attendance_app.services.mask.reading import MaskReader
from attendance_app.vision.detect import open_detector

LOG_ODDS_OF_TENTH = -2.2


class StubDetector:
    """Finds what it is told in views of one width (None: in all), above the threshold."""

    any_size = True

    def __init__(self, *found: Detection, width: int | None = None) -> None:
        self.found = found
        self._width = width
        self.views: list[Image] = []
        self.upsamples: list[float] = []

    def detect(self, image: Image, *, upsample: float = 1.0, threshold: float = 0.0) -> list[Detection]:
        self.views.append(image)
        self.upsamples.append(upsample)
        if self._width not in (None, image.shape[1]):
            return []
        return [one for one in self.found if one.confidence > threshold]


class StubClassifier:
    """Says "with mask" of small boxes and "without" of large ones."""

    rule = MaskRule(least_probability=0.6)

    def patches(self, image: Image, boxes: Sequence[Box]) -> np.ndarray:
        return np.array([[box.width] for box in boxes])

    def squashed(self, image: Image) -> np.ndarray:
        return np.array([[image.shape[1]]])

    def probabilities(self, patches: np.ndarray, *, mirrored: bool = False) -> np.ndarray:
        return np.array([(0.9, 0.05, 0.05) if width < 60 else (0.05, 0.9, 0.05) for (width,) in patches])


PICTURE = np.zeros((100, 100, 3), dtype=np.uint8)


def test_a_picture_without_a_face_gets_no_verdict():
    assert MaskReader(StubDetector(), StubClassifier()).faces(PICTURE) == []


def test_every_face_is_judged_by_its_own_box():
    detector = StubDetector(Detection(Box(0, 0, 20, 20), 1.0), Detection(Box(10, 10, 90, 90), 0.5))
    faces = MaskReader(detector, StubClassifier()).faces(PICTURE)
    assert [face.opinion.state for face in faces] == [MaskState.WITH_MASK, MaskState.WITHOUT_MASK]
    assert [face.opinion.probabilities for face in faces] == [(0.9, 0.05, 0.05), (0.05, 0.9, 0.05)]


def test_a_sure_find_is_enough_and_the_picture_is_searched_once():
    detector = StubDetector(Detection(Box(10, 10, 90, 90), 0.5))
    MaskReader(detector, StubClassifier()).faces(PICTURE)
    assert len(detector.views) == 1


def test_a_face_that_fills_the_picture_is_judged_as_the_whole_picture():
    detector = StubDetector(Detection(Box(10, 10, 90, 90), LOG_ODDS_OF_TENTH), width=100)
    (face,) = MaskReader(detector, StubClassifier()).faces(PICTURE)
    assert not face.found
    assert face.box == Box(0, 0, 100, 100)
    assert face.opinion.state is MaskState.WITHOUT_MASK


def test_a_faint_face_with_a_margin_is_judged_by_its_box():
    detector = StubDetector(Detection(Box(30, 20, 80, 70), LOG_ODDS_OF_TENTH), width=100)
    close = close_face(detector, PICTURE)
    assert close is not None
    assert close.box == Box(30, 20, 80, 70)
    # Two of four views saw it, with a probability of a tenth.
    assert close.probability == pytest.approx(0.05, abs=0.001)


def test_a_find_that_no_other_view_confirms_is_no_face():
    class OnlyFirst(StubDetector):
        def detect(self, image: Image, *, upsample: float = 1.0, threshold: float = 0.0) -> list[Detection]:
            found = super().detect(image, upsample=upsample, threshold=threshold)
            return found if len(self.views) == 1 else []

    assert close_face(OnlyFirst(Detection(Box(20, 20, 80, 80), LOG_ODDS_OF_TENTH)), PICTURE) is None


@pytest.mark.parametrize("box", [Box(40, 40, 60, 60), Box(0, 0, 36, 36)], ids=["an eye", "a corner"])
def test_small_and_distant_faint_finds_say_nothing(box):
    assert close_face(StubDetector(Detection(box, 1.0), width=100), PICTURE) is None


def test_the_picture_is_searched_with_a_frame_and_mirrored_too():
    detector = StubDetector()
    picture = np.zeros((80, 40, 3), np.uint8)
    picture[:, :10] = 200
    assert close_face(detector, picture) is None
    assert [view.shape for view in detector.views] == [(80, 40, 3)] * 2 + [(120, 80, 3)] * 2
    assert detector.upsamples == [CROP_SIDE / 40] * 4
    assert detector.views[1][0, -1, 0] == 200


def test_boxes_of_mirrored_and_framed_views_come_back_into_the_picture():
    # In the frame of a 100-pixel picture, 25 on each side, mirrored or not: the same box about the middle.
    detector = StubDetector(Detection(Box(45, 45, 95, 95), 1.0), width=150)
    close = close_face(detector, PICTURE)
    assert close is not None
    assert close.box in (Box(20, 20, 70, 70), Box(30, 20, 80, 70))


@pytest.mark.parametrize("shape", [(10, 10), (1, 1), (3, 3000)])
def test_a_picture_too_small_for_a_face_is_refused(shape):
    with pytest.raises(CropTooSmall):
        MaskReader(StubDetector(), StubClassifier()).faces(np.zeros((*shape, 3), dtype=np.uint8))


def texture(kind: str) -> Image:
    """A picture of 200 x 200 without a face."""
    random = np.random.default_rng(3)
    rows, columns = np.mgrid[:200, :200]
    picture = {
        "wall": np.full((200, 200), 180.0),
        "noise": random.normal(128, 40, (200, 200)),
        "stripes": 128 + 80 * np.sin(columns / 5),
        "checks": 60 + 120.0 * ((rows // 20 + columns // 20) % 2),
        "hills": np.where(rows > 120 + 20 * np.sin(columns / 30), 90.0, 200.0),
        "disc": 255 * np.hypot(rows - 100, columns - 100) / 150,
    }[kind]
    coloured = picture[:, :, np.newaxis] * np.array([1.0, 0.9, 0.7])
    return np.asarray(cv2.GaussianBlur(np.clip(coloured, 0, 255).astype(np.uint8), (5, 5), 0))


@pytest.mark.parametrize("kind", ["wall", "noise", "stripes", "checks", "hills", "disc"])
def test_the_real_detector_sees_no_face_in_textures(kind):
    detector = open_detector("auto", threads=1)
    assert MaskReader(detector, StubClassifier()).faces(texture(kind)) == []


def test_the_whole_picture_is_judged_without_looking_for_a_face():
    detector = StubDetector()
    whole = MaskReader(detector, StubClassifier()).whole_picture(PICTURE)
    assert whole.opinion.state is MaskState.WITHOUT_MASK
    assert detector.views == []


def test_the_whole_of_a_picture_too_small_for_a_face_is_refused():
    with pytest.raises(CropTooSmall):
        MaskReader(StubDetector(), StubClassifier()).whole_picture(PICTURE[:5])
