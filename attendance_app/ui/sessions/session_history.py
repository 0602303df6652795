"""What was done to a session as a whole, as a list."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from attendance_app.domain.session_edits import SessionChange, SessionEdit
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr


class SessionHistoryDialog(QDialog):
    """One line a change, oldest first."""

    def __init__(self, context: AppContext, changes: tuple[SessionChange, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What was done to the session"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(context.theme.px(440))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        title = label("title", wrap=True)
        title.setText(tr("What was done to the session"))
        column.addWidget(title)
        self.lines = [f"{dates.day_and_time(one.changed_at)}: {change_words(one)}" for one in changes]
        for line in self.lines or [tr("Nothing so far; each mark has a history of its own.")]:
            words = label(wrap=True)
            words.setText(line)
            column.addWidget(words)
        close = Button("primary").with_text("Close").on_click(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)


def change_words(change: SessionChange) -> str:
    """Return what was done, with what was before and after."""
    before, after = change.before, change.after
    if change.edit is SessionEdit.MOVED:
        before, after = (dates.day_and_time(datetime.fromisoformat(moment)) for moment in (before, after))
        return tr("begins {after} instead of {before}").format(before=before, after=after)
    if change.edit in {SessionEdit.SPLIT, SessionEdit.MERGED}:
        words = {
            (SessionEdit.SPLIT, True): tr("split; the second part is session {number}"),
            (SessionEdit.SPLIT, False): tr("split off session {number}"),
            (SessionEdit.MERGED, True): tr("session {number} was taken into it"),
            (SessionEdit.MERGED, False): tr("taken into session {number}"),
        }
        return words[change.edit, bool(after)].format(number=after or before)
    if change.edit is SessionEdit.TOPIC:
        return tr("topic: {topic}").format(topic=after or "–")
    words_of = {
        SessionEdit.ADDED: tr("added by hand"),
        SessionEdit.VOID: tr("made void"),
        SessionEdit.COUNTS: tr("counts"),
        SessionEdit.DELETED: tr("deleted"),
        SessionEdit.BROUGHT_BACK: tr("brought back"),
    }
    return words_of[change.edit] + (f": {after}" if after else "")
