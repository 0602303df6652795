import pytest

from attendance_app.services.session.cadence import SCANS, Cadence, Scan


def test_at_a_cameras_usual_pace_time_allows_no_more_than_the_frame_does():
    pace = Cadence()
    assert [pace.encodings_after(seconds) for seconds in (0.0, 1 / 30, 1 / 12, 1 / 3)] == [6, 6, 6, 6]
    assert [pace.encodings_after(seconds) for seconds in (0.5, 3600.0)] == [10, pace.encodings_at_most]


@pytest.mark.parametrize(
    ("size", "scale"), [((1920, 1080), 1.5), ((640, 480), 1.5), ((3840, 2160), 0.75), ((2160, 3840), 0.75)]
)
def test_larger_frames_are_searched_in_full_hd(size, scale):
    assert Scan(upsample=1.5).scale(*size) == pytest.approx(scale)


def test_a_frame_of_full_hd_is_searched_as_it_is():
    assert SCANS["auto"].scale(1920, 1080) == 1.0
