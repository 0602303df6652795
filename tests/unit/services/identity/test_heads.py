"""Teaching a course: what the store has of its students' photos, and what is learnt from them."""

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from plda_parameters import plda_parameters
from single_writes import each

from attendance_app.bootstrap import open_chip_cutter, open_photo_embedder
from attendance_app.classifiers.identity import IdentityHead
from attendance_app.domain.errors import Cancelled
from attendance_app.domain.people import FaceTemplate, Student
from attendance_app.services.errors import NothingToLearnFrom
from attendance_app.services.identity import heads
from attendance_app.services.identity.course_photos import EnrolledPhoto, PhotoEmbedder, enrolled_photos
from attendance_app.services.identity.heads import (
    HEAD_FILE,
    REPORT_FILE,
    HeadReport,
    HeadTraining,
    train_course_head,
)
from attendance_app.services.training_events import StageProgress, TrainingContext
from attendance_app.store.database import Store, open_store

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
BACKBONE = "identity-cnn-v1:test"
PARAMETERS = plda_parameters(BACKBONE)


class FakeEmbedder:
    """Gives every chip the same embedding; the real one needs the shipped network."""

    id = BACKBONE

    def embed(self, chips: np.ndarray) -> np.ndarray:
        return np.ones((len(chips), 128), np.float32)


def fake_embedder() -> PhotoEmbedder:
    return PhotoEmbedder(FakeEmbedder(), open_chip_cutter(), PARAMETERS)


def _photos(students: int, photos: int) -> tuple[EnrolledPhoto, ...]:
    random = np.random.default_rng(0)
    centres = random.normal(size=(students, 128))
    return tuple(
        EnrolledPhoto(student, (centres[student] + 0.3 * random.normal(size=128)).astype(np.float32))
        for student in range(students)
        for _ in range(photos)
    )


def _learn(photos: tuple[EnrolledPhoto, ...], ids: tuple[int, ...], out: Path) -> HeadReport:
    folder = HeadTraining(ids, photos, out, fake_embedder)(TrainingContext())
    return HeadReport.from_json((folder / REPORT_FILE).read_text())


def test_thirty_students_are_learnt_and_every_photo_kept_back_is_named(tmp_path: Path) -> None:
    events: list[StageProgress] = []

    HeadTraining(tuple(range(100, 130)), _photos(30, 5), tmp_path, fake_embedder)(TrainingContext(report=events.append))

    report = HeadReport.from_json((tmp_path / REPORT_FILE).read_text())
    assert (report.photos, report.kept_back, report.named_right) == (150, 150, 150)
    assert report.look_alikes == ()
    assert IdentityHead.from_bytes((tmp_path / HEAD_FILE).read_bytes()).student_ids == tuple(range(100, 130))
    assert StageProgress("photos", 150, 150) in events
    assert StageProgress("check", 150, 150) in events


def test_the_task_reaches_another_process_with_the_networks_it_opens(tmp_path: Path) -> None:
    task = HeadTraining((7,), (), tmp_path, open_photo_embedder)

    assert pickle.loads(pickle.dumps(task)).open_embedder is open_photo_embedder


def test_a_course_of_one_student_is_learnt(tmp_path: Path) -> None:
    report = _learn(_photos(1, 3), (7,), tmp_path)

    assert (report.kept_back, report.named_right) == (3, 3)


def test_two_students_with_the_same_photos_are_told(tmp_path: Path) -> None:
    (one,) = {photo.student for photo in _photos(1, 4)}
    photos = _photos(1, 4)
    twice = photos + tuple(EnrolledPhoto(one + 1, photo.embedding) for photo in photos)

    assert _learn(twice, (7, 8), tmp_path).look_alikes == ((7, 8),)


def test_students_without_photos_are_told(tmp_path: Path) -> None:
    assert _learn(_photos(2, 2), (7, 8, 9), tmp_path).without_photos == (9,)


def test_thumbnails_that_show_nothing_are_nothing_to_learn_from(tmp_path: Path) -> None:
    tiny = cv2.imencode(".jpg", np.zeros((10, 10, 3), np.uint8))[1].tobytes()

    with pytest.raises(NothingToLearnFrom):
        _learn((EnrolledPhoto(0, jpeg=tiny),), (7,), tmp_path)


def test_a_stop_while_photos_are_read_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        HeadTraining((1,), _photos(1, 3), tmp_path, fake_embedder)(TrainingContext(stop_requested=lambda: True))

    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def students(store: Store) -> tuple[Student, ...]:
    course = each(store).courses.add("MATH-1", "Mathematics")
    added = tuple(each(store).students.add(f"S{n:02}", f"Student {n:02}") for n in (1, 2))
    for student in added:
        each(store).students.enrol(course.id, student.id)
        each(store).consents.record(student.id, "paper form", NOW)
    return added


def _template(student: Student, encoder: str, photo: str) -> FaceTemplate:
    encoding = np.random.default_rng(ord(photo)).normal(size=128).astype(np.float32)
    return FaceTemplate(student.id, encoder, encoding, photo * 64, 0.9, NOW)


def test_a_photo_counts_once_however_often_it_was_encoded(store: Store, students: tuple[Student, ...]) -> None:
    first, second = students
    each(store).templates.add(_template(first, "dlib:1", "a"), b"jpeg a")
    ours = each(store).templates.add(_template(first, BACKBONE, "a"))
    each(store).templates.add(_template(second, "dlib:1", "b"), b"jpeg b")

    photos = enrolled_photos(store, (first.id, second.id), BACKBONE)

    assert [(photo.student, photo.jpeg) for photo in photos] == [(0, None), (1, b"jpeg b")]
    np.testing.assert_array_equal(photos[0].embedding, ours.encoding)


def _train(store: Store) -> HeadReport:
    return train_course_head(
        store,
        "MATH-1",
        backbone_id=BACKBONE,
        open_embedder=fake_embedder,
        report=lambda _event: None,
        clock=lambda: NOW,
    )


def test_the_trained_head_is_kept(store: Store, students: tuple[Student, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "run_training", lambda task, report, _: task(TrainingContext(report=report)))
    for student in students:
        each(store).templates.add(_template(student, BACKBONE, student.number[-1]))
    course = store.courses.by_code("MATH-1")
    assert store.heads.of_course(course.id) is None

    report = _train(store)

    kept = store.heads.of_course(course.id)
    assert report.photos == 2
    assert kept is not None
    assert IdentityHead.from_bytes(kept.weights).student_ids == tuple(student.id for student in students)


def test_a_course_without_photos_says_what_to_do(store: Store, students: tuple[Student, ...]) -> None:
    with pytest.raises(NothingToLearnFrom):
        _train(store)
