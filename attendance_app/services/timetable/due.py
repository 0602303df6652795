"""Which lesson of a course is due, by its timetable and the sessions it has."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from attendance_app.domain.people import Course
from attendance_app.domain.timetable import Lesson, Period, due_lesson

if TYPE_CHECKING:
    from attendance_app.store.database import Store


@dataclass(frozen=True, slots=True)
class Today:
    """What a course's timetable says of now: the lesson that is due, the holiday that it is."""

    lesson: Lesson | None = None
    holiday: Period | None = None


def read_today(store: "Store", course: Course, now: datetime, zone: tzinfo | None = None) -> Today:
    """Return what is due for a course; ``zone`` of the clock on the wall, None: this machine's."""
    with store.read() as then:
        timetable = then.timetables.of_course(course.id)
        sessions = then.sessions.all(course.id)
    lesson = due_lesson(timetable, now, sessions=sessions, zone=zone)
    return Today(lesson, timetable.holiday_on(now.astimezone(zone).date()))
