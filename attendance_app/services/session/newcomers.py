"""An unknown face of a session becomes a student: roster, consent, face template and mark."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from attendance_app.domain.faces import Flaw
from attendance_app.domain.people import Course, FaceTemplate, Student
from attendance_app.domain.sessions import Mark, Session, arrival_status
from attendance_app.services import errors
from attendance_app.services.photo_comparison import ANOTHER_BELOW
from attendance_app.services.session.evidence import FaceLook
from attendance_app.store.unit import Transaction
from attendance_app.vision.crop import as_jpeg
from attendance_app.vision.quality import ENROLMENT, flaw_by, resolved_px

POOR: Final[dict[Flaw, type[errors.LookTooPoor]]] = {
    Flaw.TOO_SMALL: errors.LookTooSmall,
    Flaw.BLURRED: errors.LookBlurred,
    Flaw.TOO_DARK: errors.LookTooDark,
    Flaw.TOO_BRIGHT: errors.LookTooBright,
    Flaw.TURNED_AWAY: errors.LookTurnedAway,
}
"""Why a picture is too poor to recognise a person by."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """The teacher's entries for an unknown person; ``consent`` is its ground, as for every photo."""

    number: str
    name: str
    consent: str


@dataclass(frozen=True, slots=True)
class EnrolledNewcomer:
    """A newcomer on the roster, marked in the session."""

    student: Student
    mark: Mark


def require_good_look(look: FaceLook) -> None:
    """Raise LookTooPoor when a picture is too poor to be compared with from now on."""
    flaw = flaw_by(ENROLMENT, look.quality)
    if flaw is not None:
        raise POOR[flaw]()


def enrol_newcomer(
    tx: Transaction, course: Course, session: Session, *, look: FaceLook, newcomer: Newcomer, at: datetime
) -> EnrolledNewcomer:
    """Put an unknown person on the roster with their face, and mark them as the teacher says.

    Raises KnownError for a poor picture, a face like that of a student on the roster, a number that is taken, or a
    missing ground of consent.
    """
    require_good_look(look)
    _require_free_number(tx, newcomer)
    _require_new_face(tx, course, look)
    student = tx.students.add(newcomer.number, newcomer.name)
    tx.enrolments.add(course.id, student.id)
    # Before the template: the store takes none without a current consent.
    tx.consents.record(student.id, newcomer.consent, at)
    # There is no file: the picture kept is the photo, and its hash identifies it as that of any photo.
    photo = as_jpeg(look.crop)
    template = FaceTemplate(
        student_id=student.id,
        encoder_id=look.encoder_id,
        encoding=look.encoding,
        photo_sha256=hashlib.sha256(photo).hexdigest(),
        quality=look.quality.score,
        enrolled_at=at,
        face_px=resolved_px(look.quality),
    )
    tx.templates.add(template, photo)
    mark = tx.marks.set(session.id, student.id, arrival_status(session, at), at)
    return EnrolledNewcomer(student, mark)


def _require_free_number(tx: Transaction, newcomer: Newcomer) -> None:
    # ``students.add`` refuses the number as well, but doesn't say who has it.
    taken = tx.students.find(newcomer.number)
    if taken is not None:
        raise errors.NumberOfAnother(number=taken.number, name=taken.name)


def _require_new_face(tx: Transaction, course: Course, look: FaceLook) -> None:
    gallery = tx.templates.gallery(course.id, look.encoder_id)
    if not len(gallery.encodings):
        return
    distances = np.linalg.norm(gallery.encodings - look.encoding, axis=1)
    nearest = int(distances.argmin())
    if distances[nearest] < ANOTHER_BELOW:
        raise errors.FaceOnRoster(name=gallery.students[gallery.owners[nearest]].name)
