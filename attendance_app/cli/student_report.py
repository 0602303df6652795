"""``attendance student report``: one student's attendance in a course, as a file for people."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli.context import cli_context
from attendance_app.cli.output_place import Force, file_place
from attendance_app.cli.sheet_output import Language, Separator, write_for_people


def report(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="The school's number of the student.")],
    course: Annotated[str, typer.Option(help="The course's code.")],
    out: Annotated[Path, typer.Option(help="The file to write; its ending says which kind.")],
    as_format: Annotated[
        Literal["pdf", "csv", "xlsx"] | None,
        typer.Option("--format", help="Kind of file, for a name without an ending; by default csv."),
    ] = None,
    language: Language = None,
    separator: Separator = "comma",
    force: Force = False,
) -> None:
    """Write a student's sessions of a course to a file, with the counts and the share attended."""
    from attendance_app.services.audit import note_export
    from attendance_app.services.course_matrix import course_matrix
    from attendance_app.services.sheets.files import FORMATS
    from attendance_app.services.sheets.registers import student_sheet

    data_folder = cli_context(context).data_folder
    with open_data(data_folder) as store:
        place = file_place(out, FORMATS, wanted=as_format, force=force)
        matrix = course_matrix(store, store.courses.by_code(course).id)
        student = store.students.by_number(number)
        write_for_people(
            lambda words: student_sheet(matrix, student, words),
            place,
            language=language,
            separator=separator,
            data_folder=data_folder,
        )
        note_export(store, out)
    typer.echo(str(out))
