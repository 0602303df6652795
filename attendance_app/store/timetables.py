"""Timetables: terms, weekly times and holidays of a course."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import tidy
from attendance_app.domain.timetable import Period, Timetable, WeeklyLesson
from attendance_app.store.changes import Topic
from attendance_app.store.courses import course_row
from attendance_app.store.inverses import PutTimetable
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import TimetablePeriodRow, WeeklyLessonRow


class TimetableReads(Reads):
    """When courses meet."""

    def of_course(self, course_id: int) -> Timetable:
        """Return a course's timetable, in the order of time; an empty one where nothing was entered."""
        with self._read() as session:
            return _timetable(session, course_id)


class TimetableWrites(TimetableReads, Writes):
    """Timetables inside a transaction."""

    def put(self, course_id: int, timetable: Timetable) -> Timetable:
        """Give a course this timetable in place of the one it has; return it as stored. Raises NotFoundError."""
        course_row(self._session, course_id)
        before = _timetable(self._session, course_id)
        after = timetable.in_order()
        if after != before:
            self._log.note(Topic.COURSES, PutTimetable(course_id, before))
            for kind in (TimetablePeriodRow, WeeklyLessonRow):
                self._session.execute(delete(kind).where(kind.course_id == course_id))
            self._session.add_all(_rows(course_id, after))
            self._session.flush()
        return after


def _timetable(session: OrmSession, course_id: int) -> Timetable:
    periods = list(session.scalars(select(TimetablePeriodRow).where(TimetablePeriodRow.course_id == course_id)))
    lessons = session.scalars(select(WeeklyLessonRow).where(WeeklyLessonRow.course_id == course_id))
    return Timetable(
        terms=tuple(_period(row) for row in periods if not row.holiday),
        lessons=tuple(
            WeeklyLesson(row.weekday, row.starts, row.ends, row.topic, row.every, row.first, row.last)
            for row in lessons
        ),
        holidays=tuple(_period(row) for row in periods if row.holiday),
    ).in_order()


def _period(row: TimetablePeriodRow) -> Period:
    return Period(row.first, row.last, row.name)


def _rows(course_id: int, timetable: Timetable) -> list[TimetablePeriodRow | WeeklyLessonRow]:
    rows: list[TimetablePeriodRow | WeeklyLessonRow] = [
        TimetablePeriodRow(
            course_id=course_id, holiday=holiday, first=period.first, last=period.last, name=tidy(period.name)
        )
        for holiday, periods in ((False, timetable.terms), (True, timetable.holidays))
        for period in periods
    ]
    rows += [
        WeeklyLessonRow(
            course_id=course_id,
            weekday=lesson.weekday,
            starts=lesson.starts,
            ends=lesson.ends,
            topic=tidy(lesson.topic),
            every=lesson.every,
            first=lesson.first,
            last=lesson.last,
        )
        for lesson in timetable.lessons
    ]
    return rows
