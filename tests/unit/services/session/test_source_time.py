"""Times of day come from the wall clock, durations from the source."""

from datetime import UTC, datetime, timedelta

from attendance_app.services.session.source_time import SourceTime

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_camera_has_the_wall_clocks_time_however_long_the_machine_slept():
    now = [NINE]
    time = SourceTime(lambda: now[0], origin=NINE, seconds=0.0, recorded=False)
    time.frame_came(0.0)
    now[0] = NINE + timedelta(minutes=16)
    time.frame_came(61.0)

    assert time.at(61.0) == NINE + timedelta(minutes=16)
    assert time.at(60.5) == NINE + timedelta(minutes=16, seconds=-0.5)


def test_a_recording_has_its_own_time_however_fast_it_is_read():
    time = SourceTime(lambda: NINE + timedelta(hours=5), origin=NINE, seconds=10.0, recorded=True)
    time.frame_came(70.0)

    assert time.at(70.0) == NINE + timedelta(minutes=1)
