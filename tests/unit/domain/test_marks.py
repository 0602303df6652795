"""Marks of camera and teacher are merged; a mark by hand is undone without losing what the camera has seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance_app.domain.marks import MarkSetting, merge_marks, setting_of, undone_mark
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Session, Status

EIGHT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SESSION = Session(1, 1, EIGHT, 10 * MINUTE)
SEEN = Evidence(0.97, 5, 0.31, 4)

authors = st.sampled_from([MarkedBy.CAMERA, MarkedBy.TEACHER, MarkedBy.CLOSE])


@given(st.lists(st.tuples(authors, st.sampled_from(Status), st.integers(0, 100)), min_size=1, max_size=8))
def test_whatever_order_marks_come_in_the_last_word_of_the_teacher_stands(arrivals):
    stands = None
    for author, status, minute in arrivals:
        at = EIGHT + minute * MINUTE
        when = at if author is MarkedBy.CAMERA else None
        stands = merge_marks(stands, Mark(1, 1, status, author, at, when, when))
    by_teacher = [a for a in arrivals if a[0] is MarkedBy.TEACHER]
    by_camera = [a for a in arrivals if a[0] is MarkedBy.CAMERA]
    # Of the camera's marks the earliest, also where it comes from a file after the others.
    earliest = min(by_camera, key=lambda arrival: arrival[2], default=arrivals[0])
    expected = by_teacher[-1] if by_teacher else earliest
    assert (stands.marked_by, stands.status) == expected[:2]
    if by_camera:
        assert stands.first_seen_at == EIGHT + min(a[2] for a in by_camera) * MINUTE
        assert stands.last_seen_at == EIGHT + max(a[2] for a in by_camera) * MINUTE


def by_hand(status: Status = Status.EXCUSED, seen_minute: int | None = None) -> Mark:
    """A mark by the teacher, of somebody whom the camera has perhaps seen from that minute on."""
    seen = None if seen_minute is None else EIGHT + seen_minute * MINUTE
    evidence = None if seen is None else SEEN
    last = None if seen is None else seen + 5 * MINUTE
    return Mark(1, 1, status, MarkedBy.TEACHER, EIGHT, seen, last, evidence, "doctor")


def test_of_a_card_and_a_face_the_first_stands_and_the_teacher_over_both():
    card = Mark(1, 1, Status.PRESENT, MarkedBy.CARD, EIGHT, EIGHT, EIGHT)
    later = EIGHT + 20 * MINUTE
    face = Mark(1, 1, Status.LATE, MarkedBy.CAMERA, later, later, later, SEEN)
    both = merge_marks(card, face)
    assert (both.marked_by, both.status, both.last_seen_at, both.evidence) == (
        MarkedBy.CARD,
        Status.PRESENT,
        later,
        SEEN,
    )
    assert merge_marks(replace(face, last_seen_at=later), card).marked_by is MarkedBy.CAMERA
    assert merge_marks(Mark(1, 1, Status.ABSENT, MarkedBy.CLOSE, later), card).marked_by is MarkedBy.CARD
    taught = merge_marks(card, Mark(1, 1, Status.EXCUSED, MarkedBy.TEACHER, later))
    assert merge_marks(taught, replace(card, marked_at=later)).status is Status.EXCUSED


def test_a_card_that_was_shown_after_a_mark_by_hand_counts_when_that_is_undone():
    marked = replace(by_hand(seen_minute=3), evidence=None)
    assert undone_mark(marked, None, SESSION).marked_by is MarkedBy.CARD


def test_a_first_mark_is_taken_away_again():
    assert undone_mark(by_hand(), None, SESSION) is None


@pytest.mark.parametrize(
    ("minute", "status"),
    [(3, Status.PRESENT), (10, Status.PRESENT), (11, Status.LATE)],
)
def test_whom_the_camera_saw_meanwhile_has_the_cameras_mark_once_the_teachers_is_undone(minute, status):
    stands = undone_mark(by_hand(seen_minute=minute), None, SESSION)
    at = EIGHT + minute * MINUTE
    assert stands == Mark(1, 1, status, MarkedBy.CAMERA, at, at, at + 5 * MINUTE, SEEN)


def test_the_absence_of_the_end_gives_way_to_the_camera_there_too():
    absent = MarkSetting(Status.ABSENT, MarkedBy.CLOSE, EIGHT, "")
    assert undone_mark(by_hand(), absent, SESSION) == Mark(1, 1, Status.ABSENT, MarkedBy.CLOSE, EIGHT)
    stands = undone_mark(by_hand(seen_minute=1), absent, SESSION)
    assert (stands.status, stands.marked_by) == (Status.PRESENT, MarkedBy.CAMERA)


def test_the_mark_before_comes_back_with_the_later_last_seen():
    before = Mark(1, 1, Status.LATE, MarkedBy.CAMERA, EIGHT, EIGHT, EIGHT, SEEN)
    now = by_hand(seen_minute=0)
    stands = undone_mark(now, setting_of(before), SESSION)
    assert stands == Mark(1, 1, Status.LATE, MarkedBy.CAMERA, EIGHT, EIGHT, EIGHT + 5 * MINUTE, SEEN)


def test_an_older_mark_of_the_camera_brings_its_time_and_leaves_the_newer_evidence() -> None:
    """As from a file, into a session that was resumed meanwhile."""
    newer = replace(SEEN, sightings=SEEN.sightings + 5)
    late = Mark(
        1, 1, Status.LATE, MarkedBy.CAMERA, EIGHT + 20 * MINUTE, EIGHT + 20 * MINUTE, EIGHT + 30 * MINUTE, newer
    )
    on_time = Mark(1, 1, Status.PRESENT, MarkedBy.CAMERA, EIGHT, EIGHT, EIGHT, SEEN)

    stands = merge_marks(late, on_time)

    assert stands == Mark(1, 1, Status.PRESENT, MarkedBy.CAMERA, EIGHT, EIGHT, EIGHT + 30 * MINUTE, newer)
    assert merge_marks(stands, on_time) == stands
