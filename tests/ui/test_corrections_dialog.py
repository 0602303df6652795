"""A register that was exported and changed comes back in the window: shown first, saved, undone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from classroom import make_class, make_session
from cut_words import cut_words
from single_writes import each

from attendance_app.domain.sessions import Status
from attendance_app.services.registers import session_register
from attendance_app.services.sheets.files import sheet_csv
from attendance_app.services.sheets.registers import register_sheet
from attendance_app.store.database import Store
from attendance_app.ui.i18n import tr
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.sessions import SessionsPage
from attendance_app.ui.table_import.corrections_dialog import CorrectionsDialog
from attendance_app.words.sheets import sheet_words

Settle = Callable[[], None]


@pytest.mark.parametrize("language", ["en", "es"])
def test_changes_and_conflicts_are_shown_and_only_changes_are_saved(
    window: MainWindow, settle: Settle, store: Store, tmp_path: Path, language: str
) -> None:
    course = make_class(store, 3)
    session = make_session(store, course, "PLA")
    window.context.change_settings(language=language)
    window.context.changed("courses")
    page = window.open_page("sessions")
    assert isinstance(page, SessionsPage)
    settle()
    words = sheet_words(tr)
    lines = sheet_csv(register_sheet(session_register(store, session.id), words), ",").decode().splitlines()
    late, absent, excused = (words.statuses[one] for one in (Status.LATE, Status.ABSENT, Status.EXCUSED))
    path = tmp_path / "register.csv"
    changed = [lines[0], lines[1], lines[2].replace(late, excused), lines[3].replace(absent, late)]
    path.write_text("\n".join([*changed, lines[3].replace("S03", "S9")]), encoding="utf-8")
    each(store).marks.set_by_teacher(
        session.id, store.students.by_number("S02").id, Status.ABSENT, window.context.clock()
    )
    page.import_corrections(path)
    settle()
    dialog = next(one for one in page.findChildren(CorrectionsDialog) if one.isVisible())
    model = dialog.lines.model()
    shown = [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]
    assert [row[0] for row in shown] == ["3", "5", "4"]
    assert shown[0][1:] == ["Student 02", absent, excused]
    assert cut_words(dialog) == []
    dialog.primary.click()
    settle()

    def statuses() -> dict[str, Status]:
        numbers = {student.id: student.number for student in store.students.all()}
        return {numbers[mark.student_id]: mark.status for mark in store.marks.of_session(session.id)}

    assert statuses() == {"S01": Status.PRESENT, "S02": Status.ABSENT, "S03": Status.LATE}
    window.context.undo()
    settle()
    assert statuses()["S03"] is Status.ABSENT


def test_a_file_that_is_no_register_says_so(window: MainWindow, settle: Settle, store: Store, tmp_path: Path) -> None:
    make_session(store, make_class(store, 3), "PLA")
    window.context.changed("courses")
    page = window.open_page("sessions")
    assert isinstance(page, SessionsPage)
    settle()
    path = tmp_path / "list.csv"
    path.write_text("ID,Name\nS01,Student 01\n")
    page.import_corrections(path)
    settle()
    dialog = next(one for one in page.findChildren(CorrectionsDialog) if one.isVisible())
    assert dialog.message_bar.isVisible()
    assert not dialog.primary.isEnabled()
