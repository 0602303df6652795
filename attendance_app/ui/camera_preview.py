"""A small live picture of a camera; the newest frame replaces older ones, and the window never waits for a frame."""

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.services.jobs import JobContext
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.i18n import tr
from attendance_app.ui.job_runner import JobRunner
from attendance_app.ui.pictures import image_of
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget
from attendance_app.vision.camera_owner import CameraOwner
from attendance_app.vision.mailbox import Mailbox
from attendance_app.vision.opening import open_and_wait
from attendance_app.vision.source_protocol import PictureMode

FRAME_WITHIN_SECONDS = 1.0
"""How often the job looks whether it was cancelled, while no frame comes."""
WIDTH, HEIGHT = 320, 180


class _Screen(QObject):
    """Passes the newest picture from the camera's thread to the window's."""

    arrived = Signal()
    measured = Signal(object)
    """With the PictureMode of the camera, once."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures: Mailbox[QImage] = Mailbox()

    def put(self, image: QImage) -> None:
        """Store a picture; the signal is emitted only when the previous one was taken, so that signals don't queue
        up."""
        if self._pictures.put(image):
            self.arrived.emit()

    def take(self) -> QImage | None:
        return self._pictures.poll()


class CameraPreview(TranslatedWidget):
    """Shows a source's picture between ``start`` and ``stop``. ``failed`` has a KnownError."""

    failed = Signal(object)
    worked = Signal()
    """Emitted with the first picture."""
    measured = Signal(object)
    """With the PictureMode that the camera gives, when it is known; not for recordings."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._image = QImage()
        self._job: JobRunner | None = None
        self._screen = _Screen()
        self._screen.arrived.connect(self._show)
        self._screen.measured.connect(self._on_measured)
        self.setFixedSize(WIDTH, HEIGHT)
        self.bind_text(self.setAccessibleName, "Picture of the camera")

    @property
    def running(self) -> bool:
        return self._job is not None

    def start(self, spec: str) -> None:
        """Show another source (a specification for ``open_source``); a running one is stopped first."""
        self.stop()
        # Twice the width, for screens with two pixels to one of Qt's.
        screen, width = self._screen, self.width() * 2
        cameras = self._context.cameras
        self._job = self._context.run(
            lambda job: _watch(cameras, spec, screen, width, job), failed=self._on_failed, long=True
        )
        self._job.ended.connect(self._on_ended)
        self.update()

    def stop(self) -> None:
        """Release the camera."""
        if self._job is not None:
            self._job.silence()
            self._job = None
        self._image = QImage()
        self.update()

    def _on_failed(self, error: KnownError) -> None:
        self.failed.emit(error)

    def _on_ended(self) -> None:
        # An earlier job may end after the next one has begun.
        if self.sender() is self._job:
            self._job = None
            self.update()

    def _on_measured(self, mode: PictureMode) -> None:
        # It may still arrive after ``stop``.
        if self._job is not None:
            self.measured.emit(mode)

    def _show(self) -> None:
        newest = self._screen.take()
        # A picture may still arrive after ``stop``.
        if newest is None or self._job is None:
            return
        first = self._image.isNull()
        self._image = newest
        self.update()
        if first:
            self.worked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        rect = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(rect, 8, 8)
        painter.setClipPath(outline)
        painter.fillRect(rect, QColor(theme().palette.raised))
        if self._image.isNull():
            painter.setPen(QColor(theme().palette.text_quiet))
            text = tr("Opening the camera…") if self._job is not None else tr("No picture")
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        else:
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(rect.center())
            painter.drawImage(place, self._image)
        painter.end()


def _watch(cameras: CameraOwner, spec: str, screen: _Screen, width: int, job: JobContext) -> None:
    with open_and_wait(
        spec, lambda: cameras.open(spec), close=lambda source: source.close(), check=job.raise_if_cancelled
    ) as source:
        measured = False
        while True:
            job.raise_if_cancelled()
            try:
                frame = source.read(timeout=FRAME_WITHIN_SECONDS)
            except TimeoutError:
                continue
            if frame is None:
                # Another page has taken the camera over, or a recording is at its end: no error for the user.
                raise Cancelled
            # Scaled on this thread: the window only paints.
            image = image_of(frame.image)
            screen.put(image.scaledToWidth(width) if image.width() > width else image)
            mode = source.picture
            if mode is not None and mode.rate is not None and not measured:
                measured = True
                screen.measured.emit(mode)
