"""The lesson that the timetable has now is proposed, and late is counted from its start."""

from collections.abc import Callable
from datetime import datetime, timedelta

from conftest import wait_for
from roll_call_steps import begin, finish

from attendance_app.domain.timetable import Period, Timetable, WeeklyLesson
from attendance_app.store.database import Store
from attendance_app.ui.pages.roll_call import RollCallPage

Settle = Callable[[], None]


def lesson_since(page: RollCallPage, store: Store, settle: Settle, *, minutes: int) -> datetime:
    """Give the course a lesson that began so many minutes ago; return its start."""
    now = page.context.clock().astimezone()
    starts = (now - timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    ends = starts + timedelta(minutes=50)
    assert page.context.course is not None
    with store.write() as tx:
        lesson = WeeklyLesson(starts.weekday(), starts.time(), ends.time(), "Fractions")
        tx.timetables.put(page.context.course.id, Timetable(lessons=(lesson,)))
    page.context.changed("courses")
    settle()
    return starts


def test_the_lesson_that_is_due_gives_its_start_and_topic(page: RollCallPage, store: Store, settle: Settle) -> None:
    bar = page.parts.lesson
    assert not bar.isVisible()
    starts = lesson_since(page, store, settle, minutes=3)
    assert bar.isVisible()
    assert "Fractions" in bar.words.text()
    assert "late from" in bar.words.text()
    session = begin(page)
    assert (session.lesson_at, session.topic) == (starts, "Fractions")
    assert session.late_from == starts < session.started_at
    assert not bar.isVisible()
    finish(page)
    wait_for(lambda: not page.context.jobs.busy)
    # It has its session now.
    assert not bar.isVisible()


def test_whoever_presses_start_after_the_limit_is_told_and_may_count_from_start(
    page: RollCallPage, store: Store, settle: Settle
) -> None:
    bar = page.parts.lesson
    lesson_since(page, store, settle, minutes=20)
    assert "whoever is seen first now is late" in bar.words.text()
    bar.count_button.click()
    assert "from Start" in bar.words.text()
    bar.count_button.click()
    assert "whoever is seen first now is late" in bar.words.text()
    bar.count_button.click()
    session = begin(page)
    assert session.late_from == session.started_at
    finish(page)


def test_a_holiday_is_named(page: RollCallPage, store: Store, settle: Settle) -> None:
    lesson_since(page, store, settle, minutes=3)
    today = page.context.clock().astimezone().date()
    assert page.context.course is not None
    with store.write() as tx:
        lessons = tx.timetables.of_course(page.context.course.id)
        tx.timetables.put(page.context.course.id, lessons.with_added(holidays=[Period(today, today, "Puente")]))
    page.context.changed("courses")
    settle()
    assert page.parts.lesson.words.text() == "No lesson today: Puente"
    assert page.parts.lesson.chosen() is None
