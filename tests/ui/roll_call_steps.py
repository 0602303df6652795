"""Steps of a roll call that several files of tests take."""

import pytest
from conftest import wait_for
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from attendance_app.domain.sessions import MarkedBy, Session, Status
from attendance_app.store.database import Store
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.roll_call.end_dialogs import EndDialog

long_lesson = pytest.mark.parametrize("lesson_seconds", [60.0])


def begin(page: RollCallPage) -> Session:
    """Start by keyboard and wait until the script was played."""
    QTest.keyClick(page.parts.roster, Qt.Key.Key_Space)
    wait_for(lambda: page.model.count(Status.PRESENT) == 2 and page.parts.tray.doubts and page.parts.tray.strangers)
    assert page.session is not None
    return page.session


def end(page: RollCallPage) -> EndDialog:
    page.actions_bar.start_button.click()
    wait_for(lambda: isinstance(QApplication.activeModalWidget(), EndDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, EndDialog)
    return dialog


def finish(page: RollCallPage) -> None:
    """End whatever runs, so that nothing is left behind."""
    if page.running.runner.running:
        end(page).done_button.click()
        wait_for(lambda: not page.context.jobs.busy)


def mark_of(store: Store, page: RollCallPage, row: int) -> tuple[Status, MarkedBy] | None:
    assert page.session is not None
    mark = store.marks.get(page.session.id, page.model.rows[row].student.id)
    return None if mark is None else (mark.status, mark.marked_by)


def select(page: RollCallPage, *rows: int) -> None:
    """Select these students and no others; the focus is in the roster."""
    page.parts.roster.setFocus()
    page.parts.roster.setCurrentIndex(page.model.index(rows[0], 0))
    for row in rows[1:]:
        page.parts.roster.selectionModel().select(page.model.index(row, 0), QItemSelectionModel.SelectionFlag.Select)


def framed(page: RollCallPage) -> list[str]:
    """Whose cards Enter and Delete would answer."""
    lines = {line.student.id: line.student.name for line in page.model.rows}
    return [lines[student] for student, card in page.parts.tray._doubts.items() if card.property("framed")]
