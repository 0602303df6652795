"""What importing a list does, in words and as a document."""

from typing import Final

import typer

from attendance_app.cli.output import Json, print_table
from attendance_app.services.columns import FIELDS, ColumnMapping, header_of
from attendance_app.services.roster import Action, RosterLine, RosterPlan
from attendance_app.services.tables.table import Problem, Table

MOST_SHOWN: Final = 200
"""So many lines of a kind are printed."""

REMEDIES: Final = {
    Problem.SHORTENED: "in the spreadsheet, give the column the format 0 or Text, type again the numbers that were "
    "shortened, and save the file again.",
    Problem.DATE: "in the spreadsheet, give the column the format Text, type the value again, and save again.",
    Problem.ERROR: "mend the formula in the spreadsheet, or type the value in its place, and save again.",
    Problem.FORMAT: "in the spreadsheet, give the column the format Text, and save again.",
    Problem.FORMULA: "open the file in a spreadsheet, which works the formulas out, and save it again.",
    Problem.BYTES: "correct these lines in the file; if many are wrong, name the file's encoding with --encoding.",
    Problem.GARBLED: "export the list again; these names were damaged before it was saved.",
    Problem.NOT_AMONG_USERS: "export the list again with all of its files.",
}


def plan_document(plan: RosterPlan, table: Table, mapping: ColumnMapping, *, dry_run: bool) -> Json:
    return {
        "course": plan.course.code,
        "dry_run": dry_run,
        "sheet": table.sheet,
        "sheets": [{"name": sheet.name, "hidden": sheet.hidden} for sheet in table.sheets],
        "encoding": table.encoding,
        "columns": _columns(table, mapping),
        "counts": {action.value: plan.count(action) for action in Action},
        "lines": [_line_document(line) for line in plan.lines],
        "not_listed": [student.number for student in plan.not_listed],
    }


def _line_document(line: RosterLine) -> Json:
    return {
        "row": line.row,
        "action": line.action.value,
        "student_id": line.entry.number,
        "name": line.entry.name,
        "family_name": line.entry.family_name,
        "given_name": line.entry.given_name,
        "list_number": line.entry.list_number,
        "email": line.entry.email,
        "name_before": line.before.name if line.before else None,
        "email_before": line.before.email if line.before else None,
        "reason": line.reason.value if line.reason else None,
    }


def print_plan(plan: RosterPlan, table: Table, mapping: ColumnMapping, *, dry_run: bool) -> None:
    _print_source(table)
    read_as = ", ".join(f"{field} from {column}" for field, column in _columns(table, mapping).items())
    typer.echo(f"Columns: {read_as}.")
    if not mapping.name_columns:
        others = ", ".join(name for name in header_of(table, mapping) if name)
        typer.echo(
            "No column of the list is taken for the name. If it has one: --map name=COLUMN or last_first=COLUMN."
        )
        typer.echo(f"The columns are: {others}.")
    shown = [line for line in plan.lines if line.action not in {Action.UNCHANGED, Action.SKIP}]
    if shown:
        print_table(
            ["row", "what", "no.", "student", "name", "family", "given", "e-mail"],
            [
                [
                    *(line.row, line.action.value, line.entry.list_number, line.entry.number, line.entry.name),
                    *(line.entry.family_name, line.entry.given_name, line.entry.email),
                ]
                for line in shown[:MOST_SHOWN]
            ],
        )
    if len(shown) > MOST_SHOWN:
        typer.echo(f"And {len(shown) - MOST_SHOWN} more lines; --json has them all.")
    _print_left_out([line for line in plan.lines if line.action is Action.SKIP])
    if plan.not_listed:
        shown_numbers = ", ".join(student.number for student in plan.not_listed[:MOST_SHOWN])
        rest = len(plan.not_listed) - MOST_SHOWN
        more = f" and {rest} more; --json has them all" if rest > 0 else ""
        typer.echo(f"On the roster but not in the list (they stay): {shown_numbers}{more}.")
    counts = ", ".join(f"{plan.count(action)} {action.value}" for action in Action)
    typer.echo(f"{'Would do' if dry_run else 'Done'}: {counts}.")


def _print_source(table: Table) -> None:
    if table.sheet is None:
        typer.echo(f"Encoding: {table.encoding}. Choose another one with --encoding.")
        return
    what = "Class" if table.of_classes else "Sheet"
    others = [f"{s.name} (hidden)" if s.hidden else s.name for s in table.sheets if s.name != table.sheet]
    hint = f" Others, to choose with --sheet: {', '.join(others)}." if others else ""
    typer.echo(f"{what}: {table.sheet}.{hint}")


def _print_left_out(lines: list[RosterLine]) -> None:
    for line in lines[:MOST_SHOWN]:
        assert line.reason is not None
        who = " ".join(filter(None, [line.entry.number, line.entry.name]))
        typer.echo(f"Left out: line {line.row}, {who}: {line.reason.value}.")
    if len(lines) > MOST_SHOWN:
        typer.echo(f"Left out: {len(lines) - MOST_SHOWN} more lines; --json has them all.")
    for problem in Problem:
        if any(line.reason is problem for line in lines):
            typer.echo(f"What to do about it: {REMEDIES[problem]}")


def _columns(table: Table, mapping: ColumnMapping) -> dict[str, Json]:
    header = header_of(table, mapping)
    found = {field: getattr(mapping, field) for field in FIELDS}
    # Without a header, columns have numbers from 1, as --map counts them.
    if mapping.header_row < 0:
        return {field: index + 1 for field, index in found.items() if index is not None}
    return {field: header[index] for field, index in found.items() if index is not None}
