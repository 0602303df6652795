"""Does this room work? One picture of the source with who is within reach, and what would help."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from attendance_app.domain.errors import KnownError, SourceError
from attendance_app.services.jobs import JobContext
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.job_runner import JobRunner
from attendance_app.ui.message_bar import MessageBar
from attendance_app.ui.roll_call.camera_lost_bar import CameraLostBar
from attendance_app.ui.room_check.advice_panel import AdvicePanel
from attendance_app.ui.room_check.room_canvas import RoomCanvas
from attendance_app.ui.room_check.room_work import CheckedPicture, OpenChecker, check_room
from attendance_app.vision.photographs import PhotoSet
from attendance_app.vision.reach import Reach

SHARE = 0.94
"""Of the window that the dialog covers: the faces of the last row must be seen."""


class RoomCheckDialog(QDialog):
    """Checks as soon as it is open, and again when that is asked for."""

    other_wanted = Signal()
    """Another source; the dialog has closed."""
    by_hand_wanted = Signal()
    """Without a camera; the dialog has closed."""

    def __init__(
        self,
        context: AppContext,
        spec: str | PhotoSet,
        open_checker: OpenChecker,
        *,
        turn: int = 0,
        source_fixed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """``turn``: by how many degrees the source's pictures are turned clockwise. ``source_fixed``: after an error of
        the camera there is nothing to choose but to try again."""
        super().__init__(parent)
        self._context = context
        self._spec = spec
        self._open_checker = open_checker
        self._turn = turn
        self._job: JobRunner | None = None
        self._checked: tuple[CheckedPicture, ...] = ()
        self._at = 0
        self.setWindowTitle(tr("Does this room work?"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.canvas = RoomCanvas()
        self.canvas.setAccessibleName(tr("Checked picture of the room"))
        self.panel = AdvicePanel()
        self.message_bar = MessageBar()
        self.trouble = CameraLostBar()
        self.trouble.retry_wanted.connect(self.check)
        self.trouble.other_wanted.connect(lambda: self._leave_for(self.other_wanted.emit))
        self.trouble.by_hand_wanted.connect(lambda: self._leave_for(self.by_hand_wanted.emit))
        for button in (self.trouble.other_button, self.trouble.by_hand_button):
            button.setVisible(not source_fixed)
        self.again_button = Button("primary", "arrow-clockwise").with_text("Check again").on_click(self.check)
        self.close_button = Button().with_text("Close").on_click(self.reject)
        self.before = Button("quiet", "caret-left").with_text("", hint="Photograph before")
        self.after = Button("quiet", "caret-right").with_text("", hint="Next photograph")
        self.nearer = Button("quiet", "magnifying-glass-plus").with_text("", hint="Enlarge")
        self.before.on_click(lambda: self._show(self._at - 1))
        self.after.on_click(lambda: self._show(self._at + 1))
        self.nearer.on_click(lambda: self.canvas.zoom_by(1.5))
        self.whole = Button("quiet", "arrows-out").with_text("", hint="Show the whole picture")
        self.whole.on_click(self.canvas.fit)
        self.caption = label("quiet")
        self._assemble()
        if parent is not None:
            self.resize(parent.window().size() * SHARE)

    def _assemble(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.canvas, 1)
        middle.addWidget(self.panel)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        for part in (self.before, self.caption, self.after, self.nearer, self.whole):
            bottom.addWidget(part)
        bottom.addStretch(1)
        bottom.addWidget(self.close_button)
        bottom.addWidget(self.again_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.message_bar)
        column.addWidget(self.trouble)
        column.addLayout(middle, 1)
        column.addLayout(bottom)
        self.again_button.setDefault(True)

    @property
    def checking(self) -> bool:
        """Whether a check is in progress."""
        return self._job is not None

    def open(self) -> None:
        """Show the dialog and check."""
        super().open()
        self.check()

    def check(self) -> None:
        """Take a new picture and check it, as a job."""
        if self._job is not None:
            return
        self.message_bar.clear()
        self.trouble.show_error(None)
        self._checked = ()
        self.panel.clear()
        self.canvas.say_instead(tr("Taking a picture and looking for faces…"))
        self._show_buttons()
        cameras, spec, turn, open_checker = self._context.cameras, self._spec, self._turn, self._open_checker

        def work(job: JobContext) -> tuple[CheckedPicture, ...]:
            return check_room(cameras, spec, turn=turn, open_checker=open_checker, job=job)

        self._job = self._context.run(work, done=self._on_checked, failed=self._on_failed, long=True)
        self._show_buttons()

    def _on_checked(self, checked: tuple[CheckedPicture, ...]) -> None:
        self._job = None
        self._checked = checked
        # First the photograph that shows most who are out of reach.
        worst = max(range(len(checked)), key=lambda place: _out_of_reach(checked[place]), default=0)
        self._show(worst)

    def _on_failed(self, error: KnownError) -> None:
        self._job = None
        self.canvas.say_instead(tr("No picture"))
        if isinstance(error, SourceError):
            self.trouble.show_error(error)
        else:
            self.message_bar.show_error(error)
        self._show_buttons()

    def _show(self, place: int) -> None:
        if 0 <= place < len(self._checked):
            self._at = place
            checked = self._checked[place]
            self.canvas.show_check(checked.picture, checked.check)
            self.panel.show_check(checked)
        self._show_buttons()

    def _show_buttons(self) -> None:
        count = len(self._checked)
        self.again_button.setEnabled(self._job is None)
        # The bar with the error has a button that does the same.
        self.again_button.setVisible(self.trouble.isHidden())
        for part in (self.before, self.after, self.caption):
            part.setVisible(count > 1)
        self.before.setEnabled(self._at > 0)
        self.after.setEnabled(self._at + 1 < count)
        for part in (self.nearer, self.whole):
            part.setEnabled(bool(count))
        if count > 1:
            name = self._checked[self._at].picture.name
            self.caption.setText(tr("{name} ({number} of {count})").format(name=name, number=self._at + 1, count=count))

    def _leave_for(self, signal: Callable[[], object]) -> None:
        self.reject()
        signal()

    def done(self, result: int) -> None:
        # The job must not report to a dialog that is gone.
        if self._job is not None:
            self._job.silence()
            self._job = None
        super().done(result)


def _out_of_reach(checked: CheckedPicture) -> int:
    return sum(row.reach is not Reach.SURE for row in checked.check.rows)
