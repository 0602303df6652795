"""Photos in, face templates out: every file is either enrolled, or refused with the reason and the remedy."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

import numpy as np

from attendance_app.domain.errors import Cancelled, SourceError
from attendance_app.domain.faces import Box, Detection, Encoding, Flaw, Image
from attendance_app.domain.people import FAR_FROM, Course, FaceTemplate, Student, is_weak
from attendance_app.services.face_reader import FaceReader, ReadFace
from attendance_app.services.jobs import JobContext
from attendance_app.services.kept_photos import has_good_photo, keep_photo
from attendance_app.services.photo_comparison import ComparisonResult, LabelledPhoto, compare_photos
from attendance_app.services.photo_folders import PhotoFile, StudentName, match_label
from attendance_app.services.upright import find_upright, turned_by_hand
from attendance_app.services.verdicts import FLAWS, Doubt, Verdict
from attendance_app.store.changes import NO_CHANGES, Changes
from attendance_app.store.database import Store
from attendance_app.store.templates import TemplateReads
from attendance_app.store.unit import Transaction
from attendance_app.vision.crop import as_jpeg, cut
from attendance_app.vision.detect import Detector
from attendance_app.vision.photo import has_orientation, photo_from_bytes
from attendance_app.vision.quality import ENROLLABLE, ENROLMENT, assess, resolved_px

LONGEST_SIDE = 1200
"""Photos are reduced to this longest side: a face that fills a tenth of the width is still found and sharp enough."""
DOMINANT = 2.5
"""A face that is this many times larger than the next one is taken for the student's."""
COMPARABLE = frozenset(
    {None, Verdict.LOOKS_LIKE_ANOTHER, Verdict.SAME_PHOTO, Verdict.LISTED_TWICE, Verdict.BETTER_THERE}
)
"""Refusals that ``compare`` sets and removes."""


@dataclass(frozen=True, slots=True)
class EnrolmentOrder:
    """Options of an enrolment.

    ``consent`` is the ground that is recorded for students who have none on record. ``without_photo`` also enters
    students and consents of refused photos: a student without a photo is marked by hand.
    """

    course: Course
    create_missing: bool = False
    consent: str | None = None
    without_photo: bool = False


@dataclass(frozen=True, slots=True)
class PhotoInstructions:
    """What the teacher has set for a photo.

    ``student``: whose it is. ``face``: which face is the student's, an index into ``ExaminedPhoto.boxes``. ``sure``: it
    is this student even if another one looks similar. ``quarters``: quarter turns to the left.
    """

    student: Student | StudentName | None = None
    face: int | None = None
    sure: bool = False
    quarters: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedPhoto:
    """A file that was examined and not saved yet.

    ``who`` is its student, a StudentName for one who would be created, None when the label names nobody. ``refusal`` is
    why it can't be enrolled, None when it can. ``thumbnail`` is the face (RGB) where one was found, ``other`` the
    student it looks like, ``warning`` a weakness of an acceptable photo, ``doubt`` a sign that it may show somebody
    else. ``boxes`` are the faces found, largest first, in the photo reduced to ``LONGEST_SIDE`` and turned by
    ``quarters`` to the left. ``error`` is why the file can't be read. ``far_encoding`` as of ``FaceTemplate``.
    """

    file: str
    who: Student | StudentName | None
    refusal: Verdict | None
    detail: str = ""
    thumbnail: Image | None = None
    other: Student | StudentName | None = None
    warning: Flaw | None = None
    doubt: Doubt | None = None
    face: ReadFace | None = None
    far_encoding: Encoding | None = None
    photo_sha256: str = ""
    boxes: tuple[Box, ...] = ()
    quarters: int = 0
    sure: bool = False
    error: SourceError | None = None

    @property
    def weak(self) -> bool:
        """Whether its face is so small or blurred that the photo is kept only until there is a better one."""
        return self.face is not None and is_weak(resolved_px(self.face.pose.quality))


@dataclass(frozen=True, slots=True, eq=False)
class EnrolmentResult:
    """The result for one file of an enrolment, and what was committed for it.

    ``replaced``: how many weak photos of the student it has replaced.
    """

    candidate: ExaminedPhoto
    student: Student | None
    verdict: Verdict
    changes: Changes = NO_CHANGES
    replaced: int = 0


class _Refused(Exception):  # noqa: N818 - an answer, not an error
    """Ends the work on one file."""

    def __init__(self, verdict: Verdict, detail: str = "", *, error: SourceError | None = None) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.detail = detail
        self.error = error


class Enrolment:
    """Makes face templates for the students of a course; one photo, one transaction.

    ``hog`` is dlib's frontal detector, which says whether a face is upright.
    """

    def __init__(self, store: Store, reader: FaceReader, *, hog: Detector, clock: Callable[[], datetime]) -> None:
        self._store = store
        self.reader = reader
        self._hog = hog
        self._clock = clock

    def enrol(self, photos: Sequence[PhotoFile], order: EnrolmentOrder, job: JobContext) -> Iterator[EnrolmentResult]:
        """Examine all files, compare them, and save them one by one; each result is yielded after its commit.

        Raises Cancelled when stopped; the files examined by then are saved and yielded first.
        """
        looked: list[ExaminedPhoto] = []
        stopped: Cancelled | None = None
        try:
            for done, photo in enumerate(photos):
                job.raise_if_cancelled()
                job.report(done, len(photos))
                looked.append(self.look(photo, order))
        except Cancelled as cancelled:
            stopped = cancelled
        # A stop in between keeps the work of minutes: what was examined by then is enrolled.
        for candidate in self.compare(looked, order):
            yield self.save(candidate, order)
        if stopped is not None:
            raise stopped
        job.report(len(photos), len(photos))

    def look(self, photo: PhotoFile, order: EnrolmentOrder, choice: PhotoInstructions | None = None) -> ExaminedPhoto:
        """Examine one file without changing anything. ``choice`` overrides what the file's label says.

        ``compare`` decides whether the photo shows the right student, because that needs all photos of the batch.
        """
        choice = choice or PhotoInstructions()
        found = ExaminedPhoto(photo.name, choice.student, None, quarters=choice.quarters or 0, sure=choice.sure)
        try:
            if photo.error is not None:
                raise _Refused(Verdict.UNREADABLE, error=photo.error)
            if not photo.is_picture:
                raise _Refused(Verdict.NOT_A_PICTURE)
            found = replace(found, who=choice.student or self._named(photo, order))
            self._require_consent(found.who, order)
            found, content = self._read(photo, found)
            found, image = self._faces(photo, content, found, choice)
            return self._judge(image, found, self._which(found, choice))
        except _Refused as refused:
            return replace(found, refusal=refused.verdict, detail=refused.detail, error=refused.error)

    def compare(self, candidates: Sequence[ExaminedPhoto], order: EnrolmentOrder) -> list[ExaminedPhoto]:
        """Refuse examined photos that seem to show another student, are listed twice, or are weak beside a good one.

        They are compared with the course's enrolled photos and with each other. Call it again with the whole list after
        any change: earlier refusals of this kind are removed first.
        """
        compared = [self._uncompared(candidate) for candidate in candidates]
        seen: set[tuple[str, str]] = set()
        rows: list[int] = []
        for row, candidate in enumerate(compared):
            if candidate.refusal is not None or candidate.face is None or candidate.who is None:
                continue
            # By number: a student who would be created has no id yet.
            key = (candidate.who.number, candidate.photo_sha256)
            if key in seen:
                compared[row] = replace(candidate, refusal=Verdict.LISTED_TWICE)
            else:
                seen.add(key)
                rows.append(row)
        enrolled = self._enrolled(order.course)
        people: dict[str, Student | StudentName] = {student.number: student for _, student in enrolled}
        people |= {one.who.number: one.who for one in compared if one.who is not None}
        photos = [_compared(compared[row]) for row in rows]
        findings = compare_photos(photos, [one for one, _ in enrolled])
        for row, finding in zip(rows, findings, strict=True):
            compared[row] = _judged(compared[row], finding, people)
        return self._without_weak(compared)

    def examine(
        self, photo: PhotoFile, order: EnrolmentOrder, choice: PhotoInstructions | None = None
    ) -> ExaminedPhoto:
        """Look at a single file and compare it with what is enrolled."""
        return self.compare([self.look(photo, order, choice)], order)[0]

    def save(self, candidate: ExaminedPhoto, order: EnrolmentOrder) -> EnrolmentResult:
        """Call ``enter`` in its own transaction."""
        with self._store.write() as tx:
            outcome = self.enter(tx, candidate, order)
        return replace(outcome, changes=tx.changes)

    def enter(self, tx: Transaction, candidate: ExaminedPhoto, order: EnrolmentOrder) -> EnrolmentResult:
        """Store the template of an accepted candidate, and put its student on the roster with the consent.

        Nothing of a refused candidate is stored, unless the order asks for students without a photo.
        """
        if candidate.refusal is None and candidate.weak and self._has_good(candidate.who, tx.templates):
            # One that was enrolled since the photos were compared.
            candidate = replace(candidate, refusal=Verdict.BETTER_THERE)
        who, face = candidate.who, candidate.face
        enters = candidate.refusal is None or order.without_photo
        student = None if who is None or not enters else self._on_roster(tx, who, order)
        if candidate.refusal is not None or student is None or face is None:
            return EnrolmentResult(candidate, student, candidate.refusal or Verdict.UNKNOWN_STUDENT)
        template = FaceTemplate(
            student_id=student.id,
            encoder_id=self.reader.encoder_id,
            encoding=face.encoding,
            photo_sha256=candidate.photo_sha256,
            quality=face.pose.quality.score,
            enrolled_at=self._clock(),
            face_px=resolved_px(face.pose.quality),
            far_encoding=candidate.far_encoding,
        )
        thumbnail = None if candidate.thumbnail is None else as_jpeg(candidate.thumbnail)
        return EnrolmentResult(candidate, student, Verdict.ENROLLED, replaced=keep_photo(tx, template, thumbnail))

    # -- whose photo

    def _named(self, photo: PhotoFile, order: EnrolmentOrder) -> Student | StudentName:
        found = match_label(photo.label, self._store.students.of_course(order.course.id))
        if found is not None:
            return found
        if not order.create_missing:
            raise _Refused(Verdict.UNKNOWN_STUDENT, photo.label)
        named = photo.new_student
        # A student of another course may have the number already.
        return self._store.students.find(named.number) or named

    def _on_roster(self, tx: Transaction, who: Student | StudentName, order: EnrolmentOrder) -> Student:
        known = who if isinstance(who, Student) else tx.students.find(who.number)
        student = known or tx.students.add(who.number, who.name)
        tx.enrolments.add(order.course.id, student.id)
        # Before the template: the store takes none without a current consent.
        if order.consent and tx.consents.current(student.id) is None:
            tx.consents.record(student.id, order.consent, self._clock())
        return student

    def _require_consent(self, who: Student | StudentName | None, order: EnrolmentOrder) -> None:
        held = isinstance(who, Student) and self._store.consents.current(who.id) is not None
        if not held and not order.consent:
            raise _Refused(Verdict.NO_CONSENT)

    # -- what else is known of the student

    def _without_weak(self, compared: list[ExaminedPhoto]) -> list[ExaminedPhoto]:
        """Refuse weak photos of students of whom a good one is enrolled or among the accepted ones."""
        good = {one.who.number for one in compared if one.refusal is None and one.who is not None and not one.weak}
        return [
            replace(one, refusal=Verdict.BETTER_THERE)
            if one.refusal is None
            and one.weak
            and one.who is not None
            and (one.who.number in good or self._has_good(one.who, self._store.templates))
            else one
            for one in compared
        ]

    def _has_good(self, who: Student | StudentName | None, templates: TemplateReads) -> bool:
        # One who would be created has no photo.
        return isinstance(who, Student) and has_good_photo(templates, who.id, self.reader.encoder_id)

    def _enrolled(self, course: Course) -> list[tuple[LabelledPhoto, Student]]:
        gallery = self._store.templates.gallery(course.id, self.reader.encoder_id)
        owners = [gallery.students[owner] for owner in gallery.owners]
        sizes = [None] * len(owners) if gallery.face_px is None else gallery.face_px
        return [
            (LabelledPhoto(student.number, encoding, weak=is_weak(face_px)), student)
            for encoding, face_px, student in zip(gallery.encodings, sizes, owners, strict=True)
        ]

    @staticmethod
    def _uncompared(candidate: ExaminedPhoto) -> ExaminedPhoto:
        # Other refusals, as for no face, do not depend on the batch.
        if candidate.refusal not in COMPARABLE:
            return candidate
        return replace(candidate, refusal=None, detail="", other=None, doubt=None)

    # -- what it shows

    def _read(self, photo: PhotoFile, found: ExaminedPhoto) -> tuple[ExaminedPhoto, bytes]:
        try:
            # Read only now, one file at a time: a zip of a class may hold gigabytes.
            content = photo.content()
        except OSError as error:
            raise _Refused(Verdict.UNREADABLE, error.strerror or str(error)) from None
        except SourceError as error:
            raise _Refused(Verdict.UNREADABLE, error=_without_traceback(error)) from None
        digest = hashlib.sha256(content).hexdigest()
        own = found.who.id if isinstance(found.who, Student) else None
        # Before decoding and searching, which take the time.
        if own in self._store.templates.owners_of_photo(digest, self.reader.encoder_id):
            raise _Refused(Verdict.ALREADY_ENROLLED)
        return replace(found, photo_sha256=digest), content

    def _faces(
        self, photo: PhotoFile, content: bytes, candidate: ExaminedPhoto, choice: PhotoInstructions
    ) -> tuple[ExaminedPhoto, Image]:
        try:
            image = photo_from_bytes(content, name=PurePosixPath(photo.name).name, longest_side=LONGEST_SIDE)
        except SourceError as error:
            raise _Refused(Verdict.UNREADABLE, error=_without_traceback(error)) from None
        if choice.quarters is not None:
            found = turned_by_hand(self.reader, self._hog, image, choice.quarters)
        else:
            found = find_upright(self.reader, self._hog, image, trusted=has_orientation(content))
        if not found.faces:
            raise _Refused(Verdict.NO_FACE)
        boxes = tuple(sorted((one.box for one in found.faces), key=lambda box: box.area, reverse=True))
        turned = replace(candidate, boxes=boxes, quarters=found.quarters, thumbnail=cut(found.image, boxes[0]))
        return turned, found.image

    @staticmethod
    def _which(found: ExaminedPhoto, choice: PhotoInstructions) -> int | None:
        """Return which face is the student's: the chosen one, else the one that is much larger than the others."""
        boxes = found.boxes
        if choice.face is not None and choice.face < len(boxes):
            return choice.face
        return 0 if len(boxes) == 1 or boxes[0].area >= DOMINANT * boxes[1].area else None

    def _judge(self, image: Image, found: ExaminedPhoto, which: int | None) -> ExaminedPhoto:
        if which is None:
            return replace(found, refusal=Verdict.SEVERAL_FACES, detail=str(len(found.boxes)))
        box = found.boxes[which]
        # This gate refuses; the stricter one, below, only warns.
        face = self.reader.read(image, [Detection(box, 1.0)], gate=ENROLLABLE)[0]
        flaw = face.pose.quality.flaw
        weak = None if flaw is not None else assess(image, box, face.pose.landmarks, gate=ENROLMENT).flaw
        refusal = None if flaw is None else FLAWS[flaw]
        far = None
        if refusal is None and resolved_px(face.pose.quality) >= FAR_FROM:
            far = self.reader.encode_afar(face.chip[np.newaxis])[0]
        return replace(found, refusal=refusal, thumbnail=cut(image, box), warning=weak, face=face, far_encoding=far)


def _without_traceback(error: SourceError) -> SourceError:
    """Take traceback and causes off an error, which would keep the file's bytes in memory, and return it."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _compared(candidate: ExaminedPhoto) -> LabelledPhoto:
    assert candidate.who is not None
    assert candidate.face is not None
    return LabelledPhoto(candidate.who.number, candidate.face.encoding, candidate.sure, candidate.weak)


def _judged(
    candidate: ExaminedPhoto, finding: ComparisonResult, people: dict[str, Student | StudentName]
) -> ExaminedPhoto:
    """Add the result of the comparison to the candidate."""
    other = None if finding.other is None else people[finding.other]
    if finding.refused and other is not None:
        verdict = Verdict.SAME_PHOTO if finding.same_picture else Verdict.LOOKS_LIKE_ANOTHER
        return replace(candidate, refusal=verdict, detail=f"{other.number} {other.name}", other=other)
    doubt = Doubt.LIKE_ANOTHER if other is not None else Doubt.UNLIKE_OWN if finding.unlike else None
    return replace(candidate, doubt=doubt, other=other)
