"""A course's figures as a table for people."""

from datetime import date, tzinfo

from attendance_app.domain.sessions import Session, Status
from attendance_app.services.attendance_report import CourseReport, StudentFigures
from attendance_app.services.sheets.registers import WhoColumns
from attendance_app.services.sheets.sheet import Cell, Sheet, SheetWords


def report_sheet(report: CourseReport, words: SheetWords, zone: tzinfo | None = None) -> Sheet:
    """Return a line a student, the course's figures above them; days are of ``zone``, None: this machine's."""
    who = WhoColumns.of([line.student for line in report.students])
    header = (
        *who.header(words),
        words.attended,
        *(words.statuses[status] for status in Status),
        *(words.minutes_late, words.absences_now, words.longest_absence, words.trend, words.below_since),
    )
    course = report.course
    facts: list[tuple[str, Cell]] = [(words.course, course.code), (words.sessions, len(report.sessions))]
    if report.sessions:
        days = [_day(session, zone) for session in (report.sessions[0], report.sessions[-1])]
        facts.append((words.day, " – ".join(day.isoformat() for day in days)))
    facts += [(words.attended, report.rate), (words.limit, report.limit), (words.below, len(report.below))]
    if report.unusual:
        unusual = (f"{_day(one.session, zone)} ({one.came} {words.of} {one.counted})" for one in report.unusual)
        facts.append((words.unusual_days, ", ".join(unusual)))
    return Sheet(
        title=f"{words.report}: {course.title or course.code}",
        facts=tuple(facts),
        header=header,
        rows=tuple((*who.cells(line.student), *_cells(line, zone)) for line in report.students),
        words=words,
        totals=False,
        curve=report.shares,
        limit=report.limit,
    )


def _cells(line: StudentFigures, zone: tzinfo | None) -> tuple[Cell, ...]:
    return (
        line.rate,
        *(line.counts[status] for status in Status),
        *(line.minutes_late, line.absences_now, line.longest_absence, line.trend),
        None if line.below_since is None else _day(line.below_since, zone),
    )


def _day(session: Session, zone: tzinfo | None) -> date:
    return session.started_at.astimezone(zone).date()
