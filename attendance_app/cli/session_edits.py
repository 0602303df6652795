"""``attendance session`` add, move, delete, split, merge, history: sessions corrected as a whole."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.cli.context import cli_context
from attendance_app.cli.numbers import LARGEST_ID, LateAfter, SessionId
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.settings import used_settings
from attendance_app.cli.times import machine_time, read_moment, shown_time
from attendance_app.domain.session_edits import SessionChange, SessionEdit

if TYPE_CHECKING:
    from attendance_app.services.registers import Register

Start = Annotated[
    datetime, typer.Option(parser=read_moment, metavar="TIME", help="When it began, as 2026-03-02T09:05, local time.")
]
End = Annotated[datetime | None, typer.Option(parser=read_moment, metavar="TIME", help="When it ended.")]


def add(
    context: typer.Context,
    course: Annotated[str, typer.Argument(help="The course's code.")],
    start: Start,
    end: End = None,
    topic: Annotated[str, typer.Option(help="What the lesson was about.")] = "",
    late_after: LateAfter = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Add a session of a past day, to be marked by hand; without --end it ends when it began. Nobody is marked."""
    home = cli_context(context).data_folder
    minutes = used_settings(home).late_after_minutes if late_after is None else late_after
    with open_data(home) as store, store.write() as tx:
        added = tx.sessions.add_past(
            tx.courses.by_code(course).id,
            start,
            {},
            late_after=timedelta(minutes=minutes),
            marked_at=utc_now(),
            ended_at=end,
            topic=topic,
        )
    if as_json:
        print_json({"session_id": added.id, "course": course, "started": machine_time(added.started_at)})
    else:
        typer.echo(f"Session {added.id} of {shown_time(added.started_at)} was added.")


def move(context: typer.Context, session_id: SessionId, start: Start, end: End = None) -> None:
    """Give a session another day or time; without --end it lasts as long as before.

    What the camera has seen keeps its true time, and no mark changes. Late is counted from the new start.
    """
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        moved = tx.sessions.move(session_id, start, end, at=utc_now())
    typer.echo(f"Session {session_id}: {shown_time(moved.started_at)} to {shown_time(moved.ended_at)}.")


def delete(
    context: typer.Context,
    session_id: SessionId,
    undo: Annotated[bool, typer.Option("--undo", help="Bring it back.")] = False,
) -> None:
    """Delete a session: it is in no list and no report. It can be brought back with --undo."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        if undo:
            tx.sessions.bring_back(session_id, utc_now())
        else:
            tx.sessions.put_away(session_id, utc_now())
    typer.echo(f"Session {session_id} {'is back' if undo else 'was deleted'}.")


def split(
    context: typer.Context,
    session_id: SessionId,
    at: Annotated[str, typer.Option(help="When the second lesson began, as 9:00.")],
) -> None:
    """Make two sessions of one that went on over two lessons.

    Whoever was seen in a part is marked in that part; marks by hand hold for both.
    """
    from attendance_app.services.session.arrival import read_arrival

    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        moment = read_arrival(at, tx.sessions.get(session_id))
        first, second = tx.sessions.split(session_id, moment, at=utc_now())
    typer.echo(f"Session {first.id} ends at {shown_time(first.ended_at)}; session {second.id} begins then.")


def merge(
    context: typer.Context,
    session_id: SessionId,
    other: Annotated[int, typer.Argument(min=1, max=LARGEST_ID, help="The session that is taken into it.")],
) -> None:
    """Make one session of two of the same day, as if it had been one; the other one is deleted."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        whole = tx.sessions.merge(session_id, other, at=utc_now())
    typer.echo(f"Session {session_id}: {shown_time(whole.started_at)} to {shown_time(whole.ended_at)}.")


def history(
    context: typer.Context,
    session_id: SessionId,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say what was done to a session as a whole; marks have a history of their own."""
    with open_data(cli_context(context).data_folder) as store:
        store.sessions.get(session_id)
        changes = store.sessions.changes(session_id)
    rows: list[dict[str, Json]] = [
        {"changed": machine_time(one.changed_at), "what": one.edit.value, "before": one.before, "after": one.after}
        for one in changes
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(["when", "what", "before", "after"], [_shown(one) for one in changes])


def _shown(change: SessionChange) -> list[Json]:
    before, after = change.before, change.after
    if change.edit is SessionEdit.MOVED:
        before, after = (shown_time(datetime.fromisoformat(moment)) for moment in (before, after))
    return [shown_time(change.changed_at), change.edit.value, before, after]


def hint_at_accidental(register: "Register") -> None:
    """Say on standard error that a session looks begun by mistake."""
    from attendance_app.services.session.accidental import register_looks_accidental

    number = register.session.id
    if register_looks_accidental(register):
        typer.echo(
            f"Session {number} lasted less than a minute and hardly anybody was seen: it counts in no report until you "
            f"say so. Void it: attendance session void {number}. It counts: attendance session void {number} --undo",
            err=True,
        )
