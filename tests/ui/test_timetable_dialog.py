"""A course's timetable in the window, typed and from a calendar file."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from classroom import make_class
from PySide6.QtCore import QDate, QTime
from single_writes import each

from attendance_app.domain.timetable import Period, Timetable, WeeklyLesson
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.students import StudentsPage
from attendance_app.ui.students.timetable_dialog import TimetableDialog

Settle = Callable[[], None]
CALENDAR = (
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261116\nSUMMARY:Puente\nEND:VEVENT\n"
    "BEGIN:VEVENT\nDTSTART:20260907T080000\nDTEND:20260907T085000\nRRULE:FREQ=WEEKLY\nSUMMARY:Algebra ALG\nEND:VEVENT\n"
    "BEGIN:VEVENT\nDTSTART:20260908T080000\nDTEND:20260908T085000\nRRULE:FREQ=WEEKLY\nSUMMARY:Art\nEND:VEVENT\n"
    "BEGIN:VEVENT\nDTSTART:20260908T080000\nDTEND:20260908T085000\nSUMMARY:Dentist\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.fixture
def dialog(window: MainWindow, settle: Settle, store: Store) -> TimetableDialog:
    make_class(store)
    each(store).courses.add("ART", "Art")
    window.context.changed("courses")
    page = window.open_page("students")
    assert isinstance(page, StudentsPage)
    settle()
    page.show_timetable()
    settle()
    (opened,) = page.findChildren(TimetableDialog)
    return opened


def stored(store: Store, code: str = "ALG") -> Timetable:
    return store.timetables.of_course(store.courses.by_code(code).id)


def test_a_weekly_time_a_term_and_holidays_are_typed_and_saved_together(
    dialog: TimetableDialog, window: MainWindow, settle: Settle, store: Store
) -> None:
    fields = dialog.fields
    fields.weekday.setCurrentIndex(2)
    fields.starts.setTime(QTime(10, 0))
    fields.ends.setTime(QTime(10, 0))
    fields.add_button.click()
    assert dialog.message_bar.isVisible()
    fields.ends.setTime(QTime(10, 50))
    fields.name_field.setText("Laboratory")
    fields.add_button.click()
    assert not dialog.message_bar.isVisible()
    fields.kind.setCurrentIndex(fields.kind.findData("term"))
    assert not fields.weekday.isVisible()
    fields.first.setDate(QDate(2026, 8, 31))
    fields.last.setDate(QDate(2026, 12, 18))
    fields.add_button.click()
    fields.kind.setCurrentIndex(fields.kind.findData("holiday"))
    # The last day follows the first where it would be before it.
    fields.first.setDate(QDate(2027, 1, 6))
    fields.add_button.click()
    assert stored(store) == Timetable()
    assert dialog.model.rowCount() == 3
    dialog.primary.click()
    settle()
    assert stored(store) == Timetable(
        (Period(date(2026, 8, 31), date(2026, 12, 18)),),
        (WeeklyLesson(2, time(10), time(10, 50), "Laboratory"),),
        (Period(date(2027, 1, 6), date(2027, 1, 6)),),
    )
    window.context.undo()
    settle()
    assert stored(store) == Timetable()


def test_a_calendar_file_brings_holidays_and_the_lessons_of_this_course(
    dialog: TimetableDialog, settle: Settle, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "school.ics"
    file.write_text(CALENDAR, encoding="utf-8")
    dialog.read_file(file)
    settle()
    assert {lesson.topic for lesson in dialog.timetable.lessons} == {"Algebra ALG"}
    assert "Dentist (takes place once)" in dialog.import_words.text()
    dialog.lessons_choice.setCurrentIndex(0)
    assert dialog.timetable.lessons == ()
    dialog.lessons_choice.setCurrentIndex(dialog.lessons_choice.findData("Art"))
    dialog.everywhere.setChecked(True)
    dialog.primary.click()
    settle()
    assert [one.topic for one in stored(store).lessons] == ["Art"]
    assert [one.name for one in stored(store, "ART").holidays] == ["Puente"]
    assert stored(store, "ART").lessons == ()


def test_a_broken_calendar_is_told_with_its_line_and_changes_nothing(
    dialog: TimetableDialog, settle: Settle, tmp_path: Path
) -> None:
    file = tmp_path / "school.ics"
    file.write_text(CALENDAR.replace("20261116", "2026"), encoding="utf-8")
    dialog.read_file(file)
    settle()
    assert dialog.message_bar.isVisible()
    assert "Line 3 " in dialog.message_bar.accessibleName()
    assert dialog.timetable == Timetable()


def test_a_line_is_removed(dialog: TimetableDialog, settle: Settle, store: Store) -> None:
    assert not dialog.remove_button.isEnabled()
    dialog.fields.add_button.click()
    dialog.table.selectRow(0)
    dialog.remove_button.click()
    assert dialog.model.rowCount() == 0
    dialog.primary.click()
    settle()
    assert stored(store) == Timetable()
