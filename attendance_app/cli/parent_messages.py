"""``attendance report messages``: messages for parents from the school's own text."""

from pathlib import Path
from typing import Annotated

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli.context import cli_context
from attendance_app.cli.messages import message_of
from attendance_app.cli.numbers import LARGEST_ID
from attendance_app.cli.output import print_json
from attendance_app.cli.settings import used_settings
from attendance_app.domain.errors import KnownError


def messages(
    context: typer.Context,
    course: Annotated[str, typer.Argument(help="The course's code.")],
    text: Annotated[
        Path,
        typer.Option(
            help="The school's text, UTF-8: the subject in the first line, fields such as {name} anywhere. About a "
            "session: date, time, topic; about the limit: attended, limit, absences, lates, in_a_row, since; always: "
            "name, given_name, family_name, number, course."
        ),
    ],
    session: Annotated[
        int | None,
        typer.Option(
            min=1, max=LARGEST_ID, help="About who is absent in this session; by default about who is below the limit."
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, max=100, help="Percent; by default that of the settings.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, with links for the mail program.")
    ] = False,
) -> None:
    """Print a message for parents about each student who is absent in a session or below the limit. Nothing is sent."""
    from attendance_app.services.attendance_report import course_report
    from attendance_app.services.errors import TextUnreadable
    from attendance_app.services.parent_messages import mail_link, messages_below, messages_of_day, read_text
    from attendance_app.services.registers import session_register

    try:
        school = read_text(text.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TextUnreadable(path=text, reason=str(error)) from error
    home = cli_context(context).data_folder
    percent = used_settings(home).attendance_limit_percent if limit is None else limit
    with open_data(home) as store:
        chosen = store.courses.by_code(course)
        if session is None:
            found = messages_below(course_report(store, chosen.id, limit=percent / 100), school)
        else:
            register = session_register(store, session)
            if register.course.id != chosen.id:
                raise typer.BadParameter(f"session {session} is of the course {register.course.code}")
            found = messages_of_day(register, school)
    if as_json:
        document = []
        for one in found:
            link: str | None = None
            try:
                link = mail_link(one)
            except KnownError as error:
                typer.echo(message_of(error), err=True)
            document.append(
                {
                    "student_id": one.student.number,
                    "name": one.student.name,
                    "subject": one.subject,
                    "body": one.body,
                    "mailto": link,
                }
            )
        print_json(document)
        return
    for one in found:
        typer.echo(f"{one.student.number} {one.student.name}\n{one.subject}\n\n{one.body}\n---")
    typer.echo(f"{len(found)} messages. Nothing was sent.", err=True)
