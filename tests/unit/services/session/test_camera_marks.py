"""From conclusions to marks: times, statuses, what is still written later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MaskState
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.domain.sessions import Evidence, FacePlace, Mark, MarkedBy, Session, Status
from attendance_app.services.session.camera_marks import REFRESH_SECONDS, CameraMarks
from attendance_app.services.session.evidence import NetworkOpinions
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


def test_a_mark_has_all_that_was_concluded():
    opinions = NetworkOpinions(MaskState.WITHOUT_MASK, 9, 0.7)
    place = FacePlace("room.jpg", Box(1, 2, 3, 4))
    conclusion = replace(conclude(DecisionKind.MARK, 7, at=3.0, first=1.5), opinions=opinions, place=place)
    (mark,) = CameraMarks(SESSION).take(frame(4.0, conclusion), at)

    evidence = Evidence(0.99, 3, 0.4, 1, 9, 0.7, MaskState.WITHOUT_MASK, place)
    assert mark == Mark(5, 7, Status.PRESENT, MarkedBy.CAMERA, at(3.0), at(1.5), at(3.0), evidence)


def test_the_newest_doubt_about_a_student_counts():
    marks = CameraMarks(SESSION)
    newest = conclude(DecisionKind.REVIEW, 7, at=5.0)
    for one in (conclude(DecisionKind.REVIEW, 7, at=0.0), conclude(DecisionKind.REVIEW, 8, at=1.0), newest):
        assert list(marks.take(frame(0.0, one), at)) == []

    assert [(one.decision.student_id, one.decision.seconds) for one in marks.doubts] == [(7, 5.0), (8, 1.0)]


def test_an_unknown_person_makes_no_mark_and_no_doubt():
    marks = CameraMarks(SESSION)
    assert list(marks.take(frame(0.0, conclude(DecisionKind.UNKNOWN, None, at=0.0), seen=(7,)), at)) == []
    assert (marks.doubts, list(marks.unwritten())) == ((), [])


def test_a_mark_by_the_teacher_from_before_is_none_of_the_cameras():
    teacher = Mark(5, 7, Status.EXCUSED, MarkedBy.TEACHER, NINE)
    marks = CameraMarks(SESSION, [teacher])
    assert list(marks.take(frame(100.0, conclude(DecisionKind.REVIEW, 7, at=1.0), seen=(7,)), at)) == []
    assert len(marks.doubts) == 1


def test_a_mark_from_before_without_last_seen_counts_from_its_making():
    marks = CameraMarks(SESSION, [Mark(5, 7, Status.PRESENT, MarkedBy.CAMERA, NINE)])
    assert list(marks.unwritten()) == []
    assert list(marks.take(frame(REFRESH_SECONDS - 0.1, seen=(7,)), at)) == []
    (mark,) = marks.take(frame(REFRESH_SECONDS, seen=(7,)), at)
    assert mark.last_seen_at == at(REFRESH_SECONDS)
    assert list(marks.unwritten()) == []


def test_what_was_seen_since_is_written_once_at_the_end():
    marks = CameraMarks(SESSION, [Mark(5, 7, Status.PRESENT, MarkedBy.CAMERA, NINE, NINE, NINE)])
    assert list(marks.take(frame(4.0, seen=(7, 8)), at)) == []
    assert [(one.student_id, one.last_seen_at) for one in marks.unwritten()] == [(7, at(4.0))]
    assert list(marks.unwritten()) == []
