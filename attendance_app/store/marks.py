"""Marks: one per student and session, with their history."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from attendance_app.domain.marks import MarkSetting, arrival_by_hand, setting_of, undone_mark
from attendance_app.domain.people import tidy
from attendance_app.domain.sessions import Evidence, Mark, MarkChange, MarkedBy, Status
from attendance_app.store.changes import Topic
from attendance_app.store.errors import SessionInUse
from attendance_app.store.inverses import ReplaceMark, RestoreMark
from attendance_app.store.mark_rows import fill_mark_row, log_change, mark_of, mark_row, marked_students, put_marks
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import MarkHistoryRow, MarkRow, SessionRow, StudentRow
from attendance_app.store.sessions import session_of, session_row
from attendance_app.store.student_rows import student_row, students_of_course


class MarkReads(Reads):
    """The marks of the register."""

    def get(self, session_id: int, student_id: int) -> Mark | None:
        """Return a student's mark in a session, if there is one."""
        with self._read() as session:
            row = mark_row(session, session_id, student_id)
            return None if row is None else mark_of(row)

    def of_session(self, session_id: int) -> tuple[Mark, ...]:
        """Return a session's marks in the order they were first made."""
        query = select(MarkRow).where(MarkRow.session_id == session_id).order_by(MarkRow.id)
        with self._read() as session:
            return tuple(mark_of(row) for row in session.scalars(query))

    def of_course(self, course_id: int) -> tuple[Mark, ...]:
        """Return all marks of a course's sessions, oldest session first."""
        query = (
            select(MarkRow).join(SessionRow).where(SessionRow.course_id == course_id, SessionRow.deleted_at.is_(None))
        )
        with self._read() as session:
            ordered = query.order_by(SessionRow.started_at, SessionRow.id, MarkRow.id)
            return tuple(mark_of(row) for row in session.scalars(ordered))

    def of_student(self, student_id: int) -> tuple[Mark, ...]:
        """Return all marks of a student, oldest session first."""
        query = (
            select(MarkRow).join(SessionRow).where(MarkRow.student_id == student_id, SessionRow.deleted_at.is_(None))
        )
        with self._read() as session:
            ordered = query.order_by(SessionRow.started_at, SessionRow.id)
            return tuple(mark_of(row) for row in session.scalars(ordered))

    def history(self, session_id: int, student_id: int | None = None) -> tuple[MarkChange, ...]:
        """Return who changed what and when, oldest first; of one student or of the whole session."""
        query = select(MarkHistoryRow).where(MarkHistoryRow.session_id == session_id).order_by(MarkHistoryRow.id)
        if student_id is not None:
            query = query.where(MarkHistoryRow.student_id == student_id)
        with self._read() as session:
            return tuple(_change_of(row) for row in session.scalars(query))

    def revision(self, session_id: int) -> int:
        """Return the number of the newest line of a session's history, 0 where there is none."""
        query = select(func.max(MarkHistoryRow.id)).where(MarkHistoryRow.session_id == session_id)
        with self._read() as session:
            return session.scalar(query) or 0

    def as_of(self, session_id: int, revision: int) -> dict[int, MarkChange]:
        """Return each student's newest line of history up to a ``revision``, by the student's id."""
        query = (
            select(MarkHistoryRow)
            .where(MarkHistoryRow.session_id == session_id, MarkHistoryRow.id <= revision)
            .order_by(MarkHistoryRow.id)
        )
        with self._read() as session:
            return {row.student_id: _change_of(row) for row in session.scalars(query)}

    def changed_since(self, session_id: int, revision: int) -> frozenset[int]:
        """Return the ids of the students whose mark has a line of history after a ``revision``."""
        query = select(MarkHistoryRow.student_id).where(
            MarkHistoryRow.session_id == session_id, MarkHistoryRow.id > revision
        )
        with self._read() as session:
            return frozenset(session.scalars(query))


class MarkWrites(MarkReads, Writes):
    """Marks inside a transaction; they are merged with present ones by ``domain.marks.merge_marks``."""

    def record(self, marks: Sequence[Mark]) -> tuple[Mark, ...]:
        """Merge the camera's marks and return the result, without students erased meanwhile.

        They are observations, not an action, so they can't be undone. Raises NotFoundError for an unknown session.
        """
        for session_id in {mark.session_id for mark in marks}:
            session_row(self._session, session_id)
        ids = {mark.student_id for mark in marks}
        # A student may be erased between the frame and the commit; the other marks must not fail with theirs.
        known = set(self._session.scalars(select(StudentRow.id).where(StudentRow.id.in_(ids))))
        self._log.note(Topic.MARKS)
        return put_marks(self._session, [mark for mark in marks if mark.student_id in known])

    def set(
        self,
        session_id: int,
        student_id: int,
        status: Status,
        at: datetime,
        remark: str | None = None,
        *,
        confirms: Evidence | None = None,
        arrived_at: datetime | None = None,
    ) -> Mark:
        """Set a mark by hand; the camera doesn't override it. Raises NotFoundError.

        ``remark`` None keeps the present one. ``confirms``: the evidence of the camera's doubt that the mark settles.
        ``arrived_at`` None: by ``domain.marks.arrival_by_hand``.
        """
        session = session_of(session_row(self._session, session_id))
        student_row(self._session, student_id)
        row = mark_row(self._session, session_id, student_id)
        before = None if row is None else mark_of(row)
        if remark is None:
            remark = "" if before is None else before.remark
        self._log.note(Topic.MARKS, RestoreMark(session_id, student_id, None if before is None else setting_of(before)))
        mark = Mark(
            session_id,
            student_id,
            status,
            MarkedBy.TEACHER,
            at,
            evidence=confirms,
            remark=tidy(remark),
            arrived_at=arrived_at or arrival_by_hand(before, status, at, session),
        )
        return put_marks(self._session, [mark])[0]

    def fill(self, session_id: int, status: Status, at: datetime) -> tuple[Mark, ...]:
        """Mark, by hand, every student of the roster who has no mark yet; return the new marks only."""
        course_id = session_row(self._session, session_id).course_id
        marked = marked_students(self._session, session_id)
        blank = [student for student in students_of_course(self._session, course_id) if student.id not in marked]
        if blank:
            self._log.note(Topic.MARKS, *(RestoreMark(session_id, student.id, None) for student in blank))
        marks = [Mark(session_id, student.id, status, MarkedBy.TEACHER, at) for student in blank]
        return put_marks(self._session, marks)

    def take_back(self, session_id: int, student_id: int, before: MarkSetting | None, at: datetime) -> Mark | None:
        """Undo a mark by hand (``domain.marks.undone_mark``); the history gets a line by the teacher.

        Raises NotFoundError.
        """
        session = session_of(session_row(self._session, session_id))
        student_row(self._session, student_id)
        row = mark_row(self._session, session_id, student_id)
        if row is None:
            result = None if before is None else _mark(session_id, student_id, before)
        else:
            result = undone_mark(mark_of(row), before, session)
        if row is None and result is None:
            return None
        old, new = None if row is None else row.status, None if result is None else result.status
        # Author and time for the line of history, which takes old and new status from the arguments.
        by_hand = Mark(session_id, student_id, new or Status.ABSENT, MarkedBy.TEACHER, at)
        log_change(self._session, by_hand, old=old, new=new, at=at)
        self._log.note(Topic.MARKS)
        self._replace(row, result)
        return result

    def put_back(self, was: Mark | None, now: Mark | None, at: datetime) -> None:
        """Put a mark in the place of another, whoever made it; the history gets a line by the teacher.

        ``was`` None: there is none, ``now`` None: there shall be none. Raises SessionInUse where the mark has been
        changed since, NotFoundError.
        """
        key = now or was
        assert key is not None
        student_row(self._session, key.student_id)
        row = mark_row(self._session, key.session_id, key.student_id)
        if (None if row is None else mark_of(row)) != was:
            raise SessionInUse(name=str(key.session_id))
        if was == now:
            return
        old, new = None if was is None else was.status, None if now is None else now.status
        if old is not new:
            log_change(self._session, replace(key, marked_by=MarkedBy.TEACHER), old=old, new=new, at=at)
        self._log.note(Topic.MARKS, ReplaceMark(key.session_id, key.student_id, was, now))
        self._replace(row, now)
        # The inverse compares with what is stored.
        self._session.flush()

    def _replace(self, row: MarkRow | None, mark: Mark | None) -> None:
        if mark is None:
            if row is not None:
                self._session.delete(row)
                # As in ``take_away_absences``: SQLAlchemy would send a new mark before this deletion.
                self._session.flush()
            return
        if row is None:
            row = MarkRow(session_id=mark.session_id, student_id=mark.student_id)
            self._session.add(row)
        fill_mark_row(row, mark)


def _mark(session_id: int, student_id: int, setting: MarkSetting) -> Mark:
    return Mark(
        session_id,
        student_id,
        setting.status,
        setting.marked_by,
        setting.marked_at,
        remark=setting.remark,
        arrived_at=setting.arrived_at,
    )


def _change_of(row: MarkHistoryRow) -> MarkChange:
    return MarkChange(
        session_id=row.session_id,
        student_id=row.student_id,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        old=row.old_status,
        new=row.new_status,
        remark=row.remark,
    )
