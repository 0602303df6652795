"""Taking over attendance that was kept elsewhere: what each column and each word means, and what would be added."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QWidget

from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Status
from attendance_app.services.columns import propose_mapping
from attendance_app.services.past_attendance import (
    FIRST_LESSON,
    LeftOut,
    PastPlan,
    PastReason,
    PastSession,
    Reading,
    apply_past,
    plan_past,
)
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import ChoiceBox
from attendance_app.ui.dialogs import Action
from attendance_app.ui.i18n import tr
from attendance_app.ui.rows_model import Column
from attendance_app.ui.status_look import status_word
from attendance_app.ui.table_import.table_dialog import Planner, PreviewLines, TableImportDialog
from attendance_app.ui.table_import.table_words import reason_word
from attendance_app.ui.time_fields import clock_of, time_field

MOST_WORDS: Final = 40
"""So many words of a table are offered a meaning; with more it is no table of attendance."""

Line = PastSession | LeftOut


class PastDialog(TableImportDialog):
    """Marks that are in the register stay; undo takes away what the table has brought."""

    def __init__(self, context: AppContext, course: Course, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(context, path, PreviewLines(_columns()), parent)
        self._course = course
        self._words: dict[str, Status] = {}
        self._at = context.clock()
        self.time_field = time_field(FIRST_LESSON)
        self._add_field(tr("Days without a time begin at"), self.time_field, self.options)
        self.time_field.timeChanged.connect(self.plan_again)
        self.month_box = QCheckBox(tr("Month before day"))
        self.month_box.setToolTip(tr("3/4/2026 is in March."))
        self.month_box.toggled.connect(self.plan_again)
        self.options.addWidget(self.month_box)
        self.word_box = ChoiceBox()
        self.status_box = ChoiceBox()
        words = QHBoxLayout()
        self.column.insertLayout(4, words)
        self._word_caption = self._add_field(tr("The word", "in a table"), self.word_box, words)
        self._means = self._add_field(tr("means", "a word in a table"), self.status_box, words)
        words.addStretch(1)
        self.status_box.addItem(tr("nothing, it is left out", "a word in a table"), None)
        for status in Status:
            self.status_box.addItem(status_word(status), status)
        self.word_box.currentIndexChanged.connect(self._show_meaning)
        self.status_box.activated.connect(self._choose_meaning)
        self.options.addStretch(1)

    def _add_field(self, caption: str, field: QWidget, row: QHBoxLayout) -> QLabel:
        words = QLabel(caption)
        words.setBuddy(field)
        field.setAccessibleName(caption)
        if isinstance(field, QComboBox):
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        row.addWidget(words)
        row.addWidget(field)
        return words

    def planner(self) -> Planner:
        store, course, now = self.context.store, self._course, self._at
        reading = Reading(at=clock_of(self.time_field), month_first=self.month_box.isChecked(), words=dict(self._words))
        return lambda table: plan_past(store, course, table, propose_mapping(table), reading=reading, now=now)

    def show_plan(self, plan: PastPlan) -> bool:
        self._offer_words(plan)
        parts = [tr("%n new session(s)", "", plan.new_sessions), tr("%n new mark(s)", "", plan.new_marks)]
        if plan.unchanged:
            parts.append(tr("%n as they are", "", plan.unchanged))
        if plan.left_out:
            parts.append(tr("%n left out", "lines of a list", len(plan.left_out)))
        self.summary.setText(" · ".join(parts))
        # What needs somebody comes first.
        self.lines.show_lines([*plan.left_out, *plan.sessions])
        return plan.new_marks > 0

    def _offer_words(self, plan: PastPlan) -> None:
        unknown = Counter(one.text.strip() for one in plan.left_out if one.reason is PastReason.UNKNOWN_WORD)
        words = list(dict.fromkeys([*self._words, *(word for word, _count in unknown.most_common(MOST_WORDS))]))
        chosen = self.word_box.currentText()
        if words != [self.word_box.itemText(row) for row in range(self.word_box.count())]:
            self.word_box.clear()
            self.word_box.addItems(words)
            self.word_box.setCurrentIndex(max(0, self.word_box.findText(chosen)))
        for part in (self._word_caption, self.word_box, self._means, self.status_box):
            part.setVisible(bool(words))

    def _show_meaning(self) -> None:
        status = self._words.get(self.word_box.currentText())
        self.status_box.setCurrentIndex(0 if status is None else 1 + list(Status).index(status))

    def _choose_meaning(self) -> None:
        word, status = self.word_box.currentText(), self.status_box.currentData()
        if status is None:
            self._words.pop(word, None)
        else:
            self._words[word] = status
        self.plan_again()

    def action(self) -> Action:
        plan, at, note = self.plan, self._at, self._path.name
        late_after = timedelta(minutes=self.context.settings.late_after_minutes)
        return lambda tx: apply_past(tx, plan, at=at, late_after=late_after, note=note)

    def message(self, result: int) -> str:
        return tr("%n mark(s) imported", "", result)


def _columns() -> list[Column[Line]]:
    def of(session: Callable[[PastSession], str], left_out: Callable[[LeftOut], str]) -> Callable[[Line], str]:
        return lambda line: session(line) if isinstance(line, PastSession) else left_out(line)

    return [
        Column(header=lambda: tr("Place", "in a file"), text=of(lambda one: _place(None, one.column), _left_out_place)),
        Column(
            header=lambda: tr("Session or word"),
            text=of(lambda one: dates.day_and_time(one.started_at), lambda one: one.text),
        ),
        Column(header=lambda: tr("What"), text=of(_what, _reason)),
    ]


def _left_out_place(one: LeftOut) -> str:
    return _place(one.row, one.column)


def _place(row: int | None, column: int | None) -> str:
    parts = [] if row is None else [tr("line {number}", "of a file").format(number=row)]
    parts += [] if column is None else [tr("column {number}", "of a file").format(number=column)]
    return ", ".join(parts)


def _what(session: PastSession) -> str:
    marks = tr("%n mark(s)", "", len(session.marks))
    place = tr("new session") if session.known is None else tr("joins the session of that time")
    return f"{place}, {marks}"


def _reason(one: LeftOut) -> str:
    if not isinstance(one.reason, PastReason):
        return tr("left out: {reason}").format(reason=reason_word(one.reason))
    reason = {
        PastReason.NOT_ON_ROSTER: tr("not on this course's list", "why it is left out"),
        PastReason.UNKNOWN_WORD: tr("no status that is known", "why it is left out"),
        PastReason.SEVERAL_SESSIONS: tr("several sessions on that day", "why it is left out"),
        PastReason.IN_THE_FUTURE: tr("a day that has not come yet", "why it is left out"),
        PastReason.SAME_TIME: tr("the same time as a column before", "why it is left out"),
    }[one.reason]
    return tr("left out: {reason}").format(reason=reason)
