"""From conclusions to marks: times, statuses, what is still written later."""

from datetime import UTC, datetime, timedelta

from attendance_app.domain.masks import MaskState
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.domain.sessions import Mark, MarkedBy, Session, Status
from attendance_app.services.session.camera_marks import REFRESH_SECONDS, CameraMarks
from attendance_app.services.session.frame_result import FrameResult
from tests.rolls import conclude

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SESSION = Session(5, 1, NINE, late_after=timedelta(minutes=10))


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def frame(seconds: float, *conclusions, seen=()) -> FrameResult:
    return FrameResult(0, seconds, (), conclusions, seen)


def test_a_mark_has_the_time_of_the_first_sighting_and_its_evidence():
    found = frame(3.0, conclude(DecisionKind.MARK, 7, at=3.0, first=1.5))
    (mark,) = CameraMarks(SESSION).take(found, at)

    assert (mark.student_id, mark.status) == (7, Status.PRESENT)
    assert (mark.first_seen_at, mark.marked_at) == (NINE + timedelta(seconds=1.5), NINE + timedelta(seconds=3))
    assert mark.evidence is not None
    assert (mark.evidence.probability, mark.evidence.sightings) == (0.99, 3)
    assert mark.evidence.mask is MaskState.WITH_MASK


def test_who_comes_after_the_limit_is_late_and_at_the_limit_is_not():
    marks = CameraMarks(SESSION)
    statuses = [
        mark.status
        for seconds, student in ((600.0, 7), (600.001, 8))
        for mark in marks.take(frame(seconds, conclude(DecisionKind.MARK, student, at=seconds)), at)
    ]

    assert statuses == [Status.PRESENT, Status.LATE]


def test_a_resumed_session_goes_on_with_the_marks_it_has():
    before = Mark(5, 7, Status.PRESENT, MarkedBy.CAMERA, NINE, NINE, NINE)
    marks = CameraMarks(SESSION, [before])
    (mark,) = marks.take(frame(301.0, seen=(7,)), at)

    assert (mark.first_seen_at, mark.last_seen_at) == (NINE, NINE + timedelta(minutes=5, seconds=1))


def test_last_seen_is_refreshed_now_and_then_and_at_the_end():
    marks = CameraMarks(SESSION)
    written = list(marks.take(frame(0.0, conclude(DecisionKind.MARK, 7, at=0.0)), at))
    for second in range(1, 25):
        written += marks.take(frame(float(second), seen=(7,)), at)
    written += marks.unwritten()

    assert [mark.last_seen_at for mark in written] == [
        NINE + timedelta(seconds=second) for second in (0, REFRESH_SECONDS, 2 * REFRESH_SECONDS, 24)
    ]


def test_a_doubt_waits_for_the_teacher_until_the_student_is_marked():
    marks = CameraMarks(SESSION)
    doubts = [conclude(DecisionKind.REVIEW, student, at=0.0) for student in (7, 8)]
    assert list(marks.take(frame(0.0, *doubts), at)) == []
    assert len(list(marks.take(frame(1.0, conclude(DecisionKind.MARK, 8, at=1.0)), at))) == 1

    assert [doubt.decision.student_id for doubt in marks.doubts] == [7]
