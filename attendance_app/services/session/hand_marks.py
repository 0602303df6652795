"""What the teacher says of students by hand, and its undo, each in steps that may be tried again after a full disk."""

from collections.abc import Sequence
from datetime import datetime

from attendance_app.domain.sessions import Mark, Status
from attendance_app.store.per_call import MarkCalls

Standing = dict[int, Mark | None]
"""What stands in the register, by student; None: no mark."""


class HandMarks:
    """One thing done by hand at one moment, in one session.

    Every method may be called again when it has raised a StoreError: what it had written by then is not written twice.
    What was there before is read when the marks are written, since camera marks may have been waiting ahead of them.
    """

    def __init__(self, marks: MarkCalls, session_id: int, at: datetime) -> None:
        self._marks = marks
        self._session_id = session_id
        self._at = at
        self._before: Standing = {}
        self._restored: Standing = {}

    def mark(self, students: Sequence[int], status: Status) -> Standing:
        """Give students a mark. Raises NotFoundError, StoreError."""
        stands: Standing = {}
        for student_id in students:
            if student_id not in self._before:
                self._before[student_id] = self._marks.get(self._session_id, student_id)
            stands[student_id] = self._marks.set_by_teacher(self._session_id, student_id, status, self._at)
        return stands

    def fill(self, status: Status) -> Standing:
        """Mark everybody on the roster who has no mark. Raises NotFoundError, StoreError."""
        made = self._marks.fill_blanks(self._session_id, status, self._at)
        self._before = dict.fromkeys(mark.student_id for mark in made)
        return {mark.student_id: mark for mark in made}

    def take_back(self, at: datetime) -> Standing:
        """Put back what was there before. Raises NotFoundError, StoreError."""
        for student_id, mark in self._before.items():
            if student_id not in self._restored:
                self._restored[student_id] = self._marks.restore(self._session_id, student_id, mark, at)
        return dict(self._restored)
