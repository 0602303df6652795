"""Students, courses, and what is kept of a face."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Encoding


@dataclass(frozen=True, slots=True)
class Course:
    """A class as the school names it; ``code`` is unique."""

    id: int
    code: str
    title: str
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Student:
    """``number`` is the school's identifier (unique, not always digits); ``id`` is the database's."""

    id: int
    number: str
    name: str
    email: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """Why a face template of this student may be kept."""

    student_id: int
    ground: str
    given_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FaceTemplate:
    """One enrolled photo of a student as an encoding; ``encoder_id`` says which network made it."""

    student_id: int
    encoder_id: str
    encoding: Encoding
    photo_sha256: str
    quality: float
    enrolled_at: datetime
    id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """The enrolled faces of one course: all that a session may compare with.

    ``encodings``: n x 128; ``owners``: for each of them the index into ``students``.
    Students without a template are in ``students`` too: they can be marked by hand.
    """

    encoder_id: str
    students: tuple[Student, ...]
    encodings: NDArray[np.float32]
    owners: NDArray[np.intp]
