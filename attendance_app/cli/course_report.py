"""A course's figures as text and as JSON."""

import typer

from attendance_app.cli.output import Json, print_table
from attendance_app.cli.times import machine_time, shown_time
from attendance_app.domain.sessions import Status
from attendance_app.services.attendance_report import CourseReport, StudentFigures


def print_report(report: CourseReport) -> None:
    """Print the course's line, the unusual days, and a line a student."""
    typer.echo(
        f"{report.course.code}: {len(report.sessions)} sessions, {_share(report.rate)} attended, "
        f"{len(report.below)} below {report.limit:.0%}."
    )
    for one in report.unusual:
        typer.echo(
            f"Unusual: {shown_time(one.session.started_at)}, {one.came} of {one.counted} came, "
            f"{one.expected:.0f} were likely."
        )
    print_table(
        [
            "student",
            "name",
            "attended",
            "P",
            "L",
            "A",
            "E",
            "minutes late",
            "absent now",
            "longest",
            "trend",
            "below since",
        ],
        [
            [
                *(line.student.number, line.student.name, _share(line.rate)),
                *(line.counts[status] for status in Status),
                *(line.minutes_late, line.absences_now, line.longest_absence, _trend(line.trend)),
                shown_time(line.below_since.started_at if line.below_since else None),
            ]
            for line in report.students
        ],
    )


def report_document(report: CourseReport) -> Json:
    """Return everything in the report, shares from 0 to 1."""
    return {
        "course": report.course.code,
        "from": report.first.isoformat() if report.first else None,
        "to": report.last.isoformat() if report.last else None,
        "limit": report.limit,
        "attended": _rounded(report.rate),
        "sessions": [
            {"session_id": session.id, "started": machine_time(session.started_at), "attended": _rounded(share)}
            for session, share in zip(report.sessions, report.shares, strict=True)
        ],
        "unusual": [
            {
                "session_id": one.session.id,
                "came": one.came,
                "of": one.counted,
                "expected": round(one.expected, 2),
            }
            for one in report.unusual
        ],
        "students": [_student(line) for line in report.students],
    }


def _student(line: StudentFigures) -> Json:
    return {
        "student_id": line.student.number,
        "name": line.student.name,
        "attended": _rounded(line.rate),
        **{status.value: line.counts[status] for status in Status},
        "minutes_late": line.minutes_late,
        "absent_in_a_row_now": line.absences_now,
        "longest_absence": line.longest_absence,
        "longest_presence": line.longest_presence,
        "trend": _rounded(line.trend),
        "below_since": machine_time(line.below_since.started_at) if line.below_since else None,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _trend(trend: float | None) -> str:
    return "–" if trend is None else f"{trend:+.0%}"
