"""Preview, enrolment and roll hand one open camera over."""

import threading
import time

import numpy as np
import pytest

from attendance_app.vision.camera_owner import CameraOwner
from attendance_app.vision.live_source import LiveTiming
from attendance_app.vision.source_protocol import ClosingSource, SourceState
from attendance_app.vision.webcam import open_webcam

QUICK = LiveTiming(open_within=2.0, silent_for=0.03, retry_first=0.01, retry_longest=0.02, poll=0.002)


class Device:
    """Counts how often it is opened and let go."""

    def __init__(self) -> None:
        self.opened = self.released = 0
        self.plugged = threading.Event()
        self.plugged.set()

    def open(self, _index, _wish):
        self.opened += 1
        return self

    def read(self):
        time.sleep(0.002)
        return (True, np.zeros((4, 6, 3), np.uint8)) if self.plugged.is_set() else (False, None)

    def release(self):
        self.released += 1


def owner(device: Device, *, keep_seconds: float = 30.0, **more) -> CameraOwner:
    def open_now(spec, *, realtime, on_state):
        if not spec.isdecimal():
            return ClosingSource()
        return open_webcam(spec, open_device=device.open, cameras=lambda: (), timing=QUICK, on_state=on_state)

    return CameraOwner(open_now, keep_seconds=keep_seconds, **more)


def wait_until(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_start_stop_start_opens_the_camera_once():
    device = Device()
    cameras = owner(device)
    for _ in range(3):
        with cameras.open("0") as lease:
            assert lease.read(1).seconds < 0.5, "seconds count anew for each reader"
    assert (device.opened, device.released) == (1, 0)
    cameras.close()
    assert device.released == 1


def test_a_camera_that_was_opened_for_another_picture_is_opened_anew():
    device, asked = Device(), ["largest"]
    cameras = owner(device, asked=lambda: asked[0])
    preview = cameras.open("0")
    assert preview.picture.size == (6, 4)
    asked[0] = "720p"
    with cameras.open("0") as roll:
        assert (device.opened, device.released) == (2, 1)
        assert preview.read(1) is None
        preview.close()
        assert roll.read(1) is not None
    cameras.close()


def test_who_had_the_camera_gets_no_more_frames_once_another_has_it():
    device = Device()
    cameras = owner(device)
    preview, states = cameras.open("0"), []
    assert preview.read(1) is not None
    roll = cameras.open("0", on_state=states.append)
    assert preview.read(1) is None
    assert roll.read(1) is not None
    preview.close()
    assert roll.read(1) is not None, "the one that was taken from lets nothing go"
    device.plugged.clear()
    wait_until(lambda: SourceState.RECONNECTING in states)
    assert device.opened >= 1
    roll.close()
    cameras.close()


def test_a_camera_that_nobody_wants_again_is_closed_after_a_while():
    device = Device()
    cameras = owner(device, keep_seconds=0.02)
    cameras.open("0").close()
    wait_until(lambda: device.released == 1)
    with cameras.open("0") as lease:
        assert lease.read(1) is not None
    assert device.opened == 2
    cameras.close()


def test_a_recording_is_opened_for_each_of_its_readers():
    device = Device()
    cameras = owner(device)
    assert cameras.open("a.mp4") is not cameras.open("a.mp4")


def test_after_closing_no_camera_stays_open():
    device = Device()
    cameras = owner(device)
    lease = cameras.open("0")
    cameras.close()
    assert device.released == 1
    assert lease.read(1) is None
    lease.close()


def test_a_camera_that_cannot_be_opened_is_tried_anew_each_time():
    device = Device()
    device.plugged.clear()
    cameras = owner(device)
    for _ in range(2):
        with pytest.raises(Exception, match="CameraWithoutPictures"):
            cameras.open("0")
    device.plugged.set()
    with cameras.open("0") as lease:
        assert lease.read(1) is not None
    cameras.close()
