"""``attendance report text`` and ``attendance student language``: the school's texts, and who reads which."""

from pathlib import Path
from typing import Annotated

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli.context import cli_context
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.parent_messages import text_in
from attendance_app.domain.parent_messages import MessageKind, MessageText

app = typer.Typer(
    help="The school's texts for messages to families: list, show, set, remove, fields.", no_args_is_help=True
)

Kind = Annotated[MessageKind, typer.Argument(help="absent: about one session. below: about the limit.")]
LanguageName = Annotated[str, typer.Argument(metavar="LANGUAGE", help="en, es, or the name of any other language.")]


@app.command("list")
def list_texts(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List the texts by kind and language; in English and Spanish there is always one."""
    from attendance_app.services.message_texts import school_texts

    with open_data(cli_context(context).data_folder) as store:
        rows: list[dict[str, Json]] = [
            {"kind": kind.value, "language": language, "own": language in store.messages.texts(kind), **_parts(text)}
            for kind in MessageKind
            for language, text in school_texts(store, kind, "en").by_language.items()
        ]
    if as_json:
        print_json(rows)
        return
    shown = [(row["kind"], row["language"], "school" if row["own"] else "program", row["subject"]) for row in rows]
    print_table(["kind", "language", "by", "subject"], [list(row) for row in shown])


@app.command()
def show(context: typer.Context, kind: Kind, language: LanguageName) -> None:
    """Print a text as `report text set` reads it: the subject in the first line."""
    from attendance_app.services.message_texts import checked_language, school_texts

    with open_data(cli_context(context).data_folder) as store:
        key = checked_language(language, store.messages.texts(kind))
        text = school_texts(store, kind, key).by_language[key]
    typer.echo(f"{text.subject}\n\n{text.body}", nl=False)


@app.command("set")
def set_text(
    context: typer.Context,
    kind: Kind,
    language: LanguageName,
    file: Annotated[Path, typer.Argument(help="The text, UTF-8: the subject in the first line, fields anywhere.")],
) -> None:
    """Keep a text in place of the one in this language."""
    from attendance_app.services.message_texts import keep_text

    text = text_in(file)
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        key = keep_text(tx, kind, language, text)
    typer.echo(f"The text for {kind} in the language {key} is kept.")


@app.command()
def remove(context: typer.Context, kind: Kind, language: LanguageName) -> None:
    """Remove the school's text; in English and Spanish the program's own takes its place."""
    from attendance_app.services.message_texts import remove_text

    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        remove_text(tx, kind, language)
    typer.echo("The text is removed.")


@app.command()
def fields() -> None:
    """List the fields that a text may have."""
    from attendance_app.services.parent_messages import FIELDS

    for kind, names in FIELDS.items():
        typer.echo(f"{kind}: " + " ".join(f"{{{name}}}" for name in names))


def language(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="The school's number of the student.")],
    language: Annotated[
        str, typer.Argument(metavar="LANGUAGE", help="One that the school has a text in; empty: the usual one.")
    ],
) -> None:
    """Set the language in which a student's family gets messages."""
    from attendance_app.services.message_texts import set_family_language

    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        key = set_family_language(tx, tx.students.by_number(number).id, language)
    typer.echo(f"Language of the family of {number}: {key or 'the usual one'}.")


def _parts(text: MessageText) -> dict[str, Json]:
    return {"subject": text.subject, "body": text.body}
