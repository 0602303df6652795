"""``attendance roster``: a course's class list, imported from the school's file."""

from pathlib import Path
from typing import Annotated

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import print_json, print_table

app = typer.Typer(help="Class lists: import from CSV or XLSX, list.", no_args_is_help=True)

CourseCode = Annotated[str, typer.Option(help="The course's code.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("import")
def import_roster(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The school's list, CSV or XLSX, with any columns.")],
    course: CourseCode,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN",
            help="Which column is what, by header or number from 1, e.g. number=Matrícula. Fields: number, name, "
            "last_first (García, Ana), first_name, last_name, second_last_name, email, role, status. "
            "May be given several times.",
        ),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="A workbook's sheet, by name or number from 1.")] = None,
    encoding: Annotated[
        str | None, typer.Option(help="How a text file writes its letters, e.g. utf-8, cp1252, mac-roman.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a course's roster up to a list. Nobody is taken off, and the same list again changes nothing."""
    from attendance_app.cli.roster_plan import plan_document, print_plan
    from attendance_app.services.columns import propose_mapping, with_choices
    from attendance_app.services.roster import apply_plan, plan_import
    from attendance_app.services.tables.reading import read_table, refuse_unclear

    with open_data(cli_context(context).data_folder) as store:
        chosen = store.courses.by_code(course)
        table = read_table(file, sheet=sheet, encoding=encoding)
        refuse_unclear(table, file)
        mapping = with_choices(table, propose_mapping(table), _choices(column or []))
        plan = plan_import(store, chosen, table, mapping)
        if not dry_run:
            with store.write() as tx:
                apply_plan(tx, plan)
    if as_json:
        print_json(plan_document(plan, table, mapping, dry_run=dry_run))
    else:
        print_plan(plan, table, mapping, dry_run=dry_run)


@app.command("list")
def list_roster(context: typer.Context, course: CourseCode, as_json: AsJson = False) -> None:
    """List a course's students in its order, with list number, consent and number of enrolled photos."""
    from attendance_app.cli.student import student_rows
    from attendance_app.domain.roster_order import listed_name

    with open_data(cli_context(context).data_folder) as store:
        chosen = store.courses.by_code(course)
        students = store.students.of_course(chosen.id)
        rows = student_rows(store, students)
    if as_json:
        print_json(rows)
        return
    print_table(
        ["no.", "student", "name", "e-mail", "consent", "photos"],
        [
            [
                *(student.list_number, student.number, listed_name(student, chosen.roster_order)),
                *(row["email"], row["consent"], row["photos"]),
            ]
            for student, row in zip(students, rows, strict=True)
        ],
    )


def _choices(words: list[str]) -> dict[str, str]:
    choices: dict[str, str] = {}
    for word in words:
        field, equals, column = word.partition("=")
        if not equals:
            raise typer.BadParameter(f"{word}: write FIELD=COLUMN, e.g. number=Matrícula")
        choices[field.strip()] = column.strip()
    return choices
