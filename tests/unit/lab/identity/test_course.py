"""A course is learnt by one of the report's variants: small, on pictures of patterns instead of faces."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pictures

from attendance_app.classifiers.course_cnn import CourseCnn, CourseCnnClassifier, CourseCnnEmbedder
from attendance_app.lab.errors import NoPicturesInFolders
from attendance_app.lab.identity import course
from attendance_app.lab.identity.course import CHECKPOINT, CourseCnnTraining
from attendance_app.lab.identity.course_folds import make_folds
from attendance_app.lab.identity.cut_faces import CutFaces
from attendance_app.services.course_cnn.report import CnnReport
from attendance_app.services.course_cnn.teaching import NETWORK_FILE, REPORT_FILE
from attendance_app.services.errors import TooFewPhotosForCnn
from attendance_app.services.identity.course_photos import EnrolledPhoto
from attendance_app.services.training_events import EpochDone, TrainingContext


class PatternCutter:
    """Takes the whole picture for the face: the detector finds none in patterns."""

    def central(self, image: np.ndarray) -> np.ndarray:
        return cv2.resize(image, (150, 150))


@pytest.fixture(autouse=True)
def patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "open_chip_cutter", PatternCutter)
    # TensorFlow takes a number of threads once in a process, and other tests have been here before.
    monkeypatch.setattr("attendance_app.lab.fitting.limit_threads", lambda _threads: None)
    monkeypatch.setattr("attendance_app.lab.identity.course_branches.LEAST_BATCHES", 3)
    monkeypatch.setattr("attendance_app.lab.identity.course_branches.BATCH", 8)
    monkeypatch.setattr(course, "make_folds", partial(make_folds, folds=3))


def pattern(person: int, photo: int) -> np.ndarray:
    """A person is a pattern of eight by eight patches, a photo some noise on it."""
    patches = np.random.default_rng(person).integers(0, 255, (8, 8), np.uint8)
    picture = cv2.resize(patches, (150, 150), interpolation=cv2.INTER_NEAREST).astype(int)
    noisy = picture + np.random.default_rng((person, photo)).integers(-20, 20, picture.shape)
    return np.repeat(np.clip(noisy, 0, 255).astype(np.uint8)[:, :, np.newaxis], 3, axis=2)


def photos(students: int, each: int) -> tuple[EnrolledPhoto, ...]:
    return tuple(
        EnrolledPhoto(student, jpeg=cv2.imencode(".png", pattern(student, photo))[1].tobytes())
        for student in range(students)
        for photo in range(each)
    )


def task(out: Path, *, students: int = 4, each: int = 3, epochs: int = 8) -> CourseCnnTraining:
    ids = tuple(range(100, 100 + students))
    return CourseCnnTraining(ids, photos(students, each), out, 2, epochs=epochs)


def test_students_are_learnt_and_named_by_what_is_stored(tmp_path: Path) -> None:
    events: list[object] = []
    # A student without a photo has no output of the network.
    training = task(tmp_path)
    training = replace(training, student_ids=(*training.student_ids, 200))

    training(TrainingContext(report=events.append))

    report = CnnReport.from_json((tmp_path / REPORT_FILE).read_text())
    trained = CourseCnn.from_bytes((tmp_path / NETWORK_FILE).read_bytes())
    assert (report.photos, report.students, report.without_photos) == (12, 4, (200,))
    assert (report.right.total, sum(one.tried for one in report.left_out)) == (12, 12)
    assert trained.student_ids == (100, 101, 102, 103)
    chips = np.stack([pattern(student, 50) for student in range(4)])
    answers = CourseCnnClassifier(trained).posterior(CourseCnnEmbedder(trained.network).embed(chips))
    assert answers[:, :-1].argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert [event.epoch for event in events if isinstance(event, EpochDone)] == list(range(1, report.epochs + 1))


def test_a_stop_keeps_the_best_so_far_and_the_same_training_goes_on(tmp_path: Path) -> None:
    done: list[int] = []
    context = TrainingContext(
        report=lambda event: done.append(event.epoch) if isinstance(event, EpochDone) else None,
        stop_requested=lambda: len(done) == 2,
    )

    task(tmp_path, epochs=4)(context)

    report = CnnReport.from_json((tmp_path / REPORT_FILE).read_text())
    assert report.stopped
    assert (tmp_path / CHECKPOINT).is_file()
    assert CourseCnn.from_bytes((tmp_path / NETWORK_FILE).read_bytes()).student_ids == (100, 101, 102, 103)
    again: list[object] = []
    task(tmp_path, epochs=4)(TrainingContext(report=again.append))
    # The third epoch was stopped on the way: it is trained again, whole.
    assert [event.epoch for event in again if isinstance(event, EpochDone)] == [3, 4]
    assert not CnnReport.from_json((tmp_path / REPORT_FILE).read_text()).stopped


@pytest.mark.parametrize(("students", "each"), [(2, 5), (10, 1)])
def test_too_few_photos_are_refused_before_anything_is_trained(tmp_path: Path, students: int, each: int) -> None:
    with pytest.raises(TooFewPhotosForCnn) as refused:
        task(tmp_path, students=students, each=each)(TrainingContext())

    assert refused.value.students == (2 if each > 1 else 0)
    assert list(tmp_path.iterdir()) == []


def test_half_of_the_other_people_set_the_limit_and_the_other_half_tests_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for person in range(20):
        folder = tmp_path / "faces" / f"person {person}"
        folder.mkdir(parents=True)
        files.append(folder / "one.png")
        Pictures.fromarray(pattern(500 + person, 0)).save(files[-1])
    chips = np.stack([pattern(500 + person, 0) for person in range(20)])
    monkeypatch.setattr(course, "cut_faces", lambda found, **_rest: CutFaces(chips, tuple(found), ()))

    out = tmp_path / "out"
    out.mkdir()
    replace(task(out, epochs=1), faces=(tmp_path / "faces",))(TrainingContext())

    report = CnnReport.from_json((out / REPORT_FILE).read_text())
    assert [one.tried for one in report.others] == [1] * 10
    assert report.strangers.total == 10


def test_a_folder_without_pictures_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoPicturesInFolders):
        replace(task(tmp_path), faces=(tmp_path / "nowhere",))(TrainingContext())
