"""Choosing a camera by its name, with its picture beside it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.camera_preview import CameraPreview
from attendance_app.ui.camera_words import picture_words
from attendance_app.ui.controls import Button, ChoiceBox, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.settings.setting_box import caption_of
from attendance_app.ui.translated_widget import TranslatedWidget
from attendance_app.vision.cameras import CameraInfo, list_cameras


class CameraChooser(TranslatedWidget):
    """Keeps the setting ``camera``. ``looked`` has the number of cameras found."""

    looked = Signal(int)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._cameras: tuple[CameraInfo, ...] | None = None
        """None until they are listed."""
        self._error: KnownError | None = None
        self.box = ChoiceBox()
        self.box.setMinimumContentsLength(20)
        self.bind_text(self.box.setAccessibleName, "Camera")
        self.box.activated.connect(self._on_chosen)
        self.address = QLineEdit()
        self.bind_text(self.address.setAccessibleName, "Address of a network camera")
        self.bind_text(self.address.setPlaceholderText, "rtsp://… or http://…")
        self.address.editingFinished.connect(self._on_address)
        self._again = (
            Button("quiet", "arrow-clockwise").with_text("", hint="Look for cameras again").on_click(self.look)
        )
        self._try = Button("plain", "video-camera").on_click(self.toggle)
        self._said = label("quiet", wrap=True)
        self.preview = CameraPreview(context)
        self.preview.failed.connect(self._on_failed)
        self.preview.worked.connect(lambda: self._say(None))
        self.preview.measured.connect(lambda mode: self._said.setText(picture_words(mode)))
        self._lay_out()
        self._name_button()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.box, 1)
        top.addWidget(self._again)
        left = QVBoxLayout()
        left.setSpacing(8)
        caption = QLabel()
        caption.setBuddy(self.box)
        left.addWidget(caption)
        self._caption = caption
        left.addLayout(top)
        left.addWidget(self.address)
        left.addWidget(self._said)
        buttons = QHBoxLayout()
        buttons.addWidget(self._try)
        buttons.addStretch(1)
        left.addLayout(buttons)
        left.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self.preview)

    # -- what there is

    def look(self) -> None:
        """List the cameras as a job: on some systems each has to be opened for a moment."""
        self._context.run(lambda _job: list_cameras(), done=self._take, long=True)

    def _take(self, cameras: tuple[CameraInfo, ...]) -> None:
        self._cameras = cameras
        self.retranslate()
        self.looked.emit(len(cameras))

    def retranslate(self) -> None:
        chosen = self._context.settings.camera
        elsewhere = not chosen.isdecimal() and not chosen.startswith("webcam:")
        self._caption.setText(caption_of("camera"))
        self.box.clear()
        for camera in self._cameras or ():
            self.box.addItem(camera.name, camera.spec)
        if not self._cameras and not elsewhere:
            self.box.addItem(tr("No camera"), chosen)
        # No specification: choosing it opens the field for an address.
        self.box.addItem(tr("Network camera or video file…"), None)
        specs = [self.box.itemData(row) for row in range(self.box.count())]
        # A camera may be set by its name, while the list has numbers.
        named = next((c.spec for c in self._cameras or () if chosen == f"webcam:{c.name}"), chosen)
        found = specs.index(named) if named in specs else None
        if found is None and chosen.isdecimal() and self._cameras:
            found = 0
        self.box.setCurrentIndex(found if found is not None else self.box.count() - 1)
        self.address.setVisible(found is None)
        # With dots for the password, as the setting has it.
        self.address.setText(chosen if elsewhere else "")
        self._say(self._error)
        self._name_button()

    @property
    def spec(self) -> str:
        """The specification for ``open_source``."""
        return self._context.settings.camera

    # -- choosing

    def _on_chosen(self, row: int) -> None:
        spec = self.box.itemData(row)
        self.address.setVisible(spec is None)
        if spec is None:
            self.address.setFocus()
            return
        self._use(spec)

    def _on_address(self) -> None:
        if self.address.text().strip():
            self._use(self.address.text().strip())
            self.address.setText(self.spec)

    def _use(self, spec: str) -> None:
        self._error = None
        self._context.change_settings(camera=spec)
        if self.preview.running:
            self.preview.start(self.spec)

    def toggle(self) -> None:
        """Show the camera's picture, or release the camera."""
        self._say(None)
        if self.preview.running:
            self.preview.stop()
        else:
            self.preview.start(self.spec)
        self._name_button()

    def stop(self) -> None:
        """Release the camera."""
        self.preview.stop()
        self._name_button()

    def _name_button(self) -> None:
        self._try.show_text(tr("Stop picture") if self.preview.running else tr("Show picture"))

    def _on_failed(self, error: KnownError) -> None:
        self._say(error)
        self.preview.stop()
        self._name_button()

    def _say(self, error: KnownError | None) -> None:
        self._error = error
        if error is not None:
            self._said.setText(f"{message_of(error)} {remedy_of(error)}")
        elif self._cameras is None:
            self._said.setText(tr("Looking for cameras…"))
        elif not self._cameras:
            self._said.setText(tr("No camera found. Connect one and look again, or use a network camera or a video."))
        else:
            self._said.setText("")
