"""What was recorded of a session or a student, as a table: when, which user of the computer, what, before and after."""

from datetime import date, datetime, time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from attendance_app.services.audit import Recorded
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.rows_model import Column, RowsModel
from attendance_app.ui.tables import RowTable
from attendance_app.words.audit_changes import ChangeLine, Speech, change_lines

TIME, USER, WHAT, CHANGE = range(4)


class ChangesDialog(QDialog):
    """One line a change, oldest first; ``about`` says of whom or what."""

    def __init__(self, context: AppContext, recorded: Recorded, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Changes"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        px = context.theme.px
        self.setMinimumSize(px(480), px(280))
        self.resize(px(920), px(560))
        title, subject = label("title"), label("quiet", wrap=True)
        title.setText(tr("Changes"))
        subject.setText(about)
        self.lines = change_lines(recorded, Speech(tr, when=dates.day_and_time, day=_day))
        self.model = _model(self.lines)
        self.table = RowTable(context.memory, "changes")
        self.table.setAccessibleName(tr("Changes"))
        self.table.begin(self.model, stretch=CHANGE, widths={TIME: 176, USER: 96, WHAT: 230}, spare=(USER,))
        # A change may have more words than one row has room for.
        self.table.setWordWrap(True)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        nothing = label("quiet", wrap=True)
        nothing.setText(tr("Nothing is recorded."))
        nothing.setVisible(not self.lines)
        self.table.setVisible(bool(self.lines))
        close = Button("primary").with_text("Close").on_click(self.accept)
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        for part in (title, subject, nothing):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)
        # Else the table's first cell would have it, framed.
        close.setFocus()


def _model(lines: tuple[ChangeLine, ...]) -> RowsModel[ChangeLine]:
    columns: tuple[Column[ChangeLine], ...] = (
        Column(header=lambda: tr("Time"), text=lambda line: dates.day_and_time(line.at)),
        Column(header=lambda: tr("User", "of the computer"), text=lambda line: line.user or "–"),
        Column(header=lambda: tr("What", "was changed"), text=lambda line: line.what),
        Column(header=lambda: tr("Change"), text=lambda line: line.change),
    )
    model = RowsModel(columns, key=id)
    model.show_rows(lines)
    return model


def _day(day: date) -> str:
    # At noon: no time zone makes another day of it.
    return dates.day(datetime.combine(day, time(12)).astimezone())
