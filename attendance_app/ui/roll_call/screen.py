"""Passes pictures and faces from the session's threads to the window: the newest replaces the older, so nothing
queues up."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from attendance_app.domain.faces import Frame
from attendance_app.services.session.frame_result import FrameResult
from attendance_app.vision.mailbox import Mailbox

MOST_PER_SECOND = 30.0
"""Frames that are passed to the window at most."""


@dataclass(frozen=True, slots=True, eq=False)
class ScaledFrame:
    """A picture scaled for the view; ``scale`` leads from the frame's pixels to the picture's."""

    image: QImage
    scale: float


class Screen(QObject):
    """``put_frame`` and ``put_result`` are called on worker threads, all other methods in the window's."""

    arrived = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._pictures: Mailbox[ScaledFrame] = Mailbox()
        self._results: Mailbox[FrameResult] = Mailbox()
        self._room = (640, 360)
        """Width and height that pictures are scaled to, in device pixels."""
        self._last = float("-inf")
        """When a frame was last passed on."""

    def make_room(self, view: QWidget) -> None:
        """Set the widget that the picture is painted in; pictures are scaled to its device pixels."""
        ratio = view.devicePixelRatioF()
        # Before it is laid out, a widget may have no size at all.
        self._room = (max(round(view.width() * ratio), 16), max(round(view.height() * ratio), 16))

    def put_frame(self, frame: Frame) -> None:
        """Take a frame of the source (RGB), scaled to fit the view; frames beyond 30 a second are dropped."""
        now = self._clock()
        # A tenth of tolerance: a camera of 30 pictures a second is not quite regular, and none of its frames shall go.
        if now - self._last < 0.9 / MOST_PER_SECOND:
            return
        self._last = now
        height, width = frame.image.shape[:2]
        scale = min(self._room[0] / width, self._room[1] / height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = np.ascontiguousarray(cv2.resize(frame.image, size, interpolation=method))
        image = QImage(small.data, *size, 3 * size[0], QImage.Format.Format_RGB888)
        # Converted here, off the window's thread: RGB32 is the screen's format and is painted as it is. It is a copy
        # too, since ``image`` does not own its memory.
        shown = ScaledFrame(image.convertToFormat(QImage.Format.Format_RGB32), scale)
        # An older picture that nobody has taken was announced already; another signal would only queue up.
        if self._pictures.put(shown):
            self.arrived.emit()

    def put_result(self, result: FrameResult) -> None:
        """Take the result of recognition for a frame; it is shown with the next picture."""
        self._results.put(result)

    def take(self) -> tuple[ScaledFrame | None, FrameResult | None]:
        """Return the newest of both, each once."""
        return self._pictures.poll(), self._results.poll()
