"""Trains the identity network's head for a course from its students' enrolled photos, and stores it.

What is enrolled as embeddings of this network is taken as it is; of other photos the kept thumbnail is embedded.
"""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.identity import IdentityClassifier, IdentityHead, fit_head
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.domain.people import TrainedHead
from attendance_app.services.errors import NothingToLearnFrom
from attendance_app.services.identity.course_photos import EnrolledPhoto, PhotoEmbedder, enrolled_photos
from attendance_app.services.training_events import StageProgress, TrainingContext, TrainingEvent
from attendance_app.services.training_runs import run_training
from attendance_app.store.database import Store

HEAD_FILE = "head.npz"
REPORT_FILE = "report.json"
_ALIKE = 0.5
"""A kept-back photo that gives another student this much probability makes a pair of look-alikes."""


@dataclass(frozen=True, slots=True, eq=False)
class HeadTraining:
    """A task for a training process: one course's head, written into the folder ``out``.

    ``open_embedder`` is called in that process, to which no open network can be handed: a function of a module.
    """

    student_ids: tuple[int, ...]
    photos: tuple[EnrolledPhoto, ...]
    out: Path
    open_embedder: Callable[[], PhotoEmbedder]

    def __call__(self, context: TrainingContext) -> Path:
        """Embed, fit, check with each photo kept back once. Raises Cancelled when stopped before the fit."""
        embedder = self.open_embedder()
        embeddings, owners = self._embedded(embedder, context)
        if not len(embeddings):
            raise no_photos()
        head = fit_head(embeddings, owners, student_ids=self.student_ids, parameters=embedder.parameters)
        report = leave_one_out(embeddings, owners, whole=head, parameters=embedder.parameters, context=context)
        (self.out / HEAD_FILE).write_bytes(head.to_bytes())
        (self.out / REPORT_FILE).write_text(json.dumps(report.as_document()), encoding="utf-8")
        return self.out

    def _embedded(
        self, embedder: PhotoEmbedder, context: TrainingContext
    ) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        found: list[NDArray[np.float32]] = []
        owners: list[int] = []
        for done, photo in enumerate(self.photos, start=1):
            if context.stop_requested():
                raise Cancelled
            embedding = embedder.embed(photo)
            if embedding is not None:
                found.append(embedding)
                owners.append(photo.student)
            context.report(StageProgress("photos", done, len(self.photos)))
        return np.array(found, np.float32).reshape(-1, 128), np.array(owners, np.intp)


def no_photos() -> KnownError:
    return NothingToLearnFrom()


@dataclass(frozen=True, slots=True)
class HeadReport:
    """How the course was learnt.

    ``kept_back``: photos of students with two or more, each kept back once; ``named_right`` of them were named by the
    others. ``look_alikes``: pairs of students (ids) whom the network confuses. ``without_photos``: ids.
    """

    photos: int
    kept_back: int
    named_right: int
    look_alikes: tuple[tuple[int, int], ...]
    without_photos: tuple[int, ...]

    def as_document(self) -> dict[str, int | list[list[int]] | list[int]]:
        return {
            "photos": self.photos,
            "kept_back": self.kept_back,
            "named_right": self.named_right,
            "look_alikes": [list(pair) for pair in self.look_alikes],
            "without_photos": list(self.without_photos),
        }

    @classmethod
    def from_json(cls, text: str) -> "HeadReport":
        document = json.loads(text)
        return cls(
            photos=int(document["photos"]),
            kept_back=int(document["kept_back"]),
            named_right=int(document["named_right"]),
            look_alikes=tuple((int(first), int(second)) for first, second in document["look_alikes"]),
            without_photos=tuple(int(number) for number in document["without_photos"]),
        )


def leave_one_out(
    embeddings: NDArray[np.float32],
    owners: NDArray[np.intp],
    *,
    whole: IdentityHead,
    parameters: PldaParameters,
    context: TrainingContext,
) -> HeadReport:
    """Keep every photo back once and name it by the others.

    ``embeddings`` (n, 128) of the photos; ``owners`` (n,) are indices into the students of ``whole``, the head of all
    photos. Ends early when stopped.
    """
    student_ids = whole.student_ids
    counts = np.bincount(owners, minlength=len(student_ids))
    alike: set[tuple[int, int]] = set()
    kept_back = right = 0
    for index in np.flatnonzero(counts[owners] > 1).tolist():
        if context.stop_requested():
            break
        others = np.arange(len(owners)) != index
        # Without this photo: with it, the student's mean would contain the very picture that is to be named.
        head = fit_head(embeddings[others], owners[others], student_ids=student_ids, parameters=parameters)
        answer = IdentityClassifier(head, parameters).posterior(embeddings[index])[0, :-1]
        kept_back += 1
        right += int(answer.argmax() == owners[index])
        for other in np.flatnonzero(answer >= _ALIKE).tolist():
            if other != owners[index]:
                first, second = sorted((student_ids[owners[index]], student_ids[other]))
                alike.add((first, second))
        context.report(StageProgress("check", kept_back, int((counts[owners] > 1).sum())))
    without = tuple(student_ids[position] for position in np.flatnonzero(counts == 0))
    return HeadReport(len(owners), kept_back, right, tuple(sorted(alike)), without)


def train_course_head(
    store: Store,
    code: str,
    *,
    backbone_id: str,
    open_embedder: Callable[[], PhotoEmbedder],
    report: Callable[[TrainingEvent], None],
    clock: Callable[[], datetime],
    waiting: Callable[[], None] = lambda: None,
) -> HeadReport:
    """Train the course's head in a process of its own and put it into the store in place of the one before.

    ``open_embedder`` is a function of a module, which is called in that process; it opens the network ``backbone_id``.
    ``waiting`` is called several times a second and may raise Cancelled.

    Raises NotFoundError for an unknown course, KnownError if nobody has photos or one of those was withdrawn or removed
    meanwhile, Cancelled when stopped.
    """
    course = store.courses.by_code(code)
    student_ids = tuple(student.id for student in store.students.of_course(course.id))
    photos = enrolled_photos(store, student_ids, backbone_id)
    if not photos:
        raise no_photos()
    with tempfile.TemporaryDirectory(prefix="attendance-head-") as folder:
        run = run_training(HeadTraining(student_ids, photos, Path(folder), open_embedder), report, waiting)
        weights = (run / HEAD_FILE).read_bytes()
        text = (run / REPORT_FILE).read_text(encoding="utf-8")
    head = IdentityHead.from_bytes(weights)
    # The store refuses the head if one of these faces was withdrawn while the training ran.
    made_of = {(student_ids[photo.student], photo.photo_sha256) for photo in photos}
    with store.write() as tx:
        tx.heads.put(
            TrainedHead(course.id, head.backbone_id, head.student_ids, weights, text, clock()), made_of=made_of
        )
    return HeadReport.from_json(text)
