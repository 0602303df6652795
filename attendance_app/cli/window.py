"""``attendance`` without a command: opens the window."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.cli.errors import NoScreen, ScreenSilent
from attendance_app.services.screen import unreachable_screen

if TYPE_CHECKING:
    from attendance_app.services.demo.demo_lesson import DemoLesson


def open_window(home: Path | None, *, lesson: "DemoLesson | None" = None) -> int:
    """Open the window on a data folder (None: the user's own) and return its exit status. Qt is imported here.

    ``lesson``: the demo's, ready on the roll call page.

    Raises NoScreen or ScreenSilent where there is no screen, StoreError when the data folder can't be used.
    """
    dead = unreachable_screen()
    if dead is not None:
        raise ScreenSilent(screen=dead) if dead else NoScreen
    # Thousands of classes are made while the window's modules are imported, and none of them is garbage.
    gc.disable()
    from attendance_app.ui.app import open_window as open_in_qt

    # What exists now stays until the end; the collector need not look at it again and again.
    gc.freeze()
    gc.enable()
    return open_in_qt(home, lesson=lesson)


def has_screen() -> bool:
    """Whether Qt would find somewhere to draw; without one it ends the process."""
    return unreachable_screen() is None
