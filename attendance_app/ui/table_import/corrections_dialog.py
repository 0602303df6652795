"""A register that was exported and changed: what it would correct, what it must not, before anything is saved."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from attendance_app.domain.sessions import Mark
from attendance_app.services.sheets.corrected_register import read_corrected
from attendance_app.services.sheets.corrections import (
    Correction,
    CorrectionReason,
    CorrectionsPlan,
    LeftOutLine,
    apply_corrections,
    plan_corrections,
)
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.dialogs import Action
from attendance_app.ui.i18n import tr
from attendance_app.ui.rows_model import Column
from attendance_app.ui.status_look import status_word
from attendance_app.ui.table_import.table_dialog import Planner, PreviewLines, TableImportDialog
from attendance_app.ui.table_import.table_words import reason_word
from attendance_app.words.catalogue import translate_to
from attendance_app.words.sheets import sheet_words

Line = tuple[Correction | LeftOutLine, bool]
"""A line of the file, and whether it is a conflict."""


class CorrectionsDialog(TableImportDialog):
    """The file says of which session it is. Conflicts stand on top and are not written."""

    def __init__(self, context: AppContext, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(context, path, PreviewLines(_columns()), parent)
        self._at = context.clock()
        self.set_primary(tr("Correct", "button"))

    def planner(self) -> Planner:
        store = self.context.store
        languages = [sheet_words(translate_to(language)) for language in ("en", "es")]
        return lambda table: plan_corrections(store, read_corrected(table, languages))

    def show_plan(self, plan: CorrectionsPlan) -> bool:
        session, course = plan.register.session, plan.register.course
        parts = [f"{course.title or course.code}, {dates.day_and_time(session.started_at)}"]
        counts = {
            tr("%n to correct", "", len(plan.changes)): len(plan.changes),
            tr("%n conflict(s)", "", len(plan.conflicts)): len(plan.conflicts),
            tr("%n left out", "lines of a list", len(plan.left_out)): len(plan.left_out),
            tr("%n as they are", "", plan.unchanged): plan.unchanged,
        }
        self.summary.setText(" · ".join([*parts, *(text for text, count in counts.items() if count)]))
        # What needs somebody comes first.
        lines: list[Line] = [(one, True) for one in plan.conflicts]
        lines += [(one, False) for one in plan.left_out]
        lines += [(one, False) for one in plan.changes]
        self.lines.show_lines(lines)
        return bool(plan.changes)

    def action(self) -> Action:
        plan, at = self.plan, self._at
        return lambda tx: apply_corrections(tx, plan, at=at)

    def message(self, result: int) -> str:
        return tr("%n mark(s) corrected", "", result)


def _columns() -> list[Column[Line]]:
    return [
        Column(header=lambda: tr("Line", "of a file"), text=lambda line: str(line[0].row)),
        Column(header=lambda: tr("Student"), text=_who),
        Column(header=lambda: tr("In the register"), text=_now),
        Column(header=lambda: tr("In the file"), text=_wanted),
        Column(header=lambda: tr("What"), text=_what),
    ]


def _who(line: Line) -> str:
    one = line[0]
    return one.student.name if isinstance(one, Correction) else one.who


def _now(line: Line) -> str:
    return _mark_words(line[0].before) if isinstance(line[0], Correction) else ""


def _mark_words(mark: Mark | None) -> str:
    if mark is None:
        return tr("no mark")
    return " · ".join(filter(None, (status_word(mark.status), mark.remark)))


def _wanted(line: Line) -> str:
    one = line[0]
    if isinstance(one, LeftOutLine):
        return one.text
    wanted = one.wanted
    arrived = "" if wanted.arrived_at is None else dates.time(wanted.arrived_at)
    remark = tr("no remark") if wanted.remark == "" else wanted.remark or ""
    return " · ".join(filter(None, (status_word(wanted.status), arrived, remark)))


def _what(line: Line) -> str:
    one, conflict = line
    if isinstance(one, Correction):
        return tr("conflict: changed here since, stays") if conflict else tr("is corrected")
    if not isinstance(one.reason, CorrectionReason):
        return tr("left out: {reason}").format(reason=reason_word(one.reason))
    reason = {
        CorrectionReason.NOT_IN_REGISTER: tr("not in this register", "why it is left out"),
        CorrectionReason.TWICE: tr("twice in the file", "why it is left out"),
        CorrectionReason.NAME_DIFFERS: tr("the name is another student's", "why it is left out"),
        CorrectionReason.UNKNOWN_WORD: tr("no status that is known", "why it is left out"),
        CorrectionReason.STATUS_EMPTY: tr("the status was emptied", "why it is left out"),
        CorrectionReason.REMARK_ALONE: tr("a remark without a status", "why it is left out"),
        CorrectionReason.REMARK_TOO_LONG: tr("the remark is too long", "why it is left out"),
        CorrectionReason.ARRIVAL: tr("no time of day of this session", "why it is left out"),
        CorrectionReason.TIME_OF_MARK: tr("the time of the mark can't be read", "why it is left out"),
    }[one.reason]
    return tr("left out: {reason}").format(reason=reason)
