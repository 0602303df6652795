"""Excuses of one student: entered for days, listed, removed."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from attendance_app.domain.excuses import Excuse
from attendance_app.domain.people import Student
from attendance_app.domain.timetable import Period
from attendance_app.services.excuses import Excused, excuse_student
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.dialogs import ActingDialog, Action
from attendance_app.ui.i18n import tr
from attendance_app.ui.students.timetable_words import when_words
from attendance_app.ui.time_fields import beside, day_field, day_of


class ExcuseDialog(ActingDialog):
    """Enters an excuse; those on record can be removed."""

    def __init__(
        self, context: AppContext, student: Student, excuses: tuple[Excuse, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(context, tr("Excuse {name}").format(name=student.name), parent)
        self._student = student
        self.explain(
            tr(
                "Sessions of these days begin with the student excused. If the camera sees the student all the same, "
                "you are told. Absences on record become excused, except those that you have set yourself."
            )
        )
        today = context.clock().astimezone().date()
        self.first_field, self.last_field = day_field(today), day_field(today)
        self.first_field.dateChanged.connect(
            lambda first: self.last_field.setDate(max(first, self.last_field.date(), key=lambda day: day.toJulianDay()))
        )
        caption = tr("First and last day")
        for field in (self.first_field, self.last_field):
            field.setAccessibleName(caption)
        self.form.addRow(caption, beside(self.first_field, self.last_field))
        self.reason_field = self.field(tr("Reason (optional)"), "", hint=tr("Doctor's note"))
        self.remove_buttons = [self._add_known(excuse) for excuse in excuses]
        self.set_primary(tr("Excuse"))

    def _add_known(self, excuse: Excuse) -> Button:
        """Show an excuse on record, with a button to remove it."""
        words = label(wrap=True)
        reason = f" · {excuse.reason}" if excuse.reason else ""
        words.setText(when_words(Period(excuse.first, excuse.last)) + reason)
        remove = Button("quiet", "trash").with_text("Remove the excuse")
        remove.on_click(partial(self.remove, excuse))
        row = QHBoxLayout()
        row.addWidget(words, 1)
        row.addWidget(remove)
        self.column.insertLayout(self.column.count() - 2, row)
        return remove

    def remove(self, excuse: Excuse) -> None:
        """Remove an excuse; its marks stay."""
        self.context.act(lambda tx: tx.excuses.remove(excuse.id), message=tr("The excuse was removed"))
        self.accept()

    def action(self) -> Action:
        student_id, now = self._student.id, self.context.clock()
        first, last, reason = day_of(self.first_field), day_of(self.last_field), self.reason_field.text()
        days = Period(min(first, last), max(first, last), reason)
        return lambda tx: excuse_student(tx, student_id, days, at=now)

    def message(self, result: Excused) -> str:
        words = tr("{name} is excused").format(name=self._student.name)
        return words + (": " + tr("%n absence(s) on record", "", result.absences) if result.absences else "")
