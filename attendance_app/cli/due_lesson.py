"""The lesson that a roll from the command line is of: the one that the timetable has at that time."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.cli.times import shown_time

if TYPE_CHECKING:
    from attendance_app.domain.people import Course
    from attendance_app.domain.timetable import Lesson
    from attendance_app.store.database import Store

FromStart = Annotated[
    bool,
    typer.Option(
        "--late-from-start",
        help="Count late from the beginning of the session, though the timetable has a lesson at that time.",
    ),
]


def lesson_of_roll(store: "Store", course: "Course", at: datetime, *, from_start: bool) -> "Lesson | None":
    """Return the lesson that is due at a time, and say on standard error from when late is counted."""
    from attendance_app.services.timetable.due import read_today

    lesson = None if from_start else read_today(store, course, at).lesson
    if lesson is not None:
        named = f" ({lesson.topic})" if lesson.topic else ""
        typer.echo(f"Lesson of {shown_time(lesson.starts_at)}{named}: late is counted from then.", err=True)
    return lesson
