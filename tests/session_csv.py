"""Reads a session's CSV exports, as another program would."""

import csv
import io
from datetime import datetime
from pathlib import Path

from attendance_app.domain.masks import MaskState
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.exports import COLUMNS, ExportLine
from attendance_app.services.tables.safe_text import plain_cell
from attendance_app.words.catalogue import translate_to
from attendance_app.words.sheets import sheet_words


def read_session_csv(path: Path) -> tuple[ExportLine, ...]:
    """Read what ``export_session`` wrote as CSV. Raises ValueError for another file."""
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ValueError(f"{path} has another header")
    return tuple(_import_line([plain_cell(cell) for cell in row]) for row in rows[1:] if row)


def read_people_csv(path: Path) -> dict[str, Status | None]:
    """Read the statuses of a register for people, in English or Spanish, by the student's number."""
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), csv.Sniffer().sniff(text.splitlines()[0], ",;\t")))
    for language in ("en", "es"):
        words = sheet_words(translate_to(language))
        if rows[0][0] == words.number and words.status in rows[0]:
            column = rows[0].index(words.status)
            statuses = {word: status for status, word in words.statuses.items()}
            return {row[0]: statuses.get(row[column]) for row in rows[1:]}
    raise ValueError(f"{path} has another header")


def _import_line(row: list[str]) -> ExportLine:
    cells = dict(zip(COLUMNS, row, strict=True))
    return ExportLine(
        course=cells["course"],
        session_id=int(cells["session_id"]),
        session_started=datetime.fromisoformat(cells["session_started"]),
        student_id=cells["student_id"],
        name=cells["name"],
        status=Status(cells["status"]) if cells["status"] else None,
        marked_by=MarkedBy(cells["marked_by"]) if cells["marked_by"] else None,
        marked_at=_time(cells["marked_at"]),
        first_seen=_time(cells["first_seen"]),
        last_seen=_time(cells["last_seen"]),
        probability=_number(cells["probability"]),
        sightings=int(cells["sightings"]) if cells["sightings"] else None,
        mask=MaskState(cells["mask"]) if cells["mask"] else None,
        encodings_opinion=cells["encodings_opinion"],
        encodings_distance=_number(cells["encodings_distance"]),
        cnn_opinion=cells["cnn_opinion"],
        cnn_probability=_number(cells["cnn_probability"]),
        remark=cells["remark"],
    )


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None
