"""Face templates: encodings of enrolled photos, with a small picture each."""

from collections.abc import Sequence

from sqlalchemy import Row, func, select

from attendance_app.domain.faces import Encoding
from attendance_app.domain.people import FAR_FROM, WEAK_BELOW, Consent, FaceTemplate, Gallery, Student
from attendance_app.store.changes import Topic
from attendance_app.store.consents import consent_of, current_consent
from attendance_app.store.errors import ConsentWithdrawnSince, NoConsent, OtherEncoder, PhotoEnrolledAlready
from attendance_app.store.heads import drop_heads_of
from attendance_app.store.inverses import PutTemplate, RemoveTemplate
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import EnrolmentRow, FaceTemplateRow, FaceThumbnailRow, StudentRow
from attendance_app.store.scrub import ask_for_scrub
from attendance_app.store.student_rows import student_row, students_of_course

# numpy, behind ``store.encodings``, is loaded with the first template: the window opens sooner without it.


_Enrolled = Row[int, bytes, float | None, bytes | None, str]


def template_of(row: FaceTemplateRow) -> FaceTemplate:
    from attendance_app.store.encodings import encoding_of

    return FaceTemplate(
        id=row.id,
        student_id=row.student_id,
        encoder_id=row.encoder_id,
        encoding=encoding_of(row.encoding),
        photo_sha256=row.photo_sha256,
        quality=row.quality,
        enrolled_at=row.enrolled_at,
        face_px=row.face_px,
        far_encoding=None if row.far_encoding is None else encoding_of(row.far_encoding),
    )


class TemplateReads(Reads):
    """Templates of students with a consent on record; encodings of different encoders are never mixed."""

    def owners_of_photo(self, photo_sha256: str, encoder_id: str) -> tuple[int, ...]:
        """Return the ids of the students for whom this very file is enrolled."""
        query = select(FaceTemplateRow.student_id).where(
            FaceTemplateRow.photo_sha256 == photo_sha256, FaceTemplateRow.encoder_id == encoder_id
        )
        with self._read() as session:
            return tuple(session.scalars(query))

    def of_student(self, student_id: int, encoder_id: str | None = None) -> tuple[FaceTemplate, ...]:
        """Return a student's templates, oldest first; of one encoder or of all."""
        query = select(FaceTemplateRow).where(FaceTemplateRow.student_id == student_id)
        if encoder_id is not None:
            query = query.where(FaceTemplateRow.encoder_id == encoder_id)
        with self._read() as session:
            return tuple(template_of(row) for row in session.scalars(query.order_by(FaceTemplateRow.id)))

    def thumbnail(self, template_id: int) -> bytes | None:
        """Return the JPEG kept with a template, if any."""
        with self._read() as session:
            return session.scalar(select(FaceThumbnailRow.jpeg).where(FaceThumbnailRow.template_id == template_id))

    def counts(self, course_id: int) -> dict[int, int]:
        """Return how many templates every student of a course has who has any, by student id."""
        query = (
            select(FaceTemplateRow.student_id, func.count().label("templates"))
            .join(EnrolmentRow, EnrolmentRow.student_id == FaceTemplateRow.student_id)
            .where(EnrolmentRow.course_id == course_id)
            .group_by(FaceTemplateRow.student_id)
        )
        with self._read() as session:
            return {row.student_id: row.templates for row in session.execute(query)}

    def weak_only(self, course_id: int) -> frozenset[int]:
        """Return the students of a course, by id, whose enrolled photos are all weak."""
        # A photo of unknown size is not weak, and the greatest of sizes leaves it out.
        known = func.coalesce(FaceTemplateRow.face_px, WEAK_BELOW)
        query = (
            select(FaceTemplateRow.student_id)
            .join(EnrolmentRow, EnrolmentRow.student_id == FaceTemplateRow.student_id)
            .where(EnrolmentRow.course_id == course_id)
            .group_by(FaceTemplateRow.student_id)
            .having(func.max(known) < WEAK_BELOW)
        )
        with self._read() as session:
            return frozenset(session.scalars(query))

    def portraits(self, course_id: int) -> dict[int, bytes]:
        """Return the best template's thumbnail (JPEG) of every student of a course that has one, by student id."""
        query = (
            select(FaceTemplateRow.student_id, FaceThumbnailRow.jpeg)
            .join(FaceThumbnailRow, FaceThumbnailRow.template_id == FaceTemplateRow.id)
            .join(EnrolmentRow, EnrolmentRow.student_id == FaceTemplateRow.student_id)
            .where(EnrolmentRow.course_id == course_id)
            .order_by(FaceTemplateRow.quality)
        )
        with self._read() as session:
            # The best comes last, and so stays in the dictionary.
            return {row.student_id: row.jpeg for row in session.execute(query)}

    def gallery(self, course_id: int, encoder_id: str) -> Gallery:
        """Return the templates that a session of the course may compare with.

        Raises KnownError when the course has templates, but none of this encoder: they can't be compared.
        """
        with self._read() as session:
            students = students_of_course(session, course_id)
            of_course = (
                select(
                    FaceTemplateRow.student_id,
                    FaceTemplateRow.encoding,
                    FaceTemplateRow.face_px,
                    FaceTemplateRow.far_encoding,
                    FaceTemplateRow.encoder_id,
                )
                .join(EnrolmentRow, EnrolmentRow.student_id == FaceTemplateRow.student_id)
                .join(StudentRow, StudentRow.id == FaceTemplateRow.student_id)
                .where(EnrolmentRow.course_id == course_id, StudentRow.archived.is_(False))
                .order_by(FaceTemplateRow.id)
            )
            found = session.execute(of_course).all()
        # Encodings of two networks lie in two spaces; their distances would mean nothing.
        ours = [row for row in found if row.encoder_id == encoder_id]
        if found and not ours:
            raise OtherEncoder(other=tuple(sorted({row.encoder_id for row in found})))
        return _gallery(encoder_id, students, ours)

    def without_far(self, course_id: int, encoder_id: str) -> dict[int, bytes]:
        """Return the thumbnails (JPEG) of a course's templates that lack a ``far_encoding``, by template id."""
        # A photo of unknown size counts as large.
        query = (
            select(FaceTemplateRow.id, FaceThumbnailRow.jpeg)
            .join(FaceThumbnailRow, FaceThumbnailRow.template_id == FaceTemplateRow.id)
            .join(EnrolmentRow, EnrolmentRow.student_id == FaceTemplateRow.student_id)
            .where(
                EnrolmentRow.course_id == course_id,
                FaceTemplateRow.encoder_id == encoder_id,
                FaceTemplateRow.far_encoding.is_(None),
                func.coalesce(FaceTemplateRow.face_px, FAR_FROM) >= FAR_FROM,
            )
        )
        with self._read() as session:
            return {row.id: row.jpeg for row in session.execute(query)}


class TemplateWrites(TemplateReads, Writes):
    """Templates inside a transaction."""

    def add(self, template: FaceTemplate, thumbnail: bytes | None = None) -> FaceTemplate:
        """Store a template and its thumbnail (JPEG). Raises KnownError without consent, or if the photo is enrolled."""
        student = student_row(self._session, template.student_id)
        if current_consent(self._session, template.student_id) is None:
            raise NoConsent(number=student.number)
        # The constraint refuses it as well, but its error names no student.
        if self._is_enrolled(template):
            raise PhotoEnrolledAlready(number=student.number)
        row = _row(template)
        self._session.add(row)
        self._session.flush()
        if thumbnail is not None:
            self._session.add(FaceThumbnailRow(template_id=row.id, jpeg=thumbnail))
        self._log.note(Topic.FACES, RemoveTemplate(row.student_id, row.id, row.enrolled_at))
        return template_of(row)

    def _is_enrolled(self, template: FaceTemplate) -> bool:
        query = select(FaceTemplateRow.id).where(
            FaceTemplateRow.student_id == template.student_id,
            FaceTemplateRow.photo_sha256 == template.photo_sha256,
            FaceTemplateRow.encoder_id == template.encoder_id,
        )
        return self._session.scalar(query) is not None

    def delete(self, template_id: int) -> None:
        """Delete one enrolled photo, and the head trained with it."""
        row = self._session.get(FaceTemplateRow, template_id)
        if row is None:
            return
        consent = current_consent(self._session, row.student_id)
        # Collected before the row is deleted: the inverse holds all of it.
        back = PutTemplate(
            row.student_id,
            template_of(row),
            self.thumbnail(template_id),
            None if consent is None else consent_of(consent),
        )
        self._session.delete(row)
        self._session.flush()
        drop_heads_of(self._session, back.student_id)
        ask_for_scrub(self._session, self._log)
        self._log.note(Topic.FACES, back)

    def set_far(self, template_id: int, far_encoding: Encoding) -> None:
        """Add what was not made when the photo was enrolled; nothing for a template that is gone."""
        from attendance_app.store.encodings import bytes_of

        row = self._session.get(FaceTemplateRow, template_id)
        if row is not None:
            row.far_encoding = bytes_of(far_encoding)

    def put_back(self, template: FaceTemplate, thumbnail: bytes | None, consent: Consent | None) -> None:
        """Undo ``delete``. Raises ConsentWithdrawnSince unless ``consent``, the photo's own, is current."""
        row = current_consent(self._session, template.student_id)
        if row is None or consent_of(row) != consent:
            raise ConsentWithdrawnSince
        self.add(template, thumbnail)


def _row(template: FaceTemplate) -> FaceTemplateRow:
    from attendance_app.store.encodings import bytes_of

    return FaceTemplateRow(
        student_id=template.student_id,
        encoder_id=template.encoder_id,
        encoding=bytes_of(template.encoding),
        photo_sha256=template.photo_sha256,
        quality=template.quality,
        enrolled_at=template.enrolled_at,
        face_px=template.face_px,
        far_encoding=None if template.far_encoding is None else bytes_of(template.far_encoding),
    )


def _gallery(encoder_id: str, students: tuple[Student, ...], owned: Sequence[_Enrolled]) -> Gallery:
    from attendance_app.store.encodings import encodings_of, far_encodings_of, places_of, sizes_of

    index = {student.id: position for position, student in enumerate(students)}
    return Gallery(
        encoder_id=encoder_id,
        students=students,
        encodings=encodings_of([row.encoding for row in owned]),
        owners=places_of([index[row.student_id] for row in owned]),
        face_px=sizes_of([row.face_px for row in owned]),
        far_encodings=far_encodings_of([row.far_encoding for row in owned]),
    )
