"""The prepared demo: its course and film, and its data folder."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from attendance_app.domain.people import Course
from attendance_app.store.changes import NO_CHANGES, Changes

COURSE_CODE = "DEMO"
LATE_AFTER = timedelta(seconds=9)
"""Of the demo's lesson: the 20 seconds of its film stand for an hour."""


@dataclass(frozen=True, slots=True)
class DemoLesson:
    """The course with all students enrolled, the film of a lesson, and the changes that preparing them has made."""

    course: Course
    clip: Path
    late_after: timedelta = LATE_AFTER
    changes: Changes = NO_CHANGES


def demo_home(home: Path) -> Path:
    """The demo's own data folder inside the user's, so that their data stay as they are."""
    return home / "demo"
