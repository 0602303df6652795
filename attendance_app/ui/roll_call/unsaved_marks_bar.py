"""Offers to add marks that a session could not save, and that lie in a file."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal

from attendance_app.services.session.rescue import FoundMarks
from attendance_app.ui import dates
from attendance_app.ui.controls import Button
from attendance_app.ui.i18n import tr
from attendance_app.ui.offer_bar import OfferBar


class UnsavedMarksBar(OfferBar):
    """Shows one file at a time, the oldest session first; hidden while there is none."""

    add_wanted = Signal(object)
    """With the FoundMarks."""

    def __init__(self) -> None:
        super().__init__()
        self._found: FoundMarks | None = None
        self._put_off: set[Path] = set()
        """Files that the teacher doesn't want to hear of before the next start of the program."""
        self.add_button = Button("plain", "tray").with_text("Add these marks").on_click(self._add)
        self.later_button = Button("quiet").with_text("Not now").on_click(self._put_off_this)
        self.add_buttons(self.later_button, self.add_button)

    def show_found(self, found: Sequence[FoundMarks]) -> None:
        """Offer the first file that was not put off, or nothing."""
        self._found = next((one for one in found if one.file not in self._put_off), None)
        self.setVisible(self._found is not None)
        self.retranslate()

    def _add(self) -> None:
        if self._found is not None:
            self.add_wanted.emit(self._found)

    def _put_off_this(self) -> None:
        if self._found is not None:
            self._put_off.add(self._found.file)
        self.hide()

    def retranslate(self) -> None:
        if self._found is not None:
            when = dates.day_and_time(self._found.session.started_at)
            self._words.setText(
                tr("The session of {when} ended while its marks could not be saved.").format(when=when)
                + " "
                + tr("%n mark(s) are in a file and can be added now.", "", self._found.students)
            )
