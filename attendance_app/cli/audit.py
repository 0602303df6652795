"""``attendance audit``: who changed what and when, and whether anything was changed past the program."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data
from attendance_app.cli.context import cli_context
from attendance_app.cli.numbers import LARGEST_ID
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.times import machine_time, shown_time
from attendance_app.domain.audit import AuditRecord

if TYPE_CHECKING:
    from attendance_app.services.audit import Recorded

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
app = typer.Typer(help="The audit trail: who changed what and when, and its check.", no_args_is_help=True)


@app.command()
def verify(
    context: typer.Context,
    expect: Annotated[
        str | None,
        typer.Option("--expect", help="The hash that an earlier check printed last: it has to be in the trail."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that no record was changed, removed or reordered, and that the register is what the records say.

    Exit status 1 if anything was. Whoever can write the file can make a whole new trail: keep the hash that is printed
    (on paper, or with somebody else) and give it to a later check with --expect.
    """
    from attendance_app.words.audit import problem_in_words
    from attendance_app.words.catalogue import translate_to

    english = translate_to("en")
    with open_data(cli_context(context).data_folder) as store:
        found = store.audit.check()
        missed = expect is not None and not store.audit.has(expect)
    sentences = [problem_in_words(one, english) for one in found.problems]
    if missed:
        sentences.append(f"No record has the hash {expect}: the trail is not the one of that check.")
    if as_json:
        print_json(
            {
                "records": found.records,
                "rows": found.rows,
                "erased": found.erased,
                "hash": found.head,
                "problems": list(sentences),
            }
        )
    else:
        for sentence in sentences:
            typer.echo(sentence)
        typer.echo(
            f"{found.records} records of {found.rows} changes, {found.erased} of them taken out by erasures: "
            f"{'not as they were written' if sentences else 'whole'}."
        )
        typer.echo(f"Last hash: {found.head}")
    if sentences:
        raise typer.Exit(1)


@app.command("list")
def list_records(
    context: typer.Context,
    session: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, help="What was recorded of this session.")
    ] = None,
    student: Annotated[str | None, typer.Option(help="What was recorded of the student with this number.")] = None,
    last: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="Only the last records, of all kinds; 20 by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what was changed, by which user of the computer and when, oldest first."""
    if session is not None and student is not None:
        raise typer.BadParameter("Give --session or --student, not both.")
    from attendance_app.services.audit import recorded_of_session, recorded_of_student

    with open_data(cli_context(context).data_folder) as store:
        if session is not None:
            _print_entries(recorded_of_session(store, store.sessions.get(session).id), as_json=as_json)
        elif student is not None:
            _print_entries(recorded_of_student(store, store.students.by_number(student).id), as_json=as_json)
        else:
            _print_records(store.audit.records(last or 20), as_json=as_json)


def _print_records(records: tuple[AuditRecord, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "record": one.id,
                    "at": machine_time(one.at),
                    "user": one.actor,
                    "action": one.action.value,
                    "detail": json.loads(json.dumps(one.detail)),
                    "rows": one.rows,
                    "hash": one.hash,
                }
                for one in records
            ]
        )
        return
    rows: list[list[Json]] = [
        [one.id, shown_time(one.at), one.actor, one.action.value, one.rows, _shortened(one.detail)] for one in records
    ]
    print_table(["record", "at", "user", "action", "rows", "detail"], rows)


def _shortened(detail: object) -> str:
    text = json.dumps(detail, ensure_ascii=False)
    return "" if text == "{}" else text if len(text) <= 60 else f"{text[:60]}…"


def _print_entries(recorded: "Recorded", *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "record": one.record_id,
                    "at": machine_time(one.at),
                    "user": one.actor,
                    "what": one.table,
                    "row": one.row,
                    "before": None if one.before is None else dict(one.before),
                    "after": None if one.after is None else dict(one.after),
                }
                for one in recorded.entries
            ]
        )
        return
    from attendance_app.words.audit_changes import Speech, change_lines
    from attendance_app.words.catalogue import translate_to

    speech = Speech(translate_to("en"), when=shown_time, day=str)
    rows: list[list[Json]] = [
        [one.record, shown_time(one.at), one.user, one.what, one.change] for one in change_lines(recorded, speech)
    ]
    print_table(["record", "at", "user", "what", "change"], rows)
