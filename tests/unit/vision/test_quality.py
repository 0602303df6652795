"""Faces that still recognise pass; small, blurred, dark and turned ones are named as such."""

import cv2
import numpy as np
import pytest

from attendance_app.domain.faces import Box, Flaw
from attendance_app.vision.align import Aligner
from attendance_app.vision.detect import open_detector
from attendance_app.vision.photo import load_photo
from attendance_app.vision.quality import ENROLLABLE, ENROLMENT, SESSION, FrameHint, assess, frame_hint


def face(size=120, *, nose=0.5, light=1.0):
    """A textured square with five points; ``nose``: 0 under one eye's outer corner, 1 under the other's."""
    coarse = np.random.default_rng(3).integers(40, 220, (30, 30, 3)).astype(np.uint8)
    image = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    image = np.clip(image * light, 0, 255).astype(np.uint8)
    left, right = 0.25, 0.75
    across = [right, 0.58, left, 0.42, left + nose * (right - left)]
    points = np.array([[x * size, y * size] for x, y in zip(across, [0.4, 0.4, 0.4, 0.4, 0.62], strict=True)])
    return image, Box(0, 0, size, size), points.astype(np.float32)


def softened(image, sigma):
    return cv2.GaussianBlur(image, (0, 0), sigma)


def room():
    """A picture with large shapes as well as fine ones."""
    image = face(320)[0] // 2 + np.random.default_rng(4).integers(0, 30, (320, 320, 1), np.uint8)
    image[:, 160:] += 90
    return image


def test_a_good_face_has_no_flaw_for_session_and_enrolment():
    for gate in (SESSION, ENROLMENT):
        assert assess(*face(), gate=gate).flaw is None


@pytest.mark.parametrize(
    ("picture", "flaw"),
    [
        pytest.param(face(12), Flaw.TOO_SMALL, id="small"),
        pytest.param(face(light=0.05), Flaw.TOO_DARK, id="dark"),
        pytest.param(face(light=20.0), Flaw.TOO_BRIGHT, id="bright"),
        pytest.param(face(nose=0.02), Flaw.TURNED_AWAY, id="turned to one side"),
        pytest.param(face(nose=0.98), Flaw.TURNED_AWAY, id="turned to the other"),
    ],
)
def test_each_flaw_is_named(picture, flaw):
    quality = assess(*picture)
    assert quality.flaw is flaw
    assert quality.score < assess(*face()).score


def test_a_face_that_a_session_reads_may_be_too_small_to_enrol():
    assert assess(*face(17)).flaw is not Flaw.TOO_SMALL
    assert assess(*face(17), gate=ENROLLABLE).flaw is Flaw.TOO_SMALL


def test_blur_is_named():
    image, box, points = face()
    assert assess(softened(image, 12), box, points).flaw is Flaw.BLURRED


@pytest.mark.parametrize("kernel", [(23, 1), (1, 23)])
def test_motion_in_one_direction_counts_as_blur(kernel):
    image, box, points = face()
    still = assess(image, box, points).sharpness
    assert assess(cv2.blur(image, kernel), box, points).sharpness < still / 3


@pytest.mark.parametrize(("nose", "yaw"), [(0.5, 0.0), (0.75, 0.5), (0.25, 0.5), (1.0, 1.0)])
def test_yaw_is_the_place_of_the_nose_between_the_eyes(nose, yaw):
    assert assess(*face(nose=nose)).yaw == pytest.approx(yaw, abs=1e-5)


def test_yaw_does_not_depend_on_the_tilt_of_the_head():
    image, box, points = face(nose=0.75)
    turn = cv2.getRotationMatrix2D((60, 60), 25, 1.0)
    tilted = (points @ turn[:, :2].T + turn[:, 2]).astype(np.float32)
    assert assess(image, box, tilted).yaw == pytest.approx(0.5, abs=1e-4)


def test_sharpness_hardly_depends_on_size_and_light():
    plain = assess(*face(120)).sharpness
    for other in (face(240), face(480), face(120, light=0.4)):
        assert assess(*other).sharpness == pytest.approx(plain, rel=0.35)


def test_points_in_one_spot_or_off_the_picture_are_judged_without_a_crash():
    image, box, _ = face()
    for spot in (0.0, 60.0, -500.0, 5000.0):
        quality = assess(image, box, np.full((5, 2), spot, np.float32))
        assert quality.flaw is not None
        assert 0 <= quality.score <= 1


@pytest.mark.parametrize(
    ("picture", "hint"),
    [
        pytest.param(room(), None, id="good"),
        pytest.param(face(320, light=0.08)[0], FrameHint.TOO_DARK, id="dark"),
        pytest.param(softened(room(), 8), FrameHint.BLURRED, id="blurred"),
        pytest.param(
            np.concatenate([face(320, light=0.3)[0], np.full((160, 320, 3), 255, np.uint8)]),
            FrameHint.BACKLIT,
            id="window",
        ),
    ],
)
def test_a_frame_gets_the_hint_that_helps_most(picture, hint):
    assert frame_hint(picture) is hint


@pytest.fixture(scope="module")
def real_faces(shared_data):
    """Forty central faces of LFW with their boxes."""
    detector = open_detector("hog")
    found = []
    for folder in sorted((shared_data / "lfw-original").iterdir())[:400:10]:
        image = load_photo(sorted(folder.glob("*.jpg"))[0])
        found += [(image, one.box) for one in detector.detect(image)[:1]]
    return found


def share_that_passes(faces, spoil, *, gate=SESSION):
    aligner = Aligner()
    passed = []
    for image, box in faces:
        spoilt, at = spoil(image, box)
        passed.append(assess(spoilt, at, aligner.landmarks(spoilt, [at])[0], gate=gate).flaw is None)
    return np.mean(passed)


def in_class(width):
    def spoil(image, box):
        factor = width / box.width
        small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        edges = (round(edge * factor) for edge in (box.left, box.top, box.right, box.bottom))
        return (softened(small, 0.8) * 0.7).astype(np.uint8), Box(*edges)

    return spoil


def test_real_photos_pass_both_gates(real_faces):
    for gate in (SESSION, ENROLMENT):
        assert share_that_passes(real_faces, lambda image, box: (image, box), gate=gate) > 0.9


@pytest.mark.parametrize("width", [200, 100, 60])
def test_faces_as_in_a_class_pass(real_faces, width):
    assert share_that_passes(real_faces, in_class(width)) > 0.95


def far(width):
    def spoil(image, box):
        factor = width / box.width
        small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        return small, Box(*(round(edge * factor) for edge in (box.left, box.top, box.right, box.bottom)))

    return spoil


@pytest.mark.parametrize("width", [28, 22, 18])
def test_far_faces_pass_the_session_s_gate_though_magnified_they_look_soft(real_faces, width):
    assert share_that_passes(real_faces, far(width)) > 0.95


def test_faces_that_no_longer_recognise_do_not_pass(real_faces):
    spoils = (
        lambda image, box: (softened(image, 0.07 * box.width), box),
        lambda image, box: ((image * 0.04).astype(np.uint8), box),
        in_class(12),
    )
    for spoil in spoils:
        assert share_that_passes(real_faces, spoil) < 0.1
