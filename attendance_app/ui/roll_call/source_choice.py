"""The source of the next session: a camera, a video, a folder, photographs of the room, or none."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from attendance_app.domain.addresses import without_secrets
from attendance_app.services.demo.demo_lesson import DemoLesson
from attendance_app.services.session.roll_messages import SourceStatus
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.add_camera_dialog import AddCameraDialog
from attendance_app.vision.cameras import camera_name
from attendance_app.vision.photographs import PhotoSet, photo_set


def spec_words(spec: str | PhotoSet) -> str:
    """Return a source's name for the teacher; ``spec`` as ``open_source`` takes it."""
    if isinstance(spec, PhotoSet):
        names = [photo.path.name for photo in spec.photos]
        return names[0] if len(names) == 1 else tr("{count} photographs").format(count=len(names))
    if spec.isdecimal():
        # As in the settings and in the errors.
        name = camera_name(int(spec))
        # Only a name of the system's own stays as it is.
        return tr("Camera {number}").format(number=int(spec)) if name == f"Camera {int(spec)}" else name
    if spec.startswith("webcam:"):
        return spec.removeprefix("webcam:")
    shown = without_secrets(spec)
    return shown if "://" in spec else Path(shown).name


class RunningSources(Protocol):
    """What the choice of sources needs of the roll that runs; see ``RunningSession``."""

    sources: tuple[SourceStatus, ...]

    def add_camera(self, spec: str) -> None: ...

    def add_photographs(self, paths: Sequence[Path]) -> None: ...

    def drop_source(self, number: int) -> None: ...


class SourceChoice(QObject):
    """The camera of the settings until something else is chosen."""

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._around = parent
        self._chosen = ""
        self.by_hand = False
        """Without a camera."""
        self.photographs: PhotoSet | None = None
        """Photographs of the room, where those are chosen."""
        self._photo_turn = 0
        self._late_after: timedelta | None = None
        """Of the demo's lesson, while that is chosen."""

    @property
    def source(self) -> str:
        """The camera, video or folder, as ``open_source`` takes it."""
        return self._chosen or self._context.settings.camera

    @property
    def spec(self) -> str | PhotoSet | None:
        """What a roll begins with; None: it is taken by hand."""
        return None if self.by_hand else self.photographs or self.source

    @property
    def is_demo(self) -> bool:
        """Whether the demo's lesson is chosen."""
        return self._late_after is not None

    @property
    def late_after(self) -> timedelta:
        """The demo's lesson has its own value; otherwise the settings'."""
        return self._late_after or timedelta(minutes=self._context.settings.late_after_minutes)

    def use(self, source: object) -> None:
        """Use this camera, video, folder or demo lesson next; an empty text: the camera of the settings."""
        self.by_hand, self.photographs = False, None
        if isinstance(source, DemoLesson):
            self._chosen, self._late_after = str(source.clip), source.late_after
        elif isinstance(source, str):
            self._chosen, self._late_after = source, None
        self.changed.emit()

    def use_none(self) -> None:
        """Take the next roll by hand."""
        self.by_hand = True
        self.changed.emit()

    def use_photographs(self, paths: Sequence[Path]) -> None:
        """Use photographs of the room next; a missing file is shown in the message bar."""

        def done(chosen: PhotoSet) -> None:
            self.by_hand, self.photographs, self._late_after, self._photo_turn = False, chosen, None, 0
            self.changed.emit()

        if paths:
            self._context.run(lambda _job: photo_set(paths), done=done)

    @property
    def turn(self) -> int:
        """By how many degrees this source's pictures are turned clockwise; remembered for each source."""
        if self.photographs is not None:
            return self._photo_turn
        # The file can be edited by hand: any number becomes a quarter turn.
        return int(self._context.memory.number(self._turn_key, 0)) // 90 * 90 % 360

    def turn_by(self, degrees: int) -> None:
        """Turn this source's pictures further, from now on."""
        turn = (self.turn + degrees) % 360
        if self.photographs is not None:
            self._photo_turn = turn
        else:
            self._context.memory.keep(self._turn_key, turn)
        self.changed.emit()

    @property
    def _turn_key(self) -> str:
        # A camera's address may hold a password, and a key of the file no slash.
        return "turned/" + hashlib.sha256(without_secrets(self.source).encode()).hexdigest()[:16]

    def forget(self) -> None:
        """Return to the settings' camera without a signal, because the course has changed."""
        self._chosen, self._late_after, self.by_hand, self.photographs = "", None, False, None

    def words(self) -> str:
        """Return the source's name for the teacher."""
        if self.photographs is not None:
            return spec_words(self.photographs)
        return tr("the filmed lesson") if self._late_after is not None else spec_words(self.source)

    def actions(self, menu: QMenu) -> None:
        """Put the choices into a menu."""
        choices: list[tuple[str, Callable[[], object]]] = [
            (tr("Camera of the settings"), lambda: self.use("")),
            (tr("Photographs of the room…"), self._choose_photographs),
            (tr("Video file…"), self._choose_video),
            (tr("By hand, without a camera"), self.use_none),
            (tr("Turn the picture by a quarter"), lambda: self.turn_by(90)),
        ]
        for words, act in choices:
            menu.addAction(words, act)
        menu.addSeparator()
        menu.addAction(tr("Change the camera…"), lambda: self._context.open_page("settings"))

    def actions_beside(self, menu: QMenu, running: "RunningSources") -> None:
        """Put the choices into a menu while a roll runs: what is added to it, what it goes on without, and what takes
        its place."""
        menu.addAction(tr("Add photographs of the room…"), lambda: running.add_photographs(self.asked_photographs()))
        menu.addAction(tr("Add a camera…"), lambda: self._add_camera(running))
        if len(running.sources) > 1:
            for one in running.sources:
                words = tr("Go on without {source}").format(source=spec_words(one.spec))
                menu.addAction(words, partial(running.drop_source, one.number))
        menu.addSeparator()
        # Style sheets leave no room for the title of a section.
        menu.addAction(tr("Instead:")).setEnabled(False)
        self.actions(menu)

    def _add_camera(self, running: "RunningSources") -> None:
        in_use = {one.spec for one in running.sources if isinstance(one.spec, str)}
        dialog = AddCameraDialog(self._context, in_use, self._around)
        dialog.saved.connect(running.add_camera)
        dialog.open()

    def _choose_photographs(self) -> None:
        self.use_photographs(self.asked_photographs())

    def asked_photographs(self) -> list[Path]:
        """Ask for photographs of the room; none where the dialog is closed."""
        kinds = tr("Photographs (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff)")
        folder = self._context.memory.text("roll_call/photographs")
        chosen, _ = QFileDialog.getOpenFileNames(self._around, tr("Photographs of the room…"), folder, kinds)
        if chosen:
            self._context.memory.keep("roll_call/photographs", str(Path(chosen[0]).parent))
        return [Path(name) for name in chosen]

    def _choose_video(self) -> None:
        videos = tr("Videos (*.mp4 *.mov *.mkv *.avi *.webm)")
        chosen, _ = QFileDialog.getOpenFileName(self._around, tr("Video file…"), "", videos)
        if chosen:
            self.use(chosen)
