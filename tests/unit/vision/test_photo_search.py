import itertools

import cv2
import numpy as np
import pytest

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.vision import photo_search
from attendance_app.vision.detect import open_detector
from attendance_app.vision.photo import load_photo
from attendance_app.vision.photo_search import find_all, find_in_photo, find_main, merged, tiles

PLAIN_WIDTH, PLAIN_HEIGHT = 4000, 2250


class SpotDetector:
    """Finds white squares that have at least 80 pixels a side after the enlargement."""

    any_size = False

    def __init__(self) -> None:
        self.searched: list[float] = []

    def detect(self, image: Image, *, upsample: float = 1.0, threshold: float = 0.0) -> list[Detection]:
        self.searched.append(image.shape[0] * image.shape[1] * upsample**2)
        _, _, spots, _ = cv2.connectedComponentsWithStats((image[..., 0] > 127).astype(np.uint8))
        return [
            Detection(Box(left, top, left + width, top + height), width / 100)
            for left, top, width, height, _ in spots[1:].tolist()
            if width * upsample >= 80
        ]


def test_small_and_large_faces_of_a_large_photo_are_found_once():
    photo = np.zeros((PLAIN_HEIGHT, PLAIN_WIDTH, 3), dtype=np.uint8)
    faces = [Box(x, y, x + 60, y + 60) for x in range(40, 3900, 331) for y in range(30, 900, 217)]
    faces.append(Box(1500, 1200, 2400, 2100))
    for face in faces:
        photo[face.top : face.bottom, face.left : face.right] = 255
    detector = SpotDetector()
    found = find_in_photo(detector, photo)
    assert {one.box for one in found} == set(faces)
    assert len(found) == len(faces)
    assert max(detector.searched) <= photo_search.TILE_PIXELS * 1.01


@pytest.mark.parametrize(("width", "height"), [(60, 40), (500, 375), (1200, 600)])
def test_a_small_photo_is_searched_once_in_twice_its_size(width, height):
    detector = SpotDetector()
    find_in_photo(detector, np.zeros((height, width, 3), dtype=np.uint8))
    assert detector.searched == [width * height * 4]


@pytest.mark.parametrize("side", [900, 70])
def test_the_faces_that_a_large_photo_is_of_are_found_in_bounded_memory(side):
    photo = np.zeros((PLAIN_HEIGHT, PLAIN_WIDTH, 3), dtype=np.uint8)
    photo[500 : 500 + side, 700 : 700 + side] = 255
    detector = SpotDetector()
    assert [one.box for one in find_main(detector, photo)] == [Box(700, 500, 700 + side, 500 + side)]
    assert max(detector.searched) <= photo_search.TILE_PIXELS * 1.01
    assert (len(detector.searched) == 1) == (side == 900)


def test_a_picture_that_fits_is_searched_as_asked_and_a_large_one_in_tiles():
    detector = SpotDetector()
    find_all(detector, np.zeros((480, 640, 3), dtype=np.uint8), upsample=1.5)
    assert detector.searched == [480 * 640 * 2.25]
    find_all(detector, np.zeros((PLAIN_HEIGHT, PLAIN_WIDTH, 3), dtype=np.uint8), upsample=1.0)
    assert max(detector.searched) <= photo_search.TILE_PIXELS * 1.01


@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (9000, 8000), (12000, 300), (700, 9000)])
def test_tiles_cover_the_picture_and_overlap(width, height):
    laid = list(tiles(width, height, side=1500.5, overlap=200))
    covered = np.zeros((height, width), dtype=np.uint8)
    for tile in laid:
        assert tile.width <= 1500
        assert tile.height <= 1500
        covered[tile.top : tile.bottom, tile.left : tile.right] = 1
    assert covered.all()
    lefts = sorted({tile.left for tile in laid})
    assert all(second - first <= 1300 for first, second in itertools.pairwise(lefts))


def test_a_part_of_a_surer_face_is_dropped_and_a_neighbour_stays():
    whole, cut, beside = Box(0, 0, 100, 100), Box(0, 0, 100, 30), Box(90, 0, 190, 100)
    found = merged([Detection(cut, 0.2), Detection(whole, 1.0), Detection(beside, 0.5)])
    assert [one.box for one in found] == [whole, beside]


def test_real_faces_of_60_pixels_are_found_in_a_photo_of_9_megapixels(shared_data):
    """Students in rows, composed from pictures with one face each; the CNN at its own size misses most of them."""
    rng = np.random.default_rng(0)
    people = sorted((shared_data / "lfw19-aligned").glob("*/*.jpg"))
    photo = np.full((PLAIN_HEIGHT, PLAIN_WIDTH, 3), 120, dtype=np.uint8)
    centres = [(x, y) for y in (400, 1100, 1800) for x in range(250, PLAIN_WIDTH - 250, 350)]
    for x, y in centres:
        picture = load_photo(people[int(rng.integers(len(people)))])
        side = round(60 * 250 / 100)  # the face's box is about 100 pixels wide in these 250
        small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
        photo[y - side // 2 : y - side // 2 + side, x - side // 2 : x - side // 2 + side] = small
    found = find_in_photo(open_detector("cnn"), photo, threshold=-0.2)
    hits = [any(abs(f.box.center[0] - x) < 30 and abs(f.box.center[1] - y) < 30 for f in found) for x, y in centres]
    assert np.mean(hits) >= 0.9
    assert len(found) <= len(centres) * 1.3  # some of the pictures have people in the background
