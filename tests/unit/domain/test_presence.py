"""Minutes present, and who seems to have left early."""

from datetime import UTC, datetime, timedelta

import pytest

from attendance_app.domain.presence import Presence, presence_of
from attendance_app.domain.sessions import Mark, MarkedBy, Session, Status

EIGHT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SESSION = Session(1, 1, EIGHT, 10 * MINUTE, ended_at=EIGHT + 50 * MINUTE)


def seen(student: int, first: float, last: float, status: Status = Status.PRESENT) -> Mark:
    times = EIGHT + first * MINUTE, EIGHT + last * MINUTE
    return Mark(1, student, status, MarkedBy.CAMERA, times[0], *times)


REST = [seen(student, 1, 49) for student in (2, 3, 4)]


@pytest.mark.parametrize(
    ("last", "left"),
    [
        pytest.param(40, True, id="ten minutes before the end"),
        pytest.param(20, True, id="in the middle"),
        pytest.param(41, False, id="nine minutes before the end"),
        pytest.param(50, False, id="to the end"),
    ],
)
def test_who_was_last_seen_well_before_the_end_and_the_others_seems_to_have_left(last: float, left: bool) -> None:
    rest = [seen(student, 1, 50) for student in (2, 3, 4)]
    presence = presence_of(SESSION, [seen(1, 2, last), *rest])
    assert presence[1] == Presence(int(last) - 2, EIGHT + last * MINUTE if left else None)
    assert all(presence[student].left_at is None for student in (2, 3, 4))


def test_nobody_has_left_while_the_camera_saw_nobody() -> None:
    # It was covered after 20 minutes.
    marks = [seen(student, 1, 20) for student in (1, 2, 3)]
    assert {one.left_at for one in presence_of(SESSION, marks).values()} == {None}
    assert presence_of(SESSION, [seen(1, 1, 20)])[1].left_at is None
    # Half of the others is not most of them.
    marks = [seen(1, 1, 20), seen(2, 1, 20), seen(3, 1, 49)]
    assert presence_of(SESSION, marks)[1].left_at is None


def test_an_arrival_that_was_typed_counts_and_a_look_after_the_end_does_not() -> None:
    late = Mark(
        1,
        1,
        Status.LATE,
        MarkedBy.TEACHER,
        EIGHT,
        EIGHT + 20 * MINUTE,
        EIGHT + 55 * MINUTE,
        arrived_at=EIGHT + 15 * MINUTE,
    )
    assert presence_of(SESSION, [late, *REST])[1] == Presence(35)


def test_who_did_not_come_or_was_never_seen_has_no_minutes() -> None:
    by_hand = Mark(1, 5, Status.PRESENT, MarkedBy.TEACHER, EIGHT)
    excused = seen(6, 1, 20, Status.EXCUSED)
    assert presence_of(SESSION, [by_hand, excused, *REST]).keys() == {2, 3, 4}
    running = Session(1, 1, EIGHT, 10 * MINUTE)
    assert presence_of(running, REST) == {}


def test_a_single_look_says_when_somebody_came_and_not_when_they_left() -> None:
    card = seen(1, 3, 3)
    assert presence_of(SESSION, [card, *REST])[1] == Presence(0)
