"""Offers to go on with a session that was cut off."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from attendance_app.domain.sessions import Session
from attendance_app.ui import dates
from attendance_app.ui.controls import Button, Card, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.translated_widget import TranslatedWidget


class CutOffBar(TranslatedWidget):
    """Hidden while there is nothing to resume."""

    resume_wanted = Signal()
    close_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._session: Session | None = None
        self._recorded = 0
        self._words = label(wrap=True)
        self.resume_button = Button("primary", "arrow-clockwise").with_text("Resume").on_click(self.resume_wanted.emit)
        self.close_button = Button("plain").with_text("Close that session").on_click(self.close_wanted.emit)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.resume_button)
        card = Card()
        card.column.addWidget(self._words)
        card.column.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.hide()

    def show_session(self, session: Session | None, *, recorded: int, resumable: bool) -> None:
        """Offer this session, or nothing."""
        self._session, self._recorded = session, recorded
        self.resume_button.setVisible(resumable)
        self.setVisible(session is not None)
        self.retranslate()

    def retranslate(self) -> None:
        if self._session is not None:
            when = dates.day_and_time(self._session.started_at)
            self._words.setText(
                tr("The session of {when} was cut off.").format(when=when)
                + " "
                + tr("%n mark(s) are saved.", "", self._recorded)
            )
