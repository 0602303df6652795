"""``attendance session corrections``: a register that was exported and changed comes back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import Json, print_json
from attendance_app.cli.times import machine_time, shown_time

if TYPE_CHECKING:
    from attendance_app.domain.sessions import Mark
    from attendance_app.services.sheets.corrections import Correction, CorrectionsPlan


def import_corrections(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(help="A register that was exported as CSV or XLSX, for people or with --machine, and changed."),
    ],
    sheet: Annotated[str | None, typer.Option(help="A workbook's sheet, by name or number from 1.")] = None,
    encoding: Annotated[str | None, typer.Option(help="How a text file writes its letters, e.g. cp1252.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take back what was changed in an exported register: statuses, remarks and times of arrival.

    Only what differs from the export is written, as the teacher's marks. Where the mark was changed in the register
    since, the line is shown as a conflict and nothing is written.
    """
    from attendance_app.services.sheets.corrected_register import read_corrected
    from attendance_app.services.sheets.corrections import apply_corrections, plan_corrections
    from attendance_app.services.tables.reading import read_table, refuse_unclear
    from attendance_app.words.catalogue import translate_to
    from attendance_app.words.sheets import sheet_words

    languages = [sheet_words(translate_to(language)) for language in ("en", "es")]
    written = 0
    with open_data(cli_context(context).data_folder) as store:
        table = read_table(file, sheet=sheet, encoding=encoding)
        refuse_unclear(table, file, sheet=sheet)
        plan = plan_corrections(store, read_corrected(table, languages))
        if not dry_run and plan.changes:
            with store.write() as tx:
                written = apply_corrections(tx, plan, at=utc_now())
    if as_json:
        print_json(_document(plan, written, dry_run=dry_run))
    else:
        _print(plan, written, dry_run=dry_run)


def _document(plan: "CorrectionsPlan", written: int, *, dry_run: bool) -> Json:
    return {
        "session_id": plan.register.session.id,
        "course": plan.register.course.code,
        "dry_run": dry_run,
        "changes": [_line(one) for one in plan.changes],
        "conflicts": [_line(one) for one in plan.conflicts],
        "left_out": [
            {"row": one.row, "student": one.who, "text": one.text, "reason": one.reason.value} for one in plan.left_out
        ],
        "unchanged": plan.unchanged,
        "written": written,
    }


def _line(one: "Correction") -> Json:
    before, wanted = one.before, one.wanted
    return {
        "row": one.row,
        "student_id": one.student.number,
        "name": one.student.name,
        "before": before.status.value if before else None,
        "status": wanted.status.value,
        "remark": wanted.remark,
        "arrived": machine_time(wanted.arrived_at) if wanted.arrived_at else None,
    }


def _print(plan: "CorrectionsPlan", written: int, *, dry_run: bool) -> None:
    session = plan.register.session
    typer.echo(f"Session {session.id} of {plan.register.course.code}, {shown_time(session.started_at)}.")
    for one in plan.changes:
        typer.echo(f"{one.student.name}: {_state(one.before)} -> {_wanted(one)}.")
    for one in plan.conflicts:
        typer.echo(
            f"Conflict, line {one.row}: {one.student.name} is {_state(one.before)} now; the file says {_wanted(one)}."
        )
    for left in plan.left_out:
        typer.echo(f"Left out: line {left.row}, {left.who}, {left.text}: {left.reason.value}.")
    done = f"Would change {len(plan.changes)}" if dry_run else f"Changed {written}"
    typer.echo(f"{done}; {len(plan.conflicts)} conflicts, {len(plan.left_out)} left out, {plan.unchanged} as they are.")


def _state(mark: "Mark | None") -> str:
    return (
        "without a mark"
        if mark is None
        else " ".join(filter(None, (mark.status.value, mark.remark and f"({mark.remark})")))
    )


def _wanted(one: "Correction") -> str:
    wanted = one.wanted
    parts = [wanted.status.value]
    if wanted.arrived_at is not None:
        parts.append(f"at {wanted.arrived_at.astimezone():%H:%M}")
    if wanted.remark is not None:
        parts.append(f"({wanted.remark})" if wanted.remark else "(no remark)")
    return " ".join(parts)
