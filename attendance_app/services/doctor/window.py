"""Can the window open? Asked in a process of its own, since Qt ends the process when it can't."""

import os
import re
import sys
from collections.abc import Mapping
from typing import Final

from attendance_app.services.doctor.check_result import CheckResult, failed, fine, warning
from attendance_app.services.doctor.errors import NoDisplay, QtLibrariesMissing, QtNotStarting
from attendance_app.services.doctor.machine import RunPython, last_line, run_python

DEBIAN_PACKAGES: Final = (
    "libegl1 libgl1 libfontconfig1 libdbus-1-3 libglib2.0-0 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-sync1 "
    "libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1"
)
"""What Qt's window plug-in for X11 needs on a bare Debian or Ubuntu."""

_LOAD_XCB: Final = """
import ctypes, pathlib
from PySide6 import QtGui, QtWidgets, QtSvg
folder = pathlib.Path(QtGui.__file__).parent / "Qt" / "plugins" / "platforms"
ctypes.CDLL(str(folder / "libqxcb.so"))
"""
_OPEN_QT: Final = """
from PySide6.QtWidgets import QApplication
from PySide6.QtCore import qVersion
print(qVersion(), QApplication([]).platformName())
"""


def check_window(
    *,
    platform: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
    run: RunPython = run_python,
) -> CheckResult:
    """Load Qt's libraries and open an application, without showing anything."""
    name = "Window"
    if platform == "linux":
        loaded = run(_LOAD_XCB)
        if loaded.returncode:
            return failed(name, QtLibrariesMissing(packages=DEBIAN_PACKAGES), _missing(last_line(loaded)))
        if not any(environment.get(each) for each in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
            return warning(name, NoDisplay(), "Qt's libraries load, but there is no screen here")
    opened = run(_OPEN_QT)
    if opened.returncode:
        return failed(name, QtNotStarting(), f"Qt doesn't start: {last_line(opened)}")
    return fine(name, f"Qt {opened.stdout.strip()}")


def _missing(line: str) -> str:
    library = re.search(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object", line)
    return f"the library {library[1]} is missing" if library else line
