"""Checks that a screen answers before Qt is asked, because Qt ends the process when there is none."""

import ctypes
import os
import re
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ANSWER_WITHIN: Final = 5.0
"""Seconds; a screen of this machine answers in milliseconds."""
X11_PORT: Final = 6000
"""Of the screen :0; the others follow."""
_DRAW_ELSEWHERE: Final = frozenset({"offscreen", "minimal", "minimalegl", "linuxfb", "eglfs", "vnc", "vkkhrdisplay"})
"""Qt's plug-ins that draw into memory, over the network or on the bare console."""


def unreachable_screen(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str | None:
    """Return None if Qt will find a screen, else the name of the one that doesn't answer ("" if no screen is named)."""
    if platform in {"win32", "darwin"}:
        return None
    wayland, x11 = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    told = environment.get("QT_QPA_PLATFORM", "")
    plugins = [each.partition(":")[0] for each in told.split(";") if each] or ["wayland", "xcb"]
    for plugin in plugins:
        if plugin in _DRAW_ELSEWHERE:
            return None
        if _is_wayland(plugin) and wayland and _wayland_answers(wayland, environment.get("XDG_RUNTIME_DIR", "")):
            return None
        if plugin == "xcb" and x11 and x11_answers(x11):
            return None
    named = (x11 if "xcb" in plugins else "") or (wayland if any(map(_is_wayland, plugins)) else "")
    return named or (f"QT_QPA_PLATFORM={told}" if told else "")


def _is_wayland(plugin: str) -> bool:
    return plugin.startswith("wayland")


def _wayland_answers(name: str, runtime: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER_WITHIN)
            connection.connect(str(Path(runtime or "/") / name))
    except OSError:
        return False
    return True


def x11_answers(display: str) -> bool:
    """Whether the X server accepts a connection, tested with the library that Qt uses; True where that library is
    missing."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt's own plug-in can't be loaded then either, which is another fault: the doctor names it
    # ctypes takes results and arguments for 32-bit numbers by default, which would cut the pointer.
    xcb.xcb_connect.restype = ctypes.c_void_p
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = [ctypes.c_void_p]
    answered: list[bool] = []

    def ask() -> None:
        connection = xcb.xcb_connect(display.encode(), None)
        answered.append(not xcb.xcb_connection_has_error(connection))
        xcb.xcb_disconnect(connection)

    if not _host_answers(display):
        return False
    # On a thread, because xcb_connect has no timeout; a daemon, because it may never return.
    asking = threading.Thread(target=ask, name="screen", daemon=True)
    asking.start()
    asking.join(ANSWER_WITHIN)
    return answered == [True]


def _host_answers(display: str) -> bool:
    """Try a screen of another machine with a plain connection, which can have a timeout."""
    remote = re.fullmatch(r"(?:tcp/)?([\w.-]+|\[[\da-f:]+\]):(\d+)(?:\.\d+)?", display)
    if remote is None or remote[1] == "unix":
        return True
    try:
        socket.create_connection((remote[1].strip("[]"), X11_PORT + int(remote[2])), ANSWER_WITHIN).close()
    except (OSError, OverflowError):
        return False
    return True
