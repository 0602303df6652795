"""What a calendar file would bring to courses, and bringing it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from attendance_app.domain.people import Course
from attendance_app.domain.timetable import Timetable
from attendance_app.services.timetable.calendar_file import CalendarContent
from attendance_app.store.unit import Transaction


@dataclass(frozen=True, slots=True)
class Brought:
    """How much is new in one course."""

    course: Course
    holidays: int
    lessons: int


def add_calendar(tx: Transaction, courses: Sequence[Course], content: CalendarContent) -> tuple[Brought, ...]:
    """Add a calendar's holidays and weekly times to the timetables of courses; what they have is not added again."""
    brought = []
    for course in courses:
        before = tx.timetables.of_course(course.id)
        after = tx.timetables.put(course.id, merged(before, content))
        new = len(after.holidays) - len(before.holidays), len(after.lessons) - len(before.lessons)
        brought.append(Brought(course, *new))
    return tuple(brought)


def only_named(content: CalendarContent, name: str | None) -> CalendarContent:
    """Return a calendar with the lessons of one name; an empty name: with all, None: with none."""
    if name == "":
        return content
    return replace(content, lessons=tuple(lesson for lesson in content.lessons if lesson.topic == name))


def merged(timetable: Timetable, content: CalendarContent) -> Timetable:
    """Return a timetable with what a calendar says."""
    return timetable.with_added(lessons=content.lessons, holidays=content.holidays)
