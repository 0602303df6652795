"""``attendance report``: reports over a course."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli import message_texts
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.output_place import Force, file_place
from attendance_app.cli.parent_messages import messages
from attendance_app.cli.settings import used_settings
from attendance_app.cli.sheet_output import Language, Separator, write_for_people
from attendance_app.domain.roll_sources import KnownSource, SourceKind

if TYPE_CHECKING:
    from attendance_app.services.camera_report import SourceReport
    from attendance_app.services.rates import Rate

app = typer.Typer(
    help="Reports over a course: attendance in figures, and how well its cameras take the roll.", no_args_is_help=True
)


@app.command()
def course(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="COURSE", help="The course's code.")],
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, as 2026-09-01.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, as 2026-12-18.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, max=100, help="Percent; by default that of the settings.")] = None,
    student: Annotated[str | None, typer.Option(help="Only the student with this number.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it to this file; its ending says which kind.")] = None,
    as_format: Annotated[
        Literal["csv", "xlsx", "pdf"] | None,
        typer.Option("--format", help="Kind of file, for a name without an ending; by default csv."),
    ] = None,
    language: Language = None,
    separator: Separator = "comma",
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Attendance of a course or a student in figures: rates, lates, minutes, streaks, trend, who is below the limit
    since when, unusual days. Void sessions count nowhere.
    """
    from attendance_app.cli.course_report import print_report, report_document
    from attendance_app.services.attendance_report import course_report, only_student
    from attendance_app.services.audit import note_export
    from attendance_app.services.sheets.files import FORMATS
    from attendance_app.services.sheets.reports import report_sheet

    home = cli_context(context).data_folder
    percent = used_settings(home).attendance_limit_percent if limit is None else limit
    with open_data(home) as store:
        place = None if out is None else file_place(out, FORMATS, wanted=as_format, force=force)
        report = course_report(
            store,
            store.courses.by_code(code).id,
            limit=percent / 100,
            first=None if first is None else first.date(),
            last=None if last is None else last.date(),
        )
        if student is not None:
            report = only_student(report, store.students.by_number(student))
        if place is not None:
            write_for_people(
                lambda words: report_sheet(report, words),
                place,
                language=language,
                separator=separator,
                data_folder=home,
            )
            note_export(store, place.path)
    if place is not None:
        typer.echo(str(out))
    elif as_json:
        print_json(report_document(report))
    else:
        print_report(report)


app.command("messages")(messages)
app.add_typer(message_texts.app, name="text")


@app.command()
def camera(
    context: typer.Context,
    course: Annotated[str, typer.Argument(help="The course's code.")],
    out: Annotated[Path | None, typer.Option(help="Write it to this file; its ending says which kind.")] = None,
    as_format: Annotated[
        Literal["csv", "xlsx"] | None,
        typer.Option("--format", help="Kind of file, for a name without an ending; by default csv."),
    ] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Compare the camera's marks with the teacher's: a line for each camera, with 95 % intervals.

    Of the students who were there: found by the camera itself, asked about and confirmed, marked by hand alone. Of the
    camera's own marks: how many the teacher has taken back. Only closed sessions count.
    """
    from attendance_app.services.audit import note_export
    from attendance_app.services.camera_report import camera_report
    from attendance_app.services.exports import CAMERA_FORMATS, export_camera_report

    with open_data(cli_context(context).data_folder) as store:
        # Before the work: a name that can't be written ends the command at once.
        place = None if out is None else file_place(out, CAMERA_FORMATS, wanted=as_format, force=force)
        report = camera_report(store, store.courses.by_code(course).id)
        if place is not None:
            export_camera_report(report, place)
            note_export(store, place.path)
    if place is not None:
        typer.echo(f"Camera report of {report.course.code} written to {out}.", err=True)
    elif as_json:
        print_json({"course": report.course.code, "sources": [_document(row) for row in report.rows]})
    elif not report.rows:
        typer.echo(f"No closed session of {report.course.code} was taken by a camera yet.", err=True)
    else:
        print_table(
            ["source", "sessions", "present", "found by itself", "confirmed", "by hand", "camera's marks taken back"],
            [
                [_words(row.sources), row.sessions, row.present, *map(_shown, _rates(row).values())]
                for row in report.rows
            ],
        )


def _rates(row: "SourceReport") -> "dict[str, Rate]":
    return {"found": row.found, "confirmed": row.confirmed, "by_hand": row.by_hand, "wrong": row.wrong}


def _document(row: "SourceReport") -> Json:
    rates: dict[str, Json] = {name: _rate(rate) for name, rate in _rates(row).items()}
    return {"sources": [source.text for source in row.sources], "sessions": row.sessions, **rates}


def _rate(rate: "Rate") -> Json:
    low, high = rate.interval
    return {
        "count": rate.count,
        "of": rate.total,
        "share": round(rate.value, 4) if rate.total else None,
        "interval": [round(low, 4), round(high, 4)],
    }


def _shown(rate: "Rate") -> str:
    if not rate.total:
        return "–"
    low, high = rate.interval
    return f"{rate.count} of {rate.total}: {rate.value:.1%} ({low:.1%} to {high:.1%})"


def _words(sources: tuple[KnownSource, ...]) -> str:
    return " and ".join(map(_source_words, sources)) or "not noted"


def _source_words(source: KnownSource) -> str:
    if source.kind is SourceKind.RECORDING:
        return "recordings"
    if source.kind is SourceKind.PHOTOGRAPHS:
        return "photographs"
    # By the index that the commands take, not counted from 1 as in the window.
    return f"camera {source.camera.removeprefix('webcam:')}"
