"""Photos in, face templates out: every file ends as enrolled, or refused with the reason and the remedy."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Detection, Flaw, Image
from attendance_app.domain.people import Course, FaceTemplate, Student
from attendance_app.services.face_reader import FaceReader, ReadFace
from attendance_app.services.jobs import JobContext
from attendance_app.services.photo_folders import PhotoFile, match_label
from attendance_app.store.database import Store
from attendance_app.vision.crop import as_jpeg, cut
from attendance_app.vision.photo import photo_from_bytes
from attendance_app.vision.quality import ENROLMENT, SESSION, assess


class Verdict(Enum):
    """How a file ended."""

    ENROLLED = "enrolled"
    NO_FACE = "no face"
    SEVERAL_FACES = "several faces"
    TOO_SMALL = "too small"
    BLURRED = "blurred"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    TURNED_AWAY = "turned away"
    LOOKS_LIKE_ANOTHER = "looks like another student"
    ALREADY_ENROLLED = "already enrolled"
    UNREADABLE = "unreadable"
    NO_CONSENT = "no consent"
    UNKNOWN_STUDENT = "not on the roster"
    NOT_A_PICTURE = "not a picture"


REMEDIES = {
    Verdict.NO_FACE: "Use a photo in which the face is seen from the front and not covered.",
    Verdict.SEVERAL_FACES: "Cut the photo so that only this student is in it.",
    Verdict.TOO_SMALL: "Use a photo in which the face is at least 80 pixels wide.",
    Verdict.BLURRED: "Use a sharper photo.",
    Verdict.TOO_DARK: "Take the photo again with light on the face.",
    Verdict.TOO_BRIGHT: "Take the photo again with less light on the face.",
    Verdict.TURNED_AWAY: "Use a photo in which the student looks towards the camera.",
    Verdict.LOOKS_LIKE_ANOTHER: "Check that the photo lies with the right student.",
    Verdict.ALREADY_ENROLLED: "Nothing to do: this very photo is enrolled.",
    Verdict.UNREADABLE: "Export or copy the picture again; JPEG, PNG and HEIC are read.",
    Verdict.NO_CONSENT: "Record the consent first; without it no face template is made.",
    Verdict.UNKNOWN_STUDENT: "Add the student to the course, or let missing students be created.",
    Verdict.NOT_A_PICTURE: "Leave it out; it is no photo.",
}
FLAWS = {
    Flaw.TOO_SMALL: Verdict.TOO_SMALL,
    Flaw.BLURRED: Verdict.BLURRED,
    Flaw.TOO_DARK: Verdict.TOO_DARK,
    Flaw.TOO_BRIGHT: Verdict.TOO_BRIGHT,
    Flaw.TURNED_AWAY: Verdict.TURNED_AWAY,
}

LONGEST_SIDE = 1600
"""Photos are looked at in this size at most: a face that fills a tenth of the width is found and sharp enough."""
DOMINANT = 2.5
"""A face this many times larger than the next is the one that is meant."""
SURE_WHEN_TURNED = 0.5
"""Detection confidence asked of a face that is found only after turning the photo by a quarter."""
ANOTHER_BELOW = 0.42
"""A photo this near (Euclidean) to another student's and farther from the student's own is refused."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """One file of an enrolment.

    ``thumbnail`` is the face (RGB) where one was found; ``other`` the look-alike; ``warning`` what is weak about an
    enrolled photo: it serves, a better one would serve better.
    """

    file: str
    student: Student | None
    verdict: Verdict
    detail: str = ""
    thumbnail: Image | None = None
    other: Student | None = None
    warning: Flaw | None = None

    @property
    def remedy(self) -> str:
        """What to do about a refusal, empty for an enrolled file."""
        return REMEDIES.get(self.verdict, "")


@dataclass(frozen=True, slots=True)
class EnrolmentOrder:
    """What a call of ``Enrolment.enrol`` is to do. ``consent`` is the ground to record, if any."""

    course: Course
    create_missing: bool = False
    consent: str | None = None


class _Refused(Exception):  # noqa: N818 - an answer, not an error
    """Ends the work on one file; carries what its outcome says."""

    def __init__(
        self, verdict: Verdict, detail: str = "", *, thumbnail: Image | None = None, other: Student | None = None
    ) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.detail = detail
        self.thumbnail = thumbnail
        self.other = other


class Enrolment:
    """Makes face templates for the students of a course; one photo, one transaction."""

    def __init__(self, store: Store, reader: FaceReader, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock

    def enrol(self, photos: list[PhotoFile], order: EnrolmentOrder, job: JobContext) -> Iterator[Outcome]:
        """Yield the outcome of one file after the other, each saved when it is yielded.

        Raises Cancelled between two files; what was yielded before stays.
        """
        for done, photo in enumerate(photos):
            job.raise_if_cancelled()
            job.report(done, len(photos))
            yield self._enrol_one(photo, order)
        job.report(len(photos), len(photos))

    def _enrol_one(self, photo: PhotoFile, order: EnrolmentOrder) -> Outcome:
        student: Student | None = None
        try:
            if not photo.is_picture:
                raise _Refused(Verdict.NOT_A_PICTURE)
            student = self._student(photo, order)
            self._require_consent(student, order)
            return self._save(photo, student, order)
        except _Refused as refused:
            return Outcome(
                photo.name, student, refused.verdict, refused.detail, thumbnail=refused.thumbnail, other=refused.other
            )

    def _student(self, photo: PhotoFile, order: EnrolmentOrder) -> Student:
        found = match_label(photo.label, self._store.students.of_course(order.course.id))
        if found is not None:
            return found
        if not order.create_missing:
            raise _Refused(Verdict.UNKNOWN_STUDENT, photo.label)
        named = photo.new_student
        student = self._store.students.find(named.number) or self._store.students.add(named.number, named.name)
        self._store.students.enrol(order.course.id, student.id)
        return student

    def _require_consent(self, student: Student, order: EnrolmentOrder) -> None:
        if self._store.consents.current(student.id) is not None:
            return
        if not order.consent:
            raise _Refused(Verdict.NO_CONSENT)
        self._store.consents.record(student.id, order.consent, self._clock())

    def _save(self, photo: PhotoFile, student: Student, order: EnrolmentOrder) -> Outcome:
        try:
            content = photo.content()
        except OSError as error:
            raise _Refused(Verdict.UNREADABLE, str(error)) from error
        digest = hashlib.sha256(content).hexdigest()
        if any(template.photo_sha256 == digest for template in self._store.templates.of_student(student.id)):
            raise _Refused(Verdict.ALREADY_ENROLLED)
        image, face = self._only_face(photo, content)
        thumbnail = cut(image, face.pose.detection.box)
        if face.pose.quality.flaw is not None:
            raise _Refused(FLAWS[face.pose.quality.flaw], thumbnail=thumbnail)
        self._refuse_lookalike(face, student, order, thumbnail)
        template = FaceTemplate(
            student_id=student.id,
            encoder_id=self._reader.encoder_id,
            encoding=face.encoding,
            photo_sha256=digest,
            quality=face.pose.quality.score,
            enrolled_at=self._clock(),
        )
        self._store.templates.add(template, as_jpeg(thumbnail))
        weak = assess(image, face.pose.detection.box, face.pose.landmarks, gate=ENROLMENT).flaw
        return Outcome(photo.name, student, Verdict.ENROLLED, thumbnail=thumbnail, warning=weak)

    def _only_face(self, photo: PhotoFile, content: bytes) -> tuple[Image, ReadFace]:
        try:
            image = photo_from_bytes(content, name=PurePosixPath(photo.name).name, longest_side=LONGEST_SIDE)
        except SourceError as error:
            raise _Refused(Verdict.UNREADABLE, error.message) from error
        image, found = _find_upright(self._reader, image)
        if not found:
            raise _Refused(Verdict.NO_FACE)
        found = sorted(found, key=lambda detection: detection.box.area, reverse=True)
        if len(found) > 1 and found[0].box.area < DOMINANT * found[1].box.area:
            raise _Refused(Verdict.SEVERAL_FACES, str(len(found)), thumbnail=cut(image, found[0].box))
        return image, self._reader.read(image, found[:1], gate=SESSION)[0]

    def _refuse_lookalike(self, face: ReadFace, student: Student, order: EnrolmentOrder, thumbnail: Image) -> None:
        gallery = self._store.templates.gallery(order.course.id, self._reader.encoder_id)
        if not len(gallery.encodings):
            return
        distances: NDArray[np.float32] = np.linalg.norm(gallery.encodings - face.encoding, axis=1)
        own = np.array([gallery.students[owner].id == student.id for owner in gallery.owners])
        nearest = int(np.where(own, np.inf, distances).argmin())
        if own[nearest] or distances[nearest] >= min(ANOTHER_BELOW, distances[own].min(initial=np.inf)):
            return
        other = gallery.students[gallery.owners[nearest]]
        raise _Refused(Verdict.LOOKS_LIKE_ANOTHER, f"{other.number} {other.name}", thumbnail=thumbnail, other=other)


def _find_upright(reader: FaceReader, image: Image) -> tuple[Image, list[Detection]]:
    """Find the faces of a photo as people take them; returns the picture they were found in.

    Looks again turned by quarters when the phone did not say which way was up.
    """
    found = reader.find(image)
    for quarters in (1, 3, 2) if not found else ():
        turned: Image = np.ascontiguousarray(np.rot90(image, quarters))
        sure = reader.detector.detect(turned, threshold=SURE_WHEN_TURNED)
        if sure:
            return turned, sure
    return image, found
