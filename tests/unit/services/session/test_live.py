"""From decisions to marks: times, statuses, and the ways in which a session ends."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from attendance_app.domain.faces import Frame
from attendance_app.domain.masks import MaskState
from attendance_app.domain.roll_call import Decision, DecisionKind
from attendance_app.domain.sessions import Mark, MarkedBy, Session, Status
from attendance_app.services.session.evidence import Opinions
from attendance_app.services.session.live import REFRESH_SECONDS, LiveEvents, LiveSession
from attendance_app.services.session.pipeline import FrameResult

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SESSION = Session(5, 1, NINE, late_after=timedelta(minutes=10))
IMAGE = np.zeros((4, 4, 3), np.uint8)


def decide(kind: DecisionKind, student: int | None, at: float, first: float | None = None) -> Decision:
    return Decision(kind, 1, student, 0.99, 3, 0.4, at if first is None else first, at)


@dataclass
class Source:
    """Frames at the given seconds; None in their place: nothing comes for a while."""

    times: list[float | None]
    frames_read: int = 0
    truncated: bool = False
    closed: bool = False

    def read(self, timeout: float | None = None) -> Frame | None:
        if self.closed or not self.times:
            return None
        seconds = self.times.pop(0)
        if seconds is None:
            raise TimeoutError
        self.frames_read += 1
        return Frame(self.frames_read - 1, seconds, IMAGE)

    def close(self) -> None:
        self.closed = True


@dataclass
class Pipeline:
    """Decides and sees what is written down for the second."""

    decisions: dict[float, list[Decision]] = field(default_factory=dict)
    seen: dict[float, tuple[int, ...]] = field(default_factory=dict)

    def process(self, frame: Frame) -> FrameResult:
        decided = tuple(self.decisions.get(frame.seconds, ()))
        return FrameResult(frame.index, frame.seconds, (), decided, self.seen.get(frame.seconds, ()))

    def crop_of(self, track_id: int):
        return IMAGE

    def opinions_of(self, track_id: int) -> Opinions:
        return Opinions(mask=MaskState.WITH_MASK)

    def choice_of(self, track_id: int):
        return None

    def unknown_people(self):
        return []


class Register:
    """Stands in for the store: keeps every mark that was written."""

    def __init__(self) -> None:
        self.written: list[Mark] = []

    def write(self, marks):
        self.written += marks
        return tuple(marks)


def live(source, pipeline, *, offset=timedelta(0), events=None, clock=None):
    register = Register()
    session = LiveSession(
        SESSION,
        source,
        pipeline,
        write=register.write,
        events=events or LiveEvents(),
        offset=offset,
        **({"clock": clock} if clock else {}),
    )
    return session, register


def test_a_mark_has_the_time_of_the_first_sighting_and_its_evidence():
    session, register = live(Source([0.0, 3.0]), Pipeline({3.0: [decide(DecisionKind.MARK, 7, at=3.0, first=1.5)]}))
    session.run()

    (mark,) = register.written
    assert (mark.student_id, mark.status) == (7, Status.PRESENT)
    assert (mark.first_seen_at, mark.marked_at) == (NINE + timedelta(seconds=1.5), NINE + timedelta(seconds=3))
    assert mark.evidence is not None
    assert (mark.evidence.probability, mark.evidence.sightings) == (0.99, 3)
    assert mark.evidence.mask is MaskState.WITH_MASK


def test_who_comes_after_the_limit_is_late():
    session, register = live(Source([601.0]), Pipeline({601.0: [decide(DecisionKind.MARK, 7, at=601.0)]}))
    session.run()

    assert [mark.status for mark in register.written] == [Status.LATE]


def test_a_resumed_session_counts_from_its_own_start():
    session, register = live(
        Source([1.0]), Pipeline({1.0: [decide(DecisionKind.MARK, 7, at=1.0)]}), offset=timedelta(minutes=20)
    )
    session.run()

    (mark,) = register.written
    assert mark.first_seen_at == NINE + timedelta(minutes=20, seconds=1)
    assert mark.status is Status.LATE


def test_a_resumed_session_goes_on_with_the_marks_it_has():
    before = Mark(5, 7, Status.PRESENT, MarkedBy.CAMERA, NINE, NINE, NINE)
    register = Register()
    LiveSession(
        SESSION,
        Source([1.0]),  # type: ignore[arg-type]
        Pipeline(seen={1.0: (7,)}),  # type: ignore[arg-type]
        write=register.write,
        events=LiveEvents(),
        offset=timedelta(minutes=5),
        earlier=[before],
    ).run()

    (mark,) = register.written
    assert (mark.first_seen_at, mark.last_seen_at) == (NINE, NINE + timedelta(minutes=5, seconds=1))


def test_last_seen_is_refreshed_now_and_then_and_at_the_end():
    times = [float(second) for second in range(25)]
    session, register = live(
        Source(list(times)),
        Pipeline({0.0: [decide(DecisionKind.MARK, 7, at=0.0)]}, dict.fromkeys(times, (7,))),
    )
    session.run()

    assert [mark.last_seen_at for mark in register.written] == [
        NINE + timedelta(seconds=second) for second in (0, REFRESH_SECONDS, 2 * REFRESH_SECONDS, 24)
    ]


def test_a_doubtful_match_waits_for_the_teacher_until_the_student_is_marked():
    doubts = {0.0: [decide(DecisionKind.REVIEW, 7, at=0.0), decide(DecisionKind.REVIEW, 8, at=0.0)]}
    session, register = live(Source([0.0, 1.0]), Pipeline({**doubts, 1.0: [decide(DecisionKind.MARK, 8, at=1.0)]}))
    summary = session.run()

    assert [item.student_id for item in summary.to_review] == [7]
    assert summary.to_review[0].crop is IMAGE
    assert [mark.student_id for mark in register.written] == [8]


def test_the_session_ends_after_the_seconds_asked_for():
    session, _ = live(Source([0.0, 1.0, 2.0, 3.0]), Pipeline())

    summary = session.run(max_seconds=1.5)

    assert (summary.frames_processed, summary.seconds) == (2, 1.0)


def test_a_camera_lost_for_good_does_not_keep_the_session_open():
    now = iter(range(100))
    session, _ = live(Source([0.0, *[None] * 50]), Pipeline(), clock=lambda: float(next(now)))

    assert session.run(max_seconds=10.0).frames_processed == 1


def test_a_camera_that_comes_back_goes_on():
    session, register = live(Source([0.0, None, None, 5.0]), Pipeline({5.0: [decide(DecisionKind.MARK, 7, at=5.0)]}))

    assert session.run().frames_processed == 2
    assert len(register.written) == 1


def test_stop_ends_the_run_and_writes_what_was_decided():
    stopping = {}
    events = LiveEvents(frame=lambda frame, result: stopping["session"].stop() if frame.seconds == 1.0 else None)
    source = Source([0.0, 1.0, 2.0])
    session, register = live(source, Pipeline({1.0: [decide(DecisionKind.MARK, 7, at=1.0)]}), events=events)
    stopping["session"] = session

    summary = session.run()

    assert (summary.frames_processed, source.closed) == (2, True)
    assert len(register.written) == 1


def test_a_mark_is_announced_after_it_is_written():
    order = []
    events = LiveEvents(recorded=lambda marks: order.append(("recorded", len(marks))))
    session = LiveSession(
        SESSION,
        Source([0.0]),  # type: ignore[arg-type]
        Pipeline({0.0: [decide(DecisionKind.MARK, 7, at=0.0)]}),  # type: ignore[arg-type]
        write=lambda marks: order.append(("written", len(marks))) or tuple(marks),  # type: ignore[func-returns-value]
        events=events,
        offset=timedelta(0),
    )
    session.run()

    assert order == [("written", 1), ("recorded", 1)]


def test_changes_are_taken_between_frames():
    taken = []
    session, _ = live(Source([0.0, 1.0]), Pipeline())
    session.between_frames(taken.append)
    session.run()

    assert len(taken) == 1
