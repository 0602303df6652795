"""Taking the roll from a command: begin, watch until the end or Ctrl-C, close."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from attendance_app.bootstrap import LiveSetup, open_desk, open_live, open_reader
from attendance_app.config.settings import Settings
from attendance_app.domain.errors import KnownError, StoreError
from attendance_app.domain.fusion import Decider
from attendance_app.services.errors import MarksFileThere, MarksInFile, MarksInNoFile

if TYPE_CHECKING:
    from attendance_app.domain.people import Course
    from attendance_app.services.registers import Register
    from attendance_app.services.session.live import LiveEvents, LiveSession, LiveSummary
    from attendance_app.services.session.rescue import Unwritten
    from attendance_app.store.database import Store


@dataclass(frozen=True, slots=True)
class RollOrder:
    """Whose roll to take, from which source (as ``open_source`` names it), and how."""

    course: "Course"
    source: str
    late_after: timedelta
    settings: Settings
    realtime: bool = False
    max_seconds: float | None = None
    resume: bool = True
    decider: Decider = Decider.ENCODINGS
    rescue: Path | None = None
    """The file for marks that can't be written to the register."""


def take_roll(store: "Store", order: RollOrder) -> "tuple[Register, LiveSummary]":
    """Run a session to its end and close it.

    Raises KnownError; a session that can't start leaves no trace. Raises MarksInFile or MarksInNoFile
    when the register could not take all marks by the end.
    """
    from attendance_app.services.registers import session_register
    from attendance_app.services.session.rescue import Unwritten
    from attendance_app.vision.sources import open_source

    if order.rescue is not None and order.rescue.exists():
        raise MarksFileThere(path=order.rescue)
    with store.recording(), open_source(order.source, realtime=order.realtime) as frames:
        reader = open_reader(order.settings.detector)
        begun = open_desk(store).begin(order.course, order.late_after, resume=order.resume)
        session, ended, unknown = begun.session, None, begun.session.unknown_people
        if begun.resumed:
            typer.echo(f"Session {session.id} had been cut off; going on with it.", err=True)
        numbers = {student.id: student.number for student in store.students.all(archived=None)}
        setup = LiveSetup(order.course, begun, order.settings, order.decider)
        live = open_live(store, reader, frames, setup, events=_events())
        try:
            with _ctrl_c_ends(live):
                summary = live.watch(max_seconds=order.max_seconds)
            ended = session.started_at + begun.offset + timedelta(seconds=summary.seconds)
            unknown += len(summary.unknown_people)
        finally:
            try:
                live.close()
                if ended is not None:
                    store.sessions.close(session.id, ended, unknown)
            except StoreError as error:
                left = Unwritten(order.course, session, live.unwritten, numbers, ended, unknown)
                raise _put_aside(left, order.rescue, error) from error
    return session_register(store, session.id), summary


def _events() -> "LiveEvents":
    """Say at once when marks can't be written, and when they can again."""
    from attendance_app.services.session.live import LiveEvents

    waiting = threading.Event()

    def unwritten(error: StoreError) -> None:
        from attendance_app.cli.messages import message_of, remedy_of

        if not waiting.is_set():
            waiting.set()
            typer.echo(
                f"Marks can't be saved at the moment. {message_of(error)}\n{remedy_of(error)} "
                "Marks wait in memory and are saved as soon as that is possible.",
                err=True,
            )

    def recorded(_marks: object) -> None:
        if waiting.is_set():
            waiting.clear()
            typer.echo("Marks are being saved again.", err=True)

    return LiveEvents(unwritten=unwritten, recorded=recorded)


def _put_aside(left: "Unwritten", path: Path | None, error: StoreError) -> KnownError:
    """Write to a file what the register could not take; without room for a file, put it into the error."""
    from attendance_app.services.session.rescue import save, text_of

    file, session, students = save(left, path), left.session.id, len({mark.student_id for mark in left.marks})
    if file is not None:
        return MarksInFile(session=session, students=students, reason=error, file=file)
    return MarksInNoFile(session=session, students=students, reason=error, text=text_of(left))


@contextmanager
def _ctrl_c_ends(live: "LiveSession") -> Iterator[None]:
    """Make Ctrl-C end the session properly; a second Ctrl-C breaks off, and the session can be resumed."""
    before = signal.getsignal(signal.SIGINT)

    def end(_signal: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        live.stop()

    signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
