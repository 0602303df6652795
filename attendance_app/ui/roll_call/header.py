"""The header's actions: start and end, the rest, the source, presenting to the class, and the time that has passed."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from attendance_app.domain.sessions import Status
from attendance_app.ui import dates
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.source_choice import SourceChoice


class RollCallHeader(QObject):
    """Buttons that the page puts beside its title; shows what can be done now."""

    pressed = Signal()
    """Start or end."""
    rest_wanted = Signal(object)
    """With the Status for all who have none."""
    discreet_wanted = Signal(bool)
    check_wanted = Signal()
    """Check how far recognition reaches in the room."""

    def __init__(self, source: SourceChoice, parent: QWidget) -> None:
        super().__init__(parent)
        self._source = source
        self.time_label = label("large")
        self.class_button = Button("quiet", "projector-screen").with_text(
            "Present to class", hint="Hide photos and doubts while the class can see this screen"
        )
        self.class_button.setCheckable(True)
        self.class_button.toggled.connect(self.discreet_wanted)
        self.source_button = Button("quiet", "video-camera").with_text("Source", hint="Camera or recording to use")
        self.source_button.on_click(lambda: self.choose_source(self.source_button))
        self.sources_beside: Callable[[QMenu], None] | None = None
        """Fills the menu while a roll runs."""
        self.check_button = Button("quiet", "ruler").with_text(
            "Check the room", hint="See up to which row faces are recognised"
        )
        self.check_button.on_click(self.check_wanted.emit)
        self.rest_button = Button("plain", "users-three").with_text("The rest…", hint="Mark all who have no mark yet")
        self.rest_button.on_click(lambda: _pop_up(self.rest_button, self._rest_actions))
        self.start_button = Button("primary", "play").on_click(self.pressed.emit)
        self.widgets = (
            self.time_label,
            self.class_button,
            self.check_button,
            self.source_button,
            self.rest_button,
            self.start_button,
        )

    def show_state(
        self, *, ready: bool, running: bool, begun: bool, ending: bool, resumable: bool, camera: bool
    ) -> None:
        """``ready``: there is a roster; ``running``: a session is open or being opened; ``begun``: it is open.

        ``resumable``: the page offers to go on with another one, and that is its primary button then. ``camera``: there
        is a picture by which the room can be checked.
        """
        self.start_button.set_kind("plain" if resumable and not running else "primary")
        self.start_button.with_text("End session" if running else "Start (Space)")
        self.start_button.show_icon("stop" if running else "play")
        # A session that is still being opened can't be ended yet.
        self.start_button.setEnabled(begun and not ending if running else ready)
        self.start_button.setVisible(ready)
        for part in (self.time_label, self.rest_button):
            part.setVisible(begun)
        self.class_button.setVisible(ready)
        # A source that is still being opened can't be added to.
        self.source_button.setVisible(ready and (begun or not running) and not ending)
        self.check_button.setVisible(ready and not running and camera)

    def show_time(self, passed: timedelta) -> None:
        """How long the session has run."""
        self.time_label.setText("● " + dates.elapsed(passed))

    def choose_source(self, under: QWidget) -> None:
        """Open the choice of sources below another widget than its own button."""
        _pop_up(under, self.sources_beside or self._source.actions)

    def _rest_actions(self, menu: QMenu) -> None:
        menu.addAction(tr("Mark the rest absent"), lambda: self.rest_wanted.emit(Status.ABSENT))
        menu.addAction(tr("Mark the rest present"), lambda: self.rest_wanted.emit(Status.PRESENT))


def _pop_up(button: QWidget, fill: Callable[[QMenu], None]) -> None:
    menu = QMenu(button)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    fill(menu)
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
