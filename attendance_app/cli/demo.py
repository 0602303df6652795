"""``attendance demo``: the roll of a class of synthetic people; it needs no camera and no download."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data, open_enrolment, open_reader
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.progress import TerminalJob
from attendance_app.cli.roll import take_roll
from attendance_app.cli.window import has_screen, open_window
from attendance_app.config.settings import Settings

if TYPE_CHECKING:
    from attendance_app.services.registers import Register


def demo(
    context: typer.Context,
    headless: Annotated[bool, typer.Option("--headless", help="Print the register; never open a window.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document (opens no window).")] = False,
) -> None:
    """Take the roll of a class of synthetic people. It has a data folder of its own inside yours."""
    from attendance_app.services.demo.demo_lesson import demo_home
    from attendance_app.services.demo.lesson import prepare_demo
    from attendance_app.services.exports import export_session
    from attendance_app.services.output.files import OutputFile
    from attendance_app.services.session.roll_messages import RollOrder

    home = demo_home(cli_context(context).data_folder)
    with open_data(home) as store:
        reader = open_reader()
        with TerminalJob("Preparing the demo class") as job:
            lesson = prepare_demo(store, open_enrolment(store, reader), home, job)
        windowed = not (headless or as_json) and has_screen()
        if not windowed:
            order = RollOrder(
                lesson.course, str(lesson.clip), lesson.late_after, Settings(), resume=False, ends_with_source=True
            )
            register, _, _ = take_roll(store, order)
            csv_file = home / f"demo-session-{register.session.id}.csv"
            export_session(register, OutputFile(csv_file, "csv"))
    # After the store is closed: the window opens the data folder itself.
    if windowed:
        raise typer.Exit(open_window(home, lesson=lesson))
    if as_json:
        print_json(_document(register, csv_file))
        return
    if not headless:
        typer.echo("There is no screen here, so the demo runs without its window.", err=True)
    _print(register, csv_file)


def _seen_second(register: "Register", moment: object) -> float | None:
    from datetime import datetime

    return round((moment - register.session.started_at).total_seconds(), 1) if isinstance(moment, datetime) else None


def _document(register: "Register", csv_file: Path) -> Json:
    return {
        "session_id": register.session.id,
        "course": register.course.code,
        "marks": [
            {
                "student_id": line.student.number,
                "name": line.student.name,
                "status": line.mark.status.value if line.mark else None,
                "first_seen_s": _seen_second(register, line.mark.first_seen_at) if line.mark else None,
                "probability": line.mark.evidence.probability if line.mark and line.mark.evidence else None,
            }
            for line in register.lines
        ],
        "unknown_people": register.session.unknown_people,
        "csv": str(csv_file),
    }


def _print(register: "Register", csv_file: Path) -> None:
    rows: list[list[Json]] = []
    for line in register.lines:
        mark = line.mark
        seen = _seen_second(register, mark.first_seen_at) if mark else None
        sure = f"{mark.evidence.probability:.1%}" if mark and mark.evidence else ""
        rows.append(
            [
                line.student.number,
                line.student.name,
                mark.status.value if mark else "",
                "" if seen is None else f"{seen:.1f} s",
                sure,
            ]
        )
    print_table(["student", "name", "status", "first seen", "sure"], rows)
    typer.echo(f"Unknown people: {register.session.unknown_people}")
    typer.echo(f"Register as CSV: {csv_file}")
