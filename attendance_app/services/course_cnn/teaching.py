"""Has the identity report's network learn a course, and keeps it in the store in place of the course's head.

The training itself is the laboratory's (``attendance_app.laboratory``).
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from attendance_app.classifiers.course_cnn import CourseCnn, course_cnn_id
from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.domain.people import Course, TrainedHead
from attendance_app.services.classifier_comparison import compare_course
from attendance_app.services.course_cnn.report import CnnReport, other_ways
from attendance_app.services.errors import NothingToLearnFrom, TaughtElsewhere
from attendance_app.services.identity.course_photos import EnrolledPhoto, PhotoEmbedder, thumbnails
from attendance_app.services.training_events import StageProgress, TrainingEvent
from attendance_app.services.training_runs import TrainingTask, run_training
from attendance_app.store.database import Store
from attendance_app.store.errors import DataFolderUnusable, FaceLostInTraining
from attendance_app.store.recording_lock import held_lock
from attendance_app.store.scrub import UNFINISHED

LOCK_NAME = "learning.lock"
NETWORK_FILE, REPORT_FILE = "network.npz", "report.json"


@dataclass(frozen=True, slots=True)
class CnnRecipe:
    """What the user chooses: the report's variant 1, 2 or 3, folders of other people's pictures, and how to train."""

    variant: int
    faces: tuple[Path, ...] = ()
    epochs: int | None = None
    seed: int = 42
    threads: int = 2


@dataclass(frozen=True, slots=True, eq=False)
class CourseMaterial:
    """What a training gets: thumbnails, whose ``student`` is an index into ``student_ids``, and a folder for it."""

    student_ids: tuple[int, ...]
    photos: tuple[EnrolledPhoto, ...]
    out: Path


MakeTask = Callable[[CourseMaterial, CnnRecipe], TrainingTask]


def teach_course_cnn(
    store: Store,
    code: str,
    recipe: CnnRecipe,
    *,
    make_task: MakeTask,
    embedder: PhotoEmbedder,
    report: Callable[[TrainingEvent], None],
    clock: Callable[[], datetime],
    stop_asked: Callable[[], bool] = lambda: False,
    waiting: Callable[[], None] = lambda: None,
) -> CnnReport:
    """Train the course's network in a process of its own and put it into the store in place of the head before.

    ``embedder`` is the in-house network, which is measured beside it as dlib's encodings are. A training that was
    broken off or stopped goes on when it is begun again with the same photos and recipe. ``waiting`` is called several
    times a second and may raise Cancelled; once ``stop_asked`` answers True, the training ends after its batch and the
    best so far is kept.

    Raises TaughtElsewhere while another such training runs on these data, NotFoundError for an unknown course,
    KnownError if there are too few photos or one of those was withdrawn or removed meanwhile, Cancelled when
    stopped before the first epoch.
    """
    course = store.courses.by_code(code)
    student_ids = tuple(student.id for student in store.students.of_course(course.id))
    photos = thumbnails(store, student_ids)
    if not photos:
        raise NothingToLearnFrom
    made_of = {(student_ids[photo.student], photo.photo_sha256) for photo in photos}
    with _checkpoint_folder(store.home, course, recipe, sorted(made_of)) as out:
        # First: without the laboratory nothing is read.
        task = make_task(CourseMaterial(student_ids, photos, out), recipe)
        beside = other_ways(compare_course(store, course, embedder, _Comparing(report, waiting)))
        run = run_training(task, report, waiting, stop_asked=stop_asked)
        weights = (run / NETWORK_FILE).read_bytes()
        found = replace(CnnReport.from_json((run / REPORT_FILE).read_text(encoding="utf-8")), beside=beside)
        ids = CourseCnn.from_bytes(weights).student_ids
        head = TrainedHead(course.id, course_cnn_id(recipe.variant), ids, weights, found.to_json(), clock())
        # The store refuses the network if one of these faces was withdrawn while the training ran.
        with store.write() as tx:
            tx.heads.put(head, made_of=made_of)
        if not found.stopped:
            _delete(out)
    return found


@dataclass(frozen=True, slots=True)
class _Comparing:
    """The comparison before a training, as a job of its own."""

    tell: Callable[[TrainingEvent], None]
    waiting: Callable[[], None]

    def report(self, done: int, total: int) -> None:
        self.tell(StageProgress("comparing the other ways", done, total))

    def raise_if_cancelled(self) -> None:
        self.waiting()


@contextmanager
def _checkpoint_folder(
    home: Path, course: Course, recipe: CnnRecipe, made_of: Sequence[tuple[int, str]]
) -> Iterator[Path]:
    """Make the folder for the training's checkpoint; it is the same one for the same photos and recipe.

    It holds what was learnt of faces: it is deleted at the end, and with any face that is deleted (``store.scrub``).
    One training at a time has it: two would share a checkpoint, or delete each other's.
    """
    with held_lock(home / LOCK_NAME, TaughtElsewhere(course=course.code)):
        try:
            folder = _folder(home, course.id, recipe, made_of)
        except OSError as error:
            raise DataFolderUnusable(folder=home, reason=error.strerror or str(error)) from error
        try:
            yield folder
        except FaceLostInTraining:
            _delete(folder)
            raise
        except (Cancelled, KnownError):
            # Broken off, or its process was killed: it goes on from its last whole epoch, if there is one.
            with suppress(OSError):
                folder.rmdir()
                folder.parent.rmdir()
            raise


def _folder(home: Path, course_id: int, recipe: CnnRecipe, made_of: Sequence[tuple[int, str]]) -> Path:
    facts = repr(
        (made_of, recipe.variant, [str(folder.resolve()) for folder in recipe.faces], recipe.epochs, recipe.seed)
    )
    whole = home / UNFINISHED
    folder = whole / f"{course_id}-{hashlib.sha256(facts.encode()).hexdigest()[:16]}"
    for other in whole.glob(f"{course_id}-*"):
        if other != folder:
            _delete(other)
    whole.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _delete(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        # Only when it is empty.
        folder.parent.rmdir()
