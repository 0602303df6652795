"""The roster of a running session; rows keep their place while marks change."""

from attendance_app.domain.names import short_names
from attendance_app.domain.sessions import Mark, Status
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.roll_call_data import RollLine, ShownMatch
from attendance_app.ui.rows_model import Column, RowsModel
from attendance_app.ui.status_look import status_word


class MarksModel(RowsModel[RollLine]):
    """One row a student, in the roster's order; its key is the student's id."""

    def __init__(self) -> None:
        super().__init__(
            [Column(text=lambda line: line.name, tooltip=self._words, spoken=self._words)],
            key=lambda line: line.student.id,
        )
        self._short_names: dict[int, str] = {}
        self.discreet = False
        """Photos and doubts are hidden, because the class can see the screen."""

    def short_name_of(self, student_id: int) -> str:
        """Return the shortest name that tells a student from the others, "?" for somebody who is not on the roster."""
        return self._short_names.get(student_id, "?")

    def _number_rows(self) -> None:
        # Called whenever students come or go: which part of a name is enough depends on all the others.
        super()._number_rows()
        students = [line.student for line in self.rows]
        names = short_names([student.name for student in students])
        self._short_names = {student.id: name for student, name in zip(students, names, strict=True)}

    def _words(self, line: RollLine) -> str:
        return f"{line.name}, {line.student.number}: {state_words(line, discreet=self.discreet)}"

    def show_mark(self, student_id: int, mark: Mark | None) -> None:
        """Show what is recorded now; a mark settles the student's doubt."""
        line = self.get(student_id)
        if line is not None:
            self.put(line.changed(mark=mark, doubt=None if mark else line.doubt))

    def show_match(self, match: ShownMatch, *, decided: bool) -> None:
        """Keep a match's picture; one that is not decided is a doubt until the student has a mark."""
        line = self.get(match.student_id)
        if line is not None:
            doubtful = not decided and line.mark is None
            self.put(line.changed(match=match, doubt=match if doubtful else line.doubt))

    def settle(self, student_id: int) -> None:
        """Remove a student's doubt."""
        line = self.get(student_id)
        if line is not None:
            self.put(line.changed(doubt=None))

    def clear_marks(self) -> None:
        """Show nobody as marked, before a session."""
        self.reset([line.changed(mark=None, doubt=None, match=None) for line in self.rows])

    def count(self, status: Status | None) -> int:
        """Return how many students have a status; None: how many have no mark."""
        return sum((line.mark.status if line.mark else None) is status for line in self.rows)

    def set_discreet(self, discreet: bool) -> None:
        self.discreet = discreet
        self.refresh()


def state_words(line: RollLine, *, discreet: bool = False) -> str:
    """Such as "Late 10:14", "To review" or "Not yet"."""
    if line.mark is not None:
        return f"{status_word(line.mark.status)} {time_words(line)}".strip()
    if line.doubt is not None and not discreet:
        return tr("To review")
    return tr("Not yet")


def time_words(line: RollLine) -> str:
    """When the student came, or was marked by hand as having come."""
    mark = line.mark
    if mark is None:
        return ""
    seen = mark.arrival or mark.first_seen_at
    if seen is not None:
        return dates.time(seen)
    return dates.time(mark.marked_at) if mark.status in {Status.PRESENT, Status.LATE} else ""
