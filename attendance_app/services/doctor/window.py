"""Checks whether the window can open: in a separate process, because Qt ends the process where it can't."""

import ctypes
import os
import re
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

from attendance_app.services.doctor.check_result import CheckResult, failed, fine, warning
from attendance_app.services.doctor.child_process import Ask, run_in_process
from attendance_app.services.doctor.errors import NoDisplay, QtLibrariesMissing, QtNotStarting
from attendance_app.services.screen import unreachable_screen

DEBIAN_PACKAGES: Final = (
    "libegl1 libgl1 libfontconfig1 libdbus-1-3 libglib2.0-0 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-sync1 "
    "libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1"
)
"""What Qt's window plug-in for X11 needs on a bare Debian or Ubuntu."""


def load_x11() -> str:
    """Load Qt with its plug-ins for X11 and for icons; raises OSError naming a system library that is missing."""
    plugins = Path(str(import_module("PySide6.QtWidgets").__file__)).parent / "Qt" / "plugins"
    for plugin in ("platforms/libqxcb.so", "imageformats/libqsvg.so"):
        ctypes.CDLL(str(plugins / plugin))
    return ""


def open_qt() -> str:
    """Open an application without a window; return Qt's version and platform. Qt ends the process when it can't."""
    application = import_module("PySide6.QtWidgets").QApplication([])
    return f"{import_module('PySide6.QtCore').qVersion()} {application.platformName()}"


def check_window(
    *,
    platform: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
    ask: Ask = run_in_process,
) -> CheckResult:
    """Load Qt's libraries and open an application, without showing anything."""
    name = "Window"
    if platform == "linux":
        # The plug-in first: Qt only says that it could not be loaded, the loader names the library.
        loaded = ask(load_x11)
        if loaded.status:
            return failed(name, QtLibrariesMissing(packages=DEBIAN_PACKAGES), _missing(loaded.said))
        dead = unreachable_screen(environment, platform)
        if dead is not None:
            here = f"the screen {dead} does not answer" if dead else "there is no screen here"
            return warning(name, NoDisplay(), f"Qt's libraries load, but {here}")
    opened = ask(open_qt)
    if opened.status:
        return failed(name, QtNotStarting(), f"Qt doesn't start: {opened.said}")
    return fine(name, f"Qt {opened.said}")


def _missing(line: str) -> str:
    library = re.search(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object", line)
    return f"the library {library[1]} is missing" if library else line
