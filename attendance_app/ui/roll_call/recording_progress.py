"""How far recognition has come in a recording, and how long it will still take."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from attendance_app.ui import dates
from attendance_app.ui.controls import label
from attendance_app.ui.i18n import tr
from attendance_app.ui.progress import time_left
from attendance_app.ui.translated_widget import TranslatedWidget

EVERY_SECONDS = 0.25
"""Steps more often than this can't be seen, and would keep the window's thread busy."""
STEPS = 1000


@dataclass(frozen=True, slots=True)
class RecordingPosition:
    """``seconds`` of the recording are read, of ``duration`` (None: unknown), after ``worked`` seconds of work."""

    seconds: float
    duration: float | None
    worked: float


class RecordingClock:
    """Used on the roll's thread: reports the position at most four times a second."""

    def __init__(
        self,
        duration: float | None,
        report: Callable[[RecordingPosition], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._duration = duration
        self._report = report
        self._clock = clock
        self._begun: float | None = None
        self._next = float("-inf")

    def note(self, seconds: float) -> None:
        """Take the time of a frame within the recording."""
        now = self._clock()
        # From the first frame on: the networks may have loaded until then.
        self._begun = now if self._begun is None else self._begun
        if now >= self._next:
            self._next = now + EVERY_SECONDS
            self._report(RecordingPosition(seconds, self._duration, now - self._begun))


class RecordingProgress(TranslatedWidget):
    """A bar with the position and the time left; hidden while no recording is read."""

    def __init__(self) -> None:
        super().__init__()
        self._position: RecordingPosition | None = None
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bind_text(self.bar.setAccessibleName, "Progress in the recording")
        self.words = label("quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.bar, 1)
        row.addWidget(self.words)
        self.hide()

    def show_position(self, position: RecordingPosition | None) -> None:
        """Show the position; None hides the bar."""
        self._position = position
        self.setVisible(position is not None)
        self.retranslate()

    def retranslate(self) -> None:
        if self._position is None:
            return
        at, duration = self._position.seconds, self._position.duration
        now = dates.elapsed(timedelta(seconds=at))
        if duration is None:
            # Qt shows an empty range as a bar that moves without an end.
            self.bar.setRange(0, 0)
            self.words.setText(now)
            return
        done = min(STEPS, round(STEPS * at / duration))
        self.bar.setRange(0, STEPS)
        self.bar.setValue(done)
        words = tr("{now} of {all}").format(now=now, all=dates.elapsed(timedelta(seconds=max(at, duration))))
        left = time_left(self._position.worked, done, STEPS)
        self.words.setText(f"{words} · {left}" if left else words)
