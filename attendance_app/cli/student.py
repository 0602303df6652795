"""``attendance student``: students, their consent, and erasing them."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli import excuses
from attendance_app.cli.archiving import Undo, say_archived
from attendance_app.cli.context import cli_context
from attendance_app.cli.errors import ConfirmationDiffers
from attendance_app.cli.message_texts import language
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.student_report import report
from attendance_app.cli.times import machine_time
from attendance_app.domain.roster_order import LIST_NUMBERS

if TYPE_CHECKING:
    from attendance_app.domain.people import Consent, Erasure, Student
    from attendance_app.store.database import Store

app = typer.Typer(help="Students: add, list, show, consent, erase.", no_args_is_help=True)
consent_app = typer.Typer(help="Consent: without one on record no face template is kept.", no_args_is_help=True)
app.command("report")(report)
app.command("language")(language)
app.add_typer(consent_app, name="consent")
app.add_typer(excuses.app, name="excuse")

Number = Annotated[str, typer.Argument(help="The school's number of the student.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def add(
    context: typer.Context,
    number: Number,
    name: Annotated[str, typer.Argument(help="Full name; by default given and family name.")] = "",
    email: Annotated[str, typer.Option(help="E-mail address.")] = "",
    course: Annotated[str | None, typer.Option(help="Put the student on this course's roster.")] = None,
    family: Annotated[str, typer.Option(help="Family name.")] = "",
    given: Annotated[str, typer.Option(help="Given name.")] = "",
    list_number: Annotated[
        int | None, typer.Option(min=1, max=LIST_NUMBERS.stop - 1, help="The number in the list of --course.")
    ] = None,
) -> None:
    """Add one student."""
    if list_number is not None and course is None:
        raise typer.BadParameter("a list number is one of a course: name it with --course")
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        student = tx.students.add(number, name, email, family=family, given=given)
        if course is not None:
            place = tx.courses.by_code(course).id, student.id
            tx.enrolments.add(*place)
            tx.enrolments.renumber(*place, list_number)
    typer.echo(f"Student {student.number} added.")


@app.command()
def edit(
    context: typer.Context,
    number: Number,
    new_number: Annotated[str | None, typer.Option("--number", help="Another number of the school.")] = None,
    name: Annotated[str | None, typer.Option(help="The name that is shown.")] = None,
    family: Annotated[str | None, typer.Option(help="Family name.")] = None,
    given: Annotated[str | None, typer.Option(help="Given name.")] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address.")] = None,
    course: Annotated[str | None, typer.Option(help="The course that --list-number is of.")] = None,
    list_number: Annotated[
        int | None, typer.Option(min=0, max=LIST_NUMBERS.stop - 1, help="The number in the list of --course; 0: none.")
    ] = None,
) -> None:
    """Change a student; what is not given stays.

    Parts of the name without --name make the name that is shown; --name without its parts makes them unknown.
    """
    if (list_number is None) is not (course is None):
        raise typer.BadParameter("a list number is one of a course: --course and --list-number go together")
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        student_id = tx.students.by_number(number).id
        changed = tx.students.update(student_id, number=new_number, name=name, family=family, given=given, email=email)
        if course is not None:
            tx.enrolments.renumber(tx.courses.by_code(course).id, student_id, list_number or None)
    typer.echo(f"Student {changed.number} changed: {changed.name}.")


@app.command("list")
def list_students(
    context: typer.Context,
    course: Annotated[str | None, typer.Option(help="Only this course's roster.")] = None,
    search: Annotated[str, typer.Option(help="Part of name, number or e-mail; case and accents don't matter.")] = "",
    archived: Annotated[bool, typer.Option("--archived", help="With the archived ones.")] = False,
    as_json: AsJson = False,
) -> None:
    """List students by family name, those of a course in its order."""
    from attendance_app.domain.people import RosterOrder
    from attendance_app.domain.roster_order import listed_name

    with open_data(cli_context(context).data_folder) as store:
        students = store.students.all(archived=None if archived else False, search=search)
        order = RosterOrder.FAMILY_NAME
        if course is not None:
            found = {student.id for student in students}
            # Of all: whether archived students are listed is decided above.
            chosen = store.courses.by_code(course)
            order, enrolled = chosen.roster_order, store.students.of_course(chosen.id, archived=None)
            students = tuple(student for student in enrolled if student.id in found)
        rows = student_rows(store, students)
    if as_json:
        print_json(rows)
    else:
        headings = ["student", "name", "e-mail", "consent", "photos", "courses", "archived"]
        for row in rows:
            row["photos"] = f"{row['photos']} (weak)" if row["weak_photos"] else row["photos"]
        # The further fields of a row are for JSON.
        names = (listed_name(student, order) for student in students)
        named = [row | {"name": name} for row, name in zip(rows, names, strict=True)]
        print_table(headings, [list(row.values())[: len(headings)] for row in named])


def student_rows(store: "Store", students: "Iterable[Student]") -> list[dict[str, Json]]:
    """One entry a student: number, name, e-mail, consent, photos, courses, archived, parts of the name, list number,
    and whether all photos are weak.

    There is a list number where ``students`` are those of one course.
    """
    rows: list[dict[str, Json]] = []
    # By course, since a question a student takes a minute for 20,000.
    consents: dict[int, Consent] = {}
    photos: dict[int, int] = {}
    weak: set[int] = set()
    courses = defaultdict[int, list[str]](list)
    for course in store.courses.all(archived=None):
        consents |= store.consents.of_course(course.id)
        photos |= store.templates.counts(course.id)
        weak |= store.templates.weak_only(course.id)
        for student in store.students.of_course(course.id, archived=None):
            courses[student.id].append(course.code)
    for student in students:
        nowhere = student.id not in courses
        consent = store.consents.current(student.id) if nowhere else consents.get(student.id)
        own = store.templates.of_student(student.id) if nowhere else ()
        count = len(own) if nowhere else photos.get(student.id, 0)
        rows.append(
            {
                "student_id": student.number,
                "name": student.name,
                "email": student.email,
                "consent": consent.ground if consent else None,
                "photos": count,
                "courses": ", ".join(sorted(courses.get(student.id, ()))),
                "archived": student.archived,
                "family_name": student.family_name,
                "given_name": student.given_name,
                "list_number": student.list_number,
                "weak_photos": (bool(own) and all(one.weak for one in own)) or student.id in weak,
            }
        )
    return rows


@app.command()
def show(context: typer.Context, number: Number, as_json: AsJson = False) -> None:
    """Show everything on record about one student."""
    with open_data(cli_context(context).data_folder) as store:
        document = _everything(store, store.students.by_number(number))
    if as_json:
        print_json(document)
    else:
        for key, value in document.items():
            typer.echo(f"{key}: {_readable(value)}")


def _everything(store: "Store", student: "Student") -> dict[str, Json]:
    courses = {course.id: course.code for course in store.courses.all(archived=None)}
    sessions = {session.id: session for session in store.sessions.all()}
    return {
        **student_rows(store, [student])[0],
        "consents": [
            {
                "ground": consent.ground,
                "given": machine_time(consent.given_at),
                "withdrawn": machine_time(consent.withdrawn_at) if consent.withdrawn_at else None,
                "source": consent.source,
            }
            for consent in store.consents.history(student.id)
        ],
        "templates": [
            {
                "photo_sha256": template.photo_sha256,
                "encoder": template.encoder_id,
                "quality": template.quality,
                "face_px": None if template.face_px is None else round(template.face_px),
                "weak": template.weak,
                "enrolled": machine_time(template.enrolled_at),
            }
            for template in store.templates.of_student(student.id)
        ],
        "marks": [
            {
                "session_id": mark.session_id,
                "course": courses[sessions[mark.session_id].course_id],
                "started": machine_time(sessions[mark.session_id].started_at),
                "status": mark.status.value,
                "marked_by": mark.marked_by.value,
                "remark": mark.remark,
                "void": not sessions[mark.session_id].counts,
            }
            for mark in store.marks.of_student(student.id)
        ],
    }


def _readable(value: Json) -> str:
    if isinstance(value, list):
        return "none" if not value else "".join(f"\n  {_readable(entry)}" for entry in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {entry}" for key, entry in value.items() if entry not in {None, ""})
    return "none" if value is None else str(value)


@app.command()
def archive(context: typer.Context, number: Number, undo: Undo = False) -> None:
    """Take a student off every roster without deleting anything."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        student = tx.students.archive(tx.students.by_number(number).id, archived=not undo)
    say_archived(f"Student {student.number}", archived=student.archived)


@app.command()
def erase(
    context: typer.Context,
    number: Number,
    confirm: Annotated[str, typer.Option(help="The same number again: this can't be undone.")],
    as_json: AsJson = False,
) -> None:
    """Erase everything about a student: photos, face templates, consents, marks and their history."""
    if confirm != number:
        raise ConfirmationDiffers(number=number)
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        erasure = tx.erasures.erase_student(tx.students.by_number(number).id, utc_now())
    counts = _counts_of(erasure)
    if as_json:
        print_json({"erased_at": machine_time(erasure.erased_at), **counts, "audit_record": tx.changes.erasure_record})
    else:
        typer.echo(f"Erased, with {', '.join(f'{count} {what}' for what, count in counts.items())}.")
        typer.echo(f"Proof: record {tx.changes.erasure_record} of the audit trail (attendance audit verify).")
        typer.echo("Exports, and copies of backups that you made yourself, are not touched: delete them too.")
    _say_out_of_reach(cli_context(context).data_folder)


def _say_out_of_reach(home: Path) -> None:
    """On standard error: where backups could not be rewritten now."""
    from attendance_app.store.backups import second_place_missing

    place = second_place_missing(home)
    if place is not None:
        typer.echo(
            f"The backups in {place} are out of reach now: they are rewritten at the first start at which it is there.",
            err=True,
        )


@app.command()
def erasures(context: typer.Context, as_json: AsJson = False) -> None:
    """List when a student was erased and how much went with them, as proof; it names nobody."""
    with open_data(cli_context(context).data_folder) as store:
        done = store.erasures.log()
    rows: list[dict[str, Json]] = [{"erased_at": machine_time(one.erased_at), **_counts_of(one)} for one in done]
    if as_json:
        print_json(rows)
    else:
        print_table(["erased_at", "templates", "consents", "marks", "changes"], [list(row.values()) for row in rows])


def _counts_of(erasure: "Erasure") -> dict[str, Json]:
    return {
        "templates": erasure.templates,
        "consents": erasure.consents,
        "marks": erasure.marks,
        "changes": erasure.changes,
    }


@consent_app.command()
def record(
    context: typer.Context,
    number: Number,
    ground: Annotated[str, typer.Option(help="Who agreed and where it is kept, e.g. 'parent form, binder 3'.")],
) -> None:
    """Record that consent is held."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        student = tx.students.by_number(number)
        tx.consents.record(student.id, ground, utc_now(), source="command line")
    typer.echo(f"Consent of student {student.number} recorded.")


@consent_app.command()
def withdraw(context: typer.Context, number: Number) -> None:
    """Withdraw consent; face templates and their pictures are deleted at once."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        student = tx.students.by_number(number)
        deleted = tx.consents.withdraw(student.id, utc_now())
    typer.echo(f"Consent of student {student.number} withdrawn; {deleted} face templates deleted.")
    _say_out_of_reach(cli_context(context).data_folder)
