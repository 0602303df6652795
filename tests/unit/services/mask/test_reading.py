from collections.abc import Sequence

import numpy as np
import pytest

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.domain.masks import MaskRule, MaskState
from attendance_app.services.errors import CropTooSmall
from attendance_app.services.mask.crops import LEAD, assumed_boxes, chance_of_filling, finds_in_crop
from attendance_app.services.mask.reading import MaskReader


class StubDetector:
    """Finds what it is told, above the threshold."""

    any_size = False

    def __init__(self, *found: Detection) -> None:
        self.found = found
        self.upsamples: list[float] = []

    def detect(self, image: Image, *, upsample: float = 1.0, threshold: float = 0.0) -> list[Detection]:
        self.upsamples.append(upsample)
        return [one for one in self.found if one.confidence > threshold]


class StubClassifier:
    """Says "with mask" of small boxes and "without" of large ones."""

    rule = MaskRule(least_probability=0.6)

    def patches(self, image: Image, boxes: Sequence[Box]) -> np.ndarray:
        return np.array([[box.width] for box in boxes])

    def probabilities(self, patches: np.ndarray, *, mirrored: bool = False) -> np.ndarray:
        return np.array([(0.9, 0.05, 0.05) if width < 60 else (0.05, 0.9, 0.05) for (width,) in patches])


PICTURE = np.zeros((100, 100, 3), dtype=np.uint8)


def test_a_picture_without_faces_has_no_opinions():
    assert MaskReader(StubDetector(), StubClassifier()).faces(PICTURE) == []


def test_a_small_picture_is_searched_enlarged():
    detector = StubDetector()
    MaskReader(detector, StubClassifier()).faces(PICTURE)
    assert detector.upsamples == [2.0]


def test_every_face_has_its_own_opinion():
    detector = StubDetector(Detection(Box(0, 0, 20, 20), 1.0), Detection(Box(10, 10, 90, 90), 0.5))
    faces = MaskReader(detector, StubClassifier()).faces(PICTURE)
    assert [face.opinion.state for face in faces] == [MaskState.WITH_MASK, MaskState.WITHOUT_MASK]


def test_a_crop_takes_the_surest_face_near_its_middle():
    aside = Detection(Box(0, 0, 20, 20), 2.0)
    middle = Detection(Box(30, 30, 70, 70), 0.1)
    assert finds_in_crop(StubDetector(aside, middle), PICTURE) == [middle]


def test_a_crop_with_a_faint_find_in_its_middle_is_judged_there():
    detector = StubDetector(Detection(Box(30, 30, 80, 80), -0.8), Detection(Box(0, 0, 98, 98), -1.4))
    face = MaskReader(detector, StubClassifier()).crop(PICTURE)
    assert not face.found
    assert face.box == Box(25, 25, 75, 75)
    assert face.opinion.state is MaskState.WITH_MASK


def test_a_crop_with_a_faint_find_that_fills_it_is_judged_as_a_whole():
    detector = StubDetector(Detection(Box(0, 0, 98, 98), -0.9), Detection(Box(30, 30, 80, 80), -1.2))
    face = MaskReader(detector, StubClassifier()).crop(PICTURE)
    assert not face.found
    assert face.box == Box(0, 0, 100, 100)
    assert face.opinion.state is MaskState.WITHOUT_MASK


def test_a_crop_between_both_is_judged_by_both():
    detector = StubDetector(Detection(Box(30, 30, 80, 80), -0.8), Detection(Box(0, 0, 98, 98), -0.8 + LEAD))
    face = MaskReader(detector, StubClassifier()).crop(PICTURE)
    assert face.opinion.state is MaskState.UNSURE
    assert face.opinion.probabilities == pytest.approx((0.475, 0.475, 0.05))


def test_small_faint_finds_say_nothing_of_the_face():
    assert chance_of_filling(PICTURE, [Detection(Box(40, 40, 60, 60), -0.8)]) == chance_of_filling(PICTURE, [])


def test_a_find_that_fills_the_crop_is_judged_alone():
    face = MaskReader(StubDetector(Detection(Box(2, 2, 98, 98), 1.0)), StubClassifier()).crop(PICTURE)
    assert face.found
    assert face.opinion.probabilities == pytest.approx((0.05, 0.9, 0.05))


def test_a_find_in_the_middle_is_judged_with_the_middle_half():
    face = MaskReader(StubDetector(Detection(Box(18, 18, 82, 82), 1.0)), StubClassifier()).crop(PICTURE)
    assert face.opinion.state is MaskState.UNSURE
    assert face.opinion.probabilities == pytest.approx((0.475, 0.475, 0.05))


@pytest.mark.parametrize(("box", "filling"), [(Box(2, 2, 98, 98), 1.0), (Box(25, 25, 75, 75), 0.0)])
def test_faces_found_in_a_set_of_crops_tell_how_it_is_cut(box, filling):
    assert MaskReader(StubDetector(Detection(box, 1.0)), StubClassifier()).filling([PICTURE, PICTURE]) == filling


def test_a_set_without_finds_does_not_say_how_it_is_cut():
    assert MaskReader(StubDetector(), StubClassifier()).filling([PICTURE]) is None


def test_a_crop_of_a_set_without_margins_is_judged_as_a_whole():
    face = MaskReader(StubDetector(), StubClassifier()).crop(PICTURE, filling=1.0)
    assert face.opinion.state is MaskState.WITHOUT_MASK
    assert face.box == Box(0, 0, 100, 100)


def test_a_ten_pixel_crop_is_not_searched():
    detector = StubDetector(Detection(Box(1, 1, 9, 9), 1.0))
    assert finds_in_crop(detector, PICTURE[:10, :10]) == []
    assert detector.upsamples == []


@pytest.mark.parametrize("shape", [(10, 10), (1, 1), (3, 3000)])
def test_a_crop_too_small_for_a_face_is_refused(shape):
    with pytest.raises(CropTooSmall):
        MaskReader(StubDetector(), StubClassifier()).crop(np.zeros((*shape, 3), dtype=np.uint8))


def test_assumed_boxes_keep_the_shape_of_the_crop():
    half, whole = assumed_boxes(np.zeros((80, 40, 3), dtype=np.uint8))
    assert half == Box(10, 20, 30, 60)
    assert whole == Box(0, 0, 40, 80)
