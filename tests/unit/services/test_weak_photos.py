"""A photo of a small face is enrolled where nothing better is there, and a better one replaces it."""

import io
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image
from single_writes import each

from attendance_app.bootstrap import open_reader
from attendance_app.cli.enrolment_report import report_lines
from attendance_app.config.paths import bundled
from attendance_app.domain.people import WEAK_BELOW, FaceTemplate
from attendance_app.services.enrolment import Enrolment, EnrolmentOrder
from attendance_app.services.jobs import NoJob
from attendance_app.services.photo_folders import PhotoFile
from attendance_app.services.verdicts import Verdict
from attendance_app.store.database import open_store
from attendance_app.vision.detect import open_detector

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PHOTOS = bundled("resources") / "demo" / "photos"
FACE = 150
"""Width in pixels of the faces in these photos."""


def photo(number: str, which: int = 1, face_px: int = FACE) -> PhotoFile:
    """Return a photo of the demo class, reduced until its face is about so wide."""
    picture = Image.open(PHOTOS / number / f"{which}.jpg").convert("RGB")
    size = (round(picture.width * face_px / FACE), round(picture.height * face_px / FACE))
    stream = io.BytesIO()
    picture.resize(size, Image.Resampling.LANCZOS).save(stream, "PNG")
    return PhotoFile(f"{number}/{which}-{face_px}.png", number, stream.getvalue)


@pytest.fixture(scope="module")
def reader():
    return open_reader()


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def order(store):
    return EnrolmentOrder(each(store).courses.add("3B", "Algebra II"), create_missing=True, consent="paper")


@pytest.fixture
def enrolment(store, reader):
    return Enrolment(store, reader, hog=open_detector("hog"), clock=lambda: NOON)


@pytest.fixture
def enrol(enrolment, order):
    return lambda *photos: list(enrolment.enrol(photos, order, NoJob()))


def sizes(store, number: str) -> list[int]:
    return [round(one.face_px or 0) for one in store.templates.of_student(store.students.by_number(number).id)]


def verdicts(outcomes) -> list[Verdict]:
    return [outcome.verdict for outcome in outcomes]


def test_a_small_face_is_enrolled_as_weak_with_its_size(enrol, store):
    outcomes = enrol(photo("S01", face_px=24))

    assert verdicts(outcomes) == [Verdict.ENROLLED]
    (line,) = report_lines(outcomes)
    assert (line.weak, line.warning) == (True, "small face: 22 pixels")
    (size,) = sizes(store, "S01")
    assert 18 <= size < WEAK_BELOW
    course = store.courses.by_code("3B")
    assert store.templates.weak_only(course.id) == {store.students.by_number("S01").id}


def test_a_face_below_18_pixels_is_refused_with_what_would_do(enrol):
    (line,) = report_lines(enrol(photo("S03", face_px=16)))

    assert (line.result, line.reason) == ("refused", "too small")
    assert "18 pixels" in line.remedy


def test_a_better_photo_replaces_the_weak_ones_of_its_student_alone(enrol, store):
    enrol(photo("S01", face_px=24), photo("S01", 2, face_px=24), photo("S03", face_px=24))
    (better,) = enrol(photo("S01"))

    assert better.replaced == 2
    assert [size >= WEAK_BELOW for size in sizes(store, "S01")] == [True]
    assert len(sizes(store, "S03")) == 1


def test_undoing_the_better_photo_brings_the_weak_ones_back(enrol, store):
    enrol(photo("S01", face_px=24))
    before = store.templates.of_student(store.students.by_number("S01").id)
    (better,) = enrol(photo("S01"))
    with store.write() as tx:
        tx.offer_undo("enrolled", NOON, earlier=better.changes, partial=True)
    assert tx.changes.operation is not None
    store.undo(tx.changes.operation, NOON)

    (back,) = store.templates.of_student(before[0].student_id)
    assert (back.photo_sha256, back.face_px) == (before[0].photo_sha256, before[0].face_px)
    assert store.templates.thumbnail(back.id) is not None


@pytest.mark.parametrize("together", [True, False])
def test_a_weak_photo_is_refused_beside_a_good_one(enrol, store, together):
    weak, good = photo("S01", 2, face_px=24), photo("S01")
    outcomes = enrol(weak, good) if together else [*enrol(good), *enrol(weak)]

    assert {outcome.verdict for outcome in outcomes} == {Verdict.ENROLLED, Verdict.BETTER_THERE}
    assert [size >= WEAK_BELOW for size in sizes(store, "S01")] == [True]


def test_a_weak_photo_is_ready_again_when_the_better_one_is_left_out(enrolment, order):
    weak, good = (enrolment.look(one, order) for one in (photo("S01", 2, face_px=24), photo("S01")))
    both = enrolment.compare([weak, good], order)
    assert [one.refusal for one in both] == [Verdict.BETTER_THERE, None]
    assert [one.refusal for one in enrolment.compare(both[:1], order)] == [None]


def test_a_good_photo_that_was_enrolled_meanwhile_keeps_the_weak_one_out(enrolment, enrol, order, store):
    enrol(photo("S03", face_px=24))
    weak = enrolment.examine(photo("S03", 2, face_px=24), order)
    enrol(photo("S03"))
    assert enrolment.save(weak, order).verdict is Verdict.BETTER_THERE
    assert len(sizes(store, "S03")) == 1


def test_a_photo_of_unknown_size_is_not_weak_and_stays(enrol, store, reader):
    enrol(photo("S01", face_px=24))
    student = store.students.by_number("S01")
    each(store).templates.add(FaceTemplate(student.id, reader.encoder_id, np.ones(128, np.float32), "old", 0.5, NOON))
    assert store.templates.weak_only(store.courses.by_code("3B").id) == frozenset()
    enrol(photo("S01"))
    assert 0 in sizes(store, "S01")
