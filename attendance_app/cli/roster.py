"""``attendance roster``: a course's class list, imported from the school's file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import Json, print_json, print_table

if TYPE_CHECKING:
    from attendance_app.services.columns import ColumnMapping
    from attendance_app.services.roster import RosterPlan
    from attendance_app.services.tables import Table

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
            "first_name, last_name, second_last_name, email. May be given several times.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a course's roster up to a list. Nobody is taken off, and the same list again changes nothing."""
    from attendance_app.services.columns import propose_mapping, with_choices
    from attendance_app.services.roster import apply_plan, plan_import
    from attendance_app.services.tables import read_table

    with open_data(cli_context(context).data_folder) as store:
        chosen = store.courses.by_code(course)
        table = read_table(file)
        mapping = with_choices(table, propose_mapping(table), _choices(column or []))
        plan = plan_import(store, chosen, table, mapping)
        if not dry_run:
            with store.write() as tx:
                apply_plan(tx, plan)
    if as_json:
        print_json(_document(plan, table, mapping, dry_run=dry_run))
    else:
        _print_plan(plan, table, mapping, dry_run=dry_run)


@app.command("list")
def list_roster(context: typer.Context, course: CourseCode, as_json: AsJson = False) -> None:
    """List a course's students with consent and number of enrolled photos."""
    from attendance_app.cli.student import student_rows

    with open_data(cli_context(context).data_folder) as store:
        rows = student_rows(store, store.students.of_course(store.courses.by_code(course).id))
    if as_json:
        print_json(rows)
    else:
        print_table(["student", "name", "e-mail", "consent", "photos"], [list(row.values())[:5] for row in rows])


def _choices(words: list[str]) -> dict[str, str]:
    choices: dict[str, str] = {}
    for word in words:
        field, equals, column = word.partition("=")
        if not equals:
            raise typer.BadParameter(f"{word}: write FIELD=COLUMN, e.g. number=Matrícula")
        choices[field.strip()] = column.strip()
    return choices


def _columns(table: "Table", mapping: "ColumnMapping") -> dict[str, Json]:
    from attendance_app.services.columns import FIELDS, header_of

    header = header_of(table, mapping)
    found = {field: getattr(mapping, field) for field in FIELDS}
    if mapping.header_row < 0:
        return {field: index + 1 for field, index in found.items() if index is not None}
    return {field: header[index] for field, index in found.items() if index is not None}


def _document(plan: "RosterPlan", table: "Table", mapping: "ColumnMapping", *, dry_run: bool) -> Json:
    from attendance_app.services.roster import Action

    return {
        "course": plan.course.code,
        "dry_run": dry_run,
        "columns": _columns(table, mapping),
        "counts": {action.value: plan.count(action) for action in Action},
        "lines": [
            {
                "row": line.row,
                "action": line.action.value,
                "student_id": line.entry.number,
                "name": line.entry.name,
                "email": line.entry.email,
                "name_before": line.before.name if line.before else None,
                "email_before": line.before.email if line.before else None,
                "reason": line.reason.value if line.reason else None,
            }
            for line in plan.lines
        ],
        "not_listed": [student.number for student in plan.not_listed],
    }


def _print_plan(plan: "RosterPlan", table: "Table", mapping: "ColumnMapping", *, dry_run: bool) -> None:
    from attendance_app.services.roster import Action

    read_as = ", ".join(f"{field} from {column}" for field, column in _columns(table, mapping).items())
    typer.echo(f"Columns: {read_as}.")
    shown = [line for line in plan.lines if line.action is not Action.UNCHANGED]
    if shown:
        print_table(
            ["row", "what", "student", "name", "e-mail", "why"],
            [
                [
                    *(line.row, line.action.value, line.entry.number, line.entry.name, line.entry.email),
                    line.reason.value if line.reason else "",
                ]
                for line in shown
            ],
        )
    if plan.not_listed:
        typer.echo(f"On the roster but not in the list (they stay): {', '.join(s.number for s in plan.not_listed)}.")
    counts = ", ".join(f"{plan.count(action)} {action.value}" for action in Action)
    typer.echo(f"{'Would do' if dry_run else 'Done'}: {counts}.")
