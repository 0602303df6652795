"""A course's figures between two days: a line a student, unusual days above."""

from datetime import date
from typing import Final

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from attendance_app.domain.sessions import Status
from attendance_app.services.attendance_report import CourseReport, StudentFigures
from attendance_app.ui import dates
from attendance_app.ui.controls import label
from attendance_app.ui.i18n import tr
from attendance_app.ui.memory import WindowMemory
from attendance_app.ui.rows_model import Column, RowsModel
from attendance_app.ui.status_look import status_word
from attendance_app.ui.tables import RowTable
from attendance_app.ui.time_fields import day_field, day_of
from attendance_app.ui.translated_widget import TranslatedWidget

WIDTHS: Final = {1: 80, 2: 86, 3: 78, 4: 78, 5: 100, 6: 150, 7: 86, 8: 92, 9: 116}
"""Of the columns, at 100 %."""


class FiguresView(TranslatedWidget):
    """``span_changed``: other days were chosen, and the report must be read again."""

    span_changed = Signal()

    def __init__(self, memory: WindowMemory) -> None:
        super().__init__()
        self.report: CourseReport | None = None
        self._chosen = False
        """Whether the user has chosen the days; else they are those of the first and the last session."""
        self._setting = False
        today = date.today()  # noqa: DTZ011 - shown until the report has been read
        self.first_field, self.last_field = day_field(today), day_field(today)
        self._words = label("quiet", wrap=True)
        self._model: RowsModel[StudentFigures] = RowsModel(_columns(), key=lambda line: line.student.id)
        self.table = RowTable(memory, "figures", row_height=32)
        self.table.begin(self._model, stretch=0, widths=WIDTHS, spare=(8, 9, 6))
        self.bind_text(self.table.setAccessibleName, "Figures of each student")
        row = QHBoxLayout()
        row.setSpacing(8)
        self._captions = label(), label()
        for field, words in zip((self.first_field, self.last_field), self._captions, strict=True):
            field.dateChanged.connect(self._on_chosen)
            words.setBuddy(field)
            row.addWidget(words)
            row.addWidget(field)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._words)
        column.addWidget(self.table, 1)

    @property
    def span(self) -> tuple[date | None, date | None]:
        """The first and the last day that were chosen; None: all sessions."""
        if not self._chosen:
            return None, None
        return day_of(self.first_field), day_of(self.last_field)

    def forget_span(self) -> None:
        """Show all sessions, as of another course."""
        self._chosen = False

    def show_report(self, report: CourseReport | None) -> None:
        """Show another report, None: there is none."""
        self.report = report
        if report is not None and report.sessions and not self._chosen:
            for field, session in ((self.first_field, report.sessions[0]), (self.last_field, report.sessions[-1])):
                day = session.started_at.astimezone().date()
                self._setting = True
                field.setDate(QDate(day.year, day.month, day.day))
                self._setting = False
        self._model.show_rows(() if report is None else report.students)
        self.retranslate()

    def _on_chosen(self) -> None:
        # Not where the report's own days are shown.
        if not self._setting:
            self._chosen = True
            self.span_changed.emit()

    def retranslate(self) -> None:
        texts = tr("From", "first day"), tr("To", "last day")
        for field, words, text in zip((self.first_field, self.last_field), self._captions, texts, strict=True):
            words.setText(text)
            field.setAccessibleName(text)
        self._model.refresh()
        report = self.report
        if report is None:
            self._words.setText("")
            return
        parts = [
            tr("%n session(s)", "", len(report.sessions)),
            tr("{percent} attended").format(percent=_percent(report.rate)),
            tr("%n below the limit", "students", len(report.below)),
        ]
        if report.unusual:
            unusual = (f"{dates.day(one.session.started_at)} ({one.came}/{one.counted})" for one in report.unusual)
            parts.append(tr("Unusual days: {days}").format(days=", ".join(unusual)))
        self._words.setText(" · ".join(parts))


def _columns() -> list[Column[StudentFigures]]:
    def status(one: Status) -> Column[StudentFigures]:
        return Column(header=lambda: status_word(one), text=lambda line: str(line.counts[one]))

    return [
        Column(header=lambda: tr("Student"), text=lambda line: line.student.name),
        Column(header=lambda: tr("Attended"), text=lambda line: _percent(line.rate)),
        status(Status.PRESENT),
        status(Status.LATE),
        status(Status.ABSENT),
        status(Status.EXCUSED),
        Column(header=lambda: tr("Minutes late"), text=lambda line: str(line.minutes_late)),
        Column(
            header=lambda: tr("In a row", "absences"),
            header_tooltip=lambda: tr("Sessions missed in a row: now, and at most"),
            text=lambda line: f"{line.absences_now} / {line.longest_absence}",
        ),
        Column(
            header=lambda: tr("Trend", "of attendance"),
            header_tooltip=lambda: tr("The newer half of the sessions compared with the older half"),
            text=lambda line: "–" if line.trend is None else f"{100 * line.trend:+.0f} %",
        ),
        Column(
            header=lambda: tr("Below since", "the limit"),
            text=lambda line: "" if line.below_since is None else dates.day(line.below_since.started_at),
        ),
    ]


def _percent(share: float | None) -> str:
    return "–" if share is None else dates.percent(share)
