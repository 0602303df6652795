"""``attendance course``: add, list, rename and archive courses."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli.archiving import Undo, say_archived
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.output_place import Force, file_place
from attendance_app.cli.sheet_output import Language, Machine, Separator, write_for_people
from attendance_app.domain.people import RosterOrder

app = typer.Typer(help="Courses: add, list, rename, put away.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="The course's code, as the school names it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def add(
    context: typer.Context,
    code: Code,
    title: Annotated[str, typer.Option(help="The course's title.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add a course."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        course = tx.courses.add(code, title)
    if as_json:
        print_json({"code": course.code, "title": course.title})
    else:
        typer.echo(f"Course {course.code} added.")


@app.command("list")
def list_courses(
    context: typer.Context,
    archived: Annotated[bool, typer.Option("--archived", help="With the archived ones.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the courses with their number of students and sessions."""
    with open_data(cli_context(context).data_folder) as store:
        rows: list[dict[str, Json]] = [
            {
                "code": course.code,
                "title": course.title,
                "archived": course.archived,
                "students": len(store.students.of_course(course.id)),
                "sessions": len(store.sessions.all(course.id)),
                "order": course.roster_order.value,
            }
            for course in store.courses.all(archived=None if archived else False)
        ]
    if as_json:
        print_json(rows)
    else:
        print_table(
            ["code", "title", "archived", "students", "sessions", "order"], [list(row.values()) for row in rows]
        )


@app.command()
def rename(context: typer.Context, code: Code, title: Annotated[str, typer.Option(help="The new title.")]) -> None:
    """Change a course's title."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        course = tx.courses.retitle(tx.courses.by_code(code).id, title)
    typer.echo(f"Course {course.code} is now called {course.title}.")


@app.command()
def order(
    context: typer.Context,
    code: Code,
    by: Annotated[RosterOrder, typer.Argument(help="By what the students stand in every list and sheet.")],
) -> None:
    """Choose by what a course's students are listed: family name (the default), given name or list number."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        course = tx.courses.reorder(tx.courses.by_code(code).id, by)
    typer.echo(f"Course {course.code} is listed by {by.value.replace('_', ' ')}.")


@app.command()
def archive(context: typer.Context, code: Code, undo: Undo = False) -> None:
    """Put a course away with everything it has; nothing is deleted."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        course = tx.courses.archive(tx.courses.by_code(code).id, archived=not undo)
    say_archived(f"Course {course.code}", archived=course.archived)


@app.command()
def export(
    context: typer.Context,
    code: Code,
    out: Annotated[Path, typer.Option(help="The file to write; its ending says which kind.")],
    as_format: Annotated[
        Literal["csv", "xlsx", "pdf"] | None,
        typer.Option("--format", help="Kind of file, for a name without an ending; by default csv."),
    ] = None,
    machine: Machine = False,
    language: Language = None,
    separator: Separator = "comma",
    force: Force = False,
) -> None:
    """Export the course over time: a line a student, a column a session, counts and share attended."""
    from attendance_app.services.audit import note_export
    from attendance_app.services.course_matrix import course_matrix
    from attendance_app.services.exports import MATRIX_FORMATS, export_matrix
    from attendance_app.services.sheets.files import FORMATS
    from attendance_app.services.sheets.registers import course_sheet

    data_folder = cli_context(context).data_folder
    with open_data(data_folder) as store:
        # Before the work: a name that can't be written ends the command at once.
        place = file_place(out, MATRIX_FORMATS if machine else FORMATS, wanted=as_format, force=force)
        matrix = course_matrix(store, store.courses.by_code(code).id)
        if machine:
            export_matrix(matrix, place)
        else:
            write_for_people(
                lambda words: course_sheet(matrix, words),
                place,
                language=language,
                separator=separator,
                data_folder=data_folder,
            )
        note_export(store, out)
    typer.echo(f"Course {matrix.course.code} written to {out}.", err=True)
