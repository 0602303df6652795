"""Adds a camera to the roll that runs: one of this machine, or one in the network."""

from collections.abc import Set as AbstractSet

from PySide6.QtWidgets import QWidget

from attendance_app.services.jobs import JobContext
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import ChoiceBox
from attendance_app.ui.dialogs import SavingDialog, Work
from attendance_app.ui.i18n import tr
from attendance_app.vision.cameras import CameraInfo, list_cameras


class AddCameraDialog(SavingDialog):
    """``saved`` brings what ``open_source`` takes. ``in_use``: the cameras that the roll has already."""

    def __init__(self, context: AppContext, in_use: AbstractSet[str], parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Add a camera"), parent)
        self._in_use = in_use
        self.explain(
            tr(
                "It fills the same register: each student is marked once, whichever camera sees them. Both cameras "
                "share the time of one, so that faces are found and recognised a little later."
            )
        )
        self.box = ChoiceBox()
        self.box.setMinimumContentsLength(20)
        self.box.setAccessibleName(tr("Camera"))
        self.box.addItem(tr("Looking for cameras…"), "")
        self.form.addRow(tr("Camera"), self.box)
        self.address = self.field(tr("Or a network camera"), hint="rtsp://… or http://…")
        self.set_primary(tr("Add"))
        self.box.currentIndexChanged.connect(lambda _row: self._judge())
        self.address.textChanged.connect(lambda _text: self._judge())
        self._judge()
        # As a job: on some systems each camera has to be opened for a moment.
        looking = context.run(lambda _job: list_cameras(), done=self._take, long=True)
        self.finished.connect(lambda _result: looking.silence())

    @property
    def spec(self) -> str:
        """The address, else the chosen camera; empty while there is neither."""
        return self.address.text().strip() or self.box.currentData() or ""

    def _take(self, cameras: tuple[CameraInfo, ...]) -> None:
        self.box.clear()
        for camera in cameras:
            if not self._in_use & {camera.spec, f"webcam:{camera.name}", f"webcam:{camera.index}"}:
                self.box.addItem(camera.name, camera.spec)
        if not self.box.count():
            self.box.addItem(tr("No other camera"), "")
        self._judge()

    def _judge(self) -> None:
        self.primary.setEnabled(bool(self.spec))

    def work(self) -> Work:
        spec = self.spec

        def chosen(_job: JobContext) -> str:
            return spec

        return chosen
