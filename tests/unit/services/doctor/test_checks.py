"""The doctor names what is wrong, with the remedy, and never crashes on it."""

import os
import platform
import shutil
import signal
import sys
import time
from collections import namedtuple
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from attendance_app.config.paths import bundled
from attendance_app.domain.faces import Frame
from attendance_app.networks.errors import NetworkAltered
from attendance_app.services.doctor import devices
from attendance_app.services.doctor.check_result import CheckState, failed, fine, warning
from attendance_app.services.doctor.checks import all_checks, is_healthy
from attendance_app.services.doctor.child_process import ProcessAnswer, run_in_process
from attendance_app.services.doctor.devices import (
    check_camera,
    check_data_folder,
    check_photos,
    check_settings,
    check_video,
)
from attendance_app.services.doctor.errors import (
    CameraNotConnected,
    DiskAlmostFull,
    NoDisplay,
    ProcessorTooOld,
    QtLibrariesMissing,
    TensorFlowUnusable,
)
from attendance_app.services.doctor.machine import (
    System,
    check_libraries,
    check_networks,
    check_processor,
    check_python,
    check_system,
    library_version,
    named_features,
)
from attendance_app.services.doctor.tensorflow import check_tensorflow, tensorflow_found
from attendance_app.services.doctor.window import check_window
from attendance_app.vision.cameras import CameraInfo
from attendance_app.vision.errors import NoCameraFound

Usage = namedtuple("Usage", "total used free")


def answering(status=0, said=""):
    return lambda _question: ProcessAnswer(status, said)


def test_python_versions_that_are_not_tested_are_a_warning():
    assert check_python((3, 12, 4)).state is CheckState.OK
    assert check_python((3, 14, 0)).state is CheckState.WARNING


@pytest.mark.parametrize(
    ("system", "state"),
    [
        pytest.param(System("linux", "x86_64", glibc="2.34"), CheckState.OK, id="Ubuntu 22.04"),
        pytest.param(System("linux", "x86_64", glibc="2.31"), CheckState.WARNING, id="Ubuntu 20.04"),
        pytest.param(System("linux", "x86_64"), CheckState.WARNING, id="no glibc: Alpine"),
        pytest.param(System("darwin", "arm64", macos="14.0"), CheckState.OK, id="macOS 14, Apple silicon"),
        pytest.param(System("darwin", "arm64", macos="13.6.1"), CheckState.WARNING, id="macOS 13"),
        pytest.param(System("darwin", "x86_64", macos="15.1"), CheckState.WARNING, id="an Intel Mac"),
        pytest.param(System("win32", "amd64"), CheckState.OK, id="Windows"),
        pytest.param(System("win32", "arm64"), CheckState.WARNING, id="Windows on ARM"),
        pytest.param(System("freebsd14", "amd64"), CheckState.WARNING, id="another system"),
    ],
)
def test_a_system_without_builds_of_the_libraries_is_said(system, state):
    assert check_system(system).state is state


def test_this_system_is_served():
    assert check_system().state is CheckState.OK


def test_this_processor_can_be_described():
    assert check_processor().state in {CheckState.OK, CheckState.WARNING}


def test_features_are_read_from_linux_and_macos_words():
    assert named_features("fpu avx avx2 avx512f avx512_vnni") == ["AVX2", "AVX-512", "VNNI"]
    assert named_features("SMEP AVX2 BMI1") == ["AVX2"]
    assert named_features("") == []


def test_a_library_that_crashes_on_an_old_processor_is_named():
    result = check_libraries(answering(-signal.SIGILL, "SIGILL"))
    assert result.state is CheckState.FAILED
    assert "SIGILL" in result.detail
    assert isinstance(result.problem, ProcessorTooOld)


def test_a_library_that_is_missing_is_named():
    result = check_libraries(answering(1, "ModuleNotFoundError: No module named 'cv2'"))
    assert result.state is CheckState.FAILED
    assert "cv2: ModuleNotFoundError" in result.detail


def test_the_installed_libraries_load():
    assert check_libraries().state is CheckState.OK


def hang():
    time.sleep(60)
    return ""


def test_a_question_that_crashes_hangs_or_fails_harms_only_its_own_process():
    assert run_in_process(os.abort) == ProcessAnswer(-signal.SIGABRT, "SIGABRT")
    assert run_in_process(partial(os._exit, 3)) == ProcessAnswer(3, "exit status 3")
    assert run_in_process(partial(library_version, "no_such_library")) == ProcessAnswer(
        1, "ModuleNotFoundError: No module named 'no_such_library'"
    )
    assert run_in_process(hang, patience=0.1) == ProcessAnswer(1, "no answer in 0 seconds")
    assert run_in_process(platform.python_version) == ProcessAnswer(0, platform.python_version())


def test_the_networks_that_come_with_the_program_are_whole():
    assert check_networks().state is CheckState.OK


def test_an_altered_network_is_named(tmp_path):
    folder = tmp_path / "models"
    shutil.copytree(bundled("models"), folder)
    network = next(folder.glob("*detector*.onnx"))
    network.chmod(0o644)
    network.write_bytes(network.read_bytes() + b"x")
    result = check_networks(folder)
    assert result.state is CheckState.FAILED
    assert isinstance(result.problem, NetworkAltered)
    assert result.problem.name == network.name


def test_a_folder_that_is_not_there_yet_is_not_made_by_looking(tmp_path):
    result = check_data_folder(tmp_path / "new" / "home")
    assert result.state is CheckState.OK
    assert not list(tmp_path.iterdir())


def test_a_data_folder_that_is_a_file_fails(tmp_path):
    (tmp_path / "home").write_text("")
    assert check_data_folder(tmp_path / "home").state is CheckState.FAILED


@pytest.mark.parametrize(
    ("free", "state"), [(10**9, CheckState.OK), (10**8, CheckState.WARNING), (10**6, CheckState.FAILED)]
)
def test_a_full_disk_is_noticed(tmp_path, monkeypatch, free, state):
    monkeypatch.setattr(devices.shutil, "disk_usage", lambda _: Usage(10**12, 0, free))
    assert check_data_folder(tmp_path).state is state


def test_settings_with_a_mistake_fail_by_name(tmp_path):
    assert check_settings(tmp_path).state is CheckState.OK
    (tmp_path / "settings.toml").write_text("colour = 1")
    assert "colour" in str(check_settings(tmp_path).problem)


def test_photos_and_videos_can_be_decoded_here():
    assert (check_photos().state, check_video().state) == (CheckState.OK, CheckState.OK)


class Lens:
    """A source with one picture."""

    name = "Camera 0"

    def __init__(self, image):
        self.image = image

    def read(self, timeout):
        if self.image is None:
            raise TimeoutError(timeout)
        return Frame(0, 0.0, self.image)


def seeing(image):
    @contextmanager
    def open_camera(_spec):
        yield Lens(image)

    return open_camera


LID = (CameraInfo(0, "Lid"),)


def test_no_camera_is_a_warning():
    result = check_camera(cameras=lambda: ())
    assert result.state is CheckState.WARNING
    assert isinstance(result.problem, CameraNotConnected)


def test_a_camera_that_gives_a_picture_is_fine():
    image = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
    result = check_camera(cameras=lambda: LID, open_camera=seeing(image))
    assert result.state is CheckState.OK
    assert "64 x 48" in result.detail


def test_a_covered_lens_is_a_warning():
    result = check_camera(cameras=lambda: LID, open_camera=seeing(np.zeros((48, 64, 3), np.uint8)))
    assert result.state is CheckState.WARNING
    assert "too dark" in result.detail


def test_a_camera_without_a_picture_in_time_is_a_warning():
    assert check_camera(cameras=lambda: LID, open_camera=seeing(None)).state is CheckState.WARNING


def test_a_camera_that_is_denied_keeps_its_own_kind():
    def refuse(_spec):
        raise NoCameraFound

    result = check_camera(cameras=lambda: LID, open_camera=refuse)
    assert (result.state, type(result.problem)) == (CheckState.WARNING, NoCameraFound)


def test_a_missing_qt_library_names_the_debian_packages():
    error = "OSError: libxcb-cursor.so.0: cannot open shared object file: No such file or directory"
    result = check_window(platform="linux", environment={"DISPLAY": ":0"}, ask=answering(1, error))
    assert result.state is CheckState.FAILED
    assert "libxcb-cursor.so.0 is missing" in result.detail
    assert isinstance(result.problem, QtLibrariesMissing)
    assert "libxcb-cursor0" in result.problem.packages


def test_a_machine_without_a_screen_is_a_warning():
    result = check_window(platform="linux", environment={}, ask=answering())
    assert result.state is CheckState.WARNING


def test_qt_that_aborts_is_a_failure():
    result = check_window(platform="darwin", environment={}, ask=answering(-signal.SIGABRT, "SIGABRT"))
    assert result.state is CheckState.FAILED
    assert "SIGABRT" in result.detail


def test_qt_opens_off_screen_here(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    result = check_window(environment={"QT_QPA_PLATFORM": "offscreen"})
    assert result.state is CheckState.OK, result
    assert "offscreen" in result.detail


def test_only_failures_make_a_machine_unfit(tmp_path):
    assert is_healthy([fine("a", ""), warning("b", NoDisplay())])
    assert not is_healthy([fine("a", ""), failed("c", DiskAlmostFull())])
    assert len(all_checks(tmp_path)) >= 10


def test_a_tensorflow_that_is_absent_is_no_fault():
    result = check_tensorflow(answering(1, "never asked"), installed=False)
    assert result.state is CheckState.ABSENT
    assert is_healthy([result])


def test_a_broken_tensorflow_is_a_failure_with_its_cause():
    result = check_tensorflow(answering(1, "ImportError: no libdevice\nand more"), installed=True)
    assert result.state is CheckState.FAILED
    assert result.detail == "ImportError: no libdevice"
    assert isinstance(result.problem, TensorFlowUnusable)


def test_a_tensorflow_that_hangs_is_a_failure():
    result = check_tensorflow(lambda _question: run_in_process(partial(time.sleep, 60), patience=0.5), installed=True)
    assert result.state is CheckState.FAILED


def test_the_gpus_are_said(monkeypatch):
    gpu = SimpleNamespace(name="/physical_device:GPU:0")
    there = SimpleNamespace(
        list_physical_devices=lambda _kind: [gpu],
        experimental=SimpleNamespace(get_device_details=lambda _gpu: {"device_name": "A graphics card"}),
    )
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(__version__="2.21.0", config=there))
    assert tensorflow_found() == "2.21.0, GPU: A graphics card"
    there.list_physical_devices = lambda _kind: []
    assert tensorflow_found() == "2.21.0, no GPU: it computes on the processor"
