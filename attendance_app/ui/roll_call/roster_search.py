"""The search above the roster of a roll call: find a student by typing, mark with one key, type the next."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from attendance_app.domain.sessions import Status
from attendance_app.ui.controls import label
from attendance_app.ui.roll_call.roster_view import RosterView
from attendance_app.ui.status_look import KEYS
from attendance_app.ui.translated_widget import TranslatedWidget

_TO_LIST = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Up})
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class RosterSearch(TranslatedWidget):
    """A field that filters the roster, and a line that says when nobody is left."""

    def __init__(self, roster: RosterView) -> None:
        super().__init__()
        self._roster = roster
        self.field = SearchField(roster)
        self.bind_text(self.field.setPlaceholderText, "Search name or number (key /)")
        self.bind_text(self.field.setAccessibleName, "Search name or number")
        self.nobody = label("quiet", wrap=True)
        self.bind_text(self.nobody.setText, "Nobody on this list matches")
        self.nobody.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.field)
        column.addWidget(self.nobody)
        self.field.textChanged.connect(self._search)
        roster.found_marked.connect(self._next)

    def begin(self) -> None:
        """Put the cursor into the field; what stands there is replaced by what is typed."""
        if not self.isHidden():
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.selectAll()

    @property
    def active(self) -> bool:
        """Whether the roster is filtered, or the cursor is in the field."""
        return self.field.hasFocus() or bool(self.field.text())

    def leave(self) -> None:
        """Show everybody again, and give the keys back to the roster."""
        self.field.setText("")
        self._roster.setFocus(Qt.FocusReason.OtherFocusReason)

    def _search(self, text: str) -> None:
        self.nobody.setVisible(not self._roster.search(text))

    def _next(self) -> None:
        self.field.setText("")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)


class SearchField(QLineEdit):
    """Enter marks the selected match as present. Letters are part of a name, so they set marks only in the list (an
    arrow key goes there) and after digits, where they can be no part of a number on the roster."""

    def __init__(self, roster: RosterView) -> None:
        super().__init__()
        self._roster = roster
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        # Qt would undo what was typed before; with an empty field the key means the mark that was just made.
        if isinstance(event, QKeyEvent) and not self.text() and _asks_to_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            event.ignore()  # the page's own key
        elif key in _TO_LIST:
            self._roster.setFocus(Qt.FocusReason.OtherFocusReason)
            self._roster.choose_found()
        elif key in _ENTER:
            self._mark(Status.PRESENT, event)
        elif self._marks(event):
            self._mark(KEYS[key], event)
        else:
            super().keyPressEvent(event)

    def _marks(self, event: QKeyEvent) -> bool:
        typed = self.text().strip()
        return (
            typed.isdigit()
            and Qt.Key(event.key()) in KEYS
            and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            and self._roster.finds(typed)
            and not self._roster.finds(typed + event.text())
        )

    def _mark(self, status: Status, event: QKeyEvent) -> None:
        # A mark of the camera may just have hidden the one who was selected: somebody else is marked only after the
        # teacher has seen who is selected now.
        if event.isAutoRepeat() or not self.text().strip():
            return
        if self._roster.chosen():
            self._roster.mark(status)
        else:
            self._roster.choose_found()


def _asks_to_undo(event: QKeyEvent) -> bool:
    return event.type() == QEvent.Type.ShortcutOverride and event.matches(QKeySequence.StandardKey.Undo)
