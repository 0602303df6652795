"""What the teacher says of a student goes to the store; each step can be undone."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from attendance_app.domain.sessions import Mark, Status, arrival_status
from attendance_app.services.jobs import JobContext
from attendance_app.services.session.desk import Begun
from attendance_app.ui.desk import MARKS, Desk
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.roll_call.roll_call_data import RollLine, Seen
from attendance_app.ui.status_look import status_word


class Marking(QObject):
    """Shows a mark in the model only once it is stored."""

    changed = Signal()

    def __init__(self, desk: Desk, model: MarksModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._model = model
        self._begun: Begun | None = None

    def begin(self, begun: Begun | None) -> None:
        """Mark in this session from now on; None: in none."""
        self._begun = begun

    def set_status(
        self, lines: Sequence[RollLine], status: Status, *, undone: Callable[[], object] | None = None
    ) -> None:
        """Mark students by hand."""
        if self._begun is None or not lines:
            return
        session_id, marks, now = self._begun.session.id, self._desk.store.marks, self._desk.clock()
        before = {line.student.id: line.mark for line in lines}

        def save(_job: JobContext) -> list[Mark]:
            return [marks.set_by_teacher(session_id, student_id, status, now) for student_id in before]

        def done(made: list[Mark]) -> None:
            self._show(session_id, {mark.student_id: mark for mark in made})
            if len(lines) == 1:
                text = f"{lines[0].student.name}: {status_word(status)}"
            else:
                text = tr("%n student(s) marked", "", len(lines)) + f": {status_word(status)}"
            self._desk.tell(text, lambda: self._restore(session_id, before, undone))

        self._desk.run(save, done=done)

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

    def fill(self, status: Status) -> None:
        """Mark everybody who has no mark."""
        if self._begun is None:
            return
        session_id, marks, now = self._begun.session.id, self._desk.store.marks, self._desk.clock()

        def done(made: tuple[Mark, ...]) -> None:
            self._show(session_id, {mark.student_id: mark for mark in made})
            before: dict[int, Mark | None] = dict.fromkeys(mark.student_id for mark in made)
            text = tr("%n student(s) marked", "", len(made)) + f": {status_word(status)}"
            self._desk.tell(text, (lambda: self._restore(session_id, before, None)) if made else None)

        self._desk.run(lambda _job: marks.fill_blanks(session_id, status, now), done=done)

    def _restore(self, session_id: int, before: dict[int, Mark | None], undone: Callable[[], object] | None) -> None:
        marks, now = self._desk.store.marks, self._desk.clock()

        def restore(_job: JobContext) -> dict[int, Mark | None]:
            return {student: marks.restore(session_id, student, mark, now) for student, mark in before.items()}

        def done(stored: dict[int, Mark | None]) -> None:
            self._show(session_id, stored)
            if undone is not None:
                undone()

        self._desk.run(restore, done=done)

    def _show(self, session_id: int, stored: dict[int, Mark | None]) -> None:
        if self._begun is not None and self._begun.session.id == session_id:
            for student_id, mark in stored.items():
                self._model.show_mark(student_id, mark)
        self._desk.changed(MARKS)
        self.changed.emit()
