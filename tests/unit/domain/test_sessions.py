"""Present or late."""

from datetime import UTC, datetime, timedelta

import pytest

from attendance_app.domain.sessions import Session, Status, arrival_status

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SESSION = Session(1, 1, START, late_after=timedelta(minutes=10))


@pytest.mark.parametrize(
    ("minutes", "status"),
    [
        pytest.param(0, Status.PRESENT, id="at the start"),
        pytest.param(-5, Status.PRESENT, id="before it"),
        pytest.param(10, Status.PRESENT, id="the last moment that counts as present"),
        pytest.param(10 + 1e-4, Status.LATE, id="just after it"),
        pytest.param(45, Status.LATE, id="long after it"),
    ],
)
def test_late_begins_after_the_time_allowed(minutes, status):
    assert arrival_status(SESSION, START + timedelta(minutes=minutes)) is status
