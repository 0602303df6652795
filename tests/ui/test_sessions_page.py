from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from classroom import make_class, make_session
from cut_words import cut_words
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from session_csv import read_people_csv, read_session_csv
from single_writes import each

from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.course_matrix import course_matrix
from attendance_app.services.exports import export_session
from attendance_app.services.registers import session_register
from attendance_app.services.sheets.registers import register_sheet
from attendance_app.store.database import Store
from attendance_app.ui.exporting import Offer, write_for_people
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.sessions import SessionsPage
from attendance_app.ui.sessions.moodle_dialog import MoodleDialog
from attendance_app.ui.sessions.register_table import ARRIVED, REMARK
from attendance_app.ui.sessions.session_dialogs import TopicDialog, VoidDialog

Settle = Callable[[], None]


@pytest.fixture
def page(window: MainWindow, settle: Settle, store: Store) -> SessionsPage:
    course = make_class(store)
    make_session(store, course, "PPPPPP", day=0)
    make_session(store, course, "PLAEPP", day=1)
    window.context.changed("courses")
    settle()
    opened = window.open_page("sessions")
    assert isinstance(opened, SessionsPage)
    settle()
    return opened


def statuses(store: Store, page: SessionsPage) -> list[Status]:
    assert page._register is not None
    register = session_register(store, page._register.session.id)
    return [line.mark.status for line in register.lines if line.mark]


def test_an_empty_page_teaches(window: MainWindow, settle: Settle) -> None:
    page = window.open_page("sessions")
    assert isinstance(page, SessionsPage)
    settle()
    assert page._empty.isVisible()
    assert not page.export_button.isVisible()


def test_the_newest_session_is_open_first(page: SessionsPage, store: Store) -> None:
    assert statuses(store, page) == [
        Status.PRESENT,
        Status.LATE,
        Status.ABSENT,
        Status.EXCUSED,
        Status.PRESENT,
        Status.PRESENT,
    ]


@pytest.mark.parametrize(
    ("key", "status"),
    [
        pytest.param(Qt.Key.Key_A, Status.ABSENT, id="A"),
        pytest.param(Qt.Key.Key_F, Status.ABSENT, id="F of falta"),
        pytest.param(Qt.Key.Key_L, Status.LATE, id="L"),
        pytest.param(Qt.Key.Key_R, Status.LATE, id="R of retardo"),
        pytest.param(Qt.Key.Key_E, Status.EXCUSED, id="E"),
        pytest.param(Qt.Key.Key_J, Status.EXCUSED, id="J of justificada"),
    ],
)
def test_one_key_corrects_a_mark_in_the_teachers_name(
    page: SessionsPage, settle: Settle, store: Store, key: Qt.Key, status: Status
) -> None:
    QTest.keyClick(page._table, key)
    settle()
    assert page._register is not None
    line = session_register(store, page._register.session.id).lines[0]
    assert line.mark is not None
    assert (line.mark.status, line.mark.marked_by) == (status, MarkedBy.TEACHER)
    assert page._table.currentIndex().row() == 0


def test_several_students_are_corrected_at_once_and_undone_at_once(
    page: SessionsPage, settle: Settle, store: Store, window: MainWindow
) -> None:
    before = statuses(store, page)
    page._table.selectAll()
    QTest.keyClick(page._table, Qt.Key.Key_P)
    settle()
    assert set(statuses(store, page)) == {Status.PRESENT}
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert statuses(store, page) == before


def test_a_remark_is_kept_and_seen_in_the_changes(page: SessionsPage, settle: Settle, store: Store) -> None:
    page._model.setData(page._model.index(2, REMARK), "doctor's note")
    settle()
    assert page._register is not None
    line = session_register(store, page._register.session.id).lines[2]
    assert line.mark is not None
    assert line.mark.remark == "doctor's note"
    page._table.selectRow(2)
    settle()
    assert "doctor's note" in page._why._history.text()


def test_the_export_reads_back_to_the_same_statuses(
    page: SessionsPage, settle: Settle, store: Store, tmp_path: Path
) -> None:
    out = tmp_path / "register.csv"
    register = page._register
    assert register is not None
    page._exporter.save(out, lambda place: export_session(register, place))
    settle()
    assert [line.status for line in read_session_csv(out)] == statuses(store, page)


def test_a_disk_that_refuses_is_said_in_the_page(
    page: SessionsPage, settle: Settle, window: MainWindow, tmp_path: Path
) -> None:
    register = page._register
    assert register is not None
    nowhere = tmp_path / "gone" / "register.csv"
    page._exporter.save(nowhere, lambda place: export_session(register, place))
    settle()
    assert window.message_bar.isVisible()


def test_the_register_is_saved_for_people_and_offered_to_open(
    page: SessionsPage, settle: Settle, window: MainWindow, store: Store, tmp_path: Path
) -> None:
    register = page._register
    assert register is not None
    offer = Offer("register", lambda words: register_sheet(session_register(store, register.session.id), words))
    for ending in ("csv", "xlsx", "pdf"):
        page._exporter.save(tmp_path / f"register.{ending}", write_for_people(offer))
        settle()
    assert list(read_people_csv(tmp_path / "register.csv").values()) == statuses(store, page)
    assert (tmp_path / "register.pdf").read_bytes().startswith(b"%PDF-")
    assert load_workbook(tmp_path / "register.xlsx").active is not None
    assert [button.accessibleName() for button in window.toast.buttons] == ["Open", "Show in folder"]


def _choose(page: SessionsPage, start: str) -> None:
    """Choose the line of the page's menu that begins so."""
    page._more.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    (line,) = [action for action in menu.actions() if action.text().startswith(start)]
    line.trigger()
    menu.close()


def test_a_session_is_made_void_undone_and_made_to_count_again(
    page: SessionsPage, store: Store, window: MainWindow, settle: Settle
) -> None:
    assert page._register is not None
    session_id = page._register.session.id
    _choose(page, "Make the session void")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, VoidDialog)
    dialog.reason_field.setText("Fire drill")
    dialog.primary.click()
    settle()

    assert not store.sessions.get(session_id).counts
    assert page._counts.text().startswith("Void: counts in no report (Fire drill)")
    assert [session.id for session in course_matrix(store, page._register.course.id).sessions] != []
    assert session_id not in {one.id for one in course_matrix(store, page._register.course.id).sessions}

    window.context.undo()
    settle()
    assert store.sessions.get(session_id).counts

    each(store).sessions.void(session_id, window.context.clock(), at=window.context.clock())
    page.make_stale()
    settle()
    _choose(page, "Let the session count again")
    settle()
    assert store.sessions.get(session_id).counts


def test_a_topic_is_written_and_shown(page: SessionsPage, settle: Settle) -> None:
    _choose(page, "Topic of the lesson")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, TopicDialog)
    dialog.topic_field.setText("Fractions")
    dialog.primary.click()
    settle()

    assert page.subtitle.text().endswith(" · Fractions")
    assert "Fractions" in page._sessions.index(0, 0).data()


def test_an_arrival_is_typed_and_a_wrong_time_is_said(
    page: SessionsPage, store: Store, window: MainWindow, settle: Settle
) -> None:
    assert page._register is not None
    register = page._register
    session = register.session
    local = session.started_at.astimezone()
    late = page._model.index(1, ARRIVED)
    assert page._model.setData(late, f"{local.hour}:{local.minute + 7:02}")
    settle()
    mark = store.marks.get(session.id, register.lines[1].student.id)
    assert mark is not None
    assert mark.status is Status.LATE
    assert mark.arrival == session.started_at.replace(second=0, microsecond=0) + timedelta(minutes=7)

    page._model.setData(page._model.index(1, ARRIVED), "soon")
    assert "soon" in window.message_bar.accessibleName()
    # Who was not there has no arrival to type.
    assert not page._model.flags(page._model.index(2, ARRIVED)) & Qt.ItemFlag.ItemIsEditable


@pytest.mark.parametrize("language", ["en", "es"])
def test_marks_for_moodle_name_who_is_left_out_and_are_written(
    page: SessionsPage,
    settle: Settle,
    store: Store,
    window: MainWindow,
    tmp_path: Path,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window.context.change_settings(language=language)
    path, exporter = tmp_path / "marks.csv", page._exporter
    monkeypatch.setattr(exporter, "ask", lambda _name, _ending, write: exporter.save(path, write))
    page._export_for_moodle(store.sessions.all()[0].id)
    settle()
    dialog = next(one for one in page.findChildren(MoodleDialog) if one.isVisible())
    assert cut_words(dialog) == []
    dialog.user_box.setCurrentIndex(2)
    assert not dialog.export_button.isEnabled()  # nobody has an e-mail
    dialog.user_box.setCurrentIndex(0)
    dialog.acronyms[Status.PRESENT].setText("OK")
    dialog.export_button.click()
    settle()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "idnumber,status"
    assert "S01,OK" in lines
    again = MoodleDialog(window.context, session_register(store, 1), exporter, page)
    assert again.acronyms[Status.PRESENT].text() == "OK"
    again.deleteLater()
