"""A picture of an unknown face becomes an enrolled photo: of a student without one, or of a new student."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from attendance_app.domain.faces import Flaw
from attendance_app.domain.people import WEAK_BELOW, Course, FaceTemplate, Student, is_weak
from attendance_app.domain.sessions import Mark, Session, arrival_status
from attendance_app.services import errors
from attendance_app.services.kept_photos import keep_photo
from attendance_app.services.photo_comparison import alike_below
from attendance_app.services.session.evidence import FaceLook
from attendance_app.store.unit import Transaction
from attendance_app.vision.crop import as_jpeg
from attendance_app.vision.quality import ENROLLABLE, ENROLMENT, flaw_by, resolved_px

KEPT: Final = replace(ENROLMENT, width_px=ENROLLABLE.width_px)
"""What a picture must have: small ones are kept, as weak photos, but not blurred or badly lit ones."""

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
    flaw = flaw_by(KEPT, look.quality)
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
    _keep(tx, student, look, at=at)
    mark = tx.marks.set(session.id, student.id, arrival_status(session, at), at)
    return EnrolledNewcomer(student, mark)


def enrol_look(
    tx: Transaction, course: Course, student: Student, *, look: FaceLook, consent: str | None, at: datetime
) -> None:
    """Keep the picture of a face that the teacher has named as that student's photo.

    ``consent``: its ground, None where one is on record. Raises KnownError for a poor picture, a face like that of
    another student on the roster, or a missing consent.
    """
    require_good_look(look)
    _require_new_face(tx, course, look, but=student)
    if consent is not None:
        tx.consents.record(student.id, consent, at)
    _keep(tx, student, look, at=at)


def is_weak_look(look: FaceLook) -> bool:
    """Whether the photo that it would become is weak."""
    return is_weak(resolved_px(look.quality))


def _keep(tx: Transaction, student: Student, look: FaceLook, *, at: datetime) -> None:
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
    keep_photo(tx, template, photo)


def _require_free_number(tx: Transaction, newcomer: Newcomer) -> None:
    # ``students.add`` refuses the number as well, but doesn't say who has it.
    taken = tx.students.find(newcomer.number)
    if taken is not None:
        raise errors.NumberOfAnother(number=taken.number, name=taken.name)


def _require_new_face(tx: Transaction, course: Course, look: FaceLook, *, but: Student | None = None) -> None:
    gallery = tx.templates.gallery(course.id, look.encoder_id)
    if not len(gallery.encodings):
        return
    distances = np.linalg.norm(gallery.encodings - look.encoding, axis=1)
    sizes = np.full(len(distances), np.nan) if gallery.face_px is None else gallery.face_px
    near = distances < alike_below(sizes < WEAK_BELOW, np.array(is_weak_look(look)))
    near &= [gallery.students[owner] != but for owner in gallery.owners]
    if not near.any():
        return
    nearest = int(np.where(near, distances, np.inf).argmin())
    raise errors.FaceOnRoster(name=gallery.students[gallery.owners[nearest]].name)
