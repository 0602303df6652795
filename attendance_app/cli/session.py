"""``attendance session``: run a session from a camera or video, list, show and export sessions."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from attendance_app.bootstrap import open_data, open_lifecycle, utc_now
from attendance_app.cli.camera_password import with_asked_password
from attendance_app.cli.context import cli_context
from attendance_app.cli.corrections import import_corrections
from attendance_app.cli.due_lesson import FromStart, lesson_of_roll
from attendance_app.cli.moodle import moodle
from attendance_app.cli.network_options import NetworkOptions
from attendance_app.cli.numbers import SECONDS_A_WEEK, LateAfter, SessionId, Turn, finite
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.output_place import Force, file_place
from attendance_app.cli.past_attendance import import_past
from attendance_app.cli.photo_roll import from_photos
from attendance_app.cli.region_output import print_regions, regions_document
from attendance_app.cli.register_output import print_register, register_document, run_document
from attendance_app.cli.roll import take_roll
from attendance_app.cli.session_edits import add, delete, hint_at_accidental, history, merge, move, split
from attendance_app.cli.settings import used_settings
from attendance_app.cli.sheet_output import Language, Machine, Separator, write_for_people
from attendance_app.cli.times import machine_time, shown_time
from attendance_app.cli.typed_sheet import type_sheet
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.domain.sessions import Status

app = typer.Typer(help="Sessions: take the roll, look at the register, export it.", no_args_is_help=True)


@app.command()
def run(
    context: typer.Context,
    course: Annotated[str, typer.Option(help="The course's code.")],
    source: Annotated[
        list[str],
        typer.Option(
            help="Camera index, webcam:NAME, video file, folder of pictures, rtsp:// or http:// address. Several at "
            "the same time: one --source each."
        ),
    ],
    photo: Annotated[
        list[Path] | None,
        typer.Option(help="A photograph of what the camera doesn't see; several with one --photo each."),
    ] = None,
    late_after: LateAfter = None,
    late_from_start: FromStart = False,
    max_seconds: Annotated[
        float | None,
        typer.Option(min=0, max=SECONDS_A_WEEK, callback=finite, help="End the session after that many seconds."),
    ] = None,
    realtime: Annotated[bool, typer.Option(help="Play a video at its own pace, as a camera would.")] = False,
    turn: Turn = "0",
    classifier: Annotated[
        ClassifierChoice,
        typer.Option(help="Who names the students: dlib's encodings, the course's own network, or both."),
    ] = ClassifierChoice.ENCODINGS,
    network: NetworkOptions = None,
    resume: Annotated[
        bool, typer.Option(help="Go on with a session that was cut off; unknown people of both parts are added up.")
    ] = True,
    rescue: Annotated[
        Path | None,
        typer.Option(help="File for marks that can't be saved, as on a full disk; by default a temporary folder's."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take the roll: watch the source, mark who is seen, and close the register at its end (or at Ctrl-C).

    Several sources have one register: each student is marked once, and an unknown person counted once.

    Exit status 3: the register could not take all marks. They are in the file that is named then; see
    `attendance session recover`.
    """
    from attendance_app.services.session.roll_messages import RollOrder
    from attendance_app.vision.photographs import PhotoSet, photo_set

    # A camera can't be read twice.
    sources = [with_asked_password(one) for one in dict.fromkeys(source)]
    also: tuple[str | PhotoSet, ...] = (*sources[1:], photo_set(photo)) if photo else tuple(sources[1:])
    home = cli_context(context).data_folder
    settings = used_settings(home)
    minutes = settings.late_after_minutes if late_after is None else late_after
    with open_data(home) as store:
        chosen = store.courses.by_code(course)
        order = RollOrder(
            chosen,
            sources[0],
            timedelta(minutes=minutes),
            settings,
            realtime=realtime,
            max_seconds=max_seconds,
            resume=resume,
            classifier=classifier,
            ends_with_source=True,
            rescue=rescue,
            turn=int(turn),
            networks=tuple(network or ()),
            also=also,
            lesson=lesson_of_roll(store, chosen, utc_now(), from_start=late_from_start),
        )
        register, summary, regions = take_roll(store, order)
    if summary.truncated:
        typer.echo("The source ended before it should have; what it showed up to there is recorded.", err=True)
    if as_json:
        print_json({**run_document(register, summary), "regions": regions_document(regions)})
    else:
        print_register(register)
        print_regions(regions)
    hint_at_accidental(register)


app.command("from-photos")(from_photos)
app.command("import")(import_past)
for edit in (add, move, delete, split, merge, history):
    app.command()(edit)
app.command("corrections")(import_corrections)
app.command("moodle")(moodle)
app.command("type")(type_sheet)


@app.command("open")
def open_session(
    context: typer.Context,
    course: Annotated[str, typer.Option(help="The course's code.")],
    late_after: LateAfter = None,
    late_from_start: FromStart = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Begin a session without a camera: mark by hand with `session mark`, then end it with `session close`."""
    home = cli_context(context).data_folder
    minutes = used_settings(home).late_after_minutes if late_after is None else late_after
    now = utc_now()
    # ``recording`` refuses while another window or command records a session.
    with open_data(home) as store, store.recording():
        chosen = store.courses.by_code(course)
        lesson = lesson_of_roll(store, chosen, now, from_start=late_from_start)
        with store.write() as tx:
            opened = tx.sessions.open(
                chosen.id,
                now,
                timedelta(minutes=minutes),
                lesson_at=None if lesson is None else lesson.starts_at,
                topic="" if lesson is None else lesson.topic,
            )
    if as_json:
        print_json({"session_id": opened.id, "course": course, "started": machine_time(opened.started_at)})
    else:
        typer.echo(f"Session {opened.id} has begun. Mark: attendance session mark {opened.id} STUDENT STATUS")


@app.command()
def recover(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file that was named when the session ended.")],
) -> None:
    """Take in marks that could not be saved when their session ended, and close that session."""
    from attendance_app.services.session.rescue import recover as take_in

    with open_data(cli_context(context).data_folder) as store:
        recovered = take_in(store, file)
    students = len({mark.student_id for mark in recovered.marks})
    typer.echo(f"Session {recovered.session.id}: marks of {students} students are in the register.")
    if recovered.missing:
        typer.echo(f"No longer students of this register: {', '.join(sorted(set(recovered.missing)))}.", err=True)


@app.command("list")
def list_sessions(
    context: typer.Context,
    course: Annotated[str | None, typer.Option(help="Only this course's sessions.")] = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="Those that were deleted.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List the sessions, newest first."""
    from attendance_app.services.session.accidental import accidental_sessions

    with open_data(cli_context(context).data_folder) as store:
        chosen = None if course is None else store.courses.by_code(course)
        codes = {entry.id: entry.code for entry in store.courses.all(archived=None)}
        sessions = store.sessions.all(None if chosen is None else chosen.id, deleted=deleted)
        short = accidental_sessions(store, sessions)
    rows: list[dict[str, Json]] = [
        {
            "session_id": session.id,
            "course": codes[session.course_id],
            "started": machine_time(session.started_at),
            "ended": machine_time(session.ended_at) if session.ended_at else None,
            "unknown_people": session.unknown_people,
            "topic": session.topic,
            "void": session.voided_at is not None,
            "begun_by_mistake": session.id in short,
        }
        for session in sessions
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(
            ["session", "course", "started", "ended", "unknown", "topic", ""],
            [
                [
                    one.id,
                    codes[one.course_id],
                    shown_time(one.started_at),
                    shown_time(one.ended_at),
                    one.unknown_people,
                    one.topic,
                    "void" if one.voided_at else "begun by mistake?" if one.id in short else "",
                ]
                for one in sessions
            ],
        )


@app.command()
def show(
    context: typer.Context,
    session_id: SessionId,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show one session's register."""
    from attendance_app.services.registers import session_register

    with open_data(cli_context(context).data_folder) as store:
        register = session_register(store, session_id)
    if as_json:
        print_json(register_document(register))
    else:
        print_register(register)


@app.command()
def export(
    context: typer.Context,
    session_id: SessionId,
    out: Annotated[Path, typer.Option(help="The file to write; its ending says which kind.")],
    as_format: Annotated[
        Literal["csv", "xlsx", "pdf", "json"] | None,
        typer.Option("--format", help="Kind of file, for a name without an ending; by default csv."),
    ] = None,
    machine: Machine = False,
    language: Language = None,
    separator: Separator = "comma",
    force: Force = False,
) -> None:
    """Write one session's register to a file: for people, or with --machine (and as JSON) for programs."""
    from attendance_app.services.audit import note_export
    from attendance_app.services.exports import SESSION_FORMATS, export_session
    from attendance_app.services.registers import session_register
    from attendance_app.services.sheets.files import FORMATS
    from attendance_app.services.sheets.registers import register_sheet

    data_folder = cli_context(context).data_folder
    with open_data(data_folder) as store:
        place = file_place(out, SESSION_FORMATS if machine else (*FORMATS, "json"), wanted=as_format, force=force)
        register = session_register(store, session_id)
        if machine or place.format == "json":
            export_session(register, place)
        else:
            write_for_people(
                lambda words: register_sheet(register, words),
                place,
                language=language,
                separator=separator,
                data_folder=data_folder,
            )
        note_export(store, out)
    typer.echo(str(out))


@app.command()
def mark(
    context: typer.Context,
    session_id: SessionId,
    student: Annotated[str, typer.Argument(help="The student's number.")],
    status: Annotated[Status, typer.Argument(help="The status to set.")],
    remark: Annotated[str | None, typer.Option(help="A remark to keep with the mark.")] = None,
    arrived: Annotated[
        str | None, typer.Option(help="When the student came, as 8:17; in an open session by default now, for late.")
    ] = None,
) -> None:
    """Correct a mark by hand; no camera overrules it."""
    from attendance_app.services.session.arrival import read_arrival
    from attendance_app.services.session.marks_by_hand import set_status

    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        chosen = tx.students.by_number(student)
        came = None if arrived is None else read_arrival(arrived, tx.sessions.get(session_id))
        set_status(tx, session_id, [chosen.id], status, at=utc_now(), remark=remark, arrived_at=came)
    typer.echo(f"{chosen.number} {chosen.name}: {status.value}.")


@app.command()
def topic(
    context: typer.Context,
    session_id: SessionId,
    text: Annotated[str, typer.Argument(help='What the lesson was about; "" for nothing.')],
) -> None:
    """Write down what a lesson was about."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        named = tx.sessions.name(session_id, text, utc_now())
    typer.echo(f"Session {session_id}: {named.topic or 'no topic'}.")


@app.command()
def void(
    context: typer.Context,
    session_id: SessionId,
    reason: Annotated[str, typer.Option(help="Why it does not count.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Let it count again.")] = False,
) -> None:
    """Let a session count nowhere: not in reports, shares and course exports. Its marks stay."""
    with open_data(cli_context(context).data_folder) as store, store.write() as tx:
        now = utc_now()
        session = tx.sessions.void(session_id, None if undo else now, reason, at=now)
        if undo:
            # A short session that counts by decision is no longer taken for one begun by mistake.
            session = tx.sessions.confirm(session_id, now, at=now)
    typer.echo(f"Session {session_id} {'counts' if session.counts else 'is void'}.")


@app.command()
def close(
    context: typer.Context,
    session_id: SessionId,
) -> None:
    """Close a session taken by hand or cut off, at its last mark: who has no mark is absent."""
    with open_data(cli_context(context).data_folder) as store, store.recording():
        open_lifecycle(store).close_cut_off(store.sessions.get(session_id))
    typer.echo(f"Session {session_id} is closed.")
