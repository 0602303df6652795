"""Films whose pictures hold two moments, films with oblong pixels, and what can't be read at all."""

import wave

import cv2
import numpy as np
import pytest

from attendance_app.domain.errors import SourceError
from attendance_app.vision.films import open as films
from attendance_app.vision.films.deinterlace import is_combed
from attendance_app.vision.films.errors import CodingUnknown, SoundAlone
from attendance_app.vision.films.opencv_film import breaks_interlaced
from attendance_app.vision.video_file import VideoFile

from .conftest import write_video
from .interlaced_films import BAR, GROUND, dv_film, field, mpeg2_film, woven, write


def frames_of(file):
    with VideoFile(file) as video:
        return list(iter(video.read, None))


@pytest.fixture
def opencv_only(monkeypatch):
    """As on Windows, where FFmpeg's own libraries can't be called."""
    monkeypatch.setattr(films, "ffmpeg", lambda: None)


@pytest.mark.parametrize(
    ("make", "name"),
    [(dv_film, "camcorder.dv"), (dv_film, "camcorder.avi"), (mpeg2_film, "recorder.m2v")],
)
def test_an_interlaced_film_shows_one_moment_a_picture(tmp_path, make, name):
    frames = frames_of(make(tmp_path / name))
    assert len(frames) == 8
    assert not any(is_combed(frame.image) for frame in frames)
    edge = frames[0].image[:, :, 1].astype(int)
    assert edge[:, 5].mean() == pytest.approx(GROUND, abs=12)
    assert edge[:, 60].mean() == pytest.approx(BAR, abs=12)


def test_an_interlaced_film_that_is_not_marked_as_one_is_noticed_by_its_combs(tmp_path):
    size = (320, 192)
    file = write(tmp_path / "recorder.avi", "MJPG", [woven(size, number) for number in range(8)], size)
    assert not any(is_combed(frame.image) for frame in frames_of(file))


def test_a_film_that_is_marked_interlaced_and_at_rest_keeps_every_line(tmp_path):
    still = field((320, 192), 0)
    still[::6] = 140
    marked = frames_of(mpeg2_film(tmp_path / "marked.m2v", pictures=[still] * 3))
    plain = frames_of(mpeg2_film(tmp_path / "plain.m2v", pictures=[still] * 3, interlaced=False))
    assert np.abs(marked[2].image.astype(int) - plain[2].image).max() <= 8


def test_after_another_film_an_interlaced_one_shows_nothing_of_it(tmp_path):
    frames_of(write_video(tmp_path / "before.avi", frames=8, size=(720, 576)))
    for frame in frames_of(dv_film(tmp_path / "after.dv")):
        assert frame.image[:, :30].mean() == pytest.approx(GROUND, abs=12)


def test_pictures_that_opencv_leaves_unwritten_are_never_given(tmp_path, opencv_only):
    if not breaks_interlaced():
        pytest.skip("this OpenCV converts interlaced pictures")
    frames_of(write_video(tmp_path / "before.avi", frames=8, size=(720, 576)))
    with pytest.raises(CodingUnknown):
        frames_of(dv_film(tmp_path / "after.dv"))


@pytest.mark.parametrize(
    ("build", "breaks"),
    [
        ("    swscale:                   YES (9.5.101)\n", True),
        ("    swscale:                   YES (8.12.100)\n", True),
        ("    swscale:                   YES (5.9.100)\n", False),
        ("    FFMPEG:                    NO\n", False),
    ],
)
def test_which_opencv_breaks_interlaced_pictures_is_known_by_its_swscale(build, breaks):
    assert breaks_interlaced(build) is breaks


def test_opencv_alone_reads_other_films(tmp_path, opencv_only):
    frames = frames_of(write_video(tmp_path / "a.avi", frames=12))
    assert len(frames) >= 11
    assert frames[-1].image.shape == (96, 160, 3)


@pytest.mark.parametrize("reader", ["ffmpeg", "opencv"])
@pytest.mark.parametrize(("aspect", "shape"), [(1, (576, 720)), (2, (576, 768)), (3, (576, 1024))])
def test_oblong_pixels_are_made_square(tmp_path, request, reader, aspect, shape):
    if reader == "opencv":
        request.getfixturevalue("opencv_only")
    file = mpeg2_film(tmp_path / "a.m2v", size=(720, 576), frames=3, interlaced=False, aspect=aspect)
    assert {frame.image.shape[:2] for frame in frames_of(file)} == {shape}


def test_sound_alone_is_called_so(tmp_path):
    with wave.open(str(tmp_path / "lesson.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    with pytest.raises(SoundAlone):
        VideoFile(tmp_path / "lesson.wav")


def test_a_coding_that_is_not_known_here_is_called_so(tmp_path):
    content = write_video(tmp_path / "a.mkv").read_bytes()
    (tmp_path / "b.mkv").write_bytes(content.replace(b"V_MJPEG", b"V_XJPEG"))
    with pytest.raises(CodingUnknown):
        VideoFile(tmp_path / "b.mkv")


@pytest.mark.parametrize("reader", ["ffmpeg", "opencv"])
def test_a_film_whose_clock_starts_at_an_hour_is_whole(tmp_path, request, reader):
    if reader == "opencv":
        request.getfixturevalue("opencv_only")
    writer = cv2.VideoWriter(str(tmp_path / "a.mkv"), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (160, 96))
    for number in range(30):
        writer.set(cv2.VIDEOWRITER_PROP_PTS, 25 * 3600 + number)
        writer.write(field((160, 96), number % 2))
    writer.release()
    with VideoFile(tmp_path / "a.mkv") as video:
        frames = list(iter(video.read, None))
        assert not video.truncated
    assert len(frames) >= 29
    # One frame at 25 a second, although the file begins with the time stamp of an hour.
    assert frames[0].seconds <= 0.04


def test_a_playlist_in_a_file_reaches_no_network(tmp_path):
    lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:5", "#EXTINF:5,", "http://127.0.0.1:9/a.ts", "#EXT-X-ENDLIST"]
    (tmp_path / "film.mp4").write_text("\n".join(lines))
    with pytest.raises(SourceError):
        VideoFile(tmp_path / "film.mp4")


def test_a_colon_in_a_name_is_no_address(tmp_path):
    file = write_video(tmp_path / "a.avi", frames=3).rename(tmp_path / "http:10.avi")
    assert len(frames_of(file)) == 3


class TestHandedFilms:
    """The films of ../shared/cases."""

    def test_the_interlaced_film_shows_what_the_progressive_one_does(self, shared_cases):
        whole = frames_of(shared_cases / "progressive-same-film.mp4")
        repaired = frames_of(shared_cases / "interlaced.mp4")
        assert len(repaired) == len(whole) // 2
        for number in (0, 20, 40, 60):
            difference = np.abs(repaired[number].image.astype(int) - whole[2 * number].image)
            assert difference.mean() < 3

    def test_the_oblong_film_has_the_square_ones_size(self, shared_cases):
        oblong, square = (frames_of(shared_cases / f"sar-{name}.mp4") for name in ("64-45", "square-same-film"))
        assert oblong[0].image.shape == square[0].image.shape
        assert np.abs(oblong[0].image.astype(int) - square[0].image).mean() < 4

    @pytest.mark.parametrize(("name", "kind"), [("av1", CodingUnknown), ("audio_only", SoundAlone)])
    def test_what_has_no_pictures_for_us_says_why(self, shared_cases, name, kind):
        with pytest.raises(kind):
            VideoFile(shared_cases / f"{name}.mp4")
