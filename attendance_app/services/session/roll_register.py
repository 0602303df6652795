"""Writes a roll's marks to the register, and closes the session."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from attendance_app.domain.errors import KnownError, StoreError
from attendance_app.domain.roll_sources import KnownSource
from attendance_app.domain.sessions import Mark, Session
from attendance_app.services.session.camera_marks import CameraMarks
from attendance_app.services.session.card_watch import CardMarks
from attendance_app.services.session.frame_result import FrameResult
from attendance_app.services.session.lifecycle import StartedSession
from attendance_app.services.session.manual_write import ManualWrite
from attendance_app.services.session.recorder import Recorder
from attendance_app.services.session.rescue import UnsavedMarks, save_unwritten
from attendance_app.services.session.roll_messages import MarksDelayed, MarksRecorded, RollEvent, RollOrder
from attendance_app.services.session.roll_tools import RollTools

_log = logging.getLogger(__name__)


class RollRegister:
    """The camera's marks and the recorder of one open session."""

    def __init__(
        self,
        order: RollOrder,
        tools: RollTools,
        started: StartedSession,
        *,
        earlier: tuple[Mark, ...],
        listen: Callable[[RollEvent], object],
    ) -> None:
        self._order = order
        self._store = tools.store
        self._listen = listen
        self.started = started
        self.camera = CameraMarks(started.session, earlier)
        self.cards = CardMarks(started.session, lambda: tools.store.cards.of_course(order.course.id))
        self.patient = order.patient
        self._waiting = False
        # Read at the start: a register that can't take marks at the end may not be readable either.
        self._numbers = {student.id: student.number for student in tools.store.students.all(archived=None)}
        self._recorder = Recorder(self._write, on_recorded=self._on_recorded, on_error=self._on_error)

    def take(self, result: FrameResult, at: Callable[[float], datetime]) -> None:
        """Queue the marks that follow from a frame."""
        for mark in self.camera.take(result, at):
            self._recorder.submit(mark)

    def take_card(self, token: str, at: datetime) -> Mark | None:
        """Queue the mark that a card makes and return it; None: none is needed."""
        mark = self.cards.take(token, at)
        if mark is not None:
            self._recorder.submit(mark)
        return mark

    def by_hand(self, step: ManualWrite) -> bool:
        """See ``Recorder.by_hand``."""
        return self._recorder.by_hand(step)

    def note_unknown(self, people: int) -> None:
        """Store the number of unknown people at once, because the session may be cut off."""
        session = self.started.session
        try:
            with self._store.write() as tx:
                tx.sessions.count_unknown(session.id, session.unknown_people + people)
        # Only logged: the number is stored again when the session closes, and a failure here must not end the roll.
        except KnownError as error:
            _log.warning("the number of unknown people could not be noted: %s", error)

    def note_source(self, source: KnownSource) -> None:
        """Store what the roll is taken from."""
        try:
            with self._store.write() as tx:
                tx.sessions.note_source(self.started.session.id, source)
        # As above: a report that lacks a camera's name is no reason to end the roll.
        except KnownError as error:
            _log.warning("the source could not be noted: %s", error)

    def close(self, *, ended_at: datetime | None, unknown_people: int) -> Session | None:
        """Write everything queued and close the session; ``ended_at`` None leaves it open.

        Raises MarksInFile or MarksInNoFile when the register could not take everything.
        """
        session = self.started.session
        unknown = session.unknown_people + unknown_people
        # Before the recorder closes: afterwards nothing can be queued.
        for mark in self.camera.unwritten():
            self._recorder.submit(mark)
        try:
            # Before the session closes: closing marks everybody absent who has no mark yet.
            self._recorder.close()
            if ended_at is not None:
                with self._store.write() as tx:
                    return tx.sessions.close(session.id, ended_at, unknown)
        except StoreError as error:
            left = UnsavedMarks(
                course=self._order.course,
                session=session,
                marks=self._recorder.unwritten,
                numbers=self._known_numbers(),
                ended_at=ended_at,
                unknown_people=unknown,
            )
            raise save_unwritten(left, self._order.rescue, error) from error
        self.note_unknown(unknown_people)
        return None

    def _known_numbers(self) -> dict[int, str]:
        """Return the students' numbers by id. Students who joined during the session are read now, if the register
        can still be read."""
        try:
            now = {student.id: student.number for student in self._store.students.all(archived=None)}
        except KnownError:
            now = {}
        return self._numbers | now

    def _write(self, marks: Sequence[Mark]) -> tuple[Mark, ...]:
        with self._store.write() as tx:
            return tx.marks.record(marks)

    def _on_recorded(self, marks: Sequence[Mark]) -> None:
        # Reported once per delay, not for each of the many marks and attempts.
        if self._waiting:
            self._waiting = False
            self._listen(MarksDelayed(None))
        self._listen(MarksRecorded(tuple(marks)))

    def _on_error(self, error: StoreError) -> bool:
        if not self._waiting:
            self._waiting = True
            self._listen(MarksDelayed(error))
        return self.patient
