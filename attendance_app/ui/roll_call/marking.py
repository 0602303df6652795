"""Writes the teacher's marks to the register, in order with the camera's; each step can be undone."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from attendance_app.domain.sessions import Evidence, Mark, Session, Status, arrival_status
from attendance_app.services.session.manual_write import ManualWrite
from attendance_app.services.session.marks_by_hand import fill_blanks, set_status, waiting_marks
from attendance_app.store.changes import NO_CHANGES
from attendance_app.store.unit import Transaction
from attendance_app.ui.app_context import MARKS, AppContext
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.roll_call.roll_call_data import RollLine, ShownMatch
from attendance_app.ui.status_look import status_word

Write = Callable[[ManualWrite], bool]
"""Writes in turn; False while it must wait (see ``Recorder.by_hand``)."""

Marks = Mapping[int, Mark | None]
"""What stands in the register, by student; None: no mark."""


class _Marked:
    """The result of a step, after its commit."""

    def __init__(self) -> None:
        self.marks: tuple[Mark, ...] = ()
        self.changes = NO_CHANGES


class Marking(QObject):
    """Shows a mark only after it is stored: at once or, on a full disk, when there is room again."""

    changed = Signal()
    _stored = Signal(int, object)
    """With the session and what stands in it now; emitted on whatever thread has written or read it."""

    def __init__(self, context: AppContext, model: MarksModel, write: Write, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._model = model
        self._write = write
        self._session: Session | None = None
        self._telling = False
        """Whether the change that is being reported is this object's own."""
        # A signal, because the commit runs on a job's or the recorder's thread and the model belongs to the window's.
        self._stored.connect(self._show)
        context.data_changed.connect(self._on_data)

    def begin(self, session: Session | None) -> None:
        """Mark in this session from now on; None: in none."""
        self._session = session

    def set_status(
        self,
        lines: Sequence[RollLine],
        status: Status,
        *,
        undone: Callable[[], object] | None = None,
        confirms: Evidence | None = None,
    ) -> None:
        """Mark students by hand; ``undone`` is called after an undo. ``confirms``: the evidence of the doubt about the
        one student that this settles."""
        if self._session is None or not lines:
            return
        session_id, at = self._session.id, self._context.clock()
        students = [line.student.id for line in lines]
        one, word = f"{lines[0].student.name}: {status_word(status)}", status_word(status)
        text = one if len(lines) == 1 else tr("%n student(s) marked", "", len(lines)) + f": {word}"
        self._do(
            lambda tx: set_status(tx, session_id, students, status, at=at, confirms=confirms),
            waiting=lambda: waiting_marks(session_id, students, status, at, confirms=confirms),
            text=lambda _marked: text,
            undone=undone,
        )

    def fill(self, status: Status) -> None:
        """Mark everybody who has no mark."""
        if self._session is None:
            return
        session_id, at, word = self._session.id, self._context.clock(), status_word(status)
        blank = [line.student.id for line in self._model.rows if line.mark is None]
        everybody = f"{tr('All who have no mark')}: {word}"

        def text(marked: Sequence[Mark] | None) -> str:
            return everybody if marked is None else tr("%n student(s) marked", "", len(marked)) + f": {word}"

        self._do(
            lambda tx: fill_blanks(tx, session_id, status, at=at),
            waiting=lambda: waiting_marks(session_id, blank, status, at),
            text=text,
            undone=None,
        )

    def _do(
        self,
        work: Callable[[Transaction], tuple[Mark, ...]],
        *,
        waiting: Callable[[], Sequence[Mark]],
        text: Callable[[Sequence[Mark] | None], str],
        undone: Callable[[], object] | None,
    ) -> None:
        """Write, then show ``text`` of the new marks (None when the write must wait)."""
        assert self._session is not None
        session_id, store, at, result = self._session.id, self._context.store, self._context.clock(), _Marked()

        def commit() -> None:
            with store.write() as tx:
                # On the thread that commits; ``done`` below reads it after that, in the window's.
                result.marks = work(tx)
                tx.offer_undo(text(None), at)
            result.changes = tx.changes
            self._stored.emit(session_id, {mark.student_id: mark for mark in result.marks})

        step = ManualWrite(commit, waiting_marks=waiting)

        def done(at_once: bool) -> None:
            if at_once:
                self._context.report_stored(result.changes, text(result.marks), undone=lambda: self._read_again(undone))
            else:
                words = tr("{what}. Waits to be saved").format(what=text(None))
                self._context.show_toast(words, lambda: self._take_back(session_id, step, result, undone))

        self._context.run(lambda _job: self._write(step), done=done)

    def _take_back(
        self, session_id: int, step: ManualWrite, result: _Marked, undone: Callable[[], object] | None
    ) -> None:
        """Undo a step that had to wait: cancel it, or revert it if it has been written by now."""
        store, now = self._context.store, self._context.clock()

        def undo() -> None:
            operation = result.changes.operation
            if operation is not None:
                store.undo(operation, now)
            stands = {mark.student_id: store.marks.get(session_id, mark.student_id) for mark in result.marks}
            self._stored.emit(session_id, stands)

        def done(_at_once: object) -> None:
            if undone is not None:
                undone()

        # ``cancel`` is False once the step was written; then it is reverted, in turn with the other writes.
        self._context.run(lambda _job: step.cancel() or self._write(ManualWrite(undo)), done=done)

    def came(self, line: RollLine, *, undone: Callable[[], object] | None = None) -> None:
        """Mark an unknown person as this student, present or late by the present time."""
        if self._session is not None:
            self.set_status([line], arrival_status(self._session, self._context.clock()), undone=undone)

    def answer(self, match: ShownMatch, student_id: int | None, *, again: Callable[[ShownMatch], object]) -> None:
        """Settle a doubt: mark who it is by the time of the sighting, None marks nobody. Undo calls ``again``."""
        line = self._model.get(match.student_id if student_id is None else student_id)
        if self._session is None or line is None:
            return
        self._model.settle(match.student_id)

        def undone() -> None:
            self._model.show_match(match, decided=False)
            again(match)
            self.changed.emit()

        if student_id is not None:
            # The evidence is about the student who is likelier; of the other one of two nothing was computed.
            confirms = match.evidence if student_id == match.student_id else None
            self.set_status([line], arrival_status(self._session, match.at), undone=undone, confirms=confirms)
        else:
            self.changed.emit()
            words = tr("Not {name}") if match.alternatives is None else tr("Neither of the two")
            self._context.show_toast(words.format(name=line.student.name), undone)

    def _on_data(self, topic: str) -> None:
        """Read marks again that were changed elsewhere, by an undo or on the page Sessions."""
        if topic == MARKS and not self._telling:
            self._read_again(None)

    def _read_again(self, then: Callable[[], object] | None) -> None:
        """Show the marks in the register, read in order with the writes."""
        if self._session is None:
            return
        session_id, store = self._session.id, self._context.store
        students = [line.student.id for line in self._model.rows]

        def read() -> None:
            marks = {mark.student_id: mark for mark in store.marks.of_session(session_id)}
            self._stored.emit(session_id, {student_id: marks.get(student_id) for student_id in students})

        self._context.run(lambda _job: self._write(ManualWrite(read)), done=lambda _at_once: then and then())

    @Slot(int, object)
    def _show(self, session_id: int, stored: Marks) -> None:
        if self._session is not None and self._session.id == session_id:
            for student_id, mark in stored.items():
                line = self._model.get(student_id)
                if line is not None and line.mark != mark:
                    self._model.show_mark(student_id, mark)
        # The context reports the change to this object as well, which would read again what it has just shown.
        self._telling = True
        self._context.changed(MARKS)
        self._telling = False
        self.changed.emit()
