"""Students are found by typing a part of name or number, and marked with one key."""

from collections.abc import Callable

import pytest
from conftest import wait_for
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from roll_call_steps import begin, finish, mark_of

from attendance_app.domain.people import RosterEntry
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.store.database import Store
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage

Settle = Callable[[], None]

NAMES = ("Ana García", "Beto Núñez", "Mariana Ruiz", "Óscar Pérez", "Susana Gil", "Tomás Ana")


@pytest.fixture
def roll(page: RollCallPage, store: Store, settle: Settle) -> RollCallPage:
    """A roll by hand of six students with numbers S01 to S06, list numbers 11 to 16."""
    course = page.context.course
    assert course is not None
    entries = [RosterEntry(f"S{n:02}", name, list_number=10 + n) for n, name in enumerate(NAMES, start=1)]
    with store.write() as tx:
        tx.students.put_roster(course.id, entries)
    page.context.changed("students")
    settle()
    wait_for(lambda: [line.student.name for line in page.model.rows] == sorted(NAMES, key=_plain))
    page.source.use_none()
    page.start(resume=False)
    wait_for(lambda: page.session is not None)
    settle()
    page.parts.roster.setFocus()
    return page


def _plain(name: str) -> str:
    return name.replace("Ó", "O")


def shown(page: RollCallPage) -> list[str]:
    return [line.student.name for row, line in enumerate(page.model.rows) if not page.parts.roster.isRowHidden(row)]


def chosen(page: RollCallPage) -> list[str]:
    return [line.student.name for line in page.parts.roster.chosen()]


def type_search(page: RollCallPage, text: str) -> None:
    QTest.keyClicks(page.parts.roster, "/")
    assert page.parts.search.field.hasFocus()
    if text.isascii():
        QTest.keyClicks(page.parts.search.field, text)
    else:  # QTest has no keys for such letters
        page.parts.search.field.setText(text)


@pytest.mark.parametrize(
    ("typed", "found", "best"),
    [
        ("ana", ["Ana García", "Mariana Ruiz", "Susana Gil", "Tomás Ana"], "Ana García"),
        ("GARCIA", ["Ana García"], "Ana García"),
        ("nunez", ["Beto Núñez"], "Beto Núñez"),
        ("óscar", ["Óscar Pérez"], "Óscar Pérez"),
        ("ru mar", ["Mariana Ruiz"], "Mariana Ruiz"),
        ("s06", ["Tomás Ana"], "Tomás Ana"),
        ("s", ["Ana García", "Beto Núñez", "Mariana Ruiz", "Óscar Pérez", "Susana Gil", "Tomás Ana"], "Ana García"),
        ("15", ["Susana Gil"], "Susana Gil"),
    ],
)
def test_any_part_of_name_or_number_finds(roll: RollCallPage, typed: str, found: list[str], best: str) -> None:
    type_search(roll, typed)
    assert shown(roll) == found
    assert chosen(roll) == [best]
    finish(roll)


def test_enter_marks_the_match_and_the_next_is_typed_at_once(
    roll: RollCallPage, store: Store, window: MainWindow, settle: Settle
) -> None:
    field = roll.parts.search.field
    type_search(roll, "perez")
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle()
    assert mark_of(store, roll, 3) == (Status.PRESENT, MarkedBy.TEACHER)
    assert (field.text(), field.hasFocus(), len(shown(roll))) == ("", True, 6)
    QTest.keyClick(field, Qt.Key.Key_Return)  # nothing is searched for: nobody is marked
    QTest.keyClicks(field, "gil")
    QTest.keyClick(field, Qt.Key.Key_Enter)
    settle()
    assert [line.student.name for line in roll.model.rows if line.mark] == ["Óscar Pérez", "Susana Gil"]
    # The field keeps nothing to undo: the key takes back the mark.
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert [line.student.name for line in roll.model.rows if line.mark] == ["Óscar Pérez"]
    assert field.text() == ""
    finish(roll)


def test_letters_are_text_in_the_field_and_status_keys_in_the_list(
    roll: RollCallPage, store: Store, settle: Settle
) -> None:
    field, roster = roll.parts.search.field, roll.parts.roster
    type_search(roll, "pal")
    assert not any(line.mark for line in roll.model.rows)
    assert shown(roll) == []
    assert roll.parts.search.nobody.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Return)  # nobody is found: nobody is marked
    roll.parts.search.begin()
    QTest.keyClicks(field, "ana")  # replaces what was typed
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert roster.hasFocus()
    QTest.keyClick(roster, Qt.Key.Key_Right)
    assert chosen(roll) == ["Mariana Ruiz"]
    QTest.keyClicks(roster, "l")
    settle()
    assert [line.student.name for line in roll.model.rows if line.mark] == ["Mariana Ruiz"]
    assert mark_of(store, roll, 2) == (Status.LATE, MarkedBy.TEACHER)
    assert (field.text(), field.hasFocus()) == ("", True)
    finish(roll)


def test_after_digits_a_status_key_marks(roll: RollCallPage, store: Store, settle: Settle) -> None:
    field = roll.parts.search.field
    type_search(roll, "14a")
    settle()
    assert mark_of(store, roll, 3) == (Status.ABSENT, MarkedBy.TEACHER)
    QTest.keyClicks(field, "99p")  # nobody has it: a letter like any other
    settle()
    assert field.text() == "99p"
    assert sum(line.mark is not None for line in roll.model.rows) == 1
    finish(roll)


def test_escape_leaves_and_the_ending_shows_everybody(roll: RollCallPage) -> None:
    QTest.keyClick(roll.parts.roster, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert roll.parts.search.field.hasFocus()
    QTest.keyClicks(roll.parts.search.field, "gil")
    QTest.keyClick(roll.parts.search.field, Qt.Key.Key_Escape)
    assert roll.parts.roster.hasFocus()
    assert len(shown(roll)) == 6
    assert chosen(roll) == ["Susana Gil"]
    type_search(roll, "gil")
    QTest.keyClick(roll.parts.search.field, Qt.Key.Key_Down)
    QTest.keyClick(roll.parts.roster, Qt.Key.Key_Escape)  # from the list too
    assert len(shown(roll)) == 6
    type_search(roll, "gil")
    finish(roll)
    assert len(shown(roll)) == 6
    assert roll.parts.search.isHidden()


def test_among_those_who_are_missing(roll: RollCallPage, store: Store, settle: Settle) -> None:
    field = roll.parts.search.field
    type_search(roll, "garcia")
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle()
    roll.parts.missing_button.click()
    type_search(roll, "ana")
    assert shown(roll) == ["Mariana Ruiz", "Susana Gil", "Tomás Ana"]
    assert chosen(roll) == ["Tomás Ana"]
    # Somebody else marks the one who is selected: Enter selects first, and marks what the teacher then sees.
    roll.running.marking.set_status(roll.parts.roster.chosen(), Status.PRESENT)
    settle()
    assert chosen(roll) == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle()
    assert chosen(roll) == ["Mariana Ruiz"]
    assert mark_of(store, roll, 2) is None
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle()
    assert mark_of(store, roll, 2) == (Status.PRESENT, MarkedBy.TEACHER)
    assert shown(roll) == ["Beto Núñez", "Óscar Pérez", "Susana Gil"]
    finish(roll)


def test_with_a_camera_too(page: RollCallPage, store: Store, settle: Settle) -> None:
    begin(page)
    page.parts.roster.setFocus()
    type_search(page, "04")
    assert shown(page) == ["Student 04"]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    settle()
    assert mark_of(store, page, 3) == (Status.PRESENT, MarkedBy.TEACHER)
    finish(page)
