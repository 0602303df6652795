"""``attendance`` without a command: opens the window."""

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.cli.errors import NoScreen

if TYPE_CHECKING:
    from attendance_app.services.demo.lesson import DemoLesson


def open_window(home: Path | None, *, lesson: "DemoLesson | None" = None) -> int:
    """Open the window on a data folder (None: the user's own) and return its exit status. Qt is imported here.

    ``lesson``: the demo's, ready on the roll call page.

    Raises NoScreen where there is no screen, StoreError when the data folder can't be used.
    """
    if not has_screen():
        raise NoScreen
    # Thousands of classes are made while the window's modules are imported, and none of them is garbage.
    gc.disable()
    from attendance_app.ui.app import open_window as open_in_qt

    gc.freeze()
    gc.enable()
    return open_in_qt(home, lesson=lesson)


def has_screen() -> bool:
    """Whether Qt would find somewhere to draw; without one it ends the process."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
