"""``attendance student excuse``: excuses for days."""

from typing import Annotated

import typer

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.numbers import LARGEST_ID
from attendance_app.cli.output import Json, print_json, print_table

app = typer.Typer(help="Excuses for days: sessions of these days begin with the student excused.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The school's number of the student.")]


@app.command()
def add(
    context: typer.Context,
    number: Number,
    first: Annotated[str, typer.Argument(help="The first day, as 2026-09-01.")],
    last: Annotated[str | None, typer.Argument(help="The last day; by default the first.")] = None,
    reason: Annotated[str, typer.Option(help="Why; it becomes the mark's remark.")] = "",
) -> None:
    """Excuse a student for days. Absences on record that nobody has set by hand become excused too."""
    from attendance_app.services.excuses import excuse_student
    from attendance_app.services.timetable.typed import period, read_day

    days = period(read_day(first), None if last is None else read_day(last), reason)
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        done = excuse_student(tx, tx.students.by_number(number).id, days, at=utc_now())
    words = f"Student {number} is excused from {days.first} to {days.last}"
    typer.echo(f"{words}; {done.absences} absences on record became excused." if done.absences else f"{words}.")


@app.command("list")
def list_excuses(
    context: typer.Context,
    number: Number,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List a student's excuses; the numbers are those that `student excuse remove` takes."""
    with open_data(cli_context(context).data_folder) as store:
        excuses = store.excuses.of_student(store.students.by_number(number).id)
    rows: list[dict[str, Json]] = [
        {"excuse": one.id, "first": one.first.isoformat(), "last": one.last.isoformat(), "reason": one.reason}
        for one in excuses
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(["no.", "first", "last", "reason"], [list(row.values()) for row in rows])


@app.command()
def remove(
    context: typer.Context,
    excuse: Annotated[int, typer.Argument(min=1, max=LARGEST_ID, help="The number that `student excuse list` gives.")],
) -> None:
    """Remove an excuse; marks that were made by it stay."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        tx.excuses.remove(excuse)
    typer.echo(f"Excuse {excuse} was removed.")
