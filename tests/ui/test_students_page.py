import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from classroom import START, make_class, make_session
from cut_words import cut_words
from PySide6.QtCore import QAbstractItemModel, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QTableView
from single_writes import each
from sqlalchemy import Engine, event
from workbooks import packed, parts, row, sheet, text

from attendance_app.domain.people import FaceTemplate, RosterEntry, RosterOrder
from attendance_app.services.tables.reading import read_table
from attendance_app.store.database import Store
from attendance_app.ui.dialogs import SavingDialog
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.students import StudentsPage
from attendance_app.ui.roll_call.roster_view import RosterView
from attendance_app.ui.students.import_lines import ACTION, NUMBER, ImportLines
from attendance_app.ui.students.roster_data import read_roster
from attendance_app.ui.students.roster_import import RosterImportDialog
from attendance_app.ui.students.roster_table import LIST_NUMBER, NAME, PHOTOS
from attendance_app.ui.students.student_dialogs import ConsentDialog, CourseDialog, EraseDialog, StudentDialog

Settle = Callable[[], None]


def names(model: QAbstractItemModel) -> list[str]:
    return [model.index(row, NAME).data() for row in range(model.rowCount())]


@pytest.fixture
def page(window: MainWindow, settle: Settle, store: Store) -> StudentsPage:
    opened = window.open_page("students")
    assert isinstance(opened, StudentsPage)
    settle()
    return opened


@pytest.fixture
def filled(window: MainWindow, settle: Settle, store: Store) -> StudentsPage:
    course = make_class(store)
    make_session(store, course, "PLAEPP")
    window.context.changed("courses")
    opened = window.open_page("students")
    assert isinstance(opened, StudentsPage)
    settle()
    return opened


def dialog_of(page: StudentsPage, kind: type[SavingDialog]) -> SavingDialog:
    return next(dialog for dialog in page.findChildren(kind) if dialog.isVisible())


def test_an_empty_page_leads_to_the_first_course_and_then_to_the_list(
    page: StudentsPage, settle: Settle, store: Store, window: MainWindow
) -> None:
    assert page._no_course.isVisible()
    page._no_course.button.click()
    dialog = dialog_of(page, CourseDialog)
    assert isinstance(dialog, CourseDialog)
    dialog.title_field.setText("Algebra II")
    dialog.code_field.setText("ALG2")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    settle()
    assert store.courses.by_code("ALG2").title == "Algebra II"
    assert window.context.course == store.courses.by_code("ALG2")
    assert page._no_students.isVisible()


def test_an_error_stays_in_the_dialog_with_what_was_typed(page: StudentsPage, settle: Settle, store: Store) -> None:
    each(store).courses.add("ALG2", "")
    page.new_course()
    dialog = dialog_of(page, CourseDialog)
    assert isinstance(dialog, CourseDialog)
    dialog.code_field.setText("ALG2")
    dialog.primary.click()
    settle()
    assert dialog.message_bar.isVisible()
    assert dialog.code_field.text() == "ALG2"
    dialog.reject()


def test_students_are_listed_and_found_whatever_case_and_accents(
    filled: StudentsPage, settle: Settle, store: Store, window: MainWindow
) -> None:
    accented = each(store).students.add("S77", "Íñigo Álvarez")
    each(store).students.enrol(store.courses.by_code("ALG").id, accented.id)
    window.context.changed("students")
    settle()
    table = filled.findChild(QTableView)
    assert len(names(table.model())) == 7
    filled._search.setText("inigo alv")
    assert names(table.model()) == ["Íñigo Álvarez"]


def test_adding_a_student_puts_them_on_the_list_and_shows_them(
    filled: StudentsPage, settle: Settle, store: Store
) -> None:
    filled.add_student()
    dialog = dialog_of(filled, StudentDialog)
    assert isinstance(dialog, StudentDialog)
    dialog.name_field.setText("Student 99")
    dialog.number_field.setText("S99")
    dialog.primary.click()
    settle()
    assert "S99" in [student.number for student in store.students.of_course(store.courses.by_code("ALG").id)]
    assert filled._record is not None
    assert filled._record.student.number == "S99"


def test_every_list_has_the_order_of_the_course(
    filled: StudentsPage, settle: Settle, store: Store, window: MainWindow
) -> None:
    course = store.courses.by_code("ALG")
    entries = [
        RosterEntry("S01", "", "", "Ñáñez", "Zoe", 2),
        RosterEntry("S02", "", "", "Núñez", "Eva", 1),
        RosterEntry("S03", "", "", "Obregón", "Ana", 3),
    ]
    each(store).students.put_roster(course.id, [replace(e, name=f"{e.given_name} {e.family_name}") for e in entries])
    window.context.changed("students")
    settle()
    table = filled.findChild(QTableView)
    roster = table.model()
    assert not table.isColumnHidden(LIST_NUMBER)
    assert names(roster)[:3] == ["Núñez, Eva", "Ñáñez, Zoe", "Obregón, Ana"]
    filled._reorder(course, RosterOrder.GIVEN_NAME)
    settle()
    assert names(roster)[:2] == ["Ana Obregón", "Eva Núñez"]
    assert window.context.course == store.courses.by_code("ALG")
    filled._reorder(window.context.course, RosterOrder.LIST_NUMBER)
    settle()
    assert [roster.index(row, LIST_NUMBER).data() for row in range(4)] == ["1", "2", "3", ""]
    roll_call = window.open_page("roll_call")
    settle()
    model = roll_call.findChild(RosterView).model()
    assert model.index(0, 0).data() == "1. Núñez, Eva"


def test_parts_of_a_name_and_the_list_number_are_edited(filled: StudentsPage, settle: Settle, store: Store) -> None:
    course = store.courses.by_code("ALG")
    filled._edit()
    dialog = dialog_of(filled, StudentDialog)
    assert isinstance(dialog, StudentDialog)
    # Typed key by key: the name that is shown follows what is typed, not what a program sets.
    QTest.keyClicks(dialog.family_field, "Ruiz Paz")
    QTest.keyClicks(dialog.given_field, "Ana")
    assert dialog.name_field.text() == "Student 01"
    dialog.name_field.clear()
    QTest.keyClicks(dialog.given_field, " M")
    assert dialog.name_field.text() == "Ana M Ruiz Paz"
    dialog.list_field.setText("1st")
    dialog.primary.click()
    settle()
    assert dialog.message_bar.isVisible()
    dialog.list_field.setText("17")
    dialog.primary.click()
    settle()
    (student,) = [s for s in store.students.of_course(course.id) if s.number == "S01"]
    assert (student.family_name, student.given_name, student.list_number) == ("Ruiz Paz", "Ana M", 17)
    assert filled._record is not None
    assert filled._record.student.name == "Ana M Ruiz Paz"


def test_a_list_is_previewed_and_importing_it_twice_changes_nothing(
    filled: StudentsPage, settle: Settle, store: Store, tmp_path: Path
) -> None:
    csv = tmp_path / "lista.csv"
    csv.write_text("Matrícula;Nombre completo\nS01;Student 01\nS50;Estudiante 50\n", encoding="latin-1")
    filled.import_list(csv)
    settle()
    dialog = dialog_of(filled, RosterImportDialog)
    assert dialog.primary.isEnabled()
    assert dialog.focusWidget() is dialog.source_box
    last = dialog.previousInFocusChain()
    while last is not None and not last.focusPolicy() & Qt.FocusPolicy.TabFocus:
        last = last.previousInFocusChain()
    assert last is dialog.primary
    dialog.primary.click()
    settle()
    assert store.students.by_number("S50").name == "Estudiante 50"
    filled.import_list(csv)
    settle()
    again = dialog_of(filled, RosterImportDialog)
    assert not again.primary.isEnabled()
    again.reject()


def test_a_list_dropped_on_the_page_is_imported(filled: StudentsPage, settle: Settle, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "school.zip", "w") as archive:
        archive.writestr("users.csv", "sourcedId,givenName,familyName\nu1,Ana,Paz\nu2,Eva,Gil\n")
        archive.writestr("enrollments.csv", "classSourcedId,userSourcedId,role\nc1,u1,student\nc2,u2,student\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "school.zip"))])
    nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, *nothing)
    filled.dragEnterEvent(entering)
    assert entering.isAccepted()
    filled.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, *nothing))
    settle()
    dialog = dialog_of(filled, RosterImportDialog)
    assert isinstance(dialog, RosterImportDialog)
    lines = dialog.findChild(ImportLines)
    assert [dialog.source_box.itemText(place) for place in range(2)] == ["c1", "c2"]
    assert dialog.source_box.accessibleName() == "Class"
    assert lines.model().index(0, NUMBER).data() == "u1"
    dialog.source_box.setCurrentIndex(1)
    dialog.source_box.activated.emit(1)
    settle()
    assert lines.model().index(0, NUMBER).data() == "u2"
    dialog.reject()


def test_two_files_at_once_are_not_taken(filled: StudentsPage, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a.csv", "b.csv")])
    nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, *nothing)
    entering.ignore()
    filled.dragEnterEvent(entering)
    assert not entering.isAccepted()


@pytest.mark.parametrize(("kind", "ending"), [("Table (CSV)", "csv"), ("OneRoster", "zip")])
def test_the_list_is_exported_from_the_course_s_menu(
    filled: StudentsPage,
    settle: Settle,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    ending: str,
) -> None:
    path = tmp_path / f"list.{ending}"
    exporter = filled._files.exporter
    monkeypatch.setattr(exporter, "ask", lambda _name, _ending, write: exporter.save(path, write))
    menu = QMenu()
    filled._files._add_exports(menu, store.courses.by_code("ALG"))
    next(action for action in menu.actions() if action.text() == kind).trigger()
    settle()
    table = read_table(path)
    assert len(table.rows) == 7
    assert "S01" in table.rows[1]


def test_another_sheet_or_encoding_can_be_chosen_and_what_is_left_out_says_why(
    filled: StudentsPage, settle: Settle, tmp_path: Path
) -> None:
    book = tmp_path / "lista.xlsx"
    header = row(text("ID"), text("Name"))
    old = row(text("OLD"), text("Old One"))
    sheets = (sheet(header, row(text("N1"), text("New One"))), sheet(header, old, old))
    book.write_bytes(packed(parts(*sheets, states=("visible", "hidden"))))
    filled.import_list(book)
    settle()
    dialog = dialog_of(filled, RosterImportDialog)
    lines = dialog.findChild(ImportLines)
    assert [dialog.source_box.itemText(index) for index in range(2)] == ["S1", "S2 (hidden)"]
    assert lines.model().index(0, NUMBER).data() == "N1"
    dialog.source_box.setCurrentIndex(1)
    dialog.source_box.activated.emit(1)
    settle()
    assert [lines.model().index(line, NUMBER).data() for line in range(2)] == ["OLD", "OLD"]
    assert "twice" in lines.model().index(0, ACTION).data()
    dialog.reject()


def test_a_list_without_a_column_of_names_says_so(filled: StudentsPage, settle: Settle, tmp_path: Path) -> None:
    csv = tmp_path / "lista.csv"
    csv.write_text("ID,Wie er heißt\nN1,Ana\n", encoding="utf-8")
    filled.import_list(csv)
    settle()
    dialog = dialog_of(filled, RosterImportDialog)
    assert "No column of the list is taken for the name" in dialog._advice.text()
    assert dialog._advice.isVisible()
    dialog.reject()


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_import_has_room_for_its_words_on_a_screen_of_640_pixels(
    filled: StudentsPage, settle: Settle, tmp_path: Path, language: str
) -> None:
    csv = tmp_path / "lista.csv"
    csv.write_text("Matrícula;Apellidos, Nombre\n007;Núñez, José\n", encoding="utf-8")
    filled.context.change_settings(language=language)
    filled.import_list(csv)
    settle()
    dialog = dialog_of(filled, RosterImportDialog)
    dialog.resize(640, 480)
    settle()
    assert (dialog.width(), dialog.height()) == (640, 480)
    assert not cut_words(dialog)
    for caption in (label for label in dialog.findChildren(QLabel) if label.buddy() in dialog._boxes.values()):
        longest = max(caption.text().split(), key=len)
        assert caption.fontMetrics().horizontalAdvance(longest) <= caption.width()
        assert caption.heightForWidth(caption.width()) <= caption.height()
    dialog.reject()


def test_an_encoding_that_cannot_be_told_is_chosen_before_anything_is_imported(
    filled: StudentsPage, settle: Settle, store: Store, tmp_path: Path
) -> None:
    csv = tmp_path / "lista.csv"
    csv.write_bytes(b"id,name\nN1,N\x92guessan\n")
    filled.import_list(csv)
    settle()
    dialog = dialog_of(filled, RosterImportDialog)
    assert not dialog.primary.isEnabled()
    dialog.source_box.setCurrentIndex(dialog.source_box.findData("cp1252"))
    dialog.source_box.activated.emit(dialog.source_box.currentIndex())
    settle()
    dialog.primary.click()
    settle()
    assert store.students.by_number("N1").name == "N’guessan"


def test_a_file_that_is_no_list_is_an_error_in_the_page(
    filled: StudentsPage, settle: Settle, window: MainWindow, tmp_path: Path
) -> None:
    picture = tmp_path / "lista.xlsx"
    picture.write_bytes(b"not a workbook")
    filled.import_list(picture)
    settle()
    assert window.message_bar.isVisible()
    assert not [dialog for dialog in filled.findChildren(QDialog) if dialog.isVisible()]


def test_consent_is_recorded_and_withdrawing_removes_the_templates(
    filled: StudentsPage, settle: Settle, store: Store
) -> None:
    assert filled._record is not None
    student = filled._record.student
    filled._record_consent()
    dialog = dialog_of(filled, ConsentDialog)
    assert isinstance(dialog, ConsentDialog)
    dialog.ground.setCurrentText("Form 12")
    dialog.primary.click()
    settle()
    current = store.consents.current(student.id)
    assert current is not None
    assert current.ground == "Form 12"
    template = FaceTemplate(student.id, "test:1", np.zeros(128, np.float32), "a" * 64, 0.8, START)
    each(store).templates.add(template)
    filled._withdraw_consent()
    settle()
    assert store.templates.of_student(student.id) == ()


def test_removing_a_photo_can_be_undone(filled: StudentsPage, settle: Settle, store: Store, window: MainWindow) -> None:
    assert filled._record is not None
    student = filled._record.student
    each(store).consents.record(student.id, "Form", START)
    each(store).templates.add(FaceTemplate(student.id, "test:1", np.ones(128, np.float32), "b" * 64, 0.8, START))
    window.context.changed("faces")
    settle()
    filled._panel.photo_removed.emit(filled._record.photos[0])
    settle()
    assert store.templates.of_student(student.id) == ()
    window.context.undo()
    settle()
    assert len(store.templates.of_student(student.id)) == 1


def test_erasing_asks_for_the_name_and_leaves_nothing(filled: StudentsPage, settle: Settle, store: Store) -> None:
    assert filled._record is not None
    student = filled._record.student
    filled._erase()
    dialog = dialog_of(filled, EraseDialog)
    assert isinstance(dialog, EraseDialog)
    assert not dialog.primary.isEnabled()
    dialog.name_field.setText("Somebody else")
    assert not dialog.primary.isEnabled()
    dialog.name_field.setText(student.name.upper())
    dialog.primary.click()
    settle()
    assert store.students.find(student.number) is None
    assert store.marks.of_student(student.id) == ()


def test_archiving_and_taking_off_the_list_can_be_undone(
    filled: StudentsPage, settle: Settle, store: Store, window: MainWindow
) -> None:
    course = store.courses.by_code("ALG")
    for action in (filled._archive, filled._leave):
        action()
        settle()
        assert len(store.students.of_course(course.id)) == 5
        window.context.undo()
        settle()
        assert len(store.students.of_course(course.id)) == 6


def test_a_list_is_read_with_a_fixed_number_of_statements(store: Store) -> None:
    def statements(students: int) -> int:
        with store.write() as tx:
            course = tx.courses.add(f"C{students}", "")
            tx.students.put_roster(course.id, [RosterEntry(f"{students}-{number}") for number in range(students)])
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert len(read_roster(store, course, archived=False)) == students
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(seen)

    assert statements(3) == statements(300) == 6


def test_two_hundred_students_are_shown_without_a_wait(
    window: MainWindow, settle: Settle, store: Store, qtbot: object
) -> None:
    from time import perf_counter

    course = make_class(store, 200, code="BIG")
    make_session(store, course, "P" * 200)
    window.context.changed("courses")
    begun = perf_counter()
    page = window.open_page("students")
    settle()
    # Under a second on a quiet machine; other work may run beside this test.
    assert perf_counter() - begun < 10
    assert isinstance(page, StudentsPage)
    assert page._model.rowCount() == 200


def test_a_weak_photo_is_shown_as_weak_with_its_size(
    filled: StudentsPage, settle: Settle, store: Store, window: MainWindow
) -> None:
    assert filled._record is not None
    student = filled._record.student
    each(store).consents.record(student.id, "Form", START)
    weak = FaceTemplate(student.id, "test:1", np.ones(128, np.float32), "b" * 64, 0.1, START, face_px=22.4)
    each(store).templates.add(weak)
    window.context.changed("faces")
    settle()
    cells = [filled._filter.index(row, PHOTOS).data() for row in range(filled._filter.rowCount())]
    assert sorted(set(cells)) == ["1 weak", "–"]
    assert filled._panel._photo_list.item(0).text() == "weak"
    assert filled._panel._weak.isVisible()
    assert "22 pixels" in filled._panel._weak.text()
    each(store).templates.add(replace(weak, photo_sha256="c" * 64, face_px=80.0))
    window.context.changed("faces")
    settle()
    assert not filled._panel._weak.isVisible()
