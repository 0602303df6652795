"""Whoever is excused stays so when the camera sees them, and the teacher is told."""

from collections.abc import Callable

from conftest import wait_for
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from roll_call_steps import finish

from attendance_app.domain.sessions import Status
from attendance_app.domain.timetable import Period
from attendance_app.services.excuses import excuse_student
from attendance_app.store.database import Store
from attendance_app.ui.pages.roll_call import RollCallPage

Settle = Callable[[], None]


def test_the_teacher_is_told_that_an_excused_student_is_seen(page: RollCallPage, store: Store, settle: Settle) -> None:
    now = page.context.clock()
    today = now.astimezone().date()
    student = page.model.rows[0].student
    with store.write() as tx:
        excuse_student(tx, student.id, Period(today, today, "flu"), at=now)
    said: list[str] = []
    page.context.toast_wanted.connect(lambda text, _undo: said.append(text))
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Space)
    wait_for(lambda: any("marked excused" in text and student.name in text for text in said))
    assert sum("marked excused" in text for text in said) == 1
    line = page.model.rows[0]
    assert line.mark is not None
    assert (line.mark.status, line.mark.remark) == (Status.EXCUSED, "flu")
    assert line.mark.first_seen_at is not None
    finish(page)
