"""Exports of a session's register, of a course's matrix and of its camera report."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo

from attendance_app.domain.masks import MaskState
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.camera_report import CameraReport
from attendance_app.services.course_matrix import CourseMatrix
from attendance_app.services.output.files import OutputFile
from attendance_app.services.rates import Rate
from attendance_app.services.registers import Register, RegisterLine
from attendance_app.services.tables.safe_text import safe_cell

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads a CSV in the code page of its system, and accents become other letters."""


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One line of a session's export, in the order of its columns. ``student_id`` is the school's number.

    ``encodings_opinion`` and ``cnn_opinion`` are the numbers of the students that each classifier named.
    Times are aware and whole seconds; None: not known.
    """

    course: str
    session_id: int
    session_started: datetime
    student_id: str
    name: str
    status: Status | None
    marked_by: MarkedBy | None
    marked_at: datetime | None
    first_seen: datetime | None
    last_seen: datetime | None
    probability: float | None
    sightings: int | None
    mask: MaskState | None
    encodings_opinion: str
    encodings_distance: float | None
    cnn_opinion: str
    cnn_probability: float | None
    remark: str


COLUMNS = tuple(field.name for field in fields(ExportLine))


def export_lines(register: Register, zone: tzinfo | None = None) -> tuple[ExportLine, ...]:
    """Flatten a register; times in ``zone``, None: this machine's."""
    return tuple(_export_line(register, line, zone) for line in register.lines)


def _export_line(register: Register, line: RegisterLine, zone: tzinfo | None) -> ExportLine:
    mark = line.mark
    seen = mark.evidence if mark else None
    started = _local(register.session.started_at, zone)
    assert started is not None
    return ExportLine(
        course=register.course.code,
        session_id=register.session.id,
        session_started=started,
        student_id=line.student.number,
        name=line.student.name,
        status=mark.status if mark else None,
        marked_by=mark.marked_by if mark else None,
        marked_at=_local(mark.marked_at if mark else None, zone),
        first_seen=_local(mark.first_seen_at if mark else None, zone),
        last_seen=_local(mark.last_seen_at if mark else None, zone),
        probability=round(seen.probability, 6) if seen else None,
        sightings=seen.sightings if seen else None,
        mask=seen.mask if seen else None,
        encodings_opinion=line.student.number if seen else "",
        encodings_distance=round(seen.best_distance, 4) if seen else None,
        cnn_opinion=line.cnn_student.number if line.cnn_student else "",
        cnn_probability=round(seen.cnn_probability, 6) if seen and seen.cnn_probability is not None else None,
        remark=mark.remark if mark else "",
    )


def session_csv(register: Register, zone: tzinfo | None = None) -> bytes:
    """UTF-8 with byte order mark, one header line, one line a student, no cell that a spreadsheet would run."""
    rows = [[getattr(line, column) for column in COLUMNS] for line in export_lines(register, zone)]
    return csv_table([COLUMNS, *rows])


def session_json(register: Register, zone: tzinfo | None = None) -> bytes:
    """The same lines as one JSON document, with arrivals, the course's title and the session's figures."""
    session = register.session
    document = {
        "course": {"code": register.course.code, "title": register.course.title},
        "session": {
            "id": session.id,
            "started": _plain(_local(session.started_at, zone)),
            "ended": _plain(_local(session.ended_at, zone)),
            "late_after_minutes": session.late_after.total_seconds() / 60,
            "unknown_people": session.unknown_people,
            "note": session.note,
            "topic": session.topic,
            "void": not session.counts,
            "void_reason": session.void_reason,
        },
        "marks": [
            {column: _plain(getattr(line, column)) for column in COLUMNS}
            | {"arrived": _plain(_local(listed.mark.arrival if listed.mark else None, zone))}
            for listed, line in zip(register.lines, export_lines(register, zone), strict=True)
        ],
    }
    # NaN is no JSON: better an error here than in the program that reads the file.
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False).encode() + b"\n"


def session_xlsx(register: Register, zone: tzinfo | None = None) -> bytes:
    """One sheet with the columns of the CSV; times as spreadsheet times without a zone."""
    from attendance_app.services.workbooks import workbook

    rows = [[getattr(line, column) for column in COLUMNS] for line in export_lines(register, zone)]
    return workbook(f"Session {register.session.id}", COLUMNS, rows)


def matrix_csv(matrix: CourseMatrix, zone: tzinfo | None = None) -> bytes:
    """One line a student, one column a session, then the counts and the share attended."""
    header, rows = _matrix_table(matrix, zone)
    return csv_table([header, *rows])


def matrix_xlsx(matrix: CourseMatrix, zone: tzinfo | None = None) -> bytes:
    """The same table as a workbook."""
    from attendance_app.services.workbooks import workbook

    header, rows = _matrix_table(matrix, zone)
    return workbook("Attendance", header, rows)


SESSION_FORMATS: dict[str, Callable[[Register, tzinfo | None], bytes]] = {
    "csv": session_csv,
    "json": session_json,
    "xlsx": session_xlsx,
}
"""Formats for other programs, by name; those for people are in ``services/sheets``."""

MATRIX_FORMATS: dict[str, Callable[[CourseMatrix, tzinfo | None], bytes]] = {"csv": matrix_csv, "xlsx": matrix_xlsx}


def camera_csv(report: CameraReport) -> bytes:
    """One line for each group of sources: counts, shares and the ends of their 95 % intervals."""
    return csv_table([CAMERA_COLUMNS, *_camera_rows(report)])


def camera_xlsx(report: CameraReport) -> bytes:
    """The same table as a workbook."""
    from attendance_app.services.workbooks import workbook

    return workbook("Camera", CAMERA_COLUMNS, _camera_rows(report))


CAMERA_FORMATS: dict[str, Callable[[CameraReport], bytes]] = {"csv": camera_csv, "xlsx": camera_xlsx}

_RATES = ("found", "confirmed", "by_hand", "wrong")
CAMERA_COLUMNS = (
    *("course", "sources", "sessions", "present", "camera_marks"),
    *(f"{rate}{part}" for rate in _RATES for part in ("", "_share", "_low", "_high")),
)


def export_camera_report(report: CameraReport, out: OutputFile) -> None:
    """Write a course's camera report in a format of ``CAMERA_FORMATS``, whole or not at all. Raises KnownError."""
    out.write(CAMERA_FORMATS[out.format](report))


def _camera_rows(report: CameraReport) -> list[list[object]]:
    return [
        [
            report.course.code,
            "; ".join(source.text for source in row.sources),
            row.sessions,
            row.present,
            row.wrong.total,
            *(part for name in _RATES for part in _rate_cells(getattr(row, name))),
        ]
        for row in report.rows
    ]


def _rate_cells(rate: Rate) -> list[object]:
    # A share of nothing is no share.
    shares = (rate.value, *rate.interval) if rate.total else (None,) * 3
    return [rate.count, *(None if share is None else round(share, 4) for share in shares)]


def export_session(register: Register, out: OutputFile, zone: tzinfo | None = None) -> None:
    """Write a register in a format of ``SESSION_FORMATS``, whole or not at all. Raises KnownError."""
    out.write(SESSION_FORMATS[out.format](register, zone))


def export_matrix(matrix: CourseMatrix, out: OutputFile, zone: tzinfo | None = None) -> None:
    """Write a course's matrix in a format of ``MATRIX_FORMATS``, whole or not at all. Raises KnownError."""
    out.write(MATRIX_FORMATS[out.format](matrix, zone))


def _matrix_table(matrix: CourseMatrix, zone: tzinfo | None) -> tuple[list[object], list[list[object]]]:
    header: list[object] = ["student_id", "name"]
    header += [_local(session.started_at, zone) for session in matrix.sessions]
    header += [*(status.value for status in Status), "attended"]
    rows: list[list[object]] = []
    for row in matrix.rows:
        counts = [row.count(status) for status in Status]
        share = None if row.attended is None else round(row.attended, 4)
        rows.append([row.student.number, row.student.name, *row.statuses, *counts, share])
    return header, rows


def csv_table(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as a CSV document; formulas are kept inert."""
    # The csv module ends lines with \r\n; they must not be translated once more.
    text = io.StringIO(newline="")
    text.write(BYTE_ORDER_MARK)
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    plain = _plain(value)
    return safe_cell(plain) if isinstance(plain, str) else "" if plain is None else str(plain)


def _plain(value: object) -> str | int | float | None:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Status | MarkedBy | MaskState):
        return str(value.value)
    assert value is None or isinstance(value, str | int | float)
    return value


def _local(moment: datetime | None, zone: tzinfo | None) -> datetime | None:
    return None if moment is None else moment.astimezone(zone).replace(microsecond=0)
