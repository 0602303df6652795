"""A session's register as lines for people and as a JSON document."""

from datetime import datetime
from typing import TYPE_CHECKING

import typer

from attendance_app.cli.output import Json, print_table
from attendance_app.cli.times import machine_time
from attendance_app.domain.excuses import minutes_late, seen_though_away
from attendance_app.domain.faces import Box
from attendance_app.domain.roster_order import listed_name

if TYPE_CHECKING:
    from attendance_app.domain.presence import Presence
    from attendance_app.services.registers import Register, RegisterLine
    from attendance_app.services.session.roll_messages import RollSummary


def run_document(register: "Register", summary: "RollSummary") -> dict[str, Json]:
    """Return what a roll has made: the register, doubts about students without a mark, and figures of its source."""
    return {
        **register_document(register),
        "to_review": [
            {"student_id": line.student.number, "name": line.student.name, "probability": round(doubt.probability, 4)}
            for doubt in (conclusion.decision for conclusion in summary.to_review)
            for line in register.lines
            if line.student.id == doubt.student_id
        ],
        "frames_read": summary.frames_read,
        "frames_processed": summary.frames_processed,
        "seconds": round(summary.seconds, 3),
        "truncated": summary.truncated,
        "cameras": [
            {
                "name": known.name,
                "width": known.picture.width,
                "height": known.picture.height,
                "pictures_a_second": None if known.picture.rate is None else round(known.picture.rate, 1),
            }
            for known in summary.pictures
        ],
    }


def register_document(register: "Register") -> dict[str, Json]:
    """Return the session and one object a student."""
    session, presence = register.session, register.presence
    return {
        "session_id": session.id,
        "course": register.course.code,
        "started": machine_time(session.started_at),
        "ended": machine_time(session.ended_at) if session.ended_at else None,
        "marks": [_mark_document(register, line, presence.get(line.student.id)) for line in register.lines],
        "unknown_people": session.unknown_people,
        "lesson": machine_time(session.lesson_at) if session.lesson_at else None,
    }


def _mark_document(register: "Register", line: "RegisterLine", presence: "Presence | None") -> Json:
    start, mark = register.session.started_at, line.mark
    evidence = mark.evidence if mark else None
    return {
        "student_id": line.student.number,
        "name": line.student.name,
        "family_name": line.student.family_name,
        "given_name": line.student.given_name,
        "list_number": line.student.list_number,
        "status": mark.status.value if mark else None,
        "marked_by": mark.marked_by.value if mark else None,
        "arrived": machine_time(mark.arrival) if mark and mark.arrival else None,
        "minutes_late": minutes_late(mark, register.session) if mark else None,
        "minutes_present": presence.minutes if presence else None,
        "left_early_at": machine_time(presence.left_at) if presence and presence.left_at else None,
        "seen_though_away": mark is not None and seen_though_away(mark),
        "first_seen_s": _seconds_after(start, mark.first_seen_at) if mark else None,
        "last_seen_s": _seconds_after(start, mark.last_seen_at) if mark else None,
        "probability": evidence.probability if evidence else None,
        "sightings": evidence.sightings if evidence else 0,
        "best_distance": evidence.best_distance if evidence else None,
        "mask": evidence.mask.value if evidence and evidence.mask else None,
        "seen_by": evidence.place.source if evidence and evidence.place else None,
        "face_box": _sides(evidence.place.box) if evidence and evidence.place else None,
        "cnn_student_id": line.cnn_student.number if line.cnn_student else None,
        "cnn_probability": evidence.cnn_probability if evidence else None,
        "remark": mark.remark if mark else "",
    }


def _sides(box: Box) -> Json:
    return [box.left, box.top, box.right, box.bottom]


def _seconds_after(start: datetime, moment: datetime | None) -> float | None:
    return None if moment is None else round((moment - start).total_seconds(), 3)


def print_register(register: "Register") -> None:
    """Write one line a student to standard output."""
    rows: list[list[Json]] = []
    for line in register.lines:
        mark = line.mark
        seen = mark.first_seen_at.astimezone().strftime("%H:%M:%S") if mark and mark.first_seen_at else ""
        sure = f"{mark.evidence.probability:.1%}" if mark and mark.evidence else ""
        name = listed_name(line.student, register.course.roster_order)
        rows.append(
            [line.student.list_number, line.student.number, name, mark.status.value if mark else "", seen, sure]
        )
    print_table(["no.", "student", "name", "status", "first seen", "sure"], rows)
    for line in register.lines:
        if line.mark is not None and seen_though_away(line.mark) and line.mark.first_seen_at is not None:
            seen_at = line.mark.first_seen_at.astimezone().strftime("%H:%M")
            typer.echo(f"{line.student.name} is marked {line.mark.status.value}, and was seen at {seen_at}.")
    presence = register.presence
    for line in register.lines:
        found = presence.get(line.student.id)
        if found is not None and found.left_at is not None:
            last = found.left_at.astimezone().strftime("%H:%M")
            typer.echo(f"{line.student.name} was last seen at {last}, and most of the class later: left early?")
    print_table(["unknown people"], [[register.session.unknown_people]])
