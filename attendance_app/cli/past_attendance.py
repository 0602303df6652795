"""``attendance session import``: attendance that was kept elsewhere."""

from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.numbers import LateAfter
from attendance_app.cli.output import Json, print_json
from attendance_app.cli.settings import used_settings
from attendance_app.cli.times import machine_time, shown_time
from attendance_app.domain.sessions import Status

if TYPE_CHECKING:
    from attendance_app.services.past_attendance import LeftOut, PastPlan

MOST_SHOWN = 200
"""So many lines are printed."""


def import_past(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A table, CSV or XLSX: a line a student, a column a session.")],
    course: Annotated[str, typer.Option(help="The course's code.")],
    at: Annotated[str, typer.Option(help="When a session began of which the table has the day only.")] = "08:00",
    month_first: Annotated[bool, typer.Option("--month-first", help="3/4/2026 is in March.")] = False,
    status: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORD=STATUS",
            help="What a word of the table means, e.g. A=present; may be given several times. Statuses: present, late, "
            "absent, excused.",
        ),
    ] = None,
    late_after: LateAfter = None,
    sheet: Annotated[str | None, typer.Option(help="A workbook's sheet, by name or number from 1.")] = None,
    encoding: Annotated[str | None, typer.Option(help="How a text file writes its letters, e.g. cp1252.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take over attendance from another program. Marks that are there stay; the same table again changes nothing."""
    from attendance_app.services.columns import propose_mapping
    from attendance_app.services.past_attendance import Reading, apply_past, plan_past
    from attendance_app.services.tables.reading import read_table, refuse_unclear

    data_folder = cli_context(context).data_folder
    reading = Reading(at=_time(at), month_first=month_first, words=dict(map(_meaning, status or [])))
    now = utc_now()
    with open_data(data_folder) as store:
        chosen = store.courses.by_code(course)
        table = read_table(file, sheet=sheet, encoding=encoding)
        refuse_unclear(table, file, sheet=sheet)
        plan = plan_past(store, chosen, table, propose_mapping(table), reading=reading, now=now)
        if not dry_run and plan.new_marks:
            minutes = used_settings(data_folder).late_after_minutes if late_after is None else late_after
            with store.write() as tx:
                apply_past(tx, plan, at=now, late_after=timedelta(minutes=minutes), note=file.name)
    if as_json:
        print_json(_document(plan, dry_run=dry_run))
    else:
        _print(plan, dry_run=dry_run)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is no time of day: write 08:00") from error


def _meaning(text: str) -> tuple[str, Status]:
    word, _, status = text.rpartition("=")
    try:
        return word, Status(status.strip().lower())
    except ValueError as error:
        raise typer.BadParameter(f"{text}: write WORD=STATUS, e.g. A=present") from error


def _document(plan: "PastPlan", *, dry_run: bool) -> Json:
    return {
        "course": plan.course.code,
        "dry_run": dry_run,
        "sessions": [
            {
                "column": session.column,
                "started": machine_time(session.started_at),
                "session_id": session.known.id if session.known else None,
                "new_marks": len(session.marks),
            }
            for session in plan.sessions
        ],
        "new_sessions": plan.new_sessions,
        "new_marks": plan.new_marks,
        "unchanged": plan.unchanged,
        "left_out": [
            {"row": one.row, "column": one.column, "text": one.text, "reason": one.reason.value}
            for one in plan.left_out
        ],
    }


def _print(plan: "PastPlan", *, dry_run: bool) -> None:
    for session in plan.sessions:
        known = "joins the session of that time" if session.known else "new session"
        typer.echo(f"{shown_time(session.started_at)}: {len(session.marks)} marks, {known}.")
    for one in plan.left_out[:MOST_SHOWN]:
        typer.echo(f"Left out: {_place(one)}, {one.text}: {one.reason.value}.")
    if len(plan.left_out) > MOST_SHOWN:
        typer.echo(f"And {len(plan.left_out) - MOST_SHOWN} more; --json has them all.")
    done = "Would do" if dry_run else "Done"
    typer.echo(f"{done}: {plan.new_sessions} new sessions, {plan.new_marks} marks, {plan.unchanged} as they are.")


def _place(one: "LeftOut") -> str:
    row = [] if one.row is None else [f"line {one.row}"]
    return " ".join([*row, *([] if one.column is None else [f"column {one.column}"])])
