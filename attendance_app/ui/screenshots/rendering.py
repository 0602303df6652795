"""What all scenes need: the window, the lesson, and the output folder."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget

from attendance_app.services.demo.demo_lesson import DemoLesson
from attendance_app.services.output.files import OutputFile
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.waiting import process_events_for, wait_until

LOAD_SECONDS = 60.0
"""How long a page's jobs may take."""
SETTLE_MS = 150
"""Time for events that are queued, so that the picture shows what they bring."""


@dataclass(frozen=True, slots=True)
class SceneRecorder:
    """The window in one language and theme; ``ending`` names both in the files."""

    window: MainWindow
    lesson: DemoLesson
    out: Path
    ending: str

    def save(self, name: str, widget: QWidget | None = None) -> Path:
        """Write the window (or one widget) once its jobs have been shown. Raises KnownError."""
        process_events_for(SETTLE_MS)
        path = self.out / f"{name}_{self.ending}.png"
        picture = QBuffer()
        (widget or self.window).grab().save(picture, "PNG")
        OutputFile(path, "png").write(bytes(picture.data().data()))
        return path

    def settle(self) -> None:
        """Wait for the page's jobs and for what they show."""
        process_events_for(SETTLE_MS)
        wait_until(lambda: not self.window.context.jobs.busy, LOAD_SECONDS)
        process_events_for(SETTLE_MS)

    def dialog(self) -> QDialog | None:
        """Wait for a dialog and return it; None if none opens."""
        wait_until(lambda: self._open_dialog() is not None, LOAD_SECONDS)
        return self._open_dialog()

    def _open_dialog(self) -> QDialog | None:
        return next((one for one in self.window.findChildren(QDialog) if one.isVisible()), None)


def scroll_to_end(part: QWidget) -> None:
    """Bring the lower end of every scrolled area in sight."""
    for area in part.findChildren(QScrollArea):
        if area.isVisible():
            area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
