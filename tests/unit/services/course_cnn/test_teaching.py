"""Teaching a course one of the report's networks: what is stored, and what is left behind when it ends early."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from plda_parameters import plda_parameters
from single_writes import each

from attendance_app.bootstrap import open_chip_cutter
from attendance_app.classifiers.course_cnn import CourseCnn, is_course_cnn
from attendance_app.classifiers.match import shipped_parameters
from attendance_app.domain.errors import Cancelled
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.domain.people import FaceTemplate, Student
from attendance_app.services.course_cnn import teaching
from attendance_app.services.course_cnn.report import CnnReport, PersonTries
from attendance_app.services.course_cnn.teaching import (
    NETWORK_FILE,
    REPORT_FILE,
    CnnRecipe,
    CourseMaterial,
    teach_course_cnn,
)
from attendance_app.services.errors import NothingToLearnFrom, TaughtElsewhere, TrainingKilled
from attendance_app.services.identity.course_photos import PhotoEmbedder
from attendance_app.services.training_events import TrainingContext
from attendance_app.store.database import Store, open_store
from attendance_app.store.errors import DataFolderUnusable, FaceLostInTraining
from attendance_app.store.scrub import UNFINISHED

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
PARAMETERS = plda_parameters("identity-cnn-v1:test")


class FakeNetwork:
    id = "identity-cnn-v1:test"

    def embed(self, chips: np.ndarray) -> np.ndarray:
        return np.ones((len(chips), 128), np.float32)


@pytest.fixture
def embedder() -> PhotoEmbedder:
    return PhotoEmbedder(FakeNetwork(), open_chip_cutter(), PARAMETERS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def students(store: Store) -> tuple[Student, ...]:
    course = each(store).courses.add("MATH-1", "Mathematics")
    random = np.random.default_rng(0)
    picture = cv2.imencode(".jpg", random.integers(0, 255, (160, 160, 3), np.uint8))[1].tobytes()
    added = tuple(each(store).students.add(f"S{n:02}", f"Student {n:02}") for n in range(3))
    for student in added:
        each(store).students.enrol(course.id, student.id)
        each(store).consents.record(student.id, "paper form", NOW)
        for photo in "ab":
            encoding = random.normal(size=128).astype(np.float32)
            sha256 = f"{student.id}{photo}".ljust(64, "0")
            encoder = shipped_parameters().encoder_id
            each(store).templates.add(FaceTemplate(student.id, encoder, encoding, sha256, 0.9, NOW), picture)
    return added


@dataclass(frozen=True)
class Task:
    """A training that writes its result at once."""

    material: CourseMaterial
    stopped: bool = False

    def __call__(self, context: TrainingContext) -> Path:
        out, ids = self.material.out, self.material.student_ids
        (out / "checkpoint.npz").write_bytes(b"state")
        (out / NETWORK_FILE).write_bytes(CourseCnn(2, ids, b"onnx", 1, 0).to_bytes())
        tries = (PersonTries(2, right=1),)
        report = CnnReport(2, len(self.material.photos), len(ids), 4, tries, tries, stopped=self.stopped)
        (out / REPORT_FILE).write_text(report.to_json(), encoding="utf-8")
        return out


def _run_here(task: Callable[[TrainingContext], Path], *_rest: object, **_more: object) -> Path:
    return task(TrainingContext())


def _teach(store: Store, embedder: PhotoEmbedder, *, stopped: bool = False) -> CnnReport:
    return teach_course_cnn(
        store,
        "MATH-1",
        CnnRecipe(2),
        make_task=lambda material, _recipe: Task(material, stopped=stopped),
        embedder=embedder,
        report=lambda _event: None,
        clock=lambda: NOW,
    )


def _unfinished(store: Store) -> list[Path]:
    return sorted((store.home / UNFINISHED).glob("*/*"))


@pytest.mark.usefixtures("students")
def test_the_network_is_kept_in_the_register_with_what_was_found(
    store: Store, embedder: PhotoEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "run_training", _run_here)

    found = _teach(store, embedder)

    head = store.heads.of_course(store.courses.by_code("MATH-1").id)
    assert head is not None
    assert is_course_cnn(head.backbone_id)
    assert CourseCnn.from_bytes(head.weights).network == b"onnx"
    assert CnnReport.from_json(head.report) == found
    assert (found.photos, found.students) == (6, 3)
    assert [one.way for one in found.beside] == [ClassifierChoice.ENCODINGS, ClassifierChoice.CNN]
    assert found.beside[0].right.total == 6
    assert not (store.home / UNFINISHED).exists()


@pytest.mark.usefixtures("students")
def test_a_stopped_training_can_go_on_until_other_photos_are_learnt(
    store: Store, embedder: PhotoEmbedder, students: tuple[Student, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "run_training", _run_here)
    _teach(store, embedder, stopped=True)
    (before,) = {file.parent for file in _unfinished(store)}

    _teach(store, embedder, stopped=True)
    assert {file.parent for file in _unfinished(store)} == {before}

    template = store.templates.of_student(students[0].id)[0]
    assert template.id is not None
    each(store).templates.delete(template.id)
    assert _unfinished(store) == []


@pytest.mark.usefixtures("students")
def test_a_killed_training_keeps_its_last_whole_epoch(
    store: Store, embedder: PhotoEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(task: Task, *_rest: object, **_more: object) -> Path:
        (task.material.out / "checkpoint.npz").write_bytes(b"state")
        raise TrainingKilled

    monkeypatch.setattr(teaching, "run_training", killed)

    with pytest.raises(TrainingKilled):
        _teach(store, embedder)

    assert [file.name for file in _unfinished(store)] == ["checkpoint.npz"]


@pytest.mark.usefixtures("students")
def test_a_training_that_is_cancelled_at_once_leaves_nothing(
    store: Store, embedder: PhotoEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled(*_given: object, **_more: object) -> Path:
        raise Cancelled

    monkeypatch.setattr(teaching, "run_training", cancelled)

    with pytest.raises(Cancelled):
        _teach(store, embedder)

    assert not (store.home / UNFINISHED).exists()


def test_a_face_that_is_withdrawn_meanwhile_is_in_no_network(
    store: Store, embedder: PhotoEmbedder, students: tuple[Student, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def withdrawn(task: Task, *_rest: object, **_more: object) -> Path:
        out = task(TrainingContext())
        content = {file: file.read_bytes() for file in out.iterdir()}
        each(store).consents.withdraw(students[0].id, NOW)
        # Even where the process has written its result after the folder was deleted.
        out.mkdir(parents=True)
        for file, was in content.items():
            file.write_bytes(was)
        return out

    monkeypatch.setattr(teaching, "run_training", withdrawn)

    with pytest.raises(FaceLostInTraining):
        _teach(store, embedder)

    assert store.heads.of_course(store.courses.by_code("MATH-1").id) is None
    assert _unfinished(store) == []


def test_a_withdrawal_takes_the_network_and_an_unfinished_training_along(
    store: Store, embedder: PhotoEmbedder, students: tuple[Student, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "run_training", _run_here)
    _teach(store, embedder, stopped=True)

    each(store).consents.withdraw(students[1].id, NOW)

    assert store.heads.of_course(store.courses.by_code("MATH-1").id) is None
    assert _unfinished(store) == []


def test_a_course_without_photos_has_nothing_to_learn_from(store: Store, embedder: PhotoEmbedder) -> None:
    each(store).courses.add("MATH-1", "Mathematics")

    with pytest.raises(NothingToLearnFrom):
        _teach(store, embedder)


def test_two_trainings_at_once_do_not_share_a_checkpoint(
    store: Store,
    embedder: PhotoEmbedder,
    students: tuple[Student, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused: list[str] = []

    def another(task: Callable[[TrainingContext], Path], *_rest: object, **_more: object) -> Path:
        monkeypatch.setattr(teaching, "run_training", _run_here)
        with pytest.raises(TaughtElsewhere) as error:
            _teach(store, embedder)
        refused.append(error.value.course)
        return task(TrainingContext())

    monkeypatch.setattr(teaching, "run_training", another)

    assert _teach(store, embedder).photos == 2 * len(students)
    assert refused == ["MATH-1"]


def test_a_folder_that_cannot_be_made_is_named(
    store: Store,
    embedder: PhotoEmbedder,
    students: tuple[Student, ...],
) -> None:
    assert students
    # A file where the folder would be: it can't be made, whoever asks.
    (store.home / UNFINISHED).touch()

    with pytest.raises(DataFolderUnusable) as error:
        _teach(store, embedder)

    assert error.value.folder == store.home
