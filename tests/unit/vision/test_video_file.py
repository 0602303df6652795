"""Videos: every frame with its time, an end where the file ends, and no crash on a broken one."""

import math
import threading
import time

import numpy as np
import pytest

from attendance_app.vision.errors import NotAVideo, VideoCutOff, VideoEmpty
from attendance_app.vision.source_protocol import SourceState
from attendance_app.vision.video_file import FrameTimes, VideoFile

from .conftest import turned, with_table_first


def read_all(video):
    frames = []
    while (frame := video.read()) is not None:
        frames.append(frame)
    return frames


def test_every_frame_comes_with_its_number_and_time_and_then_the_end(make_video):
    with VideoFile(make_video("a.avi", frames=12)) as video:
        frames = read_all(video)
        assert [frame.index for frame in frames] == list(range(12))
        assert [frame.seconds for frame in frames] == pytest.approx([number / 10 for number in range(12)])
        assert (video.frames_read, video.state, video.truncated) == (12, SourceState.ENDED, False)
        assert video.read() is None


def test_pictures_are_rgb(make_video):
    with VideoFile(make_video("a.avi", frames=1)) as video:
        image = video.read().image
    assert image.shape == (96, 160, 3)
    assert image.flags.c_contiguous
    red, green, blue = image[:, :70].reshape(-1, 3).mean(axis=0)
    assert red > 150 > max(green, blue)


def test_a_phone_video_comes_upright(make_video, tmp_path):
    file = make_video("a.mp4", frames=3, code="mp4v")
    (tmp_path / "turned.mp4").write_bytes(turned(file.read_bytes()))
    with VideoFile(tmp_path / "turned.mp4") as video:
        image = video.read().image
    assert image.shape == (160, 96, 3)
    assert image[:70, :, 0].mean() > 150 > image[90:, :, 0].mean()


CODES = {"mp4": "mp4v", "wmv": "WMV2"}


@pytest.mark.parametrize("name", ["cut.avi", "cut.mkv", "cut.mp4", "cut.wmv"])
def test_a_video_cut_off_in_the_middle_gives_its_frames_and_says_so(make_video, tmp_path, name):
    code = CODES.get(name[-3:], "MJPG")
    content = make_video("whole" + name, frames=60, code=code).read_bytes()
    if name.endswith("mp4"):
        content = with_table_first(content)
    (tmp_path / name).write_bytes(content[: len(content) // 2])
    with VideoFile(tmp_path / name) as video:
        frames = read_all(video)
        assert 10 < len(frames) < 50
        assert video.truncated


@pytest.mark.parametrize("name", ["whole.avi", "whole.mkv", "whole.mp4", "first.mp4", "whole.wmv"])
def test_a_whole_video_is_not_called_cut_off(make_video, tmp_path, name):
    file = make_video(name, frames=60, code=CODES.get(name[-3:], "MJPG"))
    if name == "first.mp4":
        file.write_bytes(with_table_first(file.read_bytes()))
    with VideoFile(file) as video:
        assert len(read_all(video)) == 60
        assert not video.truncated


def test_an_mp4_cut_before_its_table_is_refused_with_the_reason(make_video, tmp_path):
    content = make_video("a.mp4", code="mp4v").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(content[: len(content) // 2])
    with pytest.raises(VideoCutOff):
        VideoFile(tmp_path / "cut.mp4")


@pytest.mark.parametrize(("content", "kind"), [(b"", VideoEmpty), (b"marks, not a film\n" * 99, NotAVideo)])
def test_a_file_that_is_no_video_is_refused(tmp_path, capfd, content, kind):
    (tmp_path / "film.avi").write_bytes(content)
    with pytest.raises(kind):
        VideoFile(tmp_path / "film.avi")
    assert capfd.readouterr() == ("", "")


def test_in_real_time_a_slow_reader_misses_frames_and_they_are_counted(make_video):
    clock = iter([0.0, 0.0, 1.0, 1.0, 9.0])
    with VideoFile(make_video("a.avi", frames=20), realtime=True, clock=lambda: next(clock)) as video:
        assert video.read().index == 0
        assert video.read().index == 10
        assert video.read() is None
        assert video.frames_read == 20


def test_in_real_time_a_fast_reader_waits(make_video):
    started = time.monotonic()
    with VideoFile(make_video("a.avi", frames=4), realtime=True) as video:
        assert len(read_all(video)) == 4
    # At 10 frames a second the fourth is due after 0.3 s; a sleep may end a little early.
    assert time.monotonic() - started >= 0.28


def test_a_wait_in_real_time_can_be_limited_and_loses_no_frame(make_video):
    with VideoFile(make_video("a.avi", frames=3), realtime=True) as video:
        video.read()
        with pytest.raises(TimeoutError):
            video.read(timeout=0.01)
        assert video.read().index == 1


def test_closing_ends_a_wait(make_video):
    frozen = 0.0
    video = VideoFile(make_video("a.avi", frames=9), realtime=True, clock=lambda: frozen)
    assert video.read().index == 0
    answers = []
    reader = threading.Thread(target=lambda: answers.append(video.read()))
    reader.start()
    time.sleep(0.02)
    video.close()
    reader.join(timeout=2)
    assert answers == [None]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param([5.0, 5.1, 5.3], [0, 0.1, 0.3], id="starts anywhere, uneven"),
        pytest.param([0.0, 0.0, 0.0], [0, 0.04, 0.08], id="says nothing"),
        pytest.param([0.0, 0.04, -50.0, -49.96], [0, 0.04, 0.08, 0.12], id="starts over"),
        pytest.param([0.0, 9e4, 9e4 + 0.04], [0, 0.04, 0.08], id="jumps by a day"),
        pytest.param([math.nan, math.nan, 0.08], [0, 0.04, 0.08], id="not a number"),
    ],
)
def test_times_never_run_backwards(stated, expected):
    times = FrameTimes(25.0)
    seconds = []
    for each in stated:
        times.advance(each)
        seconds.append(times.seconds)
    assert seconds == pytest.approx(expected)


def test_the_real_clips_are_read_to_their_ends(shared_data):
    for file in sorted((shared_data / "videos").glob("*.mp4")):
        with VideoFile(file) as video:
            frames = 0
            brightest = 0.0
            while (frame := video.read()) is not None:
                frames += 1
                brightest = max(brightest, float(np.mean(frame.image)))
            assert frames == video.frames_read > 20
            assert brightest > 20
            assert not video.truncated
