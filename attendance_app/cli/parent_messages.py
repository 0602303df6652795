"""``attendance report messages``: messages for families from the school's own texts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli.context import cli_context
from attendance_app.cli.messages import message_of
from attendance_app.cli.numbers import LARGEST_ID
from attendance_app.cli.output import Json, print_json
from attendance_app.cli.settings import used_settings
from attendance_app.cli.sheet_output import language_of
from attendance_app.domain.errors import KnownError
from attendance_app.domain.parent_messages import MessageKind, MessageText

if TYPE_CHECKING:
    from attendance_app.services.parent_messages import ParentMessage, SchoolTexts
    from attendance_app.store.database import Store


def messages(
    context: typer.Context,
    course: Annotated[str, typer.Argument(help="The course's code.")],
    text: Annotated[
        Path | None,
        typer.Option(
            help="A text for everybody instead of the kept ones, UTF-8: the subject in the first line, fields such as "
            "{name} anywhere (see `report text fields`)."
        ),
    ] = None,
    session: Annotated[
        int | None,
        typer.Option(
            min=1, max=LARGEST_ID, help="About who is absent in this session; by default about who is below the limit."
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, max=100, help="Percent; by default that of the settings.")] = None,
    language: Annotated[
        str | None,
        typer.Option(
            help="Language of families that have none of their own (see `student language`); by default that of the "
            "window."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, with links for the mail program.")
    ] = False,
) -> None:
    """Print a message for the family of each student who is absent in a session or below the limit. Nothing is sent."""
    from attendance_app.services.attendance_report import course_report
    from attendance_app.services.parent_messages import messages_below, messages_of_day
    from attendance_app.services.registers import session_register

    home = cli_context(context).data_folder
    one_text = None if text is None else text_in(text)
    percent = used_settings(home).attendance_limit_percent if limit is None else limit
    kind = MessageKind.BELOW if session is None else MessageKind.ABSENT
    with open_data(home) as store:
        chosen = store.courses.by_code(course)
        texts = _texts(store, kind, one_text, language or language_of(None, home))
        if session is None:
            found = messages_below(course_report(store, chosen.id, limit=percent / 100), texts)
        else:
            register = session_register(store, session)
            if register.course.id != chosen.id:
                raise typer.BadParameter(f"session {session} is of the course {register.course.code}")
            found = messages_of_day(register, texts)
    if as_json:
        print_json([_document(one) for one in found])
        return
    for one in found:
        to = f" <{one.student.email}>" if one.student.email else ""
        typer.echo(f"{one.student.number} {one.student.name}{to}\n{one.whole}\n---")
    typer.echo(f"{len(found)} messages. Nothing was sent.", err=True)


def text_in(path: Path) -> MessageText:
    """Read a text from a file. Raises TextUnreadable, EmptyMessageText."""
    from attendance_app.services.errors import TextUnreadable
    from attendance_app.services.parent_messages import read_text

    try:
        return read_text(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TextUnreadable(path=path, reason=str(error)) from error


def _texts(store: "Store", kind: MessageKind, one_text: MessageText | None, language: str) -> "SchoolTexts":
    from attendance_app.services.message_texts import checked_language, school_texts
    from attendance_app.services.parent_messages import SchoolTexts

    key = checked_language(language, store.messages.texts(kind))
    return school_texts(store, kind, key) if one_text is None else SchoolTexts({key: one_text}, key)


def _document(message: "ParentMessage") -> dict[str, Json]:
    from attendance_app.services.parent_messages import mail_link

    link: str | None = None
    try:
        link = mail_link(message)
    except KnownError as error:
        typer.echo(message_of(error), err=True)
    return {
        "student_id": message.student.number,
        "name": message.student.name,
        "language": message.language,
        "subject": message.subject,
        "body": message.body,
        "mailto": link,
    }
