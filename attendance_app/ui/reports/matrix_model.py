"""The attendance matrix: students down, dates across; totals, share and sparkline in the last columns."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from attendance_app.domain.roster_order import numbered_name
from attendance_app.domain.sessions import Session, Status
from attendance_app.services.course_matrix import CourseMatrix
from attendance_app.services.reports import StudentShare, running_shares
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.rows_model import FIRST_OWN_ROLE, Column, RowsModel
from attendance_app.ui.status_look import key_letter, status_word
from attendance_app.ui.theme import theme

STATUS_ROLE = FIRST_OWN_ROLE
CURVE_ROLE = FIRST_OWN_ROLE + 1
TOTALS = len(Status) + 2
"""A column for each status, one for the share, one for the curve."""
CENTRE = Qt.AlignmentFlag.AlignCenter


class MatrixModel(RowsModel[StudentShare]):
    """One row a student, one column a session; the sessions, and so the columns, change with what is shown."""

    def __init__(self) -> None:
        names: Column[StudentShare] = Column(
            text=self._name,
            tooltip=lambda line: f"{self._name(line)}\n{line.row.student.number}",
            alignment=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            colour=lambda _line: QColor(theme().palette.text),
        )
        super().__init__((), key=lambda line: line.row.student.id, row_header=names)
        self._matrix: CourseMatrix | None = None

    def _name(self, line: StudentShare) -> str:
        assert self._matrix is not None
        return numbered_name(line.row.student, self._matrix.course.roster_order)

    @property
    def matrix(self) -> CourseMatrix | None:
        return self._matrix

    @property
    def session_columns(self) -> int:
        return len(self._matrix.sessions) if self._matrix else 0

    def show_matrix(self, matrix: CourseMatrix, lines: tuple[StudentShare, ...]) -> None:
        """Show another course, or the same with another limit; both arguments have the same rows."""
        # Only the limit has changed: a reset would lose selection and place.
        same_columns = self._matrix is not None and self._matrix.sessions == matrix.sessions
        self._matrix = matrix
        if same_columns:
            self.show_rows(lines)
        else:
            sessions = [_session_column(place, session) for place, session in enumerate(matrix.sessions)]
            self.reset(lines, [*sessions, *_total_columns()])


def _session_column(place: int, session: Session) -> Column[StudentShare]:
    started = session.started_at

    def words(line: StudentShare) -> str:
        status = line.row.statuses[place]
        word = status_word(status) if status else tr("not marked")
        return f"{line.row.student.name}, {dates.day(started)}: {word}"

    return Column(
        header=lambda: dates.day_over_month(started),
        header_tooltip=lambda: f"{dates.day(started, long=True)} {dates.time(started)}",
        tooltip=words,
        spoken=words,
        alignment=CENTRE,
        roles={STATUS_ROLE: lambda line: line.row.statuses[place]},
    )


def _total_columns() -> Iterator[Column[StudentShare]]:
    for status in Status:
        yield Column(
            header=partial(key_letter, status),
            header_tooltip=partial(status_word, status),
            text=partial(_count, status),
            alignment=CENTRE,
            colour=lambda _line: QColor(theme().palette.text_quiet),
        )
    yield Column(
        header=lambda: tr("Attended"),
        header_tooltip=_share_explained,
        text=lambda line: "–" if line.share is None else dates.percent(line.share),
        alignment=CENTRE,
    )
    yield Column(
        header=lambda: tr("Over time"),
        header_tooltip=_share_explained,
        alignment=CENTRE,
        roles={CURVE_ROLE: lambda line: running_shares(line.row)},
    )


def _count(status: Status, line: StudentShare) -> str:
    count = line.row.count(status)
    return dates.number(count) if count else "·"


def _share_explained() -> str:
    return tr("Present or late, of the sessions that count (excused ones do not)")
