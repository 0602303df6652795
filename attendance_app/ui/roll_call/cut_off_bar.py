"""Offers to go on with a session that was cut off."""

from PySide6.QtCore import Signal

from attendance_app.domain.sessions import Session
from attendance_app.ui import dates
from attendance_app.ui.controls import Button
from attendance_app.ui.i18n import tr
from attendance_app.ui.offer_bar import OfferBar


class CutOffBar(OfferBar):
    """Hidden while there is nothing to resume."""

    resume_wanted = Signal()
    close_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._session: Session | None = None
        self._recorded = 0
        self.resume_button = Button("primary", "arrow-clockwise").with_text("Resume").on_click(self.resume_wanted.emit)
        self.close_button = Button("plain").with_text("Close that session").on_click(self.close_wanted.emit)
        self.add_buttons(self.close_button, self.resume_button)

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
