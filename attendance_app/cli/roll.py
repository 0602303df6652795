"""Taking the roll from a command: begin, watch until the end or Ctrl-C, close."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from attendance_app.bootstrap import open_sideways_watch, roll_tools
from attendance_app.cli.messages import message_of, remedy_of
from attendance_app.cli.output_place import refuse_marks_file

if TYPE_CHECKING:
    from attendance_app.services.registers import Register
    from attendance_app.services.session.live_roll import LiveRoll
    from attendance_app.services.session.regions import RegionCount, RegionWatch
    from attendance_app.services.session.roll_messages import RollEvent, RollOrder, RollSummary
    from attendance_app.services.session.sideways import SidewaysWatch
    from attendance_app.store.database import Store

# Windows has no SIGHUP.
ENDING_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def take_roll(store: "Store", order: "RollOrder") -> "tuple[Register, RollSummary, tuple[RegionCount, ...]]":
    """Run a session to its end and close it; return also where in the picture faces were named.

    Raises KnownError; a session that can't start leaves no trace. Raises MarksInFile or MarksInNoFile when the register
    could not take all marks by the end.
    """
    from attendance_app.services.errors import SessionNotBegun
    from attendance_app.services.registers import session_register
    from attendance_app.services.session.live_roll import LiveRoll
    from attendance_app.services.session.regions import RegionWatch

    refuse_marks_file(order.rescue)
    sideways, regions = open_sideways_watch(), RegionWatch()
    sources = SourceTrouble()

    def listen(event: "RollEvent") -> None:
        _listen(event, sideways, regions)
        sources.listen(event)

    roll = LiveRoll(order, roll_tools(store), listen)
    with ending_by_signals(roll):
        session = roll.run()
    if (
        roll.summary is not None
        and roll.summary.frames_processed
        and not (sideways.recognised or sideways.upright or sideways.degrees)
    ):
        typer.echo(
            "Nobody was recognised. If the pictures lie on their side or stand on their head, turn them: --turn 90, "
            "--turn 270 or --turn 180.",
            err=True,
        )
    if session is None or roll.summary is None:
        raise SessionNotBegun(course=order.course.code)
    return session_register(store, session.id), roll.summary, regions.counts


def _listen(event: "RollEvent", sideways: "SidewaysWatch", regions: "RegionWatch") -> None:
    from attendance_app.services.session.roll_messages import FrameSeen

    if not isinstance(event, FrameSeen):
        report_trouble(event)
        return
    if event.source:  # hint and regions name no source: they are about the first
        return
    regions.take(event.frame, event.result)
    degrees = sideways.look(event.frame, event.result)
    if degrees is not None:
        typer.echo(
            f"The pictures seem to {'stand on their head' if degrees == 180 else 'lie on their side'}, so that nobody "
            f"is recognised: try again with --turn {degrees}.",
            err=True,
        )


class SourceTrouble:
    """Says which of several sources is lost, and when it is back."""

    def __init__(self) -> None:
        self._lost: set[int] = set()

    def listen(self, event: "RollEvent") -> None:
        from attendance_app.services.session.roll_messages import SourcesChanged

        # Of a single one ``report_trouble`` tells.
        if not isinstance(event, SourcesChanged) or all(one.error or one.opening for one in event.sources):
            return
        for one in event.sources:
            if one.error is not None and one.number not in self._lost:
                self._lost.add(one.number)
                typer.echo(f"{message_of(one.error)} {remedy_of(one.error)} The others go on.", err=True)
            elif one.error is None and not one.opening and one.number in self._lost:
                self._lost.remove(one.number)
                typer.echo(f"{one.name} is back.", err=True)


def report_trouble(event: "RollEvent") -> None:
    """Say at once what the user should know of; on whatever thread it happened."""
    from attendance_app.services.session.roll_messages import (
        MarksDelayed,
        PictureKnown,
        RollState,
        SessionBegan,
        StateChanged,
        UnknownCard,
    )

    match event:
        case SessionBegan(started=started) if started.resumed:
            typer.echo(f"Session {started.session.id} had been cut off; going on with it.", err=True)
        case MarksDelayed(error=None):
            typer.echo("Marks are being saved again.", err=True)
        case MarksDelayed(error=error) if error is not None:
            typer.echo(
                f"Marks can't be saved at the moment. {message_of(error)}\n{remedy_of(error)} "
                "Marks wait in memory and are saved as soon as that is possible.",
                err=True,
            )
        case PictureKnown(name=name, picture=picture):
            typer.echo(
                f"{name}: {picture.width} x {picture.height} pixels, {picture.rate:.0f} pictures a second.", err=True
            )
        case UnknownCard():
            typer.echo("A card of another course, or one that was replaced, was shown. It marks nobody.", err=True)
        case StateChanged(state=RollState.SOURCE_LOST, error=error) if error is not None:
            typer.echo(f"{message_of(error)} {remedy_of(error)}", err=True)


@contextmanager
def ending_by_signals(roll: "LiveRoll") -> Iterator[None]:
    """Make Ctrl-C and the system's requests to stop end the session properly; a second one breaks off.

    A session that was broken off can be resumed.
    """
    before = {each: signal.getsignal(each) for each in ENDING_SIGNALS}

    def end(number: int, _frame: object) -> None:
        # The next one of its kind acts as before: it breaks off.
        signal.signal(number, before[number])
        roll.end()

    for each in ENDING_SIGNALS:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
