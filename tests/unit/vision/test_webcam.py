"""Webcams, with a camera made of Python in the driver's place."""

import threading
import time

import numpy as np
import pytest

from attendance_app.vision.camera_modes import PictureWish
from attendance_app.vision.cameras import CameraInfo
from attendance_app.vision.errors import (
    CameraBusy,
    CameraForbidden,
    CameraHiddenOnMac,
    CameraHiddenOnWindows,
    CameraWithoutPictures,
    NoCameraAtIndex,
    NoCameraCalled,
    NoCameraFound,
    SeveralCamerasCalled,
)
from attendance_app.vision.live_source import LiveTiming
from attendance_app.vision.source_protocol import SourceState
from attendance_app.vision.webcam import camera_index, cannot_open, open_webcam

QUICK = LiveTiming(open_within=2.0, silent_for=0.03, retry_first=0.01, retry_longest=0.02, poll=0.002)


class Camera:
    """A device: ``plugged`` can be cleared and set in the middle, ``opened`` counts connections."""

    def __init__(self, *, delivers=True):
        self.plugged = threading.Event()
        self.plugged.set()
        self.delivers = delivers
        self.opened = self.released = 0
        self.pictures = 0

    def open(self, _index, _wish):
        if not self.plugged.is_set():
            return None
        self.opened += 1
        return self

    def read(self):
        time.sleep(0.002)
        if not (self.plugged.is_set() and self.delivers):
            return False, None
        self.pictures += 1
        picture = np.zeros((4, 6, 3), np.uint8)
        picture[..., 0] = 255
        return True, picture

    def release(self):
        self.released += 1


def no_cameras():
    return ()


def opened(camera, which="0", *, cameras=no_cameras, **how):
    return open_webcam(which, open_device=camera.open, cameras=cameras, timing=QUICK, **how)


def wait_until(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_frames_come_as_rgb_with_rising_numbers_and_times():
    with opened(Camera()) as source:
        first, second = source.read(), source.read()
    assert first.image[0, 0].tolist() == [0, 0, 255]
    assert first.index < second.index
    assert 0 <= first.seconds < second.seconds
    assert source.live


def test_seconds_count_from_the_first_read_not_from_opening():
    with opened(Camera()) as source:
        time.sleep(0.2)
        # Counted from opening it would be 0.2 or more.
        assert source.read().seconds < 0.1


def test_a_slow_reader_gets_the_newest_frame_and_the_dropped_ones_are_counted():
    camera = Camera()
    with opened(camera) as source:
        source.read()
        wait_until(lambda: camera.pictures >= 20)
        assert source.read().index >= 18
        assert source.frames_read >= 19


def test_an_unplugged_camera_is_announced_and_comes_back_by_itself():
    camera, states = Camera(), []
    with opened(camera, on_state=states.append) as source:
        before = source.read()
        camera.plugged.clear()
        wait_until(lambda: source.state is SourceState.RECONNECTING)
        time.sleep(0.05)
        camera.plugged.set()
        wait_until(lambda: source.state is SourceState.STREAMING)
        after = source.read()
    assert after.index > before.index
    assert after.seconds > before.seconds
    assert camera.opened == camera.released == 2
    assert states == [
        SourceState.STREAMING,
        SourceState.RECONNECTING,
        SourceState.STREAMING,
        SourceState.ENDED,
    ]


@pytest.mark.parametrize("call", ["open", "read", "release"])
def test_a_driver_that_throws_is_a_lost_camera_and_comes_back(call):
    camera, states, threw = Camera(), [], threading.Event()
    working = getattr(camera, call)

    def throw_once(*given):
        if camera.pictures > 3 and not threw.is_set():
            threw.set()
            raise RuntimeError("the driver is in trouble")
        return working(*given)

    setattr(camera, call, throw_once)
    with opened(camera, on_state=states.append) as source:
        before = source.read()
        wait_until(lambda: camera.pictures > 3)
        if call != "read":
            camera.plugged.clear()
            wait_until(lambda: source.state is SourceState.RECONNECTING)
            time.sleep(0.05)
            camera.plugged.set()
        wait_until(threw.is_set)
        wait_until(lambda: states.count(SourceState.STREAMING) == 2)
        assert source.read().index > before.index
    assert SourceState.RECONNECTING in states


def test_a_driver_that_throws_at_once_is_a_camera_without_pictures():
    camera = Camera()
    camera.read = lambda: 1 / 0
    with pytest.raises(CameraWithoutPictures):
        opened(camera)
    assert camera.released == 1


def test_closing_ends_the_wait_for_a_lost_camera():
    camera = Camera()
    source = opened(camera)
    camera.plugged.clear()
    wait_until(lambda: source.state is SourceState.RECONNECTING)
    threading.Timer(0.03, source.close).start()
    frames = [source.read(), source.read()]
    assert frames[-1] is None
    assert source.state is SourceState.ENDED


def test_a_wait_for_a_lost_camera_can_be_limited():
    camera = Camera()
    with opened(camera) as source:
        camera.plugged.clear()
        wait_until(lambda: source.state is SourceState.RECONNECTING)
        source.read(timeout=1)
        with pytest.raises(TimeoutError):
            source.read(timeout=0.01)


def test_a_short_hiccup_is_not_a_lost_camera():
    camera, states = Camera(), []
    patient = LiveTiming(open_within=2.0, silent_for=5.0, poll=0.002)
    with open_webcam(
        "0", open_device=camera.open, cameras=no_cameras, timing=patient, on_state=states.append
    ) as source:
        camera.delivers = False
        time.sleep(0.05)
        camera.delivers = True
        pictures = camera.pictures
        wait_until(lambda: camera.pictures > pictures + 3)
        source.read()
    assert SourceState.RECONNECTING not in states
    assert camera.opened == 1


def test_a_camera_that_opens_but_gives_no_pictures_is_refused_and_released():
    camera = Camera(delivers=False)
    with pytest.raises(CameraWithoutPictures):
        opened(camera)
    wait_until(lambda: camera.released == camera.opened == 1)


def test_a_driver_that_hangs_is_given_up():
    hanging = threading.Event()
    try:
        with pytest.raises(CameraWithoutPictures):
            open_webcam(
                "0",
                open_device=lambda _index, _wish: hanging.wait(10) and None,
                cameras=no_cameras,
                timing=LiveTiming(open_within=0.05, close_within=0.01),
            )
    finally:
        hanging.set()


def test_no_thread_outlives_its_source():
    def capturing():
        return [thread for thread in threading.enumerate() if thread.name == "capture Camera 71"]

    with opened(Camera(), "71"):
        assert len(capturing()) == 1
    assert not capturing()


def test_a_missing_camera_is_refused_with_the_cameras_there_are():
    camera = Camera()
    camera.plugged.clear()
    with pytest.raises(NoCameraAtIndex) as error:
        opened(camera, "99", cameras=lambda: (CameraInfo(2, "Lid"),))
    assert (error.value.index, error.value.cameras) == (99, "2 (Lid)")


def test_a_camera_is_found_by_part_of_its_name_and_again_under_another_number():
    camera, index = Camera(), [4]
    asked = []

    def open_device(number, wish):
        asked.append(number)
        return camera.open(number, wish)

    with open_webcam(
        "logi", open_device=open_device, cameras=lambda: (CameraInfo(index[0], "Logitech C920"),), timing=QUICK
    ) as source:
        index[0] = 6
        camera.plugged.clear()
        wait_until(lambda: source.state is SourceState.RECONNECTING)
        camera.plugged.set()
        wait_until(lambda: source.state is SourceState.STREAMING)
    assert (asked[0], asked[-1]) == (4, 6)


@pytest.mark.parametrize(
    ("which", "answer"),
    [("5", 5), ("Lid", 0), ("front", 1), ("cam", SeveralCamerasCalled), ("rear", NoCameraCalled)],
)
def test_a_name_leads_to_one_camera(which, answer):
    cameras = (CameraInfo(0, "Lid"), CameraInfo(1, "Cam Front Lid"), CameraInfo(3, "Cam 2"))
    if isinstance(answer, int):
        assert camera_index(which, lambda: cameras) == answer
    else:
        with pytest.raises(answer):
            camera_index(which, lambda: cameras)


def test_linux_says_whether_a_camera_is_missing_denied_or_busy(tmp_path, monkeypatch):
    device = tmp_path / "video3"
    missing = cannot_open(3, no_cameras, platform="linux", devices=tmp_path)
    device.touch()
    busy = cannot_open(3, no_cameras, platform="linux", devices=tmp_path)
    monkeypatch.setattr("os.access", lambda path, _mode: path != device)
    denied = cannot_open(3, no_cameras, platform="linux", devices=tmp_path)
    other = cannot_open(3, lambda: (CameraInfo(0, "Lid"),), platform="linux", devices=tmp_path / "none")
    assert type(missing) is NoCameraFound
    assert (type(other), other.details) == (NoCameraAtIndex, {"index": 3, "cameras": "0 (Lid)"})
    assert type(busy) is CameraBusy
    assert type(denied) is CameraForbidden


@pytest.mark.parametrize(("platform", "kind"), [("darwin", CameraHiddenOnMac), ("win32", CameraHiddenOnWindows)])
def test_where_the_system_guards_cameras_a_missing_one_may_be_forbidden(platform, kind):
    assert type(cannot_open(0, no_cameras, platform=platform)) is kind


def test_a_listed_camera_that_does_not_open_is_called_busy():
    error = cannot_open(0, lambda: (CameraInfo(0, "Lid"),), platform="darwin")
    assert type(error) is CameraBusy


class Fast(Camera):
    """Gives pictures of 4K every 5 ms, and counts those that are decoded."""

    decoded = 0

    def grab(self):
        time.sleep(0.005)
        self.pictures += 1
        return True

    def retrieve(self):
        self.decoded += 1
        return True, np.broadcast_to(np.zeros(3, np.uint8), (2160, 3840, 3))

    def read(self):
        self.grab()
        return self.retrieve()


def test_size_and_rate_of_the_picture_are_known():
    camera = Camera()
    with opened(camera) as source:
        assert source.picture.size == (6, 4)
        wait_until(lambda: camera.pictures > 60)
        assert 50 < source.picture.rate <= 500


def test_of_a_fast_camera_with_large_pictures_those_are_decoded_that_can_be_worked_on():
    camera, began = Fast(), time.monotonic()
    with opened(camera) as source:
        wait_until(lambda: camera.pictures > 150)
        decoded, frames = camera.decoded, source.frames_read
        passed = time.monotonic() - began
        assert source.read().image.shape == (2160, 3840, 3)
        assert source.picture.rate > 30, "the rate is the camera's"
    assert frames >= 149, "the others count as read"
    assert decoded <= 10 * passed + 3


def test_what_is_asked_of_a_camera_is_handed_to_its_driver():
    wishes, camera = [], Camera()

    def open_device(_index, wish):
        wishes.append(wish.largest)
        return camera

    for wish in (None, PictureWish((1280, 720))):
        open_webcam("0", wish=wish, open_device=open_device, cameras=no_cameras, timing=QUICK).close()
    assert wishes == [(3840, 2160), (1280, 720)]
