"""What the teacher answers in the tray, brought to the register and to recognition."""

from PySide6.QtCore import QObject

from attendance_app.ui.roll_call.layout import RollCallLayout
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.roll_call.review_tray import Stranger
from attendance_app.ui.roll_call.roll_call_data import Seen
from attendance_app.ui.roll_call.running_session import RunningSession


class Answers(QObject):
    """Each answer can be undone; what is undone is asked again."""

    def __init__(self, model: MarksModel, parts: RollCallLayout, running: RunningSession) -> None:
        super().__init__(parts)
        self._model = model
        self._running = running
        self._tray = parts.tray
        self._tray.confirmed.connect(self.confirm)
        self._tray.assigned.connect(self.assign)

    def confirm(self, seen: Seen, yes: bool) -> None:
        """A doubtful match is the student, or is not."""
        self._tray.settle(seen.student_id)
        self._running.marking.answer(seen, yes=yes, again=self._ask_again)

    def _ask_again(self, seen: Seen) -> None:
        line = self._model.line_of(seen.student_id)
        if line is not None and self._running.begun is not None:
            self._tray.ask(line, seen)

    def assign(self, stranger: Stranger, student_id: int) -> None:
        """An unknown face is a student of the roster."""
        line = self._model.line_of(student_id)
        if line is None:
            return
        runner, track = self._running.runner, stranger.tracks[0]
        runner.name_unknown(track, student_id)

        def undone() -> None:
            runner.name_unknown(track, None, before=student_id)
            self._tray.bring_back(stranger)

        self._running.marking.came(line, undone=undone)
