"""Sheets on pages: nothing is cut, tables go on overleaf under their titles."""

import io
from datetime import datetime, time

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication

from attendance_app.domain.sessions import Status
from attendance_app.services.sheets.sheet import Sheet
from attendance_app.ui.printing.pages import sheet_pdf
from attendance_app.ui.printing.table_columns import column_groups, column_widths
from attendance_app.words.catalogue import translate_to
from attendance_app.words.sheets import sheet_words

WORDS = sheet_words(translate_to("en"))


def course(students: int, sessions: int) -> Sheet:
    starts = [datetime(2026, 1 + one // 28, 1 + one % 28, 8, 0) for one in range(sessions)]  # noqa: DTZ001 - local
    rows = tuple((f"{one:03}", f"Student {one}", *([Status.LATE] * sessions), 0.5) for one in range(students))
    return Sheet("Attendance", (), (WORDS.number, WORDS.name, *starts, WORDS.attended), rows, WORDS)


def test_many_sessions_are_told_in_several_tables_that_all_name_the_students() -> None:
    groups = list(column_groups(course(3, 40)))
    assert [group[:2] for group in groups] == [(0, 1)] * 3
    assert [column for group in groups for column in group[2:]] == list(range(2, 43))


@pytest.mark.parametrize("room", [100.0, 300.0, 3000.0])
def test_columns_fill_the_room_and_none_is_lost(qapp: QGuiApplication, room: float) -> None:
    metrics = QFontMetricsF(QFont())
    remark = "a long remark that goes on and on " * 4
    sheet = Sheet("t", (), ("No", "Remark", "At"), (("1", remark, time(8, 0)), ("2", "", None)), WORDS, status_column=1)
    widths = column_widths(sheet, (0, 1, 2), room=room, metrics=metrics, heads=metrics, padding=2)
    assert sum(widths) == pytest.approx(room)
    assert min(widths) > 0


def test_a_long_course_takes_pages_with_titles_on_each(qapp: QGuiApplication) -> None:
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(sheet_pdf(course(120, 3)))).pages]
    assert len(texts) >= 3
    assert all("Attended" in text for text in texts[:-1])
    found = " ".join(texts).split()
    assert all(f"{one:03}" in found for one in range(120))
