"""Which picture a camera is asked for, with cameras made of Python in the driver's place."""

from datetime import date, timedelta

import cv2
import numpy as np
import pytest

from attendance_app.vision import camera_modes
from attendance_app.vision.camera_memory import CAMERAS_FILE, CameraMemory
from attendance_app.vision.camera_modes import SIZES, PictureWish, largest_mode
from attendance_app.vision.source_protocol import PictureMode

UHD, QHD, HD, READY, VGA = SIZES


class Webcam:
    """``rates``: pictures a second for each size that it has; 0: it says that it has it, and gives nothing.

    ``unknown``: what a driver does with another size: give the "nearest" smaller one, or keep "this" one.
    Time passes only while a picture is waited for, and while a size is set up.
    """

    def __init__(self, rates, *, unknown="nearest", starts_at=VGA, set_up=0.3, lies=None):
        self.rates = rates
        self.unknown = unknown
        self.set_up = set_up
        self.lies = lies or {}
        self.now = 0.0
        self.size = self.starts_at = starts_at
        self.wanted = list(starts_at)
        self.opened = self.released = 0
        self.asked = []
        self.plugged = True
        self.stuck = False

    def clock(self):
        return self.now

    def open(self):
        if not self.plugged:
            return None
        self.opened += 1
        self.size, self.stuck = self.starts_at, False
        return self

    def set(self, prop, value):
        if prop == cv2.CAP_PROP_FRAME_WIDTH:
            self.wanted[0] = int(value)
        elif prop == cv2.CAP_PROP_FRAME_HEIGHT:
            self.wanted[1] = int(value)
            self._use((self.wanted[0], self.wanted[1]))
        return True

    def _use(self, size):
        self.asked.append(size)
        self.now += self.set_up
        if size in self.rates:
            self.size = size
        elif self.unknown == "nearest":
            self.size = max((one for one in self.rates if one <= size), default=min(self.rates))

    def get(self, prop):
        said = self.lies.get(self.size, self.size)
        return said[0] if prop == cv2.CAP_PROP_FRAME_WIDTH else said[1]

    def read(self):
        rate = 0 if self.stuck or not self.plugged else self.rates[self.size]
        if rate == 0:
            # A driver that gives nothing at one size gives nothing until it is opened again.
            self.stuck = True
            self.now += 0.5
            return False, None
        self.now += 1 / rate
        return True, np.broadcast_to(np.zeros(3, np.uint8), (self.size[1], self.size[0], 3))

    def release(self):
        self.released += 1


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(camera_modes.time, "sleep", lambda _seconds: None)


def found(camera, sizes=SIZES, **more):
    """The size and rate that was found, the camera being set to it."""
    made = largest_mode(camera.open, sizes, clock=camera.clock, **more)
    assert made is not None
    device, mode = made
    assert device is camera
    if mode is not None:
        assert camera.size == mode.size, "it is left at the size that was chosen"
    return mode


def test_the_largest_picture_is_taken_where_it_is_fast_enough():
    camera = Webcam({UHD: 30, HD: 60, VGA: 60})
    mode = found(camera)
    assert (mode.size, round(mode.rate)) == (UHD, 30)
    assert camera.asked == [UHD]
    assert camera.now < 0.6


def test_a_slow_4k_camera_gives_its_next_size():
    # Uncompressed pictures over USB 2.
    camera = Webcam({UHD: 1.5, QHD: 4, HD: 9, READY: 20, VGA: 30})
    mode = found(camera)
    assert (mode.size, round(mode.rate)) == (HD, 9)
    assert camera.now < 5


def test_a_camera_without_4k_is_ready_soon_after():
    camera = Webcam({HD: 30, READY: 30, VGA: 30})
    assert found(camera).size == HD
    assert camera.now <= 1.2


@pytest.mark.parametrize("unknown", ["nearest", "this"])
def test_what_the_driver_does_with_a_size_that_there_is_not_does_not_matter(unknown):
    assert found(Webcam({HD: 30, READY: 30, VGA: 30}, unknown=unknown)).size == HD
    assert found(Webcam({READY: 30, VGA: 30}, unknown=unknown)).size == READY
    assert found(Webcam({VGA: 30}, unknown=unknown)).size == VGA
    assert found(Webcam({(800, 600): 30}, unknown="nearest")).size == (800, 600)


def test_a_camera_that_lies_about_its_size_is_judged_by_its_pictures():
    # It says 4K and delivers 720p; 1080p is true.
    camera = Webcam({UHD: 30, HD: 25, READY: 30}, lies={UHD: UHD})
    given = camera.read

    def read():
        good, picture = given()
        return good, picture[:720, :1280] if camera.size == UHD else picture

    camera.read = read
    mode = found(camera)
    assert (mode.size, round(mode.rate)) == (HD, 25)


def test_a_size_that_gives_nothing_is_left_out_and_the_camera_opened_again():
    camera = Webcam({UHD: 0, HD: 30, VGA: 30})
    assert found(camera).size == HD
    assert (camera.opened, camera.released) == (2, 1)


def test_a_driver_that_throws_at_a_size_is_opened_again():
    camera = Webcam({UHD: 30, HD: 30})
    use = camera._use

    def throw(size):
        if size == UHD:
            raise RuntimeError("the driver is in trouble")
        use(size)

    camera._use = throw
    assert found(camera).size == HD
    assert camera.released == 1


def test_a_camera_that_refuses_is_none():
    camera = Webcam({HD: 30})
    camera.plugged = False
    assert largest_mode(camera.open, SIZES, clock=camera.clock) is None


def test_a_camera_that_is_pulled_out_while_it_is_tried_is_none_and_asked_for_once():
    camera, tries = Webcam({UHD: 2, HD: 30}), []
    given = camera.read

    def read():
        camera.plugged = camera.now < 0.9
        return given()

    camera.read = read

    def reopen():
        tries.append(camera.now)
        return camera.open()

    assert largest_mode(reopen, SIZES, clock=camera.clock) is None
    assert len(tries) == 2


def test_a_camera_without_any_picture_is_left_at_full_hd_for_whoever_waits_longer():
    camera = Webcam({HD: 0, VGA: 0})
    assert found(camera) is None
    assert camera.asked[-1] == HD
    assert found(Webcam({HD: 0, VGA: 0}), sizes=(READY, VGA)) is None


def test_in_the_dark_all_sizes_are_slow_and_the_largest_is_taken():
    camera = Webcam({UHD: 6, HD: 6, READY: 6.2, VGA: 6})
    mode = found(camera)
    assert (mode.size, round(mode.rate)) == (UHD, 6)
    assert camera.now < 3.5, "a second slow size of the same rate is enough"


def test_where_no_size_is_fast_enough_the_fastest_is_taken():
    assert found(Webcam({HD: 2, VGA: 7})).size == VGA


def test_the_search_ends_in_time():
    camera = Webcam(dict.fromkeys(SIZES, 0))
    found(camera)
    assert camera.now < 9


def test_what_was_found_before_is_taken_at_once():
    camera = Webcam({UHD: 1.5, QHD: 4, HD: 9, READY: 20})
    assert found(camera, known=PictureMode(*HD, 9.0)).size == HD
    assert camera.asked == [HD]


def test_what_was_found_before_and_is_so_no_longer_is_looked_for_again():
    camera = Webcam({UHD: 1.5, HD: 3, READY: 20})
    assert found(camera, known=PictureMode(*HD, 9.0)).size == READY


def test_a_smaller_picture_may_be_asked_for():
    assert PictureWish().sizes == SIZES
    assert PictureWish((1280, 720)).sizes == (READY, VGA)


class TestMemory:
    DAY = date(2026, 3, 2)

    def memory(self, home, day=DAY):
        return CameraMemory(home, today=lambda: day)

    def test_a_mode_is_remembered_by_name_and_by_what_was_asked_for(self, tmp_path):
        self.memory(tmp_path).keep("C920", PictureMode(1920, 1080, 30.0), largest=UHD)
        again = self.memory(tmp_path)
        assert again.mode_of("C920", largest=UHD) == PictureMode(1920, 1080, 30.0)
        assert again.mode_of("C920", largest=READY) is None
        assert again.mode_of("Lid", largest=UHD) is None

    def test_it_is_looked_for_again_after_a_month(self, tmp_path):
        self.memory(tmp_path).keep("C920", PictureMode(1920, 1080, 30.0), largest=UHD)
        for days, there in ((30, True), (31, False), (-1, False)):
            known = self.memory(tmp_path, self.DAY + timedelta(days=days)).mode_of("C920", largest=UHD)
            assert (known is not None) is there

    @pytest.mark.parametrize(
        "text", ["", "[]", '{"C920": 1}', '{"C920": {"mode": [1, 2], "largest": [1, 2], "found": "x"}}', "[" * 9999]
    )
    def test_a_damaged_file_is_as_none_and_is_replaced(self, tmp_path, text):
        (tmp_path / CAMERAS_FILE).write_text(text)
        memory = self.memory(tmp_path)
        assert memory.mode_of("C920", largest=UHD) is None
        memory.keep("C920", PictureMode(1920, 1080, 30.0), largest=UHD)
        assert self.memory(tmp_path).mode_of("C920", largest=UHD) is not None

    def test_a_folder_that_can_not_be_written_costs_the_memory_only(self, tmp_path):
        memory = self.memory(tmp_path / "missing")
        memory.keep("C920", PictureMode(1920, 1080, 30.0), largest=UHD)
        assert memory.mode_of("C920", largest=UHD) is not None
