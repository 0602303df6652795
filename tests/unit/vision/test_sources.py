"""One word opens any source, and a wrong word says what is wrong."""

import subprocess
import sys

import pytest
from PIL import Image as Pictures

from attendance_app.vision.errors import (
    NoCameraAddress,
    NoCameraAtIndex,
    NoCameraCalled,
    NoCameraFound,
    NoPicturesInFolder,
    SourceMissing,
    UnknownSourceKind,
)
from attendance_app.vision.sources import open_source


def test_a_video_a_folder_and_a_picture_are_told_apart(make_video, tmp_path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("a.jpg", "b.PNG"):
        Pictures.new("RGB", (20, 10)).save(pictures / name)
    video = make_video("film.avi", frames=3)
    counts = []
    for spec in (str(video), video.as_uri(), str(pictures), str(pictures / "b.PNG")):
        with open_source(spec) as source:
            while source.read() is not None:
                pass
            counts.append(source.frames_read)
    assert counts == [3, 3, 2, 1]


def test_realtime_makes_a_recording_live(make_video):
    video = str(make_video("film.avi", frames=3))
    with open_source(video, realtime=True) as played, open_source(video) as read:
        assert (played.live, read.live) == (True, False)


@pytest.mark.parametrize(
    ("spec", "kinds"),
    [
        ("nowhere.mp4", SourceMissing),
        ("", NoPicturesInFolder),
        ("99", (NoCameraAtIndex, NoCameraFound)),
        ("webcam:99", (NoCameraAtIndex, NoCameraFound)),
        ("webcam:Nobody's", NoCameraCalled),
        ("ftp://host/film.mp4", UnknownSourceKind),
        ("rtsp://", NoCameraAddress),
        ("http://host:port/", NoCameraAddress),
        ("a\0b", SourceMissing),
    ],
)
def test_a_wrong_word_is_refused_by_kind(spec, kinds, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kinds):
        open_source(spec)


def test_importing_sources_loads_no_heavy_library():
    code = (
        "import sys, attendance_app.vision.sources, attendance_app.vision.quality; "
        "sys.exit(len({'cv2', 'dlib', 'onnxruntime', 'PySide6'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
