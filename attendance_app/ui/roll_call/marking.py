"""What the teacher says of a student goes to the register, in turn with the camera's marks; each step can be undone."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from PySide6.QtCore import QObject, Signal, Slot

from attendance_app.domain.sessions import Status, arrival_status
from attendance_app.services.session.desk import Begun
from attendance_app.services.session.hand_marks import HandMarks, Standing
from attendance_app.services.session.recorder import ByHand
from attendance_app.ui.desk import MARKS, Desk
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.roll_call.roll_call_data import RollLine, Seen
from attendance_app.ui.status_look import status_word

Write = Callable[[ByHand], bool]
"""Writes in turn; False while it must wait (see ``Recorder.by_hand``)."""


class Marking(QObject):
    """Shows a mark in the model only once it is stored, at once or, on a full disk, when there is room again."""

    changed = Signal()
    _stored = Signal(int, object)
    """With the session and what stands in it now; emitted on whatever thread has written it."""

    def __init__(self, desk: Desk, model: MarksModel, write: Write, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._write = write
        self._begun: Begun | None = None
        self._stored.connect(self._show)

    def begin(self, begun: Begun | None) -> None:
        """Mark in this session from now on; None: in none."""
        self._begun = begun

    def set_status(
        self, lines: Sequence[RollLine], status: Status, *, undone: Callable[[], object] | None = None
    ) -> None:
        """Mark students by hand."""
        if self._begun is None or not lines:
            return
        step = HandMarks(self._desk.store.marks, self._begun.session.id, self._desk.clock())
        students = [line.student.id for line in lines]
        if len(lines) == 1:
            text = f"{lines[0].student.name}: {status_word(status)}"
        else:
            text = tr("%n student(s) marked", "", len(lines)) + f": {status_word(status)}"
        self._do(step, lambda: step.mark(students, status), lambda _stands: text, undone)

    def fill(self, status: Status) -> None:
        """Mark everybody who has no mark."""
        if self._begun is None:
            return
        step = HandMarks(self._desk.store.marks, self._begun.session.id, self._desk.clock())

        def text(stands: Standing | None) -> str:
            if stands is None:
                return f"{tr('All who have no mark')}: {status_word(status)}"
            return tr("%n student(s) marked", "", len(stands)) + f": {status_word(status)}"

        self._do(step, lambda: step.fill(status), text, None)

    def _do(
        self,
        step: HandMarks,
        work: Callable[[], Standing],
        text: Callable[[Standing | None], str],
        undone: Callable[[], object] | None,
    ) -> None:
        """Write; then, or when it has to wait, say so with ``text`` of what stands now (None: it waits)."""
        assert self._begun is not None
        session_id = self._begun.session.id
        written: list[Standing] = []

        def commit() -> None:
            written.append(work())
            self._stored.emit(session_id, written[-1])

        def done(at_once: bool) -> None:
            stands = written[-1] if at_once else None
            words = text(stands) if at_once else tr("{what}. Waits to be saved").format(what=text(None))
            undo = None if stands == {} else lambda: self._take_back(session_id, step, undone)
            self._desk.tell(words, undo)

        self._desk.run(lambda _job: self._write(commit), done=done)

    def _take_back(self, session_id: int, step: HandMarks, undone: Callable[[], object] | None) -> None:
        now = self._desk.clock()

        def commit() -> None:
            self._stored.emit(session_id, step.take_back(now))

        def done(_at_once: bool) -> None:
            if undone is not None:
                undone()

        self._desk.run(lambda _job: self._write(commit), done=done)

    def came(self, line: RollLine, *, undone: Callable[[], object] | None = None) -> None:
        """The teacher says that somebody unknown is this student: present or late, by the time it is now."""
        if self._begun is not None:
            status = arrival_status(self._begun.session, self._desk.clock())
            self.set_status([line], status, undone=undone)

    def answer(self, seen: Seen, student_id: int | None, *, again: Callable[[Seen], object]) -> None:
        """Settle a doubt: mark who it is by the time of the sighting, None marks nobody. Undo calls ``again``."""
        line = self._model.line_of(seen.student_id if student_id is None else student_id)
        if self._begun is None or line is None:
            return
        self._model.settle(seen.student_id)

        def undone() -> None:
            self._model.show_seen(seen, decided=False)
            again(seen)
            self.changed.emit()

        if student_id is not None:
            seen_at = self._begun.session.started_at + self._begun.offset + timedelta(seconds=seen.seconds)
            self.set_status([line], arrival_status(self._begun.session, seen_at), undone=undone)
        else:
            self.changed.emit()
            words = tr("Not {name}") if seen.choice is None else tr("Neither of the two")
            self._desk.tell(words.format(name=line.student.name), undone)

    @Slot(int, object)
    def _show(self, session_id: int, stored: Standing) -> None:
        if self._begun is not None and self._begun.session.id == session_id:
            for student_id, mark in stored.items():
                self._model.show_mark(student_id, mark)
        self._desk.changed(MARKS)
        self.changed.emit()
