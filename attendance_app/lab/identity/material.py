"""The faces that a backbone is trained on and checked with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.lab.errors import TooFewFaces
from attendance_app.lab.identity.cut_faces import CutFaces, cut_faces, pictures_under
from attendance_app.lab.identity.data import Person, Role, report_pictures, role_of
from attendance_app.services.training_events import StageProgress, TrainingContext


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Aligned faces by what they may be used for, with the people of those that have a name."""

    training: NDArray[np.uint8]
    training_files: tuple[Path, ...]
    development: NDArray[np.uint8]
    development_files: tuple[Path, ...]
    report_learnt: frozenset[Path]
    report_test: CutFaces


def gather(people: list[Person], faces: tuple[Path, ...], *, cache: Path | None, context: TrainingContext) -> Material:
    """Cut the faces of everybody who may be trained on or developed with; the TEST people's are not even opened.

    Raises KnownError if too few are left.
    """
    learn, held_back = report_pictures(people)
    by_role = {role: [p for person in people if role_of(person) is role for p in person.pictures] for role in Role}
    named = _cut(by_role[Role.TRAINING] + sorted(learn), "faces", central=True, cache=cache, context=context)
    development = _cut(by_role[Role.DEVELOPMENT], "unseen faces", central=True, cache=cache, context=context)
    unnamed = [
        _cut(pictures_under(folder), f"faces of {folder.name}", central=False, cache=cache, context=context)
        for folder in faces
    ]
    # Those with a name first: training_files lists only them, and finish() counts on the order.
    chips = np.concatenate([named.chips, *(more.chips for more in unnamed)])
    if len(chips) < 200 or len(development.chips) < 20:
        raise TooFewFaces(count=len(chips), unseen=len(development.chips))
    report_test = _cut(sorted(held_back), "the report's test faces", central=True, cache=cache, context=context)
    return Material(chips, named.files, development.chips, development.files, learn, report_test)


def _cut(files: list[Path], stage: str, *, central: bool, cache: Path | None, context: TrainingContext) -> CutFaces:
    progress: Callable[[int, int], None] = lambda done, total: context.report(StageProgress(stage, done, total))  # noqa: E731
    return cut_faces(files, central=central, progress=progress, stop=context.stop_requested, cache=cache)
