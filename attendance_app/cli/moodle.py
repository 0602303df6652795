"""``attendance session moodle``: a session's marks for the plugin Attendance of Moodle."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli.context import cli_context
from attendance_app.cli.numbers import SessionId
from attendance_app.cli.output_place import Force, file_place
from attendance_app.cli.sheet_output import Language, language_of
from attendance_app.domain.sessions import Status


def moodle(
    context: typer.Context,
    session_id: SessionId,
    out: Annotated[Path, typer.Option(help="The CSV to write.")],
    user: Annotated[
        Literal["idnumber", "username", "email"],
        typer.Option(help="Field of Moodle's users: idnumber and username get the student's number."),
    ] = "idnumber",
    by: Annotated[
        Literal["status", "scantime"],
        typer.Option(help="status: acronyms; scantime: times of arrival, of which Moodle makes the status itself."),
    ] = "status",
    acronym: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATUS=ACRONYM",
            help="What the Moodle activity calls a status, e.g. absent=F; by default P, L, A, E, in Spanish "
            "P, R, FI, FJ. May be given several times.",
        ),
    ] = None,
    language: Language = None,
    force: Force = False,
) -> None:
    """Write a session's marks for "Upload attendance" in Moodle's plugin Attendance."""
    from attendance_app.services.audit import note_export
    from attendance_app.services.moodle_marks import ACRONYMS, MoodleColumn, UserField, export_moodle, moodle_marks
    from attendance_app.services.registers import session_register

    data_folder = cli_context(context).data_folder
    acronyms = dict(ACRONYMS[language_of(language, data_folder)]) | dict(map(_acronym, acronym or []))
    with open_data(data_folder) as store:
        place = file_place(out, ("csv",), force=force)
        marks = moodle_marks(
            session_register(store, session_id), user=UserField(user), column=MoodleColumn(by), acronyms=acronyms
        )
        export_moodle(marks, place)
        note_export(store, out)
    for student, reason in marks.left_out:
        typer.echo(f"Left out: {student.number} {student.name}: {reason.value}.", err=True)
    typer.echo(f"{marks.students} students written to {out}.", err=True)


def _acronym(text: str) -> tuple[Status, str]:
    status, _, acronym = text.partition("=")
    try:
        found = Status(status.strip().lower())
    except ValueError as error:
        raise typer.BadParameter(f"{text}: write STATUS=ACRONYM, e.g. absent=F") from error
    if not acronym.strip():
        raise typer.BadParameter(f"{text}: write STATUS=ACRONYM, e.g. absent=F")
    return found, acronym.strip()
