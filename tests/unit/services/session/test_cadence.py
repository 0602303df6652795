from attendance_app.services.session.cadence import Cadence


def test_at_a_cameras_usual_pace_time_allows_no_more_than_the_frame_does():
    pace = Cadence()
    assert [pace.encodings_after(seconds) for seconds in (0.0, 1 / 30, 1 / 12, 1 / 3)] == [6, 6, 6, 6]
    assert [pace.encodings_after(seconds) for seconds in (0.5, 3600.0)] == [10, pace.encodings_at_most]
