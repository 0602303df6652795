"""The check of the audit trail: whether register and trail are as the program has written them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from attendance_app.domain.audit import AuditCheck
from attendance_app.domain.errors import KnownError
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.translated_widget import TranslatedWidget
from attendance_app.words.audit import problem_in_words

MOST_SHOWN = 20
"""Findings; a list that another program wrote may have a line for every mark."""


class AuditTrail(TranslatedWidget):
    """A sentence, a button, and what the last check has found."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._found: AuditCheck | None = None
        words = label(wrap=True)
        self.bind_text(
            words.setText,
            "Every change is recorded with its time and the user of the computer. The check says whether anything was "
            "changed by another program.",
        )
        self.button = Button("plain", "shield-check").with_text("Check the record of changes").on_click(self.check)
        self.found = label(wrap=True)
        self.found.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        row = QHBoxLayout()
        row.addWidget(words, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.found)
        self.retranslate()

    def check(self) -> None:
        """Read the whole trail and compare it with the register."""
        store = self._context.store
        self.button.setEnabled(False)
        self._found = None
        self.found.setText(tr("Checking…"))
        self.found.show()

        def failed(error: KnownError) -> None:
            self.button.setEnabled(True)
            self.retranslate()
            self._context.show_error(error)

        self._context.run(lambda _job: store.audit.check(), done=self._show, failed=failed, long=True)

    def _show(self, found: AuditCheck) -> None:
        self._found = found
        self.button.setEnabled(True)
        self.retranslate()

    def retranslate(self) -> None:
        self.found.setText("" if self._found is None else "\n".join(check_lines(self._found)))
        self.found.setVisible(self._found is not None)


def check_lines(found: AuditCheck) -> list[str]:
    """What a check has found: "whole" or the findings, and the hash to keep."""
    counts = {name: dates.number(value) for name, value in (("records", found.records), ("rows", found.rows))}
    if found.problems:
        lines = [tr("Not as it was written. Findings: {count}.").format(count=dates.number(len(found.problems)))]
        lines += [problem_in_words(one, tr) for one in found.problems[:MOST_SHOWN]]
        if len(found.problems) > MOST_SHOWN:
            lines.append(tr("The others: attendance audit verify"))
    else:
        lines = [tr("Whole: {records} entries of {rows} changes.").format(**counts)]
    if found.erased:
        lines.append(tr("Taken out by erasures: {count} changes.").format(count=dates.number(found.erased)))
    lines.append(tr("Last hash, to write down and compare later: {hash}").format(hash=found.head))
    return lines
