"""Shows long work: a text, a bar, the time left, and Cancel."""

import time
from collections.abc import Callable
from datetime import timedelta

from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from attendance_app.ui import dates
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.job_runner import JobRunner
from attendance_app.ui.translated_widget import TranslatedWidget

GUESS_AFTER_SECONDS = 2.0
"""No time left is shown before: the first steps don't give a reliable rate."""


class JobProgress(TranslatedWidget):
    """A line with text, bar, time left and Cancel; visible while its job runs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._begun = 0.0
        self._job: JobRunner | None = None
        self._text = label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bind_text(self.bar.setAccessibleName, "Progress")
        self._left = label("quiet")
        self.cancel_button = Button("quiet", "x").with_text("Cancel").on_click(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._text)
        row.addWidget(self.bar, 1)
        row.addWidget(self._left)
        row.addWidget(self.cancel_button)
        self.hide()

    def watch(self, job: JobRunner, text: str) -> None:
        """Show a job that has just been started; ``text`` (translated) says what it does."""
        self._job, self._begun = job, self._clock()
        self._text.setText(text)
        self._left.setText("")
        # Qt shows an empty range as a bar that moves without an end.
        self.bar.setRange(0, 0)
        self.cancel_button.setEnabled(True)
        job.progressed.connect(self._on_progress)
        job.ended.connect(self._on_end)
        self.show()

    def _on_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self._left.setText(time_left(self._clock() - self._begun, done, total))

    def _on_end(self) -> None:
        # An earlier job may end while the next one is watched.
        if self.sender() is self._job:
            self._job = None
            self.hide()

    def _cancel(self) -> None:
        if self._job is not None:
            # The job stops at its next check; until then a second press would do nothing.
            self.cancel_button.setEnabled(False)
            self._left.setText(tr("Stopping…"))
            self._job.cancel()


def time_left(seconds: float, done: int, total: int) -> str:
    """Return the time left at the rate so far; empty while it can't be estimated."""
    if seconds < GUESS_AFTER_SECONDS or not 0 < done < total:
        return ""
    rest = seconds / done * (total - done)
    return tr("{time} left").format(time=dates.elapsed(timedelta(seconds=rest)))
