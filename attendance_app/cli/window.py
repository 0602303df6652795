"""``attendance`` without a command: opens the window."""

from pathlib import Path


def open_window(home: Path) -> int:
    """Open the window on a data folder and return its exit status. Qt is imported here and not before."""
    from attendance_app.ui.app import open_window as open_in_qt

    return open_in_qt(home)
