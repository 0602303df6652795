"""A course's timetable: terms, weekly times and holidays; typed, or from a calendar file."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Course
from attendance_app.domain.timetable import Period, Timetable, WeeklyLesson
from attendance_app.services.timetable.calendar_file import CalendarContent, read_calendar
from attendance_app.services.timetable.calendar_plan import merged, only_named
from attendance_app.services.timetable.typed import lines_of, without_line
from attendance_app.store.unit import Transaction
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, ChoiceBox, label
from attendance_app.ui.dialogs import ActingDialog, Action
from attendance_app.ui.i18n import tr
from attendance_app.ui.rows_model import Column, RowsModel
from attendance_app.ui.students.timetable_fields import TimetableFields
from attendance_app.ui.students.timetable_words import kind_words, name_words, reason_words, when_words
from attendance_app.ui.tables import RowTable

MOST_NAMED = 6
"""So many events that a calendar leaves out are named."""

Line = Period | WeeklyLesson


class TimetableDialog(ActingDialog):
    """Collects changes, and saves them together."""

    def __init__(
        self, context: AppContext, course: Course, timetable: Timetable, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, tr("Timetable of {code}").format(code=course.code), parent)
        self.setMinimumWidth(context.theme.px(640))
        self._course = course
        self.timetable = timetable
        self._typed = timetable
        """Without what the calendar file brings."""
        self._content: CalendarContent | None = None
        columns: list[Column[Line]] = [
            Column(header=lambda: tr("Kind"), text=lambda line: kind_words(line, self.timetable)),
            Column(header=lambda: tr("When"), text=when_words),
            Column(header=lambda: tr("Name or topic"), text=name_words),
        ]
        self.model: RowsModel[Line] = RowsModel(columns, key=lambda line: line)
        self.table = RowTable(context.memory, "timetable")
        self.table.begin(self.model, stretch=1, widths={0: 132, 2: 176})
        self.table.setMinimumHeight(context.theme.px(132))
        self.table.setAccessibleName(tr("Timetable"))
        self.fields = TimetableFields(context.clock().astimezone().date())
        self.fields.add_wanted.connect(self.add_typed)
        self.remove_button = Button("quiet", "trash").with_text("Remove from the timetable").on_click(self.remove)
        self.import_button = Button("plain", "download-simple").with_text("From a calendar file…")
        self.import_button.on_click(self._choose_file)
        self.import_words = label("quiet", wrap=True)
        self.lessons_choice = ChoiceBox()
        self.lessons_choice.setAccessibleName(tr("Lessons of the calendar"))
        self.lessons_choice.currentIndexChanged.connect(lambda _index: self._merge())
        self.everywhere = QCheckBox(tr("Add these holidays to all my courses"))
        self._assemble()
        self.set_primary(tr("Save"))
        self._show()

    def _assemble(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.import_button)
        row.addStretch(1)
        row.addWidget(self.remove_button)
        self._inside = QWidget()
        self._inside.setProperty("role", "plain")
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.setSpacing(12)
        inside.addWidget(self.table, 1)
        inside.addLayout(row)
        for part in (self.import_words, self.lessons_choice, self.everywhere, self.fields):
            inside.addWidget(part)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._inside)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setMinimumHeight(self.context.theme.px(160))
        self.column.insertWidget(2, self._scroll, 100)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        for part in (self.import_words, self.lessons_choice):
            part.hide()

    def fit(self) -> None:
        """Take the height that everything needs, or what the window has: the rest is scrolled."""
        self.column.activate()
        around = self.column.totalMinimumSize().height() - self._scroll.minimumHeight()
        wanted = around + self._inside.sizeHint().height() + 4
        parent = self.parentWidget()
        room = wanted if parent is None else parent.window().height()
        self.resize(max(self.width(), self.minimumWidth()), min(wanted, room))

    def add_typed(self) -> None:
        """Add what the fields say."""
        try:
            added = self.fields.added_to(self._typed)
        except KnownError as error:
            self.message_bar.show_error(error)
            return
        self.message_bar.clear()
        self._typed = added
        self.fields.name_field.clear()
        self._merge()

    def remove(self) -> None:
        """Remove the selected line."""
        row = self.table.currentIndex().row()
        if not 0 <= row < len(self.model.rows):
            return
        line = self.model.rows[row]
        self.timetable = without_line(self.timetable, row + 1)
        if line in lines_of(self._typed):
            self._typed = without_line(self._typed, lines_of(self._typed).index(line) + 1)
        self._show()

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, tr("From a calendar file…"), "", tr("Calendars (*.ics *.ical *.ifb)")
        )
        if chosen:
            self.read_file(Path(chosen))

    def read_file(self, path: Path) -> None:
        """Show what a calendar file brings; it is saved with the rest."""
        today = self.context.clock().astimezone().date()
        self.context.run(
            lambda _job: read_calendar(path, today=today), done=self._take, failed=self.message_bar.show_error
        )

    def _take(self, content: CalendarContent) -> None:
        self.message_bar.clear()
        self._content = content
        names = sorted({lesson.topic for lesson in content.lessons})
        self.lessons_choice.blockSignals(True)
        self.lessons_choice.clear()
        self.lessons_choice.addItem(tr("No lessons from the calendar"), None)
        self.lessons_choice.addItem(tr("All lessons of the calendar"), "")
        for name in names:
            self.lessons_choice.addItem(tr("Lessons: {name}").format(name=name), name)
        own = [name for name in names if self._course.title.casefold() in name.casefold()]
        # A teacher's calendar has every course: what is not of this one must not come in by itself.
        self.lessons_choice.setCurrentIndex(self.lessons_choice.findData(own[0]) if len(own) == 1 else 0)
        self.lessons_choice.blockSignals(False)
        self.lessons_choice.setVisible(bool(names))
        self._merge()
        self.fit()

    def _merge(self) -> None:
        self.timetable = self._typed
        if self._content is not None:
            content = only_named(self._content, self.lessons_choice.currentData())
            self.timetable = merged(self._typed, content)
            self._say_brought(content)
        self._show()

    def _say_brought(self, content: CalendarContent) -> None:
        words = tr("The calendar has %n holiday(s)", "", len(content.holidays)) + ". "
        if content.left_out:
            named = ", ".join(f"{one.name} ({reason_words(one.reason)})" for one in content.left_out[:MOST_NAMED])
            more = "" if len(content.left_out) <= MOST_NAMED else " …"
            words += tr("Left out: {names}").format(names=named + more)
        self.import_words.setText(words)
        self.import_words.show()

    def _show(self) -> None:
        self.model.show_rows(lines_of(self.timetable))
        self.everywhere.setVisible(bool(self.timetable.holidays))
        self._on_row(self.table.currentIndex(), QModelIndex())

    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.remove_button.setEnabled(current.isValid())

    def action(self) -> Action:
        course, timetable = self._course, self.timetable
        everywhere = self.everywhere.isChecked() and self.everywhere.isVisibleTo(self)

        def act(tx: Transaction) -> Timetable:
            if everywhere:
                for other in tx.courses.all():
                    theirs = tx.timetables.of_course(other.id)
                    tx.timetables.put(other.id, theirs.with_added(holidays=timetable.holidays))
            return tx.timetables.put(course.id, timetable)

        return act

    def message(self, result: Timetable) -> str:
        return tr("The timetable of {code} was saved").format(code=self._course.code)
