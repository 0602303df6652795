"""A session in progress: frames from a source through the pipeline into the register."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from attendance_app.domain.errors import KnownError, StoreError
from attendance_app.domain.faces import Frame, Image
from attendance_app.domain.roll_call import Decision, DecisionKind
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Session, arrival_status
from attendance_app.services.session.doubts import Choice
from attendance_app.services.session.pipeline import FrameResult, Pipeline, UnknownPerson
from attendance_app.services.session.recorder import ByHand, Recorder, WriteMarks
from attendance_app.vision.source_protocol import Source

_log = logging.getLogger(__name__)

REFRESH_SECONDS = 10.0
"""How often "last seen" of a student who is still there is written."""

UNKNOWN_SECONDS = 2.0
"""How often a better look at an unknown person is told of."""

WAIT_SECONDS = 0.5
"""How long a source without frames is waited for before looking up again."""

Command: TypeAlias = Callable[[Pipeline], None]


@dataclass(frozen=True, slots=True)
class LiveEvents:
    """Whom a session tells; called on the session's thread, ``recorded`` on the recorder's. Hand on, don't work."""

    frame: Callable[[Frame, FrameResult], None] = lambda _frame, _result: None
    recorded: Callable[[Sequence[Mark]], None] = lambda _marks: None
    unwritten: Callable[[StoreError], bool | None] = lambda _error: None
    """Marks can't be written at the moment; True: try on even when the session has ended."""
    noticed: Callable[["ReviewItem"], None] = lambda _item: None
    """A match that was decided (MARK) or that the teacher should settle (REVIEW), with the picture it rests on."""
    unknown: Callable[[Sequence[UnknownPerson]], None] = lambda _people: None
    """All unknown people so far, whenever that has changed."""


@dataclass(frozen=True, slots=True, eq=False)
class ReviewItem:
    """Somebody seen whom the teacher may look at; ``crop`` is RGB, held in memory only.

    ``choice``: the two students between whom a doubt is, None where it is about one.
    """

    kind: DecisionKind
    student_id: int | None
    probability: float
    seconds: float
    crop: Image | None
    track_id: int = -1
    choice: Choice | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LiveSummary:
    """What a run of a session has done; times in seconds of the source."""

    frames_read: int
    frames_processed: int
    seconds: float
    unknown_people: tuple[Image | None, ...]
    to_review: tuple[ReviewItem, ...]
    truncated: bool


class LiveSession:
    """Runs one session from a source until it ends or is stopped.

    ``run``, or ``watch`` and then ``close``, works on the calling thread; ``stop``, ``between_frames`` and ``by_hand``
    may be called from any other. Frame time 0 lies ``offset`` after the start of the session (more than nothing when
    it is resumed; ``earlier`` are the marks that it has then). ``count_unknown`` notes how many unknown people the
    session has had so far, those before it was cut off included. ``clock`` counts seconds monotonically.
    """

    def __init__(
        self,
        session: Session,
        source: Source,
        pipeline: Pipeline,
        *,
        write: WriteMarks,
        events: LiveEvents,
        offset: timedelta,
        earlier: Sequence[Mark] = (),
        count_unknown: Callable[[int], None] = lambda _people: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._session = session
        self._source = source
        self._pipeline = pipeline
        self._events = events
        self._recorder = Recorder(write, on_recorded=events.recorded, on_error=events.unwritten)
        self._stopped = threading.Event()
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._origin = session.started_at + offset
        self._marks = {mark.student_id: mark for mark in earlier if mark.marked_by is MarkedBy.CAMERA}
        self._written = {student: mark.last_seen_at or mark.marked_at for student, mark in self._marks.items()}
        self._review: dict[int, ReviewItem] = {}
        self._count_unknown = count_unknown
        self._any_unknown = False
        self._unknown: Sequence[UnknownPerson] = ()
        self._next_unknown = float("-inf")

    def stop(self) -> None:
        """End the run after the frame in work; what is decided is still written."""
        self._stopped.set()
        self._source.close()

    def between_frames(self, command: Command) -> None:
        """Have the pipeline changed (another gallery, other settings) between two frames."""
        self._commands.put(command)

    def by_hand(self, commit: ByHand) -> bool:
        """Have what the teacher did to marks written in its turn (see ``Recorder.by_hand``)."""
        return self._recorder.by_hand(commit)

    def run(self, *, max_seconds: float | None = None) -> LiveSummary:
        """``watch`` and ``close``: a session that nobody works on after its camera has ended.

        Raises StoreError when marks could not be written to the end.
        """
        try:
            return self.watch(max_seconds=max_seconds)
        finally:
            self.close()

    def watch(self, *, max_seconds: float | None = None) -> LiveSummary:
        """Process frames to the end of the source, ``stop`` or ``max_seconds`` of source time."""
        processed, seconds, waited_from = 0, 0.0, self._clock()
        try:
            while not self._stopped.is_set():
                self._obey()
                try:
                    frame = self._source.read(timeout=WAIT_SECONDS)
                except TimeoutError:  # a lost camera: the session goes on, and ends when its time is up
                    if max_seconds is not None and seconds + self._clock() - waited_from > max_seconds:
                        break
                    continue
                if frame is None or (max_seconds is not None and frame.seconds > max_seconds):
                    break
                self._take(frame)
                processed, seconds, waited_from = processed + 1, frame.seconds, self._clock()
        finally:
            self._submit_last_seen()
        self._obey()  # what was asked for after the last frame counts as well
        return LiveSummary(
            frames_read=self._source.frames_read,
            frames_processed=processed,
            seconds=seconds,
            unknown_people=tuple(person.crop for person in self._pipeline.unknown_people()),
            to_review=tuple(item for student, item in self._review.items() if student not in self._marks),
            truncated=self._source.truncated,
        )

    def close(self) -> None:
        """Wait until all marks are written. Raises StoreError when some could not be; ``unwritten`` has them."""
        self._recorder.close()

    @property
    def unwritten(self) -> tuple[Mark, ...]:
        """The marks that ``close`` could not write."""
        return self._recorder.unwritten

    def _obey(self) -> None:
        while not self._commands.empty():
            self._commands.get()(self._pipeline)

    def _take(self, frame: Frame) -> None:
        result = self._pipeline.process(frame)
        for decision in result.decisions:
            self._follow(decision)
        self._tell_unknown(result)
        now = self._at(frame.seconds)
        for student_id in result.seen:
            self._saw(student_id, now)
        self._events.frame(frame, result)

    def _tell_unknown(self, result: FrameResult) -> None:
        """Tell when somebody has become unknown or was proved a student, and now and then of a better look at them."""
        kinds = {decision.kind for decision in result.decisions}
        self._any_unknown |= DecisionKind.UNKNOWN in kinds
        decided = bool(kinds & {DecisionKind.UNKNOWN, DecisionKind.MARK})
        if not self._any_unknown or not (decided or result.seconds >= self._next_unknown):
            return
        self._next_unknown = result.seconds + UNKNOWN_SECONDS
        people = self._pipeline.unknown_people()
        if people != self._unknown:
            if len(people) != len(self._unknown):
                self._note_unknown(len(people))
            self._unknown = people
            self._events.unknown(people)

    def _note_unknown(self, people: int) -> None:
        """Note the count at once, since the session may be cut off; its end writes it again."""
        try:
            self._count_unknown(self._session.unknown_people + people)
        except KnownError as error:
            _log.warning("the number of unknown people could not be noted: %s", error)

    def _follow(self, decision: Decision) -> None:
        student_id = decision.student_id
        if student_id is None:
            return
        if decision.kind is DecisionKind.MARK:
            first = self._at(decision.first_seconds)
            mark = Mark(
                session_id=self._session.id,
                student_id=student_id,
                status=arrival_status(self._session, first),
                marked_by=MarkedBy.CAMERA,
                marked_at=self._at(decision.seconds),
                first_seen_at=first,
                last_seen_at=self._at(decision.seconds),
                evidence=self._evidence(decision),
            )
            self._marks[student_id] = mark
            self._submit(mark)
            self._events.noticed(self._item(decision, student_id))
        elif decision.kind is DecisionKind.REVIEW:
            self._review[student_id] = self._item(decision, student_id)
            self._events.noticed(self._review[student_id])

    def _item(self, decision: Decision, student_id: int) -> ReviewItem:
        crop = self._pipeline.crop_of(decision.track_id)
        return ReviewItem(
            decision.kind,
            student_id,
            decision.probability,
            decision.seconds,
            crop,
            track_id=decision.track_id,
            choice=self._pipeline.choice_of(decision.track_id),
        )

    def _evidence(self, decision: Decision) -> Evidence:
        opinions = self._pipeline.opinions_of(decision.track_id)
        return Evidence(
            probability=decision.probability,
            sightings=decision.sightings,
            best_distance=decision.best_distance,
            track_id=decision.track_id,
            cnn_student_id=opinions.cnn_student_id,
            cnn_probability=opinions.cnn_probability,
            mask=opinions.mask,
        )

    def _saw(self, student_id: int, now: datetime) -> None:
        mark = self._marks.get(student_id)
        if mark is None:
            return
        self._marks[student_id] = mark = replace(mark, last_seen_at=now)
        if now - self._written[student_id] >= timedelta(seconds=REFRESH_SECONDS):
            self._submit(mark)

    def _submit(self, mark: Mark) -> None:
        self._written[mark.student_id] = mark.last_seen_at or mark.marked_at
        self._recorder.submit(mark)

    def _submit_last_seen(self) -> None:
        for mark in self._marks.values():
            if mark.last_seen_at is not None and mark.last_seen_at > self._written[mark.student_id]:
                self._submit(mark)

    def _at(self, seconds: float) -> datetime:
        return self._origin + timedelta(seconds=seconds)
