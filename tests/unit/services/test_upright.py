"""Which way up a photo goes, by both detectors' scores for each quarter turn."""

from types import SimpleNamespace

import numpy as np
import pytest

from attendance_app.domain.faces import Box, Detection
from attendance_app.services.upright import find_upright, turned_by_hand

SIDE = 120


def photo(turn: int) -> np.ndarray:
    """A face in the middle, light above and dark below, turned by so many quarters to the left."""
    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    image[: SIDE // 2] = 255
    return np.ascontiguousarray(np.rot90(image, turn))


def turn_of(image: np.ndarray) -> int:
    """By how many quarters to the left a picture was turned."""
    half = image.shape[0] // 2
    light = [image[:half].mean(), image[:, :half].mean(), image[half:].mean(), image[:, half:].mean()]
    return int(np.argmax(light))


class Sees:
    """A detector whose confidence in the face depends on the way up; None: it finds nothing."""

    def __init__(self, *confidences: float | None) -> None:
        self._confidences = confidences

    def detect(self, image, *, upsample: float = 1.0, threshold: float = 0.0):
        confidence = self._confidences[turn_of(image)]
        if confidence is None or confidence <= threshold:
            return []
        return [Detection(Box(40, 40, 80, 80), confidence)]


def quarters(turn: int, *, auto: Sees, hog: Sees, trusted: bool = False) -> int | None:
    """By how much the photo is turned to the left; None where no face is found."""
    reader = SimpleNamespace(find=auto.detect, detector=auto)
    found = find_upright(reader, hog, photo(turn), trusted=trusted)
    assert turn_of(found.image) == (turn + found.quarters) % 4
    return found.quarters if found.faces else None


AUTO, HOG = Sees(2.5, 1.5, 0.9, 1.5), Sees(1.5, -0.9, -0.4, -0.9)
"""What the detectors say of a usual face."""


@pytest.mark.parametrize(("turn", "expected"), [(0, 0), (1, 3), (2, 2), (3, 1)])
def test_a_usual_face_is_brought_upright(turn, expected):
    assert quarters(turn, auto=AUTO, hog=HOG) == expected


def test_a_face_on_its_head_that_hog_takes_for_a_face_is_turned_all_the_same():
    assert quarters(2, auto=AUTO, hog=Sees(1.5, -0.9, 0.8, -0.9)) == 2


def test_a_photo_whose_file_says_which_way_up_is_believed():
    assert quarters(1, auto=AUTO, hog=HOG, trusted=True) == 0


def test_a_photo_without_a_face_as_it_is_is_turned_whatever_its_file_says():
    assert quarters(2, auto=Sees(2.5, 1.5, None, 1.5), hog=HOG, trusted=True) is not None


def test_a_face_that_hog_does_not_know_stays_as_it_is_when_auto_is_sure():
    assert quarters(0, auto=AUTO, hog=Sees(-0.9, -0.5, -0.9, -0.9)) == 0


def test_a_face_that_hog_hardly_knows_is_turned_when_auto_doubts_it_as_it_is():
    assert quarters(1, auto=AUTO, hog=Sees(-0.3, -0.9, -0.9, -0.9)) == 3
    assert quarters(1, auto=Sees(1.55, 1.5, 0.9, 1.5), hog=Sees(-0.3, -0.9, -0.9, -0.9)) == 0


def test_no_face_either_way_leaves_the_photo_alone():
    assert quarters(1, auto=Sees(None, None, None, None), hog=HOG) is None


def by_hand(turn: int, asked: int, *, hog: Sees = HOG) -> list[float]:
    reader = SimpleNamespace(find=AUTO.detect, detector=AUTO)
    found = turned_by_hand(reader, hog, photo(turn), asked)
    assert turn_of(found.image) == (turn + asked) % 4
    return [face.confidence for face in found.faces]


def test_by_hand_a_photo_is_turned_as_asked():
    assert by_hand(1, 3) == [2.5]
    assert by_hand(0, 0, hog=Sees(-0.9, -0.5, -0.9, -0.9)) == [2.5]


@pytest.mark.parametrize("asked", [1, 2, 3])
def test_a_face_that_was_turned_from_its_feet_counts_as_none(asked):
    assert by_hand(0, asked) == []
