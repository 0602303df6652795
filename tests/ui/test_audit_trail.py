"""The audit trail in the window: changes of a session and a student, its check, the proof of an erasure."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest
from classroom import make_class, make_session
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget
from single_writes import each

from attendance_app.bootstrap import utc_now
from attendance_app.domain.audit import AuditCheck, AuditProblem, Finding
from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Session, Status
from attendance_app.store import driver
from attendance_app.store.database import Store
from attendance_app.ui.changes_dialog import CHANGE, USER, WHAT, ChangesDialog
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.sessions import SessionsPage
from attendance_app.ui.pages.settings import SettingsPage
from attendance_app.ui.pages.students import StudentsPage
from attendance_app.ui.settings.audit_trail import MOST_SHOWN, AuditTrail, check_lines
from attendance_app.ui.students.student_dialogs import EraseDialog

Settle = Callable[[], None]


@pytest.fixture
def course(store: Store) -> Course:
    return make_class(store)


@pytest.fixture
def session(window: MainWindow, settle: Settle, store: Store, course: Course) -> Session:
    """A session in which the first student's mark was changed by hand."""
    made = make_session(store, course, "PPPPPP")
    first = store.students.of_course(course.id)[0]
    each(store).marks.set_by_teacher(made.id, first.id, Status.LATE, made.started_at, "bus")
    window.context.changed("courses")
    settle()
    return made


@pytest.fixture
def trail(window: MainWindow, settle: Settle, session: Session) -> AuditTrail:
    assert session.id
    page = window.open_page("settings")
    assert isinstance(page, SettingsPage)
    settle()
    return page.audit_trail


def from_menu(page: QWidget, settle: Settle, words: str) -> ChangesDialog:
    (menu,) = [one for one in page.findChildren(QMenu) if one.isVisible()]
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()
    settle()
    (dialog,) = page.findChildren(ChangesDialog)
    return dialog


def cells(dialog: ChangesDialog, column: int) -> list[str]:
    model = dialog.model
    return [str(model.data(model.index(row, column))) for row in range(model.rowCount())]


def test_a_sessions_marks_are_shown_with_what_was_before(
    window: MainWindow, settle: Settle, store: Store, course: Course, session: Session
) -> None:
    first = store.students.of_course(course.id)[0]
    page = window.open_page("sessions", session.id)
    settle()
    assert isinstance(page, SessionsPage)
    page._show_menu()
    dialog = from_menu(page, settle, "Changes…")

    assert cells(dialog, WHAT)[-1] == f"Mark of {first.name}"
    assert cells(dialog, CHANGE)[-1] == "Present → Late, by the teacher; remark: – → bus"
    assert cells(dialog, CHANGE)[1].startswith("– → Present, by the ")
    assert "–" not in cells(dialog, USER)
    assert [line.at for line in dialog.lines] == sorted(line.at for line in dialog.lines)
    dialog.accept()


def test_a_students_changes_are_shown_in_the_windows_language(
    window: MainWindow, settle: Settle, store: Store, course: Course, session: Session
) -> None:
    assert session.id
    student = store.students.of_course(course.id)[0]
    now = utc_now()
    with store.write() as tx:
        consent = tx.consents.record(student.id, "firma", now)
        tx.consents.withdraw(student.id, now)
        tx.students.archive(student.id, archived=True)
        tx.students.archive(student.id, archived=False)
    assert consent
    window.context.change_settings(language="es")
    settle()
    page = window.open_page("students", student)
    assert isinstance(page, StudentsPage)
    settle()
    page._panel._show_menu()
    dialog = from_menu(page, settle, "Cambios…")
    told = dict(zip(cells(dialog, WHAT), cells(dialog, CHANGE), strict=True))

    assert any(words.startswith("Marca, ") for words in told)
    assert "Presente → Retardo, por el docente; observación: – → bus" in told.values()
    assert told["Consentimiento"].startswith("se agregó: motivo: firma")
    dialog.accept()


def test_the_check_says_whole_with_the_hash_to_keep(trail: AuditTrail, settle: Settle, store: Store) -> None:
    assert not trail.found.isVisible()
    trail.button.click()
    assert not trail.button.isEnabled()
    settle()
    expected = store.audit.check()

    assert trail.found.text() == (
        f"Whole: {expected.records} entries of {expected.rows} changes.\n"
        f"Last hash, to write down and compare later: {expected.head}"
    )
    assert trail.found.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    assert trail.button.isEnabled()


def test_the_check_names_a_mark_that_another_program_changed(
    trail: AuditTrail, settle: Settle, store: Store, session: Session
) -> None:
    with closing(driver.connect(store.database.path)) as connection:
        connection.execute("UPDATE mark SET status = 'absent' WHERE id = 2")
        connection.commit()
    trail.button.click()
    settle()

    assert trail.found.text().startswith("Not as it was written. Findings: 1.")
    assert f"The register has something else for Mark 2 of session {session.id} than record " in trail.found.text()


def test_many_findings_are_cut_and_counted() -> None:
    problem = AuditProblem(Finding.ROW_CHANGED, 1, table="mark", row="2", session_id=1)
    lines = check_lines(AuditCheck(3, 50, 0, "ab", (problem,) * 1_000))
    assert lines[0] == "Not as it was written. Findings: 1,000."
    assert len(lines) == MOST_SHOWN + 3
    assert check_lines(AuditCheck(3, 50, 7, "ab"))[1] == "Taken out by erasures: 7 changes."


def test_erasing_says_the_number_of_the_record_that_proves_it(
    window: MainWindow, settle: Settle, store: Store, session: Session
) -> None:
    assert session.id
    said: list[str] = []
    window.context.toast_wanted.connect(lambda text, _step: said.append(text))
    page = window.open_page("students")
    assert isinstance(page, StudentsPage)
    settle()
    assert page._record is not None
    page._erase()
    (dialog,) = page.findChildren(EraseDialog)
    dialog.name_field.setText(page._record.student.name)
    dialog.primary.click()
    settle()
    record = next(one for one in store.audit.records() if one.action.value == "erase")

    assert said[-1].endswith(f"Proof: entry {record.id} in the record of changes")


def test_what_another_program_wrote_into_a_record_is_shown_as_it_is(
    window: MainWindow, settle: Settle, store: Store, session: Session
) -> None:
    with closing(driver.connect(store.database.path)) as connection:
        connection.execute(
            "UPDATE audit_row SET content = replace(content, 'late', 'asleep') WHERE table_name = 'mark' "
            "AND content LIKE '%late%'"
        )
        connection.commit()
    page = window.open_page("sessions", session.id)
    assert isinstance(page, SessionsPage)
    settle()
    page.edits.show_changes(store.sessions.get(session.id))
    settle()
    (dialog,) = page.findChildren(ChangesDialog)
    assert cells(dialog, CHANGE)[-1].startswith("Present → asleep, by the teacher")
    dialog.accept()


def test_a_split_which_no_row_tells_is_listed_too(
    window: MainWindow, settle: Settle, store: Store, session: Session
) -> None:
    half = session.started_at + timedelta(minutes=25)
    with store.write() as tx:
        tx.sessions.split(session.id, half, at=utc_now())
    page = window.open_page("sessions", session.id)
    assert isinstance(page, SessionsPage)
    settle()
    page.edits.show_changes(store.sessions.get(session.id))
    settle()
    (dialog,) = page.findChildren(ChangesDialog)
    assert [words for words in cells(dialog, CHANGE) if words.startswith("split")] == [
        f"split; the second part is session {session.id + 1}"
    ]
    dialog.accept()
