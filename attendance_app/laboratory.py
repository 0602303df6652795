"""Whether the laboratory is installed, and the only way from the program into it (docs/adr/0072)."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attendance_app.domain.errors import KnownError
from attendance_app.services.errors import LaboratoryLeftOut, LaboratoryMissing

if TYPE_CHECKING:
    # For annotations alone: these bring SQLAlchemy and OpenCV, and every command imports this module.
    from attendance_app.services.course_cnn.teaching import CnnRecipe, CourseMaterial
    from attendance_app.services.training_runs import TrainingTask

NEEDED: Final = ("tensorflow", "keras", "sklearn", "matplotlib", "onnx", "face_recognition_models")
"""The packages of the extra ``lab`` that its code imports."""
INSTALL: Final = 'pip install "classroom-attendance[lab]"'
INSTALL_IN_CHECKOUT: Final = "uv sync --extra lab"


def missing() -> tuple[str, ...]:
    """Return the packages that the laboratory needs and that are not installed."""
    return tuple(name for name in NEEDED if find_spec(name) is None)


def left_out() -> bool:
    """Whether this is the program that runs without Python: the laboratory can't be added to it."""
    return bool(getattr(sys, "frozen", False))  # set by PyInstaller


def not_installed() -> KnownError:
    """Return the error for whatever needs the laboratory while it is missing."""
    return LaboratoryLeftOut() if left_out() else LaboratoryMissing(packages=missing())


@dataclass(frozen=True, slots=True)
class Explored:
    """The result for a folder of pictures; ``page`` is the written report. ``counts``: pictures of each class.
    ``conclusions``: sentences in the language that was asked for."""

    page: Path
    counts: Mapping[str, int]
    conclusions: tuple[str, ...]


def explore(folder: Path, out: Path, *, report: Callable[[int, int], None], language: str) -> Explored:
    """Explore a folder that has a folder of pictures for each class; write the report into ``out``.

    Raises KnownError if there are no pictures or ``out`` can't be written.
    """
    from attendance_app.lab.explore.report import explore as explore_folder

    done = explore_folder(folder, out, seed=0, report=report, language=language)
    return Explored(done.page, done.findings.counts, done.conclusions)


def course_cnn_task(material: "CourseMaterial", recipe: "CnnRecipe") -> "TrainingTask":
    """Return the training of one of the report's variants on a course's photos.

    Raises LaboratoryMissing or LaboratoryLeftOut.
    """
    if missing():
        raise not_installed()
    from attendance_app.lab.identity.course import EPOCHS, CourseCnnTraining

    return CourseCnnTraining(
        material.student_ids,
        material.photos,
        material.out,
        recipe.variant,
        faces=recipe.faces,
        epochs=recipe.epochs or EPOCHS,
        seed=recipe.seed,
        threads=recipe.threads,
    )
