"""Taking the roll from a command: begin, watch until the end or Ctrl-C, close."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from attendance_app.bootstrap import LiveSetup, open_desk, open_live, open_reader
from attendance_app.config.settings import Settings
from attendance_app.domain.fusion import Decider

if TYPE_CHECKING:
    from attendance_app.domain.people import Course
    from attendance_app.services.registers import Register
    from attendance_app.services.session.live import LiveSession, LiveSummary
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


def take_roll(store: "Store", order: RollOrder) -> "tuple[Register, LiveSummary]":
    """Run a session to its end and close it. Raises KnownError; a session that can't start leaves no trace."""
    from attendance_app.services.registers import session_register
    from attendance_app.services.session.live import LiveEvents
    from attendance_app.vision.sources import open_source

    with store.recording(), open_source(order.source, realtime=order.realtime) as frames:
        reader = open_reader(order.settings.detector)
        begun = open_desk(store).begin(order.course, order.late_after, resume=order.resume)
        if begun.resumed:
            typer.echo(f"Session {begun.session.id} had been cut off; going on with it.", err=True)
        setup = LiveSetup(order.course, begun, order.settings, order.decider)
        live = open_live(store, reader, frames, setup, events=LiveEvents())
        with _ctrl_c_ends(live):
            summary = live.run(max_seconds=order.max_seconds)
        ended = begun.session.started_at + begun.offset + timedelta(seconds=summary.seconds)
        unknown = begun.session.unknown_people + len(summary.unknown_people)
        store.sessions.close(begun.session.id, ended, unknown)
    return session_register(store, begun.session.id), summary


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
