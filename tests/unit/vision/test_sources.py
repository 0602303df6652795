"""One word opens any source, and a wrong word says what is wrong."""

import subprocess
import sys
import time

import pytest
from PIL import Image as Pictures

from attendance_app.cli.messages import message_of, remedy_of
from attendance_app.domain.errors import SourceError
from attendance_app.vision.errors import (
    NoCameraAddress,
    NoCameraAtIndex,
    NoCameraCalled,
    NoCameraFound,
    NoPicturesInFolder,
    NoSuchHost,
    PasswordNotEscaped,
    SourceMissing,
    UnknownSourceKind,
)
from attendance_app.vision.network_camera import checked_address
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
        ("rtsp://admin:p@ss#w0rd/1@127.0.0.1/x", PasswordNotEscaped),
        ("rtsp://admin:pa/ss@127.0.0.1/x", PasswordNotEscaped),
        ("rtsp://admin:pa?ss@127.0.0.1/x", PasswordNotEscaped),
        ("rtsp://nobody.invalid:12/34@127.0.0.1/x", PasswordNotEscaped),
        ("rtsp://nobody.invalid:12?34@127.0.0.1/x", PasswordNotEscaped),
        ("rtsp://nobody.invalid/x:y@127.0.0.1/x", PasswordNotEscaped),
        ("rtsp://nobody.invalid/x", NoSuchHost),
        ("rtsp://admin:pa[ss]@127.0.0.1/x", PasswordNotEscaped),
        ("rtsp://u:PASS@127.0.0.1:99999/x", NoCameraAddress),
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


@pytest.mark.parametrize(
    "spec",
    [
        "rtsp://admin:SECRET@ss#w0rd/1@127.0.0.1/x",
        "rtsp://nobody.invalid:12/SECRET@127.0.0.1/x",
        "rtsp://admin:SEC[RET]SECRET@127.0.0.1/x",
        "rtsp://u:SECRET@127.0.0.1:99999/x",
        "rtsp://u:SECRET@127.0.0.1:9/x",
        "rstp://u:SECRET@127.0.0.1/x",
        "rtsp:/u:SECRET@127.0.0.1/x",
        "u:SECRET@127.0.0.1/x",
        "http://u:SECRET@/x",
        "rtsp://admin:SECRET",
        "http://127.0.0.1:9/video?user=u&password=SECRET",
    ],
)
def test_no_error_of_an_address_tells_its_password(spec, caplog):
    caplog.set_level("DEBUG")
    with pytest.raises(SourceError) as caught:
        open_source(spec)
    assert "SECRET" not in message_of(caught.value) + remedy_of(caught.value) + repr(caught.value.details) + caplog.text


def test_an_at_sign_in_a_path_is_no_password():
    assert checked_address("rtsp://u:p%40ss@127.0.0.1/stream@1").hostname == "127.0.0.1"


@pytest.mark.parametrize("spec", ["9" * 20, "webcam:" + "9" * 20, "9" * 5000, "٣" * 30])
def test_a_camera_number_that_no_system_has_is_refused_at_once(spec):
    started = time.monotonic()
    with pytest.raises(NoCameraCalled):
        open_source(spec)
    assert time.monotonic() - started < 10  # it took 31 s
