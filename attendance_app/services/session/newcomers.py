"""An unknown face of a session becomes a student: roster, consent, face template and mark; and all of it taken back."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Flaw
from attendance_app.domain.people import Course, FaceTemplate, Student, tidy
from attendance_app.domain.sessions import Mark, Session, arrival_status
from attendance_app.services.photo_comparison import ANOTHER_BELOW
from attendance_app.services.session.evidence import FaceLook
from attendance_app.store.database import Store
from attendance_app.vision.crop import as_jpeg
from attendance_app.vision.quality import ENROLMENT, flaw_by

POOR = {
    Flaw.TOO_SMALL: "The face was too small in the picture to be recognised by it from now on.",
    Flaw.BLURRED: "The face was too blurred to be recognised by it from now on.",
    Flaw.TOO_DARK: "The face was too dark to be recognised by it from now on.",
    Flaw.TOO_BRIGHT: "The face was too brightly lit to be recognised by it from now on.",
    Flaw.TURNED_AWAY: "The face was turned away too far to be recognised by it from now on.",
}
"""Why a look is no photo to compare with."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What the teacher says of somebody unknown; ``consent`` is its ground, as for every photo."""

    number: str
    name: str
    consent: str


@dataclass(frozen=True, slots=True)
class Welcomed:
    """A newcomer on the roster, marked in the session."""

    student: Student
    mark: Mark


def require_good_look(look: FaceLook) -> None:
    """Raise KnownError, with the reason, when a look is too poor to compare with from now on."""
    flaw = flaw_by(ENROLMENT, look.quality)
    if flaw is not None:
        raise KnownError(
            POOR[flaw],
            remedy="Let them look into the camera from nearer and try again, or enrol a photo on the page Enrolment.",
        )


def welcome(
    store: Store, course: Course, session: Session, *, look: FaceLook, newcomer: Newcomer, at: datetime
) -> Welcomed:
    """Put an unknown person on the roster with their face, and mark them by the teacher's word.

    Nothing is stored when KnownError is raised: for a poor look, a face like that of a student on the roster, a number
    that is taken, or a missing ground of consent.
    """
    require_good_look(look)
    _require_words(store, newcomer)
    _require_new_face(store, course, look)
    student = store.students.add(newcomer.number, newcomer.name)
    store.students.enrol(course.id, student.id)
    store.consents.record(student.id, newcomer.consent, at)
    photo = as_jpeg(look.crop)
    template = FaceTemplate(
        student_id=student.id,
        encoder_id=look.encoder_id,
        encoding=look.encoding,
        photo_sha256=hashlib.sha256(photo).hexdigest(),
        quality=look.quality.score,
        enrolled_at=at,
    )
    store.templates.add(template, photo)
    mark = store.marks.set_by_teacher(session.id, student.id, arrival_status(session, at), at)
    return Welcomed(student, mark)


def take_back(store: Store, session: Session, student: Student, *, at: datetime) -> None:
    """Erase a newcomer with photo, consent and mark, as if they had never been entered.

    Raises KnownError when more has been recorded about them since, which must not go with a mere undo.
    """
    marked_elsewhere = any(mark.session_id != session.id for mark in store.marks.of_student(student.id))
    if (
        marked_elsewhere
        or len(store.templates.of_student(student.id)) > 1
        or len(store.consents.history(student.id)) > 1
    ):
        raise KnownError(
            "{name} has marks or photos from elsewhere by now and stays.",
            remedy="To erase everything about them, open them on the page Students.",
            name=student.name,
        )
    store.erasures.erase_student(student.id, at)


def _require_words(store: Store, newcomer: Newcomer) -> None:
    if not tidy(newcomer.number):
        raise KnownError("A student needs a number.", remedy="Give the school's identifier of the student.")
    taken = store.students.find(newcomer.number)
    if taken is not None:
        raise KnownError(
            "The number {number} belongs to {name}.",
            remedy="Check the number. If it is that student, choose the name from the list instead.",
            number=taken.number,
            name=taken.name,
        )
    if not tidy(newcomer.consent):
        raise KnownError(
            "A consent needs its ground.",
            remedy="Say who agreed and where it is kept, e.g. 'parent's form, binder 3'.",
        )


def _require_new_face(store: Store, course: Course, look: FaceLook) -> None:
    gallery = store.templates.gallery(course.id, look.encoder_id)
    if not len(gallery.encodings):
        return
    distances = np.linalg.norm(gallery.encodings - look.encoding, axis=1)
    nearest = int(distances.argmin())
    if distances[nearest] < ANOTHER_BELOW:
        raise KnownError(
            "This face looks like {name}, who is on the list already.",
            remedy="If it is {name}, choose that name instead of entering somebody new.",
            name=gallery.students[gallery.owners[nearest]].name,
        )
