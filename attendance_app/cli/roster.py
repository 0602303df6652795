"""``attendance roster``: a course's class list, imported from the school's file."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import print_json, print_table
from attendance_app.cli.output_place import Force, file_place
from attendance_app.cli.sheet_output import Language, language_of

app = typer.Typer(help="Class lists: import, list, export.", no_args_is_help=True)

CourseCode = Annotated[str, typer.Option(help="The course's code.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("import")
def import_roster(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            help="The school's list: CSV or XLSX with any columns, or a zip or folder of OneRoster's or Canvas's files."
        ),
    ],
    course: CourseCode,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN",
            help="Which column is what, by header or number from 1, e.g. number=Matrícula. Fields: number, name, "
            "last_first (García, Ana), first_name, last_name, second_last_name, email, list_number, role, status. "
            "May be given several times.",
        ),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="A workbook's sheet, or a class, by name or number from 1.")] = None,
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
        refuse_unclear(table, file, sheet=sheet)
        mapping = with_choices(table, propose_mapping(table), _choices(column or []))
        plan = plan_import(store, chosen, table, mapping)
        if not dry_run:
            with store.write() as tx:
                apply_plan(tx, plan)
    if as_json:
        print_json(plan_document(plan, table, mapping, dry_run=dry_run))
    else:
        print_plan(plan, table, mapping, dry_run=dry_run)


@app.command("export")
def export_roster(
    context: typer.Context,
    course: CourseCode,
    out: Annotated[Path, typer.Option(help="The file to write; its ending says which kind.")],
    system: Annotated[
        Literal["oneroster", "canvas", "moodle", "classroom"] | None,
        typer.Option("--for", help="A school system: oneroster and canvas are a zip, moodle and classroom a CSV."),
    ] = None,
    as_format: Annotated[
        Literal["csv", "xlsx"] | None,
        typer.Option("--format", help="Kind of table, for a name without an ending; by default csv."),
    ] = None,
    language: Language = None,
    force: Force = False,
) -> None:
    """Export a course's class list as a table or for a school system; import takes it back unchanged."""
    from attendance_app.services.audit import note_export
    from attendance_app.services.roster_export import SCHOOL_FORMATS, export_table, roster_list
    from attendance_app.words.catalogue import translate_to
    from attendance_app.words.sheets import sheet_words

    data_folder = cli_context(context).data_folder
    with open_data(data_folder) as store:
        formats = ("csv", "xlsx") if system is None else (SCHOOL_FORMATS[system].ending,)
        # Before the work: a name that can't be written ends the command at once.
        place = file_place(out, formats, wanted=as_format, force=force)
        roster = roster_list(store, course)
        if system is None:
            export_table(roster, place, sheet_words(translate_to(language_of(language, data_folder))))
        else:
            place.write(SCHOOL_FORMATS[system].content(roster))
        note_export(store, out)
    typer.echo(f"Class list of {roster.course.code} written to {out}.", err=True)


@app.command("cards")
def roster_cards(
    context: typer.Context,
    course: Annotated[str, typer.Argument(help="The course's code.")],
    out: Annotated[Path, typer.Option(help="The PDF to write.")],
    replace: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NUMBER",
            help="Another card for this student, whose old one marks nobody any more; only such cards are "
            "written. May be given several times.",
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Write QR cards of a course's students to print, ten a page. The setting "cards" lets the camera read them."""
    from attendance_app.services.audit import note_export
    from attendance_app.services.cards import course_cards
    from attendance_app.ui.printing.without_window import cards_without_window

    with open_data(cli_context(context).data_folder) as store:
        place = file_place(out, ("pdf",), force=force)
        chosen = store.courses.by_code(course)
        with store.write() as tx:
            cards = course_cards(tx, chosen, utc_now(), replace=replace or ())
            # Inside: a card whose sheet could not be written is not replaced.
            place.write(cards_without_window(cards, chosen.title or chosen.code))
        note_export(store, out)
    typer.echo(f"{len(cards)} card(s) of {chosen.code} written to {out}.", err=True)


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
