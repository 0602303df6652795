"""An unknown face of a session becomes a student: roster, consent, face template and mark."""

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
from attendance_app.store.unit import Transaction
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
class EnrolledNewcomer:
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


def enrol_newcomer(
    tx: Transaction, course: Course, session: Session, *, look: FaceLook, newcomer: Newcomer, at: datetime
) -> EnrolledNewcomer:
    """Put an unknown person on the roster with their face, and mark them by the teacher's word.

    Raises KnownError for a poor look, a face like that of a student on the roster, a number that is taken, or a
    missing ground of consent.
    """
    require_good_look(look)
    _require_words(tx, newcomer)
    _require_new_face(tx, course, look)
    student = tx.students.add(newcomer.number, newcomer.name)
    tx.enrolments.add(course.id, student.id)
    tx.consents.record(student.id, newcomer.consent, at)
    photo = as_jpeg(look.crop)
    template = FaceTemplate(
        student_id=student.id,
        encoder_id=look.encoder_id,
        encoding=look.encoding,
        photo_sha256=hashlib.sha256(photo).hexdigest(),
        quality=look.quality.score,
        enrolled_at=at,
    )
    tx.templates.add(template, photo)
    mark = tx.marks.set(session.id, student.id, arrival_status(session, at), at)
    return EnrolledNewcomer(student, mark)


def _require_words(tx: Transaction, newcomer: Newcomer) -> None:
    if not tidy(newcomer.number):
        raise KnownError("A student needs a number.", remedy="Give the school's identifier of the student.")
    taken = tx.students.find(newcomer.number)
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


def _require_new_face(tx: Transaction, course: Course, look: FaceLook) -> None:
    gallery = tx.templates.gallery(course.id, look.encoder_id)
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
