"""Trains one of the identity report's variants on the photos of a course.

Runs in a process of its own. Nothing that is learnt of the photos is left outside of the folder ``out``, which the
starter deletes (``services.course_cnn.teaching``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from attendance_app.bootstrap import open_chip_cutter
from attendance_app.classifiers.course_cnn import CourseCnn, Tried, fit_stranger, mirrored_mean, with_stranger
from attendance_app.domain.errors import Cancelled
from attendance_app.lab.identity.course_folds import Fold, make_folds
from attendance_app.lab.identity.cut_faces import CutFaces, cut_faces, pictures_under
from attendance_app.lab.requirements import require_tensorflow
from attendance_app.networks.identity_input import grey_view
from attendance_app.services.course_cnn.report import CnnReport, PersonTries
from attendance_app.services.course_cnn.teaching import NETWORK_FILE, REPORT_FILE
from attendance_app.services.errors import TooFewPhotosForCnn
from attendance_app.services.identity.course_photos import EnrolledPhoto
from attendance_app.services.training_events import StageProgress, TrainingContext
from attendance_app.vision.photo import photo_from_bytes

if TYPE_CHECKING:
    from attendance_app.lab.runs import History

CHECKPOINT = "checkpoint.npz"
EPOCHS = 40
PATIENCE = 8
"""Epochs without a lower loss of the photos kept back, after which the training ends."""
LEAST_STUDENTS, LEAST_PHOTOS = 3, 2
"""Below that, no photo can be kept back, or no two students can be told apart while a third one is left out."""
_AT_ONCE = 32

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class CourseCnnTraining:
    """A task for a training process.

    ``photos``: thumbnails, whose ``student`` is an index into ``student_ids``. ``faces``: folders of other people's
    pictures. Half of these people set what counts as unsure, the other half tests it.
    """

    student_ids: tuple[int, ...]
    photos: tuple[EnrolledPhoto, ...]
    out: Path
    variant: int
    faces: tuple[Path, ...] = ()
    epochs: int = EPOCHS
    seed: int = 42
    threads: int = 2

    def __call__(self, context: TrainingContext) -> Path:
        """Train, test, and write network and report into ``out``.

        Raises TensorFlowBroken, TooFewPhotosForCnn, NoPicturesInFolders; Cancelled when stopped before the first epoch.
        """
        require_tensorflow()
        chips, owners = self._faces_of_students(context)
        _refuse_too_few(owners)
        others = self._faces_of_others(context)
        # Only students of whom a face was found have an output.
        known, labels = np.unique(owners, return_inverse=True)
        folds = make_folds(labels)
        networks, history = self._fit(grey_view(chips), labels, folds, context)
        tried = [_tried(networks[place], chips, labels, fold) for place, fold in enumerate(folds)]
        setting, testing = _halves(others)
        scale, offset = fit_stranger([*tried, *_shared(setting, networks[: len(folds)], folds, labels)])
        ids = tuple(self.student_ids[index] for index in known)
        trained = CourseCnn(self.variant, ids, self._exported(networks[-1], grey_view(chips)), scale, offset)
        own, left_out = _kept_back(tried, folds, labels)
        report = CnnReport(
            variant=self.variant,
            photos=len(labels),
            students=len(known),
            best_named=sum(int((one.scores.argmax(1) == one.columns)[one.columns >= 0].sum()) for one in tried),
            own=own,
            left_out=left_out,
            others=_others_named(networks[-1], testing, scale, offset),
            best_epoch=history.best_epoch,
            epochs=len(history.rows),
            stopped=history.stopped_early,
            without_photos=tuple(np.setdiff1d(self.student_ids, ids).tolist()),
        )
        (self.out / NETWORK_FILE).write_bytes(trained.to_bytes())
        (self.out / REPORT_FILE).write_text(report.to_json(), encoding="utf-8")
        return self.out

    def _faces_of_students(self, context: TrainingContext) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
        cutter = open_chip_cutter()
        chips, owners = [], []
        for done, photo in enumerate(self.photos, start=1):
            if context.stop_requested():
                raise Cancelled
            chip = None if photo.jpeg is None else cutter.central(photo_from_bytes(photo.jpeg, name="thumbnail"))
            if chip is not None:
                chips.append(chip)
                owners.append(photo.student)
            context.report(StageProgress("photos", done, len(self.photos)))
        return np.array(chips, np.uint8).reshape(-1, 150, 150, 3), np.array(owners, np.intp)

    def _faces_of_others(self, context: TrainingContext) -> CutFaces | None:
        if not self.faces:
            return None
        from attendance_app.lab.errors import NoPicturesInFolders

        found = cut_faces(
            [file for folder in self.faces for file in pictures_under(folder)],
            central=False,
            progress=lambda done, total: context.report(StageProgress("other people's faces", done, total)),
            stop=context.stop_requested,
        )
        if not len(found.chips):
            raise NoPicturesInFolders(folders=tuple(map(str, self.faces)))
        return found

    def _fit(
        self, views: Floats, labels: NDArray[np.intp], folds: Sequence[Fold], context: TrainingContext
    ) -> "tuple[list[Any], History]":
        """Return the networks of the folds, then the one of all photos, with the weights of the best epoch."""
        import keras

        from attendance_app.lab.fitting import fit, limit_threads
        from attendance_app.lab.identity import course_branches as branches

        limit_threads(self.threads)
        keras.utils.set_random_seed(self.seed)
        targets = np.eye(labels.max() + 1, dtype=np.float32)[labels]
        model, networks = branches.build_branches(self.variant, branches=len(folds) + 1, students=targets.shape[1])
        learnt = [*(fold.learnt for fold in folds), np.arange(len(labels))]
        history = fit(
            model,
            branches.BranchBatches(views, targets, learnt, seed=self.seed),
            branches.kept_back(views, targets, folds),
            epochs=self.epochs,
            context=context,
            # Of few photos the share named right jumps; the loss moves smoothly.
            by="val_loss",
            callbacks=[keras.callbacks.EarlyStopping("val_loss", patience=PATIENCE)],
            checkpoint=self.out / CHECKPOINT,
        )
        branches.leave_out_softmax(networks)
        return networks, history

    def _exported(self, network: Any, samples: Floats) -> bytes:
        from attendance_app.lab.export import export

        file = self.out / "network.onnx"
        export(network, file, samples=samples[:32])
        content = file.read_bytes()
        file.unlink()
        return content


def _refuse_too_few(owners: NDArray[np.intp]) -> None:
    _students, counts = np.unique(owners, return_counts=True)
    enough = int((counts >= LEAST_PHOTOS).sum())
    if enough < LEAST_STUDENTS:
        raise TooFewPhotosForCnn(students=enough, least_students=LEAST_STUDENTS, least_photos=LEAST_PHOTOS)


def _answers(network: Any, chips: NDArray[np.uint8]) -> NDArray[np.float64]:
    """What ``CourseCnnEmbedder`` answers, by the network before it is exported: (n, students)."""
    parts = []
    for start in range(0, len(chips), _AT_ONCE):
        views = grey_view(chips[start : start + _AT_ONCE])
        # Called, not predicted with: Keras would make a graph for each of the networks.
        parts.append(mirrored_mean(np.asarray(network(np.concatenate([views, views[:, :, ::-1]]), training=False))))
    return np.concatenate(parts).astype(np.float64)


def _learnt_columns(fold: Fold, labels: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.unique(labels[fold.learnt])


def _tried(network: Any, chips: NDArray[np.uint8], labels: NDArray[np.intp], fold: Fold) -> Tried:
    """What a fold's network answers for the photos that were kept back from it, then for its strangers."""
    columns = _learnt_columns(fold, labels)
    photos = np.concatenate([fold.own, fold.strangers])
    scores = _answers(network, chips[photos])[:, columns]
    own = np.searchsorted(columns, labels[fold.own])
    return Tried(scores, np.concatenate([own, np.full(len(fold.strangers), -1)]))


def _person(file: Path) -> str:
    return str(file.parent)


def _halves(others: CutFaces | None) -> tuple[CutFaces | None, CutFaces | None]:
    """Divide other people's faces, by their folders where there are several, else picture by picture."""
    if others is None:
        return None, None
    people = np.unique([_person(file) for file in others.files], return_inverse=True)[1]
    turn = people if people.max() else np.arange(len(people))
    return others.only(turn % 2 == 0), others.only(turn % 2 == 1)


def _shared(
    others: CutFaces | None, networks: Sequence[Any], folds: Sequence[Fold], labels: NDArray[np.intp]
) -> list[Tried]:
    """Other people's faces, each tried on the network of one fold."""
    if others is None:
        return []
    tried = []
    for place, (network, fold) in enumerate(zip(networks, folds, strict=True)):
        chips = others.chips[place :: len(folds)]
        if len(chips):
            scores = _answers(network, chips)[:, _learnt_columns(fold, labels)]
            tried.append(Tried(scores, np.full(len(chips), -1)))
    return tried


def _kept_back(
    tried: Sequence[Tried], folds: Sequence[Fold], labels: NDArray[np.intp]
) -> tuple[tuple[PersonTries, ...], tuple[PersonTries, ...]]:
    """The tries of every student, with own photos and as strangers.

    The faces of a fold are judged by the limit that those of the others set.
    """
    own, left_out = np.zeros((labels.max() + 1, 3), int), np.zeros((labels.max() + 1, 3), int)
    for place, (one, fold) in enumerate(zip(tried, folds, strict=True)):
        scale, offset = fit_stranger([other for index, other in enumerate(tried) if index != place])
        named = _named(with_stranger(one.scores, scale, offset))
        right = (named == one.columns) & (one.columns >= 0)
        wrong = (named >= 0) & ~right
        photos = np.concatenate([fold.own, fold.strangers])
        for student, mine, good, bad in zip(labels[photos], one.columns >= 0, right, wrong, strict=True):
            (own if mine else left_out)[student] += (1, int(good), int(bad))
    return _people(own), _people(left_out)


def _people(rows: NDArray[np.int_]) -> tuple[PersonTries, ...]:
    return tuple(PersonTries(*map(int, row)) for row in rows if row[0])


def _named(shares: NDArray[np.float64]) -> NDArray[np.intp]:
    """The columns that are named with certainty; -1: nobody."""
    from attendance_app.classifiers.thresholds import DEFAULT_RULE

    best = shares[:, :-1].argmax(axis=1)
    return np.where(shares[np.arange(len(shares)), best] >= DEFAULT_RULE.accept, best, -1)


def _others_named(network: Any, others: CutFaces | None, scale: float, offset: float) -> tuple[PersonTries, ...]:
    if others is None or not len(others.chips):
        return ()
    named = _named(with_stranger(_answers(network, others.chips), scale, offset)) >= 0
    people, owners = np.unique([_person(file) for file in others.files], return_inverse=True)
    if len(people) == 1:
        # A folder of pictures without people's folders: each shows somebody else.
        owners = np.arange(len(named))
    return tuple(
        PersonTries(int((owners == one).sum()), wrong=int(named[owners == one].sum())) for one in np.unique(owners)
    )
