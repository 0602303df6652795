"""Photos in, face templates out: every file ends as enrolled, or refused with the reason and the remedy."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Detection, Flaw, Image
from attendance_app.domain.people import Course, FaceTemplate, Student
from attendance_app.services.face_reader import FaceReader, ReadFace
from attendance_app.services.jobs import JobContext
from attendance_app.services.photo_folders import PhotoFile, StudentName, match_label
from attendance_app.services.verdicts import FLAWS, REMEDIES, Verdict
from attendance_app.store.database import Store
from attendance_app.vision.crop import as_jpeg, cut
from attendance_app.vision.photo import photo_from_bytes
from attendance_app.vision.quality import ENROLMENT, SESSION, assess

LONGEST_SIDE = 1200
"""Photos are looked at in this size at most: a face that fills a tenth of the width is found and sharp enough."""
DOMINANT = 2.5
"""A face this many times larger than the next is the one that is meant."""
SURE_WHEN_TURNED = 0.5
"""Detection confidence asked of a face that is found only after turning the photo by a quarter."""
ANOTHER_BELOW = 0.42
"""A photo this near (Euclidean) to another student's and farther from the student's own is refused."""


@dataclass(frozen=True, slots=True)
class EnrolmentOrder:
    """What an enrolment is to do. ``consent`` is the ground to record for those who have none on record, if any."""

    course: Course
    create_missing: bool = False
    consent: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A file that was looked at and not saved yet.

    ``who`` is the student it goes to, a StudentName for one who would be created, None where nobody is meant.
    ``refusal`` is why it can't be enrolled, None when it can. ``thumbnail`` is the face (RGB) where one was found,
    ``other`` the look-alike, ``warning`` what is weak about a photo that serves, though a better one would serve
    better.
    """

    file: str
    who: Student | StudentName | None
    refusal: Verdict | None
    detail: str = ""
    thumbnail: Image | None = None
    other: Student | None = None
    warning: Flaw | None = None
    face: ReadFace | None = None
    photo_sha256: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """How one file of an enrolment ended."""

    candidate: Candidate
    student: Student | None
    verdict: Verdict

    @property
    def remedy(self) -> str:
        """What to do about a refusal, empty for an enrolled file."""
        return REMEDIES.get(self.verdict, "")


class _Refused(Exception):  # noqa: N818 - an answer, not an error
    """Ends the work on one file; carries what its candidate says."""

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

    def enrol(self, photos: Sequence[PhotoFile], order: EnrolmentOrder, job: JobContext) -> Iterator[Outcome]:
        """Examine and save one file after the other; each is saved when its outcome is yielded.

        Raises Cancelled between two files; what was yielded before stays.
        """
        for done, photo in enumerate(photos):
            job.raise_if_cancelled()
            job.report(done, len(photos))
            yield self.save(self.examine(photo, order), order)
        job.report(len(photos), len(photos))

    def examine(
        self, photo: PhotoFile, order: EnrolmentOrder, *, student: Student | StudentName | None = None
    ) -> Candidate:
        """Look at one file and change nothing. ``student`` overrules what the file's label says."""
        who = student
        try:
            if not photo.is_picture:
                raise _Refused(Verdict.NOT_A_PICTURE)
            who = student or self._named(photo, order)
            self._require_consent(who, order)
            return self._examine_picture(photo, who, order)
        except _Refused as refused:
            return Candidate(
                photo.name, who, refused.verdict, refused.detail, thumbnail=refused.thumbnail, other=refused.other
            )

    def save(self, candidate: Candidate, order: EnrolmentOrder) -> Outcome:
        """Keep the template of a candidate that was not refused.

        The student is put on the roster and the consent recorded either way: who has no photo is marked by hand.
        """
        who, face = candidate.who, candidate.face
        student = None if who is None else self._on_roster(who, order)
        if candidate.refusal is not None or student is None or face is None:
            return Outcome(candidate, student, candidate.refusal or Verdict.UNKNOWN_STUDENT)
        thumbnail = None if candidate.thumbnail is None else as_jpeg(candidate.thumbnail)
        self._store.templates.add(
            FaceTemplate(
                student_id=student.id,
                encoder_id=self._reader.encoder_id,
                encoding=face.encoding,
                photo_sha256=candidate.photo_sha256,
                quality=face.pose.quality.score,
                enrolled_at=self._clock(),
            ),
            thumbnail,
        )
        return Outcome(candidate, student, Verdict.ENROLLED)

    def _named(self, photo: PhotoFile, order: EnrolmentOrder) -> Student | StudentName:
        found = match_label(photo.label, self._store.students.of_course(order.course.id))
        if found is not None:
            return found
        if not order.create_missing:
            raise _Refused(Verdict.UNKNOWN_STUDENT, photo.label)
        named = photo.new_student
        return self._store.students.find(named.number) or named

    def _on_roster(self, who: Student | StudentName, order: EnrolmentOrder) -> Student:
        student = who
        if isinstance(student, StudentName):
            student = self._store.students.find(who.number) or self._store.students.add(who.number, who.name)
        self._store.students.enrol(order.course.id, student.id)
        if order.consent and self._store.consents.current(student.id) is None:
            self._store.consents.record(student.id, order.consent, self._clock())
        return student

    def _require_consent(self, who: Student | StudentName, order: EnrolmentOrder) -> None:
        held = isinstance(who, Student) and self._store.consents.current(who.id) is not None
        if not held and not order.consent:
            raise _Refused(Verdict.NO_CONSENT)

    def _examine_picture(self, photo: PhotoFile, who: Student | StudentName, order: EnrolmentOrder) -> Candidate:
        try:
            content = photo.content()
        except OSError as error:
            raise _Refused(Verdict.UNREADABLE, str(error)) from error
        digest = hashlib.sha256(content).hexdigest()
        own = who.id if isinstance(who, Student) else None
        if own in self._store.templates.owners_of_photo(digest, self._reader.encoder_id):
            raise _Refused(Verdict.ALREADY_ENROLLED)
        image, face = self._only_face(photo, content)
        box = face.pose.detection.box
        thumbnail = cut(image, box)
        if face.pose.quality.flaw is not None:
            raise _Refused(FLAWS[face.pose.quality.flaw], thumbnail=thumbnail)
        self._refuse_lookalike(face, own, order, thumbnail)
        weak = assess(image, box, face.pose.landmarks, gate=ENROLMENT).flaw
        return Candidate(photo.name, who, None, thumbnail=thumbnail, warning=weak, face=face, photo_sha256=digest)

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

    def _refuse_lookalike(self, face: ReadFace, own: int | None, order: EnrolmentOrder, thumbnail: Image) -> None:
        gallery = self._store.templates.gallery(order.course.id, self._reader.encoder_id)
        if not len(gallery.encodings):
            return
        distances: NDArray[np.float32] = np.linalg.norm(gallery.encodings - face.encoding, axis=1)
        is_own = np.array([gallery.students[owner].id == own for owner in gallery.owners])
        nearest = int(np.where(is_own, np.inf, distances).argmin())
        if is_own[nearest] or distances[nearest] >= min(ANOTHER_BELOW, distances[is_own].min(initial=np.inf)):
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
