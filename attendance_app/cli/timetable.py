"""``attendance timetable``: terms, weekly times and holidays of a course; which lesson is due."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.numbers import LARGEST_ID
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.times import machine_time, shown_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from attendance_app.domain.timetable import Period, Timetable, WeeklyLesson
    from attendance_app.services.timetable.calendar_file import CalendarContent
    from attendance_app.services.timetable.calendar_plan import Brought

app = typer.Typer(help="Timetables: terms, weekly times and holidays of courses.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="The course's code.")]
First = Annotated[str, typer.Argument(help="The first day, as 2026-09-01.")]
Last = Annotated[str | None, typer.Argument(help="The last day; by default the first.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
MOST_SHOWN = 100
"""So many events that were left out are printed."""


@app.command()
def show(context: typer.Context, code: Code, as_json: AsJson = False) -> None:
    """Show a course's timetable; the numbers are those that `timetable remove` takes."""
    from attendance_app.services.timetable.typed import lines_of

    with open_data(cli_context(context).data_folder) as store:
        timetable = store.timetables.of_course(store.courses.by_code(code).id)
    if as_json:
        print_json(_document(timetable))
        return
    kinds = ["term"] * len(timetable.terms) + ["lesson"] * len(timetable.lessons)
    kinds += ["holiday"] * len(timetable.holidays)
    lines = zip(kinds, lines_of(timetable), strict=True)
    print_table(
        ["no.", "", "when", "name"], [[at, kind, *_shown(one)] for at, (kind, one) in enumerate(lines, start=1)]
    )


@app.command()
def term(
    context: typer.Context,
    code: Code,
    first: First,
    last: Annotated[str, typer.Argument(help="The last day.")],
    name: Annotated[str, typer.Option(help="The term's name.")] = "",
) -> None:
    """Add a term. Where a course has terms, it has lessons in them only."""
    from attendance_app.services.timetable.typed import period, read_day

    added = period(read_day(first), read_day(last), name)
    _change(context, code, lambda before: before.with_added(terms=(added,)))


@app.command()
def holiday(
    context: typer.Context,
    code: Code,
    first: First,
    last: Last = None,
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
) -> None:
    """Add days on which there is no lesson."""
    from attendance_app.services.timetable.typed import period, read_day

    added = period(read_day(first), None if last is None else read_day(last), name)
    _change(context, code, lambda before: before.with_added(holidays=(added,)))


@app.command()
def lesson(
    context: typer.Context,
    code: Code,
    weekday: Annotated[str, typer.Argument(help="The day of the week: monday, or mon.")],
    starts: Annotated[str, typer.Argument(help="When the lesson starts, as 8:00.")],
    ends: Annotated[str, typer.Argument(help="When it ends; earlier than the start: after midnight.")],
    topic: Annotated[str, typer.Option(help="The topic that its sessions get.")] = "",
) -> None:
    """Add a time of the week at which the course meets."""
    from attendance_app.services.timetable.typed import read_clock, read_weekday, weekly_lesson

    added = weekly_lesson(read_weekday(weekday), read_clock(starts), read_clock(ends), topic)
    _change(context, code, lambda before: before.with_added(lessons=(added,)))


@app.command()
def remove(
    context: typer.Context,
    code: Code,
    number: Annotated[int, typer.Argument(min=1, max=LARGEST_ID, help="The number that `timetable show` gives.")],
) -> None:
    """Remove one line of a timetable."""
    from attendance_app.services.timetable.typed import without_line

    _change(context, code, lambda before: without_line(before, number))


@app.command("import")
def import_calendar(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An iCalendar file (.ics).")],
    course: Annotated[list[str], typer.Option(help="The course's code; several with one --course each.")],
    matching: Annotated[str, typer.Option(help="Only lessons whose name has this text.")] = "",
    holidays_only: Annotated[bool, typer.Option("--holidays-only", help="Take no lessons.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what the file has.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take holidays (whole days) and weekly lessons from a calendar file; the same file again changes nothing."""
    from attendance_app.services.timetable.calendar_file import read_calendar
    from attendance_app.services.timetable.calendar_plan import add_calendar

    today = utc_now().astimezone().date()
    content = read_calendar(file, today=today, matching=matching, lessons=not holidays_only)
    brought: tuple[Brought, ...] = ()
    with open_data(cli_context(context).data_folder) as store:
        courses = [store.courses.by_code(code) for code in course]
        if not dry_run:
            with store.write() as tx:
                brought = add_calendar(tx, courses, content)
    if as_json:
        print_json(_import_document(content, brought, dry_run=dry_run))
    else:
        _print_import(content, brought, dry_run=dry_run)


@app.command()
def due(context: typer.Context, code: Code, as_json: AsJson = False) -> None:
    """Say which lesson is due now: the one that goes on, or that begins within a quarter of an hour."""
    from attendance_app.services.timetable.due import read_today

    with open_data(cli_context(context).data_folder) as store:
        today = read_today(store, store.courses.by_code(code), utc_now())
    found = today.lesson
    if as_json:
        ends = {} if found is None else {"starts": machine_time(found.starts_at), "ends": machine_time(found.ends_at)}
        lesson_document: Json = None if found is None else {**ends, "topic": found.topic}
        print_json({"lesson": lesson_document, "holiday": today.holiday.name if today.holiday else None})
    elif found is not None:
        typer.echo(f"{shown_time(found.starts_at)} to {shown_time(found.ends_at)[-5:]} {found.topic}".strip())
    else:
        typer.echo(f"No lesson is due{f': {today.holiday.name}' if today.holiday and today.holiday.name else ''}.")


def _change(context: typer.Context, code: str, change: "Callable[[Timetable], Timetable]") -> None:
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        course = tx.courses.by_code(code)
        after = tx.timetables.put(course.id, change(tx.timetables.of_course(course.id)))
    typer.echo(
        f"{course.code}: {len(after.terms)} terms, {len(after.lessons)} weekly times, {len(after.holidays)} holidays."
    )


def _shown(line: "Period | WeeklyLesson") -> list[Json]:
    from attendance_app.domain.timetable import WeeklyLesson
    from attendance_app.services.timetable.typed import WEEKDAYS

    if not isinstance(line, WeeklyLesson):
        return [f"{line.first}" if line.first == line.last else f"{line.first} to {line.last}", line.name]
    when = f"{WEEKDAYS[line.weekday]} {line.starts:%H:%M} to {line.ends:%H:%M}"
    when += f", every {line.every} weeks" if line.every > 1 else ""
    when += f", from {line.first}" if line.first else ""
    when += f", until {line.last}" if line.last else ""
    return [when, line.topic]


def _document(timetable: "Timetable") -> Json:
    return {
        "terms": [_period(one) for one in timetable.terms],
        "lessons": [_lesson(one) for one in timetable.lessons],
        "holidays": [_period(one) for one in timetable.holidays],
    }


def _period(one: "Period") -> Json:
    return {"first": one.first.isoformat(), "last": one.last.isoformat(), "name": one.name}


def _lesson(one: "WeeklyLesson") -> Json:
    from attendance_app.services.timetable.typed import WEEKDAYS

    return {
        "weekday": WEEKDAYS[one.weekday],
        "starts": f"{one.starts:%H:%M}",
        "ends": f"{one.ends:%H:%M}",
        "topic": one.topic,
        "every_weeks": one.every,
        "first": one.first.isoformat() if one.first else None,
        "last": one.last.isoformat() if one.last else None,
    }


def _import_document(content: "CalendarContent", brought: "tuple[Brought, ...]", *, dry_run: bool) -> Json:
    return {
        "dry_run": dry_run,
        "holidays": [_period(one) for one in content.holidays],
        "lessons": [_lesson(one) for one in content.lessons],
        "left_out": [{"line": one.line, "name": one.name, "reason": one.reason.value} for one in content.left_out],
        "courses": [
            {"course": one.course.code, "new_holidays": one.holidays, "new_lessons": one.lessons} for one in brought
        ],
    }


def _print_import(content: "CalendarContent", brought: "tuple[Brought, ...]", *, dry_run: bool) -> None:
    found: list[Period | WeeklyLesson] = [*content.lessons, *content.holidays]
    for one in found:
        typer.echo("  ".join(str(part) for part in _shown(one)).rstrip())
    for left in content.left_out[:MOST_SHOWN]:
        typer.echo(f"Left out: line {left.line}, {left.name or 'without a name'}: {left.reason.value}.")
    if len(content.left_out) > MOST_SHOWN:
        typer.echo(f"And {len(content.left_out) - MOST_SHOWN} more; --json has them all.")
    if dry_run:
        typer.echo(f"The file has {len(content.holidays)} holidays and {len(content.lessons)} weekly times.")
    for course in brought:
        typer.echo(f"{course.course.code}: {course.holidays} new holidays, {course.lessons} new weekly times.")
