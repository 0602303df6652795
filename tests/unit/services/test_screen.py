"""A screen that doesn't answer is noticed before Qt, which would end the process."""

import os
import shutil
import socket
import subprocess
import sys
import threading

import pytest

from attendance_app.services import screen
from attendance_app.services.screen import unreachable_screen

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="X11 and Wayland")


@needs_linux
@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, ""),
        ({"DISPLAY": ":4077"}, ":4077"),
        ({"DISPLAY": "nonsense"}, "nonsense"),
        ({"DISPLAY": "127.0.0.1:4077"}, "127.0.0.1:4077"),
        ({"DISPLAY": "127.0.0.1:99999999"}, "127.0.0.1:99999999"),
        ({"WAYLAND_DISPLAY": "wayland-77"}, "wayland-77"),
        ({"WAYLAND_DISPLAY": "wayland-77", "DISPLAY": ":4077"}, ":4077"),
        ({"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":4077"}, ":4077"),
        ({"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":4077"}, ":4077"),
        ({"QT_QPA_PLATFORM": "nonsense", "DISPLAY": ":4077"}, "QT_QPA_PLATFORM=nonsense"),
        ({"QT_QPA_PLATFORM": "wayland", "DISPLAY": ":4077"}, "QT_QPA_PLATFORM=wayland"),
    ],
)
def test_a_screen_that_is_not_there_is_named(environment, named):
    assert unreachable_screen(environment) == named


@needs_linux
def test_a_screen_that_accepts_and_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(screen, "ANSWER_WITHIN", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(screen, "X11_PORT", silent.getsockname()[1])
        monkeypatch.setattr(screen.ctypes, "CDLL", lambda _: SilentXcb())
        assert unreachable_screen({"DISPLAY": "127.0.0.1:0"}) == "127.0.0.1:0"


class SilentXcb:
    """libxcb with a server that never answers."""

    class Function:
        restype = argtypes = None

        def __call__(self, *_):
            threading.Event().wait(1.0)
            return 1

    xcb_connect = Function()
    xcb_connection_has_error = Function()
    xcb_disconnect = Function()


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_the_system_has_one(platform):
    assert unreachable_screen({}, platform) is None


@pytest.mark.parametrize("plugin", ["offscreen", "minimal", "vnc:port=5901", "xcb;offscreen"])
def test_qt_told_to_draw_elsewhere_needs_none(plugin):
    assert unreachable_screen({"QT_QPA_PLATFORM": plugin, "DISPLAY": ":4077"}) is None


@needs_linux
def test_a_wayland_screen_that_answers_is_enough(tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        assert unreachable_screen({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}) is None


@needs_linux
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_an_x_server_that_answers_is_enough():
    reading, writing = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing)], pass_fds=[writing], stderr=subprocess.DEVNULL
    ) as server:
        number = os.read(reading, 16).decode().strip()
        alive = unreachable_screen({"DISPLAY": f":{number}"})
        server.terminate()
    assert alive is None
    assert unreachable_screen({"DISPLAY": f":{number}"}) == f":{number}"


@needs_linux
def test_the_command_says_that_there_is_no_screen(tmp_path):
    environment = {**os.environ, "DISPLAY": ":4077"}
    environment.pop("QT_QPA_PLATFORM", None)
    environment.pop("WAYLAND_DISPLAY", None)
    command = [sys.executable, "-m", "attendance_app", "--home", str(tmp_path)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert "no screen" in ended.stderr
    assert "Reinstalling" not in ended.stderr
